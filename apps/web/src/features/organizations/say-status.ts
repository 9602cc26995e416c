import type { OrganizationStatusView } from '@gatehouse/api'

/** Without the commands that the server names for those at a command line: here are buttons. */
export const sayStatus = ({ message }: Pick<OrganizationStatusView, 'message'>): string =>
  message.replace(/: "tctl .*$/, '.')
