package placenamehttp

import (
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"yike/geo"
	"yike/internal/record"
	"yike/placenames"
)

// PlaceNameGeometry is where a place is, a GeoJSON geometry in longitude and latitude, WGS 84.
type PlaceNameGeometry struct {
	Type        string          `json:"type" enum:"Point,LineString,MultiLineString,Polygon,MultiPolygon"`
	Coordinates json.RawMessage `json:"coordinates" doc:"As RFC 7946 has them for the type"`
}

// Schema is that of the two members, with coordinates of any depth.
func (PlaceNameGeometry) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeObject, Nullable: true, Required: []string{"type", "coordinates"}, AdditionalProperties: false,
		Description: "A GeoJSON geometry in longitude and latitude, WGS 84; null where nobody drew it",
		Properties: map[string]*huma.Schema{
			"type":        {Type: huma.TypeString, Enum: []any{"Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}},
			"coordinates": {Type: huma.TypeArray, Items: &huma.Schema{}, Description: "As RFC 7946 has them for the type; at most 20,000 points"},
		},
	}
}

// PlaceNameExtent says in words where a place begins and ends.
type PlaceNameExtent struct {
	From     string `json:"from,omitempty" nullable:"true" maxLength:"400" doc:"起点"`
	To       string `json:"to,omitempty" nullable:"true" maxLength:"400" doc:"止点"`
	Via      string `json:"via,omitempty" nullable:"true" maxLength:"400" doc:"途经"`
	Position string `json:"position,omitempty" nullable:"true" maxLength:"1000" doc:"Of what has no two ends"`
}

// PlaceNameSize is how large a place is; what is left out, null or 0 is not known.
type PlaceNameSize struct {
	LengthM  float64  `json:"length_m,omitempty" nullable:"true" doc:"Metres"`
	WidthM   float64  `json:"width_m,omitempty" nullable:"true" doc:"Metres between the red lines"`
	SiteM2   float64  `json:"site_m2,omitempty" nullable:"true" doc:"Square metres"`
	FloorM2  float64  `json:"floor_m2,omitempty" nullable:"true" doc:"Floor area above ground"`
	HousingM float64  `json:"housing_m2,omitempty" nullable:"true" doc:"Of housing within the floor area"`
	OpenM2   float64  `json:"open_m2,omitempty" nullable:"true" doc:"Public open ground"`
	HeightM  float64  `json:"height_m,omitempty" nullable:"true"`
	Floors   int      `json:"floors,omitempty" nullable:"true"`
	GreenPct *float64 `json:"green_pct" required:"false" doc:"Green ratio in per cent; null where nobody knows"`
}

// PlaceNameAlias is another name that people use for the place.
type PlaceNameAlias struct {
	Text string `json:"text" maxLength:"200"`
	Kind string `json:"kind" enum:"short,colloquial,historic,minority,promotion"`
	Note string `json:"note,omitempty" maxLength:"1000"`
}

// PlaceNameDecision is the document by which a version was decided, or where the name was found.
type PlaceNameDecision struct {
	Kind   string `json:"kind,omitempty" nullable:"true" enum:"naming,renaming,retirement,annulment,ruling,observed"`
	Number string `json:"number,omitempty" nullable:"true" maxLength:"100" doc:"文号"`
	Day    string `json:"day,omitempty" nullable:"true" maxLength:"10"`
	Body   string `json:"body,omitempty" nullable:"true" maxLength:"100" doc:"The authority"`
	Title  string `json:"title,omitempty" nullable:"true" maxLength:"200"`
}

// PlaceNameFormer is a name that the place had as its standard one.
type PlaceNameFormer struct {
	Text     string            `json:"text" maxLength:"200"`
	Roman    string            `json:"roman,omitempty" maxLength:"200"`
	From     string            `json:"from,omitempty" maxLength:"10" doc:"Left out where nobody knows"`
	Until    string            `json:"until,omitempty" maxLength:"10"`
	Decision PlaceNameDecision `json:"decision" doc:"By which it ended"`
}

