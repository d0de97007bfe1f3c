/** Which screen an address is of, and which right that screen needs. */

const paths = {
  map: '/',
  login: '/login',
  account: '/account',
  accounts: '/admin/accounts',
  policy: '/admin/policy',
  audit: '/admin/audit',
  jobs: '/jobs',
  plans: '/plans',
  siting: '/siting',
  access: '/access',
  scenarios: '/scenarios',
  compare: '/scenarios/compare',
  funeral: '/funeral',
  import: '/import',
  place: '/place',
  campaigns: '/campaigns',
  field: '/field',
  matrix: '/matrix',
  premises: '/premises',
  estates: '/estates',
  estateDuties: '/estates/duties',
  estateLetters: '/estates/letters',
  estateReport: '/estates/report',
  estateRules: '/estates/rules',
  exports: '/exports',
  proposals: '/proposals',
  overdue: '/overdue',
  areas: '/areas',
  duplicates: '/duplicates',
  standards: '/standards',
  factypes: '/admin/types',
  names: '/names',
  nameDesk: '/names/desk',
  nameCase: '/names/case',
  namePlan: '/names/plan',
  nameReview: '/names/review',
  nameMeetings: '/names/meetings',
  nameSurvey: '/names/survey',
  nameSigns: '/names/signs',
  nameChanges: '/names/changes',
  nameReport: '/names/report',
  nameImport: '/names/import',
  nameProcedures: '/names/procedures',
  nameLists: '/names/lists',
  nameReadings: '/names/readings',
  nameExperts: '/names/experts',
  namePapers: '/names/papers',
  addresses: '/addresses',
  numbering: '/numbering',
  plates: '/plates',
  plateOrders: '/plates/orders',
  plateField: '/plates/field',
  plateReports: '/plates/reports',
  addressImport: '/addresses/import',
}

export type Page = keyof typeof paths | 'missing'

/** The right without which a screen has nothing to show. */
export const needs: Partial<Record<Page, string>> = {
  map: 'map.read',
  accounts: 'account.read',
  policy: 'account.read',
  audit: 'audit.read',
  jobs: 'map.read',
  plans: 'map.read',
  siting: 'map.read',
  access: 'map.read',
  scenarios: 'map.read',
  compare: 'map.read',
  funeral: 'map.read',
  import: 'facility.import',
  place: 'facility.write',
  campaigns: 'map.read',
  field: 'campaign.answer',
  matrix: 'map.read',
  premises: 'map.read',
  estates: 'map.read',
  estateDuties: 'map.read',
  estateLetters: 'map.read',
  estateReport: 'map.read',
  estateRules: 'map.read',
  exports: 'map.read',
  proposals: 'facility.propose',
  overdue: 'map.read',
  areas: 'map.read',
  duplicates: 'facility.write',
  standards: 'map.read',
  factypes: 'catalogue.write',
  names: 'map.read',
  nameDesk: 'map.read',
  nameCase: 'map.read',
  namePlan: 'map.read',
  nameReview: 'map.read',
  nameMeetings: 'map.read',
  nameSurvey: 'placename.survey',
  nameSigns: 'map.read',
  nameChanges: 'map.read',
  nameReport: 'map.read',
  nameImport: 'placename.write',
  nameProcedures: 'map.read',
  nameLists: 'map.read',
  nameReadings: 'map.read',
  nameExperts: 'placename.rules',
  namePapers: 'map.read',
  addresses: 'map.read',
  numbering: 'map.read',
  plates: 'map.read',
  plateOrders: 'map.read',
  plateField: 'plate.fit',
  plateReports: 'plate.write',
  addressImport: 'address.write',
}

/** The screens that work without a signal; web/fieldWorker.ts keeps their code on the device. */
const fieldPages: readonly Page[] = ['nameSurvey', 'plateField']

export function isFieldPage(page: Page): boolean {
  return fieldPages.includes(page)
}

/** The screens of place names in the order of their tabs: what is worked on, then the rules. */
export const namePages = ['nameDesk', 'names', 'namePlan', 'nameReview', 'nameMeetings', 'nameSurvey', 'nameSigns', 'nameChanges', 'nameReport', 'nameImport'] as const
export const nameRulePages = ['nameProcedures', 'nameLists', 'nameReadings', 'nameExperts', 'namePapers'] as const

/** A screen of place names; a single proposal is one without a tab of its own. */
export type NamePage = (typeof namePages)[number] | (typeof nameRulePages)[number] | 'nameCase'

export function isNamePage(page: Page): page is NamePage {
  return page.startsWith('name')
}

/** The screens of doors in the order of their tabs: addresses, their numbers, and plates. */
export const doorPages = ['addresses', 'numbering', 'plates', 'plateOrders', 'plateField', 'plateReports', 'addressImport'] as const

/** A screen of addresses and plates. */
export type DoorPage = (typeof doorPages)[number]

export function isDoorPage(page: Page): page is DoorPage {
  return doorPages.some((each) => each === page)
}

export function pageOf(pathname: string): Page {
  const path = pathname.replace(/\/+$/, '') || '/'
  if (path === '/facilities') return 'map'
  if (path === '/admin') return 'accounts'
  for (const [page, own] of Object.entries(paths)) if (own === path) return page as Page
  return 'missing'
}

/** The address of a screen, in a language. */
export function addressOf(page: Exclude<Page, 'missing'>, lang: string): string {
  return `${paths[page]}?lang=${lang}`
}

/** The address of the record of a place name, in a language. */
export function recordOf(name: string, lang: string): string {
  return `${addressOf('names', lang)}&name=${encodeURIComponent(name)}`
}

/** Where to go on after signing in: a path of this very server and nothing else. */
export function safeNext(next: string | null): string {
  // A second slash or a backslash would make it another host's address.
  if (!next || !/^\/(?![/\\])/.test(next) || /[\u0000-\u0020\\]/.test(next)) return '/'
  return pageOf(next.split(/[?#]/)[0] ?? '') === 'login' ? '/' : next
}
