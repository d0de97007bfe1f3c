package audit_test

import (
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"yike/internal/audit"
	"yike/internal/keys"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

const adcode = "990101"

func ring(t testing.TB) *keys.Ring {
	t.Helper()
	r, err := keys.Open(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// log is a database whose log is sealed with a key of its own, heads and all.
type testLog struct {
	db    *postgres.DB
	ring  *keys.Ring
	path  string // of the heads
	heads *audit.Heads
	*audit.Sealer
}

func newLog(t testing.TB, batch int) *testLog {
	t.Helper()
	l := &testLog{db: dbtest.New(t), ring: ring(t), path: filepath.Join(t.TempDir(), "heads.log")}
	l.heads = openHeads(t, l.path)
	l.Sealer = audit.NewSealer(l.db, l.ring, quiet(), audit.SealerOptions{Batch: batch, Heads: l.heads})
	return l
}

func openHeads(t testing.TB, path string) *audit.Heads {
	t.Helper()
	heads, err := audit.OpenHeads(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = heads.Close() })
	return heads
}

// write leaves one entry.
func (l *testLog) write(t testing.TB, authority, why string) {
	t.Helper()
	err := l.db.Write(t.Context(), postgres.System(authority, "test"), why, func(tx *postgres.Tx) error {
		tx.Note(postgres.Note{Action: "thing.change", Kind: "thing", ID: why, After: map[string]any{"名称": why, "n": 1.50}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// seal seals all there is. Transactions of other tests in the same cluster may be under
// way and keep entries waiting, so it asks until nothing is left.
func (l *testLog) seal(t testing.TB) {
	t.Helper()
	for {
		if _, err := l.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		lag, err := audit.ReadLag(t.Context(), l.db.Pool())
		if err != nil {
			t.Fatal(err)
		}
		if lag.Unsealed == 0 {
			break
		}
	}
	if _, err := l.heads.Flush(l.Now(), true); err != nil {
		t.Fatal(err)
	}
}

func (l *testLog) options(t testing.TB) audit.Options {
	t.Helper()
	heads, err := audit.ReadHeadsFile(l.path)
	if err != nil {
		t.Fatal(err)
	}
	return audit.Options{Keys: audit.KeysOf(l.ring.AuditPublic()), Heads: heads}
}

func (l *testLog) verify(t testing.TB) audit.Report {
	t.Helper()
	return verifyIn(t, l.db.Pool(), l.options(t))
}

func verifyIn(t testing.TB, q postgres.Querier, o audit.Options) audit.Report {
	t.Helper()
	report, err := audit.Verify(t.Context(), q, o)
	if err != nil {
		t.Fatalf("verify: %v", err)
	}
	return report
}

// force runs statements as one who can switch the triggers off.
func (l *testLog) force(t testing.TB, sql string, args ...any) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), l.db.Pool(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), sql, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fill makes n entries as of a database that was restored: in an epoch of another
// cluster, whose numbers of transactions can be anything.
func (l *testLog) fill(t testing.TB, n int) {
	t.Helper()
	l.force(t, `UPDATE audit_epoch SET cluster = cluster - 1 WHERE epoch = 1`)
	l.force(t, `
INSERT INTO audit_entry (adcode, id, epoch, xid, at, account_id, who, why, from_addr, trace_id, action, outcome, subject_kind, subject_id, division_code, detail)
SELECT '990101', md5('entry ' || g)::uuid, 1, (5000 + 2 * (g - (g % 9)::int % 2))::text::xid8, timestamptz '2026-01-01 00:00:00+00' + g * interval '7.000123 seconds',
	CASE WHEN g % 3 > 0 THEN md5('account ' || g % 40)::uuid END, '用户' || g % 40, '修改设施资料 / change a facility ' || g, '10.1.2.' || g % 250, 'trace-' || g,
	'facility.change', CASE WHEN g % 50 = 0 THEN 'refused' ELSE 'done' END, 'facility', md5('facility ' || g % 1000), '99010100' || g % 8,
	jsonb_build_object('notes', jsonb_build_array(jsonb_build_object('action', 'facility.change', 'kind', 'facility',
		'before', jsonb_build_object('name_zh', '社区食堂' || g, 'capacity', g % 90), 'after', jsonb_build_object('name_zh', '社区食堂' || g, 'capacity', g % 90 + 1))))
FROM generate_series(1, $1::int) g`, n)
	if _, err := l.db.Pool().Exec(t.Context(), `ANALYZE audit_entry`); err != nil {
		t.Fatal(err)
	}
}
