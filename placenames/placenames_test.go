package placenames_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/internal/record"
	"yike/placenames"
)

const today = record.Day("2026-11-27")

func catalogue(t testing.TB) *placenames.Catalogue {
	t.Helper()
	c, err := placenames.NewCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func road() placenames.Name {
	return placenames.Name{
		ID: "1", Version: 1, Text: "沣东大道", Kind: "road", State: placenames.Approved, Divisions: []string{"610112001"},
		Geometry: orb.LineString{{108.8, 34.3}, {108.9, 34.3}}, Decision: decision(placenames.Naming), ValidFrom: "2020-01-01",
	}
}

func decision(k placenames.DecisionKind) placenames.Decision {
	return placenames.Decision{Kind: k, Number: "陕西咸函〔2026〕1号", Day: "2026-11-20", Body: "西咸新区管委会"}
}

func fields(t *testing.T, faults []record.Fault) []string {
	t.Helper()
	var out []string
	for _, f := range faults {
		if f.ZH == "" || f.EN == "" || f.Field == "" {
			t.Errorf("a fault without field or words: %+v", f)
		}
		out = append(out, f.Field)
	}
	return out
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	if len(c.Classes) != 8 {
		t.Errorf("%d classes; article 3 has 8", len(c.Classes))
	}
	yes, no := true, false
	for _, tc := range []struct {
		kind   string
		famous *bool
		scope  string
		known  bool
	}{
		{"road", nil, placenames.BuiltUpArea, true},
		{"estate", nil, placenames.BuiltUpArea, true},
		{"village_seat", nil, placenames.County, true},
		{"township", nil, placenames.Province, true},
		{"county_up", nil, placenames.Nation, true},
		{"mountain", &yes, placenames.Nation, true},
		{"mountain", &no, placenames.NoScope, true},
		{"mountain", nil, "", false},
		{"bridge", nil, placenames.NoScope, true},
		{"unheard", nil, "", false},
	} {
		if scope, known := c.Scope(placenames.Name{Kind: tc.kind, Famous: tc.famous}); scope != tc.scope || known != tc.known {
			t.Errorf("%s: %q %v", tc.kind, scope, known)
		}
	}
}

func TestCatalogueRefused(t *testing.T) {
	t.Parallel()
	const lists = `"scopes":[{"code":"none","zh":"无","en":"none"}],"geometries":[{"code":"point","zh":"点","en":"point"}],"approvers":[{"code":"a","zh":"甲","en":"a"}]`
	kind := func(code, scope, geometry, generic string) string {
		return `{"code":"` + code + `","zh":"类","en":"kind","scope":"` + scope + `","geometries":["` + geometry + `"],"generics":["` + generic + `"]}`
	}
	class := func(code, scope, scopeIf, approver string, kinds ...string) string {
		return `{"code":"` + code + `","item":"（一）","zh":"类","en":"class","scope":"` + scope + `","scope_if":"` + scopeIf + `","approvers":["` + approver + `"],"kinds":[` + strings.Join(kinds, ",") + `]}`
	}
	good := kind("k", "", "point", "路")
	for name, tc := range map[string]struct{ json, says string }{
		"no JSON":           {`{`, "read classes"},
		"no class":          {`{` + lists + `,"classes":[]}`, "there is none"},
		"a class twice":     {`{` + lists + `,"classes":[` + class("c", "none", "", "a", good) + `,` + class("c", "none", "", "a", kind("l", "", "point", "路")) + `]}`, "twice"},
		"a kind twice":      {`{` + lists + `,"classes":[` + class("c", "none", "", "a", good, good) + `]}`, "twice"},
		"no words":          {`{` + lists + `,"classes":[` + class("", "none", "", "a", good) + `]}`, "needs code"},
		"unknown scope":     {`{` + lists + `,"classes":[` + class("c", "moon", "", "a", good) + `]}`, "moon"},
		"unknown condition": {`{` + lists + `,"classes":[` + class("c", "none", "moon", "a", good) + `]}`, "scope_if"},
		"no kinds":          {`{` + lists + `,"classes":[` + class("c", "none", "", "a") + `]}`, "needs kinds"},
		"unknown approver":  {`{` + lists + `,"classes":[` + class("c", "none", "", "b", good) + `]}`, "approvers"},
		"kind unworded":     {`{` + lists + `,"classes":[` + class("c", "none", "", "a", kind("", "", "point", "路")) + `]}`, "needs code"},
		"kind's scope":      {`{` + lists + `,"classes":[` + class("c", "none", "", "a", kind("k", "moon", "point", "路")) + `]}`, "moon"},
		"kind's geometry":   {`{` + lists + `,"classes":[` + class("c", "none", "", "a", kind("k", "", "cube", "路")) + `]}`, "cube"},
		"an empty generic":  {`{` + lists + `,"classes":[` + class("c", "none", "", "a", kind("k", "", "point", "")) + `]}`, "empty"},
	} {
		if _, err := placenames.ParseCatalogue([]byte(tc.json)); err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, tc := range []struct{ kind, text, specific, modifier, generic string }{
		{"road", "沣东大道", "沣东", "", "大道"},
		{"road", "河南路", "河南", "", "路"},
		{"road", "长安北路", "长安", "北", "路"},
		{"road", "沣西三路", "沣西", "三", "路"},
		{"road", "朝阳门内大街", "朝阳门", "内", "大街"},
		{"road", "经十二路", "经十二", "", "路"}, // one character would be left
		{"lane", "东四十二条", "东四十二", "", "条"},
		{"road", "五一路", "五一", "", "路"},
		{"road", "𬇙水路", "𬇙水", "", "路"}, // beyond the first 65,536
		{"road", "路", "路", "", ""},
		{"road", "沣东", "沣东", "", ""},
		{"estate", "紫薇花园小区", "紫薇花园", "", "小区"},
		{"estate", "万科城", "万科", "", "城"},
		{"bridge", "沣河大桥", "沣河", "", "大桥"},
		{"station", "西安北站", "西安", "北", "站"},
	} {
		k, _, ok := c.Of(tc.kind)
		if !ok {
			t.Fatalf("no kind %s", tc.kind)
		}
		got := k.Split(tc.text)[0]
		if got.Specific != tc.specific || got.Modifier != tc.modifier || got.Generic != tc.generic {
			t.Errorf("%s: %s·%s·%s", tc.text, got.Specific, got.Modifier, got.Generic)
		}
	}
	// What a person confirmed outranks what is worked out, as long as it is the name.
	n := placenames.Name{Kind: "road", Text: "大河南路", Parts: placenames.Parts{Specific: "大", Modifier: "", Generic: "河南路", Confirmed: true}}
	if p, ok := c.PartsOf(n); !ok || p.Specific != "大" {
		t.Errorf("got %+v", p)
	}
	n.Text = "大河北路"
	if p, ok := c.PartsOf(n); !ok || p.Specific == "大" {
		t.Errorf("parts of another name were taken: %+v", p)
	}
	if _, ok := c.PartsOf(placenames.Name{Kind: "unheard", Text: "沣东路"}); ok {
		t.Error("a kind that nobody knows was split")
	}
}

func TestSplitIsWhole(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[长安东西南北三路大道𬇙]{1,8}`).Draw(t, "text")
		k, _, _ := c.Of("road")
		for _, p := range k.Split(text) {
			if p.Text() != text || p.Specific == "" {
				t.Fatalf("%q was split into %+v", text, p)
			}
		}
	})
}

func TestValidate(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	known := placenames.Known{Catalogue: c, Today: today, Divisions: func(code string) bool { return code == "610112001" }}
	nan := 101.0
	for _, tc := range []struct {
		name   string
		change func(*placenames.Name)
		field  string
	}{
		{"good", func(*placenames.Name) {}, ""},
		{"rare characters are kept", func(n *placenames.Name) { n.Text = "𬇙水路" }, ""},
		{"no name", func(n *placenames.Name) { n.Text = "" }, "text"},
		{"too long", func(n *placenames.Name) { n.Text = strings.Repeat("沣", 31) }, "text"},
		{"a space", func(n *placenames.Name) { n.Text = "沣东 大道" }, "text"},
		{"a damaged character", func(n *placenames.Name) { n.Text = "沣\xff道" }, "text"},
		{"a lost character", func(n *placenames.Name) { n.Text = "\ufffd水路" }, "text"},
		{"a made-up character", func(n *placenames.Name) { n.Text = "\ue123水路" }, "text"},
		{"a control character", func(n *placenames.Name) { n.Meaning = "含\x07义" }, "meaning"},
		{"a new line in a meaning", func(n *placenames.Name) { n.Meaning = "一\n二" }, ""},
		{"unknown kind", func(n *placenames.Name) { n.Kind = "moon" }, "kind"},
		{"a road as a point", func(n *placenames.Name) { n.Geometry = orb.Point{108, 34} }, "geometry"},
		{"metres for degrees", func(n *placenames.Name) { n.Geometry = orb.LineString{{500000, 3800000}, {500001, 3800000}} }, "geometry"},
		{"parts of another name", func(n *placenames.Name) { n.Parts = placenames.Parts{Specific: "沣西", Generic: "大道"} }, "parts"},
		{"a reading too few", func(n *placenames.Name) {
			n.Parts, n.Readings = placenames.Parts{Specific: "沣东", Generic: "大道"}, []string{"fēng"}
		}, "readings"},
		{"nowhere", func(n *placenames.Name) { n.Divisions = nil }, "divisions"},
		{"a division twice", func(n *placenames.Name) { n.Divisions = append(n.Divisions, n.Divisions[0]) }, "divisions/1"},
		{"no such division", func(n *placenames.Name) { n.Divisions = []string{"1"} }, "divisions/0"},
		{"negative length", func(n *placenames.Name) { n.Size.LengthM = -1 }, "size/length_m"},
		{"more housing than floor", func(n *placenames.Name) { n.Size.FloorM2, n.Size.HousingM = 1, 2 }, "size/housing_m2"},
		{"more green than ground", func(n *placenames.Name) { n.Size.GreenPct = &nan }, "size/green_pct"},
		{"an empty alias", func(n *placenames.Name) { n.Aliases = []placenames.Alias{{Kind: placenames.Short}} }, "aliases/0/text"},
		{"an alias that is the name", func(n *placenames.Name) { n.Aliases = []placenames.Alias{{Text: n.Text, Kind: placenames.Short}} }, "aliases/0/text"},
		{"an alias of no kind", func(n *placenames.Name) { n.Aliases = []placenames.Alias{{Text: "沣大"}} }, "aliases/0/kind"},
		{"a former name without document", func(n *placenames.Name) { n.Former = []placenames.Former{{Text: "旧路"}} }, "former/0/decision/number"},
		{"a former name that ended before it began", func(n *placenames.Name) {
			n.Former = []placenames.Former{{Text: "旧路", From: "2020-01-02", Until: "2020-01-01", Decision: decision(placenames.Renaming)}}
		}, "former/0/until"},
		{"a former name found on a map", func(n *placenames.Name) {
			n.Former = []placenames.Former{{Text: "旧路", Decision: placenames.Decision{Kind: placenames.Observed, Title: "1952年长安县图"}}}
		}, ""},
		{"found nowhere", func(n *placenames.Name) {
			n.Former = []placenames.Former{{Text: "旧路", Decision: placenames.Decision{Kind: placenames.Observed}}}
		}, "former/0/decision/title"},
		{"a list that nobody knows", func(n *placenames.Name) { n.Heritage = &placenames.Heritage{} }, "heritage/list"},
		{"no state", func(n *placenames.Name) { n.State = "" }, "state"},
		{"begun as rejected", func(n *placenames.Name) { n.State = placenames.Rejected }, "state"},
		{"approved by nobody", func(n *placenames.Name) { n.Decision.Body = "" }, "decision/body"},
		{"decided tomorrow", func(n *placenames.Name) { n.Decision.Day = "2026-11-28" }, "decision/day"},
		{"its own successor", func(n *placenames.Name) { n.SuccessorID = n.ID }, "successor_id"},
		{"from no day", func(n *placenames.Name) { n.ValidFrom = "soon" }, "valid_from"},
	} {
		n := road()
		tc.change(&n)
		got := fields(t, placenames.Validate(n, known))
		if tc.field == "" && len(got) > 0 || tc.field != "" && !slices.Contains(got, tc.field) {
			t.Errorf("%s: faults in %v, want %q", tc.name, got, tc.field)
		}
	}
}

// A retired name never comes back by accident: neither its record nor its characters.
func TestRetiredStaysRetired(t *testing.T) {
	t.Parallel()
	n, faults := road().After(placenames.Move{To: placenames.Retired, Decision: decision(placenames.Retirement)}, today)
	if len(faults) > 0 || n.State != placenames.Retired || n.Version != 2 || n.ValidFrom != "2026-11-20" {
		t.Fatalf("%+v %v", n, faults)
	}
	for _, s := range placenames.States() {
		if _, faults := n.After(placenames.Move{To: placenames.State(s.Code), Decision: decision(placenames.Naming), SuccessorID: "2", Reason: "恢复"}, today); len(faults) == 0 {
			t.Errorf("a retired name became %s", s.Code)
		}
	}
	if _, faults := n.Rename("沣西大道", "", placenames.Parts{}, decision(placenames.Renaming), today); len(faults) == 0 {
		t.Error("a retired name was renamed")
	}
	known := placenames.Known{Catalogue: catalogue(t), Today: today, Past: func(text string) []placenames.Past {
		if text == n.Text {
			return []placenames.Past{{ID: n.ID, Text: n.Text}}
		}
		return nil
	}}
	again := road()
	again.ID = "2"
	for _, tc := range []struct {
		reuses *placenames.Reuse
		want   []string
	}{
		{nil, []string{"text"}},
		{&placenames.Reuse{ID: "3", Reason: "恢复老地名"}, []string{"text"}},
		{&placenames.Reuse{ID: "1", Reason: " "}, []string{"reuses/reason"}},
		{&placenames.Reuse{ID: "1", Reason: "恢复老地名"}, nil},
	} {
		again.Reuses = tc.reuses
		if got := fields(t, placenames.Validate(again, known)); !slices.Equal(got, tc.want) {
			t.Errorf("%+v: faults in %v", tc.reuses, got)
		}
	}
}

func TestMoves(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		from placenames.State
		move placenames.Move
		want string
	}{
		{"approved by a document", placenames.Proposed, placenames.Move{To: placenames.Approved, Decision: decision(placenames.Naming)}, ""},
		{"approved by nothing", placenames.Proposed, placenames.Move{To: placenames.Approved}, "decision/kind"},
		{"approved by a retirement", placenames.Proposed, placenames.Move{To: placenames.Approved, Decision: decision(placenames.Retirement)}, "decision/kind"},
		{"rejected without a word", placenames.Proposed, placenames.Move{To: placenames.Rejected}, "reason"},
		{"rejected", placenames.Proposed, placenames.Move{To: placenames.Rejected, Reason: "重名"}, ""},
		{"merged into nothing", placenames.Customary, placenames.Move{To: placenames.Merged, Reason: "同一地"}, "successor_id"},
		{"merged into itself", placenames.Customary, placenames.Move{To: placenames.Merged, Reason: "同一地", SuccessorID: "1"}, "successor_id"},
		{"merged", placenames.Customary, placenames.Move{To: placenames.Merged, Reason: "同一地", SuccessorID: "2"}, ""},
		{"contested", placenames.Approved, placenames.Move{To: placenames.Contested}, ""},
		{"a draft approved", placenames.Draft, placenames.Move{To: placenames.Approved, Decision: decision(placenames.Naming)}, "state"},
	} {
		n := road()
		n.State = tc.from
		after, faults := n.After(tc.move, today)
		got := strings.Join(fields(t, faults), " ")
		if tc.want == "" && (got != "" || after.State != tc.move.To) || !strings.Contains(got, tc.want) {
			t.Errorf("%s: faults in %q, state %s", tc.name, got, after.State)
		}
	}
}

func TestRename(t *testing.T) {
	t.Parallel()
	n := road()
	after, faults := n.Rename("沣西大道", "Fengxi Dadao", placenames.Parts{Specific: "沣西", Generic: "大道"}, decision(placenames.Renaming), today)
	if len(faults) > 0 || after.ID != n.ID || after.Text != "沣西大道" || after.Version != 2 || len(after.Former) != 1 || len(n.Former) != 0 {
		t.Fatalf("%+v %v", after, faults)
	}
	if f := after.Former[0]; f.Text != "沣东大道" || f.From != "2020-01-01" || f.Until != "2026-11-20" || f.Decision.Number == "" {
		t.Errorf("former name %+v", f)
	}
	n.Heritage = &placenames.Heritage{List: "西咸新区地名保护名录"}
	if _, faults := n.Rename("沣西大道", "", placenames.Parts{}, decision(placenames.Renaming), today); !slices.Contains(fields(t, faults), "heritage/measures") {
		t.Errorf("a protected name was renamed without measures: %v", faults)
	}
	if _, faults := n.Rename(n.Text, "", placenames.Parts{}, placenames.Decision{}, today); len(faults) < 2 {
		t.Errorf("renamed to itself by nothing: %v", faults)
	}
}

// Random walks: no state is ever reached by a step that is not in the table, and none that
// ended is left. 200,000 steps.
func TestWalks(t *testing.T) {
	t.Parallel()
	states := placenames.States()
	r := rand.New(rand.NewPCG(1, 2))
	kinds := []placenames.DecisionKind{"", placenames.Naming, placenames.Renaming, placenames.Retirement, placenames.Annulment, placenames.Ruling}
	reached := map[placenames.State]bool{}
	for range 2_000 {
		n := road()
		begin := placenames.Beginnings()
		n.State = begin[r.IntN(len(begin))]
		for range 100 {
			to := placenames.State(states[r.IntN(len(states))].Code)
			after, faults := n.After(placenames.Move{To: to, Decision: decision(kinds[r.IntN(len(kinds))]), SuccessorID: []string{"", "2"}[r.IntN(2)], Reason: "理由"}, today)
			if len(faults) > 0 {
				if after.State != n.State || after.Version != n.Version {
					t.Fatal("a refused move changed the record")
				}
				continue
			}
			if n.State.Ended() || !slices.Contains(n.State.Next(), to) || after.ID != n.ID || after.Text != n.Text || after.Version != n.Version+1 {
				t.Fatalf("%s became %s", n.State, to)
			}
			n = after
			reached[to] = true
		}
	}
	for _, tr := range placenames.Transitions() {
		if !reached[tr.To] {
			t.Errorf("%s was never reached", tr.To)
		}
	}
}

func TestFamily(t *testing.T) {
	t.Parallel()
	all := []placenames.Name{{ID: "a"}, {ID: "b", ParentID: "a"}, {ID: "c", ParentID: "b"}, {ID: "d"}, {ID: "x", ParentID: "y"}, {ID: "y", ParentID: "x"}}
	if got := placenames.Family(all, "c"); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("got %v", got)
	}
	if got := placenames.Family(all, "d"); !slices.Equal(got, []string{"d"}) {
		t.Errorf("got %v", got)
	}
	if got := placenames.Family(all, "x"); len(got) == 0 { // ends, in whatever order
		t.Errorf("got %v", got)
	}
	parents := map[string]string{"b": "a", "c": "b"}
	parent := func(id string) string { return parents[id] }
	if !placenames.Circular("a", "c", parent) || !placenames.Circular("a", "a", parent) || placenames.Circular("d", "c", parent) || placenames.Circular("d", "", parent) {
		t.Error("circles are not told")
	}
	known := placenames.Known{Catalogue: catalogue(t), Today: today, Parent: parent}
	n := road()
	n.ID, n.ParentID = "a", "c"
	if got := fields(t, placenames.Validate(n, known)); !slices.Contains(got, "parent_id") {
		t.Errorf("faults in %v", got)
	}
}

func TestReservation(t *testing.T) {
	t.Parallel()
	p := placenames.Planned{Text: "文教路", Until: "2026-12-31"}
	if !p.Free("2026-12-31") || p.Free("2027-01-01") {
		t.Error("a reservation ends after its last day")
	}
	p.TakenBy = "1"
	if p.Free(today) {
		t.Error("a name was taken twice")
	}
}
