// Package gazetteer owns what is told of the register of place names as a whole: the book of
// names (地名录) by class and initial, what of it is open to everybody, and its statistics.
//
// It is pure: records in, values out. It knows no file, no storage and no HTTP, and says what
// a record has and lacks, never who entered it.
package gazetteer

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"yike/placenames"
)

// Entry is a record as the book has it.
type Entry struct {
	placenames.Name
	Class   string     // code of the class that its kind is of
	Initial string     // A to Z, under which it stands; "" for none
	Point   *orb.Point // a point of it, lon/lat WGS 84; nil where nobody drew it
}

// Chapter is a class of names in the book.
type Chapter struct {
	Class  placenames.Code
	Groups []Group
}

// Names is how many names stand in the chapter.
func (c Chapter) Names() int {
	n := 0
	for _, g := range c.Groups {
		n += len(g.Entries)
	}
	return n
}

// Group are the names of a chapter under one letter.
type Group struct {
	Initial string // "" for those that stand under no letter
	Entries []Entry
}

// Book arranges records: a chapter for each class that has some, in the order of the
// regulations; in it the letters from A to Z, with what stands under none at the end; under a
// letter the order of list. Records of a class that the catalogue does not have make chapters
// behind the others, by code. O(n log n).
func Book(list []Entry, c *placenames.Catalogue) []Chapter {
	of := map[string][]Entry{}
	for _, e := range list {
		of[e.Class] = append(of[e.Class], e)
	}
	var out []Chapter
	for _, class := range c.Classes {
		if entries := of[class.Code.Code]; len(entries) > 0 {
			out = append(out, Chapter{class.Code, groups(entries)})
		}
		delete(of, class.Code.Code)
	}
	known := len(out)
	for code, entries := range of {
		out = append(out, Chapter{placenames.Code{Code: code, ZH: code, EN: code}, groups(entries)})
	}
	slices.SortFunc(out[known:], func(a, b Chapter) int { return cmp.Compare(a.Class.Code, b.Class.Code) })
	return out
}

// groups changes the order of entries.
func groups(entries []Entry) []Group {
	last := func(initial string) string { return cmp.Or(initial, "~") } // behind the letters
	slices.SortStableFunc(entries, func(a, b Entry) int { return cmp.Compare(last(a.Initial), last(b.Initial)) })
	var out []Group
	for _, e := range entries {
		if len(out) == 0 || out[len(out)-1].Initial != e.Initial {
			out = append(out, Group{Initial: e.Initial})
		}
		g := &out[len(out)-1]
		g.Entries = append(g.Entries, e)
	}
	return out
}

// Open gives what everybody may have: the names in use, without the notes of whoever keeps
// them. The list given stays as it is.
func Open(list []Entry) []Entry {
	var out []Entry
	for _, e := range list {
		if !e.State.InUse() {
			continue
		}
		e.Note = ""
		e.Aliases = slices.Clone(e.Aliases)
		for i := range e.Aliases {
			e.Aliases[i].Note = ""
		}
		out = append(out, e)
	}
	return out
}
