import type { ProjectBody } from '../../api/plans.types'
import type { zhPlans } from '../../text/zh/plans'

/** The years of a project in words; what nobody says is said to be so. */
export function projectYears(project: Pick<ProjectBody, 'from' | 'to'>, words: (typeof zhPlans)['projects']): string {
  if (project.from && project.to) return words.fromTo(project.from, project.to)
  if (project.to) return words.until(project.to)
  if (project.from) return words.since(project.from)
  return words.undated
}
