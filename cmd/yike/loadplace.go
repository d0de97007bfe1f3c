package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/geo"
	"yike/geo/crsfit"
	"yike/internal/pack"
)

// checkPlace holds a layer's coordinates against what the file itself declares, against
// the ground the roads cover and against the roads themselves. A layer that does not
// fit stops the load, unless a person accepts it; that is recorded with the layer.
func (l *loader) checkPlace(ctx context.Context, s *loadStep) error {
	lines, err := l.roadLinesFor(ctx, s)
	if err != nil {
		return err
	}
	for _, layer := range s.layers {
		if own := s.contradicts[layer.Field]; own != "" {
			err := l.object(s, s.kind, pack.Fault{
				File: layer.File, Field: layer.Field + ".crs", Value: layer.CRS,
				Reason: pack.Text{ZH: "文件自带的坐标系是 " + own, EN: "the file itself says " + own},
			})
			if err != nil {
				return err
			}
		}
	}
	if len(lines) == 0 {
		return nil
	}
	if s.kind == pack.Roads {
		return l.checkMeets(ctx, s, lines)
	}
	if s.kind == pack.Population {
		if err := l.checkInside(s); err != nil {
			return err
		}
	}
	return l.checkFit(s, lines)
}

// mostOutside is the share of the people that may live outside every division before
// that looks like a shifted layer. A shift of GCJ-02, some 500 m, puts about 5 % of a
// whole district outside; ragged edges of a grid put less than 1 % there.
const mostOutside = 0.02

// checkInside wants the people inside the divisions. A regular grid cannot be held
// against the roads, so this is what finds a shifted one, or shifted divisions.
func (l *loader) checkInside(s *loadStep) error {
	if len(l.ground.divisions) == 0 {
		return nil
	}
	widest := slices.IndexFunc(l.manifest.Bands, func(b pack.Band) bool { return b.Widest })
	var outside, all coverage.People
	for _, p := range l.ground.population {
		all += p.People[widest]
		if p.DivisionCode == "" {
			outside += p.People[widest]
		}
	}
	share := float64(outside) / float64(max(all, 1))
	if share <= mostOutside {
		return nil
	}
	layer := s.layers[0]
	return l.object(s, s.kind, pack.Fault{
		File: layer.File, Field: layer.Field + ".crs", Value: layer.CRS,
		Reason: pack.Text{
			ZH: fmt.Sprintf("%.1f%% 的人口不在任何辖区内：人口或辖区图层的坐标系可能写错，或人口数据超出辖区范围", 100*share),
			EN: fmt.Sprintf("%.1f%% of the people lie outside every division: the coordinate system of the population or of the divisions may be wrong, or the population reaches beyond the district", 100*share),
		},
	})
}

// roadLinesFor gives the roads to compare with; none for the divisions, which come
// before them, and for layers without points of their own.
func (l *loader) roadLinesFor(ctx context.Context, s *loadStep) ([]orb.LineString, error) {
	if s.kind != pack.Roads && len(s.points) == 0 {
		return nil, nil
	}
	return l.roadLines(ctx)
}

// object stops the load for a layer, or notes that a person accepted it.
func (l *loader) object(s *loadStep, blamed string, fault pack.Fault) error {
	if accepted(l.opts, blamed) || accepted(l.opts, s.kind) {
		s.accepted = true
		s.report.Warn("坐标检查未通过，已由人工确认（--accept-crs）："+fault.Reason.ZH,
			"the coordinate check failed and was overridden (--accept-crs): "+fault.Reason.EN)
		return nil
	}
	fault.Hint = pack.Text{
		ZH: fault.Hint.ZH + "改正清单中的 crs；确认无误可加 --accept-crs " + blamed,
		EN: fault.Hint.EN + "mend crs in the manifest; if it is right all the same, add --accept-crs " + blamed,
	}
	return pack.Bad(blamed, fault)
}

// checkMeets wants the roads to run where the divisions lie.
func (l *loader) checkMeets(ctx context.Context, s *loadStep, lines []orb.LineString) error {
	locator, err := l.locator(ctx)
	if err != nil || len(l.ground.divisions) == 0 {
		return err
	}
	var ends []orb.Point
	for _, line := range lines {
		ends = append(ends, line[0])
	}
	return l.checkGround(s, ends, locator.Bound(), pack.LayerName(pack.Divisions))
}

