/** How somebody gets from nothing to AWS's command line. */
export const commandLines = (user: string): string =>
  [
    `tsh login --proxy=${window.location.origin} --user=${user}`,
    'tsh aws-profile',
    'export AWS_PROFILE=…   # one of those that it prints',
    'aws sso login',
    'aws sts get-caller-identity',
  ].join('\n')
