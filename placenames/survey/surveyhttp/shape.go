package surveyhttp

import (
	"math"

	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/survey"
)

// NameVisitGeometry is where a place is, a GeoJSON geometry in longitude and latitude, WGS 84.
type NameVisitGeometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

// NameVisitExtent is between what a place lies, in words.
type NameVisitExtent struct {
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
	Via      string `json:"via,omitempty"`
	Position string `json:"position,omitempty"`
}

// NameVisitSite is what somebody needs of a case at its place.
type NameVisitSite struct {
	CaseID   string             `json:"case_id"`
	Number   string             `json:"number"`
	Act      string             `json:"act" enum:"naming,renaming,retirement"`
	Text     string             `json:"text" doc:"The name"`
	NewText  string             `json:"proposed_text" doc:"Of a renaming; else empty"`
	Kind     string             `json:"kind" doc:"Of the catalogue of names"`
	Division string             `json:"division_code"`
	Reason   string             `json:"reason" doc:"Of the application"`
	Ended    bool               `json:"ended"`
	Extent   NameVisitExtent    `json:"extent"`
	LengthM  *float64           `json:"length_m" nullable:"true" doc:"As the application says; null where it does not"`
	WidthM   *float64           `json:"width_m" nullable:"true"`
	SiteM2   *float64           `json:"site_m2" nullable:"true"`
	Geometry *NameVisitGeometry `json:"geometry,omitempty" doc:"Left out where nobody drew it"`
	Visits   int                `json:"visits" doc:"How many are entered"`
}

func siteOf(s survey.Site) NameVisitSite {
	out := NameVisitSite{
		CaseID: s.CaseID, Number: s.Number, Act: s.Act, Text: s.Text, NewText: s.NewText, Kind: s.Kind, Division: s.Division, Reason: s.Reason, Ended: s.Ended,
		Extent: NameVisitExtent(s.Extent), LengthM: known(s.Size.LengthM), WidthM: known(s.Size.WidthM), SiteM2: known(s.Size.SiteM2), Visits: s.Visits,
	}
	if s.Geometry != nil {
		out.Geometry = &NameVisitGeometry{Type: s.Geometry.GeoJSONType(), Coordinates: s.Geometry}
	}
	return out
}

func known(v float64) *float64 {
	if v == 0 {
		return nil
	}
	return &v
}

// NameVisitFix is where a device was.
type NameVisitFix struct {
	At        int64   `json:"t" doc:"Milliseconds since 1970 UTC"`
	Lon       float64 `json:"lon" doc:"WGS 84"`
	Lat       float64 `json:"lat"`
	AccuracyM float64 `json:"accuracy_m,omitempty" minimum:"0" doc:"Radius that holds the place with 95 %; 0 where nobody knows"`
}

func (f NameVisitFix) fix() survey.Fix {
	return survey.Fix{At: f.At, Point: orb.Point{f.Lon, f.Lat}, AccuracyM: f.AccuracyM}
}

func fixOf(f survey.Fix) NameVisitFix {
	return NameVisitFix{At: f.At, Lon: f.Point[0], Lat: f.Point[1], AccuracyM: f.AccuracyM}
}

// NameVisitPoint is a place that somebody noted.
type NameVisitPoint struct {
	Kind string `json:"kind" maxLength:"40"`
	NameVisitFix
	Note string `json:"note,omitempty" maxLength:"4000"`
}

// NameVisitPerson is somebody of the staff who was there.
type NameVisitPerson struct {
	Office string `json:"office" maxLength:"240"`
	Name   string `json:"name,omitempty" maxLength:"240" doc:"Of staff, or the post; no private person"`
}

// NameVisitFindings are what was measured and seen. 0 and empty are not measured.
type NameVisitFindings struct {
	LengthM   float64 `json:"length_m,omitempty"`
	WidthM    float64 `json:"width_m,omitempty"`
	Direction string  `json:"direction,omitempty" maxLength:"40"`
	Signs     string  `json:"signs,omitempty" maxLength:"4000" doc:"Which signs stand there and what they say"`
	Agreement string  `json:"agreement,omitempty" maxLength:"40"`
	Remark    string  `json:"remark,omitempty" maxLength:"4000" doc:"What is otherwise than the application says"`
}

func (f NameVisitFindings) findings() survey.Findings {
	return survey.Findings{LengthM: f.LengthM, WidthM: f.WidthM, Direction: f.Direction, Signs: f.Signs, Agreement: survey.Agreement(f.Agreement), Remark: f.Remark}
}

