package namelive_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"yike/internal/hanzi"
	"yike/placenames"
	"yike/placenames/namelive"
	"yike/placenames/namesearch"
	"yike/placenames/naming"
)

// register is one in memory that counts its changes.
type register struct {
	mu    sync.Mutex
	mark  int64
	names map[string]placenames.Name
	at    map[string]int64 // of the last change; of what was removed, too
	fail  error
	reads int // how often it was read whole
}

func newRegister(names ...placenames.Name) *register {
	r := &register{names: map[string]placenames.Name{}, at: map[string]int64{}}
	for _, n := range names {
		r.put(n)
	}
	return r
}

func (r *register) put(n placenames.Name) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mark++
	r.names[n.ID], r.at[n.ID] = n, r.mark
}

func (r *register) remove(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mark++
	delete(r.names, id)
	r.at[id] = r.mark
}

func (r *register) Mark(context.Context) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.mark, r.fail
}

func (r *register) Each(_ context.Context, yield func(placenames.Name) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads++
	for _, n := range r.names {
		if err := yield(n); err != nil {
			return err
		}
	}
	return nil
}

func (r *register) Since(_ context.Context, mark int64) (namelive.Changes, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := namelive.Changes{Mark: r.mark}
	for id, at := range r.at {
		n, ok := r.names[id]
		switch {
		case at <= mark:
		case ok:
			c.Changed = append(c.Changed, n)
		default:
			c.Gone = append(c.Gone, id)
		}
	}
	return c, nil
}

func live(t *testing.T, r namelive.Register) *namelive.Live {
	t.Helper()
	return liveOf(t, r, "610102")
}

func liveOf(t *testing.T, r namelive.Register, adcode string) *namelive.Live {
	t.Helper()
	w, err := words()
	if err != nil {
		t.Fatal(err)
	}
	return namelive.New(r, adcode, w.checks, w.catalogue, w.readings)
}

// known is made once, since it takes longer than most tests.
type known struct {
	catalogue *placenames.Catalogue
	checks    *naming.Checker
	readings  *namesearch.Readings
}

var words = sync.OnceValues(func() (known, error) {
	c, err := placenames.NewCatalogue()
	if err != nil {
		return known{}, err
	}
	set, err := naming.Set()
	if err != nil {
		return known{}, err
	}
	k, err := naming.NewChecker(set, c)
	if err != nil {
		return known{}, err
	}
	return known{c, k, namesearch.NewReadings(hanzi.NewCharacters(), k.LookAlike())}, nil
})

func road(id, text string) placenames.Name {
	return placenames.Name{ID: id, Text: text, Kind: "road", State: placenames.Approved, Divisions: []string{"990100"}, BuiltUpArea: "主城区"}
}

