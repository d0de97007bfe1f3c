package platedb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/placenames/plates/life"
)

// KeepProof keeps with an order what the proof of its sheets found, in the transaction of the
// job that proved them. It returns life.ErrNoOrder.
func KeepProof(ctx context.Context, tx *postgres.Tx, id string, found any) error {
	text, err := json.Marshal(found)
	if err != nil {
		return fmt.Errorf("encode what a proof found: %w", err)
	}
	w := tx.Writer()
	var division string
	rows, err := tx.Query(ctx, `UPDATE plate_order SET proof = @proof WHERE adcode = @adcode AND id = @id RETURNING division_code`,
		pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "proof": text})
	if err != nil {
		return fmt.Errorf("keep the proof of an order of plates: %w", err)
	}
	switch division, err = pgx.CollectExactlyOneRow(rows, pgx.RowTo[string]); {
	case errors.Is(err, pgx.ErrNoRows):
		return life.ErrNoOrder
	case err != nil:
		return fmt.Errorf("keep the proof of an order of plates: %w", err)
	}
	tx.Note(postgres.Note{Action: "plate_order.proof", Kind: "plate_order", ID: id, Division: division, After: map[string]any{"proof": json.RawMessage(text)}})
	return nil
}
