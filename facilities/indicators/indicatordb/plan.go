package indicatordb

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/facilities/indicators"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Create makes a plan with indicators and projects: an empty one, or a template's. Asked
// again with the same key it gives the plan as it was made. Ids and versions of what is
// given are ignored; projects name their indicators by key. It returns a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, p indicators.Plan, rows []indicators.Indicator, projects []indicators.Project, types []facilities.TypeInfo, c record.Change, today record.Day) (indicators.Plan, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (indicators.Plan, error) {
		if err := deed(ctx, tx, c, today); err != nil {
			return p, err
		}
		if err := record.Invalid(p.Validate()); err != nil {
			return p, err
		}
		if len(rows) > indicators.MostRows || len(projects) > indicators.MostRows {
			return p, tooMany()
		}
		made, err := insertPlan(ctx, tx, p, today)
		if err != nil {
			return p, err
		}
		byKey := map[string]string{}
		for n, i := range rows {
			if err := record.Invalid(i.Validate(made, types)); err != nil {
				return p, fmt.Errorf("indicator %d: %w", n, err)
			}
			i.PlanID, i.Position = made.ID, n+1
			if i, err = insertIndicator(ctx, tx, i, today); err != nil {
				return p, err
			}
			byKey[i.Key] = i.ID
		}
		for _, j := range projects {
			j.PlanID, j.IndicatorID = made.ID, byKey[j.IndicatorKey]
			if _, err := insertProject(ctx, tx, j, today); err != nil {
				return p, err
			}
		}
		tx.Note(postgres.Note{Action: "plan.create", Kind: "plan", ID: made.ID, After: map[string]any{
			"title_zh": made.Title.ZH, "template": made.Template, "indicators": len(rows), "projects": len(projects),
		}})
		return made, nil
	})
}

func tooMany() error {
	return record.Invalid([]record.Fault{{
		Field: "indicators", ZH: fmt.Sprintf("一个规划不应超过 %d 项", indicators.MostRows), EN: fmt.Sprintf("a plan has at most %d", indicators.MostRows),
	}})
}

func planArgs(p indicators.Plan, today record.Day) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"title_zh": p.Title.ZH, "title_en": p.Title.EN, "authority_zh": p.Authority.ZH, "authority_en": p.Authority.EN, "region": p.Region,
		"base_year": p.BaseYear, "target_year": p.TargetYear, "documents": orEmpty(p.Documents), "reviews": orEmpty(p.Reviews), "groups": orEmpty(p.Groups),
		"note_zh": p.Note.ZH, "note_en": p.Note.EN, "ended": p.Ended, "today": string(today),
	}
}

func insertPlan(ctx context.Context, tx *postgres.Tx, p indicators.Plan, today record.Day) (indicators.Plan, error) {
	id, err := newID()
	if err != nil {
		return p, err
	}
	args := planArgs(p, today)
	args["adcode"], args["id"], args["template"] = tx.Writer().AdCode, id, p.Template
	rows, err := tx.Query(ctx, `
INSERT INTO plan (adcode, id, valid, template, title_zh, title_en, authority_zh, authority_en, region, base_year, target_year, documents, reviews, groups, note_zh, note_en, ended)
VALUES (@adcode, @id, daterange(@today::date, NULL), @template, @title_zh, @title_en, @authority_zh, @authority_en, @region, @base_year, @target_year,
	@documents, @reviews, @groups, @note_zh, @note_en, @ended)
RETURNING `+planColumns, args)
	return planRows().One(rows, err)
}

// Update makes a plan of which the writer saw the version expected what p says, but for
// its id and template. What changes nothing leaves no version behind. Years that would
// leave a yearly target outside are at fault. It returns ErrNotFound, a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, p indicators.Plan, types []facilities.TypeInfo, c record.Change, today record.Day) (indicators.Plan, error) {
	var out indicators.Plan
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if err := deed(ctx, tx, c, today); err != nil {
			return err
		}
		before, err := planByID(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		p.ID, p.Version, p.Template = before.ID, before.Version, before.Template
		if err := checkPlan(ctx, tx, p, types); err != nil {
			return err
		}
		if samePlan(before, p) {
			out = before
			return errUnchanged
		}
		out, err = updatePlan(ctx, tx, p, today)
		if err != nil {
			return err
		}
		tx.Note(postgres.Note{Action: "plan.update", Kind: "plan", ID: id, Before: planNote(before), After: planNote(out)})
		return nil
	})
	return out, unlessUnchanged(err)
}

