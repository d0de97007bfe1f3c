package coverage

import "yike/geo/divisions"

// Hierarchy is the tree of divisions that people are added up by, as indices into
// the list it was made from. Levels may be missing and a level may exist in part.
type Hierarchy struct {
	parent []int32
	level  []divisions.Level
	byCode map[string]int32
}

// NewHierarchy links divisions by their parent codes. A parent that was not loaded
// makes a root; a division that would be its own ancestor is made one too, so that
// walking up always ends.
func NewHierarchy(ds []divisions.Division) *Hierarchy {
	h := &Hierarchy{
		parent: make([]int32, len(ds)),
		level:  make([]divisions.Level, len(ds)),
		byCode: make(map[string]int32, len(ds)),
	}
	for i, d := range ds {
		h.parent[i] = -1
		h.level[i] = d.Level
		h.byCode[d.Code] = int32(i)
	}
	for i, d := range ds {
		at, ok := h.byCode[d.ParentCode]
		if d.ParentCode == "" || !ok || h.under(at, int32(i)) {
			continue
		}
		h.parent[i] = at
	}
	return h
}

// under reports whether a is b or lies below b, by the links made so far.
func (h *Hierarchy) under(a, b int32) bool {
	for ; a >= 0; a = h.parent[a] {
		if a == b {
			return true
		}
	}
	return false
}

// Len is the number of divisions.
func (h *Hierarchy) Len() int { return len(h.parent) }

// Parent is the index of the division above, or -1.
func (h *Hierarchy) Parent(i int32) int32 { return h.parent[i] }

// Level is the level of a division.
func (h *Hierarchy) Level(i int32) divisions.Level { return h.level[i] }

// Find is the index of the division with this code, or -1.
func (h *Hierarchy) Find(code string) int32 {
	if i, ok := h.byCode[code]; ok {
		return i
	}
	return -1
}

// At is the index of the division of this level that is i or holds it, or -1.
func (h *Hierarchy) At(i int32, level divisions.Level) int32 {
	for ; i >= 0; i = h.parent[i] {
		if h.level[i] == level {
			return i
		}
	}
	return -1
}

// Holders gives for every division the one of this level that it is or lies in, or -1.
func (h *Hierarchy) Holders(level divisions.Level) []int32 {
	out := make([]int32, h.Len())
	for i := range out {
		out[i] = h.At(int32(i), level)
	}
	return out
}

// Levels lists the levels that have at least one division, from the widest.
func (h *Hierarchy) Levels() []divisions.Level {
	var out []divisions.Level
	for _, level := range AllLevels() {
		for _, l := range h.level {
			if l == level {
				out = append(out, level)
				break
			}
		}
	}
	return out
}

// AllLevels lists every level there can be, from the widest.
func AllLevels() []divisions.Level {
	return []divisions.Level{
		divisions.Province, divisions.City, divisions.District,
		divisions.Subdistrict, divisions.Community, divisions.Grid,
	}
}

// unitsOf counts the communities at or below each division, and over all. A
// community has a site when one lies in it, or in a grid of it, or names it as
// served. Sites off the network count here: the place is there, though the walk to
// it is unknown.
func unitsOf(h *Hierarchy, sites []Site) ([]Units, Units) {
	has := make([]bool, h.Len())
	for _, s := range sites {
		if at := h.At(s.Division, divisions.Community); at >= 0 {
			has[at] = true
		}
		for _, at := range s.Serves {
			if at >= 0 && h.level[at] == divisions.Community {
				has[at] = true
			}
		}
	}
	units, all := make([]Units, h.Len()), Units{}
	for i, level := range h.level {
		if level != divisions.Community {
			continue
		}
		with := 0
		if has[i] {
			with = 1
		}
		all.Total++
		all.With += with
		for at := int32(i); at >= 0; at = h.parent[at] {
			units[at].Total++
			units[at].With += with
		}
	}
	return units, all
}
