package paneldb

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames/panel"
)

// ErrFull says that a notice has as many comments as it can have.
var ErrFull = errors.New("the notice has too many comments")

// mostComments of a notice: more nobody answers one by one.
const mostComments = 5000

// answer is a panel.Answer as the query gathers it.
type answer struct {
	Handling panel.Handling `json:"handling"`
	Reason   string         `json:"reason"`
	Day      record.Day     `json:"day"`
	By       string         `json:"recorded_by"`
}

const commentQuery = `
SELECT c.id::text, c.notice_id::text, c.position, c.proposal, c.grounds, c.text, c.day::text, coalesce(p.name_masked, ''), coalesce(p.contact_masked, ''),
	coalesce((SELECT jsonb_agg(jsonb_build_object('handling', a.handling, 'reason', a.reason, 'day', a.day, 'recorded_by', a.recorded_by) ORDER BY a.id)
		FROM name_comment_answer AS a WHERE a.adcode = c.adcode AND a.comment_id = c.id), '[]')
FROM name_comment AS c LEFT JOIN name_comment_person AS p ON p.adcode = c.adcode AND p.comment_id = c.id
WHERE c.adcode = @adcode`

func commentRows() postgres.Found[panel.Comment] {
	return postgres.Found[panel.Comment]{What: "comment", Missing: panel.ErrNotFound, Scan: func(row pgx.CollectableRow) (panel.Comment, error) {
		var c panel.Comment
		var answers []answer
		err := row.Scan(&c.ID, &c.NoticeID, &c.Position, &c.Proposal, &c.Grounds, &c.Text, &c.Day, &c.Person.Name, &c.Person.Contact, &answers)
		for _, a := range answers {
			c.Answers = append(c.Answers, panel.Answer(a))
		}
		return c, err
	}}
}

func commentsOf(ctx context.Context, q postgres.Querier, adcode, caseID string) ([]panel.Comment, error) {
	return commentRows().All(q.Query(ctx, commentQuery+`
	AND EXISTS (SELECT FROM name_notice AS n WHERE n.adcode = c.adcode AND n.id = c.notice_id AND n.case_id = @case) ORDER BY c.id`,
		pgx.StrictNamedArgs{"adcode": adcode, "case": caseID}))
}

func receiptHash(receipt string) []byte {
	sum := sha256.Sum256([]byte(receipt))
	return sum[:]
}

// Take keeps a comment of the public on a notice that is open, under a receipt of which only the
// hash stays. Who made it is kept apart, with a masked form beside it. It returns
// panel.ErrNotFound, panel.ErrEnded where the notice is not open, ErrFull and what
// postgres.Write does.
func (s *Store) Take(ctx context.Context, adcode, noticeID string, c panel.Comment, masked panel.Person, receipt string, today record.Day) error {
	return s.db.Write(ctx, postgres.System(adcode, publicWriter), "公示意见 / comment on a notice", func(tx *postgres.Tx) error {
		n, err := noticeRows().One(tx.Query(ctx, noticeQuery+` AND n.id = @id FOR SHARE`, pgx.StrictNamedArgs{"adcode": adcode, "id": noticeID}))
		if err != nil {
			return err
		}
		if n.State(today) != panel.Open {
			return panel.ErrEnded
		}
		var had int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM name_comment WHERE adcode = @adcode AND notice_id = @notice`,
			pgx.StrictNamedArgs{"adcode": adcode, "notice": noticeID}).Scan(&had); err != nil {
			return fmt.Errorf("count the comments of a notice: %w", err)
		}
		if had >= mostComments {
			return ErrFull
		}
		id, err := newID()
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
INSERT INTO name_comment (adcode, id, notice_id, receipt_hash, position, proposal, grounds, text, day)
VALUES (@adcode, @id, @notice, @hash, @position, @proposal, @grounds, @text, @day)`,
			pgx.StrictNamedArgs{
				"adcode": adcode, "id": id, "notice": noticeID, "hash": receiptHash(receipt), "position": string(c.Position), "proposal": c.Proposal,
				"grounds": append([]string{}, c.Grounds...), "text": c.Text, "day": dayOf(today),
			})
		if err != nil {
			return fmt.Errorf("keep a comment: %w", err)
		}
		if c.Person != (panel.Person{}) {
			_, err = tx.Exec(ctx, `
INSERT INTO name_comment_person (adcode, comment_id, name, contact, name_masked, contact_masked) VALUES (@adcode, @id, @name, @contact, @name_masked, @contact_masked)`,
				pgx.StrictNamedArgs{
					"adcode": adcode, "id": id, "name": c.Person.Name, "contact": c.Person.Contact, "name_masked": masked.Name, "contact_masked": masked.Contact,
				})
			if err != nil {
				return fmt.Errorf("keep who made a comment: %w", err)
			}
		}
		tx.Note(postgres.Note{Action: "name_comment.take", Kind: "name_comment", ID: id, After: map[string]any{"notice": n.Number, "position": c.Position}})
		return nil
	})
}

