package main

import (
	"context"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/facilityhttp"
	"yike/internal/postgres"
	"yike/internal/record"
)

var _ facilityhttp.Bulk = (*facilityRecords)(nil)

// ChangeMany makes the same change to many facilities.
func (r *facilityRecords) ChangeMany(
	ctx context.Context, seen []facilityhttp.SeenFacility, filter *facilities.Filter, p facilities.Patch, c record.Change, dryRun bool,
) (facilities.BulkResult, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.BulkResult{}, err
	}
	b := facilitydb.Bulk{Filter: filter, Patch: p, DryRun: dryRun}
	for _, s := range seen {
		b.Seen = append(b.Seen, facilitydb.Seen(s))
	}
	out, err := r.store.ChangeMany(ctx, w, b, c, r.today())
	return out, r.manyWritten(ctx, w, out, err, postgres.Note{Action: "facility.bulk", Kind: "facility"})
}

// UndoMany takes a change of many facilities back.
func (r *facilityRecords) UndoMany(ctx context.Context, change, reason string) (facilities.BulkResult, error) {
	w, err := r.writer(ctx)
	if err != nil {
		return facilities.BulkResult{}, err
	}
	out, err := r.store.UndoMany(ctx, w, change, reason, r.today())
	return out, r.manyWritten(ctx, w, out, err, postgres.Note{Action: "facility.bulk_undo", Kind: "facility", After: change})
}

// manyWritten ends a write of many: what was only tried has nothing to be shown.
func (r *facilityRecords) manyWritten(ctx context.Context, w postgres.Writer, out facilities.BulkResult, err error, n postgres.Note) error {
	if err == nil && out.Change == "" {
		return nil
	}
	return r.written(ctx, w, err, n)
}
