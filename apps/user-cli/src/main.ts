#!/usr/bin/env node
import { main } from '@gatehouse/cli-kit'
import manifest from '../package.json' with { type: 'json' }
import { tsh } from './index.ts'

await main(tsh(manifest.version), manifest.version)
