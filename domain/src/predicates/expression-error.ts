import { DomainError } from '../kernel/problems.ts'

/** @param at counted from 0; people count columns from 1. */
export const expressionError = (at: number, message: string, remedy: string): DomainError =>
  new DomainError({ code: 'invalid-expression', column: at + 1, message, remedy })
