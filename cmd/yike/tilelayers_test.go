package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/internal/pack"
	"yike/internal/postgres"
	"yike/tiles"
	"yike/tiles/tilehttp"
)

func TestTileLayers(t *testing.T) {
	t.Parallel()
	s, db := demo(t)
	held := &coveragelive.Holder{}
	src := newTileSource(held, coveragedb.New(db), slog.New(slog.DiscardHandler))
	if _, err := src.TileSet([]string{"roads"}, nil); !errors.Is(err, tilehttp.ErrNotReady) {
		t.Fatalf("before the load: %v", err)
	}
	held.Publish(s)
	t.Run("queries", func(t *testing.T) { checkTileQueries(t, src) })
	t.Run("every layer draws something", func(t *testing.T) { checkEveryLayer(t, s, src) })
	t.Run("people add up at every zoom", func(t *testing.T) { checkPeopleTiles(t, s) })
	t.Run("layers are made once", func(t *testing.T) { checkKept(t, src) })
	t.Run("GDAL finds every polygon valid", func(t *testing.T) { checkValidByGDAL(t, s, src) })
	t.Run("the ground stays when facilities change", func(t *testing.T) { checkGroundStays(t, s, db) })
}

func TestTileLayersOfHankou(t *testing.T) {
	t.Parallel()
	s, _, _, db := hankou(t)
	held := &coveragelive.Holder{}
	held.Publish(s)
	src := newTileSource(held, coveragedb.New(db), slog.New(slog.DiscardHandler))
	t.Run("people add up at every zoom", func(t *testing.T) { checkPeopleTiles(t, s) })
	t.Run("GDAL finds every polygon valid", func(t *testing.T) { checkValidByGDAL(t, s, src) })
	t.Run("no tile is too large", func(t *testing.T) { checkSizes(t, s, src) })
}

const askCanteens = "type=elderly_canteen&limit=900&speed=0.9"

func tileSet(t *testing.T, src *tileSource, names, query string) (*tilehttp.Set, error) {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return src.TileSet(strings.Split(names, ","), q)
}

func mustLayers(t *testing.T, src *tileSource, names, query string) []*tiles.Layer {
	t.Helper()
	set, err := tileSet(t, src, names, query)
	if err != nil {
		t.Fatal(err)
	}
	layers, err := set.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return layers
}

func checkTileQueries(t *testing.T, src *tileSource) {
	for _, tc := range []struct {
		name, layers, query string
		want                string // the canonical query, or the parameter at fault
		wrong               bool
	}{
		{"nothing asked", "divisions,roads", "", "", false},
		{"people alone take the first base", "people", "", "base=resident", false},
		{"a question in full", "people,circles", "speed=0.90&limit=900&base=resident&type=elderly_canteen", "base=resident&limit=900&speed=0.9&type=elderly_canteen", false},
		{"the default question", "gaps", "type=elderly_canteen", "base=resident&limit=900&speed=0.9&type=elderly_canteen", false},
		{"a distance", "circles", "type=elderly_canteen&metres=500", "base=resident&metres=500&type=elderly_canteen", false},
		{"a walker and a tier", "people", "tier=5&profile=elder&type=elderly_canteen", "base=resident&limit=900&profile=elder&speed=0.9&tier=5&type=elderly_canteen", false},
		{"the plain walker", "people", "profile=plain&type=elderly_canteen", "base=resident&limit=900&speed=0.9&type=elderly_canteen", false},
		{"a type judged by division", "people", "type=columbarium&limit=600&speed=1.2&profile=elder&at=08:00", "base=resident&type=columbarium", false},
		{"a distance of such a type", "people", "type=columbarium&metres=500", "base=resident&type=columbarium", false},
		{"a distance and a time", "people", "type=elderly_canteen&metres=500&limit=600", "limit", true},
		{"a distance and a speed", "people", "type=elderly_canteen&metres=500&speed=1", "speed", true},
		{"a distance of elders", "people", "type=elderly_canteen&metres=500&profile=elder", "profile", true},
		{"a distance too long", "people", "type=elderly_canteen&metres=3601", "metres", true},
		{"an unknown walker", "people", "type=elderly_canteen&profile=runner", "profile", true},
		{"no walker", "people", "type=elderly_canteen&profile=", "profile", true},
		{"no time of day", "people", "type=elderly_canteen&at=24:00", "at", true},
		{"no tier", "people", "type=elderly_canteen&tier=7", "tier", true},
		{"a tier of no type", "people", "tier=5", "type", true},
		{"gaps of no type", "gaps", "", "type", true},
		{"an unknown type", "people", "type=canteen", "type", true},
		{"an unknown base", "people", "base=everyone", "base", true},
		{"a limit of no type", "people", "limit=600", "type", true},
		{"a limit that is no number", "people", "type=elderly_canteen&limit=15m", "limit", true},
		{"a limit too small", "people", "type=elderly_canteen&limit=0", "limit", true},
		{"a speed too high", "people", "type=elderly_canteen&speed=9", "speed", true},
		{"a speed that is no number", "people", "type=elderly_canteen&speed=NaN", "speed", true},
		{"an unknown parameter", "people", "typ=elderly_canteen", "typ", true},
		{"a parameter twice", "people", "base=resident&base=registered", "base", true},
		{"a question to layers that take none", "roads,divisions", "base=resident", "base", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			set, err := tileSet(t, src, tc.layers, tc.query)
			if !tc.wrong {
				if err != nil || set.Query != tc.want {
					t.Errorf("query %v, %v; want %q", set, err, tc.want)
				}
				return
			}
			var wrong *tilehttp.QueryError
			if !errors.As(err, &wrong) || wrong.Param != tc.want || wrong.ReasonZH == "" || wrong.ReasonEN == "" {
				t.Errorf("error %v, want one of %q", err, tc.want)
			}
		})
	}
	var unknown *tilehttp.UnknownLayerError
	if _, err := tileSet(t, src, "roads,rivers", ""); !errors.As(err, &unknown) || unknown.Name != "rivers" {
		t.Errorf("an unknown layer: %v", err)
	}
}

