// Preloaded into every program that the harness starts: its standard input ends when whoever started it is gone, even
// by SIGKILL, and then it stops like on any SIGTERM. The watch keeps nothing alive.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.resume()
if ('unref' in process.stdin) process.stdin.unref()
