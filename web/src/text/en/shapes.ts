import type { Messages } from '../zh'

/** Words for drawing where a record lies: a point, a line or an area. */
export const enShapes: Messages['shapes'] = {
  draw: { area: 'Draw the area', line: 'Draw the line', point: 'Set the point' },
  redraw: { area: 'Draw the area anew', line: 'Draw the line anew', point: 'Set the point anew' },
  cancel: 'Stop drawing',
  corners: 'Move corners',
  cornersDone: 'Done',
  clear: 'Take the shape away',
  drawHint: {
    area: 'Hold and drag, or click corner by corner; the first corner, a double click or Enter ends it, Esc gives it up.',
    line: 'Hold and drag, or click corner by corner; a double click or Enter ends it, Esc gives it up.',
    point: 'Click the place on the map.',
  },
  cornersHint: 'Drag a corner, or choose one and move it with the arrow keys.',
  placed: 'Position',
  placeHint: (name: string) => `Click the map to place “${name}”; click again to change it.`,
  placeDone: 'Done',
  small: 'That shape is too small. Please draw it again.',
  none: 'It is not drawn on the map yet.',
  typed: 'Type coordinates',
  typedHint: {
    area: 'Corners of the area, one per line: longitude, latitude (WGS 84).',
    line: 'Bends of the line, one per line: longitude, latitude (WGS 84).',
    point: 'Longitude, latitude (WGS 84).',
  },
  typedTake: 'Draw these coordinates',
  typedWrong: {
    area: 'Write “longitude, latitude” on each line, three lines at least.',
    line: 'Write “longitude, latitude” on each line, two lines at least.',
    point: 'Write “longitude, latitude”.',
  },
  corner: (n: string) => `Corner ${n}`,
  measured: (n: string) => `${n} measured on the map`,
}
