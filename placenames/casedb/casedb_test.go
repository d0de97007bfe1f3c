package casedb_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/casedb"
	"yike/placenames/placenamedb"
	"yike/placenames/process"
)

const (
	adcode  = "990001"
	west    = "990001001"
	east    = "990001002"
	today   = record.Day("2026-11-27")
	nobody  = "01900000-0000-7000-8000-000000000001"
	housing = "区住房和城乡建设局"
)

// fixture is an authority with two subdistricts and somebody of every role, whose department
// is the housing office where a department counts.
type fixture struct {
	t      testing.TB
	db     *postgres.DB
	store  *casedb.Store
	names  *placenamedb.Store
	book   *process.Book
	system postgres.Writer
	people map[auth.Role]postgres.Writer
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	x := &fixture{t: t, db: dbtest.New(t), system: postgres.System(adcode, "test"), people: map[auth.Role]postgres.Writer{}}
	x.write(func(tx *postgres.Tx) error {
		for _, d := range []struct {
			code, level string
			west, east  float64
		}{{adcode, "district", 117, 117.4}, {west, "subdistrict", 117, 117.2}, {east, "subdistrict", 117.2, 117.4}} {
			_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, name_zh, geom)
VALUES (@adcode, gen_random_uuid(), @code, @level, @code, ST_Multi(ST_MakeEnvelope(@west, 39, @east, 39.1, 4326)))`,
				pgx.StrictNamedArgs{"adcode": adcode, "code": d.code, "level": d.level, "west": d.west, "east": d.east})
			if err != nil {
				return err
			}
		}
		return nil
	})
	for _, r := range auth.Roles() {
		x.people[r.Role] = dbtest.Person(t, x.db, adcode, string(r.Role), "")
	}
	x.write(func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE account SET department = @name WHERE adcode = @adcode AND id = @id`,
			pgx.StrictNamedArgs{"adcode": adcode, "id": x.people[auth.ConsultedDept].Account, "name": housing + "规划科"})
		return err
	})
	catalogue, err := placenames.NewCatalogue()
	if err == nil {
		x.book, err = process.NewBook()
	}
	if err != nil {
		t.Fatal(err)
	}
	x.names = placenamedb.New(x.db, catalogue)
	x.store = casedb.New(x.db, x.book, x.names)
	x.follow(process.Local{Preset: "xixian", Offices: map[string]string{"housing_department": housing, "city_county_government": "示例市人民政府"}})
	return x
}

func (x *fixture) write(fn func(tx *postgres.Tx) error) {
	x.t.Helper()
	if err := x.db.Write(x.t.Context(), x.system, "a test", fn); err != nil {
		x.t.Fatal(err)
	}
}

// follow sets the procedure of cases that begin from then on.
func (x *fixture) follow(l process.Local) {
	x.t.Helper()
	set, err := x.store.Settings(x.t.Context(), x.system)
	if err == nil {
		err = x.store.SetProcedure(x.t.Context(), x.people[auth.PlaceNameRegistrar], set.Version, l, "本地流程", today)
	}
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *fixture) registrar() postgres.Writer { return x.people[auth.PlaceNameRegistrar] }

// name makes a record; what is in use was found so.
func (x *fixture) name(text, kind string, state placenames.State) placenames.Item {
	x.t.Helper()
	n := placenames.Name{
		Text: text, Kind: kind, State: state, Divisions: []string{west}, Extent: placenames.Extent{From: "东一路", To: "西一路"}, Size: placenames.Size{LengthM: 800},
	}
	if state.InUse() {
		n.Decision = placenames.Decision{Kind: placenames.Naming, Number: "示例〔2020〕1号", Day: "2020-01-01", Body: "示例市人民政府"}
	}
	item, err := x.names.Create(x.t.Context(), x.registrar(), n, record.Change{Reason: "登记"}, today)
	if err != nil {
		x.t.Fatalf("make %s: %v", text, err)
	}
	return item
}

func opening(act, name string) process.Opening {
	o := process.Opening{Dossier: process.Dossier{Matter: process.Matter{Act: act}, NameID: name, Applicant: "示例建设单位", Reason: "新建道路"}}
	if act == process.Renaming {
		o.Proposed = process.Proposal{Text: "清河大道", Roman: "Qinghe Dadao", Parts: placenames.Parts{Specific: "清河", Generic: "大道", Confirmed: true}}
	}
	return o
}

