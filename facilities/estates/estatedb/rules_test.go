package estatedb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/internal/attachments"
	"yike/internal/attachments/attachmentdb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/internal/rules"
)

type ruleFixture struct {
	*fixture
	base  *rules.Set
	book  *estatedb.RuleBook
	rules *estatedb.Rules
}

func newRules(t *testing.T) ruleFixture {
	t.Helper()
	base, err := estates.Set()
	if err != nil {
		t.Fatal(err)
	}
	x := newFixture(t)
	book := estatedb.NewRuleBook(base)
	return ruleFixture{x, base, book, estatedb.NewRules(x.db, book)}
}

// norm is a draft with every field filled in.
func norm(value float64) estates.LocalRule {
	return estates.LocalRule{
		Kind: estates.Norm, Division: "990001001", TitleZH: "每百户三十五平方米", TitleEN: "35 m² per 100 households", From: "2026-01-01", Until: "2030-12-31",
		Form: "community_per_100", Value: &value, Strict: true, Setting: "urban", Severity: rules.Error, Grade: rules.ReadWhole,
		Sentence: "每百户不低于35平方米", SentenceEN: "35 at least", Source: estates.Document{Number: "民发1号", Title: "通知", Issuer: "区政府", Day: "2025-12-20"},
		ReadBy: "王工", ReadOn: "2026-01-02", Note: "试行",
	}
}

