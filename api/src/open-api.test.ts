import { expect, it } from 'vitest'
import { contract, createOpenApi } from './index.ts'

const document = createOpenApi({ publicAddress: 'https://gatehouse.example', version: '1.2.3' })
const paths = document['paths'] as Record<string, Record<string, Record<string, unknown>>>
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

it('has every endpoint once, under its own id', () => {
  const ids = operations.map(({ operation }) => operation['operationId'])
  expect(new Set(ids)).toEqual(new Set(Object.keys(contract)))
  expect(ids).toHaveLength(Object.keys(contract).length)
})

it('declares every parameter of every path', () => {
  for (const { path, operation } of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const declared = (operation['parameters'] as { name: string; in: string; required: boolean }[]).filter(
      (parameter) => parameter.in === 'path',
    )
    expect(declared.map(({ name }) => name)).toEqual(inPath)
    expect(declared.every(({ required }) => required)).toBe(true)
  }
})

it('has the fixed parts that OpenAPI 3.1 demands, and a problem as every other answer', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Gatehouse', version: '1.2.3' } })
  for (const { operation } of operations) {
    const responses = operation['responses'] as Record<string, unknown>
    expect(Object.keys(responses)).toHaveLength(2)
    expect(responses['default']).toMatchObject({
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    })
  }
})

it('resolves every reference, and is plain JSON', () => {
  const { schemas } = document['components'] as { schemas: Record<string, unknown> }
  const text = JSON.stringify(document)
  expect(JSON.parse(text)).toEqual(document)
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? '')
  expect(references.length).toBeGreaterThan(20)
  for (const target of references) {
    expect(target).toMatch(/^#\/components\/schemas\/\w+$/)
    expect(schemas).toHaveProperty(target.split('/').at(-1) ?? '')
  }
  expect(text).not.toContain('$defs')
})

it('describes flags and numbers of an address as what they are', () => {
  const parameters = paths['/v1/access-requests']?.['get']?.['parameters'] as { name: string; schema: object }[]
  const schemaOf = (name: string) => parameters.find((parameter) => parameter.name === name)?.schema
  expect(schemaOf('mine')).toMatchObject({ type: 'boolean' })
  expect(schemaOf('limit')).toMatchObject({ type: 'number' })
})
