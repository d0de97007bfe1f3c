package access_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"yike/coverage/access"
)

// town is a generated question: so many places and sites, each site reaching a share of the
// places within a quarter of an hour.
func town(places, sites int, share float64) access.Question {
	rng := rand.New(rand.NewPCG(1, uint64(places)))
	q := access.Question{Unit: 10_000, Links: access.Links{Start: []int{0}}}
	for range places {
		q.People = append(q.People, rng.Int64N(400_000))
	}
	for range sites {
		first := rng.IntN(places)
		count := int(float64(places) * share)
		for i := max(0, first-count/2); i < min(places, first+count/2); i++ {
			q.Links.Place = append(q.Links.Place, int32(i))
			q.Links.Time = append(q.Links.Time, rng.Int32N(900_000))
		}
		q.Links.Start = append(q.Links.Start, len(q.Links.Place))
		q.Supply = append(q.Supply, float64(20+rng.IntN(80)))
	}
	return q
}

// BenchmarkAccess measures 20,000 points and 500 facilities, all of it and with one facility
// closed and opened again. A facility reaches a 50th of the points, about as in a district
// where one walks a quarter of an hour, or a tenth.
func BenchmarkAccess(b *testing.B) {
	for _, share := range []float64{0.02, 0.1} {
		q := town(20_000, 500, share)
		bell := access.Gaussian(900_000)
		for name, rule := range map[string]access.Rule{"two": {Weight: bell}, "three": {Weight: bell, Choice: bell}} {
			of := fmt.Sprintf("points=%d/facilities=%d/links=%d/steps=%s", len(q.People), len(q.Supply), len(q.Links.Place), name)
			b.Run(of+"/all", func(b *testing.B) {
				for b.Loop() {
					if _, err := access.New(q, rule); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(of+"/one", func(b *testing.B) {
				m, err := access.New(q, rule)
				if err != nil {
					b.Fatal(err)
				}
				m.SetOpen(7, false)
				b.ResetTimer()
				open := true
				for b.Loop() {
					m.SetOpen(7, open)
					open = !open
				}
			})
		}
	}
}
