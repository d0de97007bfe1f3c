import type { Policy, Profile } from '../api/admin.types'

/** The settings that are numbers, in the order people are shown them. */
export const numbers = [
  'min_length',
  'need_classes',
  'max_age_days',
  'remember',
  'tries',
  'lock_minutes',
  'idle_minutes',
  'session_hours',
  'token_days',
] as const
export type NumberSetting = (typeof numbers)[number]

/** The administrators that the strict policy keeps apart (三员). */
export const apart = ['system_admin', 'security_admin', 'security_auditor']

const standard: Policy = {
  profile: 'standard',
  min_length: 12,
  need_classes: 0,
  max_age_days: 0,
  remember: 0,
  tries: 5,
  lock_minutes: 15,
  idle_minutes: 60,
  session_hours: 12,
  totp_roles: [],
  strict_apart: false,
  token_days: 180,
}

const djbh: Policy = {
  profile: 'djbh',
  min_length: 10,
  need_classes: 3,
  max_age_days: 90,
  remember: 5,
  tries: 5,
  lock_minutes: 15,
  idle_minutes: 30,
  session_hours: 8,
  totp_roles: apart,
  strict_apart: true,
  token_days: 90,
}

/** What a preset says, as the server has it too. */
export function preset(profile: Profile): Policy {
  return structuredClone(profile === 'djbh' ? djbh : standard)
}

/** The settings in which two policies differ; the name of the preset is none. */
export function differences(a: Policy, b: Policy): string[] {
  const out: string[] = numbers.filter((key) => a[key] !== b[key])
  if (a.strict_apart !== b.strict_apart) out.push('strict_apart')
  if ([...a.totp_roles].sort().join() !== [...b.totp_roles].sort().join()) out.push('totp_roles')
  return out
}
