package main

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/facilities/facilityhttp"
	"yike/internal/auth"
	"yike/internal/postgres"
	"yike/internal/record"
)

// mountRegistry serves the registry: lists, records, areas and stewards.
func mountRegistry(api huma.API, served facilityhttp.Source, records *facilityRecords) {
	facilityhttp.Register(api, served, records)
	facilityhttp.RegisterAreas(api, records)
	facilityhttp.RegisterBulk(api, served, records)
	facilityhttp.RegisterProposals(api, records)
}

// List gives a page of the registry. Who did not sign in sees what is published, where the
// routes let him.
func (r *facilityRecords) List(ctx context.Context, f facilities.Filter, p facilities.Page, at record.At) (facilities.List, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.List{}, err
	}
	if _, signedIn := auth.From(ctx); !signedIn {
		if at != (record.At{}) {
			return facilities.List{}, postgres.ErrAnonymous
		}
		w, f = anybody(w, f)
	}
	list, err := r.store.Query(ctx, w, f, p, at, r.today())
	return list, facilityError(err)
}

// Count counts what List gives.
func (r *facilityRecords) Count(ctx context.Context, f facilities.Filter) (facilities.Counts, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.Counts{}, err
	}
	if _, signedIn := auth.From(ctx); !signedIn {
		w, f = anybody(w, f)
	}
	counts, err := r.store.Count(ctx, w, f, r.today())
	return counts, facilityError(err)
}

// anybody reads in the name of nobody, whom no rights bind, what is published and nothing
// else.
func anybody(w postgres.Writer, f facilities.Filter) (postgres.Writer, facilities.Filter) {
	if len(f.Stages) > 0 && !slices.Contains(f.Stages, facilities.Published) {
		f.IDs = []string{} // in a stage that is not for anybody: none
	}
	f.Stages = []facilities.Stage{facilities.Published}
	return postgres.System(w.AdCode, "anybody"), f
}
