// Package consequencedb asks the database what carries a name, what has to follow another one and
// what has followed, and keeps unit costs and what people said of single things. It knows the
// tables of migration 0041, and of others only which of their words may say a name; what follows
// from that is decided in placenames/consequences.
package consequencedb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/consequences"
)

// Store asks and keeps consequences. It is safe for concurrent use.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// The rights of what is written: of marks in the division of the name, of prices in the authority.
const (
	mayWrite = "placename.write"
	mayRule  = "placename.rules"
)

// MostShown is how many carriers of a kind a report has at most; its counts are exact.
const MostShown = 200

// columns of a name, with the alias n, as scan reads them.
const columns = `n.id::text, n.text, n.roman, n.kind, n.state, n.divisions, n.former, n.decision_kind, n.decision_number, coalesce(n.decision_day::text, ''), n.decision_body,
	n.decision_title, coalesce(n.successor_id::text, ''), coalesce(lower(n.valid)::text, '')`

func scan(row pgx.CollectableRow, more ...any) (placenames.Name, error) {
	var n placenames.Name
	d := &n.Decision
	err := row.Scan(append([]any{
		&n.ID, &n.Text, &n.Roman, &n.Kind, &n.State, &n.Divisions, &n.Former, &d.Kind, &d.Number, &d.Day, &d.Body, &d.Title, &n.SuccessorID, &n.ValidFrom,
	}, more...)...)
	return n, err
}

