package estates_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/record"
	"yike/internal/rules"
)

func ptr[T any](v T) *T { return &v }

// perHundred is a local norm of 35 m² per 100 households, above the 30 of Tianjin.
func perHundred(state estates.LocalState, value float64) estates.LocalRule {
	return estates.LocalRule{
		ID: "01990000-0000-7000-8000-000000000001", Version: 1, State: state, Kind: estates.Norm, Division: "120111", Form: "community_per_100", Value: &value,
		Setting: "urban", Severity: rules.Error, Grade: rules.ReadWhole, Sentence: "每百户不低于35平方米", Attached: 1, From: "2026-01-01",
		Source: estates.Document{Number: "津西民发〔2026〕1号", Title: "关于社区用房的通知", Day: "2025-12-20"},
	}
}

// district makes n estates of about four rooms in 200 communities, of every sort: short of
// area, without days, in phases, old ones.
func district(n int, ctx estates.Context) []estates.Case {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same estates each time
	uses := []premises.Use{premises.PartyMass, premises.ElderlyService, premises.PropertyOffice, premises.PartyMass}
	floors := []string{"1", "1–2", "-1", "3", "夹层", ""}
	all := make([]estates.Case, n)
	for i := range all {
		e := estates.Estate{
			ID: fmt.Sprintf("%08d", i), Version: 1, Name: fmt.Sprintf("小区%d", i), Kind: estates.New, DivisionCode: fmt.Sprintf("120111%03d%03d", r.IntN(20), r.IntN(10)),
			Households: 200 + r.IntN(3000), HousingFloor: m2(float64(20_000 + r.IntN(300_000))), Conditions: estates.Paper{Number: "规条"},
		}
		e.People = e.Households * 3
		if r.IntN(5) == 0 {
			e.Kind = estates.Built
		}
		start := record.Day(fmt.Sprintf("20%02d-03-01", 16+r.IntN(8)))
		for p := range 1 + r.IntN(3) {
			e.Phases = append(e.Phases, estates.Phase{No: p + 1, Households: e.Households / 2, HousingStarted: start, HousingAccepted: "2026-03-01"})
		}
		for k := range 3 + r.IntN(3) {
			room := estates.Room{
				Name: "用房", Building: "1", Floor: floors[r.IntN(len(floors))], RoomNo: fmt.Sprint(k), Use: uses[k%len(uses)], Area: m2(float64(50 + r.IntN(900))),
				Phase: 1 + r.IntN(len(e.Phases)), StartedOn: start, AcceptedOn: "2026-03-01", OwnEntrance: yes(), PresentUse: uses[k%len(uses)],
			}
			if r.IntN(3) > 0 {
				room.HandedOverOn = "2026-06-01"
			}
			e.Rooms = append(e.Rooms, room)
		}
		c := ctx
		c.Community.Households, c.Community.Area = r.IntN(4000), m2(float64(r.IntN(1500)))
		all[i] = estates.Case{Estate: e, Context: c}
	}
	return all
}

// BenchmarkRecheck tries a change of a rule on 5,000 estates: each checked by all rules as
// they are and as they would be, and the differences listed.
func BenchmarkRecheck(b *testing.B) {
	s := set(b)
	ctx := at(s, "120111")
	cases := district(5000, ctx)
	after, misfits := estates.Effective(s, []estates.LocalRule{perHundred(estates.Adopted, 35)})
	if len(misfits) > 0 {
		b.Fatal(misfits[0].Err)
	}
	alone := 0.0
	for _, threads := range []int{1, runtime.GOMAXPROCS(0)} {
		b.Run(fmt.Sprintf("%d threads", threads), func(b *testing.B) {
			b.ReportAllocs()
			var got estates.Trial
			start := time.Now()
			for b.Loop() {
				var err error
				if got, err = estates.Recheck(b.Context(), s, after, today, cases, threads); err != nil {
					b.Fatal(err)
				}
			}
			each := time.Since(start).Seconds() / float64(b.N)
			if got.All.Checked != len(cases) || got.All.Changed == 0 {
				b.Fatalf("%+v", got.All)
			}
			if alone == 0 {
				alone = each
			}
			b.ReportMetric(float64(len(cases))/each, "estates/s")
			b.ReportMetric(alone/each, "x-one-thread")
			b.ReportMetric(float64(len(after.Rules)), "rules")
			b.ReportMetric(float64(len(got.Differences)), "differences")
			b.ReportMetric(keptMB(&got), "kept-MB")
		})
	}
}

// keptMB is what a trial keeps in memory, in MB. It drops the trial.
func keptMB(t *estates.Trial) float64 {
	var with, without runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&with)
	*t = estates.Trial{}
	runtime.GC()
	runtime.ReadMemStats(&without)
	return float64(int64(with.HeapAlloc)-int64(without.HeapAlloc)) / 1e6 //nolint:gosec // below 2^63
}
