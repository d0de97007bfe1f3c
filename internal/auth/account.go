package auth

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Account is a person or a program that may sign in, as those who administer accounts
// see it.
type Account struct {
	ID          string
	Version     int
	Name        string // typed to sign in; never changes
	DisplayName string
	Department  string
	Phone       string // in full; whoever shows it to others masks it
	Status      Status
	Demo        bool
	Grants      []GrantRecord
	TOTP        bool      // a second factor is in force
	LockedUntil time.Time // zero when not locked
	LastSeenAt  time.Time // zero when never
}

// Roles lists the account's roles.
func (a Account) Roles() []Role {
	out := make([]Role, len(a.Grants))
	for i, g := range a.Grants {
		out[i] = g.Role
	}
	return out
}

// GrantRecord is a grant with its id.
type GrantRecord struct {
	ID string `json:"id"`
	Grant
}

// Status says whether an account may be used.
type Status string

// The statuses.
const (
	Active   Status = "active"
	Disabled Status = "disabled"
)

// NewAccount is what an account is made of.
type NewAccount struct{ Name, DisplayName, Department, Phone string }

// AccountChange is what is to change of an account; nil leaves a field as it is.
type AccountChange struct {
	DisplayName, Department, Phone *string
	Status                         *Status
}

// The most letters of what describes a person.
const (
	longestText  = 100
	longestPhone = 32
)

