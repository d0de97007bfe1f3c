package namelive

import (
	"cmp"
	"slices"

	"yike/placenames/naming"
)

// likes find names that are like a name, in a large index and a small one of what changed. They
// never change.
type likes struct {
	checks *naming.Checker
	old    []naming.Entry // of the large index
	recent []naming.Entry // of the small one
	large  *naming.Index
	small  *naming.Index
	gone   map[string]struct{} // ids of which the large index is out of date
}

func newLikes(checks *naming.Checker, entries []naming.Entry) likes {
	return likes{checks: checks, old: entries, large: checks.NewIndex(entries), small: checks.NewIndex(nil)}
}

// with gives what finds the register after records changed: all entries of these, and the ids of
// these and of those that are no more.
func (k likes) with(entries []naming.Entry, changed map[string]struct{}) likes {
	gone := make(map[string]struct{}, len(k.gone)+len(changed))
	for id := range k.gone {
		gone[id] = struct{}{}
	}
	for id := range changed {
		gone[id] = struct{}{}
	}
	k.gone = gone
	k.recent = append(without(k.recent, changed), entries...)
	k.small = k.checks.NewIndex(k.recent)
	return k
}

// whole gives the same with one large index.
func (k likes) whole() likes { return newLikes(k.checks, append(without(k.old, k.gone), k.recent...)) }

func without(entries []naming.Entry, ids map[string]struct{}) []naming.Entry {
	out := make([]naming.Entry, 0, len(entries))
	for _, e := range entries {
		if _, ok := ids[e.ID]; !ok {
			out = append(out, e)
		}
	}
	return out
}

func (k likes) find(e naming.Entry) []naming.Match {
	list := slices.DeleteFunc(k.large.Find(e), func(m naming.Match) bool { _, ok := k.gone[m.Entry.ID]; return ok })
	list = append(list, k.small.Find(e)...)
	slices.SortStableFunc(list, func(a, b naming.Match) int { return cmp.Compare(b.Relation, a.Relation) })
	return list
}
