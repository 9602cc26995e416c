import { execFileSync } from 'node:child_process'
import { CliError, command, EXIT, remainingArguments, runForeground, text } from '@gatehouse/cli-kit'
import { chooseProfile } from './choose-profile.ts'
import { isSignedIn } from './is-signed-in.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** AWS's programs prefer these to a profile. */
const HIDE_A_PROFILE = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_DEFAULT_PROFILE',
]

export const awsCommand = command({
  name: 'aws',
  summary: 'Run aws, or another program, with a profile, and sign in to AWS first if needed. Ends as it ends.',
  options: {
    profile: text('<name>', 'which one; default: AWS_PROFILE, or the only one'),
    exec: text('<program>', 'run that instead of aws, such as terraform'),
  },
  args: { rest: remainingArguments('arguments', "the program's own; flags of tsh stand before them") },
  passesThrough: true,
  async run({ options, args, environment }) {
    const profile = chooseProfile(environment, options.profile)
    const given = environmentFor(profile.name, environment)
    const { session } = profile
    if (session && !isSignedIn(session, environment)) {
      refuseFirstVersion(given)
      const exitCode = await runForeground('aws', ['sso', 'login', '--sso-session', session.name], {
        environment: given,
        isTalk: true,
      })
      if (exitCode !== 0) return { text: '', data: undefined, exitCode }
    }
    const exitCode = await runForeground(options.exec ?? 'aws', args.rest, { environment: given })
    return { text: '', data: undefined, exitCode }
  },
})

function environmentFor(profile: string, environment: Environment): Environment {
  const rest = Object.entries(environment).filter(([name]) => !HIDE_A_PROFILE.includes(name))
  return { ...Object.fromEntries(rest), AWS_PROFILE: profile }
}

/** The first version has no `sso login`, and says so in a page of usage. */
function refuseFirstVersion(environment: Environment): void {
  let version: string
  try {
    version = execFileSync('aws', ['--version'], {
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch {
    return // What is wrong with it shows when it is to sign in.
  }
  const found = /^aws-cli\/1\.\S+/.exec(version)?.[0]
  if (found === undefined) return
  throw new CliError(`You are not signed in to AWS, and ${found} can't sign in.`, {
    remedy: 'Install version 2 of the AWS CLI.',
    exitCode: EXIT.notSignedIn,
  })
}
