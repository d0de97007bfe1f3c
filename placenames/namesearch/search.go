package namesearch

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// The ranks of what is found, from the best.
const (
	rankStandard = 0 // and beginning, within: each source has three
	rankPinyin   = 9 + iota - 1
	rankPinyinWithin
	rankInitials
	rankSound
	rankSoundWithin
	rankLook
	rankLookWithin
	rankMore  // one character is missing or too many: few texts are so, and so they come first
	rankOther // one is another
)

// search is one question to one index.
type search struct {
	x    *Index
	q    *query
	o    Options
	gone map[string]struct{} // ids of names that are not to be found
	seen map[uint32]struct{} // names that were found
	hits []Hit
}

// Search gives the names that a question finds, the best first. Nothing for an empty one, or
// one that is longer than 60 characters.
func (x *Index) Search(text string, o Options) []Hit { return x.search(text, o, nil) }

func (x *Index) search(text string, o Options, gone map[string]struct{}) []Hit {
	q, ok := newQuery(x.readings, text)
	if !ok || o.Limit < 1 {
		return nil
	}
	s := &search{x: x, q: &q, o: o, gone: gone, seen: map[uint32]struct{}{}}
	s.characters()
	if q.letters {
		s.letters()
	} else {
		s.sounds()
	}
	s.looks()
	s.wrong()
	for i := range s.hits {
		s.explain(&s.hits[i])
	}
	return s.hits
}

// characters looks for the characters as they were typed.
func (s *search) characters() {
	exact := []uint64{keyWithout(s.q.runes, -1)}
	usual := func(at int) []uint32 { return []uint32{s.x.readings.usual(s.q.runes[at])} }
	inside := s.rarest(usual)
	for _, c := range s.q.runes {
		inside = s.fewer(inside, []uint64{key(singleKey, uint32(c))})
	}
	begins := s.fewer(inside, s.beginsWith(usual))
	for source := range 3 {
		rank := rankStandard + 3*source
		s.walk(rank, source, source+1, exact, s.q.exactly)
		s.walk(rank+1, source, source+1, begins, s.q.beginning)
		s.walk(rank+2, source, source+1, inside, s.q.within)
	}
}

// letters reads letters as pinyin, then as initials.
func (s *search) letters() {
	s.walkAll(rankPinyin, s.q.begins(false), func(i uint32) bool { return s.x.spells(s.q, i, 0, false) })
	s.walkAll(rankPinyinWithin, s.q.pairs(), func(i uint32) bool { return s.x.spelledFrom(s.q, i) > 0 })
	s.walkAll(rankInitials, s.q.begins(true), func(i uint32) bool { return s.x.spells(s.q, i, 0, true) })
}

// sounds looks for characters that may be read like those typed, of which there are two at
// least.
func (s *search) sounds() {
	if len(s.q.runes) > 1 {
		s.alike(rankSound, s.q.variants, s.x.readings.alike)
	}
}

// looks looks for characters that look like those typed, of which there are two at least.
func (s *search) looks() {
	if len(s.q.runes) > 1 && s.q.hasLooks() {
		s.alike(rankLook, s.q.looks, s.q.looksLike)
	}
}

// alike looks for characters that are like those typed, at the beginning of a text and then
// within it. Sounds gives those under which such characters are listed.
func (s *search) alike(rank int, sounds func(at int) []uint32, equal func(a, b rune) bool) {
	inside := s.rarest(sounds)
	begins := s.fewer(inside, s.beginsWith(sounds))
	s.walkAll(rank, begins, func(i uint32) bool { return s.q.at(s.x.text(i), 0, equal) })
	s.walkAll(rank+1, inside, func(i uint32) bool { return s.q.inside(s.x.text(i), 1, equal) })
}

// wrong looks for texts that one character makes of the question.
func (s *search) wrong() {
	if len(s.hits) >= s.o.Limit {
		return
	}
	found := slices.Clone(s.x.posts.list(keyWithout(s.q.runes, -1)))
	for k := range s.q.runes {
		found = append(found, s.x.posts.list(keyWithout(s.q.runes, k))...)
	}
	slices.Sort(found)
	found = slices.DeleteFunc(slices.Compact(found), func(i uint32) bool { return !s.q.apart(s.x.text(i)) })
	for _, same := range []bool{false, true} {
		rank := rankMore
		if same {
			rank = rankOther
		}
		for _, i := range found {
			if len(s.hits) >= s.o.Limit {
				return
			}
			if same == (len(s.x.text(i)) == len(s.q.runes)) {
				s.take(rank, i)
			}
		}
	}
}

// fewer gives those keys of two lists that fewer texts follow.
func (s *search) fewer(a, b []uint64) []uint64 {
	if len(a) == 0 || s.follow(b) < s.follow(a) {
		return b
	}
	return a
}

// follow counts the texts of keys.
func (s *search) follow(keys []uint64) int {
	n := 0
	for _, k := range keys {
		n += len(s.x.posts.list(k))
	}
	return n
}

