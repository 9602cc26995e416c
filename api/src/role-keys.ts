/** What the server reads of a role, for editors that complete it. */
export { ROLE_KEYS, ROLE_VALUES } from '@gatehouse/domain'
