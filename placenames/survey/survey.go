// Package survey owns the field survey (实地踏勘) of a case of place names: a visit to the place
// with its day, the people who were there, the track that they walked, the points that they
// noted and what they measured; what may be written so; how a track is cleaned, shortened and
// measured; which visits count; and the words of the survey record.
//
// It is pure: no I/O, no clock. It knows no procedure, no photos but their number, no storage
// and no HTTP.
package survey

import (
	"errors"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames"
)

// ErrNotFound says that there is no such visit.
var ErrNotFound = errors.New("没有这次踏勘 / there is no such visit")

// ErrNoCase says that the case of a visit is not there.
var ErrNoCase = errors.New("没有这个办件 / there is no such case")

// ErrRests says that a visit stays as it is, since a step of its case was taken on it or the
// case has ended.
var ErrRests = errors.New("办件已据此办理 / the case went on with this visit")

// Person is somebody of the staff who was there: an office with the post or name of who came
// for it.
type Person struct {
	Office string `json:"office"`
	Name   string `json:"name,omitempty"` // of the staff, or the post; no private person
}

// Fix is where the device was at a moment.
type Fix struct {
	At        int64     // milliseconds since 1970 UTC
	Point     orb.Point // lon/lat WGS 84
	AccuracyM float64   // radius in metres that holds the true place with 95 % (W3C Geolocation); 0 is not known
}

// Point is a place that somebody noted.
type Point struct {
	Kind string
	Fix
	Note string
}

// The kinds of points that this package works with.
const (
	Start = "start"
	End   = "end"
)

// PointKinds lists the kinds of noted points with their words.
func PointKinds() []placenames.Code {
	return []placenames.Code{
		{Code: Start, ZH: "起点", EN: "start"},
		{Code: End, ZH: "止点", EN: "end"},
		{Code: "sign_place", ZH: "拟设标志处", EN: "place for a sign"},
		{Code: "size", ZH: "规模佐证", EN: "evidence of its size"},
		{Code: "existing_sign", ZH: "现有标志", EN: "sign that is there"},
		{Code: "obstacle", ZH: "障碍", EN: "obstacle"},
		{Code: "photo", ZH: "拍照点", EN: "where a photo was taken"},
		{Code: "other", ZH: "其他", EN: "other"},
	}
}

// Agreement is whether the place is as the application says.
type Agreement string

// The agreements; "" is not said.
const (
	Agrees  Agreement = "agrees"
	Partly  Agreement = "partly"
	Differs Agreement = "differs"
)

// Agreements lists them with their words.
func Agreements() []placenames.Code {
	return []placenames.Code{
		{Code: string(Agrees), ZH: "与申请一致", EN: "as the application says"},
		{Code: string(Partly), ZH: "部分不一致", EN: "partly otherwise"},
		{Code: string(Differs), ZH: "与申请不符", EN: "not as the application says"},
	}
}

// Findings are what was measured and seen on the spot. What is empty was not measured.
type Findings struct {
	LengthM   float64   `json:"length_m,omitempty"`  // metres
	WidthM    float64   `json:"width_m,omitempty"`   // metres
	Direction string    `json:"direction,omitempty"` // a code of Directions
	Signs     string    `json:"signs,omitempty"`     // which signs stand there and what they say
	Agreement Agreement `json:"agreement,omitempty"`
	Remark    string    `json:"remark,omitempty"` // what differs, what was decided on the spot
}

// Visit is one version of the record of a visit.
type Visit struct {
	ID        string // UUIDv7, text form
	Version   int
	CaseID    string
	Division  string // of the case
	Day       record.Day
	People    []Person
	Track     []Fix // as it is kept: cleaned and shortened, by time
	Points    []Point
	Findings  Findings
	Note      string
	Photos    int    // how many are kept with it; not part of what is written
	By        string // the account's name that entered it
	Settled   bool   // the case went on with it, so that it stays as it is
	ValidFrom record.Day
}

// Site is what somebody needs of a case at its place.
type Site struct {
	CaseID   string
	Number   string
	Act      string // naming, renaming, retirement
	Text     string
	NewText  string // of a renaming
	Kind     string
	Division string
	Reason   string
	Ended    bool // the case has
	Extent   placenames.Extent
	Size     placenames.Size
	Geometry orb.Geometry // WGS 84; nil where nobody drew it
	Visits   int          // that are entered
}

// Applied is what the application says of the place.
func (s Site) Applied() Applied {
	return Applied{Text: s.Text, LengthM: s.Size.LengthM, WidthM: s.Size.WidthM, From: s.Extent.From, To: s.Extent.To}
}

// Clean gives a visit with its texts trimmed and rows that say nothing left out. Its track stays:
// what is to be kept of one that comes from a device says Kept.
func Clean(v Visit) Visit {
	people := make([]Person, 0, len(v.People))
	for _, p := range v.People {
		p.Office, p.Name = strings.TrimSpace(p.Office), strings.TrimSpace(p.Name)
		if p != (Person{}) {
			people = append(people, p)
		}
	}
	v.People = people
	v.Points = slices.Clone(v.Points)
	for i := range v.Points {
		v.Points[i].Note = strings.TrimSpace(v.Points[i].Note)
	}
	for _, t := range []*string{&v.Findings.Signs, &v.Findings.Remark, &v.Note} {
		*t = strings.TrimSpace(*t)
	}
	return v
}

// Missing gives what keeps a visit from counting as the rule NAM-29 asks: its day, people, and a
// track or photos. None is missing of one that counts. A track that does not lead anywhere is
// none.
func (v Visit) Missing() []placenames.Code {
	var out []placenames.Code
	if v.Day == "" {
		out = append(out, placenames.Code{Code: "day", ZH: "日期", EN: "the day"})
	}
	if len(v.People) == 0 {
		out = append(out, placenames.Code{Code: "people", ZH: "参加人员", EN: "the people"})
	}
	if len(v.Track) < 2 && v.Photos == 0 {
		out = append(out, placenames.Code{Code: "evidence", ZH: "轨迹或照片", EN: "a track or photographs"})
	}
	return out
}

// Counted gives how many visits there were and whether each of them is whole, as the rule asks;
// of no visits nothing is known to be whole.
func Counted(visits []Visit) (count int, whole bool) {
	whole = len(visits) > 0
	for _, v := range visits {
		whole = whole && len(v.Missing()) == 0
	}
	return len(visits), whole
}

// Shown reports whether the visits show that the place was looked at: one of them is whole.
func Shown(visits []Visit) bool {
	return slices.ContainsFunc(visits, func(v Visit) bool { return len(v.Missing()) == 0 })
}