// begin makes a case about a record.
func (x *fixture) begin(act, name string) process.View {
	x.t.Helper()
	id, err := x.store.Create(x.t.Context(), x.registrar(), opening(act, name), today)
	if err != nil {
		x.t.Fatalf("begin: %v", err)
	}
	return x.see(id)
}

func (x *fixture) see(id string) process.View {
	x.t.Helper()
	v, err := x.store.ByID(x.t.Context(), x.registrar(), id)
	if err != nil {
		x.t.Fatal(err)
	}
	return v
}

// bring adds a file for each material to a case.
func (x *fixture) bring(id string, materials ...string) {
	x.t.Helper()
	x.write(func(tx *postgres.Tx) error {
		for _, m := range materials {
			_, err := tx.Exec(x.t.Context(), `
INSERT INTO attachment (adcode, id, owner_kind, owner_id, division_code, kind, title, subject, file_name, media_type, size, sha256, original_sha256)
VALUES (@adcode, gen_random_uuid(), 'name_case', @id, @division, 'document', @m, @m, 'a.pdf', 'application/pdf', 1, repeat('0', 64), repeat('0', 64))`,
				pgx.StrictNamedArgs{"adcode": adcode, "id": id, "division": west, "m": m})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// brings adds what a step needs and is not there.
func (x *fixture) brings(v process.View, step string) {
	x.t.Helper()
	s := stepOf(v, step)
	for _, m := range s.NeedsOf(v.Act) {
		if !slices.ContainsFunc(v.Papers, func(p process.Shown) bool { return p.Material == m }) {
			x.bring(v.ID, m)
		}
	}
}

func stepOf(v process.View, step string) process.Step {
	return v.Frozen.Rules.Steps[slices.IndexFunc(v.Frozen.Rules.Steps, func(s process.Step) bool { return s.Code.Code == step })]
}

// done is the event by which a step is taken in order.
func done(step string, day record.Day) process.Entry {
	return process.Entry{Title: "关于命名的批复", Event: process.Event{Kind: process.Done, Step: step, Day: day, Document: "示例函〔2026〕" + step, Verdict: process.Agree}}
}

// take records an event as a role.
func (x *fixture) take(as auth.Role, id string, e process.Entry) error {
	x.t.Helper()
	v := x.see(id)
	_, err := x.store.Take(x.t.Context(), x.people[as], id, v.Version, e, nil, today)
	return err
}

// walk takes a case through steps, each by whose it is.
func (x *fixture) walk(id string, steps ...string) process.View {
	x.t.Helper()
	for _, step := range steps {
		v := x.see(id)
		x.brings(v, step)
		if err := x.take(whose(v, step), id, done(step, today)); err != nil {
			x.t.Fatalf("%s: %v", step, err)
		}
	}
	return x.see(id)
}

// whose is the role whose step it is.
func whose(v process.View, step string) auth.Role {
	switch {
	case step == "experts":
		return auth.Expert
	case step == "deliberation":
		return auth.CommitteeMember
	case step == "approval" && v.Frozen.Rules.Track.Code.Code == "decide":
		return auth.Approver
	case step == "approval", step == "filing" && v.Frozen.Rules.Track.Code.Code == "opinion":
		return auth.ConsultedDept
	}
	return auth.PlaceNameRegistrar
}

func allSteps(v process.View) []string {
	var out []string
	for _, s := range v.Frozen.Rules.Steps {
		out = append(out, s.Code.Code)
	}
	return out
}

// faultsOf are the fields at fault.
func faultsOf(err error) []string {
	var invalid *record.InvalidError
	if !errors.As(err, &invalid) {
		return nil
	}
	var out []string
	for _, f := range invalid.Faults {
		out = append(out, f.Field)
	}
	return out
}

func (x *fixture) nameNow(id string) placenames.Item {
	x.t.Helper()
	n, err := x.names.ByID(x.t.Context(), x.system, id)
	if err != nil {
		x.t.Fatal(err)
	}
	return n
}
