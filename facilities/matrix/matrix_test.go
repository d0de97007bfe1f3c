package matrix_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yike/facilities"
	"yike/facilities/matrix"
	"yike/geo/divisions"
	"yike/internal/record"
	"yike/internal/rules"
)

var update = flag.Bool("update", false, "write the golden files anew")

const today = record.Day("2026-11-27")

// town is a district in Tianjin with two subdistricts, a village among the communities.
func town() []divisions.Division {
	return []divisions.Division{
		{Code: "120111", Level: divisions.District, NameZH: "某区"},
		{Code: "120111001", Level: divisions.Subdistrict, ParentCode: "120111", NameZH: "甲街道"},
		{Code: "120111002", Level: divisions.Subdistrict, ParentCode: "120111", NameZH: "乙镇"},
		{Code: "120111001001", Level: divisions.Community, ParentCode: "120111001", NameZH: "花桥里", Setting: divisions.Urban},
		{Code: "120111001002", Level: divisions.Community, ParentCode: "120111001", NameZH: "槐树里", Setting: divisions.Urban},
		{Code: "120111002001", Level: divisions.Community, ParentCode: "120111002", NameZH: "南村", Setting: divisions.Rural},
		{Code: "120111002002", Level: divisions.Community, ParentCode: "120111002", NameZH: "北村", Setting: divisions.Rural},
		{Code: "12011100100101", Level: divisions.Grid, ParentCode: "120111001001", NameZH: "第一网格"},
	}
}

