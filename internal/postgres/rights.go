package postgres

import (
	"context"
	"errors"
)

// Rights tells in which divisions the writer of a transaction may do an action, and asks the
// database once for each: a file of 5,000 rows is of a few divisions. It is of one goroutine,
// as its transaction is.
type Rights struct {
	tx     *Tx
	action string
	may    map[string]bool
}

// Rights gives the rights of the writer to an action.
func (t *Tx) Rights(action string) *Rights {
	return &Rights{tx: t, action: action, may: map[string]bool{}}
}

// In reports whether the writer may do the action in a division.
func (r *Rights) In(ctx context.Context, division string) (bool, error) {
	may, asked := r.may[division]
	if !asked {
		err := r.tx.Require(ctx, r.action, division)
		if err != nil && !errors.Is(err, ErrForbidden) {
			return false, err
		}
		may = err == nil
		r.may[division] = may
	}
	return may, nil
}
