import { numberingApi } from '../api/numbering'
import type { ExistingNumber, Frontage, LonLat, NumberingGround, NumberingProposal, NumberingResult, NumberingRoad, NumberingRules, NumberingVerdict, RuleSet, TakenDoor, TakenRoad } from '../api/numbering.types'
import { app } from './app.svelte'
import { Loading } from './loading.svelte'

/** A rule set that may be chosen: one of the bureau's own or a preset. */
export interface RuleChoice {
  /** id or key, as the server takes it */
  ref: string
  /** 0 of a preset */
  version: number
  rules: RuleSet
  standard: boolean
  own: boolean
}

/** The rule sets that roads may be numbered by, the standard one first. Pure. */
export function choicesOf(rules: NumberingRules | null): RuleChoice[] {
  if (!rules) return []
  return [
    ...rules.rules.filter((each) => !each.retired).map((each): RuleChoice => ({ ref: each.id, version: each.version, rules: each.rules, standard: each.standard, own: true })),
    ...rules.presets.map((each): RuleChoice => ({ ref: each.key ?? '', version: 0, rules: each, standard: false, own: false })),
  ]
}

/** What is to be written of a road: its new numbers, those that were reserved and are taken, and
 *  side doors with the number of their main gate. Pure. */
export function doorsOf(proposals: readonly NumberingProposal[], frontages: readonly Frontage[], existing: readonly ExistingNumber[]): TakenDoor[] {
  const known = new Set(frontages.filter((each) => each.entrance || each.shape?.type === 'Point').map((each) => each.id))
  const versions = new Map(existing.map((each) => [each.id, each.version ?? 0]))
  const doors = proposals
    .filter((each) => (each.kind === 'number' || each.kind === 'reserved') && each.number > 0)
    .map((each): TakenDoor => ({
      number: each.number,
      ...(each.suffix > 0 ? { suffix: each.suffix } : {}),
      ...(each.kind === 'reserved' ? { reserved: true } : {}),
      ...(each.existing_id ? { takes: each.existing_id, version: versions.get(each.existing_id) ?? 0 } : {}),
      point: each.point,
      ...(known.has(each.frontage_id) ? { entrance: true } : {}),
    }))
  for (const side of proposals.filter((each) => each.kind === 'side_door')) {
    const gate = doors.find((each) => each.number === side.number && (each.suffix ?? 0) === side.suffix && !each.takes)
    if (gate) gate.more = [...(gate.more ?? []), side.point]
  }
  return doors
}

/** How many of the checks found something, by how grave it is. Pure. */
export function gravity(verdicts: readonly NumberingVerdict[]): { errors: number; others: number } {
  const count = (of: (each: NumberingVerdict) => boolean) => verdicts.filter(of).reduce((sum, each) => sum + each.faults.length, 0)
  return { errors: count((each) => each.severity === 'error'), others: count((each) => each.severity !== 'error') }
}

/** A road that is being numbered: what stands along it, what a person made of that, and what
 *  follows. */
export class RoadWork {
  /** as the address bar has it: the id of a name, ~name of the network, '' drawn */
  readonly ref: string
  name = $state('')
  nameId = $state('')
  road = $state.raw<NumberingRoad>({ name: '', sections: [] })
  frontages = $state.raw<Frontage[]>([])
  existing = $state.raw<ExistingNumber[]>([])
  truncated = $state(false)
  unread = $state(0)
  used = $state.raw<NumberingGround['use']>(undefined)
  chosen = $state('') // id of a frontage
  readonly ground = new Loading<NumberingGround>()
  readonly asking = new Loading<NumberingResult>()
  private made = 0
  /** the line that somebody drew, where neither register nor network has one */
  private drawn: LonLat[][] | undefined

  constructor(ref: string) {
    this.ref = ref
    this.name = ref.startsWith('~') ? ref.slice(1) : ''
  }

  readonly result = $derived(this.asking.value)
  readonly proposals = $derived(this.result?.proposals ?? [])
  readonly doors = $derived(doorsOf(this.proposals, this.frontages, this.existing))
  readonly found = $derived(gravity(this.result?.verdicts ?? []))
  readonly faulty = $derived(new Set((this.result?.verdicts ?? []).flatMap((each) => each.faults.flatMap((fault) => [...fault.frontages, ...fault.existing]))))

