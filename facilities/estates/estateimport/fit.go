package estateimport

import (
	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/estates/estatelist"
	"yike/facilities/lists/listimport"
)

// points are the corners of the boundaries and the places of the rooms that a file has.
func (r *reader) points() []orb.Point {
	var out []orb.Point
	for _, row := range r.Lists.Estates {
		if row.Drawn {
			for _, ring := range row.Apply(estates.Estate{}).Boundary {
				out = append(out, ring...)
			}
		}
	}
	for _, row := range r.Lists.Rooms {
		if row.Drawn {
			out = append(out, row.Apply(estates.Room{}).Point)
		}
	}
	return out
}

// fit holds the shapes of a file against the district and its roads, as they were declared.
func (r *reader) fit() {
	faults, said := listimport.Ground{Bounds: r.o.Bounds, Roads: r.o.Roads, Given: r.o.Given}.Fit(r.points())
	r.Faults = append(r.Faults, faults...)
	for _, s := range said {
		r.Remarks = append(r.Remarks, estatelist.Remark{ZH: s.ZH, EN: s.EN})
	}
}
