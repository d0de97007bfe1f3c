package facilities

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yike/internal/record"
)

// Limits of what a list may be asked for.
const (
	MostIDs      = 5000 // records chosen one by one
	MostCorners  = 500  // of a drawn shape
	LongestQuery = 100  // characters of a text that is looked for
)

// SortKey is what a list is in the order of; records that are equal in it are in the
// order of their ids.
type SortKey string

// The orders of a list. That of names goes by pinyin, those of codes by code points.
const (
	ByID       SortKey = "id" // as registered
	ByName     SortKey = "name"
	ByType     SortKey = "type"
	ByStatus   SortKey = "status"
	ByStage    SortKey = "stage"
	ByDivision SortKey = "division"
	ByCapacity SortKey = "capacity"
	ByVerified SortKey = "verified" // never is before ever
)

// SortKeys lists every order.
func SortKeys() []SortKey {
	return []SortKey{ByID, ByName, ByType, ByStatus, ByStage, ByDivision, ByCapacity, ByVerified}
}

// Filter says which records are meant: those to which every part applies that is given.
// The zero value means all but tombstones.
type Filter struct {
	Types    []Type
	Statuses []Status
	Stages   []Stage
	Division string   // in this division or below it
	Text     string   // every word is in a name, the address or a code, in any case, or spells a part of the Chinese name in pinyin, whole or by initials
	Serves   string   // code of a community served
	Batch    string   // id of the import that wrote it
	IDs      []string // only these

	Placed         *bool       // whether the position is known
	VerifiedBefore record.Day  // last held against the place before this day, or never
	Overdue        bool        // due to be held against the place, by the rule of its subdistrict
	Area           orb.Polygon // placed inside this ring; none for anywhere
	Tombstones     bool        // those that others took the place of, too
}

// Asked gives the parts of a filter that are given, by their names in the API, to be kept
// of who asked for what. Records chosen one by one are counted.
func (f Filter) Asked() map[string]any {
	out := map[string]any{}
	add := func(name string, given bool, v any) {
		if given {
			out[name] = v
		}
	}
	add("type", len(f.Types) > 0, f.Types)
	add("status", len(f.Statuses) > 0, f.Statuses)
	add("stage", len(f.Stages) > 0, f.Stages)
	add("division", f.Division != "", f.Division)
	add("q", f.Text != "", f.Text)
	add("serves", f.Serves != "", f.Serves)
	add("batch", f.Batch != "", f.Batch)
	add("chosen", f.IDs != nil, len(f.IDs))
	add("placed", f.Placed != nil, f.Placed)
	add("verified_before", f.VerifiedBefore != "", f.VerifiedBefore)
	add("overdue", f.Overdue, true)
	add("area", len(f.Area) > 0, FormatArea(f.Area))
	add("tombstones", f.Tombstones, true)
	return out
}

// Words are what Text asks for, one by one.
func (f Filter) Words() []string { return strings.Fields(f.Text) }

