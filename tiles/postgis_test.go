package tiles

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// oracleSQL is the tile as PostGIS makes it from the same features, buffer included.
const oracleSQL = `
SELECT coalesce(ST_AsMVT(t, 'l', 4096, 'geom' ORDER BY at), '')
FROM (
	SELECT at, id, ST_AsMVTGeom(geom, ST_TileEnvelope(@z, @x, @y), 4096, 64, true) AS geom
	FROM oracle WHERE geom && ST_TileEnvelope(@z, @x, @y, margin => 64.0 / 4096)
) t WHERE geom IS NOT NULL`

// loadOracle puts the features into a table in Web Mercator, as tile servers do.
func loadOracle(t testing.TB, db *postgres.DB, fs []Feature) {
	t.Helper()
	ctx := t.Context()
	if _, err := db.Pool().Exec(ctx, `CREATE TABLE oracle (at integer PRIMARY KEY, id text NOT NULL, geom geometry(Geometry, 3857) NOT NULL)`); err != nil {
		t.Fatal(err)
	}
	batch := &pgx.Batch{}
	for i, f := range fs {
		batch.Queue(`INSERT INTO oracle VALUES (@at, @id, ST_Transform(@geom::geometry, 3857))`, pgx.StrictNamedArgs{"at": i, "id": f.ID, "geom": f.Geometry})
	}
	if err := db.Pool().SendBatch(ctx, batch).Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Pool().Exec(ctx, `CREATE INDEX ON oracle USING gist (geom)`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Pool().Exec(ctx, `ANALYZE oracle`); err != nil {
		t.Fatal(err)
	}
}

func oracleTile(ctx context.Context, db *postgres.DB, at Tile) ([]byte, error) {
	var b []byte
	err := db.Pool().QueryRow(ctx, oracleSQL, pgx.StrictNamedArgs{"z": at.Z, "x": at.X, "y": at.Y}).Scan(&b)
	return b, err
}

// quarter is a made-up piece of town of about 5 by 5 km: buildings, streets, doors, and
// areas with holes and many vertices.
func quarter(buildings int) []Feature {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same town every time
	west, south := 114.25, 30.56
	place := func() orb.Point { return orb.Point{west + r.Float64()*0.05, south + r.Float64()*0.05} }
	var fs []Feature
	add := func(kind string, g orb.Geometry) {
		fs = append(fs, Feature{ID: fmt.Sprintf("%s/%d", kind, len(fs)), Geometry: g})
	}
	for range buildings {
		add("building", orb.Polygon{box(place(), 5e-5+r.Float64()*4e-4, 5e-5+r.Float64()*2e-4, r.Float64()*math.Pi)})
	}
	for range buildings / 5 {
		p := place()
		line := orb.LineString{p}
		heading := r.Float64() * 2 * math.Pi
		for range 3 + r.IntN(30) {
			heading += r.NormFloat64() * 0.3
			p = orb.Point{p[0] + 2e-4*math.Cos(heading), p[1] + 2e-4*math.Sin(heading)}
			line = append(line, p)
		}
		add("street", line)
		add("door", place())
	}
	for range buildings / 40 {
		c := place()
		outer, inner := blob(r, c, 0.004, 200), blob(r, c, 0.0008, 60)
		slices.Reverse(inner)
		add("area", orb.MultiPolygon{{outer, inner}, {blob(r, orb.Point{c[0] + 0.02, c[1]}, 0.003, 120)}})
	}
	return fs
}

func box(c orb.Point, w, h, turn float64) orb.Ring {
	var ring orb.Ring
	for _, d := range [][2]float64{{-w, -h}, {w, -h}, {w, h}, {-w, h}, {-w, -h}} {
		ring = append(ring, orb.Point{c[0] + d[0]*math.Cos(turn) - d[1]*math.Sin(turn), c[1] + d[0]*math.Sin(turn) + d[1]*math.Cos(turn)})
	}
	return ring
}

// blob is a star around c whose radius wanders between 0.6 and 1.4 of r.
func blob(rnd *rand.Rand, c orb.Point, r float64, n int) orb.Ring {
	var ring orb.Ring
	f := 1.0
	for i := range n {
		f = min(max(f+rnd.NormFloat64()*0.08, 0.6), 1.4)
		a := 2 * math.Pi * float64(i) / float64(n)
		ring = append(ring, orb.Point{c[0] + r*f*math.Cos(a), c[1] + r*f*math.Sin(a)})
	}
	return append(ring, ring[0])
}

// tilesOf are n tiles of a zoom, spread over the features.
func tilesOf(fs []Feature, z, n int) []Tile {
	var out []Tile
	for i := range n {
		at := TileAt(fs[i*len(fs)/n].Geometry.Bound().Center(), z)
		if !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	return out
}

// TestSameAsPostGIS compares tiles with those of ST_AsMVT: the same features, and each
// within near units of the other's drawing (one for our simplification, the rest for
// rounding before or after cutting). A feature or a part of one may be missing on one
// side when it is no larger than that on the other.
func TestSameAsPostGIS(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	fs := quarter(1500)
	loadOracle(t, db, fs)
	l := mustLayer(t, Options{Name: "l"}, fs...)
	compared := 0
	for z := 14; z <= MaxZoom; z++ {
		for _, at := range tilesOf(fs, z, 25) {
			theirs, err := oracleTile(t.Context(), db, at)
			if err != nil {
				t.Fatal(err)
			}
			compared += compareTiles(t, at, featuresOf(t, at, Encode(at, l)), featuresOf(t, at, theirs))
		}
	}
	if compared < 4000 {
		t.Errorf("only %d features were compared", compared)
	}
}

func featuresOf(t *testing.T, at Tile, b []byte) map[string]readFeature {
	t.Helper()
	tile, err := readChecked(b)
	if err != nil {
		t.Fatalf("tile %v: %v", at, err)
	}
	out := map[string]readFeature{}
	for _, l := range tile.layers {
		for _, f := range l.features {
			out[f.id()] = f
		}
	}
	return out
}

// near is what may lie between two right tiles, in units.
const near = 2.5

func compareTiles(t *testing.T, at Tile, ours, theirs map[string]readFeature) int {
	t.Helper()
	for id, f := range ours {
		g, ok := theirs[id]
		if !ok {
			if size(f) > near {
				t.Errorf("tile %v: PostGIS has no %s: %v", at, id, f.parts)
			}
			continue
		}
		if d := max(apartBy(f, g), apartBy(g, f)); d > near {
			t.Errorf("tile %v: %s is %.1f units off:\n%v\n%v", at, id, d, f.parts, g.parts)
		}
	}
	for id, g := range theirs {
		if _, ok := ours[id]; !ok && size(g) > near {
			t.Errorf("tile %v: we have no %s: %v", at, id, g.parts)
		}
	}
	return len(ours)
}

// size is the largest extent of the parts of what is drawn.
func size(f readFeature) float64 {
	most := 0.0
	for _, part := range f.parts {
		most = max(most, extent(f.kind, part))
	}
	return most
}

// extent is the length of a line, the mean width of a ring, and 0 for a point on the
// buffer's very edge.
func extent(kind int, part []pt) float64 {
	b := boxOf(part)
	w, h := float64(b[2]-b[0]), float64(b[3]-b[1])
	switch {
	case kind == 1 && onSide(part[0]):
		return 0
	case kind == 1:
		return math.Inf(1)
	case kind == 2:
		return math.Hypot(w, h)
	}
	return math.Abs(float64(shoelace(part))) / 2 / max(w, h, 1)
}

// apartBy is how far a vertex of f lies from what g draws, at most. Vertices on the
// box's own sides are left out: where a line meets a side at a flat angle, rounding
// before or after the cut moves that point far along the side.
func apartBy(f, g readFeature) float64 {
	worst := 0.0
	for _, part := range f.parts {
		if extent(f.kind, part) <= near {
			continue
		}
		for _, p := range part {
			if onSide(p) {
				continue
			}
			best := math.Inf(1)
			for _, other := range g.parts {
				last := len(other)
				if g.kind == 3 {
					last++
				}
				for i := 1; i < max(last, 2); i++ {
					best = min(best, distance2(p, other[i-1], other[i%len(other)]))
				}
			}
			worst = max(worst, math.Sqrt(best))
		}
	}
	return worst
}

func onSide(p pt) bool {
	return p.x == clipLo || p.x == clipHi || p.y == clipLo || p.y == clipHi
}

// BenchmarkTile encodes the same tiles of the same features from memory and in PostGIS.
func BenchmarkTile(b *testing.B) {
	fs := quarter(8000)
	for _, z := range []int{14, 16} {
		at := tilesOf(fs, z, 40)
		b.Run(fmt.Sprintf("memory/z%d", z), func(b *testing.B) {
			l := mustLayer(b, Options{Name: "l"}, fs...)
			i, bytes := 0, 0
			for b.Loop() {
				bytes += len(Encode(at[i%len(at)], l))
				i++
			}
			b.ReportMetric(float64(bytes)/float64(i), "bytes/tile")
			b.ReportAllocs()
		})
		b.Run(fmt.Sprintf("ST_AsMVT/z%d", z), func(b *testing.B) {
			db := dbtest.New(b)
			loadOracle(b, db, fs)
			i, bytes := 0, 0
			for b.Loop() {
				tile, err := oracleTile(b.Context(), db, at[i%len(at)])
				if err != nil {
					b.Fatal(err)
				}
				bytes += len(tile)
				i++
			}
			b.ReportMetric(float64(bytes)/float64(i), "bytes/tile")
		})
	}
}

func BenchmarkNewLayer(b *testing.B) {
	fs := quarter(20000)
	for b.Loop() {
		mustLayer(b, Options{Name: "l"}, fs...)
	}
	b.ReportMetric(float64(len(fs)), "features")
}
