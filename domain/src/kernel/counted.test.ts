import { expect, it } from 'vitest'
import { counted } from './counted.ts'

it('one thing is not many, and none are', () => {
  expect([0, 1, 2].map((count) => counted(count, 'account'))).toEqual(['0 accounts', '1 account', '2 accounts'])
  expect([1, 2].map((count) => counted(count, 'user leaves', 'users leave'))).toEqual([
    '1 user leaves',
    '2 users leave',
  ])
})