func checkEveryLayer(t *testing.T, s *coveragelive.State, src *tileSource) {
	for _, kind := range layerKinds() {
		query := ""
		if kind.asks {
			query = askCanteens
		}
		set, err := tileSet(t, src, kind.info.ID, query)
		if err != nil {
			t.Fatal(err)
		}
		layers, err := set.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if layers[0].Len() == 0 || layers[0].Name() != kind.info.ID {
			t.Errorf("layer %s is %q with %d features", kind.info.ID, layers[0].Name(), layers[0].Len())
		}
		if got := set.Layers[0]; got.Fields["id"] == "" || got.MinZoom > got.MaxZoom || (kind.people && got.Fields[fmt.Sprintf("b_%d", len(s.Bands)-1)] == "") {
			t.Errorf("layer %s is described as %+v", kind.info.ID, got)
		}
	}
}

// checkPeopleTiles adds up what the people layer shows at each zoom.
func checkPeopleTiles(t *testing.T, s *coveragelive.State) {
	for _, base := range s.Bases {
		for _, ask := range []tileQuery{
			{asks: true, Query: coveragelive.Query{Base: base}},
			{asks: true, Query: coveragelive.Query{Base: base, Type: "elderly_canteen", LimitS: 600, Speed: 900}},
			{asks: true, Query: coveragelive.Query{Base: base, Type: "columbarium"}},
		} {
			fs, err := peopleFeatures(t.Context(), nil, s, ask)
			if err != nil {
				t.Fatal(err)
			}
			for z := cellZoom; z <= tileMaxZoom; z++ {
				checkZoom(t, s, ask, fs, z)
			}
		}
	}
}

func checkZoom(t *testing.T, s *coveragelive.State, ask tileQuery, fs []tiles.Feature, z int) {
	t.Helper()
	d := s.Demand[ask.Base]
	got, want := map[string]int64{}, map[string]int64{}
	for _, f := range fs {
		if z < f.MinZoom || (f.MaxZoom > 0 && z > f.MaxZoom) {
			continue
		}
		state, t900 := "", int64(0)
		for _, p := range f.Props {
			switch p.Key {
			case "s":
				state, _ = p.Value.(string)
			case "t":
				t900, _ = p.Value.(int64)
			}
		}
		if ask.Type != "" && (state == "covered") != (t900 >= 0 && t900 <= int64(ask.LimitS)) {
			t.Fatalf("zoom %d: %s is %s in %d s", z, f.ID, state, t900)
		}
		for _, p := range f.Props {
			if n, ok := p.Value.(float64); ok {
				got[state+p.Key] += int64(math.Round(n * float64(coverage.Person)))
			}
		}
	}
	states := func(int) string { return "" }
	if ask.Type != "" {
		answer, err := s.Coverage(t.Context(), ask.coverage())
		if err != nil {
			t.Fatal(err)
		}
		states = func(i int) string { return answer.Result.State[i].String() }
	}
	for i := range d.Points {
		for b := range d.Bands {
			want[states(i)+fmt.Sprintf("b_%d", b)] += int64(d.People[b][i])
		}
		want[states(i)+"n"] += int64(d.People[coverage.Widest(d.Bands)][i])
	}
	for key, n := range want {
		if got[key] != n {
			t.Errorf("zoom %d, %+v: %s adds up to %d, want %d", z, ask, key, got[key], n)
		}
	}
}

