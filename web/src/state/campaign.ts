import type { Campaign, Question } from '../api/campaigns.types'

/** The days from one day to another, both as 2026-11-27; below zero when it is past. */
export function daysUntil(day: string, today: string): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000)
}

/** What a campaign comes to over all subdistricts. */
export function totals(campaign: Campaign): { tasks: number; returned: number; accepted: number; problems: number; solved: number } {
  const sum = { tasks: 0, returned: 0, accepted: 0, problems: 0, solved: 0 }
  for (const p of campaign.progress) {
    sum.tasks += p.tasks
    sum.returned += p.returned
    sum.accepted += p.accepted
    sum.problems += p.problems
    sum.solved += p.solved
  }
  return sum
}

/** A question in a language. */
export function asked(question: Question, lang: string): string {
  return lang === 'zh' ? question.zh : question.en || question.zh
}

/** The codes of questions that must be answered and are not, pictures aside. */
export function unanswered(questions: readonly Question[], answers: Record<string, unknown>): string[] {
  return questions.filter((q) => q.required && q.kind !== 'photo' && (answers[q.code] ?? '') === '').map((q) => q.code)
}
