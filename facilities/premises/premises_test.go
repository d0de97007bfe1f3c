package premises_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/record"
)

const today = record.Day("2026-11-27")

func ptr[T any](v T) *T { return &v }

func m2(v float64) premises.Area {
	a, _ := premises.AreaOf(v)
	return a
}

// room is one that nothing is wrong with.
func room() premises.Room {
	return premises.Room{
		ID: "r", Name: "花桥里社区用房", Estate: "花桥里", Building: "3", Floor: "1", RoomNo: "101", DivisionCode: "990001001001",
		Point: orb.Point{117.05, 39.05}, Placed: true, Owner: "某区民政局", Title: premises.TitleRegistered,
		ApprovedUse: premises.CommunityService, PresentUse: premises.CommunityService, Area: m2(500),
		Parts: []premises.Part{
			{Use: premises.CommunityService, Area: m2(300), CountsFor: premises.CommunityNorm},
			{Use: premises.ElderlyService, Area: m2(150.5), CountsFor: premises.ElderlyNorm},
		},
		State: premises.HandedOver, PlannedOn: "2019-05-01", AcceptedOn: "2022-06-30", HandedOverOn: "2022-09-01",
		KeyHolder: "花桥里社区居委会主任", KeyContact: "13800001234", ObtainedBy: premises.ByProvision, Documents: []string{"移交协议〔2022〕3 号"},
	}
}

func known() premises.Known {
	return premises.Known{
		Standing: divisions.Standing{
			Divided: true, Division: true, Holds: true, LyingInAny: true, LyingIn: "乙社区",
			Bounds: orb.Bound{Min: orb.Point{117, 39}, Max: orb.Point{118, 40}},
		},
		Facility: true, Today: today,
	}
}

