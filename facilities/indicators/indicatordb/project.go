package indicatordb

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5"

	"yike/facilities/indicators"
	"yike/internal/postgres"
	"yike/internal/record"
)

const projectColumns = `id::text, version, plan_id::text, key, name_zh, name_en, from_year, to_year, state, place, coalesce(indicator_id::text, ''), coalesce(facility_id::text, ''), note, source`

func scanProject(row pgx.CollectableRow) (indicators.Project, error) {
	var p indicators.Project
	err := row.Scan(&p.ID, &p.Version, &p.PlanID, &p.Key, &p.Name.ZH, &p.Name.EN, &p.From, &p.To, &p.State, &p.Place, &p.IndicatorID, &p.FacilityID, &p.Note, &p.Source)
	return p, err
}

// projectsOf gives the projects of a plan; only one where an id is given.
func projectsOf(ctx context.Context, q postgres.Querier, adcode, plan, id string) ([]indicators.Project, error) {
	rows, err := q.Query(ctx, `SELECT `+projectColumns+` FROM plan_project
WHERE adcode = @adcode AND plan_id = @plan AND (@id = '' OR id::text = @id) ORDER BY to_year, from_year, id`,
		pgx.StrictNamedArgs{"adcode": adcode, "plan": plan, "id": id})
	return projectRows().All(rows, err)
}

func projectByID(ctx context.Context, q postgres.Querier, adcode, plan, id string) (indicators.Project, error) {
	if !postgres.IsID(plan) || !postgres.IsID(id) {
		return indicators.Project{}, ErrNotFound
	}
	list, err := projectsOf(ctx, q, adcode, plan, id)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return indicators.Project{}, err
	}
	return list[0], nil
}

func projectArgs(p indicators.Project, today record.Day) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"name_zh": p.Name.ZH, "name_en": p.Name.EN, "from": p.From, "to": p.To, "state": string(p.State), "place": p.Place, "indicator": p.IndicatorID,
		"facility": p.FacilityID, "note": p.Note, "source": p.Source, "today": string(today),
	}
}

func insertProject(ctx context.Context, tx *postgres.Tx, p indicators.Project, today record.Day) (indicators.Project, error) {
	id, err := newID()
	if err != nil {
		return p, err
	}
	args := projectArgs(p, today)
	args["adcode"], args["id"], args["plan"], args["key"] = tx.Writer().AdCode, id, p.PlanID, p.Key
	rows, err := tx.Query(ctx, `
INSERT INTO plan_project (adcode, id, valid, plan_id, key, name_zh, name_en, from_year, to_year, state, place, indicator_id, facility_id, note, source)
VALUES (@adcode, @id, daterange(@today::date, NULL), @plan, @key, @name_zh, @name_en, @from, @to, @state, @place, nullif(@indicator, '')::uuid, nullif(@facility, '')::uuid, @note, @source)
RETURNING `+projectColumns, args)
	return projectRows().One(rows, err)
}

