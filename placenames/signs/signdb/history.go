package signdb

import (
	"context"

	"yike/internal/postgres"
	"yike/placenames/signs"
)

// history is what people are shown of a version of a sign.
func history() postgres.History {
	day := func(column string) postgres.Field {
		return postgres.Field{Name: column, SQL: "coalesce(" + column + "::text, '')"}
	}
	return postgres.History{Table: "place_name_sign", Fields: []postgres.Field{
		{Name: "kind", SQL: "kind"},
		{Name: "text", SQL: "text"},
		{Name: "roman", SQL: "roman"},
		{Name: "where", SQL: "placed_at"},
		{Name: "position", SQL: "ST_AsGeoJSON(geom, 7)::jsonb -> 'coordinates'"},
		{Name: "division_code", SQL: "division_code"},
		{Name: "keeper", SQL: "keeper"},
		{Name: "state", SQL: "state"},
		day("needed_on"), day("ordered_on"), day("made_on"), day("stood_on"), day("seen_on"), day("bad_since"), day("removed_on"), day("due_by"),
		{Name: "note", SQL: "note"},
	}}
}

// HistoryOf gives the versions of a sign, the newest first, to those who may read the history
// where it is or was last, or signs.ErrNotFound.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, id string) ([]postgres.Version, error) {
	return history().Of(ctx, s.db, w, id, signs.ErrNotFound)
}