func types(t testing.TB) []facilities.TypeInfo {
	t.Helper()
	list, err := facilities.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func facility(id string, kind facilities.Type, at string, status facilities.Status, change ...func(*facilities.Facility)) facilities.Facility {
	f := facilities.Facility{ID: id, Type: kind, NameZH: id, Status: status, Stage: facilities.Published, DivisionCode: at}
	for _, c := range change {
		c(&f)
	}
	return f
}

func serves(codes ...string) func(*facilities.Facility) {
	return func(f *facilities.Facility) { f.Serves = codes }
}

func with(field string, v any) func(*facilities.Facility) {
	return func(f *facilities.Facility) { f.Fields = map[string]any{field: v} }
}

func input(t testing.TB, list ...facilities.Facility) matrix.Input {
	t.Helper()
	return matrix.Input{
		AdCode: "120111", Day: today, Divisions: town(), Types: types(t), Facilities: list,
		Households: map[string]divisions.Households{
			"120111001001": {Count: 2000, Source: divisions.HouseholdsDeclared}, "120111001002": {Count: 1000, Source: divisions.HouseholdsDeclared},
			"120111002001": {Count: 400, Source: divisions.HouseholdsDeclared},
		},
	}
}

func build(t testing.TB, in matrix.Input) *matrix.Matrix {
	t.Helper()
	m, err := matrix.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func column(t testing.TB, m *matrix.Matrix, id string) int {
	t.Helper()
	i := slices.IndexFunc(m.Columns, func(c matrix.Column) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("no column %s", id)
	}
	return i
}

// cell writes what a community has of a column.
func cell(t testing.TB, m *matrix.Matrix, code, id string) string {
	t.Helper()
	i := column(t, m, id)
	for _, g := range m.Groups {
		for _, r := range g.Rows {
			if r.Division.Code == code {
				return written(r.Cells[i])
			}
		}
	}
	t.Fatalf("no line %s", code)
	return ""
}

func written(c matrix.Cell) string {
	out := []string{string(c.State)}
	for _, l := range []struct {
		name string
		refs []matrix.Ref
	}{{"own", c.Own}, {"shared", c.Shared}, {"planned", c.Planned}, {"suspended", c.Suspended}} {
		for _, r := range l.refs {
			text := l.name + " " + r.ID
			if r.Area != "" {
				text += " by " + r.Area
			}
			if r.Year > 0 {
				text += fmt.Sprint(" in ", r.Year)
			}
			out = append(out, text)
		}
	}
	return strings.Join(out, ", ")
}

func TestCells(t *testing.T) {
	t.Parallel()
	in := input(t,
		facility("食堂甲", "elderly_canteen", "120111001001", facilities.Open, serves("120111001001", "120111001002", "120111002001", "nowhere")),
		facility("食堂乙", "elderly_canteen", "12011100100101", facilities.Suspended),
		facility("照料丙", "day_care_centre", "120111001002", facilities.Planned, with("opened_on", "2027-06-01"), func(f *facilities.Facility) { f.Serves = []string{"120111001001"} }),
		facility("照料丁", "day_care_centre", "120111002", facilities.Building),
		facility("草稿", "day_care_centre", "120111002001", facilities.Open, func(f *facilities.Facility) { f.Stage = facilities.Draft }),
		facility("已并", "day_care_centre", "120111002001", facilities.Open, func(f *facilities.Facility) { f.ReplacedBy = []string{"x"} }),
		facility("已关", "day_care_centre", "120111002001", facilities.Closed),
		facility("幸福院", "rural_elderly_centre", "120111002001", facilities.Open),
		facility("中心", "elderly_centre", "120111001002", facilities.Open, with("floor_area", 1200.0)),
		facility("无处", "elderly_canteen", "", facilities.Open),
	)
	in.Areas = []matrix.ServiceArea{
		{Name: matrix.Text{ZH: "桥北片区"}, Communities: []string{"120111001001", "120111001002"}},
		{Name: matrix.Text{ZH: "另一片区"}, Communities: []string{"120111001001", "120111002002"}},
	}
	m := build(t, in)
	for _, tc := range []struct{ code, column, want string }{
		{"120111001001", "elderly_canteen", "own, own 食堂甲, suspended 食堂乙"},
		{"120111001002", "elderly_canteen", "shared, shared 食堂甲 by 桥北片区"},
		{"120111002001", "elderly_canteen", "shared, shared 食堂甲"},
		{"120111002002", "elderly_canteen", "none"},
		{"120111001001", "day_care_centre", "planned, planned 照料丙 by 桥北片区 in 2027"},
		{"120111001002", "day_care_centre", "planned, planned 照料丙 in 2027"},
		{"120111002001", "day_care_centre", "not_applicable"},
		{"120111002002", "meal_service", "none"},
		{"120111001002", "meal_service", "shared, shared 食堂甲 by 桥北片区"},
		{"120111001001", "rural_elderly_centre", "not_applicable"},
		{"120111002001", "rural_elderly_centre", "own, own 幸福院"},
		{"120111002002", "rural_elderly_centre", "none"},
		{"120111001001", "elderly_centre", "not_applicable"},
		{"120111001002", "elderly_centre", "own, own 中心"},
		{"120111001001", "rescue_station", "not_applicable"},
		{"120111002001", "elderly_place", "own, own 幸福院, shared 食堂甲"},
		{"120111002002", "elderly_place", "none"},
	} {
		if got := cell(t, m, tc.code, tc.column); got != tc.want {
			t.Errorf("%s of %s: %s; want %s", tc.column, tc.code, got, tc.want)
		}
	}
	i, centre := column(t, m, "day_care_centre"), column(t, m, "elderly_centre")
	town, village := m.Groups[0], m.Groups[1]
	if got := written(village.Rest.Cells[i]); got != ", planned 照料丁" || !village.HasRest || town.HasRest {
		t.Errorf("in no community: %s", got)
	}
	if d := cmp.Diff(matrix.Sum{Planned: 1, PlannedOnly: 2}, town.Sums[i]); d != "" {
		t.Error(d)
	}
	if village.Sums[i].Planned != 1 || village.Sums[i].NotApplicable != 2 || m.Sums[i].Planned != 2 {
		t.Errorf("planned: %+v of %+v", village.Sums[i], m.Sums[i])
	}
	if town.Sums[centre].State != matrix.Own || village.Sums[centre].State != matrix.None || m.Sums[centre].State != "" {
		t.Errorf("centres: %+v, %+v, %+v", town.Sums[centre], village.Sums[centre], m.Sums[centre])
	}
	if rescue := m.Sums[column(t, m, "rescue_station")]; rescue.State != matrix.None || rescue.NotApplicable != 4 {
		t.Errorf("the district's own: %+v", rescue)
	}
	last := m.Groups[2]
	if last.Division.Code != "" || !last.HasRest || len(last.Rows) != 0 || len(last.Rest.Cells[column(t, m, "elderly_canteen")].Own) != 1 {
		t.Errorf("what is in no subdistrict: %+v", last)
	}
	if share, ok := town.Sums[column(t, m, "elderly_canteen")].Coverage(); !ok || share != 1 {
		t.Errorf("coverage %v, %v", share, ok)
	}
	if _, ok := (matrix.Sum{NotApplicable: 3}).Coverage(); ok {
		t.Error("coverage of nothing")
	}
}

func TestPremises(t *testing.T) {
	t.Parallel()
	hall := func(id, at string, m2 float64, more ...func(*facilities.Facility)) facilities.Facility {
		return facility(id, "community_premises", at, facilities.Open, append([]func(*facilities.Facility){with("floor_area", m2)}, more...)...)
	}
	in := input(t,
		hall("大", "120111001001", 600, serves("120111001002")),
		hall("村", "120111002001", 299),
		facility("不详", "community_premises", "120111002002", facilities.Open),
	)
	find := func(m *matrix.Matrix, code string) matrix.Premises {
		for _, g := range m.Groups {
			for _, r := range g.Rows {
				if r.Division.Code == code {
					return r.Premises
				}
			}
		}
		t.Fatalf("no line %s", code)
		return matrix.Premises{}
	}
	said := func(p matrix.Premises) string {
		text := string(p.Source)
		if p.AreaM2 != nil {
			text += fmt.Sprint(" ", *p.AreaM2)
		}
		if p.Per100 != nil {
			text += fmt.Sprint(" per ", *p.Per100)
		}
		if p.Finding != nil {
			text += fmt.Sprintf(" %s %s %s", p.Finding.Rule.ID, p.Finding.Rule.Severity, p.Finding.Outcome)
		}
		return text
	}
	m := build(t, in)
	for code, want := range map[string]string{
		"120111001001": "registry 600 per 30 RAT-01 error pass",
		"120111001002": "shared",
		"120111002001": "registry 299 per 74.75 RAT-02 error fail",
		"120111002002": " RAT-02 error undetermined",
	} {
		if got := said(find(m, code)); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	if p := find(m, "120111001001"); p.SharedBy != 1 || p.Short() || !find(m, "120111002001").Short() {
		t.Errorf("%+v", p)
	}
	// Premises that two communities share are for the households of both.
	per20, per22 := 20.0, 600.0/3000*100
	want := matrix.Total{AreaM2: 600, Households: 3000, Communities: 2, Per100: &per20, Met: 1, Undecided: 1}
	if d := cmp.Diff(want, m.Groups[0].Premises); d != "" || per22 != per20 {
		t.Error(d)
	}
	all := m.Premises
	if all.AreaM2 != 899 || all.Households != 3400 || all.Unknown != 1 || all.Communities != 4 || all.Short != 1 {
		t.Errorf("all: %+v", all)
	}
	in.Ledger = map[string]matrix.LedgerArea{"120111001001": {Rooms: 2, CountedM2: 599.99}, "120111001002": {Rooms: 1}, "120111002001": {}}
	in.AdCode = "990001"
	m = build(t, in)
	for code, want := range map[string]string{
		"120111001001": "ledger 599.99 per 29.9995 RAT-01 info fail",
		"120111001002": "ledger 0 per 0 RAT-01 info fail",
		"120111002001": "registry 299 per 74.75 RAT-02 info fail",
	} {
		if got := said(find(m, code)); got != want {
			t.Errorf("elsewhere %s: %q, want %q", code, got, want)
		}
	}
	if p := find(m, "120111001001"); p.RegistryM2 == nil || *p.RegistryM2 != 600 {
		t.Errorf("beside the ledger the registry says %v", p.RegistryM2)
	}
	in.AdCode = "220502"
	if got := said(find(build(t, in), "120111002001")); got != "registry 299 per 74.75 RAT-01 warning pass" {
		t.Errorf("in Dongchang: %s", got)
	}
	in.Households = nil
	if got := said(find(build(t, in), "120111001001")); got != "ledger 599.99 RAT-01 warning undetermined" {
		t.Errorf("of unknown households: %s", got)
	}
	if got := build(t, in).Premises; got.Per100 != nil || got.Unknown != 4 {
		t.Errorf("of unknown households: %+v", got)
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	centre := func(id, at string, status facilities.Status, more ...func(*facilities.Facility)) facilities.Facility {
		return facility(id, "elderly_centre", at, status, more...)
	}
	for name, tc := range map[string]struct {
		list []facilities.Facility
		want string
	}{
		"none":         {nil, "none, FAC-07 fail"},
		"planned":      {[]facilities.Facility{centre("a", "120111001", facilities.Planned)}, "planned a, FAC-07 fail"},
		"closed":       {[]facilities.Facility{centre("a", "120111001", facilities.Closed), centre("b", "120111001", facilities.Suspended)}, "none, FAC-07 fail"},
		"small":        {[]facilities.Facility{centre("a", "120111001001", facilities.Open, with("floor_area", 999.0))}, "small a, FAC-06 fail"},
		"one of many":  {[]facilities.Facility{centre("a", "120111001001", facilities.Open, with("floor_area", 999.0)), centre("b", "120111001", facilities.Open, with("floor_area", 1000.0))}, "met a b, FAC-06 pass"},
		"area unknown": {[]facilities.Facility{centre("a", "120111001001", facilities.Open, with("floor_area", 999.0)), centre("b", "120111001", facilities.Open)}, "area_unknown a b, FAC-06 undetermined"},
		"by capacity":  {[]facilities.Facility{centre("a", "120111001", facilities.Open, func(f *facilities.Facility) { f.Capacity = 1500 })}, "met a, FAC-06 pass"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := build(t, input(t, tc.list...)).Levels.Lines[0]
			got := string(l.State)
			for _, c := range l.Centres {
				got += " " + c.ID
			}
			if got += fmt.Sprintf(", %s %s", l.Finding.Rule.ID, l.Finding.Outcome); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
	m := build(t, input(t,
		facility("指导", "elderly_guidance", "120111", facilities.Planned),
		facility("食堂", "elderly_canteen", "120111001001", facilities.Open, serves("120111002001")),
		facility("用房", "community_premises", "120111001002", facilities.Open),
	))
	if m.Levels.District.State != matrix.Planned || m.Levels.Subdistricts != 2 || m.Levels.Met != 0 {
		t.Errorf("%+v", m.Levels)
	}
	a, b := m.Levels.Lines[0], m.Levels.Lines[1]
	if a.WithPlace != 1 || a.WithPremises != 1 || len(a.Lacking) != 1 || a.Lacking[0].Code != "120111001002" || b.WithPlace != 1 || b.Communities != 2 {
		t.Errorf("%+v %+v", a, b)
	}
	if open := build(t, input(t, facility("指导", "elderly_guidance", "120111", facilities.Open))); open.Levels.District.State != matrix.Own {
		t.Errorf("%+v", open.Levels.District)
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	in := input(t)
	in.Columns = []string{"columbarium", "rescue_station", "unknown", "elderly_place", "elderly_canteen"}
	m := build(t, in)
	var got []string
	for _, c := range m.Columns {
		got = append(got, fmt.Sprintf("%s/%s/%v/%s/%s", c.ID, c.Unit, c.Asked, c.Setting, c.Grade))
	}
	if d := cmp.Diff([]string{"elderly_place/community/true//S1", "elderly_canteen/community/false//S1", "columbarium/community/true/rural/S1", "rescue_station/district/true//S0"}, got); d != "" {
		t.Error(d)
	}
	usual := matrix.UsualColumns(types(t))
	for _, id := range []string{"community_premises", "elderly_place", "day_care_centre", "elderly_canteen", "columbarium", "rescue_station", "elderly_centre", "child_space"} {
		if !slices.Contains(usual, id) {
			t.Errorf("%s is no usual column", id)
		}
	}
	if usual[0] != "community_premises" || usual[1] != "elderly_place" || slices.Contains(usual, "welfare_lottery") {
		t.Errorf("usual: %v", usual)
	}
	for _, c := range matrix.AllColumns(types(t)) {
		if c.Name.ZH == "" || c.Name.EN == "" || (c.Source.ZH == "") != (c.Grade == "") {
			t.Errorf("%+v", c)
		}
	}
	empty := build(t, matrix.Input{Types: types(t), Day: today})
	if len(empty.Groups) != 0 || len(empty.Columns) != len(usual) || len(empty.Sums) != len(usual) || empty.Levels.Lines == nil {
		t.Errorf("of nothing: %+v", empty)
	}
	if len(empty.Norms) != 4 || empty.Norms[0].Rule.ID != "RAT-01" || empty.Norms[0].Rule.Severity != rules.Info || empty.Norms[0].Source.ZH == "" {
		t.Errorf("norms elsewhere: %+v", empty.Norms)
	}
	if here := m.Norms; here[0].Rule.Severity != rules.Error || len(here) != 4 {
		t.Errorf("norms in Tianjin: %+v", here)
	}
}

// TestCountsAddUp holds, for whatever facilities there are, that each open one counts
// once where it stands, however many communities it serves; that none is own and shared
// in a cell; and that the communities of each column are all of them.
func TestCountsAddUp(t *testing.T) {
	t.Parallel()
	kinds := []facilities.Type{"elderly_canteen", "community_premises", "elderly_centre", "rescue_station", "columbarium"}
	list := append(town(), divisions.Division{Code: "999", Level: divisions.Community, ParentCode: "loop"}, divisions.Division{Code: "loop", Level: divisions.Grid, ParentCode: "loop"})
	var codes []string
	for _, d := range list {
		codes = append(codes, d.Code)
	}
	all := types(t)
	rapid.Check(t, func(t *rapid.T) {
		n := 0
		fs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) facilities.Facility {
			n++
			f := facility(fmt.Sprint(n), rapid.SampledFrom(kinds).Draw(t, "type"), rapid.SampledFrom(append(codes, "", "nowhere")).Draw(t, "at"),
				rapid.SampledFrom([]facilities.Status{facilities.Open, facilities.Open, facilities.Planned, facilities.Building, facilities.Suspended, facilities.Closed}).Draw(t, "status"))
			f.Serves = rapid.SliceOfN(rapid.SampledFrom(codes), 0, 4).Draw(t, "serves")
			f.Stage = rapid.SampledFrom([]facilities.Stage{facilities.Published, facilities.Published, facilities.Submitted}).Draw(t, "stage")
			return f
		}), 0, 12).Draw(t, "facilities")
		m, err := matrix.Build(matrix.Input{AdCode: "120111", Day: today, Divisions: list, Types: all, Facilities: fs})
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range m.Columns {
			checkColumn(t, m, i, c, fs)
		}
		if p := m.Premises; p.Met+p.Short+p.Undecided != p.Communities || p.Communities != 5 {
			t.Fatalf("premises: %+v", p)
		}
	})
}

func checkColumn(t *rapid.T, m *matrix.Matrix, i int, c matrix.Column, fs []facilities.Facility) {
	open, planned := 0, 0
	for _, f := range fs {
		if f.Stage != facilities.Published || !slices.Contains(c.Types, f.Type) {
			continue
		}
		switch f.Status {
		case facilities.Open:
			open++
		case facilities.Planned, facilities.Building:
			planned++
		}
	}
	own, seen := 0, map[string]bool{}
	for _, g := range m.Groups {
		rows := append([]matrix.Row{g.Rest}, g.Rows...)
		inGroup := 0
		for _, r := range rows {
			for _, ref := range r.Cells[i].Own {
				if seen[ref.ID] {
					t.Fatalf("%s stands in two places", ref.ID)
				}
				seen[ref.ID] = true
				inGroup++
				if slices.ContainsFunc(r.Cells[i].Shared, func(s matrix.Ref) bool { return s.ID == ref.ID }) {
					t.Fatalf("%s is own and shared", ref.ID)
				}
			}
		}
		s := g.Sums[i]
		if inGroup != s.Facilities || s.Own+s.Shared+s.PlannedOnly+s.None+s.NotApplicable != len(g.Rows) {
			t.Fatalf("%s: %d stand in %+v with %d lines", c.ID, inGroup, s, len(g.Rows))
		}
		own += inGroup
	}
	total := m.Sums[i]
	if own != open || total.Facilities != open || total.Planned != planned || total.Own+total.Shared+total.PlannedOnly+total.None+total.NotApplicable != 5 {
		t.Fatalf("%s: %d open and %d planned, %d stand; %+v", c.ID, open, planned, own, total)
	}
}

// TestGolden holds a whole table to the one that was looked through by hand.
func TestGolden(t *testing.T) {
	t.Parallel()
	in := input(t,
		facility("花桥里党群服务中心", "community_premises", "120111001001", facilities.Open, with("floor_area", 660.0), serves("120111001002")),
		facility("南村党群服务中心", "community_premises", "120111002001", facilities.Open, with("floor_area", 280.0)),
		facility("花桥食堂", "elderly_canteen", "120111001001", facilities.Open, serves("120111001001", "120111001002")),
		facility("北村幸福院", "rural_elderly_centre", "120111002002", facilities.Building, with("opened_on", "2027-10-01")),
		facility("乙镇骨灰堂", "columbarium", "120111002", facilities.Open, serves("120111002001", "120111002002")),
		facility("甲街综合养老中心", "elderly_centre", "120111001002", facilities.Open, with("floor_area", 1250.0)),
	)
	in.Columns = []string{"community_premises", "elderly_place", "elderly_canteen", "rural_elderly_centre", "columbarium", "elderly_centre"}
	m := build(t, in)
	var out strings.Builder
	for _, g := range m.Groups {
		for _, r := range g.Rows {
			fmt.Fprintf(&out, "%s", r.Division.NameZH)
			for _, c := range r.Cells {
				fmt.Fprintf(&out, " | %s", written(c))
			}
			raw, err := json.Marshal(map[string]any{"area": r.Premises.AreaM2, "per_100": r.Premises.Per100, "source": r.Premises.Source, "gap": r.Gap(m.Columns)})
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, " | %s\n", raw)
		}
		fmt.Fprintf(&out, "= %s %+v\n", g.Division.NameZH, g.Sums)
	}
	fmt.Fprintf(&out, "== %+v\n", m.Sums)
	for _, l := range m.Levels.Lines {
		fmt.Fprintf(&out, "%s: %s, %d of %d have a place, %d premises\n", l.Division.NameZH, l.State, l.WithPlace, l.Communities, l.WithPremises)
	}
	path := filepath.Join("testdata", "table.golden")
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), out.String()); d != "" {
		t.Error(d)
	}
}

// What no text asks of each community is not lacking where there is none.
func TestGap(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		columns []string
		list    []facilities.Facility
		want    bool
	}{
		"nothing asked":        {[]string{"elderly_canteen"}, nil, false},
		"asked and not there":  {[]string{"elderly_canteen", "meal_service"}, nil, true},
		"asked and shared":     {[]string{"meal_service"}, []facilities.Facility{facility("a", "meal_point", "120111001002", facilities.Open, serves("120111001001"))}, false},
		"planned at least":     {[]string{"meal_service"}, []facilities.Facility{facility("a", "meal_point", "120111001001", facilities.Planned)}, false},
		"asked of subdistrict": {[]string{"elderly_centre"}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := input(t, append(tc.list, facility("用房", "community_premises", "120111001001", facilities.Open, with("floor_area", 600.0)))...)
			in.Columns = tc.columns
			m := build(t, in)
			if got := m.Groups[0].Rows[0].Gap(m.Columns); got != tc.want {
				t.Errorf("a gap: %v", got)
			}
		})
	}
	short := input(t)
	short.Columns = []string{"elderly_canteen"}
	if m := build(t, short); !m.Groups[0].Rows[0].Gap(m.Columns) {
		t.Error("premises that are too small are no gap")
	}
}