// accountName is the form of what is typed to sign in.
func accountName() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,62}$`) }

// PlainName is the form in which names are compared: without spaces around, in small letters.
func PlainName(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }

// longestReason is how many letters a reason may have.
const longestReason = 500

// GoodReason reports whether a reason says anything, and can be kept.
func GoodReason(reason string) bool {
	return strings.TrimSpace(reason) != "" && len([]rune(reason)) <= longestReason && !hasControl(reason)
}

// hasControl reports whether s holds what no person types: PostgreSQL keeps no NUL, and
// no screen shows the others.
func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' })
}

// Validate lists what is wrong with a new account.
func (n NewAccount) Validate() []Fault {
	var faults []Fault
	if !accountName().MatchString(n.Name) {
		faults = append(faults, Fault{
			"name", "form", "2 到 63 个小写字母、数字或 . _ -，以字母或数字开头",
			"2 to 63 small letters, digits or . _ -, beginning with a letter or digit",
		})
	}
	return append(faults, AccountChange{DisplayName: &n.DisplayName, Department: &n.Department, Phone: &n.Phone}.Validate()...)
}

// Validate lists what is wrong with a change.
func (c AccountChange) Validate() []Fault {
	var faults []Fault
	if c.DisplayName != nil && strings.TrimSpace(*c.DisplayName) == "" {
		faults = append(faults, Fault{"display_name", "empty", "不能为空", "must not be empty"})
	}
	for _, f := range []struct {
		field string
		value *string
		most  int
	}{{"display_name", c.DisplayName, longestText}, {"department", c.Department, longestText}, {"phone", c.Phone, longestPhone}} {
		switch {
		case f.value == nil:
		case len([]rune(*f.value)) > f.most:
			faults = append(faults, Fault{f.field, "too_long", "太长", "too long"})
		case hasControl(*f.value):
			faults = append(faults, Fault{f.field, "form", "不能有控制字符", "must not hold control characters"})
		}
	}
	if c.Phone != nil && !hasControl(*c.Phone) && strings.ContainsFunc(*c.Phone, func(r rune) bool { return !strings.ContainsRune("0123456789+-() ", r) }) {
		faults = append(faults, Fault{"phone", "form", "只能有数字、空格和 + - ( )", "only digits, spaces and + - ( )"})
	}
	if c.Status != nil && *c.Status != Active && *c.Status != Disabled {
		faults = append(faults, Fault{"status", "unknown", "应为 active 或 disabled", "must be active or disabled"})
	}
	return faults
}

// Validate lists what is wrong with a grant.
func (g Grant) Validate() []Fault {
	var faults []Fault
	if !KnownRole(g.Role) {
		return []Fault{{"role", "unknown_role", "没有这个角色", "there is no such role"}}
	}
	if len(g.Division) > 12 || strings.ContainsFunc(g.Division, func(r rune) bool { return r < '0' || r > '9' }) {
		faults = append(faults, Fault{"division_code", "form", "应为 6、9 或 12 位辖区代码，或留空", "must be a code of 6, 9 or 12 digits, or empty"})
	}
	if info, _ := RoleInfoOf(g.Role); g.Division != "" && !info.Bounded {
		faults = append(faults, Fault{"division_code", "not_bounded", "该角色不按辖区授予，请留空", "this role is not bounded to a division; leave it empty"})
	}
	return faults
}

// Client is where a request comes from.
type Client struct {
	From    string // address
	Agent   string // what the client calls itself
	TraceID string
	Demo    bool // demonstration accounts may be used from here
}

// Credentials are what a person signs in with. Code is a one-time or a recovery code, or "".
type Credentials struct{ Name, Password, Code string }

// SignedIn is a new session. Token is for the cookie and is kept nowhere else.
type SignedIn struct {
	Token     string
	ExpiresAt time.Time
	Identity  Identity
}

// Own is what an account's owner is told of it.
type Own struct {
	Account
	Policy            Policy
	PasswordExpiresAt time.Time // zero when never
	LastLogin         LastLogin
}

// LastLogin is the sign-in before the present session; zero when there was none.
type LastLogin struct {
	At   time.Time
	From string
}

// Session is one place where an account is signed in.
type Session struct {
	ID         string
	From       string
	Agent      string
	CreatedAt  time.Time
	LastSeenAt time.Time
}

// Token is an API token without its secret.
type Token struct {
	ID         string
	Name       string
	Actions    []Action
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt time.Time // zero when never
	RevokedAt  time.Time // zero when not
}

// NewToken asks for an API token.
type NewToken struct {
	Name    string
	Actions []Action
	Days    int
}

// Validate lists what is wrong with what is asked for, under a policy, by somebody who
// may do some actions. A token without actions is refused: it could do nothing.
func (n NewToken) Validate(p Policy, may func(Action) bool) []Fault {
	var faults []Fault
	if name := strings.TrimSpace(n.Name); name == "" || len([]rune(name)) > longestText || hasControl(name) {
		faults = append(faults, Fault{"name", "form", "请写明用途，不超过 100 个字", "say what it is for, in at most 100 letters"})
	}
	if len(n.Actions) == 0 {
		faults = append(faults, Fault{"actions", "empty", "至少选一项权限", "choose at least one action"})
	}
	for _, a := range n.Actions {
		if !may(a) {
			faults = append(faults, Fault{"actions", "not_yours", "本人没有此项权限：" + string(a), "you may not do this yourself: " + string(a)})
		}
	}
	if n.Days < 1 || n.Days > p.TokenDays {
		faults = append(faults, Fault{
			"days", "out_of_range", "有效期应为 1 到 " + itoa(p.TokenDays) + " 天", "must be 1 to " + itoa(p.TokenDays) + " days",
		})
	}
	return faults
}

// NewTOTP is a second factor that is not in force yet. It is a secret.
type NewTOTP struct{ Secret, URI string }

// StoredPolicy is the policy of an authority; version 0 is one that was never set.
type StoredPolicy struct {
	Version int
	Policy  Policy
}

// AccountQuery asks for a page of accounts.
type AccountQuery struct {
	Text  string // in the name, the name for people or the department, in any case
	After string // the name that the page before ended with
	Limit int
}

// FirstPassword is a one-time password, to be told once.
type FirstPassword struct{ Name, Password string }

// Credential is the secret that a request came with: a session's from the cookie, or an
// API token.
type Credential struct{ Session, Token string }

// Vouched is who somebody is by the word of an identity provider (OpenID Connect): the
// pair of issuer and subject is theirs for ever, the names are for people.
type Vouched struct{ Issuer, Subject, Name, DisplayName string }

// Reset is what an administrator does to an account whose owner cannot get in.
type Reset struct {
	Reason     string
	RemoveTOTP bool // the second factor is lost too; obeyed for the command line only
}
