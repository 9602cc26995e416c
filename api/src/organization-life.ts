import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { name, pageQuery } from './fields.ts'
import { organizationSchema, planSchema, scimTokenField, settingsFields } from './organizations.ts'

const params = z.strictObject({ name: name() })

const previewSettings = endpoint('POST', '/v1/organizations/:name/settings/preview', {
  summary: 'What the plan would be with other settings; nothing is saved.',
  auth: 'rule',
  needs: { verb: 'update', kind: 'plugin' },
  params,
  query: z.strictObject(pageQuery),
  body: z.strictObject(settingsFields),
  response: z.object({
    /** In words: who and what leaves or comes. */
    effects: z.array(z.string()),
    plan: planSchema,
  }),
  status: 200,
})

const rotateScimToken = endpoint('POST', '/v1/organizations/:name/scim-token', {
  summary: 'Put a new SCIM token in the place of the present one, once AWS has taken it.',
  auth: 'rule',
  needs: { verb: 'update', kind: 'plugin' },
  params,
  body: z.strictObject({
    scimToken: scimTokenField,
    /** `false` takes the token without trying it. */
    validate: z.boolean().default(true),
  }),
  response: organizationSchema,
  status: 200,
})

export const organizationLifeEndpoints = { previewSettings, rotateScimToken }
