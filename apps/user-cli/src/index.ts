import { bundleCommands, type Group, tasksCommand, versionCommand } from '@gatehouse/cli-kit'
import { accessRequestCommands } from './access-requests/commands.ts'
import { awsCommand } from './aws/command.ts'
import { awsProfileCommand } from './aws-profile/command.ts'
import { appCommands } from './resources/apps.ts'
import { loginCommand } from './sign-in/login.ts'
import { logoutCommand } from './sign-in/logout.ts'
import { statusCommand } from './sign-in/status.ts'

/** The program of everybody who uses AWS accounts. */
export const tsh = (version: string): Group => ({
  name: 'tsh',
  summary: 'Sign in to Gatehouse, ask for access, and set up the aws command.',
  commands: [
    loginCommand,
    logoutCommand,
    statusCommand,
    accessRequestCommands,
    appCommands,
    bundleCommands,
    tasksCommand,
    awsProfileCommand,
    awsCommand,
    versionCommand('tsh', version),
  ],
})
