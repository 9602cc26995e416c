import type { Claim } from './claim.ts'

const STANDING: Record<Claim['standing'], string> = {
  documented: 'as documented',
  reported: 'as reported by users',
  assumed: 'assumed',
}

/** The page that lists what is claimed of each operation. */
export function formatConformance(claims: ReadonlyMap<string, readonly Claim[]>): string {
  const sections = [...claims].map(([service, rows]) => `## ${service}\n\n${formatTable(rows)}`)
  return `# What the sandbox does like AWS

Every row is checked by \`src/conformance\` with AWS's own client, each operation at least once; \`sso-oidc\` and \`sso\` are spoken as they are on
the wire, and by the AWS CLI, botocore and the SDK for JavaScript in \`src/clients\`. The status says how we know that AWS does so:

- **as documented**: AWS's reference says it.
- **as reported by users**: seen by users of AWS, in issues of the named project; AWS does not say.
- **assumed**: AWS's documents leave it open. Most of these have a knob.

What is simplified or absent is in the [README](../README.md). This page is written by \`npm test -- conformance -u\`.

${sections.join('\n\n')}
`
}

function formatTable(rows: readonly Claim[]): string {
  const lines = rows.map(
    ({ operation, behaviour, source, standing }) =>
      `| ${operation} | ${behaviour} | ${source} | ${STANDING[standing]} |`,
  )
  return ['| Operation | Behaviour | Source | Status |', '| --- | --- | --- | --- |', ...lines].join('\n')
}
