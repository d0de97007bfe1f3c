// Package addressdb stores standard addresses. It knows the tables of migration 0035; what an
// address is, how it is written and what it may become are rules of placenames/addresses.
package addressdb

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/addresses"
)

// Store reads and writes addresses. It is safe for concurrent use.
type Store struct{ db *postgres.DB }

// New gives a store on db.
func New(db *postgres.DB) *Store { return &Store{db: db} }

// mayWrite is the right that every write needs, in the division where the address is and in the
// one where it comes to be.
const mayWrite = "address.write"

// kind is what the audit log and attachments call a record.
const kind = "address"

// stored are the columns of the table or its history that columns needs.
const stored = `adcode, id, version, valid, recorded, level, name_id, parent_id, number, suffix, label, main_id, state, text, short_text, roman, division_code, positions, geom,
	code_layout, code_text, foreign_codes, custody, decision_kind, decision_number, decision_day, decision_body, former, successor_ids, ended_on, note`

// columns of an address, with the alias a, as scan reads them.
const columns = `a.id::text, a.version, a.level, a.name_id::text, coalesce(a.parent_id::text, ''), a.number, a.suffix, a.label, coalesce(a.main_id::text, ''), a.state, a.text,
	a.short_text, a.roman, a.division_code, a.positions, a.code_layout, a.code_text, a.foreign_codes, a.custody, a.decision_kind, a.decision_number,
	coalesce(a.decision_day::text, ''), a.decision_body, a.former, a.successor_ids::text[], coalesce(a.ended_on::text, ''), a.note, coalesce(lower(a.valid)::text, '')`

// place is a position as it is stored.
type place struct {
	Kind     string     `json:"kind"`
	Lon      float64    `json:"lon"`
	Lat      float64    `json:"lat"`
	Source   string     `json:"source"`
	Accuracy float64    `json:"accuracy_m"`
	Day      record.Day `json:"day,omitempty"`
	Note     string     `json:"note,omitempty"`
}

func placesOf(all []addresses.Position) []place {
	out := make([]place, len(all))
	for i, p := range all {
		out[i] = place{string(p.Kind), p.Point[0], p.Point[1], string(p.Source), p.Accuracy, p.Day, p.Note}
	}
	return out
}

// scan reads the columns of an address, and behind them what more asks for.
func scan(row pgx.CollectableRow, more ...any) (addresses.Address, error) {
	var a addresses.Address
	var places []place
	targets := append([]any{
		&a.ID, &a.Version, &a.Level, &a.NameID, &a.ParentID, &a.Number, &a.Suffix, &a.Label, &a.MainID, &a.State, &a.Text, &a.Short, &a.Roman, &a.Division,
		&places, &a.Code.Layout, &a.Code.Text, &a.Codes, &a.Custody, &a.Decision.Kind, &a.Decision.Number, &a.Decision.Day, &a.Decision.Body, &a.Former,
		&a.Successors, &a.ValidUntil, &a.Note, &a.ValidFrom,
	}, more...)
	err := row.Scan(targets...)
	a.Main, a.Divisions = a.MainID == "", addresses.DivisionsOf(a.Division)
	for _, p := range places {
		a.Positions = append(a.Positions, addresses.Position{
			Kind: addresses.PositionKind(p.Kind), Point: orb.Point{p.Lon, p.Lat}, Source: addresses.PositionSource(p.Source), Accuracy: p.Accuracy, Day: p.Day, Note: p.Note,
		})
	}
	return a, err
}

func plain() postgres.Found[addresses.Address] {
	return postgres.Found[addresses.Address]{What: "address", Missing: addresses.ErrNotFound, Scan: func(row pgx.CollectableRow) (addresses.Address, error) { return scan(row) }}
}

// shown are the columns of an item behind those of its address.
const shown = columns + `, coalesce((SELECT n.text FROM place_name AS n WHERE n.adcode = a.adcode AND n.id = a.name_id), ''),
	(SELECT count(*)::integer FROM address AS c WHERE c.adcode = a.adcode AND c.parent_id = a.id AND c.state <> 'historical'),
	a.custody = 'own' AND (@system::boolean OR a.division_code LIKE ANY ((SELECT yike_scopes('address.write'))::text[]))`

func items() postgres.Found[addresses.Item] {
	return postgres.Found[addresses.Item]{What: "address", Missing: addresses.ErrNotFound, Scan: func(row pgx.CollectableRow) (addresses.Item, error) {
		var i addresses.Item
		var err error
		i.Address, err = scan(row, &i.Name, &i.Within, &i.MayWrite)
		return i, err
	}}
}

func readerArgs(w postgres.Writer) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"adcode": w.AdCode, "system": w.Account == ""}
}

