package funeral

import (
	"cmp"
	"math/big"
	"slices"
)

// Community is a village or residents' community with the people that live there.
type Community struct {
	Code, NameZH, NameEN string
	Subdistrict          string // code
	People               int64  // ten-thousandths of a person, of the base asked for
	Known                bool   // whether People says anything
}

// Assumptions are what the deaths to be expected follow from. Deaths of a community in a
// year are its people × mortality; of these a share comes to rest in niches.
//
// The form is that of DB34/T 4180-2022 (people × yearly mortality × 20 years × 50 %); the
// mortality of 5.715 ‰ is that of the Tianjin plan. Both were read in copies.
type Assumptions struct {
	MortalityPPM int64 // deaths per million people and year
	SharePPM     int64 // niches per million deaths
	From, To     int   // years, both included
}

// DefaultAssumptions are those of the texts named there, for a span of years.
func DefaultAssumptions(from, to int) Assumptions {
	return Assumptions{MortalityPPM: 5_715, SharePPM: 500_000, From: from, To: to}
}

// HorizonYears is how long a hall should last by DB34/T 4180-2022.
const HorizonYears = 20

const (
	personUnits = 10_000 // ten-thousandths of a person
	million     = 1_000_000
)

// Balance is the balance sheet over some years.
type Balance struct {
	Assumptions Assumptions
	Years       []int
	Receiving   []Receiving // by subdistrict-level first, then name
	Closing     []Closing
	Villages    []Village // every community, in the order given
	Totals      []Year    // parallel to Years

	// Demand is how many niches the people need over HorizonYears by the standard's
	// formula; nil where the people of a community are not known.
	Demand *int64
	// What keeps the sheet from being complete.
	UnknownHalls   []string // ids of halls whose niches are not known
	UnknownPeople  []string // codes of communities whose people are not known
	UnsortedHalls  []string // ids of halls without a fate
	Unassigned     []string // codes of communities that no receiving hall serves in the last year
	LateTransfers  []string // ids of transfers into a hall before it opens
	TransfersAside []string // ids of transfers outside of the years, or from or to a hall that is not there
}

// Year is one year of the whole district.
type Year struct {
	Year      int
	ToMove    int64 // niches still occupied in halls to close, at the end of the year
	Free      int64 // niches free in receiving halls at the end of the year; below zero where some lack
	Deaths    int64 // niches needed for the deaths of the year
	Moved     int64 // niches moved into receiving halls in the year
	Homeless  int64 // of Deaths, those of communities that no hall serves
	Shortfall int64 // niches that halls which run out lack at the end of the year
}

// HallYear is one year of a receiving hall.
type HallYear struct {
	Year       int
	Moved      int64
	Deaths     int64
	Used, Free int64 // at the end of the year; Free below zero is a deficit
}

// Receiving is a hall that takes in.
type Receiving struct {
	Hall  Hall
	Known bool // its niches are known; else Years is empty
	Years []HallYear
	Full  int // the first year with a deficit; 0 for none in the span
	// Left is how many years the hall lasts after the last year of the span at the pace of
	// that year; -1 when nothing more comes in, 0 when it is full.
	Left     int
	Villages []string // whom it serves in the last year
}

// Closing is a hall that is to be emptied.
type Closing struct {
	Hall      Hall
	Known     bool
	Moves     []Move
	Added     int64    // niches needed within the span before its villages are served elsewhere
	Remaining int64    // niches for which no move is planned within the span; below zero where more is planned than there is
	Villages  []string // whom it served
	Stranded  []string // of these, those that no receiving hall serves in the last year
}

// Move is a planned move out of a closing hall.
type Move struct {
	Transfer string
	Year     int
	To       string
	Niches   int64
	Late     bool // the receiving hall is not open by then
}

// Village says where a community's dead come to rest.
type Village struct {
	Community
	Before string // hall at the beginning; "" for none
	After  string // hall in the last year; "" for none
	Since  int    // year from which After serves it, where a transfer says so; else 0
	Deaths int64  // niches needed over the span
}

// Balanced works out the sheet. It is exact: at the end of each year the niches used in
// a hall are those at the beginning, those moved in less those moved out until then, and
// those needed by deaths until then, rounded up once per hall. A hall that is to close
// goes on taking in the dead of its villages until these are served elsewhere, as long as
// it is open: they have to be moved, too. O(years × (halls + communities × transfers)).
func Balanced(halls []Hall, transfers []Transfer, communities []Community, a Assumptions) Balance {
	w := newSheet(halls, transfers, communities, a)
	for year := a.From; year <= a.To; year++ {
		w.year(year)
	}
	w.receiving()
	w.closing()
	w.villages()
	w.demand()
	return w.out
}

// niches is how many niches the deaths of so many person-years (in ten-thousandths) need,
// rounded up.
func (a Assumptions) niches(personYears int64) int64 {
	n := big.NewInt(personYears)
	n.Mul(n, big.NewInt(a.MortalityPPM))
	n.Mul(n, big.NewInt(a.SharePPM))
	scale := new(big.Int).Mul(big.NewInt(personUnits*million), big.NewInt(million))
	n.Add(n, new(big.Int).Sub(scale, big.NewInt(1)))
	return n.Quo(n, scale).Int64()
}

// byName orders halls by level, then name, then id.
func byName(a, b Hall) int {
	rank := func(h Hall) int { return slices.Index([]string{"city", "subdistrict", "village", ""}, h.Level) }
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.NameZH, b.NameZH), cmp.Compare(a.ID, b.ID))
}
