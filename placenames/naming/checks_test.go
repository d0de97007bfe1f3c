package naming_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/internal/rules"
	"yike/placenames"
	"yike/placenames/naming"
)

func ptr[T any](v T) *T { return &v }

// good are facts of which everything is known and by which every rule is kept: a road.
func good() naming.Facts {
	none := func() *naming.List { return &naming.List{Whole: true} }
	return naming.Facts{
		Name: placenames.Name{
			ID: "own", Text: "文教北路", Kind: "road", State: placenames.Proposed, Divisions: []string{"610112"}, BuiltUpArea: "xixian-1",
			Roman: "Wenjiao Beilu", Readings: []string{"wén", "jiào", "běi", "lù"}, Geometry: orb.LineString{{108.80, 34.31}, {108.81, 34.33}},
			Size: placenames.Size{Floors: 30, HeightM: 90, FloorM2: 400_000, SiteM2: 30_000, OpenM2: 5000, GreenPct: ptr(50.0)},
		},
		Act: placenames.Naming, Day: "2026-11-27",
		Register:  naming.Register{Searched: true, Whole: true},
		Lists:     naming.Lists{Leaders: none(), Persons: none(), Foreign: none(), Brands: none(), Banned: none()},
		Roman:     "Wenjiao Beilu",
		Use:       naming.Shops,
		OnHill:    ptr(true),
		Cut:       naming.Cut{Known: true},
		Reference: &naming.Reference{Name: "文教路", At: orb.Point{108.80, 34.30}},
		Papers: naming.Papers{
			Known: true, Materials: []string{"plan", "reasons", "location", "size", "nature"}, Needs: []string{"assessment", "experts", "consultation"}, NeedsKnown: true,
			Assessment: []string{"legality", "feasibility", "controllability", "effects", "risks", "responses"},
			Experts:    []string{"necessity", "science", "reason", "risks", "advice"}, Consultation: []string{"process", "range", "opinions", "handling"},
			Visits: ptr(1), VisitsFull: ptr(true), ExpertCount: ptr(3), FromBank: ptr(true), Conflicted: ptr(0),
		},
		Plan:      naming.PlanAnswer{In: ptr(true)},
		Clock:     naming.Clock{Approved: "2026-01-01", Filed: "2026-01-16", Announced: "2026-01-16", Sign: "2026-03-02", OtherDepartment: ptr(false)},
		StaleUses: ptr(0),
		Approver:  "city_county_government",
		Fields:    naming.Announcement{"name", "roman", "division", "position", "approver", "approved_on"},
	}
}

// change alters facts.
type change func(*naming.Facts)

func all(changes ...change) change {
	return func(f *naming.Facts) {
		for _, c := range changes {
			if c != nil {
				c(f)
			}
		}
	}
}

func named(kind, text string) change {
	return func(f *naming.Facts) { f.Name.Kind, f.Name.Text, f.Name.Readings = kind, text, nil }
}

func like(relation naming.Relation, text string) change {
	return func(f *naming.Facts) {
		e := naming.Entry{ID: "2", Text: text, Class: "street", Division: "610112", BuiltUpArea: "xixian-1", State: placenames.Approved}
		f.Register.Like = []naming.Match{{Entry: e, Relation: relation}}
	}
}

func unsearched(f *naming.Facts) { f.Register = naming.Register{} }
func nameless(f *naming.Facts)   { f.Name.Text = "" }

func listed(of func(*naming.Lists) **naming.List, words ...string) change {
	return func(f *naming.Facts) { *of(&f.Lists) = &naming.List{Words: words} }
}

func leaders(l *naming.Lists) **naming.List { return &l.Leaders }
func persons(l *naming.Lists) **naming.List { return &l.Persons }
func foreign(l *naming.Lists) **naming.List { return &l.Foreign }
func brands(l *naming.Lists) **naming.List  { return &l.Brands }
func banned(l *naming.Lists) **naming.List  { return &l.Banned }

func sized(c func(*placenames.Size)) change { return func(f *naming.Facts) { c(&f.Name.Size) } }

// golden are, for each rule by its key, facts by which it passes, fails and is undetermined,
// as changes to those of good.
type golden struct{ pass, fail, unknown change }

func relations(r naming.Relation, text string) golden {
	return golden{nil, like(r, text), unsearched}
}

