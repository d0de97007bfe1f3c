package walknet_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"

	"yike/coverage/walknet"
)

const (
	valhallaVersion = "3.6.1"
	minutes         = quarter / 60_000
)

// valhalla is the peer, from npm's @valhallajs/valhallajs with its own binaries, in a
// process of its own that testdata/valhalla.cjs keeps.
type valhalla struct {
	ask     *json.Encoder
	answers *bufio.Scanner
}

// spent is what a call took, in milliseconds by the clock and of processor time.
type spent struct {
	MS  float64 `json:"ms"`
	CPU float64 `json:"cpu_ms"`
}

// answerOfValhalla is any of its answers.
type answerOfValhalla struct {
	Error   string     `json:"error"`
	Version string     `json:"version"`
	Near    []bool     `json:"near"`
	Seconds []*float64 `json:"seconds"`
	spent
	Spent  []spent                    `json:"spent"`
	Circle *geojson.FeatureCollection `json:"circle"`
}

// startValhalla installs what is missing into the folder YIKE_VALHALLA_DIR, or one below
// the temporary folder that later runs find, and builds Porto's tiles there. An error
// says why there is no Valhalla here.
func startValhalla(b *testing.B) (*valhalla, error) {
	b.Helper()
	data, err := dataFolder()
	if err != nil {
		return nil, err
	}
	extract := filepath.Join(data, "../porto/porto.osm.pbf")
	if _, err := os.Stat(extract); err != nil {
		return nil, fmt.Errorf("no extract for it: %w", err)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, fmt.Errorf("no node: %w", err)
	}
	dir := os.Getenv("YIKE_VALHALLA_DIR")
	if dir == "" {
		dir = filepath.Join(os.TempDir(), fmt.Sprintf("yike-valhalla-%s-%d", valhallaVersion, os.Getuid()))
	}
	if err := installValhalla(b.Context(), dir); err != nil {
		return nil, err
	}
	cmd := exec.Command(node, "testdata/valhalla.cjs",
		filepath.Join(dir, "node_modules/@valhallajs/valhallajs"), filepath.Join(dir, "porto"), extract)
	return connect(b, cmd)
}

func installValhalla(ctx context.Context, dir string) error {
	_, err := os.Stat(filepath.Join(dir, "node_modules/@valhallajs/valhallajs/package.json"))
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", dir, "@valhallajs/valhallajs@"+valhallaVersion)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install: %w: %.300s", err, out)
	}
	return nil
}

