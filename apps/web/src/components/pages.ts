import { infiniteQueryOptions } from '@tanstack/react-query'

/** A list that is read page by page, as far as somebody looks. */
export const pagesOf = <Item>(
  queryKey: readonly unknown[],
  read: (
    cursor: string | undefined,
    signal: AbortSignal,
  ) => Promise<{ readonly items: readonly Item[]; readonly next?: string | undefined }>,
  /** So many parts of the key say what is listed; others, which part of it in which order. What was there stays while those change. */
  named = 0,
) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam === '' ? undefined : pageParam, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    placeholderData: (before, queryBefore) =>
      named > 0 && queryKey.slice(0, named).every((part, index) => queryBefore?.queryKey[index] === part)
        ? before
        : undefined,
  })
