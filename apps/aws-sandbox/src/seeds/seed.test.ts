import { describe, expect, it } from 'vitest'
import { createClock } from '../world/clock.ts'
import { knobsSchema } from '../world/knobs.ts'
import { createWorld } from '../world/world.ts'
import { parseSeed, seedWorld } from './seed.ts'

function grow(text: string) {
  const clock = createClock()
  const world = createWorld({ clock: { ...clock, now: () => 1_000_000 }, knobs: knobsSchema.parse({}) })
  seedWorld(world, parseSeed(text), { region: 'us-east-1', identitySource: 'external' })
  return world
}
const rowsOf = (world: ReturnType<typeof grow>) =>
  [...world.tables()].map(([name, table]) => [name, [...table.entries()]])

describe('acme', () => {
  it('has the shape that the demo and the tests count on', () => {
    const world = grow('acme')
    const assignments = [...world.assignments.values()]
    const direct = assignments.filter(({ principalType }) => principalType === 'USER')
    expect(world.accounts.size).toBe(24)
    expect(world.organizationalUnits.size).toBe(5)
    expect(world.permissionSets.size).toBe(12)
    expect(world.users.size).toBe(80)
    expect(world.groups.size).toBe(20)
    expect(assignments.length - direct.length).toBe(150)
    expect(new Set(direct.map(({ principalId }) => principalId)).size).toBe(6)
    for (const name of ['ana', 'boris', 'bruno'])
      expect(world.users.by('userName', `${name}@acme.example`)).toHaveLength(1)
  })

  it('is the same every time', () => {
    expect(rowsOf(grow('acme'))).toEqual(rowsOf(grow('acme')))
  })
})

describe('generated', () => {
  it('makes the asked numbers, repeatably by seed', () => {
    const world = grow('generated:101x20x40x2xall')
    expect([world.accounts.size, world.permissionSets.size, world.users.size, world.groups.size]).toEqual([
      101, 20, 40, 2,
    ])
    expect(world.assignments.size).toBe(4_040)
    expect(rowsOf(grow('generated:5x3x9x4:one'))).toEqual(rowsOf(grow('generated:5x3x9x4:one')))
    expect(rowsOf(grow('generated:5x3x9x4:one'))).not.toEqual(rowsOf(grow('generated:5x3x9x4:two')))
    expect(grow('generated:10x5x20x4x77').assignments.size).toBe(77)
  })

  it('refuses a text that is no seed, saying what is', () => {
    expect(() => parseSeed('generated:1x2')).toThrow('generated:<accounts>x<sets>x<users>x<groups>')
  })
})
