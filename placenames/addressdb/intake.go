package addressdb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/addresses"
)

// Slot is the place of a live address in the tree, which only one has.
type Slot struct {
	Name, Parent          string
	Level                 addresses.Level
	Number, Suffix, Label string
}

// Register is what a register from elsewhere is held against.
type Register struct {
	ByCode map[addresses.ForeignCode]string   // addresses by the codes of other systems
	Codes  map[string][]addresses.ForeignCode // those codes by address
	Names  map[string][]string                // names in use by what they are called
	Live   map[Slot]string
}

// RegisterIn reads the names of some texts that are in use, the live addresses on them, and every
// code that an address has of another system.
func (s *Store) RegisterIn(ctx context.Context, tx *postgres.Tx, texts []string) (Register, error) {
	adcode := tx.Writer().AdCode
	out := Register{ByCode: map[addresses.ForeignCode]string{}, Codes: map[string][]addresses.ForeignCode{}, Names: map[string][]string{}, Live: map[Slot]string{}}
	rows, err := tx.Query(ctx, `
SELECT id::text, text FROM place_name WHERE adcode = @adcode AND text = ANY (@texts::text[]) AND state IN ('approved', 'contested', 'customary') ORDER BY id`,
		pgx.StrictNamedArgs{"adcode": adcode, "texts": distinct(texts)})
	if err != nil {
		return out, fmt.Errorf("read names by their texts: %w", err)
	}
	var id, text string
	var ids []string
	if _, err := pgx.ForEachRow(rows, []any{&id, &text}, func() error {
		out.Names[text] = append(out.Names[text], id)
		ids = append(ids, id)
		return nil
	}); err != nil {
		return out, fmt.Errorf("read names by their texts: %w", err)
	}
	live, err := liveOn(ctx, tx, adcode, some(ids))
	if err != nil {
		return out, err
	}
	for at, id := range live {
		out.Live[Slot{at.name, at.parent, at.level, at.number, at.suffix, at.label}] = id
	}
	rows, err = tx.Query(ctx, `SELECT id::text, foreign_codes FROM address WHERE adcode = @adcode AND foreign_codes <> '[]' AND state <> 'historical'`, pgx.StrictNamedArgs{"adcode": adcode})
	if err != nil {
		return out, fmt.Errorf("read the codes of addresses: %w", err)
	}
	var codes []addresses.ForeignCode
	if _, err := pgx.ForEachRow(rows, []any{&id, &codes}, func() error {
		for _, c := range codes {
			out.ByCode[c] = id
			out.Codes[id] = append(out.Codes[id], c)
		}
		codes = nil
		return nil
	}); err != nil {
		return out, fmt.Errorf("read the codes of addresses: %w", err)
	}
	return out, nil
}

// AddCodesIn gives addresses further codes of other systems. The caller asks for the right by what
// it gives: the divisions of the addresses.
func (s *Store) AddCodesIn(ctx context.Context, tx *postgres.Tx, more map[string][]addresses.ForeignCode, today record.Day) error {
	var ids []string
	for id := range more {
		ids = append(ids, id)
	}
	list, err := plain().All(tx.Query(ctx, `SELECT `+columns+` FROM address AS a WHERE a.adcode = @adcode AND a.id = ANY (@ids::uuid[]) ORDER BY a.id`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "ids": onlyIDs(ids)}))
	if err != nil || len(list) == 0 {
		return err
	}
	for i := range list {
		list[i].Codes = append(list[i].Codes, more[list[i].ID]...)
		list[i].ValidFrom = max(list[i].ValidFrom, today)
	}
	if err := update(ctx, tx, list); err != nil {
		return err
	}
	note(tx, "address.code", list)
	return nil
}