  /** Reads what stands along the road, or along a line that was drawn for it. */
  async read(sections = this.drawn): Promise<void> {
    this.drawn = sections
    const whose = this.nameId ? { name_id: this.nameId } : this.ref.startsWith('~') ? { name: this.name } : this.ref ? { name_id: this.ref } : this.name ? { name: this.name } : {}
    await this.ground.run((signal) => numberingApi.ground({ ...whose, ...(sections ? { sections } : {}) }, app.lang, signal))
    const got = this.ground.value
    if (!got || this.ground.failure) return
    this.name = got.road.name || this.name
    this.nameId = got.name_id
    this.road = got.road
    this.frontages = got.frontages
    this.existing = got.existing
    this.truncated = got.truncated
    this.unread = got.unread
    this.used = got.use
  }

  /** Asks what follows from how things are here. */
  async ask(rule: string): Promise<void> {
    if (!rule || (this.road.sections.length === 0 && this.frontages.length === 0)) {
      this.asking.stop()
      this.asking.value = null
      return
    }
    const question = { rule, road: this.road, frontages: this.frontages.map(sent), existing: this.existing }
    await this.asking.run((signal) => numberingApi.propose(question, app.lang, signal))
  }

  change(id: string, to: Partial<Frontage>): void {
    this.frontages = this.frontages.map((each) => (each.id === id ? { ...each, ...to } : each))
  }

  /** A door or a stretch of vacant ground that somebody put on the map. */
  add(shape: Frontage['shape'], vacant: boolean): void {
    if (!shape) return
    const id = `new-${++this.made}`
    this.frontages = [...this.frontages, { id, shape, vacant }]
    this.chosen = id
  }

  remove(id: string): void {
    this.frontages = this.frontages.filter((each) => each.id !== id)
    if (this.chosen === id) this.chosen = ''
  }

  setRoad(change: Partial<NumberingRoad>): void {
    this.road = { ...this.road, ...change }
  }

  taken(rule: RuleChoice): TakenRoad {
    const { one_sided, mouth, start } = this.road
    return {
      name_id: this.nameId, rule: rule.ref, rule_version: rule.version, doors: this.doors, ...(one_sided ? { one_sided } : {}), ...(mouth ? { mouth } : {}), ...(start ? { start } : {}),
    }
  }
}

/** A frontage as it is asked of: without what says nothing. */
function sent(frontage: Frontage): Frontage {
  return Object.fromEntries(Object.entries(frontage).filter(([, value]) => value !== undefined && value !== false && value !== '')) as unknown as Frontage
}

/** The roads that are being numbered together. What was changed stays while another screen is
 *  shown. */
class Numbering {
  readonly rules = new Loading<NumberingRules>()
  works = $state.raw<RoadWork[]>([])
  active = $state(0)
  readonly choices = $derived(choicesOf(this.rules.value))
  readonly work = $derived(this.works[this.active] ?? null)

  load(): Promise<void> {
    return this.rules.run((signal) => numberingApi.rules(app.lang, signal))
  }

  /** Follows the address bar: opens the roads that it names and are not open yet. */
  open(refs: readonly string[]): void {
    const drawn = this.works.filter((each) => each.ref === '')
    const next = refs.map((ref) => this.works.find((each) => each.ref === ref) ?? new RoadWork(ref))
    const fresh = next.filter((each) => !this.works.includes(each))
    if (fresh.length === 0 && next.length + drawn.length === this.works.length) return
    this.works = [...next, ...drawn]
    this.active = fresh.length > 0 ? this.works.indexOf(fresh[0] as RoadWork) : Math.min(this.active, Math.max(0, this.works.length - 1))
    for (const each of fresh) void each.read()
  }

  /** A road that somebody draws; it has a name only once one is chosen. */
  draw(sections: LonLat[][]): RoadWork {
    const work = new RoadWork('')
    this.works = [...this.works, work]
    this.active = this.works.length - 1
    void work.read(sections)
    return work
  }

  close(work: RoadWork): void {
    this.works = this.works.filter((each) => each !== work)
    this.active = Math.min(this.active, Math.max(0, this.works.length - 1))
  }

  /** Forgets what was taken over, so that the next look reads the numbers that are there now. */
  again(): void {
    for (const each of this.works) void each.read()
  }
}

export const numbering = new Numbering()
