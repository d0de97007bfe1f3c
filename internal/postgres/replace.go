package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// Records says which columns of a table are a record's natural key within its adcode
// and which are its content. The table has adcode, id, version and recorded besides.
// The names are SQL identifiers from code, never input.
type Records struct {
	Table   string
	Key     []string
	Content []string

	// Kept is a boolean column; "" for none. Rows where it is true are people's own: a
	// replacement neither changes nor removes them, nor adds another one with their key.
	Kept string
}

// Changes counts what a replacement did.
type Changes struct {
	Created   int64 `json:"created"`
	Updated   int64 `json:"updated"`
	Removed   int64 `json:"removed"`
	Unchanged int64 `json:"unchanged"`
	Kept      int64 `json:"kept,omitempty"` // people's own, left as they are
}

// Any reports whether a row was written or removed.
func (c Changes) Any() bool { return c.Created+c.Updated+c.Removed > 0 }

// Replace makes the n given records all that adcode has in the table. A record that is
// there already, by its key, keeps its id; its version grows and its recorded time
// starts anew only where content changed. New ones get a UUIDv7. row(i) gives the
// values of Key and then Content. Rows that people own (see Kept) stay besides.
//
// The rows travel by COPY into a temporary table, so the cost is a few statements
// whatever n is.
func (r Records) Replace(ctx context.Context, tx pgx.Tx, adcode string, n int, row func(i int) ([]any, error)) (Changes, error) {
	var done Changes
	staged := "incoming_" + r.Table
	if _, err := tx.Exec(ctx, "CREATE TEMP TABLE "+staged+" (LIKE "+r.Table+" INCLUDING DEFAULTS) ON COMMIT DROP"); err != nil {
		return done, fmt.Errorf("stage %s: %w", r.Table, err)
	}
	columns := append([]string{"adcode", "id"}, append(append([]string{}, r.Key...), r.Content...)...)
	source := pgx.CopyFromSlice(n, func(i int) ([]any, error) {
		values, err := row(i)
		if err != nil {
			return nil, err
		}
		id, err := uuid.NewV7()
		if err != nil {
			return nil, fmt.Errorf("new id: %w", err)
		}
		return append([]any{adcode, pgtype.UUID{Bytes: id, Valid: true}}, values...), nil
	})
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{staged}, columns, source); err != nil {
		return done, fmt.Errorf("copy %s: %w", r.Table, err)
	}
	for _, step := range []struct {
		sql   string
		count *int64
	}{
		{"ANALYZE " + staged, nil},
		{r.deleteSQL(staged), &done.Removed},
		{r.updateSQL(staged), &done.Updated},
		{r.insertSQL(staged, columns), &done.Created},
	} {
		var args []any
		if step.count != nil {
			args = []any{pgx.StrictNamedArgs{"adcode": adcode}}
		}
		tag, err := tx.Exec(ctx, step.sql, args...)
		if err != nil {
			return done, fmt.Errorf("replace %s: %w", r.Table, err)
		}
		if step.count != nil {
			*step.count = tag.RowsAffected()
		}
	}
	// After the statements, whose locks have waited for whoever was saving one.
	kept, shadowed, err := r.countKept(ctx, tx, staged, adcode)
	if err != nil {
		return done, err
	}
	done.Kept = kept
	if _, err := tx.Exec(ctx, "DROP TABLE "+staged); err != nil {
		return done, fmt.Errorf("replace %s: %w", r.Table, err)
	}
	done.Unchanged = int64(n) - done.Created - done.Updated - shadowed
	return done, nil
}

// countKept counts the rows that people own, and how many of the staged ones they stand
// in the place of.
func (r Records) countKept(ctx context.Context, tx pgx.Tx, staged, adcode string) (kept, shadowed int64, err error) {
	if r.Kept == "" {
		return 0, 0, nil
	}
	sql := fmt.Sprintf(`SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM %s WHERE %s)) FROM %s WHERE adcode = @adcode AND %s`,
		staged, r.same(staged), r.Table, r.Kept)
	if err := tx.QueryRow(ctx, sql, pgx.StrictNamedArgs{"adcode": adcode}).Scan(&kept, &shadowed); err != nil {
		return 0, 0, fmt.Errorf("count what people own in %s: %w", r.Table, err)
	}
	return kept, shadowed, nil
}

// ofPack is the condition that a row is not people's own.
func (r Records) ofPack() string {
	if r.Kept == "" {
		return ""
	}
	return " AND NOT " + r.Table + "." + r.Kept
}

// same joins a table and the staged rows by key.
func (r Records) same(staged string) string {
	var on []string
	for _, k := range r.Key {
		on = append(on, r.Table+"."+k+" = "+staged+"."+k)
	}
	return strings.Join(on, " AND ")
}

func (r Records) deleteSQL(staged string) string {
	return fmt.Sprintf("DELETE FROM %s WHERE adcode = @adcode%s AND NOT EXISTS (SELECT 1 FROM %s WHERE %s)", r.Table, r.ofPack(), staged, r.same(staged))
}

func (r Records) updateSQL(staged string) string {
	var set, mine, theirs []string
	for _, c := range r.Content {
		set = append(set, c+" = "+staged+"."+c)
		mine = append(mine, r.Table+"."+c)
		theirs = append(theirs, staged+"."+c)
	}
	return fmt.Sprintf(`UPDATE %s SET %s FROM %s WHERE %s.adcode = @adcode%s AND %s AND ROW(%s) IS DISTINCT FROM ROW(%s)`,
		r.Table, strings.Join(set, ", "), staged, r.Table, r.ofPack(), r.same(staged), strings.Join(mine, ", "), strings.Join(theirs, ", "))
}

func (r Records) insertSQL(staged string, columns []string) string {
	list := strings.Join(columns, ", ")
	return fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s WHERE NOT EXISTS (SELECT 1 FROM %s WHERE %s.adcode = @adcode AND %s)",
		r.Table, list, list, staged, r.Table, r.Table, r.same(staged))
}
