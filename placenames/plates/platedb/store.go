// Package platedb stores address plates, the orders to their makers and what happened to each.
// It knows the tables of migration 0036 and reads those of addresses and place names; what may
// become of a plate is a rule of placenames/plates/life, which the database holds, too.
package platedb

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
)

// Store reads and writes plates. It is safe for concurrent use if its source of randomness is.
type Store struct {
	db     *postgres.DB
	random io.Reader // where codes are drawn from
}

// New gives a store on db that draws codes from random: crypto/rand.Reader outside of tests.
func New(db *postgres.DB, random io.Reader) *Store { return &Store{db: db, random: random} }

const (
	mayWrite = "plate.write" // orders, deliveries, replacements, withdrawals
	mayFit   = "plate.fit"   // what is done at the wall
	kind     = "plate"       // what the audit log and attachments call a record
)

// columns of a plate, with the alias p, as targets reads them.
const columns = `p.id::text, p.token, p.version, p.address_id::text, p.kind, p.slot, p.state, coalesce(p.order_id::text, ''), p.face_name, p.face_number, p.face_roman,
	p.foreign_payload, p.division_code, p.events, coalesce(p.last_day::text, ''), coalesce(p.due_from::text, ''), coalesce(p.ordered_on::text, ''), coalesce(p.made_on::text, ''),
	coalesce(p.delivered_on::text, ''), coalesce(p.fixed_on::text, ''), p.fixed_by, p.geom IS NOT NULL, p.geom, coalesce(p.offset_m, -1)::float8, coalesce(p.height_m, 0)::float8,
	coalesce(p.photo_id::text, ''), coalesce(p.verified_on::text, ''), coalesce(p.seen_on::text, ''), coalesce(p.bad_since::text, ''), p.trouble,
	coalesce(p.ended_on::text, ''), coalesce(p.successor, '')`

// token reads a code as the database has it.
type token struct{ to *plates.Token }

// Scan reads the code of a row.
func (t token) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("a plate code is stored as %T", src)
	}
	return t.to.UnmarshalText([]byte(text))
}

func targets(p *life.Plate) []any {
	return []any{
		&p.ID,
		token{&p.Token},
		&p.Version, &p.AddressID, &p.Kind, &p.Slot, &p.State, &p.OrderID, &p.Face.Name, &p.Face.Number, &p.Face.Roman,
		&p.Foreign, &p.Division, &p.Events, &p.LastDay, &p.DueFrom, &p.OrderedOn, &p.MadeOn,
		&p.DeliveredOn, &p.FixedOn, &p.FixedBy, &p.Placed, &p.Point, &p.OffsetM, &p.HeightM,
		&p.PhotoID, &p.VerifiedOn, &p.SeenOn, &p.BadSince, &p.Trouble, &p.EndedOn, &p.Successor,
	}
}

func found() postgres.Found[life.Plate] {
	return postgres.Found[life.Plate]{What: "plate", Missing: life.ErrNotFound, Scan: func(row pgx.CollectableRow) (p life.Plate, err error) {
		err = row.Scan(targets(&p)...)
		return p, err
	}}
}

// shown are the columns of an item, with the aliases a, n and o of what joined reads.
const shown = columns + `, coalesce(n.text, ''), coalesce(n.roman, ''), coalesce(a.short_text, ''), coalesce(a.text, ''), coalesce(a.state, ''), coalesce(a.name_id::text, ''), a.geom,
	coalesce(o.year, 0), coalesce(o.no, 0),
	@system::boolean OR p.division_code LIKE ANY ((SELECT yike_scopes('plate.write'))::text[]), @system::boolean OR p.division_code LIKE ANY ((SELECT yike_scopes('plate.fit'))::text[])`

const joined = ` FROM plate AS p LEFT JOIN address AS a ON a.adcode = p.adcode AND a.id = p.address_id
	LEFT JOIN place_name AS n ON n.adcode = a.adcode AND n.id = a.name_id LEFT JOIN plate_order AS o ON o.adcode = p.adcode AND o.id = p.order_id `

