package estatedb_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/premises"
	"yike/facilities/premises/premisesdb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

const (
	stepCode  = "990001"
	stepToday = record.Day("2026-11-28")
	civil     = "区民政局"
	social    = "区委社会工作部"
)

// steps is an authority with two communities and people of several offices.
type steps struct {
	db                                      *postgres.DB
	store                                   *estatedb.Store
	planner, reviewer, civil, social, other postgres.Writer
}

func newSteps(t testing.TB) *steps {
	t.Helper()
	db := dbtest.New(t)
	err := db.Write(t.Context(), postgres.System(stepCode, "test"), "a town", func(tx *postgres.Tx) error {
		for i, code := range []string{"990001", "990001001", "990001002"} {
			level := "community"
			if i == 0 {
				level = "district"
			}
			_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, parent_code, name_zh, geom)
VALUES (@adcode, gen_random_uuid(), @code, @level::text, CASE @level::text WHEN 'district' THEN NULL ELSE '990001' END, @code, ST_Multi(ST_MakeEnvelope(@west::float8, 39, @west::float8 + 0.1, 39.1, 4326)))`,
				pgx.StrictNamedArgs{"adcode": stepCode, "code": code, "level": level, "west": 117 + 0.1*float64(max(i-1, 0))})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("make the town: %v", err)
	}
	out := &steps{db: db, store: estatedb.New(db)}
	out.planner = out.hire(t, "planner", "", "")
	out.reviewer = out.hire(t, "estate_reviewer", "", civil+"规划科")
	out.civil = out.hire(t, "consulted_department", "", civil+"养老服务科")
	out.social = out.hire(t, "consulted_department", "", social)
	out.other = out.hire(t, "estate_reviewer", "990001002", "")
	return out
}

func (x *steps) hire(t testing.TB, role, division, department string) postgres.Writer {
	t.Helper()
	w := postgres.Writer{AdCode: stepCode, Who: role + department}
	err := x.db.Write(t.Context(), postgres.System(stepCode, "test"), "make an account", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name, department)
	VALUES (@adcode, gen_random_uuid(), 'a' || substr(md5(random()::text), 1, 12), @who, @department) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role, division_code) SELECT adcode, gen_random_uuid(), id, @role, @division FROM made RETURNING account_id::text`,
			pgx.StrictNamedArgs{"adcode": stepCode, "who": w.Who, "role": role, "division": division, "department": department}).Scan(&w.Account)
	})
	if err != nil {
		t.Fatalf("make an account: %v", err)
	}
	return w
}

// estate makes one with two rooms.
func (x *steps) estate(t testing.TB, name string) estates.Item {
	t.Helper()
	made, err := x.store.Create(t.Context(), x.planner, estates.Estate{
		Name: name, Kind: estates.New, DivisionCode: "990001001", Developer: "某某置业", Households: 1000,
		Phases: []estates.Phase{{No: 1, HousingStarted: "2024-01-01"}},
		Rooms: []estates.Room{
			{Name: "社区用房", Building: "3", Floor: "1", RoomNo: "101", Use: premises.CommunityService, Area: 40_000},
			{Name: "日间照料中心", Building: "3", Floor: "1", RoomNo: "102", Use: premises.ElderlyService, Area: 30_000},
		},
	}, record.Change{Reason: "登记"}, stepToday)
	if err != nil {
		t.Fatalf("make an estate: %v", err)
	}
	return made
}

func checkedAt(version int) estates.Frozen {
	return estates.Frozen{Day: stepToday, Version: version, Conclusion: estates.Open, Unknown: 2, Findings: []estates.FrozenFinding{{Rule: "RAT-04", TitleZH: "养老用房"}}}
}

func (x *steps) ask(t testing.TB, w postgres.Writer, e estates.Item, m estates.Milestone, day record.Day) (string, error) {
	t.Helper()
	return x.store.Ask(t.Context(), w, e.ID, estates.Request{Milestone: m, Day: day, By: "区规划资源局"}, checkedAt(e.Version), stepToday)
}

func agreed(m estates.Milestone, n premises.Norm, day record.Day, letter string) estates.Opinion {
	office := civil
	if n == premises.CommunityNorm {
		office = social
	}
	return estates.Opinion{Milestone: m, Norm: n, Office: office, Verdict: estates.Agreed, Letter: letter, Day: day, Signer: "王"}
}

