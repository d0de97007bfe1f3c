package importjob

import (
	"strconv"
	"testing"

	"yike/facilities/importdb"
	"yike/facilities/imports"
	"yike/internal/postgres"
)

// TestLargeFileIsMeasured holds that a file of several chunks is taken whole, that reading
// ahead loses and repeats no row, and that the planner is told of what is in the registry
// while it is filled: a table that counts as empty is looked up in by reading all of it.
func TestLargeFileIsMeasured(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	for _, rows := range []int{chunk - 1, 2 * chunk, 2*chunk + 1} {
		file := numbered()
		for i := range rows {
			file.rows = append(file.rows, []string{strconv.Itoa(rows) + "-" + strconv.Itoa(i), "食堂" + strconv.Itoa(i), "幸福里", "50"})
		}
		j := x.job(file)
		o := byNumber()
		b := x.committed(t, j, x.planner, x.checked(t, j, x.planner, x.bring(t, x.planner, file, o, numberedMapping())))
		if b.Counts[imports.Unplaced] != rows || b.Done[imports.Unplaced] != rows {
			t.Fatalf("%d rows: tried %v, taken %v", rows, b.Counts, b.Done)
		}
		list, err := importdb.Results(t.Context(), x.db.Pool(), adcode, b.ID, 0, rows+2)
		if err != nil || len(list) != rows {
			t.Fatalf("%d results of %d rows, %v", len(list), rows, err)
		}
		for i, r := range list {
			if r.Row != i+2 {
				t.Fatalf("row %d stands where row %d should", r.Row, i+2)
			}
		}
		var known float64
		if err := x.db.Pool().QueryRow(t.Context(), `SELECT reltuples FROM pg_class WHERE relname = 'facility'`).Scan(&known); err != nil {
			t.Fatal(err)
		}
		if rows > chunk && known < chunk/2 {
			t.Errorf("after %d rows the planner knows of %v", rows, known)
		}
	}
}

// TestRegistryIsMeasuredOnceItCanBe holds that a registry that somebody else has locked
// keeps no import waiting, and is measured when it is free again.
func TestRegistryIsMeasuredOnceItCanBe(t *testing.T) {
	t.Parallel()
	x := newTown(t)
	ctx := t.Context()
	s := &Session{batch: imports.Batch{RowCount: 5 * chunk}}
	take := func(want int) {
		t.Helper()
		err := x.db.Write(ctx, postgres.System(adcode, "test"), "a chunk", func(tx *postgres.Tx) error { return s.measure(ctx, tx, chunk) })
		if err != nil || s.measured != want {
			t.Fatalf("measured next at %d rows, want %d; %v", s.measured, want, err)
		}
	}
	cleaner, err := x.db.Pool().Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cleaner.Exec(ctx, `LOCK TABLE facility IN SHARE UPDATE EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	take(0)
	if err := cleaner.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	take(chunk)
	take(10 * chunk) // there are more than chunk rows behind it by now
	take(10 * chunk)
	if s.rows != 4*chunk {
		t.Errorf("%d rows", s.rows)
	}
	small := &Session{batch: imports.Batch{RowCount: chunk}}
	if err := small.measure(ctx, nil, chunk); err != nil || small.measured != 0 {
		t.Errorf("a file of one chunk is worth no look: %d, %v", small.measured, err)
	}
}
