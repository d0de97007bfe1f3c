package numbering

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// besideGapM is how far from the line numbers stand that are reserved where there is no road.
const besideGapM = 10

// task is one road that is being numbered.
type task struct {
	road      Road
	set       *RuleSet
	line      *Line // nil by rows
	frontages []Frontage
	spots     []spot // of frontages
	existing  []Existing
	places    []spot // of existing
	holder    []int  // of existing: index of the frontage that has it, or -1
	taken     map[Number]bool
	lanes     map[laneKey]*lane
	out       []Proposal
}

// Propose numbers a road: what each frontage is proposed, and what is at fault with the
// numbers that are there and those proposed together. No existing number is changed. The set
// must be valid. It returns what Lay does; a set that numbers by rows needs no road.
// O((frontages + numbers) × points of the road) and the gaps between existing numbers.
func Propose(road Road, set RuleSet, frontages []Frontage, existing []Existing) (Result, error) {
	t, err := newTask(road, set, frontages, existing)
	if err != nil {
		return Result{}, err
	}
	t.number()
	out := Result{Line: t.line, Proposals: t.out}
	if out.Verdicts, err = t.verdicts(); err != nil {
		return Result{}, err
	}
	return out, nil
}

// Check is Propose of a road on which nothing is to be numbered: what is at fault with the
// numbers that are there.
func Check(road Road, set RuleSet, frontages []Frontage, existing []Existing) (Result, error) {
	t, err := newTask(road, set, frontages, existing)
	if err != nil {
		return Result{}, err
	}
	t.keep()
	out := Result{Line: t.line, Proposals: t.out}
	if out.Verdicts, err = t.verdicts(); err != nil {
		return Result{}, err
	}
	return out, nil
}

func newTask(road Road, set RuleSet, frontages []Frontage, existing []Existing) (*task, error) {
	t := &task{road: road, set: &set, taken: map[Number]bool{}, lanes: map[laneKey]*lane{}}
	t.frontages = slices.SortedFunc(slices.Values(frontages), func(a, b Frontage) int { return cmp.Compare(a.ID, b.ID) })
	t.existing = slices.SortedFunc(slices.Values(existing), func(a, b Existing) int {
		return cmp.Or(a.Number.Compare(b.Number), cmp.Compare(a.ID, b.ID))
	})
	if set.Layout == ByRows {
		t.placeByRows()
	} else if err := t.placeAlong(); err != nil {
		return nil, err
	}
	t.hold()
	return t, nil
}

func (t *task) placeAlong() error {
	line, err := Lay(t.road, t.set)
	if err != nil {
		return err
	}
	t.line = line
	for _, f := range t.frontages {
		t.spots = append(t.spots, line.spotOf(f))
	}
	for _, e := range t.existing {
		var s spot
		if e.Point != nil {
			s = line.spotAt(*e.Point)
		}
		t.places = append(t.places, s)
	}
	return nil
}

// hold says which frontage has which existing number. A number that a building has is where
// the building's door is.
func (t *task) hold() {
	byID := make(map[string]int, len(t.frontages))
	for i, f := range t.frontages {
		byID[f.ID] = i
	}
	t.holder = make([]int, len(t.existing))
	for k, e := range t.existing {
		t.holder[k] = -1
		if i, ok := byID[e.FrontageID]; ok && e.FrontageID != "" {
			t.holder[k] = i
		} else if e.Point != nil && e.FrontageID == "" && !e.Reserved {
			t.holder[k] = t.nearest(*e.Point)
		}
		if i := t.holder[k]; i >= 0 && t.spots[i].ok && !t.frontages[i].Vacant && (!t.places[k].ok || t.places[k].side == NoSide) {
			t.places[k] = t.spots[i]
		}
	}
}

// nearest gives the frontage that a number at p is of, or -1.
func (t *task) nearest(p orb.Point) int {
	out, best := -1, math.Inf(1)
	for i, f := range t.frontages {
		if f.Vacant {
			continue
		}
		if d := apart(f, p); d < best {
			out, best = i, d
		}
	}
	return out
}

// keep enters what is there: numbers that nobody may change.
func (t *task) keep() {
	for k, e := range t.existing {
		t.take(e.Number)
		if s := t.places[k]; s.ok && s.side != "" {
			l := t.lane(laneKey{s.side, t.rowKey(s)})
			l.marks = append(l.marks, mark{at: s.at, number: e.Number, id: e.ID, reserved: e.Reserved})
		}
		if i := t.holder[k]; i >= 0 && !e.Reserved {
			s := t.spots[i]
			t.out = append(t.out, t.proposal(i, 0, Kept, s, e.Number, reasonKept(e.Number)))
			t.out[len(t.out)-1].ExistingID = e.ID
		}
	}
}