func (x *steps) answer(t testing.TB, w postgres.Writer, e estates.Item, o estates.Opinion) (string, error) {
	t.Helper()
	return x.store.Answer(t.Context(), w, e.ID, o, checkedAt(e.Version), stepToday)
}

// numbered has the civil-affairs bureau number its letters here.
func (x *steps) numbered(t testing.TB) {
	t.Helper()
	d := estates.UsualDuties()
	for i := range d.List {
		if d.List[i].Office == civil {
			d.List[i].Series = "津西民意"
		}
		d.List[i].OwnOnly = d.List[i].Office == social
	}
	if err := x.store.SetDuties(t.Context(), x.planner, 0, d, record.Change{Reason: "三定规定"}, stepToday); err != nil {
		t.Fatalf("set the duties: %v", err)
	}
}

// through takes an estate through its milestones up to one.
func (x *steps) through(t testing.TB, e estates.Item, last estates.Milestone) {
	t.Helper()
	for _, m := range estates.Milestones() {
		if m > last {
			return
		}
		day := func(d int) record.Day { return record.Day(fmt.Sprintf("2026-%02d-%02d", 1+int(m), d)) }
		if _, err := x.ask(t, x.planner, e, m, day(1)); err != nil {
			t.Fatalf("ask at %s: %v", m.Code().EN, err)
		}
		for _, n := range []premises.Norm{premises.ElderlyNorm, premises.CommunityNorm} {
			if _, err := x.answer(t, x.reviewer, e, agreed(m, n, day(5), fmt.Sprintf("%s %d %s", e.Name, m, n))); err != nil {
				t.Fatalf("answer at %s: %v", m.Code().EN, err)
			}
		}
	}
}

func stepField(err error) string {
	var at *estates.StepError
	if errors.As(err, &at) {
		return at.Field
	}
	return ""
}

func TestWhoAsksAndWhoAnswers(t *testing.T) {
	t.Parallel()
	x := newSteps(t)
	x.numbered(t)
	e := x.estate(t, "春和家园")
	first := estates.PlanningConditions
	for name, w := range map[string]postgres.Writer{"civil": x.civil, "next door": x.other} {
		if _, err := x.ask(t, w, e, first, "2026-01-01"); !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s asks: %v", name, err)
		}
	}
	if _, err := x.ask(t, x.planner, e, estates.PlanReview, "2026-01-01"); !errors.Is(err, estates.ErrSkips) {
		t.Errorf("a milestone is skipped: %v", err)
	}
	stale := e
	stale.Version = 9
	if _, err := x.ask(t, x.planner, stale, first, "2026-01-01"); !errors.Is(err, postgres.ErrStale) && !strings.Contains(fmt.Sprint(err), "version 1") {
		t.Errorf("what was checked is another version: %v", err)
	}
	if _, err := x.ask(t, x.planner, e, first, "2026-12-01"); !errors.Is(err, estates.ErrFuture) {
		t.Errorf("tomorrow: %v", err)
	}
	once := x.planner
	once.Key = "k"
	id, err := x.ask(t, once, e, first, "2026-01-01")
	if again, errAgain := x.ask(t, once, e, first, "2026-01-01"); err != nil || errAgain != nil || again != id {
		t.Fatalf("asked twice: %s %s %v %v", id, again, err, errAgain)
	}
	own := agreed(first, premises.CommunityNorm, "2026-01-05", "西社工函〔2026〕4号")
	for name, w := range map[string]postgres.Writer{"planner": x.planner, "reviewer for an office that alone answers": x.reviewer, "civil for social": x.civil, "next door": x.other} {
		if _, err := x.answer(t, w, e, own); !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s answers: %v", name, err)
		}
	}
	if _, err := x.answer(t, x.social, e, own); err != nil {
		t.Errorf("social answers: %v", err)
	}
	if _, err := x.answer(t, x.civil, e, agreed(first, premises.ElderlyNorm, "2026-01-06", "西社工函〔2026〕4号")); stepField(err) != "letter" || !errors.Is(err, estates.ErrLetterTaken) {
		t.Errorf("a letter of another: %v", err)
	}
	refused := agreed(first, premises.ElderlyNorm, "2026-01-06", "")
	refused.Verdict, refused.Text = estates.Refused, "养老用房面积不足"
	opinion, err := x.answer(t, x.civil, e, refused)
	if err != nil {
		t.Fatal(err)
	}
	got, err := x.store.Steps(t.Context(), x.reviewer, e.ID)
	if err != nil || len(got.Events) != 3 {
		t.Fatalf("%+v %v", got, err)
	}
	last := got.Events[2]
	if o := last.Opinion; o.ID != opinion || o.Letter != "津西民意〔2026〕1号" || o.RectifyBy != "2026-02-05" || last.RecordedBy != x.civil.Who || last.Checked == nil || last.Checked.Unknown != 2 {
		t.Errorf("%+v %+v", o, last)
	}
	if !got.Speaks[estatedb.Office{Name: civil}] || got.Speaks[estatedb.Office{Name: social, OwnOnly: true}] {
		t.Errorf("a reviewer speaks for %+v", got.Speaks)
	}
	if _, found, err := x.store.OpinionByID(t.Context(), x.planner, e.ID, opinion); err != nil || found.Opinion.Office != civil {
		t.Errorf("%+v %v", found, err)
	}
	for _, id := range []string{"x", opinion} {
		if _, err := x.store.Steps(t.Context(), x.planner, id); !errors.Is(err, estates.ErrNotFound) {
			t.Errorf("%s: %v", id, err)
		}
		if _, _, err := x.store.OpinionByID(t.Context(), x.planner, e.ID, "x"); !errors.Is(err, estates.ErrNotFound) {
			t.Errorf("%v", err)
		}
	}
	if err := x.store.Remove(t.Context(), x.planner, e.ID, e.Version, record.Change{Reason: "误登"}, stepToday); !errors.Is(err, estates.ErrInUse) {
		t.Errorf("an estate with opinions is removed: %v", err)
	}
	all, err := x.store.EventsOf(t.Context(), x.planner)
	if err != nil || len(all[e.ID]) != 3 || len(all[e.ID][0].Asked) != 2 || all[e.ID][2].Checked != nil {
		t.Errorf("%+v %v", all, err)
	}
}

