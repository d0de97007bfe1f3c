package campaignsdb

import (
	"cmp"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/facilities/campaigns"
	"yike/internal/postgres"
	"yike/internal/record"
)

const problemColumns = `p.id::text, p.version, p.task_id::text, p.campaign_id::text, p.facility_id::text, coalesce(f.name_zh, ''), coalesce(f.name_en, ''),
	p.division_code, p.question, p.text_zh, p.text_en, p.state, p.found_on::text, p.due_on::text, coalesce(p.done_on::text, ''), coalesce(p.checked_on::text, ''),
	p.note, p.rounds`

const fromProblem = ` FROM facility_problem p LEFT JOIN facility f ON f.adcode = p.adcode AND f.id = p.facility_id `

func scanProblem(row pgx.CollectableRow) (campaigns.Problem, error) {
	var p campaigns.Problem
	err := row.Scan(&p.ID, &p.Version, &p.Task, &p.Campaign, &p.Facility, &p.NameZH, &p.NameEN, &p.DivisionCode, &p.Question, &p.TextZH, &p.TextEN,
		&p.State, &p.FoundOn, &p.DueOn, &p.DoneOn, &p.CheckedOn, &p.Note, &p.Rounds)
	return p, err
}

// openProblems opens what an answer names. A return after a return that was sent back may
// name other problems: those of questions that are no problem any more are closed.
func openProblems(ctx context.Context, tx *postgres.Tx, t campaigns.Task, c campaigns.Campaign, a campaigns.Answer) error {
	found := c.Form.Found(a.Answers)
	var questions, zh, en []string
	for _, f := range found {
		questions, zh, en = append(questions, f.Question), append(zh, f.ZH), append(en, f.EN)
	}
	args := pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "campaign": c.ID, "task": t.ID, "facility": t.Facility, "division": t.DivisionCode,
		"questions": append([]string{}, questions...), "zh": append([]string{}, zh...), "en": append([]string{}, en...),
		"found": string(a.VisitedOn), "deadline": string(c.Deadline),
	}
	_, err := tx.Exec(ctx, `
INSERT INTO facility_problem (adcode, id, campaign_id, task_id, facility_id, division_code, question, text_zh, text_en, found_on, due_on)
SELECT @adcode, gen_random_uuid(), @campaign, @task, @facility, @division, q, zh, en, @found::date, greatest(@deadline::date, @found::date + 30)
FROM unnest(@questions::text[], @zh::text[], @en::text[]) AS found (q, zh, en)
ON CONFLICT (adcode, task_id, question) DO UPDATE SET text_zh = excluded.text_zh, text_en = excluded.text_en, found_on = excluded.found_on,
	due_on = excluded.due_on, state = 'open', done_on = NULL, checked_on = NULL`, args)
	if err != nil {
		return fmt.Errorf("open problems: %w", err)
	}
	_, err = tx.Exec(ctx, `
UPDATE facility_problem SET state = 'closed', checked_on = @found::date, note = '重报后不再成立 / not there any more in the new answer'
WHERE adcode = @adcode AND task_id = @task AND state = 'open' AND NOT question = ANY (@questions)`, pgx.StrictNamedArgs{
		"adcode": args["adcode"], "task": t.ID, "found": string(a.VisitedOn), "questions": args["questions"],
	})
	if err != nil {
		return fmt.Errorf("close problems: %w", err)
	}
	return nil
}

// ProblemFilter says which problems are wanted; what is empty does not matter.
type ProblemFilter struct {
	Campaign, Facility, Division string
	State                        campaigns.ProblemState
	OverdueOn                    record.Day // that should have been put right before this day
}

