import { expect, it } from 'vitest'
import { url } from './organizations.ts'

it.each([
  'https://d-9067f5b8c1.awsapps.com/start',
  'https://scim.eu-west-1.amazonaws.com/0a1b/scim/v2',
  'http://127.0.0.1:9410/start',
  'http://localhost:9410/start',
  'http://[::1]:9410/start',
  'http://portal.localhost/start',
])('%s is taken as an address', (address) => {
  expect(url.safeParse(address).success).toBe(true)
})

it.each([
  'javascript:alert(1)',
  'JavaScript://127.0.0.1/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'file:///etc/passwd',
  'ftp://example.org/',
  'http://example.org/start',
  'http://127.0.0.1.example.org/start',
  'http://localhost.example.org/start',
  'https://ana:secret@example.org/',
  'start',
])('%s is refused, because people and tokens are sent there', (address) => {
  expect(url.safeParse(address).success).toBe(false)
})
