import { expect, it } from 'vitest'
import { isOfAnotherStore } from './provider-of-organization.ts'

const metadata = (entityId: string) => ({ entityId })
const AWS = 'https://us-east-1.signin.aws.amazon.com/platform/saml'

it('metadata is of another store where its entity id ends in one, and in another one', () => {
  expect(isOfAnotherStore(metadata(`${AWS}/d-b7dd1c415d`), 'd-c86ae5d7e5')).toBe(true)
  expect(isOfAnotherStore(metadata(`${AWS}/d-c86ae5d7e5`), 'd-c86ae5d7e5')).toBe(false)
  expect(isOfAnotherStore(metadata('urn:of-something-that-speaks-like-aws'), 'd-c86ae5d7e5')).toBe(false)
})
