package likeness

import (
	"cmp"
	"hash/fnv"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"
)

// Index holds records to be found by likeness. It may be read by many at once, and Add
// may not run beside anything else.
//
// Two records are compared only where they share a key: two sounds that follow one another
// in their names, a door, a telephone, a code, or a square of the map and those around it,
// mostly within one function of facilities. Keys that very many share tell nothing and are
// passed over; of what is left the likeliest few are compared. So a look-up costs no more
// in a large registry than in a small one.
type Index struct {
	f        *Finder
	profiles []profile
	keys     []uint64 // sorted; ids beside them
	ids      []int32
	slots    []int32            // where a key begins in keys, and one, at the place that the key hashes to
	late     map[uint64][]int32 // of records added after the index was made

	// The one that Like was asked for last: an import looks for a record, finds none and
	// adds it, and taking a record apart is a third of that.
	asked atomic.Pointer[profile]
}

const (
	cellM      = 150 // side of a square
	commonest  = 250 // records that may share a key
	mostLooked = 32  // records compared for one
	mostHits   = 400 // of a record by all its keys, the rarest keys first
)

// NewIndex indexes records. O(n · k log n) for k keys of a record.
func (f *Finder) NewIndex(records []Record) *Index {
	x := &Index{f: f, late: map[uint64][]int32{}, profiles: make([]profile, len(records))}
	share(len(records), func(i int) { x.profiles[i] = f.profile(records[i]) })
	type entry struct {
		key uint64
		id  int32
	}
	var all []entry
	for i := range x.profiles {
		for _, k := range keysOf(&x.profiles[i]) {
			all = append(all, entry{k.hash, int32(i)})
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.id, b.id)) })
	x.keys, x.ids = make([]uint64, len(all)), make([]int32, len(all))
	for i, e := range all {
		x.keys[i], x.ids[i] = e.key, e.id
	}
	x.fillSlots()
	return x
}

// fillSlots makes the table of where keys begin: a binary search among millions of them
// would be most of the work of a look-up.
func (x *Index) fillSlots() {
	size := 16
	for size < 2*len(x.keys) {
		size *= 2
	}
	x.slots = make([]int32, size)
	for i, k := range x.keys {
		if i > 0 && x.keys[i-1] == k {
			continue
		}
		at := int(k) & (size - 1)
		for x.slots[at] != 0 {
			at = (at + 1) & (size - 1)
		}
		x.slots[at] = int32(i + 1)
	}
}

// share runs do for 0…n-1 on all processors.
func share(n int, do func(int)) {
	workers := min(runtime.GOMAXPROCS(0), max(n, 1))
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	all.Wait()
}

// Add puts one more record in, such as the row of a file that was just read.
func (x *Index) Add(r Record) {
	p := x.again(r)
	id := int32(len(x.profiles))
	x.profiles = append(x.profiles, p)
	for _, k := range keysOf(&p) {
		x.late[k.hash] = append(x.late[k.hash], id)
	}
}

// again is the profile of a record that Like may just have been asked for, without an id.
func (x *Index) again(r Record) profile {
	if last := x.asked.Load(); last != nil {
		same := last.rec
		same.ID = r.ID
		if same == r {
			p := *last
			p.rec = r
			return p
		}
	}
	return x.f.profile(r)
}

// Len is how many records there are.
func (x *Index) Len() int { return len(x.profiles) }

// Like gives the records that may be of the same place as r, the likest first, at most
// limit of them, none below Possible. A record with the id of r is left out.
func (x *Index) Like(r Record, limit int) []Match {
	p := x.f.profile(r)
	x.asked.Store(&p)
	var out []Match
	for _, id := range x.near(&p) {
		o := &x.profiles[id]
		if o.rec.ID == r.ID && r.ID != "" {
			continue
		}
		if m := x.f.compare(&p, o, false); m.Score >= Possible {
			out = append(out, x.f.compare(&p, o, true))
		}
	}
	slices.SortStableFunc(out, likest)
	return out[:min(len(out), max(limit, 0))]
}

