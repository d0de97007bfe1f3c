package postgres

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Found reads what queries find of one kind of record. Its methods take what a query
// gives, as in kind.One(q.Query(ctx, …)).
type Found[T any] struct {
	What    string // for errors, such as "service area"
	Missing error  // that there is none
	Scan    pgx.RowToFunc[T]
}

// One gives the record of the only row; Missing as it is when there is none.
func (f Found[T]) One(rows pgx.Rows, err error) (T, error) {
	var out T
	if err == nil {
		out, err = pgx.CollectExactlyOneRow(rows, f.Scan)
	}
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		var none T
		return none, f.Missing
	case err != nil:
		return out, fmt.Errorf("read %s: %w", f.What, err)
	}
	return out, nil
}

// All gives the records of all rows in their order; none is no error.
func (f Found[T]) All(rows pgx.Rows, err error) ([]T, error) {
	var out []T
	if err == nil {
		out, err = pgx.CollectRows(rows, f.Scan)
	}
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", f.What, err)
	}
	return out, nil
}