func words(kind, good, bad string) golden {
	return golden{named(kind, good), named(kind, bad), all(named(kind, good), nameless)}
}

func papersOf(c func(*naming.Papers)) change { return func(f *naming.Facts) { c(&f.Papers) } }

func approver(kind, text, right, wrong string) golden {
	by := func(code string) change {
		return all(named(kind, text), func(f *naming.Facts) { f.Approver = code })
	}
	return golden{by(right), by(wrong), by("")}
}

// bySize is a rule of a generic that asks for a size.
func bySize(text string, use naming.Use, small, absent func(*placenames.Size)) golden {
	kind := "building"
	if strings.HasSuffix(text, "城") {
		kind = "estate"
	}
	base := all(named(kind, text), func(f *naming.Facts) { f.Use = use })
	return golden{base, all(base, sized(small)), all(base, sized(absent))}
}

func green(text string, enough, little float64) golden {
	base := named("estate", text)
	set := func(v *float64) change { return all(base, sized(func(s *placenames.Size) { s.GreenPct = v })) }
	return golden{set(&enough), set(&little), set(nil)}
}

func heads(cut func(*naming.Papers)) golden {
	return golden{nil, papersOf(cut), papersOf(func(p *naming.Papers) { p.NeedsKnown = false })}
}

func clock(c func(*naming.Clock), open func(*naming.Clock)) golden {
	return golden{nil, func(f *naming.Facts) { c(&f.Clock) }, func(f *naming.Facts) { open(&f.Clock) }}
}