// PlaceNameHeritage is an entry of the list of protected names.
type PlaceNameHeritage struct {
	List     string `json:"list" required:"false" maxLength:"200"`
	Level    string `json:"level,omitempty" nullable:"true" maxLength:"100" doc:"Of which authority the list is"`
	Since    string `json:"since,omitempty" nullable:"true" maxLength:"10"`
	Reason   string `json:"reason,omitempty" nullable:"true" maxLength:"2000"`
	Measures string `json:"measures,omitempty" nullable:"true" maxLength:"2000" doc:"Of protection at a renaming"`
}

// Schema is that of the fields, or null.
func (PlaceNameHeritage) Schema(r huma.Registry) *huma.Schema {
	type fields PlaceNameHeritage
	return orNull(r, reflect.TypeFor[fields]())
}

// PlaceNameReuse says which retired name's characters a record takes again, and why.
type PlaceNameReuse struct {
	ID     string `json:"id" required:"false" maxLength:"64"`
	Reason string `json:"reason" required:"false" maxLength:"2000"`
}

// Schema is that of the fields, or null.
func (PlaceNameReuse) Schema(r huma.Registry) *huma.Schema {
	type fields PlaceNameReuse
	return orNull(r, reflect.TypeFor[fields]())
}

func orNull(r huma.Registry, t reflect.Type) *huma.Schema {
	s := *huma.SchemaFromType(r, t)
	s.Nullable = true
	return &s
}

// PlaceNameContent is what a person writes of a record besides its state. Null and what is left
// out are not known.
type PlaceNameContent struct {
	Text           string             `json:"text" required:"false" maxLength:"200"`
	Specific       string             `json:"specific" required:"false" nullable:"true" maxLength:"200" doc:"专名. The three parts one after another are the text; they are worked out where parts_confirmed is not true"`
	Modifier       string             `json:"modifier" required:"false" nullable:"true" maxLength:"40" doc:"A direction or a number between the two"`
	Generic        string             `json:"generic" required:"false" nullable:"true" maxLength:"40" doc:"通名"`
	PartsConfirmed bool               `json:"parts_confirmed" required:"false" nullable:"true" doc:"A person said that the parts are these"`
	Roman          string             `json:"roman" required:"false" nullable:"true" maxLength:"400" doc:"As confirmed; empty until somebody did"`
	Readings       []string           `json:"readings" required:"false" nullable:"true" maxItems:"200" doc:"Confirmed reading of each character, with its tone; empty until then"`
	Kind           string             `json:"kind" required:"false" maxLength:"40"`
	Divisions      []string           `json:"divisions" required:"false" nullable:"true" maxItems:"50" doc:"In which it lies; the first decides the authority. They follow from the geometry where none is given"`
	BuiltUpArea    string             `json:"built_up_area" required:"false" nullable:"true" maxLength:"200"`
	Famous         *bool              `json:"famous" required:"false" doc:"国内著名, of a natural feature; null where nobody said"`
	Important      *bool              `json:"important" required:"false" doc:"具有重要地理方位意义; null where nobody said"`
	Geometry       *PlaceNameGeometry `json:"geometry" required:"false"`
	Extent         PlaceNameExtent    `json:"extent" required:"false"`
	Size           PlaceNameSize      `json:"size" required:"false"`
	Origin         string             `json:"origin" required:"false" nullable:"true" maxLength:"4000" doc:"来历"`
	Meaning        string             `json:"meaning" required:"false" nullable:"true" maxLength:"4000" doc:"含义"`
	Aliases        []PlaceNameAlias   `json:"aliases" required:"false" nullable:"true" maxItems:"50"`
	Former         []PlaceNameFormer  `json:"former" required:"false" nullable:"true" maxItems:"50" doc:"The latest last"`
	Decision       PlaceNameDecision  `json:"decision" required:"false"`
	Heritage       *PlaceNameHeritage `json:"heritage" required:"false" doc:"Null where it is on no list"`
	Planned        string             `json:"planned" required:"false" nullable:"true" maxLength:"64" doc:"Id of the reserved name that it takes"`
	ParentID       string             `json:"parent_id" required:"false" nullable:"true" maxLength:"64" doc:"The road, river or estate of which it is a part"`
	HostID         string             `json:"host_id" required:"false" nullable:"true" maxLength:"64" doc:"The place that gave it its name"`
	Reuses         *PlaceNameReuse    `json:"reuses" required:"false"`
	Note           string             `json:"note" required:"false" nullable:"true" maxLength:"4000"`
}

