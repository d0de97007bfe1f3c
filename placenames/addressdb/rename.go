package addressdb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/addresses"
)

// Renaming is why the texts of addresses are built anew.
type Renaming struct {
	Decision addresses.Decision
	Until    record.Day // the last day of the former texts
	Silent   bool       // the former texts were written wrongly, and are not kept
}

// RenamedIn builds the texts of all addresses on a place name anew after it got another one, and
// keeps what they were called; those of another office follow, too, since the name is not theirs.
// It gives how many changed. The caller has asked for the right: it is a consequence of the
// renaming.
func (s *Store) RenamedIn(ctx context.Context, tx *postgres.Tx, nameID string, r Renaming, today record.Day) (int, error) {
	if !postgres.IsID(nameID) {
		return 0, addresses.ErrNotFound
	}
	return rewrite(ctx, tx, `a.name_id = @root`, pgx.StrictNamedArgs{"root": nameID}, r, today)
}

// Renamed is RenamedIn in a write of its own, for whoever numbers there, once for each key.
func (s *Store) Renamed(ctx context.Context, w postgres.Writer, nameID string, r Renaming, c record.Change, today record.Day) (int, error) {
	return postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (int, error) {
		if !postgres.IsID(nameID) {
			return 0, addresses.ErrNotFound
		}
		var division string
		err := tx.QueryRow(ctx, `SELECT coalesce((SELECT division_code FROM place_name WHERE adcode = @adcode AND id = @id), '')`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": nameID}).Scan(&division)
		if err != nil {
			return 0, fmt.Errorf("read the name of addresses: %w", err)
		}
		if division == "" {
			return 0, addresses.ErrNotFound
		}
		if err := tx.Require(ctx, mayWrite, division); err != nil {
			return 0, err
		}
		_, faults := c.Check(today)
		faults = append(faults, addresses.RenamedBy(r.Decision, r.Until, today)...)
		if err := record.Invalid(faults); err != nil {
			return 0, err
		}
		n := 0
		err = tx.Consequence(ctx, func(tx *postgres.Tx) (err error) {
			n, err = s.RenamedIn(ctx, tx, nameID, r, today)
			return err
		})
		return n, err
	})
}

// rewrite builds the texts of the addresses of a condition anew, the widest first; @root is an id
// that the condition, or the recursion under, begins with.
func rewrite(ctx context.Context, tx *postgres.Tx, where string, args pgx.StrictNamedArgs, r Renaming, today record.Day) (int, error) {
	args["adcode"] = tx.Writer().AdCode
	list, err := plain().All(tx.Query(ctx, `
WITH RECURSIVE under AS (
	SELECT c.id FROM address AS c WHERE c.adcode = @adcode AND c.parent_id = @root
	UNION SELECT c.id FROM under JOIN address AS c ON c.adcode = @adcode AND c.parent_id = under.id
) SELECT `+columns+` FROM address AS a WHERE a.adcode = @adcode AND a.state <> 'historical' AND `+where+` ORDER BY address_depth(a.level), a.id`, args))
	if err != nil || len(list) == 0 {
		return 0, err
	}
	pointers := make([]*addresses.Address, len(list))
	for i := range list {
		pointers[i] = &list[i]
	}
	g, err := survey(ctx, tx, pointers, today)
	if err != nil {
		return 0, err
	}
	var changed []addresses.Address
	for _, a := range list {
		written := a
		g.write(&written)
		w := addresses.Written{Full: written.Text, Short: written.Short, Roman: written.Roman}
		if w.Full == a.Text && w.Short == a.Short && w.Roman == a.Roman {
			continue
		}
		after := a.Renamed(w, r.Decision, r.Until)
		if r.Silent {
			after = written
		}
		after.ValidFrom = max(a.ValidFrom, today)
		changed = append(changed, after)
	}
	if len(changed) == 0 {
		return 0, nil
	}
	if err := update(ctx, tx, changed); err != nil {
		return 0, err
	}
	note(tx, "address.rewrite", changed)
	return len(changed), nil
}