// ByID gives one address as the writer may see it, or addresses.ErrNotFound.
func (s *Store) ByID(ctx context.Context, w postgres.Writer, id string) (addresses.Item, error) {
	all, err := s.Some(ctx, w, []string{id})
	if err == nil && len(all) == 0 {
		err = addresses.ErrNotFound
	}
	if err != nil {
		return addresses.Item{}, err
	}
	return all[0], nil
}

// Some gives the addresses of some ids, in no order; one that is not there, or that the writer may
// not see, is left out.
func (s *Store) Some(ctx context.Context, w postgres.Writer, ids []string) ([]addresses.Item, error) {
	var out []addresses.Item
	args := readerArgs(w)
	args["ids"] = onlyIDs(ids)
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = items().All(q.Query(ctx, `SELECT `+shown+` FROM address AS a WHERE a.adcode = @adcode AND a.id = ANY (@ids::uuid[])`, args))
		return err
	})
	return out, err
}

// AsOf gives one address as it stood on a day, or addresses.ErrNotFound. Without the right to read
// history it is the present version, if that holds on the day.
func (s *Store) AsOf(ctx context.Context, w postgres.Writer, id string, day record.Day) (addresses.Item, error) {
	if !postgres.IsID(id) {
		return addresses.Item{}, addresses.ErrNotFound
	}
	var out addresses.Item
	args := postgres.AsOfArgs(record.At{Valid: day}, readerArgs(w))
	args["id"] = id
	err := s.db.Read(ctx, w, func(q postgres.Querier) (err error) {
		out, err = items().One(q.Query(ctx, `SELECT `+shown+` FROM `+history().AsOf(stored)+` AS a WHERE a.adcode = @adcode AND a.id = @id`, args))
		return err
	})
	return out, err
}

// Lineage gives the addresses that one is within, from the top down to the address itself.
func (s *Store) Lineage(ctx context.Context, w postgres.Writer, id string) ([]addresses.Address, error) {
	var out []addresses.Address
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := above(ctx, q, w.AdCode, []string{id})
		out = chainOf(rows, id)
		return err
	})
	return out, err
}

// chainOf gives the chain that ends in an id, from the top; what is not in all ends it.
func chainOf(all map[string]addresses.Address, id string) []addresses.Address {
	var out []addresses.Address
	for a, ok := all[id]; ok && len(out) <= len(addresses.Levels()); a, ok = all[a.ParentID] {
		out = append([]addresses.Address{a}, out...)
	}
	return out
}

// above reads addresses with all that they are within, by id.
func above(ctx context.Context, q postgres.Querier, adcode string, ids []string) (map[string]addresses.Address, error) {
	out := map[string]addresses.Address{}
	ids = onlyIDs(ids)
	if len(ids) == 0 {
		return out, nil
	}
	list, err := plain().All(q.Query(ctx, `
WITH RECURSIVE up AS (
	SELECT t.id, t.parent_id FROM address AS t WHERE t.adcode = @adcode AND t.id = ANY (@ids::uuid[])
	UNION SELECT p.id, p.parent_id FROM up JOIN address AS p ON p.adcode = @adcode AND p.id = up.parent_id
) SELECT `+columns+` FROM address AS a WHERE a.adcode = @adcode AND a.id IN (SELECT up.id FROM up)`, pgx.StrictNamedArgs{"adcode": adcode, "ids": ids}))
	for _, a := range list {
		out[a.ID] = a
	}
	return out, err
}

func onlyIDs(ids []string) []string {
	out := []string{}
	for _, id := range ids {
		if postgres.IsID(id) {
			out = append(out, id)
		}
	}
	return out
}

// row is an address as it is written.
type row struct {
	ID           string                  `json:"id"`
	Level        string                  `json:"level"`
	NameID       string                  `json:"name_id"`
	ParentID     *string                 `json:"parent_id"`
	Number       string                  `json:"number"`
	Suffix       string                  `json:"suffix"`
	Label        string                  `json:"label"`
	MainID       *string                 `json:"main_id"`
	State        string                  `json:"state"`
	Text         string                  `json:"text"`
	Short        string                  `json:"short_text"`
	Roman        string                  `json:"roman"`
	Division     string                  `json:"division_code"`
	Positions    []place                 `json:"positions"`
	Lon          *float64                `json:"lon"`
	Lat          *float64                `json:"lat"`
	Layout       string                  `json:"code_layout"`
	Code         string                  `json:"code_text"`
	Codes        []addresses.ForeignCode `json:"foreign_codes"`
	Custody      string                  `json:"custody"`
	Decided      string                  `json:"decision_kind"`
	DecisionNo   string                  `json:"decision_number"`
	DecisionDay  *string                 `json:"decision_day"`
	DecisionBody string                  `json:"decision_body"`
	Former       []addresses.Former      `json:"former"`
	Successors   []string                `json:"successors"`
	Ended        *string                 `json:"ended_on"`
	Note         string                  `json:"note"`
	From         *string                 `json:"valid_from"`
}

