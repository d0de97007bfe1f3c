package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yike/coverage/coveragedb"
	"yike/coverage/coveragelive"
	"yike/tiles"
	"yike/tiles/tilehttp"
)

// making is a source of a district without anything, and its log.
func making() (*tileSource, *coveragelive.State, *bytes.Buffer) {
	var log bytes.Buffer
	st := &coveragelive.State{Version: "1", GroundVersion: "g"}
	held := &coveragelive.Holder{}
	held.Publish(st)
	return newTileSource(held, roadStore{}, slog.New(slog.NewTextHandler(&log, nil))), st, &log
}

// roadStore has one road that can be drawn and two that cannot.
type roadStore struct{ groundStore }

func (roadStore) Roads(context.Context, string) ([]coveragedb.Road, error) {
	return []coveragedb.Road{
		{SourceID: "beyond the earth", Line: orb.LineString{{114, 30}, {214, 30}}},
		{SourceID: "good", Line: orb.LineString{{114, 30}, {114.1, 30}}},
		{SourceID: "beyond the pole", Line: orb.LineString{{114, 30}, {114, 99}}},
	}, nil
}

func TestRoadsThatCannotBeDrawnAreLeftOut(t *testing.T) {
	t.Parallel()
	src, st, log := making()
	kind := layerKind{info: tilehttp.LayerInfo{ID: "roads"}, make: roadFeatures}
	for range 2 {
		l, err := src.layer(t.Context(), st, kind, tileQuery{})
		if err != nil || l.Len() != 1 {
			t.Fatalf("%v, %v; want the one good road", l, err)
		}
	}
	if said := log.String(); strings.Count(said, "level=WARN") != 1 || !strings.Contains(said, "count=2") {
		t.Errorf("the log says %q; want one warning of two roads", said)
	}
}

func TestPanicInALayerIsAnError(t *testing.T) {
	t.Parallel()
	src, st, _ := making()
	kind := layerKind{info: tilehttp.LayerInfo{ID: "roads"}, make: func(context.Context, *tileSource, *coveragelive.State, tileQuery) ([]tiles.Feature, error) {
		panic("in the maker")
	}}
	if _, err := src.layer(t.Context(), st, kind, tileQuery{}); err == nil || !strings.Contains(err.Error(), "in the maker") {
		t.Errorf("got %v; want an error that names the panic", err)
	}
}

// Ever new questions wait for a place, and those who go away do not keep waiting.
func TestLayersWaitForAPlace(t *testing.T) {
	t.Parallel()
	src, st, _ := making()
	kind := layerKind{info: tilehttp.LayerInfo{ID: "roads"}, make: roadFeatures}
	for range cap(src.slots) {
		src.slots <- struct{}{}
	}
	first, leave := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	go func() {
		_, err := src.layer(first, st, kind, tileQuery{})
		ended <- err
	}()
	leave()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the one who left got %v", err)
	}
	if src.kept("g/roads") != nil {
		t.Error("a layer was made while every place was taken")
	}
	go func() {
		_, err := src.layer(t.Context(), st, kind, tileQuery{})
		ended <- err
	}()
	<-src.slots
	if err := <-ended; err != nil || src.kept("g/roads") == nil {
		t.Errorf("the next who asked got %v", err)
	}
}
