// Package tilehttp serves vector tiles and their TileJSON: addresses, versions,
// conditional requests, compression and the cache of finished tiles. It knows nothing
// of what the layers hold or where they come from, and takes them from a Source.
package tilehttp

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/paulmach/orb"

	"yike/tiles"
)

// Source turns the layer names of an address and its query into a set of layers. It is
// safe for concurrent use.
type Source interface {
	// TileSet checks the names and the query and says what they ask for. It is called
	// for every request, before conditional requests are answered, so it builds
	// nothing. Its errors are ErrNotReady, *UnknownLayerError and *QueryError.
	TileSet(names []string, query url.Values) (*Set, error)
}

// Set is what an address asks for.
type Set struct {
	Layers      []LayerInfo // in the order of the names
	Query       string      // the query in its one canonical form, without "?"; "" when there is none
	Version     string      // of the data, letters and digits; changes whenever any tile may
	Bounds      orb.Bound   // lon/lat
	Attribution string      // HTML, safe to show as it is
	// Load returns the layers, building them when they are not at hand. Parallel to Layers.
	Load func(ctx context.Context) ([]*tiles.Layer, error)
}

// LayerInfo describes one layer in TileJSON.
type LayerInfo struct {
	ID          string            `json:"id"`
	Description string            `json:"description"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"` // name to a description for people
}

// ErrNotReady is what a Source returns before its data are loaded.
var ErrNotReady = errors.New("the data are not loaded yet")

// UnknownLayerError names a layer that does not exist.
type UnknownLayerError struct {
	Name  string
	Known []string
}

// Error names the layer.
func (e *UnknownLayerError) Error() string { return fmt.Sprintf("no layer %q", e.Name) }

// QueryError names a query parameter that is unknown or has a wrong value.
type QueryError struct {
	Param, Value       string
	ReasonZH, ReasonEN string
}

// Error names the parameter, its value and the reason.
func (e *QueryError) Error() string {
	return fmt.Sprintf("query parameter %s=%q: %s", e.Param, e.Value, e.ReasonEN)
}
