/** Words for the field survey of a case of place names. */

export const zhNameSurvey = {
  title: '踏勘',
}