// slowStore counts how often it is read.
type slowStore struct {
	groundStore
	mu    sync.Mutex
	reads int
}

func (s *slowStore) Roads(ctx context.Context, adcode string) ([]coveragedb.Road, error) {
	s.mu.Lock()
	s.reads++
	s.mu.Unlock()
	return s.groundStore.Roads(ctx, adcode)
}

func checkKept(t *testing.T, src *tileSource) {
	store := &slowStore{groundStore: src.store}
	fresh := newTileSource(src.live, store, src.log)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			set, err := fresh.TileSet([]string{"roads"}, nil)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := set.Load(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if store.reads != 1 {
		t.Errorf("roads were read %d times", store.reads)
	}
	ask := func(limit int) *tiles.Layer {
		return mustLayers(t, fresh, "gaps", fmt.Sprintf("type=elderly_canteen&limit=%d", limit))[0]
	}
	first := ask(600)
	if ask(600) != first {
		t.Error("the same question makes another layer")
	}
	for i := range askedKept {
		ask(601 + i)
	}
	if len(fresh.asked) > askedKept || ask(600) == first {
		t.Errorf("%d layers are kept, the first among them", len(fresh.asked))
	}
	if mustLayers(t, fresh, "roads", "")[0].Len() == 0 || store.reads != 1 {
		t.Errorf("roads were read %d times after many questions", store.reads)
	}
}

// checkGroundStays changes a facility and wants the layers that show none to be those
// that were made before, under the address they had.
func checkGroundStays(t *testing.T, s *coveragelive.State, db *postgres.DB) {
	held := &coveragelive.Holder{}
	held.Publish(s)
	src := newTileSource(held, coveragedb.New(db), slog.New(slog.DiscardHandler))
	type drawn struct {
		layer   *tiles.Layer
		version string
	}
	sets := []struct {
		names, query string
		stays        bool
	}{
		{"roads", "", true},
		{"divisions", "", true},
		{"people", "base=resident", true},
		{"facilities", "", false},
		{"people", askCanteens, false},
		{"gaps", askCanteens, false},
		{"roads,facilities", "", false},
	}
	look := func() (out []drawn) {
		for _, of := range sets {
			set, err := tileSet(t, src, of.names, of.query)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, drawn{mustLayers(t, src, of.names, of.query)[0], set.Version})
		}
		return out
	}
	before := look()
	err := db.Write(t.Context(), postgres.System(s.Pack.AdCode, "test"), "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE facility SET status = 'closed' WHERE type = 'elderly_canteen'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	next, err := s.Refresh(t.Context(), stores(db))
	if err != nil {
		t.Fatal(err)
	}
	held.Publish(next)
	for i, after := range look() {
		if same := after.version == before[i].version; same != sets[i].stays {
			t.Errorf("%s: the address stays: %v", sets[i].names, same)
		}
		ground := sets[i].stays || strings.HasPrefix(sets[i].names, "roads")
		if same := after.layer == before[i].layer; same != ground {
			t.Errorf("%s: the layer stays: %v", sets[i].names, same)
		}
	}
	for key := range src.fixed {
		if !inScope(next, key) {
			t.Errorf("%s of the old state is kept", key)
		}
	}
}

// shownTiles are the tiles of a zoom over the district, at most n of them.
func shownTiles(s *coveragelive.State, z, n int) []tiles.Tile {
	lo, hi := tiles.TileAt(orb.Point{s.Bounds.Min[0], s.Bounds.Max[1]}, z), tiles.TileAt(orb.Point{s.Bounds.Max[0], s.Bounds.Min[1]}, z)
	var all []tiles.Tile
	for x := lo.X; x <= hi.X; x++ {
		for y := lo.Y; y <= hi.Y; y++ {
			all = append(all, tiles.Tile{Z: z, X: x, Y: y})
		}
	}
	if len(all) <= n {
		return all
	}
	var some []tiles.Tile
	for i := range n {
		some = append(some, all[i*len(all)/n])
	}
	return some
}

// checkValidByGDAL lets GDAL and SpatiaLite, which share nothing with our encoder,
// judge the polygons of some tiles.
func checkValidByGDAL(t *testing.T, s *coveragelive.State, src *tileSource) {
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("ogrinfo is missing: install the Debian package gdal-bin")
		}
		t.Skip("ogrinfo is missing: install the Debian package gdal-bin")
	}
	layers := append(mustLayers(t, src, "divisions,buildings", ""), mustLayers(t, src, "circles,gaps", askCanteens)...)
	polygons := 0
	for _, z := range []int{11, 13, 14} {
		for _, at := range shownTiles(s, z, 2) {
			polygons += judge(t, at, layers)
		}
	}
	if polygons < 50 {
		t.Errorf("only %d polygons were judged", polygons)
	}
}

