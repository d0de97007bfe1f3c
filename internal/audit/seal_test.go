package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/audit"
	"yike/internal/postgres"
)

const plainEntry = `INSERT INTO audit_entry (adcode, id, who, why, action, outcome) VALUES ('990101', gen_random_uuid(), 'test', $1, 'test', 'done')`

// begin opens a transaction that has its number already.
func (l *testLog) begin(t *testing.T) pgx.Tx {
	t.Helper()
	tx, err := l.db.Pool().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	if _, err := tx.Exec(t.Context(), `SELECT pg_current_xact_id()`); err != nil {
		t.Fatal(err)
	}
	return tx
}

func (l *testLog) count(t *testing.T, sql string) int {
	t.Helper()
	var n int
	if err := l.db.Pool().QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// whole fails the test unless the log verifies and holds so many sealed entries.
func (l *testLog) whole(t *testing.T, entries int64) {
	t.Helper()
	if r := l.verify(t); !r.OK() || r.Entries() != entries {
		t.Errorf("the log is %+v; want %d entries", r, entries)
	}
}

// TestLateCommit holds that an entry which commits after younger ones were there to be
// sealed is sealed itself, whether it was written before or after them.
func TestLateCommit(t *testing.T) {
	t.Parallel()
	l := newLog(t, 100)
	l.write(t, adcode, "first")
	l.seal(t)
	late := l.begin(t)
	if _, err := late.Exec(t.Context(), plainEntry, "late, written early"); err != nil {
		t.Fatal(err)
	}
	l.write(t, adcode, "on time")
	for range 3 {
		if n, err := l.Seal(t.Context()); n != 0 || err != nil {
			t.Fatalf("%d blocks were made past a transaction that is under way: %v", n, err)
		}
	}
	lag, err := audit.ReadLag(t.Context(), l.db.Pool())
	if err != nil || lag.Unsealed != 1 || lag.Oldest.IsZero() || lag.Due != 0 || !lag.OldestDue.IsZero() {
		t.Errorf("the lag is %+v: %v", lag, err)
	}
	if _, err := late.Exec(t.Context(), plainEntry, "late, written late"); err != nil {
		t.Fatal(err)
	}
	if err := late.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.seal(t)
	l.whole(t, 4)
}

// TestReadLag holds what is due and what is not.
func TestReadLag(t *testing.T) {
	t.Parallel()
	l := newLog(t, 100)
	if lag, err := audit.ReadLag(t.Context(), l.db.Pool()); err != nil || lag != (audit.Lag{}) {
		t.Errorf("of an empty log: %+v, %v", lag, err)
	}
	before := time.Now().Add(-time.Minute)
	l.write(t, adcode, "one")
	l.write(t, "990102", "two")
	for { // transactions of other tests may be under way in the cluster
		lag, err := audit.ReadLag(t.Context(), l.db.Pool())
		if err != nil || lag.Unsealed != 2 || lag.Oldest.Before(before) {
			t.Fatalf("with two entries: %+v, %v", lag, err)
		}
		if lag.Due == 2 && lag.OldestDue.Equal(lag.Oldest) {
			break
		}
	}
	l.seal(t)
	if lag, err := audit.ReadLag(t.Context(), l.db.Pool()); err != nil || lag != (audit.Lag{}) {
		t.Errorf("when all is sealed: %+v, %v", lag, err)
	}
}

// TestBatches holds that a block ends between transactions, however many entries one
// has left.
func TestBatches(t *testing.T) {
	t.Parallel()
	l := newLog(t, 10)
	for _, n := range []int{1, 8, 25, 1, 9, 1, 10, 11} {
		tx := l.begin(t)
		for i := range n {
			if _, err := tx.Exec(t.Context(), plainEntry, fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	// All at once: other tests may be slow to let go of their transactions.
	l.seal(t)
	l.whole(t, 66)
	split := l.count(t, `SELECT count(*) FROM (SELECT e.xid FROM audit_entry e JOIN audit_block b ON e.xid >= b.xid_from AND e.xid < b.xid_to GROUP BY e.xid HAVING count(DISTINCT b.number) > 1) s`)
	big := l.count(t, `SELECT count(*) FROM audit_block WHERE entries > 10`)
	if split != 0 || big != 2 {
		t.Errorf("%d transactions lie in two blocks, %d blocks are larger than a batch; want 0 and 2", split, big)
	}
}

// TestSealersAtOnce holds that several servers make one chain.
func TestSealersAtOnce(t *testing.T) {
	t.Parallel()
	l := newLog(t, 5)
	const writers, writes = 4, 40
	ctx, stop := context.WithCancel(t.Context())
	var sealing, writing sync.WaitGroup
	for range 3 {
		s := audit.NewSealer(l.db, l.ring, quiet(), audit.SealerOptions{Batch: 5, Every: time.Millisecond})
		sealing.Go(func() {
			if err := s.Run(ctx); err != nil {
				t.Errorf("a sealer: %v", err)
			}
		})
	}
	for w := range writers {
		writing.Go(func() {
			for i := range writes {
				err := l.db.Write(ctx, postgres.System([]string{adcode, "990102"}[w%2], "test"), fmt.Sprint(i), func(*postgres.Tx) error { return nil })
				if err != nil {
					t.Errorf("a writer: %v", err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { writing.Wait(); close(done) }()
	for busy := true; busy; { // verification may run while others write and seal
		select {
		case <-done:
			busy = false
		default:
		}
		if r := l.verify(t); !r.OK() {
			t.Errorf("while others seal: %+v", r)
		}
	}
	stop()
	sealing.Wait()
	l.seal(t)
	l.whole(t, writers*writes)
	if n := l.count(t, `SELECT count(*) FROM audit_block`); n < 2*writers*writes/2/5 {
		t.Errorf("%d blocks", n)
	}
}

// told is a logger and what it was told.
func told() (*slog.Logger, *bytes.Buffer) {
	var text bytes.Buffer
	return slog.New(slog.NewTextHandler(&text, nil)), &text
}

// TestRestoredElsewhere holds that the log of a database which was restored from a dump
// into another cluster goes on: what the dump brought is sealed, and the first of many
// writers begins an epoch, though the transactions' numbers are lower than before.
func TestRestoredElsewhere(t *testing.T) {
	t.Parallel()
	l := newLog(t, 100)
	log, text := told()
	l.Sealer = audit.NewSealer(l.db, l.ring, log, audit.SealerOptions{Batch: 100, Heads: l.heads})
	l.fill(t, 250)
	l.force(t, `UPDATE audit_entry SET xid = (xid::text::bigint + 1000000000000)::text::xid8`)
	l.force(t, `CREATE TABLE kept AS SELECT * FROM audit_entry ORDER BY xid DESC LIMIT 40`)
	l.force(t, `DELETE FROM audit_entry WHERE id IN (SELECT id FROM kept)`)
	l.seal(t) // as it was when the dump was made, but for its last entries
	l.force(t, `INSERT INTO audit_entry SELECT * FROM kept`)
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() { l.write(t, adcode, fmt.Sprint("after ", i)) })
	}
	all.Wait()
	l.seal(t)
	l.whole(t, 256)
	if n := l.count(t, `SELECT count(*) FROM audit_entry WHERE epoch = 2`); n != 6 {
		t.Errorf("%d entries are of the new epoch; want 6", n)
	}
	if n := l.count(t, `SELECT max(epoch) FROM audit_epoch`); n != 2 {
		t.Errorf("there are %d epochs; want 2", n)
	}
	if !strings.Contains(text.String(), "level=WARN") || !strings.Contains(text.String(), "new epoch") {
		t.Errorf("the log was told %q", text)
	}
	l.write(t, "990102", "an authority that is new here")
	l.seal(t)
	l.whole(t, 257)

	// An epoch that is over takes no more.
	first := l.count(t, `SELECT min(number) FROM audit_block WHERE epoch = 2 AND adcode = '990101'`)
	l.force(t, `INSERT INTO audit_entry (adcode, id, epoch, xid, who, why, action, outcome) VALUES ('990101', gen_random_uuid(), 1, '9000000000000000000', 'x', 'x', 'x', 'done')`)
	if r := l.verify(t); r.OK() || r.Faults[0].Block != int64(first) {
		t.Errorf("an entry put behind an epoch that is over: %+v; want block %d", r.Faults, first)
	}
}

// TestCounterSetBack holds that the log goes on in the same cluster when its counter is
// behind what was sealed, and that what was written meanwhile is not taken for whole.
func TestCounterSetBack(t *testing.T) {
	t.Parallel()
	l := newLog(t, 100)
	log, text := told()
	l.Sealer = audit.NewSealer(l.db, l.ring, log, audit.SealerOptions{Heads: l.heads})
	l.fill(t, 20)
	l.force(t, `UPDATE audit_entry SET xid = (xid::text::bigint + 1000000000000)::text::xid8`)
	l.seal(t)
	l.force(t, `UPDATE audit_epoch SET cluster = (SELECT system_identifier FROM pg_control_system())`)
	l.force(t, `INSERT INTO audit_entry (adcode, id, epoch, xid, who, why, action, outcome) VALUES ('990101', gen_random_uuid(), 1, '1000000009000', 'x', 'kept open until now', 'x', 'done')`)
	l.write(t, "990102", "of an authority that is not concerned")
	l.seal(t)
	l.write(t, adcode, "in the new epoch")
	l.seal(t)
	if !strings.Contains(text.String(), "level=WARN") {
		t.Errorf("the log was told %q", text)
	}
	l.whole(t, 23)
	l.force(t, `INSERT INTO audit_entry (adcode, id, epoch, xid, who, why, action, outcome) VALUES ('990101', gen_random_uuid(), 1, '900', 'x', 'x', 'x', 'done')`)
	if r := l.verify(t); r.OK() || r.Faults[0].Block != 1 {
		t.Errorf("an entry written before anybody noticed: %+v", r.Faults)
	}
}

// TestUnknownEpoch holds that an entry of an epoch that never began is neither sealed nor
// keeps others from being sealed.
func TestUnknownEpoch(t *testing.T) {
	t.Parallel()
	l := newLog(t, 100)
	l.force(t, `INSERT INTO audit_entry (adcode, id, epoch, xid, who, why, action, outcome) VALUES ('990101', gen_random_uuid(), 9, '5', 'x', 'x', 'x', 'done')`)
	l.write(t, adcode, "one")
	for l.count(t, `SELECT count(*) FROM audit_block`) == 0 {
		if _, err := l.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	r := l.verify(t)
	if !r.OK() || r.Entries() != 1 || r.Chains[0].Unsealed != 1 {
		t.Errorf("the log is %+v", r)
	}
}

// TestRun holds that a sealer leaves nothing unsealed and no head unwritten when it is
// told to stop, and says once that it cannot do its work.
func TestRun(t *testing.T) {
	t.Parallel()
	l := newLog(t, 100)
	l.write(t, adcode, "sealed before")
	if _, err := audit.NewSealer(l.db, l.ring, quiet(), audit.SealerOptions{}).Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	slow, err := audit.OpenHeads(l.path, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	s := audit.NewSealer(l.db, l.ring, quiet(), audit.SealerOptions{Every: time.Millisecond, Heads: slow})
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := s.Run(ctx); err != nil {
			t.Errorf("run: %v", err)
		}
	})
	for i := range 5 {
		l.write(t, adcode, fmt.Sprint(i))
		for {
			lag, err := audit.ReadLag(t.Context(), l.db.Pool())
			if err != nil {
				t.Fatal(err)
			}
			if lag.Unsealed == 0 {
				break
			}
		}
	}
	stop()
	running.Wait()
	heads, err := audit.ReadHeadsFile(l.path)
	if err != nil || heads.Lines != 2 || heads.Unreadable != 0 {
		t.Errorf("the heads are %+v, %v; want the first and, when it stopped, the last", heads, err)
	}
	l.whole(t, 6)

	log, text := told()
	down := newLog(t, 100)
	down.db.Close()
	ctx, stop = context.WithCancel(t.Context())
	ticks := 0
	s = audit.NewSealer(down.db, down.ring, log, audit.SealerOptions{Every: time.Millisecond, Heads: down.heads, Now: func() time.Time {
		if ticks++; ticks > 5 { // the clock is read once in a pass
			stop()
		}
		return time.Now()
	}})
	if err := s.Run(ctx); err == nil {
		t.Error("a sealer without a database ended well")
	}
	if n := strings.Count(text.String(), "level=ERROR"); n != 1 {
		t.Errorf("it was said %d times that sealing fails: %s", n, text)
	}
}

// TestHeadsFile holds what becomes of the file of heads.
func TestHeadsFile(t *testing.T) {
	t.Parallel()
	l := newLog(t, 100)
	for i := range 4 {
		l.write(t, adcode, fmt.Sprint(i))
		l.seal(t)
	}
	if h := l.options(t).Heads; h.Lines != 4 {
		t.Errorf("%d heads; want one for each block", h.Lines)
	}
	l.whole(t, 4)
	whole, err := os.ReadFile(l.path)
	if err != nil {
		t.Fatal(err)
	}
	put := func(text []byte) {
		t.Helper()
		if err := os.WriteFile(l.path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}

	// A line that a crash cut short is counted, and does not spoil the next one.
	put(whole[:len(whole)-20])
	again := openHeads(t, l.path)
	b := audit.Block{AdCode: adcode, Number: 5, Hash: []byte{1}}
	again.Note(&b)
	if _, err := again.Flush(time.Now(), false); err != nil {
		t.Fatal(err)
	}
	if h := l.options(t).Heads; h.Lines != 4 || h.Unreadable != 1 {
		t.Errorf("with a torn line: %+v", h)
	}

	// That head was signed by nobody, so it accuses nobody.
	l.whole(t, 4)

	// The tail is cut, and then sealed anew: both show, but only by the heads.
	put(whole)
	l.force(t, `DELETE FROM audit_block WHERE number >= 3`)
	if r := l.verify(t); r.OK() || r.Faults[0].Block != 3 {
		t.Errorf("a tail that was cut: %+v", r)
	}
	unseen := l.options(t)
	unseen.Heads = audit.HeadList{}
	if r := verifyIn(t, l.db.Pool(), unseen); !r.OK() {
		t.Errorf("nothing but the heads can tell that a tail was cut: %+v", r)
	}
	l.force(t, `DELETE FROM audit_entry WHERE why = '3'`)
	l.seal(t)
	if r := l.verify(t); r.OK() || r.Faults[0].Block != 3 {
		t.Errorf("a tail that was sealed anew: %+v", r)
	}

	// All of it is gone.
	l.force(t, `DELETE FROM audit_block`)
	l.force(t, `DELETE FROM audit_entry`)
	if r := l.verify(t); r.OK() || r.Faults[0].Block != 1 || r.Faults[0].AdCode != adcode {
		t.Errorf("a log that was deleted: %+v", r)
	}
	l.write(t, adcode, "begun anew")
	l.seal(t)

	// Another installation's heads do not speak of this log.
	other := l.options(t)
	other.Keys = audit.KeysOf(ring(t).AuditPublic())
	if r := verifyIn(t, l.db.Pool(), other); r.OK() || !strings.Contains(r.Faults[0].EN, "not a known one") {
		t.Errorf("with another key: %+v", r)
	}
}

func TestHeadsFileFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := audit.OpenHeads(dir, 0); err == nil {
		t.Error("a folder was opened as the file of heads")
	}
	if _, err := audit.ReadHeadsFile(dir); err == nil {
		t.Error("a folder was read as the file of heads")
	}
	if _, err := audit.OpenHeads("/dev/null/heads.log", 0); err == nil {
		t.Error("a file was taken for a folder")
	}
	if h, err := audit.ReadHeadsFile(dir + "/none"); err != nil || h.Lines != 0 {
		t.Errorf("a file that is not there: %+v, %v", h, err)
	}
	if _, err := audit.ReadHeads(strings.NewReader(strings.Repeat("x", 1<<20))); err == nil {
		t.Error("a line without end was read")
	}
	h := openHeads(t, dir+"/heads.log")
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	h.Note(&audit.Block{AdCode: adcode, Number: 1})
	if _, err := h.Flush(time.Now(), true); err == nil {
		t.Error("a head was written into a closed file")
	}
	if err := h.Close(); err == nil {
		t.Error("a file was closed twice")
	}
}

// TestHeadsAreSpare holds that one authority gets no more than one line in the interval,
// and that what waited is written when its time has come.
func TestHeadsAreSpare(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/heads.log"
	h, err := audit.OpenHeads(path, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Unix(1_800_000_000, 0)
	var got []string
	flush := func(after time.Duration, all bool) {
		heads, err := h.Flush(start.Add(after), all)
		if err != nil {
			t.Fatal(err)
		}
		for _, head := range heads {
			got = append(got, fmt.Sprint(after, " ", head.AdCode, " ", head.Number))
		}
	}
	note := func(adcode string, n int64) { h.Note(&audit.Block{AdCode: adcode, Number: n, Hash: []byte{byte(n)}}) }
	note("990101", 1)
	flush(0, false)
	note("990101", 2)
	note("990101", 3)
	flush(59*time.Second, false)
	note("990102", 1)
	flush(59*time.Second, false)
	flush(60*time.Second, false)
	flush(3*time.Minute, false)
	note("990101", 3) // known already
	flush(4*time.Minute, false)
	note("990101", 4)
	flush(4*time.Minute+time.Second, false)
	note("990101", 5)
	flush(4*time.Minute+2*time.Second, true)
	want := []string{"0s 990101 1", "59s 990102 1", "1m0s 990101 3", "4m1s 990101 4", "4m2s 990101 5"}
	if strings.Join(got, "; ") != strings.Join(want, "; ") {
		t.Errorf("written: %q; want %q", got, want)
	}
}

// TestDoorDecides holds that a request cannot say itself when an entry was written.
func TestDoorDecides(t *testing.T) {
	t.Parallel()
	l := newLog(t, 100)
	w := person(t, l.db, adcode, auditor, "security_auditor")
	for _, column := range []string{"xid", "epoch", "at"} {
		err := l.db.Write(t.Context(), w, "a test", func(tx *postgres.Tx) error {
			_, err := tx.Exec(t.Context(), `
INSERT INTO audit_entry (adcode, id, account_id, who, why, action, outcome, `+column+`)
VALUES ('990101', gen_random_uuid(), yike_account(), 'x', 'x', 'x', 'done', DEFAULT)`)
			return err
		})
		if !errors.Is(err, postgres.ErrForbidden) {
			t.Errorf("a request may say %s: %v", column, err)
		}
	}
}
