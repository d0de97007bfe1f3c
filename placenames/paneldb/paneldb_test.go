package paneldb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames/panel"
	"yike/placenames/paneldb"
)

const (
	adcode = "990001"
	here   = "990001001"
	today  = record.Day("2026-11-27")
	nobody = "01900000-0000-7000-8000-000000000001"
)

func because(reason string) record.Change { return record.Change{Reason: reason} }

type fixture struct {
	db        *postgres.DB
	store     *paneldb.Store
	registrar postgres.Writer
	caseID    string
	n         int
}

// newFixture has a registrar and a case of a naming, for which a company applies.
func newFixture(t testing.TB) *fixture {
	t.Helper()
	db := dbtest.New(t)
	rules, err := panel.Usual()
	if err != nil {
		t.Fatal(err)
	}
	x := &fixture{db: db, store: paneldb.New(db, rules), registrar: dbtest.Person(t, db, adcode, "place_name_registrar", "")}
	x.caseID = x.newCase(t, "和顺道")
	return x
}

func (x *fixture) newCase(t testing.TB, name string) string {
	t.Helper()
	x.n++
	var id string
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a case", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH named AS (
	INSERT INTO place_name (adcode, id, text, roman, kind, class, state, divisions, extent, meaning, geom)
	VALUES (@adcode, gen_random_uuid(), @name, 'Heshun Dao', 'road', 'street', 'proposed', @divisions, '{"from": "甲路", "to": "乙路"}', '和顺',
		ST_SetSRID(ST_MakeLine(ST_MakePoint(117.01, 39.01), ST_MakePoint(117.02, 39.015)), 4326)) RETURNING id)
INSERT INTO name_case (adcode, id, year, no, act, class, kind, division_code, track, name_id, text, applicant, reason, opened_on, opened_by, rules)
SELECT @adcode, gen_random_uuid(), 2026, @no, 'naming', 'street', 'road', @division, 'decide', id, @name, '华苑置业有限公司', '新建道路', '2026-11-01', 'test', '{}' FROM named
RETURNING id::text`,
			pgx.StrictNamedArgs{"adcode": adcode, "name": name, "divisions": []string{here}, "division": here, "no": x.n}).Scan(&id)
	})
	if err != nil {
		t.Fatalf("make a case: %v", err)
	}
	return id
}

// person makes an account with a role and a department.
func (x *fixture) person(t testing.TB, name, role, department string) postgres.Writer {
	t.Helper()
	w := postgres.Writer{AdCode: adcode, Who: name}
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "an account", func(tx *postgres.Tx) error {
		return tx.QueryRow(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name, department) VALUES (@adcode, gen_random_uuid(), @name, @name, @department) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role) SELECT adcode, gen_random_uuid(), id, @role FROM made RETURNING account_id::text`,
			pgx.StrictNamedArgs{"adcode": adcode, "name": name, "role": role, "department": department}).Scan(&w.Account)
	})
	if err != nil {
		t.Fatalf("make an account: %v", err)
	}
	return w
}

// expert puts somebody into the bank, with an account of the same name where there is one.
func (x *fixture) expert(t testing.TB, name, unit, account string) string {
	t.Helper()
	id, err := x.store.SaveExpert(t.Context(), x.registrar, 0, panel.Expert{
		Name: name, Fields: []string{"语言"}, Unit: unit, From: "2026-01-01", Account: account,
	}, because("入库"), today)
	if err != nil {
		t.Fatalf("an expert: %v", err)
	}
	return id
}

