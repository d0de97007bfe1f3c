package postgres_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
	"yike/internal/record"
)

// The days that the model tells apart: cell 0 is every day before the first.
const modelDays = 7

// dayOf is the day on which cell i begins; "" for the first, which has no beginning.
func dayOf(i int) record.Day {
	if i == 0 {
		return ""
	}
	return record.DayOf(time.Date(2026, 5, i, 12, 0, 0, 0, time.UTC))
}

// timeline is what is believed of one record: its content on each day, "" for none.
type timeline [modelDays]string

// modelled is one record as the model has it.
type modelled struct {
	now     timeline
	from    int  // first day of the present version
	there   bool // in the table
	last    time.Time
	moments []time.Time // when what was believed changed, and to what
	beliefs []timeline
	version int
}

func (m *modelled) put(content string, from, to int) {
	for i := from; i < modelDays; i++ {
		m.now[i] = ""
		if i < to {
			m.now[i] = content
		}
	}
	m.from, m.there = from, true
	m.version++
}

func (m *modelled) remove() { m.now, m.there = timeline{}, false }

// asOf answers from the list of beliefs.
func (m *modelled) asOf(day int, moment time.Time) string {
	for i, at := range slices.Backward(m.moments) {
		if !moment.Before(at) {
			return m.beliefs[i][day]
		}
	}
	return ""
}

// op is one statement.
type op struct {
	Kind    string // add, change, remove
	Content string
	From    int
	To      int // modelDays for no end
	Which   []string
}

func drawOp(t *rapid.T) op {
	o := op{
		Kind:    rapid.SampledFrom([]string{"change", "change", "change", "correct", "add", "remove"}).Draw(t, "kind"),
		Content: rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "content"),
		From:    rapid.IntRange(0, modelDays-1).Draw(t, "from"),
		To:      modelDays,
		Which:   rapid.SampledFrom([][]string{{modelA}, {modelA}, {modelB}, {modelA, modelB}}).Draw(t, "which"),
	}
	if rapid.IntRange(0, 4).Draw(t, "ends") == 0 && o.From+1 < modelDays {
		o.To = rapid.IntRange(o.From+1, modelDays-1).Draw(t, "to")
	}
	return o
}

const (
	modelA = "01900000-0000-7000-8000-00000000000a"
	modelB = "01900000-0000-7000-8000-00000000000b"
)

// historyModel runs the same on the model and the database.
type historyModel struct {
	t       *rapid.T
	db      *postgres.DB
	tb      testing.TB
	records map[string]*modelled
}

// TestHistoryAgainstAModel holds that for every day and every moment the database
// believes what a list of beliefs does: after changes since a day, corrections,
// deletions and returns, several in one transaction, with clocks that stand still or go
// back.
func TestHistoryAgainstAModel(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		clear(t, db)
		h := &historyModel{t: rt, db: db, tb: t, records: map[string]*modelled{modelA: {}, modelB: {}}}
		for range rapid.IntRange(1, 7).Draw(rt, "transactions") {
			h.transaction(rapid.SliceOfN(rapid.Custom(drawOp), 1, 3).Draw(rt, "ops"),
				rapid.SampledFrom([]string{"", "", "equal", "back"}).Draw(rt, "clock"), rapid.IntRange(0, 9).Draw(rt, "fails") == 0)
		}
		for id := range h.records {
			h.compare(id)
			h.compareVersions(id)
		}
	})
}

// clear forgets everything, past triggers that would keep it.
func clear(t testing.TB, db *postgres.DB) {
	t.Helper()
	if _, err := db.Pool().Exec(t.Context(), `
BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM road_barrier; DELETE FROM road_barrier_history; COMMIT`); err != nil {
		t.Fatal(err)
	}
}

func (h *historyModel) transaction(ops []op, clock string, fails bool) {
	h.t.Helper()
	after := map[string]*modelled{}
	for id, m := range h.records {
		c := *m
		c.moments, c.beliefs = slices.Clone(m.moments), slices.Clone(m.beliefs)
		after[id] = &c
	}
	stop := fmt.Errorf("stop")
	err := h.db.Write(h.tb.Context(), postgres.System("990101", "test"), "a test", func(tx *postgres.Tx) error {
		var now time.Time
		if err := tx.QueryRow(h.tb.Context(), `SELECT now()`).Scan(&now); err != nil {
			return err
		}
		for id, m := range after {
			if err := h.setClock(tx, clock, now, id, m); err != nil {
				return err
			}
		}
		touched := map[string]bool{}
		for _, o := range ops {
			if err := h.run(tx, o, now, after, touched); err != nil {
				return err
			}
		}
		for id := range touched {
			m := after[id]
			if !m.there && !h.records[id].there { // it came and went: nobody ever knew
				after[id] = h.records[id].movedTo(m)
				continue
			}
			m.moments, m.beliefs = append(m.moments, m.last), append(m.beliefs, m.now)
		}
		if fails {
			return stop
		}
		return nil
	})
	if fails && err == stop { //nolint:errorlint // the value itself
		return
	}
	if err != nil {
		h.t.Fatalf("%+v: %v", ops, err)
	}
	h.records = after
}