func fieldsOf(list []record.Fault) string {
	var out []string
	for _, f := range list {
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func TestAreaOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		m2   float64
		want premises.Area
		ok   bool
		text string
	}{
		{0, 0, true, "0"},
		{12, 1200, true, "12"},
		{12.5, 1250, true, "12.5"},
		{0.07, 7, true, "0.07"},
		{1_000_000, premises.MostArea, true, "1000000"},
		{12.345, 1235, false, ""},
		{-1, 0, false, ""},
		{1_000_000.5, 0, false, ""},
		{math.NaN(), 0, false, ""},
		{math.Inf(1), 0, false, ""},
	} {
		got, ok := premises.AreaOf(tc.m2)
		if ok != tc.ok || ok && (got != tc.want || got.String() != tc.text || got.M2() != tc.m2) {
			t.Errorf("AreaOf(%v) = %v %q, %v", tc.m2, got, got.String(), ok)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 101)
	for name, tc := range map[string]struct {
		change func(*premises.Room, *premises.Known)
		want   string
	}{
		"nothing": {func(*premises.Room, *premises.Known) {}, ""},
		"next to nothing": {func(r *premises.Room, _ *premises.Known) {
			*r = premises.Room{Name: "甲", DivisionCode: "9", State: premises.Planned}
		}, ""},
		"no name":           {func(r *premises.Room, _ *premises.Known) { r.Name = "" }, "name"},
		"long words":        {func(r *premises.Room, _ *premises.Known) { r.Owner, r.Floor = long, long }, "floor owner"},
		"a line break":      {func(r *premises.Room, _ *premises.Known) { r.Name = "甲\n乙" }, "name"},
		"lines in the note": {func(r *premises.Room, _ *premises.Known) { r.Note = "一\n二" }, ""},
		"no UTF-8":          {func(r *premises.Room, _ *premises.Known) { r.Address = "\xff" }, "address"},
		"documents": {func(r *premises.Room, _ *premises.Known) {
			r.Documents = slices.Repeat([]string{strings.Repeat("长", 201)}, 21)
		}, "documents" + strings.Repeat(" documents", 21)},
		"words of no list": {func(r *premises.Room, _ *premises.Known) {
			r.ApprovedUse, r.PresentUse, r.State, r.Title, r.ObtainedBy = "pub", "pub", "gone", "mine", "theft"
		}, "approved_use present_use state title obtained_by"},
		"a use that is never approved": {func(r *premises.Room, _ *premises.Known) { r.ApprovedUse = premises.Commercial }, "approved_use"},
		"parts beyond the area":        {func(r *premises.Room, _ *premises.Known) { r.Area = m2(450.49) }, "parts"},
		"parts of an unknown area":     {func(r *premises.Room, _ *premises.Known) { r.Area = 0 }, "area_m2"},
		"an area beyond all":           {func(r *premises.Room, _ *premises.Known) { r.Area, r.LandShare = premises.MostArea+1, -1 }, "area_m2 land_share_m2"},
		"a part of nothing":            {func(r *premises.Room, _ *premises.Known) { r.Parts[1].Area = 0 }, "parts/1/area_m2"},
		"a shop as a part":             {func(r *premises.Room, _ *premises.Known) { r.Parts[0].Use = premises.Commercial }, "parts/0/use"},
		"one purpose twice":            {func(r *premises.Room, _ *premises.Known) { r.Parts[1] = r.Parts[0]; r.Parts[1].Area = 1 }, "parts/1/use"},
		"community counted as elderly": {func(r *premises.Room, _ *premises.Known) { r.Parts[0].CountsFor = premises.ElderlyNorm }, "parts/0/counts_for"},
		"elderly counted as community": {func(r *premises.Room, _ *premises.Known) { r.Parts[1].CountsFor = premises.CommunityNorm }, ""},
		"property management counted": {func(r *premises.Room, _ *premises.Known) {
			r.Parts[0].Use = premises.PropertyOffice
		}, "parts/0/counts_for"},
		"counted in a room of property management": {func(r *premises.Room, _ *premises.Known) { r.ApprovedUse = premises.PropertyOffice }, "parts/0/counts_for parts/1/counts_for"},
		"days out of order":                        {func(r *premises.Room, _ *premises.Known) { r.AcceptedOn = "2018-01-01" }, "accepted_on"},
		"a day to come":                            {func(r *premises.Room, _ *premises.Known) { r.HandedOverOn = "2026-11-28" }, "handed_over_on"},
		"no day":                                   {func(r *premises.Room, _ *premises.Known) { r.PlannedOn = "soon" }, "planned_on"},
		"a day of a later state":                   {func(r *premises.Room, _ *premises.Known) { r.State = premises.Accepted }, "handed_over_on"},
		"disputed at any step":                     {func(r *premises.Room, _ *premises.Known) { r.State = premises.Disputed }, ""},
		"disputed and withdrawn":                   {func(r *premises.Room, _ *premises.Known) { r.State, r.WithdrawnOn = premises.Disputed, today }, "withdrawn_on"},
		"outside the district":                     {func(r *premises.Room, _ *premises.Known) { r.Point = orb.Point{39, 117} }, "lon lat"},
		"a place that is no number":                {func(r *premises.Room, _ *premises.Known) { r.Point[0] = math.NaN() }, "lon"},
		"in no division":                           {func(_ *premises.Room, k *premises.Known) { k.LyingInAny, k.Holds = false, false }, "lon lat"},
		"in another division":                      {func(_ *premises.Room, k *premises.Known) { k.Holds = false }, "division_code"},
		"an unknown division":                      {func(_ *premises.Room, k *premises.Known) { k.Division, k.Holds = false, false }, "division_code"},
		"no place and no division":                 {func(r *premises.Room, _ *premises.Known) { r.Placed, r.DivisionCode = false, "" }, "division_code"},
		"no divisions at all": {func(r *premises.Room, k *premises.Known) {
			r.DivisionCode, *k = "", premises.Known{Facility: true, Today: today}
		}, ""},
		"no facility": {func(r *premises.Room, k *premises.Known) { r.FacilityID, k.Facility = "f", false }, "facility_id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, k := room(), known()
			tc.change(&r, &k)
			if got := fieldsOf(premises.Validate(r, k)); got != strings.TrimSpace(tc.want) {
				t.Errorf("faults of %q, want %q", got, tc.want)
			}
		})
	}
}

func TestTooManyParts(t *testing.T) {
	t.Parallel()
	r := room()
	r.Parts = make([]premises.Part, premises.MostParts+1)
	if faults := premises.Validate(r, known()); faults[0].Field != "parts" || faults[0].Value != "13" {
		t.Errorf("first of the faults: %+v", faults[0])
	}
}

// What was wrong before keeps nobody from mending something else, but a split is held to
// its area whichever of the two changes.
func TestValidateChange(t *testing.T) {
	t.Parallel()
	old := room()
	old.Owner, old.Area = strings.Repeat("长", 101), m2(450)
	fixed := old
	fixed.Name = "花桥里用房"
	if got := premises.ValidateChange(old, fixed, known()); len(got) != 0 {
		t.Errorf("renamed: %v", got)
	}
	fixed.Area = m2(400)
	if got := fieldsOf(premises.ValidateChange(old, fixed, known())); got != "parts" {
		t.Errorf("made smaller: %s", got)
	}
	fixed = old
	fixed.State = premises.Accepted
	if got := fieldsOf(premises.ValidateChange(old, fixed, known())); got != "handed_over_on" {
		t.Errorf("set back: %s", got)
	}
	fixed = old
	fixed.Placed = false
	fixed.DivisionCode = "x"
	k := known()
	k.Division = false
	if got := fieldsOf(premises.ValidateChange(old, fixed, k)); got != "division_code" {
		t.Errorf("moved: %s", got)
	}
}

