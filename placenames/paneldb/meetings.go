package paneldb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/panel"
)

const meetingQuery = `
SELECT m.id::text, m.version, m.year, m.no, m.day::text, m.at_time, m.place, coalesce(m.chair_id::text, ''), m.state, m.agenda, m.presence, m.note
FROM name_meeting AS m WHERE m.adcode = @adcode`

func meetingRows() postgres.Found[panel.Meeting] {
	return postgres.Found[panel.Meeting]{What: "meeting", Missing: panel.ErrNotFound, Scan: func(row pgx.CollectableRow) (panel.Meeting, error) {
		var m panel.Meeting
		var year, no int
		err := row.Scan(&m.ID, &m.Version, &year, &no, &m.Day, &m.Time, &m.Place, &m.ChairID, &m.State, &m.Agenda, &m.Presence, &m.Note)
		m.Number = fmt.Sprintf("%d-%02d", year, no)
		return m, err
	}}
}

func meetingsOf(ctx context.Context, q postgres.Querier, adcode, caseID string) ([]panel.Meeting, error) {
	return meetingRows().All(q.Query(ctx, meetingQuery+` AND m.agenda @> jsonb_build_array(jsonb_build_object('case_id', @case::text)) ORDER BY m.day, m.no`,
		pgx.StrictNamedArgs{"adcode": adcode, "case": caseID}))
}

// Meetings gives the meetings of the committee that the reader may see, the latest first; of one
// case where its id is given.
func (s *Store) Meetings(ctx context.Context, w postgres.Writer, caseID string) ([]panel.Meeting, bool, error) {
	var out []panel.Meeting
	may := false
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = meetingRows().All(q.Query(ctx, meetingQuery+`
	AND (@case = '' OR m.agenda @> jsonb_build_array(jsonb_build_object('case_id', @case::text))) ORDER BY m.day DESC, m.year DESC, m.no DESC`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "case": caseID}))
		if err != nil {
			return err
		}
		may, err = allowed(ctx, q, w, mayKeep, "")
		return err
	})
	return out, may, err
}