// PlaceNameRecord is a record as the API gives it.
type PlaceNameRecord struct {
	ID      string `json:"id" doc:"Of the place for its life"`
	Version int    `json:"version" doc:"Version of the record, also its entity tag"`
	PlaceNameContent
	Class       string      `json:"class" doc:"That its kind is of"`
	State       string      `json:"state"`
	SuccessorID string      `json:"successor_id" doc:"The record that has its place since it ended; empty for none"`
	ValidFrom   *string     `json:"valid_from" nullable:"true" doc:"First day of this version; null without a beginning"`
	Position    *[2]float64 `json:"position" nullable:"true" doc:"A point of it; null where nobody drew it"`
	Next        []string    `json:"next_states" nullable:"false" doc:"To which a move may lead"`
	MayWrite    bool        `json:"may_write" doc:"The reader keeps the record"`
}

func recordOf(i placenames.Item) PlaceNameRecord {
	out := PlaceNameRecord{
		ID: i.ID, Version: i.Version, PlaceNameContent: contentOf(i.Name), Class: i.Class, State: string(i.State), SuccessorID: i.SuccessorID, ValidFrom: dayOut(i.ValidFrom),
		Next: []string{}, MayWrite: i.MayWrite,
	}
	for _, s := range i.State.Next() {
		out.Next = append(out.Next, string(s))
	}
	if i.Geometry != nil {
		out.Position = pointOut(inside(i.Geometry), true)
	}
	return out
}

func contentOf(n placenames.Name) PlaceNameContent {
	out := PlaceNameContent{
		Text: n.Text, Specific: n.Parts.Specific, Modifier: n.Parts.Modifier, Generic: n.Parts.Generic, PartsConfirmed: n.Parts.Confirmed, Roman: n.Roman,
		Readings: append([]string{}, n.Readings...), Kind: n.Kind, Divisions: append([]string{}, n.Divisions...), BuiltUpArea: n.BuiltUpArea, Famous: n.Famous,
		Important: n.Important, Geometry: geometryOut(n.Geometry), Extent: PlaceNameExtent(n.Extent), Size: PlaceNameSize(n.Size), Origin: n.Origin, Meaning: n.Meaning,
		Aliases: []PlaceNameAlias{}, Former: []PlaceNameFormer{}, Decision: decisionOut(n.Decision), Planned: n.Planned, ParentID: n.ParentID, HostID: n.HostID,
		Reuses: (*PlaceNameReuse)(n.Reuses), Note: n.Note,
	}
	for _, a := range n.Aliases {
		out.Aliases = append(out.Aliases, PlaceNameAlias{a.Text, string(a.Kind), a.Note})
	}
	for _, o := range n.Former {
		out.Former = append(out.Former, PlaceNameFormer{o.Text, o.Roman, string(o.From), string(o.Until), decisionOut(o.Decision)})
	}
	if h := n.Heritage; h != nil {
		out.Heritage = &PlaceNameHeritage{h.List, h.Level, string(h.Since), h.Reason, h.Measures}
	}
	return out
}

