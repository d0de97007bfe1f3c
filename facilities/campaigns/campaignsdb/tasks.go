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

const taskColumns = `t.id::text, t.version, t.campaign_id::text, t.facility_id::text, coalesce(f.name_zh, ''), coalesce(f.name_en, ''), coalesce(f.type, ''),
	coalesce(f.address, ''), t.division_code, ST_X(f.geom), ST_Y(f.geom), t.state, t.answers, t.note, coalesce(t.visited_on::text, ''), t.score, t.verdict`

// fromTask joins a task with what its facility is called now; one that went away or is not
// published any more keeps its task.
const fromTask = ` FROM campaign_task t LEFT JOIN facility f ON f.adcode = t.adcode AND f.id = t.facility_id `

func scanTask(row pgx.CollectableRow) (campaigns.Task, error) {
	var t campaigns.Task
	err := row.Scan(&t.ID, &t.Version, &t.Campaign, &t.Facility, &t.NameZH, &t.NameEN, &t.Type, &t.Address, &t.DivisionCode, &t.Lon, &t.Lat,
		&t.State, &t.Answers, &t.Note, &t.VisitedOn, &t.Score, &t.Verdict)
	return t, err
}

// Pick says which facilities a campaign is for.
type Pick struct {
	IDs      []string // these
	Types    []string // or all published ones of these types
	Division string   // in this division and below; "" everywhere
}

// AddFacilities puts facilities into a draft: those picked that are published and no
// tombstones, once each. It gives how many were added. ErrNotFound, ErrNotDraft,
// *record.InvalidError when there would be too many.
func (s *Store) AddFacilities(ctx context.Context, w postgres.Writer, campaign string, p Pick, c record.Change, today record.Day) (int, error) {
	return postgres.WriteOnce(ctx, s.db, w, cmp.Or(c.Reason, "?"), func(tx *postgres.Tx) (int, error) {
		if err := s.draft(ctx, tx, campaign, c, today); err != nil {
			return 0, err
		}
		tag, err := tx.Exec(ctx, `
INSERT INTO campaign_task (adcode, id, campaign_id, facility_id, division_code)
SELECT adcode, gen_random_uuid(), @campaign, id, division_code FROM facility
WHERE adcode = @adcode AND stage = 'published' AND replaced_by = '{}' AND status <> 'closed'
	AND (id::text = ANY (@ids) OR type = ANY (@types) AND division_code LIKE @division || '%')
ON CONFLICT (adcode, campaign_id, facility_id) DO NOTHING`, pgx.StrictNamedArgs{
			"adcode": w.AdCode, "campaign": campaign, "ids": append([]string{}, p.IDs...), "types": append([]string{}, p.Types...), "division": p.Division,
		})
		if refused(err) {
			return 0, &postgres.ForbiddenError{Action: mayArrange, Division: p.Division}
		}
		if err != nil {
			return 0, fmt.Errorf("add facilities to a campaign: %w", err)
		}
		if err := s.notTooMany(ctx, tx, campaign); err != nil {
			return 0, err
		}
		added := int(tag.RowsAffected())
		tx.Note(postgres.Note{Action: "campaign.add", Kind: "campaign", ID: campaign, After: map[string]any{"added": added}})
		return added, nil
	})
}

func (s *Store) notTooMany(ctx context.Context, tx *postgres.Tx, campaign string) error {
	var n int
	err := tx.QueryRow(ctx, `SELECT count(*) FROM campaign_task WHERE adcode = @adcode AND campaign_id = @campaign`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "campaign": campaign}).Scan(&n)
	if err != nil {
		return fmt.Errorf("count facilities of a campaign: %w", err)
	}
	if n > campaigns.MostTasks {
		return record.Invalid([]record.Fault{{
			Field: "types", Value: fmt.Sprint(n), ZH: fmt.Sprintf("一次清查不应多于 %d 处设施", campaigns.MostTasks),
			EN: fmt.Sprintf("at most %d facilities in one campaign", campaigns.MostTasks),
		}})
	}
	return nil
}

// draft holds a write of a draft's facilities to the rules.
func (s *Store) draft(ctx context.Context, tx *postgres.Tx, campaign string, c record.Change, today record.Day) error {
	if err := tx.Require(ctx, mayArrange, ""); err != nil {
		return err
	}
	before, err := read(ctx, tx, tx.Writer().AdCode, campaign)
	if err != nil {
		return err
	}
	if before.State != campaigns.Draft {
		return ErrNotDraft
	}
	_, faults := c.Check(today)
	return record.Invalid(faults)
}

