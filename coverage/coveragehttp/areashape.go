package coveragehttp

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/internal/httpapi"
)

// shapes reads the coordinates; its error is an *AreaFault that names the part that is none.
func (s *areaShape) shapes() (orb.MultiPolygon, error) {
	const at = "#/geometry/coordinates"
	if s.Type == "Polygon" {
		polygon, err := readPolygon(s.Coordinates, at)
		return orb.MultiPolygon{polygon}, err
	}
	list, err := listOf(s.Coordinates, at)
	if err != nil {
		return nil, err
	}
	var out orb.MultiPolygon
	for i, each := range list {
		polygon, err := readPolygon(each, fmt.Sprintf("%s/%d", at, i))
		if err != nil {
			return nil, err
		}
		out = append(out, polygon)
	}
	return out, nil
}

func readPolygon(in any, at string) (orb.Polygon, error) {
	rings, err := listOf(in, at)
	if err != nil {
		return nil, err
	}
	var out orb.Polygon
	for i, each := range rings {
		where := fmt.Sprintf("%s/%d", at, i)
		corners, err := listOf(each, where)
		if err != nil {
			return nil, err
		}
		ring := make(orb.Ring, 0, len(corners))
		for k, corner := range corners {
			p, err := readCorner(corner, fmt.Sprintf("%s/%d", where, k))
			if err != nil {
				return nil, err
			}
			ring = append(ring, p)
		}
		out = append(out, ring)
	}
	return out, nil
}

// readCorner takes a position; what stands behind the latitude is a height.
func readCorner(in any, at string) (orb.Point, error) {
	numbers, err := listOf(in, at)
	if err != nil {
		return orb.Point{}, err
	}
	if len(numbers) >= 2 {
		lon, isLon := numbers[0].(float64)
		lat, isLat := numbers[1].(float64)
		if isLon && isLat {
			return orb.Point{lon, lat}, nil
		}
	}
	return orb.Point{}, &AreaFault{Pointer: at, Reason: coverage.Text{ZH: "应为经度和纬度", EN: "It must be a longitude and a latitude"}}
}

func listOf(in any, at string) ([]any, error) {
	list, ok := in.([]any)
	if !ok {
		return nil, &AreaFault{Pointer: at, Reason: coverage.Text{ZH: "应为数组，层次同 GeoJSON", EN: "It must be an array, nested as in GeoJSON"}}
	}
	return list, nil
}

// areaProblem tells what is wrong with an area.
func areaProblem(err error, in *areaInput) error {
	var fault *AreaFault
	var shape *coverage.ShapeError
	switch {
	case errors.As(err, &fault):
	case errors.As(err, &shape):
		fault = &AreaFault{Pointer: shapePointer(shape, in.Body.Geometry), Reason: shapeReason(shape)}
	default:
		return problem(err)
	}
	return httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_area", "范围有误："+fault.Reason.ZH, "The area is wrong: "+fault.Reason.EN).With(httpapi.Fault{
		Pointer: fault.Pointer, Reason: httpapi.Text(fault.Reason), Hint: httpapi.Text(fault.Hint),
	})
}

// shapePointer leads to the part of the coordinates that a fault is of.
func shapePointer(e *coverage.ShapeError, of *areaShape) string {
	at := "#/geometry/coordinates"
	parts := []int{e.Polygon, e.Ring, e.Corner}
	if of != nil && of.Type == "Polygon" {
		parts = parts[1:]
	}
	for _, part := range parts {
		if part < 0 {
			break
		}
		at += fmt.Sprintf("/%d", part)
	}
	return at
}

func shapeReason(err error) coverage.Text {
	for _, known := range []struct {
		err    error
		reason coverage.Text
	}{
		{coverage.ErrFewCorners, coverage.Text{ZH: "一圈至少要有三个不同的点", EN: "A ring needs at least three different corners"}},
		{coverage.ErrNoPlace, coverage.Text{ZH: "不是经纬度", EN: "It is no longitude and latitude"}},
		{coverage.ErrManyCorners, coverage.Text{ZH: "点数过多，最多 20000 个", EN: "There are too many corners: at most 20,000"}},
	} {
		if errors.Is(err, known.err) {
			return known.reason
		}
	}
	return coverage.Text{ZH: "多边形没有边界", EN: "A polygon has no ring"}
}
