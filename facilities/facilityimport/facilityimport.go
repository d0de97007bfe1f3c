// Package facilityimport reads a pack's facilities, or places example facilities by
// the rules of package facilities where the pack asks for them.
package facilityimport

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/coverage/coveragedb"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/pack"
	"yike/internal/pack/packimport"
)

// Facilities is what a facilities layer holds.
type Facilities struct {
	Facilities  []facilities.Facility
	Places      []orb.Point // where the rows of the file lie, faulty ones too; given beside faults as well
	Report      pack.Report
	Contradicts string // the coordinate system that the file itself declares, where it is another than the manifest's
}

// Read reads a facilities layer of the types whose file lies below root. A facility outside every
// division is a fault; in a pack without divisions each belongs to adcode itself. So is a code
// that one of kept has already, which stay as people wrote them whatever the pack says.
// Faults of the file are a *pack.BadPackError.
func Read(ctx context.Context, root, adcode string, layer pack.Named, list []divisions.Division, infos []facilities.TypeInfo, kept []facilities.Facility) (out Facilities, err error) {
	table, err := packimport.Open(ctx, root, layer)
	if err != nil {
		return Facilities{}, err
	}
	out.Contradicts = table.Contradicts()
	r := reader{types: infos, list: list, locator: divisions.NewLocator(list), adcode: adcode, seen: map[string]bool{}, kept: codesOf(kept)}
	r.declared(table, layer)
	err = table.Each(ctx, func(row *packimport.Row) {
		if f, ok := r.read(row); ok {
			out.Facilities = append(out.Facilities, f)
		}
	})
	out.Places = r.places
	if err := errors.Join(err, table.Close()); err != nil {
		return Facilities{Places: out.Places, Contradicts: out.Contradicts}, err
	}
	describe(&out, infos)
	return out, nil
}

type reader struct {
	types   []facilities.TypeInfo
	list    []divisions.Division
	locator *divisions.Locator
	adcode  string
	seen    map[string]bool                // keys, and codes of other registers behind their column
	kept    map[string]facilities.Facility // by their codes behind the column
	columns []string                       // of the file that types declare, without their prefix
	places  []orb.Point
}

func (r *reader) read(row *packimport.Row) (facilities.Facility, bool) {
	f := facilities.Facility{
		SourceID: row.Key(), NameZH: row.Need("name_zh"), NameEN: row.Text("name_en"),
		Address: row.Text("address"), Capacity: row.Whole("capacity"), Status: facilities.Open,
	}
	if r.seen[f.SourceID] {
		row.Fault("source", f.SourceID, "重复", "is used twice")
	}
	r.seen[f.SourceID] = true
	f.Type = r.typeOf(row)
	if word := row.Text("status"); word != "" {
		status, ok := facilities.ParseStatus(word)
		if !ok {
			row.Fault("status", word, "应为 planned、building、open、suspended 或 closed", "must be planned, building, open, suspended or closed")
		}
		f.Status = status
	}
	f.Serves = r.serves(row)
	r.register(row, &f)
	r.typeFields(row, &f)
	point, ok := row.Point()
	if !ok {
		return f, false
	}
	f.Point = point
	r.places = append(r.places, point)
	f.DivisionCode = r.locator.Code(point)
	if f.DivisionCode == "" {
		f.DivisionCode = r.adcode
		if len(r.list) > 0 {
			row.Fault("geometry", fmt.Sprintf("%.6f, %.6f", point[0], point[1]), "不在任何辖区内", "lies outside every division")
		}
	}
	return f, !row.Bad()
}

// typeOf takes the code word of a type, or its Chinese name.
func (r *reader) typeOf(row *packimport.Row) facilities.Type {
	word := row.Need("type")
	i := slices.IndexFunc(r.types, func(t facilities.TypeInfo) bool { return string(t.Type) == word || t.ZH == word })
	if i < 0 {
		if word != "" {
			row.Fault("type", word, "设施类型目录里没有，可在 values.type 中对应", "is not in the catalogue of facility types; map it under values.type")
		}
		return ""
	}
	return r.types[i].Type
}

func (r *reader) serves(row *packimport.Row) []string {
	var codes []string
	for _, code := range strings.FieldsFunc(row.Text("serves"), func(c rune) bool { return strings.ContainsRune(";；,，、 ", c) }) {
		if !slices.ContainsFunc(r.list, func(d divisions.Division) bool { return d.Code == code }) {
			row.Fault("serves", code, "没有这个编码的辖区", "no division has this code")
		}
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// Ground is what examples are placed on.
type Ground struct {
	AdCode    string
	Divisions []divisions.Division
	Network   *walknet.Network
	People    []coveragedb.PopulationPoint
	Bands     []pack.Band
	Types     []facilities.TypeInfo
}

// Examples places example facilities by facilities.ExampleRules.
func Examples(g Ground) Facilities {
	infos := g.Types
	band := eldersBand(g.Bands)
	crowd := facilities.Crowd{}
	for _, p := range g.People {
		if p.Base == g.People[0].Base {
			crowd.Points = append(crowd.Points, p.Point)
			crowd.People = append(crowd.People, int64(p.People[band]))
			crowd.Codes = append(crowd.Codes, p.DivisionCode)
		}
	}
	onRoad := func(p orb.Point) (orb.Point, bool) {
		const nearM = 300
		snap := g.Network.Snap(p, nearM)
		return snap.Point, snap.OK() && g.Network.Component(snap.Edge) == 0 // the longest
	}
	out := Facilities{Facilities: facilities.PlaceExamples(g.Divisions, crowd, infos, onRoad)}
	for i := range out.Facilities {
		if out.Facilities[i].DivisionCode == "" {
			out.Facilities[i].DivisionCode = g.AdCode
		}
	}
	out.Report.Fact("设施均为按规则布设的示例，不是真实设施", "All facilities are examples placed by rule, not real ones")
	ages := packimport.Ages(g.Bands[band])
	for _, rule := range facilities.ExampleRules() {
		if i := slices.IndexFunc(infos, func(t facilities.TypeInfo) bool { return t.Type == rule.Type }); i >= 0 {
			out.Report.Fact(rule.Text(infos[i], ages.ZH, ages.EN))
		}
	}
	describe(&out, infos)
	return out
}

// eldersBand is the open band that begins nearest to 60 and not below it; the widest
// where there is none.
func eldersBand(bands []pack.Band) int {
	best := -1
	for i, b := range bands {
		if b.To == nil && b.From >= 60 && (best < 0 || b.From < bands[best].From) {
			best = i
		}
	}
	if best >= 0 {
		return best
	}
	return max(0, slices.IndexFunc(bands, func(b pack.Band) bool { return b.Widest }))
}

func describe(out *Facilities, infos []facilities.TypeInfo) {
	for _, info := range infos {
		n, open := 0, 0
		for _, f := range out.Facilities {
			if f.Type == info.Type {
				n++
				if f.Status == facilities.Open {
					open++
				}
			}
		}
		if n > 0 {
			out.Report.Count(string(info.Type), int64(n))
			out.Report.Fact(fmt.Sprintf("%s %d 处，开放 %d 处", info.ZH, n, open), fmt.Sprintf("%s: %d, open %d", info.EN, n, open))
		}
	}
}
