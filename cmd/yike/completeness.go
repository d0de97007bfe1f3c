package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"yike/coverage/coveragedb"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/geo/divisions"
)

// surveyAPI tells how far the street data can be trusted, by people and by buildings.
type surveyAPI struct {
	*districtAPI
	buildings interface {
		Buildings(ctx context.Context, adcode string) ([]coveragedb.Building, error)
	}
}

var _ coveragehttp.Surveys = surveyAPI{}

// Completeness judges the street data of each community.
func (a surveyAPI) Completeness(ctx context.Context, base divisions.Base) (*coveragehttp.Survey, error) {
	s := a.held.State()
	if s == nil {
		return nil, coveragehttp.ErrNotReady
	}
	c, err := s.Completeness(ctx, base, func(ctx context.Context) ([]orb.Point, error) { return a.houses(ctx, s) })
	if err != nil {
		return nil, httpError(err)
	}
	return &coveragehttp.Survey{Version: s.Version, Base: c.Base, Level: c.Level, Divisions: s.Divisions, List: c.List}, nil
}

// houses are the middles of the buildings that people live or work in.
func (a surveyAPI) houses(ctx context.Context, s *coveragelive.State) ([]orb.Point, error) {
	list, err := a.buildings.Buildings(ctx, s.Pack.AdCode)
	if err != nil {
		return nil, fmt.Errorf("read buildings: %w", err)
	}
	var out []orb.Point
	for _, b := range list {
		if len(b.Boundary) > 0 && !slices.Contains(outbuildings(), b.Use) {
			out = append(out, b.Boundary.Bound().Center())
		}
	}
	return out, nil
}

// outbuildings are uses, in the words of OpenStreetMap, of what nobody walks to every day.
func outbuildings() []string {
	return []string{"garage", "garages", "carport", "shed", "hut", "roof", "greenhouse", "barn", "farm_auxiliary", "ruins", "construction", "storage_tank", "silo", "transformer_tower", "service"}
}
