// Package paneldb stores what experts, offices, the public and the committee say of proposed
// place names. It knows the tables of migration 0031 and reads cases, records of names and
// roads; what may be said when is a rule of placenames/panel.
package paneldb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/panel"
)

// The rights.
const (
	mayKeep   = "placename.write"
	mayReview = "placename.review"
	mayAnswer = "placename.consult"
	mayRule   = "placename.rules"
	mayReveal = "personal.reveal"
)

// Store reads and writes panels. It is safe for concurrent use.
type Store struct {
	db    *postgres.DB
	usual panel.Rules
}

// New gives a store on db; usual are the rules where an authority has set none.
func New(db *postgres.DB, usual panel.Rules) *Store { return &Store{db: db, usual: usual} }

func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	return id.String(), nil
}

func dayOf(d record.Day) pgtype.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	return pgtype.Date{Time: t, Valid: err == nil}
}

func idOrNull(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}

// alone keeps others who ask for the same waiting until the transaction ends.
func alone(ctx context.Context, tx *postgres.Tx, what string) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yike panel ' || @what, 0))`, pgx.StrictNamedArgs{"what": tx.Writer().AdCode + " " + what})
	if err != nil {
		return fmt.Errorf("wait for %s: %w", what, err)
	}
	return nil
}

// allowed reports whether the reader has a right in a division; "" asks for anywhere.
func allowed(ctx context.Context, q postgres.Querier, w postgres.Writer, action, division string) (bool, error) {
	err := postgres.Require(ctx, q, w, action, division)
	if errors.Is(err, postgres.ErrForbidden) {
		return false, nil
	}
	return err == nil, err
}

// matterColumns of a case, with the alias c. A step is taken up again whenever the case is sent
// back to it or to one before it.
const matterColumns = `c.id::text, c.year, c.no, c.act, coalesce(nullif(c.proposed_text, ''), n.text), CASE WHEN c.act = 'renaming' THEN n.text ELSE '' END,
	CASE WHEN c.act = 'renaming' THEN c.proposed_roman ELSE n.roman END, c.kind, c.division_code, c.applicant, c.reason, c.name_id::text, n.origin, n.meaning,
	n.extent, n.geom, c.ending = '',
	(SELECT count(*) FROM name_case_event AS e WHERE e.adcode = c.adcode AND e.case_id = c.id AND e.kind = 'sent_back' AND e.to_step IN ('application', 'acceptance', 'survey', 'experts')),
	(SELECT count(*) FROM name_case_event AS e WHERE e.adcode = c.adcode AND e.case_id = c.id AND e.kind = 'sent_back' AND e.to_step IN ('application', 'acceptance', 'survey', 'consultation')),
	(SELECT count(*) FROM name_case_event AS e WHERE e.adcode = c.adcode AND e.case_id = c.id AND e.kind = 'sent_back' AND e.to_step IN ('application', 'acceptance', 'survey', 'assessment', 'experts', 'consultation', 'deliberation')),
	@system OR name_case_kept(c.id)
FROM name_case AS c JOIN place_name AS n ON n.adcode = c.adcode AND n.id = c.name_id`

func matterArgs(w postgres.Writer) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"adcode": w.AdCode, "system": w.Account == ""}
}

func scanMatter(row pgx.CollectableRow) (panel.Matter, error) {
	var m panel.Matter
	var year, no int
	var extent struct{ From, To, Via, Position string }
	err := row.Scan(&m.CaseID, &year, &no, &m.Act, &m.Name, &m.Former, &m.Roman, &m.Kind, &m.Division, &m.Applicant, &m.Reason, &m.NameID, &m.Origin, &m.Meaning,
		&extent, &m.Place, &m.Open, &m.Rounds.Experts, &m.Rounds.Consultation, &m.Rounds.Deliberation, &m.MayKeep)
	m.Number = fmt.Sprintf("%d-%03d", year, no)
	var words []string
	for _, part := range []struct{ before, text string }{{"", extent.Position}, {"起点：", extent.From}, {"止点：", extent.To}, {"途经：", extent.Via}} {
		if part.text != "" {
			words = append(words, part.before+part.text)
		}
	}
	m.Extent = strings.Join(words, "；")
	return m, err
}

func matterRows() postgres.Found[panel.Matter] {
	return postgres.Found[panel.Matter]{What: "case of a name", Missing: panel.ErrNotFound, Scan: scanMatter}
}

func matter(ctx context.Context, q postgres.Querier, w postgres.Writer, id string) (panel.Matter, error) {
	if !postgres.IsID(id) {
		return panel.Matter{}, panel.ErrNotFound
	}
	args := matterArgs(w)
	args["id"] = id
	return matterRows().One(q.Query(ctx, `SELECT `+matterColumns+` WHERE c.adcode = @adcode AND c.id = @id`, args))
}

// Matters gives the open cases, by their numbers: for the agenda of a meeting.
func (s *Store) Matters(ctx context.Context, w postgres.Writer) ([]panel.Matter, error) {
	var out []panel.Matter
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = matterRows().All(q.Query(ctx, `SELECT `+matterColumns+` WHERE c.adcode = @adcode AND c.ending = '' ORDER BY c.year, c.no`, matterArgs(w)))
		return err
	})
	return out, err
}

// keep gives an open case whose record the writer keeps, and has all others who write on its
// panels wait until the transaction ends.
func keep(ctx context.Context, tx *postgres.Tx, id string) (panel.Matter, error) {
	if err := tx.Require(ctx, mayKeep, ""); err != nil {
		return panel.Matter{}, err
	}
	m, err := matter(ctx, tx, tx.Writer(), id)
	if err != nil {
		return m, err
	}
	if err := tx.Require(ctx, mayKeep, m.Division); err != nil {
		return m, err
	}
	if !m.Open {
		return m, panel.ErrEnded
	}
	return m, alone(ctx, tx, "case "+id)
}

func note(m panel.Matter, action string, after any) postgres.Note {
	return postgres.Note{Action: action, Kind: "name_case", ID: m.CaseID, Division: m.Division, After: after}
}

// noteOwn is note for what belongs to the authority as a whole.
func noteOwn(w postgres.Writer, kind, action, id string, before, after any) postgres.Note {
	return postgres.Note{Action: action, Kind: kind, ID: id, Division: w.AdCode, Before: before, After: after}
}
