// Package tiles owns vector tiles: layers held in memory, which features and
// vertices a zoom shows, and the encoding of a tile (Mapbox Vector Tile 2.1). It
// knows nothing of what the features mean, of storage or of HTTP.
//
// Geometry is kept as integers on a world of 2^31 by 2^31 Web Mercator units (about
// 1.9 cm at the equator), so a tile coordinate is one rounded shift. Everything after
// that is exact integer arithmetic: the same layer gives the same bytes every time.
package tiles

import "github.com/paulmach/orb"

// Feature is one thing on the map. ID goes into the tile as the string property
// "id" (promoteId); there is no numeric id.
type Feature struct {
	ID       string
	Geometry orb.Geometry // lon/lat WGS 84; points, lines, polygons and their multiples
	Props    []Prop
	MinZoom  int // first zoom that shows it
	MaxZoom  int // last zoom that shows it; 0 means no last one
}

// Prop is one attribute; Value is a string, bool, int64 or float64.
type Prop struct {
	Key   string
	Value any
}