// RemoveFacility takes a task out of a draft. ErrNotFound and ErrNotDraft.
func (s *Store) RemoveFacility(ctx context.Context, w postgres.Writer, campaign, task string, c record.Change, today record.Day) error {
	if !postgres.IsID(task) {
		return ErrNotFound
	}
	return s.db.Write(ctx, w, cmp.Or(c.Reason, "?"), func(tx *postgres.Tx) error {
		if err := s.draft(ctx, tx, campaign, c, today); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `DELETE FROM campaign_task WHERE adcode = @adcode AND campaign_id = @campaign AND id = @task`,
			pgx.StrictNamedArgs{"adcode": w.AdCode, "campaign": campaign, "task": task})
		if err != nil {
			return fmt.Errorf("take a facility out of a campaign: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return ErrNotFound
		}
		tx.Note(postgres.Note{Action: "campaign.remove", Kind: "campaign", ID: campaign, Before: map[string]any{"task": task}})
		return nil
	})
}

// TaskFilter says which tasks are wanted; what is empty does not matter.
type TaskFilter struct {
	Campaign string
	Facility string
	Division string
	State    campaigns.TaskState
	Out      bool // of campaigns that are out, and in divisions where w may answer
}

// Tasks lists tasks by division and facility. None is no error.
func (s *Store) Tasks(ctx context.Context, w postgres.Writer, f TaskFilter) ([]campaigns.Task, error) {
	for _, id := range []string{f.Campaign, f.Facility} {
		if id != "" && !postgres.IsID(id) {
			return nil, nil
		}
	}
	var list []campaigns.Task
	err := s.db.Read(ctx, w, func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `
SELECT `+taskColumns+fromTask+`JOIN campaign c ON c.adcode = t.adcode AND c.id = t.campaign_id
WHERE t.adcode = @adcode AND (@campaign = '' OR t.campaign_id::text = @campaign) AND (@facility = '' OR t.facility_id::text = @facility)
	AND t.division_code LIKE @division || '%' AND (@state = '' OR t.state = @state)
	AND (NOT @out OR c.state = 'sent' AND (@system OR t.division_code LIKE ANY ((SELECT yike_scopes('campaign.answer'))::text[])))
	AND (c.state <> 'draft' OR @system OR (SELECT yike_may('campaign.write')))
ORDER BY t.division_code COLLATE "C", f.name_zh COLLATE "C", t.id`, pgx.StrictNamedArgs{
			"adcode": w.AdCode, "campaign": f.Campaign, "facility": f.Facility, "division": f.Division, "state": string(f.State), "out": f.Out, "system": w.Account == "",
		})
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanTask)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	return list, nil
}

func readTask(ctx context.Context, q postgres.Querier, adcode, id string) (campaigns.Task, error) {
	if !postgres.IsID(id) {
		return campaigns.Task{}, ErrNotFound
	}
	return postgres.Found[campaigns.Task]{What: "task", Missing: ErrNotFound, Scan: scanTask}.One(
		q.Query(ctx, `SELECT `+taskColumns+fromTask+`WHERE t.adcode = @adcode AND t.id = @id`, pgx.StrictNamedArgs{"adcode": adcode, "id": id}))
}

// Task gives one task with its campaign. ErrNotFound.
func (s *Store) Task(ctx context.Context, w postgres.Writer, id string) (t campaigns.Task, c campaigns.Campaign, err error) {
	err = s.db.Read(ctx, w, func(q postgres.Querier) error {
		var err error
		if t, err = readTask(ctx, q, w.AdCode, id); err != nil {
			return err
		}
		c, err = read(ctx, q, w.AdCode, t.Campaign)
		return err
	})
	return t, c, err
}

