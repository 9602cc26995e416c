import { expect, it } from 'vitest'
import { sayGap } from './say-gap.ts'

it('says how much later in two units at most', () => {
  const said = [-5, 400, 3_000, 61_000, 3_600_000, 9_000_000, 90_000_000].map(sayGap)
  expect(said).toEqual([
    'at once',
    'at once',
    '3 s later',
    '1 min 1 s later',
    '1 h later',
    '2 h 30 min later',
    '1 d 1 h later',
  ])
})
