package coverage

import (
	"math"

	"github.com/paulmach/orb"

	"yike/coverage/walknet"
)

// OutlookTimes is how many times the limit an Outlook looks for a site.
const OutlookTimes = 2

// Why is why somebody counts as not covered, as the API has it; "" for who is covered.
type Why string

// The reasons.
const (
	WhyNoPath   Why = "no_path"   // no path is within the snap limit of where they live
	WhyNoSites  Why = "no_sites"  // there is no site on any street
	WhyTooFar   Why = "too_far"   // the nearest site is beyond the limit, within OutlookTimes it
	WhyNoneNear Why = "none_near" // nor is any within OutlookTimes the limit
	WhyCutOff   Why = "cut_off"   // their street is joined to no other part of the network, and no site is on it within that
	WhyNotHere  Why = "not_here"  // ByDivision: their division has no site and none is named as serving it
	WhyNoUnit   Why = "no_unit"   // ByDivision: they live in no division of the level asked for

	// Of a walk that is asked for, further:
	WhySiteOff   Why = "site_off"   // the site is beside no path
	WhyNotWalked Why = "not_walked" // ByDivision: no walk counts
)

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
func (o *Outlook) Of(point int32) (walknet.Milliseconds, int32, Why) {
	_, s := o.delta.Standing(point)
	if s.State == Covered {
		return s.Time, s.Nearest, ""
	}
	snap := o.demand.Snaps[point]
	switch {
	case !o.byWalk && s.State == Unsnapped:
		return walknet.Unreached, -1, WhyNoUnit
	case !o.byWalk:
		return walknet.Unreached, -1, WhyNotHere
	case !snap.OK():
		return walknet.Unreached, -1, WhyNoPath
	case len(o.index) == 0:
		return walknet.Unreached, -1, WhyNoSites
	}
	time, site := o.labels.At(snap)
	switch {
	case site >= 0:
		return time, o.index[site], WhyTooFar
	case o.delta.Network.Component(snap.Edge) != 0:
		return walknet.Unreached, -1, WhyCutOff
	}
	return walknet.Unreached, -1, WhyNoneNear
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
	Why     Why      // why they are not covered; "" for who is
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
	out.Time, out.Nearest, out.Why = o.Of(point)
	if out.Snap.OK() {
		out.StreetSource, out.Street, out.StreetClass = o.delta.Network.EdgeWay(out.Snap.Edge)
	}
	return out
}