func (t *task) rowKey(s spot) int {
	if t.set.Rows != nil && t.set.Layout == ByRows && t.set.Rows.Hundreds {
		return s.row
	}
	return 0
}

// number gives every frontage without a number what it is proposed.
func (t *task) number() {
	t.keep()
	done := make([]bool, len(t.frontages))
	for k, i := range t.holder {
		if i >= 0 && !t.existing[k].Reserved {
			done[i] = true
		}
	}
	gates := t.gates(done)
	for i, f := range t.frontages { // what somebody chose comes first, so that nobody else gets it
		if !done[i] && f.Fixed.N > 0 && !f.Skip {
			t.fix(i)
			done[i] = true
		}
	}
	for i := range t.frontages {
		if !done[i] && gates[i] == i {
			t.enter(i)
		}
	}
	if t.set.ReserveGaps && t.line != nil {
		t.enterGaps()
	}
	t.settle()
	for i := range t.frontages {
		if gates[i] != i && !done[i] {
			t.sideDoor(i, gates[i])
		}
	}
	byPlace(t.out)
}

// gates gives for each frontage the one that numbers its yard; itself for most.
func (t *task) gates(done []bool) []int {
	best := map[string]int{}
	for i, f := range t.frontages {
		if f.Yard == "" || f.Vacant || f.Skip {
			continue
		}
		b, ok := best[f.Yard]
		if !ok || t.moreOfAGate(i, b, done) {
			best[f.Yard] = i
		}
	}
	out := make([]int, len(t.frontages))
	for i, f := range t.frontages {
		out[i] = i
		if b, ok := best[f.Yard]; ok && f.Yard != "" && !f.Vacant && !f.Skip && f.Fixed.N == 0 {
			out[i] = b
		}
	}
	return out
}

func (t *task) moreOfAGate(a, b int, done []bool) bool {
	fa, fb := t.frontages[a], t.frontages[b]
	for _, better := range [][2]bool{{fa.Gate, fb.Gate}, {done[a], done[b]}, {fa.Fixed.N > 0, fb.Fixed.N > 0}} {
		if better[0] != better[1] {
			return better[0]
		}
	}
	return t.spots[a].at < t.spots[b].at
}

func (t *task) fix(i int) {
	f, s := t.frontages[i], t.spots[i]
	t.take(f.Fixed)
	kind := Given
	if f.Reserve || f.Vacant {
		kind = Reserved
	}
	t.out = append(t.out, t.proposal(i, 0, kind, s, f.Fixed, reasonFixed()))
	if s.ok && s.side != "" {
		l := t.lane(laneKey{s.side, t.rowKey(s)})
		l.marks = append(l.marks, mark{at: s.at, number: f.Fixed})
	}
}

// enter puts a frontage into its lane, or says why it gets no number.
func (t *task) enter(i int) {
	f, s := t.frontages[i], t.spots[i]
	leave := func(why Reason) { t.out = append(t.out, t.proposal(i, 0, LeftOut, s, Number{}, why)) }
	switch {
	case f.Skip:
		leave(reasonSkipped())
	case !s.ok:
		leave(reasonNoPlace())
	case f.Corner != nil && f.Corner.Main && t.set.CornerToMain:
		leave(reasonCornerRoad(f.Corner.Road))
	case s.side == NoSide && !t.plain():
		leave(reasonOnLine())
	case f.Vacant:
		t.enterVacant(i, s, leave)
	default:
		l := t.lane(laneKey{s.side, t.rowKey(s)})
		why := Reason{}
		if f.Reserve {
			why = reasonReservedByHand()
		}
		l.slots = append(l.slots, slot{at: s.at, frontage: i, reserve: f.Reserve, id: f.ID, spot: s, reason: why})
	}
}

// plain reports whether numbers run on without odd and even.
func (t *task) plain() bool {
	return t.set.Layout == ByRows || t.road.OneSided && t.set.OneSidedPlain
}

