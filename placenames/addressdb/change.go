package addressdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/addresses"
)

// errUnchanged rolls back a change that changes nothing.
var errUnchanged = errors.New("nothing to change")

// Update changes an address of which the writer saw the version expected, and gives it as it is
// then; the texts of those within it follow. It returns addresses.ErrNotFound, a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, p addresses.Patch, c record.Change, today record.Day) (addresses.Item, error) {
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		_, err := change(ctx, tx, id, expected, "address.update", c, today, func(before addresses.Address) (addresses.Address, []record.Fault) {
			after := p.Apply(before)
			if p.Positions != nil && p.Division == nil {
				after.Division = ""
			}
			after.Main = after.MainID == ""
			return after, addresses.Changed(before, after, c)
		})
		return err
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return addresses.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

// Move takes an address to another state, once for each key of the writer. As Update.
func (s *Store) Move(ctx context.Context, w postgres.Writer, id string, expected int, m addresses.Move, today record.Day) (addresses.Item, error) {
	_, err := postgres.WriteOnce(ctx, s.db, w, reasonOf(m), func(tx *postgres.Tx) (string, error) {
		_, err := s.MoveIn(ctx, tx, id, expected, m, today)
		return id, err
	})
	if err != nil {
		return addresses.Item{}, err
	}
	return s.ByID(ctx, w, id)
}

func reasonOf(m addresses.Move) string {
	if m.Reason != "" {
		return m.Reason
	}
	zh, en := m.To.Words()
	return zh + " / " + en
}

// MoveIn is Move within a write. An expected version of 0 is whichever there is.
func (s *Store) MoveIn(ctx context.Context, tx *postgres.Tx, id string, expected int, m addresses.Move, today record.Day) (addresses.Address, error) {
	c := record.Change{Reason: reasonOf(m), ValidFrom: m.Day}
	if m.To == addresses.Historical {
		faults, err := ending(ctx, tx, id, m)
		if err == nil {
			err = record.Invalid(faults)
		}
		if err != nil {
			return addresses.Address{}, err
		}
	}
	return change(ctx, tx, id, expected, "address."+string(m.To), c, today, func(before addresses.Address) (addresses.Address, []record.Fault) { return before.After(m, today) })
}

// ending looks whether an address may end: nothing live is within it or auxiliary to it, and what
// has its place is there and not a reserved number.
func ending(ctx context.Context, tx *postgres.Tx, id string, m addresses.Move) ([]record.Fault, error) {
	if !postgres.IsID(id) {
		return nil, addresses.ErrNotFound
	}
	var hanging int
	var there []string
	err := tx.QueryRow(ctx, `
SELECT (SELECT count(*) FROM address WHERE adcode = @adcode AND (parent_id = @id OR main_id = @id) AND state <> 'historical'),
	coalesce((SELECT array_agg(id::text) FROM address WHERE adcode = @adcode AND id = ANY (@ids::uuid[]) AND state <> 'reserved'), '{}')`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id, "ids": onlyIDs(m.Successors)}).Scan(&hanging, &there)
	if err != nil {
		return nil, fmt.Errorf("look at what hangs on an address: %w", err)
	}
	var faults []record.Fault
	if hanging > 0 {
		faults = append(faults, record.Fault{
			Field: "to", Value: fmt.Sprint(hanging), ZH: fmt.Sprintf("还有 %d 个下级或副地址在用，请先处理", hanging), EN: fmt.Sprintf("%d live addresses are within it or auxiliary to it; end or move these first", hanging),
		})
	}
	seen := map[string]bool{}
	for _, one := range there {
		seen[one] = true
	}
	for i, one := range m.Successors {
		if !seen[one] {
			faults = append(faults, record.Fault{Field: fmt.Sprintf("successor_ids/%d", i), Value: one, ZH: "没有这个地址，或只是预留号", EN: "there is no such address, or it is a reserved number"})
		}
	}
	return faults, nil
}

