package placenamedb_test

import (
	"testing"

	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
)

// TestGazetteer holds that the book has whole what the list has, in its order.
func TestGazetteer(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if list, err := f.store.Gazetteer(t.Context(), f.registrar, placenames.Filter{}, record.At{}); err != nil || len(list) != 0 {
		t.Fatalf("an empty register: %v, %v", list, err)
	}
	drawn := road("中山路")
	drawn.Geometry, drawn.Meaning, drawn.Note = orb.LineString{{117.01, 39.01}, {117.02, 39.01}}, "纪念", "内部"
	for _, n := range []placenames.Name{drawn, road("安定路"), road("北京路")} {
		if _, err := f.store.Create(t.Context(), f.registrar, n, because("登记"), today); err != nil {
			t.Fatal(err)
		}
	}
	for name, at := range map[string]record.At{"now": {}, "of a day": {Valid: today}} {
		list, err := f.store.Gazetteer(t.Context(), f.registrar, placenames.Filter{}, at)
		if err != nil || len(list) != 3 {
			t.Fatalf("%s: %v, %v", name, list, err)
		}
		page, err := f.store.List(t.Context(), f.registrar, placenames.Filter{}, at, placenamedb.After{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range list {
			if r := page.Rows[i]; e.ID != r.ID || e.Initial != r.Initial || e.Class != r.Class || (e.Point != nil) != r.Placed {
				t.Errorf("%s: %d is %s %+v; the list has %s", name, i, e.Text, e, r.Text)
			}
		}
		last := list[2]
		if last.Text != "中山路" || last.Initial != "Z" || last.Meaning != "纪念" || last.Note != "内部" || last.Point == nil || last.Point.Lat() != 39.01 || last.Geometry == nil {
			t.Errorf("%s: %+v", name, last)
		}
	}
	some, err := f.store.Gazetteer(t.Context(), f.registrar, placenames.Filter{Text: "京", Classes: []string{"street"}, Within: []string{west}}, record.At{})
	if err != nil || len(some) != 1 || some[0].Text != "北京路" {
		t.Errorf("%v, %v", some, err)
	}
}
