package paneldb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/panel"
)

// reply is a panel.Reply as the query gathers it.
type reply struct {
	ID        string        `json:"id"`
	Verdict   panel.Verdict `json:"verdict"`
	Text      string        `json:"text"`
	Document  string        `json:"document"`
	Day       record.Day    `json:"day"`
	EnteredBy string        `json:"recorded_by"`
	Own       bool          `json:"own"`
}

const askQuery = `
SELECT a.id::text, a.case_id::text, a.round, a.office, a.question, a.document, a.asked_on::text, a.due::text, a.silence_agrees, a.source, a.withdrawn,
	name_office_mine(a.office),
	coalesce((SELECT jsonb_agg(to_jsonb(p) ORDER BY p.id) FROM name_reply AS p WHERE p.adcode = a.adcode AND p.ask_id = a.id), '[]')
FROM name_ask AS a WHERE a.adcode = @adcode`

func askRows() postgres.Found[panel.Ask] {
	return postgres.Found[panel.Ask]{What: "question to an office", Missing: panel.ErrNotFound, Scan: func(row pgx.CollectableRow) (panel.Ask, error) {
		var a panel.Ask
		var replies []reply
		err := row.Scan(&a.ID, &a.CaseID, &a.Round, &a.Office, &a.Question, &a.Document, &a.AskedOn, &a.Due, &a.SilenceAgrees, &a.Source, &a.Withdrawn, &a.Mine, &replies)
		for _, r := range replies {
			a.Replies = append(a.Replies, panel.Reply(r))
		}
		return a, err
	}}
}

func asksOf(ctx context.Context, q postgres.Querier, adcode, caseID string) ([]panel.Ask, error) {
	return askRows().All(q.Query(ctx, askQuery+` AND a.case_id = @case ORDER BY a.round, a.asked_on, a.id`, pgx.StrictNamedArgs{"adcode": adcode, "case": caseID}))
}

// Ask asks offices about the present round of a case. It gives the ids, and returns
// panel.ErrNotFound, panel.ErrEnded, a *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Ask(ctx context.Context, w postgres.Writer, caseID string, in panel.Questions, today record.Day) ([]string, error) {
	return postgres.WriteOnce(ctx, s.db, w, "征求部门意见 / ask offices", func(tx *postgres.Tx) ([]string, error) {
		m, err := keep(ctx, tx, caseID)
		if err != nil {
			return nil, err
		}
		rules, err := s.rulesOf(ctx, tx, w.AdCode)
		if err != nil {
			return nil, err
		}
		before, err := asksOf(ctx, tx, w.AdCode, caseID)
		if err != nil {
			return nil, err
		}
		list, faults := in.Asks(m, rules, before, today)
		if err := record.Invalid(faults); err != nil {
			return nil, err
		}
		var made []string
		for _, a := range list {
			id, err := ask(ctx, tx, a)
			if err != nil {
				return nil, err
			}
			made = append(made, id)
		}
		tx.Note(note(m, "name_case.ask_offices", map[string]any{"offices": in.Offices, "day": in.Day, "round": m.Rounds.Consultation}))
		return made, nil
	})
}

func ask(ctx context.Context, tx *postgres.Tx, a panel.Ask) (string, error) {
	id, err := newID()
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `
INSERT INTO name_ask (adcode, id, case_id, round, office, question, document, asked_on, due, silence_agrees, source)
VALUES (@adcode, @id, @case, @round, @office, @question, @document, @day, @due, @silence, @source)`,
		pgx.StrictNamedArgs{
			"adcode": tx.Writer().AdCode, "id": id, "case": a.CaseID, "round": a.Round, "office": a.Office, "question": a.Question, "document": a.Document,
			"day": dayOf(a.AskedOn), "due": dayOf(a.Due), "silence": a.SilenceAgrees, "source": a.Source,
		})
	if err != nil {
		return "", fmt.Errorf("ask an office: %w", err)
	}
	return id, nil
}

// askOf gives one question of a case, which is open.
func askOf(ctx context.Context, tx *postgres.Tx, caseID, id string) (panel.Matter, panel.Ask, error) {
	if !postgres.IsID(id) {
		return panel.Matter{}, panel.Ask{}, panel.ErrNotFound
	}
	m, err := matter(ctx, tx, tx.Writer(), caseID)
	if err != nil {
		return m, panel.Ask{}, err
	}
	if err := alone(ctx, tx, "case "+caseID); err != nil {
		return m, panel.Ask{}, err
	}
	a, err := askRows().One(tx.Query(ctx, askQuery+` AND a.case_id = @case AND a.id = @id`, pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "case": caseID, "id": id}))
	if err == nil && !m.Open {
		err = panel.ErrEnded
	}
	return m, a, err
}

