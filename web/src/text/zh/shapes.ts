/** Words for drawing where a record lies: a point, a line or an area. */

export const zhShapes = {
  draw: { area: '画范围', line: '画线', point: '点位置' },
  redraw: { area: '重画范围', line: '重画线', point: '重点位置' },
  cancel: '不画了',
  corners: '改角点',
  cornersDone: '改好了',
  clear: '去掉图形',
  drawHint: {
    area: '按住拖动，或逐点点击；点第一个点、双击或按回车结束，按 Esc 放弃。',
    line: '按住拖动，或逐点点击；双击或按回车结束，按 Esc 放弃。',
    point: '点图上的位置。',
  },
  cornersHint: '拖动角点，或选中后用方向键移动。',
  placed: '位置',
  placeHint: (name: string) => `点图上的位置，定下“${name}”；再点可以改。`,
  placeDone: '定好了',
  small: '画的图形太小，请再画一次。',
  none: '还没有画在图上。',
  typed: '填写坐标',
  typedHint: {
    area: '范围的角点，一行一个：经度, 纬度（WGS 84）。',
    line: '线的折点，一行一个：经度, 纬度（WGS 84）。',
    point: '经度, 纬度（WGS 84）。',
  },
  typedTake: '按坐标画出',
  typedWrong: {
    area: '请每行写“经度, 纬度”，至少三行。',
    line: '请每行写“经度, 纬度”，至少两行。',
    point: '请写“经度, 纬度”。',
  },
  corner: (n: string) => `角点 ${n}`,
  measured: (n: string) => `图上量得 ${n}`,
}
