/** The colours of map and legend in one place, so that they cannot drift apart. */
export const palette = {
  land: '#F7F6F3',
  building: '#E9E6E0',
  buildingLine: '#DCD8D0',
  road: '#FFFFFF',
  roadCasing: '#CFCAC1',
  path: '#B3ADA3',
  division: '#7C7391',
  text: '#3B3A38',
  textSoft: '#6B6963',
  halo: '#F7F6F3',
  accent: '#1F6F78',
  accentDeep: '#124A51',
  /** Near to far: one hue, deep to pale. */
  near: '#0F4C54',
  middle: '#3F8F95',
  far: '#A5CFCE',
  /** Shares of people covered, none to all, in the same hue. */
  shareLow: '#F1F4F0',
  shareHigh: '#2B7F87',
  /** A circle's fill is 12 % of the accent over the land, mixed beforehand and drawn
   *  opaque under everything: overlapping circles then stay one even tint. */
  circleFill: '#DDE6E4',
  /** Shares that a plan takes from, with no change in the land's colour between. */
  changeDown: '#B7791F',
  changeUp: '#1F6F78',
  /** What a plan leaves as it is, where its changes are shown. */
  unchanged: '#C4C0B7',
  lostDeep: '#5C3B07',
  gap: '#B7791F',
  gapFill: '#F3E3C3',
  unsnapped: '#8A8883',
  selected: '#1B1B1A',
} as const