// movedTo is the record as it was before a transaction that leaves nothing of it, with
// the clock that was set meanwhile.
func (m *modelled) movedTo(after *modelled) *modelled {
	was := *after
	was.now, was.there, was.version = m.now, false, m.version
	was.last = time.Time{}
	if n := len(was.moments); n > 0 {
		was.last = was.moments[n-1]
	}
	return &was
}

// setClock moves all that is stored by one distance, so that the present version is as
// old as now, or an hour younger: as if the clock had stood still, or been set back.
func (h *historyModel) setClock(tx *postgres.Tx, clock string, now time.Time, id string, m *modelled) error {
	if clock == "" || m.last.IsZero() {
		return nil
	}
	by := now.Sub(m.last)
	if clock == "back" {
		by += time.Hour
	}
	if _, err := tx.Exec(h.tb.Context(), `SET LOCAL session_replication_role = replica`); err != nil {
		return err
	}
	for _, table := range []string{"road_barrier", "road_barrier_history"} {
		_, err := tx.Exec(h.tb.Context(), `UPDATE `+table+` SET recorded = tstzrange(lower(recorded) + @by::interval, upper(recorded) + @by::interval) WHERE id = @id`,
			pgx.StrictNamedArgs{"by": by, "id": id})
		if err != nil {
			return err
		}
	}
	m.last = m.last.Add(by)
	for i := range m.moments {
		m.moments[i] = m.moments[i].Add(by)
	}
	_, err := tx.Exec(h.tb.Context(), `SET LOCAL session_replication_role = origin`)
	return err
}

