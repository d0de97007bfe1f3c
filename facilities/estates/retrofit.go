package estates

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"yike/facilities/premises"
	"yike/geo"
	"yike/internal/record"
)

// Age says which estates a retrofit is for.
type Age string

// The ages.
const (
	Since2015 Age = "since_2015" // completed from 2016 on
	Older     Age = "older"
	Undated   Age = "undated" // standing, and nobody knows since when
)

// Way is how premises may be brought to where there are none, in the words of the plans.
type Way string

// The ways, in the order in which they are looked for: what the public has comes first.
const (
	Exchange Way = "exchange" // 置换：a public room that is free takes another use
	Lease    Way = "lease"    // 租赁
	Purchase Way = "purchase" // 购置
)

// Ways lists the ways with their words.
func Ways() []premises.Code {
	return []premises.Code{
		{Code: string(Exchange), ZH: "置换", EN: "exchange"},
		{Code: string(Lease), ZH: "租赁", EN: "lease"},
		{Code: string(Purchase), ZH: "购置", EN: "purchase"},
	}
}

// Ages lists the ages with their words.
func Ages() []premises.Code {
	return []premises.Code{
		{Code: string(Since2015), ZH: "2015年之后建成", EN: "completed after 2015"},
		{Code: string(Older), ZH: "2015年及以前建成", EN: "completed by 2015"},
		{Code: string(Undated), ZH: "建成日期不详", EN: "day of completion unknown"},
	}
}

// Near is a room of the ledger that suits, and how far it is in a straight line.
type Near struct {
	Room    premises.Room
	Metres  float64
	Leased  bool // the public has it on lease or on loan
	NewUse  bool // it is approved for something else, so that its use would have to change
	AllOfIt bool // it alone makes up all that is short
}

// Suggestion is a way, with the rooms that it may use. Purchase never has any: the ledger
// knows what the public has, not what is for sale.
type Suggestion struct {
	Way    Way
	Rooms  []Near // nearest first, at most mostNear
	WhyZH  string
	WhyEN  string
	Enough bool // some room makes up all that is short
}

// Deadline is by when a text wants it done.
type Deadline struct {
	Region     string
	Plan       string
	Sentence   string // its own words
	SentenceEN string
	ZH, EN     string     // the deadline in words
	Last       record.Day // the last day by the widest reading; "" where the text names none
}

// Deadlines lists what texts say of when old estates must have premises.
func Deadlines() []Deadline {
	return []Deadline{
		{
			Region: "120111", Plan: "S0", Sentence: "2022年前全面解决现有建成社区养老设施问题", SentenceEN: "Settle elderly facilities in all existing communities before 2022",
			ZH: "2022年前", EN: "before 2022", Last: "2022-12-31",
		},
		{
			Region: "220502", Plan: "S4", Sentence: "凡老城区和已建成居住（小）区无养老服务设施或现有设施没有达到规划和建设指标要求的，要限期通过购置、置换、租赁等方式开辟养老服务设施，不得挪作他用",
			SentenceEN: "Old towns and standing estates without elderly facilities, or with too few, get them within a set time by purchase, exchange or lease; they may not be used otherwise",
			ZH:         "限期，原文未写明日期", EN: "within a set time; the text names no day",
		},
	}
}

// Retrofit is an estate that lacks premises, with what may be done.
type Retrofit struct {
	Held
	Age       Age
	Lacks     []Debt // those that lack something, or of which it is not known; in the order of premises.Norms
	Nothing   bool   // completed after 2015, and no elderly premises at all
	Affected  int    // people living there as counted, else as planned; 0 unknown
	Counted   bool   // Affected were counted
	Suggested map[premises.Norm][]Suggestion
	Deadline  *Deadline // nil where no text of the place sets one
	Late      bool      // its last day is over
}

// How far a room may be, and how many are named.
const (
	nearM    = 500 // a proposal of ours: some seven minutes on foot with a detour
	mostNear = 3
)

// RetrofitList lists the estates that stand and lack premises, most people first; regions are
// those of the checks, ledger the rooms of the district, where the estates' points by id.
// Estates of which something is unknown follow those known to lack. O(estates × rooms).
func RetrofitList(regions []string, day record.Day, all []Held, ledger []premises.Room, where map[string]orb.Point) []Retrofit {
	out := []Retrofit{}
	for _, h := range all {
		r, ok := retrofitOf(h, day)
		if !ok {
			continue
		}
		if r.Deadline = deadline(regions, r); r.Deadline != nil {
			r.Late = r.Deadline.Last != "" && day > r.Deadline.Last
		}
		at, placed := where[h.Estate.ID]
		r.Suggested = map[premises.Norm][]Suggestion{}
		for _, d := range r.Lacks {
			r.Suggested[d.Norm] = suggest(h.Estate, d, ledger, at, placed)
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b Retrofit) int {
		return cmp.Or(lacking(b)-lacking(a), cmp.Compare(b.Affected, a.Affected), cmp.Compare(a.Estate.Name, b.Estate.Name), cmp.Compare(a.Estate.ID, b.Estate.ID))
	})
	return out
}

