/** Words for finding place names, and for the search at the top of the map. */

export const zhNameSearch = {
  label: '查找地名',
  placeholder: '名称、曾用名、拼音或首字母',
  group: '地名',
  noneFound: '没有找到',
  failed: '查找没有成功，请再试一次',
  found: (n: string) => `找到 ${n} 条，用上下键选择`,
  /** why a name was found, other than by itself */
  by: { alias: '别名', former: '曾用名', pinyin: '拼音', initials: '首字母', same_sound: '同音', look_alike: '形近', one_character: '一字之差' } as Record<string, string>,
  named: (what: string, text: string) => `${what}“${text}”`,
  unplaced: '没有位置',
  top: {
    label: '查找地名、设施和辖区',
    placeholder: '查找地名、设施、辖区',
    facilities: '设施',
    divisions: '辖区',
    open: '看记录',
    close: '收起',
    mark: '名',
  },
}
