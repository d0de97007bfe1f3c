// Package signdb stores the inventory of place-name signs. It knows the table of migration
// 0033; what a sign is and what it may become are rules of placenames/signs.
package signdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/signs"
)

// Store reads and writes signs. It is safe for concurrent use.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// mayWrite is the right that every write needs, in the division where the sign is and in the
// one where it comes to be; mayRemove that of taking out what should never have been entered.
const (
	mayWrite  = "placename.survey"
	mayRemove = "placename.write"
)

// kind is what the audit log and attachments call a record.
const kind = "sign"

// columns of a sign, with the alias s, as scan reads them.
const columns = `s.id::text, s.version, s.name_id::text, s.kind, s.text, s.roman, s.placed_at, s.geom, s.geom IS NOT NULL, s.division_code, s.keeper, s.state,
	coalesce(s.needed_on::text, ''), coalesce(s.ordered_on::text, ''), coalesce(s.made_on::text, ''), coalesce(s.stood_on::text, ''), coalesce(s.seen_on::text, ''),
	coalesce(s.bad_since::text, ''), coalesce(s.removed_on::text, ''), coalesce(s.due_by::text, ''), s.note, coalesce(lower(s.valid)::text, '')`

func scan(row pgx.CollectableRow) (signs.Sign, error) {
	var s signs.Sign
	err := row.Scan(&s.ID, &s.Version, &s.NameID, &s.Kind, &s.Text, &s.Roman, &s.Where, &s.Point, &s.Placed, &s.Division, &s.Keeper, &s.State,
		&s.NeededOn, &s.OrderedOn, &s.MadeOn, &s.StoodOn, &s.SeenOn, &s.BadSince, &s.RemovedOn, &s.DueBy, &s.Note, &s.ValidFrom)
	return s, err
}

func found() postgres.Found[signs.Sign] {
	return postgres.Found[signs.Sign]{What: "sign", Missing: signs.ErrNotFound, Scan: scan}
}

func contentArgs(s signs.Sign, from record.Day) pgx.StrictNamedArgs {
	var point any
	if s.Placed {
		point = s.Point
	}
	return pgx.StrictNamedArgs{
		"name": s.NameID, "kind": s.Kind, "text": s.Text, "roman": s.Roman, "where": s.Where, "point": point, "division": s.Division, "keeper": s.Keeper,
		"state": string(s.State), "needed_on": day(s.NeededOn), "ordered_on": day(s.OrderedOn), "made_on": day(s.MadeOn), "stood_on": day(s.StoodOn),
		"seen_on": day(s.SeenOn), "bad_since": day(s.BadSince), "removed_on": day(s.RemovedOn), "due_by": day(s.DueBy), "note": s.Note, "from": string(from),
	}
}

func day(d record.Day) pgtype.Text { return pgtype.Text{String: string(d), Valid: d != ""} }

// present gives the present version of one sign.
func present(ctx context.Context, q postgres.Querier, adcode, id string) (signs.Sign, error) {
	if !postgres.IsID(id) {
		return signs.Sign{}, signs.ErrNotFound
	}
	return found().One(q.Query(ctx, `SELECT `+columns+` FROM place_name_sign AS s WHERE s.adcode = @adcode AND s.id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// ByID gives one sign, or signs.ErrNotFound.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (signs.Sign, error) {
	var out signs.Sign
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = present(ctx, q, w.AdCode, id)
		return err
	})
	return out, err
}

// All gives the signs of an authority by name, place and id; those that were removed only of
// one name. nameID "" is of all names.
func (s *Store) All(ctx context.Context, w postgres.Writer, nameID string) ([]signs.Sign, error) {
	if nameID != "" && !postgres.IsID(nameID) {
		return nil, nil
	}
	var out []signs.Sign
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = found().All(q.Query(ctx, `
SELECT `+columns+` FROM place_name_sign AS s
WHERE s.adcode = @adcode AND (@name = '' AND s.state <> 'removed' OR s.name_id::text = @name)
ORDER BY s.text COLLATE yike_pinyin, s.placed_at COLLATE yike_pinyin, s.id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "name": nameID}))
		return err
	})
	return out, err
}

// Create enters a sign, in the division given or the one where it stands; one of a name whose
// text or spelling nobody gave has those that the name has now. Asked again with the same key
// it gives the sign as it was made. It returns a *record.InvalidError and what
// postgres.WriteOnce does.
func (s *Store) Create(ctx context.Context, w postgres.Writer, made signs.Sign, c record.Change, today record.Day) (signs.Sign, error) {
	id, err := postgres.WriteOnce(ctx, s.db, w, why(c), func(tx *postgres.Tx) (string, error) {
		if err := tx.StandOnGround(ctx); err != nil {
			return "", err
		}
		if err := tx.Require(ctx, mayWrite, ""); err != nil {
			return "", err
		}
		made, err := create(ctx, tx, signs.Clean(made), c, today)
		return made.ID, err
	})
	if err != nil {
		return signs.Sign{}, err
	}
	return s.ByID(ctx, w, id)
}

