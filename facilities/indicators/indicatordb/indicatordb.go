// Package indicatordb stores the plans of a bureau: the plans, their indicators with what
// they want each year, what there was, and projects. Computing is not here: it keeps what
// it is given to seal.
package indicatordb

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/facilities/indicators"
	"yike/internal/postgres"
	"yike/internal/record"
)

// ErrNotFound says that there is no plan, or nothing of a plan, of that id.
var ErrNotFound = errors.New("没有这个规划或其中的这一项 / no such plan, or nothing in it of that id")

// The right that every write needs, in all of the authority.
const mayWrite = "plan.write"

// Store reads and writes plans.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// Summary is a plan in a list.
type Summary struct {
	Plan       indicators.Plan
	Indicators int
	Numbered   int
	Projects   int
}

const planColumns = `id::text, version, template, title_zh, title_en, authority_zh, authority_en, region, base_year, target_year,
	documents, reviews, groups, note_zh, note_en, ended`

func scanPlan(row pgx.CollectableRow) (indicators.Plan, error) {
	var p indicators.Plan
	err := row.Scan(planInto(&p)...)
	return p, err
}

func planInto(p *indicators.Plan) []any {
	return []any{
		&p.ID, &p.Version, &p.Template, &p.Title.ZH, &p.Title.EN, &p.Authority.ZH, &p.Authority.EN, &p.Region, &p.BaseYear, &p.TargetYear,
		&p.Documents, &p.Reviews, &p.Groups, &p.Note.ZH, &p.Note.EN, &p.Ended,
	}
}

// List gives the plans of the writer's authority, those still worked with first, then by
// their years and titles. None is no error.
func (s *Store) List(ctx context.Context, w postgres.Writer) ([]Summary, error) {
	var out []Summary
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `SELECT `+planColumns+`,
	(SELECT count(*) FROM plan_indicator i WHERE i.adcode = plan.adcode AND i.plan_id = plan.id),
	(SELECT count(*) FROM plan_indicator i WHERE i.adcode = plan.adcode AND i.plan_id = plan.id AND i.number > 0),
	(SELECT count(*) FROM plan_project j WHERE j.adcode = plan.adcode AND j.plan_id = plan.id)
FROM plan WHERE adcode = @adcode ORDER BY ended, target_year DESC, base_year DESC, title_zh COLLATE "C", id`, pgx.StrictNamedArgs{"adcode": w.AdCode})
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Summary, error) {
			var s Summary
			return s, row.Scan(append(planInto(&s.Plan), &s.Indicators, &s.Numbered, &s.Projects)...)
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list plans: %w", err)
	}
	return out, nil
}

// Whole gives a plan with all that belongs to it, at one moment. ErrNotFound when the
// writer's authority has none of that id, or id is none.
func (s *Store) Whole(ctx context.Context, w postgres.Writer, id string) (indicators.Whole, error) {
	var out indicators.Whole
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = whole(ctx, q, w.AdCode, id)
		return err
	})
	return out, err
}

func whole(ctx context.Context, q postgres.Querier, adcode, id string) (indicators.Whole, error) {
	var out indicators.Whole
	var err error
	if out.Plan, err = planByID(ctx, q, adcode, id); err != nil {
		return out, err
	}
	if out.Indicators, err = indicatorsOf(ctx, q, adcode, id, ""); err != nil {
		return out, err
	}
	if out.Values, err = valuesOf(ctx, q, adcode, id, ""); err != nil {
		return out, err
	}
	out.Projects, err = projectsOf(ctx, q, adcode, id, "")
	return out, err
}

func planByID(ctx context.Context, q postgres.Querier, adcode, id string) (indicators.Plan, error) {
	if !postgres.IsID(id) {
		return indicators.Plan{}, ErrNotFound
	}
	rows, err := q.Query(ctx, `SELECT `+planColumns+` FROM plan WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id})
	return planRows().One(rows, err)
}

func planRows() postgres.Found[indicators.Plan] {
	return postgres.Found[indicators.Plan]{What: "plan", Missing: ErrNotFound, Scan: scanPlan}
}

func projectRows() postgres.Found[indicators.Project] {
	return postgres.Found[indicators.Project]{What: "project", Missing: ErrNotFound, Scan: scanProject}
}

func valueRows() postgres.Found[indicators.Value] {
	return postgres.Found[indicators.Value]{What: "value", Missing: ErrNotFound, Scan: scanValue}
}

func indicatorRows() postgres.Found[indicators.Indicator] {
	return postgres.Found[indicators.Indicator]{What: "indicator", Missing: ErrNotFound, Scan: scanIndicator}
}

// deed begins a write: the writer must hold the right in all of the authority, and say
// why.
func deed(ctx context.Context, tx *postgres.Tx, c record.Change, today record.Day) error {
	if err := tx.Require(ctx, mayWrite, tx.Writer().AdCode); err != nil {
		return err
	}
	_, faults := c.Check(today)
	return record.Invalid(faults)
}

// why is the reason of a write. An empty one is a fault like others, found inside.
func why(c record.Change) string { return cmp.Or(c.Reason, "?") }

func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	return id.String(), nil
}

// orEmpty keeps a list that nobody gave from being stored as nothing.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

func unlessUnchanged(err error) error {
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}
