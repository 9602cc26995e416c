import { isBadPort } from '@gatehouse/api'
import { createServer } from 'node:net'

/** A port of 127.0.0.1 that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0)
  if (port === undefined) throw new Error('127.0.0.1 has no free port')
  return port
}

/** This one, if nobody listens on it and it can be asked; otherwise another. */
export async function freePortNear(port: number): Promise<number> {
  return port < 65_536 && !isBadPort(port) && (await isFree(port)) ? port : freePort()
}

export const isFree = async (port: number): Promise<boolean> => (await listenOnce(port)) !== undefined

/**
 * A port with those near it that the demo takes for its AWS. Below those that the system gives out by itself (Linux:
 * 32768 and above), or somebody's connection would take one between the demo's look and its start.
 */
export async function quietPort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000)
    const taken = [port, port + 1_000, port + 1_001]
    if (!taken.some(isBadPort) && (await Promise.all(taken.map(isFree))).every(Boolean)) return port
  }
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.on('error', () => resolve(undefined))
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}
