// Package tiles owns vector tiles: layers held in memory, which features a zoom
// shows, and the encoding of a tile (Mapbox Vector Tile 2.1). It knows nothing of
// what the features mean, of storage or of HTTP.
package tiles

import "github.com/paulmach/orb"

// Feature is one thing on the map. ID goes into the tile as the string property
// "id" (promoteId); there is no numeric id.
type Feature struct {
	ID       string
	Geometry orb.Geometry // lon/lat WGS 84
	Props    []Prop
	MinZoom  int // first zoom that shows it
}

// Prop is one attribute; Value is a string, bool, int64 or float64.
type Prop struct {
	Key   string
	Value any
}
