package indicatordb

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/jackc/pgx/v5"

	"yike/facilities"
	"yike/facilities/indicators"
	"yike/internal/postgres"
	"yike/internal/record"
)

const indicatorColumns = `i.id::text, i.version, i.plan_id::text, i.key, i.position, i.number, i.group_key, i.name_zh, i.name_en, i.unit_zh, i.unit_en, i.kind, i.ratio,
	i.definition_zh, i.definition_en, i.base, i.scope_zh, i.scope_en, i.baseline, i.target, i.sources, i.contradictions, i.office, i.formula, i.prefer,
	(SELECT coalesce(jsonb_agg(jsonb_build_object('year', t.year, 'target', t.target, 'source', t.source) ORDER BY t.year), '[]')
	 FROM plan_target t WHERE t.adcode = i.adcode AND t.indicator_id = i.id)`

// yearly is a yearly target as the query gives it.
type yearly struct {
	Year   int               `json:"year"`
	Target string            `json:"target"`
	Source indicators.Source `json:"source"`
}

func scanIndicator(row pgx.CollectableRow) (indicators.Indicator, error) {
	var i indicators.Indicator
	var baseline, target string
	var years []yearly
	err := row.Scan(&i.ID, &i.Version, &i.PlanID, &i.Key, &i.Position, &i.Number, &i.Group, &i.Name.ZH, &i.Name.EN, &i.Unit.ZH, &i.Unit.EN, &i.Kind, &i.Ratio,
		&i.Definition.ZH, &i.Definition.EN, &i.Base, &i.Scope.ZH, &i.Scope.EN, &baseline, &target, &i.Sources, &i.Contradict, &i.Office, &i.Formula, &i.Prefer, &years)
	i.Baseline, i.Target = indicators.ParseAmount(baseline), indicators.ParseAmount(target)
	for _, y := range years {
		i.Yearly = append(i.Yearly, indicators.YearTarget{Year: y.Year, Target: indicators.ParseAmount(y.Target), Source: y.Source})
	}
	return i, err
}

// indicatorsOf gives the indicators of a plan in its order; only one where an id is given.
func indicatorsOf(ctx context.Context, q postgres.Querier, adcode, plan, id string) ([]indicators.Indicator, error) {
	rows, err := q.Query(ctx, `SELECT `+indicatorColumns+` FROM plan_indicator i
WHERE i.adcode = @adcode AND i.plan_id = @plan AND (@id = '' OR i.id::text = @id) ORDER BY i.position, i.id`,
		pgx.StrictNamedArgs{"adcode": adcode, "plan": plan, "id": id})
	return indicatorRows().All(rows, err)
}

func indicatorByID(ctx context.Context, q postgres.Querier, adcode, plan, id string) (indicators.Indicator, error) {
	if !postgres.IsID(plan) || !postgres.IsID(id) {
		return indicators.Indicator{}, ErrNotFound
	}
	list, err := indicatorsOf(ctx, q, adcode, plan, id)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return indicators.Indicator{}, err
	}
	return list[0], nil
}

func indicatorArgs(i indicators.Indicator, today record.Day) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"position": i.Position, "number": i.Number, "group": i.Group, "name_zh": i.Name.ZH, "name_en": i.Name.EN, "unit_zh": i.Unit.ZH, "unit_en": i.Unit.EN,
		"kind": string(i.Kind), "ratio": i.Ratio, "definition_zh": i.Definition.ZH, "definition_en": i.Definition.EN, "base": string(i.Base),
		"scope_zh": i.Scope.ZH, "scope_en": i.Scope.EN, "baseline": i.Baseline.Text, "target": i.Target.Text, "sources": orEmpty(i.Sources),
		"contradictions": orEmpty(i.Contradict), "office": i.Office, "formula": i.Formula, "prefer": string(i.Prefer), "today": string(today),
	}
}

func insertIndicator(ctx context.Context, tx *postgres.Tx, i indicators.Indicator, today record.Day) (indicators.Indicator, error) {
	id, err := newID()
	if err != nil {
		return i, err
	}
	args := indicatorArgs(i, today)
	args["adcode"], args["id"], args["plan"], args["key"] = tx.Writer().AdCode, id, i.PlanID, i.Key
	_, err = tx.Exec(ctx, `
INSERT INTO plan_indicator (adcode, id, valid, plan_id, key, position, number, group_key, name_zh, name_en, unit_zh, unit_en, kind, ratio, definition_zh, definition_en,
	base, scope_zh, scope_en, baseline, target, sources, contradictions, office, formula, prefer)
VALUES (@adcode, @id, daterange(@today::date, NULL), @plan, @key, @position, @number, @group, @name_zh, @name_en, @unit_zh, @unit_en, @kind, @ratio, @definition_zh, @definition_en,
	@base, @scope_zh, @scope_en, @baseline, @target, @sources, @contradictions, @office, @formula, @prefer)`, args)
	if err != nil {
		return i, fmt.Errorf("add an indicator: %w", err)
	}
	i.ID, i.Version = id, 1
	for _, y := range i.Yearly {
		if err := insertTarget(ctx, tx, id, y, today); err != nil {
			return i, err
		}
	}
	return i, nil
}

