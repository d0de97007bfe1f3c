package facilities

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/internal/record"
)

func known(t testing.TB) Known {
	t.Helper()
	types, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return Known{
		Types: types, Communities: []string{"990001001001", "990001001002"},
		Bounds: orb.Bound{Min: orb.Point{117, 39}, Max: orb.Point{117.2, 39.1}},
	}
}

func canteen() Facility {
	return Facility{
		Type: "elderly_canteen", NameZH: "甲食堂", NameEN: "Jia", Status: Open, Address: "花桥路 1 号", Capacity: 80,
		Serves: []string{"990001001001"}, Point: orb.Point{117.1, 39.05},
	}
}

func fieldsOf(faults []record.Fault) string {
	var out []string
	for _, f := range faults {
		if f.ZH == "" || f.EN == "" {
			return "a fault without words"
		}
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Facility)
		want   string
	}{
		{"as it should be", func(*Facility) {}, ""},
		{"the least there may be", func(f *Facility) {
			*f = Facility{Type: "meal_point", NameZH: "点", Status: Planned, Point: orb.Point{117, 39}}
		}, ""},
		{"an unknown type", func(f *Facility) { f.Type = "pub" }, "type"},
		{"no name", func(f *Facility) { f.NameZH = "" }, "name_zh"},
		{"a name as long as may be", func(f *Facility) { f.NameZH = strings.Repeat("堂", LongestName) }, ""},
		{"a name too long", func(f *Facility) { f.NameZH = strings.Repeat("堂", LongestName+1) }, "name_zh"},
		{"an English name too long", func(f *Facility) { f.NameEN = strings.Repeat("x", LongestName+1) }, "name_en"},
		{"an address too long", func(f *Facility) { f.Address = strings.Repeat("x", LongestAddress+1) }, "address"},
		{"two lines", func(f *Facility) { f.NameZH = "甲\n乙" }, "name_zh"},
		{"no text at all", func(f *Facility) { f.Address = "\xff" }, "address"},
		{"no status", func(f *Facility) { f.Status = "shut" }, "status"},
		{"negative capacity", func(f *Facility) { f.Capacity = -1 }, "capacity"},
		{"boundless capacity", func(f *Facility) { f.Capacity = MostCapacity + 1 }, "capacity"},
		{"unknown communities", func(f *Facility) { f.Serves = []string{"990001001001", "1", "2"} }, "serves serves"},
		{"communities without end", func(f *Facility) {
			f.Serves = nil
			for range MostServes + 1 {
				f.Serves = append(f.Serves, "990001001001")
			}
		}, "serves"},
		{"east of the district", func(f *Facility) { f.Point[0] = 117.3 }, "lon"},
		{"exchanged", func(f *Facility) { f.Point = orb.Point{39.05, 117.1} }, "lon lat"},
		{"no number", func(f *Facility) { f.Point[1] = math.NaN() }, "lat"},
		{"everything", func(f *Facility) { *f = Facility{Capacity: -1} }, "type name_zh status capacity lon lat"},
	} {
		f := canteen()
		tc.change(&f)
		if got := fieldsOf(Validate(f, known(t))); got != tc.want {
			t.Errorf("%s: faults in %q, want %q", tc.name, got, tc.want)
		}
	}
	boundless := known(t)
	boundless.Bounds = orb.Bound{}
	far := canteen()
	far.Point = orb.Point{-70, -33}
	if got := fieldsOf(Validate(far, boundless)); got != "" {
		t.Errorf("without divisions: %q", got)
	}
	if got := fieldsOf(Outside(far.Point)); got != "lon lat" {
		t.Errorf("outside: %q", got)
	}
}

// What a pack brought does not keep people from mending something else.
func TestOnlyWhatChangedIsHeldToTheRules(t *testing.T) {
	t.Parallel()
	before := canteen()
	before.NameZH, before.Serves = strings.Repeat("堂", LongestName+1), []string{"990001001"}
	after := before
	after.Capacity = 90
	if got := fieldsOf(ValidateChange(before, after, known(t))); got != "" {
		t.Errorf("another field: %q", got)
	}
	after.Serves = []string{"990001001", "990001001001"}
	after.Capacity = -1
	if got := fieldsOf(ValidateChange(before, after, known(t))); got != "capacity serves" {
		t.Errorf("the fields themselves: %q", got)
	}
}

func ptr[T any](v T) *T { return &v }

func TestPatch(t *testing.T) {
	t.Parallel()
	before := canteen()
	before.Address = " as the pack has it "
	got := Patch{
		NameZH: ptr(" 乙食堂 "), Status: ptr(Closed), Capacity: ptr(0), Serves: ptr([]string{" 990001001002", "990001001002", ""}), Lat: ptr(39.06),
	}.Apply(before)
	want := before
	want.NameZH, want.Status, want.Capacity, want.Serves, want.Point = "乙食堂", Closed, 0, []string{"990001001002"}, orb.Point{117.1, 39.06}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if before.Status != Open || before.Point[1] != 39.05 {
		t.Error("the patch changed what it was given")
	}
	if d := cmp.Diff(before, Patch{}.Apply(before)); d != "" {
		t.Error(d)
	}
}

// Whatever two facilities are, putting the differences of the second into the first as a
// patch gives the second.
func TestDifferencesAreComplete(t *testing.T) {
	t.Parallel()
	draw := rapid.Custom(func(t *rapid.T) Facility {
		word := rapid.SampledFrom([]string{"", "甲", "乙"})
		return Clean(Facility{
			Type: Type(word.Draw(t, "type")), NameZH: word.Draw(t, "zh"), NameEN: word.Draw(t, "en"), Status: Status(word.Draw(t, "status")),
			Address: word.Draw(t, "address"), Capacity: rapid.IntRange(0, 2).Draw(t, "capacity"), Serves: rapid.SliceOfN(word, 0, 2).Draw(t, "serves"),
			Point: orb.Point{float64(rapid.IntRange(0, 1).Draw(t, "lon")), float64(rapid.IntRange(0, 1).Draw(t, "lat"))},
		})
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		var p Patch
		for _, d := range Differences(a, b) {
			if zh, en := d.Text(); zh == "" || en == "" {
				t.Fatalf("no words for %+v", d)
			}
			switch v := d.After.(type) {
			case Type:
				p.Type = &v
			case Status:
				p.Status = &v
			case int:
				p.Capacity = &v
			case []string:
				p.Serves = &v
			case string:
				*map[string]**string{"name_zh": &p.NameZH, "name_en": &p.NameEN, "address": &p.Address}[d.Field] = &v
			case float64:
				*map[string]**float64{"lon": &p.Lon, "lat": &p.Lat}[d.Field] = &v
			}
		}
		if d := cmp.Diff(b, p.Apply(a)); d != "" {
			t.Fatal(d)
		}
		before, after := Values(Differences(a, b))
		if len(before) != len(after) || (len(after) == 0) != cmp.Equal(a, b) {
			t.Fatalf("%v, %v", before, after)
		}
	})
}

func TestDifferenceText(t *testing.T) {
	t.Parallel()
	before, after := canteen(), canteen()
	after.Address, after.Serves = "", []string{"1", "2"}
	list := Differences(before, after)
	zh, en := list[0].Text()
	if zh != "地址 花桥路 1 号→（空）" || en != "address 花桥路 1 号→(none)" {
		t.Errorf("%s, %s", zh, en)
	}
	if zh, _ := list[1].Text(); zh != "服务村居 990001001001→1,2" {
		t.Error(zh)
	}
}
