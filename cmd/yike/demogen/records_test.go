package demogen_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilityimport"
	"yike/geo/divisions"
	"yike/internal/pack"
	"yike/internal/record"
)

// readFacilities reads the facilities of a pack as the product does.
func readFacilities(t *testing.T, dir string) (*pack.Manifest, []facilities.Facility, facilities.Types) {
	t.Helper()
	m, err := pack.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	types, err := facilities.ParseCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	var list []divisions.Division
	for _, f := range readFeatures(t, filepath.Join(dir, "divisions.geojson")) {
		shape, _ := f.Geometry.(orb.MultiPolygon)
		list = append(list, divisions.Division{Code: f.Properties.MustString("code"), Level: divisions.Level(f.Properties.MustString("level")), Boundary: shape})
	}
	for _, layer := range m.All() {
		if layer.Kind == pack.Facilities {
			read, err := facilityimport.Read(t.Context(), m.Folder(dir, ""), m.AdCode, layer, list, types.Types, nil)
			if err != nil {
				t.Fatal(err)
			}
			return m, read.Facilities, types
		}
	}
	t.Fatal("the pack has no facilities")
	return nil, nil, types
}

// The records are such as a register has: fields that their types take, most of what
// publishing needs, some looked at lately, some long ago and some never; and they say that
// they are made up.
func TestRecordsAreFilledIn(t *testing.T) {
	t.Parallel()
	for _, people := range []int{700, 2000, 60_000} {
		dir, _ := generate(t, people, 1)
		m, list, types := readFacilities(t, dir)
		sum, never, late, lacking := 0, 0, 0, 0
		for _, f := range list {
			info, _ := types.Find(f.Type)
			f.PlacedBy = facilities.PlacedGiven
			score := facilities.Quality(f, info, record.Day(m.AsOf)).Points
			sum += score
			if f.VerifiedOn > record.Day(m.AsOf) {
				t.Errorf("%s was looked at on %s, after %s", f.NameZH, f.VerifiedOn, m.AsOf)
			}
			switch {
			case f.VerifiedOn == "":
				never++
			case f.VerifiedOn < "2025-12-01":
				late++
			}
			if len(facilities.Missing(info, f)) > 0 {
				lacking++
			}
			operator, _ := f.Fields["operator"].(string)
			if phone, _ := f.Fields["contact_phone"].(string); operator != "" && !strings.Contains(operator, "示例") || phone != "" && !strings.HasPrefix(phone, "000-") {
				t.Errorf("%s passes for real: %q, %q", f.NameZH, operator, phone)
			}
		}
		if mean := sum / len(list); mean < 65 || mean > 90 {
			t.Errorf("%d people: a mean of %d points", people, mean)
		}
		if never == 0 || late == 0 && people >= 2000 || never > len(list)/2 || lacking > 0 {
			t.Errorf("%d people: of %d records %d were never looked at, %d long ago, %d cannot be published", people, len(list), never, late, lacking)
		}
	}
}

// Every type of the district has a value for each field of it that a standard asks for,
// somewhere, so that no check is empty on every screen.
func TestRecordsFeedTheStandards(t *testing.T) {
	t.Parallel()
	dir, _ := generate(t, 200_000, 1)
	_, list, _ := readFacilities(t, dir)
	have := map[string]bool{}
	for _, f := range list {
		for name := range f.Fields {
			have[string(f.Type)+" "+name] = true
		}
	}
	for _, want := range []string{
		"rescue_station beds", "rescue_station floor_area", "rescue_station dormitory_area", "rescue_station outdoor_area", "rescue_station rooms_men", "rescue_station rooms_women",
		"elderly_centre floor_area", "elderly_institution land_area", "elderly_institution room_area", "elderly_institution footprint", "elderly_institution own_site",
		"day_care_centre rest_area", "day_care_centre dining_seats", "day_care_centre dining_area", "elderly_canteen food_licence", "elderly_canteen fire_safety",
		"elderly_canteen meals_at_once", "meal_point diners", "meal_point floor", "columbarium niches_used", "columbarium fate", "columbarium level",
		"cemetery plot_area", "cemetery double_plot_area", "cemetery forbidden_ground", "cemetery outsiders_buried", "cemetery kind",
		"community_premises title", "community_premises community_workers", "health_station subtype",
	} {
		if !have[want] {
			t.Errorf("no record has %s", want)
		}
	}
}

// Some places stand in the register twice, some metres apart, as two lists had them.
func TestRepeats(t *testing.T) {
	t.Parallel()
	dir, _ := generate(t, 20_000, 1)
	p := readPack(t, dir)
	twice := 0
	for i, a := range p.facilities {
		for _, b := range p.facilities[:i] {
			if a.kind == b.kind && a.name != b.name && a.status == b.status && abs(a.point[0]-b.point[0]) < 1e-4 && abs(a.point[1]-b.point[1]) < 1e-4 {
				twice++
			}
		}
	}
	if want := max(1, len(p.facilities)/61); twice < want {
		t.Errorf("%d places of %d are there twice, want %d", twice, len(p.facilities), want)
	}
}

func abs(x float64) float64 { return max(x, -x) }
