package main

import (
	"context"

	"github.com/paulmach/orb"

	"yike/coverage/coveragelive"
	"yike/geo/divisions"
	"yike/tiles"
)

// levelZoom is the first zoom that shows the borders of a level: about where its
// divisions become larger than a thumb.
func levelZoom(l divisions.Level) int {
	switch l {
	case divisions.Province:
		return 0
	case divisions.City:
		return 3
	case divisions.District:
		return 5
	case divisions.Subdistrict:
		return 6
	case divisions.Community:
		return 9
	case divisions.Grid:
		return 12
	}
	return 0
}

func divisionFeatures(_ context.Context, _ *tileSource, st *coveragelive.State, _ tileQuery) ([]tiles.Feature, error) {
	var out []tiles.Feature
	for _, d := range st.Divisions {
		if !drawable(d.Boundary) {
			continue
		}
		out = append(out, tiles.Feature{ID: d.ID, Geometry: d.Boundary, Props: divisionProps(d), MinZoom: levelZoom(d.Level)})
	}
	return out, nil
}

// labelFeatures puts each division's name where most room is around it.
func labelFeatures(_ context.Context, _ *tileSource, st *coveragelive.State, _ tileQuery) ([]tiles.Feature, error) {
	const roomier = 3 // a name needs a larger division than a border
	var out []tiles.Feature
	for _, d := range st.Divisions {
		at, ok := tiles.LabelPoint(d.Boundary)
		if !ok {
			continue
		}
		out = append(out, tiles.Feature{ID: d.ID, Geometry: at, Props: divisionProps(d), MinZoom: levelZoom(d.Level) + roomier})
	}
	return out, nil
}

func divisionProps(d divisions.Division) []tiles.Prop {
	return []tiles.Prop{
		{Key: "code", Value: d.Code},
		{Key: "level", Value: string(d.Level)},
		{Key: "parent", Value: d.ParentCode},
		{Key: "name_zh", Value: d.NameZH},
		{Key: "name_en", Value: d.NameEN},
		{Key: "setting", Value: string(d.Setting)},
	}
}

// roadZoom is the first zoom that shows a class of roads.
func roadZoom(class string) int {
	switch class {
	case "motorway", "trunk", "motorway_link", "trunk_link", "rail":
		return 5
	case "primary", "primary_link":
		return 8
	case "secondary", "secondary_link":
		return 10
	case "tertiary", "tertiary_link":
		return 11
	case "footway", "path", "steps", "service", "track", "cycleway", "bridleway", "corridor", "platform", "crossing":
		return 14
	}
	return 13
}

func roadFeatures(ctx context.Context, s *tileSource, st *coveragelive.State, _ tileQuery) ([]tiles.Feature, error) {
	roads, err := s.store.Roads(ctx, st.Pack.AdCode)
	if err != nil {
		return nil, err
	}
	out := make([]tiles.Feature, 0, len(roads))
	for _, r := range roads {
		if len(r.Line) < 2 {
			continue
		}
		out = append(out, tiles.Feature{
			ID: r.SourceID, Geometry: r.Line, MinZoom: roadZoom(r.Class),
			Props: []tiles.Prop{
				{Key: "class", Value: r.Class},
				{Key: "name", Value: r.Name},
				{Key: "walkable", Value: r.Walkable},
				{Key: "bridge", Value: r.Bridge},
				{Key: "tunnel", Value: r.Tunnel},
			},
		})
	}
	return out, nil
}

func buildingFeatures(ctx context.Context, s *tileSource, st *coveragelive.State, _ tileQuery) ([]tiles.Feature, error) {
	buildings, err := s.store.Buildings(ctx, st.Pack.AdCode)
	if err != nil {
		return nil, err
	}
	out := make([]tiles.Feature, 0, len(buildings))
	for _, b := range buildings {
		if !drawable(b.Boundary) {
			continue
		}
		out = append(out, tiles.Feature{
			ID: b.ID, Geometry: b.Boundary, MinZoom: buildingZoom,
			Props: []tiles.Prop{{Key: "use", Value: b.Use}, {Key: "floors", Value: int64(b.Floors)}},
		})
	}
	return out, nil
}

func barrierFeatures(ctx context.Context, s *tileSource, st *coveragelive.State, _ tileQuery) ([]tiles.Feature, error) {
	barriers, err := s.store.Barriers(ctx, st.Pack.AdCode)
	if err != nil {
		return nil, err
	}
	out := make([]tiles.Feature, 0, len(barriers))
	for _, b := range barriers {
		out = append(out, tiles.Feature{
			ID: b.SourceID, Geometry: b.Point, MinZoom: barrierZoom,
			Props: []tiles.Prop{{Key: "kind", Value: b.Kind}, {Key: "passable", Value: b.Passable}},
		})
	}
	return out, nil
}

func facilityFeatures(_ context.Context, _ *tileSource, st *coveragelive.State, _ tileQuery) ([]tiles.Feature, error) {
	out := make([]tiles.Feature, 0, len(st.Facilities))
	for _, f := range st.Facilities {
		out = append(out, tiles.Feature{
			ID: f.ID, Geometry: f.Point,
			Props: []tiles.Prop{
				{Key: "type", Value: string(f.Type)},
				{Key: "name_zh", Value: f.NameZH},
				{Key: "name_en", Value: f.NameEN},
				{Key: "status", Value: string(f.Status)},
				{Key: "example", Value: f.Example},
			},
		})
	}
	return out, nil
}

// drawable reports whether an area has any ring; a division may be known without its
// border, and a facility off the paths has no circle.
func drawable(area orb.MultiPolygon) bool {
	for _, p := range area {
		if len(p) > 0 && len(p[0]) > 0 {
			return true
		}
	}
	return false
}
