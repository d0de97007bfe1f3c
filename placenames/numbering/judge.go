package numbering

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// judge holds numbers against the checks.
type judge struct {
	*task
	units  []unit
	tracks []track // those with a place, in their order
	lost   int     // numbers without a place
}

// track are the numbers of a lane in the order of their places.
type track struct {
	key     laneKey
	numbers progression
	units   []unit
}

// order puts the numbers that have a place into their lanes.
func (j *judge) order() {
	byKey := map[laneKey][]unit{}
	for _, u := range j.units {
		if !u.s.ok || u.s.side == "" {
			j.lost++
			continue
		}
		k := j.lane(laneKey{u.s.side, j.rowKey(u.s)}).key
		byKey[k] = append(byKey[k], u)
	}
	for k, units := range byKey {
		slices.SortFunc(units, func(a, b unit) int {
			return cmp.Or(cmp.Compare(a.s.at, b.s.at), a.number.Compare(b.number), cmp.Compare(a.existing, b.existing))
		})
		j.tracks = append(j.tracks, track{key: k, numbers: j.numbersOf(k), units: units})
	}
	slices.SortFunc(j.tracks, func(a, b track) int {
		return cmp.Or(cmp.Compare(a.key.row, b.key.row), cmp.Compare(a.key.side, b.key.side))
	})
}

// unplaced is the result of a check that needs places where some are not known.
func (j *judge) unplaced(faults []Fault) result {
	r := result{faults: faults}
	if j.lost > 0 {
		r.unknown = true
		r.zh, r.en = fmt.Sprintf("%d 个号没有位置，未核对", j.lost), fmt.Sprintf("%d numbers have no place and were not checked", j.lost)
	}
	return r
}

// twice is PLT-01.
func (j *judge) twice() result {
	by := map[string][]unit{}
	var labels []string
	for _, u := range j.units {
		if len(by[u.label()]) == 0 {
			labels = append(labels, u.label())
		}
		by[u.label()] = append(by[u.label()], u)
	}
	var out []Fault
	for _, label := range labels {
		if n := len(by[label]); n > 1 {
			out = append(out, j.fault(fmt.Sprintf("%s号有 %d 处", label, n), fmt.Sprintf("%s is given %d times", label, n), by[label]...))
		}
	}
	return result{faults: out}
}

// leftOut is PLT-02: of each lane, numbers below its highest that nobody has. Numbers by
// distance are meant to leave some out.
func (j *judge) leftOut() result {
	if j.set.Counting == ByDistance {
		return notHere("按距离编号，号码本不连续", "numbers by distance do not follow one another")
	}
	if !j.set.NoGaps {
		return notHere("规则未要求连号", "the rule set does not ask for it")
	}
	have := map[int]bool{}
	for _, u := range j.units {
		have[u.number.N] = true
	}
	var out []Fault
	for _, t := range j.tracks {
		high := 0
		for _, u := range t.units {
			if t.numbers.has(u.number.N) {
				high = max(high, u.number.N)
			}
		}
		for n := t.numbers.first; n < high; n += t.numbers.step {
			if have[n] || slices.Contains(j.set.Skip, n) {
				continue
			}
			from := n
			for n+t.numbers.step < high && !have[n+t.numbers.step] {
				n += t.numbers.step
			}
			out = append(out, gapFault(from, n))
		}
	}
	return j.unplaced(out)
}

func gapFault(from, to int) Fault {
	if from == to {
		return Fault{Numbers: []string{Number{N: from}.String()}, ZH: fmt.Sprintf("%d号未使用，也未预留", from), EN: fmt.Sprintf("%d is neither given nor reserved", from)}
	}
	return Fault{
		Numbers: []string{Number{N: from}.String(), Number{N: to}.String()},
		ZH:      fmt.Sprintf("%d号至%d号未使用，也未预留", from, to), EN: fmt.Sprintf("%d to %d are neither given nor reserved", from, to),
	}
}

// oneSided is PLT-05.
func (j *judge) oneSided() result {
	if j.line == nil || !j.set.OneSidedPlain {
		return notHere("规则没有这一条", "the rule set has no such clause")
	}
	if j.road.OneSided {
		return j.oneParity()
	}
	sides := map[Side]int{}
	for _, t := range j.tracks {
		sides[t.key.side] += len(t.units)
	}
	if len(sides) == 1 && len(j.units) >= 6 {
		return result{faults: []Fault{{ZH: "号码都在一侧：若另一侧不能建房，应按单侧道路编号", EN: "All numbers are on one side: where nothing can be built on the other, the road is one-sided"}}}
	}
	return result{}
}

// oneParity looks whether a one-sided road was numbered odd or even only.
func (j *judge) oneParity() result {
	parity := map[int]int{}
	for _, u := range j.units {
		parity[u.number.N%2]++
	}
	if len(j.units) >= 3 && len(parity) == 1 {
		return result{faults: []Fault{{ZH: "单侧道路只用了单号或双号", EN: "A one-sided road has odd or even numbers only"}}}
	}
	return result{}
}

