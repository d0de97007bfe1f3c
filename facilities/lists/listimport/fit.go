package listimport

import (
	"fmt"

	"github.com/paulmach/orb"

	"yike/facilities/lists"
	"yike/geo/crsfit"
	"yike/internal/record"
)

// Ground is what the shapes of a file are held against.
type Ground struct {
	Bounds orb.Bound // of the district; zero where nobody knows
	// Roads gives the district's roads in WGS 84; nil for none.
	Roads func() []orb.LineString
	Given bool // somebody said the coordinate system: what lies wrong is then told, and no fault
}

// Said is a sentence about a file, in both languages.
type Said struct{ ZH, EN string }

// Fit holds the points of a file, in WGS 84 as they were declared, against the district and its
// roads: whether longitude and latitude are exchanged, most lie outside, or the roads fit clearly
// better under another coordinate system. What lies wrong is a fault of the field crs, unless
// somebody said the system.
func (g Ground) Fit(points []orb.Point) ([]lists.Fault, []Said) {
	if len(points) == 0 || g.Bounds.IsZero() {
		return nil, nil
	}
	switch {
	case crsfit.Swapped(points, g.Bounds):
		return g.object("经纬度写反了：图形应先写经度、后写纬度", "latitude and longitude are exchanged: longitude comes first")
	case g.outside(points):
		return nil, []Said{{
			"多数图形不在本辖区内：坐标系可能不对，请声明坐标系后再试",
			"most shapes lie outside the district: the coordinate system may be wrong; say which it is and try again",
		}}
	case g.Roads != nil:
		return g.alongRoads(points)
	}
	return nil, nil
}

func (g Ground) outside(points []orb.Point) bool {
	n := 0
	for _, p := range points {
		if !g.Bounds.Contains(p) {
			n++
		}
	}
	return 2*n > len(points)
}

func (g Ground) alongRoads(points []orb.Point) ([]lists.Fault, []Said) {
	const fewest = 30 // as crsfit wants near roads
	if len(points) < fewest {
		return nil, nil
	}
	v := crsfit.Check(points, g.Roads())
	if !v.Suspicious {
		return nil, nil
	}
	really := "GCJ-02"
	switch v.Best {
	case crsfit.BD09Points:
		really = "BD-09"
	case crsfit.GCJ02Roads, crsfit.BD09Roads:
		really = "WGS 84"
	}
	return g.object(
		fmt.Sprintf("图形按 %s 还原后与道路明显更吻合（相差约 %.0f 米）：请声明坐标系；确认现在的就是对的，也请选定它", really, v.ShiftM),
		fmt.Sprintf("the shapes fit the roads clearly better when read as %s (%.0f m off): say which coordinate system they are in, even if it is the present one", really, v.ShiftM),
	)
}

func (g Ground) object(zh, en string) ([]lists.Fault, []Said) {
	if g.Given {
		return nil, []Said{{zh, en}}
	}
	return []lists.Fault{{Fault: record.Fault{Field: "crs", ZH: zh, EN: en}}}, nil
}
