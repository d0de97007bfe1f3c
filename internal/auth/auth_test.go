package auth_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yike/internal/auth"
)

func rules(faults []auth.Fault) []string {
	var out []string
	for _, f := range faults {
		if f.ZH == "" || f.EN == "" {
			out = append(out, "a fault without words")
		}
		out = append(out, f.Rule)
	}
	return out
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	who := auth.Person{Name: "wangxm", DisplayName: "王小明", Department: "民政局", Phone: "13812341234"}
	for password, want := range map[string][]string{
		"correct-horse-battery-7": nil,
		"四个马匹电池订书钉都是对的呀":          nil,
		"short":                              {auth.RuleTooShort},
		"":                                   {auth.RuleTooShort, auth.RuleRepeats, auth.RuleCommon},
		"aaaaaaaaaaaaaaaa":                   {auth.RuleRepeats},
		"123456789012":                       {auth.RuleSequence, auth.RuleCommon},
		"qwertyuiop987654":                   {auth.RuleSequence, auth.RuleCommon},
		"password-2026!":                     {auth.RuleCommon},
		"Admin123Admin123":                   {auth.RuleCommon},
		"yike-demo-2026":                     {auth.RuleCommon},
		"my-name-is-wangxm-ok":               {auth.RulePersonal},
		"我是王小明住在花园里的人":                       {auth.RulePersonal},
		"call-13812341234-now":               {auth.RulePersonal},
		strings.Repeat("long-enough-9", 100): {auth.RuleTooLong},
	} {
		if got := rules(auth.CheckPassword(auth.Standard(), who, password)); !slices.Equal(got, want) {
			t.Errorf("%.30q breaks %v, want %v", password, got, want)
		}
	}
	for password, want := range map[string][]string{
		"Gate7Lamp-River":    nil,
		"gate7lamp-river":    nil,
		"gatelampriver":      {auth.RuleClasses},
		"gate7lampriverwalk": {auth.RuleClasses},
	} {
		if got := rules(auth.CheckPassword(auth.DJBH(), auth.Person{}, password)); !slices.Equal(got, want) {
			t.Errorf("%q breaks %v of the strict rules, want %v", password, got, want)
		}
	}
}

// TestAnyPasswordIsJudged holds that no text breaks the judge, and that a longer one is
// never too short.
func TestAnyPasswordIsJudged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		password := rapid.String().Draw(rt, "password")
		who := auth.Person{Name: rapid.String().Draw(rt, "name")}
		got := rules(auth.CheckPassword(auth.Standard(), who, password))
		if short := len([]rune(password)) < 12; short != slices.Contains(got, auth.RuleTooShort) {
			rt.Fatalf("%q breaks %v", password, got)
		}
	})
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*auth.Policy)
		want   []string
	}{
		"standard":              {func(*auth.Policy) {}, nil},
		"djbh":                  {func(p *auth.Policy) { *p = auth.DJBH() }, nil},
		"nothing":               {func(p *auth.Policy) { *p = auth.Policy{} }, []string{"profile", "min_length", "tries", "lock_minutes", "idle_minutes", "session_hours", "token_days"}},
		"short":                 {func(p *auth.Policy) { p.MinLength = 7 }, []string{"min_length"}},
		"endless":               {func(p *auth.Policy) { p.SessionHours = 25 }, []string{"session_hours"}},
		"a role that is none":   {func(p *auth.Policy) { p.TOTPRoles = []auth.Role{auth.Planner, "king"} }, []string{"totp_roles/1"}},
		"djbh, not apart":       {func(p *auth.Policy) { *p = auth.DJBH(); p.StrictApart = false }, []string{"strict_apart"}},
		"djbh, never to change": {func(p *auth.Policy) { *p = auth.DJBH(); p.MaxAgeDays = 0 }, []string{"max_age_days"}},
		"djbh, many tries":      {func(p *auth.Policy) { *p = auth.DJBH(); p.Tries = 6 }, []string{"tries"}},
	} {
		p := auth.Standard()
		tc.change(&p)
		var got []string
		for _, f := range p.Validate() {
			got = append(got, f.Field)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: faults in %v, want %v", name, got, tc.want)
		}
	}
}

