import type { Messages } from '../zh'

export const enNameSearch: Messages['nameSearch'] = {
  label: 'Find a place name',
  placeholder: 'Name, former name, pinyin or initials',
  group: 'Place names',
  noneFound: 'Nothing found',
  failed: 'The search did not succeed; try again',
  found: (n) => `${n} found; choose with the arrow keys`,
  by: {
    alias: 'other name',
    former: 'former name',
    pinyin: 'pinyin',
    initials: 'initials',
    same_sound: 'sounds alike',
    look_alike: 'looks alike',
    one_character: 'one character apart',
  },
  named: (what, text) => `${what} “${text}”`,
  unplaced: 'no position',
  top: {
    label: 'Find place names, facilities and divisions',
    placeholder: 'Find names, facilities, divisions',
    facilities: 'Facilities',
    divisions: 'Divisions',
    open: 'See the record',
    close: 'Close',
    mark: 'N',
  },
}
