package casedb_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/process"
)

// TestNamingIsDecided walks a naming from the application to the sign, each step by its role.
func TestNamingIsDecided(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	draft := x.name("清源大道", "road", placenames.Draft)
	v := x.begin(process.Naming, draft.ID)
	if v.Number != "2026-001" || v.Class != "street" || v.Division != west || x.nameNow(draft.ID).State != placenames.Proposed {
		t.Fatalf("it began as %s of %s in %s", v.Number, v.Class, v.Division)
	}
	v = x.walk(v.ID, allSteps(v)[:8]...)
	n := x.nameNow(draft.ID)
	want := placenames.Decision{Kind: placenames.Naming, Number: "示例函〔2026〕approval", Day: today, Body: "示例市人民政府", Title: "关于命名的批复"}
	if n.State != placenames.Approved || n.Decision != want || !v.Decided() || v.Standing.Ending != process.Open {
		t.Fatalf("approved: %s by %+v", n.State, n.Decision)
	}
	v = x.walk(v.ID, "announcement", "filing", "sign")
	if v.Standing.Ending != process.Completed || len(v.Events) != 11 || len(v.Acting) != 0 {
		t.Errorf("it ended %q after %d events", v.Standing.Ending, len(v.Events))
	}
	entered := map[string]bool{}
	for _, e := range v.Events {
		entered[e.Step] = e.Entered
	}
	if !entered["application"] || !entered["filing"] || entered["acceptance"] || entered["experts"] || entered["approval"] || !entered["sign"] {
		t.Errorf("entered for others: %v", entered)
	}
	if e := v.Events[0]; e.Person != "示例建设单位" || e.Office != "applicant" || e.RecordedBy != x.registrar().Who {
		t.Errorf("the application is by %s of %s", e.Person, e.Office)
	}
	if e := v.Events[7]; e.Person != x.people[auth.Approver].Who || !slices.ContainsFunc(e.Papers, func(p process.Shown) bool { return p.Material == "approval" && p.ID != "" }) {
		t.Errorf("the approval is by %s on %v", e.Person, e.Papers)
	}
	if open, err := x.store.Open(t.Context(), x.registrar(), func(process.Dossier) []string { return nil }); err != nil || len(open) != 0 {
		t.Errorf("%d are open: %v", len(open), err)
	}
}

// TestOpinionIsGiven walks the track on which the housing department decides.
func TestOpinionIsGiven(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	draft := x.name("和顺家园", "estate", placenames.Draft)
	v := x.begin(process.Naming, draft.ID)
	v = x.walk(v.ID, "letter", "checks", "reply")
	if x.nameNow(draft.ID).State != placenames.Proposed {
		t.Error("the opinion decided the name")
	}
	v = x.walk(v.ID, "approval")
	if n := x.nameNow(draft.ID); n.State != placenames.Approved || n.Decision.Body != housing {
		t.Errorf("%s by %s", n.State, n.Decision.Body)
	}
	if v.Events[3].Entered {
		t.Error("the department's own decision counts as entered")
	}
	// What the department sent may be entered by the registrar, and is said to be so.
	x.brings(v, "filing")
	if err := x.take(auth.PlaceNameRegistrar, v.ID, done("filing", today)); err != nil {
		t.Fatal(err)
	}
	v = x.walk(v.ID, "announcement")
	if v.Standing.Ending != process.Completed || !v.Events[4].Entered || v.Events[4].Person != housing {
		t.Errorf("it ended %q; filed by %+v", v.Standing.Ending, v.Events[4])
	}
}