func TestPatch(t *testing.T) {
	t.Parallel()
	before := room()
	all := premises.Patch{
		Name: ptr(" 新名 "), Estate: ptr("a"), Building: ptr("b"), Floor: ptr("c"), RoomNo: ptr("d"), Address: ptr("e"), DivisionCode: ptr(" f "),
		Lon: ptr(117.1), Lat: ptr(39.1), Owner: ptr("g"), Title: ptr(premises.TitleLeased), ApprovedUse: ptr(premises.Health), PresentUse: ptr(premises.Vacant),
		Parts: &[]premises.Part{}, Area: ptr(m2(1)), LandShare: ptr(m2(2)), State: ptr(premises.Withdrawn), PlannedOn: ptr(record.Day("1")),
		BuiltOn: ptr(record.Day("2")), AcceptedOn: ptr(record.Day("3")), HandedOverOn: ptr(record.Day("4")), WithdrawnOn: ptr(record.Day("5")),
		KeyHolder: ptr("h"), KeyContact: ptr("i"), FacilityID: ptr("j"), ObtainedBy: ptr(premises.ByLease), Documents: &[]string{" 甲", "甲", ""}, Note: ptr("k"),
	}
	want := premises.Room{
		ID: "r", Name: "新名", Estate: "a", Building: "b", Floor: "c", RoomNo: "d", Address: "e", DivisionCode: "f", Point: orb.Point{117.1, 39.1}, Placed: true,
		Owner: "g", Title: premises.TitleLeased, ApprovedUse: premises.Health, PresentUse: premises.Vacant, Area: 100, LandShare: 200, State: premises.Withdrawn,
		PlannedOn: "1", BuiltOn: "2", AcceptedOn: "3", HandedOverOn: "4", WithdrawnOn: "5", KeyHolder: "h", KeyContact: "i", FacilityID: "j",
		ObtainedBy: premises.ByLease, Documents: []string{"甲"}, Note: "k",
	}
	got := all.Apply(before)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(before, premises.Patch{}.Apply(before)); d != "" {
		t.Errorf("an empty patch: %s", d)
	}
	if n := len(premises.Differences(before, got)); n != 28 {
		t.Errorf("%d fields differ", n)
	}
	away := premises.Patch{Unplace: true}.Apply(before)
	if away.Placed || away.Point != (orb.Point{}) || !all.Moves() || (premises.Patch{Unplace: true}).Moves() {
		t.Errorf("taken off the map: %+v", away)
	}
	if back := (premises.Patch{Lon: ptr(1.0), Lat: ptr(2.0)}).Apply(away); !back.Placed || back.Point != (orb.Point{1, 2}) {
		t.Errorf("put on the map: %+v", back)
	}
	was, is := premises.Values(premises.Differences(before, got))
	if was["key_contact"] != "***" || is["key_contact"] != "***" || was["area_m2"] != 500.0 || is["lon"] != 117.1 {
		t.Errorf("audited %v → %v", was, is)
	}
	if d := cmp.Diff([]string{"community_service=300>community_premises", "elderly_service=150.5>elderly_premises"}, was["parts"]); d != "" {
		t.Error(d)
	}
	if was, _ := premises.Values(premises.Differences(premises.Room{}, before)); was["key_contact"] != "" || was["lon"] != nil {
		t.Errorf("of a new room: %v", was)
	}
}