// NameVisitLine is a line of the survey record.
type NameVisitLine struct {
	LabelZH string `json:"label_zh"`
	LabelEN string `json:"label_en"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
}

// NameVisit is one version of a visit.
type NameVisit struct {
	ID        string            `json:"id"`
	Version   int               `json:"version"`
	CaseID    string            `json:"case_id"`
	Division  string            `json:"division_code"`
	Day       string            `json:"day" format:"date"`
	People    []NameVisitPerson `json:"people" nullable:"false"`
	Track     []NameVisitFix    `json:"track" nullable:"false" doc:"As it is kept: cleaned and shortened to within 2 m"`
	WalkedM   float64           `json:"walked_m" doc:"Length of the track"`
	AlongM    *float64          `json:"along_m" nullable:"true" doc:"Of the track between the points noted as start and end; null where they do not lie on it"`
	Points    []NameVisitPoint  `json:"points" nullable:"false"`
	Findings  NameVisitFindings `json:"findings"`
	Note      string            `json:"note"`
	Photos    int               `json:"photos" doc:"Of its attachments"`
	Counts    bool              `json:"counts" doc:"It has what a survey needs: day, people, and a track or photos"`
	Missing   []placenames.Code `json:"missing" nullable:"false" doc:"What keeps it from counting"`
	Record    []NameVisitLine   `json:"record" nullable:"false" doc:"The lines of the survey record"`
	EnteredBy string            `json:"entered_by"`
	Settled   bool              `json:"settled" doc:"The case went on with it, so that it stays as it is"`
	ValidFrom string            `json:"valid_from"`
}

func visitOf(v survey.Visit, applied survey.Applied) NameVisit {
	out := NameVisit{
		ID: v.ID, Version: v.Version, CaseID: v.CaseID, Division: v.Division, Day: string(v.Day), People: []NameVisitPerson{}, Track: []NameVisitFix{},
		WalkedM: tenth(survey.Walked(v.Track)), Points: []NameVisitPoint{}, Note: v.Note, Photos: v.Photos, Missing: append([]placenames.Code{}, v.Missing()...),
		Record: []NameVisitLine{}, EnteredBy: v.By, Settled: v.Settled, ValidFrom: string(v.ValidFrom),
		Findings: NameVisitFindings{
			LengthM: v.Findings.LengthM, WidthM: v.Findings.WidthM, Direction: v.Findings.Direction, Signs: v.Findings.Signs,
			Agreement: string(v.Findings.Agreement), Remark: v.Findings.Remark,
		},
	}
	out.Counts = len(out.Missing) == 0
	if m, ok := v.Along(); ok {
		m = tenth(m)
		out.AlongM = &m
	}
	for _, p := range v.People {
		out.People = append(out.People, NameVisitPerson(p))
	}
	for _, f := range v.Track {
		out.Track = append(out.Track, fixOf(f))
	}
	for _, p := range v.Points {
		out.Points = append(out.Points, NameVisitPoint{Kind: p.Kind, NameVisitFix: fixOf(p.Fix), Note: p.Note})
	}
	for _, l := range survey.Record(v, applied) {
		out.Record = append(out.Record, NameVisitLine(l))
	}
	return out
}

func tenth(m float64) float64 { return math.Round(10*m) / 10 }

// newVisit is a visit that is entered.
type newVisit struct {
	Day      string            `json:"day" maxLength:"10"`
	People   []NameVisitPerson `json:"people,omitempty" nullable:"false" maxItems:"100"`
	Track    []NameVisitFix    `json:"track,omitempty" nullable:"false" maxItems:"30000"`
	Points   []NameVisitPoint  `json:"points,omitempty" nullable:"false" maxItems:"1000"`
	Findings NameVisitFindings `json:"findings,omitempty" required:"false"`
	Note     string            `json:"note,omitempty" maxLength:"4000"`
	httpapi.RecordEntry
}

func (n newVisit) visit(caseID string) survey.Visit {
	return survey.Visit{
		CaseID: caseID, Day: record.Day(n.Day), People: peopleOf(n.People), Track: trackOf(n.Track), Points: pointsOf(n.Points), Findings: n.Findings.findings(), Note: n.Note,
	}
}

func peopleOf(list []NameVisitPerson) []survey.Person {
	var out []survey.Person
	for _, p := range list {
		out = append(out, survey.Person(p))
	}
	return out
}

func trackOf(list []NameVisitFix) []survey.Fix {
	var out []survey.Fix
	for _, f := range list {
		out = append(out, f.fix())
	}
	return out
}

func pointsOf(list []NameVisitPoint) []survey.Point {
	var out []survey.Point
	for _, p := range list {
		out = append(out, survey.Point{Kind: p.Kind, Fix: p.fix(), Note: p.Note})
	}
	return out
}

// visitPatch is what a person wants otherwise of a visit.
type visitPatch struct {
	Day      *string            `json:"day,omitempty" maxLength:"10"`
	People   *[]NameVisitPerson `json:"people,omitempty" maxItems:"100"`
	Track    *[]NameVisitFix    `json:"track,omitempty" maxItems:"30000"`
	Points   *[]NameVisitPoint  `json:"points,omitempty" maxItems:"1000"`
	Findings *NameVisitFindings `json:"findings,omitempty" doc:"As a whole"`
	Note     *string            `json:"note,omitempty" maxLength:"4000"`
	httpapi.RecordRevision
}

func (p visitPatch) patch() survey.Patch {
	out := survey.Patch{Day: (*record.Day)(p.Day), Note: p.Note}
	if p.People != nil {
		list := peopleOf(*p.People)
		out.People = &list
	}
	if p.Track != nil {
		list := trackOf(*p.Track)
		out.Track = &list
	}
	if p.Points != nil {
		list := pointsOf(*p.Points)
		out.Points = &list
	}
	if p.Findings != nil {
		f := p.Findings.findings()
		out.Findings = &f
	}
	return out
}
