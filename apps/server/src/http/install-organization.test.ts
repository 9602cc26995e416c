import type { GatehouseClient } from '@gatehouse/api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ANA, startTestServer, type TestServer } from '../testing/start-test-server.ts'

let server: TestServer
let ana: GatehouseClient
beforeAll(async () => {
  server = await startTestServer()
  ana = await server.signIn()
})
afterAll(() => server[Symbol.asyncDispose]())

it('asks for the address of the portal before it asks AWS, where AWS has not said what it is made of', async () => {
  const installed = ana.installOrganization({
    body: {
      region: 'eusc-de-east-1',
      instanceArn: 'arn:aws-eusc:sso:::instance/ssoins-7223a1b2c3d4e5f6',
      credentials: { source: 'system', roleArn: 'arn:aws-eusc:iam::111122223333:role/Gatehouse' },
      scimUrl: 'https://scim.eusc-de-east-1.amazonaws.eu/Xy1/scim/v2',
      forceScimUrl: true,
      scimToken: 'token',
      defaultOwners: [ANA],
    },
  })
  await expect(installed).rejects.toMatchObject({
    status: 400,
    field: 'startUrl',
    remedy: expect.stringContaining('AWS access portal URL'),
  })
  expect((await ana.listOrganizations({})).items).toEqual([])
})
