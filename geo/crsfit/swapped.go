package crsfit

import "github.com/paulmach/orb"

// Swapped reports whether the points are latitude and longitude where longitude and
// latitude are declared: of those that are numbers, at least nine in ten lie in the
// bound after the exchange and at most one in ten as they are. False for no points.
// O(points).
func Swapped(points []orb.Point, bound orb.Bound) bool {
	var all, as, exchanged int
	for _, p := range points {
		if !finite(p) {
			continue
		}
		all++
		if bound.Contains(p) {
			as++
		}
		if bound.Contains(orb.Point{p[1], p[0]}) {
			exchanged++
		}
	}
	const most, least = 9, 1 // of ten
	return all > 0 && 10*exchanged >= most*all && 10*as <= least*all
}