func TestMisusedAndCounted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change             func(*premises.Room)
		misused            bool
		community, elderly float64
	}{
		"as approved":       {func(*premises.Room) {}, false, 300, 150.5},
		"as a part of it":   {func(r *premises.Room) { r.PresentUse = premises.ElderlyService }, false, 300, 150.5},
		"a shop":            {func(r *premises.Room) { r.PresentUse = premises.Commercial }, true, 0, 0},
		"vacant":            {func(r *premises.Room) { r.PresentUse = premises.Vacant }, false, 300, 150.5},
		"nobody looked":     {func(r *premises.Room) { r.PresentUse = "" }, false, 300, 150.5},
		"nobody knows what": {func(r *premises.Room) { r.ApprovedUse, r.Parts, r.PresentUse = "", nil, premises.Commercial }, false, 0, 0},
		"not handed over":   {func(r *premises.Room) { r.State = premises.Accepted }, false, 0, 0},
		"withdrawn":         {func(r *premises.Room) { r.State, r.PresentUse = premises.Withdrawn, premises.Commercial }, false, 0, 0},
		"not split":         {func(r *premises.Room) { r.Parts = nil }, false, 500, 0},
		"property management": {func(r *premises.Room) {
			r.Parts, r.ApprovedUse, r.PresentUse = nil, premises.PropertyOffice, premises.PropertyOffice
		}, false, 0, 0},
		"counted for nothing": {func(r *premises.Room) { r.Parts[0].CountsFor = premises.NoNorm }, false, 0, 150.5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := room()
			tc.change(&r)
			if r.Misused() != tc.misused || r.Counted(premises.CommunityNorm) != m2(tc.community) || r.Counted(premises.ElderlyNorm) != m2(tc.elderly) ||
				r.Counted(premises.NoNorm) != 0 {
				t.Errorf("misused %v, community %s, elderly %s", r.Misused(), r.Counted(premises.CommunityNorm), r.Counted(premises.ElderlyNorm))
			}
		})
	}
	r := room()
	if r.Remaining() != m2(49.5) {
		t.Errorf("%s m² left", r.Remaining())
	}
}

// drawRoom makes a room of any kind, faulty or not.
func drawRoom(t *rapid.T) premises.Room {
	uses := []premises.Use{""}
	for _, u := range premises.Uses() {
		uses = append(uses, premises.Use(u.Code.Code))
	}
	r := room()
	r.ApprovedUse = rapid.SampledFrom(uses).Draw(t, "approved")
	r.PresentUse = rapid.SampledFrom(uses).Draw(t, "present")
	r.State = premises.State(rapid.SampledFrom(premises.States()).Draw(t, "state").Code)
	r.Area = premises.Area(rapid.Int64Range(0, 100_000).Draw(t, "area"))
	r.Parts = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) premises.Part {
		return premises.Part{
			Use: rapid.SampledFrom(uses).Draw(t, "use"), Area: premises.Area(rapid.Int64Range(0, 40_000).Draw(t, "m2")),
			CountsFor: rapid.SampledFrom([]premises.Norm{premises.NoNorm, premises.CommunityNorm, premises.ElderlyNorm}).Draw(t, "norm"),
		}
	}), 0, 4).Draw(t, "parts")
	return r
}

// TestNoAreaCountsTwice holds that whatever a room is that may be written, what counts
// for the norms together is never more than the room, and property management never
// counts.
func TestNoAreaCountsTwice(t *testing.T) {
	t.Parallel()
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		r := drawRoom(t)
		for _, f := range premises.Validate(r, known()) {
			if strings.HasPrefix(f.Field, "parts") || f.Field == "area_m2" || f.Field == "approved_use" {
				return
			}
		}
		taken++
		var sum premises.Area
		for _, p := range r.Purposes() {
			sum += p.Area
			if p.Use == premises.PropertyOffice && p.CountsFor != premises.NoNorm {
				t.Fatalf("property management counts: %+v", r)
			}
		}
		counted := r.Counted(premises.CommunityNorm) + r.Counted(premises.ElderlyNorm)
		if counted > sum || sum > r.Area || r.Remaining() < 0 {
			t.Fatalf("%s counted of %s in parts of %s: %+v", counted, sum, r.Area, r)
		}
		if r.Misused() && counted != 0 || r.ApprovedUse == premises.PropertyOffice && counted != 0 {
			t.Fatalf("%s counted: %+v", counted, r)
		}
	})
	if taken == 0 {
		t.Error("no room was taken")
	}
}

// TestListsAreWhole holds that each code has words and is there once.
func TestListsAreWhole(t *testing.T) {
	t.Parallel()
	var uses []premises.Code
	for _, u := range premises.Uses() {
		uses = append(uses, u.Code)
		if u.Usual != premises.NoNorm && !slices.Contains(u.Norms, u.Usual) || !u.Approved && (u.Usual != "" || u.Norms != nil) {
			t.Errorf("%+v", u)
		}
	}
	for _, list := range [][]premises.Code{
		uses, premises.Norms(), premises.States(), premises.Titles(), premises.Ways(), premises.Verdicts(), premises.Conditions(), premises.Steps(),
	} {
		seen := map[string]bool{}
		for _, c := range list {
			zh, en := premises.Words(list, c.Code)
			if seen[c.Code] || c.Code == "" || zh != c.ZH || en != c.EN || zh == "" || en == "" {
				t.Errorf("%+v", c)
			}
			seen[c.Code] = true
		}
	}
	if zh, en := premises.Words(uses, "x"); zh != "x" || en != "x" {
		t.Errorf("%s %s", zh, en)
	}
	if zh, _ := premises.UseWords("x"); zh != "x" {
		t.Error(zh)
	}
}
