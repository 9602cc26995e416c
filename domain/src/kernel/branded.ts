declare const brand: unique symbol

/** A value that only its `parse…` function makes, so that two kinds of text can't be mixed up. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name }
