import type { RuleKind, Verb } from '@gatehouse/domain'
import type { z } from 'zod'

export type Method = 'GET' | 'POST' | 'DELETE'

export type Definition = {
  readonly summary: string
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** Absent: the answer has no body. */
  readonly response?: z.ZodType
  readonly status: 200 | 201 | 204
  /** Largest body in bytes, where it differs from the server's default. */
  readonly bodyLimit?: number
} & Callers

/** Who may call: everybody, whoever is signed in (the use case decides the rest), or who has a rule for `needs`. */
type Callers =
  | { readonly auth: 'public' | 'session'; readonly needs?: never }
  | { readonly auth: 'rule'; readonly needs: { readonly verb: Verb; readonly kind: RuleKind } }

export type Endpoint = Definition & {
  readonly method: Method
  /** Absolute, with `:name` for each parameter. */
  readonly path: string
}

/** One row of the contract. The types of the client and of the server's handlers follow from its schemas. */
export const endpoint = <const M extends Method, const D extends Definition>(
  method: M,
  path: `/v1/${string}`,
  definition: D,
): D & { readonly method: M; readonly path: string } => ({ ...definition, method, path })

type Given<D, Part extends 'params' | 'query' | 'body'> =
  D extends Readonly<Record<Part, infer S extends z.ZodType>>
    ? Record<never, never> extends z.input<S>
      ? { readonly [K in Part]?: z.input<S> }
      : { readonly [K in Part]: z.input<S> }
    : { readonly [K in Part]?: never }
type Taken<D, Part extends 'params' | 'query' | 'body'> =
  D extends Readonly<Record<Part, infer S extends z.ZodType>> ? { readonly [K in Part]: z.output<S> } : unknown

/** What a caller passes. */
export type Args<D> = Given<D, 'params'> & Given<D, 'query'> & Given<D, 'body'>
/** What a handler receives: parsed, with defaults filled in. */
export type Input<D> = Taken<D, 'params'> & Taken<D, 'query'> & Taken<D, 'body'>
/** What a caller gets. */
export type Result<D> = D extends { readonly response: infer S extends z.ZodType } ? z.output<S> : undefined
/** What a handler returns. */
// oxlint-disable-next-line typescript/no-invalid-void-type -- a handler without an answer simply ends
export type Answer<D> = D extends { readonly response: infer S extends z.ZodType } ? z.input<S> : void

export type Contract = Readonly<Record<string, Endpoint>>

/** One method per endpoint. Arguments may be left out where every one of them may. */
export type Client<C extends Contract> = {
  readonly [Name in keyof C]: Record<never, never> extends Args<C[Name]>
    ? (args?: Args<C[Name]>, signal?: AbortSignal) => Promise<Result<C[Name]>>
    : (args: Args<C[Name]>, signal?: AbortSignal) => Promise<Result<C[Name]>>
}

/**
 * One handler per endpoint; a missing one, or one that answers something else, does not compile. `Contexts` says what a
 * handler is told beside its input, by who may call it.
 */
export type Handlers<C extends Contract, Contexts extends Readonly<Record<Definition['auth'], unknown>>> = {
  readonly [Name in keyof C]: (input: Input<C[Name]> & Contexts[C[Name]['auth']]) => Promise<Answer<C[Name]>>
}
