package funeral

import (
	"slices"
)

// sheet is a balance being worked out.
type sheet struct {
	halls       map[string]Hall
	order       []Hall
	transfers   []Transfer // that count, by year and id
	communities []Community
	a           Assumptions
	before      map[string]string        // hall by community at the beginning
	last        map[string]string        // hall by community in the last year
	personYears map[string]int64         // by hall until now
	homeless    int64                    // person-years until now
	dead        map[string]int64         // niches by hall until now
	moved       map[string]map[int]int64 // by receiving hall and year
	out         Balance
	kept        map[string][]HallYear
}

func newSheet(halls []Hall, transfers []Transfer, communities []Community, a Assumptions) *sheet {
	w := &sheet{
		halls: map[string]Hall{}, communities: communities, a: a, before: map[string]string{}, last: map[string]string{},
		personYears: map[string]int64{}, dead: map[string]int64{}, moved: map[string]map[int]int64{}, kept: map[string][]HallYear{},
		out: Balance{Assumptions: a},
	}
	w.order = slices.SortedFunc(slices.Values(halls), byName)
	for _, h := range w.order {
		w.halls[h.ID] = h
		if h.Total == nil || h.Used == nil {
			w.out.UnknownHalls = append(w.out.UnknownHalls, h.ID)
		}
		if h.Fate == Undecided {
			w.out.UnsortedHalls = append(w.out.UnsortedHalls, h.ID)
		}
	}
	for _, t := range transfers {
		w.take(t)
	}
	slices.SortFunc(w.transfers, func(a, b Transfer) int {
		if a.Year != b.Year {
			return a.Year - b.Year
		}
		return compareText(a.ID, b.ID)
	})
	for _, c := range communities {
		w.before[c.Code] = w.hostAtFirst(c.Code)
		if !c.Known {
			w.out.UnknownPeople = append(w.out.UnknownPeople, c.Code)
		}
	}
	return w
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// take sorts a transfer into those that count and those that do not.
func (w *sheet) take(t Transfer) {
	if t.Cancelled {
		return
	}
	to, known := w.halls[t.To]
	_, from := w.halls[t.From]
	if !known || !from || t.Year < w.a.From || t.Year > w.a.To {
		w.out.TransfersAside = append(w.out.TransfersAside, t.ID)
		return
	}
	if !to.takesIn(t.Year) {
		w.out.LateTransfers = append(w.out.LateTransfers, t.ID)
	}
	w.transfers = append(w.transfers, t)
	if w.moved[t.To] == nil {
		w.moved[t.To] = map[int]int64{}
	}
	w.moved[t.To][t.Year] += t.Niches
}

// hostAtFirst is the hall that serves a community before any move: of several that of the
// lowest level, since a village with a hall of its own uses it.
func (w *sheet) hostAtFirst(code string) string {
	for _, h := range slices.Backward(w.order) {
		if h.Status != "closed" && slices.Contains(h.Serves, code) && h.takesInOrEmpties(w.a.From) {
			return h.ID
		}
	}
	return ""
}

// takesInOrEmpties reports whether a hall stands in a year, be it to close.
func (h Hall) takesInOrEmpties(year int) bool {
	return h.takesIn(year) || h.Fate.Closes() && h.Status == "open"
}

// host is the hall that a community's dead of a year come to.
func (w *sheet) host(code string, year int) string {
	for _, t := range slices.Backward(w.transfers) {
		if t.Year <= year && slices.Contains(t.Villages, code) && w.halls[t.To].takesIn(year) {
			return t.To
		}
	}
	if first := w.before[code]; first != "" && w.halls[first].takesInOrEmpties(year) {
		return first
	}
	for _, h := range slices.Backward(w.order) {
		if h.takesIn(year) && slices.Contains(h.Serves, code) {
			return h.ID
		}
	}
	return ""
}

// year works out one year of every hall and of the whole.
func (w *sheet) year(year int) {
	w.out.Years = append(w.out.Years, year)
	total := Year{Year: year}
	homelessBefore := w.a.niches(w.homeless)
	for _, c := range w.communities {
		host := w.host(c.Code, year)
		w.last[c.Code] = host
		if host == "" {
			w.homeless += c.People
			continue
		}
		w.personYears[host] += c.People
	}
	total.Homeless = w.a.niches(w.homeless) - homelessBefore
	total.Deaths = total.Homeless
	for _, h := range w.order {
		until := w.a.niches(w.personYears[h.ID])
		deaths := until - w.dead[h.ID]
		w.dead[h.ID] = until
		total.Deaths += deaths
		w.hallYear(h, year, deaths, &total)
	}
	w.out.Totals = append(w.out.Totals, total)
}

// hallYear adds a year of one hall to the totals, and to its own years where it receives.
func (w *sheet) hallYear(h Hall, year int, deaths int64, total *Year) {
	if h.Fate.Closes() {
		if h.Used != nil {
			total.ToMove += *h.Used + w.dead[h.ID] - w.movedOut(h.ID, year)
		}
		return
	}
	moved := w.moved[h.ID][year]
	total.Moved += moved
	if !h.Receives() || h.Total == nil || h.Used == nil {
		return
	}
	used := *h.Used + w.dead[h.ID]
	for y, n := range w.moved[h.ID] {
		if y <= year {
			used += n
		}
	}
	line := HallYear{Year: year, Moved: moved, Deaths: deaths, Used: used, Free: -used}
	if h.takesIn(year) {
		line.Free += *h.Total
	}
	w.kept[h.ID] = append(w.kept[h.ID], line)
	total.Free += line.Free
	total.Shortfall += max(0, -line.Free)
}

func (w *sheet) movedOut(hall string, year int) int64 {
	var n int64
	for _, t := range w.transfers {
		if t.From == hall && t.Year <= year {
			n += t.Niches
		}
	}
	return n
}

func (w *sheet) servedBy(hall string, by map[string]string) []string {
	var codes []string
	for _, c := range w.communities {
		if by[c.Code] == hall {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

func (w *sheet) receiving() {
	for _, h := range w.order {
		if !h.Receives() {
			continue
		}
		r := Receiving{Hall: h, Known: h.Total != nil && h.Used != nil, Years: w.kept[h.ID], Villages: w.servedBy(h.ID, w.last), Left: -1}
		for _, y := range r.Years {
			if y.Free < 0 && r.Full == 0 {
				r.Full = y.Year
			}
		}
		if n := len(r.Years); n > 0 {
			r.Left = w.left(h, r.Years[n-1])
		}
		w.out.Receiving = append(w.out.Receiving, r)
	}
}

// left is how many whole years after the span a hall lasts at the pace of the last year.
func (w *sheet) left(h Hall, last HallYear) int {
	if !h.takesIn(last.Year) {
		return -1
	}
	if last.Free <= 0 {
		return 0
	}
	var people int64
	for _, c := range w.communities {
		if w.last[c.Code] == h.ID {
			people += c.People
		}
	}
	if people == 0 || w.a.MortalityPPM == 0 || w.a.SharePPM == 0 {
		return -1
	}
	years := 0
	for before := w.personYears[h.ID]; years < 1000 && w.a.niches(before+people*int64(years+1))-w.dead[h.ID] <= last.Free; {
		years++
	}
	return years
}

func (w *sheet) closing() {
	for _, h := range w.order {
		if !h.Fate.Closes() {
			continue
		}
		c := Closing{Hall: h, Known: h.Used != nil, Villages: w.servedBy(h.ID, w.before), Added: w.dead[h.ID]}
		for _, t := range w.transfers {
			if t.From == h.ID {
				c.Moves = append(c.Moves, Move{Transfer: t.ID, Year: t.Year, To: t.To, Niches: t.Niches, Late: !w.halls[t.To].takesIn(t.Year)})
			}
		}
		if h.Used != nil {
			c.Remaining = *h.Used + c.Added - w.movedOut(h.ID, w.a.To)
		}
		for _, code := range c.Villages {
			if host := w.last[code]; host == "" || host == h.ID {
				c.Stranded = append(c.Stranded, code)
			}
		}
		w.out.Closing = append(w.out.Closing, c)
	}
}

func (w *sheet) villages() {
	years := int64(len(w.out.Years))
	for _, c := range w.communities {
		v := Village{Community: c, Before: w.before[c.Code], After: w.last[c.Code], Deaths: w.a.niches(c.People * years)}
		for _, t := range w.transfers {
			if slices.Contains(t.Villages, c.Code) && t.To == v.After {
				v.Since = t.Year
			}
		}
		if v.After == "" || w.halls[v.After].Fate.Closes() {
			w.out.Unassigned = append(w.out.Unassigned, c.Code)
		}
		w.out.Villages = append(w.out.Villages, v)
	}
}

// demand is the standard's figure over all communities, where all are known.
func (w *sheet) demand() {
	if len(w.out.UnknownPeople) > 0 || len(w.communities) == 0 {
		return
	}
	var people int64
	for _, c := range w.communities {
		people += c.People
	}
	n := w.a.niches(people * HorizonYears)
	w.out.Demand = &n
}
