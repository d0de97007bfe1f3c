import { namePapersApi } from '../../api/namePapers'

/** Kinds of papers that have no number of their own. */
const unnumbered = ['survey_record', 'expert_opinion', 'consultation_summary', 'filing_form']

/** What people call the kinds of papers that get a number, by code, in the order of a case. */
export async function paperKindWords(lang: string, signal?: AbortSignal): Promise<Map<string, string>> {
  const { templates } = await namePapersApi.templates.list(lang, signal)
  return new Map(templates.filter((each) => !unnumbered.includes(each.kind)).map((each) => [each.kind, lang === 'zh' ? each.name_zh : each.name_en]))
}