func insertTarget(ctx context.Context, tx *postgres.Tx, indicator string, y indicators.YearTarget, today record.Day) error {
	id, err := newID()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
INSERT INTO plan_target (adcode, id, valid, indicator_id, year, target, source)
VALUES (@adcode, @id, daterange(@today::date, NULL), @indicator, @year, @target, @source)`, pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "id": id, "indicator": indicator, "year": y.Year, "target": y.Target.Text, "source": y.Source, "today": string(today),
	})
	if err != nil {
		return fmt.Errorf("add a yearly target: %w", err)
	}
	return nil
}

// AddIndicator puts an indicator at the end of a plan. Asked again with the same key it
// gives the one that was made. It returns ErrNotFound without the plan, a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) AddIndicator(ctx context.Context, w postgres.Writer, plan string, i indicators.Indicator, types []facilities.TypeInfo, c record.Change, today record.Day) (indicators.Indicator, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (indicators.Indicator, error) {
		if err := deed(ctx, tx, c, today); err != nil {
			return i, err
		}
		p, err := planByID(ctx, tx, w.AdCode, plan)
		if err != nil {
			return i, err
		}
		if err := record.Invalid(i.Validate(p, types)); err != nil {
			return i, err
		}
		rows, err := indicatorsOf(ctx, tx, w.AdCode, plan, "")
		if err != nil {
			return i, err
		}
		if len(rows) >= indicators.MostRows {
			return i, tooMany()
		}
		i.PlanID, i.Key, i.Position = plan, "", 1
		if len(rows) > 0 {
			i.Position = rows[len(rows)-1].Position + 1
		}
		made, err := insertIndicator(ctx, tx, i, today)
		if err != nil {
			return i, err
		}
		tx.Note(postgres.Note{Action: "plan_indicator.create", Kind: "plan_indicator", ID: made.ID, After: indicatorNote(made)})
		return indicatorByID(ctx, tx, w.AdCode, plan, made.ID)
	})
}

func indicatorNote(i indicators.Indicator) map[string]any {
	years := map[int]string{}
	for _, y := range i.Yearly {
		years[y.Year] = y.Target.Text
	}
	return map[string]any{
		"name_zh": i.Name.ZH, "number": i.Number, "unit_zh": i.Unit.ZH, "kind": i.Kind, "base": i.Base, "baseline": i.Baseline.Text, "target": i.Target.Text,
		"yearly": years, "office": i.Office, "formula": i.Formula, "prefer": i.Prefer,
	}
}

// UpdateIndicator makes an indicator of which the writer saw the version expected what i
// says, with its yearly targets, but for its id, plan and template row. What changes
// nothing leaves no version behind. It returns ErrNotFound, a *postgres.StaleError, a
// *record.InvalidError and what postgres.Write does.
func (s *Store) UpdateIndicator(ctx context.Context, w postgres.Writer, plan, id string, expected int, i indicators.Indicator, types []facilities.TypeInfo, c record.Change, today record.Day) (indicators.Indicator, error) {
	var out indicators.Indicator
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if err := deed(ctx, tx, c, today); err != nil {
			return err
		}
		p, err := planByID(ctx, tx, w.AdCode, plan)
		if err != nil {
			return err
		}
		before, err := indicatorByID(ctx, tx, w.AdCode, plan, id)
		if err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		i.ID, i.Version, i.PlanID, i.Key, i.Position = before.ID, before.Version, before.PlanID, before.Key, before.Position
		slices.SortFunc(i.Yearly, func(a, b indicators.YearTarget) int { return a.Year - b.Year })
		if err := record.Invalid(i.Validate(p, types)); err != nil {
			return err
		}
		if sameIndicator(before, i) {
			out = before
			return errUnchanged
		}
		if err := updateIndicator(ctx, tx, i, today); err != nil {
			return err
		}
		if err := updateTargets(ctx, tx, before, i, today); err != nil {
			return err
		}
		if out, err = indicatorByID(ctx, tx, w.AdCode, plan, id); err != nil {
			return err
		}
		tx.Note(postgres.Note{Action: "plan_indicator.update", Kind: "plan_indicator", ID: id, Before: indicatorNote(before), After: indicatorNote(out)})
		return nil
	})
	return out, unlessUnchanged(err)
}

func sameIndicator(a, b indicators.Indicator) bool {
	for _, i := range []*indicators.Indicator{&a, &b} {
		i.Sources, i.Contradict, i.Yearly = orEmpty(i.Sources), orEmpty(i.Contradict), orEmpty(i.Yearly)
	}
	return reflect.DeepEqual(a, b)
}

// updateIndicator writes even where only yearly targets differ: they are part of what the
// version stands for.
func updateIndicator(ctx context.Context, tx *postgres.Tx, i indicators.Indicator, today record.Day) error {
	args := indicatorArgs(i, today)
	args["adcode"], args["id"], args["expected"] = tx.Writer().AdCode, i.ID, i.Version
	tag, err := tx.Exec(ctx, `
UPDATE plan_indicator SET position = @position, number = @number, group_key = @group, name_zh = @name_zh, name_en = @name_en, unit_zh = @unit_zh, unit_en = @unit_en,
	kind = @kind, ratio = @ratio, definition_zh = @definition_zh, definition_en = @definition_en, base = @base, scope_zh = @scope_zh, scope_en = @scope_en,
	baseline = @baseline, target = @target, sources = @sources, contradictions = @contradictions, office = @office, formula = @formula, prefer = @prefer,
	valid = daterange(greatest(lower(valid), @today::date), NULL)
WHERE adcode = @adcode AND id = @id AND version = @expected`, args)
	if err != nil {
		return fmt.Errorf("change an indicator: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return stale(ctx, tx, "plan_indicator", i.ID)
	}
	return nil
}

// updateTargets writes the yearly targets that are otherwise, and only those.
func updateTargets(ctx context.Context, tx *postgres.Tx, before, after indicators.Indicator, today record.Day) error {
	was := map[int]indicators.YearTarget{}
	for _, y := range before.Yearly {
		was[y.Year] = y
	}
	for _, y := range after.Yearly {
		old, known := was[y.Year]
		delete(was, y.Year)
		switch {
		case !known:
			if err := insertTarget(ctx, tx, after.ID, y, today); err != nil {
				return err
			}
		case old.Target.Text != y.Target.Text || old.Source != y.Source:
			_, err := tx.Exec(ctx, `
UPDATE plan_target SET target = @target, source = @source, valid = daterange(greatest(lower(valid), @today::date), NULL)
WHERE adcode = @adcode AND indicator_id = @indicator AND year = @year`, pgx.StrictNamedArgs{
				"adcode": tx.Writer().AdCode, "indicator": after.ID, "year": y.Year, "target": y.Target.Text, "source": y.Source, "today": string(today),
			})
			if err != nil {
				return fmt.Errorf("change a yearly target: %w", err)
			}
		}
	}
	for year := range was {
		_, err := tx.Exec(ctx, `DELETE FROM plan_target WHERE adcode = @adcode AND indicator_id = @indicator AND year = @year`,
			pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "indicator": after.ID, "year": year})
		if err != nil {
			return fmt.Errorf("delete a yearly target: %w", err)
		}
	}
	return nil
}

// DeleteIndicator takes an indicator away with its targets and values; projects that
// served it stay and serve none. It returns what UpdateIndicator does.
func (s *Store) DeleteIndicator(ctx context.Context, w postgres.Writer, plan, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if err := deed(ctx, tx, c, today); err != nil {
			return err
		}
		before, err := indicatorByID(ctx, tx, w.AdCode, plan, id)
		if err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		args := pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}
		for _, sql := range []string{
			`UPDATE plan_project SET indicator_id = NULL WHERE adcode = @adcode AND indicator_id = @id`,
			`DELETE FROM plan_value WHERE adcode = @adcode AND indicator_id = @id`,
			`DELETE FROM plan_target WHERE adcode = @adcode AND indicator_id = @id`,
			`DELETE FROM plan_indicator WHERE adcode = @adcode AND id = @id`,
		} {
			if _, err := tx.Exec(ctx, sql, args); err != nil {
				return fmt.Errorf("delete an indicator: %w", err)
			}
		}
		tx.Note(postgres.Note{Action: "plan_indicator.delete", Kind: "plan_indicator", ID: id, Before: indicatorNote(before)})
		return nil
	})
}