// Faults are those of a filter that means nothing.
func (f Filter) Faults() []record.Fault {
	var out []record.Fault
	add := func(field, value, zh, en string) {
		out = append(out, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	for _, s := range f.Statuses {
		if _, ok := ParseStatus(string(s)); !ok {
			add("status", string(s), "应为 planned、building、open、suspended 或 closed", "must be planned, building, open, suspended or closed")
		}
	}
	for _, s := range f.Stages {
		if _, ok := ParseStage(string(s)); !ok {
			add("stage", string(s), "应为 draft、submitted 或 published", "must be draft, submitted or published")
		}
	}
	if utf8.RuneCountInString(f.Text) > LongestQuery {
		add("q", "", fmt.Sprintf("不应超过 %d 个字", LongestQuery), fmt.Sprintf("at most %d characters", LongestQuery))
	}
	if !utf8.ValidString(f.Text) || strings.ContainsRune(f.Text, 0) {
		add("q", "", "含有控制字符", "holds control characters")
	}
	if len(f.IDs) > MostIDs {
		add("ids", fmt.Sprint(len(f.IDs)), fmt.Sprintf("不应多于 %d 个", MostIDs), fmt.Sprintf("at most %d", MostIDs))
	}
	if _, ok := record.ParseDay(string(f.VerifiedBefore)); f.VerifiedBefore != "" && !ok {
		add("verified_before", string(f.VerifiedBefore), "应为日期，如 2026-11-27", "must be a day such as 2026-11-27")
	}
	return append(out, areaFaults(f.Area)...)
}

func areaFaults(area orb.Polygon) []record.Fault {
	if len(area) == 0 {
		return nil
	}
	fault := func(zh, en string) []record.Fault { return []record.Fault{{Field: "area", ZH: zh, EN: en}} }
	ring := area[0]
	switch {
	case len(area) > 1:
		return fault("只应有一个环", "one ring and no holes")
	case len(ring) < 4 || !ring.Closed():
		return fault("至少要有三个不同的点", "at least three points")
	case len(ring) > MostCorners+1:
		return fault(fmt.Sprintf("不应多于 %d 个点", MostCorners), fmt.Sprintf("at most %d points", MostCorners))
	}
	for _, p := range ring {
		if !(math.Abs(p.Lon()) <= 180) || !(math.Abs(p.Lat()) <= 90) {
			return fault("每个点应为“经度,纬度”", "each point must be a longitude and a latitude")
		}
	}
	return nil
}

// ParseArea reads a drawn shape as addresses write it: "lon,lat;lon,lat;…", at least three
// points; the last is joined to the first. false for anything else.
func ParseArea(text string) (orb.Polygon, bool) {
	var ring orb.Ring
	for corner := range strings.SplitSeq(text, ";") {
		var p orb.Point
		lon, lat, ok := strings.Cut(corner, ",")
		if !ok || !readDegrees(lon, &p[0]) || !readDegrees(lat, &p[1]) || len(ring) > MostCorners {
			return nil, false
		}
		ring = append(ring, p)
	}
	for len(ring) > 1 && ring[len(ring)-1] == ring[0] {
		ring = ring[:len(ring)-1]
	}
	different := map[orb.Point]bool{}
	for _, p := range ring {
		different[p] = true
	}
	if len(different) < 3 {
		return nil, false
	}
	return orb.Polygon{append(ring, ring[0])}, true
}

// FormatArea writes a shape as ParseArea reads it.
func FormatArea(area orb.Polygon) string {
	if len(area) == 0 || len(area[0]) == 0 {
		return ""
	}
	ring := area[0]
	if ring.Closed() {
		ring = ring[:len(ring)-1]
	}
	corners := make([]string, len(ring))
	for i, p := range ring {
		corners[i] = strconv.FormatFloat(p.Lon(), 'f', -1, 64) + "," + strconv.FormatFloat(p.Lat(), 'f', -1, 64)
	}
	return strings.Join(corners, ";")
}

func readDegrees(text string, into *float64) bool {
	if len(text) > 24 || strings.ContainsFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '-' }) {
		return false // no hexadecimals, infinities or other spellings of the parser's
	}
	v, err := strconv.ParseFloat(text, 64)
	*into = v
	return err == nil
}

// Page is which part of a list is wanted, and in what order.
type Page struct {
	Sort       SortKey
	Descending bool
	Limit      int
	After      *Cursor // nil for the first page
	Count      bool    // say how many there are in all, on the first page
}

// Cursor is the last record of a page: its value in the order of the list, as text, and
// its id.
type Cursor struct{ Value, ID string }

// List is a page of a list.
type List struct {
	Facilities []Facility
	Overdue    map[string]bool // by id, of those on this page
	Next       *Cursor         // nil on the last page
	Total      *int            // of the whole list, where it was asked for
}

// Counts are how many records a filter means, in parts.
type Counts struct {
	Total    int
	Unplaced int
	Overdue  int
	ByType   map[Type]int
	ByStatus map[Status]int
	ByStage  map[Stage]int
}

// ParseSort knows the orders by their code words; one that begins with a minus is
// descending.
func ParseSort(text string) (key SortKey, descending, ok bool) {
	name, descending := strings.CutPrefix(text, "-")
	return SortKey(name), descending, slices.Contains(SortKeys(), SortKey(name))
}
