package namesearch_test

import (
	"runtime"
	"testing"

	"yike/placenames/namesearch"
	"yike/placenames/namesearch/namesearchtest"
)

// BenchmarkNew makes an index of 1,000,000 synthetic names, and says what it takes beside them.
func BenchmarkNew(b *testing.B) {
	names, r := namesearchtest.Names(1_000_000), readings()
	before := heap()
	var x *namesearch.Index
	for b.Loop() {
		x = namesearch.New(r, names)
	}
	b.ReportMetric((heap()-before)/float64(len(names)), "B/name")
	runtime.KeepAlive(x)
	runtime.KeepAlive(names)
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
