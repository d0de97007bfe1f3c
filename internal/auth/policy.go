package auth

import (
	"fmt"
	"slices"
	"time"
)

// The profiles of a policy. A profile is where the numbers start; an authority may
// change each of them afterwards.
const (
	// ProfileStandard follows OWASP ASVS 5.0: long passwords, no composition rules and
	// no forced change (6.2.5, 6.2.10).
	ProfileStandard = "standard"
	// ProfileDJBH follows GB/T 22239-2019, level three (等保三级): complexity, regular
	// change, a second factor for administrators, and the three administrators apart.
	ProfileDJBH = "djbh"
)

// Policy is how strict an authority is about sign-in. The zero value is not valid; begin
// with Standard or DJBH.
type Policy struct {
	Profile      string `json:"profile" enum:"standard,djbh" doc:"Where the numbers started"`
	MinLength    int    `json:"min_length" doc:"Letters of a password at least"`
	NeedClasses  int    `json:"need_classes" doc:"How many of the four kinds of letters (a-z, A-Z, 0-9, others) a password must mix; 0 asks for none"`
	MaxAgeDays   int    `json:"max_age_days" doc:"Days after which a password must be changed; 0 is never"`
	Remember     int    `json:"remember" doc:"How many former passwords may not be used again"`
	Tries        int    `json:"tries" doc:"Wrong passwords until an account is locked"`
	LockMinutes  int    `json:"lock_minutes" doc:"How long a lock holds, and how long wrong passwords are remembered"`
	IdleMinutes  int    `json:"idle_minutes" doc:"A session ends after so long without a request"`
	SessionHours int    `json:"session_hours" doc:"A session ends after so long in any case"`
	TOTPRoles    []Role `json:"totp_roles" nullable:"false" doc:"Roles that need a one-time code beside the password"`
	StrictApart  bool   `json:"strict_apart" doc:"No account may hold two of the roles system_admin, security_admin and security_auditor"`
	TokenDays    int    `json:"token_days" doc:"The longest life of an API token"`
}

// Standard is the policy of an authority that never set one.
func Standard() Policy {
	return Policy{
		Profile: ProfileStandard, MinLength: 12, Tries: 5, LockMinutes: 15, IdleMinutes: 60, SessionHours: 12,
		TOTPRoles: []Role{}, TokenDays: 180,
	}
}

// DJBH is the strict policy that graded protection asks for.
func DJBH() Policy {
	return Policy{
		Profile: ProfileDJBH, MinLength: 10, NeedClasses: 3, MaxAgeDays: 90, Remember: 5, Tries: 5, LockMinutes: 15,
		IdleMinutes: 30, SessionHours: 8, TOTPRoles: Apart(), StrictApart: true, TokenDays: 90,
	}
}

// Lock is how long a lock holds.
func (p Policy) Lock() time.Duration { return time.Duration(p.LockMinutes) * time.Minute }

// Idle is how long a session lives without a request.
func (p Policy) Idle() time.Duration { return time.Duration(p.IdleMinutes) * time.Minute }

// Session is how long a session lives at most.
func (p Policy) Session() time.Duration { return time.Duration(p.SessionHours) * time.Hour }

// PasswordExpires is when a password that was set at a moment must be changed; the zero
// time when never.
func (p Policy) PasswordExpires(set time.Time) time.Time {
	if p.MaxAgeDays == 0 {
		return time.Time{}
	}
	return set.AddDate(0, 0, p.MaxAgeDays)
}

// NeedsTOTP reports whether somebody with these grants needs a second factor.
func (p Policy) NeedsTOTP(grants []Grant) bool {
	return slices.ContainsFunc(grants, func(g Grant) bool { return slices.Contains(p.TOTPRoles, g.Role) })
}

// Fault is one thing wrong with what a person gave. Field is the JSON name at fault, ""
// for the whole; Rule is a stable code word.
type Fault struct {
	Field  string
	Rule   string
	ZH, EN string
}

// bound is what a number of the policy may be.
type bound struct {
	field       string
	value       int
	least, most int
}

// Validate lists what is wrong with a policy; none when it may be used. The strict
// profile has floors of its own, since it is claimed before an assessor.
func (p Policy) Validate() []Fault {
	bounds := []bound{
		{"min_length", p.MinLength, 8, 64},
		{"need_classes", p.NeedClasses, 0, 4},
		{"max_age_days", p.MaxAgeDays, 0, 365},
		{"remember", p.Remember, 0, 24},
		{"tries", p.Tries, 3, 20},
		{"lock_minutes", p.LockMinutes, 1, 1440},
		{"idle_minutes", p.IdleMinutes, 5, 720},
		{"session_hours", p.SessionHours, 1, 24},
		{"token_days", p.TokenDays, 1, 365},
	}
	var faults []Fault
	switch p.Profile {
	case ProfileStandard:
	case ProfileDJBH:
		bounds = append(bounds[:0:0],
			bound{"min_length", p.MinLength, 8, 64}, bound{"need_classes", p.NeedClasses, 3, 4}, bound{"max_age_days", p.MaxAgeDays, 1, 90},
			bound{"remember", p.Remember, 1, 24}, bound{"tries", p.Tries, 3, 5}, bound{"lock_minutes", p.LockMinutes, 10, 1440},
			bound{"idle_minutes", p.IdleMinutes, 5, 30}, bound{"session_hours", p.SessionHours, 1, 12}, bound{"token_days", p.TokenDays, 1, 180})
		if !p.StrictApart {
			faults = append(faults, Fault{"strict_apart", "must_be_true", "等保方案要求三员分立", "the djbh profile keeps the three administrators apart"})
		}
	default:
		faults = append(faults, Fault{"profile", "unknown", "应为 standard 或 djbh", "must be standard or djbh"})
	}
	for _, b := range bounds {
		if b.value < b.least || b.value > b.most {
			faults = append(faults, Fault{
				b.field, "out_of_range",
				fmt.Sprintf("应为 %d 到 %d", b.least, b.most), fmt.Sprintf("must be %d to %d", b.least, b.most),
			})
		}
	}
	for i, r := range p.TOTPRoles {
		if !KnownRole(r) {
			faults = append(faults, Fault{
				fmt.Sprintf("totp_roles/%d", i), "unknown_role", "没有角色 " + string(r), "there is no role " + string(r),
			})
		}
	}
	return faults
}

// TogetherApart lists which of these roles the strict policy lets nobody hold together:
// none, or two or all three of Apart.
func TogetherApart(roles []Role) []Role {
	var held []Role
	for _, r := range Apart() {
		if slices.Contains(roles, r) {
			held = append(held, r)
		}
	}
	if len(held) < 2 {
		return nil
	}
	return held
}

// IsAdministrator reports whether one of the roles is of Apart.
func IsAdministrator(roles []Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(Apart(), r) })
}
