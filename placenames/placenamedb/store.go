// Package placenamedb stores the register of standard place names and the name plan. It knows
// the tables of migration 0027; what a record is and what it may become are rules of
// placenames, which the database holds once more.
//
// Methods that end in In work inside a write of somebody else, who decides on a record and
// keeps the decision in the same transaction.
package placenamedb

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/internal/hanzi"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
)

// Store reads and writes place names. It is safe for concurrent use.
type Store struct {
	db        *postgres.DB
	catalogue *placenames.Catalogue
	sounds    *hanzi.Sounds
	speller   *hanzi.Speller
}

// New gives a store on db, which holds records against the catalogue.
func New(db *postgres.DB, c *placenames.Catalogue) *Store {
	sounds := hanzi.NewSounds()
	return &Store{db: db, catalogue: c, sounds: sounds, speller: hanzi.NewSpeller(sounds)}
}

// The rights that writes need, in the division that decides on the record.
const (
	mayWrite  = "placename.write"
	mayDecide = "placename.decide"
)

// kind is what the audit log and attachments call a record.
const kind = "name"

// why is the reason of a write. An empty one is a fault like others, found inside.
func why(c record.Change) string { return cmp.Or(c.Reason, "?") }

func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	return id.String(), nil
}

// stored are the columns of the table that columns reads, for its past.
const stored = `adcode, id, version, text, specific, modifier, generic, parts_confirmed, roman, readings, kind, class, initial, state, divisions, division_code,
	built_up_area, famous, important, geom, extent, size, origin, meaning, aliases, former, decision_kind, decision_number, decision_day, decision_body,
	decision_title, heritage, planned, parent_id, host_id, successor_id, reuses_id, reuses_reason, note, valid`

// columns of a record, with the alias n, as nameRow reads them.
const columns = `n.id::text, n.version, n.text, n.specific, n.modifier, n.generic, n.parts_confirmed, n.roman, n.readings, n.kind, n.class, n.state, n.divisions,
	n.built_up_area, n.famous, n.important, n.geom, n.extent, n.size, n.origin, n.meaning, n.aliases, n.former, ` + decision + `, n.heritage,
	coalesce(n.planned::text, ''), coalesce(n.parent_id::text, ''), coalesce(n.host_id::text, ''), coalesce(n.successor_id::text, ''),
	coalesce(n.reuses_id::text, ''), n.reuses_reason, n.note, coalesce(lower(n.valid)::text, '')`

const decision = `n.decision_kind, n.decision_number, coalesce(n.decision_day::text, ''), n.decision_body, n.decision_title`

func decisionTargets(d *placenames.Decision) []any {
	return []any{&d.Kind, &d.Number, &d.Day, &d.Body, &d.Title}
}

// nameRow is where a record is scanned to.
type nameRow struct {
	item   placenames.Item
	reuses placenames.Reuse
}

func (r *nameRow) targets() []any {
	n := &r.item.Name
	out := []any{
		&n.ID, &n.Version, &n.Text, &n.Parts.Specific, &n.Parts.Modifier, &n.Parts.Generic, &n.Parts.Confirmed, &n.Roman, &n.Readings, &n.Kind, &r.item.Class, &n.State,
		&n.Divisions, &n.BuiltUpArea, &n.Famous, &n.Important, &n.Geometry, &n.Extent, &n.Size, &n.Origin, &n.Meaning, &n.Aliases, &n.Former,
	}
	out = append(out, decisionTargets(&n.Decision)...)
	return append(out, &n.Heritage, &n.Planned, &n.ParentID, &n.HostID, &n.SuccessorID, &r.reuses.ID, &r.reuses.Reason, &n.Note, &n.ValidFrom)
}

func (r *nameRow) read() placenames.Item {
	n := &r.item.Name
	if r.reuses.ID != "" {
		n.Reuses = &r.reuses
	}
	n.Readings, n.Aliases, n.Former = kept(n.Readings), kept(n.Aliases), kept(n.Former)
	return r.item
}

func kept[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func nameRows() postgres.Found[placenames.Name] {
	return postgres.Found[placenames.Name]{What: "place name", Missing: placenames.ErrNotFound, Scan: func(row pgx.CollectableRow) (placenames.Name, error) {
		var r nameRow
		err := row.Scan(r.targets()...)
		return r.read().Name, err
	}}
}

// present gives the present version of one record.
func present(ctx context.Context, q postgres.Querier, adcode, id string) (placenames.Name, error) {
	if !postgres.IsID(id) {
		return placenames.Name{}, placenames.ErrNotFound
	}
	return nameRows().One(q.Query(ctx, `SELECT `+columns+` FROM place_name AS n WHERE n.adcode = @adcode AND n.id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// contentArgs are the parameters of everything that is written of a record.
func (s *Store) contentArgs(n placenames.Name) (pgx.StrictNamedArgs, error) {
	_, class, ok := s.catalogue.Of(n.Kind)
	if !ok {
		return nil, fmt.Errorf("a place name of the kind %q, which is not in the catalogue", n.Kind)
	}
	args := pgx.StrictNamedArgs{
		"text": n.Text, "specific": n.Parts.Specific, "modifier": n.Parts.Modifier, "generic": n.Parts.Generic, "parts_confirmed": n.Parts.Confirmed, "roman": n.Roman,
		"readings": append([]string{}, n.Readings...), "initial": s.initial(n), "kind": n.Kind, "class": class.Code.Code, "state": string(n.State), "divisions": n.Divisions,
		"built_up_area": n.BuiltUpArea, "famous": n.Famous, "important": n.Important, "geom": n.Geometry, "origin": n.Origin, "meaning": n.Meaning,
		"decision_kind": string(n.Decision.Kind), "decision_number": n.Decision.Number, "decision_day": dayOf(n.Decision.Day), "decision_body": n.Decision.Body,
		"decision_title": n.Decision.Title, "planned": idOrNull(n.Planned), "parent": idOrNull(n.ParentID), "host": idOrNull(n.HostID),
		"successor": idOrNull(n.SuccessorID), "reuses_id": nil, "reuses_reason": "", "note": n.Note, "from": string(n.ValidFrom),
	}
	if n.Reuses != nil {
		args["reuses_id"], args["reuses_reason"] = n.Reuses.ID, n.Reuses.Reason
	}
	for name, v := range map[string]any{
		"extent": n.Extent, "size": n.Size, "aliases": append([]placenames.Alias{}, n.Aliases...), "former": append([]placenames.Former{}, n.Former...), "heritage": n.Heritage,
	} {
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("encode the %s of a place name: %w", name, err)
		}
		if string(raw) == "null" {
			raw = nil
		}
		args[name] = raw
	}
	return args, nil
}

// initial is the letter under which a name stands in a gazetteer: of its spelling where it was
// confirmed, else of the usual reading of its first character.
func (s *Store) initial(n placenames.Name) string {
	first := ""
	switch {
	case n.Roman != "":
		first = hanzi.Toneless(strings.ToLower(n.Roman))
	case len(n.Readings) > 0:
		first = hanzi.Toneless(n.Readings[0])
	default:
		r, _ := utf8.DecodeRuneInString(n.Text)
		if readings := s.sounds.Of(r); len(readings) > 0 {
			first = readings[0]
		}
	}
	if first == "" || first[0] < 'a' || first[0] > 'z' {
		return ""
	}
	return strings.ToUpper(first[:1])
}

func idOrNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

func dayOf(d record.Day) pgtype.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	return pgtype.Date{Time: t, Valid: err == nil}
}
