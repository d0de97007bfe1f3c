// Package readingdb stores the lexicon of readings that people confirmed, and gives it together
// with the readings that records of names have as precedents for spelling. It knows the table
// of migration 0028 and reads that of the register; what a reading is are rules of
// placenames/roman.
package readingdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/roman"
)

// Store reads and writes the lexicon. It is safe for concurrent use.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db} }

// mayRule is the right to write the lexicon, over the whole authority.
const mayRule = "placename.rules"

const kind = "place_reading"

// columns of an entry, with the alias r, as rows reads them.
const columns = `r.id::text, r.version, r.text, r.readings, coalesce(r.name_id::text, ''), r.document, r.note, coalesce(lower(r.valid)::text, ''), lower(r.recorded),
	coalesce((SELECT n.text FROM place_name AS n WHERE n.adcode = r.adcode AND n.id = r.name_id), ''),
	@system::boolean OR r.adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[])`

func rows() postgres.Found[roman.RulingItem] {
	return postgres.Found[roman.RulingItem]{What: "reading", Missing: roman.ErrNoRuling, Scan: func(row pgx.CollectableRow) (roman.RulingItem, error) {
		var r roman.RulingItem
		err := row.Scan(&r.ID, &r.Version, &r.Text, &r.Readings, &r.NameID, &r.Document, &r.Note, &r.ValidFrom, &r.ChangedAt, &r.Name, &r.MayWrite)
		return r, err
	}}
}

func args(w postgres.Writer) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"adcode": w.AdCode, "system": w.Account == ""}
}

func one(ctx context.Context, q postgres.Querier, w postgres.Writer, id string) (roman.RulingItem, error) {
	if !postgres.IsID(id) {
		return roman.RulingItem{}, roman.ErrNoRuling
	}
	a := args(w)
	a["id"] = id
	return rows().One(q.Query(ctx, `SELECT `+columns+` FROM place_reading AS r WHERE r.adcode = @adcode AND r.id = @id`, a))
}

// List gives the lexicon by pinyin: all of it, or the entries that contain a text.
func (s *Store) List(ctx context.Context, w postgres.Writer, text string) ([]roman.RulingItem, error) {
	var out []roman.RulingItem
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		a := args(w)
		a["text"] = text
		var err error
		out, err = rows().All(q.Query(ctx, `SELECT `+columns+` FROM place_reading AS r WHERE r.adcode = @adcode AND strpos(r.text, @text) > 0 ORDER BY r.text COLLATE yike_pinyin, r.id`, a))
		return err
	})
	return out, err
}

// MayMake reports whether w may write the lexicon.
func (s *Store) MayMake(ctx context.Context, w postgres.Writer) (bool, error) {
	err := s.db.Read(ctx, w, func(q postgres.Querier) error { return postgres.Require(ctx, q, w, mayRule, w.AdCode) })
	if errors.Is(err, postgres.ErrForbidden) {
		return false, nil
	}
	return err == nil, err
}

// ByID gives one entry, or roman.ErrNoRuling.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (roman.RulingItem, error) {
	var out roman.RulingItem
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = one(ctx, q, w, id)
		return err
	})
	return out, err
}

// why is the reason of a write. An empty one is a fault like others, found inside.
func why(c record.Change) string { return cmp.Or(c.Reason, "?") }

func written(w postgres.Writer, r roman.Ruling, from record.Day) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"adcode": w.AdCode, "id": r.ID, "text": r.Text, "readings": r.Readings, "name": r.NameID, "document": r.Document, "note": r.Note, "from": string(from),
	}
}

// refused says in words what the database found wrong with an entry.
func refused(err error, r roman.Ruling) error {
	switch postgres.Code(err) {
	case "23505":
		return record.Invalid([]record.Fault{{Field: "text", Value: r.Text, ZH: "读音表已有这个词", EN: "the lexicon has this text already"}})
	case "23503":
		return unknownName(r)
	}
	return fmt.Errorf("write a reading: %w", err)
}