func TestApart(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		roles []auth.Role
		want  int
	}{
		{nil, 0},
		{[]auth.Role{auth.SystemAdmin, auth.Planner}, 0},
		{[]auth.Role{auth.SystemAdmin, auth.SystemAdmin}, 0},
		{[]auth.Role{auth.SecurityAuditor, auth.Planner, auth.SystemAdmin}, 2},
		{auth.Apart(), 3},
	} {
		if got := auth.TogetherApart(tc.roles); len(got) != tc.want {
			t.Errorf("%v: %v are apart, want %d", tc.roles, got, tc.want)
		}
	}
	if !auth.IsAdministrator([]auth.Role{auth.Planner, auth.SecurityAuditor}) || auth.IsAdministrator([]auth.Role{auth.Planner}) {
		t.Error("an administrator is not known for one")
	}
}

func TestMaskPhone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "110": "***", "12345": "***45", "87654321": "******21", "13812341234": "138****1234",
		"029-87654321": "029-****4321", "+86 13812341234": "+86 138****1234",
	} {
		if got := auth.MaskPhone(in); got != want {
			t.Errorf("%s is shown as %s, want %s", in, got, want)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		token := auth.FormToken([20]byte(rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(rt, "random")))
		if len(token) != 39 || !auth.WellFormedToken(token) {
			rt.Fatalf("%s is not taken", token)
		}
		i := rapid.IntRange(3, len(token)-1).Draw(rt, "letter mistyped")
		mistyped := []byte(token)
		mistyped[i] = "0123456789abcdefghjkmnpqrstvwxyz"[rapid.IntRange(0, 31).Draw(rt, "as")]
		if string(mistyped) != token && auth.WellFormedToken(string(mistyped)) {
			rt.Fatalf("%s is taken for %s", mistyped, token)
		}
	})
	for _, s := range []string{"", "yk_", "yk_é", strings.Repeat("0", 39)} {
		if auth.WellFormedToken(s) {
			t.Errorf("%q is taken", s)
		}
	}
}

func TestIdentityMay(t *testing.T) {
	t.Parallel()
	steward := auth.Identity{Grants: []auth.Grant{{Role: auth.Steward, Division: "990101001"}, {Role: auth.ReadOnly}}}
	token, busy := steward, steward
	token.TokenActions = []auth.Action{auth.MapRead}
	busy.Must = auth.MustChangePassword
	for _, tc := range []struct {
		who      auth.Identity
		action   auth.Action
		division string
		want     bool
	}{
		{steward, auth.FacilityWrite, "", true},
		{steward, auth.FacilityWrite, "990101001002", true},
		{steward, auth.FacilityWrite, "990101002", false},
		{steward, auth.FacilityWrite, "990101", false},
		{steward, auth.MapRead, "990101002", true},
		{steward, auth.AuditRead, "", false},
		{token, auth.MapRead, "", true},
		{token, auth.FacilityWrite, "990101001", false},
		{busy, auth.MapRead, "", false},
		{auth.Identity{}, auth.MapRead, "", false},
	} {
		if got := tc.who.May(tc.action, tc.division); got != tc.want {
			t.Errorf("%s in %q: %v", tc.action, tc.division, got)
		}
	}
	if got := token.Actions(); !slices.Equal(got, []auth.Action{auth.MapRead}) {
		t.Errorf("the token's actions are %v", got)
	}
	ctx := auth.With(t.Context(), steward)
	if _, ok := auth.From(t.Context()); ok {
		t.Error("somebody where nobody signed in")
	}
	if got, ok := auth.From(ctx); !ok || len(got.Grants) != 2 {
		t.Errorf("%+v, %v", got, ok)
	}
}

