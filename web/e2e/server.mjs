// Starts what the browser test looks at: a server that runs already (YIKE_URL), or the
// built binary on a database of its own with a small synthetic district.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BINARY = process.env.YIKE_BIN ?? new URL('../../bin/yike', import.meta.url).pathname
const START_MS = 180_000
const POLL_MS = 200

/** Why the test cannot run here, or '' if it can. */
export function missing() {
  if (!existsSync(chromiumPath())) return `no Chromium at ${chromiumPath()} (Debian: apt install chromium)`
  if (!process.env.YIKE_URL && !existsSync(BINARY)) return 'bin/yike is not built (make build), and YIKE_URL is not set'
  return ''
}

export function chromiumPath() {
  return process.env.CHROMIUM ?? '/usr/bin/chromium'
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

async function untilReady(url, child, log) {
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${log.join('')}`)
    try {
      if ((await fetch(`${url}/readyz`)).ok) return
    } catch {
      // It does not listen yet.
    }
    await new Promise((done) => setTimeout(done, POLL_MS))
  }
  throw new Error(`the server was not ready after ${START_MS / 1000} s:\n${log.join('')}`)
}

/** A database cluster in a folder of its own whose database holds the demo district. */
export function loadedCluster() {
  const folder = mkdtempSync(join(tmpdir(), 'yike-e2e-'))
  chmodSync(folder, 0o755) // the cluster's own user must be able to enter
  const env = { ...process.env, YIKE_STATE_DIR: join(folder, 'cluster') }
  const run = (...args) => execFileSync(BINARY, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const stop = () => {
    run('stop')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    run('demo', 'generate', '--people', '2000', '--seed', '1', join(folder, 'demo'))
    run('load', join(folder, 'demo'))
    // Nobody misses these databases after a power cut.
    sql(folder, 'ALTER SYSTEM SET fsync = off')
    sql(folder, 'SELECT pg_reload_conf()')
  } catch (error) {
    stop()
    throw error
  }
  return { folder, stop }
}

/** The address of a database of a cluster that loadedCluster made. */
function databaseOf(folder, name) {
  const password = readFileSync(join(folder, 'cluster', 'password'), 'utf8').trim()
  const query = new URLSearchParams({ host: join(folder, 'cluster', 'pgdata'), port: '5432', sslmode: 'disable' })
  return `postgres://yike:${encodeURIComponent(password)}@/${name}?${query}`
}

function sql(folder, statement) {
  execFileSync('psql', ['--no-psqlrc', '--quiet', '--output=/dev/null', '--command', statement, databaseOf(folder, 'postgres')], { stdio: ['ignore', 'inherit', 'inherit'] })
}

/** Resolves to the address, a way to stop what was started, and `as`, which signs in as
 *  a demo account outside of any browser. With records the demonstration's desk is filled, too. */
export async function start({ records = false } = {}) {
  if (process.env.YIKE_URL) {
    const url = process.env.YIKE_URL.replace(/\/$/, '')
    return { url, stop: async () => {}, as: (name) => signedIn(url, name) }
  }
  const own = process.env.YIKE_E2E_CLUSTER ? null : loadedCluster()
  const cluster = process.env.YIKE_E2E_CLUSTER ?? own.folder
  const database = `e2e_${process.pid}`
  sql(cluster, `CREATE DATABASE ${database} TEMPLATE yike`)
  const state = mkdtempSync(join(tmpdir(), 'yike-e2e-state-'))
  const port = await freePort()
  const env = { ...process.env, DATABASE_URL: databaseOf(cluster, database), YIKE_STATE_DIR: state, YIKE_ADDR: '127.0.0.1', PORT: String(port), YIKE_DEMO_RECORDS: records ? 'on' : 'off' }
  const log = []
  const child = spawn(BINARY, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.on('data', (chunk) => log.push(chunk))
  child.stderr.on('data', (chunk) => log.push(chunk))
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
    }
    own?.stop()
    rmSync(state, { recursive: true, force: true })
  }
  try {
    await untilReady(url, child, log)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, stop, as: (name) => signedIn(url, name) }
}

/** The password of a demo account, which the server tells those on its own machine. */
export async function demoPassword(url, name) {
  const { demo_accounts: accounts } = await (await fetch(`${url}/api/v1/session`)).json()
  const account = accounts.find((each) => each.name === name)
  if (!account) throw new Error(`there is no demo account ${name}`)
  return account.password
}

/** Signs in as a demo account and gives the cookie, as name=value. */
export async function session(url, name) {
  const body = JSON.stringify({ name, password: await demoPassword(url, name) })
  const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
  if (answer.status !== 200) throw new Error(`${name} could not sign in: ${answer.status} ${await answer.text()}`)
  return answer.headers.getSetCookie()[0].split(';')[0]
}

/** A fetch by somebody who is signed in. */
async function signedIn(url, name) {
  const cookie = await session(url, name)
  return (path, { headers, ...init } = {}) => fetch(url + path, { ...init, headers: { ...headers, cookie } })
}