func (x ruleFixture) draft(t *testing.T, l estates.LocalRule) estates.LocalItem {
	t.Helper()
	made, err := x.rules.Create(t.Context(), x.reviewer, l, because("区政府通知"), today)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// try keeps a trial of all that is there, as the server does.
func (x ruleFixture) try(t *testing.T, id string, version int) estates.KeptTrial {
	t.Helper()
	list, err := x.store.All(t.Context(), x.reviewer)
	if err != nil {
		t.Fatal(err)
	}
	all, err := x.rules.List(t.Context(), x.reviewer)
	if err != nil {
		t.Fatal(err)
	}
	var locals []estates.LocalRule
	for _, i := range all {
		locals = append(locals, i.LocalRule)
	}
	_, day, err := estates.Propose(locals, id, today)
	if err != nil {
		t.Fatal(err)
	}
	b := estates.Basis{Day: day, Estates: map[string]int{}, Rules: estates.RuleVersions(locals), Around: "a", Program: "p"}
	for _, e := range list {
		b.Estates[e.ID] = e.Version
	}
	value := 30.0
	kept, err := x.rules.KeepTrial(t.Context(), x.reviewer, id, version, b, estates.Trial{
		Day: day, All: estates.Turnout{Checked: len(list)}, Divisions: []estates.Turnout{},
		Differences: []estates.Difference{{Estate: "e", Room: -1, Before: estates.Side{Outcome: rules.Pass, Value: &value}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func TestRulesLive(t *testing.T) {
	t.Parallel()
	x := newRules(t)
	x.create(t, x.estate())
	made := x.draft(t, norm(35))
	want := norm(35)
	want.PlaceZH, want.State, want.Version, want.ID = "990001001", estates.Draft, 1, made.ID
	if diff := cmp.Diff(want, made.LocalRule); diff != "" || !made.MayWrite || made.TriedVersion != 0 {
		t.Error(diff, made.MayWrite, made.TriedVersion)
	}
	if laws, err := x.rules.Present(t.Context(), x.reviewer); err != nil || laws.Set != x.base || laws.Mark != "" {
		t.Errorf("a draft changes something: %q %v", laws.Mark, err)
	}
	if _, err := x.rules.Adopt(t.Context(), x.reviewer, made.ID, 1, "a", "p", because("办公会"), today); !missing(err) {
		t.Errorf("adopted without a trial: %v", err)
	}
	kept := x.try(t, made.ID, 1)
	if kept.Version != 1 || kept.By != x.reviewer.Who || kept.Trial.All.Checked != 1 || *kept.Trial.Differences[0].Before.Value != 30 || kept.Trial.Day != today {
		t.Errorf("%+v", kept)
	}
	// A changed draft was not tried; one changed into itself is the same version.
	same, err := x.rules.Update(t.Context(), x.reviewer, made.ID, 1, norm(35), because("核对"), today)
	if err != nil || same.Version != 1 {
		t.Fatalf("%d %v", same.Version, err)
	}
	other, err := x.rules.Update(t.Context(), x.reviewer, made.ID, 1, norm(36), because("改数"), today)
	if err != nil || other.Version != 2 || *other.Value != 36 || other.TriedVersion != 1 {
		t.Fatalf("%+v %v", other, err)
	}
	if _, err := x.rules.Adopt(t.Context(), x.reviewer, made.ID, 2, "a", "p", because("办公会"), today); !missing(err) {
		t.Errorf("adopted on the trial of another version: %v", err)
	}
	x.try(t, made.ID, 2)
	// What changed since is said.
	bare := x.estate()
	bare.Rooms = nil
	x.create(t, bare)
	for name, tc := range map[string]struct {
		around, program string
		says            string
	}{"an estate": {"a", "p", "estates"}, "the program": {"a", "q", "estates program"}} {
		var stale *estates.StaleTrialError
		_, err := x.rules.Adopt(t.Context(), x.reviewer, made.ID, 2, tc.around, tc.program, because("办公会"), today)
		if !errors.As(err, &stale) || stale.Missing || fields(stale.Since) != tc.says {
			t.Errorf("%s: %v", name, err)
		}
	}
	x.try(t, made.ID, 2)
	var stale *estates.StaleTrialError
	if _, err := x.rules.Adopt(t.Context(), x.reviewer, made.ID, 2, "b", "p", because("办公会"), today); !errors.As(err, &stale) || fields(stale.Since) != "around" {
		t.Errorf("the surroundings: %v", err)
	}
	adopted, err := x.rules.Adopt(t.Context(), x.reviewer, made.ID, 2, "a", "p", because("办公会"), today)
	if err != nil || adopted.State != estates.Adopted || adopted.Adoption != (estates.Signed{By: x.reviewer.Who, Day: today, Reason: "办公会"}) {
		t.Fatalf("%+v %v", adopted, err)
	}
	// Another server, which knows nothing yet, and this one: at once.
	for _, book := range []*estatedb.RuleBook{x.book, estatedb.NewRuleBook(x.base)} {
		laws, err := estatedb.NewRules(x.db, book).Present(t.Context(), x.reviewer)
		if err != nil || len(laws.Set.Rules) != len(x.base.Rules)+1 || laws.Mark == "" {
			t.Errorf("%+v %v", laws, err)
		}
	}
	again, _ := x.rules.Present(t.Context(), x.reviewer)
	if once, _ := x.rules.Present(t.Context(), x.reviewer); once.Set != again.Set {
		t.Error("the rules are read anew without a change")
	}
	for what, do := range map[string]func() error{
		"changes": func() error {
			_, err := x.rules.Update(t.Context(), x.reviewer, made.ID, 3, norm(1), because("a"), today)
			return err
		},
		"adopts": func() error {
			_, err := x.rules.Adopt(t.Context(), x.reviewer, made.ID, 3, "a", "p", because("a"), today)
			return err
		},
		"takes away": func() error { return x.rules.Remove(t.Context(), x.reviewer, made.ID, 3, because("a"), today) },
	} {
		if err := do(); !errors.Is(err, estates.ErrNotDraft) {
			t.Errorf("%s one in force: %v", what, err)
		}
	}
	// Its successor ends it the day before.
	next := norm(40)
	next.From, next.Replaces = "2027-01-01", made.ID
	second := x.draft(t, next)
	x.try(t, second.ID, 1)
	if _, err := x.rules.Adopt(t.Context(), x.reviewer, second.ID, 1, "a", "p", because("提高"), today); err != nil {
		t.Fatal(err)
	}
	first, err := x.rules.ByID(t.Context(), x.reviewer, made.ID)
	if err != nil || first.State != estates.Superseded || first.Until != "2026-12-31" || first.Ending.Reason != "提高" {
		t.Errorf("%+v %v", first, err)
	}
	if _, err := x.rules.Withdraw(t.Context(), x.reviewer, second.ID, 2, "a", "p", because("停"), today); !missing(err) {
		t.Errorf("withdrawn without a trial: %v", err)
	}
	x.try(t, second.ID, 2)
	gone, err := x.rules.Withdraw(t.Context(), x.reviewer, second.ID, 2, "a", "p", because("停止执行"), today)
	if err != nil || gone.State != estates.Withdrawn || gone.Ending.Reason != "停止执行" {
		t.Errorf("%+v %v", gone, err)
	}
	list, err := x.rules.HistoryOf(t.Context(), x.reviewer, made.ID)
	if err != nil || len(list) != 4 || list[0].Made.Why != "提高" || list[3].Made.Why != "区政府通知" {
		t.Errorf("%d versions, %v", len(list), err)
	}
}

func missing(err error) bool {
	var stale *estates.StaleTrialError
	return errors.As(err, &stale) && stale.Missing
}

func fields(faults []record.Fault) string {
	var out []string
	for _, f := range faults {
		out = append(out, f.Field)
	}
	return strings.Join(out, " ")
}

func TestRulesAreRefused(t *testing.T) {
	t.Parallel()
	x := newRules(t)
	part, reader := dbtest.Person(t, x.db, adcode, "estate_reviewer", "990001002"), dbtest.Person(t, x.db, adcode, "read_only", "")
	made := x.draft(t, norm(35))
	create := func(w postgres.Writer, how func(*estates.LocalRule)) error {
		l := norm(35)
		how(&l)
		_, err := x.rules.Create(t.Context(), w, l, because("a"), today)
		return err
	}
	same := func(*estates.LocalRule) {}
	for name, tc := range map[string]struct {
		got  error
		want error
	}{
		"a reader":           {create(reader, same), postgres.ErrForbidden},
		"elsewhere":          {create(part, same), postgres.ErrForbidden},
		"the whole district": {create(part, func(l *estates.LocalRule) { l.Division = "990001" }), postgres.ErrForbidden},
		"the part":           {create(part, func(l *estates.LocalRule) { l.Division = "990001002" }), nil},
		"another's draft": {func() error {
			_, err := x.rules.Update(t.Context(), part, made.ID, 1, norm(36), because("a"), today)
			return err
		}(), postgres.ErrForbidden},
		"another's trial": {func() error {
			_, err := x.rules.KeepTrial(t.Context(), part, made.ID, 1, estates.Basis{}, estates.Trial{})
			return err
		}(), postgres.ErrForbidden},
		"a version ago": {func() error {
			_, err := x.rules.Update(t.Context(), x.reviewer, made.ID, 2, norm(36), because("a"), today)
			return err
		}(), postgres.ErrStale},
		"none":               {x.rules.Remove(t.Context(), x.reviewer, nobody, 1, because("a"), today), estates.ErrNoRule},
		"no id":              {func() error { _, err := x.rules.ByID(t.Context(), x.reviewer, "x"); return err }(), estates.ErrNoRule},
		"no history":         {func() error { _, err := x.rules.HistoryOf(t.Context(), x.reviewer, nobody); return err }(), estates.ErrNoRule},
		"history of no id":   {func() error { _, err := x.rules.HistoryOf(t.Context(), x.reviewer, "x"); return err }(), estates.ErrNoRule},
		"a reader's history": {func() error { _, err := x.rules.HistoryOf(t.Context(), reader, made.ID); return err }(), postgres.ErrForbidden},
		"no trial":           {func() error { _, err := x.rules.TrialOf(t.Context(), x.reviewer, made.ID); return err }(), estates.ErrNoTrial},
		"trial of no id":     {func() error { _, err := x.rules.TrialOf(t.Context(), x.reviewer, "x"); return err }(), estates.ErrNoTrial},
		"withdraws a draft": {func() error {
			_, err := x.rules.Withdraw(t.Context(), x.reviewer, made.ID, 1, "", "", because("a"), today)
			return err
		}(), estates.ErrNotAdopted},
		"reads":                 {func() error { _, err := x.rules.ByID(t.Context(), reader, made.ID); return err }(), nil},
		"replaces what is none": {create(x.reviewer, func(l *estates.LocalRule) { l.Replaces = made.ID }), new(record.InvalidError)},
		"no such division":      {create(x.reviewer, func(l *estates.LocalRule) { l.Division = "990001999" }), new(record.InvalidError)},
	} {
		var invalid *record.InvalidError
		if _, wantsInvalid := tc.want.(*record.InvalidError); wantsInvalid { //nolint:errorlint // a mark of this table
			if !errors.As(tc.got, &invalid) {
				t.Errorf("%s: %v", name, tc.got)
			}
			continue
		}
		if !errors.Is(tc.got, tc.want) || tc.want == nil && tc.got != nil {
			t.Errorf("%s: %v, want %v", name, tc.got, tc.want)
		}
	}
	faults, err := x.rules.Check(t.Context(), x.reviewer, estates.LocalRule{Kind: estates.Norm, Division: "1"})
	if err != nil || fields(faults) != "form division" {
		t.Errorf("%v %v", fields(faults), err)
	}
	if err := x.rules.Remove(t.Context(), x.reviewer, made.ID, 1, because(""), today); err == nil {
		t.Error("taken away without a reason")
	}
	if err := x.rules.Remove(t.Context(), x.reviewer, made.ID, 1, because("不需要"), today); err != nil {
		t.Error(err)
	}
}

// An error stands on its text: without a document or a reader it is not adopted, and the
// document stays once it is.
func TestRulesStandOnTheirDocument(t *testing.T) {
	t.Parallel()
	x := newRules(t)
	l := norm(35)
	l.ReadBy, l.ReadOn = "", ""
	made := x.draft(t, l)
	x.try(t, made.ID, 1)
	_, err := x.rules.Adopt(t.Context(), x.reviewer, made.ID, 1, "a", "p", because("a"), today)
	var invalid *record.InvalidError
	if !errors.As(err, &invalid) || fields(invalid.Faults) != "attachments" {
		t.Fatalf("adopted unread: %v", err)
	}
	owner, _ := attachments.OwnerOf("estate_rule")
	files := attachmentdb.New(x.db)
	file := attachments.Attachment{
		OwnerID: made.ID, Kind: attachments.Document, Title: "通知", FileName: "a.pdf", MediaType: "application/pdf", Size: 1,
		SHA256: strings.Repeat("a", 64), OriginalSHA256: strings.Repeat("a", 64),
	}
	kept, err := files.Create(t.Context(), x.reviewer, owner, file, "依据")
	if err != nil || kept.DivisionCode != "990001001" {
		t.Fatalf("%+v %v", kept, err)
	}
	adopted, err := x.rules.Adopt(t.Context(), x.reviewer, made.ID, 1, "a", "p", because("a"), today)
	if err != nil || adopted.Attached != 1 {
		t.Fatalf("%+v %v", adopted, err)
	}
	if err := files.Remove(t.Context(), x.reviewer, owner, made.ID, kept.ID, 1, "a"); !errors.Is(err, attachmentdb.ErrFixed) {
		t.Errorf("its document went: %v", err)
	}
	// The database holds it, too, whatever the program does.
	err = x.db.Write(t.Context(), postgres.System(adcode, "test"), "behind the store's back", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE estate_rule SET definition = '{}' WHERE id = @id`, pgx.StrictNamedArgs{"id": made.ID})
		return err
	})
	if postgres.Code(err) != "YK003" {
		t.Errorf("a rule in force was rewritten: %v", err)
	}
	if diff := cmp.Diff(l, adopted.LocalRule, cmpopts.IgnoreFields(estates.LocalRule{}, "ID", "Version", "State", "PlaceZH", "Attached", "Adoption")); diff != "" {
		t.Error(diff)
	}
}
