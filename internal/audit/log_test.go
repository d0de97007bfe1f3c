package audit_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"yike/internal/audit"
	"yike/internal/postgres"
)

const (
	auditor  = "01900000-0000-7000-8000-000000000001"
	planner  = "01900000-0000-7000-8000-000000000002"
	stranger = "01900000-0000-7000-8000-000000000003"
)

// person makes an account with one role and gives its writer.
func person(t *testing.T, db *postgres.DB, adcode, id, role string) postgres.Writer {
	t.Helper()
	err := db.Write(t.Context(), postgres.System(adcode, "test"), "make an account", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `
WITH made AS (INSERT INTO account (adcode, id, name, display_name) VALUES ($1, $2, $3, $3) RETURNING adcode, id)
INSERT INTO account_grant (adcode, id, account_id, role) SELECT adcode, gen_random_uuid(), id, $4 FROM made`,
			adcode, id, "a-"+id, role)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return postgres.Writer{AdCode: adcode, Account: id, Who: role, From: "10.0.0.7", TraceID: "trace-" + role}
}

// as is the log as somebody sees it.
func (l *testLog) as(w postgres.Writer) *audit.Log {
	return audit.NewLog(audit.LogOptions{
		DB: l.db, Ring: l.ring, Heads: l.path, Now: time.Now, Writer: func(context.Context) postgres.Writer { return w },
	})
}

// all follows the pages of a list to its end.
func all(t *testing.T, log *audit.Log, q audit.Query) []audit.Entry {
	t.Helper()
	var out []audit.Entry
	for range 100 {
		page, err := log.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Entries...)
		if page.Next == nil {
			return out
		}
		q.After = *page.Next
	}
	t.Fatal("the pages do not end")
	return nil
}

func whys(entries []audit.Entry) []string {
	out := []string{}
	for _, e := range entries {
		out = append(out, e.Why)
	}
	return out
}

