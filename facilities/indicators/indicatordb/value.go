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

const valueColumns = `v.id::text, v.version, v.indicator_id::text, v.year, v.source, v.number, v.words, v.verdict, v.evidence, v.who, v.on_day::text, v.kept`

func scanValue(row pgx.CollectableRow) (indicators.Value, error) {
	var v indicators.Value
	err := row.Scan(&v.ID, &v.Version, &v.IndicatorID, &v.Year, &v.Source, &v.Number, &v.Words, &v.Verdict, &v.Evidence, &v.Who, &v.On, &v.Kept)
	return v, err
}

// valuesOf gives the values of a plan's indicators by year; only one where an id is given.
func valuesOf(ctx context.Context, q postgres.Querier, adcode, plan, id string) ([]indicators.Value, error) {
	rows, err := q.Query(ctx, `SELECT `+valueColumns+` FROM plan_value v
JOIN plan_indicator i ON i.adcode = v.adcode AND i.id = v.indicator_id
WHERE v.adcode = @adcode AND i.plan_id = @plan AND (@id = '' OR v.id::text = @id) ORDER BY v.year, v.source, v.id`,
		pgx.StrictNamedArgs{"adcode": adcode, "plan": plan, "id": id})
	return valueRows().All(rows, err)
}

func valueByID(ctx context.Context, q postgres.Querier, adcode, plan, id string) (indicators.Value, error) {
	if !postgres.IsID(plan) || !postgres.IsID(id) {
		return indicators.Value{}, ErrNotFound
	}
	list, err := valuesOf(ctx, q, adcode, plan, id)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return indicators.Value{}, err
	}
	return list[0], nil
}

func valueArgs(v indicators.Value, today record.Day) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"number": v.Number, "words": v.Words, "verdict": string(v.Verdict), "evidence": v.Evidence, "who": v.Who, "on": string(v.On), "kept": v.Kept, "today": string(today),
	}
}

func insertValue(ctx context.Context, tx *postgres.Tx, v indicators.Value, today record.Day) (indicators.Value, error) {
	id, err := newID()
	if err != nil {
		return v, err
	}
	args := valueArgs(v, today)
	args["adcode"], args["id"], args["indicator"], args["year"], args["source"] = tx.Writer().AdCode, id, v.IndicatorID, v.Year, string(v.Source)
	rows, err := tx.Query(ctx, `
INSERT INTO plan_value AS v (adcode, id, valid, indicator_id, year, source, number, words, verdict, evidence, who, on_day, kept)
VALUES (@adcode, @id, daterange(@today::date, NULL), @indicator, @year, @source, @number, @words, @verdict, @evidence, @who, @on::date, @kept)
RETURNING `+valueColumns, args)
	return valueRows().One(rows, err)
}

// AddValue enters what an indicator was in a year, with its evidence and the writer's
// name. A year that has an entered value already is at fault: that one is changed
// instead. Asked again with the same key it gives the one that was made. It returns
// ErrNotFound without plan or indicator, a *record.InvalidError and what
// postgres.WriteOnce does.
func (s *Store) AddValue(ctx context.Context, w postgres.Writer, plan string, v indicators.Value, c record.Change, today record.Day) (indicators.Value, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (indicators.Value, error) {
		if err := deed(ctx, tx, c, today); err != nil {
			return v, err
		}
		p, err := planByID(ctx, tx, w.AdCode, plan)
		if err != nil {
			return v, err
		}
		if _, err := indicatorByID(ctx, tx, w.AdCode, plan, v.IndicatorID); err != nil {
			return v, err
		}
		if err := record.Invalid(v.Validate(p, today)); err != nil {
			return v, err
		}
		v.Source, v.Who, v.On, v.Kept = indicators.Entered, w.Who, today, nil
		made, err := insertValue(ctx, tx, v, today)
		if postgres.Code(err) == uniqueViolation {
			return v, record.Invalid([]record.Fault{{Field: "year", Value: fmt.Sprint(v.Year), ZH: "这一年已有填报数，请修改那一条", EN: "that year has an entered value already; change that one"}})
		}
		if err != nil {
			return v, err
		}
		tx.Note(postgres.Note{Action: "plan_value.create", Kind: "plan_value", ID: made.ID, After: valueNote(made)})
		return made, nil
	})
}

const uniqueViolation = "23505"

func valueNote(v indicators.Value) map[string]any {
	return map[string]any{
		"indicator_id": v.IndicatorID, "year": v.Year, "source": v.Source, "number": v.Number, "words": v.Words, "verdict": v.Verdict, "evidence": v.Evidence,
	}
}

// UpdateValue makes an entered value of which the writer saw the version expected what v
// says, but for its indicator and year. A sealed value is not entered, so it is not found.
// It returns ErrNotFound, a *postgres.StaleError, a *record.InvalidError and what
// postgres.Write does.
func (s *Store) UpdateValue(ctx context.Context, w postgres.Writer, plan, id string, expected int, v indicators.Value, c record.Change, today record.Day) (indicators.Value, error) {
	var out indicators.Value
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		p, before, err := enteredValue(ctx, tx, plan, id, expected, c, today)
		if err != nil {
			return err
		}
		v.ID, v.Version, v.IndicatorID, v.Year, v.Source, v.Kept = before.ID, before.Version, before.IndicatorID, before.Year, before.Source, nil
		if err := record.Invalid(v.Validate(p, today)); err != nil {
			return err
		}
		v.Who, v.On = before.Who, before.On
		if reflect.DeepEqual(before, v) {
			out = before
			return errUnchanged
		}
		v.Who, v.On = w.Who, today
		if out, err = updateValue(ctx, tx, v, today); err != nil {
			return err
		}
		tx.Note(postgres.Note{Action: "plan_value.update", Kind: "plan_value", ID: id, Before: valueNote(before), After: valueNote(out)})
		return nil
	})
	return out, unlessUnchanged(err)
}