// checkProject holds a project of a plan to the rules; the facility that came of it must
// be one of the registry.
func checkProject(ctx context.Context, tx *postgres.Tx, p indicators.Project) error {
	adcode := tx.Writer().AdCode
	rows, err := indicatorsOf(ctx, tx, adcode, p.PlanID, "")
	if err != nil {
		return err
	}
	known := make([]string, len(rows))
	for n, i := range rows {
		known[n] = i.ID
	}
	faults := p.Validate(known)
	if p.FacilityID != "" {
		there := false
		if postgres.IsID(p.FacilityID) {
			err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM facility WHERE adcode = @adcode AND id = @id)`, pgx.StrictNamedArgs{"adcode": adcode, "id": p.FacilityID}).Scan(&there)
			if err != nil {
				return fmt.Errorf("look for the facility of a project: %w", err)
			}
		}
		if !there {
			faults = append(faults, record.Fault{Field: "facility", Value: p.FacilityID, ZH: "登记中没有这个设施", EN: "the registry has no such facility"})
		}
	}
	return record.Invalid(faults)
}

func projectNote(p indicators.Project) map[string]any {
	return map[string]any{
		"name_zh": p.Name.ZH, "from": p.From, "to": p.To, "state": p.State, "place": p.Place, "indicator_id": p.IndicatorID, "facility_id": p.FacilityID, "note": p.Note,
	}
}

// AddProject adds a project to a plan. Asked again with the same key it gives the one that
// was made. It returns ErrNotFound without the plan, a *record.InvalidError and what
// postgres.WriteOnce does.
func (s *Store) AddProject(ctx context.Context, w postgres.Writer, plan string, p indicators.Project, c record.Change, today record.Day) (indicators.Project, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (indicators.Project, error) {
		if err := deed(ctx, tx, c, today); err != nil {
			return p, err
		}
		if _, err := planByID(ctx, tx, w.AdCode, plan); err != nil {
			return p, err
		}
		p.PlanID, p.Key = plan, ""
		if err := checkProject(ctx, tx, p); err != nil {
			return p, err
		}
		made, err := insertProject(ctx, tx, p, today)
		if err != nil {
			return p, err
		}
		tx.Note(postgres.Note{Action: "plan_project.create", Kind: "plan_project", ID: made.ID, After: projectNote(made)})
		return made, nil
	})
}

// UpdateProject makes a project of which the writer saw the version expected what p says,
// but for its plan. It returns ErrNotFound, a *postgres.StaleError, a *record.InvalidError
// and what postgres.Write does.
func (s *Store) UpdateProject(ctx context.Context, w postgres.Writer, plan, id string, expected int, p indicators.Project, c record.Change, today record.Day) (indicators.Project, error) {
	var out indicators.Project
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := presentProject(ctx, tx, plan, id, expected, c, today)
		if err != nil {
			return err
		}
		p.ID, p.Version, p.PlanID, p.Key, p.IndicatorKey = before.ID, before.Version, before.PlanID, before.Key, ""
		if err := checkProject(ctx, tx, p); err != nil {
			return err
		}
		if reflect.DeepEqual(before, p) {
			out = before
			return errUnchanged
		}
		args := projectArgs(p, today)
		args["adcode"], args["id"], args["expected"] = w.AdCode, id, expected
		rows, err := tx.Query(ctx, `
UPDATE plan_project SET name_zh = @name_zh, name_en = @name_en, from_year = @from, to_year = @to, state = @state, place = @place,
	indicator_id = nullif(@indicator, '')::uuid, facility_id = nullif(@facility, '')::uuid, note = @note, source = @source,
	valid = daterange(greatest(lower(valid), @today::date), NULL)
WHERE adcode = @adcode AND id = @id AND version = @expected
RETURNING `+projectColumns, args)
		out, err = projectRows().One(rows, err)
		if errors.Is(err, ErrNotFound) {
			return stale(ctx, tx, "plan_project", id)
		}
		if err != nil {
			return err
		}
		tx.Note(postgres.Note{Action: "plan_project.update", Kind: "plan_project", ID: id, Before: projectNote(before), After: projectNote(out)})
		return nil
	})
	return out, unlessUnchanged(err)
}

func presentProject(ctx context.Context, tx *postgres.Tx, plan, id string, expected int, c record.Change, today record.Day) (indicators.Project, error) {
	if err := deed(ctx, tx, c, today); err != nil {
		return indicators.Project{}, err
	}
	before, err := projectByID(ctx, tx, tx.Writer().AdCode, plan, id)
	if err == nil && before.Version != expected {
		err = &postgres.StaleError{Current: before.Version}
	}
	return before, err
}

// DeleteProject takes a project away; its history stays. It returns what UpdateProject
// does.
func (s *Store) DeleteProject(ctx context.Context, w postgres.Writer, plan, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := presentProject(ctx, tx, plan, id, expected, c, today)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM plan_project WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id})
		if err != nil {
			return fmt.Errorf("delete a project: %w", err)
		}
		tx.Note(postgres.Note{Action: "plan_project.delete", Kind: "plan_project", ID: id, Before: projectNote(before)})
		return nil
	})
}
