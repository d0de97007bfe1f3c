import { app } from '../../state/app.svelte'
import { session } from '../../state/session.svelte'

/** Whether the account writes plans: a plan is of the whole authority, so the right in one
 *  subdistrict is not enough. */
export function mayPlan(): boolean {
  return session.may('plan.write', app.district?.adcode ?? '')
}
