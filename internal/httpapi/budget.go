package httpapi

import "sync/atomic"

// budget bounds how many bytes are held in memory at once for one purpose. Nobody waits
// for it: who does not get what it asks for has to do without.
type budget struct {
	most int64 // 0 for no bound
	used atomic.Int64
}

// take reserves n bytes and reports whether there was room.
func (b *budget) take(n int64) bool {
	if used := b.used.Add(n); b.most > 0 && used > b.most {
		b.used.Add(-n)
		return false
	}
	return true
}

func (b *budget) give(n int64) { b.used.Add(-n) }
