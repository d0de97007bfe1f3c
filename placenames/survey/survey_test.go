package survey_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/geo"
	"yike/internal/record"
	"yike/placenames/survey"
)

const today = record.Day("2026-11-28")

var origin = orb.Point{108.75, 34.25}

// at is a fix so many metres east and north of the origin, so many seconds after a moment.
func at(east, north float64, second int64, accuracy float64) survey.Fix {
	return survey.Fix{At: 1_800_000_000_000 + 1000*second, Point: geo.Frame(origin).From(orb.Point{east, north}), AccuracyM: accuracy}
}

func whole() survey.Visit {
	return survey.Visit{
		CaseID: "c", Day: today, People: []survey.Person{{Office: "地名办", Name: "张科员"}},
		Track:  []survey.Fix{at(0, 0, 0, 5), at(400, 0, 300, 5)},
		Points: []survey.Point{{Kind: survey.Start, Fix: at(0, 0, 0, 5)}, {Kind: survey.End, Fix: at(400, 0, 300, 5), Note: "断头"}},
		Findings: survey.Findings{
			LengthM: 400, WidthM: 18, Direction: "east_west", Signs: "无", Agreement: survey.Partly, Remark: "西段未通车",
		},
	}
}

func TestWhatCounts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change  func(*survey.Visit)
		missing []string
	}{
		"whole":               {func(*survey.Visit) {}, nil},
		"photos, no track":    {func(v *survey.Visit) { v.Track, v.Photos = nil, 1 }, nil},
		"no day":              {func(v *survey.Visit) { v.Day = "" }, []string{"day"}},
		"nobody":              {func(v *survey.Visit) { v.People = nil }, []string{"people"}},
		"one fix is no track": {func(v *survey.Visit) { v.Track = v.Track[:1] }, []string{"evidence"}},
		"nothing":             {func(v *survey.Visit) { *v = survey.Visit{} }, []string{"day", "people", "evidence"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := whole()
			tt.change(&v)
			var got []string
			for _, c := range v.Missing() {
				got = append(got, c.Code)
			}
			if !slices.Equal(got, tt.missing) {
				t.Errorf("missing %v, want %v", got, tt.missing)
			}
			count, all := survey.Counted([]survey.Visit{whole(), v})
			if count != 2 || all != (len(tt.missing) == 0) {
				t.Errorf("%d visits, all whole %v", count, all)
			}
			if !survey.Shown([]survey.Visit{v, whole()}) || survey.Shown([]survey.Visit{v}) != (len(tt.missing) == 0) {
				t.Error("one whole visit shows the survey, and no other does")
			}
		})
	}
	if count, all := survey.Counted(nil); count != 0 || all {
		t.Errorf("of no visits: %d, %v", count, all)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*survey.Visit)
		field  string
	}{
		"as it should be":     {func(*survey.Visit) {}, ""},
		"no day":              {func(v *survey.Visit) { v.Day = "" }, "day"},
		"no such day":         {func(v *survey.Visit) { v.Day = "28.11.2026" }, "day"},
		"tomorrow":            {func(v *survey.Visit) { v.Day = "2026-11-29" }, "day"},
		"no office":           {func(v *survey.Visit) { v.People[0].Office = "" }, "people/0/office"},
		"a long name":         {func(v *survey.Visit) { v.People[0].Name = strings.Repeat("长", 61) }, "people/0/name"},
		"a telephone":         {func(v *survey.Visit) { v.Note = "找 13800138000" }, "note"},
		"many people":         {func(v *survey.Visit) { v.People = slices.Repeat(v.People, 31) }, "people"},
		"a kind of point":     {func(v *survey.Visit) { v.Points[1].Kind = "moon" }, "points/1/kind"},
		"nowhere":             {func(v *survey.Visit) { v.Points[0].Point = orb.Point{200, 0} }, "points/0/lon"},
		"a track nowhere":     {func(v *survey.Visit) { v.Track[1].Point = orb.Point{0, 91} }, "track/1"},
		"no accuracy":         {func(v *survey.Visit) { v.Points[0].AccuracyM = math.NaN() }, "points/0/accuracy_m"},
		"a long road":         {func(v *survey.Visit) { v.Findings.LengthM = 1e6 }, "findings/length_m"},
		"a negative width":    {func(v *survey.Visit) { v.Findings.WidthM = -1 }, "findings/width_m"},
		"a direction":         {func(v *survey.Visit) { v.Findings.Direction = "up" }, "findings/direction"},
		"a conclusion":        {func(v *survey.Visit) { v.Findings.Agreement = "perhaps" }, "findings/agreement"},
		"differs without why": {func(v *survey.Visit) { v.Findings.Remark = "" }, "findings/remark"},
		"control characters":  {func(v *survey.Visit) { v.Findings.Signs = "\x00" }, "findings/signs"},
		"many points":         {func(v *survey.Visit) { v.Points = slices.Repeat(v.Points, 101) }, "points"},
		"a long track":        {func(v *survey.Visit) { v.Track = slices.Repeat(v.Track, 2501) }, "track"},
		"another town": {func(v *survey.Visit) {
			v.Track, v.Points = []survey.Fix{{Point: orb.Point{116, 40}}}, nil
		}, "track"},
		"from another town": {func(v *survey.Visit) {
			v.Track = slices.Insert(v.Track, 0, survey.Fix{Point: orb.Point{116, 40}})
		}, ""},
		"nothing but a day": {func(v *survey.Visit) { *v = survey.Visit{Day: today} }, ""},
	}
	box := orb.Bound{Min: orb.Point{108, 34}, Max: orb.Point{109, 35}}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := whole()
			v.People = slices.Clone(v.People)
			tt.change(&v)
			got := survey.Validate(v, survey.Known{Today: today, Box: box})
			if tt.field == "" && len(got) > 0 || tt.field != "" && (len(got) != 1 || got[0].Field != tt.field) {
				t.Errorf("faults %v, want one of %q", got, tt.field)
			}
			for _, f := range got {
				if f.ZH == "" || f.EN == "" {
					t.Errorf("%v says nothing in one language", f)
				}
			}
		})
	}
}