// Meeting gives one meeting with who sits on the committee on its day, the rules, and whether the
// reader may write it up, or panel.ErrNotFound.
func (s *Store) Meeting(ctx context.Context, w postgres.Writer, id string) (panel.Meeting, panel.Rules, bool, error) {
	var out panel.Meeting
	var rules panel.Rules
	may := false
	if !postgres.IsID(id) {
		return out, rules, may, panel.ErrNotFound
	}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		out, err = meetingRows().One(q.Query(ctx, meetingQuery+` AND m.id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}))
		if err != nil {
			return err
		}
		if rules, err = s.rulesOf(ctx, q, w.AdCode); err != nil {
			return err
		}
		may, err = allowed(ctx, q, w, mayKeep, "")
		return err
	})
	return out, rules, may && out.State == panel.Planned, err
}

// SaveMeeting makes a meeting, where there is no id, or changes one that is planned and that the
// writer saw in a version: day, place, agenda, presence, notes and decisions. Cases get their
// numbers and names, members theirs, as they are. Closing ends it: then its minutes are never
// changed. It gives the id, and returns panel.ErrNotFound, a *postgres.StaleError, a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) SaveMeeting(ctx context.Context, w postgres.Writer, expected int, m panel.Meeting, today record.Day) (string, error) {
	m = m.Clean()
	return postgres.WriteOnce(ctx, s.db, w, "地名委会议 / meeting of the committee", func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayKeep, ""); err != nil {
			return "", err
		}
		if err := alone(ctx, tx, "meetings"); err != nil {
			return "", err
		}
		if m.ID != "" {
			if err := seen(ctx, tx, "name_meeting", m.ID, expected); err != nil {
				return "", err
			}
			if err := stillPlanned(ctx, tx, m.ID); err != nil {
				return "", err
			}
		}
		if err := s.complete(ctx, tx, &m, today); err != nil {
			return "", err
		}
		return m.ID, writeMeeting(ctx, tx, &m)
	})
}

func stillPlanned(ctx context.Context, tx *postgres.Tx, id string) error {
	before, err := meetingRows().One(tx.Query(ctx, meetingQuery+` AND m.id = @id`, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "id": id}))
	if err != nil {
		return err
	}
	if before.State != panel.Planned {
		return record.Invalid([]record.Fault{{Field: "state", Value: string(before.State), ZH: "会议已结束或取消，不能更改", EN: "the meeting is over or was cancelled and is not changed"}})
	}
	return nil
}

// complete fills in what follows from the cases and the committee, and checks the whole.
func (s *Store) complete(ctx context.Context, tx *postgres.Tx, m *panel.Meeting, today record.Day) error {
	sitting, err := members(ctx, tx, tx.Writer().AdCode)
	if err != nil {
		return err
	}
	m.Presence = panel.PresenceOf(sitting, m.Day, m.Presence)
	var faults []record.Fault
	for i := range m.Agenda {
		it := &m.Agenda[i]
		at, err := matter(ctx, tx, tx.Writer(), it.CaseID)
		if err != nil || !at.Open {
			faults = append(faults, record.Fault{Field: fmt.Sprintf("agenda/%d/case_id", i), Value: it.CaseID, ZH: "没有这个办件，或已办结", EN: "there is no such case, or it has ended"})
			continue
		}
		it.Number, it.Name, it.Round = at.Number, at.Name, at.Rounds.Deliberation
	}
	faults = append(faults, m.Validate()...)
	switch m.State {
	case panel.Held:
		rules, err := s.rulesOf(ctx, tx, tx.Writer().AdCode)
		if err != nil {
			return err
		}
		faults = append(faults, m.CloseFaults(rules, today)...)
	case panel.Planned, panel.Cancelled:
	default:
		m.State = panel.Planned
	}
	return record.Invalid(faults)
}

func writeMeeting(ctx context.Context, tx *postgres.Tx, m *panel.Meeting) error {
	agenda, err := json.Marshal(m.Agenda)
	if err != nil {
		return fmt.Errorf("encode an agenda: %w", err)
	}
	presence, err := json.Marshal(append([]panel.Presence{}, m.Presence...))
	if err != nil {
		return fmt.Errorf("encode who is present: %w", err)
	}
	args := pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "day": dayOf(m.Day), "time": m.Time, "place": m.Place, "chair": idOrNull(m.ChairID), "state": string(m.State),
		"agenda": agenda, "presence": presence, "note": m.Note,
	}
	if m.ID == "" {
		if m.ID, err = newID(); err != nil {
			return err
		}
		args["id"], args["year"] = m.ID, m.Day.Year()
		_, err = tx.Exec(ctx, `
INSERT INTO name_meeting (adcode, id, year, no, day, at_time, place, chair_id, state, agenda, presence, note)
SELECT @adcode, @id, @year, coalesce(max(o.no), 0) + 1, @day, @time, @place, @chair, @state, @agenda, @presence, @note
FROM name_meeting AS o WHERE o.adcode = @adcode AND o.year = @year`, args)
	} else {
		args["id"] = m.ID
		_, err = tx.Exec(ctx, `
UPDATE name_meeting SET day = @day, at_time = @time, place = @place, chair_id = @chair, state = @state, agenda = @agenda, presence = @presence, note = @note
WHERE adcode = @adcode AND id = @id`, args)
	}
	if err != nil {
		return fmt.Errorf("save a meeting: %w", err)
	}
	tx.Note(noteOwn(tx.Writer(), "name_meeting", "name_meeting.save", m.ID, nil, map[string]any{"day": m.Day, "state": m.State, "cases": len(m.Agenda)}))
	return nil
}

// Work gathers the reader's own work, the earliest last day first.
func (s *Store) Work(ctx context.Context, w postgres.Writer) (panel.Work, error) {
	out := panel.Work{Matters: map[string]panel.Matter{}}
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		args := pgx.StrictNamedArgs{"adcode": w.AdCode}
		var err error
		if out.Reviews, err = reviewRows().All(q.Query(ctx, reviewQuery+` AND r.expert_id = name_expert_me() ORDER BY o.review_id IS NOT NULL, r.due, r.id`, args)); err != nil {
			return err
		}
		if out.Asks, err = askRows().All(q.Query(ctx, askQuery+` AND name_office_mine(a.office) ORDER BY a.due, a.id`, args)); err != nil {
			return err
		}
		if err := q.QueryRow(ctx, `SELECT name_sits()`).Scan(&out.Sits); err != nil {
			return fmt.Errorf("ask who sits on the committee: %w", err)
		}
		if out.Sits {
			if out.Meetings, err = meetingRows().All(q.Query(ctx, meetingQuery+` AND m.state <> 'cancelled' ORDER BY m.state = 'held', m.day LIMIT 40`, args)); err != nil {
				return err
			}
		}
		return joinCases(ctx, q, w, &out)
	})
	return out, err
}

// joinCases reads the cases of the work.
func joinCases(ctx context.Context, q postgres.Querier, w postgres.Writer, k *panel.Work) error {
	ids := []string{}
	for _, r := range k.Reviews {
		ids = append(ids, r.CaseID)
	}
	for _, a := range k.Asks {
		ids = append(ids, a.CaseID)
	}
	for _, m := range k.Meetings {
		for _, it := range m.Agenda {
			ids = append(ids, it.CaseID)
		}
	}
	args := matterArgs(w)
	args["ids"] = ids
	list, err := matterRows().All(q.Query(ctx, `SELECT `+matterColumns+` WHERE c.adcode = @adcode AND c.id = ANY (@ids::uuid[])`, args))
	for _, m := range list {
		k.Matters[m.CaseID] = m
	}
	return err
}