// TestEffectsOnTheRecord holds what else a case does to its record.
func TestEffectsOnTheRecord(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	upTo := func(act, text string, state placenames.State, steps int) (process.View, string) {
		n := x.name(text, "road", state)
		v := x.begin(act, n.ID)
		return x.walk(v.ID, allSteps(v)[:steps]...), n.ID
	}
	v, id := upTo(process.Renaming, "旧街大道", placenames.Approved, 8)
	if n := x.nameNow(id); n.Text != "清河大道" || n.Roman != "Qinghe Dadao" || len(n.Former) != 1 || n.Former[0].Text != "旧街大道" || n.Decision.Kind != placenames.Renaming {
		t.Errorf("renamed to %+v", n.Name)
	}
	if v.Text != "旧街大道" {
		t.Errorf("the case forgot what it was about: %q", v.Text)
	}
	_, id = upTo(process.Retirement, "废弃大道", placenames.Approved, 8)
	if n := x.nameNow(id); n.State != placenames.Retired || n.Decision.Kind != placenames.Retirement {
		t.Errorf("retired: %s", n.State)
	}
	refuse := process.Entry{Event: process.Event{Kind: process.Refused, Step: "approval", Day: today, Reason: "与规划不符"}}
	v, id = upTo(process.Naming, "拒绝大道", placenames.Draft, 7)
	if err := x.take(auth.Approver, v.ID, refuse); err != nil || x.nameNow(id).State != placenames.Rejected || x.see(v.ID).Standing.Ending != process.Refusal {
		t.Errorf("refused: %v, %s", err, x.nameNow(id).State)
	}
	v, id = upTo(process.Renaming, "保留大道", placenames.Approved, 7)
	if err := x.take(auth.Approver, v.ID, refuse); err != nil || x.nameNow(id).State != placenames.Approved || x.nameNow(id).Text != "保留大道" {
		t.Errorf("a renaming refused: %v, %s", err, x.nameNow(id).State)
	}
	withdraw := process.Entry{Event: process.Event{Kind: process.Withdrawn, Day: today, Reason: "项目取消"}}
	v, id = upTo(process.Naming, "撤回大道", placenames.Draft, 2)
	if err := x.take(auth.PlaceNameRegistrar, v.ID, withdraw); err != nil || x.nameNow(id).State != placenames.Withdrawn {
		t.Errorf("withdrawn: %v, %s", err, x.nameNow(id).State)
	}
	v, id = upTo(process.Naming, "老街", placenames.Customary, 2)
	if err := x.take(auth.PlaceNameRegistrar, v.ID, withdraw); err != nil || x.nameNow(id).State != placenames.Customary {
		t.Errorf("of what people say: %v, %s", err, x.nameNow(id).State)
	}
	v, id = upTo(process.Renaming, "另授大道", placenames.Approved, 7)
	x.brings(v, "approval")
	err := x.take(auth.Approver, v.ID, process.Entry{Event: process.Event{Kind: process.Done, Step: "approval", Day: today, Document: "1", Office: "new_area_authority"}})
	if err != nil {
		t.Errorf("another lawful authority: %v", err)
	}
	if n := x.nameNow(id); n.Decision.Body != "新区管理委员会" {
		t.Errorf("decided by %q", n.Decision.Body)
	}
	// An approval that the record cannot take is not recorded either.
	v, _ = upTo(process.Retirement, "接续大道", placenames.Approved, 7)
	x.brings(v, "approval")
	x.write(func(tx *postgres.Tx) error { // meanwhile retired otherwise
		_, err := x.names.MoveIn(t.Context(), tx, v.NameID, 0, placenames.Move{To: placenames.Retired, Reason: "x", Decision: placenames.Decision{
			Kind: placenames.Retirement, Number: "2", Day: today, Body: "x",
		}}, today)
		return err
	})
	if err := x.take(auth.Approver, v.ID, done("approval", today)); len(faultsOf(err)) == 0 || len(x.see(v.ID).Events) != 7 {
		t.Errorf("approved what cannot be: %v", err)
	}
}

// TestNoRoleTakesAnothersStep tries every step of both tracks as every role.
func TestNoRoleTakesAnothersStep(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	for kind, act := range map[string]string{"road": process.Naming, "estate": process.Naming} {
		draft := x.name("试行"+kind, kind, placenames.Draft)
		v := x.begin(act, draft.ID)
		for i, step := range allSteps(v) {
			v = x.see(v.ID)
			x.brings(v, step)
			mine := whose(v, step)
			for j, info := range auth.Roles() {
				role := info.Role
				allowed := role == mine || role == auth.PlaceNameRegistrar && mine == auth.ConsultedDept
				kinds := tries(step)
				if (i+j)%4 != 0 {
					kinds = kinds[:1] // the others in their turn
				}
				for _, e := range kinds {
					_, err := x.store.Take(t.Context(), x.people[role], v.ID, v.Version, e, nil, "2026-11-26") // a day before, so that nothing comes of it
					if forbidden := errors.Is(err, postgres.ErrForbidden); err == nil || !forbidden && !allowed && e.Kind == process.Done {
						t.Errorf("%s as %s: %s gives %v", step, role, e.Kind, err)
					} else if e.Kind == process.Done && forbidden && allowed {
						t.Errorf("%s may not take %s", role, step)
					}
				}
				if role == mine || allowed {
					continue
				}
				if err := x.insert(x.people[role], v, step); !errors.Is(err, postgres.ErrForbidden) {
					t.Errorf("%s wrote %s into the table: %v", role, step, err)
				}
			}
			v = x.walk(v.ID, step)
		}
	}
}