// Reply gives an office's answer: as somebody of the office, or, where it came as a letter, as
// who keeps the case. A later answer takes the place of an earlier one. It returns
// panel.ErrNotFound, panel.ErrEnded, a *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Reply(ctx context.Context, w postgres.Writer, caseID, id string, r panel.Reply, today record.Day) error {
	_, err := postgres.WriteOnce(ctx, s.db, w, "部门答复 / answer of an office", func(tx *postgres.Tx) (string, error) {
		m, a, err := askOf(ctx, tx, caseID, id)
		if err != nil {
			return "", err
		}
		if err := ownOrKept(m, a.Mine, mayAnswer); err != nil {
			return "", err
		}
		r.Own = a.Mine
		if err := record.Invalid(a.Check(r, today)); err != nil {
			return "", err
		}
		made, err := newID()
		if err != nil {
			return "", err
		}
		_, err = tx.Exec(ctx, `
INSERT INTO name_reply (adcode, id, ask_id, verdict, text, document, day, own, recorded_by)
VALUES (@adcode, @id, @ask, @verdict, @text, @document, @day, @own, @who)`,
			pgx.StrictNamedArgs{
				"adcode": w.AdCode, "id": made, "ask": id, "verdict": string(r.Verdict), "text": r.Text, "document": r.Document, "day": dayOf(r.Day), "own": r.Own, "who": w.Who,
			})
		if err != nil {
			return "", fmt.Errorf("keep an office's answer: %w", err)
		}
		tx.Note(note(m, "name_case.reply", map[string]any{"ask": id, "office": a.Office, "verdict": r.Verdict, "own": r.Own}))
		return "", nil
	})
	return err
}

// Recall asks an office no more. It returns what Reply does.
func (s *Store) Recall(ctx context.Context, w postgres.Writer, caseID, id, reason string, today record.Day) error {
	_, err := postgres.WriteOnce(ctx, s.db, w, why(record.Change{Reason: reason}), func(tx *postgres.Tx) (string, error) {
		m, err := keep(ctx, tx, caseID)
		if err != nil {
			return "", err
		}
		if _, _, err := askOf(ctx, tx, caseID, id); err != nil {
			return "", err
		}
		if _, faults := (record.Change{Reason: reason}).Check(today); len(faults) > 0 {
			return "", record.Invalid(faults)
		}
		_, err = tx.Exec(ctx, `UPDATE name_ask SET withdrawn = @reason WHERE adcode = @adcode AND id = @id AND withdrawn = ''`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id, "reason": reason})
		if err != nil {
			return "", fmt.Errorf("ask an office no more: %w", err)
		}
		tx.Note(note(m, "name_case.recall", map[string]any{"ask": id}))
		return "", nil
	})
	return err
}

func consulted(ctx context.Context, q postgres.Querier, adcode, caseID string) (panel.Consulted, error) {
	var out panel.Consulted
	var err error
	if out.Asks, err = asksOf(ctx, q, adcode, caseID); err != nil {
		return out, err
	}
	if out.Notices, err = noticesOf(ctx, q, adcode, caseID); err != nil {
		return out, err
	}
	out.Comments, err = commentsOf(ctx, q, adcode, caseID)
	return out, err
}

// Case gives everything that was asked and said about a case, as the reader may see it, with a
// drawing of the place, or panel.ErrNotFound.
func (s *Store) Case(ctx context.Context, w postgres.Writer, caseID string) (panel.Case, error) {
	var out panel.Case
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if out.Matter, err = matter(ctx, q, w, caseID); err != nil {
			return err
		}
		if out.Rules, err = s.rulesOf(ctx, q, w.AdCode); err != nil {
			return err
		}
		if out.Reviews, err = reviewsOf(ctx, q, w.AdCode, caseID); err != nil {
			return err
		}
		if out.Consulted, err = consulted(ctx, q, w.AdCode, caseID); err != nil {
			return err
		}
		if out.Meetings, err = meetingsOf(ctx, q, w.AdCode, caseID); err != nil {
			return err
		}
		if out.Sketch, err = sketch(ctx, q, out.Matter.Place); err != nil {
			return err
		}
		if err := q.QueryRow(ctx, `SELECT @system OR name_panel_reads()`, pgx.StrictNamedArgs{"system": w.Account == ""}).Scan(&out.Reads); err != nil {
			return fmt.Errorf("ask what the reader sees: %w", err)
		}
		return nil
	})
	return out, err
}