// reserve is PLT-06.
func (j *judge) reserve() result {
	if j.set.ReserveM == 0 || j.set.Counting == ByDistance {
		return notHere("规则不预留号", "the rule set reserves nothing")
	}
	var out []Fault
	for i, f := range j.frontages {
		s := j.spots[i]
		if !f.Vacant || f.Skip || !s.ok {
			continue
		}
		want := j.share(s.width())
		have := j.reservedOn(f, s)
		for _, p := range j.out {
			if p.FrontageID == f.ID && p.Kind == Reserved {
				have++
			}
		}
		if f.Fixed.N > 0 && want > 0 { // somebody chose to reserve one number here
			continue
		}
		if have < want {
			out = append(out, Fault{
				Frontages: []string{f.ID}, ZH: fmt.Sprintf("空地临街 %s 米应预留 %d 个号，有 %d 个", metres(s.width()), want, have),
				EN: fmt.Sprintf("%s m of vacant frontage need %d reserved numbers and have %d", metres(s.width()), want, have),
			})
		}
	}
	return result{faults: out}
}

// depth is PLT-07.
func (j *judge) depth() result {
	var out []Fault
	for _, u := range j.units {
		if u.deeper != "" {
			out = append(out, j.fault(u.label()+" 附号之下又编附号", u.label()+" has a sub-number under a sub-number", u))
		}
	}
	return result{faults: out}
}

// luck is PLT-08.
func (j *judge) luck() result {
	if j.set.Counting == ByDistance {
		return notHere("按距离编号", "numbers are by distance")
	}
	if len(j.set.Skip) > 0 {
		return notHere("规则允许跳过部分号码", "the rule set skips numbers itself")
	}
	have := map[int]bool{}
	for _, u := range j.units {
		have[u.number.N] = true
	}
	var out []Fault
	for _, t := range j.tracks {
		for _, n := range []int{4, 13, 14} {
			if t.key.row == 0 && t.numbers.has(n) && !have[n] && have[n+t.numbers.step] && (n == t.numbers.first || have[n-t.numbers.step]) {
				out = append(out, Fault{Numbers: []string{Number{N: n}.String()}, ZH: fmt.Sprintf("%d号被跳过", n), EN: fmt.Sprintf("%d was skipped", n)})
			}
		}
	}
	return result{faults: out}
}

// corners is PLT-09.
func (j *judge) corners() result {
	if !j.set.CornerToMain {
		return notHere("规则没有这一条", "the rule set has no such clause")
	}
	var out []Fault
	for _, u := range j.units {
		if u.frontage < 0 || u.kind == Reserved {
			continue
		}
		if c := j.frontages[u.frontage].Corner; c != nil && c.Main {
			out = append(out, j.fault(fmt.Sprintf("%s号在路口，应编入主路“%s”", u.label(), c.Road), fmt.Sprintf("%s is at a corner and belongs to the main road %s", u.label(), c.Road), u))
		}
	}
	return result{faults: out}
}

// sections is PLT-10.
func (j *judge) sections() result {
	if !j.set.RunOn {
		return notHere("规则没有这一条", "the rule set has no such clause")
	}
	if j.line == nil || len(j.line.Gaps) == 0 {
		return notHere("道路不分段", "the road has one section")
	}
	var out []Fault
	for _, t := range j.tracks {
		for _, u := range j.restarted(t.units) {
			out = append(out, j.fault(fmt.Sprintf("中断之后从%s号重新起编", u.label()), fmt.Sprintf("numbers begin again at %s after an interruption", u.label()), u))
		}
	}
	return j.unplaced(out)
}

// yards is PLT-11.
func (j *judge) yards() result {
	by := map[string][]unit{}
	var yards []string
	for _, u := range j.units {
		if u.frontage < 0 || u.reserved {
			continue
		}
		if yard := j.frontages[u.frontage].Yard; yard != "" {
			if len(by[yard]) == 0 {
				yards = append(yards, yard)
			}
			by[yard] = append(by[yard], u)
		}
	}
	slices.Sort(yards)
	var out []Fault
	for _, yard := range yards {
		units := by[yard]
		if len(units) > 1 {
			labels := make([]string, len(units))
			for i, u := range units {
				labels[i] = u.label()
			}
			out = append(out, j.fault("院落“"+yard+"”有多个主号："+strings.Join(labels, "、"), "the yard "+yard+" has several numbers: "+strings.Join(labels, ", "), units...))
		} else if !j.frontages[units[0].frontage].Gate && j.hasGate(yard) {
			out = append(out, j.fault(fmt.Sprintf("%s号不在院落“%s”的主出入口", units[0].label(), yard), fmt.Sprintf("%s is not at the main gate of the yard %s", units[0].label(), yard), units...))
		}
	}
	return result{faults: out}
}

func (j *judge) hasGate(yard string) bool {
	return slices.ContainsFunc(j.frontages, func(f Frontage) bool { return f.Yard == yard && f.Gate })
}

// provisional is PLT-12.
func (j *judge) provisional() result {
	var out []Fault
	for _, u := range j.units {
		if u.provisional && !u.flagged {
			out = append(out, j.fault(u.label()+"号为临时号，未标明", u.label()+" is provisional and does not say so", u))
		}
	}
	return result{faults: out}
}

// distances is PLT-13.
func (j *judge) distances() result {
	if j.set.Counting != ByDistance || j.line == nil {
		return notHere("不按距离编号", "numbers are not by distance")
	}
	var out []Fault
	for _, t := range j.tracks {
		for _, u := range t.units {
			want := u.s.at / j.set.StepM
			if u.number.Suffix > 0 || math.Abs(float64(u.number.N)-want) <= j.tolerance()+1e-9 {
				continue
			}
			out = append(out, j.fault(fmt.Sprintf("%s号距起点 %s 米，应约为 %s 号", u.label(), metres(u.s.at), metres(want)),
				fmt.Sprintf("%s is %s m from the start and should be about %s", u.label(), metres(u.s.at), metres(want)), u))
		}
	}
	return j.unplaced(out)
}
