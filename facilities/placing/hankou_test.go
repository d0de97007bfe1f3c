package placing_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"yike/facilities/placing"
	"yike/geo"
	"yike/geo/divisions"
)

// hankou is the gazetteer of the Hankou extract, from the folder that YIKE_DATA_DIR or the
// pack's manifest names; the test is skipped where there is none.
func hankou(t *testing.T) ([]placing.Entry, []divisions.Division) {
	t.Helper()
	dir := os.Getenv("YIKE_DATA_DIR")
	if dir == "" {
		pack := filepath.Join("..", "..", "packs", "hankou")
		manifest, err := os.ReadFile(filepath.Join(pack, "manifest.yaml"))
		if err != nil {
			t.Skipf("the pack of Hankou is not here: %v", err)
		}
		root := regexp.MustCompile(`(?m)^root:\s*["']?([^"'\s#]+)`).FindSubmatch(manifest)
		if root == nil {
			t.Skip("the pack of Hankou names no root folder")
		}
		dir = filepath.Join(pack, string(root[1]))
	}
	read := func(name string) *geojson.FeatureCollection {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Skipf("%s is not here: %v", name, err)
		}
		fc := &geojson.FeatureCollection{}
		if err := json.Unmarshal(text, fc); err != nil {
			t.Fatal(err)
		}
		return fc
	}
	var entries []placing.Entry
	for _, f := range read("roads.geojson").Features {
		if line, ok := f.Geometry.(orb.LineString); ok {
			entries = append(entries, placing.Entry{Kind: placing.Road, Name: f.Properties.MustString("name", ""), Line: line})
		}
	}
	for _, f := range read("buildings.geojson").Features {
		name := f.Properties.MustString("name", "")
		entries = append(entries, placing.Entry{Kind: placing.Building, Name: name, Point: f.Geometry.Bound().Center()})
	}
	var list []divisions.Division
	for _, f := range read("streets.geojson").Features {
		d := divisions.Division{Code: f.Properties.MustString("osm_relation", ""), Level: divisions.Subdistrict, NameZH: f.Properties.MustString("name", "")}
		switch g := f.Geometry.(type) {
		case orb.MultiPolygon:
			d.Boundary = g
		case orb.Polygon:
			d.Boundary = orb.MultiPolygon{g}
		}
		list = append(list, d)
	}
	return entries, list
}

// TestHankou places real names of Wuhan, as people write them.
func TestHankou(t *testing.T) {
	t.Parallel()
	entries, list := hankou(t)
	g := placing.New(list, slices.Values(entries))
	for _, tc := range []struct {
		text string
		kind placing.Kind
		kept bool
	}{
		{"武汉市江汉区唐家墩街道万科圆方A栋", placing.Building, true},
		{"万科圆方A座2楼", placing.Building, true},
		{"汉口火车站", placing.Building, true},
		{"华中图书交易中心一楼", placing.Building, true},
		{"華中圖書交易中心", placing.Building, true},
		{"青青美庐小区", placing.Estate, false},
		{"武华苑", placing.Estate, false},
		{"红星美凯龙对面", placing.Building, false},
		{"华南海鲜批发市场东区", placing.Building, true},
		{"解放大道与黄浦大街交叉口", placing.Crossing, false},
		{"发展大道、青年路路口", placing.Crossing, false},
		{"常青一路", placing.Road, false},
		{"后湖大道68号", placing.Road, false},
		{"塔子湖东路5号", placing.Road, false}, // the map has it in traditional characters
		{"怡康路3号", placing.Road, false},   // and this one with its English name
		{"花桥街道", placing.Division, false},
		{"花桥街黄浦大街", placing.Road, false},
		{"不存在的路8号", "", false},
	} {
		r := g.Place(placing.Query{Text: tc.text})
		var best placing.Candidate
		if len(r.Candidates) > 0 {
			best = r.Candidates[0]
		}
		if _, kept := r.Best(); best.Kind != tc.kind || kept != tc.kept {
			t.Errorf("%s: %s %d, kept %v: %s; want %s, kept %v", tc.text, best.Kind, best.Confidence, kept, best.ZH, tc.kind, tc.kept)
		}
	}
	// Each building whose name no other has is found by it, in the right place.
	names := map[string]int{}
	for _, e := range entries {
		names[e.Name]++
	}
	asked, found, wrong := 0, 0, 0
	for _, e := range entries {
		if e.Kind != placing.Building || names[e.Name] != 1 || len(e.Name) < 9 {
			continue
		}
		asked++
		if best, ok := g.Place(placing.Query{Text: "武汉市" + e.Name}).Best(); ok {
			found++
			if geo.Distance(best.Point, e.Point) > 100 {
				wrong++
			}
		}
	}
	t.Logf("%d buildings of a name of their own: %d placed by it, %d wrongly", asked, found, wrong)
	if asked < 15 || found*10 < asked*7 || wrong > 0 {
		t.Error("too few are found, or some wrongly")
	}
}