// name reads what a person wrote, with the faults of what cannot be read.
func (c PlaceNameContent) name() (placenames.Name, []record.Fault) {
	n := placenames.Name{
		Text: c.Text, Parts: placenames.Parts{Specific: c.Specific, Modifier: c.Modifier, Generic: c.Generic, Confirmed: c.PartsConfirmed}, Roman: c.Roman,
		Readings: c.Readings, Kind: c.Kind, Divisions: c.Divisions, BuiltUpArea: c.BuiltUpArea, Famous: c.Famous, Important: c.Important,
		Extent: placenames.Extent(c.Extent), Size: placenames.Size(c.Size), Origin: c.Origin, Meaning: c.Meaning, Decision: c.Decision.read(), Planned: c.Planned,
		ParentID: c.ParentID, HostID: c.HostID, Reuses: (*placenames.Reuse)(c.Reuses), Note: c.Note,
	}
	for _, a := range c.Aliases {
		n.Aliases = append(n.Aliases, placenames.Alias{Text: a.Text, Kind: placenames.AliasKind(a.Kind), Note: a.Note})
	}
	for _, o := range c.Former {
		n.Former = append(n.Former, placenames.Former{Text: o.Text, Roman: o.Roman, From: record.Day(o.From), Until: record.Day(o.Until), Decision: o.Decision.read()})
	}
	if h := c.Heritage; h != nil {
		n.Heritage = &placenames.Heritage{List: h.List, Level: h.Level, Since: record.Day(h.Since), Reason: h.Reason, Measures: h.Measures}
	}
	var faults []record.Fault
	n.Geometry, faults = c.Geometry.read()
	return n, faults
}

func decisionOut(d placenames.Decision) PlaceNameDecision {
	return PlaceNameDecision{string(d.Kind), d.Number, string(d.Day), d.Body, d.Title}
}

func (d PlaceNameDecision) read() placenames.Decision {
	return placenames.Decision{Kind: placenames.DecisionKind(d.Kind), Number: d.Number, Day: record.Day(d.Day), Body: d.Body, Title: d.Title}
}

// dayOut is a day or null.
func dayOut(d record.Day) *string {
	if d == "" {
		return nil
	}
	s := string(d)
	return &s
}

func geometryOut(g orb.Geometry) *PlaceNameGeometry {
	if g == nil {
		return nil
	}
	raw, _ := json.Marshal(g) // numbers always encode
	return &PlaceNameGeometry{Type: g.GeoJSONType(), Coordinates: raw}
}

const mostPoints = 20_000

// read gives the geometry, with the fault of one that cannot be read.
func (g *PlaceNameGeometry) read() (orb.Geometry, []record.Fault) {
	if g == nil {
		return nil, nil
	}
	fault := func(zh, en string) (orb.Geometry, []record.Fault) {
		return nil, []record.Fault{{Field: "geometry", Value: g.Type, ZH: zh, EN: en}}
	}
	raw, err := json.Marshal(g)
	if err != nil {
		return fault("图形不是 GeoJSON", "is no GeoJSON geometry")
	}
	read, err := geojson.UnmarshalGeometry(raw)
	if err != nil {
		return fault("图形不是 GeoJSON", "is no GeoJSON geometry")
	}
	out := read.Geometry()
	if reflect.ValueOf(out).Kind() == reflect.Slice && reflect.ValueOf(out).Len() == 0 {
		return fault("图形没有点", "has no points")
	}
	if points(out) > mostPoints {
		return fault("图形的点不应超过 20000 个", "at most 20,000 points")
	}
	return out, nil
}

func points(g orb.Geometry) int {
	n := 0
	switch g := g.(type) {
	case orb.Point:
		return 1
	case orb.LineString:
		return len(g)
	case orb.MultiLineString:
		for _, l := range g {
			n += len(l)
		}
	case orb.Polygon:
		for _, r := range g {
			n += len(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			n += points(p)
		}
	}
	return n
}

// inside gives a point of a place: the middle of a line, and one that is within an area.
func inside(g orb.Geometry) orb.Point {
	switch g := g.(type) {
	case orb.Point:
		return g
	case orb.LineString:
		return g[len(g)/2]
	case orb.MultiLineString:
		return inside(g[0])
	case orb.Polygon:
		return geo.Inside(orb.MultiPolygon{g})
	case orb.MultiPolygon:
		return geo.Inside(g)
	}
	return orb.Point{}
}
