/** By what AWS's text says, the first that fits; a write that was refused is tried again in any case. */
const REMEDIES: readonly (readonly [text: RegExp, remedy: string])[] = [
  [
    /too many requests|throttl|rate exceeded|slow ?down|too many requests processing|\b429\b/i,
    'AWS has too much to do. Nothing needs to be done: it is tried again more slowly.',
  ],
  [
    /scim token|(?:users|groups): 40[13]\b|^(?:create|patch|delete|get|list|find)(?:user|group)s?: 40[13]\b/i,
    'AWS refuses the SCIM token: put another in its place ("tctl plugins rotate", or the settings of the organization).',
  ],
  [
    /saml-?provider|iam:(?:create|put|attach|update|get|list|delete|detach)\w*/i,
    'It is about the management account, which takes optional permissions of the role: tick them at the first step of the enrolment and run its script again.',
  ],
  [
    /no openidconnect provider|invalididentitytoken|assumerole\w*: accessdenied/i,
    'AWS does not let Gatehouse take the role: run the script of the first step of the enrolment again, and check the role there.',
  ],
  [
    /expiredtoken|expired|security token/i,
    'The credentials for AWS have expired. Renew them where Gatehouse gets them from; its log says more.',
  ],
  [
    /access ?denied|not authorized|unauthorized|\b403\b|no identity-based policy/i,
    'The role lacks a permission in AWS, or AWS forbids it by a policy of the organization: check the role at the first step of the enrolment.',
  ],
  [
    /quota|limit ?exceeded|too many (?:groups|users|assignments)/i,
    'A quota of AWS is used up. Ask AWS for a higher one, or take away what is not needed.',
  ],
  [
    /suspended|closed|pending_closure/i,
    'The account is being closed or suspended in AWS. Reopen it, or take it out of the account filter.',
  ],
  [
    /already exists|not unique|uniqueness|\b409\b(?!.*conflictexception)/i,
    'AWS has another of that name. Rename one of the two, or link it: "tctl plugins link".',
  ],
  [/conflict/i, 'AWS is at work on the same thing. Nothing needs to be done: it is tried again.'],
  [
    /not ?found|does not exist|\b404\b|no such/i,
    'AWS does not know the account, the permission set or the principal any more. The next reading takes note of it.',
  ],
  [
    /no answer|timed? ?out|timeout|econn|socket|fetch failed|\b5\d\d\b|unavailable|internal ?server/i,
    'AWS could not be reached, or answered with a failure of its own. Nothing needs to be done, unless it lasts: it is tried again.',
  ],
  [
    /validation|invalid|is empty|control character/i,
    'AWS does not take a value: its text names which. Change it here, such as the name of the user or list.',
  ],
]

const ANYTHING_ELSE = 'It is tried again by itself. If it stays, what AWS said is what has to be put right.'

/** What to do about a write that AWS refused, by its own words. */
export const remedyOf = (error: string): string => REMEDIES.find(([text]) => text.test(error))?.[1] ?? ANYTHING_ELSE
