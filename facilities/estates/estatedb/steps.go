package estatedb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/postgres"
	"yike/internal/record"
)

// mayAnswer is the right to give opinions.
const mayAnswer = "estate.opinion"

// asked is an estates.Duty as a request keeps it.
type asked struct {
	Norm    premises.Norm `json:"norm"`
	Office  string        `json:"office"`
	Days    int           `json:"days"`
	OwnOnly bool          `json:"own_only,omitempty"`
	Series  string        `json:"series,omitempty"`
	Source  string        `json:"source,omitempty"`
}

// stepColumns of an event, with the alias s, as stepRow reads them.
const stepColumns = `s.estate_id::text, s.id::text, s.no, s.kind, coalesce(s.corrects::text, ''), s.milestone, s.day::text, s.words, s.by_whom, s.asked,
	s.norm, s.office, s.verdict, s.letter, s.series, s.signer, coalesce(s.rectify_by::text, ''), s.reason, s.recorded_by, s.recorded_at,
	coalesce(s.opinion_id::text, ''), coalesce(s.met, false), s.document`

// stepRow is where an event is scanned to.
type stepRow struct {
	estate, id, corrects       string
	no                         int
	kind, milestone            string
	day, rectifyBy             record.Day
	words, by                  string
	asked                      []asked
	norm                       premises.Norm
	office, letter, series     string
	verdict                    estates.Verdict
	signer, reason, recordedBy string
	recordedAt                 time.Time
	opinion, document          string
	met                        bool
	checked                    *estates.Frozen
}

func (r *stepRow) targets() []any {
	return []any{
		&r.estate, &r.id, &r.no, &r.kind, &r.corrects, &r.milestone, &r.day, &r.words, &r.by, &r.asked,
		&r.norm, &r.office, &r.verdict, &r.letter, &r.series, &r.signer, &r.rectifyBy, &r.reason, &r.recordedBy, &r.recordedAt,
		&r.opinion, &r.met, &r.document,
	}
}

func (r *stepRow) read() (estates.Event, error) {
	m, ok := estates.ParseMilestone(r.milestone)
	if !ok {
		return estates.Event{}, fmt.Errorf("event %s is of an unknown milestone %q", r.id, r.milestone)
	}
	e := estates.Event{
		ID: r.id, No: r.no, Corrects: r.corrects, Series: r.series, Checked: r.checked, Reason: r.reason, RecordedBy: r.recordedBy, RecordedAt: r.recordedAt,
	}
	if r.kind == "condition" {
		e.Mark = &estates.ConditionMark{ID: r.id, Opinion: r.opinion, Met: r.met, Day: r.day, By: r.by, Document: r.document, Note: r.words}
		return e, nil
	}
	if r.kind == "opinion" {
		e.Opinion = &estates.Opinion{
			ID: r.id, Milestone: m, Norm: r.norm, Office: r.office, Verdict: r.verdict, Letter: r.letter, Day: r.day, Signer: r.signer, Text: r.words, RectifyBy: r.rectifyBy,
		}
		return e, nil
	}
	e.Request = &estates.Request{ID: r.id, Milestone: m, Day: r.day, By: r.by, Note: r.words}
	for _, a := range r.asked {
		e.Asked = append(e.Asked, estates.Duty{Milestone: m, Norm: a.Norm, Office: a.Office, Days: a.Days, OwnOnly: a.OwnOnly, Series: a.Series, Source: a.Source})
		e.Request.Norms = append(e.Request.Norms, a.Norm)
	}
	return e, nil
}

// eventsOf reads the events of an estate in their order, with what was checked.
func eventsOf(ctx context.Context, q postgres.Querier, adcode, id string) ([]estates.Event, error) {
	rows, err := q.Query(ctx, `SELECT `+stepColumns+`, s.checked FROM estate_step AS s WHERE s.adcode = @adcode AND s.estate_id = @id ORDER BY s.no`,
		pgx.StrictNamedArgs{"adcode": adcode, "id": id})
	var out []estates.Event
	if err == nil {
		out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (estates.Event, error) {
			var r stepRow
			if err := row.Scan(append(r.targets(), &r.checked)...); err != nil {
				return estates.Event{}, err
			}
			return r.read()
		})
	}
	if err != nil {
		return nil, fmt.Errorf("read the milestones of estate %s: %w", id, err)
	}
	return out, nil
}