// enteredValue reads an entered value that somebody is about to change.
func enteredValue(ctx context.Context, tx *postgres.Tx, plan, id string, expected int, c record.Change, today record.Day) (indicators.Plan, indicators.Value, error) {
	if err := deed(ctx, tx, c, today); err != nil {
		return indicators.Plan{}, indicators.Value{}, err
	}
	adcode := tx.Writer().AdCode
	p, err := planByID(ctx, tx, adcode, plan)
	if err != nil {
		return p, indicators.Value{}, err
	}
	before, err := valueByID(ctx, tx, adcode, plan, id)
	switch {
	case err != nil:
		return p, before, err
	case before.Source != indicators.Entered:
		return p, before, ErrNotFound
	case before.Version != expected:
		return p, before, &postgres.StaleError{Current: before.Version}
	}
	return p, before, nil
}

func updateValue(ctx context.Context, tx *postgres.Tx, v indicators.Value, today record.Day) (indicators.Value, error) {
	args := valueArgs(v, today)
	args["adcode"], args["id"], args["expected"] = tx.Writer().AdCode, v.ID, v.Version
	rows, err := tx.Query(ctx, `
UPDATE plan_value AS v SET number = @number, words = @words, verdict = @verdict, evidence = @evidence, who = @who, on_day = @on::date, kept = @kept,
	valid = daterange(greatest(lower(v.valid), @today::date), NULL)
WHERE v.adcode = @adcode AND v.id = @id AND v.version = @expected
RETURNING `+valueColumns, args)
	made, err := valueRows().One(rows, err)
	if errors.Is(err, ErrNotFound) {
		return made, stale(ctx, tx, "plan_value", v.ID)
	}
	return made, err
}

// DeleteValue takes an entered value away; its history stays. It returns what UpdateValue
// does.
func (s *Store) DeleteValue(ctx context.Context, w postgres.Writer, plan, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		_, before, err := enteredValue(ctx, tx, plan, id, expected, c, today)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM plan_value WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id})
		if err != nil {
			return fmt.Errorf("delete a value: %w", err)
		}
		tx.Note(postgres.Note{Action: "plan_value.delete", Kind: "plan_value", ID: id, Before: valueNote(before)})
		return nil
	})
}

// Sealing is what became of values that were to be sealed.
type Sealing struct {
	Kept    int // for the first time
	Renewed int // in the place of one sealed before
	Stood   int // left as sealed before
}

// Seal keeps computed values of a plan's year (封存). Where one was sealed before it stands,
// unless again says that the new one takes its place; the history keeps both. Asked again
// with the same key it gives the same answer. It returns ErrNotFound where an indicator is
// not the plan's, a *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Seal(ctx context.Context, w postgres.Writer, plan string, values []indicators.Value, again bool, c record.Change, today record.Day) (Sealing, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (Sealing, error) {
		var out Sealing
		if err := deed(ctx, tx, c, today); err != nil {
			return out, err
		}
		if _, err := planByID(ctx, tx, w.AdCode, plan); err != nil {
			return out, err
		}
		rows, err := indicatorsOf(ctx, tx, w.AdCode, plan, "")
		if err != nil {
			return out, err
		}
		ours := map[string]bool{}
		for _, i := range rows {
			ours[i.ID] = true
		}
		before, err := sealedBefore(ctx, tx, plan)
		if err != nil {
			return out, err
		}
		for _, v := range values {
			if !ours[v.IndicatorID] {
				return out, ErrNotFound
			}
			if err := out.seal(ctx, tx, v, before[sealKey{v.IndicatorID, v.Year}], again, today); err != nil {
				return out, err
			}
		}
		year := 0
		if len(values) > 0 {
			year = values[0].Year
		}
		tx.Note(postgres.Note{Action: "plan.seal", Kind: "plan", ID: plan, After: map[string]any{"year": year, "kept": out.Kept, "renewed": out.Renewed, "stood": out.Stood}})
		return out, nil
	})
}

type sealKey struct {
	indicator string
	year      int
}

func sealedBefore(ctx context.Context, tx *postgres.Tx, plan string) (map[sealKey]indicators.Value, error) {
	values, err := valuesOf(ctx, tx, tx.Writer().AdCode, plan, "")
	if err != nil {
		return nil, err
	}
	out := map[sealKey]indicators.Value{}
	for _, v := range values {
		if v.Source == indicators.Sealed {
			out[sealKey{v.IndicatorID, v.Year}] = v
		}
	}
	return out, nil
}

func (n *Sealing) seal(ctx context.Context, tx *postgres.Tx, v, before indicators.Value, again bool, today record.Day) error {
	v.Source, v.Who, v.On = indicators.Sealed, tx.Writer().Who, today
	switch {
	case before.ID == "":
		n.Kept++
		_, err := insertValue(ctx, tx, v, today)
		return err
	case !again:
		n.Stood++
		return nil
	}
	n.Renewed++
	v.ID, v.Version = before.ID, before.Version
	_, err := updateValue(ctx, tx, v, today)
	return err
}
