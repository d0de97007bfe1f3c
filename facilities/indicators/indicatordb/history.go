package indicatordb

import (
	"context"

	"yike/internal/postgres"
)

// The right to see former versions, and who made them.
const mayReadHistory = "history.read"

// valueHistory says what people are shown of a version of a value, by the names of the API.
func valueHistory() postgres.History {
	return postgres.History{Table: "plan_value", Fields: []postgres.Field{
		{Name: "number", SQL: "number"},
		{Name: "words", SQL: "words"},
		{Name: "verdict", SQL: "verdict"},
		{Name: "document", SQL: "coalesce(evidence ->> 'document', '')"},
		{Name: "quote", SQL: "coalesce(evidence ->> 'quote', '')"},
		{Name: "day", SQL: "coalesce(evidence ->> 'day', '')"},
	}}
}

// ValueHistory gives the versions of a value of a plan, the newest first, which needs the
// right to read history. ErrNotFound without the value.
func (s *Store) ValueHistory(ctx context.Context, w postgres.Writer, plan, id string) ([]postgres.Version, error) {
	var out []postgres.Version
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if err := postgres.Require(ctx, q, w, mayReadHistory, ""); err != nil {
			return err
		}
		if _, err := valueByID(ctx, q, w.AdCode, plan, id); err != nil {
			return err
		}
		var err error
		out, err = valueHistory().Versions(ctx, q, w.AdCode, id)
		return err
	})
	return out, err
}
