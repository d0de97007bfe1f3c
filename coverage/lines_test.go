package coverage_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/coverage"
	"yike/geo/divisions"
)

func TestLines(t *testing.T) {
	t.Parallel()
	ds := []divisions.Division{
		{Code: "990101001", Level: divisions.Subdistrict, NameZH: "某街道", Pinyin: "mou jiedao"},
		{Code: "990101001001", ParentCode: "990101001", Level: divisions.Community, NameZH: "某社区", NameEN: "Some Community", Setting: divisions.Urban, Complete: true},
	}
	count := func(n coverage.People) []coverage.Count { return []coverage.Count{{Population: n, Covered: n}} }
	units := coverage.Units{Total: 1, With: 1}
	s := coverage.Summary{
		Total: count(9), Divisions: [][]coverage.Count{count(7), count(5)}, Units: []coverage.Units{units, units}, AllUnits: units,
		Rest: []coverage.Rest{{Level: divisions.Subdistrict, Counts: count(0)}, {Level: divisions.Community, Counts: count(4)}},
	}
	want := []coverage.Line{
		{Level: "subdistrict", Code: "990101001", NameZH: "某街道", NameEN: "mou jiedao", Counts: count(7), Units: units},
		{Level: "community", Code: "990101001001", Parent: "990101001", NameZH: "某社区", NameEN: "Some Community", Setting: "urban", Complete: true, Counts: count(5), Units: units},
		{Level: "outside_community", NameZH: "不在该级任何辖区内", NameEN: "In no division of this level", Complete: true, Counts: count(4)},
		{Level: "total", NameZH: "合计", NameEN: "Total", Complete: true, Counts: count(9), Units: units},
	}
	if d := cmp.Diff(want, s.Lines(ds)); d != "" {
		t.Error(d)
	}
	if got := (coverage.Summary{}).Lines(nil); len(got) != 1 || got[0].Level != coverage.TotalLevel {
		t.Errorf("of nothing: %+v", got)
	}
}
