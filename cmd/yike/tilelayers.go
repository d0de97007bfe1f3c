package main

import (
	"context"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"maps"
	"net/url"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/singleflight"

	"yike/coverage/coveragedb"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/internal/pack"
	"yike/tiles"
	"yike/tiles/tilehttp"
)

// groundStore gives the layers that are drawn but not kept in the live state.
type groundStore interface {
	Roads(ctx context.Context, adcode string) ([]coveragedb.Road, error)
	Buildings(ctx context.Context, adcode string) ([]coveragedb.Building, error)
	Barriers(ctx context.Context, adcode string) ([]walknet.Barrier, error)
}

// tileSource makes the map's layers from the live district. Layers that every map
// needs are made once per district and kept; those that follow from a coverage
// question are kept for the questions asked last. Layers of the ground stay when only
// facilities changed.
type tileSource struct {
	live  *coveragelive.Holder
	store groundStore
	log   *slog.Logger
	slots chan struct{} // as many layers are made at one time as it has places

	making singleflight.Group
	mu     sync.Mutex
	of     *coveragelive.State // the newest district of which layers are kept
	fixed  map[string]*tiles.Layer
	asked  []askedLayer // the last used at the end
}

// The keys of kept layers begin with the version of what they follow from; see scope.
type askedLayer struct {
	key   string
	layer *tiles.Layer
}

// The layers kept for questions: ten questions with people, circles and gaps each, and
// no more features than some hundred megabytes hold, but always the last layer.
const (
	askedKept         = 30
	askedKeptFeatures = 1_000_000
)

// tileFormat is part of every tile's version: raise it when the same data give other
// tiles, since clients keep versioned tiles for good.
const tileFormat = "t1"

func newTileSource(live *coveragelive.Holder, store groundStore, log *slog.Logger) *tileSource {
	return &tileSource{live: live, store: store, log: log, slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// TileSet implements tilehttp.Source.
func (s *tileSource) TileSet(names []string, query url.Values) (*tilehttp.Set, error) {
	st := s.live.State()
	if st == nil {
		return nil, tilehttp.ErrNotReady
	}
	kinds := make([]layerKind, len(names))
	set := &tilehttp.Set{Bounds: st.Bounds, Attribution: attribution(st.Pack.Manifest)}
	for i, name := range names {
		at := slices.IndexFunc(layerKinds(), func(k layerKind) bool { return k.info.ID == name })
		if at < 0 {
			return nil, &tilehttp.UnknownLayerError{Name: name, Known: layerNames()}
		}
		kinds[i] = layerKinds()[at]
		set.Layers = append(set.Layers, kinds[i].describe(st))
	}
	ask, err := parseTileQuery(st, kinds, query)
	if err != nil {
		return nil, err
	}
	set.Query = ask.canonical()
	set.Version = st.GroundVersion + tileFormat
	if slices.ContainsFunc(kinds, func(k layerKind) bool { return k.follows(ask) }) {
		set.Version = st.Version + tileFormat
	}
	set.Load = func(ctx context.Context) ([]*tiles.Layer, error) {
		layers := make([]*tiles.Layer, len(kinds))
		for i, kind := range kinds {
			if layers[i], err = s.layer(ctx, st, kind, ask); err != nil {
				return nil, err
			}
		}
		return layers, nil
	}
	return set, nil
}

// prepare makes the layers that need no question, so that the first map is quick. Each
// step is reported when it is done.
func (s *tileSource) prepare(ctx context.Context, progress func(done, total int)) error {
	st := s.live.State()
	if st == nil {
		return tilehttp.ErrNotReady
	}
	kinds := slices.DeleteFunc(layerKinds(), func(k layerKind) bool { return k.needsType })
	for i, kind := range kinds {
		progress(i, len(kinds))
		if _, err := s.layer(ctx, st, kind, firstQuestion(st, kind)); err != nil {
			return err
		}
	}
	progress(len(kinds), len(kinds))
	return nil
}

// layer finds or makes one layer. It is made once for all who ask at one time, and
// when it was begun to the end even if they go away. Before, it waits for a place, as
// long as the first who asked; when that one leaves, the next asks anew.
func (s *tileSource) layer(ctx context.Context, st *coveragelive.State, kind layerKind, ask tileQuery) (*tiles.Layer, error) {
	key := scope(st, kind, ask) + kind.info.ID
	if kind.asks {
		key += "?" + ask.canonical()
	}
	for {
		if l := s.kept(key); l != nil {
			return l, nil
		}
		done := s.making.DoChan(key, func() (any, error) {
			select {
			case s.slots <- struct{}{}:
				defer func() { <-s.slots }()
			case <-ctx.Done():
				return nil, errLeft
			}
			if l := s.kept(key); l != nil {
				return l, nil
			}
			l, err := s.makeLayer(context.WithoutCancel(ctx), st, kind, ask)
			if err == nil {
				s.keep(key, kind.asks, l)
			}
			return l, err
		})
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case r := <-done:
			if !errors.Is(r.Err, errLeft) {
				l, _ := r.Val.(*tiles.Layer)
				return l, r.Err
			}
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
	}
}

// errLeft says that the one for whom a layer waited to be made went away.
var errLeft = errors.New("the first who asked for the layer left")

// makeLayer makes a layer. It runs on a goroutine of its own, where a panic would end
// the whole program, so a panic is an error here.
func (s *tileSource) makeLayer(ctx context.Context, st *coveragelive.State, kind layerKind, ask tileQuery) (l *tiles.Layer, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			l, err = nil, fmt.Errorf("make layer %s: panic: %v\n%s", kind.info.ID, cause, debug.Stack())
		}
	}()
	features, err := kind.make(ctx, s, st, ask)
	if err != nil {
		return nil, err
	}
	opts := tiles.Options{Name: kind.info.ID, SharedBorders: kind.shared}
	l, err = tiles.NewLayer(opts, features)
	if err == nil || kind.asks {
		return l, err
	}
	return s.withoutRefused(ctx, opts, features)
}