// TestEveryActionAndRoleHasWords holds that people are told of rights in words.
func TestEveryActionAndRoleHasWords(t *testing.T) {
	t.Parallel()
	for _, a := range auth.Actions() {
		if zh, en := a.Words(); zh == string(a) || en == string(a) {
			t.Errorf("%s has no words", a)
		}
		if !slices.ContainsFunc(auth.Roles(), func(r auth.RoleInfo) bool { return auth.Allows(r.Role, a) }) {
			t.Errorf("nobody may %s", a)
		}
	}
	for _, r := range auth.Roles() {
		if info, ok := auth.RoleInfoOf(r.Role); !ok || info.ZH == "" || info.EN == "" {
			t.Errorf("%s has no words", r.Role)
		}
	}
	if zh, _ := auth.Action("x.y").Words(); zh != "x.y" || auth.Allows(auth.Planner, "x.y") || auth.KnownRole("king") {
		t.Error("what is unknown is known")
	}
	if _, ok := auth.RoleInfoOf("king"); ok {
		t.Error("a role that is none is described")
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	long, odd := strings.Repeat("长", 101), auth.Status("odd")
	for name, tc := range map[string]struct {
		faults []auth.Fault
		want   []string
	}{
		"good account":     {auth.NewAccount{Name: "wang.xm-2", DisplayName: "王", Phone: "+86 (29) 8765-4321"}.Validate(), nil},
		"no name":          {auth.NewAccount{DisplayName: "王"}.Validate(), []string{"name"}},
		"capital":          {auth.NewAccount{Name: "Wang", DisplayName: "王"}.Validate(), []string{"name"}},
		"everything wrong": {auth.NewAccount{Name: "-", DisplayName: " ", Department: long, Phone: "ring me"}.Validate(), []string{"name", "display_name", "department", "phone"}},
		"no change":        {auth.AccountChange{}.Validate(), nil},
		"odd status":       {auth.AccountChange{Status: &odd, DisplayName: &long}.Validate(), []string{"display_name", "status"}},
		"good grant":       {auth.Grant{Role: auth.Steward, Division: "990101001"}.Validate(), nil},
		"no role":          {auth.Grant{Role: "king"}.Validate(), []string{"role"}},
		"no division":      {auth.Grant{Role: auth.Planner, Division: "东街"}.Validate(), []string{"division_code"}},
		"not bounded":      {auth.Grant{Role: auth.SystemAdmin, Division: "990101"}.Validate(), []string{"division_code"}},
		"good token":       {auth.NewToken{Name: "QGIS", Actions: []auth.Action{auth.MapRead}, Days: 180}.Validate(auth.Standard(), func(auth.Action) bool { return true }), nil},
		"bad token":        {auth.NewToken{Days: 181}.Validate(auth.Standard(), nil), []string{"name", "actions", "days"}},
		"another's right":  {auth.NewToken{Name: "x", Actions: []auth.Action{auth.AuditRead}, Days: 1}.Validate(auth.Standard(), func(auth.Action) bool { return false }), []string{"actions"}},
	} {
		var got []string
		for _, f := range tc.faults {
			got = append(got, f.Field)
			if f.ZH == "" || f.EN == "" {
				t.Errorf("%s: a fault without words", name)
			}
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: faults in %v, want %v", name, got, tc.want)
		}
	}
}

func TestDemoAccounts(t *testing.T) {
	t.Parallel()
	all := auth.DemoAccounts("990101001")
	for i, d := range all {
		want := auth.Grant{Role: auth.Roles()[i].Role}
		if want.Role == auth.Steward {
			want.Division = "990101001"
		}
		faults := auth.NewAccount{Name: d.Name, DisplayName: d.DisplayName}.Validate()
		if d.Grant != want || len(faults) > 0 || len(d.Grant.Validate()) > 0 {
			t.Errorf("%+v: %v", d, faults)
		}
	}
	if len(all) != len(auth.Roles()) {
		t.Errorf("%d accounts for %d roles", len(all), len(auth.Roles()))
	}
}
