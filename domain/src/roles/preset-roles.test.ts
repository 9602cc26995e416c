import { describe, expect, it } from 'vitest'
import { documentOfRole } from '../documents/document-of.ts'
import { formatDocument } from '../documents/format-document.ts'
import { parseDocuments } from '../documents/parse-documents.ts'
import { aUser, aView, NOW, roleName, userId } from '../testing/builders.ts'
import { effectiveRoles } from './effective-roles.ts'
import { isBuiltIn, PRESET_ROLES } from './preset-roles.ts'
import { type Verb, VERBS } from './role.ts'
import { mayAct, type RuleKind } from './rules.ts'

/** Of each preset, every verb on every kind here that it allows (governance facts, 10.3). */
const RW: readonly Verb[] = ['create', 'read', 'list', 'update', 'delete']
const RO: readonly Verb[] = ['read', 'list']
const NOTHING = {}
const GIST: Readonly<Record<string, Partial<Record<RuleKind, readonly Verb[]>>>> = {
  editor: {
    user: RW,
    role: RW,
    access_list: RW,
    access_request: RW,
    lock: RW,
    saml_idp_service_provider: RW,
    bundle: RW,
    approval_rule: RW,
    plugin: RW,
    integration: [...RW, 'use'],
    aws_identity_center: RW,
    cert_authority: [...RW, 'rotate'],
    event: RO,
  },
  auditor: { event: RO },
  'terraform-provider': {
    user: RW,
    role: RW,
    access_list: RW,
    lock: RW,
    saml_idp_service_provider: RW,
    integration: RW,
    bundle: RW,
    approval_rule: RW,
  },
  access: NOTHING,
  requester: NOTHING,
  reviewer: NOTHING,
  'aws-ic-access': NOTHING,
  'group-access': NOTHING,
  'device-admin': NOTHING,
  'device-enroll': NOTHING,
  'require-trusted-device': NOTHING,
}
const KINDS = Object.keys(GIST['editor'] ?? {}) as RuleKind[] // the editor has them all

describe('preset roles', () => {
  it('are these, labelled as presets or as the system’s own', () => {
    expect(PRESET_ROLES.map(({ name }) => name).toSorted()).toEqual(Object.keys(GIST).toSorted())
    for (const role of PRESET_ROLES)
      expect(role.labels).toEqual({ 'teleport.internal/resource-type': isBuiltIn(role) ? 'system' : 'preset' })
  })
  it.each(Object.entries(GIST))('%s may do exactly what it is for', (name, allowed) => {
    const user = aUser('eva', { roles: [name] })
    const view = aView({ users: [user], roles: PRESET_ROLES })
    const roles = effectiveRoles(view.userById.get(userId('eva')) ?? user, view, NOW)
    for (const kind of KINDS) {
      const may = VERBS.filter((verb) => mayAct(roles, verb, kind, { name: 'x', labels: {} }))
      expect([kind, may.toSorted()]).toEqual([kind, [...(allowed[kind] ?? [])].toSorted()])
    }
  })
  it('give no account assignment but to those who search and review with them', () => {
    const giving = PRESET_ROLES.filter(({ allow }) => allow.accountAssignments.length > 0).map(({ name }) => name)
    expect(giving).toEqual([roleName('aws-ic-access')])
  })
  it.each(PRESET_ROLES)('$name is read back as it is shown', (role) => {
    const [parsed] = parseDocuments(formatDocument(documentOfRole(role)))
    expect(parsed?.document).toEqual(documentOfRole(role))
  })
})
