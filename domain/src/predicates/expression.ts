/** What was written, as a tree. `at` is where it begins, counted from 0. */
export type Expression = (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  /** `reviewer.roles`, `external.team`; `key` is what stands in brackets behind it. */
  | { readonly kind: 'name'; readonly name: string; readonly key?: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | {
      readonly kind: 'compare'
      readonly operator: '==' | '!='
      readonly left: Expression
      readonly right: Expression
    }
  /** Two or more; a chain without parentheses is one of these. */
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] }
) & { readonly at: number }