func table() map[string]golden {
	return map[string]golden{
		"NAM-01@":              {nil, named("road", "文教"), named("unheard", "文教北路")},
		"NAM-02@":              relations(naming.SameName, "文教北路"),
		"NAM-02-stem@":         relations(naming.SameStem, "文教北街"),
		"NAM-03@":              relations(naming.SameSound, "文轿北路"),
		"NAM-03-near@":         relations(naming.NearSound, "问教北路"),
		"NAM-04@12":            relations(naming.OneApart, "文教中北路"),
		"NAM-04-look@12":       relations(naming.LookAlike, "又教北路"),
		"NAM-04-look@":         relations(naming.LookAlike, "又教北路"),
		"NAM-05@":              {nil, listed(leaders, "文教"), listed(leaders, "某某")},
		"NAM-06@":              {nil, listed(persons, "文教"), listed(persons, "某某")},
		"NAM-07@":              {nil, all(named("estate", "曼哈顿小区"), listed(foreign, "曼哈顿")), listed(foreign, "曼哈顿")},
		"NAM-07-sound@12":      words("estate", "沣东小区", "哈尔科夫小区"),
		"NAM-08@":              {nil, listed(brands, "文教"), func(f *naming.Facts) { f.Lists.Brands = nil }},
		"NAM-09@":              {nil, listed(banned, "文教"), func(f *naming.Facts) { f.Lists.Banned = nil }},
		"NAM-10@6101":          words("estate", "沣东小区", "天下名苑"),
		"NAM-10@12":            words("estate", "沣东小区", "环球小区"),
		"NAM-11@12":            words("estate", "沣东小区", "中华小区"),
		"NAM-12@":              words("road", "沣东路", "灃东路"),
		"NAM-12-rare@":         words("road", "沣东路", "𬇙东路"),
		"NAM-13@12":            words("road", "沣东路", "沣东A路"),
		"NAM-13@":              words("road", "沣东路", "沣东2路"),
		"NAM-14@12":            {named("estate", "沣东小区"), named("estate", "沣东花园小区"), named("estate", "沣东")},
		"NAM-14@6101":          {named("building", "沣东广场"), named("building", "沣东大厦广场"), named("building", "沣东")},
		"NAM-15@6101":          words("estate", "沣东小区", "沣东郡"),
		"NAM-15@3601":          words("estate", "沣东社区", "沣东国"),
		"NAM-16@3601":          words("estate", "沣东小区", "沣东湾"),
		"NAM-16-court@6101":    words("estate", "沣东小区", "沣东王府"),
		"NAM-16-court@37":      words("estate", "沣东小区", "沣东公馆"),
		"NAM-17@3601":          words("road", "沣东路", "文教文教文教文教路"),
		"NAM-17-moderate@3601": words("road", "沣东路", "沣东新城大学路"),
		"NAM-17-one@37":        words("road", "沣东路", "沣路"),
		"NAM-18@12":            bySize("沣东大厦", naming.Housing, func(s *placenames.Size) { s.Floors = 9 }, func(s *placenames.Size) { s.Floors = 0 }),
		"NAM-18-height@12":     bySize("沣东大厦", naming.Mixed, func(s *placenames.Size) { s.HeightM = 23.9 }, func(s *placenames.Size) { s.HeightM = 0 }),
		"NAM-19@12":            bySize("沣东新城", naming.Housing, func(s *placenames.Size) { s.FloorM2 = 299_999 }, func(s *placenames.Size) { s.FloorM2 = 0 }),
		"NAM-19-shops@12":      bySize("沣东城", naming.Shops, func(s *placenames.Size) { s.FloorM2 = 99_999 }, func(s *placenames.Size) { s.FloorM2 = 0 }),
		"NAM-20@12":            bySize("沣东广场", naming.Shops, func(s *placenames.Size) { s.SiteM2 = 9_999 }, func(s *placenames.Size) { s.SiteM2 = 0 }),
		"NAM-20-open@12":       bySize("沣东广场", naming.Shops, func(s *placenames.Size) { s.OpenM2 = 1_999 }, func(s *placenames.Size) { s.OpenM2 = 0 }),
		"NAM-21@12":            bySize("沣东中心", naming.Shops, func(s *placenames.Size) { s.SiteM2, s.FloorM2 = 19_999, 99_999 }, func(s *placenames.Size) { s.FloorM2 = 0 }),
		"NAM-21-use@12": {
			all(named("building", "沣东中心")), all(named("building", "沣东中心"), func(f *naming.Facts) { f.Use = naming.Mixed }),
			all(named("building", "沣东中心"), func(f *naming.Facts) { f.Use = "" }),
		},
		"NAM-22-garden@12": green("沣东花园", 40, 39.9),
		"NAM-22-home@12":   green("沣东家园", 35, 34.9),
		"NAM-22-villa@12":  green("沣东山庄", 45, 44.9),
		"NAM-23@12": {
			named("estate", "沣东山庄"), all(named("estate", "沣东山庄"), func(f *naming.Facts) { f.OnHill = ptr(false) }),
			all(named("estate", "沣东山庄"), func(f *naming.Facts) { f.OnHill = nil }),
		},
		"NAM-24@": {
			nil, func(f *naming.Facts) { f.Reference.At = orb.Point{108.80, 34.40} },
			func(f *naming.Facts) { f.Reference = nil },
		},
		"NAM-25@12": {
			named("estate", "沣东小区"), all(named("estate", "沣东小区"), func(f *naming.Facts) { f.Cut.Roads = []string{"沣东大道"} }),
			all(named("estate", "沣东小区"), func(f *naming.Facts) { f.Cut = naming.Cut{} }),
		},
		"NAM-26@":              {nil, func(f *naming.Facts) { f.Name.Roman = "Wenjiaobei Lu" }, func(f *naming.Facts) { f.Roman = "" }},
		"NAM-26-many@":         words("road", "沣东路", "长安路"),
		"NAM-26-many@6101":     words("road", "沣东路", "长安路"),
		"NAM-27@":              {nil, papersOf(func(p *naming.Papers) { p.Materials = p.Materials[1:] }), papersOf(func(p *naming.Papers) { p.Known = false })},
		"NAM-28@":              heads(func(p *naming.Papers) { p.Assessment = p.Assessment[1:] }),
		"NAM-28-experts@":      heads(func(p *naming.Papers) { p.Experts = []string{} }),
		"NAM-28-consultation@": heads(func(p *naming.Papers) { p.Consultation = p.Consultation[:3] }),
		"NAM-29@xixian":        {nil, papersOf(func(p *naming.Papers) { p.Visits = ptr(0) }), papersOf(func(p *naming.Papers) { p.Visits = nil })},
		"NAM-29-record@xixian": {nil, papersOf(func(p *naming.Papers) { p.VisitsFull = ptr(false) }), papersOf(func(p *naming.Papers) { p.VisitsFull = nil })},
		"NAM-30@xixian":        {nil, papersOf(func(p *naming.Papers) { p.ExpertCount = ptr(2) }), papersOf(func(p *naming.Papers) { p.ExpertCount = nil })},
		"NAM-30-bank@xixian":   {nil, papersOf(func(p *naming.Papers) { p.FromBank = ptr(false) }), papersOf(func(p *naming.Papers) { p.FromBank = nil })},
		"NAM-30-interest@":     {nil, papersOf(func(p *naming.Papers) { p.Conflicted = ptr(1) }), papersOf(func(p *naming.Papers) { p.Conflicted = nil })},
		"NAM-31-street@":       approver("road", "沣东路", "city_county_government", "housing_department"),
		"NAM-31-residence@":    approver("estate", "沣东小区", "housing_department", "city_county_government"),
		"NAM-31-facility@":     approver("bridge", "沣河大桥", "sector_department", "city_county_government"),
		"NAM-31-natural@":      approver("river", "沣河", "provincial_rule", "housing_department"),
		"NAM-31-division@":     approver("township", "沣东镇", "division_regulation", "housing_department"),
		"NAM-31-seat@":         approver("village_seat", "沣东村", "provincial_rule", "housing_department"),
		"NAM-31-park@":         approver("city_park", "沣东公园", "state_rule", "housing_department"),
		"NAM-31-other@":        approver("square", "沣东广场", "provincial_rule", "housing_department"),
		"NAM-32@":              clock(func(c *naming.Clock) { c.Filed = "2026-01-17" }, func(c *naming.Clock) { c.Approved, c.Filed = "2026-11-20", "" }),
		"NAM-33@":              clock(func(c *naming.Clock) { c.Announced = "" }, func(c *naming.Clock) { c.Approved, c.Announced = "2026-11-20", "" }),
		"NAM-33-other@": {
			func(f *naming.Facts) { f.Clock.OtherDepartment = ptr(true) },
			func(f *naming.Facts) { f.Clock.OtherDepartment, f.Clock.Announced = ptr(true), "2026-02-01" },
			func(f *naming.Facts) { f.Clock.OtherDepartment, f.Clock.Filed = ptr(true), "" },
		},
		"NAM-34@": {nil, func(f *naming.Facts) { f.Fields = f.Fields[:5] }, func(f *naming.Facts) { f.Fields = nil }},
		"NAM-35@": {
			func(f *naming.Facts) { f.Plan = naming.PlanAnswer{In: ptr(false), Reason: "规划后新增道路"} },
			func(f *naming.Facts) { f.Plan.In = ptr(false) }, func(f *naming.Facts) { f.Plan.In = nil },
		},
		"NAM-36@": {
			protected("挂牌展示旧名", placenames.Renaming), protected("", placenames.Renaming), protected("", ""),
		},
		"NAM-37@31": {nil, retiredName, unsearched},
		"NAM-37@":   {nil, retiredName, unsearched},
		"NAM-38@": {
			derived("沣河大桥", "沣河"), derived("沣河大桥", "渭河"),
			all(named("bridge", "沣河大桥"), func(f *naming.Facts) { f.Name.HostID = "3" }),
		},
		"NAM-39@":     {nil, func(f *naming.Facts) { f.StaleUses = ptr(12) }, func(f *naming.Facts) { f.StaleUses = nil }},
		"NAM-40@3302": clock(func(c *naming.Clock) { c.Sign = "2026-03-03" }, func(c *naming.Clock) { c.Approved, c.Sign = "2026-11-20", "" }),
	}
}