// lacking is 1 for estates known to lack something.
func lacking(r Retrofit) int {
	if r.Nothing || slices.ContainsFunc(r.Lacks, func(d Debt) bool { return d.ShortKnown && d.Short > 0 }) {
		return 1
	}
	return 0
}

// retrofitOf says whether a standing estate lacks premises.
func retrofitOf(h Held, day record.Day) (Retrofit, bool) {
	e := h.Estate
	r := Retrofit{Held: h, Affected: e.Measured, Counted: e.Measured > 0}
	if !r.Counted {
		r.Affected = h.People
	}
	switch {
	case e.CompletedOn == "" && e.Kind != Built, e.CompletedOn > day:
		return r, false // not there yet: its milestones take care of it
	case e.CompletedOn == "":
		r.Age = Undated
	case e.CompletedOn < firstSince2015:
		r.Age = Older
	default:
		r.Age = Since2015
	}
	r.Nothing = r.Age == Since2015 && e.since2015() == Fails
	for _, d := range h.Debts {
		open := d.Rule != nil && !d.ShortKnown
		if d.ShortKnown && d.Short > 0 || open || r.Nothing && d.Norm == premises.ElderlyNorm {
			r.Lacks = append(r.Lacks, d)
		}
	}
	return r, len(r.Lacks) > 0
}

// deadline is what a text of the place says; those there are speak of elderly premises.
func deadline(regions []string, r Retrofit) *Deadline {
	if !slices.ContainsFunc(r.Lacks, func(d Debt) bool { return d.Norm == premises.ElderlyNorm }) {
		return nil
	}
	for _, d := range Deadlines() {
		if slices.Contains(regions, d.Region) {
			return &d
		}
	}
	return nil
}

// useFor is the use of a room that a norm is usually kept by.
func useFor(n premises.Norm) premises.Use {
	if n == premises.ElderlyNorm {
		return premises.ElderlyService
	}
	return premises.CommunityService
}

// suggest looks for rooms that the public has and nobody uses. A norm asks for elderly rooms
// on the lowest three storeys; the street's is asked for here, since old houses have no lifts.
func suggest(e Estate, d Debt, ledger []premises.Room, at orb.Point, placed bool) []Suggestion {
	if !placed {
		return []Suggestion{{Way: Purchase, WhyZH: "小区没有上图，无法找附近的公建用房", WhyEN: "the estate is not on the map, so rooms near it cannot be found"}}
	}
	free := premises.Need{Free: true, Floor: 1}
	exchange, lease := Suggestion{Way: Exchange}, Suggestion{Way: Lease}
	for _, room := range ledger {
		if free.Unfit(room) != "" || e.has(room.ID) || room.Area == 0 {
			continue
		}
		m := geo.Distance(at, room.Point)
		if m > nearM {
			continue
		}
		fit := premises.Need{Use: useFor(d.Norm)}
		n := Near{Room: room, Metres: m, NewUse: fit.Unfit(room) != ""}
		n.Leased = room.Title == premises.TitleLeased || room.Title == premises.TitleBorrowed || room.ObtainedBy == premises.ByLease
		n.AllOfIt = d.ShortKnown && d.Short > 0 && room.Area >= d.Short
		into := &exchange
		if n.Leased {
			into = &lease
		}
		into.Rooms = append(into.Rooms, n)
	}
	var out []Suggestion
	for _, s := range []Suggestion{exchange, lease} {
		if len(s.Rooms) > 0 {
			out = append(out, s.sorted())
		}
	}
	if !slices.ContainsFunc(out, func(s Suggestion) bool { return s.Enough }) {
		out = append(out, bought(len(out) > 0))
	}
	return out
}

// bought is what is left where the ledger has nothing that is enough.
func bought(some bool) Suggestion {
	if some {
		return Suggestion{Way: Purchase, WhyZH: "附近空置的公建用房都不够大，或所缺面积不详", WhyEN: "no free public room near by is large enough, or nobody knows how much is lacking"}
	}
	return Suggestion{Way: Purchase, WhyZH: "500 米内没有空置的公建用房，可购置或租赁社会用房", WhyEN: "no free public room within 500 m: buy or rent on the market"}
}

// sorted puts rooms that are enough alone first, then the nearest, and keeps a few.
func (s Suggestion) sorted() Suggestion {
	slices.SortStableFunc(s.Rooms, func(a, b Near) int {
		enough := func(n Near) int {
			if n.AllOfIt {
				return 0
			}
			return 1
		}
		return cmp.Or(enough(a)-enough(b), cmp.Compare(a.Metres, b.Metres), cmp.Compare(a.Room.ID, b.Room.ID))
	})
	s.Enough = s.Rooms[0].AllOfIt
	s.Rooms = s.Rooms[:min(len(s.Rooms), mostNear)]
	if s.Way == Exchange {
		s.WhyZH, s.WhyEN = "附近有空置的公建用房", "free public rooms are near"
	} else {
		s.WhyZH, s.WhyEN = "附近有租用或借用的空置用房", "free rooms that the public rents or has on loan are near"
	}
	return s
}

// has reports whether a room of the ledger is the estate's own.
func (e Estate) has(ledgerID string) bool {
	return ledgerID != "" && slices.ContainsFunc(e.Rooms, func(r Room) bool { return r.LedgerID == ledgerID })
}
