import type { ChainedEvent } from './chain.ts'

/**
 * An event in the described product's form, which people's rules are written for: everything on one level, the name of
 * the cluster, and always the first event of its time (`ei`). What an event says of itself comes before its fields.
 */
export const toFlat = (
  { event, code, time, uid, user, fields }: ChainedEvent,
  cluster: string,
): Readonly<Record<string, unknown>> => ({
  ...fields,
  cluster_name: cluster,
  code,
  ei: 0,
  event,
  time,
  uid,
  ...(user === undefined ? {} : { user }),
})