func create(ctx context.Context, tx *postgres.Tx, s signs.Sign, c record.Change, today record.Day) (signs.Sign, error) {
	from, faults := c.Check(today)
	known, err := look(ctx, tx, &s, today)
	if err != nil {
		return s, err
	}
	faults = append(faults, signs.Validate(s, known)...)
	if err := record.Invalid(faults); err != nil {
		return s, err
	}
	if err := tx.Require(ctx, mayWrite, s.Division); err != nil {
		return s, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return s, fmt.Errorf("new id: %w", err)
	}
	args := contentArgs(s, from)
	args["adcode"], args["id"] = tx.Writer().AdCode, id.String()
	made, err := found().One(tx.Query(ctx, `
INSERT INTO place_name_sign AS s (adcode, id, name_id, kind, text, roman, placed_at, geom, division_code, keeper, state, needed_on, ordered_on, made_on, stood_on,
	seen_on, bad_since, removed_on, due_by, note, valid)
VALUES (@adcode, @id, @name, @kind, @text, @roman, @where, @point, @division, @keeper, @state, @needed_on::date, @ordered_on::date, @made_on::date, @stood_on::date,
	@seen_on::date, @bad_since::date, @removed_on::date, @due_by::date, @note, daterange(nullif(@from, '')::date, NULL))
RETURNING `+columns, args))
	if err != nil {
		return s, err
	}
	_, after := record.Values(signs.Differences(signs.Sign{}, made))
	tx.Note(postgres.Note{Action: "sign.create", Kind: kind, ID: made.ID, Division: made.Division, After: after})
	return made, nil
}

// look gathers what a sign is held against, and fills in what follows from its name and place:
// its text, its spelling, its division.
func look(ctx context.Context, tx *postgres.Tx, s *signs.Sign, today record.Day) (signs.Known, error) {
	adcode, k := tx.Writer().AdCode, signs.Known{Today: today}
	division := ""
	if postgres.IsID(s.NameID) {
		var text, roman string
		err := tx.QueryRow(ctx, `SELECT text, roman, division_code FROM place_name WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": s.NameID}).Scan(&text, &roman, &division)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return k, fmt.Errorf("look for the name of a sign: %w", err)
		}
		if k.Name = err == nil; k.Name && s.Text == "" {
			s.Text, s.Roman = text, cmp.Or(s.Roman, roman)
		}
	}
	place := divisiondb.Place{Code: s.Division}
	if s.Placed {
		place.At = &s.Point
	}
	f, err := divisiondb.Stand(ctx, tx, adcode, place)
	if err != nil {
		return k, err
	}
	s.Division, k.Box, k.Held = cmp.Or(f.Code, division, adcode), f.Bounds, !f.Divided || f.Division || f.Code == ""
	return k, nil
}

// why is the reason of a write. An empty one is a fault like others, found inside.
func why(c record.Change) string { return cmp.Or(c.Reason, "?") }

// Named gives the names that work is about: those in use, and those that ended with a sign that
// is still recorded as there.
func (s *Store) Named(ctx context.Context, w postgres.Writer) ([]signs.Named, error) {
	var out []signs.Named
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT n.id::text, n.text, n.roman, n.kind, n.class, n.state, coalesce(lower(n.valid)::text, ''), n.division_code FROM place_name AS n
WHERE n.adcode = @adcode AND (n.state IN ('approved', 'contested', 'customary')
	OR n.state IN ('retired', 'annulled', 'merged') AND EXISTS (SELECT FROM place_name_sign AS s WHERE s.adcode = @adcode AND s.name_id = n.id AND s.state <> 'removed'))
ORDER BY n.text COLLATE yike_pinyin, n.id`, pgx.StrictNamedArgs{"adcode": w.AdCode})
		if err != nil {
			return fmt.Errorf("list the names of signs: %w", err)
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[signs.Named])
		return err
	})
	return out, err
}

// Shown reports whether a sign of the name that a case is about stands and a photo of it is kept.
func (s *Store) Shown(ctx context.Context, w postgres.Writer, caseID string) (bool, error) {
	if !postgres.IsID(caseID) {
		return false, nil
	}
	var shown bool
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		return q.QueryRow(ctx, `
SELECT EXISTS (SELECT FROM place_name_sign AS s JOIN attachment AS a ON a.adcode = s.adcode AND a.owner_kind = 'sign' AND a.owner_id = s.id AND a.kind = 'photo'
	JOIN name_case AS c ON c.adcode = s.adcode AND c.name_id = s.name_id
	WHERE c.adcode = @adcode AND c.id = @case AND s.state = 'standing')`, pgx.StrictNamedArgs{"adcode": w.AdCode, "case": caseID}).Scan(&shown)
	})
	if err != nil {
		return false, fmt.Errorf("look for photos of signs: %w", err)
	}
	return shown, nil
}
