package coverageexport

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"yike/coverage"
)

// WriteGeoJSON streams one FeatureCollection (RFC 7946) of all answers: per type the
// divisions with their shares, the service circles, the gaps and the unserved points,
// told apart by the property "kind". The notices are a member of the collection and
// each feature names its facility type, so that nothing is lost when a file is cut up.
// A file for publication has small numbers left out and the others rounded, and neither
// single points nor gaps where too few people live.
func WriteGeoJSON(w io.Writer, sheets []Sheet, notices []Notice, public bool) error {
	g := &geojson{w: bufio.NewWriter(w), public: public}
	if public {
		notices = append(slices.Clone(notices), publicNotice())
	}
	g.text(`{"type":"FeatureCollection","notices":`)
	g.value(noticeMembers(notices))
	g.text(`,"features":[`)
	for _, s := range sheets {
		g.divisions(s)
		g.circles(s)
		g.gaps(s)
		if !public {
			g.unserved(s)
		}
	}
	g.text("\n]}\n")
	if g.err == nil {
		g.err = g.w.Flush()
	}
	if g.err != nil {
		return fmt.Errorf("write GeoJSON: %w", g.err)
	}
	return nil
}

type noticeMember struct {
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	URL     string `json:"url,omitempty"`
	Licence string `json:"licence,omitempty"`
}

func noticeMembers(in []Notice) []noticeMember {
	out := make([]noticeMember, len(in))
	for i, n := range in {
		out[i] = noticeMember(n)
	}
	return out
}

// geojson writes features one by one and keeps the first error.
type geojson struct {
	w      *bufio.Writer
	public bool
	err    error
	begun  bool
	rows   int
	buf    []byte
}

func (g *geojson) text(s string) {
	if g.err == nil {
		_, g.err = g.w.WriteString(s)
	}
}

func (g *geojson) bytes(b []byte) {
	if g.err == nil {
		_, g.err = g.w.Write(b)
	}
}

// value writes a value as JSON; those that most features have without much ado.
func (g *geojson) value(v any) {
	switch v := v.(type) {
	case nil:
		g.text("null")
		return
	case json.Number:
		g.text(string(v))
		return
	case int:
		g.text(strconv.Itoa(v))
		return
	case string:
		if plain(v) {
			g.text(`"`)
			g.text(v)
			g.text(`"`)
			return
		}
	}
	b, err := json.Marshal(v)
	if g.err == nil {
		g.err = err
	}
	g.text(string(b))
}

// plain says whether a string stands in JSON as it is.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return true
}

// props are the properties of a feature, in the order they are written.
type props []struct {
	key   string
	value any
}

func (p *props) set(key string, value any) {
	*p = append(*p, struct {
		key   string
		value any
	}{key, value})
}

func (g *geojson) feature(geometry orb.Geometry, p props) {
	if g.begun {
		g.text(",")
	}
	g.begun = true
	g.rows++
	g.text("\n{\"type\":\"Feature\",\"geometry\":")
	g.buf = appendGeometry(g.buf[:0], geometry)
	g.bytes(g.buf)
	g.text(`,"properties":{`)
	for i, kv := range p {
		if i > 0 {
			g.text(",")
		}
		g.value(kv.key)
		g.text(":")
		g.value(kv.value)
	}
	g.text("}}")
}

// base begins the properties of every feature.
func (s Sheet) base(kind, id string) props {
	var p props
	p.set("kind", kind)
	p.set("id", id)
	p.set("facility_type", string(s.Type))
	p.set("facility_type_zh", s.TypeName.ZH)
	p.set("base", string(s.Report.Base))
	p.set("limit_s", numberOrNull(s.limit()))
	p.set("speed_m_s", numberOrNull(s.pace()))
	p.set("judged_by", s.judgedBy())
	p.set("metres", numberOrNull(aboveZero(s.Asked.Metres)))
	p.set("profile", s.walker())
	p.set("at", s.Asked.Hour.String())
	p.set("tier", numberOrNull(aboveZero(int(s.Asked.Tier))))
	return p
}

func (g *geojson) divisions(s Sheet) {
	r := s.Report
	for i, d := range r.Divisions {
		p := s.base("division", d.Code)
		p.set("level", string(d.Level))
		p.set("parent", d.ParentCode)
		p.set("name_zh", d.NameZH)
		p.set("name_en", d.NameEN)
		p.set("pinyin", d.Pinyin)
		p.set("complete", d.Complete)
		for b, c := range r.Summary.Divisions[i] {
			band := r.Demand.Bands[b].ID
			p.set("population "+band, number(c.Population, g.public))
			p.set("covered "+band, number(c.Covered, g.public))
			if o := overlapsOf(r, i); o != nil {
				p.set("covered_by_one "+band, number(o[b].One, g.public))
				p.set("covered_by_several "+band, number(o[b].Several, g.public))
			}
			p.set("uncovered "+band, number(c.Uncovered, g.public))
			p.set("unsnapped "+band, number(c.Unsnapped, g.public))
			p.set("population_coverage "+band, orNull(coverageOf(c, g.public)))
		}
		if u := r.Summary.Units[i]; u.Total > 0 {
			p.set("units", u.Total)
			p.set("units_with", u.With)
			p.set("unit_coverage", orNull(u.UnitCoverage()))
		}
		g.feature(d.Boundary, p)
	}
}

