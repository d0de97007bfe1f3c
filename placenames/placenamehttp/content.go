package placenamehttp

import (
	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames"
)

// Name reads what a person wrote of a record, with the faults of what cannot be read: for those
// who ask something of a record that nobody saved.
func (c PlaceNameContent) Name() (placenames.Name, []record.Fault) { return c.name() }

// GeometryOf gives a geometry as the API has it; nil for none.
func GeometryOf(g orb.Geometry) *PlaceNameGeometry { return geometryOut(g) }

// Geometry reads a geometry that a person sent, with the fault of one that cannot be read; nil for
// none.
func (g *PlaceNameGeometry) Geometry() (orb.Geometry, []record.Fault) { return g.read() }
