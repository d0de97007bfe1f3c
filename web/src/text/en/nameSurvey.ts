import type { zhNameSurvey } from '../zh/nameSurvey'

export const enNameSurvey: typeof zhNameSurvey = {
  title: 'Survey',
}
