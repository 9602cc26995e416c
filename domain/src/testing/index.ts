export * from './asking.ts'
export * from './builders.ts'
export * as generate from './generators.ts'
export * from './histories.ts'