// enterVacant asks for as many numbers as the frontage is long.
func (t *task) enterVacant(i int, s spot, leave func(Reason)) {
	f := t.frontages[i]
	if t.set.ReserveM == 0 {
		leave(reasonNoReserve())
		return
	}
	n, have := t.share(s.width()), t.reservedOn(f, s)
	switch {
	case n == 0:
		leave(reasonNarrow(s.width(), t.set.ReserveM))
	case have >= n:
		leave(reasonReservedAlready(have))
	}
	n -= have
	l := t.lane(laneKey{s.side, t.rowKey(s)})
	for k := range n {
		on := s
		if t.line != nil {
			on.at = s.from + s.width()*(float64(k)+0.5)/float64(n)
			on.point = t.line.At(on.at, s.offset)
		}
		l.slots = append(l.slots, slot{at: on.at, frontage: i, part: k, reserve: true, id: f.ID, spot: on, reason: reasonReserved(s.width(), t.set.ReserveM)})
	}
}

// share is how many numbers vacant frontage of a length is to have.
func (t *task) share(widthM float64) int { return int(math.Floor(widthM/t.set.ReserveM + 1e-9)) }

// reservedOn counts the numbers that are reserved on vacant ground already.
func (t *task) reservedOn(f Frontage, s spot) int {
	n := 0
	for k, e := range t.existing {
		p := t.places[k]
		if e.Reserved && (e.FrontageID == f.ID || t.line != nil && p.ok && p.side == s.side && p.at >= s.from && p.at <= s.to) {
			n++
		}
	}
	return n
}

// enterGaps reserves numbers on both sides where the road is interrupted.
func (t *task) enterGaps() {
	for g, gap := range t.line.Gaps {
		for _, side := range []Side{Left, Right} {
			if side == Right && t.road.OneSided && t.set.OneSidedPlain {
				continue
			}
			whole := spot{side: side, from: gap.FromM, to: gap.ToM, ok: true}
			n := t.share(whole.width()) - t.reservedOn(Frontage{ID: "gap"}, whole)
			l := t.lane(laneKey{side: side})
			for k := range n {
				s := whole
				s.at = gap.FromM + whole.width()*(float64(k)+0.5)/float64(n)
				s.offset = math.Copysign(besideGapM, map[Side]float64{Left: 1, Right: -1}[side])
				s.point = t.line.At(s.at, s.offset)
				l.slots = append(l.slots, slot{
					at: s.at, frontage: -1, part: k, reserve: true, id: fmt.Sprintf("gap-%d-%s", g+1, side), spot: s, reason: reasonReservedGap(whole.width()),
				})
			}
		}
	}
}

// settle numbers the lanes, in an order of their own since they share the numbers taken.
func (t *task) settle() {
	keys := make([]laneKey, 0, len(t.lanes))
	for k := range t.lanes {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b laneKey) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.side, b.side)) })
	for _, k := range keys {
		for _, f := range t.fill(t.lanes[k]) {
			kind, why := Given, f.reason
			switch {
			case f.number.N == 0:
				kind = LeftOut
			case f.slot.reserve:
				kind, why = Reserved, f.slot.reason
			}
			p := t.proposal(f.slot.frontage, f.slot.part, kind, f.slot.spot, f.number, why)
			p.ExistingID = f.taken
			if f.slot.frontage < 0 {
				p.FrontageID = f.slot.id
			}
			t.out = append(t.out, p)
		}
	}
}

// sideDoor gives a door of a yard the number of its main gate.
func (t *task) sideDoor(i, gate int) {
	for _, p := range t.out {
		if p.FrontageID == t.frontages[gate].ID && p.Number.N > 0 {
			t.out = append(t.out, t.proposal(i, 0, SideDoor, t.spots[i], p.Number, reasonSideDoor(p.Number)))
			return
		}
	}
	t.out = append(t.out, t.proposal(i, 0, LeftOut, t.spots[i], Number{}, reasonGateLeftOut()))
}

func (t *task) proposal(i, part int, kind Kind, s spot, n Number, why Reason) Proposal {
	p := Proposal{Part: part, Kind: kind, Side: s.side, AlongM: s.at, OffsetM: math.Abs(s.offset), Row: s.row, Number: n, Point: s.point, Reason: why}
	if i >= 0 {
		p.FrontageID = t.frontages[i].ID
	}
	if t.set.Layout == ByRows {
		p.Side = NoSide
		p.AlongM = s.from
	}
	if !s.ok {
		p.Side, p.Point = NoSide, orb.Point{}
	}
	return p
}