// judge counts the polygons of a tile and wants every one to be valid.
func judge(t *testing.T, at tiles.Tile, layers []*tiles.Layer) int {
	t.Helper()
	var body []byte
	var counts []string
	for _, l := range layers {
		if one := tiles.Encode(at, l); len(one) > 0 {
			body = append(body, one...)
			counts = append(counts, fmt.Sprintf("SELECT count(*) AS n, sum(ST_IsValid(geometry)) AS valid FROM %s", l.Name()))
		}
	}
	if len(counts) == 0 {
		return 0
	}
	file := filepath.Join(t.TempDir(), "tile.mvt")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	sql := "SELECT sum(n) AS features, sum(valid) AS valid FROM (" + strings.Join(counts, " UNION ALL ") + ")"
	//nolint:gosec // all arguments are made here
	out, err := exec.CommandContext(t.Context(), "ogrinfo", "-ro", "-q", "-dialect", "sqlite", "-sql", sql,
		"-oo", fmt.Sprint("Z=", at.Z), "-oo", fmt.Sprint("X=", at.X), "-oo", fmt.Sprint("Y=", at.Y), "MVT:"+file).CombinedOutput()
	if err != nil {
		t.Fatalf("ogrinfo: %v\n%s", err, out)
	}
	var features, valid int
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		_, _ = fmt.Sscanf(line, "features (Integer) = %d", &features)
		_, _ = fmt.Sscanf(line, "valid (Integer) = %d", &valid)
	}
	if features == 0 || valid != features {
		t.Errorf("tile %v: %d of %d polygons are valid\n%s", at, valid, features, out)
	}
	return features
}

// checkSizes holds the largest map of all to a size that a browser swallows.
func checkSizes(t *testing.T, s *coveragelive.State, src *tileSource) {
	const most = 500_000
	layers := mustLayers(t, src, "divisions,buildings,roads,barriers,circles,gaps,people,facilities,division_labels", askCanteens)
	for z := 9; z <= tileMaxZoom; z++ {
		largest := 0
		for _, at := range shownTiles(s, z, 60) {
			largest = max(largest, len(tiles.Encode(at, layers...)))
		}
		t.Logf("zoom %d: at most %d bytes", z, largest)
		if largest > most {
			t.Errorf("zoom %d: a tile of %d bytes, more than %d", z, largest, most)
		}
	}
}

func TestAttribution(t *testing.T) {
	t.Parallel()
	got := attribution(pack.Manifest{Notices: []pack.Notice{
		{ZH: "© 某某 <局>", URL: `https://example.cn/?a="1"&b=2`},
		{ZH: "甲", URL: "javascript:alert(1)"},
		{ZH: "乙"},
	}})
	want := `<a href="https://example.cn/?a=%221%22&amp;b=2" rel="noopener">© 某某 &lt;局&gt;</a> · 甲 · 乙`
	if strings.ReplaceAll(got, "&#34;", "%22") != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestSecondsRoundUp(t *testing.T) {
	t.Parallel()
	r := &coverage.Result{
		Time:  []walknet.Milliseconds{0, 1, 899_001, 900_000, walknet.Unreached},
		State: []coverage.State{coverage.Covered, coverage.Covered, coverage.Covered, coverage.Covered, coverage.Uncovered},
	}
	for i, want := range []int64{0, 1, 900, 900, -1} {
		if got := seconds(r, i); got != want {
			t.Errorf("seconds(%d ms) = %d, want %d", r.Time[i], got, want)
		}
	}
}
