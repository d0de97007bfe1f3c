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
		Type: "elderly_canteen", NameZH: "甲食堂", NameEN: "Jia", Status: Open, Stage: Published, Address: "花桥路 1 号", Capacity: 80,
		Serves: []string{"990001001001"}, Point: orb.Point{117.1, 39.05}, PlacedBy: PlacedMap, USCC: "91350100M000100Y43",
		Fields: map[string]any{"seats": 40.0, "subsidised": true},
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
			*f = Facility{Type: "meal_point", NameZH: "点", Status: Planned, Stage: Draft, Unplaced: true}
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
		{"no stage", func(f *Facility) { f.Stage = "done" }, "stage"},
		{"a code that checks otherwise", func(f *Facility) { f.USCC = "91350100M000100Y44" }, "uscc"},
		{"a code of the bureau that is too long", func(f *Facility) { f.BureauNo = strings.Repeat("1", LongestCode+1) }, "bureau_no"},
		{"a code of two lines", func(f *Facility) { f.InstitutionCode = "1\n2" }, "institution_code"},
		{"not placed, anywhere", func(f *Facility) {
			*f = Clean(Facility{Type: f.Type, NameZH: "甲", Status: Open, Stage: Draft, Unplaced: true})
		}, ""},
		{"not placed by somebody", func(f *Facility) { f.Unplaced = true }, "placed_by"},
		{"placed by nobody", func(f *Facility) { f.PlacedBy = NotPlaced }, "placed_by"},
		{"placed by a word", func(f *Facility) { f.PlacedBy = "guess" }, "placed_by"},
		{"found, more or less", func(f *Facility) { f.PlacedBy, f.PlaceConfidence = PlacedAddress, 60 }, ""},
		{"found, who knows", func(f *Facility) { f.PlacedBy = PlacedAddress }, "place_confidence"},
		{"pointed at, perhaps", func(f *Facility) { f.PlaceConfidence = 60 }, "place_confidence"},
		{"everything", func(f *Facility) { *f = Facility{Capacity: -1} }, "type name_zh status stage capacity placed_by lon lat"},
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
	want.PlacedBy = PlacedGiven // it is another place now, and nobody said whence
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

func TestPatchOfPlaces(t *testing.T) {
	t.Parallel()
	placed, found := canteen(), canteen()
	placed.DivisionCode = "990001001001"
	found.PlacedBy, found.PlaceConfidence = PlacedAddress, 70
	nowhere := Patch{Unplaced: ptr(true)}.Apply(placed)
	for _, tc := range []struct {
		name   string
		before Facility
		patch  Patch
		faults string
		want   Facility // its place only
	}{
		{"taken away", placed, Patch{Unplaced: ptr(true)}, "", Facility{Unplaced: true, DivisionCode: "990001001001"}},
		{"moved", placed, Patch{Lon: ptr(117.15)}, "", Facility{Point: orb.Point{117.15, 39.05}, PlacedBy: PlacedGiven, DivisionCode: "990001001001"}},
		{"moved on the map", placed, Patch{Lon: ptr(117.15), PlacedBy: ptr(PlacedMap)}, "", Facility{Point: orb.Point{117.15, 39.05}, PlacedBy: PlacedMap, DivisionCode: "990001001001"}},
		{"moved nowhere", found, Patch{Lon: ptr(117.1)}, "", Facility{Point: placed.Point, PlacedBy: PlacedAddress, PlaceConfidence: 70}},
		{"confirmed on the map", found, Patch{PlacedBy: ptr(PlacedMap)}, "", Facility{Point: placed.Point, PlacedBy: PlacedMap}},
		{
			"found", nowhere,
			Patch{Lon: ptr(117.1), Lat: ptr(39.05), PlacedBy: ptr(PlacedAddress), PlaceConfidence: ptr(55)},
			"",
			Facility{Point: placed.Point, PlacedBy: PlacedAddress, PlaceConfidence: 55, DivisionCode: "990001001001"},
		},
		{"said to be elsewhere", nowhere, Patch{DivisionCode: ptr(" 990001002 ")}, "", Facility{Unplaced: true, DivisionCode: "990001002"}},
		{"half a place", nowhere, Patch{Lon: ptr(117.1)}, "lat", Facility{}},
		{"the other half", nowhere, Patch{Lat: ptr(39.05)}, "lon", Facility{}},
		{"placed without a place", nowhere, Patch{Unplaced: ptr(false)}, "unplaced", Facility{}},
		{"placed and not", placed, Patch{Unplaced: ptr(true), Lat: ptr(39.0)}, "unplaced", Facility{}},
		{"placed, and said to be elsewhere", placed, Patch{DivisionCode: ptr("990001002")}, "division_code", Facility{}},
		{"placed, and said to be there", placed, Patch{DivisionCode: ptr("990001001001")}, "", Facility{Point: placed.Point, PlacedBy: PlacedMap, DivisionCode: "990001001001"}},
	} {
		if got := fieldsOf(tc.patch.Faults(tc.before)); got != tc.faults {
			t.Errorf("%s: faults in %q, want %q", tc.name, got, tc.faults)
		}
		got := tc.patch.Apply(tc.before)
		of := Facility{Unplaced: got.Unplaced, Point: got.Point, PlacedBy: got.PlacedBy, PlaceConfidence: got.PlaceConfidence, DivisionCode: got.DivisionCode}
		if d := cmp.Diff(tc.want, of); d != "" && tc.faults == "" {
			t.Errorf("%s: %s", tc.name, d)
		}
	}
}