func numberOrNull(s string) any {
	if s == "" {
		return nil
	}
	return json.Number(s)
}

func orNull(v float64, ok bool) any {
	if !ok {
		return nil
	}
	return json.Number(share(v, ok))
}

func (g *geojson) people(p *props, bands []coverage.Band, n []coverage.People) {
	for b := range bands {
		p.set("people "+bands[b].ID, number(n[b], g.public))
	}
}

func (g *geojson) circles(s Sheet) {
	for i, c := range s.Report.Circles {
		f := s.Facilities[i]
		p := s.base("service_circle", f.ID)
		p.set("name_zh", f.NameZH)
		p.set("name_en", f.NameEN)
		p.set("example", f.Example)
		p.set("snapped", s.Report.Sites[i].Snap.OK())
		p.set("lon", f.Point.Lon())
		p.set("lat", f.Point.Lat())
		g.people(&p, s.Report.Demand.Bands, c.Reached)
		if s.Report.Served != nil {
			for b, served := range s.Report.Served[i] {
				band := s.Report.Demand.Bands[b].ID
				p.set("only "+band, number(served.Only, g.public))
				p.set("shared "+band, number(served.Shared, g.public))
				p.set("nearest "+band, number(served.Nearest, g.public))
			}
		}
		p.set("area_m2", int64(c.AreaM2+0.5))
		g.feature(c.Area, p)
	}
}

func (g *geojson) gaps(s Sheet) {
	widest := coverage.Widest(s.Report.Demand.Bands)
	for _, gap := range s.Report.Gaps {
		if g.public && widest >= 0 && gap.People[widest] < coverage.PublicStep {
			continue
		}
		p := s.base("gap", gap.ID)
		code := ""
		if gap.Division >= 0 {
			code = s.Report.Divisions[gap.Division].Code
		}
		p.set("division_code", code)
		if !g.public {
			p.set("points", len(gap.Points))
		}
		g.people(&p, s.Report.Demand.Bands, gap.People)
		p.set("area_m2", int64(gap.AreaM2+0.5))
		g.feature(gap.Area, p)
	}
}

// unserved writes the points that are not covered, those off the network included.
func (g *geojson) unserved(s Sheet) {
	r := s.Report
	n := make([]coverage.People, len(r.Demand.Bands))
	for i, state := range r.Result.State {
		if state == coverage.Covered {
			continue
		}
		p := s.base("unserved_point", r.Demand.IDs[i])
		p.set("state", state.String())
		code := ""
		if at := r.Demand.Division[i]; at >= 0 {
			code = r.Divisions[at].Code
		}
		p.set("division_code", code)
		for b := range n {
			n[b] = r.Demand.People[b][i]
		}
		g.people(&p, r.Demand.Bands, n)
		g.feature(r.Demand.Points[i], p)
	}
}

// digits of a degree: 1e-7 is a centimetre.
const digits = 7

func appendGeometry(b []byte, geometry orb.Geometry) []byte {
	switch v := geometry.(type) {
	case orb.Point:
		return append(appendPoint(append(b, `{"type":"Point","coordinates":`...), v), '}')
	case orb.MultiPolygon:
		if len(v) == 0 {
			return append(b, "null"...)
		}
		b = append(b, `{"type":"MultiPolygon","coordinates":[`...)
		for i, polygon := range v {
			b = appendPolygon(comma(b, i), polygon)
		}
		return append(b, "]}"...)
	default:
		return append(b, "null"...)
	}
}

func appendPolygon(b []byte, polygon orb.Polygon) []byte {
	b = append(b, '[')
	for i, ring := range polygon {
		want := orb.CCW // the outer ring; holes run the other way (RFC 7946, 3.1.6)
		if i > 0 {
			want = orb.CW
		}
		b = append(comma(b, i), '[')
		turned := ring.Orientation() != want
		for j := range ring {
			at := j
			if turned {
				at = len(ring) - 1 - j
			}
			b = appendPoint(comma(b, j), ring[at])
		}
		b = append(b, ']')
	}
	return append(b, ']')
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}

func appendPoint(b []byte, p orb.Point) []byte {
	b = appendDegrees(append(b, '['), p.Lon())
	b = appendDegrees(append(b, ','), p.Lat())
	return append(b, ']')
}

func appendDegrees(b []byte, v float64) []byte {
	b = strconv.AppendFloat(b, v, 'f', digits, 64)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	return b
}
