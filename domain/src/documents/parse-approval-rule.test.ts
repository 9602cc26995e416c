import { describe, expect, it } from 'vitest'
import { DomainError, type Problem } from '../kernel/problems.ts'
import { formatDocument } from './format-document.ts'
import { parseDocuments } from './parse-documents.ts'

const RULE = `kind: approval_rule
version: v1
metadata:
  name: production-needs-two
  description: Nobody gets into production at night by one approval
  labels:
    team: security
spec:
  when:
    accounts:
      - tags:
          env: prod
      - organizational_unit: Root/Prod
    permission_sets:
      - Admin*
    roles:
      - dba
    requester_lists:
      - contractors
    times:
      - days:
          - sat
          - sun
        from: 00:00
        to: 00:00
        time_zone: UTC
      - from: 18:00
        to: 08:00
        time_zone: Europe/Berlin
  thresholds:
    - name: security
      approve: 2
      deny: 1
      filter: review.reason != ""
      reviewers:
        users:
          - eva@acme.example
        lists:
          - security
    - name: deputies
      approve: 1
      deny: 1
      after: 2h
`
const ruleOf = (text: string) => parseDocuments(text)[0]?.document
const problemOf = (text: string): Problem | undefined => {
  try {
    parseDocuments(text)
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error.problem
    throw error
  }
}
const spec = (lines: string): string => `kind: approval_rule\nversion: v1\nmetadata: {name: r}\nspec:\n${lines}`

describe('an approval rule as a document', () => {
  it('comes out as it went in', () => {
    const document = ruleOf(RULE)
    expect(document).toMatchObject({
      kind: 'approval_rule',
      when: {
        times: [
          { days: ['sat', 'sun'], from: 0, to: 0 },
          { days: [], from: 1080, to: 480 },
        ],
      },
      effect: { kind: 'thresholds', thresholds: [{ name: 'security', approve: 2 }, { opensAfter: 7_200_000 }] },
    })
    const again = document && formatDocument(document)
    expect(again && ruleOf(again)).toEqual(document)
  })
  it('decides by itself, with a reason', () => {
    const document = ruleOf(spec('  when: {accounts: [{tags: {env: dev}}]}\n  decision: approve\n  reason: harmless\n'))
    expect(document).toMatchObject({ effect: { kind: 'approve', reason: 'harmless' } })
    expect(document && ruleOf(formatDocument(document))).toEqual(document)
  })
  it.each([
    ['neither asks nor decides', '  when: {roles: [dba]}\n', /one of them/],
    ['does both', '  thresholds: [{name: a}]\n  decision: deny\n', /one of them/],
    ['approves everything', '  decision: approve\n', /whatever is asked for/],
    ['asks for nobody', '  thresholds: [{approve: 0}]\n', /nobody could ever meet it/],
    ['names nobody as reviewers', '  thresholds: [{reviewers: {}}]\n', /names nobody/],
    ['has a day that is none', '  decision: deny\n  when: {times: [{days: [someday]}]}\n', /not one of the choices/],
    ['has a time that is none', '  decision: deny\n  when: {times: [{from: "25:00"}]}\n', /not a time of the day/],
    ['has a place that is none', '  decision: deny\n  when: {times: [{time_zone: Atlantis}]}\n', /not a time zone/],
    ['opens after the request has ended', '  thresholds: [{after: 8d}]\n', /does not wait so long/],
    ['gives a reason for nothing', '  thresholds: [{name: a}]\n  reason: x\n', /belongs to a decision/],
  ])('that %s is refused', (_, lines, message) => {
    expect(problemOf(spec(lines))).toMatchObject({ code: 'invalid-document', message: expect.stringMatching(message) })
  })
  it('with a key that is none is refused, with a suggestion', () => {
    expect(problemOf(spec('  desicion: deny\n'))).toMatchObject({ code: 'unknown-field', suggestion: 'decision' })
  })
})