// change checks what an address is to become and writes it with the texts of those within it,
// unless somebody else wrote since the version expected.
func change(ctx context.Context, tx *postgres.Tx, id string, expected int, action string, c record.Change, today record.Day, to func(addresses.Address) (addresses.Address, []record.Fault)) (addresses.Address, error) {
	if err := tx.StandOnGround(ctx); err != nil {
		return addresses.Address{}, err
	}
	before, err := held(ctx, tx, id, expected)
	if err != nil {
		return before, err
	}
	after, faults := to(before)
	from, more := c.CheckAfter(before.ValidFrom, today)
	if err := record.Invalid(append(faults, more...)); err != nil {
		return before, err
	}
	g, err := survey(ctx, tx, []*addresses.Address{&after}, today)
	if err != nil {
		return before, err
	}
	if err := record.Invalid(g.faults(after)); err != nil {
		return before, err
	}
	after.ValidFrom = from
	g.write(&after)
	if len(addresses.Differences(before, after)) == 0 {
		return before, errUnchanged
	}
	if err := tx.Require(ctx, mayWrite, after.Division); err != nil {
		return before, err
	}
	if err := update(ctx, tx, []addresses.Address{after}); err != nil {
		return before, err
	}
	was, is := record.Values(addresses.Differences(before, after))
	tx.Note(postgres.Note{Action: action, Kind: kind, ID: id, Division: after.Division, Before: was, After: is})
	if after.Text == before.Text {
		return after, nil
	}
	_, err = rewrite(ctx, tx, `a.id IN (SELECT under.id FROM under)`, pgx.StrictNamedArgs{"root": id}, Renaming{Silent: true}, from)
	return after, err
}

// held reads an address that the writer may change and saw a version of; 0 is any.
func held(ctx context.Context, tx *postgres.Tx, id string, expected int) (addresses.Address, error) {
	if !postgres.IsID(id) {
		return addresses.Address{}, addresses.ErrNotFound
	}
	before, err := plain().One(tx.Query(ctx, `SELECT `+columns+` FROM address AS a WHERE a.adcode = @adcode AND a.id = @id`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id}))
	if err != nil {
		return before, err
	}
	if err := tx.Require(ctx, mayWrite, before.Division); err != nil {
		return before, err
	}
	if before.Custody == addresses.Foreign && tx.Writer().Account != "" {
		return before, record.Invalid([]record.Fault{{Field: "custody", Value: string(before.Custody), ZH: "由其他单位管理，这里只读；变更随导入更新", EN: "another office keeps it; here it is read only and changes with the next import"}})
	}
	if expected != 0 && before.Version != expected {
		return before, &postgres.StaleError{Current: before.Version}
	}
	return before, nil
}

func update(ctx context.Context, tx *postgres.Tx, list []addresses.Address) error {
	rows, err := rowsOf(list)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `UPDATE address AS a SET (`+content+`) = (SELECT `+values+`) FROM jsonb_to_recordset(@rows::jsonb) AS `+rowType+` WHERE a.adcode = @adcode AND a.id = r.id`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "rows": rows})
	if err := taken(err); err != nil {
		return fmt.Errorf("change addresses: %w", err)
	}
	if int(tag.RowsAffected()) != len(list) {
		return fmt.Errorf("change addresses: %d of %d: %w", tag.RowsAffected(), len(list), postgres.ErrForbidden)
	}
	return nil
}

// Remove takes out a reserved number that should never have been entered; its history stays and its
// id is not used again. It returns addresses.ErrNotFound, a *postgres.StaleError, a
// *record.InvalidError and what postgres.Write does.
func (s *Store) Remove(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		_, faults := c.CheckAfter(before.ValidFrom, today)
		if before.State != addresses.Reserved {
			faults = append(faults, record.Fault{Field: "state", Value: string(before.State), ZH: "只有预留号可以删除；其他地址只能停用", EN: "only a reserved number is removed; any other address ends"})
		}
		if err := record.Invalid(faults); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM address WHERE adcode = @adcode AND id = @id AND version = @version`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "version": before.Version}); err != nil {
			return fmt.Errorf("remove an address: %w", err)
		}
		was, _ := record.Values(addresses.Differences(before, addresses.Address{}))
		tx.Note(postgres.Note{Action: "address.remove", Kind: kind, ID: id, Division: before.Division, Before: was})
		return nil
	})
}
