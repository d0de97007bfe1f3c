package estates_test

import (
	"testing"

	"yike/facilities/estates"
)

func BenchmarkCheckAll(b *testing.B) {
	s := set(b)
	e := estate()
	e.Rooms = append(e.Rooms, e.Rooms...)
	for _, p := range []string{"120111", "340100"} {
		ctx := at(s, p)
		b.Run(p, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				estates.CheckAll(s, e, ctx)
			}
		})
	}
}
