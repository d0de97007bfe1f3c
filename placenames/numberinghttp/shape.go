package numberinghttp

import (
	"fmt"
	"strconv"

	"github.com/paulmach/orb"

	"yike/internal/record"
	"yike/placenames/numbering"
	"yike/placenames/placenamehttp"
)

// NumberingRoad is what doors are numbered along.
type NumberingRoad struct {
	Name     string         `json:"name" maxLength:"400"`
	Sections [][][2]float64 `json:"sections" nullable:"false" maxItems:"2000" doc:"Centre lines in longitude and latitude, WGS 84, in any order and direction"`
	Mouth    *[2]float64    `json:"mouth,omitempty" doc:"The only end at which a dead end is entered"`
	Start    *[2]float64    `json:"start,omitempty" doc:"Near the end that somebody chose against the compass"`
	OneSided bool           `json:"one_sided,omitempty"`
}

// mostPoints is how many points a road may have.
const mostPoints = 50_000

func (r NumberingRoad) road() (numbering.Road, []record.Fault) {
	out := numbering.Road{Name: r.Name, OneSided: r.OneSided, Mouth: pointOf(r.Mouth), Start: pointOf(r.Start)}
	points := 0
	for _, s := range r.Sections {
		line := make(orb.LineString, len(s))
		for i, p := range s {
			line[i] = p
			if !onEarth(p) {
				return out, []record.Fault{{Field: "road/sections", Value: fmt.Sprint(p), ZH: "不是经纬度", EN: "is no longitude and latitude"}}
			}
		}
		points += len(s)
		out.Sections = append(out.Sections, line)
	}
	if points > mostPoints {
		return out, []record.Fault{{Field: "road/sections", Value: strconv.Itoa(points), ZH: "道路的点不应超过 50000 个", EN: "a road has at most 50,000 points"}}
	}
	return out, nil
}

func onEarth(p [2]float64) bool { return p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90 }

func pointOf(p *[2]float64) *orb.Point {
	if p == nil {
		return nil
	}
	out := orb.Point(*p)
	return &out
}

func lonLat(p *orb.Point) *[2]float64 {
	if p == nil {
		return nil
	}
	out := [2]float64(*p)
	return &out
}

func roadOut(r numbering.Road) NumberingRoad {
	return NumberingRoad{Name: r.Name, Sections: linesOut(r.Sections), Mouth: lonLat(r.Mouth), Start: lonLat(r.Start), OneSided: r.OneSided}
}

func linesOut(lines []orb.LineString) [][][2]float64 {
	out := make([][][2]float64, 0, len(lines))
	for _, l := range lines {
		line := make([][2]float64, len(l))
		for i, p := range l {
			line[i] = p
		}
		out = append(out, line)
	}
	return out
}

// NumberingCorner says that a frontage also lies on another road.
type NumberingCorner struct {
	Road string `json:"road" maxLength:"400"`
	Main bool   `json:"main" doc:"It is the main one of the two"`
}

// NumberingNumber is a number with its sub-number.
type NumberingNumber struct {
	Number int `json:"number" minimum:"1" maximum:"1000000"`
	Suffix int `json:"suffix,omitempty" minimum:"0" maximum:"1000000"`
}

func (n *NumberingNumber) number() numbering.Number {
	if n == nil {
		return numbering.Number{}
	}
	return numbering.Number{N: n.Number, Suffix: n.Suffix}
}

func numberOut(n numbering.Number) *NumberingNumber {
	if n.N == 0 {
		return nil
	}
	return &NumberingNumber{n.N, n.Suffix}
}

