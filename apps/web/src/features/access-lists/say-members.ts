import type { MemberView } from '@gatehouse/api'
import { formatCount } from '../../components/format-count.ts'
import { sayName } from '../../components/say-name.ts'

/** `1 member`, `2 members` */
export const sayMembers = (count: number): string => (count === 1 ? '1 member' : `${formatCount(count)} members`)

export const shownAs = ({ title, name }: MemberView): string => sayName(title ?? name)
