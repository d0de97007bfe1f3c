// Answers questions to Valhalla, one JSON object a line: asked on standard input, answered
// on descriptor 3, because Valhalla may write to the usual ones.
//
//   node valhalla.cjs PACKAGE TILES EXTRACT
//
// PACKAGE is the folder of @valhallajs/valhallajs. The tiles are built into TILES unless
// they are there for the same extract. What walking costs is time alone: no penalties for
// steps and lifts, no factors for alleys, driveways and the like.
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const readline = require('node:readline')

const [folder, tiles, extract] = process.argv.slice(2).map((name) => path.resolve(name))
const valhalla = require(folder)

function run(program, args) {
  // It leaves lists of its own where it runs.
  const done = spawnSync(program, args, { cwd: tiles, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (done.status !== 0) throw new Error(`${path.basename(program)}: ${done.error ?? done.stderr.slice(-500)}`)
}

function build(config) {
  const stamp = path.join(tiles, 'built-from')
  const { size, mtimeMs } = fs.statSync(extract)
  const from = `${valhalla.VALHALLA_VERSION} ${extract} ${size} ${mtimeMs}`
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === from) return
  fs.rmSync(tiles, { recursive: true, force: true })
  fs.mkdirSync(tiles, { recursive: true })
  const file = path.join(tiles, 'config.json')
  fs.writeFileSync(file, JSON.stringify(config))
  run(process.execPath, [path.join(folder, 'bin', 'valhalla-cli.js'), 'build_tiles', '-c', file, extract])
  fs.writeFileSync(stamp, from)
}

const costing = (speed) => ({
  costing: 'pedestrian',
  costing_options: {
    pedestrian: {
      walking_speed: speed * 3.6, step_penalty: 0, elevator_penalty: 0, gate_penalty: 0, maneuver_penalty: 0,
      service_penalty: 0, destination_only_penalty: 0, private_access_penalty: 0, country_crossing_penalty: 0,
      driveway_factor: 1, alley_factor: 1, walkway_factor: 1, sidewalk_factor: 1, service_factor: 1,
    },
  },
})
const circle = (from, speed, minutes) =>
  JSON.stringify({ locations: [place(from)], ...costing(speed), contours: [{ time: minutes }], polygons: true })
const place = ([lon, lat]) => ({ lon, lat })

// timed is an answer with the milliseconds that it took by the clock and of processor time.
async function timed(ask) {
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  const answer = await ask()
  const ms = Number(process.hrtime.bigint() - start) / 1e6
  const { user, system } = process.cpuUsage(cpu)
  return { answer, ms, cpu_ms: (user + system) / 1e3 }
}

async function main() {
  const config = await valhalla.getConfig({ tileDir: tiles, tileExtract: '' })
  for (const part of [config.mjolnir, config.loki, config.thor, config.odin, config.meili]) {
    if (part) part.logging = { type: 'std_err', color: false }
  }
  Object.assign(config.service_limits.pedestrian, { max_matrix_distance: 1e7, max_matrix_location_pairs: 1e6, max_locations: 5000 })
  build(config)
  const actor = new valhalla.Actor(config)

  const questions = {
    // The version, and what a call costs that does nothing.
    version: async () => {
      const spent = []
      for (let i = 0; i < 50; i++) spent.push(await timed(() => actor.status('{}')))
      const [ms, cpu_ms] = ['ms', 'cpu_ms'].map((of) => spent.map((s) => s[of]).sort((a, b) => a - b)[25])
      return { version: valhalla.VALHALLA_VERSION, ms, cpu_ms }
    },
    // Whether Valhalla has a street within a metre of a place that is not an island.
    near: async ({ places }) => {
      const found = await actor.locate({ locations: places.map(place), costing: 'pedestrian', verbose: true })
      return {
        near: found.map((f) => (f.edges ?? []).some((e) => e.distance <= 1 && e.outbound_reach >= 50 && e.inbound_reach >= 50)),
      }
    },
    circle: async ({ from, speed, minutes }) => ({ circle: JSON.parse(await actor.isochrone(circle(from, speed, minutes))) }),
    // What many circles take, each by itself.
    circles: async ({ places, speed, minutes }) => {
      const spent = []
      for (const from of places) {
        const question = circle(from, speed, minutes)
        const { ms, cpu_ms } = await timed(() => actor.isochrone(question))
        spent.push({ ms, cpu_ms })
      }
      return { spent }
    },
    // Seconds to each place; null where there is no way.
    times: async ({ from, places, speed }) => {
      const m = await actor.matrix({ sources: [place(from)], targets: places.map(place), ...costing(speed), verbose: true })
      return { seconds: m.sources_to_targets[0].map((t) => t.time ?? null) }
    },
  }
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const question = JSON.parse(line)
    let answer
    try {
      answer = await questions[question.ask](question)
    } catch (error) {
      answer = { error: String(error) }
    }
    fs.writeSync(3, JSON.stringify(answer) + '\n')
  }
}

main().catch((error) => {
  fs.writeSync(3, JSON.stringify({ error: String(error) }) + '\n')
  process.exitCode = 1
})