// beginsWith gives the keys of the first initials of sounds that sounds gives.
func (s *search) beginsWith(sounds func(at int) []uint32) []uint64 {
	ways := [][]uint32{nil}
	for at := range min(mostBegins, len(s.q.runes)) {
		var next [][]uint32
		for _, way := range ways {
			var letters []uint32
			for _, sound := range sounds(at) {
				if letter := s.x.readings.initial(sound); !slices.Contains(letters, letter) {
					letters = append(letters, letter)
					next = append(next, append(slices.Clone(way), letter))
				}
			}
		}
		ways = next
	}
	keys := make([]uint64, len(ways))
	for i, way := range ways {
		keys[i] = key(beginKey, way...)
	}
	return keys
}

// rarest gives the keys of the two places that follow one another, of whose sounds the fewest
// texts follow; none for a single character.
func (s *search) rarest(sounds func(at int) []uint32) []uint64 {
	var best []uint64
	for at := range len(s.q.runes) - 1 {
		var keys []uint64
		for _, a := range sounds(at) {
			for _, b := range sounds(at + 1) {
				keys = append(keys, key(pairKey, a, b))
			}
		}
		best = s.fewer(best, keys)
	}
	return best
}

func (s *search) walkAll(rank int, keys []uint64, match func(i uint32) bool) {
	s.walkTexts(rank, 0, s.x.starts[3], keys, match)
}

// walk looks through the texts of some sources.
func (s *search) walk(rank, source, to int, keys []uint64, match func(t []rune) bool) {
	s.walkTexts(rank, s.x.starts[source], s.x.starts[to], keys, func(i uint32) bool { return match(s.x.text(i)) })
}

// walkTexts takes the texts of the keys that match, in their order, until there are enough.
func (s *search) walkTexts(rank int, from, to uint32, keys []uint64, match func(i uint32) bool) {
	if len(s.hits) >= s.o.Limit || from == to {
		return
	}
	lists := make([][]uint32, 0, len(keys))
	for _, k := range keys {
		if list := between(s.x.posts.list(k), from, to); len(list) > 0 {
			lists = append(lists, list)
		}
	}
	last := uint32(math.MaxUint32)
	for len(lists) > 0 {
		least := 0
		for l := 1; l < len(lists); l++ {
			if lists[l][0] < lists[least][0] {
				least = l
			}
		}
		i := lists[least][0]
		if lists[least] = lists[least][1:]; len(lists[least]) == 0 {
			lists = slices.Delete(lists, least, least+1)
		}
		if i == last {
			continue
		}
		last = i
		if s.of(i) && match(i) {
			if s.take(rank, i); len(s.hits) >= s.o.Limit {
				return
			}
		}
	}
}

// between cuts a list to the texts from one on and before another.
func between(list []uint32, from, to uint32) []uint32 {
	a := sort.Search(len(list), func(i int) bool { return list[i] >= from })
	b := sort.Search(len(list), func(i int) bool { return list[i] >= to })
	return list[a:b]
}

// of reports whether a text is of the class asked for.
func (s *search) of(i uint32) bool { return s.o.Class == "" || s.x.names[s.x.of[i]].Class == s.o.Class }

// take keeps a text that was found, unless its name was found before or is gone.
func (s *search) take(rank int, i uint32) {
	name := s.x.of[i]
	if _, ok := s.seen[name]; ok || !s.of(i) {
		return
	}
	if _, ok := s.gone[s.x.names[name].ID]; ok {
		return
	}
	s.seen[name] = struct{}{}
	s.hits = append(s.hits, Hit{Name: s.x.names[name], rank: rank, at: place{s.x, i}})
}

// explain says of a hit what was matched.
func (s *search) explain(h *Hit) {
	i := h.at.text
	h.Of, h.Text = s.x.source(i), h.Name.Text
	switch h.Of {
	case Alias:
		h.Text = s.original(i, h.Name.Aliases)
	case Former:
		h.Text = s.original(i, h.Name.Former)
	}
	switch h.rank {
	case rankPinyin:
		h.By, h.Spelling = Pinyin, s.x.spelled(s.q, i, 0, false)
	case rankPinyinWithin:
		h.By, h.Spelling = Pinyin, s.x.spelled(s.q, i, s.x.spelledFrom(s.q, i), false)
	case rankInitials:
		h.By, h.Spelling = Initials, s.x.spelled(s.q, i, 0, true)
	case rankSound, rankSoundWithin:
		h.By = SameSound
	case rankLook, rankLookWithin:
		h.By = LookAlike
	case rankOther, rankMore:
		h.By = OneCharacter
	default:
		h.By = h.Of
	}
}

// original is the text of a name that text i is the folded form of.
func (s *search) original(i uint32, texts []string) string {
	for _, t := range texts {
		if runes, _ := fold(t); slices.Equal(runes[:min(len(runes), longestText)], s.x.text(i)) {
			return t
		}
	}
	return ""
}

// better compares two hits.
func better(a, b Hit) int { return cmp.Or(cmp.Compare(a.rank, b.rank), a.at.before(b.at)) }
