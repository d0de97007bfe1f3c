package coverage

import (
	"math"

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

// Outlook prepares it for the sites and streets of the plan: one search from all sites, as
// far as OutlookTimes the limit.
func (d *Delta) Outlook() *Outlook {
	b := d.Baseline
	o := &Outlook{delta: d, byWalk: b.presence == nil, demand: d.Demand()}
	if o.byWalk {
		snaps, index := snapped(d.Sites)
		o.index = index
		o.labels = d.Network.Nearest(snaps, walknet.Milliseconds(min(OutlookTimes*int64(b.Params.Limit), math.MaxInt32)), b.Params.Speed)
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