// tries are what somebody may try at a step.
func tries(step string) []process.Entry {
	var out []process.Entry
	for _, k := range []process.Kind{process.Done, process.Waived, process.Returned, process.Corrected, process.Refused, process.Withdrawn} {
		e := done(step, today)
		e.Kind, e.Reason, e.Missing = k, "理由", []string{"application"}
		out = append(out, e)
	}
	return out
}

// insert writes an event past the store, as somebody.
func (x *fixture) insert(w postgres.Writer, v process.View, step string) error {
	s := stepOf(v, step)
	return x.db.Write(x.t.Context(), w, "past the store", func(tx *postgres.Tx) error {
		for _, office := range v.Frozen.Rules.Offices(s, v.Class) {
			for _, entered := range []bool{false, true} {
				if err := pgx.BeginFunc(x.t.Context(), tx, func(inner pgx.Tx) error {
					_, err := inner.Exec(x.t.Context(), `
INSERT INTO name_case_event (adcode, id, case_id, no, kind, step, day, office, person, entered, ending, decided, recorded_by)
VALUES (@adcode, gen_random_uuid(), @case, @no, 'done', @step, @day, @office, 'x', @entered, '', true, 'x')`,
						pgx.StrictNamedArgs{"adcode": adcode, "case": v.ID, "no": len(v.Events) + 1, "step": step, "day": string(today), "office": office, "entered": entered})
					return err
				}); err == nil {
					return errors.New("it was written")
				} else if postgres.Code(err) != "42501" {
					return err
				}
			}
		}
		return &postgres.ForbiddenError{}
	})
}

// TestWhereSomebodyActs holds the bounds of divisions.
func TestWhereSomebodyActs(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	of := func(role auth.Role, division string) postgres.Writer {
		return dbtest.Person(t, x.db, adcode, string(role), division)
	}
	there, elsewhere := of(auth.PlaceNameRegistrar, west), of(auth.PlaceNameRegistrar, east)
	draft := x.name("西区路", "road", placenames.Draft)
	if _, err := x.store.Create(t.Context(), elsewhere, opening(process.Naming, draft.ID), today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("begun from elsewhere: %v", err)
	}
	id, err := x.store.Create(t.Context(), there, opening(process.Naming, draft.ID), today)
	if err != nil {
		t.Fatal(err)
	}
	x.bring(id, "application")
	if _, err := x.store.Take(t.Context(), elsewhere, id, 1, done("application", today), nil, today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("taken from elsewhere: %v", err)
	}
	if err := x.store.Amend(t.Context(), elsewhere, id, 1, process.Amendment{}, "x", today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("changed from elsewhere: %v", err)
	}
	if _, err := x.store.Take(t.Context(), there, id, 1, done("application", today), nil, today); err != nil {
		t.Errorf("taken there: %v", err)
	}
	if err := x.store.SetProcedure(t.Context(), there, 1, process.UsualLocal(), "x", today); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("a subdistrict set the procedure: %v", err)
	}
	v, err := x.store.ByID(t.Context(), elsewhere, id)
	if err != nil || len(v.Acting) != 0 || v.MayWrite {
		t.Errorf("elsewhere may do %v: %v", v.Acting, err)
	}
	if _, err := x.store.ByID(t.Context(), postgres.Writer{AdCode: "990002", Account: there.Account, Who: "x"}, id); !errors.Is(err, process.ErrNotFound) {
		t.Errorf("another authority sees it: %v", err)
	}
	// An expert of another office's name is no housing department.
	x.write(func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE account SET department = '区教育局' WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": x.people[auth.ConsultedDept].Account})
		return err
	})
	v = x.begin(process.Naming, x.name("教育小区", "estate", placenames.Draft).ID)
	v = x.walk(v.ID, "letter", "checks", "reply")
	x.brings(v, "approval")
	if err := x.take(auth.ConsultedDept, v.ID, done("approval", today)); !errors.Is(err, postgres.ErrForbidden) {
		t.Errorf("another department approved: %v", err)
	}
}

