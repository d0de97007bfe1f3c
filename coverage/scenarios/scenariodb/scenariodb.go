// Package scenariodb stores named scenarios. It knows the table of migration 0021 and who
// may see and change which scenario; what a scenario is and what may become of it are
// rules of coverage/scenarios.
package scenariodb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/coverage/scenarios"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Store reads and writes scenarios. It is safe for concurrent use.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// columns of a scenario, with the alias s, as scanItem reads them. Whether the reader may
// decide follows from where it is meant for; the system may.
const columns = `s.id::text, s.adcode, s.division_code, s.name, s.note, s.question, s.steps, s.costs, s.state, coalesce(s.shared_on::text, ''),
	coalesce(s.account_id::text, ''), s.owner, s.verdict, s.verdict_reason, coalesce(s.verdict_on::text, ''), s.verdict_by, s.saved, s.data_version,
	s.version, lower(s.recorded), s.account_id IS NOT DISTINCT FROM nullif(@account, '')::uuid,
	@account = '' OR s.division_code LIKE ANY ((SELECT yike_scopes('scenario.write'))::text[])`

func scanItem(row pgx.CollectableRow) (scenarios.Item, error) {
	var i scenarios.Item
	d := &i.Decision
	err := row.Scan(&i.ID, &i.AdCode, &i.DivisionCode, &i.Name, &i.Note, &i.Question, &i.Steps, &i.Costs, &i.State, &i.SharedOn,
		&i.Owner.AccountID, &i.Owner.Name, &d.Verdict, &d.Reason, &d.On, &d.By, &i.Saved, &i.DataVersion,
		&i.Version, &i.ChangedAt, &i.Mine, &i.MayDecide)
	return i, err
}

func items() postgres.Found[scenarios.Item] {
	return postgres.Found[scenarios.Item]{What: "scenario", Missing: scenarios.ErrNotFound, Scan: scanItem}
}

// filtered are the conditions of a scenarios.Filter.
const filtered = `
	AND (CASE @state WHEN '' THEN s.state <> 'archived' ELSE s.state = @state END)
	AND (NOT @mine OR s.account_id IS NOT DISTINCT FROM nullif(@account, '')::uuid)
	AND (@type = '' OR s.question ->> 'type' = @type)
	AND (@text = '' OR position(lower(@text) IN lower(concat_ws(E'\n', s.name, s.note, s.owner,
		(SELECT string_agg(step ->> 'name', E'\n') FROM jsonb_array_elements(s.steps) AS step)))) > 0)
	AND (@after_id = '' OR (lower(s.recorded), s.id) < (@after_at, nullif(@after_id, '')::uuid))`

// List gives a page of the scenarios that the reader may see, the one changed last first,
// and where the next page begins; nil on the last.
func (s *Store) List(ctx context.Context, w postgres.Writer, f scenarios.Filter, after scenarios.After, limit int) ([]scenarios.Item, *scenarios.After, error) {
	var list []scenarios.Item
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		list, err = items().All(q.Query(ctx, `SELECT `+columns+` FROM scenario AS s WHERE s.adcode = @adcode`+filtered+`
ORDER BY lower(s.recorded) DESC, s.id DESC LIMIT @limit`, pgx.StrictNamedArgs{
			"adcode": w.AdCode, "account": w.Account, "state": string(f.State), "mine": f.Mine, "type": f.Type, "text": f.Text,
			"after_id": after.ID, "after_at": after.ChangedAt, "limit": limit + 1,
		}))
		return err
	})
	if err != nil || len(list) <= limit {
		return list, nil, err
	}
	last := list[limit-1]
	return list[:limit], &scenarios.After{ChangedAt: last.ChangedAt, ID: last.ID}, nil
}

// ByID gives one scenario, or scenarios.ErrNotFound where there is none that the reader may
// see.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (scenarios.Item, error) {
	var out scenarios.Item
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = present(ctx, q, w, id)
		return err
	})
	return out, err
}

func present(ctx context.Context, q postgres.Querier, w postgres.Writer, id string) (scenarios.Item, error) {
	if !postgres.IsID(id) {
		return scenarios.Item{}, scenarios.ErrNotFound
	}
	return items().One(q.Query(ctx, `SELECT `+columns+` FROM scenario AS s WHERE s.adcode = @adcode AND s.id = @id`,
		pgx.StrictNamedArgs{"adcode": w.AdCode, "account": w.Account, "id": id}))
}

// HistoryOf gives the versions of a scenario, the newest first: to its owner all of them,
// to others those of when it was shared. scenarios.ErrNotFound where the reader may see none.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, id string) ([]postgres.Version, error) {
	if !postgres.IsID(id) {
		return nil, scenarios.ErrNotFound
	}
	var list []postgres.Version
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		list, err = history().Versions(ctx, q, w.AdCode, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, scenarios.ErrNotFound
	}
	return list, nil
}

// history is what people are shown of a version.
func history() postgres.History {
	return postgres.History{Table: "scenario", Fields: []postgres.Field{
		{Name: "name", SQL: "name"},
		{Name: "note", SQL: "note"},
		{Name: "division_code", SQL: "division_code"},
		{Name: "question", SQL: "question"},
		{Name: "steps", SQL: "steps"},
		{Name: "costs", SQL: "costs"},
		{Name: "state", SQL: "state"},
		{Name: "shared_on", SQL: "coalesce(shared_on::text, '')"},
		{Name: "verdict", SQL: "verdict"},
		{Name: "verdict_reason", SQL: "verdict_reason"},
		{Name: "verdict_by", SQL: "verdict_by"},
		{Name: "saved", SQL: "saved"},
	}}
}

func dayOf(d record.Day) pgtype.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	return pgtype.Date{Time: t, Valid: err == nil}
}

// stored encodes a part of a scenario as its column takes it; a list that is not there is
// an empty one.
func stored[T any](what string, list []T) ([]byte, error) {
	if list == nil {
		list = []T{}
	}
	raw, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("encode the %s of a scenario: %w", what, err)
	}
	return raw, nil
}

func contentArgs(s scenarios.Scenario) (pgx.StrictNamedArgs, error) {
	question, err := json.Marshal(s.Question)
	if err != nil {
		return nil, fmt.Errorf("encode the question of a scenario: %w", err)
	}
	steps, err := stored("steps", s.Steps)
	if err != nil {
		return nil, err
	}
	costs, err := stored("costs", s.Costs)
	if err != nil {
		return nil, err
	}
	saved, err := stored("figures", s.Saved)
	return pgx.StrictNamedArgs{
		"division": s.DivisionCode, "name": s.Name, "note": s.Note, "question": question, "steps": steps, "costs": costs, "state": string(s.State),
		"shared_on": dayOf(s.SharedOn), "saved": saved, "data_version": s.DataVersion,
	}, err
}
