package premisesdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities/lists"
	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
)

// Take is a list of rooms to be taken into the ledger.
type Take struct {
	File   string // what people call it
	Reader premises.ListReader
	Rows   []premises.Listed
	Faults []lists.Fault // that were found before
	Trial  bool          // do everything and keep nothing
}

// errTrial rolls back what was only tried, or is at fault.
var errTrial = errors.New("only tried")

// Take enters the rooms of a list into the ledger and changes those that are there, all of
// them or, where anything is at fault, none: then, and of a trial, the answer says what
// would become of each row and nothing is kept. A list that changes nothing leaves no trace.
// Asked again with the same key it gives the answer as it was. It returns a
// *record.InvalidError for the reason and what postgres.WriteOnce does.
func (s *Store) Take(ctx context.Context, w postgres.Writer, t Take, c record.Change, today record.Day) (premises.Taken, error) {
	if t.Trial {
		w.Key = ""
	}
	var out premises.Taken
	kept, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (premises.Taken, error) {
		out = premises.Taken{Faults: append([]lists.Fault{}, t.Faults...)}
		if err := tx.StandOnGround(ctx); err != nil {
			return out, err
		}
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return out, err
		}
		from, faults := c.Check(today)
		if err := record.Invalid(faults); err != nil {
			return out, err
		}
		l, err := newTaking(ctx, tx, t, from, today)
		if err != nil {
			return out, err
		}
		for i, row := range t.Rows {
			if err := l.decide(ctx, row, l.drafts[i], &out); err != nil {
				return out, fmt.Errorf("row %d of a list of rooms: %w", row.Row, err)
			}
		}
		if len(out.Faults) > 0 {
			return out, errTrial
		}
		if err := l.write(ctx, &out); err != nil {
			return out, err
		}
		if t.Trial || len(l.writes) == 0 {
			return out, errTrial
		}
		tx.Note(postgres.Note{Action: "premises.import", Kind: "premises", After: map[string]any{
			"file": t.File, "rows": len(t.Rows), "created": out.Count(lists.Created), "updated": out.Count(lists.Updated),
			"unchanged": out.Count(lists.Unchanged),
		}})
		return out, nil
	})
	if errors.Is(err, errTrial) {
		return out, nil
	}
	return kept, err
}

// taking is a list on its way into the ledger.
type taking struct {
	tx     *postgres.Tx
	reader premises.ListReader
	shelf  *premises.Shelf
	drafts []draft // of each row
	rights *postgres.Rights
	from   record.Day
	today  record.Day
	writes []listWrite
}

// draft is a row with the room that it means.
type draft struct {
	before, after premises.Room
	known         bool // the ledger has it
	standing      divisions.Standing
}

// listWrite is a row that changes the ledger.
type listWrite struct {
	row           int // of Taken.Rows
	before, after premises.Room
}