// TestTwoAtOnce holds that one of two who act on the same version is told, that a request that
// comes twice has one effect, and that numbers have no gap.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	var names []string
	for _, text := range []string{"甲子路", "乙丑路", "丙寅路", "丁卯路"} {
		names = append(names, x.name(text, "road", placenames.Draft).ID)
	}
	var all sync.WaitGroup
	for _, n := range names {
		all.Go(func() {
			if _, err := x.store.Create(t.Context(), x.registrar(), opening(process.Naming, n), today); err != nil {
				t.Errorf("begin: %v", err)
			}
		})
	}
	all.Wait()
	list, err := x.store.List(t.Context(), x.registrar(), process.Filter{Limit: 10})
	if err != nil || len(list) != 4 || list[0].Number != "2026-004" || list[3].Number != "2026-001" {
		t.Fatalf("%d cases: %v", len(list), err)
	}
	id := list[0].ID
	x.bring(id, "application")
	results := make([]error, 4)
	for i := range results {
		all.Go(func() {
			w := x.registrar()
			w.Key, w.RequestHash = string(rune('a'+i/2)), []byte{byte(i / 2)} // two requests, each twice
			_, results[i] = x.store.Take(t.Context(), w, id, 1, done("application", today), nil, today)
		})
	}
	all.Wait()
	stale, ok := 0, 0
	for _, err := range results {
		switch {
		case err == nil:
			ok++
		case errors.Is(err, postgres.ErrStale):
			stale++
		}
	}
	if ok != 2 || stale != 2 || len(x.see(id).Events) != 1 {
		t.Errorf("%d had their effect and %d were told, of %v", ok, stale, results)
	}
	if _, err := x.store.Create(t.Context(), x.registrar(), opening(process.Naming, names[0]), today); !slices.Contains(faultsOf(err), "name_id") {
		t.Errorf("a second case about a name: %v", err)
	}
}

