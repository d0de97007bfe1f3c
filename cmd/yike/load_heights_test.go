package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yike/coverage/coveragedb"
	"yike/coverage/walknet"
	"yike/internal/gdal"
	"yike/internal/pack"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// A grid of heights that a pack names gives its roads slopes, and another grid gives them
// others without anything else of the pack being touched.
func TestLoadTakesHeights(t *testing.T) {
	t.Parallel()
	if !gdal.Available() {
		t.Skip("skipped: no GDAL")
	}
	dir, db := demoPack(t, 2_000), dbtest.New(t)
	before := loaded(t, db, dir)
	m, err := pack.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	m.Layers.Roads.Heights = &pack.Heights{File: "heights.asc", CRS: "EPSG:4326"}
	if err := pack.Write(dir, m); err != nil {
		t.Fatal(err)
	}
	grid := func(perCell float64) {
		b := before.Network.Bound().Pad(0.02)
		var text strings.Builder
		fmt.Fprintf(&text, "ncols 100\nnrows 100\nxllcorner %v\nyllcorner %v\ncellsize %v\n", b.Min[0], b.Min[1], max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1])/100)
		for range 100 {
			for col := range 100 {
				fmt.Fprintf(&text, "%v ", float64(col)*perCell)
			}
			text.WriteString("\n")
		}
		if err := os.WriteFile(filepath.Join(dir, "heights.asc"), []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	grid(1)
	gentle := eldersWalk(t, db, dir)
	grid(5)
	steep := eldersWalk(t, db, dir)
	if plain := eldersTimes(t, before.Network); plain >= gentle || gentle >= steep {
		t.Errorf("elders take %d ms on the level, %d ms on gentle slopes, %d ms on steep ones", plain, gentle, steep)
	}
	if now := loaded(t, db, dir); now.Network.Nodes() != before.Network.Nodes() || now.Network.Edges() != before.Network.Edges() {
		t.Error("the streets are others")
	}
}

// eldersWalk loads the pack again and gives what elders take along all streets.
func eldersWalk(t *testing.T, db *postgres.DB, dir string) int64 {
	t.Helper()
	state := loaded(t, db, dir)
	roads, err := coveragedb.New(db).Roads(t.Context(), state.Pack.AdCode)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range roads {
		if len(r.Heights) != len(r.Line) {
			t.Fatalf("%s has %d heights for %d vertices", r.SourceID, len(r.Heights), len(r.Line))
		}
	}
	return eldersTimes(t, state.Network)
}

// eldersTimes is the time along every edge, there and back.
func eldersTimes(t *testing.T, n *walknet.Network) int64 {
	t.Helper()
	elder, err := n.For(walknet.Elder())
	if err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for e := range int32(min(n.Edges(), 300)) { //nolint:gosec // no more than 300
		line := n.EdgeLine(e)
		from, to := elder.Snap(line[0], 1), elder.Snap(line[len(line)-1], 1)
		sum += int64(elder.Reach(to, 3_600_000, 900).At(from)) + int64(elder.Reach(from, 3_600_000, 900).At(to))
	}
	return sum
}
