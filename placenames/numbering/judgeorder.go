package numbering

import (
	"fmt"
	"slices"
)

// sides is PLT-03.
func (j *judge) sides() result {
	if j.plain() {
		return notHere("按排编号或单侧道路，不分单双号", "rows and one-sided roads have no odd side")
	}
	odd := j.oddSide()
	var out []Fault
	for _, t := range j.tracks {
		for _, u := range t.units {
			if u.s.side == NoSide || (u.number.N%2 == 1) == (u.s.side == odd) {
				continue
			}
			sideZH, sideEN := "右", "right"
			if u.s.side == Left {
				sideZH, sideEN = "左", "left"
			}
			out = append(out, j.fault(fmt.Sprintf("%s号在%s侧，与单双侧规则不符", u.label(), sideZH), fmt.Sprintf("%s is on the %s side, which has the other numbers", u.label(), sideEN), u))
		}
	}
	return j.unplaced(out)
}

// sameSpotM is how near two numbers may be for their order to mean nothing.
const sameSpotM = 0.5

// rising is PLT-04: within each section of a lane numbers rise. The numbers at fault are the
// fewest that have to go for the rest to rise, so that one wrong plate is one fault.
func (j *judge) rising() result {
	if j.line != nil && !j.line.Decided {
		return result{unknown: true, zh: j.line.Why.ZH, en: j.line.Why.EN}
	}
	var out []Fault
	for _, t := range j.tracks {
		for _, section := range j.bySection(t.units) {
			keep := risingUnits(section)
			for i, u := range section {
				if keep[i] {
					continue
				}
				before, after := neighbours(section, keep, i)
				out = append(out, j.fault(
					fmt.Sprintf("%s号不在沿路递增的次序中（前为%s，后为%s）", u.label(), orDash(before), orDash(after)),
					fmt.Sprintf("%s is out of order along the road (before it %s, after it %s)", u.label(), orDash(before), orDash(after)), u))
			}
		}
	}
	return j.unplaced(out)
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func neighbours(units []unit, keep []bool, i int) (before, after string) {
	for k := i - 1; k >= 0 && before == ""; k-- {
		if keep[k] {
			before = units[k].label()
		}
	}
	for k := i + 1; k < len(units) && after == ""; k++ {
		if keep[k] {
			after = units[k].label()
		}
	}
	return before, after
}

// bySection cuts the numbers of a lane where its road is interrupted.
func (j *judge) bySection(units []unit) [][]unit {
	if j.line == nil || len(j.line.Gaps) == 0 || j.set.RunOn && !j.restarts(units) {
		return [][]unit{units}
	}
	var out [][]unit
	for i, u := range units {
		if i == 0 || j.line.section(u.s.at) != j.line.section(units[i-1].s.at) {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], u)
	}
	return out
}

// restarts reports whether numbers begin again after an interruption.
func (j *judge) restarts(units []unit) bool { return len(j.restarted(units)) > 0 }

func (j *judge) restarted(units []unit) []unit {
	var out []unit
	for i := 1; i < len(units); i++ {
		if j.line.section(units[i].s.at) != j.line.section(units[i-1].s.at) && units[i].number.Compare(units[i-1].number) <= 0 {
			out = append(out, units[i])
		}
	}
	return out
}

// risingUnits says of each number whether it belongs to the longest run that rises; numbers at
// one spot may follow either way. O(n log n) on ordered places.
func risingUnits(units []unit) []bool {
	ordered := slices.Clone(units)
	index := make([]int, len(units))
	for i := range index {
		index[i] = i
	}
	// Numbers at one spot are put into their own order first.
	for i := 0; i < len(ordered); {
		k := i + 1
		for k < len(ordered) && ordered[k].s.at-ordered[i].s.at < sameSpotM {
			k++
		}
		slices.SortStableFunc(index[i:k], func(a, b int) int { return units[a].number.Compare(units[b].number) })
		i = k
	}
	var tails []int // positions in index: the least last number of a run of each length
	before := make([]int, len(index))
	for i, n := range index {
		at, _ := slices.BinarySearchFunc(tails, units[n].number, func(k int, want Number) int { return units[index[k]].number.Compare(want) })
		before[i] = -1
		if at > 0 {
			before[i] = tails[at-1]
		}
		if at == len(tails) {
			tails = append(tails, i)
		} else {
			tails[at] = i
		}
	}
	keep := make([]bool, len(units))
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = before[i] {
			keep[index[i]] = true
		}
	}
	return keep
}
