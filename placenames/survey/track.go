package survey

import (
	"math"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/placenames"
)

// What a fix may be and still say where somebody walked.
const (
	// WorstAccuracyM is the radius in metres beyond which a fix is left out: it comes from a
	// mobile mast and not from satellites.
	WorstAccuracyM = 100
	// fastestMPS is the speed in metres a second that no car in a town drives; a fix that would
	// need more is a jump of the device.
	fastestMPS = 45
	// standingM is how far one must be away from the last fix, at the least, to have moved.
	standingM = 3
	// mostStandingM bounds how far a poor accuracy makes it.
	mostStandingM = 25
	// toleranceM is how far in metres a shortened track may be from where it was.
	toleranceM = 2
)

// Kept gives what is kept of a track as it comes from a device: Steady, and then Shorten.
func Kept(track []Fix) []Fix { return Shorten(Steady(track)) }

// Steady gives of a track the fixes that say where somebody walked: those that are too inexact,
// earlier than the one before them or a jump are left out, and so are those within their own
// accuracy of the last one, which are somebody who stands. The last fix stays where it is more
// than standingM away. O(n).
func Steady(track []Fix) []Fix {
	out := make([]Fix, 0, len(track))
	var last *Fix // the last good one, be it kept or not
	for i := range track {
		f := track[i]
		if !usable(f) || last != nil && jumps(*last, f) {
			continue
		}
		last = &track[i]
		if len(out) > 0 && geo.Distance(out[len(out)-1].Point, f.Point) < min(max(f.AccuracyM, standingM), mostStandingM) {
			continue
		}
		out = append(out, f)
	}
	if last != nil && len(out) > 0 && geo.Distance(out[len(out)-1].Point, last.Point) > standingM {
		out = append(out, *last)
	}
	return out
}

func usable(f Fix) bool {
	return f.AccuracyM >= 0 && f.AccuracyM <= WorstAccuracyM && onEarth(f.Point)
}

func onEarth(p orb.Point) bool {
	return math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90 // false for what is no number
}

// jumps reports whether nobody can have come from a to b in the time between.
func jumps(a, b Fix) bool {
	if b.At < a.At {
		return true
	}
	far := geo.Distance(a.Point, b.Point) - a.AccuracyM - b.AccuracyM
	return far > 0 && far > fastestMPS*float64(b.At-a.At)/1000
}

// Shorten gives the fixes of a track without those that lie within two metres of the line
// through the others (Douglas and Peucker, Cartographica 10, 1973). First and last stay.
// O(n log n) as tracks are, O(n²) at worst.
func Shorten(track []Fix) []Fix {
	if len(track) < 3 {
		return track
	}
	frame := geo.Frame(track[0].Point)
	flat := make([]orb.Point, len(track))
	for i, f := range track {
		flat[i] = frame.To(f.Point)
	}
	keep := make([]bool, len(track))
	keep[0], keep[len(track)-1] = true, true
	for spans := [][2]int{{0, len(track) - 1}}; len(spans) > 0; {
		s := spans[len(spans)-1]
		spans = spans[:len(spans)-1]
		far, at := toleranceM*1.0, -1
		for i := s[0] + 1; i < s[1]; i++ {
			if d := fromSegment(flat[i], flat[s[0]], flat[s[1]]); d > far {
				far, at = d, i
			}
		}
		if at >= 0 {
			keep[at] = true
			spans = append(spans, [2]int{s[0], at}, [2]int{at, s[1]})
		}
	}
	out := make([]Fix, 0, len(track))
	for i, f := range track {
		if keep[i] {
			out = append(out, f)
		}
	}
	return out
}

// fromSegment is the distance of p from the segment between a and b, on a plane.
func fromSegment(p, a, b orb.Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = min(max(((p[0]-a[0])*dx+(p[1]-a[1])*dy)/l, 0), 1)
	}
	return math.Hypot(p[0]-a[0]-t*dx, p[1]-a[1]-t*dy)
}

// Line is a track as a line of WGS 84 points; nil where it does not lead anywhere.
func Line(track []Fix) orb.LineString {
	if len(track) < 2 {
		return nil
	}
	out := make(orb.LineString, len(track))
	for i, f := range track {
		out[i] = f.Point
	}
	return out
}

// Walked is the length of a track in metres.
func Walked(track []Fix) float64 { return geo.Length(Line(track)) }

// Along is the length in metres of the track between the first point noted as its start and the
// last noted as its end: how long the place is that was walked along. Each is taken to the fix of
// the track that is nearest to it; false where one is missing, or lies more than nearestM off.
func (v Visit) Along() (float64, bool) {
	start, end, ok := v.Ends()
	if !ok {
		return 0, false
	}
	line := Line(v.Track)
	i, fromStart := nearest(line, start)
	j, fromEnd := nearest(line, end)
	const nearestM = 50
	if line == nil || fromStart > nearestM || fromEnd > nearestM {
		return 0, false
	}
	return geo.Length(line[min(i, j) : max(i, j)+1]), true
}

// Ends gives the points noted as start and end; false where one of them is missing.
func (v Visit) Ends() (start, end orb.Point, ok bool) {
	var started, ended bool
	for _, p := range v.Points {
		switch {
		case p.Kind == Start && !started:
			start, started = p.Point, true
		case p.Kind == End:
			end, ended = p.Point, true
		}
	}
	return start, end, started && ended
}

func nearest(line orb.LineString, p orb.Point) (at int, distance float64) {
	distance = math.Inf(1)
	for i, q := range line {
		if d := geo.Distance(p, q); d < distance {
			at, distance = i, d
		}
	}
	return at, distance
}

// Directions lists the directions in which a place runs, with their words.
func Directions() []placenames.Code {
	return []placenames.Code{
		{Code: "east_west", ZH: "东西向", EN: "east–west"},
		{Code: "north_south", ZH: "南北向", EN: "north–south"},
		{Code: "northeast_southwest", ZH: "东北—西南向", EN: "northeast–southwest"},
		{Code: "northwest_southeast", ZH: "西北—东南向", EN: "northwest–southeast"},
		{Code: "bent", ZH: "曲折", EN: "bent"},
	}
}

// DirectionOf is the direction in which a line from a to b runs, to the nearest eighth of a
// circle; "" for one and the same place.
func DirectionOf(a, b orb.Point) string {
	if a == b {
		return ""
	}
	d := geo.Frame(a).To(b)
	eighth := int(math.Round(math.Atan2(d[1], d[0])/(math.Pi/4))+8) % 4 // of a line that has no arrow
	return []string{"east_west", "northeast_southwest", "north_south", "northwest_southeast"}[eighth]
}
