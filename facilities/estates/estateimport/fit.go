package estateimport

import (
	"fmt"

	"github.com/paulmach/orb"

	"yike/facilities/estates"
	"yike/facilities/estates/estatelist"
	"yike/facilities/lists"
	"yike/geo/crsfit"
	"yike/internal/record"
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
// What lies wrong is a fault, unless somebody said the coordinate system: then it is told.
func (r *reader) fit() {
	points := r.points()
	if len(points) == 0 || r.o.Bounds.IsZero() {
		return
	}
	switch {
	case crsfit.Swapped(points, r.o.Bounds):
		r.object("经纬度写反了：图形应先写经度、后写纬度", "latitude and longitude are exchanged: longitude comes first")
	case r.outside(points):
		r.remark("多数图形不在本辖区内：坐标系可能不对，请声明坐标系后再试", "most shapes lie outside the district: the coordinate system may be wrong; say which it is and try again")
	case r.o.Roads != nil:
		r.alongRoads(points)
	}
}

func (r *reader) outside(points []orb.Point) bool {
	n := 0
	for _, p := range points {
		if !r.o.Bounds.Contains(p) {
			n++
		}
	}
	return 2*n > len(points)
}

func (r *reader) alongRoads(points []orb.Point) {
	const fewest = 30 // as crsfit wants near roads
	if len(points) < fewest {
		return
	}
	v := crsfit.Check(points, r.o.Roads())
	if !v.Suspicious {
		return
	}
	really := "GCJ-02"
	switch v.Best {
	case crsfit.BD09Points:
		really = "BD-09"
	case crsfit.GCJ02Roads, crsfit.BD09Roads:
		really = "WGS 84"
	}
	r.object(
		fmt.Sprintf("图形按 %s 还原后与道路明显更吻合（相差约 %.0f 米）：请声明坐标系；确认现在的就是对的，也请选定它", really, v.ShiftM),
		fmt.Sprintf("the shapes fit the roads clearly better when read as %s (%.0f m off): say which coordinate system they are in, even if it is the present one", really, v.ShiftM),
	)
}

func (r *reader) object(zh, en string) {
	if r.o.Given {
		r.remark(zh, en)
		return
	}
	r.Faults = append(r.Faults, lists.Fault{Fault: record.Fault{Field: "crs", ZH: zh, EN: en}})
}

func (r *reader) remark(zh, en string) {
	r.Remarks = append(r.Remarks, estatelist.Remark{ZH: zh, EN: en})
}