func TestSteady(t *testing.T) {
	t.Parallel()
	track := []survey.Fix{
		at(0, 0, 0, 500),                               // a mast
		at(0, 0, 1, 5), at(1, 1, 2, 5), at(2, 0, 3, 5), // somebody stands
		at(20, 0, 15, 5),
		at(5000, 0, 16, 5),                 // a jump
		at(40, 0, 30, 5), at(30, 0, 29, 5), // earlier than the one before
		{At: 1_800_000_031_000, Point: orb.Point{math.NaN(), 34}, AccuracyM: 5},
		at(44, 0, 33, 20), // within its own accuracy, but the last
	}
	got := survey.Steady(track)
	want := []survey.Fix{track[1], track[4], track[6], track[9]}
	if !slices.Equal(got, want) {
		t.Errorf("kept %v, want %v", got, want)
	}
	if got := survey.Steady(nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// Standing still for an hour is no walk, however the device trembles.
func TestStandingIsNoWalk(t *testing.T) {
	t.Parallel()
	var track []survey.Fix
	for i := range int64(3600) {
		track = append(track, at(3*math.Sin(float64(i)*1.7), 3*math.Cos(float64(i)*2.3), i, 8))
	}
	if m := survey.Walked(survey.Kept(track)); m > 10 {
		t.Errorf("standing walked %.0f m", m)
	}
}

func TestShortenStaysNear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "n")
		var track []survey.Fix
		for i := range n {
			track = append(track, at(rapid.Float64Range(-500, 500).Draw(t, "x"), rapid.Float64Range(-500, 500).Draw(t, "y"), int64(i), 5))
		}
		got := survey.Shorten(track)
		if n == 0 {
			if len(got) != 0 {
				t.Fatal("something of nothing")
			}
			return
		}
		if got[0] != track[0] || got[len(got)-1] != track[n-1] {
			t.Fatal("an end went away")
		}
		frame, next := geo.Frame(origin), 0
		for _, f := range track {
			if next < len(got) && got[next] == f {
				next++
				continue
			}
			a, b, p := frame.To(got[next-1].Point), frame.To(got[next].Point), frame.To(f.Point)
			best := math.Inf(1)
			for i := range 201 {
				s := float64(i) / 200
				best = min(best, math.Hypot(a[0]+s*(b[0]-a[0])-p[0], a[1]+s*(b[1]-a[1])-p[1]))
			}
			if best > 2+8 { // 8 m is the step by which the segment was searched
				t.Fatalf("a fix that was left out is %.1f m off", best)
			}
		}
		if next != len(got) {
			t.Fatal("what is left is no part of the track, in its order")
		}
		if survey.Walked(got) > survey.Walked(track)+1e-6 {
			t.Fatal("a shortened track is longer")
		}
	})
}

func TestShortenDropsWhatLiesOnTheWay(t *testing.T) {
	t.Parallel()
	var track []survey.Fix
	for i := range 200 {
		track = append(track, at(float64(5*i), math.Mod(float64(i), 3)/2, int64(4*i), 5))
	}
	if got := survey.Kept(track); len(got) > 3 {
		t.Errorf("a straight walk kept %d fixes", len(got))
	}
	if m := survey.Walked(survey.Kept(track)); math.Abs(m-995) > 5 {
		t.Errorf("it is %.1f m long", m)
	}
}

