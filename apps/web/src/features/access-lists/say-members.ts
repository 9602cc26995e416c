import { formatCount } from '../../components/format-count.ts'

/** `1 member`, `2 members` */
export const sayMembers = (count: number): string => (count === 1 ? '1 member' : `${formatCount(count)} members`)