// connect starts the script; it ends when its input is closed.
func connect(b *testing.B, cmd *exec.Cmd) (*valhalla, error) {
	b.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, answers, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.ExtraFiles = []*os.File{answers}
	if err := errors.Join(cmd.Start(), answers.Close()); err != nil {
		return nil, fmt.Errorf("start node: %w", err)
	}
	b.Cleanup(func() {
		if err := errors.Join(in.Close(), cmd.Wait(), out.Close()); err != nil {
			b.Logf("end Valhalla: %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<26)
	return &valhalla{ask: json.NewEncoder(in), answers: lines}, nil
}

func (v *valhalla) answer(question map[string]any) (answerOfValhalla, error) {
	var a answerOfValhalla
	if err := v.ask.Encode(question); err != nil {
		return a, fmt.Errorf("ask Valhalla: %w", err)
	}
	if !v.answers.Scan() {
		return a, fmt.Errorf("Valhalla ended: %w", errors.Join(v.answers.Err(), fs.ErrClosed))
	}
	if err := json.Unmarshal(v.answers.Bytes(), &a); err != nil {
		return a, fmt.Errorf("read Valhalla's answer: %w", err)
	}
	if a.Error != "" {
		return a, errors.New(a.Error)
	}
	return a, nil
}

// must answers a question or ends the benchmark.
func (v *valhalla) must(b *testing.B, question map[string]any) answerOfValhalla {
	b.Helper()
	a, err := v.answer(question)
	if err != nil {
		b.Fatal(err)
	}
	return a
}

func (v *valhalla) circle(b *testing.B, from orb.Point) orb.Geometry {
	b.Helper()
	c := v.must(b, map[string]any{"ask": "circle", "from": from, "speed": 1, "minutes": minutes}).Circle
	if c == nil || len(c.Features) != 1 {
		b.Fatalf("Valhalla's circle: %v", c)
	}
	return c.Features[0].Geometry
}

// shared keeps the places on whose streets Valhalla has one too, within a metre, that is
// no island.
func (v *valhalla) shared(b *testing.B, places []walknet.Snap) []walknet.Snap {
	b.Helper()
	var kept []walknet.Snap
	for len(places) > 0 {
		some := places[:min(len(places), 500)]
		places = places[len(some):]
		for i, near := range v.must(b, map[string]any{"ask": "near", "places": pointsOf(some)}).Near {
			if near {
				kept = append(kept, some[i])
			}
		}
	}
	return kept
}

func pointsOf(snaps []walknet.Snap) []orb.Point {
	points := make([]orb.Point, len(snaps))
	for i, s := range snaps {
		points[i] = s.Point
	}
	return points
}

// connected keeps the places on the longest component.
func connected(n *walknet.Network, places []walknet.Snap) []walknet.Snap {
	var kept []walknet.Snap
	for _, s := range places {
		if n.Component(s.Edge) == 0 {
			kept = append(kept, s)
		}
	}
	return kept
}

// around are the places whose longitude and latitude differ from a site's by less than
// 2 km, which is twice as far as anybody walks.
func around(site orb.Point, places []walknet.Snap) []walknet.Snap {
	box := orb.Bound{Min: site, Max: site}.Pad(0.018)
	var near []walknet.Snap
	for _, s := range places {
		if box.Contains(s.Point) {
			near = append(near, s)
		}
	}
	return near
}

func contains(circle orb.Geometry, p orb.Point) bool {
	switch c := circle.(type) {
	case orb.Polygon:
		return planar.PolygonContains(c, p)
	case orb.MultiPolygon:
		return planar.MultiPolygonContains(c, p)
	}
	return false
}

// judge holds both circles of a site against each engine's own walking times, at the
// same junctions: those within the straight distance that can be walked, and all others
// that lie in either circle.
func (v *valhalla) judge(b *testing.B, n *walknet.Network, site walknet.Snap, junctions []walknet.Snap, ours, theirs *truth) {
	b.Helper()
	reach := n.Reach(site, quarter, 1000)
	mine := orb.Geometry(reach.Circle(walknet.CircleOptions{}))
	their := v.circle(b, site.Point)
	straight := orb.Bound{Min: site.Point, Max: site.Point}.Pad(0.0122) // 1.0 km east, 1.3 km north
	var places []walknet.Snap
	for _, s := range around(site.Point, junctions) {
		if straight.Contains(s.Point) || contains(mine, s.Point) || contains(their, s.Point) {
			places = append(places, s)
		}
	}
	seconds := v.must(b, map[string]any{"ask": "times", "from": site.Point, "places": pointsOf(places), "speed": 1}).Seconds
	for i, s := range places {
		if seconds[i] == nil {
			continue // no way there in Valhalla: not a shared place
		}
		ours.add(contains(mine, s.Point), reach.At(s) >= 0)
		theirs.add(contains(their, s.Point), *seconds[i]*1000 <= quarter)
	}
}

// nodes are the junctions of the longest component.
func nodes(n *walknet.Network) []walknet.Snap {
	var places []walknet.Snap
	seen := make(map[int32]bool)
	for e := range int32(n.Edges()) {
		for _, v := range pair(n.EdgeEnds(e)) {
			if n.Component(e) == 0 && !seen[v] {
				seen[v] = true
				places = append(places, n.Snap(n.NodePoint(v), 1))
			}
		}
	}
	return places
}

// BenchmarkCircleBesideValhalla draws the same 500 service circles of 15 minutes with
// Valhalla and the package, 50 by 50 in turn, each from the search to the GeoJSON text, and
// holds the circles of the first 50 sites against each engine's own walking times. ×cpu is
// how many times as much processor time Valhalla takes, in the median; × how many times as
// long by the clock, which means little on a machine that does other things. Without node, the package or the extract it says so and measures the package alone.
func BenchmarkCircleBesideValhalla(b *testing.B) {
	x := city(b)
	v, version, why := beginValhalla(b)
	if why != nil {
		b.Logf("Valhalla is left out: %v", why)
	}
	sites := connected(x.net, onStreets(x.net, 2000, 7))
	if v != nil {
		sites = v.shared(b, sites)
	}
	sites = sites[:500]
	judgeCircles(b, x.net, v, sites[:50])
	if v != nil { // a new one: one that answered matrices before was seen to be slower, why is not known
		if v, version, why = beginValhalla(b); why != nil {
			b.Fatal(why)
		}
	}
	for _, s := range sites { // works the ground out, see BenchmarkSurvey
		x.net.Reach(s, quarter, 1000).Circle(walknet.CircleOptions{})
	}
	var ours, ourCPU, theirs, theirCPU []time.Duration
	for b.Loop() {
		for some := range slices.Chunk(sites, 50) {
			for _, s := range some {
				wall, cpu := drawn(b, x.net, s)
				ours, ourCPU = append(ours, wall), append(ourCPU, cpu)
			}
			if v == nil {
				continue
			}
			for _, s := range v.must(b, map[string]any{"ask": "circles", "places": pointsOf(some), "speed": 1, "minutes": minutes}).Spent {
				theirs, theirCPU = append(theirs, milliseconds(s.MS)), append(theirCPU, milliseconds(s.CPU))
			}
		}
	}
	b.ReportMetric(middle(ours).Seconds()*1000, "ours-ms")
	b.ReportMetric(middle(ourCPU).Seconds()*1000, "ours-cpu-ms")
	if v == nil {
		return
	}
	b.Logf("Valhalla %s; a call that does nothing takes its binding %.2f ms of processor time", version.Version, version.CPU)
	b.ReportMetric(middle(theirs).Seconds()*1000, "valhalla-ms")
	b.ReportMetric(middle(theirCPU).Seconds()*1000, "valhalla-cpu-ms")
	b.ReportMetric(float64(middle(theirs))/float64(middle(ours)), "×")
	b.ReportMetric(float64(middle(theirCPU))/float64(middle(ourCPU)), "×cpu")
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// beginValhalla starts it and hears its version; an error says why there is none.
func beginValhalla(b *testing.B) (*valhalla, answerOfValhalla, error) {
	b.Helper()
	v, err := startValhalla(b)
	if err != nil {
		return nil, answerOfValhalla{}, err
	}
	version, err := v.answer(map[string]any{"ask": "version"})
	if err != nil {
		return nil, answerOfValhalla{}, err
	}
	return v, version, nil
}

// drawn is how long one circle takes, by the clock and of processor time.
func drawn(b *testing.B, n *walknet.Network, s walknet.Snap) (wall, cpu time.Duration) {
	b.Helper()
	spent, start := processorTime(), time.Now()
	text, err := geojson.NewGeometry(n.Reach(s, quarter, 1000).Circle(walknet.CircleOptions{})).MarshalJSON()
	wall, cpu = time.Since(start), processorTime()-spent
	if err != nil || len(text) == 0 {
		b.Fatalf("write a circle: %v", err)
	}
	return wall, cpu
}

// judgeCircles prints precision and recall, and fails where ours are not as promised.
func judgeCircles(b *testing.B, n *walknet.Network, v *valhalla, sites []walknet.Snap) {
	b.Helper()
	var ours, theirs truth
	if v == nil {
		ours = junctions(n, sites[:30], quarter, walknet.CircleOptions{})
	} else {
		var near []walknet.Snap
		all, used := nodes(n), make(map[orb.Point]bool)
		for _, site := range sites {
			for _, s := range around(site.Point, all) {
				if !used[s.Point] {
					used[s.Point] = true
					near = append(near, s)
				}
			}
		}
		shared := v.shared(b, near)
		for _, site := range sites {
			v.judge(b, n, site, shared, &ours, &theirs)
		}
		b.Logf("Valhalla: precision %.4f, recall %.4f of %d pairs of site and junction", theirs.precision(), theirs.recall(), theirs.both+theirs.onlyReach)
		b.ReportMetric(theirs.precision(), "valhalla-precision")
		b.ReportMetric(theirs.recall(), "valhalla-recall")
	}
	b.Logf("ours: precision %.4f, recall %.4f of %d pairs of site and junction", ours.precision(), ours.recall(), ours.both+ours.onlyReach)
	if ours.precision() < 0.97 || ours.recall() < 0.995 {
		b.Error("the circle is too far from the walking times")
	}
}
