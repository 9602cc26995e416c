#!/usr/bin/env node
import { main } from '@gatehouse/cli-kit'
import manifest from '../package.json' with { type: 'json' }
import { tctl } from './index.ts'

await main(tctl(manifest.version), manifest.version)
