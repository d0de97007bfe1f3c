package importjob

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"yike/facilities/facilitydb"
	"yike/facilities/imports"
)

// BenchmarkImport takes in a file of 300,000 rows, or IMPORT_ROWS, with coordinates and
// numbers. Check: it is read and stored, and tried whole. Take: it is taken in chunks of
// 1,000 rows, each with its audit entry, in the name of an account that row level security
// binds. Again: the same file is checked and taken once more, and all of it is unchanged.
// Undo: the first time is reversed. s and rows/s are of check and take together. With
// IMPORT_DUPLICATES=1 it looks for records that each new one may be of. Run it with
// -benchtime 1x.
func BenchmarkImport(b *testing.B) {
	rows := 300_000
	if n, err := strconv.Atoi(os.Getenv("IMPORT_ROWS")); err == nil {
		rows = n
	}
	for b.Loop() {
		x := newTown(b)
		file := &table{columns: []string{"编号", "名称", "地址", "所属社区", "经度", "纬度", "日供餐", "联系电话", "状态"}}
		for i := range rows {
			file.rows = append(file.rows, []string{
				"X" + strconv.Itoa(i), "老人家食堂" + strconv.Itoa(i), "花桥路" + strconv.Itoa(i) + "号", "幸福里社区",
				fmt.Sprintf("%.6f", 117.0001+float64(i%900)/10_000), fmt.Sprintf("%.6f", 39.0001+float64(i/900)/10_000), "120", "022-27390000", "正常",
			})
		}
		o := byNumber()
		o.Duplicates = os.Getenv("IMPORT_DUPLICATES") == "1"
		m := imports.Mapping{}
		for i, field := range []string{"bureau_no", "name_zh", "address", "community", "lon", "lat", "fields.meals_per_day", "fields.contact_phone", "status"} {
			m.Columns = append(m.Columns, imports.Column{Header: file.columns[i], Field: field})
		}
		j := x.job(file)
		j.Ready = Surveyor{DB: x.db, Types: x.catalogue, Gazetteer: noGazetteer}.Ready
		batch := x.bring(b, x.planner, file, o, m)
		step := func(name string, do func()) time.Duration {
			began := time.Now()
			do()
			took := time.Since(began)
			b.Logf("%s: %.1f s, %.0f rows/s", name, took.Seconds(), float64(rows)/took.Seconds())
			b.ReportMetric(took.Seconds(), name+"-s")
			return took
		}
		check := step("check", func() { batch = x.checked(b, j, x.planner, batch) })
		take := step("take", func() { batch = x.committed(b, j, x.planner, batch) })
		if batch.Done[imports.Create] != rows {
			b.Fatalf("%+v", batch.Done)
		}
		var chunks int
		if err := x.db.Pool().QueryRow(b.Context(), `SELECT count(*) FROM audit_entry WHERE action = 'facility.import'`).Scan(&chunks); err != nil || chunks != rows/chunk {
			b.Fatal(chunks, err)
		}
		b.ReportMetric(float64(rows)/(check+take).Seconds(), "rows/s")
		b.ReportMetric((check + take).Seconds(), "s")
		step("again", func() {
			again := x.committed(b, j, x.planner, x.checked(b, j, x.planner, x.bring(b, x.planner, file, o, m)))
			if again.Done[imports.Unchanged] != rows {
				b.Fatalf("%+v", again.Done)
			}
		})
		step("undo", func() { batch, _ = x.run(b, j, x.planner, batch, UndoKind, UndoArgs{Batch: batch.ID}) })
		if left, err := facilitydb.New(x.db).List(b.Context(), adcode); err != nil || len(left) > 0 {
			b.Fatal(len(left), err)
		}
	}
}