// send puts the event into a case by which it was sent back to a step.
func (x *fixture) send(t testing.TB, step string) {
	t.Helper()
	err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "send back", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
INSERT INTO name_case_event (adcode, id, case_id, no, kind, step, to_step, day, office, person, entered, reason, ending, decided, recorded_by)
SELECT @adcode, gen_random_uuid(), id, events + 1, 'sent_back', 'deliberation', @step, '2026-11-20', 'committee', 'x', false, '重来', '', false, 'x'
FROM name_case WHERE adcode = @adcode AND id = @case`,
			pgx.StrictNamedArgs{"adcode": adcode, "case": x.caseID, "step": step})
		return err
	})
	if err != nil {
		t.Fatalf("send back: %v", err)
	}
}

func (x *fixture) matter() (panel.Matter, error) {
	c, err := x.store.Case(context.Background(), x.registrar, x.caseID)
	return c.Matter, err
}

func (x *fixture) reviews(w postgres.Writer, id string) ([]panel.Review, error) {
	c, err := x.store.Case(context.Background(), w, id)
	return c.Reviews, err
}

func (x *fixture) consulted(w postgres.Writer, id string) (panel.Consulted, error) {
	c, err := x.store.Case(context.Background(), w, id)
	return c.Consulted, err
}

// faultsOf gives the fields of an invalid record, "" for no error.
func faultsOf(t testing.TB, err error) string {
	t.Helper()
	var invalid *record.InvalidError
	if err == nil {
		return ""
	}
	if !errors.As(err, &invalid) {
		t.Fatalf("%v is no *record.InvalidError", err)
	}
	var out []string
	for _, f := range invalid.Faults {
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func (x *fixture) opinion(points int, v panel.Verdict) panel.Opinion {
	o := panel.Opinion{Verdict: v, Text: "意见", Day: today}
	rules, _ := panel.Usual()
	for _, c := range rules.Criteria {
		o.Scores = append(o.Scores, panel.Score{Criterion: c.Code.Code, Points: points})
	}
	return o
}

func TestTheBank(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.person(t, "wang", "expert", "")
	x.person(t, "reader", "read_only", "")
	id := x.expert(t, "王教授", "天津大学", "wang")
	bank, may, err := x.store.Experts(t.Context(), x.registrar)
	if err != nil || !may || len(bank) != 1 || bank[0].ID != id || bank[0].Account != "wang" || bank[0].AccountID == "" || bank[0].Version != 1 {
		t.Fatalf("%+v, may %v, %v", bank, may, err)
	}
	e := bank[0]
	e.Retired = true
	if _, err := x.store.SaveExpert(t.Context(), x.registrar, 1, e, because("解聘"), today); err != nil {
		t.Fatal(err)
	}
	var stale *postgres.StaleError
	if _, err := x.store.SaveExpert(t.Context(), x.registrar, 1, e, because("解聘"), today); !errors.As(err, &stale) || stale.Current != 2 {
		t.Error(err)
	}
	for account, want := range map[string]string{"wang": "account", "reader": "account", "nobody": "account", "": ""} {
		_, err := x.store.SaveExpert(t.Context(), x.registrar, 0, panel.Expert{Name: "李", Fields: []string{"历史"}, From: "2026-01-01", Account: account}, because("入库"), today)
		if got := faultsOf(t, err); got != want {
			t.Errorf("with the account %q: %q, want %q", account, got, want)
		}
	}
	if _, err := x.store.SaveExpert(t.Context(), x.registrar, 0, panel.Expert{}, record.Change{}, today); faultsOf(t, err) != "name fields from reason" {
		t.Error(err)
	}
	e.ID = nobody
	if _, err := x.store.SaveExpert(t.Context(), x.registrar, 1, e, because("x"), today); !errors.Is(err, panel.ErrNotFound) {
		t.Error(err)
	}
	for role, sees := range map[string]int{"expert": 0, "planner": 0, "consulted_department": 0, "approver": 2} {
		w := dbtest.Person(t, x.db, adcode, role, "")
		list, may, err := x.store.Experts(t.Context(), w)
		if err != nil || may || len(list) != sees {
			t.Errorf("%s sees %d, may %v, %v", role, len(list), may, err)
		}
		if _, err := x.store.SaveExpert(t.Context(), w, 0, e, because("x"), today); !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s writes: %v", role, err)
		}
	}
}

func TestRulesOfAnAuthority(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	r, may, err := x.store.Rules(t.Context(), x.registrar)
	if err != nil || !may || r.Version != 0 || r.Quorum != 3 {
		t.Fatalf("%+v, %v, %v", r, may, err)
	}
	r.Quorum = 5
	if err := x.store.SetRules(t.Context(), x.registrar, 0, r, because("本地规定"), today); err != nil {
		t.Fatal(err)
	}
	var stale *postgres.StaleError
	if err := x.store.SetRules(t.Context(), x.registrar, 0, r, because("x"), today); !errors.As(err, &stale) || stale.Current != 1 {
		t.Error(err)
	}
	r.Quorum = 0
	if err := x.store.SetRules(t.Context(), x.registrar, 1, r, record.Change{}, today); faultsOf(t, err) != "reason quorum" {
		t.Error(err)
	}
	approver := dbtest.Person(t, x.db, adcode, "approver", "")
	if err := x.store.SetRules(t.Context(), approver, 1, r, because("x"), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Error(err)
	}
	if r, may, err := x.store.Rules(t.Context(), approver); err != nil || may || r.Quorum != 5 || r.Version != 1 || len(r.Cites) == 0 {
		t.Errorf("%+v, %v, %v", r, may, err)
	}
}

func TestExpertsAreAskedAndDrawn(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	var ids []string
	for i := range 4 {
		ids = append(ids, x.expert(t, fmt.Sprint("专家", i), "大学", ""))
	}
	theirs := x.expert(t, "设计师", "华苑置业有限公司", "")
	drawn, err := x.store.Invite(t.Context(), x.registrar, x.caseID, panel.Invitation{Draw: 2, Seed: 7, Day: today}, today)
	if err != nil || len(drawn) != 2 {
		t.Fatal(drawn, err)
	}
	if _, err := x.store.Invite(t.Context(), x.registrar, x.caseID, panel.Invitation{Draw: 3, Seed: 7, Day: today}, today); faultsOf(t, err) != "draw" {
		t.Error("who works for the applicant and who was asked is not drawn:", err)
	}
	if _, err := x.store.Invite(t.Context(), x.registrar, x.caseID, panel.Invitation{Draw: 1, Fields: []string{"测绘"}, Day: today}, today); faultsOf(t, err) != "draw" {
		t.Error("nobody is of that field:", err)
	}
	if _, err := x.store.Invite(t.Context(), x.registrar, x.caseID, panel.Invitation{Experts: []string{theirs}, Day: today, Due: "2026-12-01"}, today); err != nil {
		t.Fatal(err)
	}
	list, err := x.reviews(x.registrar, x.caseID)
	if err != nil || len(list) != 3 {
		t.Fatal(list, err)
	}
	for _, r := range list {
		conflict := r.Expert.ID == theirs
		if (r.Conflict == panel.Proposed) != conflict || (r.Seed == "") != conflict || r.Round != 0 || conflict != (r.Due == "2026-12-01") || !conflict && r.Due != "2026-12-07" {
			t.Errorf("%+v", r)
		}
	}
	asked := list[slices.IndexFunc(list, func(r panel.Review) bool { return r.Seed != "" })].Expert.ID
	if _, err := x.store.Invite(t.Context(), x.registrar, x.caseID, panel.Invitation{Experts: []string{asked, nobody, theirs, theirs}, Day: today}, today); faultsOf(t, err) != "experts/0 experts/1 experts/2 experts/3" {
		t.Error(err)
	}
	if _, err := x.store.Invite(t.Context(), x.registrar, x.caseID, panel.Invitation{Experts: ids[:1], Day: "2026-11-28", Due: "2026-11-01"}, today); err == nil {
		t.Error("asked tomorrow")
	}
	if _, err := x.store.Invite(t.Context(), x.registrar, nobody, panel.Invitation{Draw: 1, Day: today}, today); !errors.Is(err, panel.ErrNotFound) {
		t.Error(err)
	}
	if _, err := x.store.Invite(t.Context(), dbtest.Person(t, x.db, adcode, "approver", ""), x.caseID, panel.Invitation{Draw: 1, Day: today}, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Error(err)
	}
	x.send(t, "experts")
	if again, err := x.store.Invite(t.Context(), x.registrar, x.caseID, panel.Invitation{Experts: []string{asked}, Day: today}, today); err != nil || len(again) != 1 {
		t.Error("a further round asks anew:", err)
	}
	x.send(t, "assessment")
	m, err := x.matter()
	if err != nil || m.Rounds != (panel.Rounds{Experts: 1, Consultation: 0, Deliberation: 2}) || m.Extent != "起点：甲路；止点：乙路" || !m.MayKeep || m.Number != "2026-001" {
		t.Errorf("%+v %v", m, err)
	}
}

// TestExpertsSeeNothingOfOthersBeforeTheirOwn asks as two experts, one of whom keeps records too.
func TestExpertsSeeNothingOfOthersBeforeTheirOwn(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	wang, li, zhao := x.person(t, "wang", "expert", ""), x.person(t, "li", "expert", ""), x.person(t, "zhao", "expert", "")
	ids := []string{x.expert(t, "王", "大学", "wang"), x.expert(t, "李", "史志办", "li")}
	x.expert(t, "赵", "测绘院", "zhao")
	other := x.newCase(t, "平安里")
	reviews, err := x.store.Invite(t.Context(), x.registrar, x.caseID, panel.Invitation{Experts: ids, Day: "2026-11-01", Due: "2026-11-10"}, today)
	if err != nil {
		t.Fatal(err)
	}
	own := func(w postgres.Writer) (sees, opinions, others int) {
		t.Helper()
		list, err := x.reviews(w, x.caseID)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if r.Opinion != nil {
				opinions++
			}
			if !r.Mine && r.Expert.Name != "" {
				others++
			}
		}
		return len(list), opinions, others
	}
	if err := x.store.Opine(t.Context(), wang, x.caseID, reviews[0], x.opinion(4, panel.Agree), today); err != nil {
		t.Fatal(err)
	}
	if sees, opinions, _ := own(li); sees != 1 || opinions != 0 {
		t.Errorf("who gave none sees %d reviews and %d opinions", sees, opinions)
	}
	if sees, opinions, others := own(wang); sees != 2 || opinions != 1 || others != 0 {
		t.Errorf("who gave one sees %d reviews, %d opinions, %d names", sees, opinions, others)
	}
	if _, err := x.reviews(zhao, x.caseID); !errors.Is(err, panel.ErrNotFound) {
		t.Error("who was not asked sees the case:", err)
	}
	if _, err := x.reviews(wang, other); !errors.Is(err, panel.ErrNotFound) {
		t.Error("another case is seen:", err)
	}
	if err := x.store.Opine(t.Context(), zhao, x.caseID, reviews[1], x.opinion(4, panel.Agree), today); !errors.Is(err, panel.ErrNotFound) {
		t.Error("an opinion for another:", err)
	}
	if err := x.store.Opine(t.Context(), wang, x.caseID, reviews[1], x.opinion(4, panel.Agree), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Error("an opinion for another:", err)
	}
	if err := x.store.Opine(t.Context(), wang, x.caseID, reviews[0], x.opinion(1, panel.Disagree), today); faultsOf(t, err) != "review" {
		t.Error("twice:", err)
	}
	if err := x.store.Opine(t.Context(), x.registrar, x.caseID, reviews[1], x.opinion(2, panel.Disagree), today); faultsOf(t, err) != "document" {
		t.Error("entered without a paper:", err)
	}
	if list, err := x.reviews(x.registrar, x.caseID); err != nil || len(list) != 2 || !list[0].Late(today) && !list[1].Late(today) {
		t.Error(list, err)
	}
	// Somebody who keeps records and is asked is an expert first.
	err = x.db.Write(t.Context(), postgres.System(adcode, "test"), "grant", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO account_grant (adcode, id, account_id, role) VALUES (@adcode, gen_random_uuid(), @id, 'place_name_registrar')`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": li.Account})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if sees, opinions, _ := own(li); sees != 1 || opinions != 0 {
		t.Errorf("a registrar who owes an opinion sees %d reviews and %d opinions", sees, opinions)
	}
	if err := x.store.Opine(t.Context(), li, x.caseID, reviews[1], x.opinion(5, panel.Change), today); err != nil {
		t.Fatal(err)
	}
	if sees, opinions, others := own(li); sees != 2 || opinions != 2 || others != 1 {
		t.Errorf("after it: %d reviews, %d opinions, %d names", sees, opinions, others)
	}
	err = x.db.Write(t.Context(), postgres.System(adcode, "test"), "change", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE name_opinion SET verdict = 'agree'`)
		return err
	})
	if postgres.Code(err) != "YK003" {
		t.Error("an opinion is changed:", err)
	}
}

func TestAConflictBars(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	wang := x.person(t, "wang", "expert", "")
	reviews, err := x.store.Invite(t.Context(), x.registrar, x.caseID, panel.Invitation{Experts: []string{x.expert(t, "王", "华苑置业有限公司", "wang")}, Day: today}, today)
	if err != nil {
		t.Fatal(err)
	}
	id := reviews[0]
	if err := x.store.Opine(t.Context(), wang, x.caseID, id, x.opinion(4, panel.Agree), today); faultsOf(t, err) != "conflict" {
		t.Error("a proposed conflict bars:", err)
	}
	if err := x.store.SetConflict(t.Context(), wang, x.caseID, id, panel.Cleared, "没有"); !errors.Is(err, postgres.ErrForbidden) {
		t.Error("an expert clears the own conflict:", err)
	}
	if err := x.store.SetConflict(t.Context(), wang, x.caseID, id, panel.Declared, ""); faultsOf(t, err) != "reason" {
		t.Error(err)
	}
	if err := x.store.SetConflict(t.Context(), wang, x.caseID, id, panel.Declared, "曾参与设计"); err != nil {
		t.Fatal(err)
	}
	err = x.db.Write(t.Context(), postgres.System(adcode, "test"), "slip in", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
INSERT INTO name_opinion (adcode, review_id, scores, verdict, day, own, recorded_by) VALUES (@adcode, @id, '[]', 'agree', '2026-11-27', true, 'x')`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": id})
		return err
	})
	if postgres.Code(err) != "YK003" {
		t.Error("the database lets a conflict pass:", err)
	}
	if err := x.store.SetConflict(t.Context(), x.registrar, x.caseID, id, "maybe", "x"); faultsOf(t, err) != "conflict" {
		t.Error(err)
	}
	if err := x.store.SetConflict(t.Context(), x.registrar, x.caseID, id, panel.Cleared, "同名单位"); err != nil {
		t.Fatal(err)
	}
	if err := x.store.Opine(t.Context(), wang, x.caseID, id, x.opinion(4, panel.Agree), today); err != nil {
		t.Error(err)
	}
	if err := x.store.Dismiss(t.Context(), x.registrar, x.caseID, id, "", today); faultsOf(t, err) != "reason" {
		t.Error(err)
	}
	if err := x.store.Dismiss(t.Context(), x.registrar, x.caseID, id, "误邀", today); err != nil {
		t.Error(err)
	}
	if list, err := x.reviews(x.registrar, x.caseID); err != nil || list[0].Counts() || list[0].Withdrawn != "误邀" {
		t.Error(list, err)
	}
	if err := x.store.Dismiss(t.Context(), x.registrar, x.caseID, nobody, "x", today); !errors.Is(err, panel.ErrNotFound) {
		t.Error(err)
	}
}