// task runs fn on the task of which the writer saw a version, as whoever has a right in
// its division. Its campaign must be out.
func (s *Store) task(ctx context.Context, w postgres.Writer, id string, expected int, why, action string, fn func(*postgres.Tx, campaigns.Task, campaigns.Campaign) error) (campaigns.Task, error) {
	var out campaigns.Task
	err := s.db.Write(ctx, w, cmp.Or(why, "?"), func(tx *postgres.Tx) error {
		before, err := readTask(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		if err := tx.Require(ctx, action, before.DivisionCode); err != nil {
			return err
		}
		if before.Version != expected {
			return &postgres.StaleError{Current: before.Version}
		}
		c, err := read(ctx, tx, w.AdCode, before.Campaign)
		if err != nil {
			return err
		}
		if c.State != campaigns.Sent {
			return ErrNotOut
		}
		if err := fn(tx, before, c); err != nil {
			return err
		}
		out, err = readTask(ctx, tx, w.AdCode, id)
		return err
	})
	return out, err
}

// Answer keeps what somebody found, and returns it where it is final: then the problems
// that it names are opened, due by the campaign's deadline or a month after the visit,
// whichever is later. ErrNotFound, ErrNotOut,
// *postgres.StaleError, *record.InvalidError.
func (s *Store) Answer(ctx context.Context, w postgres.Writer, id string, expected int, a campaigns.Answer, today record.Day) (campaigns.Task, error) {
	return s.task(ctx, w, id, expected, "填报 / answer", mayAnswer, func(tx *postgres.Tx, before campaigns.Task, c campaigns.Campaign) error {
		if before.State == campaigns.Returned || before.State == campaigns.Accepted {
			return ErrNotOut
		}
		pictures, err := photos(ctx, tx, w.AdCode, id)
		if err != nil {
			return err
		}
		if err := record.Invalid(a.Problems(c, pictures, today)); err != nil {
			return err
		}
		state, score := before.State, (*int)(nil)
		if a.Final {
			state, score = campaigns.Returned, c.Form.Score(a.Answers)
		}
		answers := a.Answers
		if answers == nil {
			answers = map[string]any{}
		}
		_, err = tx.Exec(ctx, `
UPDATE campaign_task SET answers = @answers, note = @note, visited_on = nullif(@visited, '')::date, state = @state, score = @score
WHERE adcode = @adcode AND id = @id AND version = @expected`, pgx.StrictNamedArgs{
			"adcode": w.AdCode, "id": id, "expected": expected, "answers": answers, "note": a.Note, "visited": string(a.VisitedOn), "state": string(state), "score": score,
		})
		if err != nil {
			return fmt.Errorf("store an answer: %w", err)
		}
		action := "campaign_task.keep"
		if a.Final {
			action = "campaign_task.return"
			if err := openProblems(ctx, tx, before, c, a); err != nil {
				return err
			}
		}
		tx.Note(postgres.Note{Action: action, Kind: "campaign_task", ID: id, Division: before.DivisionCode, Before: before.Answers, After: answers})
		return nil
	})
}

// Accept takes a return as it is: the record is verified on the day of the visit, where
// the answers say that it agrees with the place. ErrNotOut unless it was returned.
func (s *Store) Accept(ctx context.Context, w postgres.Writer, id string, expected int) (campaigns.Task, error) {
	return s.task(ctx, w, id, expected, "通过填报 / accept the answer", mayArrange, func(tx *postgres.Tx, before campaigns.Task, c campaigns.Campaign) error {
		if before.State != campaigns.Returned {
			return ErrNotOut
		}
		if err := judge(ctx, tx, id, expected, campaigns.Accepted, ""); err != nil {
			return err
		}
		if c.Form.Verifies(before.Answers) {
			_, err := tx.Exec(ctx, `
UPDATE facility SET verified_on = @day::date WHERE adcode = @adcode AND id = @facility AND verified_on IS DISTINCT FROM @day::date
	AND (verified_on IS NULL OR verified_on < @day::date)`,
				pgx.StrictNamedArgs{"adcode": w.AdCode, "facility": before.Facility, "day": string(before.VisitedOn)})
			if err != nil {
				return fmt.Errorf("verify the record: %w", err)
			}
		}
		tx.Note(postgres.Note{Action: "campaign_task.accept", Kind: "campaign_task", ID: id, Division: before.DivisionCode})
		return nil
	})
}

// SendBack asks for an answer again and says why. ErrNotOut unless it was returned.
func (s *Store) SendBack(ctx context.Context, w postgres.Writer, id string, expected int, c record.Change, today record.Day) (campaigns.Task, error) {
	return s.task(ctx, w, id, expected, c.Reason, mayArrange, func(tx *postgres.Tx, before campaigns.Task, _ campaigns.Campaign) error {
		if _, faults := c.Check(today); len(faults) > 0 {
			return record.Invalid(faults)
		}
		if before.State != campaigns.Returned {
			return ErrNotOut
		}
		if err := judge(ctx, tx, id, expected, campaigns.SentBack, c.Reason); err != nil {
			return err
		}
		tx.Note(postgres.Note{Action: "campaign_task.send_back", Kind: "campaign_task", ID: id, Division: before.DivisionCode, After: c.Reason})
		return nil
	})
}

func judge(ctx context.Context, tx *postgres.Tx, id string, expected int, state campaigns.TaskState, verdict string) error {
	_, err := tx.Exec(ctx, `
UPDATE campaign_task SET state = @state, verdict = @verdict WHERE adcode = @adcode AND id = @id AND version = @expected`, pgx.StrictNamedArgs{
		"adcode": tx.Writer().AdCode, "id": id, "expected": expected, "state": string(state), "verdict": verdict,
	})
	if err != nil {
		return fmt.Errorf("judge an answer: %w", err)
	}
	return nil
}

// photos counts the pictures that are kept with a task.
func photos(ctx context.Context, q postgres.Querier, adcode, task string) (int, error) {
	var n int
	err := q.QueryRow(ctx, `
SELECT count(*) FROM attachment WHERE adcode = @adcode AND owner_kind = 'campaign_task' AND owner_id = @task AND kind = 'photo'`,
		pgx.StrictNamedArgs{"adcode": adcode, "task": task}).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the pictures of a task: %w", err)
	}
	return n, nil
}
