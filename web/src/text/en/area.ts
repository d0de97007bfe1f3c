/** Words for counting the people of an area. */

import type { zhArea } from '../zh/area'

const some = (n: string) => (n === '1' ? '1 person' : `${n} people`)

export const enArea: typeof zhArea = {
  draw: 'Draw an area and count its people',
  saved: 'Or choose a service area',
  noSaved: 'There are no service areas yet. They are kept under “Areas and stewards”.',
  ofRing: 'The area drawn',
  ofArea: 'Service area',
  ofFacility: (name) => (name ? `Service area of ${name}` : 'Service area of the facility'),
  clear: 'Count this area no more',
  redraw: 'Draw again',
  nobody: 'No population point lies in this area.',
  people: (band) => `People, ${band}`,
  one: 'Walk to one only',
  several: 'Walk to two or more',
  reachThis: 'Of them, walk to this facility',
  bands: 'By age band',
  bandsOfPlan: 'The table shows the plan.',
  inside: (n) => `In the area · ${n}, and people whose nearest it is`,
  outside: (n) => `Outside, but used from within · ${n}`,
  noFacility: 'No open facility of this type lies in the area, and nobody in it walks to one outside.',
  closes: 'closes in the plan',
  file: 'area',
  served: (band, all) => `${some(all)} (${band}) ${all === '1' ? 'lives' : 'live'} in its documented service area.`,
  servedReached: (band, all, reached, limit) =>
    `${some(all)} (${band}) ${all === '1' ? 'lives' : 'live'} in its documented service area; ${reached} of them ${reached === '1' ? 'walks' : 'walk'} here within ${limit}.`,
  more: 'Show the figures',
}