// Steps are the milestones of an estate as a person may see and go on with them.
type Steps struct {
	Estate estates.Item
	Events []estates.Event // in the order of recording
	// Speaks tells for which offices the reader may record an opinion that is asked for.
	Speaks map[Office]bool
}

// Office is one that was asked, and whether it alone answers.
type Office struct {
	Name    string
	OwnOnly bool
}

// Steps gives the milestones of one estate, or estates.ErrNotFound.
func (s *Store) Steps(ctx context.Context, w postgres.Writer, id string) (Steps, error) {
	if !postgres.IsID(id) {
		return Steps{}, estates.ErrNotFound
	}
	var out Steps
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		args := readerArgs(w)
		args["id"] = id
		var err error
		if out.Estate, err = itemRows().One(q.Query(ctx, items+` AND e.id = @id`, args)); err != nil {
			return err
		}
		if out.Events, err = eventsOf(ctx, q, w.AdCode, id); err != nil {
			return err
		}
		out.Speaks, err = speaks(ctx, q, w, out.Estate.DivisionCode, out.Events)
		return err
	})
	return out, err
}

// speaks asks the database for which of the offices of requests the reader may answer.
func speaks(ctx context.Context, q postgres.Querier, w postgres.Writer, division string, events []estates.Event) (map[Office]bool, error) {
	out := map[Office]bool{}
	for _, e := range events {
		for _, d := range e.Asked {
			o := Office{d.Office, d.OwnOnly}
			if _, known := out[o]; known {
				continue
			}
			may := false
			err := q.QueryRow(ctx, `SELECT @system OR estate_speaks_for(@division, @office, @own)`,
				pgx.StrictNamedArgs{"system": w.Account == "", "division": division, "office": o.Name, "own": o.OwnOnly}).Scan(&may)
			if err != nil {
				return nil, fmt.Errorf("ask who may answer for %s: %w", o.Name, err)
			}
			out[o] = may
		}
	}
	return out, nil
}

// EventsOf gives the events of estates by their ids, in the order of recording and without
// what was checked: for lists. Without ids it gives those of every estate.
func (s *Store) EventsOf(ctx context.Context, w postgres.Writer, ids ...string) (map[string][]estates.Event, error) {
	out := map[string][]estates.Event{}
	all := len(ids) == 0
	if ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !postgres.IsID(id) }); !all && len(ids) == 0 {
		return out, nil
	}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT `+stepColumns+` FROM estate_step AS s WHERE s.adcode = @adcode AND (@all OR s.estate_id = ANY (@ids::uuid[])) ORDER BY s.estate_id, s.no`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "all": all, "ids": append([]string{}, ids...)})
		if err != nil {
			return err
		}
		var r stepRow
		_, err = pgx.ForEachRow(rows, r.targets(), func() error {
			e, err := r.read()
			out[r.estate] = append(out[r.estate], e)
			r.asked = nil
			return err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the milestones of estates: %w", err)
	}
	return out, nil
}

// OpinionByID gives an opinion as its last correction restates it, with its estate and every
// event of that, or estates.ErrNotFound: for its letter.
func (s *Store) OpinionByID(ctx context.Context, w postgres.Writer, estate, id string) (Steps, estates.Event, error) {
	steps, err := s.Steps(ctx, w, estate)
	if err != nil {
		return steps, estates.Event{}, err
	}
	list, _ := estates.Corrected(steps.Events)
	for _, e := range list {
		if e.ID == id && e.Opinion != nil {
			return steps, e, nil
		}
	}
	return steps, estates.Event{}, estates.ErrNotFound
}

// errMoved says that an estate is not as it was when it was checked.
var errMoved = errors.New("the estate was changed since it was checked")
