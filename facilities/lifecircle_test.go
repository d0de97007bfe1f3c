package facilities_test

import (
	"testing"

	"yike/facilities"
)

func TestTierOf(t *testing.T) {
	t.Parallel()
	types, err := facilities.ParseCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		typ  facilities.Type
		said any
		want facilities.Tier
	}{
		"its record says so":            {"elderly_canteen", "10", 10},
		"nobody knows":                  {"elderly_canteen", nil, 0},
		"what no tier is":               {"elderly_canteen", "7", 0},
		"no text":                       {"elderly_canteen", 5.0, 0},
		"a text says so of the type":    {"elderly_station", nil, 5},
		"the record goes before a text": {"elderly_station", "10", 10},
	} {
		info, _ := types.Find(c.typ)
		f := facilities.Facility{Type: c.typ, Fields: map[string]any{}}
		if c.said != nil {
			f.Fields[facilities.LifeCircleField] = c.said
		}
		if got := info.TierOf(f); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	for _, bad := range []string{`{"tier":7,"grade":"R","cite_zh":"x","cite_en":"x"}`, `{"tier":5,"grade":"M","cite_zh":"x","cite_en":"x"}`, `{"tier":5,"grade":"R","cite_zh":"","cite_en":"x"}`} {
		file := `{"types":[{"type":"pub","zh":"酒馆","en":"pub","group":"community","capacity_unit":"m2","serves":"residents","measure":"walk","life_circle":` + bad + `}]}`
		if _, err := facilities.ParseCatalogue([]byte(file)); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
	// A bureau's own version of a type keeps what the text says.
	station, _ := types.Find("elderly_station")
	station.LifeCircle = nil
	whole, misfits := types.WithLocal([]facilities.TypeInfo{station})
	if got, _ := whole.Find("elderly_station"); len(misfits) != 0 || got.LifeCircle == nil {
		t.Errorf("%+v, misfits %v", got.LifeCircle, misfits)
	}
}
