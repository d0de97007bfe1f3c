package namepaperdb_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/papers"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/casedb"
	"yike/placenames/namepaperdb"
	namepapers "yike/placenames/papers"
	"yike/placenames/placenamedb"
	"yike/placenames/process"
)

const (
	adcode = "990001"
	west   = "990001001"
	today  = record.Day("2026-11-27")
	nobody = "01900000-0000-7000-8000-000000000001"
)

type fixture struct {
	t      testing.TB
	db     *postgres.DB
	store  *namepaperdb.Store
	caseID string
	system postgres.Writer
	people map[auth.Role]postgres.Writer
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	db := dbtest.New(t)
	x := fixture{t: t, db: db, store: namepaperdb.New(db), system: postgres.System(adcode, "test"), people: map[auth.Role]postgres.Writer{}}
	x.must(db.Write(t.Context(), x.system, "a test", func(tx *postgres.Tx) error {
		for _, d := range [][2]string{{adcode, "district"}, {west, "subdistrict"}} {
			_, err := tx.Exec(t.Context(), `
INSERT INTO division (adcode, id, code, level, name_zh, geom)
VALUES (@adcode, gen_random_uuid(), @code, @level, @code, ST_Multi(ST_MakeEnvelope(117, 39, 117.2, 39.1, 4326)))`,
				pgx.StrictNamedArgs{"adcode": adcode, "code": d[0], "level": d[1]})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	for _, r := range auth.Roles() {
		x.people[r.Role] = dbtest.Person(t, db, adcode, string(r.Role), "")
	}
	catalogue, err := placenames.NewCatalogue()
	x.must(err)
	book, err := process.NewBook()
	x.must(err)
	names := placenamedb.New(db, catalogue)
	item, err := names.Create(t.Context(), x.registrar(), placenames.Name{
		Text: "清河路", Kind: "road", State: placenames.Draft, Divisions: []string{west}, Extent: placenames.Extent{From: "东一路", To: "西一路"}, Size: placenames.Size{LengthM: 800},
	}, record.Change{Reason: "登记"}, today)
	x.must(err)
	x.caseID, err = casedb.New(db, book, names).Create(t.Context(), x.registrar(), process.Opening{Dossier: process.Dossier{
		Matter: process.Matter{Act: process.Naming}, NameID: item.ID, Applicant: "示例建设单位", Reason: "新建道路",
	}}, today)
	x.must(err)
	return x
}

func (x fixture) registrar() postgres.Writer { return x.people[auth.PlaceNameRegistrar] }

func (x fixture) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x fixture) series(s ...namepapers.Series) {
	x.t.Helper()
	_, version, _, err := x.store.Settings(x.t.Context(), x.system)
	x.must(err)
	x.must(x.store.SetSettings(x.t.Context(), x.registrar(), version, namepapers.Settings{Series: s}, record.Change{Reason: "编号"}, today))
}

func written(number string) (namepaperdb.File, error) {
	return namepaperdb.File{Title: "清河路-受理通知书-" + number, SHA256: strings.Repeat("a", 64), Name: "受理.docx", Size: 10, Open: []string{"联系方式"}}, nil
}

func (x fixture) keep(w postgres.Writer, d namepapers.Draft) (namepapers.Paper, error) {
	x.t.Helper()
	id, err := x.store.Keep(x.t.Context(), w, x.caseID, d, today, written)
	if err != nil {
		return namepapers.Paper{}, err
	}
	return x.store.ByID(x.t.Context(), x.system, id)
}

func TestNumbersHaveNoGap(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	x.series(namepapers.Series{Prefix: "清民地名", Kinds: []namepapers.Kind{namepapers.AcceptanceNotice, namepapers.Reply}, Year: 2026, First: 13})
	d := namepapers.Draft{Kind: namepapers.AcceptanceNotice, Day: today}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if _, err := x.keep(x.registrar(), d); err != nil {
				t.Error(err)
			}
		})
	}
	fails := errors.New("the disk is full")
	if _, err := x.store.Keep(t.Context(), x.registrar(), x.caseID, d, today, func(string) (namepaperdb.File, error) { return namepaperdb.File{}, fails }); !errors.Is(err, fails) {
		t.Error(err)
	}
	all.Wait()
	last, err := x.keep(x.registrar(), namepapers.Draft{Kind: namepapers.Reply, Day: "2025-03-01"})
	x.must(err)
	if last.Number != "清民地名〔2025〕1号" || last.Title != "清河路-受理通知书-清民地名〔2025〕1号" {
		t.Errorf("another year begins anew: %+v", last)
	}
	list, err := x.store.OfCase(t.Context(), x.registrar(), x.caseID)
	x.must(err)
	var got []string
	for _, p := range list[:6] {
		got = append(got, p.Number)
	}
	slices.Sort(got)
	var want []string
	for n := range 6 {
		want = append(want, fmt.Sprintf("清民地名〔2026〕%d号", 13+n))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	next, err := x.store.Next(t.Context(), x.registrar(), namepapers.Settings{Series: []namepapers.Series{{Prefix: "清民地名"}, {Prefix: "别的"}}}, 2026)
	if err != nil || next["清民地名"].No != 19 || next["别的"].No != 1 {
		t.Error(next, err)
	}
	// Nobody writes a number past the program, either.
	err = x.db.Write(t.Context(), x.system, "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
INSERT INTO name_paper (adcode, id, case_id, kind, series, year, no, number, day, title, template, sha256, size, file_name, who)
VALUES (@adcode, gen_random_uuid(), @case, 'reply', '清民地名', 2026, 40, 'x', '2026-01-01', 'x', 0, repeat('a', 64), 1, 'x', 'x')`, pgx.StrictNamedArgs{"adcode": adcode, "case": x.caseID})
		return err
	})
	if postgres.Code(err) != "YK003" {
		t.Error("a gap was let through:", err)
	}
}

func TestKeeping(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	made, err := x.keep(x.registrar(), namepapers.Draft{Kind: namepapers.Approval, Day: today, Number: " 清政〔2026〕9号 ", To: "清澜区民政局", Filled: map[string]string{"签发人": " 李某 ", "含义": " "}})
	x.must(err)
	if made.Number != "清政〔2026〕9号" || made.Given.No != 0 || made.CaseNumber != "2026-001" || made.To != "清澜区民政局" || !slices.Equal(made.Open, []string{"联系方式"}) || made.Who == "" || made.KeptAt.IsZero() {
		t.Errorf("%+v", made)
	}
	if d := cmp.Diff(map[string]string{"签发人": "李某"}, made.Filled); d != "" {
		t.Error(d)
	}
	x.series(namepapers.Series{Prefix: "清民地名", Kinds: []namepapers.Kind{namepapers.Reply}})
	var invalid *record.InvalidError
	if _, err := x.keep(x.registrar(), namepapers.Draft{Kind: namepapers.Reply, Day: today, Number: "我的〔2026〕1号"}); !errors.As(err, &invalid) {
		t.Error("a number is typed where the series gives one:", err)
	}
	if _, err := x.keep(x.registrar(), namepapers.Draft{Kind: namepapers.Reply, Day: "2026-11-28"}); !errors.As(err, &invalid) {
		t.Error(err)
	}
	if _, err := x.store.Keep(t.Context(), x.registrar(), nobody, namepapers.Draft{Kind: namepapers.Reply, Day: today}, today, written); !errors.Is(err, process.ErrNotFound) {
		t.Error(err)
	}
	if _, err := x.store.ByID(t.Context(), x.system, nobody); !errors.Is(err, namepapers.ErrNotFound) {
		t.Error(err)
	}
	if _, err := x.store.ByID(t.Context(), x.system, "x"); !errors.Is(err, namepapers.ErrNotFound) {
		t.Error(err)
	}
	for what, f := range map[string]namepapers.Filter{
		"all": {Limit: 9}, "of the year": {Year: 2026, Limit: 9}, "of the kind": {Kind: namepapers.Approval, Limit: 9}, "by number": {Text: "清政〔", Limit: 9}, "one": {Limit: 1},
	} {
		if list, err := x.store.List(t.Context(), x.registrar(), f); err != nil || len(list) != 1 || list[0].ID != made.ID {
			t.Errorf("%s: %v %v", what, list, err)
		}
	}
	for what, f := range map[string]namepapers.Filter{"before": {Before: made.ID, Limit: 9}, "of another year": {Year: 2020, Limit: 9}, "of another kind": {Kind: namepapers.Reply, Limit: 9}, "by another text": {Text: "x", Limit: 9}} {
		if list, err := x.store.List(t.Context(), x.registrar(), f); err != nil || len(list) != 0 {
			t.Errorf("%s: %v %v", what, list, err)
		}
	}
	for _, file := range []string{strings.Repeat("a", 64), strings.Repeat("b", 64)} {
		held, err := namepaperdb.Holds(t.Context(), x.db.Reader(), file)
		if err != nil || held != (file[0] == 'a') {
			t.Error(file, held, err)
		}
	}
	for _, table := range []string{"name_paper", "name_paper_act", "name_paper_template"} {
		err := x.db.Write(t.Context(), x.system, "a test", func(tx *postgres.Tx) error { _, err := tx.Exec(t.Context(), "DELETE FROM "+table); return err })
		if postgres.Code(err) != "YK003" {
			t.Errorf("%s can be taken away: %v", table, err)
		}
	}
}

func TestWhoKeepsPapers(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	first, err := x.keep(x.registrar(), namepapers.Draft{Kind: namepapers.SurveyRecord, Day: today})
	x.must(err)
	for role, w := range x.people {
		has := func(action auth.Action) bool {
			return x.db.Read(t.Context(), w, func(q postgres.Querier) error { return postgres.Require(t.Context(), q, w, string(action), west) }) == nil
		}
		may, rule := has(auth.PlaceNameWrite) || has(auth.PlaceNameDecide), has(auth.PlaceNameRules)
		if got, err := x.store.May(t.Context(), w, west); err != nil || got != may {
			t.Errorf("%s may keep: %v %v", role, got, err)
		}
		_, err := x.keep(w, namepapers.Draft{Kind: namepapers.SurveyRecord, Day: today})
		if !has(auth.MapRead) {
			if !errors.Is(err, process.ErrNotFound) {
				t.Errorf("%s sees a case: %v", role, err)
			}
			continue
		}
		if (err == nil) != may || err != nil && !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s keeps a paper: %v", role, err)
		}
		err = x.store.Void(t.Context(), w, first.ID, record.Change{}, today)
		var invalid *record.InvalidError
		if may != errors.As(err, &invalid) || !may && !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("%s makes void: %v", role, err)
		}
		err = x.store.SetSettings(t.Context(), w, 99, namepapers.Settings{}, record.Change{Reason: "r"}, today)
		if rule != errors.Is(err, postgres.ErrStale) {
			t.Errorf("%s sets numbers: %v", role, err)
		}
		_, err = x.store.SetTemplate(t.Context(), w, 99, papers.Template{Kind: "reply", SHA256: strings.Repeat("c", 64), Size: 1, FileName: "a.docx"})
		if rule != errors.Is(err, postgres.ErrStale) {
			t.Errorf("%s sets templates: %v", role, err)
		}
	}
}

func TestSignedCopiesAndVoid(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	p, err := x.keep(x.registrar(), namepapers.Draft{Kind: namepapers.AcceptanceNotice, Day: today})
	x.must(err)
	attach := func(owner string) func(*postgres.Tx, namepapers.Paper) (string, error) {
		return func(tx *postgres.Tx, _ namepapers.Paper) (string, error) {
			var id string
			err := tx.QueryRow(t.Context(), `
INSERT INTO attachment (adcode, id, owner_kind, owner_id, division_code, kind, title, subject, file_name, media_type, size, sha256, original_sha256)
VALUES (@adcode, gen_random_uuid(), 'name_case', @owner, @division, 'document', 't', 'acceptance_notice', 'a.pdf', 'application/pdf', 7, repeat('d', 64), repeat('d', 64)) RETURNING id::text`,
				pgx.StrictNamedArgs{"adcode": adcode, "owner": owner, "division": west}).Scan(&id)
			return id, err
		}
	}
	if err := x.store.Scan(t.Context(), x.registrar(), p.ID, attach(nobody)); !errors.Is(err, postgres.ErrForbidden) {
		t.Error("a file of another record is no copy of the paper:", err)
	}
	x.must(x.store.Scan(t.Context(), x.registrar(), p.ID, attach(x.caseID)))
	p, err = x.store.ByID(t.Context(), x.registrar(), p.ID)
	if err != nil || p.Scan == nil || p.Scan.Media != "application/pdf" || p.Scan.Size != 7 || p.Scan.Who == "" {
		t.Fatalf("%+v %v", p.Scan, err)
	}
	x.must(x.db.Write(t.Context(), x.system, "a test", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `DELETE FROM attachment WHERE id = @id`, pgx.StrictNamedArgs{"id": p.Scan.Attachment})
		return err
	}))
	if p, err = x.store.ByID(t.Context(), x.registrar(), p.ID); err != nil || p.Scan != nil {
		t.Error("the file was taken away, and with it the copy:", p.Scan, err)
	}
	x.must(x.store.Void(t.Context(), x.registrar(), p.ID, record.Change{Reason: "写错了名称"}, today))
	if p, err = x.store.ByID(t.Context(), x.registrar(), p.ID); err != nil || p.Void == nil || p.Void.Reason != "写错了名称" {
		t.Error(p.Void, err)
	}
	if err := x.store.Void(t.Context(), x.registrar(), p.ID, record.Change{Reason: "再次"}, today); !errors.Is(err, namepapers.ErrVoid) {
		t.Error(err)
	}
	if err := x.store.Scan(t.Context(), x.registrar(), p.ID, attach(x.caseID)); !errors.Is(err, namepapers.ErrVoid) {
		t.Error(err)
	}
	if err := x.store.Void(t.Context(), x.registrar(), nobody, record.Change{Reason: "r"}, today); !errors.Is(err, namepapers.ErrNotFound) {
		t.Error(err)
	}
}

func TestSettingsAndTemplates(t *testing.T) {
	t.Parallel()
	x := newFixture(t)
	set, version, may, err := x.store.Settings(t.Context(), x.people[auth.ReadOnly])
	if err != nil || version != 0 || may || len(set.Series) != 0 {
		t.Error(set, version, may, err)
	}
	x.series(namepapers.Series{Prefix: "清民地名", Kinds: []namepapers.Kind{namepapers.Reply}})
	x.series(namepapers.Series{Prefix: "清民函", Kinds: []namepapers.Kind{namepapers.Reply}})
	set, version, may, err = x.store.Settings(t.Context(), x.registrar())
	if err != nil || version != 2 || !may || set.Series[0].Prefix != "清民函" {
		t.Error(set, version, may, err)
	}
	var invalid *record.InvalidError
	if err := x.store.SetSettings(t.Context(), x.registrar(), 2, namepapers.Settings{Series: []namepapers.Series{{}}}, record.Change{Reason: "r"}, today); !errors.As(err, &invalid) {
		t.Error(err)
	}
	if err := x.store.SetSettings(t.Context(), x.registrar(), 2, namepapers.Settings{}, record.Change{}, today); !errors.As(err, &invalid) {
		t.Error("without a reason:", err)
	}
	own := papers.Template{Kind: "reply", SHA256: strings.Repeat("c", 64), Size: 1, FileName: "a.docx"}
	made, err := x.store.SetTemplate(t.Context(), x.registrar(), 0, own)
	if err != nil || made.Own() != 1 {
		t.Error(made, err)
	}
	if back, err := x.store.SetTemplate(t.Context(), x.registrar(), 1, papers.Template{Kind: "reply"}); err != nil || back.Version != 2 || back.Own() != 0 {
		t.Error(back, err)
	}
	if list, may, err := x.store.Templates(t.Context(), x.people[auth.ReadOnly]); err != nil || may || len(list) != 1 || list[0].Version != 2 {
		t.Error(list, may, err)
	}
}
