package main

import (
	"cmp"
	"context"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Verify says that a facility was held against the place.
func (r *facilityRecords) Verify(ctx context.Context, id string, expected int, day record.Day, reason string) (facilities.Facility, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.Facility{}, err
	}
	f, err := r.store.Verify(ctx, w, id, expected, cmp.Or(day, r.today()), reason, r.today())
	return f, r.written(ctx, w, err, postgres.Note{Action: "facility.verify", Kind: "facility", ID: id})
}

// Merge makes one record of two.
func (r *facilityRecords) Merge(ctx context.Context, id string, expected int, into string, intoVersion int, m facilities.Merge) (facilities.Facility, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.Facility{}, err
	}
	gone, kept := facilitydb.Seen{ID: id, Version: expected}, facilitydb.Seen{ID: into, Version: intoVersion}
	f, err := r.store.Merge(ctx, w, gone, kept, m, r.today())
	return f, r.written(ctx, w, err, postgres.Note{Action: "facility.merge", Kind: "facility", ID: id, After: into})
}

// Unmerge undoes the merge of a record.
func (r *facilityRecords) Unmerge(ctx context.Context, id string, expected int, reason string) (facilities.Facility, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.Facility{}, err
	}
	f, err := r.store.Unmerge(ctx, w, facilitydb.Seen{ID: id, Version: expected}, reason, r.today())
	return f, r.written(ctx, w, err, postgres.Note{Action: "facility.unmerge", Kind: "facility", ID: id})
}

// Split makes several records of one.
func (r *facilityRecords) Split(ctx context.Context, id string, expected int, parts []facilities.Patch, reason string) ([]facilities.Facility, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return nil, err
	}
	made, err := r.store.Split(ctx, w, facilitydb.Seen{ID: id, Version: expected}, parts, reason, r.today())
	return made, r.written(ctx, w, err, postgres.Note{Action: "facility.split", Kind: "facility", ID: id})
}
