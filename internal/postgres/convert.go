package postgres

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
)

// toGeom turns an orb value into go-geom's, with our SRID.
func toGeom(g orb.Geometry) (geom.T, error) {
	switch g := g.(type) {
	case orb.Point:
		return geom.NewPointFlat(geom.XY, g[:]).SetSRID(srid), nil
	case orb.MultiPoint:
		return geom.NewMultiPointFlat(geom.XY, flat(nil, g)).SetSRID(srid), nil
	case orb.LineString:
		return geom.NewLineStringFlat(geom.XY, flat(nil, g)).SetSRID(srid), nil
	case orb.Ring:
		return toGeom(orb.Polygon{g})
	case orb.Polygon:
		coords, ends := flatRings(nil, nil, g)
		return geom.NewPolygonFlat(geom.XY, coords, ends).SetSRID(srid), nil
	case orb.MultiLineString:
		var coords []float64
		var ends []int
		for _, l := range g {
			coords = flat(coords, l)
			ends = append(ends, len(coords))
		}
		return geom.NewMultiLineStringFlat(geom.XY, coords, ends).SetSRID(srid), nil
	case orb.MultiPolygon:
		var coords []float64
		endss := make([][]int, len(g))
		for i, p := range g {
			coords, endss[i] = flatRings(coords, nil, p)
		}
		return geom.NewMultiPolygonFlat(geom.XY, coords, endss).SetSRID(srid), nil
	case orb.Bound:
		return toGeom(g.ToPolygon())
	case orb.Collection:
		all := geom.NewGeometryCollection().SetSRID(srid)
		for _, part := range g {
			shape, err := toGeom(part)
			if err != nil {
				return nil, err
			}
			if err := all.Push(shape); err != nil {
				return nil, fmt.Errorf("collect geometry: %w", err)
			}
		}
		return all, nil
	}
	return nil, fmt.Errorf("%T: %w", g, ErrOtherGeometry)
}

func flat[S ~[]orb.Point](coords []float64, points S) []float64 {
	for _, p := range points {
		coords = append(coords, p[0], p[1])
	}
	return coords
}

func flatRings(coords []float64, ends []int, p orb.Polygon) ([]float64, []int) {
	for _, r := range p {
		coords = flat(coords, r)
		ends = append(ends, len(coords))
	}
	return coords, ends
}

// toOrb turns go-geom's value into orb's. Heights and measures are dropped.
func toOrb(t geom.T) (orb.Geometry, error) {
	n := t.Layout().Stride()
	switch t := t.(type) {
	case *geom.Point:
		if t.Empty() {
			return nil, fmt.Errorf("empty point: %w", ErrOtherGeometry)
		}
		return orb.Point{t.X(), t.Y()}, nil
	case *geom.MultiPoint:
		return orb.MultiPoint(points(t.FlatCoords(), n)), nil
	case *geom.LineString:
		return orb.LineString(points(t.FlatCoords(), n)), nil
	case *geom.Polygon:
		return rings(t.FlatCoords(), 0, t.Ends(), n), nil
	case *geom.MultiLineString:
		lines := make(orb.MultiLineString, t.NumLineStrings())
		for i := range lines {
			lines[i] = points(t.LineString(i).FlatCoords(), n)
		}
		return lines, nil
	case *geom.MultiPolygon:
		polygons := make(orb.MultiPolygon, 0, t.NumPolygons())
		start := 0
		for _, ends := range t.Endss() {
			polygons = append(polygons, rings(t.FlatCoords(), start, ends, n))
			if len(ends) > 0 {
				start = ends[len(ends)-1]
			}
		}
		return polygons, nil
	case *geom.GeometryCollection:
		all := make(orb.Collection, 0, t.NumGeoms())
		for _, part := range t.Geoms() {
			g, err := toOrb(part)
			if err != nil {
				return nil, err
			}
			all = append(all, g)
		}
		return all, nil
	}
	return nil, fmt.Errorf("%T: %w", t, ErrOtherGeometry)
}

func points(coords []float64, stride int) []orb.Point {
	out := make([]orb.Point, 0, len(coords)/stride)
	for i := 0; i+1 < len(coords); i += stride {
		out = append(out, orb.Point{coords[i], coords[i+1]})
	}
	return out
}

func rings(coords []float64, start int, ends []int, stride int) orb.Polygon {
	out := make(orb.Polygon, 0, len(ends))
	for _, end := range ends {
		out = append(out, orb.Ring(points(coords[start:end], stride)))
		start = end
	}
	return out
}