func TestNothingIsEverChanged(t *testing.T) {
	t.Parallel()
	x := newSteps(t)
	e := x.estate(t, "春和家园")
	x.through(t, e, estates.PlanReview)
	for _, sql := range []string{`UPDATE estate_step SET signer = 'x'`, `DELETE FROM estate_step`, `TRUNCATE estate_step`} {
		err := x.db.Write(t.Context(), postgres.System(stepCode, "test"), "x", func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if code := postgres.Code(err); code != "YK003" && code != "0A000" { // the latter where others refer to it
			t.Errorf("%s: %v", sql, err)
		}
	}
	got, _ := x.store.Steps(t.Context(), x.planner, e.ID)
	opinion := got.Events[1]
	right := *opinion.Opinion
	right.Signer, right.Letter = "李四", "春和家园函9号"
	correct := func(w postgres.Writer, o estates.Opinion, reason string) error {
		_, err := x.store.Correct(t.Context(), w, e.ID, estates.Event{Corrects: opinion.ID, Opinion: &o, Reason: reason}, stepToday)
		return err
	}
	if err := correct(x.reviewer, right, ""); err == nil {
		t.Error("a correction without a reason")
	}
	if err := correct(x.planner, right, "笔误"); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a planner corrects an opinion: %v", err)
	}
	if err := correct(x.reviewer, right, "笔误"); err != nil {
		t.Fatal(err)
	}
	refused := right
	refused.Verdict, refused.Text = estates.Refused, "不行"
	if err := correct(x.reviewer, refused, "其实不同意"); !errors.Is(err, estates.ErrFollows) {
		t.Errorf("what came later could not have followed: %v", err)
	}
	other := agreed(estates.Construction, premises.ElderlyNorm, "2026-03-05", "春和家园函9号")
	if _, err := x.ask(t, x.planner, e, estates.Construction, "2026-03-01"); err != nil {
		t.Fatal(err)
	}
	if _, err := x.answer(t, x.reviewer, e, other); !errors.Is(err, estates.ErrLetterTaken) {
		t.Errorf("a letter that another was corrected to: %v", err)
	}
	request := *got.Events[0].Request
	request.Note = "补充说明"
	if _, err := x.store.Correct(t.Context(), x.planner, e.ID, estates.Event{Corrects: got.Events[0].ID, Request: &request, Reason: "漏填"}, stepToday); err != nil {
		t.Error(err)
	}
	for _, c := range []estates.Event{{Corrects: "x", Request: &request, Reason: "x"}, {Corrects: opinion.ID, Request: &request, Reason: "x"}} {
		if _, err := x.store.Correct(t.Context(), x.planner, e.ID, c, stepToday); !errors.Is(err, estates.ErrNoEvent) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	got, err := x.store.Steps(t.Context(), x.planner, e.ID)
	list, corrections := estates.Corrected(got.Events)
	if err != nil || list[1].Opinion.Signer != "李四" || got.Events[1].Opinion.Signer != "王" || len(corrections) != 2 || list[0].Request.Note != "补充说明" {
		t.Errorf("%+v %v", list[1].Opinion, err)
	}
	if p, err := estates.Replay(got.Events); err != nil || !p.Passed(estates.PlanReview) {
		t.Errorf("%v", err)
	}
}

func TestDutiesAreTheAuthoritys(t *testing.T) {
	t.Parallel()
	x := newSteps(t)
	usual, may, err := x.store.Duties(t.Context(), x.civil)
	if err != nil || may || usual.Version != 0 || len(usual.List) != 15 {
		t.Fatalf("%+v %v %v", usual, may, err)
	}
	because := record.Change{Reason: "设置"}
	for name, w := range map[string]postgres.Writer{"civil": x.civil, "bounded": x.other} {
		if err := x.store.SetDuties(t.Context(), w, 0, usual, because, stepToday); !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	x.numbered(t)
	set, may, err := x.store.Duties(t.Context(), x.planner)
	if err != nil || !may || set.Version != 1 || set.List[0].Series != "津西民意" || set.List[2].From != "2023-03-16" || !set.List[2].OwnOnly || set.List[2].Source == "" {
		t.Fatalf("%+v %v", set, err)
	}
	var stale *postgres.StaleError
	if err := x.store.SetDuties(t.Context(), x.planner, 0, usual, because, stepToday); !errors.As(err, &stale) || stale.Current != 1 {
		t.Errorf("%v", err)
	}
	bad := set
	bad.RectifyDays = -1
	var invalid *record.InvalidError
	if err := x.store.SetDuties(t.Context(), x.planner, 1, bad, record.Change{}, stepToday); !errors.As(err, &invalid) || len(invalid.Faults) != 2 {
		t.Errorf("%v", err)
	}
	// A round keeps the duties of its day, whatever is set afterwards.
	e := x.estate(t, "春和家园")
	if _, err := x.ask(t, x.planner, e, estates.PlanningConditions, "2026-01-01"); err != nil {
		t.Fatal(err)
	}
	if err := x.store.SetDuties(t.Context(), x.planner, 1, estates.Duties{}, because, stepToday); err != nil {
		t.Fatal(err)
	}
	got, _ := x.store.Steps(t.Context(), x.planner, e.ID)
	if len(got.Events[0].Asked) != 2 || got.Events[0].Asked[0].Days != 15 {
		t.Errorf("%+v", got.Events[0])
	}
}

// TestLetterNumbersHaveNoGap numbers letters of many estates at once, some of which are
// refused: the year's numbers are all there, each once.
func TestLetterNumbersHaveNoGap(t *testing.T) {
	t.Parallel()
	x := newSteps(t)
	x.numbered(t)
	const n = 16
	var wait sync.WaitGroup
	for i := range n {
		e := x.estate(t, fmt.Sprint("小区", i))
		if _, err := x.ask(t, x.planner, e, estates.PlanningConditions, "2026-01-01"); err != nil {
			t.Fatal(err)
		}
		wait.Go(func() {
			bad := agreed(estates.PlanningConditions, premises.ElderlyNorm, "2026-01-05", "")
			bad.Signer = ""
			if _, err := x.answer(t, x.civil, e, bad); stepField(err) != "signer" {
				t.Errorf("without a signer: %v", err)
			}
			if _, err := x.answer(t, x.civil, e, agreed(estates.PlanningConditions, premises.ElderlyNorm, "2026-01-05", "")); err != nil {
				t.Errorf("answer: %v", err)
			}
		})
	}
	wait.Wait()
	all, err := x.store.EventsOf(t.Context(), x.planner)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, events := range all {
		seen[events[1].Opinion.Letter] = true
	}
	for i := range n {
		if letter := fmt.Sprintf("津西民意〔2026〕%d号", i+1); !seen[letter] {
			t.Errorf("no %s among %v", letter, seen)
		}
	}
	e := x.estate(t, "去年的小区")
	if _, err := x.ask(t, x.planner, e, estates.PlanningConditions, "2025-01-01"); err != nil {
		t.Fatal(err)
	}
	if _, err := x.answer(t, x.civil, e, agreed(estates.PlanningConditions, premises.ElderlyNorm, "2025-01-05", "津西民意[2025]31号")); err != nil {
		t.Errorf("a year that began on paper: %v", err)
	}
	f := x.estate(t, "另一个小区")
	if _, err := x.ask(t, x.planner, f, estates.PlanningConditions, "2025-02-01"); err != nil {
		t.Fatal(err)
	}
	id, err := x.answer(t, x.civil, f, agreed(estates.PlanningConditions, premises.ElderlyNorm, "2025-02-05", ""))
	if _, got, _ := x.store.OpinionByID(t.Context(), x.civil, f.ID, id); err != nil || got.Opinion.Letter != "津西民意〔2025〕32号" {
		t.Errorf("goes on with %+v %v", got.Opinion, err)
	}
}

func enter(from record.Day) estatedb.Enter {
	return func(ctx context.Context, tx *postgres.Tx, rooms []premises.Room) ([]string, [][]record.Fault, error) {
		return premisesdb.Enter(ctx, tx, rooms, from, stepToday)
	}
}

func (x *steps) ledger(t testing.TB) []premises.Item {
	t.Helper()
	list, err := premisesdb.New(x.db).All(t.Context(), x.planner, premises.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestTheLedgerTakesEachRoomOnce(t *testing.T) {
	t.Parallel()
	x := newSteps(t)
	e := x.estate(t, "春和家园")
	give := estates.Transfer{Day: "2026-06-01", Owner: "某街道办事处", KeyHolder: "居委会"}
	because := record.Change{Reason: "移交"}
	hand := func(w postgres.Writer, give estates.Transfer) (estatedb.HandedOver, error) {
		return x.store.HandOver(t.Context(), w, e.ID, give, because, stepToday, enter(stepToday))
	}
	if _, err := hand(x.planner, give); !errors.Is(err, estates.ErrSkips) {
		t.Errorf("before its milestones: %v", err)
	}
	x.through(t, e, estates.HandOver)
	if _, err := hand(x.civil, give); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a department hands over: %v", err)
	}
	// A room that the ledger has keeps all others out, too.
	taken, err := premisesdb.New(x.db).Create(t.Context(), x.planner, premises.Room{
		Name: "已有用房", Estate: "春和家园", Building: "3", Floor: "1", RoomNo: "102", DivisionCode: "990001001", State: premises.Planned,
	}, record.Change{Reason: "建账"}, stepToday)
	if err != nil {
		t.Fatal(err)
	}
	var invalid *record.InvalidError
	if _, err := hand(x.planner, give); !errors.As(err, &invalid) || len(invalid.Faults) != 1 || invalid.Faults[0].Field != "rooms/1/room_no" || !strings.Contains(invalid.Faults[0].ZH, "日间照料中心") {
		t.Fatalf("a room that is there: %v", err)
	}
	if n := len(x.ledger(t)); n != 1 {
		t.Fatalf("half of it is in the ledger: %d rooms", n)
	}
	if err := premisesdb.New(x.db).Remove(t.Context(), x.planner, taken.ID, 1, record.Change{Reason: "重复"}, stepToday); err != nil {
		t.Fatal(err)
	}
	// Two at once, again and with the same key: each room is there once.
	var wait sync.WaitGroup
	once := x.planner
	once.Key = "k"
	for i := range 6 {
		w := once
		if i%2 == 0 {
			w = x.reviewer
		}
		wait.Go(func() {
			if out, err := hand(w, give); err != nil || len(out.Rooms)+out.Already != 2 {
				t.Errorf("%+v %v", out, err)
			}
		})
	}
	wait.Wait()
	list := x.ledger(t)
	after, err := x.store.ByID(t.Context(), x.planner, e.ID)
	if err != nil || len(list) != 2 || after.Version != 2 {
		t.Fatalf("%d rooms, version %d, %v", len(list), after.Version, err)
	}
	for _, r := range after.Rooms {
		i := slices.IndexFunc(list, func(p premises.Item) bool { return p.ID == r.LedgerID })
		if i < 0 || r.HandedOverOn != "2026-06-01" || r.AcceptedOn != "2026-04-05" {
			t.Fatalf("%+v is not in the ledger", r)
		}
		p := list[i]
		if p.Name != e.Name+r.Name || p.State != premises.HandedOver || p.ObtainedBy != premises.ByProvision || p.Estate != e.Name || p.Owner != "某街道办事处" || p.Area != r.Area || len(p.Documents) != 4 {
			t.Errorf("%+v", p)
		}
	}
	if out, err := hand(x.planner, estates.Transfer{Day: "2026-06-01", Owner: "x", Rooms: []string{after.Rooms[0].ID}}); err != nil || out.Already != 1 || len(out.Rooms) != 0 {
		t.Errorf("again: %+v %v", out, err)
	}
	if _, err := x.store.HandOver(t.Context(), x.planner, e.ID, estates.Transfer{}, record.Change{}, stepToday, enter(stepToday)); !errors.As(err, &invalid) || len(invalid.Faults) < 3 {
		t.Errorf("without anything: %v", err)
	}
}

// TestHalfAHandOver holds that where the ledger fails nothing is left of the hand-over.
func TestHalfAHandOver(t *testing.T) {
	t.Parallel()
	x := newSteps(t)
	e := x.estate(t, "春和家园")
	x.through(t, e, estates.HandOver)
	broken := errors.New("the cable is cut")
	_, err := x.store.HandOver(t.Context(), x.planner, e.ID, estates.Transfer{Day: "2026-06-01", Owner: "x"}, record.Change{Reason: "移交"}, stepToday,
		func(ctx context.Context, tx *postgres.Tx, rooms []premises.Room) ([]string, [][]record.Fault, error) {
			if _, _, err := premisesdb.Enter(ctx, tx, rooms, stepToday, stepToday); err != nil {
				return nil, nil, err
			}
			return nil, nil, broken
		})
	after, _ := x.store.ByID(t.Context(), x.planner, e.ID)
	if !errors.Is(err, broken) || len(x.ledger(t)) != 0 || after.Version != 1 {
		t.Errorf("%v: %d rooms, version %d", err, len(x.ledger(t)), after.Version)
	}
}

// TestStoredWalks walks at random through storage and beside it through the core: both take
// and refuse the same, and what is stored says the same again.
func TestStoredWalks(t *testing.T) {
	t.Parallel()
	x := newSteps(t)
	rng := rand.New(rand.NewPCG(7, 8))
	letters, taken, refused := 0, 0, 0
	for walk := range 6 {
		e := x.estate(t, fmt.Sprint("小区", walk))
		var p estates.Progress
		for range 30 {
			m := estates.Milestones()[rng.IntN(5)]
			if next, ok := p.Next(); ok && rng.IntN(4) > 0 {
				m = next
			}
			day := estates.DaysAfter("2026-01-01", taken-refused/2+rng.IntN(4))
			day = min(day, stepToday)
			var want, got error
			var next estates.Progress
			if rng.IntN(3) == 0 {
				r := estates.Request{Milestone: m, Day: day, By: "区规划资源局", Norms: []premises.Norm{premises.ElderlyNorm, premises.CommunityNorm}}
				next, want = p.Ask(r, estates.UsualDuties().On(day))
				_, got = x.ask(t, x.planner, e, m, day)
			} else {
				norm := []premises.Norm{premises.ElderlyNorm, premises.CommunityNorm}[rng.IntN(2)]
				letters++
				o := agreed(m, norm, day, fmt.Sprint("函", letters))
				o.Verdict, o.Text = []estates.Verdict{estates.Agreed, estates.Agreed, estates.Conditional, estates.Refused}[rng.IntN(4)], "说明"
				next, want = p.Answer(o)
				_, got = x.answer(t, x.reviewer, e, o)
				// Who is not asked has nobody to speak for it, which storage says first.
				if errors.Is(got, postgres.ErrForbidden) && want != nil {
					got = want
				}
			}
			if (want == nil) != (got == nil) || want != nil && stepField(want) != stepField(got) {
				t.Fatalf("the core says %v, storage %v", want, got)
			}
			if want != nil {
				refused++
				continue
			}
			p, taken = next, taken+1
		}
		stored, err := x.store.Steps(t.Context(), x.planner, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		again, err := estates.Replay(stored.Events)
		if err != nil || len(again.Rounds) != len(p.Rounds) {
			t.Fatalf("%d rounds of %d: %v", len(again.Rounds), len(p.Rounds), err)
		}
		for i, r := range again.Rounds {
			if len(r.Opinions) != len(p.Rounds[i].Opinions) || r.Passed() != p.Rounds[i].Passed() || i > 0 && r.Request.Milestone > estates.PlanningConditions && !again.Passed(r.Request.Milestone-1) {
				t.Fatalf("round %d: %+v, want %+v", i, r, p.Rounds[i])
			}
		}
	}
	if taken == 0 || refused == 0 {
		t.Errorf("%d taken, %d refused: the walks show nothing", taken, refused)
	}
}