func protected(measures string, act placenames.DecisionKind) change {
	return func(f *naming.Facts) {
		f.Name.Heritage, f.Act = &placenames.Heritage{List: "保护名录", Measures: measures}, act
	}
}

func retiredName(f *naming.Facts) {
	like(naming.SameName, "文教北路")(f)
	f.Register.Like[0].Entry.State = placenames.Retired
}

func derived(text, host string) change {
	return all(named("bridge", text), func(f *naming.Facts) { f.Host = &naming.Entry{Text: host, Stem: host} })
}

// Every rule passes, fails and is undetermined in a case of its own.
func TestGolden(t *testing.T) {
	t.Parallel()
	k := checker(t)
	set, err := naming.Set()
	if err != nil {
		t.Fatal(err)
	}
	cases, seen := table(), map[string]bool{}
	for i := range set.Rules {
		r := &set.Rules[i]
		if seen[r.Key()] {
			t.Errorf("two rules have the key %s", r.Key())
		}
		seen[r.Key()] = true
		g, ok := cases[r.Key()]
		if !ok {
			t.Errorf("%s has no case", r.Key())
			continue
		}
		for want, c := range map[rules.Outcome]change{rules.Pass: g.pass, rules.Fail: g.fail, rules.Undetermined: g.unknown} {
			f := good()
			f.Regions = r.Regions
			if c != nil {
				c(&f)
			}
			found := k.Only(f, r.ID)
			at := slices.IndexFunc(found, func(x rules.Finding) bool { return x.Rule.Key() == r.Key() })
			if at < 0 {
				t.Errorf("%s: no finding", r.Key())
				continue
			}
			if got := found[at]; got.Outcome != want {
				t.Errorf("%s: %s, want %s (%s)", r.Key(), got.Outcome, want, got.ReasonEN)
			} else if want != rules.Pass && got.Value == nil && (got.ReasonZH == "" || got.ReasonEN == "") {
				t.Errorf("%s: %s without a reason", r.Key(), want)
			}
		}
	}
	for key := range cases {
		if !seen[key] {
			t.Errorf("a case for %s, which is no rule", key)
		}
	}
	for i := 1; i <= 40; i++ {
		id := "NAM-" + string(rune('0'+i/10)) + string(rune('0'+i%10))
		if !slices.ContainsFunc(set.Rules, func(r rules.Rule) bool { return r.ID == id }) {
			t.Errorf("%s is not there", id)
		}
	}
}