func TestCorrectionsNeedNewPapers(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	v := x.begin(process.Naming, x.name("补正路", "road", placenames.Draft).ID)
	v = x.walk(v.ID, "application")
	back := process.Entry{Event: process.Event{Kind: process.Returned, Step: "acceptance", Day: today, Reason: "申请书没有盖章", Missing: []string{"application"}}}
	if err := x.take(auth.PlaceNameRegistrar, v.ID, back); err != nil {
		t.Fatal(err)
	}
	x.brings(x.see(v.ID), "acceptance")
	if err := x.take(auth.PlaceNameRegistrar, v.ID, done("acceptance", today)); len(faultsOf(err)) == 0 {
		t.Errorf("accepted while corrections are outstanding: %v", err)
	}
	fixed := process.Entry{Event: process.Event{Kind: process.Corrected, Step: "acceptance", Day: today}}
	if err := x.take(auth.PlaceNameRegistrar, v.ID, fixed); !slices.Contains(faultsOf(err), "materials") {
		t.Errorf("the old paper corrects itself: %v", err)
	}
	x.bring(v.ID, "application")
	if err := x.take(auth.PlaceNameRegistrar, v.ID, fixed); err != nil {
		t.Fatal(err)
	}
	v = x.walk(v.ID, "acceptance")
	if e := v.Events[2]; e.Office != "applicant" || !e.Entered {
		t.Errorf("corrected by %s, entered %v", e.Office, e.Entered)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	road := x.name("拒收路", "road", placenames.Draft)
	inUse := x.name("在用路", "road", placenames.Approved)
	for name, tc := range map[string]struct {
		change func(*process.Opening)
		field  string
	}{
		"a name that is in use is not named": {func(o *process.Opening) { o.NameID = inUse.ID }, "name_id"},
		"a draft is not renamed":             {func(o *process.Opening) { o.Act = process.Renaming; o.Proposed.Text = "新路" }, "name_id"},
		"a draft is not retired":             {func(o *process.Opening) { o.Act = process.Retirement }, "name_id"},
		"nobody asks":                        {func(o *process.Opening) { o.Applicant = "" }, "applicant/name"},
		"no act":                             {func(o *process.Opening) { o.Act = "moon" }, "act"},
		"a successor that is no id":          {func(o *process.Opening) { o.Successor = "x" }, "successor_id"},
		"a renaming to itself":               {func(o *process.Opening) { o.NameID, o.Act, o.Proposed.Text = inUse.ID, process.Renaming, "在用路" }, "proposed_text"},
		"a record of its own for a renaming": {func(o *process.Opening) { o.Act, o.New, o.Proposed.Text = process.Renaming, &placenames.Name{}, "x" }, "name"},
		"a record that lies nowhere":         {func(o *process.Opening) { o.NameID, o.New = "", &placenames.Name{Text: "某路", Kind: "road"} }, "name/divisions"},
	} {
		o := opening(process.Naming, road.ID)
		tc.change(&o)
		if _, err := x.store.Create(t.Context(), x.registrar(), o, today); !slices.Contains(faultsOf(err), tc.field) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := x.store.Create(t.Context(), x.registrar(), opening(process.Naming, nobody), today); !errors.Is(err, process.ErrNoName) {
		t.Errorf("a record that is not there: %v", err)
	}
	o := opening(process.Naming, "")
	o.New = &placenames.Name{Text: "随案路", Kind: "road", Divisions: []string{west}}
	id, err := x.store.Create(t.Context(), x.registrar(), o, today)
	if err != nil || x.see(id).NameState != placenames.Proposed || x.see(id).Text != "随案路" {
		t.Errorf("a case with its record: %v", err)
	}
	for _, id := range []string{nobody, "x"} {
		if _, err := x.store.Take(t.Context(), x.registrar(), id, 1, done("application", today), nil, today); !errors.Is(err, process.ErrNotFound) {
			t.Errorf("taken of %q: %v", id, err)
		}
		if _, err := x.store.ByID(t.Context(), x.registrar(), id); !errors.Is(err, process.ErrNotFound) {
			t.Errorf("read %q: %v", id, err)
		}
		if err := x.store.Amend(t.Context(), x.registrar(), id, 1, process.Amendment{}, "x", today); !errors.Is(err, process.ErrNotFound) {
			t.Errorf("changed %q: %v", id, err)
		}
	}
	x.bring(id, "application")
	for _, e := range []process.Entry{done("survey", today), done("application", "2026-11-28"), done("application", "soon")} {
		if err := x.take(auth.PlaceNameRegistrar, id, e); len(faultsOf(err)) == 0 {
			t.Errorf("%s on %s was taken: %v", e.Step, e.Day, err)
		}
	}
	for _, sql := range []string{
		`UPDATE name_case_event SET day = day`, `DELETE FROM name_case_event`, `UPDATE name_case SET ending = 'completed'`, `UPDATE name_case SET decided = true`,
		`UPDATE name_case SET no = 99`, `UPDATE name_case SET rules = '{}'`, `DELETE FROM name_case WHERE false; TRUNCATE name_case_event`,
	} {
		err := x.db.Write(t.Context(), x.system, "past the store", func(tx *postgres.Tx) error { _, err := tx.Exec(t.Context(), sql); return err })
		if postgres.Code(err) != "YK003" {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestAmend(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	v := x.begin(process.Renaming, x.name("旧名路", "road", placenames.Approved).ID)
	p := process.Proposal{Text: "新名路"}
	who := "另一单位"
	if err := x.store.Amend(t.Context(), x.registrar(), v.ID, v.Version, process.Amendment{Proposed: &p, Applicant: &who}, "补正后更换", today); err != nil {
		t.Fatal(err)
	}
	got := x.see(v.ID)
	if got.Proposed.Text != "新名路" || got.Proposed.Roman != "" || got.Applicant != who || got.Version != v.Version+1 {
		t.Errorf("%+v at %d", got.Proposed, got.Version)
	}
	for name, err := range map[string]error{
		"stale":     x.store.Amend(t.Context(), x.registrar(), v.ID, v.Version, process.Amendment{}, "x", today),
		"no reason": x.store.Amend(t.Context(), x.registrar(), v.ID, got.Version, process.Amendment{}, "", today),
		"same name": x.store.Amend(t.Context(), x.registrar(), v.ID, got.Version, process.Amendment{Proposed: &process.Proposal{Text: "旧名路"}}, "x", today),
	} {
		if err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	x.walk(v.ID, allSteps(v)[:8]...)
	if n := x.nameNow(v.NameID); n.Text != "新名路" {
		t.Errorf("renamed to %q", n.Text)
	}
	if err := x.store.Amend(t.Context(), x.registrar(), v.ID, x.see(v.ID).Version, process.Amendment{Applicant: &who}, "x", today); !slices.Contains(faultsOf(err), "id") {
		t.Errorf("changed after the decision: %v", err)
	}
}

// TestWalksOnTheDatabase takes random events as random people and holds what is kept to what
// follows from the events.
func TestWalksOnTheDatabase(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	r := rand.New(rand.NewPCG(11, 12))
	roles := []auth.Role{auth.PlaceNameRegistrar, auth.PlaceNameRegistrar, auth.PlaceNameRegistrar, auth.Expert, auth.CommitteeMember, auth.Approver, auth.ConsultedDept, auth.Planner}
	kinds := []process.Kind{process.Done, process.Done, process.Done, process.Done, process.Done, process.Waived, process.Returned, process.Corrected, process.SentBack, process.Refused, process.Withdrawn}
	x.follow(process.Local{Preset: "national", Offices: map[string]string{"housing_department": housing}})
	taken, refused := 0, 0
	for i, kind := range []string{"road", "estate", "road", "road", "estate", "road", "road", "road"} {
		v := x.begin(process.Naming, x.name("随机"+string(rune('甲'+i))+kind, kind, placenames.Draft).ID)
		for _, s := range v.Frozen.Rules.Steps {
			x.brings(v, s.Code.Code)
		}
		for range 60 {
			if v.Standing.Ending != process.Open {
				break
			}
			step := allSteps(v)[r.IntN(len(allSteps(v)))]
			if open := v.Frozen.Rules.OpenSteps(v.Standing); len(open) > 0 && r.IntN(5) > 0 {
				step = open[r.IntN(len(open))]
			}
			e := done(step, today)
			e.Kind, e.Reason, e.Missing = kinds[r.IntN(len(kinds))], "理由", []string{"application"}
			if back := v.Frozen.Rules.BackTo(v.Standing, step); e.Kind == process.SentBack && len(back) > 0 {
				e.To = back[r.IntN(len(back))]
			}
			if e.Kind != process.Returned {
				e.Missing = nil
			}
			role := whose(v, step)
			if r.IntN(4) == 0 {
				role = roles[r.IntN(len(roles))]
			}
			ends := e.Kind == process.Withdrawn || e.Kind == process.Refused || e.Kind == process.Returned
			switch pending := v.Standing.Pending; {
			case ends && r.IntN(8) > 0:
				continue
			case pending != nil && r.IntN(3) > 0:
				e.Kind, e.Step, e.To = process.Corrected, pending.Step, ""
				role = auth.PlaceNameRegistrar
			}
			err := x.take(role, v.ID, e)
			next := x.see(v.ID)
			switch {
			case err == nil:
				taken++
				if len(next.Events) != len(v.Events)+1 || next.Version != v.Version+1 {
					t.Fatalf("%d events at version %d, then %d at %d", len(v.Events), v.Version, len(next.Events), next.Version)
				}
			case errors.Is(err, postgres.ErrForbidden), len(faultsOf(err)) > 0:
				refused++
				if len(next.Events) != len(v.Events) {
					t.Fatal("what was refused was recorded")
				}
			default:
				t.Fatalf("%s %s as %s: %v", e.Kind, e.Step, role, err)
			}
			v = next
			x.consistent(v)
			if v.Standing.Pending != nil {
				x.bring(v.ID, "application")
			}
		}
	}
	t.Logf("%d events were taken and %d refused", taken, refused)
	if taken < 60 || refused < 40 {
		t.Errorf("only %d events were taken and %d refused", taken, refused)
	}
}

// consistent holds what is kept beside a case, and its record, to its events.
func (x *fixture) consistent(v process.View) {
	x.t.Helper()
	err := x.db.Read(x.t.Context(), x.system, func(q postgres.Querier) error {
		var events int
		var ending string
		var decided bool
		var last record.Day
		err := q.QueryRow(x.t.Context(), `SELECT events, ending, decided, coalesce(last_day::text, '') FROM name_case WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": v.ID}).Scan(&events, &ending, &decided, &last)
		if err == nil && (events != len(v.Events) || ending != string(v.Standing.Ending) || decided != v.Decided() || last != v.Standing.Last) {
			x.t.Errorf("kept: %d events, %q, decided %v, last %s; they give %d, %q, %v, %s", events, ending, decided, last, len(v.Events), v.Standing.Ending, v.Decided(), v.Standing.Last)
		}
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
	want := placenames.Proposed
	switch {
	case v.Decided():
		want = placenames.Approved
	case v.Standing.Ending == process.Refusal:
		want = placenames.Rejected
	case v.Standing.Ending == process.Withdrawal:
		want = placenames.Withdrawn
	}
	if v.NameState != want {
		x.t.Errorf("the record is %s, want %s", v.NameState, want)
	}
}
