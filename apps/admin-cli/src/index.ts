import { bundleCommands, type Group, tasksCommand, versionCommand } from '@gatehouse/cli-kit'
import { accessListCommands } from './access-lists/commands.ts'
import { accessRequestCommands } from './access-requests/commands.ts'
import { auditCommands } from './audit/commands.ts'
import { applyCommand, diffCommand } from './documents/apply.ts'
import { createCommand } from './documents/create.ts'
import { editCommand } from './documents/edit.ts'
import { exportCommand } from './documents/export.ts'
import { getCommand } from './documents/get.ts'
import { removeCommand } from './documents/remove.ts'
import { updateCommand } from './documents/update.ts'
import { whatIfCommand, whoCanCommand, whyCommand } from './explain/commands.ts'
import { lockCommand } from './locks/lock.ts'
import { planCommand } from './organizations/plan.ts'
import { pluginCommands } from './organizations/plugins.ts'
import { samlCommands } from './saml/commands.ts'
import { userCommands } from './users/commands.ts'

/** The administrators' program. */
export const tctl = (version: string): Group => ({
  name: 'tctl',
  summary: 'Gatehouse for administrators. Sign in with "tsh login", or set GATEHOUSE_URL and GATEHOUSE_TOKEN.',
  commands: [
    createCommand,
    updateCommand,
    editCommand,
    applyCommand,
    diffCommand,
    exportCommand,
    getCommand,
    removeCommand,
    userCommands,
    accessRequestCommands,
    accessListCommands,
    pluginCommands,
    planCommand,
    whyCommand,
    whoCanCommand,
    whatIfCommand,
    lockCommand,
    bundleCommands,
    tasksCommand,
    samlCommands,
    auditCommands,
    versionCommand('tctl', version),
  ],
})