// checkGround wants most points inside or near the bound of another layer.
func (l *loader) checkGround(s *loadStep, points []orb.Point, bound orb.Bound, other pack.Text) error {
	const nearDeg = 0.05 // a layer may reach some kilometres beyond the other
	inside := 0
	for _, p := range points {
		if bound.Pad(nearDeg).Contains(p) {
			inside++
		}
	}
	if inside*2 >= len(points) {
		return nil
	}
	fault := pack.Fault{File: s.layers[0].File, Field: s.layers[0].Field + ".crs", Value: s.layers[0].CRS}
	if crsfit.Swapped(points, bound) {
		fault.Reason = pack.Text{ZH: "经纬度写反了", EN: "longitude and latitude are exchanged"}
		return l.object(s, s.kind, fault)
	}
	centre := medianPoint(points)
	km := geo.Distance(centre, bound.Center()) / 1000
	fault.Reason = pack.Text{
		ZH: fmt.Sprintf("图层在 %.4f, %.4f 一带，离%s %.0f 千米，坐标系或带号可能写错", centre[0], centre[1], other.ZH, km),
		EN: fmt.Sprintf("the layer lies around %.4f, %.4f, %.0f km from the %s; its coordinate system or zone may be wrong", centre[0], centre[1], km, other.EN),
	}
	return l.object(s, s.kind, fault)
}

func medianPoint(points []orb.Point) orb.Point {
	var m orb.Point
	for axis := range m {
		values := make([]float64, len(points))
		for i, p := range points {
			values[i] = p[axis]
		}
		slices.Sort(values)
		m[axis] = values[len(values)/2]
	}
	return m
}

// checkFit compares the points with the roads as declared and after the shifts of
// Chinese web maps.
func (l *loader) checkFit(s *loadStep, lines []orb.LineString) error {
	var bound orb.Bound
	for i, line := range lines {
		if i == 0 {
			bound = line.Bound()
		}
		bound = bound.Union(line.Bound())
	}
	if err := l.checkGround(s, s.points, bound, pack.LayerName(pack.Roads)); err != nil {
		return err
	}
	v := crsfit.Check(s.points, lines)
	if v.TooFew {
		s.report.Warn(fmt.Sprintf("只有 %d 个点靠近道路，无法核对坐标系", v.NearRoads),
			fmt.Sprintf("only %d points are near roads, too few to check the coordinate system", v.NearRoads))
		return nil
	}
	if !v.Suspicious {
		return nil
	}
	blamed, really, bearing := s.kind, "GCJ-02", v.BearingDeg
	switch v.Best {
	case crsfit.BD09Points:
		really = "BD-09"
	case crsfit.GCJ02Roads:
		blamed = pack.Roads
	case crsfit.BD09Roads:
		blamed, really = pack.Roads, "BD-09"
	}
	// A layer declared shifted that fits only when the roads are shifted too was not.
	if blamed == pack.Roads && s.layers[0].CRS == really {
		blamed, really, bearing = s.kind, "WGS 84", math.Mod(bearing+180, 360)
	}
	zh, en := compass(bearing)
	layer := l.step(blamed).layers[0]
	return l.object(s, blamed, pack.Fault{
		File: layer.File, Field: layer.Field + ".crs", Value: layer.CRS,
		Reason: pack.Text{
			ZH: fmt.Sprintf("声明为 %s，但按 %s 还原后与道路明显更吻合：图层整体向%s偏，中位偏移 %.0f 米",
				declared(layer), really, zh, v.ShiftM),
			EN: fmt.Sprintf("declared %s, but it fits the roads clearly better when read as %s: the layer lies too far %s, by %.0f m in the median",
				declared(layer), really, en, v.ShiftM),
		},
	})
}

func declared(n pack.Named) string {
	if n.CRS == "" {
		return "EPSG:4326"
	}
	return n.CRS
}

// compass names one of eight directions.
func compass(deg float64) (zh, en string) {
	names := [][2]string{
		{"北", "north"},
		{"东北", "north-east"},
		{"东", "east"},
		{"东南", "south-east"},
		{"南", "south"},
		{"西南", "south-west"},
		{"西", "west"},
		{"西北", "north-west"},
	}
	n := names[int(deg/45+0.5)%8]
	return n[0], n[1]
}
