import { type Duration, formatDuration } from '@gatehouse/domain'

/** How long issued credentials go on after access is lost, where any is. */
export const presentSession = (longest: Duration | undefined): { readonly longestSession?: string } =>
  longest === undefined ? {} : { longestSession: formatDuration(longest) }