func unknownName(r roman.Ruling) error {
	return record.Invalid([]record.Fault{{Field: "name_id", Value: r.NameID, ZH: "没有这条地名", EN: "there is no such place name"}})
}

// Create puts an entry into the lexicon, once for each key of the writer. It returns a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, r roman.Ruling, c record.Change, today record.Day) (roman.RulingItem, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayRule, w.AdCode); err != nil {
			return "", err
		}
		from, faults := c.Check(today)
		if err := record.Invalid(faults); err != nil {
			return "", err
		}
		if r.NameID != "" && !postgres.IsID(r.NameID) {
			return "", unknownName(r)
		}
		id, err := uuid.NewV7()
		if err != nil {
			return "", fmt.Errorf("new id: %w", err)
		}
		r.ID = id.String()
		_, err = tx.Exec(ctx, `
INSERT INTO place_reading (adcode, id, text, readings, name_id, document, note, valid)
VALUES (@adcode, @id, @text, @readings, nullif(@name, '')::uuid, @document, @note, daterange(nullif(@from, '')::date, NULL))`, written(w, r, from))
		if err != nil {
			return "", refused(err, r)
		}
		_, after := record.Values(roman.RulingDifferences(roman.Ruling{}, r))
		tx.Note(postgres.Note{Action: kind + ".create", Kind: kind, ID: r.ID, Division: w.AdCode, After: after})
		return r.ID, nil
	})
	if err != nil {
		return roman.RulingItem{}, err
	}
	return s.ByID(ctx, w, id)
}

func held(ctx context.Context, tx *postgres.Tx, id string, expected int) (roman.RulingItem, error) {
	w := tx.Writer()
	before, err := one(ctx, tx, w, id)
	if err != nil {
		return before, err
	}
	if err := tx.Require(ctx, mayRule, w.AdCode); err != nil {
		return before, err
	}
	if before.Version != expected {
		return before, &postgres.StaleError{Current: before.Version}
	}
	return before, nil
}

// Update writes an entry anew of which the writer saw the version expected. It returns
// roman.ErrNoRuling, a *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) Update(ctx context.Context, w postgres.Writer, id string, expected int, r roman.Ruling, c record.Change, today record.Day) (roman.RulingItem, error) {
	err := s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		from, faults := c.CheckAfter(before.ValidFrom, today)
		if err := record.Invalid(faults); err != nil {
			return err
		}
		if r.NameID != "" && !postgres.IsID(r.NameID) {
			return unknownName(r)
		}
		r.ID = id
		a := written(w, r, from)
		a["expected"] = expected
		tag, err := tx.Exec(ctx, `
UPDATE place_reading SET text = @text, readings = @readings, name_id = nullif(@name, '')::uuid, document = @document, note = @note,
	valid = daterange(nullif(@from, '')::date, NULL)
WHERE adcode = @adcode AND id = @id AND version = @expected`, a)
		if err != nil {
			return refused(err, r)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: before.Version + 1}
		}
		was, is := record.Values(roman.RulingDifferences(before.Ruling, r))
		tx.Note(postgres.Note{Action: kind + ".update", Kind: kind, ID: id, Division: w.AdCode, Before: was, After: is})
		return nil
	})
	if err != nil {
		return roman.RulingItem{}, err
	}
	return s.ByID(ctx, w, id)
}

// Remove takes an entry out; its history stays. It returns roman.ErrNoRuling, a
// *postgres.StaleError, a *record.InvalidError and what postgres.Write does.
func (s *Store) Remove(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) error {
	return s.db.Write(ctx, w, why(c), func(tx *postgres.Tx) error {
		before, err := held(ctx, tx, id, expected)
		if err != nil {
			return err
		}
		if _, faults := c.CheckAfter(before.ValidFrom, today); len(faults) > 0 {
			return record.Invalid(faults)
		}
		tag, err := tx.Exec(ctx, `DELETE FROM place_reading WHERE adcode = @adcode AND id = @id AND version = @expected`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "expected": expected})
		if err != nil {
			return fmt.Errorf("remove a reading: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return &postgres.StaleError{Current: before.Version + 1}
		}
		was, _ := record.Values(roman.RulingDifferences(before.Ruling, roman.Ruling{}))
		tx.Note(postgres.Note{Action: kind + ".remove", Kind: kind, ID: id, Division: w.AdCode, Before: was})
		return nil
	})
}

