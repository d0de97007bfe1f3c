package facilitydb_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/internal/postgres"
	"yike/internal/postgres/dbtest"
)

func BenchmarkInsertMany(b *testing.B) {
	db := dbtest.New(b)
	planner := dbtest.Person(b, db, adcode, "planner", "")
	n := 0
	for b.Loop() {
		list := make([]facilities.Facility, 1000)
		for i := range list {
			n++
			id, _ := uuid.NewV7()
			list[i] = facilities.Facility{
				ID: id.String(), Type: "elderly_canteen", NameZH: fmt.Sprint("老人家食堂", n), Status: facilities.Open, Stage: facilities.Published,
				Address: fmt.Sprintf("花桥路 %d 号", n), Capacity: 80, DivisionCode: "990001001001", Point: orb.Point{117.1 + float64(n%1000)/1e5, 39.05}, PlacedBy: facilities.PlacedGiven,
				BureauNo: fmt.Sprint("XQ", n), Fields: map[string]any{"beds": 10.0, "contact_phone": "022-27390000"},
			}
		}
		err := db.Write(b.Context(), postgres.System(planner.AdCode, "bench"), "a bench", func(tx *postgres.Tx) error {
			return tx.OnBehalf(b.Context(), planner.Account, func() error { return facilitydb.InsertMany(b.Context(), tx, list, "2026-11-27") })
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}
