package importjob

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/facilities/likeness"
	"yike/facilities/likeness/likenessdb"
	"yike/internal/postgres"
)

// pairs is a town whose files are held against the registry by likeness, as in service.
type pairs struct {
	town
	t *testing.T
}

func newPairs(t *testing.T) pairs {
	t.Helper()
	return pairs{newTown(t), t}
}

// file is a list of canteens without numbers: what they say is all there is of them.
func (x pairs) file(rows ...[]string) *table {
	return &table{columns: []string{"名称", "地址", "所属社区", "经度", "纬度", "联系电话", "日供餐"}, rows: rows}
}

func (x pairs) mapping() imports.Mapping {
	m := imports.Mapping{}
	for i, field := range []string{"name_zh", "address", "community", "lon", "lat", "fields.contact_phone", "fields.meals_per_day"} {
		m.Columns = append(m.Columns, imports.Column{Header: x.file().columns[i], Field: field})
	}
	return m
}

// tried checks a file and gives what would become of its rows.
func (x pairs) tried(file *table) (Job, imports.Batch, []imports.Seen) {
	x.t.Helper()
	j := x.job(file)
	j.Ready = Surveyor{DB: x.db, Types: x.catalogue, Gazetteer: noGazetteer}.Ready
	o := imports.UsualOptions()
	o.Type = "elderly_canteen"
	b := x.checked(x.t, j, x.planner, x.bring(x.t, x.planner, file, o, x.mapping()))
	return j, b, x.seen(b)
}

func (x pairs) seen(b imports.Batch) []imports.Seen {
	x.t.Helper()
	list, err := importdb.New(x.db).Look(x.t.Context(), x.planner, b.ID, "", false, "", 0, 100)
	if err != nil {
		x.t.Fatal(err)
	}
	return list
}

// canteen registers one.
func (x pairs) canteen(name, address, phone string) facilities.Facility {
	x.t.Helper()
	id, err := importdb.NewID()
	if err != nil {
		x.t.Fatal(err)
	}
	err = x.db.Write(x.t.Context(), postgres.System(adcode, "test"), "a canteen", func(tx *postgres.Tx) error {
		return facilitydb.InsertMany(x.t.Context(), tx, []facilities.Facility{{
			ID: id, Type: "elderly_canteen", NameZH: name, Address: address, Status: facilities.Open, Stage: facilities.Published,
			DivisionCode: "990001001001", Point: [2]float64{117.05, 39.05}, PlacedBy: facilities.PlacedGiven,
			Fields: map[string]any{"contact_phone": phone},
		}}, "2020-01-01")
	})
	if err != nil {
		x.t.Fatal(err)
	}
	return x.now(id)
}

func (x pairs) now(id string) facilities.Facility {
	x.t.Helper()
	f, err := facilitydb.New(x.db).ByID(x.t.Context(), x.planner, id)
	if err != nil {
		x.t.Fatal(err)
	}
	return f
}

func (x pairs) decide(a, b string, v likeness.Verdict) {
	x.t.Helper()
	_, err := likenessdb.New(x.db).Decide(x.t.Context(), x.planner, likeness.Decision{A: a, B: b, Verdict: v, Reason: "实地核对", Division: "990001001001"}, today)
	if err != nil {
		x.t.Fatal(err)
	}
}

// rowOf is a row that says what a canteen says, with a figure that it does not have.
func rowOf(f facilities.Facility, meals string) []string {
	phone, _ := f.Fields["contact_phone"].(string)
	return []string{f.NameZH, f.Address, "幸福里社区", "117.05", "39.05", phone, meals}
}

func alikes(s imports.Seen) []string {
	ids := []string{}
	for _, a := range s.Result.Alike {
		ids = append(ids, a.Facility)
	}
	return ids
}

func TestPairDecidedToBeTwoIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	x := newPairs(t)
	a := x.canteen("幸福里老年食堂", "花桥路12号", "022-27390000")
	b := x.canteen("幸福里助餐食堂", "花桥路12号", "022-27390000")
	_, _, rows := x.tried(x.file(rowOf(a, "")))
	if d := cmp.Diff([]string{a.ID, b.ID}, alikes(rows[0])); d != "" || rows[0].Result.Outcome != imports.Duplicate {
		t.Fatal(rows[0].Result.Outcome, d)
	}
	x.decide(b.ID, a.ID, likeness.Different)
	if _, _, rows = x.tried(x.file(rowOf(a, ""))); rows[0].Result.Outcome != imports.Duplicate || cmp.Diff([]string{a.ID}, alikes(rows[0])) != "" {
		t.Errorf("a row that says what one says is still held to be the other: %+v", rows[0].Result)
	}
	// Of two that both say what a row says it is one: which, is asked still.
	twin := x.canteen("幸福里老人食堂", "花桥路12号", "022-27390000")
	x.decide(a.ID, twin.ID, likeness.Different)
	if _, _, rows = x.tried(x.file(rowOf(a, ""))); cmp.Diff(set([]string{a.ID, twin.ID}), set(alikes(rows[0]))) != "" {
		t.Errorf("%+v", rows[0].Result)
	}
	// What was decided of the row itself leaves nothing to ask.
	row := x.finder().Fingerprint(RecordOf(a))
	x.decide(row, a.ID, likeness.Different)
	x.decide(row, twin.ID, likeness.Different)
	j, batch, rows := x.tried(x.file(rowOf(a, "")))
	if rows[0].Result.Outcome != imports.Create {
		t.Fatalf("%+v", rows[0].Result)
	}
	if done := x.committed(t, j, x.planner, batch); done.Done[imports.Create] != 1 {
		t.Errorf("%+v", done.Done)
	}
}

