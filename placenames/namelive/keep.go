package namelive

import (
	"strings"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/placenames"
	"yike/placenames/namesearch"
	"yike/placenames/naming"
)

// keep gives what of a record is kept: as it is found, and as it is compared, by its standard
// name and by those that it has or had beside it.
func (l *Live) keep(n placenames.Name) (namesearch.Name, []naming.Entry) {
	own := naming.EntryOf(l.catalogue, n)
	out := namesearch.Name{ID: n.ID, Text: n.Text, Roman: n.Roman, Kind: n.Kind, Class: own.Class, Division: own.Division, State: n.State, Readings: n.Readings}
	out.Position, out.Placed = position(n.Geometry)
	entries := []naming.Entry{own}
	other := func(text string) {
		e := own
		e.Text, e.Stem, e.Generic, e.Readings, e.Former = text, text, "", nil, true
		if kind, _, ok := l.catalogue.Of(n.Kind); ok {
			if ways := kind.Split(text); len(ways) > 0 {
				e.Stem, e.Generic = ways[0].Specific+ways[0].Modifier, ways[0].Generic
			}
		}
		entries = append(entries, e)
	}
	for _, a := range n.Aliases {
		if strings.TrimSpace(a.Text) != "" {
			out.Aliases = append(out.Aliases, a.Text)
			other(a.Text)
		}
	}
	for _, f := range n.Former {
		if strings.TrimSpace(f.Text) != "" {
			out.Former = append(out.Former, f.Text)
			other(f.Text)
		}
	}
	return out, entries
}

// position is a point of a place: of a line half-way, of an area within. False where nobody drew
// it.
func position(g orb.Geometry) (orb.Point, bool) {
	switch g := g.(type) {
	case orb.Point:
		return g, true
	case orb.LineString:
		return halfway(g)
	case orb.MultiLineString:
		var longest orb.LineString
		for _, line := range g {
			if len(longest) == 0 || geo.Length(line) > geo.Length(longest) {
				longest = line
			}
		}
		return halfway(longest)
	case orb.Polygon:
		return position(orb.MultiPolygon{g})
	case orb.MultiPolygon:
		if len(g) == 0 || len(g[0]) == 0 || len(g[0][0]) == 0 {
			return orb.Point{}, false
		}
		return geo.Inside(g), true
	}
	return orb.Point{}, false
}

func halfway(line orb.LineString) (orb.Point, bool) {
	if len(line) == 0 {
		return orb.Point{}, false
	}
	left := geo.Length(line) / 2
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		d := geo.Distance(a, b)
		if d >= left && d > 0 {
			share := left / d
			return orb.Point{a[0] + (b[0]-a[0])*share, a[1] + (b[1]-a[1])*share}, true
		}
		left -= d
	}
	return line[len(line)-1], true
}
