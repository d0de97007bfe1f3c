/** Words for place names: their screens, the gazetteer, a record and its form. */

export const zhNames = {
  nav: '地名',
  pages: {
    nameDesk: '工作台',
    names: '地名录',
    namePlan: '地名规划',
    nameCase: '办件',
    nameReview: '我的审阅',
    nameMeetings: '审议会',
    nameSurvey: '踏勘',
    nameSigns: '标志',
    nameReport: '统计',
    nameImport: '导入',
    nameProcedures: '办理程序',
    nameLists: '词表',
    nameReadings: '读音',
    nameExperts: '专家库',
    namePapers: '文书模板',
  },
  rules: '规则',
}