func TestAlong(t *testing.T) {
	t.Parallel()
	v := whole()
	v.Track = []survey.Fix{at(-300, 0, 0, 5), at(0, 2, 100, 5), at(200, 0, 200, 5), at(400, 0, 300, 5), at(400, 300, 400, 5)}
	if m, ok := v.Along(); !ok || math.Abs(m-400) > 1 {
		t.Errorf("along %.1f m, %v", m, ok)
	}
	v.Points = []survey.Point{v.Points[1], v.Points[0]} // walked from its end
	if m, ok := v.Along(); !ok || math.Abs(m-400) > 1 {
		t.Errorf("the other way %.1f m, %v", m, ok)
	}
	far := v
	far.Points = slices.Clone(v.Points)
	far.Points[0].Fix = at(0, 900, 0, 5)
	for name, v := range map[string]survey.Visit{"no end": {Track: v.Track, Points: v.Points[1:]}, "no track": {Points: v.Points}, "far off": far} {
		if m, ok := v.Along(); ok {
			t.Errorf("%s: %.1f m", name, m)
		}
	}
}

func TestDirections(t *testing.T) {
	t.Parallel()
	for angle, want := range map[int]string{
		0: "east_west", 20: "east_west", 45: "northeast_southwest", 90: "north_south", 135: "northwest_southeast",
		180: "east_west", 225: "northeast_southwest", 270: "north_south", 315: "northwest_southeast", 350: "east_west",
	} {
		sin, cos := math.Sincos(float64(angle) * math.Pi / 180)
		if got := survey.DirectionOf(origin, geo.Frame(origin).From(orb.Point{300 * cos, 300 * sin})); got != want {
			t.Errorf("at %d° %s, want %s", angle, got, want)
		}
	}
	if got := survey.DirectionOf(origin, origin); got != "" {
		t.Errorf("of one place: %s", got)
	}
}

func TestRecordText(t *testing.T) {
	t.Parallel()
	v := whole()
	v.Photos, v.Note = 3, "雨天"
	var zh, en []string
	for _, l := range survey.Record(v, survey.Applied{LengthM: 500, WidthM: 18.5}) {
		zh, en = append(zh, l.LabelZH+"："+l.ZH), append(en, l.LabelEN+": "+l.EN)
	}
	wantZH := []string{
		"踏勘日期：2026-11-28", "参加人员：地名办 张科员", "踏勘轨迹：行走 400 米，历时 5 分钟", "沿线量测：起点至止点沿轨迹 400 米",
		"点位：起点 1 处，止点 1 处（断头）", "现场量测：长 400 米（申请 500 米，相差 -20%），宽 18 米（申请 18.5 米，相差 -3%），东西向",
		"现有标志：无", "踏勘结论：部分不一致。西段未通车", "照片：3 张", "备注：雨天",
	}
	if !slices.Equal(zh, wantZH) {
		t.Errorf("it says\n%s\nwant\n%s", strings.Join(zh, "\n"), strings.Join(wantZH, "\n"))
	}
	if !slices.Contains(en, "Measured: length 400 m (application 500 m, -20 %), width 18 m (application 18.5 m, -3 %), east–west") {
		t.Errorf("in English\n%s", strings.Join(en, "\n"))
	}
	if got := survey.Record(survey.Visit{Day: today}, survey.Applied{}); len(got) != 1 {
		t.Errorf("of a day alone: %v", got)
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	got := survey.Differences(survey.Applied{LengthM: 500, WidthM: 5}, survey.Findings{LengthM: 430, WidthM: 5.9})
	want := "length_m -14% false, width_m +18% true, "
	said := ""
	for _, d := range got {
		said += fmt.Sprintf("%s %+.0f%% %v, ", d.Field, 100*d.Share, d.WithinTolerance)
	}
	if said != want {
		t.Errorf("%q, want %q", said, want)
	}
	if got := survey.Differences(survey.Applied{LengthM: 500}, survey.Findings{WidthM: 5}); len(got) != 0 {
		t.Errorf("of what one side does not say: %v", got)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	v := survey.Clean(whole())
	day, note := record.Day("2026-11-20"), " 晴 "
	people, track := []survey.Person{{Office: " 街道 "}, {}}, []survey.Fix{at(0, 0, 0, 5), at(100, 0, 60, 5), at(200, 0, 120, 5)}
	points, findings := []survey.Point{{Kind: "other", Fix: at(1, 1, 1, 1), Note: " 桥 "}}, survey.Findings{WidthM: 9}
	to := survey.Patch{Day: &day, People: &people, Track: &track, Points: &points, Findings: &findings, Note: &note}.Apply(v)
	if len(to.People) != 1 || to.People[0].Office != "街道" || len(to.Track) != 2 || to.Points[0].Note != "桥" || to.Note != "晴" {
		t.Errorf("it became %+v", to)
	}
	var fields []string
	for _, d := range survey.Changes(v, to) {
		fields = append(fields, d.Field)
	}
	if want := []string{"day", "people", "track", "points", "findings", "note"}; !slices.Equal(fields, want) {
		t.Errorf("changed %v", fields)
	}
	if same := survey.Changes(v, survey.Patch{}.Apply(v)); len(same) != 0 {
		t.Errorf("a patch of nothing changed %v", same)
	}
}
