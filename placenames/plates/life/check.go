package life

import (
	"strings"

	"yike/internal/record"
	"yike/internal/rules"
)

// About is a plate with what it is held against.
type About struct {
	Plate        Plate
	Current      Face // what its face would say today; the zero value where the address is gone
	AddressInUse bool
	Twins        int    // other live plates of its slot
	Storeys      string // "low", "high", "" unknown
}

// SameFace reports whether two faces say the same: name and number, and the spelling where both
// have one. Blanks at the ends do not count.
func SameFace(a, b Face) bool {
	t := strings.TrimSpace
	return t(a.Name) == t(b.Name) && t(a.Number) == t(b.Number) && (t(a.Roman) == "" || t(b.Roman) == "" || t(a.Roman) == t(b.Roman))
}

// Stale reports whether a live plate says something else than the register does.
func (a About) Stale() bool {
	return a.Plate.State.Live() && !SameFace(a.Plate.Face, a.Current)
}

// Check holds a plate against the rules of a preset on a day. What nobody measured is
// undetermined, never a pass.
func (b *Book) Check(a About, preset string, cal Calendar, today record.Day) []rules.Finding {
	p := a.Plate
	in := map[string]rules.Input{
		"twins":          {Value: float64(a.Twins)},
		"address_in_use": {Value: a.AddressInUse},
		"hangs":          {Value: p.State.Hangs()},
		"text_current":   {Value: !a.Stale()},
		"kind":           {Value: string(p.Kind)},
		"offset_m":       unknown("没有安装位置或地址点", "where it hangs, or the point of the address, is not known"),
		"height_m":       unknown("没有量高度", "nobody measured the height"),
		"storeys":        unknown("不知道楼层数", "the storeys are not known"),
	}
	if p.Placed && p.OffsetM >= 0 {
		in["offset_m"] = rules.Input{Value: p.OffsetM}
	}
	if p.HeightM > 0 {
		in["height_m"] = rules.Input{Value: p.HeightM}
	}
	if a.Storeys != "" {
		in["storeys"] = rules.Input{Value: a.Storeys}
	}
	if p.DueFrom != "" && p.OrderID != "" {
		until := p.FixedOn
		if until == "" {
			until = today
		}
		in["install_days"] = rules.Input{Value: float64(Between(p.DueFrom, until))}
		in["install_working_days"] = rules.Input{Value: float64(Limit{Working: true}.Count(p.DueFrom, until, cal))}
	} else {
		in["install_days"] = unknown("不是本系统下单的门牌", "the plate was not ordered here")
		in["install_working_days"] = in["install_days"]
	}
	in["repair_days"] = rules.Input{Value: float64(0)}
	if p.State == Damaged || p.State == Lost {
		in["repair_days"] = rules.Input{Value: float64(Between(p.BadSince, today))}
	}
	return b.set.Evaluate(rules.Question{Subject: "plate", Regions: b.set.Chain("", preset), Day: today, Inputs: in})
}

func unknown(zh, en string) rules.Input { return rules.Input{WhyZH: zh, WhyEN: en} }

// Renamed holds a list of plates to be changed against how many live plates say something else
// than the register (PLT-30).
func (b *Book) Renamed(listed, stale int, today record.Day) []rules.Finding {
	return b.set.Evaluate(rules.Question{Subject: "renaming", Day: today, Inputs: map[string]rules.Input{
		"all_listed": {Value: listed == stale}, "stale": {Value: float64(stale)},
	}})
}

// Verdict is what an inspection of the symbol came to.
type Verdict string

// The verdicts.
const (
	Genuine  Verdict = "genuine"  // the code is the plate's own and part of its face
	StuckOn  Verdict = "sticker"  // another code was stuck over it
	Unread   Verdict = "unread"   // nobody could read it
	Unproven Verdict = "unproven" // it reads right, and nobody felt whether it is part of the face
)

// Looked judges what an inspector read off a plate and felt of it, against a sticker over the
// symbol: the code must be the plate's own, of one layer with the face, and, where hosts are
// given, spell an address on one of them. trouble is what such a plate is to be reported for; ""
// for nothing.
func (p Plate) Looked(scanned string, felt Layer, hosts []string) (v Verdict, trouble string) {
	switch {
	case felt == OnTop:
		return StuckOn, "sticker"
	case felt == NoCode || strings.TrimSpace(scanned) == "":
		return Unread, "unreadable"
	case !p.Matches(scanned), p.Foreign == "" && !onHost(scanned, hosts):
		return StuckOn, "sticker"
	case felt == OneFace:
		return Genuine, ""
	}
	return Unproven, ""
}

// onHost reports whether a text is no address, since it was typed, or one on one of the hosts.
func onHost(scanned string, hosts []string) bool {
	_, rest, ok := strings.Cut(strings.TrimSpace(scanned), "://")
	if !ok || len(hosts) == 0 {
		return true
	}
	host, _, _ := strings.Cut(rest, "/")
	for _, h := range hosts {
		if strings.EqualFold(h, host) {
			return true
		}
	}
	return false
}