func TestPairDecidedToBeOneUpdates(t *testing.T) {
	t.Parallel()
	x := newPairs(t)
	a := x.canteen("幸福里老年食堂", "花桥路12号", "022-27390000")
	b := x.canteen("幸福里邻里中心助餐点", "柳林大街3号", "022-27391111")
	x.decide(a.ID, b.ID, likeness.Same)
	// Both are there still: the row is of the one that says the same.
	if _, _, rows := x.tried(x.file(rowOf(a, "60"))); rows[0].Result.Outcome != imports.Update || rows[0].Result.Facility != a.ID || rows[0].Result.Matched != "decision" {
		t.Errorf("%+v", rows[0].Result)
	}
	// Then they are merged: what the one said that is gone is said of the other.
	_, err := facilitydb.New(x.db).Merge(t.Context(), x.planner, facilitydb.Seen{ID: a.ID, Version: a.Version}, facilitydb.Seen{ID: b.ID, Version: b.Version},
		facilities.Merge{Reason: "同一处"}, today)
	if err != nil {
		t.Fatal(err)
	}
	j, batch, rows := x.tried(x.file(rowOf(a, "60"), rowOf(a, "60")))
	if r := rows[0].Result; r.Outcome != imports.Update || r.Facility != b.ID || r.Matched != "decision" || len(r.Changes) == 0 {
		t.Fatalf("%+v", r)
	}
	if r := rows[1].Result; r.Outcome != imports.Duplicate || len(r.Alike) != 1 || r.Alike[0].Row != 2 {
		t.Errorf("the same row again is not held against the first: %+v", r)
	}
	x.committed(t, j, x.planner, batch)
	if now := x.now(b.ID); now.Capacity != 60 || now.NameZH != a.NameZH || now.Version != b.Version+1 {
		t.Errorf("%+v", now)
	}
	for i, s := range x.seen(batch) {
		if s.Result.Outcome != rows[i].Result.Outcome || s.Result.Facility != rows[i].Result.Facility {
			t.Errorf("row %d was tried as %+v and is %+v", i, rows[i].Result, s.Result)
		}
	}
	// What the whole row is decided to be goes before.
	_, batch, _ = x.tried(x.file(rowOf(a, "70")))
	err = x.db.Write(t.Context(), x.planner, "a test", func(tx *postgres.Tx) error {
		_, err := importdb.Decide(t.Context(), tx, batch.ID, batch.Version, []imports.Answer{{Row: 2, Verdict: imports.VerdictAs}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, rows := x.tried(x.file(rowOf(a, "70"))); rows[0].Result.Outcome != imports.Create {
		t.Errorf("%+v", rows[0].Result)
	}
}

// TestRowDecidedToBeAnotherIsNotAskedInTheList holds that what a person said of a row is
// said of the record that it becomes.
func TestRowDecidedToBeAnotherIsNotAskedInTheList(t *testing.T) {
	t.Parallel()
	x := newPairs(t)
	a := x.canteen("幸福里老年食堂", "花桥路12号", "022-27390000")
	file := x.file(rowOf(a, "60"))
	j, batch, rows := x.tried(file)
	if rows[0].Result.Outcome != imports.Duplicate {
		t.Fatalf("%+v", rows[0].Result)
	}
	err := x.db.Write(t.Context(), x.planner, "a test", func(tx *postgres.Tx) error {
		var err error
		batch, err = importdb.Decide(t.Context(), tx, batch.ID, batch.Version, []imports.Answer{{Row: 2, Verdict: imports.VerdictAs}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	batch = x.checked(t, j, x.planner, batch)
	decisions := func() likeness.Decided {
		list, err := likenessdb.New(x.db).Decided(t.Context(), adcode)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if len(decisions()) > 0 {
		t.Error("the trial decided something")
	}
	batch = x.committed(t, j, x.planner, batch)
	made := x.seen(batch)[0].Result.Facility
	if batch.Done[imports.Create] != 1 || len(decisions()) != 1 || decisions().Of(made, a.ID) != likeness.Different {
		t.Errorf("%+v, %v", batch.Done, decisions())
	}
}

// TestDecisionsOfSides holds who a row is said to be by what was decided of several.
func TestDecisionsOfSides(t *testing.T) {
	t.Parallel()
	x := newPairs(t)
	a := x.canteen("幸福里老年食堂", "花桥路12号", "022-27390000")
	b := x.canteen("幸福里邻里中心助餐点", "柳林大街3号", "022-27391111")
	c := x.canteen("朝阳助餐点", "柳林大街5号", "022-27392222")
	finder := x.finder()
	row := finder.Fingerprint(RecordOf(a))
	asked := RecordOf(a)
	asked.ID = ""
	for _, tc := range []struct {
		name            string
		list            []likeness.Decision
		same, different []string
	}{
		{"nothing of it", []likeness.Decision{{A: b.ID, B: c.ID, Verdict: likeness.Same}}, nil, nil},
		{"by the record that says the same", []likeness.Decision{{A: a.ID, B: b.ID, Verdict: likeness.Different}}, nil, []string{b.ID}},
		{"of the row itself", []likeness.Decision{{A: row, B: b.ID, Verdict: likeness.Same}}, []string{b.ID}, nil},
		{"the row goes before the record", []likeness.Decision{{A: a.ID, B: b.ID, Verdict: likeness.Different}, {A: row, B: b.ID, Verdict: likeness.Same}}, []string{b.ID}, nil},
		{"two records", []likeness.Decision{{A: row, B: b.ID, Verdict: likeness.Same}, {A: row, B: c.ID, Verdict: likeness.Same}}, []string{b.ID, c.ID}, nil},
		{"a record that is gone", []likeness.Decision{{A: row, B: "0190b8f0-0000-7000-8000-000000000000", Verdict: likeness.Same}}, nil, nil},
		{"two rows", []likeness.Decision{{A: row, B: "row:other", Verdict: likeness.Different}}, nil, nil},
	} {
		verdicts := likeness.Decided{}
		for _, v := range tc.list {
			verdicts.Add(v)
		}
		d, err := newDecided(t.Context(), x.db.Pool(), adcode, finder, verdicts)
		if err != nil {
			t.Fatal(err)
		}
		same, different := d.of(asked)
		if cmp.Diff(set(tc.same), same) != "" || cmp.Diff(set(tc.different), different) != "" {
			t.Errorf("%s: same %v, different %v", tc.name, same, different)
		}
		if f, ok := (&likenesses{decided: d}).Same(a); ok != (len(tc.same) == 1) || ok && f.ID != tc.same[0] {
			t.Errorf("%s: %v %v", tc.name, f.ID, ok)
		}
	}
	// A record that the file changed says something else from then on.
	verdicts := likeness.Decided{}
	verdicts.Add(likeness.Decision{A: a.ID, B: b.ID, Verdict: likeness.Different})
	d, err := newDecided(t.Context(), x.db.Pool(), adcode, finder, verdicts)
	if err != nil {
		t.Fatal(err)
	}
	changed := a
	changed.Address = "花桥路99号"
	d.change(changed)
	if _, different := d.of(asked); len(different) > 0 {
		t.Error(different)
	}
	again := RecordOf(changed)
	again.ID = ""
	if _, different := d.of(again); !different[b.ID] {
		t.Error(different)
	}
	d.change(c) // which nobody decided on
	if d, err := newDecided(t.Context(), x.db.Pool(), adcode, finder, nil); d != nil || err != nil {
		t.Error(d, err)
	}
}

func set(ids []string) map[string]bool {
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out
}
