import type { AccessPathView } from '@gatehouse/api'
import { expect, it } from 'vitest'
import { layOutAccess } from './lay-out-access.ts'

const place = (name: string) => ({
  organization: 'acme',
  account: name,
  accountName: name,
  permissionSet: 'arn',
  permissionSetName: 'ReadOnlyAccess',
})
const byList: AccessPathView = {
  ...place('prod'),
  kind: 'list',
  lists: [{ name: 'l', title: 'On-call' }],
  role: 'reader',
}
const byRequest: AccessPathView = { ...place('audit'), kind: 'request', request: 'r' }

it('leads the line of a short way past what stands on a longer one', () => {
  const { nodes, edges, depth } = layOutAccess('ana', [byRequest, byList])
  expect(depth).toBe(3)
  const taken = nodes.map(({ column, y }) => `${column} ${y}`)
  expect(new Set(taken).size).toBe(taken.length)
  // The way by a request has no role, and nothing but its line stands where others have theirs.
  expect(nodes.filter(({ column }) => column === 2).map(({ kind, y }) => [kind, y])).toEqual([
    ['pass', 0],
    ['role', 40],
  ])
  expect(edges.every(({ from, to }) => to.column === from.column + 1)).toBe(true)
})

it('names each thing once, however many ways lead through it', () => {
  const { nodes } = layOutAccess('ana', [byList, { ...byList, ...place('test') }])
  expect(nodes.map(({ kind }) => kind)).toEqual(['person', 'list', 'role', 'access', 'access'])
})
