package coveragelive

import (
	"sync"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
	"yike/geo"
)

// Street is what a step about streets is of, so that a map can draw it and a list can name
// it.
type Street struct {
	Step        int // index into the plan's steps
	Kind        StepKind
	ID          string
	Name, Class string // of the way; of a gate or a path, of the street that it stands on or begins at; Name may be ""
	Gate        string // what kind of barrier it is; "" for ways and paths
	LengthM     float64
	Division    int32               // index of the finest division at At; -1 outside all
	At          orb.Point           // of a gate; of others a place half-way along
	Lines       orb.MultiLineString // the way as it is today, or the path with its ends on the streets; nil for gates
}

// streetIndex finds ways and gates of the district's network by their ids. It is filled
// when first asked.
type streetIndex struct {
	once  sync.Once
	ways  map[string][]int32 // edges
	gates map[string]walknet.Gate
}

func (x *streetIndex) of(net *walknet.Network) *streetIndex {
	x.once.Do(func() {
		x.ways, x.gates = map[string][]int32{}, map[string]walknet.Gate{}
		for e := range int32(net.Edges()) { //nolint:gosec // fewer than 2^31
			id, _, _ := net.EdgeWay(e)
			x.ways[id] = append(x.ways[id], e)
		}
		for _, g := range net.Gates() {
			x.gates[g.SourceID] = g
		}
	})
	return x
}

// pathJoinM is how far an end of a path may be from the street that it is joined to, as
// walknet has it.
const pathJoinM = 30

// Streets describes the plan's steps about streets, in order.
func (w *WhatIf) Streets() []Street {
	var out []Street
	for i, step := range w.steps {
		s := Street{Step: i, Kind: step.Kind, ID: step.ID}
		switch step.Kind {
		case CloseWay:
			w.way(&s)
		case OpenGate, ShutGate:
			w.gate(&s)
		case AddPath:
			w.path(&s, step.Line)
		default:
			continue
		}
		s.Division = w.state.locate().Locate(s.At)
		out = append(out, s)
	}
	return out
}

func (w *WhatIf) way(s *Street) {
	net := w.state.Network
	for _, e := range w.state.grounds.streets.of(net).ways[s.ID] {
		_, s.Name, s.Class = net.EdgeWay(e)
		s.LengthM += float64(net.EdgeLengthMM(e)) / 1000
		s.Lines = append(s.Lines, net.EdgeLine(e))
	}
	s.At = middle(s.Lines)
}

func (w *WhatIf) gate(s *Street) {
	net := w.state.Network
	g := w.state.grounds.streets.of(net).gates[s.ID]
	s.Gate, s.At = g.Kind, g.Point
	if snap := net.Snap(g.Point, w.state.SnapLimitM); snap.OK() {
		_, s.Name, s.Class = net.EdgeWay(snap.Edge)
	}
}

func (w *WhatIf) path(s *Street, line orb.LineString) {
	net := w.state.Network
	whole := append(orb.LineString{}, line...)
	if from := net.Snap(line[0], pathJoinM); from.OK() {
		_, s.Name, s.Class = net.EdgeWay(from.Edge)
		whole = append(orb.LineString{from.Point}, whole...)
	}
	if to := net.Snap(line[len(line)-1], pathJoinM); to.OK() {
		whole = append(whole, to.Point)
	}
	s.LengthM, s.Lines = geo.Length(whole), orb.MultiLineString{whole}
	s.At = middle(s.Lines)
}

// middle is the place half-way along lines, one after the other.
func middle(lines orb.MultiLineString) orb.Point {
	left := 0.0
	for _, line := range lines {
		left += geo.Length(line) / 2
	}
	var last orb.Point
	for _, line := range lines {
		for i, q := range line {
			if i > 0 {
				whole := geo.Distance(last, q)
				if whole >= left && whole > 0 {
					part := left / whole
					return orb.Point{last[0] + part*(q[0]-last[0]), last[1] + part*(q[1]-last[1])}
				}
				left -= whole
			}
			last = q
		}
	}
	return last
}
