package numbering

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"yike/geo"
)

// rowM is how much nearer the first side houses of the next row may be than those of a row, in
// metres, before they count as a row of their own; where nobody says which row they are of.
const rowM = 8

// onPlane is a house as rows see it.
type onPlane struct {
	index    int // of frontages, or of existing after them
	across   float64
	within   float64
	row      int
	declared int
	point    orb.Point
}

// placeByRows puts houses into rows and the rows into their order. The order along a row that
// runs back is reversed. Numbers that are there already count when rows are told apart.
func (t *task) placeByRows() {
	t.spots = make([]spot, len(t.frontages))
	t.places = make([]spot, len(t.existing))
	var at []orb.Point
	var houses []onPlane
	for i, f := range t.frontages {
		if p, ok := door(f); ok {
			at = append(at, p)
			houses = append(houses, onPlane{index: i, declared: f.Row, point: p})
		}
	}
	for i, e := range t.existing {
		if e.Point != nil {
			at = append(at, *e.Point)
			houses = append(houses, onPlane{index: len(t.frontages) + i, point: *e.Point})
		}
	}
	frame := geo.Frame(middle([]orb.LineString{at}))
	for i := range houses {
		on := frame.To(houses[i].point)
		houses[i].across = -component(on, t.set.Rows.First)
		houses[i].within = -component(on, t.set.Rows.Within)
	}
	tellRows(houses)
	t.settleRows(houses)
}

// component is how far a point lies in one of the four main directions.
func component(p orb.Point, c Compass) float64 {
	switch c {
	case N:
		return p[1]
	case S:
		return -p[1]
	case E:
		return p[0]
	}
	return -p[0]
}

// tellRows says which row each house is of: the one declared, else that of its neighbours
// across, else by the gaps between rows.
func tellRows(houses []onPlane) {
	slices.SortFunc(houses, func(a, b onPlane) int {
		return cmp.Or(cmp.Compare(a.across, b.across), cmp.Compare(a.within, b.within), cmp.Compare(a.index, b.index))
	})
	row := 0
	var first float64
	for i := range houses {
		h := &houses[i]
		switch {
		case h.declared > 0:
			h.row, row, first = h.declared, h.declared, h.across
			continue
		case row == 0:
			row, first = 1, h.across
		case h.across-first > rowM:
			row++
			first = h.across
		}
		h.row = row
	}
}

func (t *task) settleRows(houses []onPlane) {
	slices.SortFunc(houses, func(a, b onPlane) int {
		within := cmp.Compare(a.within, b.within)
		if t.set.Rows.Serpentine && a.row%2 == 0 {
			within = -within
		}
		return cmp.Or(cmp.Compare(a.row, b.row), within, cmp.Compare(a.index, b.index))
	})
	var begin float64
	for i, h := range houses {
		if i == 0 || houses[i-1].row != h.row {
			begin = h.within
		}
		s := spot{at: float64(i), side: NoSide, from: max(h.within-begin, begin-h.within), row: h.row, point: h.point, ok: true}
		s.to = s.from
		if h.index < len(t.frontages) {
			if t.frontages[h.index].WidthM > 0 {
				s.to = s.from + t.frontages[h.index].WidthM
			}
			t.spots[h.index] = s
		} else {
			t.places[h.index-len(t.frontages)] = s
		}
	}
}
