package main

import (
	"context"

	"yike/facilities"
	"yike/facilities/facilityhttp"
	"yike/internal/postgres"
	"yike/internal/record"
)

var _ facilityhttp.Areas = (*facilityRecords)(nil)

// noted ends a write that the map does not show: one that was refused is noted.
func (r *facilityRecords) noted(ctx context.Context, w postgres.Writer, err error, n postgres.Note) error {
	if err != nil {
		r.refused.note(ctx, w, err, n)
	}
	return facilityError(err)
}

// Areas gives service areas.
func (r *facilityRecords) Areas(ctx context.Context, division string) ([]facilities.ServiceArea, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return nil, err
	}
	return r.store.Areas(ctx, w, division)
}

// CreateArea makes a service area.
func (r *facilityRecords) CreateArea(ctx context.Context, a facilities.ServiceArea, c record.Change) (facilities.ServiceArea, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return a, err
	}
	made, err := r.store.CreateArea(ctx, w, a, c, r.today())
	return made, r.noted(ctx, w, err, postgres.Note{Action: "service_area.create", Kind: "service_area", Division: a.Division})
}

// UpdateArea changes a service area.
func (r *facilityRecords) UpdateArea(ctx context.Context, id string, expected int, p facilities.AreaPatch, c record.Change) (facilities.ServiceArea, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.ServiceArea{}, err
	}
	made, err := r.store.UpdateArea(ctx, w, id, expected, p, c, r.today())
	return made, r.noted(ctx, w, err, postgres.Note{Action: "service_area.update", Kind: "service_area", ID: id})
}

// Stewards gives who looks after which division.
func (r *facilityRecords) Stewards(ctx context.Context) ([]facilities.Steward, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return nil, err
	}
	return r.store.Stewards(ctx, w)
}

// CreateSteward names who looks after a division.
func (r *facilityRecords) CreateSteward(ctx context.Context, s facilities.Steward, c record.Change) (facilities.Steward, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return s, err
	}
	made, err := r.store.CreateSteward(ctx, w, s, c, r.today())
	return made, r.noted(ctx, w, err, postgres.Note{Action: "steward.create", Kind: "division_steward", Division: s.Division})
}

// UpdateSteward changes who looks after a division.
func (r *facilityRecords) UpdateSteward(ctx context.Context, id string, expected int, p facilities.StewardPatch, c record.Change) (facilities.Steward, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.Steward{}, err
	}
	made, err := r.store.UpdateSteward(ctx, w, id, expected, p, c, r.today())
	return made, r.noted(ctx, w, err, postgres.Note{Action: "steward.update", Kind: "division_steward", ID: id})
}
