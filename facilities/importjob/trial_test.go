package importjob

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/facilities/likeness"
	"yike/internal/postgres"
)

var errOver = errors.New("the run is over")

// TestTrialIsAsTaking holds, in 1,000 random districts and files, that a trial says of
// each row what taking it does, whether the taking was broken off in between or not. In a
// quarter of them the same file is brought a second and a third time, and changes nothing.
func TestTrialIsAsTaking(t *testing.T) {
	t.Parallel()
	runs := 1000
	if testing.Short() {
		runs = 100
	}
	var wg sync.WaitGroup
	for worker := range 2 {
		x := newTown(t) // two that write the same codes would wait for one another
		finder := x.finder()
		wg.Go(func() {
			for seed := worker; seed < runs; seed += 2 {
				r := &trial{town: x, r: rand.New(rand.NewPCG(uint64(seed), 17)), finder: finder}
				err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a run", func(tx *postgres.Tx) error {
					if err := r.run(t.Context(), tx); err != nil {
						return err
					}
					return errOver
				})
				if !errors.Is(err, errOver) {
					t.Errorf("seed %d: %v", seed, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// trial is one random run.
type trial struct {
	town
	r    *rand.Rand
	o    imports.Options
	m    imports.Mapping
	rows []imports.Row
	who  postgres.Writer
	size int // of a chunk

	finder   *likeness.Finder
	verdicts likeness.Decided // of pairs of the registry
}

func (x *trial) oneOf(words ...string) string { return words[x.r.IntN(len(words))] }

// rarely gives the first word now and then, and one of the others else.
func (x *trial) rarely(wrong string, words ...string) string {
	if x.r.IntN(12) == 0 {
		return wrong
	}
	return x.oneOf(words...)
}

// names are few, so that rows meet.
func (x *trial) name() string {
	return x.rarely("", "幸福里食堂", "朝阳食堂", "朝阳食堂", "花桥食堂", "柳林助餐点", " 幸福里食堂 ")
}

// invent makes a registry, a file and options.
func (x *trial) invent() []facilities.Facility {
	var list []facilities.Facility
	for i := range x.r.IntN(6) {
		id, _ := importdb.NewID()
		f := facilities.Facility{
			ID: id, Type: "elderly_canteen", NameZH: x.oneOf("幸福里食堂", "朝阳食堂", "花桥食堂"), Status: facilities.Open, Stage: facilities.Published,
			Address: x.oneOf("", "花桥路12号", "柳林大街"), DivisionCode: "990001001001", Point: orb.Point{117.05, 39.05}, PlacedBy: facilities.PlacedGiven,
			Fields: map[string]any{"meals_per_day": 80.0}, Capacity: 80, USCC: x.oneOf("", "91350100M000100Y43"),
		}
		if x.r.IntN(3) > 0 {
			f.BureauNo = fmt.Sprint("A", i)
		}
		if x.r.IntN(4) == 0 {
			f.Unplaced, f.Point, f.PlacedBy, f.DivisionCode = true, orb.Point{}, "", x.oneOf("990001001", "990001001002")
		}
		if x.r.IntN(3) == 0 {
			f.DivisionCode, f.Point = "990001002001", orb.Point{117.3, 39.05}
			if f.Unplaced {
				f.Point = orb.Point{}
			}
		}
		list = append(list, f)
	}
	for i := range x.r.IntN(12) {
		lon, lat := x.rarely("100", "", "", "117.05", "117.3"), ""
		if lon != "" {
			lat = x.rarely("", "39.05")
		}
		x.rows = append(x.rows, imports.Row{Number: i + 2, Cells: []string{
			x.name(), x.oneOf("", "花桥路12号", "花桥路 ７ 号", "柳林大街"), x.rarely("没有", "", "", "幸福里", "朝阳社区", "朝阳村", "花桥街道朝阳社区"),
			lon, lat, x.rarely("很多", "", "80", "120份"), x.oneOf("", fmt.Sprint("A", x.r.IntN(6)), fmt.Sprint("A", x.r.IntN(6))),
			x.rarely("12345", "", "", "91350100M000100Y43"), x.rarely("？", "", "", "正常", "停业"),
		}})
	}
	for range x.r.IntN(3) {
		if len(list) == 0 {
			break
		}
		// A row that says what a record says.
		f, place := list[x.r.IntN(len(list))], [2]string{}
		if !f.Unplaced {
			place = [2]string{fmt.Sprint(f.Point[0]), fmt.Sprint(f.Point[1])}
		}
		x.rows = append(x.rows, imports.Row{Number: len(x.rows) + 2, Cells: []string{f.NameZH, f.Address, "", place[0], place[1], "80", f.BureauNo, f.USCC, ""}})
	}
	columns := []string{"name_zh", "address", imports.FieldCommunity, imports.FieldLon, imports.FieldLat, "fields.meals_per_day", "bureau_no", "uscc", "status"}
	for _, field := range columns {
		x.m.Columns = append(x.m.Columns, imports.Column{Header: field, Field: field})
	}
	x.o = imports.Options{
		Type: "elderly_canteen", Key: imports.Keys()[x.r.IntN(4)], Mode: imports.Mode(x.oneOf("upsert", "upsert", "create", "update")),
		Blank: imports.Blank(x.oneOf("keep", "clear")), Duplicates: x.r.IntN(2) == 0, Stage: facilities.Stage(x.oneOf("", "draft", "published")),
	}
	if x.r.IntN(4) == 0 {
		x.o.Key = imports.KeyNamePlace
	}
	x.who = x.planner
	if x.r.IntN(3) == 0 {
		x.who = x.steward
	}
	x.size = 1 + x.r.IntN(6)
	x.decide(list)
	return list
}

// decide decides pairs of a registry, and names one of them by what it says in a part of
// the cases, as decisions on the rows of files do.
func (x *trial) decide(list []facilities.Facility) {
	x.verdicts = likeness.Decided{}
	for i := range list {
		if i == 0 || x.r.IntN(2) == 0 {
			continue
		}
		a, b := list[i-1].ID, list[i].ID
		if x.r.IntN(3) == 0 {
			a = x.finder.Fingerprint(RecordOf(list[i-1]))
		}
		x.verdicts.Add(likeness.Decision{A: a, B: b, Verdict: likeness.Verdict(x.oneOf("same", "different"))})
	}
}

func (x *trial) run(ctx context.Context, tx *postgres.Tx) error {
	if err := facilitydb.InsertMany(ctx, tx, x.invent(), "2020-01-01"); err != nil {
		return err
	}
	batch, first, err := x.bringIn(ctx, tx)
	if err != nil {
		return err
	}
	if x.r.IntN(4) == 0 && settled(first) {
		if first, err = x.again(ctx, tx, batch, first); err != nil {
			return err
		}
		_, err = x.again(ctx, tx, batch, first)
		return err
	}
	return nil
}

// settled reports whether no row was refused for what another record had then: a code
// that a later row gave up is free the next time.
func settled(list []imports.Result) bool {
	for _, r := range list {
		for _, f := range r.Faults {
			if f.Code == "taken" || f.Code == "ambiguous_key" {
				return false
			}
		}
	}
	return true
}

// again brings the same file in once more and holds that it changes nothing.
func (x *trial) again(ctx context.Context, tx *postgres.Tx, batch string, first []imports.Result) ([]imports.Result, error) {
	before, err := versions(ctx, tx)
	if err != nil {
		return nil, err
	}
	_, again, err := x.bringIn(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("again: %w", err)
	}
	after, err := versions(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i, r := range again {
		if r.Outcome.Writes() {
			return nil, fmt.Errorf("row %d of %s, which was %+v, is %+v the next time; %+v", r.Row, batch, first[i], r, x.o)
		}
	}
	if before != after {
		return nil, fmt.Errorf("the registry was %s and is %s", before, after)
	}
	return again, nil
}

// versions names all there is in the registry.
func versions(ctx context.Context, tx *postgres.Tx) (string, error) {
	var mark string
	err := tx.QueryRow(ctx, `SELECT count(*) || ' ' || coalesce(md5(string_agg(to_jsonb(f)::text, '' ORDER BY id)), '') FROM facility f`).Scan(&mark)
	return mark, err
}

// bringIn tries the file and takes it, and gives the batch and what became of its rows.
func (x *trial) bringIn(ctx context.Context, tx *postgres.Tx) (string, []imports.Result, error) {
	id, err := importdb.NewID()
	if err != nil {
		return "", nil, err
	}
	_, err = tx.Exec(ctx, `
INSERT INTO import_batch (adcode, id, division_code, file_name, file_size, sha256, asked_by, asked_who)
VALUES (@adcode, @id, @adcode, 'a.csv', 1, repeat('0', 64), @who::uuid, 'somebody')`, pgx.StrictNamedArgs{"adcode": adcode, "id": id, "who": x.who.Account})
	if err != nil {
		return id, nil, err
	}
	at := 0
	err = importdb.Stage(ctx, tx, id, "table", func() (imports.Row, bool, error) {
		if at++; at > len(x.rows) {
			return imports.Row{}, false, nil
		}
		return x.rows[at-1], true, nil
	})
	if err != nil {
		return id, nil, err
	}
	b := imports.Batch{ID: id, Options: x.o, Mapping: x.m, AskedBy: x.who.Account}
	inner, err := tx.Begin(ctx)
	if err != nil {
		return id, nil, err
	}
	tried, err := x.take(ctx, tx, b, nil, false)
	if err != nil {
		return id, nil, fmt.Errorf("try: %w", err)
	}
	if err := inner.Rollback(ctx); err != nil {
		return id, nil, err
	}
	if err := importdb.KeepResults(ctx, tx, id, true, tried); err != nil {
		return id, nil, err
	}
	if _, err := tx.Exec(ctx, `UPDATE import_batch SET state = 'committing' WHERE id = @id`, pgx.StrictNamedArgs{"id": id}); err != nil {
		return id, nil, err
	}
	taken, err := x.take(ctx, tx, b, tried, x.r.IntN(2) == 0)
	if err != nil {
		return id, nil, fmt.Errorf("take: %w", err)
	}
	if d := cmp.Diff(tried, taken, cmpopts.EquateEmpty()); d != "" {
		return id, nil, fmt.Errorf("%+v: tried and taken differ: %s", x.o, d)
	}
	return id, taken, nil
}

// take takes all rows, chunk after chunk; broken begins a new session before some.
func (x *trial) take(ctx context.Context, tx *postgres.Tx, b imports.Batch, kept []imports.Result, broken bool) ([]imports.Result, error) {
	var results []imports.Result
	var s *Session
	for at := 0; at < len(x.rows); at += x.size {
		if s == nil || broken && x.r.IntN(2) == 0 {
			var err error
			if s, err = x.begin(ctx, tx, b, at); err != nil {
				return nil, err
			}
		}
		done, err := s.Apply(ctx, tx, s.read(x.rows[at:min(len(x.rows), at+x.size)]), kept)
		if err != nil {
			return nil, err
		}
		results = append(results, done...)
	}
	return results, nil
}

func (x *trial) begin(ctx context.Context, tx *postgres.Tx, b imports.Batch, at int) (*Session, error) {
	reader := imports.NewReader(x.words, b.Mapping, b.Options, imports.NewDivisions(adcode, x.divisions), numbers)
	last := 0
	if at > 0 {
		last = x.rows[at-1].Number
	}
	s, err := newSession(ctx, tx, adcode, b, reader, x.ground(), last)
	if err != nil {
		return nil, err
	}
	s.today = today
	if b.Options.Duplicates {
		alike := &sameNames{}
		err := facilitydb.Each(ctx, tx, adcode, func(f facilities.Facility) error {
			alike.Add(f)
			return nil
		})
		if err != nil {
			return nil, err
		}
		s.alike = alike
		if alike.decided, err = newDecided(ctx, tx, adcode, x.finder, x.verdicts); err != nil {
			return nil, err
		}
	}
	return s, s.stand(ctx, tx)
}

// TestTrialCoversEveryOutcome holds that the random files have rows of every kind.
func TestTrialCoversEveryOutcome(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	finder := x.finder()
	counts, decided := imports.Counts{}, 0
	for seed := range 60 {
		r := &trial{town: x, r: rand.New(rand.NewPCG(uint64(seed), 17)), finder: finder}
		err := x.db.Write(t.Context(), postgres.System(adcode, "test"), "a run", func(tx *postgres.Tx) error {
			if err := facilitydb.InsertMany(t.Context(), tx, r.invent(), "2020-01-01"); err != nil {
				return err
			}
			for range 2 {
				_, list, err := r.bringIn(t.Context(), tx)
				if err != nil {
					return err
				}
				counts.Add(imports.Count(list))
				for _, row := range list {
					if row.Matched == "decision" {
						decided++
					}
				}
			}
			return errOver
		})
		if !errors.Is(err, errOver) {
			t.Fatal(err)
		}
	}
	for _, o := range imports.Outcomes() {
		if counts[o] == 0 {
			t.Errorf("no row of the random files is ever %s: %v", o, counts)
		}
	}
	if decided == 0 {
		t.Error("no row of the random files is ever of a record that somebody decided it to be of")
	}
}
