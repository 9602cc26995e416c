import { expect, it } from 'vitest'
import { isBuiltIn } from './is-built-in.ts'

const role = (labels: Readonly<Record<string, string>>) => ({ metadata: { name: 'x', labels } })

it('keeps nobody from changing a role that Gatehouse only begins with', () => {
  expect(isBuiltIn(role({ 'teleport.internal/resource-type': 'system' }))).toBe(true)
  expect(isBuiltIn(role({ 'teleport.internal/resource-type': 'preset' }))).toBe(false)
  expect(isBuiltIn(role({}))).toBe(false)
})
