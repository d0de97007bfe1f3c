package networkimport

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/internal/pack"
)

// lane is 864 m from west to east with a vertex in the middle, at 39.1° north.
const lane = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"source":"lane","class":"footway"},"geometry":{"type":"LineString","coordinates":[[117.1,39.1],[117.105,39.1],[117.11,39.1]]}},
{"type":"Feature","properties":{"source":"motorway","class":"motorway"},"geometry":{"type":"LineString","coordinates":[[117.1,39.11],[117.11,39.11]]}}
]}`

func readGated(t *testing.T, gates string) (Roads, error) {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{"roads.geojson": lane, "gates.csv": gates} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Read(t.Context(), root, pack.Named{Kind: pack.Roads, Field: "layers.roads", Layer: &pack.Layer{
		File: "roads.geojson", CRS: "EPSG:4326",
		Barriers: &pack.Layer{File: "gates.csv", CRS: "EPSG:4326", Fields: map[string]string{"source": "门号", "hours": "开放时间"}},
	}})
}

// Gates drawn beside the centreline split it where they are, for those hours.
func TestGatesOfALineLayer(t *testing.T) {
	t.Parallel()
	roads, err := readGated(t, "门号,kind,passable,开放时间,lon,lat\n"+
		"g1,,,06:00-22:00,117.1025,39.10003\n"+ // 3 m beside the first half
		"g2,turnstile,yes,24/7,117.1049999,39.1\n"+ // at the vertex
		"g3,lift_gate,yes,,117.1026,39.1\n"+ // farther along the same stretch
		"wall,wall,no,,117.11,39.1\n"+ // at the end
		"far,gate,yes,,117.105,39.102\n"+ // 220 m off
		"motor,gate,yes,,117.105,39.11\n") // where nobody walks
	if err != nil {
		t.Fatal(err)
	}
	want := []walknet.Barrier{
		{SourceID: "g1", Kind: "gate", Passable: true, Point: orb.Point{117.1025, 39.1}, Hours: []walknet.Opening{{From: 360, To: 1320}}},
		{SourceID: "g2", Kind: "turnstile", Passable: true, Point: orb.Point{117.105, 39.1}},
		{SourceID: "g3", Kind: "lift_gate", Passable: true, Point: orb.Point{117.1026, 39.1}},
		{SourceID: "wall", Kind: "wall", Point: orb.Point{117.11, 39.1}},
	}
	if len(roads.Barriers) != len(want) || len(roads.FarGates) != 2 {
		t.Fatalf("%+v, far %v", roads.Barriers, roads.FarGates)
	}
	for i, got := range roads.Barriers {
		off := math.Hypot(got.Point[0]-want[i].Point[0], got.Point[1]-want[i].Point[1])
		if got.SourceID != want[i].SourceID || got.Kind != want[i].Kind || got.Passable != want[i].Passable || len(got.Hours) != len(want[i].Hours) || off > 1e-7 {
			t.Errorf("%+v, want %+v", got, want[i])
		}
	}
	if line := roads.Roads[0].Line; len(line) != 5 || line[1] != roads.Barriers[0].Point || line[2] != roads.Barriers[2].Point {
		t.Errorf("the lane is %v, want a vertex for each gate between two", line)
	}
	checkGateHours(t, roads)
	report, err := Describe(roads, 0.5)
	if err != nil || report.Counts["far_barriers"] != 2 || report.Counts["barriers"] != 4 {
		t.Errorf("%v, %v", report.Counts, err)
	}
}

// checkGateHours walks past the gate at noon and at midnight.
func checkGateHours(t *testing.T, roads Roads) {
	t.Helper()
	day, _, err := walknet.Build(roads.Ways(), roads.Barriers, walknet.BuildOptions{JoinM: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	for minute, open := range map[int]bool{12 * 60: true, 0: false} {
		n, err := day.For(walknet.Profile{Hour: walknet.AtMinute(minute)})
		if err != nil {
			t.Fatal(err)
		}
		west, middle := n.Snap(orb.Point{117.101, 39.1}, 1), n.Snap(orb.Point{117.104, 39.1}, 1)
		if ms := n.Reach(west, 10_000_000, 1000).At(middle); (ms >= 0) != open {
			t.Errorf("at minute %d the walk past the gate takes %d ms", minute, ms)
		}
	}
}

func TestGatesWithFaults(t *testing.T) {
	t.Parallel()
	const head = "门号,kind,passable,开放时间,lon,lat\n"
	for name, c := range map[string]struct{ text, field string }{
		"twice":        {head + "g,,,,117.1,39.1\ng,,,,117.102,39.1\n", "门号"},
		"no number":    {head + ",,,,117.1,39.1\n", "门号"},
		"hours":        {head + "g,,,mornings,117.1,39.1\n", "开放时间"},
		"passable":     {head + "g,,perhaps,,117.1,39.1\n", "passable"},
		"no place":     {head + "g,,,,117.1,\n", "lat"},
		"not on earth": {head + "g,,,,117.1,139.1\n", "lat"},
		"no column":    {"kind,lon,lat\ngate,117.1,39.1\n", "layers.roads.barriers.fields"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readGated(t, c.text)
			var bad *pack.BadPackError
			if !errors.As(err, &bad) || !strings.Contains(bad.Faults[0].Field, c.field) || bad.Faults[0].File != "gates.csv" {
				t.Errorf("%v, want a fault of %s", err, c.field)
			}
		})
	}
}