// Fields that a patch leaves out stay, nil takes one out, and neither side is written to.
func TestPatchOfFields(t *testing.T) {
	t.Parallel()
	before := canteen()
	got := Patch{Fields: map[string]any{"seats": nil, "diners": 3, "meal_times": " 11:00-13:00 ", "licence": "", "kinds": []any{"a", " a", "b"}}}.Apply(before)
	want := map[string]any{"subsidised": true, "diners": 3.0, "meal_times": "11:00-13:00", "kinds": []string{"a", "b"}}
	if d := cmp.Diff(want, got.Fields); d != "" || before.Fields["seats"] != 40.0 || len(before.Fields) != 2 {
		t.Errorf("%s; before %v", d, before.Fields)
	}
	if TidyFields(nil) == nil {
		t.Error("no fields are nil")
	}
}

func TestUSCC(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"91350100M000100Y43": true, // the example of GB 32100-2015
		"91350100M000100Y4X": false, "91350100M000100Y4": false, "91350100M000100Y433": false, "": false,
		"9135010OM000100Y43": false, // a letter O, which the alphabet leaves out
		"９1350100M000100Y":   false, "91350100m000100y43": false,
	} {
		if ValidUSCC(code) != want {
			t.Errorf("%q: %v", code, !want)
		}
	}
	// No single character may be wrong unseen.
	const right = "91350100M000100Y43"
	for i := range right {
		for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
			if wrong := right[:i] + string(c) + right[i+1:]; ValidUSCC(wrong) != (wrong == right) {
				t.Errorf("%s passes", wrong)
			}
		}
	}
}

func TestStageAndTombstone(t *testing.T) {
	t.Parallel()
	for _, st := range []Stage{Draft, Submitted, Published} {
		if got, ok := ParseStage(string(st)); !ok || got != st {
			t.Errorf("%s is a stage", st)
		}
	}
	if _, ok := ParseStage(""); ok {
		t.Error("nothing is a stage")
	}
	if (Facility{}).Tombstone() || !(Facility{ReplacedBy: []string{"1"}}).Tombstone() {
		t.Error("a tombstone is what others took the place of")
	}
}