// Fate gives the notice and the comment of a receipt, without who made it, or panel.ErrNotFound.
func (s *Store) Fate(ctx context.Context, adcode, receipt string) (panel.Notice, panel.Comment, error) {
	var n panel.Notice
	var c panel.Comment
	err := s.db.Read(ctx, postgres.System(adcode, publicWriter), func(q postgres.Querier) error {
		var err error
		c, err = commentRows().One(q.Query(ctx, commentQuery+` AND c.receipt_hash = @hash`, pgx.StrictNamedArgs{"adcode": adcode, "hash": receiptHash(receipt)}))
		if err != nil {
			return err
		}
		n, err = noticeRows().One(q.Query(ctx, noticeQuery+` AND n.id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": c.NoticeID}))
		return err
	})
	c.Person = panel.Person{}
	return n, c, err
}

// commentOf gives a comment with the case that its notice is of.
func commentOf(ctx context.Context, q postgres.Querier, w postgres.Writer, id string) (panel.Matter, panel.Comment, error) {
	if !postgres.IsID(id) {
		return panel.Matter{}, panel.Comment{}, panel.ErrNotFound
	}
	c, err := commentRows().One(q.Query(ctx, commentQuery+` AND c.id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}))
	if err != nil {
		return panel.Matter{}, c, err
	}
	n, err := noticeRows().One(q.Query(ctx, noticeQuery+` AND n.id = @id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "id": c.NoticeID}))
	if err != nil {
		return panel.Matter{}, c, err
	}
	m, err := matter(ctx, q, w, n.CaseID)
	return m, c, err
}

// Answer answers a comment, also of a case that has ended. It returns panel.ErrNotFound, a
// *record.InvalidError and what postgres.WriteOnce does.
func (s *Store) Answer(ctx context.Context, w postgres.Writer, id string, a panel.Answer, today record.Day) error {
	_, err := postgres.WriteOnce(ctx, s.db, w, "答复公示意见 / answer a comment", func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, mayKeep, ""); err != nil {
			return "", err
		}
		m, c, err := commentOf(ctx, tx, w, id)
		if err != nil {
			return "", err
		}
		if err := tx.Require(ctx, mayKeep, m.Division); err != nil {
			return "", err
		}
		if err := record.Invalid(c.Check(a)); err != nil {
			return "", err
		}
		made, err := newID()
		if err != nil {
			return "", err
		}
		_, err = tx.Exec(ctx, `
INSERT INTO name_comment_answer (adcode, id, comment_id, handling, reason, day, recorded_by) VALUES (@adcode, @id, @comment, @handling, @reason, @day, @who)`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "id": made, "comment": id, "handling": string(a.Handling), "reason": a.Reason, "day": dayOf(today), "who": w.Who})
		if err != nil {
			return "", fmt.Errorf("answer a comment: %w", err)
		}
		tx.Note(note(m, "name_comment.answer", map[string]any{"comment": id, "handling": a.Handling}))
		return "", nil
	})
	return err
}

// Reveal gives in full who made a comment, for a reason that goes into the audit log; nobody
// where it was not said or is deleted. It returns panel.ErrNotFound and what postgres.Write does.
func (s *Store) Reveal(ctx context.Context, w postgres.Writer, id, reason string, today record.Day) (panel.Person, error) {
	var out panel.Person
	err := s.db.Write(ctx, w, why(record.Change{Reason: reason}), func(tx *postgres.Tx) error {
		if err := tx.Require(ctx, mayReveal, ""); err != nil {
			return err
		}
		if _, faults := (record.Change{Reason: reason}).Check(today); len(faults) > 0 {
			return record.Invalid(faults)
		}
		if !postgres.IsID(id) {
			return panel.ErrNotFound
		}
		err := tx.AsOwner(ctx, func() error {
			return tx.QueryRow(ctx, `
SELECT coalesce(p.name, ''), coalesce(p.contact, '') FROM name_comment AS c
LEFT JOIN name_comment_person AS p ON p.adcode = c.adcode AND p.comment_id = c.id WHERE c.adcode = @adcode AND c.id = @id`,
				pgx.StrictNamedArgs{"adcode": w.AdCode, "id": id}).Scan(&out.Name, &out.Contact)
		})
		if errors.Is(err, pgx.ErrNoRows) {
			return panel.ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("read who made a comment: %w", err)
		}
		tx.Note(postgres.Note{Action: mayReveal, Kind: "name_comment", ID: id})
		return nil
	})
	return out, err
}

// ForgetPeople deletes who made the comments of notices that closed so many days before
// today as the authority's rules keep them, and counts them.
func (s *Store) ForgetPeople(ctx context.Context, tx *postgres.Tx, today record.Day) (int64, error) {
	rules, err := s.rulesOf(ctx, tx, tx.Writer().AdCode)
	if err != nil {
		return 0, err
	}
	tag, err := tx.Exec(ctx, `
DELETE FROM name_comment_person AS p USING name_comment AS c, name_notice AS n
WHERE p.adcode = @adcode AND c.adcode = p.adcode AND c.id = p.comment_id AND n.adcode = c.adcode AND n.id = c.notice_id AND n.closes + @days::integer < @today::date`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "days": rules.KeepDays, "today": string(today)})
	if err != nil {
		return 0, fmt.Errorf("forget who made comments: %w", err)
	}
	return tag.RowsAffected(), nil
}
