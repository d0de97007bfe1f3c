import { get, send } from './http'
import type { Expert, ExpertWords, Handling, Meeting, MeetingWords, Member, MemberWords, NoticeWords, OpinionWords, Panel, PanelCase, PanelPlan, PanelRules, ReplyWords, Rows, Work } from './namePanel.types'

const of = (id: string) => `name-cases/${encodeURIComponent(id)}`
const post = async <T>(path: string, body: unknown, key: string, lang: string): Promise<T> => (await send<T>('POST', path, { lang, body, key })).body

export const namePanelApi = {
  rules: (lang: string, signal?: AbortSignal) => get<PanelRules>('name-panel-rules', lang, signal),
  setRules: async (plan: PanelPlan & { reason: string }, version: number, lang: string) => (await send<PanelRules>('PUT', 'name-panel-rules', { lang, body: plan, version })).body,
  experts: (lang: string, signal?: AbortSignal) => get<Rows<Expert>>('experts', lang, signal),
  addExpert: (words: ExpertWords & { reason: string }, key: string, lang: string) => post<Rows<Expert>>('experts', words, key, lang),
  changeExpert: async (id: string, version: number, words: ExpertWords & { reason: string }, lang: string) =>
    (await send<Rows<Expert>>('PUT', `experts/${id}`, { lang, body: words, version })).body,
  members: (lang: string, signal?: AbortSignal) => get<Rows<Member>>('name-members', lang, signal),
  addMember: (words: MemberWords & { reason: string }, key: string, lang: string) => post<Rows<Member>>('name-members', words, key, lang),
  changeMember: async (id: string, version: number, words: MemberWords & { reason: string }, lang: string) =>
    (await send<Rows<Member>>('PUT', `name-members/${id}`, { lang, body: words, version })).body,

  panel: (id: string, lang: string, signal?: AbortSignal) => get<Panel>(`${of(id)}/panel`, lang, signal),
  invite: (id: string, body: { experts?: string[]; draw?: number; fields?: string[]; day: string; due?: string }, key: string, lang: string) => post<Panel>(`${of(id)}/reviews`, body, key, lang),
  conflict: (id: string, review: string, conflict: 'declared' | 'cleared', reason: string, key: string, lang: string) =>
    post<Panel>(`${of(id)}/reviews/${review}/conflict`, { conflict, reason }, key, lang),
  dismiss: (id: string, review: string, reason: string, key: string, lang: string) => post<Panel>(`${of(id)}/reviews/${review}/dismissal`, { reason }, key, lang),
  opine: (id: string, review: string, opinion: OpinionWords, key: string, lang: string) => post<Panel>(`${of(id)}/reviews/${review}/opinion`, opinion, key, lang),
  ask: (id: string, body: { offices: string[]; day: string; due?: string; question?: string; document?: string }, key: string, lang: string) =>
    post<Panel>(`${of(id)}/consultations`, body, key, lang),
  reply: (id: string, ask: string, reply: ReplyWords, key: string, lang: string) => post<Panel>(`${of(id)}/consultations/${ask}/reply`, reply, key, lang),
  recall: (id: string, ask: string, reason: string, key: string, lang: string) => post<Panel>(`${of(id)}/consultations/${ask}/recall`, { reason }, key, lang),
  publish: (id: string, notice: NoticeWords, key: string, lang: string) => post<Panel>(`${of(id)}/notices`, notice, key, lang),
  withdraw: async (notice: string, version: number, reason: string, lang: string) => {
    await send('PATCH', `name-notices/${notice}`, { lang, body: { withdrawn: reason, reason }, version })
  },
  answer: (comment: string, handling: Handling, reason: string, key: string, lang: string) => post<unknown>(`name-comments/${comment}/answer`, { handling, reason }, key, lang),
  reveal: async (comment: string, reason: string, lang: string) =>
    (await send<{ person_name: string; contact: string }>('POST', `name-comments/${comment}/reveal`, { lang, body: { reason } })).body,

  meetings: (lang: string, signal?: AbortSignal) => get<Rows<Meeting> & { cases: PanelCase[] }>('name-meetings', lang, signal),
  meeting: (id: string, lang: string, signal?: AbortSignal) => get<Meeting>(`name-meetings/${id}`, lang, signal),
  plan: (words: MeetingWords, key: string, lang: string) => post<Meeting>('name-meetings', words, key, lang),
  write: async (id: string, version: number, words: MeetingWords, lang: string) => (await send<Meeting>('PUT', `name-meetings/${id}`, { lang, body: words, version })).body,
  work: (lang: string, signal?: AbortSignal) => get<Work>('name-work', lang, signal),
}