// NumberingFrontage is a door, a building or plot, or vacant ground along a road.
type NumberingFrontage struct {
	ID       string                           `json:"id" minLength:"1" maxLength:"64"`
	Label    string                           `json:"label,omitempty" maxLength:"400" doc:"What the building is called"`
	Shape    *placenamehttp.PlaceNameGeometry `json:"shape,omitempty"`
	Entrance *[2]float64                      `json:"entrance,omitempty"`
	WidthM   float64                          `json:"width_m,omitempty" minimum:"0" maximum:"100000"`
	Vacant   bool                             `json:"vacant,omitempty"`
	Corner   *NumberingCorner                 `json:"corner,omitempty"`
	Yard     string                           `json:"yard,omitempty" maxLength:"200" doc:"Doors of one yard have one number"`
	Gate     bool                             `json:"gate,omitempty" doc:"The main gate of its yard"`
	Row      int                              `json:"row,omitempty" minimum:"0" maximum:"1000"`
	Fixed    *NumberingNumber                 `json:"fixed,omitempty" doc:"The number that somebody chose"`
	Reserve  bool                             `json:"reserve,omitempty"`
	Skip     bool                             `json:"skip,omitempty"`
}

func (f NumberingFrontage) frontage(i int) (numbering.Frontage, []record.Fault) {
	field := "frontages/" + strconv.Itoa(i)
	shape, faults := f.Shape.Geometry()
	for k := range faults {
		faults[k].Field = field + "/shape"
	}
	out := numbering.Frontage{
		ID: f.ID, Shape: shape, Entrance: pointOf(f.Entrance), WidthM: f.WidthM, Vacant: f.Vacant, Yard: f.Yard, Gate: f.Gate, Row: f.Row,
		Fixed: f.Fixed.number(), Reserve: f.Reserve, Skip: f.Skip,
	}
	if f.Corner != nil {
		out.Corner = &numbering.Corner{Road: f.Corner.Road, Main: f.Corner.Main}
	}
	if f.Entrance != nil && !onEarth(*f.Entrance) {
		faults = append(faults, record.Fault{Field: field + "/entrance", Value: fmt.Sprint(*f.Entrance), ZH: "不是经纬度", EN: "is no longitude and latitude"})
	}
	return out, faults
}

func frontageOut(f numbering.Frontage, label string) NumberingFrontage {
	out := NumberingFrontage{
		ID: f.ID, Label: label, Shape: placenamehttp.GeometryOf(f.Shape), Entrance: lonLat(f.Entrance), WidthM: f.WidthM, Vacant: f.Vacant, Yard: f.Yard, Gate: f.Gate,
		Row: f.Row, Fixed: numberOut(f.Fixed), Reserve: f.Reserve, Skip: f.Skip,
	}
	if f.Corner != nil {
		out.Corner = &NumberingCorner{f.Corner.Road, f.Corner.Main}
	}
	return out
}

// NumberingExisting is a number that is given or reserved already.
type NumberingExisting struct {
	ID          string      `json:"id" maxLength:"64"`
	Version     int         `json:"version,omitempty" doc:"Of the address"`
	Number      string      `json:"number" minLength:"1" maxLength:"40"`
	Suffix      string      `json:"suffix,omitempty" maxLength:"40"`
	Point       *[2]float64 `json:"point,omitempty"`
	FrontageID  string      `json:"frontage_id,omitempty" maxLength:"64"`
	Reserved    bool        `json:"reserved,omitempty"`
	Provisional bool        `json:"provisional,omitempty"`
	Flagged     bool        `json:"flagged,omitempty" doc:"A provisional number says that it is one"`
}

func (e NumberingExisting) existing(i int) (numbering.Existing, []record.Fault) {
	out, ok := numbering.ExistingOf(e.Number, e.Suffix)
	if !ok {
		return out, []record.Fault{{Field: "existing/" + strconv.Itoa(i) + "/number", Value: e.Number + " " + e.Suffix, ZH: "不是数字门牌号", EN: "is no number of figures"}}
	}
	out.ID, out.Point, out.FrontageID, out.Reserved, out.Provisional, out.Flagged = e.ID, pointOf(e.Point), e.FrontageID, e.Reserved, e.Provisional, e.Flagged
	return out, nil
}

func existingOut(e numbering.Existing) NumberingExisting {
	out := NumberingExisting{
		ID: e.ID, Version: e.Version, Number: strconv.Itoa(e.Number.N), Point: lonLat(e.Point), FrontageID: e.FrontageID, Reserved: e.Reserved, Provisional: e.Provisional,
		Flagged: e.Flagged,
	}
	if e.Number.Suffix > 0 {
		out.Suffix = strconv.Itoa(e.Number.Suffix) + e.Deeper
	}
	return out
}
