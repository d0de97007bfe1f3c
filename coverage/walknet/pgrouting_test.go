package walknet_test

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/coverage/walknet"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

// peer is pgRouting on the expanded graph of the oracle: the same integer costs,
// turned round, because it searches from the sites.
type peer struct {
	db    *postgres.DB
	first int64 // node of the first place after the network's own
}

// newPeer writes the network, the sites and the people as nodes and arcs of a table.
func newPeer(t testing.TB, n *walknet.Network, sites, people []walknet.Snap, speed walknet.Speed) *peer {
	t.Helper()
	db := dbtest.New(t)
	ctx := t.Context()
	if _, err := db.Pool().Exec(ctx, `CREATE EXTENSION pgrouting`); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("pgRouting: %v", err)
		}
		t.Skipf("skipped: no pgRouting (Debian package postgresql-15-pgrouting): %v", err)
	}
	p := &peer{db: db, first: int64(n.Nodes())}
	err := db.Write(ctx, postgres.System("", "walknet test"), "compare with pgRouting", func(tx *postgres.Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE arc (id bigint, source bigint, target bigint, cost float8)`)
		if err != nil {
			return err
		}
		rows := p.arcs(n, sites, people, speed)
		_, err = tx.CopyFrom(ctx, pgx.Identifier{"arc"}, []string{"id", "source", "target", "cost"}, pgx.CopyFromRows(rows))
		return err
	})
	if err != nil {
		t.Fatalf("write the graph: %v", err)
	}
	return p
}

// door is the node of a site's or person's door; the people come after the sites.
func (p *peer) door(i int) int64 { return p.first + 2*int64(i) + 1 }

// arcs are all arcs against the walking direction.
func (p *peer) arcs(n *walknet.Network, sites, people []walknet.Snap, speed walknet.Speed) [][]any {
	var rows [][]any
	add := func(from, to, cost int64) {
		rows = append(rows, []any{int64(len(rows) + 1), to, from, float64(cost)})
	}
	onEdge := make(map[int32][]int)
	for a := range n.Arcs() {
		add(int64(a.From), int64(a.To), edgeCost(int64(a.LengthMM), speed))
	}
	for i, s := range sites {
		if !s.OK() {
			continue
		}
		onEdge[s.Edge] = append(onEdge[s.Edge], i)
		place := p.door(i) - 1
		add(place, p.door(i), edgeCost(int64(s.AccessMM), speed))
		for a := range arcsOf(n, s.Edge) {
			add(int64(a.From), place, partCost(edgeCost(int64(a.LengthMM), speed), along(a, s), int64(a.LengthMM)))
		}
	}
	for i, s := range people {
		if !s.OK() {
			continue
		}
		door := p.door(len(sites) + i)
		place := door - 1
		add(door, place, edgeCost(int64(s.AccessMM), speed))
		for a := range arcsOf(n, s.Edge) {
			cost, length, at := edgeCost(int64(a.LengthMM), speed), int64(a.LengthMM), along(a, s)
			add(place, int64(a.To), partCost(cost, length-at, length))
			for _, j := range onEdge[s.Edge] {
				if to := along(a, sites[j]); to >= at {
					add(place, p.door(j)-1, partCost(cost, to-at, length))
				}
			}
		}
	}
	return rows
}

const drivingDistance = `
SELECT from_v, node, agg_cost
FROM pgr_drivingDistance('SELECT id, source, target, cost FROM arc', @sites::bigint[], @limit::float8, directed => true)`

// times are all pairs of site and node within the limit.
func (p *peer) times(ctx context.Context, sites int, limit walknet.Milliseconds) (map[[2]int64]int64, error) {
	doors := make([]int64, sites)
	for i := range doors {
		doors[i] = p.door(i)
	}
	rows, err := p.db.Pool().Query(ctx, drivingDistance, pgx.StrictNamedArgs{"sites": doors, "limit": float64(limit)})
	if err != nil {
		return nil, err
	}
	times := make(map[[2]int64]int64)
	var site, node int64
	var ms float64
	_, err = pgx.ForEachRow(rows, []any{&site, &node, &ms}, func() error {
		times[[2]int64{site, node}] = int64(ms)
		return nil
	})
	return times, err
}

func TestPgRoutingAgrees(t *testing.T) {
	t.Parallel()
	const limit, speed = 900_000, 900
	tests := []struct {
		name    string
		network func(testing.TB) *walknet.Network
	}{
		{name: "synthetic", network: func(t testing.TB) *walknet.Network {
			ways := grid(12, 93)
			for i := range ways { // every third street one-way on foot
				ways[i].Direction = []walknet.Direction{walknet.Both, walknet.Both, walknet.Forward}[i%3]
			}
			n, _ := build(t, ways)
			return n
		}},
		{name: "hankou", network: func(t testing.TB) *walknet.Network { return hankou(t).net }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := tt.network(t)
			sites := append(snapAll(n, scatter(n, 10, 21)), onStreets(n, 30, 22)...)
			people := snapAll(n, scatter(n, 2000, 23))
			p := newPeer(t, n, sites, people, speed)
			times, err := p.times(t.Context(), len(sites), limit)
			if err != nil {
				t.Fatal(err)
			}
			within := 0
			for i, r := range n.ReachAll(sites, limit, speed, 2) {
				for j, person := range people {
					want, ok := times[[2]int64{p.door(i), p.door(len(sites) + j)}]
					if !ok {
						want = -1
					}
					if got := r.At(person); int64(got) != want {
						t.Fatalf("person %d (%+v) to site %d (%+v): %d ms, pgRouting %d", j, person, i, sites[i], got, want)
					}
					if ok {
						within++
					}
				}
			}
			t.Logf("%d pairs within the limit, all equal", within)
			if within < 100 {
				t.Errorf("only %d pairs are within the limit", within)
			}
		})
	}
}

// BenchmarkBesidePgRouting asks the peer and the package the same in one run, of the
// same graph with the same integer costs, and holds every pair of site and person within
// the limit to be equal. ×500 is how many times as long the peer takes for 500 sites in
// one call, ×1 for one site; our side is one worker, with its answer kept.
func BenchmarkBesidePgRouting(b *testing.B) {
	x := city(b)
	sites := onStreets(x.net, 500, 7)
	people := onStreets(x.net, 2000, 8)
	p := newPeer(b, x.net, sites, people, 1000)
	equalTimes(b, x.net, p, sites, people)
	var theirs, ours, theirOne, ourOne []time.Duration
	timed := func(into *[]time.Duration, do func()) {
		start := time.Now()
		do()
		*into = append(*into, time.Since(start))
	}
	ask := func(sites []walknet.Snap) func() {
		return func() {
			if _, err := p.times(b.Context(), len(sites), quarter); err != nil {
				b.Fatal(err)
			}
		}
	}
	i := 0
	for b.Loop() {
		one := sites[i%500 : i%500+1]
		timed(&theirs, ask(sites))
		timed(&theirOne, ask(sites[:1]))
		for range 5 {
			timed(&ours, func() { x.net.ReachAll(sites, quarter, 1000, 1) })
			timed(&ourOne, func() { x.net.Reach(one[0], quarter, 1000) })
		}
		i++
	}
	b.ReportMetric(float64(middle(theirs))/float64(middle(ours)), "×500")
	b.ReportMetric(float64(middle(theirOne))/float64(middle(ourOne)), "×1")
	b.ReportMetric(middle(ours).Seconds()*1000, "ours-500-ms")
	b.ReportMetric(float64(middle(ourOne).Microseconds()), "ours-1-µs")
}

func middle(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// equalTimes compares all pairs of site and person with the peer's.
func equalTimes(b *testing.B, n *walknet.Network, p *peer, sites, people []walknet.Snap) {
	b.Helper()
	times, err := p.times(b.Context(), len(sites), quarter)
	if err != nil {
		b.Fatal(err)
	}
	for i, r := range n.ReachAll(sites, quarter, 1000, 2) {
		for j, person := range people {
			want, ok := times[[2]int64{p.door(i), p.door(len(sites) + j)}]
			if got := r.At(person); ok != (got >= 0) || (ok && int64(got) != want) {
				b.Fatalf("person %d to site %d: %d ms, pgRouting %d", j, i, got, want)
			}
		}
	}
}

func TestCirclesAreValidInPostGIS(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	ways := grid(14, 77)
	for i := range ways {
		ways[i].Direction = []walknet.Direction{walknet.Both, walknet.Forward, walknet.Backward}[i%3]
	}
	n, _ := build(t, ways)
	for i, site := range onStreets(n, 40, 31) {
		for _, opts := range []walknet.CircleOptions{{}, {OffStreetM: 20}, {CellM: 23, OffStreetM: 35}} {
			circle := n.Reach(site, walknet.Milliseconds(30_000*(i%20)), 900).Circle(opts)
			var reason string
			err := db.Pool().QueryRow(t.Context(), `SELECT ST_IsValidReason(@circle::geometry)`, pgx.StrictNamedArgs{"circle": circle}).Scan(&reason)
			if err != nil {
				t.Fatal(err)
			}
			if reason != "Valid Geometry" {
				t.Errorf("site %d, %+v: %s", i, opts, reason)
			}
		}
	}
}