func newTaking(ctx context.Context, tx *postgres.Tx, t Take, from, today record.Day) (*taking, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM premises AS p WHERE p.adcode = @adcode`, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode})
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	rooms, err := pgx.CollectRows(rows, scanRoom)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	l := &taking{tx: tx, reader: t.Reader, shelf: premises.NewShelf(rooms), rights: tx.Rights(mayWrite), from: from, today: today}
	return l, l.draft(ctx, t.Rows)
}

// draft finds the room of each row, and where it is and is to be.
func (l *taking) draft(ctx context.Context, rows []premises.Listed) error {
	l.drafts = make([]draft, len(rows))
	places := make([]divisiondb.Place, len(rows))
	for i, row := range rows {
		d := &l.drafts[i]
		d.before, d.known = l.shelf.Find(row.Patch)
		p := row.Patch.Steady(d.before)
		d.after = p.Apply(d.before)
		if p.Moves() && p.DivisionCode == nil {
			d.after.DivisionCode = "" // where the point lies
		}
		places[i] = placeOf(d.after)
	}
	found, err := divisiondb.StandAll(ctx, l.tx, l.tx.Writer().AdCode, places)
	if err != nil {
		return err
	}
	for i := range l.drafts {
		l.drafts[i].after.DivisionCode, l.drafts[i].standing = found[i].Code, found[i].Standing
	}
	return nil
}

// decide says what becomes of a row, and keeps for later what is to be written.
func (l *taking) decide(ctx context.Context, row premises.Listed, d draft, out *premises.Taken) error {
	before, after, known := d.before, d.after, d.known
	held := premises.Known{Standing: d.standing, Today: l.today}
	faults := premises.Validate(after, held)
	if known {
		faults = premises.ValidateChange(before, after, held)
	}
	if after.LedgerNo != "" {
		faults = append(faults, l.shelf.Claim(row.Row, after)...)
	}
	changes := premises.Differences(before, after)
	line := premises.TakenRow{Row: row.Row, LedgerNo: after.LedgerNo, Name: after.Name, RoomID: before.ID, Outcome: lists.Created}
	switch {
	case known && len(changes) == 0:
		line.Outcome = lists.Unchanged
	case known:
		line.Outcome, line.Changes = lists.Updated, premises.Hidden(changes)
	}
	if line.Outcome != lists.Unchanged {
		refused, err := l.refused(ctx, before, after)
		if err != nil {
			return err
		}
		faults = append(faults, refused...)
	}
	l.tell(row, faults, &line, out)
	if line.Outcome == lists.Created || line.Outcome == lists.Updated {
		l.writes = append(l.writes, listWrite{len(out.Rows), before, after})
	}
	out.Rows = append(out.Rows, line)
	return nil
}

// tell puts the faults of a row beside those of others.
func (l *taking) tell(row premises.Listed, faults []record.Fault, line *premises.TakenRow, out *premises.Taken) {
	var wrong []lists.Fault
	for _, f := range faults {
		wrong = append(wrong, l.reader.Placed(row.Row, f))
	}
	if told := lists.Tell(row.Faults, wrong); len(told) > 0 {
		out.Faults = append(out.Faults, told...)
		line.Outcome, line.Changes = lists.Faulty, nil
	}
}

// refused are the faults of a room that the writer keeps no ledger of.
func (l *taking) refused(ctx context.Context, before, after premises.Room) ([]record.Fault, error) {
	for _, code := range []string{before.DivisionCode, after.DivisionCode} {
		if code == "" {
			continue
		}
		may, err := l.rights.In(ctx, code)
		if err != nil {
			return nil, err
		}
		if !may {
			return []record.Fault{{Field: "division_code", Value: code, ZH: "这里的台账不归您管", EN: "you do not keep the ledger there"}}, nil
		}
	}
	return nil, nil
}

// write does what was decided.
func (l *taking) write(ctx context.Context, out *premises.Taken) error {
	for _, w := range l.writes {
		var made premises.Room
		var err error
		if w.before.ID == "" {
			made, err = insertQuietly(ctx, l.tx, w.after, l.from)
		} else {
			made, err = updateQuietly(ctx, l.tx, w.before, w.after, max(w.before.ValidFrom, l.from))
		}
		if err != nil {
			return fmt.Errorf("row %d of a list of rooms: %w", out.Rows[w.row].Row, err)
		}
		out.Rows[w.row].RoomID = made.ID
	}
	return nil
}

// Settle puts the rooms that are placed into the divisions as they are now, where there
// are none into the authority itself, and gives those that belong to none any more and
// keep the code they had: the ones that lie in none, and the ones without a position whose
// division is gone.
func (s *Store) Settle(ctx context.Context, tx pgx.Tx, adcode string) (outside []premises.Room, err error) {
	args := pgx.StrictNamedArgs{"adcode": adcode}
	_, err = tx.Exec(ctx, `
UPDATE premises AS p SET division_code = found.code
FROM (
	SELECT r.id AS of_id, CASE WHEN EXISTS (SELECT FROM division WHERE adcode = @adcode) THEN (
		SELECT code FROM division WHERE adcode = @adcode AND ST_Covers(geom, r.geom)
		ORDER BY array_position(ARRAY['grid', 'community', 'subdistrict', 'district', 'city', 'province'], level), code COLLATE "C" LIMIT 1) ELSE @adcode END AS code
	FROM premises AS r WHERE r.adcode = @adcode AND r.geom IS NOT NULL
		AND NOT EXISTS (SELECT FROM division AS d WHERE d.adcode = @adcode AND d.code = r.division_code AND ST_Covers(d.geom, r.geom))
) AS found
WHERE p.adcode = @adcode AND p.id = found.of_id AND found.code <> p.division_code`, args)
	if err != nil {
		return nil, fmt.Errorf("find the divisions of rooms: %w", err)
	}
	rows, err := tx.Query(ctx, `
SELECT `+columns+` FROM premises AS p
WHERE p.adcode = @adcode AND p.state <> 'withdrawn' AND EXISTS (SELECT FROM division WHERE adcode = @adcode)
	AND NOT EXISTS (SELECT FROM division AS d WHERE d.adcode = @adcode AND CASE WHEN p.geom IS NULL THEN d.code = p.division_code ELSE ST_Covers(d.geom, p.geom) END)
ORDER BY p.division_code COLLATE "C", p.name COLLATE yike_pinyin, p.id`, args)
	if err != nil {
		return nil, fmt.Errorf("find the divisions of rooms: %w", err)
	}
	outside, err = pgx.CollectRows(rows, scanRoom)
	if err != nil {
		return nil, fmt.Errorf("find the divisions of rooms: %w", err)
	}
	return outside, nil
}