func TestList(t *testing.T) {
	t.Parallel()
	l := newLog(t, 2)
	person(t, l.db, "990102", stranger, "security_auditor")
	asked := person(t, l.db, adcode, auditor, "security_auditor")
	l.force(t, `DELETE FROM audit_entry`)
	l.write(t, "990102", "of another authority")
	l.write(t, adcode, "one")
	l.write(t, adcode, "two")
	w := postgres.Writer{AdCode: adcode, Account: planner, Who: "王规划", From: "10.0.0.7", TraceID: "trace-1"}
	if err := l.db.Refused(t.Context(), w, "refused", "three: 100%", postgres.Note{Action: "account.write", Kind: "account", ID: "x", Division: "990101001"}); err != nil {
		t.Fatal(err)
	}
	l.seal(t)
	l.write(t, adcode, "four")
	// Moments that are the same fall back on the id.
	l.force(t, `UPDATE audit_entry SET at = '2026-11-01 00:00:00+08' WHERE why IN ('one', 'two')`)
	log := l.as(asked)
	day := func(from, to string) audit.Period {
		p, err := audit.ParsePeriod(from, to)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for name, tc := range map[string]struct {
		q    audit.Query
		want []string
	}{
		"all":                     {audit.Query{}, []string{"four", "three: 100%", "two", "one"}},
		"by name":                 {audit.Query{Who: "规划"}, []string{"three: 100%"}},
		"by account":              {audit.Query{Who: planner}, []string{"three: 100%"}},
		"by action":               {audit.Query{Action: "account.write"}, []string{"three: 100%"}},
		"by noun":                 {audit.Query{Action: "thing"}, []string{"four", "two", "one"}},
		"by part of a noun":       {audit.Query{Action: "thin"}, []string{}},
		"by outcome":              {audit.Query{Outcome: "refused"}, []string{"three: 100%"}},
		"by subject":              {audit.Query{Kind: "thing", ID: "two"}, []string{"two"}},
		"by kind":                 {audit.Query{Kind: "account"}, []string{"three: 100%"}},
		"by text":                 {audit.Query{Text: "THREE: 100%"}, []string{"three: 100%"}},
		"by text of a detail":     {audit.Query{Text: "名称"}, []string{"four", "two", "one"}},
		"a pattern is only text":  {audit.Query{Text: "o%e"}, []string{}},
		"of a day":                {audit.Query{Period: day("2026-11-01", "2026-11-01")}, []string{"two", "one"}},
		"before a day":            {audit.Query{Period: day("", "2026-10-31")}, []string{}},
		"after a moment":          {audit.Query{Period: day("2026-11-01T00:00:00.000001+08:00", "")}, []string{"four", "three: 100%"}},
		"several things together": {audit.Query{Kind: "thing", Text: "o", Outcome: "done"}, []string{"four", "two", "one"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, limit := range []int{1, 2, 100} {
				tc.q.Limit = limit
				if got := whys(all(t, log, tc.q)); !slices.Equal(got, tc.want) {
					t.Errorf("%d a page: %q; want %q", limit, got, tc.want)
				}
			}
		})
	}
	got := all(t, log, audit.Query{Limit: 10})
	if got[0].Block != 0 || got[1].Block == 0 || got[1].Block < got[3].Block {
		t.Errorf("blocks: %d, %d, %d, %d; want none for the newest", got[0].Block, got[1].Block, got[2].Block, got[3].Block)
	}
	e := got[1]
	if e.ID == "" || e.At.IsZero() || e.AccountID != planner || e.Who != w.Who || e.From != w.From || e.TraceID != w.TraceID || e.Outcome != "refused" ||
		e.SubjectID != "x" || e.Division != "990101001" || !json.Valid(e.Detail) {
		t.Errorf("an entry: %+v", e)
	}
}

// TestLogIsForAuditors holds who sees what, whichever way is asked.
func TestLogIsForAuditors(t *testing.T) {
	t.Parallel()
	l := newLog(t, 10)
	own := person(t, l.db, adcode, auditor, "security_auditor")
	other := person(t, l.db, "990102", stranger, "security_auditor")
	no := person(t, l.db, adcode, planner, "planner")
	token := own
	token.TokenActions = []string{"map.read"}
	reads := own
	reads.TokenActions = []string{"audit.read"}
	l.seal(t)
	for name, tc := range map[string]struct {
		who             postgres.Writer
		entries         int64 // -1 is refused
		reads, exported bool
	}{
		"the auditor":            {own, 2, true, true},
		"another's auditor":      {other, 1, true, true},
		"a planner":              {no, 0, false, false},
		"a token without audit":  {token, 0, false, false},
		"a token that may read":  {reads, 2, true, false},
		"nobody of this":         {postgres.Writer{AdCode: adcode, Account: stranger, Who: "x"}, 0, false, false},
		"the system, as a whole": {postgres.System(adcode, "test"), 2, true, true},
	} {
		log := l.as(tc.who)
		page, err := log.List(t.Context(), audit.Query{Limit: 100})
		status, errStatus := log.Status(t.Context())
		if !tc.reads {
			_, errVerify := log.Verify(t.Context())
			_, errExport := log.Export(t.Context(), audit.Period{})
			for _, err := range []error{err, errStatus, errVerify, errExport} {
				if !errors.Is(err, postgres.ErrForbidden) {
					t.Errorf("%s: %v; want a refusal", name, err)
				}
			}
			continue
		}
		if err != nil || errStatus != nil || int64(len(page.Entries)) < tc.entries || status.Sealed < tc.entries || status.Head == nil || status.Head.AdCode != tc.who.AdCode {
			t.Errorf("%s: %d entries, %+v, %v, %v", name, len(page.Entries), status, err, errStatus)
		}
		found, err := log.Verify(t.Context())
		if err != nil || !found.OK || found.Entries < tc.entries {
			t.Errorf("%s verifies: %+v, %v", name, found, err)
		}
		l.seal(t)
		write, err := log.Export(t.Context(), audit.Period{})
		if !tc.exported {
			if !errors.Is(err, postgres.ErrForbidden) {
				t.Errorf("%s exports: %v; want a refusal", name, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s exports: %v", name, err)
		}
		var file bytes.Buffer
		if err := write(t.Context(), &file); err != nil {
			t.Fatalf("%s exports: %v", name, err)
		}
		r := verifyFile(t, file.Bytes(), l.options(t))
		if !r.OK() || len(r.Chains) != 1 || r.Chains[0].AdCode != tc.who.AdCode || r.Entries() < tc.entries {
			t.Errorf("%s exports %+v", name, r)
		}
	}
	for _, action := range []string{"audit.verify", "audit.export"} {
		if got := all(t, l.as(own), audit.Query{Action: action, Limit: 100}); len(got) < 2 || got[0].Outcome != "done" {
			t.Errorf("%s left %d entries", action, len(got))
		}
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	l := newLog(t, 10)
	log := l.as(postgres.System(adcode, "test"))
	status := func() audit.Status {
		t.Helper()
		s, err := log.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := status(); s != (audit.Status{PublicKey: hex.EncodeToString(l.ring.AuditPublic())}) {
		t.Errorf("of an empty log: %+v", s)
	}
	l.write(t, adcode, "one")
	l.seal(t)
	l.write(t, adcode, "two")
	l.write(t, "990102", "of another authority")
	s := status()
	if s.Blocks != 1 || s.Sealed != 1 || s.Unsealed != 1 || s.OldestUnsealed == nil || s.Head == nil || s.Head.Number != 1 || s.Head.Hash != l.verify(t).Chains[0].Hash || s.Last != nil {
		t.Errorf("the status is %+v", s)
	}
	if found, err := log.Verify(t.Context()); err != nil || !found.OK || found.Blocks != 1 || found.Entries != 1 {
		t.Errorf("verified: %+v, %v", found, err)
	}
	if s := status(); s.Last == nil || !s.Last.OK || s.LastAt.IsZero() || !strings.Contains(s.Last.EN, "1 entries") {
		t.Errorf("the last verification is %+v", s.Last)
	}
	l.force(t, `UPDATE audit_entry SET who = 'nobody' WHERE why = 'one'`)
	if found, err := log.Verify(t.Context()); err != nil || found.OK || found.Block != 1 {
		t.Errorf("of a changed log: %+v, %v", found, err)
	}
	if s := status(); s.Last == nil || s.Last.OK || s.Last.Block != 1 || s.Last.ZH == "" {
		t.Errorf("the last verification is %+v", s.Last)
	}

	// The same key gives the same answer, though the log is whole again.
	l.force(t, `UPDATE audit_entry SET who = 'test' WHERE why = 'one'`)
	w := postgres.System(adcode, "test")
	w.Key, w.RequestHash = "k", []byte{1}
	once := l.as(w)
	first, err := once.Verify(t.Context())
	if err != nil || !first.OK {
		t.Errorf("once: %+v, %v", first, err)
	}
	l.force(t, `UPDATE audit_entry SET who = 'nobody' WHERE why = 'one'`)
	if again, err := once.Verify(t.Context()); err != nil || again != first {
		t.Errorf("again with the same key: %+v, %v; want %+v", again, err, first)
	}
}

func TestLogFails(t *testing.T) {
	t.Parallel()
	l := newLog(t, 10)
	l.write(t, adcode, "one")
	log := l.as(postgres.System(adcode, "test"))
	write, err := log.Export(t.Context(), audit.Period{})
	if err != nil {
		t.Fatal(err)
	}
	broken := l.as(postgres.System(adcode, "test"))
	broken.Heads = t.TempDir()
	if _, err := broken.Verify(t.Context()); err == nil {
		t.Error("verified without the heads that it was told to compare")
	}
	if err := os.Remove(l.path); err != nil {
		t.Fatal(err)
	}
	if found, err := log.Verify(t.Context()); err != nil || !found.OK {
		t.Errorf("where there never were heads: %+v, %v", found, err)
	}
	l.db.Close()
	if err := write(t.Context(), &bytes.Buffer{}); err == nil {
		t.Error("exported without a database")
	}
	_, errList := log.List(t.Context(), audit.Query{Limit: 1})
	_, errStatus := log.Status(t.Context())
	_, errVerify := log.Verify(t.Context())
	_, errExport := log.Export(t.Context(), audit.Period{})
	for _, err := range []error{errList, errStatus, errVerify, errExport} {
		if err == nil {
			t.Error("something was answered without a database")
		}
	}
}

func TestCursor(t *testing.T) {
	t.Parallel()
	c := audit.Cursor{At: time.Date(2026, 11, 27, 0, 0, 0, 123_000, time.UTC), ID: auditor}
	if got, err := audit.ParseCursor(c.String()); err != nil || got != c {
		t.Errorf("%+v, %v; want %+v", got, err, c)
	}
	if got, err := audit.ParseCursor(""); err != nil || got != (audit.Cursor{}) {
		t.Errorf("none: %+v, %v", got, err)
	}
	for _, text := range []string{"x", "!", c.String() + "a", "MjAyNi0xMS0yN1QwMDowMDowMFogeA", "eCAwMTkwMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDE"} {
		if got, err := audit.ParseCursor(text); !errors.Is(err, audit.ErrBadCursor) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

func TestParsePeriod(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ from, to, wantFrom, wantTo, bad string }{
		"nothing":         {"", "", "", "", ""},
		"days":            {"2026-11-27", "2026-11-28", "2026-11-26T16:00:00Z", "2026-11-28T16:00:00Z", ""},
		"one day":         {"2026-11-27", "2026-11-27", "2026-11-26T16:00:00Z", "2026-11-27T16:00:00Z", ""},
		"moments":         {"2026-11-27T08:00:00+08:00", "2026-11-27T00:00:01.5Z", "2026-11-27T00:00:00Z", "2026-11-27T00:00:01.5Z", ""},
		"no such day":     {"2026-02-30", "", "", "", "2026-02-30"},
		"a word":          {"", "today", "", "", "today"},
		"too far":         {"9999-12-31", "", "", "", "9999-12-31"},
		"before all time": {"0000-01-01", "", "", "", "0000-01-01"},
	} {
		got, err := audit.ParsePeriod(tc.from, tc.to)
		var bad *audit.PeriodError
		if tc.bad != "" {
			if !errors.As(err, &bad) || bad.Text != tc.bad || !bad.BadInput() || !strings.Contains(bad.Error(), tc.bad) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		text := func(at time.Time) string {
			if at.IsZero() {
				return ""
			}
			return at.UTC().Format(time.RFC3339Nano)
		}
		if err != nil || text(got.From) != tc.wantFrom || text(got.To) != tc.wantTo {
			t.Errorf("%s: %s to %s, %v; want %s to %s", name, text(got.From), text(got.To), err, tc.wantFrom, tc.wantTo)
		}
	}
}

// TestAuditorsPlans holds that reading the log as a person is not slower by an order
// than reading it as the owner: row level security must leave the indexes in use.
func TestAuditorsPlans(t *testing.T) {
	t.Parallel()
	l := newLog(t, 500)
	l.fill(t, 20_000)
	own := person(t, l.db, adcode, auditor, "security_auditor")
	l.seal(t)
	for name, sql := range map[string]string{
		"entries of a block": `SELECT e.who FROM audit_entry e WHERE e.adcode = '990101' AND e.epoch = 1 AND e.xid >= '5000' AND e.xid < '5600' AND (e.xid, e.id) > ('0'::xid8, '00000000-0000-0000-0000-000000000000'::uuid) ORDER BY e.xid, e.id`,
		"the newest entries": `SELECT e.who FROM audit_entry e WHERE e.adcode = '990101' AND (e.at, e.id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) ORDER BY e.at DESC, e.id DESC LIMIT 50`,
		"the block of one":   `SELECT b.number FROM audit_block b WHERE b.adcode = '990101' AND b.epoch = 1 AND b.xid_to > '9000' ORDER BY b.xid_to LIMIT 1`,
	} {
		err := l.db.Read(t.Context(), own, func(q postgres.Querier) error {
			rows, err := q.Query(t.Context(), "EXPLAIN "+sql)
			if err != nil {
				return err
			}
			defer rows.Close()
			var plan strings.Builder
			for rows.Next() {
				var line string
				if err := rows.Scan(&line); err != nil {
					return err
				}
				fmt.Fprintln(&plan, line)
			}
			if strings.Contains(plan.String(), "Seq Scan on audit_") || strings.Contains(plan.String(), "Sort") || !strings.Contains(plan.String(), "Index Cond") {
				t.Errorf("%s:\n%s", name, &plan)
			}
			return rows.Err()
		})
		if err != nil {
			t.Error(err)
		}
	}
}
