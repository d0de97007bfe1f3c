// Package crsguess says in which coordinate system two columns of a table may be: which
// one, which way round, written how, which rows do not fit, and when nobody can tell.
// It knows numbers, the extent of a district and what is known to lie in it; it knows
// nothing of files, records or screens.
//
// What the numbers themselves tell: degrees or metres, a zone prefix, which axis is
// which, whether the places fall into the district. What they do not tell is which of
// WGS 84, GCJ-02 and BD-09 degrees are in: the three differ by 300 to 1,500 m and look
// the same. There only something else decides: words in the file, rows whose place is
// known already, the community that a row names, buildings, roads. Without any of it the
// guesses are tied, Ask is set on each of them, and a person looks at the map. Nor do
// they tell CGCS2000 grid coordinates from those of the older Beijing 1954 and Xi'an
// 1980, which differ by some 100 m; those are never converted here.
package crsguess

import "github.com/paulmach/orb"

// Area is what is known of where the places should lie. Every field may be left out; the
// more is given, the more can be told apart.
type Area struct {
	// Bounds is the box of the district in WGS 84; the zero value when it is not known.
	Bounds orb.Bound
	// Holds says whether a WGS 84 place lies in a division of the district.
	Holds func(orb.Point) bool
	// Built says whether a building stands at a WGS 84 place or within some metres of it.
	Built func(orb.Point) bool
	// Roads are the centre lines of the district's roads in WGS 84.
	Roads []orb.LineString
	// Agrees says whether a place lies where its row says it does, e.g. in the community
	// that the row names; known is false where the row says nothing.
	Agrees func(row int, p orb.Point) (agrees, known bool)
	// Anchors are rows whose place is known already, to some 200 m, by row: the registry has them, or
	// their address has been found. WGS 84.
	Anchors map[int]orb.Point
	// Hints are words of the file about its columns: headings, the name of the sheet, a
	// remark. "百度经度" and "GCJ02_lng" tell more than any number.
	Hints []string
}

// Candidate is one guess. Its Key names it for ever, so that a mapping can be saved.
type Candidate struct {
	Key        string // e.g. "GCJ-02", "EPSG:4526", "EPSG:4547 swapped", "EPSG:4326 dms"; see ParseKey
	ZH, EN     string // its name for people
	Confidence int    // 1–100
	// Ask: this guess and others are as likely as one another, and a person has to choose.
	// It is set on all of those that are tied.
	Ask bool
	// Convertible is false for systems that are only recognised: Beijing 1954, Xi'an 1980
	// and local systems. Apply refuses them, with what to do.
	Convertible bool
	Reasons     []Reason
	Rows        int      // rows with coordinates
	Fits        int      // of them those that fit
	Misfits     []Misfit // the others, at most MostMisfits, in the order of rows
	Preview     []Preview
	reading     reading
}

// Reason is a sentence for people.
type Reason struct{ ZH, EN string }

// Misfit is a row that does not fit a guess.
type Misfit struct {
	Row    int // index in the columns
	X, Y   string
	ZH, EN string // why
}

// Preview is where one row would lie, in WGS 84.
type Preview struct {
	Row   int
	Point orb.Point
}

// The bounds of what a candidate carries.
const (
	MostMisfits = 200
	MostPreview = 200
)

// RowError says why a row has no place under a guess.
type RowError struct {
	Column string // "x" or "y"; "" for both
	Value  string
	ZH, EN string
}

// Error is the English sentence.
func (e *RowError) Error() string { return e.EN }