// Of facts that are not known nothing passes but what the name alone shows.
func TestNothingKnownIsNoPass(t *testing.T) {
	t.Parallel()
	k := checker(t)
	byName := []string{"NAM-01", "NAM-12", "NAM-13", "NAM-26"} // what the name alone shows
	for _, f := range k.Check(naming.Facts{Day: "2026-11-27", Name: placenames.Name{Kind: "road", Text: "沣东路"}}) {
		if f.Outcome == rules.Pass && !slices.Contains(byName, f.Rule.ID) {
			t.Errorf("%s passes by nothing", f.Rule.ID)
		}
	}
	for _, f := range k.Check(naming.Facts{}) {
		if f.Outcome == rules.Pass || f.Outcome == rules.Fail {
			t.Errorf("%s: %s of no name", f.Rule.ID, f.Outcome)
		}
	}
}

// A threshold whose text nobody has read is never an error, and an error cites one that was.
func TestErrorsWereRead(t *testing.T) {
	t.Parallel()
	set, err := naming.Set()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Rules {
		if r.Severity == rules.Error && !slices.Contains([]rules.Grade{"R", "r", "S3"}, r.Grade) {
			t.Errorf("%s is an error of grade %s", r.Key(), r.Grade)
		}
		if r.Grade == rules.ReadWhole && r.Cite.Source == "decree753" && r.Cite.Sentence == "" {
			t.Errorf("%s says that its text was read and does not quote it", r.Key())
		}
	}
}

