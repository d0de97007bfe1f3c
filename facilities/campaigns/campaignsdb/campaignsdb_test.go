package campaignsdb_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/facilities/campaigns"
	"yike/facilities/campaigns/campaignsdb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const (
	adcode = "990001"
	today  = record.Day("2026-11-27")
	west   = "990001001"
	east   = "990001002"
)

type fixture struct {
	db                             *postgres.DB
	store                          *campaignsdb.Store
	planner, westWorker, eastOther postgres.Writer
	canteens                       []string // two in the west, one in the east
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	db := dbtest.New(t)
	x := fixture{db: db, store: campaignsdb.New(db)}
	x.planner = person(t, db, "planner", "")
	x.westWorker, x.eastOther = person(t, db, "field_worker", west), person(t, db, "subdistrict_steward", east)
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "a town", func(tx *postgres.Tx) error {
		for _, f := range []struct{ name, division, status, stage string }{
			{"甲食堂", west + "001", "open", "published"},
			{"乙食堂", west + "002", "open", "published"},
			{"丙食堂", east + "001", "open", "published"},
			{"关食堂", west + "001", "closed", "published"},
			{"草食堂", west + "001", "open", "draft"},
		} {
			var id string
			err := tx.QueryRow(t.Context(), `
INSERT INTO facility (adcode, id, source_id, type, name_zh, status, stage, division_code, geom, placed_by)
VALUES (@adcode, gen_random_uuid(), @name, 'elderly_canteen', @name, @status, @stage, @division, NULL, '') RETURNING id::text`,
				pgx.StrictNamedArgs{"adcode": adcode, "name": f.name, "division": f.division, "status": f.status, "stage": f.stage}).Scan(&id)
			if err != nil {
				return err
			}
			x.canteens = append(x.canteens, id)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func person(t *testing.T, db *postgres.DB, role, division string) postgres.Writer {
	t.Helper()
	w := postgres.Writer{AdCode: adcode, Who: role}
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES (@adcode, gen_random_uuid(), @name, @name) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role, division_code) SELECT adcode, gen_random_uuid(), id, @role, @division FROM made RETURNING account_id::text`,
			pgx.StrictNamedArgs{"adcode": adcode, "name": "a-" + role[:4] + "-" + division + "0", "role": role, "division": division}).Scan(&w.Account)
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func because(reason string) record.Change { return record.Change{Reason: reason} }

func form() campaigns.Form {
	return campaigns.Form{Questions: []campaigns.Question{
		{Code: "matches", ZH: "一致吗？", EN: "Agrees?", Kind: campaigns.YesNo, Required: true, Problem: []string{"no"}, Verifies: true, Points: 50},
		{Code: "fire", ZH: "消防", EN: "Fire", Kind: campaigns.YesNo, Problem: []string{"no"}, Points: 50},
		{Code: "front", ZH: "门头", EN: "Front", Kind: campaigns.Photo},
	}}
}

func (x fixture) draft(t *testing.T) campaigns.Campaign {
	t.Helper()
	c, err := x.store.Create(t.Context(), x.planner, campaigns.Campaign{
		Title: " 食堂考核 ", Kind: campaigns.Assessment, Year: 2026, Deadline: "2026-12-10", Form: form(),
	}, because("年度工作"), today)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// out gives a campaign of all canteens that was sent out, and its tasks by name.
func (x fixture) out(t *testing.T) (campaigns.Campaign, map[string]campaigns.Task) {
	t.Helper()
	c := x.draft(t)
	if n, err := x.store.AddFacilities(t.Context(), x.planner, c.ID, campaignsdb.Pick{Types: []string{"elderly_canteen"}}, because("全部食堂"), today); err != nil || n != 3 {
		t.Fatalf("added %d, %v; want the three that are published and not closed", n, err)
	}
	c, err := x.store.Send(t.Context(), x.planner, c.ID, c.Version, because("下发"), today)
	if err != nil || c.State != campaigns.Sent || c.SentOn != today {
		t.Fatalf("%+v, %v", c, err)
	}
	return c, x.tasks(t, campaignsdb.TaskFilter{Campaign: c.ID})
}

func (x fixture) tasks(t *testing.T, f campaignsdb.TaskFilter) map[string]campaigns.Task {
	t.Helper()
	list, err := x.store.Tasks(t.Context(), x.planner, f)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]campaigns.Task{}
	for _, task := range list {
		out[task.NameZH] = task
	}
	return out
}

func TestCampaigns(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	c := x.draft(t)
	if c.Title != "食堂考核" || c.State != campaigns.Draft || c.Version != 1 || c.SentOn != "" || len(c.Form.Questions) != 3 {
		t.Errorf("%+v", c)
	}
	title := "食堂年度考核"
	changed, err := x.store.Update(t.Context(), x.planner, c.ID, 1, campaigns.Patch{Title: &title}, because("更名"), today)
	if err != nil || changed.Version != 2 || changed.Title != title {
		t.Fatalf("%+v, %v", changed, err)
	}
	same, err := x.store.Update(t.Context(), x.planner, c.ID, 2, campaigns.Patch{Title: &title}, because("再说一遍"), today)
	if err != nil || same.Version != 2 {
		t.Errorf("nothing to change: %+v, %v", same, err)
	}
	if _, err := x.store.Send(t.Context(), x.planner, c.ID, 2, because("下发"), today); !errors.Is(err, campaignsdb.ErrNothing) {
		t.Errorf("sent with no facilities: %v", err)
	}
	if _, err := x.store.Close(t.Context(), x.planner, c.ID, 2, because("结束"), today); !errors.Is(err, campaignsdb.ErrNotOut) {
		t.Errorf("a draft closed: %v", err)
	}
	n, err := x.store.AddFacilities(t.Context(), x.planner, c.ID, campaignsdb.Pick{IDs: x.canteens, Types: []string{"elderly_canteen"}, Division: west}, because("食堂"), today)
	if err != nil || n != 3 {
		t.Errorf("added %d, %v", n, err)
	}
	if n, err := x.store.AddFacilities(t.Context(), x.planner, c.ID, campaignsdb.Pick{IDs: x.canteens}, because("再加"), today); err != nil || n != 0 {
		t.Errorf("added again %d, %v", n, err)
	}
	task := x.tasks(t, campaignsdb.TaskFilter{Campaign: c.ID})["丙食堂"]
	if err := x.store.RemoveFacility(t.Context(), x.planner, c.ID, task.ID, because("不查"), today); err != nil {
		t.Error(err)
	}
	if err := x.store.RemoveFacility(t.Context(), x.planner, c.ID, task.ID, because("不查"), today); !errors.Is(err, campaignsdb.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	if _, err := x.store.Send(t.Context(), x.planner, c.ID, 2, because("下发"), "2027-01-01"); err == nil {
		t.Error("sent out after its deadline")
	}
	if _, err := x.store.Send(t.Context(), x.planner, c.ID, 2, because("下发"), today); err != nil {
		t.Fatal(err)
	}
	if _, err := x.store.AddFacilities(t.Context(), x.planner, c.ID, campaignsdb.Pick{IDs: x.canteens}, because("再加"), today); !errors.Is(err, campaignsdb.ErrNotDraft) {
		t.Errorf("added to one that is out: %v", err)
	}
	if _, err := x.store.Send(t.Context(), x.planner, c.ID, 3, because("下发"), today); !errors.Is(err, campaignsdb.ErrNotDraft) {
		t.Errorf("sent twice: %v", err)
	}
	if closed, err := x.store.Close(t.Context(), x.planner, c.ID, 3, because("结束"), today); err != nil || closed.State != campaigns.Closed {
		t.Errorf("%+v, %v", closed, err)
	}
}

func TestWhoSeesAndDoesWhat(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	c := x.draft(t)
	if list, err := x.store.List(t.Context(), x.westWorker); err != nil || len(list) != 0 {
		t.Errorf("drafts as a field worker: %d, %v", len(list), err)
	}
	if list, err := x.store.List(t.Context(), x.planner); err != nil || len(list) != 1 {
		t.Errorf("drafts as the planner: %d, %v", len(list), err)
	}
	var forbidden *postgres.ForbiddenError
	if _, err := x.store.Create(t.Context(), x.westWorker, c, because("越权"), today); !errors.As(err, &forbidden) {
		t.Errorf("%v", err)
	}
	if _, err := x.store.Update(t.Context(), x.westWorker, c.ID, 1, campaigns.Patch{}, because("越权"), today); !errors.As(err, &forbidden) {
		t.Errorf("%v", err)
	}
	for _, id := range []string{"x", x.canteens[0]} {
		if _, err := x.store.ByID(t.Context(), x.planner, id); !errors.Is(err, campaignsdb.ErrNotFound) {
			t.Errorf("%v", err)
		}
		if _, _, err := x.store.Task(t.Context(), x.planner, id); !errors.Is(err, campaignsdb.ErrNotFound) {
			t.Errorf("%v", err)
		}
		if _, err := x.store.Take(t.Context(), x.planner, id, 1, campaigns.Rectify, today, "", "", today); !errors.Is(err, campaignsdb.ErrNotFound) {
			t.Errorf("%v", err)
		}
	}
	var invalid *record.InvalidError
	bad := c
	bad.Title, bad.Year = "", 1
	if _, err := x.store.Create(t.Context(), x.planner, bad, because(""), today); !errors.As(err, &invalid) || len(invalid.Faults) != 3 {
		t.Errorf("%v", err)
	}
	var stale *postgres.StaleError
	if _, err := x.store.Update(t.Context(), x.planner, c.ID, 7, campaigns.Patch{}, because("过期"), today); !errors.As(err, &stale) || stale.Current != 1 {
		t.Errorf("%v", err)
	}
	_, tasks := x.out(t)
	mine, err := x.store.Tasks(t.Context(), x.westWorker, campaignsdb.TaskFilter{Out: true})
	if err != nil || len(mine) != 2 {
		t.Errorf("tasks of the west: %d, %v", len(mine), err)
	}
	elsewhere := tasks["丙食堂"]
	if _, err := x.store.Answer(t.Context(), x.westWorker, elsewhere.ID, 1, campaigns.Answer{}, today); !errors.As(err, &forbidden) {
		t.Errorf("an answer for another subdistrict: %v", err)
	}
	if list, err := x.store.Tasks(t.Context(), x.planner, campaignsdb.TaskFilter{Campaign: "x"}); err != nil || list != nil {
		t.Errorf("%v, %v", list, err)
	}
	if list, err := x.store.Problems(t.Context(), x.planner, campaignsdb.ProblemFilter{Facility: "x"}); err != nil || list != nil {
		t.Errorf("%v, %v", list, err)
	}
}

// From the answer to the re-check, with one return sent back on the way.
func TestAnswersProblemsAndScores(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	c, tasks := x.out(t)
	ctx, task := t.Context(), tasks["甲食堂"]
	kept, err := x.store.Answer(ctx, x.westWorker, task.ID, 1, campaigns.Answer{Answers: map[string]any{"fire": "no"}, Note: "走到一半"}, today)
	if err != nil || kept.State != campaigns.Open || kept.Answers["fire"] != "no" || kept.Score != nil {
		t.Fatalf("%+v, %v", kept, err)
	}
	if list, _ := x.store.Problems(ctx, x.planner, campaignsdb.ProblemFilter{Campaign: c.ID}); len(list) != 0 {
		t.Error("problems of an answer that is not final")
	}
	var invalid *record.InvalidError
	if _, err := x.store.Answer(ctx, x.westWorker, task.ID, 2, campaigns.Answer{Final: true}, today); !errors.As(err, &invalid) {
		t.Errorf("%v", err)
	}
	final := campaigns.Answer{Answers: map[string]any{"matches": "yes", "fire": "no"}, VisitedOn: "2026-11-20", Final: true}
	back, err := x.store.Answer(ctx, x.westWorker, task.ID, 2, final, today)
	if err != nil || back.State != campaigns.Returned || back.Score == nil || *back.Score != 50 || back.VisitedOn != "2026-11-20" {
		t.Fatalf("%+v, %v", back, err)
	}
	if _, err := x.store.Answer(ctx, x.westWorker, task.ID, 3, final, today); !errors.Is(err, campaignsdb.ErrNotOut) {
		t.Errorf("answered twice: %v", err)
	}
	again, err := x.store.SendBack(ctx, x.planner, task.ID, 3, because("照片看不清"), today)
	if err != nil || again.State != campaigns.SentBack || again.Verdict != "照片看不清" {
		t.Fatalf("%+v, %v", again, err)
	}
	if _, err := x.store.Accept(ctx, x.planner, task.ID, 4); !errors.Is(err, campaignsdb.ErrNotOut) {
		t.Errorf("accepted what was sent back: %v", err)
	}
	if _, err := x.store.Answer(ctx, x.westWorker, task.ID, 4, final, today); err != nil {
		t.Fatal(err)
	}
	var forbidden *postgres.ForbiddenError
	if _, err := x.store.Accept(ctx, x.westWorker, task.ID, 5); !errors.As(err, &forbidden) {
		t.Errorf("accepted by whoever answered: %v", err)
	}
	done, err := x.store.Accept(ctx, x.planner, task.ID, 5)
	if err != nil || done.State != campaigns.Accepted || done.Verdict != "" {
		t.Fatalf("%+v, %v", done, err)
	}
	x.checkVerified(t, task.Facility, "2026-11-20")
	x.follow(t, c, task)
	scores, err := x.store.Scores(ctx, x.planner, 2026, "")
	if err != nil || len(scores) != 1 || scores[0].Score != 50 || scores[0].NameZH != "甲食堂" {
		t.Errorf("%+v, %v", scores, err)
	}
	if none, err := x.store.Scores(ctx, x.planner, 2025, ""); err != nil || len(none) != 0 {
		t.Errorf("%+v, %v", none, err)
	}
}

func (x fixture) checkVerified(t *testing.T, facility, day string) {
	t.Helper()
	var got string
	err := x.db.Pool().QueryRow(t.Context(), `SELECT coalesce(verified_on::text, '') FROM facility WHERE id = $1`, facility).Scan(&got)
	if err != nil || got != day {
		t.Errorf("verified on %q, %v; want %s", got, err, day)
	}
}

// follow takes the one problem of a task to its end.
func (x fixture) follow(t *testing.T, c campaigns.Campaign, task campaigns.Task) {
	t.Helper()
	ctx := t.Context()
	list, err := x.store.Problems(ctx, x.planner, campaignsdb.ProblemFilter{Campaign: c.ID, Division: west})
	if err != nil || len(list) != 1 || list[0].TextZH != "消防 否" || list[0].DueOn != "2026-12-20" || list[0].Facility != task.Facility {
		t.Fatalf("%+v, %v", list, err)
	}
	p := list[0]
	if overdue, err := x.store.Problems(ctx, x.planner, campaignsdb.ProblemFilter{OverdueOn: "2026-12-21"}); err != nil || len(overdue) != 1 {
		t.Errorf("overdue: %d, %v", len(overdue), err)
	}
	var forbidden *postgres.ForbiddenError
	if _, err := x.store.Take(ctx, x.eastOther, p.ID, p.Version, campaigns.Rectify, today, "", "", today); !errors.As(err, &forbidden) {
		t.Errorf("put right from elsewhere: %v", err)
	}
	step := func(w postgres.Writer, s campaigns.Step, due record.Day) {
		t.Helper()
		if p, err = x.store.Take(ctx, w, p.ID, p.Version, s, today, due, "", today); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	step(x.westWorker, campaigns.Rectify, "")
	if _, err := x.store.Take(ctx, x.westWorker, p.ID, p.Version, campaigns.Recheck, today, "", "", today); !errors.As(err, &forbidden) {
		t.Errorf("checked by whoever put it right: %v", err)
	}
	step(x.planner, campaigns.Reopen, "2026-12-31")
	step(x.westWorker, campaigns.Rectify, "")
	step(x.planner, campaigns.Recheck, "")
	if p.State != campaigns.Solved || p.Rounds != 1 || p.CheckedOn != today {
		t.Errorf("%+v", p)
	}
	var stale *postgres.StaleError
	if _, err := x.store.Take(ctx, x.planner, p.ID, 1, campaigns.Reopen, today, today, "", today); !errors.As(err, &stale) {
		t.Errorf("%v", err)
	}
	var invalid *record.InvalidError
	if _, err := x.store.Take(ctx, x.planner, p.ID, p.Version, campaigns.Recheck, today, "", "", today); !errors.As(err, &invalid) {
		t.Errorf("%v", err)
	}
}
