import type { Draw } from '../world/draw.ts'
import { createDraw } from '../world/draw.ts'
import type { IdentitySource } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'
import { seedAcme } from './acme.ts'
import { seedGenerated, type GeneratedSize } from './generated.ts'
import { seedOrganization } from './organization.ts'

/** What a new world holds. */
export type Seed =
  | { readonly kind: 'acme' }
  | { readonly kind: 'empty' }
  | ({ readonly kind: 'generated' } & GeneratedSize)

const GENERATED = /^generated:(\d+)x(\d+)x(\d+)x(\d+)(?:x(\d+|all))?(?::(.+))?$/

/** @throws Error unless the text is `acme`, `empty` or `generated:<accounts>x<sets>x<users>x<groups>[x<assignments>|xall][:seed]`. */
export function parseSeed(text: string): Seed {
  if (text === 'acme' || text === 'empty') return { kind: text }
  const [, accounts, permissionSets, users, groups, assignments, seed = 'gatehouse'] = GENERATED.exec(text) ?? []
  if (groups === undefined) {
    throw new Error(
      `"${text}" is not a seed. Use acme, empty or generated:<accounts>x<sets>x<users>x<groups>[x<assignments>|xall][:seed].`,
    )
  }
  const [all, sets] = [Number(accounts), Number(permissionSets)]
  const most = all * sets * Number(groups)
  const asked = assignments === 'all' ? most : Number(assignments ?? Number(groups) * 8)
  return {
    kind: 'generated',
    accounts: all,
    permissionSets: sets,
    users: Number(users),
    groups: Number(groups),
    assignments: Math.min(most, asked),
    seed,
  }
}

/** Fills a new world. The same seed makes the same ids and names; only the times are today's. */
export function seedWorld(
  world: World,
  seed: Seed,
  home: { readonly region: string; readonly identitySource: IdentitySource['kind'] },
) {
  const draw: Draw = createDraw(seed.kind === 'generated' ? `generated/${seed.seed}` : seed.kind)
  world.load(() => {
    seedOrganization(world, draw, home)
    switch (seed.kind) {
      case 'acme':
        seedAcme(world, draw)
        return
      case 'generated':
        seedGenerated(world, draw, seed)
        return
      case 'empty':
    }
  })
}
