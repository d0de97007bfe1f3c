import type { Messages } from '../zh'

/** Words for place names: their screens, the gazetteer, a record and its form. */
export const enNames: Messages['names'] = {
  nav: 'Names',
  pages: {
    nameDesk: 'Desk',
    names: 'Gazetteer',
    namePlan: 'Name plan',
    nameCase: 'Case',
    nameReview: 'My reviews',
    nameMeetings: 'Meetings',
    nameSurvey: 'Survey',
    nameSigns: 'Signs',
    nameReport: 'Figures',
    nameImport: 'Import',
    nameProcedures: 'Procedures',
    nameLists: 'Word lists',
    nameReadings: 'Readings',
    nameExperts: 'Experts',
    namePapers: 'Paper templates',
  },
  rules: 'Rules',
}