// withoutRefused makes a layer of the ground without the features that cannot be
// drawn: one bad line of a data pack must not keep the whole district from being shown.
func (s *tileSource) withoutRefused(ctx context.Context, opts tiles.Options, features []tiles.Feature) (*tiles.Layer, error) {
	var first error
	good := make([]tiles.Feature, 0, len(features))
	for _, f := range features {
		if _, err := tiles.NewLayer(opts, []tiles.Feature{f}); err == nil {
			good = append(good, f)
		} else if first == nil {
			first = err
		}
	}
	s.log.WarnContext(ctx, "some features cannot be drawn and are left out of the map",
		"layer", opts.Name, "count", len(features)-len(good), "first", first)
	return tiles.NewLayer(opts, good)
}

// scope is the version of what a layer follows from: of everything, or of the ground,
// which people's changes of facilities leave as it is.
func scope(st *coveragelive.State, kind layerKind, ask tileQuery) string {
	if kind.follows(ask) {
		return st.Version + "/"
	}
	return st.GroundVersion + "/"
}

func (s *tileSource) kept(key string) *tiles.Layer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := slices.IndexFunc(s.asked, func(a askedLayer) bool { return a.key == key }); at >= 0 {
		a := s.asked[at]
		s.asked = append(slices.Delete(s.asked, at, at+1), a)
		return a.layer
	}
	return s.fixed[key]
}

func (s *tileSource) keep(key string, asked bool, l *tiles.Layer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.live.State()
	if s.of != now {
		s.forget(now)
	}
	if !inScope(now, key) {
		return // a newer district was published meanwhile
	}
	if !asked {
		s.fixed[key] = l
		return
	}
	s.asked = append(s.asked, askedLayer{key, l})
	features := 0
	for _, a := range s.asked {
		features += a.layer.Len()
	}
	for len(s.asked) > 1 && (len(s.asked) > askedKept || features > askedKeptFeatures) {
		features -= s.asked[0].layer.Len()
		s.asked = slices.Delete(s.asked, 0, 1)
	}
}

// forget drops the layers that are not of the district as it is now.
func (s *tileSource) forget(now *coveragelive.State) {
	s.of = now
	if s.fixed == nil {
		s.fixed = map[string]*tiles.Layer{}
	}
	maps.DeleteFunc(s.fixed, func(key string, _ *tiles.Layer) bool { return !inScope(now, key) })
	s.asked = slices.DeleteFunc(s.asked, func(a askedLayer) bool { return !inScope(now, a.key) })
}

func inScope(now *coveragelive.State, key string) bool {
	return strings.HasPrefix(key, now.Version+"/") || strings.HasPrefix(key, now.GroundVersion+"/")
}

// attribution is the pack's notices as HTML.
func attribution(m pack.Manifest) string {
	var parts []string
	for _, n := range m.Notices {
		text := html.EscapeString(n.ZH)
		if u, err := url.Parse(n.URL); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
			text = `<a href="` + html.EscapeString(u.String()) + `" rel="noopener">` + text + `</a>`
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " · ")
}
