package facilitydb

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
)

// small is a kind of small record that belongs to a division: made and changed by those
// who publish there, with a version and the days for which it holds.
type small[T any] struct {
	postgres.Found[T]
	table   string
	columns string                 // as Scan reads them
	deed    string                 // noun of what the audit log calls its writes
	content func(T) map[string]any // by column; the audit log keeps the same
	facts   func(T) smallFacts
	hold    func(ctx context.Context, q postgres.Querier, v T, faults []record.Fault) error // to the rules, with faults found before
	twice   func(T) record.Fault                                                            // there is one like it already
}

// smallFacts are what every small record has.
type smallFacts struct {
	division string
	version  int
	from     record.Day
}

// list gives the records of a division and below it, "" for all, in an order.
func (k small[T]) list(ctx context.Context, db *postgres.DB, w postgres.Writer, division, order string) ([]T, error) {
	var list []T
	err := db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		list, err = k.All(q.Query(ctx, `SELECT `+k.columns+` FROM `+k.table+`
WHERE adcode = @adcode AND (@division = '' OR starts_with(division_code, @division)) ORDER BY `+order,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "division": division}))
		return err
	})
	return list, err
}

// create makes a record, once for each idempotency key.
func (k small[T]) create(ctx context.Context, db *postgres.DB, w postgres.Writer, v T, c record.Change, today record.Day) (T, error) {
	return postgres.WriteOnce(ctx, db, w, why(c), func(tx *postgres.Tx) (T, error) {
		division := k.facts(v).division
		if err := tx.Require(ctx, mayPublish, division); err != nil {
			return v, err
		}
		from, faults := c.Check(today)
		if err := k.hold(ctx, tx, v, faults); err != nil {
			return v, err
		}
		ids, err := newIDs(1)
		if err != nil {
			return v, err
		}
		args := pgx.StrictNamedArgs(k.content(v))
		names := slices.Sorted(maps.Keys(args))
		args["adcode"], args["id"], args["division"], args["from"] = w.AdCode, ids[0], division, string(from)
		made, err := k.One(tx.Query(ctx, `
INSERT INTO `+k.table+` (adcode, id, division_code, `+strings.Join(names, ", ")+`, valid)
VALUES (@adcode, @id, @division, @`+strings.Join(names, ", @")+`, daterange(nullif(@from, '')::date, NULL)) RETURNING `+k.columns, args))
		if err != nil {
			return v, k.taken(err, v)
		}
		tx.Note(postgres.Note{Action: k.deed + ".create", Kind: k.table, ID: ids[0], Division: division, After: k.content(made)})
		return made, nil
	})
}

// update changes a record of which the writer saw a version. It returns Missing, a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (k small[T]) update(ctx context.Context, db *postgres.DB, w postgres.Writer, id string, expected int, apply func(T) T, c record.Change, today record.Day) (T, error) {
	var out T
	err := db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		if !postgres.IsID(id) {
			return k.Missing
		}
		before, err := k.One(tx.Query(ctx, `SELECT `+k.columns+` FROM `+k.table+` WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}))
		if err != nil {
			return err
		}
		facts := k.facts(before)
		if err := tx.Require(ctx, mayPublish, facts.division); err != nil {
			return err
		}
		if facts.version != expected {
			return &postgres.StaleError{Current: facts.version}
		}
		after := apply(before)
		from, faults := c.CheckAfter(facts.from, today)
		if err := k.hold(ctx, tx, after, faults); err != nil {
			return err
		}
		args := pgx.StrictNamedArgs(k.content(after))
		var sets []string
		for _, name := range slices.Sorted(maps.Keys(args)) {
			sets = append(sets, name+" = @"+name)
		}
		args["adcode"], args["id"], args["expected"], args["from"] = w.AdCode, id, expected, string(from)
		out, err = k.One(tx.Query(ctx, `
UPDATE `+k.table+` SET `+strings.Join(sets, ", ")+`, valid = daterange(nullif(@from, '')::date, NULL)
WHERE adcode = @adcode AND id = @id AND version = @expected RETURNING `+k.columns, args))
		if errors.Is(err, k.Missing) {
			return postgres.ErrStale
		}
		if err != nil {
			return k.taken(err, after)
		}
		tx.Note(postgres.Note{Action: k.deed + ".update", Kind: k.table, ID: id, Division: facts.division, Before: k.content(before), After: k.content(out)})
		return nil
	})
	return out, err
}

// taken makes the index's refusal the fault that it is.
func (k small[T]) taken(err error, v T) error {
	if postgres.Code(err) != "23505" {
		return err
	}
	return record.Invalid([]record.Fault{k.twice(v)})
}
