package coverage

import (
	"math"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
)

// OutlookTimes is how many times the limit an Outlook looks for a site.
const OutlookTimes = 2

// Reason is why somebody counts as not covered, as the API has it; "" for who is covered.
type Reason string

// The reasons.
const (
	NoPath      Reason = "no_path"       // no path is within the snap limit of where they live
	NoSite      Reason = "no_site"       // there is no site on any street
	TooFar      Reason = "too_far"       // the nearest site is beyond the limit, within OutlookTimes it
	NoneNear    Reason = "none_near"     // nor is any within OutlookTimes the limit
	OnIsland    Reason = "island"        // their street is joined to no other part of the network, and no site is on it within that
	NoSiteHere  Reason = "no_site_here"  // ByDivision: their division has no site and none is named as serving it
	NoUnitKnown Reason = "no_unit_known" // ByDivision: they live in no division of the level asked for

	// Of a walk that is asked for, further:
	NoSitePath Reason = "no_site_path" // the site is beside no path
	NotWalked  Reason = "not_walked"   // ByDivision: no walk counts
)

// Text is the reason in words; empty for "".
func (r Reason) Text() Text {
	return map[Reason]Text{
		NoPath:      {ZH: "住处附近没有步行路径（超出接入距离）", EN: "No path is near where they live (beyond the snap limit)"},
		NoSite:      {ZH: "路网上没有开放的这类设施", EN: "No open facility of the type is on the network"},
		TooFar:      {ZH: "最近的设施超过规定的时间或距离", EN: "The nearest facility is beyond the limit"},
		NoneNear:    {ZH: "两倍的时间或距离以内也没有设施", EN: "There is no facility within twice the limit either"},
		OnIsland:    {ZH: "所在道路在路网数据中与其他道路不相连", EN: "In the street data their street is joined to no other"},
		NoSiteHere:  {ZH: "所在辖区没有设施，也没有被指定服务", EN: "Their division has no facility and is assigned to none"},
		NoUnitKnown: {ZH: "不在该级任何辖区内", EN: "They live in no division of this level"},
		NoSitePath:  {ZH: "设施附近没有步行路径（超出接入距离）", EN: "No path is near the facility (beyond the snap limit)"},
		NotWalked:   {ZH: "这类设施按辖区衡量，不计步行", EN: "This type is judged by division: no walk counts"},
	}[r]
}

// Outlook looks beyond the limit of a question: which site is nearest to those who are
// not covered, and why they are not. It is read-only and safe for any number of readers.
type Outlook struct {
	delta  *Delta
	byWalk bool
	demand *Demand // on the plan's streets
	labels *walknet.Labels
	index  []int32 // of the labels' sites among all
}

// Outlook is how far an Outlook looks.
func (p Params) Outlook() walknet.Milliseconds {
	return walknet.Milliseconds(min(OutlookTimes*int64(p.Limit), math.MaxInt32))
}

// Outlook prepares it for the sites and streets of the plan: one search from all sites, as
// far as OutlookTimes the limit.
func (d *Delta) Outlook() *Outlook {
	b := d.Baseline
	o := &Outlook{delta: d, byWalk: b.presence == nil, demand: d.Demand()}
	if o.byWalk {
		snaps, index := snapped(d.Sites)
		o.index = index
		o.labels = d.Network.Nearest(snaps, b.Params.Outlook(), b.Params.Speed)
	}
	return o
}

// Of says which site is nearest to a point and in what time, the limit left aside, and why
// its people are not covered. The site is -1 and the time walknet.Unreached where there is
// none within OutlookTimes the limit; ByDivision the time is never known.
func (o *Outlook) Of(point int32) (walknet.Milliseconds, int32, Reason) {
	_, s := o.delta.Standing(point)
	if s.State == Covered {
		return s.Time, s.Nearest, ""
	}
	snap := o.demand.Snaps[point]
	switch {
	case !o.byWalk && s.State == Unsnapped:
		return walknet.Unreached, -1, NoUnitKnown
	case !o.byWalk:
		return walknet.Unreached, -1, NoSiteHere
	case !snap.OK():
		return walknet.Unreached, -1, NoPath
	case len(o.index) == 0:
		return walknet.Unreached, -1, NoSite
	}
	time, site := o.labels.At(snap)
	switch {
	case site >= 0:
		return time, o.index[site], TooFar
	case o.delta.Network.Component(snap.Edge) != 0:
		return walknet.Unreached, -1, OnIsland
	}
	return walknet.Unreached, -1, NoneNear
}

// PointFacts is what is known of one population point with regard to a question.
type PointFacts struct {
	ID       string
	At       orb.Point
	Division int32 // index into the hierarchy; -1 outside all
	People   People
	State    State
	Sites    int32 // how many are within the limit
	// Nearest is the number of the nearest site, looked for beyond the limit too, and Time
	// the walk there; -1 and walknet.Unreached where there is none.
	Nearest int32
	Time    walknet.Milliseconds
	Reason  Reason   // why they are not covered; "" for who is
	Before  Standing // without the plan

	Snap         walknet.Snap // on the plan's streets
	Street       string       // name of the street there; "" where it has none
	StreetClass  string
	StreetSource string // id of the way in its source
}

// Facts tells what is known of a point, with its people of a band. O(log changes).
func (o *Outlook) Facts(point int32, band int) PointFacts {
	d := o.demand
	before, after := o.delta.Standing(point)
	out := PointFacts{
		ID: d.IDs[point], At: d.Points[point], Division: d.Division[point],
		State: after.State, Sites: after.Sites, Before: before, Snap: d.Snaps[point],
	}
	if band >= 0 {
		out.People = d.People[band][point]
	}
	out.Time, out.Nearest, out.Reason = o.Of(point)
	if out.Snap.OK() {
		out.StreetSource, out.Street, out.StreetClass = o.delta.Network.EdgeWay(out.Snap.Edge)
	}
	return out
}