// rowType is what jsonb_to_recordset makes of a row.
const rowType = `r(id uuid, level text, name_id uuid, parent_id uuid, number text, suffix text, label text, main_id uuid, state text, text text, short_text text, roman text,
	division_code text, positions jsonb, lon float8, lat float8, code_layout text, code_text text, foreign_codes jsonb, custody text, decision_kind text, decision_number text,
	decision_day date, decision_body text, former jsonb, successors uuid[], ended_on date, note text, valid_from date)`

// values are the values of a row for the columns of content, in their order.
const values = `r.level, r.name_id, r.parent_id, r.number, r.suffix, r.label, r.main_id, r.state, r.text, r.short_text, r.roman, r.division_code, r.positions,
	CASE WHEN r.lon IS NOT NULL THEN ST_SetSRID(ST_MakePoint(r.lon, r.lat), 4326) END, r.code_layout, r.code_text, r.foreign_codes, r.custody, r.decision_kind,
	r.decision_number, r.decision_day, r.decision_body, r.former, r.successors, r.ended_on, r.note, daterange(r.valid_from, NULL)`

const content = `level, name_id, parent_id, number, suffix, label, main_id, state, text, short_text, roman, division_code, positions, geom, code_layout, code_text, foreign_codes,
	custody, decision_kind, decision_number, decision_day, decision_body, former, successor_ids, ended_on, note, valid`

func rowsOf(all []addresses.Address) ([]byte, error) {
	rows := make([]row, len(all))
	for i, a := range all {
		r := row{
			ID: a.ID, Level: string(a.Level), NameID: a.NameID, ParentID: orNull(a.ParentID), Number: a.Number, Suffix: a.Suffix, Label: a.Label, MainID: orNull(a.MainID),
			State: string(a.State), Text: a.Text, Short: a.Short, Roman: a.Roman, Division: a.Division, Positions: placesOf(a.Positions), Layout: a.Code.Layout, Code: a.Code.Text,
			Codes: some(a.Codes), Custody: string(a.Custody), Decided: string(a.Decision.Kind), DecisionNo: a.Decision.Number, DecisionDay: orNull(string(a.Decision.Day)),
			DecisionBody: a.Decision.Body, Former: some(a.Former), Successors: some(a.Successors), Ended: orNull(string(a.ValidUntil)), Note: a.Note, From: orNull(string(a.ValidFrom)),
		}
		if p, ok := a.At(); ok {
			r.Lon, r.Lat = &p.Point[0], &p.Point[1]
		}
		rows[i] = r
	}
	out, err := json.Marshal(rows)
	if err != nil {
		return nil, fmt.Errorf("write addresses as JSON: %w", err)
	}
	return out, nil
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// why is the reason of a write. An empty one is a fault like others, found inside.
func why(c record.Change) string { return cmp.Or(c.Reason, "?") }

// history is what people are shown of a version of an address.
func history() postgres.History {
	plain := func(column string) postgres.Field { return postgres.Field{Name: column, SQL: column} }
	id := func(column string) postgres.Field {
		return postgres.Field{Name: column, SQL: "coalesce(" + column + "::text, '')"}
	}
	return postgres.History{Table: "address", Fields: []postgres.Field{
		plain("text"), plain("level"), id("name_id"), id("parent_id"), plain("number"), plain("suffix"), plain("label"), id("main_id"), plain("state"), plain("roman"),
		plain("division_code"), plain("positions"),
		{Name: "code", SQL: "jsonb_build_object('layout', code_layout, 'text', code_text)"},
		plain("foreign_codes"), plain("custody"),
		{Name: "decision", SQL: "jsonb_build_object('kind', decision_kind, 'number', decision_number, 'day', coalesce(decision_day::text, ''), 'body', decision_body)"},
		plain("former"),
		{Name: "successor_ids", SQL: "to_jsonb(successor_ids)"},
		{Name: "valid_until", SQL: "coalesce(ended_on::text, '')"},
		plain("note"),
	}}
}

// HistoryOf gives the versions of an address, the newest first, to those who may read the history
// where it is or was last, or addresses.ErrNotFound. Of the time that it was reserved only those
// who number are told.
func (s *Store) HistoryOf(ctx context.Context, w postgres.Writer, id string) ([]postgres.Version, error) {
	return history().Of(ctx, s.db, w, id, addresses.ErrNotFound)
}
