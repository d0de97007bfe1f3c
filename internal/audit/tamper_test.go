package audit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/internal/audit"
	"yike/internal/keys"
)

// TestTampering tampers with a log in every way there is, at random places, as whoever
// rules the database can: triggers off, and everything that needs no key recomputed.
// Each time verification must name the first block that was touched. The whole log is
// verified each time.
func TestTampering(t *testing.T) {
	t.Parallel()
	all := slices.Concat(ways, entryChanges(), blockChanges())
	for _, size := range []struct{ entries, batch, trials int }{
		{300_000, 2_000, 24},         // each of ways, and changes chosen at random
		{30_000, 500, len(all) + 24}, // every change there is, and some more places
	} {
		t.Run(fmt.Sprint(size.entries), func(t *testing.T) {
			t.Parallel()
			l := newLog(t, size.batch)
			l.fill(t, size.entries)
			l.write(t, adcode, "in the epoch after")
			l.write(t, "990102", "of another authority")
			l.seal(t)
			tr := newTrials(t, l)
			for i := range size.trials {
				way := all[i%len(all)]
				if i >= len(ways) && size.entries > 100_000 {
					way = all[len(ways)+tr.rand.IntN(len(all)-len(ways))]
				}
				tr.run(way)
			}
			if report := verifyIn(t, tr.tx, tr.options); !report.OK() || report.Entries() != int64(size.entries)+2 {
				t.Errorf("after all was put back: %+v", report)
			}
			t.Logf("%d entries in %d blocks, %d trials", size.entries, len(tr.blocks), size.trials)
		})
	}
}

// place is an entry and the block that sealed it.
type place struct {
	id    string
	xid   uint64
	block int64
}

type trials struct {
	t       *testing.T
	l       *testLog
	tx      pgx.Tx
	options audit.Options
	rand    *rand.Rand
	entries []place // in the order of the chain
	blocks  []int64 // numbers
	forger  *keys.Ring
}

func newTrials(t *testing.T, l *testLog) *trials {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	tx, err := l.db.Pool().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback(t.Context()) })
	tr := &trials{t: t, l: l, tx: tx, options: l.options(t), rand: rand.New(rand.NewPCG(seed, 0)), forger: ring(t)}
	tr.exec(tx, `SET LOCAL session_replication_role = replica`)
	rows, err := tx.Query(t.Context(), `
SELECT e.id::text, e.xid, b.number FROM audit_entry e
JOIN audit_block b ON b.adcode = e.adcode AND b.epoch = e.epoch AND e.xid >= b.xid_from AND e.xid < b.xid_to
WHERE e.adcode = $1 AND e.epoch = 1 ORDER BY e.xid, e.id`, adcode)
	if err != nil {
		t.Fatal(err)
	}
	tr.entries, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (place, error) {
		var p place
		return p, row.Scan(&p.id, &p.xid, &p.block)
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range tr.entries[len(tr.entries)-1].block {
		tr.blocks = append(tr.blocks, n+1)
	}
	return tr
}

func (tr *trials) exec(tx pgx.Tx, sql string, args ...any) {
	tr.t.Helper()
	if _, err := tx.Exec(tr.t.Context(), sql, args...); err != nil {
		tr.t.Fatalf("%s: %v", sql, err)
	}
}

// entry picks an entry at random.
func (tr *trials) entry() place { return tr.entries[tr.rand.IntN(len(tr.entries))] }

// block picks a block at random.
func (tr *trials) block() int64 { return tr.blocks[tr.rand.IntN(len(tr.blocks))] }

// run tampers in one way, verifies, and takes it all back.
func (tr *trials) run(w way) {
	tr.t.Helper()
	sub, err := tr.tx.Begin(tr.t.Context())
	if err != nil {
		tr.t.Fatal(err)
	}
	want, did := w.tamper(tr, sub)
	report := verifyIn(tr.t, sub, tr.options)
	if report.OK() || report.Faults[0].AdCode != adcode || report.Faults[0].Block != want {
		tr.t.Errorf("%s (%s): found %+v, want block %d", w.name, did, report.Faults, want)
	}
	if err := sub.Rollback(tr.t.Context()); err != nil {
		tr.t.Fatal(err)
	}
}

// way is one way to tamper: it gives the block that must be named, and what it did.
type way struct {
	name   string
	tamper func(tr *trials, tx pgx.Tx) (want int64, did string)
}

