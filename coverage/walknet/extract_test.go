package walknet_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"

	"yike/coverage/walknet"
)

// dataFolder is the folder of the Hankou extract: that of its pack's manifest, or
// YIKE_DATA_DIR. Where there is neither, the error is fs.ErrNotExist.
func dataFolder() (string, error) {
	if dir := os.Getenv("YIKE_DATA_DIR"); dir != "" {
		return dir, nil
	}
	pack := filepath.Join("..", "..", "packs", "hankou")
	manifest, err := os.ReadFile(filepath.Join(pack, "manifest.yaml"))
	if err != nil {
		return "", fmt.Errorf("read the pack of Hankou: %w", err)
	}
	root := regexp.MustCompile(`(?m)^root:\s*["']?([^"'\s#]+)`).FindSubmatch(manifest)
	if root == nil {
		return "", fmt.Errorf("the pack of Hankou names no root folder: %w", fs.ErrNotExist)
	}
	return filepath.Join(pack, string(root[1])), nil
}

// extract is a network made of an OSM extract once for all tests.
type extract struct {
	ways     []walknet.Way
	barriers []walknet.Barrier
	net      *walknet.Network
	report   walknet.Report
}

var (
	portoExtract  = onceExtract("../porto/porto.osm.pbf")
	hankou, porto = required(onceExtract("hankou.osm.pbf")), required(portoExtract)
)

// required returns an extract, or skips the test where there is none.
func required(load func() (*extract, error)) func(testing.TB) *extract {
	return func(t testing.TB) *extract {
		t.Helper()
		x, err := load()
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("skipped: no extract: %v", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

// onceExtract reads and builds an extract the first time it is asked for.
func onceExtract(name string) func() (*extract, error) {
	return sync.OnceValues(func() (*extract, error) {
		dir, err := dataFolder()
		if err != nil {
			return nil, err
		}
		return readExtract(filepath.Join(dir, name))
	})
}

func readExtract(file string) (*extract, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open extract: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	places := make(map[osm.NodeID]orb.Point)
	x := &extract{}
	scanner := osmpbf.New(context.Background(), f, runtime.GOMAXPROCS(0))
	defer scanner.Close() //nolint:errcheck // only read
	for scanner.Scan() {
		switch o := scanner.Object().(type) {
		case *osm.Node:
			places[o.ID] = o.Point()
			if kind := o.Tags.Find("barrier"); kind != "" {
				x.barriers = append(x.barriers, barrierOf(o, kind))
			}
		case *osm.Way:
			if walkable(o.Tags) {
				x.ways = append(x.ways, wayOf(o, places))
			}
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("read extract: %w", err)
	}
	x.net, x.report, err = walknet.Build(x.ways, x.barriers, walknet.BuildOptions{})
	return x, err
}

func walkable(tags osm.Tags) bool {
	class, foot := tags.Find("highway"), tags.Find("foot")
	switch {
	case class == "" || class == "construction" || class == "proposed":
		return false
	case foot == "yes" || foot == "designated" || foot == "permissive":
		return true
	case class == "motorway" || class == "motorway_link" || foot == "no":
		return false
	}
	access := tags.Find("access")
	return access != "no" && access != "private"
}

func wayOf(o *osm.Way, places map[osm.NodeID]orb.Point) walknet.Way {
	w := walknet.Way{SourceID: fmt.Sprintf("way/%d", o.ID), Name: o.Tags.Find("name"), Class: o.Tags.Find("highway")}
	if o.Tags.Find("oneway:foot") == "yes" {
		w.Direction = walknet.Forward
	}
	for _, node := range o.Nodes {
		if p, ok := places[node.ID]; ok { // the extract is cut at its box
			w.NodeIDs = append(w.NodeIDs, int64(node.ID))
			w.Line = append(w.Line, p)
		}
	}
	return w
}

func barrierOf(o *osm.Node, kind string) walknet.Barrier {
	foot, access := o.Tags.Find("foot"), o.Tags.Find("access")
	closed := foot == "no" || (foot == "" && (access == "no" || access == "private")) || (foot == "" && kind == "wall")
	return walknet.Barrier{
		SourceID: fmt.Sprintf("node/%d", o.ID), Kind: kind, NodeID: int64(o.ID), Point: o.Point(), Passable: !closed,
	}
}

// hankouPeople are the places of Hankou's population raster.
func hankouPeople(t testing.TB) []orb.Point {
	t.Helper()
	dir, err := dataFolder()
	if err != nil {
		t.Skipf("skipped: no population: %v", err)
	}
	f, err := os.Open(filepath.Join(dir, "population_100m.csv"))
	if err != nil {
		t.Skipf("skipped: no population: %v", err)
	}
	defer f.Close() //nolint:errcheck // only read
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	lon, lat := slices.Index(rows[0], "lon"), slices.Index(rows[0], "lat")
	points := make([]orb.Point, 0, len(rows)-1)
	for _, row := range rows[1:] {
		x, errX := strconv.ParseFloat(row[lon], 64)
		y, errY := strconv.ParseFloat(row[lat], 64)
		if errX != nil || errY != nil {
			t.Fatalf("population row %v: %v %v", row, errX, errY)
		}
		points = append(points, orb.Point{x, y})
	}
	return points
}

func TestHankouEqualsBruteForce(t *testing.T) {
	t.Parallel()
	x := hankou(t)
	people := snapAll(x.net, hankouPeople(t))
	var sites []walknet.Snap
	for i := 0; i < len(people); i += 97 {
		sites = append(sites, people[i])
	}
	for _, speed := range []walknet.Speed{700, 900, 1200} {
		within := compare(t, x.net, people, sites, 900_000, speed)
		t.Logf("speed %d mm/s: %d pairs of person and site within 15 minutes, all equal", speed, within)
		if within < 1000 {
			t.Errorf("only %d pairs are within the limit", within)
		}
	}
}

func TestPortoEqualsBruteForce(t *testing.T) {
	t.Parallel()
	x := porto(t)
	sites := onStreets(x.net, 40, 3)
	var people []walknet.Snap // around the sites, so that many are within the limit
	for i, s := range sites {
		b := orb.Bound{Min: s.Point, Max: s.Point}.Pad(0.006)
		for j := range 12 {
			at := orb.Point{
				b.Min[0] + (b.Max[0]-b.Min[0])*float64((5*i+7*j)%12)/11,
				b.Min[1] + (b.Max[1]-b.Min[1])*float64(j)/11,
			}
			people = append(people, x.net.Snap(at, 100))
		}
	}
	within := compare(t, x.net, people, sites, 900_000, 900)
	t.Logf("%d pairs within 15 minutes, all equal", within)
	if within < 100 {
		t.Errorf("only %d pairs are within the limit", within)
	}
}

func TestExtractsAsBuilt(t *testing.T) {
	t.Parallel()
	for name, load := range map[string]func(testing.TB) *extract{"hankou": hankou, "porto": porto} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := load(t)
			rep := x.report
			t.Logf("%d ways, %d nodes, %d edges, %.1f km; %d islands with %.1f km (%.2f %%); skipped %d", rep.Ways, rep.Nodes,
				rep.Edges, rep.LengthM/1000, len(rep.Islands), rep.IslandLengthM()/1000, 100*rep.IslandLengthM()/rep.LengthM, len(rep.Skipped))
			checkReport(t, x.net, rep)
			reversed := slices.Clone(x.ways)
			slices.Reverse(reversed)
			again, _ := build(t, reversed, x.barriers...)
			if again.Version() != x.net.Version() {
				t.Error("the order of the ways matters")
			}
		})
	}
}