func found(t *testing.T, l *namelive.Live, q string) string {
	t.Helper()
	hits, err := l.Search(t.Context(), q, namesearch.Options{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range hits {
		ids = append(ids, h.Name.ID)
	}
	return strings.Join(ids, " ")
}

func like(t *testing.T, l *namelive.Live, e naming.Entry) string {
	t.Helper()
	list, whole, err := l.Like(t.Context(), e)
	if err != nil || whole {
		t.Fatal(whole, err)
	}
	var out []string
	for _, m := range list {
		former := ""
		if m.Entry.Former {
			former = " former"
		}
		out = append(out, m.Entry.ID+" "+m.Relation.Code()+former)
	}
	return strings.Join(out, ", ")
}

// TestFollowsTheRegister writes, renames and removes names, and asks after each.
func TestFollowsTheRegister(t *testing.T) {
	t.Parallel()
	r := newRegister()
	l := live(t, r)
	if got := found(t, l, "沣东"); got != "" {
		t.Errorf("in an empty register: %s", got)
	}
	entry := naming.Entry{Text: "丰东路", Stem: "丰东", Generic: "路", Class: "streets", Division: "990100"}
	for _, step := range []struct {
		do          func()
		found, like string
	}{
		{func() { r.put(road("a", "沣东路")) }, "a", "a same_sound"},
		{func() { r.put(road("b", "沣东大道")) }, "a b", "a same_sound, b near_sound"},
		{func() {
			n := road("a", "红光路")
			n.Former, n.Aliases = []placenames.Former{{Text: "沣东路"}}, []placenames.Alias{{Text: " "}}
			r.put(n)
		}, "b a", "b near_sound, a same_sound former"},
		{func() { r.remove("b") }, "a", "a same_sound former"},
		{func() {}, "a", "a same_sound former"},
		{func() { r.remove("a") }, "", ""},
	} {
		step.do()
		if got := found(t, l, "沣东"); got != step.found {
			t.Errorf("found %q and not %q", got, step.found)
		}
		got := strings.Split(like(t, l, entry), ", ")
		want := strings.Split(step.like, ", ")
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("like %q and not %q", got, want)
		}
	}
	if r.reads != 1 {
		t.Errorf("read whole %d times", r.reads)
	}
}

// TestManyChangesAreMadeOne changes more than a small index is for.
func TestManyChangesAreMadeOne(t *testing.T) {
	t.Parallel()
	r := newRegister(road("first", "沣东路"))
	l := live(t, r)
	if got := found(t, l, "沣东"); got != "first" {
		t.Fatal(got)
	}
	for i := range 1200 {
		r.put(road(fmt.Sprintf("n%04d", i), fmt.Sprintf("长安%d路", i)))
	}
	r.remove("first")
	if got := found(t, l, "长安7路"); !strings.HasPrefix(got, "n0007") {
		t.Errorf("found %q", got)
	}
	if got := found(t, l, "沣东路"); got != "" {
		t.Errorf("found what was removed: %q", got)
	}
	if got := like(t, l, naming.Entry{Text: "长安7路", Stem: "长安7", Generic: "路", Class: "streets"}); !strings.HasPrefix(got, "n0007 same_name") {
		t.Errorf("like %q", got)
	}
	r.put(road("last", "沣东路"))
	if got := found(t, l, "沣东路"); got != "last" {
		t.Errorf("after that: %q", got)
	}
}

func TestScopeThatIsWhole(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		adcode, class, division string
		whole                   bool
	}{
		{"610102", "seat", "610102001", true},
		{"610102", "street", "610102001", false},
		{"610100", "street", "610102", true},
		{"610100", "residence", "610202", false},
		{"610000", "street", "610102", true},
		{"610100", "natural", "610102", false},
		{"610102", "", "610102", false},
		{"610102", "seat", "", false},
	} {
		_, whole, err := liveOf(t, newRegister(), tc.adcode).Like(t.Context(), naming.Entry{Text: "东村", Stem: "东", Generic: "村", Class: tc.class, Division: tc.division})
		if err != nil || whole != tc.whole {
			t.Errorf("%+v: whole %v, %v", tc, whole, err)
		}
	}
}

func TestRegisterIsAway(t *testing.T) {
	t.Parallel()
	away := errors.New("the register is away")
	r := newRegister(road("a", "沣东路"))
	l := live(t, r)
	r.fail = away
	if _, err := l.Search(t.Context(), "沣", namesearch.Options{Limit: 1}); !errors.Is(err, away) {
		t.Error(err)
	}
	if _, _, err := l.Like(t.Context(), naming.Entry{Text: "沣"}); !errors.Is(err, away) {
		t.Error(err)
	}
	r.fail = nil
	for _, broken := range []namelive.Register{brokenEach{r, away}, brokenSince{r, away}} {
		l := live(t, broken)
		err := l.Refresh(t.Context())
		if err == nil {
			r.put(road("b", "沣西路"))
			err = l.Refresh(t.Context())
		}
		if !errors.Is(err, away) {
			t.Error(err)
		}
	}
}