var ways = []way{
	{"delete an entry", func(tr *trials, tx pgx.Tx) (int64, string) {
		e := tr.entry()
		tr.exec(tx, `DELETE FROM audit_entry WHERE adcode = $1 AND id = $2`, adcode, e.id)
		return e.block, e.id
	}},
	{"add a forged entry", func(tr *trials, tx pgx.Tx) (int64, string) {
		e := tr.entry()
		tr.exec(tx, `
INSERT INTO audit_entry SELECT adcode, gen_random_uuid(), epoch, xid, at, account_id, '伪造者', why, from_addr, trace_id, action, outcome, subject_kind, subject_id, division_code, detail
FROM audit_entry WHERE adcode = $1 AND id = $2`, adcode, e.id)
		return e.block, e.id
	}},
	{"swap what two entries say", func(tr *trials, tx pgx.Tx) (int64, string) {
		a, b := tr.two()
		tr.exec(tx, `
UPDATE audit_entry e SET at = o.at, account_id = o.account_id, who = o.who, why = o.why, from_addr = o.from_addr, trace_id = o.trace_id,
	action = o.action, outcome = o.outcome, subject_kind = o.subject_kind, subject_id = o.subject_id, division_code = o.division_code, detail = o.detail
FROM audit_entry o WHERE e.adcode = $1 AND o.adcode = $1 AND (e.id = $2 AND o.id = $3 OR e.id = $3 AND o.id = $2)`, adcode, a.id, b.id)
		return min(a.block, b.block), a.id + " " + b.id
	}},
	{"put an entry elsewhere", func(tr *trials, tx pgx.Tx) (int64, string) {
		a, b := tr.two()
		tr.exec(tx, `UPDATE audit_entry SET xid = $3 WHERE adcode = $1 AND id = $2`, adcode, a.id, b.xid)
		return min(a.block, b.block), a.id + " " + b.id
	}},
	{"swap the places of two entries", func(tr *trials, tx pgx.Tx) (int64, string) {
		a, b := tr.two()
		tr.exec(tx, `
UPDATE audit_entry e SET xid = o.xid FROM audit_entry o
WHERE e.adcode = $1 AND o.adcode = $1 AND (e.id = $2 AND o.id = $3 OR e.id = $3 AND o.id = $2)`, adcode, a.id, b.id)
		return min(a.block, b.block), a.id + " " + b.id
	}},
	{"cut the tail", func(tr *trials, tx pgx.Tx) (int64, string) {
		n := tr.block()
		tr.exec(tx, `
DELETE FROM audit_entry e USING audit_block b WHERE b.adcode = $1 AND b.number = $2 AND e.adcode = $1 AND (e.epoch, e.xid) >= (b.epoch, b.xid_from)`, adcode, n)
		tr.exec(tx, `DELETE FROM audit_block WHERE adcode = $1 AND number >= $2`, adcode, n)
		return n, ""
	}},
	{"delete the blocks of the tail", func(tr *trials, tx pgx.Tx) (int64, string) {
		n := tr.block()
		tr.exec(tx, `DELETE FROM audit_block WHERE adcode = $1 AND number >= $2`, adcode, n)
		return n, ""
	}},
	{"delete a block", func(tr *trials, tx pgx.Tx) (int64, string) {
		n := tr.block()
		tr.exec(tx, `DELETE FROM audit_block WHERE adcode = $1 AND number = $2`, adcode, n)
		return n, ""
	}},
	{"reorder blocks", func(tr *trials, tx pgx.Tx) (int64, string) {
		a, b := tr.block(), tr.block()
		for a == b {
			b = tr.block()
		}
		tr.exec(tx, `UPDATE audit_block SET number = number + 1000000 WHERE adcode = $1 AND number IN ($2, $3)`, adcode, a, b)
		tr.exec(tx, `UPDATE audit_block SET number = $2::bigint + $3::bigint + 1000000 - number WHERE adcode = $1 AND number > 1000000`, adcode, a, b)
		return min(a, b), fmt.Sprint(a, b)
	}},
	{"forge a block without the key", forgeBlock},
}

func (tr *trials) two() (a, b place) {
	for a.xid == b.xid {
		a, b = tr.entry(), tr.entry()
	}
	return a, b
}