// stale is true of a live plate that does not say what the register says: life.About.Stale, which
// a test holds it to.
const stale = `(p.state NOT IN ('replaced', 'withdrawn') AND (a.id IS NULL OR a.state = 'historical' OR btrim(p.face_name) <> btrim(n.text)
	OR NOT starts_with(a.short_text, n.text) OR btrim(p.face_number) <> btrim(substr(a.short_text, char_length(n.text) + 1))
	OR btrim(p.face_roman) <> '' AND btrim(n.roman) <> '' AND btrim(p.face_roman) <> btrim(n.roman)))`

func items() postgres.Found[life.Item] {
	return postgres.Found[life.Item]{What: "plate", Missing: life.ErrNotFound, Scan: func(row pgx.CollectableRow) (life.Item, error) {
		var i life.Item
		var name, roman, short string
		var door *orb.Point
		var year, no int
		err := row.Scan(append(targets(&i.Plate), &name, &roman, &short, &i.AddressText, &i.AddressState, &i.NameID, &door, &year, &no, &i.MayWrite, &i.MayFit)...)
		if i.AddressInUse() {
			i.Current, _ = life.FaceOf(name, roman, short)
		}
		i.Door = door
		if no > 0 {
			i.OrderNumber = life.PlateOrder{Year: year, No: no}.Number()
		}
		return i, err
	}}
}

func readerArgs(w postgres.Writer) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"adcode": w.AdCode, "system": w.Account == ""}
}

// ByToken gives the plate of a code, or life.ErrNotFound.
func (s *Store) ByToken(ctx context.Context, w postgres.Writer, code plates.Token) (life.Item, error) {
	var out life.Item
	args := readerArgs(w)
	args["token"] = code.String()
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = items().One(q.Query(ctx, `SELECT `+shown+joined+`WHERE p.adcode = @adcode AND p.token = @token`, args))
		return err
	})
	return out, err
}

// OfPayload gives the plates whose symbol says a text that is not ours, those in use first: more
// than one where an older register had the same on several.
func (s *Store) OfPayload(ctx context.Context, w postgres.Writer, payload string) ([]life.Item, error) {
	var out []life.Item
	args := readerArgs(w)
	args["payload"] = payload
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = items().All(q.Query(ctx, `SELECT `+shown+joined+`WHERE p.adcode = @adcode AND p.foreign_payload = @payload AND p.foreign_payload <> ''
ORDER BY p.ended_on IS NOT NULL, p.token LIMIT 50`, args))
		return err
	})
	return out, err
}

