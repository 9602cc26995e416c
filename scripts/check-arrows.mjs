// Import arrows: which workspace may import which. A package.json may list only what the arrows allow, and a file may
// import only what its package.json lists, each through the package's public entry.
import { existsSync, globSync, readFileSync } from 'node:fs'

const MAY = {
  domain: [],
  application: ['domain'],
  api: ['domain'],
  'adapters/postgres': ['domain', 'application'],
  'adapters/aws': ['domain', 'application'],
  'adapters/scim': ['domain', 'application'],
  'adapters/oidc': ['domain', 'application'],
  'adapters/saml': ['domain', 'application'],
  'apps/server': [
    'domain',
    'application',
    'api',
    'adapters/postgres',
    'adapters/aws',
    'adapters/scim',
    'adapters/oidc',
    'adapters/saml',
  ],
  'apps/cli-kit': ['api', 'domain'],
  'apps/admin-cli': ['api', 'domain', 'apps/cli-kit'],
  'apps/user-cli': ['api', 'domain', 'apps/cli-kit'],
  'apps/web': ['api'],
  'apps/aws-sandbox': [],
  e2e: [
    'domain',
    'application',
    'api',
    'adapters/postgres',
    'adapters/aws',
    'adapters/scim',
    'adapters/saml',
    'apps/aws-sandbox',
  ],
}

/** `import … from '…'`, `export … from '…'` and `import '…'` as statements; oxfmt puts them at the start of a line. */
const STATEMENT = /^(?:import|export)\s+(?:[\w\s{},*$]+?\sfrom\s+)?'([^']+)'/gm
/** `import('…')`, as an expression or in a type. */
const DYNAMIC = /\bimport\(\s*'([^']+)'/g

const problems = []
const folderOf = new Map()
const manifestOf = new Map()
const { workspaces } = JSON.parse(readFileSync('package.json', 'utf8'))
for (const folder of globSync(workspaces).filter((found) => existsSync(`${found}/package.json`))) {
  if (!(folder in MAY)) {
    problems.push(`${folder} is a package without arrows: say in scripts/check-arrows.mjs what it may import`)
    continue
  }
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  folderOf.set(manifest.name, folder)
  manifestOf.set(folder, manifest)
}

for (const [folder, manifest] of manifestOf) {
  const listed = { ...manifest.dependencies, ...manifest.devDependencies }
  for (const name of Object.keys(listed)) {
    const target = folderOf.get(name)
    if (target && !MAY[folder].includes(target))
      problems.push(`${folder}/package.json lists ${name}: not an allowed arrow`)
  }
  for (const file of globSync(`${folder}/src/**/*.ts`)) {
    const isTest = file.endsWith('.test.ts') || file.includes('/testing/')
    for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
      if (specifier.startsWith('.')) {
        const up = new URL(specifier, `file:///${file}`).pathname.slice(1)
        if (!up.startsWith(`${folder}/`)) problems.push(`${file} reaches into another package: ${specifier}`)
        continue
      }
      const ours = /^(@gatehouse\/[^/]+)(\/.*)?$/.exec(specifier)
      if (!ours) {
        const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]
        if (!name.startsWith('node:') && !(name in listed))
          problems.push(`${file} imports ${name}, which ${folder}/package.json does not list`)
        continue
      }
      const [, name, path] = ours
      if (name === manifest.name && isTest) continue
      if (!(name in listed)) problems.push(`${file} imports ${name}, which ${folder}/package.json does not list`)
      if (path && path !== '/testing') problems.push(`${file} imports ${specifier}: use the package's public entry`)
      if (path === '/testing' && !isTest && folder !== 'e2e')
        problems.push(`${file} imports ${specifier} outside a test`)
    }
  }
}

function importsOf(source) {
  return [...source.matchAll(STATEMENT), ...source.matchAll(DYNAMIC)].map(([, specifier]) => specifier)
}

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