// entryChanges are ways to change something in one entry.
func entryChanges() []way {
	var out []way
	for _, change := range []string{
		`adcode = '990102'`, `adcode = '990109'`, `id = gen_random_uuid()`, `epoch = 2`, `epoch = 0`, `epoch = 77`,
		`xid = '1'`, `xid = '18446744073709551615'`,
		`at = at + interval '1 microsecond'`, `at = 'infinity'`, `at = '-infinity'`, `at = '0044-03-15 BC'`,
		`account_id = gen_random_uuid()`, `account_id = CASE WHEN account_id IS NULL THEN gen_random_uuid() END`,
		`who = who || ' '`, `why = reverse(why)`, `from_addr = '10.9.9.9'`, `trace_id = ''`, `action = 'facility.read'`,
		`outcome = CASE outcome WHEN 'done' THEN 'failed' ELSE 'done' END`,
		`subject_kind = 'account'`, `subject_id = gen_random_uuid()::text`, `division_code = division_code || '0'`,
		`detail = detail || '{"x": 1}'`, `detail = jsonb_set(detail, '{notes,0,before,capacity}', '90.0')`, `detail = '{}'`,
		`who = left(who, -1), why = right(who, 1) || why`, // a letter moves into the next column
	} {
		out = append(out, way{"change an entry", func(tr *trials, tx pgx.Tx) (int64, string) {
			e := tr.entry()
			tr.exec(tx, `UPDATE audit_entry SET `+change+` WHERE adcode = $1 AND id = $2`, adcode, e.id)
			if change == `xid = '1'` || change == `epoch = 0` {
				return 1, change // where it is now
			}
			return e.block, change
		}})
	}
	return out
}

// blockChanges are ways to change something in one block.
func blockChanges() []way {
	var out []way
	for _, change := range []string{
		`adcode = '990109'`, `number = number + 1000000`, `epoch = epoch + 1`, `xid_from = (xid_from::text::bigint + 1)::text::xid8`,
		`xid_to = (xid_to::text::bigint + 1)::text::xid8`, `xid_to = '18446744073709551615'`, `entries = entries + 1`, `entries = 2147483647`,
		`content_hash = sha256(content_hash)`, `content_hash = ''`, `previous_hash = sha256(previous_hash)`, `hash = sha256(hash)`, `hash = ''`,
		`key_id = 'other'`, `key_id = ''`, `signature = set_byte(signature, 5, (get_byte(signature, 5) + 1) % 256)`, `signature = ''`,
		`sealed_at = sealed_at - interval '1 microsecond'`, `sealed_at = 'infinity'`,
	} {
		out = append(out, way{"change a block", func(tr *trials, tx pgx.Tx) (int64, string) {
			n := tr.block()
			tr.exec(tx, `UPDATE audit_block SET `+change+` WHERE adcode = $1 AND number = $2`, adcode, n)
			return n, change
		}})
	}
	return out
}

// forgeBlock changes what a block says and makes it right in everything but the
// signature, for which a key of its own must do.
func forgeBlock(tr *trials, tx pgx.Tx) (int64, string) {
	e := tr.entry()
	b := audit.Block{AdCode: adcode, Number: e.block}
	err := tx.QueryRow(tr.t.Context(), `
SELECT epoch, xid_from, xid_to, entries, content_hash, previous_hash, key_id, to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
FROM audit_block WHERE adcode = $1 AND number = $2`, adcode, e.block).
		Scan(&b.Epoch, &b.XidFrom, &b.XidTo, &b.Entries, &b.ContentHash, &b.PreviousHash, &b.KeyID, &b.SealedAt)
	if err != nil {
		tr.t.Fatal(err)
	}
	b.Entries++
	if tr.rand.IntN(2) == 0 {
		b.KeyID = tr.forger.AuditKeyID()
	}
	b.Hash = b.Digest()
	tr.exec(tx, `UPDATE audit_block SET entries = $3, hash = $4, key_id = $5, signature = $6 WHERE adcode = $1 AND number = $2`,
		adcode, b.Number, b.Entries, b.Hash, b.KeyID, tr.forger.Sign(b.Hash))
	return b.Number, b.KeyID
}

// TestEveryColumnIsSealed holds that the list of changes above leaves no column out.
func TestEveryColumnIsSealed(t *testing.T) {
	t.Parallel()
	rows, err := newLog(t, 10).db.Pool().Query(t.Context(), `
SELECT table_name || '.' || column_name FROM information_schema.columns
WHERE table_name IN ('audit_entry', 'audit_block') ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"audit_block.adcode", "audit_block.content_hash", "audit_block.entries", "audit_block.epoch", "audit_block.hash", "audit_block.key_id",
		"audit_block.number", "audit_block.previous_hash", "audit_block.sealed_at", "audit_block.signature", "audit_block.xid_from", "audit_block.xid_to",
		"audit_entry.account_id", "audit_entry.action", "audit_entry.adcode", "audit_entry.at", "audit_entry.detail", "audit_entry.division_code",
		"audit_entry.epoch", "audit_entry.from_addr", "audit_entry.id", "audit_entry.outcome", "audit_entry.subject_id", "audit_entry.subject_kind",
		"audit_entry.trace_id", "audit_entry.who", "audit_entry.why", "audit_entry.xid",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the log has the columns %v: tamper with each of them, and seal it", got)
	}
}
