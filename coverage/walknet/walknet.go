// Package walknet owns the pedestrian network: built from ways, edited, snapped to,
// searched, and drawn as service circles.
//
// Lengths are integer millimetres, walking times integer milliseconds. An edge's
// time is its length over the speed, rounded half up once per direction; a partial
// edge is its share of that time, rounded up; limits compare with <=. So results
// are the same on every machine and for any number of workers. For somebody who is
// slow on stairs, waits at crossings or minds slopes, Network.For gives other times
// by rules as exact (see Profile).
//
// A network never changes. Network.Edit gives another that shares all but what differs,
// so a street closed or a gate opened is tried out in a moment.
//
// The package is pure and knows nothing of people, facilities or storage.
package walknet

import "github.com/paulmach/orb"

// Milliseconds is a walking time. Unreached marks a place beyond the limit of a search.
type Milliseconds int32

// Unreached is the time of a place that a search did not reach.
const Unreached Milliseconds = -1

// Speed is a walking speed in millimetres per second (900 is 0.9 m/s).
type Speed int32

// Direction says which way along a line one may walk.
type Direction int8

// The directions of a way.
const (
	Both     Direction = 0
	Forward  Direction = 1
	Backward Direction = -1
)

// Way is one walkable line of the source. Ways that must not be walked on are not given.
type Way struct {
	SourceID  string // unique within a build, e.g. "way/123"
	Name      string
	Class     string // the source's class, e.g. "footway", "residential", "steps"
	Direction Direction
	Bridge    bool
	Tunnel    bool
	Level     int8    // the layer a bridge or tunnel lies on; 0 is the ground
	NodeIDs   []int64 // one per vertex of Line for topological sources (OSM): ways meet where ids are equal. Nil for line layers: ways meet at shared or nearly shared ends and at true crossings of the same Level
	Line      orb.LineString

	// What profiles ask for, all of it optional. A way of Class "steps" is stairs.
	Crossing Crossing  // of a carriageway, by this way
	Wheels   Wheels    // whether it is passable on wheels
	Heights  []float32 // metres above any one level, one per vertex of Line; nil when unknown
	Incline  int16     // of the whole way, in thousandths, up in the direction of Line; read where there are no Heights
}

// Barrier is a point on the ways that may stop a walker.
type Barrier struct {
	SourceID string
	Kind     string // e.g. "gate", "bollard", "wall"
	NodeID   int64  // the OSM node id; 0 for line layers, where Point is matched to the nearest vertex within the join tolerance
	Point    orb.Point
	Passable bool      // false splits the network here
	Hours    []Opening // of the day, when a passable barrier is open; none means always
}

// Snap is a point put onto the network: the edge, how far along it from its start,
// and how far the point lies off it. Edge is -1 when nothing was near enough.
type Snap struct {
	Edge     int32
	OffsetMM int32
	AccessMM int32
	Point    orb.Point // on the edge, lon/lat
}

// NoSnap is the snap of a point too far from any path.
func NoSnap() Snap { return Snap{Edge: -1} }

// OK reports whether the point lies on the network.
func (s Snap) OK() bool { return s.Edge >= 0 }
