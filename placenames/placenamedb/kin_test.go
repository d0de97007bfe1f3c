package placenamedb_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames"
)

func TestAFamily(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	with := func(text string, change func(n *placenames.Name)) placenames.Item {
		n := road(text)
		change(&n)
		return x.create(n)
	}
	top := with("沣东大道", func(n *placenames.Name) { n.Divisions = []string{west, east} })
	with("沣东大道东段", func(n *placenames.Name) { n.Divisions, n.ParentID = []string{east}, top.ID })
	part := with("沣东大道西段", func(n *placenames.Name) { n.ParentID = top.ID })
	with("沣东大道西段辅路", func(n *placenames.Name) { n.ParentID = part.ID })
	old := with("沣东路", func(n *placenames.Name) { n.State, n.Decision = placenames.Customary, seen() })
	if _, err := x.move(old, placenames.Move{To: placenames.Merged, SuccessorID: part.ID}); err != nil {
		t.Fatal(err)
	}
	with("沣东大桥", func(n *placenames.Name) { n.Kind, n.HostID = "bridge", part.ID })
	words := func(id string) string {
		kin, err := x.store.Family(t.Context(), x.registrar, id)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, k := range kin {
			out = append(out, fmt.Sprintf("%s%d:%s", k.Relation, k.Depth, k.Text))
		}
		return strings.Join(out, " ")
	}
	const all = "member0:沣东大道 member1:沣东大道东段 member1:沣东大道西段 member2:沣东大道西段辅路"
	if got := words(part.ID); got != all+" hosted0:沣东大桥 predecessor0:沣东路" {
		t.Error(got)
	}
	if got := words(old.ID); got != "member0:沣东路 successor0:沣东大道西段" {
		t.Error(got)
	}
	for _, id := range []string{nobody, "x"} {
		if _, err := x.store.Family(t.Context(), x.registrar, id); !errors.Is(err, placenames.ErrNotFound) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, err := x.change(top, because("改"), func(n *placenames.Name) { n.ParentID = part.ID }); fieldsOf(t, err) != "parent_id" {
		t.Errorf("a circle: %v", err)
	}
}

func TestTheMap(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	for i, g := range []orb.Geometry{
		orb.Point{117.05, 39.05},
		orb.LineString{{117.01, 39.01}, {117.010001, 39.010001}, {117.09, 39.09}},
		orb.LineString{{117.3, 39.01}, {117.3, 39.02}},
		nil,
	} {
		n := road(fmt.Sprintf("图%d路", i))
		n.Geometry = g
		if i == 0 {
			n.Text, n.Kind = "图0广场", "square"
		}
		x.create(n)
	}
	frame := orb.Bound{Min: orb.Point{117, 39}, Max: orb.Point{117.1, 39.1}}
	list, more, err := x.store.Map(t.Context(), x.registrar, frame, placenames.Filter{}, 10)
	if err != nil || more || len(list) != 2 || list[0].Text != "图1路" || list[1].Text != "图0广场" {
		t.Fatalf("%+v %v %v", list, more, err)
	}
	var line struct {
		Type        string
		Coordinates [][2]float64
	}
	if err := json.Unmarshal(list[0].GeoJSON, &line); err != nil || line.Type != "LineString" || len(line.Coordinates) != 2 {
		t.Errorf("%s, %v", list[0].GeoJSON, err)
	}
	list, more, err = x.store.Map(t.Context(), x.registrar, frame, placenames.Filter{}, 1)
	if err != nil || !more || len(list) != 1 {
		t.Errorf("capped: %+v %v %v", list, more, err)
	}
	list, _, err = x.store.Map(t.Context(), x.registrar, frame, placenames.Filter{Kinds: []string{"square"}}, 10)
	if err != nil || len(list) != 1 || list[0].Class != "other" {
		t.Errorf("squares: %+v %v", list, err)
	}
}

func TestTheNamePlan(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	reserve := func(p placenames.Planned) (placenames.PlannedItem, error) {
		return x.store.Reserve(t.Context(), x.registrar, p, because("规划"), today)
	}
	p := placenames.Planned{
		Text: "𬭚山路", Kind: "road", Plan: "清澜区地名规划", Document: decision(placenames.Naming, "2025-01-01"), Division: west, Until: "2030-12-31", Note: "备用",
	}
	free, err := reserve(p)
	if err != nil || !free.MayWrite || free.Text != "𬭚山路" || free.Document != p.Document || free.Until != p.Until {
		t.Fatalf("%+v, %v", free, err)
	}
	for want, change := range map[string]func(p *placenames.Planned){
		"text":            func(p *placenames.Planned) {},
		"kind":            func(p *placenames.Planned) { p.Text, p.Kind = "甲路", "castle" },
		"plan":            func(p *placenames.Planned) { p.Text, p.Plan = "甲路", "" },
		"division":        func(p *placenames.Planned) { p.Text, p.Division = "甲路", "1" },
		"until":           func(p *placenames.Planned) { p.Text, p.Until = "甲路", "soon" },
		"document/number": func(p *placenames.Planned) { p.Text, p.Document.Number = "甲路", "" },
	} {
		p := p
		change(&p)
		if _, err := reserve(p); fieldsOf(t, err) != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	over, err := reserve(placenames.Planned{Text: "到期路", Kind: "road", Plan: "规划", Division: west, Until: "2026-11-26"})
	if err != nil {
		t.Fatal(err)
	}
	n := placenames.Name{Text: "别路", Kind: "road", State: placenames.Proposed, Divisions: []string{west}, Planned: free.ID}
	if _, err := x.store.Create(t.Context(), x.registrar, n, because("申报"), today); fieldsOf(t, err) != "planned" {
		t.Errorf("another name: %v", err)
	}
	n.Text, n.Planned = "到期路", over.ID
	if _, err := x.store.Create(t.Context(), x.registrar, n, because("申报"), today); fieldsOf(t, err) != "planned" {
		t.Errorf("a reservation that ended: %v", err)
	}
	n.Text, n.Planned = "𬭚山路", free.ID
	proposal := x.create(n)
	taken := func(want string) placenames.PlannedItem {
		t.Helper()
		p, err := x.store.PlannedByID(t.Context(), x.registrar, free.ID)
		if err != nil || p.TakenBy != want {
			t.Fatalf("taken by %q, %v; want %q", p.TakenBy, err, want)
		}
		return p
	}
	held := taken(proposal.ID)
	if _, err := x.store.Create(t.Context(), x.registrar, n, because("申报"), today); fieldsOf(t, err) != "planned" {
		t.Errorf("a second one: %v", err)
	}
	x.planStays(free.ID, held.Version)
	if _, err := x.move(proposal, placenames.Move{To: placenames.Withdrawn, Reason: "撤回"}); err != nil {
		t.Fatal(err)
	}
	held = taken("")
	second := x.create(n)
	held = taken(second.ID)
	if _, err := x.change(second, because("改"), func(n *placenames.Name) { n.Planned = "" }); err != nil {
		t.Fatal(err)
	}
	held = taken("")
	changed, err := x.store.ChangePlanned(t.Context(), x.registrar, free.ID, held.Version, func(p placenames.Planned) (placenames.Planned, []record.Fault) {
		p.Text, p.Until = "𬭚山北路", ""
		return p, nil
	}, because("调整"), today)
	if err != nil || changed.Text != "𬭚山北路" || changed.Until != "" {
		t.Errorf("%+v, %v", changed, err)
	}
	x.listPlan()
	if err := x.store.Unreserve(t.Context(), x.registrar, over.ID, over.Version, because("到期"), today); err != nil {
		t.Error(err)
	}
	if _, err := x.store.PlannedByID(t.Context(), x.registrar, over.ID); !errors.Is(err, placenames.ErrNotPlanned) {
		t.Errorf("it is gone: %v", err)
	}
	var refused *postgres.ForbiddenError
	elsewhere := dbtest.Person(t, x.db, adcode, "place_name_registrar", east)
	if err := x.store.Unreserve(t.Context(), elsewhere, changed.ID, changed.Version, because("x"), today); !errors.As(err, &refused) {
		t.Errorf("of another division: %v", err)
	}
}

// planStays holds that a reserved name that a record took keeps its characters.
func (x *fixture) planStays(id string, version int) {
	x.t.Helper()
	other := func(p placenames.Planned) (placenames.Planned, []record.Fault) {
		p.Text = "别路"
		return p, nil
	}
	if _, err := x.store.ChangePlanned(x.t.Context(), x.registrar, id, version, other, because("改"), today); !errors.Is(err, placenames.ErrTaken) {
		x.t.Errorf("other characters: %v", err)
	}
	if err := x.store.Unreserve(x.t.Context(), x.registrar, id, version, because("x"), today); !errors.Is(err, placenames.ErrTaken) {
		x.t.Errorf("out of the plan: %v", err)
	}
	if _, err := x.store.ChangePlanned(x.t.Context(), x.registrar, id, version+1, other, because("改"), today); !errors.Is(err, postgres.ErrStale) {
		x.t.Errorf("stale: %v", err)
	}
	same := func(p placenames.Planned) (placenames.Planned, []record.Fault) { return p, nil }
	if p, err := x.store.ChangePlanned(x.t.Context(), x.registrar, id, version, same, because("改"), today); err != nil || p.Version != version {
		x.t.Errorf("nothing changed: %+v, %v", p, err)
	}
	if _, err := x.store.ChangePlanned(x.t.Context(), x.registrar, nobody, 1, same, because("改"), today); !errors.Is(err, placenames.ErrNotPlanned) {
		x.t.Errorf("nobody: %v", err)
	}
}

// listPlan asks the plan of 𬭚山北路, which is free, and 到期路, which is over.
func (x *fixture) listPlan() {
	x.t.Helper()
	yes, no := true, false
	for name, tc := range map[string]struct {
		f    placenames.PlannedFilter
		want string
	}{
		"all":          {placenames.PlannedFilter{}, "到期路 𬭚山北路"},
		"free":         {placenames.PlannedFilter{Free: &yes, Day: today}, "𬭚山北路"},
		"not free":     {placenames.PlannedFilter{Free: &no, Day: today}, "到期路"},
		"a plan":       {placenames.PlannedFilter{Plan: "规划"}, "到期路"},
		"a part":       {placenames.PlannedFilter{Text: "𬭚"}, "𬭚山北路"},
		"of roads":     {placenames.PlannedFilter{Kinds: []string{"road"}}, "到期路 𬭚山北路"},
		"of bridges":   {placenames.PlannedFilter{Kinds: []string{"bridge"}}, ""},
		"in a place":   {placenames.PlannedFilter{Within: []string{west}}, "到期路 𬭚山北路"},
		"in the other": {placenames.PlannedFilter{Within: []string{east}}, ""},
	} {
		list, err := x.store.Planned(x.t.Context(), x.registrar, tc.f)
		var got []string
		for _, p := range list {
			got = append(got, p.Text)
		}
		if err != nil || strings.Join(got, " ") != tc.want {
			x.t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestWhatChangedSince(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	system := postgres.System(adcode, "test")
	mark, err := x.store.Mark(t.Context(), system)
	if err != nil || mark != 0 {
		t.Fatalf("before anything: %d, %v", mark, err)
	}
	one, two := x.create(road("一路")), x.create(placenames.Name{Text: "二路", Kind: "road", State: placenames.Draft, Divisions: []string{west}})
	whole, err := x.store.Since(t.Context(), system, 0)
	if err != nil || whole.Mark != 2 || len(whole.Changed) != 2 {
		t.Fatalf("%+v, %v", whole, err)
	}
	if _, err := x.change(one, because("改"), func(n *placenames.Name) { n.Note = "x" }); err != nil {
		t.Fatal(err)
	}
	if err := x.store.Remove(t.Context(), x.registrar, two.ID, 1, because("误登"), today); err != nil {
		t.Fatal(err)
	}
	delta, err := x.store.Since(t.Context(), system, whole.Mark)
	if err != nil || delta.Mark != 4 || len(delta.Changed) != 1 || delta.Changed[0].Note != "x" || len(delta.Gone) != 1 || delta.Gone[0] != two.ID {
		t.Errorf("%+v, %v", delta, err)
	}
	if same, err := x.store.Since(t.Context(), system, delta.Mark); err != nil || same.Changed != nil || len(same.Gone) > 0 || same.Mark != delta.Mark {
		t.Errorf("nothing since: %+v, %v", same, err)
	}
	if now, err := x.store.Mark(t.Context(), x.registrar); err != nil || now != 4 {
		t.Errorf("the mark: %d, %v", now, err)
	}
	n := 0
	if err := x.store.Each(t.Context(), system, func(placenames.Item) error { n++; return nil }); err != nil || n != 1 {
		t.Errorf("each: %d, %v", n, err)
	}
	stop := errors.New("stop")
	if err := x.store.Each(t.Context(), system, func(placenames.Item) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("stopped: %v", err)
	}
}