// one gives one name, or placenames.ErrNotFound.
func one(ctx context.Context, q postgres.Querier, adcode, id string) (placenames.Name, error) {
	if !postgres.IsID(id) {
		return placenames.Name{}, placenames.ErrNotFound
	}
	names := postgres.Found[placenames.Name]{What: "place name", Missing: placenames.ErrNotFound, Scan: func(row pgx.CollectableRow) (placenames.Name, error) { return scan(row) }}
	return names.One(q.Query(ctx, `SELECT `+columns+` FROM place_name AS n WHERE n.adcode = @adcode AND n.id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// around gives the names that have a word as a part, and how many other names in use are the word.
func around(ctx context.Context, q postgres.Querier, adcode, id string, words []string) (longer []string, shared int, err error) {
	rows, err := q.Query(ctx, `
SELECT DISTINCT n.text, n.id <> @id AND n.state IN ('approved', 'contested', 'customary') FROM place_name AS n, unnest(@words::text[]) AS w
WHERE n.adcode = @adcode AND strpos(n.text, w) > 0`, pgx.StrictNamedArgs{"adcode": adcode, "id": id, "words": words})
	if err == nil {
		var text string
		var other bool
		_, err = pgx.ForEachRow(rows, []any{&text, &other}, func() error {
			switch {
			case !slices.Contains(words, text):
				longer = append(longer, text)
			case other:
				shared++
			}
			return nil
		})
	}
	if err != nil {
		return nil, 0, fmt.Errorf("look for names that have a name as a part: %w", err)
	}
	return longer, shared, nil
}

// patterns are those of the divisions of a name, and of what is below them.
func patterns(n placenames.Name) []string {
	out := make([]string, len(n.Divisions))
	for i, code := range n.Divisions {
		out[i] = code + "%"
	}
	return out
}

// Before gives what carries a name now, and what changing it costs. It returns
// placenames.ErrNotFound.
func (s *Store) Before(ctx context.Context, w postgres.Writer, id string) (placenames.Name, consequences.Report, error) {
	var n placenames.Name
	var out consequences.Report
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if n, err = one(ctx, q, w.AdCode, id); err != nil {
			return err
		}
		longer, shared, err := around(ctx, q, w.AdCode, id, []string{n.Text})
		if err != nil {
			return err
		}
		of := sought{name: id, words: []string{n.Text}}
		if out.Shared = shared > 0; out.Shared {
			of.within = patterns(n)
		}
		for _, src := range sources() {
			list, err := src.look(ctx, q, false, of.args(w.AdCode), of, longer)
			if err != nil {
				return err
			}
			g := consequences.Group{Kind: src.kind, Count: len(list), Items: []consequences.Carrier{}}
			for _, f := range list[:min(len(list), MostShown)] {
				g.Items = append(g.Items, f.of)
			}
			out.Groups = append(out.Groups, g)
		}
		prices, _, err := prices(ctx, q, w.AdCode)
		out.Cost = consequences.Weigh(out.Groups, prices)
		return err
	})
	return n, out, err
}

// seek gives what is looked for of a name that was another, or ended; false for nothing. What is
// again the name of another place counts in the divisions of this one only.
func seek(ctx context.Context, q postgres.Querier, adcode string, n placenames.Name) (of sought, longer []string, some bool, err error) {
	of = sought{name: n.ID, words: consequences.Told(n)}
	if len(of.words) == 0 {
		return of, nil, false, nil
	}
	longer, shared, err := around(ctx, q, adcode, n.ID, of.words)
	if shared > 0 {
		of.within = patterns(n)
	}
	return of, longer, true, err
}

// since is the day of the first decision after which something has to follow.
func since(n placenames.Name) string {
	day := n.Decision.Day
	for _, f := range n.Former {
		if f.Until != "" && (day == "" || f.Until < day) {
			day = f.Until
		}
	}
	if day == "" {
		return "-infinity"
	}
	return string(day)
}

// After gives what has to follow another name of a place or its end, and what has followed as far
// as the reader may know the history of records. It returns placenames.ErrNotFound.
func (s *Store) After(ctx context.Context, w postgres.Writer, id string) (placenames.Name, []consequences.Task, error) {
	var n placenames.Name
	var out []consequences.Task
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if n, err = one(ctx, q, w.AdCode, id); err != nil {
			return err
		}
		of, longer, some, err := seek(ctx, q, w.AdCode, n)
		if err != nil || !some {
			return err
		}
		open, err := still(ctx, q, w.AdCode, of, longer)
		if err != nil {
			return err
		}
		past, err := said(ctx, q, w.AdCode, of, longer, since(n))
		if err != nil {
			return err
		}
		marks, err := marksOf(ctx, q, w.AdCode, id)
		out = consequences.Follow(open, past, marks)
		return err
	})
	return n, out, err
}

// still gives what says one of the words now.
func still(ctx context.Context, q postgres.Querier, adcode string, of sought, longer []string) ([]consequences.Carrier, error) {
	var out []consequences.Carrier
	for _, src := range sources() {
		if !src.past {
			continue
		}
		list, err := src.look(ctx, q, false, of.args(adcode), of, longer)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			if f.of.Says != "" {
				out = append(out, f.of)
			}
		}
	}
	return out, nil
}

// said gives what said one of the words since a day, with who ended that.
func said(ctx context.Context, q postgres.Querier, adcode string, of sought, longer []string, since string) ([]consequences.Past, error) {
	var list []found
	for _, src := range sources() {
		if !src.past {
			continue
		}
		a := of.args(adcode)
		a["since"], a["wrote"] = since, src.wrote
		found, err := src.look(ctx, q, true, a, of, longer)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	changes := make([]string, 0, len(list))
	for _, f := range list {
		changes = append(changes, f.change)
	}
	slices.Sort(changes)
	rows, err := q.Query(ctx, `SELECT id::text, who FROM yike_changers(@adcode, @changes::uuid[])`, pgx.StrictNamedArgs{"adcode": adcode, "changes": slices.Compact(changes)})
	by := map[string]string{}
	if err == nil {
		var id, who string
		_, err = pgx.ForEachRow(rows, []any{&id, &who}, func() error { by[id] = who; return nil })
	}
	if err != nil {
		return nil, fmt.Errorf("look who changed what said a name: %w", err)
	}
	out := make([]consequences.Past, 0, len(list))
	for _, f := range list {
		if f.of.Says != "" {
			out = append(out, consequences.Past{Carrier: f.of, By: by[f.change], At: f.until})
		}
	}
	return out, nil
}

func marksOf(ctx context.Context, q postgres.Querier, adcode, id string) ([]consequences.Mark, error) {
	rows, err := q.Query(ctx, `SELECT kind, item_id::text, state, reason, said_by, said_at FROM name_follow_mark WHERE adcode = @adcode AND name_id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id})
	if err != nil {
		return nil, fmt.Errorf("read what people said of things to follow: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[consequences.Mark])
}

// Mark keeps what somebody says of one thing to follow, once for each key of the writer. It
// returns placenames.ErrNotFound, a *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Mark(ctx context.Context, w postgres.Writer, id string, m consequences.Mark) error {
	why := m.Reason
	if why == "" {
		why = "?"
	}
	_, err := postgres.WriteOnce(ctx, s.db, w, why, func(tx *postgres.Tx) (string, error) {
		n, err := one(ctx, tx, w.AdCode, id)
		if err != nil {
			return "", err
		}
		faults := m.Validate()
		if !postgres.IsID(m.ItemID) {
			faults = append(faults, record.Fault{Field: "item_id", Value: m.ItemID, ZH: "应为一条记录的编号", EN: "must be the id of a record"})
		}
		if err := record.Invalid(faults); err != nil {
			return "", err
		}
		if err := tx.Require(ctx, mayWrite, n.Divisions[0]); err != nil {
			return "", err
		}
		made, err := uuid.NewV7()
		if err != nil {
			return "", fmt.Errorf("new id: %w", err)
		}
		_, err = tx.Exec(ctx, `
INSERT INTO name_follow_mark (adcode, id, name_id, kind, item_id, state, reason, said_by, division_code)
VALUES (@adcode, @id, @name, @kind, @item, @state, @reason, @who, @division)
ON CONFLICT (adcode, name_id, kind, item_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, said_by = excluded.said_by, said_at = now()`, pgx.StrictNamedArgs{
			"adcode": w.AdCode, "id": made.String(), "name": id, "kind": string(m.Kind), "item": m.ItemID, "state": string(m.State), "reason": m.Reason,
			"who": w.Who, "division": n.Divisions[0],
		})
		if err != nil {
			return "", fmt.Errorf("keep what somebody says of a thing to follow: %w", err)
		}
		tx.Note(postgres.Note{Action: "name.follow", Kind: "name", ID: id, Division: n.Divisions[0], After: map[string]any{"kind": m.Kind, "item": m.ItemID, "state": m.State}})
		return m.ItemID, nil
	})
	return err
}

// prices are the unit costs of an authority and their version; none and 0 where it has set none.
func prices(ctx context.Context, q postgres.Querier, adcode string) ([]consequences.Price, int, error) {
	var out []consequences.Price
	var version int
	err := q.QueryRow(ctx, `SELECT version, prices FROM name_unit_cost WHERE adcode = @adcode`, pgx.StrictNamedArgs{"adcode": adcode}).Scan(&version, &out)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read unit costs: %w", err)
	}
	return out, version, nil
}

