package facilities

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestFilterFaults(t *testing.T) {
	t.Parallel()
	triangle := orb.Ring{{1, 1}, {2, 1}, {2, 2}, {1, 1}}
	for _, tc := range []struct {
		name   string
		filter Filter
		want   string
	}{
		{"nothing", Filter{}, ""},
		{"everything", Filter{
			Types: []Type{"a"}, Statuses: []Status{Open}, Stages: []Stage{Draft}, Division: "1", Text: "甲 乙", Serves: "1", Batch: "1", IDs: []string{"x"},
			VerifiedBefore: "2026-01-01", Overdue: true, Area: orb.Polygon{triangle}, Tombstones: true,
		}, ""},
		{"words that are none", Filter{Statuses: []Status{"shut"}, Stages: []Stage{"done"}, VerifiedBefore: "soon"}, "status stage verified_before"},
		{"a long text", Filter{Text: strings.Repeat("字", LongestQuery+1)}, "q"},
		{"no text at all", Filter{Text: "\xff"}, "q"},
		{"a text with an end", Filter{Text: "a\x00"}, "q"},
		{"too many", Filter{IDs: make([]string, MostIDs+1)}, "ids"},
		{"a hole", Filter{Area: orb.Polygon{triangle, triangle}}, "area"},
		{"a line", Filter{Area: orb.Polygon{{{1, 1}, {2, 2}, {1, 1}}}}, "area"},
		{"not closed", Filter{Area: orb.Polygon{{{1, 1}, {2, 2}, {3, 1}, {4, 4}}}}, "area"},
		{"too many corners", Filter{Area: orb.Polygon{append(make(orb.Ring, MostCorners+1), orb.Point{})}}, "area"},
		{"nowhere on earth", Filter{Area: orb.Polygon{{{1, 1}, {2, 91}, {3, 1}, {1, 1}}}}, "area"},
		{"no number", Filter{Area: orb.Polygon{{{1, 1}, {2, math.NaN()}, {3, 1}, {1, 1}}}}, "area"},
	} {
		if got := fieldsOf(tc.filter.Faults()); got != tc.want {
			t.Errorf("%s: faults in %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestParseArea(t *testing.T) {
	t.Parallel()
	want := orb.Polygon{{{117.1, 39}, {117.25, 39}, {117.2, -39.5}, {117.1, 39}}}
	for _, text := range []string{"117.1,39;117.25,39;117.2,-39.5", "117.1,39;117.25,39.0;117.2,-39.5;117.1,39"} {
		if got, ok := ParseArea(text); !ok || !cmp.Equal(want, got) {
			t.Errorf("%s: %v", text, got)
		}
	}
	for _, text := range []string{
		"", ";", "1,2", "1,2;3,4", "1,2;3,4;1,2", "1;2;3", "1,2;3,4;5", "1,2;3,4;5,x", "1,2;3,4;5,Inf", "1,2;3,4;5,0x10", "1,2;3,4;5,1e2", "1,2,3;4,5,6;7,8,9",
		"1,2;3,4; 5,6", "1,2;3,4;5," + strings.Repeat("0", 30), strings.Repeat("1,2;3,4;", MostCorners) + "5,6",
	} {
		if got, ok := ParseArea(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
	if FormatArea(nil) != "" || FormatArea(orb.Polygon{{}}) != "" {
		t.Error("no shape has a text")
	}
}

// A shape comes back as it was written into an address.
func TestAreasComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 20).Draw(t, "corners")
		var ring orb.Ring
		for i := range n {
			ring = append(ring, orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), float64(i)})
		}
		area := orb.Polygon{append(ring, ring[0])}
		text := FormatArea(area)
		got, ok := ParseArea(text)
		if len(text) < 16000 && (!ok || !cmp.Equal(area, got)) && !strings.Contains(fmt.Sprint(area), "e-") {
			t.Fatalf("%v: %q, %v", area, text, got)
		}
	})
}

func FuzzParseArea(f *testing.F) {
	f.Add("117.1,39;117.25,39;117.2,-39.5")
	f.Add("1,2;3,4;1,2")
	f.Fuzz(func(t *testing.T, text string) {
		area, ok := ParseArea(text)
		if !ok {
			return
		}
		again, ok := ParseArea(FormatArea(area))
		if !ok || !cmp.Equal(area, again) {
			t.Errorf("%q: %v and %v", text, area, again)
		}
	})
}

func TestParseSort(t *testing.T) {
	t.Parallel()
	for _, key := range SortKeys() {
		if got, down, ok := ParseSort("-" + string(key)); got != key || !down || !ok {
			t.Errorf("-%s: %s, %v, %v", key, got, down, ok)
		}
	}
	for _, text := range []string{"", "size", "--name", "Name"} {
		if _, _, ok := ParseSort(text); ok {
			t.Errorf("%q is an order", text)
		}
	}
}

func TestFilterAsked(t *testing.T) {
	t.Parallel()
	yes := true
	full := Filter{
		Types: []Type{"a"}, Statuses: []Status{"open"}, Stages: []Stage{"draft"}, Division: "1", Text: "x", Serves: "2", Batch: "b",
		IDs: []string{"1", "2"}, Placed: &yes, VerifiedBefore: "2026-01-01", Overdue: true, Tombstones: true,
		Area: orb.Polygon{{{1, 2}, {3, 4}, {5, 6}, {1, 2}}},
	}
	got, err := json.Marshal(full.Asked())
	const want = `{"area":"1,2;3,4;5,6","batch":"b","chosen":2,"division":"1","overdue":true,"placed":true,"q":"x","serves":"2","stage":["draft"],"status":["open"],"tombstones":true,"type":["a"],"verified_before":"2026-01-01"}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
	if got := (Filter{}).Asked(); len(got) != 0 {
		t.Errorf("nothing asked: %v", got)
	}
}
