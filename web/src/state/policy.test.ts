import { expect, it } from 'vitest'
import { differences, preset } from './policy'

it('finds no difference of a policy to itself, in whatever order its roles are', () => {
  const a = preset('djbh')
  const b = { ...preset('djbh'), totp_roles: [...a.totp_roles].reverse() }
  expect(differences(a, b)).toEqual([])
})

it('names what differs', () => {
  const changed = { ...preset('standard'), tries: 3, strict_apart: true, totp_roles: ['system_admin'] }
  expect(differences(preset('standard'), changed)).toEqual(['tries', 'strict_apart', 'totp_roles'])
})

it('gives presets that cannot be changed by whoever asked', () => {
  preset('djbh').totp_roles.push('planner')
  expect(preset('djbh').totp_roles).not.toContain('planner')
})