// Prices gives the unit costs of the authority, their version, and whether the reader may set them.
func (s *Store) Prices(ctx context.Context, w postgres.Writer) (list []consequences.Price, version int, may bool, err error) {
	err = s.db.Read(ctx, w, func(q postgres.Querier) error {
		if list, version, err = prices(ctx, q, w.AdCode); err != nil {
			return err
		}
		err := postgres.Require(ctx, q, w, mayRule, w.AdCode)
		may = err == nil
		if errors.Is(err, postgres.ErrForbidden) {
			return nil
		}
		return err
	})
	return list, version, may, err
}

// SetPrices sets the unit costs as a whole, of which the writer saw the version expected; 0 where
// there were none. It returns a *postgres.StaleError, a *record.InvalidError and what
// postgres.Write does.
func (s *Store) SetPrices(ctx context.Context, w postgres.Writer, expected int, list []consequences.Price, reason string, today record.Day) error {
	why := reason
	if why == "" {
		why = "?"
	}
	return s.db.Write(ctx, w, why, func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayRule, w.AdCode); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike name costs ' || @adcode, 0))`, pgx.StrictNamedArgs{"adcode": w.AdCode}); err != nil {
			return fmt.Errorf("wait for unit costs: %w", err)
		}
		before, version, err := prices(ctx, tx, w.AdCode)
		if err != nil {
			return err
		}
		if version != expected {
			return &postgres.StaleError{Current: version}
		}
		_, faults := record.Change{Reason: reason}.Check(today)
		if err := record.Invalid(append(faults, consequences.ValidatePrices(list, today)...)); err != nil {
			return err
		}
		raw, err := json.Marshal(append([]consequences.Price{}, list...))
		if err != nil {
			return fmt.Errorf("encode unit costs: %w", err)
		}
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("new id: %w", err)
		}
		_, err = tx.Exec(ctx, `INSERT INTO name_unit_cost (adcode, id, prices) VALUES (@adcode, @id, @prices) ON CONFLICT (adcode) DO UPDATE SET prices = excluded.prices`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id.String(), "prices": raw})
		if err != nil {
			return fmt.Errorf("set unit costs: %w", err)
		}
		tx.Note(postgres.Note{Action: "name_unit_cost.set", Kind: "name_unit_cost", Division: w.AdCode, Before: before, After: list})
		return nil
	})
}