// HistoryOf gives the versions of an entry, the newest first, to those who may read the history
// of any division, since readings are of none, or roman.ErrNoRuling.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, id string) ([]postgres.Version, error) {
	if !postgres.IsID(id) {
		return nil, roman.ErrNoRuling
	}
	var list []postgres.Version
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		if err := postgres.Require(ctx, q, w, "history.read", ""); err != nil {
			return err
		}
		h := postgres.History{Table: "place_reading", Fields: []postgres.Field{
			{Name: "text", SQL: "text"},
			{Name: "readings", SQL: "array_to_string(readings, ' ')"},
			{Name: "name_id", SQL: "coalesce(name_id::text, '')"},
			{Name: "document", SQL: "document"},
			{Name: "note", SQL: "note"},
		}}
		var err error
		list, err = h.Versions(ctx, q, w.AdCode, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of reading %s: %w", id, err)
	}
	if len(list) == 0 {
		return nil, roman.ErrNoRuling
	}
	return list, nil
}

// Precedents gives all that people confirmed, with a mark that changes whenever it does: the
// lexicon, and each name in use whose record says how it is read. The mark comes from the same
// moment.
func (s *Store) Precedents(ctx context.Context, w postgres.Writer) (mark int64, all []roman.Confirmation, err error) {
	err = s.db.Read(ctx, w, func(q postgres.Querier) error {
		if mark, err = marked(ctx, q, w.AdCode); err != nil {
			return err
		}
		rulings, err := rows().All(q.Query(ctx, `SELECT `+columns+` FROM place_reading AS r WHERE r.adcode = @adcode ORDER BY r.id`, args(w)))
		if err != nil {
			return err
		}
		for _, r := range rulings {
			all = append(all, roman.Confirmation{Text: r.Text, Readings: r.Readings, Where: r.Where(), Ruled: true})
		}
		records, err := confirmed().All(q.Query(ctx, `
SELECT n.text, n.readings, n.decision_number FROM place_name AS n
WHERE n.adcode = @adcode AND n.readings <> '{}' AND array_position(n.readings, '') IS NULL AND n.state IN ('approved', 'contested', 'customary') ORDER BY n.id`,
			pgx.StrictNamedArgs{"adcode": w.AdCode}))
		all = append(all, records...)
		return err
	})
	return mark, all, err
}

func confirmed() postgres.Found[roman.Confirmation] {
	return postgres.Found[roman.Confirmation]{What: "confirmed reading", Missing: roman.ErrNoRuling, Scan: func(row pgx.CollectableRow) (roman.Confirmation, error) {
		var c roman.Confirmation
		var number string
		err := row.Scan(&c.Text, &c.Readings, &number)
		c.Where = strings.TrimSpace(c.Text + " " + number)
		return c, err
	}}
}

// Mark is what Precedents gives as its mark, at the cost of one look-up in an index.
func (s *Store) Mark(ctx context.Context, w postgres.Writer) (int64, error) {
	var mark int64
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		mark, err = marked(ctx, q, w.AdCode)
		return err
	})
	return mark, err
}

func marked(ctx context.Context, q postgres.Querier, adcode string) (int64, error) {
	var mark int64
	err := q.QueryRow(ctx, `SELECT coalesce(max(no), 0) FROM place_name_change WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode}).Scan(&mark)
	if err != nil {
		return 0, fmt.Errorf("look whether readings changed: %w", err)
	}
	return mark, nil
}