func likest(a, b Match) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
}

// Pairs gives every pair within the index that scores Possible or more, the likest first
// and, where they are equal, in the order of their ids. decided names the pairs that were
// decided and are left out; nil for none. A is the smaller id. It uses all processors.
func (x *Index) Pairs(decided func(a, b string) bool) []Match {
	return x.pairs(nil, decided)
}

// PairsOf gives the pairs, as Pairs does, of which one is among the records with these
// ids.
func (x *Index) PairsOf(ids map[string]bool, decided func(a, b string) bool) []Match {
	return x.pairs(ids, decided)
}

func (x *Index) pairs(only map[string]bool, decided func(a, b string) bool) []Match {
	found := make([][]Match, len(x.profiles))
	share(len(x.profiles), func(i int) {
		p := &x.profiles[i]
		if only != nil && !only[p.rec.ID] {
			return
		}
		for _, id := range x.near(p) {
			o := &x.profiles[id]
			if id == int32(i) || o.rec.ID == p.rec.ID {
				continue
			}
			a, b := p, o
			if a.rec.ID > b.rec.ID {
				a, b = b, a
			}
			if m := x.f.compare(a, b, false); m.Score >= Possible && (decided == nil || !decided(m.A, m.B)) {
				found[i] = append(found[i], m)
			}
		}
	})
	var out []Match
	seen := map[[2]string]bool{}
	for _, list := range found {
		for _, m := range list {
			if key := [2]string{m.A, m.B}; !seen[key] {
				seen[key] = true
				out = append(out, m)
			}
		}
	}
	x.explain(out)
	slices.SortFunc(out, likest)
	return out
}

// explain writes the reasons of matches.
func (x *Index) explain(list []Match) {
	if len(list) == 0 {
		return
	}
	at := make(map[string]*profile, len(x.profiles))
	for i := range x.profiles {
		at[x.profiles[i].rec.ID] = &x.profiles[i]
	}
	for i, m := range list {
		list[i] = x.f.compare(at[m.A], at[m.B], true)
	}
}

// near gives the records that share keys with p, those that share the rarest first, at most
// mostLooked.
func (x *Index) near(p *profile) []int32 {
	type posting struct {
		ids, late []int32
		weight    float32
	}
	var postings []posting
	for _, k := range searchKeys(p) {
		l := posting{x.posting(k.hash), x.late[k.hash], k.weight}
		if n := len(l.ids) + len(l.late); n > 0 && (n <= commonest || k.sure) {
			postings = append(postings, l)
		}
	}
	slices.SortFunc(postings, func(a, b posting) int {
		return cmp.Compare(len(a.ids)+len(a.late), len(b.ids)+len(b.late))
	})
	var hits []uint64 // id before weight, to be sorted at once
	for _, l := range postings {
		n := len(l.ids) + len(l.late)
		if len(hits)+n > mostHits && len(hits) > 0 {
			break
		}
		w := uint64(1000 * l.weight / float32(math.Log2(float64(n)+2)))
		for _, list := range [][]int32{l.ids, l.late} {
			for _, id := range list[:min(len(list), commonest)] {
				hits = append(hits, uint64(id)<<32|w)
			}
		}
	}
	slices.Sort(hits)
	merged := hits[:0]
	for _, h := range hits {
		if n := len(merged); n > 0 && merged[n-1]>>32 == h>>32 {
			merged[n-1] += h & math.MaxUint32
			continue
		}
		merged = append(merged, h)
	}
	if len(merged) > mostLooked {
		for i, h := range merged { // weight before id, the heaviest last
			merged[i] = h<<32 | h>>32
		}
		slices.Sort(merged)
		merged = merged[len(merged)-mostLooked:]
		for i, h := range merged {
			merged[i] = h<<32 | h>>32
		}
	}
	out := make([]int32, len(merged))
	for i, h := range merged {
		out[i] = int32(h >> 32)
	}
	return out
}

