package doorpage

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"yike/placenames/plates/doors"
)

// Misses counts how often codes that are nobody's are asked for, by the hour. It keeps no more
// than a bound of codes and nothing of who asked. It is safe for concurrent use.
type Misses struct {
	mu   sync.Mutex
	most int
	by   map[missKey]int
}

type missKey struct {
	code string
	hour int64
}

// NewMisses counts at most so many codes and hours between two calls of Drain; what comes on top
// while it is full is not counted, which only somebody who guesses codes by the thousand brings
// about.
func NewMisses(most int) *Misses { return &Misses{most: most, by: map[missKey]int{}} }

// Add counts one. Those who count nothing have a nil Misses.
func (m *Misses) Add(code string, now time.Time) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	key := missKey{code, now.Unix() / 3600}
	if _, has := m.by[key]; has || len(m.by) < m.most {
		m.by[key]++
	}
}

// Drain gives what was counted since it was called last, the most asked for first.
func (m *Misses) Drain() []doors.Miss {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]doors.Miss, 0, len(m.by))
	for k, n := range m.by {
		out = append(out, doors.Miss{Code: k.code, Hour: k.hour, Scans: n})
	}
	clear(m.by)
	slices.SortFunc(out, func(a, b doors.Miss) int {
		return cmp.Or(cmp.Compare(b.Scans, a.Scans), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Hour, b.Hour))
	})
	return out
}
