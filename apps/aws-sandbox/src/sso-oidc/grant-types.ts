export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'
export const AUTHORIZATION_CODE = 'authorization_code'
export const REFRESH_TOKEN = 'refresh_token'
export const GRANT_TYPES: readonly string[] = [DEVICE_CODE, AUTHORIZATION_CODE, REFRESH_TOKEN]

/** What the portal API asks of a token, and what makes it renewable. */
export const ACCOUNT_ACCESS = 'sso:account:access'