// posting gives the records that have a key, one more than commonest at most.
func (x *Index) posting(key uint64) []int32 {
	at := int(key) & (len(x.slots) - 1)
	for x.slots[at] != 0 && x.keys[x.slots[at]-1] != key {
		at = (at + 1) & (len(x.slots) - 1)
	}
	if x.slots[at] == 0 {
		return nil
	}
	lo := int(x.slots[at] - 1)
	hi := lo
	for hi < len(x.keys) && x.keys[hi] == key && hi-lo <= commonest {
		hi++
	}
	return x.ids[lo:hi]
}

// key is one thing that two records may share.
type key struct {
	hash   uint64
	weight float32
	sure   bool // however many share it
}

// keysOf lists the keys that a record is found by.
func keysOf(p *profile) []key {
	keys := nameKeys(p)
	class := string(functionOf(p.rec.Type))
	for _, k := range []struct {
		word, text string
		weight     float32
	}{
		{"door" + class, p.addressKey, 3},
		{"name", p.full, 4},
		{"institution", p.institution, 9},
		{"bureau", p.bureau, 9},
	} {
		if k.text != "" {
			keys = append(keys, key{hash: hash(k.word, k.text), weight: k.weight, sure: k.weight == 9})
		}
	}
	for _, phone := range p.phones {
		keys = append(keys, key{hash: hash("phone"+class, phone), weight: 3})
	}
	if p.rec.Placed {
		x, y := cell(p.rec.Point)
		keys = append(keys, key{hash: hash("cell"+class, cellName(x, y)), weight: 2})
	}
	return keys
}

// searchKeys are the keys to look for: as keysOf, with the squares around.
func searchKeys(p *profile) []key {
	keys := keysOf(p)
	if !p.rec.Placed {
		return keys
	}
	class := string(functionOf(p.rec.Type))
	x, y := cell(p.rec.Point)
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			if dx != 0 || dy != 0 {
				keys = append(keys, key{hash: hash("cell"+class, cellName(x+dx, y+dy)), weight: 1.5})
			}
		}
	}
	return keys
}

// nameKeys are the pairs of sounds in the core of a name, neighbours and those one apart,
// and neighbours once more with the subdistrict.
// A core of one character, or none, has itself.
func nameKeys(p *profile) []key {
	class := "sound" + string(functionOf(p.rec.Type))
	n := len(p.sounds)
	var keys []key
	if n == 1 {
		keys = append(keys, key{hash: hash(class, p.sounds[0]), weight: 2})
	}
	const digits = 9
	town := ""
	if len(p.rec.DivisionCode) >= digits {
		town = p.rec.DivisionCode[:digits]
	}
	for i := range n {
		for j := i + 1; j < min(n, i+3); j++ {
			pair := p.sounds[i] + "'" + p.sounds[j]
			keys = append(keys, key{hash: hash(class, pair), weight: 2})
			if town != "" && j == i+1 { // however common a name is, not in one subdistrict
				keys = append(keys, key{hash: hash(class+town, pair), weight: 2})
			}
		}
	}
	return keys
}

func cell(p orb.Point) (x, y int) {
	const metresPerDegree = 111_000
	// Squares are of degrees, so they are narrower in the north; nobody minds.
	const side = cellM / float64(metresPerDegree)
	return int(math.Floor(p[0] / side)), int(math.Floor(p[1] / side))
}

func cellName(x, y int) string {
	var b [16]byte
	for i := range 8 {
		b[i], b[8+i] = byte(uint64(x)>>(8*i)), byte(uint64(y)>>(8*i))
	}
	return string(b[:])
}

func hash(word, text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(word)) // a hash never fails
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(text))
	return h.Sum64()
}