// Events gives what happened to a plate, the first first.
func (s *Store) Events(ctx context.Context, w postgres.Writer, code plates.Token) ([]life.Taken, error) {
	var out []life.Taken
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT e.id::text, e.no, e.kind, e.state, e.day::text, e.account, e.scanned, coalesce(e.photo_id::text, ''), e.geom, coalesce(e.accuracy_m, 0)::float8, coalesce(e.offset_m, -1)::float8,
	coalesce(e.height_m, 0)::float8, e.trouble, e.layer, e.verdict, e.note, coalesce(e.successor, ''), e.recorded_by, e.recorded_at
FROM plate_event AS e WHERE e.adcode = @adcode AND e.token = @token ORDER BY e.no`, pgx.StrictNamedArgs{"adcode": w.AdCode, "token": code.String()})
		if err != nil {
			return fmt.Errorf("list the events of a plate: %w", err)
		}
		out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (life.Taken, error) {
			var e life.Taken
			err := row.Scan(&e.ID, &e.No, &e.Kind, &e.State, &e.Day, &e.By, &e.Scanned, &e.PhotoID, &e.Point, &e.AccuracyM, &e.OffsetM,
				&e.HeightM, &e.Trouble, &e.Layer, &e.Verdict, &e.Note, &e.Successor, &e.Recorded, &e.At)
			return e, err
		})
		if err != nil {
			return fmt.Errorf("list the events of a plate: %w", err)
		}
		return nil
	})
	return out, err
}

type asked struct {
	conds []string
	args  pgx.StrictNamedArgs
}

func (a *asked) and(cond, name string, value any) {
	a.conds = append(a.conds, cond)
	if name != "" {
		a.args[name] = value
	}
}

func ask(w postgres.Writer, f life.Filter) *asked {
	a := &asked{conds: []string{"p.adcode = @adcode"}, args: readerArgs(w)}
	if len(f.States) > 0 {
		a.and("p.state = ANY (@states)", "states", texts(f.States))
	}
	if len(f.Kinds) > 0 {
		a.and("p.kind = ANY (@kinds)", "kinds", texts(f.Kinds))
	}
	for _, id := range []struct{ cond, name, value string }{
		{"p.order_id = @order", "order", f.OrderID}, {"p.address_id = @address", "address", f.AddressID}, {"a.name_id = @name", "name", f.NameID},
	} {
		switch {
		case id.value == "":
		case postgres.IsID(id.value):
			a.and(id.cond, id.name, id.value)
		default:
			a.and("false", "", nil)
		}
	}
	if f.Division != "" {
		a.and("p.division_code LIKE @division", "division", escaped(f.Division)+"%")
	}
	if f.Stale {
		a.and(stale, "", nil)
	}
	if f.Off {
		a.and("p.offset_m > 15 AND p.state IN ('fixed', 'verified', 'damaged')", "", nil)
	}
	if f.BadUntil != "" {
		a.and("p.state IN ('damaged', 'lost') AND p.bad_since <= @bad_until::date", "bad_until", string(f.BadUntil))
	}
	if f.DueFromUntil != "" {
		a.and("p.state IN ('ordered', 'made', 'delivered') AND p.due_from <= @due_until::date", "due_until", string(f.DueFromUntil))
	}
	a.words(f.Text)
	return a
}

// words asks for a code where the text is one, else that the face or the address has each word.
func (a *asked) words(text string) {
	if code, err := life.ReadCode(text); err == nil {
		a.and("p.token = @token", "token", code.String())
		return
	}
	if strings.Contains(text, "://") {
		a.and("p.foreign_payload = @payload AND p.foreign_payload <> ''", "payload", strings.TrimSpace(text))
		return
	}
	for i, word := range strings.Fields(text) {
		name := fmt.Sprintf("word_%d", i)
		a.and(`(p.face_name || p.face_number ILIKE @`+name+` OR p.face_roman ILIKE @`+name+` OR a.short_text ILIKE @`+name+` OR p.token LIKE upper(@`+name+`))`, name, "%"+escaped(word)+"%")
	}
}

func texts[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// List gives at most limit of the plates asked for, by name, number and code, behind a place of
// the list.
func (s *Store) List(ctx context.Context, w postgres.Writer, f life.Filter, after life.Cursor, limit int) (life.Page, error) {
	a := ask(w, f)
	if after.Token != "" {
		a.and("(p.face_name COLLATE yike_pinyin, p.face_number COLLATE yike_pinyin, p.token) > (@after_name, @after_number, @after_token)", "after_token", after.Token)
		a.args["after_name"], a.args["after_number"] = after.Name, after.Number
	}
	var out life.Page
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out.Items, err = items().All(q.Query(ctx, `SELECT `+shown+joined+`WHERE `+strings.Join(a.conds, ` AND `)+`
ORDER BY p.face_name COLLATE yike_pinyin, p.face_number COLLATE yike_pinyin, p.token LIMIT `+fmt.Sprint(limit+1), a.args))
		return err
	})
	if len(out.Items) > limit {
		out.Items, out.More = out.Items[:limit], true
	}
	return out, err
}

// Counts gives how many of the plates asked for are in each state.
func (s *Store) Counts(ctx context.Context, w postgres.Writer, f life.Filter) (map[life.State]int, error) {
	a := ask(w, f)
	delete(a.args, "system")
	var out map[life.State]int
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = counts(ctx, q, joined+`WHERE `+strings.Join(a.conds, ` AND `), a.args)
		return err
	})
	return out, err
}

func counts(ctx context.Context, q postgres.Querier, from string, args pgx.StrictNamedArgs) (map[life.State]int, error) {
	out := map[life.State]int{}
	rows, err := q.Query(ctx, `SELECT p.state, count(*)`+from+` GROUP BY p.state`, args)
	if err == nil {
		var state life.State
		var n int
		_, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error {
			out[state] = n
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("count plates: %w", err)
	}
	return out, nil
}

func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	return id.String(), nil
}

func null(text string) pgtype.Text { return pgtype.Text{String: text, Valid: text != ""} }

// alone keeps others out of what is named until the transaction ends.
func alone(ctx context.Context, tx *postgres.Tx, what string) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike plates ' || @what, 0))`, pgx.StrictNamedArgs{"what": what})
	if err != nil {
		return fmt.Errorf("wait for %s: %w", what, err)
	}
	return nil
}