// DivisionsIn gives the divisions that some addresses are of, each once.
func (s *Store) DivisionsIn(ctx context.Context, tx *postgres.Tx, ids []string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT division_code FROM address WHERE adcode = @adcode AND id = ANY (@ids::uuid[]) ORDER BY division_code`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "ids": onlyIDs(ids)})
	if err != nil {
		return nil, fmt.Errorf("read the divisions of addresses: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Unmatched is a row of a register that was left to a person.
type Unmatched struct {
	ID          string
	Version     int
	System      string
	Fingerprint string
	File        string
	No          int
	Row         json.RawMessage // as it was read
	Reason      string
	Candidates  []string
	Outcome     string // matched, dismissed; "" while it is open
	AddressID   string
	Note        string
}

// DifferIn keeps rows that were not matched, each once however often its file comes, and tells how
// many are new.
func (s *Store) DifferIn(ctx context.Context, tx *postgres.Tx, list []Unmatched) (int, error) {
	type kept struct {
		ID          string          `json:"id"`
		System      string          `json:"system"`
		Fingerprint string          `json:"fingerprint"`
		File        string          `json:"file"`
		No          int             `json:"row_no"`
		Row         json.RawMessage `json:"row"`
		Reason      string          `json:"reason"`
		Candidates  []string        `json:"candidates"`
	}
	rows := make([]kept, len(list))
	for i, u := range list {
		id, err := uuid.NewV7()
		if err != nil {
			return 0, fmt.Errorf("new id: %w", err)
		}
		rows[i] = kept{id.String(), u.System, u.Fingerprint, u.File, u.No, u.Row, u.Reason, some(u.Candidates)}
	}
	body, err := json.Marshal(rows)
	if err != nil {
		return 0, fmt.Errorf("write differences as JSON: %w", err)
	}
	tag, err := tx.Exec(ctx, `
INSERT INTO address_difference (adcode, id, system, fingerprint, file, row_no, row, reason, candidates, division_code)
SELECT @adcode, r.id, r.system, r.fingerprint, r.file, r.row_no, r.row, r.reason, r.candidates, @adcode
FROM jsonb_to_recordset(@rows::jsonb) AS r(id uuid, system text, fingerprint text, file text, row_no integer, row jsonb, reason text, candidates uuid[])
ON CONFLICT (adcode, system, fingerprint) DO NOTHING`, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "rows": body})
	if err != nil {
		return 0, fmt.Errorf("keep what was not matched: %w", err)
	}
	return int(tag.RowsAffected()), nil
}

// Unmatched gives the rows that wait for a person, the oldest first, at most limit.
func (s *Store) Unmatched(ctx context.Context, w postgres.Writer, limit int) ([]Unmatched, error) {
	found := postgres.Found[Unmatched]{What: "difference", Missing: addresses.ErrNotFound, Scan: scanUnmatched}
	var out []Unmatched
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = found.All(q.Query(ctx, `SELECT `+unmatched+` FROM address_difference WHERE adcode = @adcode AND outcome = '' ORDER BY id LIMIT @limit`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "limit": limit}))
		return err
	})
	return out, err
}

const unmatched = `id::text, version, system, fingerprint, file, row_no, row, reason, candidates::text[], outcome, coalesce(address_id::text, ''), note`

func scanUnmatched(row pgx.CollectableRow) (Unmatched, error) {
	var u Unmatched
	err := row.Scan(&u.ID, &u.Version, &u.System, &u.Fingerprint, &u.File, &u.No, &u.Row, &u.Reason, &u.Candidates, &u.Outcome, &u.AddressID, &u.Note)
	return u, err
}

// Settle says what a row that was not matched is: of an address, which gets its codes, or of none,
// with a note why. It returns addresses.ErrNotFound, a *postgres.StaleError, a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Settle(ctx context.Context, w postgres.Writer, id string, expected int, addressID, why string, codes func(Unmatched) []addresses.ForeignCode, today record.Day) error {
	_, err := postgres.WriteOnce(ctx, s.db, w, why, func(tx *postgres.Tx) (string, error) {
		if !postgres.IsID(id) {
			return "", addresses.ErrNotFound
		}
		u, err := postgres.Found[Unmatched]{What: "difference", Missing: addresses.ErrNotFound, Scan: scanUnmatched}.One(
			tx.Query(ctx, `SELECT `+unmatched+` FROM address_difference WHERE adcode = @adcode AND id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}))
		if err != nil {
			return "", err
		}
		if u.Version != expected || u.Outcome != "" {
			return "", &postgres.StaleError{Current: u.Version}
		}
		outcome := "dismissed"
		if addressID != "" {
			outcome = "matched"
			if err := s.codeOne(ctx, tx, addressID, codes(u), today); err != nil {
				return "", err
			}
		}
		_, err = tx.Exec(ctx, `UPDATE address_difference SET outcome = @outcome, address_id = @address::uuid, note = @note WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "outcome": outcome, "address": orNull(addressID), "note": why})
		if err != nil {
			return "", fmt.Errorf("settle a difference: %w", err)
		}
		tx.Note(postgres.Note{Action: "address.settle", Kind: kind, ID: addressID, Division: w.AdCode, After: map[string]any{"row": u.Row, "outcome": outcome}})
		return id, nil
	})
	return err
}

// codeOne gives one address codes, also where another office keeps it: a code says which door
// another register means, and nothing of the door.
func (s *Store) codeOne(ctx context.Context, tx *postgres.Tx, id string, codes []addresses.ForeignCode, today record.Day) error {
	of, err := s.DivisionsIn(ctx, tx, []string{id})
	if err != nil {
		return err
	}
	if len(of) == 0 {
		return record.Invalid([]record.Fault{{Field: "address_id", Value: id, ZH: "没有这个地址", EN: "there is no such address"}})
	}
	if err := tx.Require(ctx, mayWrite, of[0]); err != nil {
		return err
	}
	return tx.Consequence(ctx, func(tx *postgres.Tx) error {
		return s.AddCodesIn(ctx, tx, map[string][]addresses.ForeignCode{id: codes}, today)
	})
}