// Problems lists problems, the most urgent first. None is no error.
func (s *Store) Problems(ctx context.Context, w postgres.Writer, f ProblemFilter) ([]campaigns.Problem, error) {
	for _, id := range []string{f.Campaign, f.Facility} {
		if id != "" && !postgres.IsID(id) {
			return nil, nil
		}
	}
	var list []campaigns.Problem
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT `+problemColumns+fromProblem+`
WHERE p.adcode = @adcode AND (@campaign = '' OR p.campaign_id::text = @campaign) AND (@facility = '' OR p.facility_id::text = @facility)
	AND p.division_code LIKE @division || '%' AND (@state = '' OR p.state = @state)
	AND (@overdue = '' OR p.state = 'open' AND p.due_on < nullif(@overdue, '')::date)
ORDER BY p.state = 'closed', p.due_on, p.division_code COLLATE "C", p.id`, pgx.StrictNamedArgs{
			"adcode": w.AdCode, "campaign": f.Campaign, "facility": f.Facility, "division": f.Division, "state": string(f.State), "overdue": string(f.OverdueOn),
		})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanProblem)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list problems: %w", err)
	}
	return list, nil
}

func readProblem(ctx context.Context, q postgres.Querier, adcode, id string) (campaigns.Problem, error) {
	if !postgres.IsID(id) {
		return campaigns.Problem{}, ErrNotFound
	}
	return postgres.Found[campaigns.Problem]{What: "problem", Missing: ErrNotFound, Scan: scanProblem}.One(
		q.Query(ctx, `SELECT `+problemColumns+fromProblem+`WHERE p.adcode = @adcode AND p.id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// Take does a step about a problem of which the writer saw a version. Whoever answers in
// the division says that it is put right; whether it is, and until when, is for those who
// arrange. ErrNotFound, *postgres.StaleError, *record.InvalidError.
func (s *Store) Take(ctx context.Context, w postgres.Writer, id string, expected int, step campaigns.Step, on, due record.Day, note string, today record.Day) (campaigns.Problem, error) {
	right := mayArrange
	if step == campaigns.Rectify {
		right = mayAnswer
	}
	var out campaigns.Problem
	err := s.db.Write(ctx, w, cmp.Or(note, string(step)), func(tx *postgres.Tx) error {
		before, err := readProblem(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		if err := tx.Require(ctx, right, before.DivisionCode); err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		after, faults := before.Take(step, on, due, note, today)
		if err := record.Invalid(faults); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
UPDATE facility_problem SET state = @state, due_on = @due::date, done_on = nullif(@done, '')::date, checked_on = nullif(@checked, '')::date,
	note = @note, rounds = @rounds
WHERE adcode = @adcode AND id = @id AND version = @expected`, pgx.StrictNamedArgs{
			"adcode": w.AdCode, "id": id, "expected": expected, "state": string(after.State), "due": string(after.DueOn), "done": string(after.DoneOn),
			"checked": string(after.CheckedOn), "note": after.Note, "rounds": after.Rounds,
		})
		if err != nil {
			return fmt.Errorf("store a step: %w", err)
		}
		tx.Note(postgres.Note{Action: "facility_problem." + string(step), Kind: "facility_problem", ID: id, Division: before.DivisionCode, Before: before, After: after})
		out, err = readProblem(ctx, tx, w.AdCode, id)
		return err
	})
	return out, err
}

// Score is what a facility got in the assessments of a year.
type Score struct {
	Facility, NameZH, NameEN, Type, DivisionCode string
	Campaign                                     string
	Score                                        int
	VisitedOn                                    record.Day
}

// Scores lists the scores of returns of a year, the best first.
func (s *Store) Scores(ctx context.Context, w postgres.Writer, year int, division string) ([]Score, error) {
	var list []Score
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT t.facility_id::text, coalesce(f.name_zh, ''), coalesce(f.name_en, ''), coalesce(f.type, ''), t.division_code, t.campaign_id::text, t.score, coalesce(t.visited_on::text, '')`+fromTask+`
JOIN campaign c ON c.adcode = t.adcode AND c.id = t.campaign_id
WHERE t.adcode = @adcode AND c.year = @year AND t.score IS NOT NULL AND t.state IN ('returned', 'accepted') AND t.division_code LIKE @division || '%'
ORDER BY t.score DESC, f.name_zh COLLATE "C", t.id`, pgx.StrictNamedArgs{"adcode": w.AdCode, "year": year, "division": division})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Score])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list scores: %w", err)
	}
	return list, nil
}
