// Package casedb stores the cases of place names (办件) with what happened in them, the
// procedure that an authority follows and its working calendar. It knows the tables of
// migration 0030; what a step needs, what follows from events and which clocks run are rules of
// placenames/process. The records of names belong to
// placenamedb, which writes them in the transaction of the case.
package casedb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/placenamedb"
	"yike/placenames/process"
)

// The rights that cases ask for.
const (
	mayWrite = "placename.write"
	mayRule  = "placename.rules"
)

// Store reads and writes cases. It is safe for concurrent use.
type Store struct {
	db    *postgres.DB
	book  *process.Book
	names *placenamedb.Store
}

// New gives a store on db, with the procedures of the program and the register, to which it
// writes what a case decides.
func New(db *postgres.DB, book *process.Book, names *placenamedb.Store) *Store {
	return &Store{db: db, book: book, names: names}
}

// columns of a case, with the alias c and its record as p, as caseRow reads them. Until it is
// decided a naming is about the name as its record has it now.
const columns = `c.id::text, c.version, c.year, c.no, c.act, c.class, c.kind, c.division_code, c.name_id::text, p.state,
	CASE WHEN c.act = 'naming' AND c.ending = '' AND NOT c.decided THEN p.text ELSE c.text END, c.proposed_text, c.proposed_roman, c.proposed_parts,
	coalesce(c.successor_id::text, ''), c.applicant, c.contact_office, c.reason, c.opened_on::text, c.opened_by, c.rules`

// from is what columns are of.
const from = ` FROM name_case AS c JOIN place_name AS p ON p.adcode = c.adcode AND p.id = c.name_id WHERE c.adcode = @adcode`

// parts are placenames.Parts as they are stored.
type parts struct {
	Specific  string `json:"specific"`
	Modifier  string `json:"modifier,omitempty"`
	Generic   string `json:"generic,omitempty"`
	Confirmed bool   `json:"confirmed,omitempty"`
}

// caseRow is where a case is scanned to.
type caseRow struct {
	d        process.Dossier
	year, no int
	parts    *parts
	rules    json.RawMessage
}

func (r *caseRow) targets() []any {
	d := &r.d
	return []any{
		&d.ID, &d.Version, &r.year, &r.no, &d.Act, &d.Class, &d.Kind, &d.Division, &d.NameID, &d.NameState, &d.Text, &d.Proposed.Text, &d.Proposed.Roman, &r.parts,
		&d.Successor, &d.Applicant, &d.Contact, &d.Reason, &d.OpenedOn, &d.OpenedBy, &r.rules,
	}
}

func (r *caseRow) read() (process.Dossier, error) {
	r.d.Number = number(r.year, r.no)
	if r.parts != nil {
		r.d.Proposed.Parts = placenames.Parts(*r.parts)
	}
	err := r.d.Frozen.Parse(r.rules)
	return r.d, err
}

// number is the number of a case: 2026-007.
func number(year, no int) string { return fmt.Sprintf("%d-%03d", year, no) }

func caseRows() postgres.Found[process.Dossier] {
	return postgres.Found[process.Dossier]{What: "case", Missing: process.ErrNotFound, Scan: func(row pgx.CollectableRow) (process.Dossier, error) {
		var r caseRow
		if err := row.Scan(r.targets()...); err != nil {
			return r.d, err
		}
		return r.read()
	}}
}

// eventColumns of an event, with the alias e, as eventRow reads them. Lists leave out what checks
// said.
const eventColumns = `e.case_id::text, e.id::text, e.no, e.kind, e.step, e.to_step, e.day::text, e.office, e.person, e.entered, e.reason, e.document, e.title,
	e.materials, e.missing, e.papers, e.verdict, e.vote, CASE WHEN @checked THEN e.checked END, e.recorded_by, e.recorded_at`

// vote is a process.Vote as it is stored.
type vote struct {
	For     int `json:"for"`
	Against int `json:"against"`
	Abstain int `json:"abstain"`
}

// eventRow is where an event is scanned to.
type eventRow struct {
	of   string
	e    process.Entry
	vote *vote
}

func (r *eventRow) targets() []any {
	e := &r.e
	return []any{
		&r.of, &e.ID, &e.No, &e.Kind, &e.Step, &e.To, &e.Day, &e.Office, &e.Person, &e.Entered, &e.Reason, &e.Document, &e.Title,
		&e.Materials, &e.Missing, &e.Papers, &e.Verdict, &r.vote, &e.Checked, &e.RecordedBy, &e.RecordedAt,
	}
}

// eventsOf reads the events of cases by their ids, in their order, with what checks said or
// without it.
func eventsOf(ctx context.Context, q postgres.Querier, adcode string, ids []string, checked bool) (map[string][]process.Entry, error) {
	out := map[string][]process.Entry{}
	rows, err := q.Query(ctx, `SELECT `+eventColumns+` FROM name_case_event AS e WHERE e.adcode = @adcode AND e.case_id = ANY (@ids::uuid[]) ORDER BY e.case_id, e.no`,
		pgx.StrictNamedArgs{"adcode": adcode, "ids": append([]string{}, ids...), "checked": checked})
	if err == nil {
		for rows.Next() {
			var r eventRow
			if err = rows.Scan(r.targets()...); err != nil {
				break
			}
			if r.vote != nil {
				v := process.Vote(*r.vote)
				r.e.Vote = &v
			}
			out[r.of] = append(out[r.of], r.e)
		}
		rows.Close()
		if err == nil {
			err = rows.Err()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read what happened in cases: %w", err)
	}
	return out, nil
}

// whole gives cases with their events and where they stand.
func whole(ctx context.Context, q postgres.Querier, adcode string, list []process.Dossier, checked bool) ([]process.Dossier, error) {
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.ID
	}
	events, err := eventsOf(ctx, q, adcode, ids, checked)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Events = events[list[i].ID]
		if err := list[i].Replay(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// one gives one case whole, or process.ErrNotFound.
func one(ctx context.Context, q postgres.Querier, adcode, id string) (process.Dossier, error) {
	if !postgres.IsID(id) {
		return process.Dossier{}, process.ErrNotFound
	}
	d, err := caseRows().One(q.Query(ctx, `SELECT `+columns+from+` AND c.id = @id`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
	if err != nil {
		return d, err
	}
	list, err := whole(ctx, q, adcode, []process.Dossier{d}, true)
	if err != nil {
		return d, err
	}
	return list[0], nil
}

// alone keeps others who ask for the same waiting until the transaction ends.
func alone(ctx context.Context, tx *postgres.Tx, what string) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike cases ' || @what, 0))`, pgx.StrictNamedArgs{"what": what})
	if err != nil {
		return fmt.Errorf("wait for %s: %w", what, err)
	}
	return nil
}

func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	return id.String(), nil
}

func idOf(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}

func dayOf(d record.Day) pgtype.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	return pgtype.Date{Time: t, Valid: err == nil}
}
