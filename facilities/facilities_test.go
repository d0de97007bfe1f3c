package facilities

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yike/geo"
	"yike/geo/divisions"
)

// crowdOf lays people on a lattice over two subdistricts side by side.
func crowdOf(t *rapid.T) ([]divisions.Division, Crowd) {
	box := func(w, e float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{w, 39}, {e, 39}, {e, 39.05}, {w, 39.05}, {w, 39}}}}
	}
	list := []divisions.Division{
		{Code: "990001001", Level: divisions.Subdistrict, NameZH: "东", Pinyin: "Dong", Boundary: box(117, 117.05)},
		{Code: "990001002", Level: divisions.Subdistrict, NameZH: "西", Boundary: box(117.05, 117.1)},
	}
	locator := divisions.NewLocator(list)
	var crowd Crowd
	for i := range 20 {
		for j := range 10 {
			p := orb.Point{117.0025 + 0.005*float64(i), 39.0025 + 0.005*float64(j)}
			crowd.Points = append(crowd.Points, p)
			crowd.People = append(crowd.People, rapid.Int64Range(0, 400).Draw(t, "people")*10_000)
			crowd.Codes = append(crowd.Codes, locator.Code(p))
		}
	}
	return list, crowd
}

// Examples keep their distance, lie in the division they name, are labelled, have
// unique keys, do not exceed their quota, and are the same every time.
func TestPlaceExamples(t *testing.T) {
	t.Parallel()
	infos, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	shifted := func(p orb.Point) (orb.Point, bool) { return orb.Point{p[0] + 0.0004, p[1]}, p[1] < 39.045 }
	rapid.Check(t, func(t *rapid.T) {
		list, crowd := crowdOf(t)
		got := PlaceExamples(list, crowd, infos, shifted)
		if d := cmp.Diff(got, PlaceExamples(list, crowd, infos, shifted)); d != "" {
			t.Fatal(d)
		}
		locator := divisions.NewLocator(list)
		keys, names := map[string]bool{}, map[string]bool{}
		byType := map[Type][]Facility{}
		for _, f := range got {
			if !f.Example || !strings.HasPrefix(f.NameZH, "示例") || f.Status != Open || keys[f.SourceID] || locator.Code(f.Point) != f.DivisionCode {
				t.Fatalf("%+v", f)
			}
			if names[f.NameZH] || names[f.NameEN] {
				t.Fatalf("two are called %s, %s", f.NameZH, f.NameEN)
			}
			keys[f.SourceID], names[f.NameZH], names[f.NameEN] = true, true, true
			byType[f.Type] = append(byType[f.Type], f)
		}
		for _, rule := range ExampleRules() {
			checkRule(t, rule, crowd, byType[rule.Type])
		}
	})
}

// English names tell subdistricts apart, in Latin letters where there are any.
func TestEnglishNamesOfExamples(t *testing.T) {
	t.Parallel()
	infos, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	here := func(p orb.Point) (orb.Point, bool) { return p, true }
	for _, c := range []struct {
		name string
		d    divisions.Division
		want string
	}{
		{"english", divisions.Division{NameZH: "花桥街道", NameEN: "Huaqiao Subdistrict", Pinyin: "Huaqiao Jiedao"}, "Example elderly canteen 1, Huaqiao Subdistrict"},
		{"pinyin", divisions.Division{NameZH: "花桥街道", Pinyin: "Huaqiao Jiedao"}, "Example elderly canteen 1, Huaqiao Jiedao"},
		{"chinese alone", divisions.Division{NameZH: "花桥街道"}, "Example elderly canteen 1, 花桥街道"},
	} {
		c.d.Code, c.d.Level = "990001001", divisions.Subdistrict
		c.d.Boundary = orb.MultiPolygon{{{{117, 39}, {117.1, 39}, {117.1, 39.1}, {117, 39.1}, {117, 39}}}}
		crowd := Crowd{Points: []orb.Point{{117.05, 39.05}}, People: []int64{50_000_000}, Codes: []string{c.d.Code}}
		got := map[Type]string{}
		for _, f := range PlaceExamples([]divisions.Division{c.d}, crowd, infos, here) {
			got[f.Type] = f.NameEN
		}
		if got["elderly_canteen"] != c.want || got["columbarium"] != "Example columbarium 1" {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// The rule names ages in words, so a band called all is no age.
func TestRuleText(t *testing.T) {
	t.Parallel()
	info := TypeInfo{ZH: "助餐点", EN: "canteen"}
	zh, en := ExampleRule{PerElder: 4000, ApartM: 500}.Text(info, "全部年龄", "of all ages")
	if !strings.Contains(zh, "每个街道每 4000 人（全部年龄）1 处") || !strings.Contains(en, "one for each 4000 people of all ages (none for less)") {
		t.Error(zh, en)
	}
}

func checkRule(t *rapid.T, rule ExampleRule, crowd Crowd, sites []Facility) {
	people := map[string]int64{}
	for i, code := range crowd.Codes {
		people[code] += crowd.People[i] / 10_000
		people[""] += crowd.People[i] / 10_000
	}
	count := map[string]int{}
	for i, a := range sites {
		for _, b := range sites[:i] {
			if m := geo.Distance(a.Point, b.Point); m < rule.ApartM-0.1 {
				t.Fatalf("%s: %s and %s are %.0f m apart", rule.Type, a.SourceID, b.SourceID, m)
			}
		}
		area := a.DivisionCode
		if rule.Whole {
			area = ""
		}
		count[area]++
	}
	for area, n := range count {
		most := int(people[area]) / rule.PerElder
		if rule.Whole {
			most = max(1, most)
		}
		if n > most {
			t.Fatalf("%s: %d sites in %q for %d people", rule.Type, n, area, people[area])
		}
	}
}

func TestExamplesWithoutDivisionsOrPeople(t *testing.T) {
	t.Parallel()
	infos, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	here := func(p orb.Point) (orb.Point, bool) { return p, true }
	crowd := Crowd{Points: []orb.Point{{117, 39}}, People: []int64{30_000_000}, Codes: []string{""}}
	got := PlaceExamples(nil, crowd, infos, here)
	if len(got) != len(ExampleRules()) || got[0].DivisionCode != "" {
		t.Errorf("%+v", got)
	}
	if got := PlaceExamples(nil, Crowd{}, infos, here); len(got) != 0 {
		t.Errorf("nobody lives here, yet %+v", got)
	}
	nowhere := func(p orb.Point) (orb.Point, bool) { return p, false }
	if got := PlaceExamples(nil, crowd, infos, nowhere); len(got) != 0 {
		t.Errorf("no road, yet %+v", got)
	}
}
