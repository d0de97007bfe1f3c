package importjob

import (
	"strconv"
	"testing"

	"yike/facilities/importdb"
	"yike/facilities/imports"
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