func TestScopeIsTheLaws(t *testing.T) {
	t.Parallel()
	k := checker(t)
	outcome := func(c ...change) rules.Outcome {
		f := good()
		all(c...)(&f)
		return k.Only(f, "NAM-02")[0].Outcome
	}
	elsewhere := func(area string) change {
		return func(f *naming.Facts) { f.Register.Like[0].Entry.BuiltUpArea = area }
	}
	same := like(naming.SameName, "文教北路")
	for name, tc := range map[string]struct {
		c    []change
		want rules.Outcome
	}{
		"another built-up area":      {[]change{same, elsewhere("xixian-2")}, rules.Pass},
		"a built-up area not known":  {[]change{same, elsewhere("")}, rules.Undetermined},
		"a register that is not all": {[]change{func(f *naming.Facts) { f.Register.Whole = false }}, rules.Undetermined},
		"found in one that is not":   {[]change{same, func(f *naming.Facts) { f.Register.Whole = false }}, rules.Fail},
		"a rejected proposal":        {[]change{same, func(f *naming.Facts) { f.Register.Like[0].Entry.State = placenames.Rejected }}, rules.Pass},
		"a reserved name":            {[]change{same, func(f *naming.Facts) { f.Register.Like[0].Entry.State = placenames.Reserved }}, rules.Fail},
		"itself":                     {[]change{same, func(f *naming.Facts) { f.Register.Like[0].Entry.ID = "own" }}, rules.Pass},
		"another class":              {[]change{same, func(f *naming.Facts) { f.Register.Like[0].Entry.Class = "facility" }}, rules.Pass},
		"a bridge":                   {[]change{same, named("bridge", "沣河大桥")}, rules.NotApplicable},
		"a mountain, famous or not":  {[]change{named("mountain", "沣山")}, rules.Undetermined},
	} {
		if got := outcome(tc.c...); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

// What an expert lets pass with a reason is no fault; leaders and foreign names nobody lets
// pass.
func TestClearance(t *testing.T) {
	t.Parallel()
	k := checker(t)
	f := good()
	f.Lists.Persons, f.Lists.Leaders = &naming.List{Words: []string{"文教"}, Whole: true}, &naming.List{Words: []string{"文教"}, Whole: true}
	f.Cleared = []naming.Clearance{{Word: "文教", Reason: "为通用词语，与该人无特定联系", By: "专家甲"}}
	if got := k.Only(f, "NAM-06")[0].Outcome; got != rules.Pass {
		t.Errorf("a cleared word: %s", got)
	}
	if got := k.Only(f, "NAM-05")[0].Outcome; got != rules.Fail {
		t.Errorf("a leader's name was cleared: %s", got)
	}
	f.Cleared[0].Reason = ""
	if got := k.Only(f, "NAM-06")[0].Outcome; got != rules.Fail {
		t.Errorf("cleared without a reason: %s", got)
	}
	f = good()
	f.Lists.Foreign = k.Foreign()
	if got := k.Only(f, "NAM-07")[0].Outcome; got != rules.Undetermined {
		t.Errorf("a list that has not all was taken for all: %s", got)
	}
	f.Reviewed.Foreign = true
	if got := k.Only(f, "NAM-07")[0].Outcome; got != rules.Pass {
		t.Errorf("an expert confirmed it: %s", got)
	}
}

// A retired name is used again only on purpose.
func TestReuseOnPurpose(t *testing.T) {
	t.Parallel()
	k := checker(t)
	f := good()
	f.Regions = []string{"31"}
	retiredName(&f)
	if got := k.Only(f, "NAM-37")[0].Outcome; got != rules.Fail {
		t.Errorf("by accident: %s", got)
	}
	f.Name.Reuses = &placenames.Reuse{ID: "2", Reason: "恢复老地名"}
	if got := k.Only(f, "NAM-37")[0].Outcome; got != rules.Pass {
		t.Errorf("on purpose: %s", got)
	}
}

func TestDirections(t *testing.T) {
	t.Parallel()
	k := checker(t)
	for _, tc := range []struct {
		text string
		ref  orb.Point
		want rules.Outcome
	}{
		{"文教北路", orb.Point{108.80, 34.00}, rules.Pass},
		{"文教南路", orb.Point{108.80, 34.00}, rules.Fail},
		{"文教东路", orb.Point{108.80, 34.00}, rules.Undetermined}, // due north of it
		{"文教东路", orb.Point{108.00, 34.32}, rules.Pass},
		{"文教西路", orb.Point{108.00, 34.32}, rules.Fail},
		{"东文教路", orb.Point{108.00, 34.32}, rules.Pass},
		{"文教路", orb.Point{108.00, 34.32}, rules.NotApplicable},
		{"沣东路", orb.Point{109.80, 34.00}, rules.NotApplicable}, // no direction of 文教路
		{"文教北路", orb.Point{108.805, 34.32}, rules.Undetermined},
	} {
		f := good()
		named("road", tc.text)(&f)
		f.Reference = &naming.Reference{Name: "文教路", At: tc.ref}
		if got := k.Only(f, "NAM-24")[0]; got.Outcome != tc.want {
			t.Errorf("%s: %s, want %s", tc.text, got.Outcome, tc.want)
		}
	}
}

func TestNewCheckerNeedsRules(t *testing.T) {
	t.Parallel()
	if _, err := naming.NewChecker(nil, nil); err == nil {
		t.Error("a checker of nothing was made")
	}
}