// run does one statement on those of its records for which it makes sense, and the same
// on the model.
func (h *historyModel) run(tx *postgres.Tx, o op, now time.Time, records map[string]*modelled, touched map[string]bool) error {
	h.t.Helper()
	var ids []string
	for _, id := range o.Which {
		if records[id].there != (o.Kind == "add") {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	sql := map[string]string{
		"add": `INSERT INTO road_barrier (adcode, id, source_id, kind, passable, geom, valid)
SELECT '990101', id, id::text, @content, true, 'SRID=4326;POINT(117 39)', daterange(nullif(@from, '')::date, nullif(@to, '')::date) FROM unnest(@ids::uuid[]) AS id`,
		"change":  `UPDATE road_barrier SET kind = @content, valid = daterange(nullif(@from, '')::date, nullif(@to, '')::date) WHERE id = ANY (@ids)`,
		"correct": `UPDATE road_barrier SET kind = @content WHERE id = ANY (@ids)`,
		"remove":  `DELETE FROM road_barrier WHERE id = ANY (@ids)`,
	}[o.Kind]
	args := pgx.StrictNamedArgs{"ids": ids, "content": o.Content, "from": string(dayOf(o.From)), "to": ""}
	if o.To < modelDays {
		args["to"] = string(dayOf(o.To))
	}
	switch o.Kind {
	case "correct":
		delete(args, "from")
		delete(args, "to")
	case "remove":
		args = pgx.StrictNamedArgs{"ids": ids}
	}
	tag, err := tx.Exec(h.tb.Context(), sql, args)
	if err != nil {
		return err
	}
	if tag.RowsAffected() != int64(len(ids)) {
		h.t.Fatalf("%+v wrote %d rows, not %v", o, tag.RowsAffected(), ids)
	}
	for _, id := range ids {
		m := records[id]
		if !touched[id] {
			touched[id] = true
			least := m.last
			if m.there {
				least = least.Add(time.Microsecond)
			}
			if m.last = now; now.Before(least) {
				m.last = least
			}
		}
		m.apply(o)
	}
	return nil
}

func (m *modelled) apply(o op) {
	switch o.Kind {
	case "remove":
		m.remove()
	case "correct":
		m.correct(o.Content)
	default:
		m.put(o.Content, o.From, o.To)
	}
}

// correct says something else for the same days.
func (m *modelled) correct(content string) {
	for i := m.from; i < modelDays; i++ {
		if m.now[i] != "" {
			m.now[i] = content
		}
	}
	m.version++
}

// compare asks every question of both.
func (h *historyModel) compare(id string) {
	h.t.Helper()
	m := h.records[id]
	var days []string
	for i := range modelDays {
		day := dayOf(i)
		if i == 0 {
			day = "2000-01-01"
		}
		days = append(days, string(day))
	}
	moments := []time.Time{time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)}
	for _, at := range m.moments {
		moments = append(moments, at, at.Add(-time.Microsecond), at.Add(time.Microsecond))
	}
	rows, err := h.db.Pool().Query(h.tb.Context(), `
SELECT d.i::int, m.moment, (SELECT coalesce(string_agg(kind, '+'), '') FROM (
	SELECT kind FROM road_barrier WHERE id = @id AND valid @> d.day AND recorded @> m.moment
	UNION ALL SELECT kind FROM road_barrier_history WHERE id = @id AND valid @> d.day AND recorded @> m.moment) AS r)
FROM unnest(@days::date[]) WITH ORDINALITY AS d(day, i), unnest(@moments::timestamptz[]) AS m(moment)`,
		pgx.StrictNamedArgs{"id": id, "days": days, "moments": moments})
	if err != nil {
		h.t.Fatal(err)
	}
	var day int
	var moment time.Time
	var got string
	_, err = pgx.ForEachRow(rows, []any{&day, &moment, &got}, func() error {
		if want := m.asOf(day-1, moment); got != want {
			h.t.Fatalf("%s on day %d as known at %s is %q, want %q\n%+v", id, day-1, moment, got, want, m)
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.compareAsOf(id, rapid.IntRange(0, modelDays-1).Draw(h.t, "day"), rapid.SampledFrom(moments).Draw(h.t, "moment"))
	h.compareAsOf(id, rapid.IntRange(0, modelDays-1).Draw(h.t, "day now"), time.Time{})
}

// compareAsOf asks in the way that stores do.
func (h *historyModel) compareAsOf(id string, day int, moment time.Time) {
	h.t.Helper()
	m := h.records[id]
	want := m.now[day]
	if !moment.IsZero() {
		want = m.asOf(day, moment)
	}
	at := record.At{Valid: dayOf(day), Known: moment}
	if day == 0 {
		at.Valid = "1000-01-01"
	}
	rows, err := h.db.Pool().Query(h.tb.Context(), `SELECT kind FROM `+barrierHistory().AsOf("id, kind")+` AS b WHERE id = @id`,
		postgres.AsOfArgs(at, pgx.StrictNamedArgs{"id": id}))
	if err != nil {
		h.t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(got) > 1 || len(got) == 1 && got[0] != want || len(got) == 0 && want != "" {
		h.t.Fatalf("as of %+v: %q, %v; want %q", at, got, err, want)
	}
}

func barrierHistory() postgres.History {
	return postgres.History{Table: "road_barrier", Fields: []postgres.Field{{Name: "kind", SQL: "kind"}, {Name: "lon", SQL: "ST_X(geom)"}}}
}

// compareVersions holds what people are shown to the same beliefs: each version that is
// still believed for some days says so, and the newest is the present one.
func (h *historyModel) compareVersions(id string) {
	h.t.Helper()
	m := h.records[id]
	var list []postgres.Version
	err := h.db.Read(h.tb.Context(), postgres.System("990101", "test"), func(q postgres.Querier) error {
		var err error
		list, err = barrierHistory().Versions(h.tb.Context(), q, "990101", id)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	believed := map[record.Day]bool{}
	for i, v := range list {
		if i > 0 && v.Number >= list[i-1].Number {
			h.t.Fatalf("version %d after %d", v.Number, list[i-1].Number)
		}
		if v.Made.Who != "test" || v.Made.Change == "" || v.Removed != nil && v.Removed.Who != "test" {
			h.t.Fatalf("nobody made version %+v", v)
		}
		if v.KnownTo == nil {
			believed[v.ValidFrom] = true
		}
		if v.Removed != nil && v.KnownTo == nil {
			h.t.Fatalf("removed and believed: %+v", v)
		}
	}
	want := map[record.Day]bool{}
	for i, content := range m.now {
		if content != "" && (i == 0 || m.now[i-1] == "" || m.now[i-1] != content) {
			want[dayOf(i)] = true
		}
	}
	for day := range want {
		if !believed[day] {
			h.t.Fatalf("no version is believed from %q on: %v, want %v", day, slices.Collect(maps.Keys(believed)), want)
		}
	}
	if m.there != (len(list) > 0 && list[0].KnownTo == nil) || !m.there && len(list) > 0 && list[0].Removed == nil {
		h.t.Fatalf("there: %v, newest %s", m.there, cmp.Diff(postgres.Version{}, list[0]))
	}
}
