// Runs the browser tests, all or those named (`npm run test:e2e -- map plans`), with one
// database cluster for all of them: each file gets a copy of a database that holds the
// demo district already. A file that is run by itself (`node --test e2e/map.test.mjs`)
// starts a cluster of its own.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { loadedCluster, missing } from './server.mjs'

// Pages wait for the server and for one another; a second file fills that time.
const AT_ONCE = process.env.YIKE_E2E_FILES ?? '2'

const folder = import.meta.dirname
const asked = process.argv.slice(2)
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.mjs') && (asked.length === 0 || asked.some((word) => name.startsWith(word))))
  .map((name) => join(folder, name))
if (files.length === 0) throw new Error(`no browser test begins with ${asked.join(' or ')}`)

const shared = missing() || process.env.YIKE_URL ? null : loadedCluster()
const child = spawn(process.execPath, ['--test', `--test-concurrency=${AT_ONCE}`, '--test-reporter=spec', ...files], {
  stdio: 'inherit',
  env: { ...process.env, ...(shared ? { YIKE_E2E_CLUSTER: shared.folder } : {}) },
})
// What interrupts this interrupts the tests, too; the cluster goes when they have ended.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => {
  shared?.stop()
  process.exitCode = code ?? 1
})