type brokenEach struct {
	*register
	err error
}

func (b brokenEach) Each(context.Context, func(placenames.Name) error) error { return b.err }

type brokenSince struct {
	*register
	err error
}

func (b brokenSince) Since(context.Context, int64) (namelive.Changes, error) {
	return namelive.Changes{}, b.err
}

// TestWhoWaitsMayGo asks while another reads the register, and gives up.
func TestWhoWaitsMayGo(t *testing.T) {
	t.Parallel()
	r := &slow{register: newRegister(road("a", "沣东路")), begun: make(chan struct{}), proceed: make(chan struct{})}
	l := live(t, r)
	done := make(chan error)
	go func() { done <- l.Refresh(context.WithoutCancel(t.Context())) }()
	<-r.begun
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Refresh(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(r.proceed)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

type slow struct {
	*register
	begun, proceed chan struct{}
}

func (s *slow) Each(ctx context.Context, yield func(placenames.Name) error) error {
	close(s.begun)
	<-s.proceed
	return s.register.Each(ctx, yield)
}

// TestManyAskWhileNamesChange has each who wrote a name find it, whatever others do.
func TestManyAskWhileNamesChange(t *testing.T) {
	t.Parallel()
	r := newRegister(road("a", "沣东路"))
	l := live(t, r)
	var g sync.WaitGroup
	for writer := range 4 {
		g.Go(func() {
			for i := range 20 {
				id := fmt.Sprintf("w%d-%d", writer, i)
				text := fmt.Sprintf("长安%d街%d", writer, i)
				r.put(road(id, text))
				hits, err := l.Search(t.Context(), text, namesearch.Options{Limit: 5})
				if err != nil || len(hits) == 0 || hits[0].Name.ID != id {
					t.Errorf("%s: %v %v", text, hits, err)
				}
				if list, _, err := l.Like(t.Context(), naming.Entry{Text: text}); err != nil || len(list) == 0 || list[0].Entry.ID != id {
					t.Errorf("like %s: %v %v", text, list, err)
				}
			}
		})
	}
	g.Wait()
}

func TestPositions(t *testing.T) {
	t.Parallel()
	square := orb.Polygon{{{108, 34}, {108.01, 34}, {108.01, 34.01}, {108, 34.01}, {108, 34}}}
	for name, tc := range map[string]struct {
		g      orb.Geometry
		placed bool
		at     orb.Point
	}{
		"point": {orb.Point{108, 34}, true, orb.Point{108, 34}}, "nothing": {nil, false, orb.Point{}},
		"line":  {orb.LineString{{108, 34}, {108, 34.01}, {108, 34.02}}, true, orb.Point{108, 34.01}},
		"lines": {orb.MultiLineString{{{107, 34}, {107, 34.001}}, {{108, 34}, {108, 34.02}}}, true, orb.Point{108, 34.01}},
		"area":  {square, true, orb.Point{108.005, 34.005}}, "no area": {orb.MultiPolygon{}, false, orb.Point{}}, "no line": {orb.LineString{}, false, orb.Point{}},
		"a line that is a point": {orb.LineString{{108, 34}, {108, 34}}, true, orb.Point{108, 34}}, "another": {orb.MultiPoint{{1, 1}}, false, orb.Point{}},
	} {
		n := road("a", "沣东路")
		n.Geometry = tc.g
		hits, err := live(t, newRegister(n)).Search(t.Context(), "沣", namesearch.Options{Limit: 1})
		if err != nil || len(hits) != 1 {
			t.Fatal(hits, err)
		}
		got := hits[0].Name
		if got.Placed != tc.placed || got.Position[0]-tc.at[0] > 0.005 || tc.at[0]-got.Position[0] > 0.005 || got.Position[1]-tc.at[1] > 0.0051 || tc.at[1]-got.Position[1] > 0.0051 {
			t.Errorf("%s: %v %v", name, got.Placed, got.Position)
		}
	}
}