// Whatever two facilities are, putting the differences of the second into the first as a
// patch gives the second.
func TestDifferencesAreComplete(t *testing.T) {
	t.Parallel()
	draw := rapid.Custom(func(t *rapid.T) Facility {
		word := rapid.SampledFrom([]string{"", "甲", "乙"})
		f := Facility{
			Type: Type(word.Draw(t, "type")), NameZH: word.Draw(t, "zh"), NameEN: word.Draw(t, "en"), Status: Status(word.Draw(t, "status")),
			Stage: Stage(word.Draw(t, "stage")), Address: word.Draw(t, "address"), Capacity: rapid.IntRange(0, 2).Draw(t, "capacity"),
			Serves: rapid.SliceOfN(word, 0, 2).Draw(t, "serves"), USCC: word.Draw(t, "uscc"), InstitutionCode: word.Draw(t, "code"),
			BureauNo: word.Draw(t, "no"), VerifiedOn: record.Day(word.Draw(t, "verified")),
			Fields: rapid.MapOfN(rapid.SampledFrom([]string{"a", "b"}), rapid.OneOf(
				rapid.Just[any](true), rapid.Just[any](1.5), rapid.Just[any]("甲"), rapid.Just[any]([]string{"x", "y"}),
			), 0, 2).Draw(t, "fields"),
		}
		if f.Unplaced = rapid.Bool().Draw(t, "unplaced"); f.Unplaced {
			f.DivisionCode = word.Draw(t, "division")
		} else {
			f.Point = orb.Point{float64(rapid.IntRange(1, 2).Draw(t, "lon")), float64(rapid.IntRange(1, 2).Draw(t, "lat"))}
			f.PlacedBy = rapid.SampledFrom([]Placing{PlacedGiven, PlacedAddress, PlacedMap}).Draw(t, "placed")
			if f.PlacedBy == PlacedAddress {
				f.PlaceConfidence = rapid.IntRange(1, 2).Draw(t, "confidence")
			}
		}
		return Clean(f)
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		p := patchOf(t, Differences(a, b))
		if b.Unplaced && !a.Unplaced {
			p.Unplaced, p.Lon, p.Lat, p.PlacedBy, p.PlaceConfidence = ptr(true), nil, nil, nil, nil
		} else if p.Lon != nil || p.Lat != nil { // another place is given again whence it comes
			p.PlacedBy, p.PlaceConfidence = &b.PlacedBy, &b.PlaceConfidence
		}
		got := p.Apply(a)
		if !got.Unplaced {
			got.DivisionCode = b.DivisionCode // follows from the place
		}
		if d := cmp.Diff(b, got); d != "" {
			t.Fatal(d)
		}
		before, after := Values(Differences(a, b))
		if len(before) != len(after) || (len(after) == 0) != cmp.Equal(a, b) {
			t.Fatalf("%v, %v", before, after)
		}
	})
}

// patchOf is the patch that says what the differences do.
func patchOf(t *rapid.T, list []Difference) Patch {
	var p Patch
	for _, d := range list {
		if zh, en := d.Text(); zh == "" || en == "" {
			t.Fatalf("no words for %+v", d)
		}
		if name, ok := strings.CutPrefix(d.Field, FieldPrefix); ok {
			if p.Fields == nil {
				p.Fields = map[string]any{}
			}
			p.Fields[name] = d.After
			continue
		}
		switch v := d.After.(type) {
		case Type:
			p.Type = &v
		case Status:
			p.Status = &v
		case Stage:
			p.Stage = &v
		case Placing:
			p.PlacedBy = &v
		case record.Day:
			p.VerifiedOn = &v
		case int:
			*map[string]**int{"capacity": &p.Capacity, "place_confidence": &p.PlaceConfidence}[d.Field] = &v
		case []string:
			p.Serves = &v
		case string:
			*map[string]**string{
				"name_zh": &p.NameZH, "name_en": &p.NameEN, "address": &p.Address, "division_code": &p.DivisionCode,
				"uscc": &p.USCC, "institution_code": &p.InstitutionCode, "bureau_no": &p.BureauNo,
			}[d.Field] = &v
		case float64:
			*map[string]**float64{"lon": &p.Lon, "lat": &p.Lat}[d.Field] = &v
		}
	}
	return p
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
