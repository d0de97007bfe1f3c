// Package funeral owns the planning of columbaria and what belongs to them: the five-way
// sort (规划、新建、完善、整合、取缔) with a fate for each place, and the balance sheet of
// niches (迁移平衡表): what the halls to close still hold, what the receiving halls have
// free, and how that goes on year by year with the deaths to be expected.
//
// The package is pure. Where the records, the plan of moves and the people come from is
// not for here, and neither is the year in which one asks.
package funeral

import (
	"slices"

	"yike/facilities"
)

// Fate is what is to become of a place, in the words of the plans.
type Fate string

// The fates: the five of the plans, those that simply stay, and none yet.
const (
	Undecided Fate = ""
	Plan      Fate = "plan"    // 规划
	Build     Fate = "build"   // 新建
	Improve   Fate = "improve" // 完善
	Merge     Fate = "merge"   // 整合
	Ban       Fate = "ban"     // 取缔
	Keep      Fate = "keep"    // 保留
)

// Fates lists the fates in the order of the plans, those without one last.
func Fates() []Fate { return []Fate{Plan, Build, Improve, Merge, Ban, Keep, Undecided} }

// Text says a fate for people.
func (f Fate) Text() (zh, en string) {
	switch f {
	case Plan:
		return "规划", "plan"
	case Build:
		return "新建", "build"
	case Improve:
		return "完善", "improve"
	case Merge:
		return "整合", "merge"
	case Ban:
		return "取缔", "close down"
	case Keep:
		return "保留", "keep"
	}
	return "未定", "undecided"
}

// Closes reports whether a place of this fate is to be emptied.
func (f Fate) Closes() bool { return f == Merge || f == Ban }

// Kinds are the facility types that are sorted; only columbaria have niches.
func Kinds() []facilities.Type {
	return []facilities.Type{"columbarium", "cemetery", "funeral_station"}
}

// Columbarium is the type whose places are halls of niches.
const Columbarium facilities.Type = "columbarium"

// Hall is a columbarium as the balance sees it. Niches that are not known stay nil: an
// unknown hall is never taken for an empty one.
type Hall struct {
	ID           string
	NameZH       string
	NameEN       string
	Level        string // city, subdistrict, village, or "" not known
	Fate         Fate
	Status       facilities.Status
	DivisionCode string
	Serves       []string // codes of communities
	Total, Used  *int64
	Opens        int // the year from which a hall that is planned or built takes in; 0 now, or not known
}

// HallOf reads a hall out of a record of the registry. What the record does not say, or
// says in no whole number, is not known.
func HallOf(f facilities.Facility) Hall {
	h := Hall{
		ID: f.ID, NameZH: f.NameZH, NameEN: f.NameEN, Status: f.Status, DivisionCode: f.DivisionCode, Serves: f.Serves,
		Level: word(f, "level"), Fate: Fate(word(f, "fate")),
		Total: count(f, "niches_total"), Used: count(f, "niches_used"),
	}
	if !slices.Contains(Fates(), h.Fate) {
		h.Fate = Undecided
	}
	if h.Total == nil && f.Capacity > 0 {
		total := int64(f.Capacity)
		h.Total = &total
	}
	if opens := count(f, "opens_year"); opens != nil {
		h.Opens = int(*opens)
	}
	return h
}

func word(f facilities.Facility, field string) string {
	text, _ := f.Fields[field].(string)
	return text
}

func count(f facilities.Facility, field string) *int64 {
	v, ok := f.Fields[field].(float64)
	if n := int64(v); ok && v >= 0 && v <= mostNiches && float64(n) == v {
		return &n
	}
	return nil
}

// Free is how many niches are free; nil when that is not known.
func (h Hall) Free() *int64 {
	if h.Total == nil || h.Used == nil {
		return nil
	}
	free := *h.Total - *h.Used
	return &free
}

// Receives reports whether a hall is there to take in: it is not to close, not suspended
// and not closed. One that is planned or being built receives from the year it opens.
func (h Hall) Receives() bool {
	return !h.Fate.Closes() && h.Status != facilities.Closed && h.Status != facilities.Suspended
}

// takesIn reports whether a hall can take in during a year. A hall that does not stand yet
// and does not say when it will takes in nothing.
func (h Hall) takesIn(year int) bool {
	switch {
	case !h.Receives():
		return false
	case h.Status == facilities.Open:
		return h.Opens <= year
	}
	return h.Opens > 0 && h.Opens <= year
}
