import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AwsError } from './aws-error.ts'
import { encodeJsonAnswer, encodeJsonError, parseTarget } from './json-protocol.ts'
import { encodeQueryAnswer, encodeQueryError, parseQuery } from './query-protocol.ts'
import { encodeRestError, parseRest } from './rest-protocol.ts'

describe('JSON 1.1', () => {
  it('writes times as epoch seconds with a fraction and leaves out what is absent', () => {
    const answer = { CreatedDate: new Date(1_650_989_104_461), Rows: [{ At: new Date(0) }], NextToken: undefined }
    expect(encodeJsonAnswer(answer)).toBe('{"CreatedDate":1650989104.461,"Rows":[{"At":0}]}')
  })

  it('writes errors with their modelled members', () => {
    const error = new AwsError('ConflictException', 'Taken.', {
      members: { Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' },
    })
    expect(JSON.parse(encodeJsonError(error))).toEqual({
      __type: 'ConflictException',
      message: 'Taken.',
      Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
    })
  })

  it('knows the services by the prefix of the target', () => {
    expect(parseTarget('SWBExternalService.ListInstances')).toEqual({
      service: 'sso-admin',
      operation: 'ListInstances',
    })
    for (const text of [
      '',
      'SWBExternalService',
      'SWBExternalService.',
      'Other.ListInstances',
      'AWSIdentityStore.A.B',
    ]) {
      expect(parseTarget(text)).toBeUndefined()
    }
  })
})

describe('query', () => {
  it('reads structures and lists', () => {
    const form =
      'Action=CreateRole&Version=2010-05-08&RoleName=r&Tags.member.2.Key=b&Tags.member.1.Key=a&Tags.member.1.Value=%26'
    expect(parseQuery(form)).toEqual({
      service: 'iam',
      operation: 'CreateRole',
      input: { RoleName: 'r', Tags: [{ Key: 'a', Value: '&' }, { Key: 'b' }] },
    })
    expect(parseQuery('Action=CreateRole')).toBeUndefined()
  })

  it('reads any form without failing, and pollutes no prototype', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string())), (pairs) => {
        const form = new URLSearchParams([['Action', 'A'], ['Version', '2011-06-15'], ...pairs])
        expect(parseQuery(form.toString())?.service).toBe('sts')
      }),
    )
    parseQuery('Action=A&Version=2011-06-15&__proto__.polluted=yes&constructor.prototype.polluted=yes')
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  it('writes answers and errors in their envelopes', () => {
    const answer = { Arn: 'a<&>"', Rows: [{ At: new Date(0) }, {}], Absent: undefined }
    expect(encodeQueryAnswer('sts', 'GetX', answer, 'id')).toBe(
      '<GetXResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetXResult><Arn>a&lt;&amp;&gt;&quot;</Arn>' +
        '<Rows><member><At>1970-01-01T00:00:00Z</At></member><member></member></Rows></GetXResult>' +
        '<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetXResponse>',
    )
    expect(encodeQueryError('iam', new AwsError('NoSuchEntity', 'No.', { status: 404 }), 'id')).toBe(
      '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code>' +
        '<Message>No.</Message></Error><RequestId>id</RequestId></ErrorResponse>',
    )
  })
})

describe('REST', () => {
  const ask = (url: string, method = 'GET', body = '') =>
    parseRest({ method, url, headers: {}, body: Buffer.from(body) })

  it('knows an operation by the end of its path, and the Region by the beginning', () => {
    expect(ask('/assignment/accounts?max_result=2')).toMatchObject({
      service: 'sso',
      operation: 'ListAccounts',
      input: { maxResults: 2, region: undefined },
    })
    expect(ask('/us-gov-west-1/assignment/accounts/')).toMatchObject({ input: { region: 'us-gov-west-1' } })
    expect(ask('/eusc-de-east-1/token', 'POST', '{"clientId":"c"}')).toMatchObject({
      service: 'sso-oidc',
      operation: 'CreateToken',
      input: { clientId: 'c', region: 'eusc-de-east-1' },
    })
    expect(ask('/token?aws_iam=t', 'POST')).toMatchObject({ operation: 'CreateTokenWithIAM' })
    expect(ask('/token')).toBeUndefined()
  })

  it('has no input where the body is not a JSON object', () => {
    for (const body of ['[]', '"text"', 'null', '{', '1']) {
      expect(ask('/token', 'POST', body)).toMatchObject({ operation: 'CreateToken', input: undefined })
    }
  })

  it('takes any address and any body without falling over', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (path, body) => {
        ask(`/${path}/token`, 'POST', body)
        ask(`//${path}`)
        return true
      }),
    )
  })

  it('writes errors of OAuth in its words beside those of the model', () => {
    expect(JSON.parse(encodeRestError('sso-oidc', new AwsError('AuthorizationPendingException', '')))).toEqual({
      __type: 'AuthorizationPendingException',
      error: 'authorization_pending',
      error_description: null,
    })
    const broken = new AwsError('InternalServerException', 'Bad luck.', { status: 500 })
    expect(JSON.parse(encodeRestError('sso-oidc', broken))).toMatchObject({ error: 'server_error' })
    expect(JSON.parse(encodeRestError('sso', broken))).toEqual({ __type: broken.code, message: 'Bad luck.' })
  })
})