// checkPlan holds a plan to the rules, and its indicators to it.
func checkPlan(ctx context.Context, tx *postgres.Tx, p indicators.Plan, types []facilities.TypeInfo) error {
	faults := p.Validate()
	rows, err := indicatorsOf(ctx, tx, tx.Writer().AdCode, p.ID, "")
	if err != nil {
		return err
	}
	for _, i := range rows {
		for _, f := range i.Validate(p, types) {
			faults = append(faults, record.Fault{
				Field: "indicators." + f.Field, Value: f.Value, ZH: "指标“" + i.Name.ZH + "”：" + f.ZH, EN: "indicator “" + i.Name.ZH + "”: " + f.EN,
			})
		}
	}
	return record.Invalid(faults)
}

func samePlan(a, b indicators.Plan) bool {
	a.Documents, a.Reviews, a.Groups = orEmpty(a.Documents), orEmpty(a.Reviews), orEmpty(a.Groups)
	b.Documents, b.Reviews, b.Groups = orEmpty(b.Documents), orEmpty(b.Reviews), orEmpty(b.Groups)
	return reflect.DeepEqual(a, b)
}

func planNote(p indicators.Plan) map[string]any {
	return map[string]any{
		"title_zh": p.Title.ZH, "authority_zh": p.Authority.ZH, "region": p.Region, "base_year": p.BaseYear, "target_year": p.TargetYear,
		"documents": p.Documents, "groups": p.Groups, "note_zh": p.Note.ZH, "ended": p.Ended,
	}
}

func updatePlan(ctx context.Context, tx *postgres.Tx, p indicators.Plan, today record.Day) (indicators.Plan, error) {
	args := planArgs(p, today)
	args["adcode"], args["id"], args["expected"] = tx.Writer().AdCode, p.ID, p.Version
	rows, err := tx.Query(ctx, `
UPDATE plan SET title_zh = @title_zh, title_en = @title_en, authority_zh = @authority_zh, authority_en = @authority_en, region = @region,
	base_year = @base_year, target_year = @target_year, documents = @documents, reviews = @reviews, groups = @groups,
	note_zh = @note_zh, note_en = @note_en, ended = @ended, valid = daterange(greatest(lower(valid), @today::date), NULL)
WHERE adcode = @adcode AND id = @id AND version = @expected
RETURNING `+planColumns, args)
	made, err := planRows().One(rows, err)
	if errors.Is(err, ErrNotFound) {
		return made, stale(ctx, tx, "plan", p.ID)
	}
	return made, err
}

// stale says which version a record has by now, or that it is gone. table is ours.
func stale(ctx context.Context, tx *postgres.Tx, table, id string) error {
	var version int
	err := tx.QueryRow(ctx, `SELECT version FROM `+table+` WHERE adcode = @adcode AND id = @id`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id}).Scan(&version)
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("read the version of %s: %w", table, err)
	}
	return &postgres.StaleError{Current: version}
}

// Delete takes a plan away with all that belongs to it; its history stays. It returns
// what Update does.
func (s *Store) Delete(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if err := deed(ctx, tx, c, today); err != nil {
			return err
		}
		before, err := planByID(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		args := pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}
		const ofPlan = ` WHERE adcode = @adcode AND indicator_id IN (SELECT id FROM plan_indicator WHERE adcode = @adcode AND plan_id = @id)`
		for _, sql := range []string{
			`DELETE FROM plan_project WHERE adcode = @adcode AND plan_id = @id`,
			`DELETE FROM plan_value` + ofPlan,
			`DELETE FROM plan_target` + ofPlan,
			`DELETE FROM plan_indicator WHERE adcode = @adcode AND plan_id = @id`,
			`DELETE FROM plan WHERE adcode = @adcode AND id = @id`,
		} {
			if _, err := tx.Exec(ctx, sql, args); err != nil {
				return fmt.Errorf("delete a plan: %w", err)
			}
		}
		tx.Note(postgres.Note{Action: "plan.delete", Kind: "plan", ID: id, Before: planNote(before)})
		return nil
	})
}
