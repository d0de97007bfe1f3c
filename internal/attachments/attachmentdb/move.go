package attachmentdb

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
)

// Follow hangs the files of a record on the one that takes its place, in whose division
// they are then: more than MaxPerRecord, too, since nobody may lose a file by it. Whether
// the writer may write both records is the caller's to ask.
func (s *Store) Follow(ctx context.Context, tx *postgres.Tx, kind, from, to string) error {
	return move(ctx, tx, kind, from, to, `owner_id = @from`, pgx.StrictNamedArgs{"from": from})
}

// Return hangs the files on a record again that a change took from it and one of the
// records from has now; those that were taken away since stay away. What Follow says holds
// here, too.
func (s *Store) Return(ctx context.Context, tx *postgres.Tx, kind, to, change string, from []string) error {
	return move(ctx, tx, kind, strings.Join(from, " "), to, `owner_id = ANY (@from::uuid[]) AND EXISTS (
	SELECT FROM attachment_history AS h WHERE h.adcode = @adcode AND h.id = a.id AND h.owner_id = @to AND h.ended_by = @change::uuid)`,
		pgx.StrictNamedArgs{"change": change, "from": from})
}

// move hangs the files of a condition on a record. It runs as the owner of the table: a
// file may be noted in a division that its record has left, where the writer has no rights.
func move(ctx context.Context, tx *postgres.Tx, kind, from, to, which string, args pgx.StrictNamedArgs) error {
	adcode := tx.Writer().AdCode
	code, err := division(ctx, tx, adcode, kind, to)
	if err != nil {
		return err
	}
	args["adcode"], args["kind"], args["to"], args["division"] = adcode, kind, to, code
	var ids []string
	err = tx.AsOwner(ctx, func() error {
		rows, err := tx.Query(ctx, `
UPDATE attachment AS a SET owner_id = @to, division_code = @division
WHERE a.adcode = @adcode AND a.owner_kind = @kind AND `+which+` RETURNING a.id::text`, args)
		if err != nil {
			return err
		}
		ids, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return fmt.Errorf("move the files of a %s: %w", kind, err)
	}
	if len(ids) > 0 {
		tx.Note(postgres.Note{
			Action: "attachment.move", Kind: kind, ID: to, Division: code,
			Before: map[string]any{"owner_id": from}, After: map[string]any{"owner_id": to, "files": strings.Join(ids, " ")},
		})
	}
	return nil
}
