import { ApiProblem } from '@gatehouse/api'
import { expect, it } from 'vitest'
import { nameFlag } from './name-flag.ts'

const problem = (field: string, says = 'is not valid.', line?: number) =>
  new ApiProblem({
    type: 'https://gatehouse.dev/problems/invalid-value',
    title: 'The request is not valid',
    status: 400,
    code: 'invalid-value',
    detail: `${line === undefined ? '' : `line ${line}, `}${field}: ${says}`,
    field,
    ...(line === undefined ? {} : { line }),
    remedy: 'Enter another value.',
    requestId: 'r-1',
  })
const typed = {
  options: ['reason', 'maxDuration', 'role', 'metadata'],
  fields: { roleArn: '--assume-role-arn', 'spec.entity_descriptor': '--metadata', 'accountFilter[1]': '--account-id' },
}
const said = (thrown: unknown): unknown => {
  const named = nameFlag(thrown, typed)
  return named instanceof ApiProblem ? named.message : named
}

it.each([
  ['body.reason', '--reason: is not valid.'],
  ['query.maxDuration', '--max-duration: is not valid.'],
  ['body.role[2]', '--role: is not valid.'],
  ['maxDuration', '--max-duration: is not valid.'],
  ['body.roleArn', '--assume-role-arn: is not valid.'],
  ['roleArn', '--assume-role-arn: is not valid.'],
  ['body.accountFilter[1].pattern', '--account-id: is not valid.'],
  ['line 1 (saml_idp_service_provider), spec.entity_descriptor', '--metadata: is not valid.'],
])('what is said of %s is said of its flag', (field, message) => {
  expect(said(problem(field))).toBe(message)
  expect(said(problem(field, undefined, 3))).toBe(message)
})

it.each(['body.other', 'body.accountFilter[10].pattern', 'metadata.name', 'spec.reason', 'roleArnOf'])(
  'what was typed at no flag keeps its field: %s',
  (field) => expect(said(problem(field))).toBe(`${field}: is not valid.`),
)

it('keeps what does not speak of a field, and what is no answer of the server', () => {
  const other = new Error('reason: no')
  expect(nameFlag(other, typed)).toBe(other)
  const { details } = problem('body.reason')
  expect(said(new ApiProblem({ ...details, detail: 'There is one already.' }))).toBe('There is one already.')
})
