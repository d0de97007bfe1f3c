// Package sitingimport reads places where a new facility may be, such as parcels and empty
// shops, out of the files people have: GeoJSON, workbooks and delimited texts, and whatever
// else rowio knows. It owns which columns mean what; it knows neither streets nor choices,
// and keeps nothing.
package sitingimport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yike/geo"
	"yike/internal/rowio"
)

// Bounds of a file and of what is taken from it.
const (
	MostBytes  = 8 << 20
	MostPlaces = 500
	mostFaults = 200
	longestID  = 64
)

// Place is a row of a file: a point, or a point inside an outline.
type Place struct {
	ID, Name string
	Point    orb.Point // lon/lat WGS 84
	Price    float64   // as the file has it; 0 where it says nothing
	Capacity int64     // as the file has it; 0 where it says nothing
	Outlined bool      // the file has an outline or a line, and Point lies in it
}

// Fault is what is wrong with a row or a cell.
type Fault struct {
	Row    int // as people count in the file; 0 for the file as a whole
	Column string
	Value  string
	ZH, EN string
}

// List is what a file says.
type List struct {
	CRS     string // that its coordinates were read in
	Places  []Place
	Faults  []Fault
	Ignored []string // headings that nothing is known of
}

// Options say how a file is to be read.
type Options struct {
	CRS    geo.CRS // used where Declared
	Given  bool    // somebody said CRS; else the file's own holds, then its headings', then WGS 84
	Inside func(orb.MultiPolygon) orb.Point
}

// Read reads the file at path, which people call name. A file that cannot be read, has no
// places or too many is a *rowio.RowError; rows at fault are in the list. O(vertices).
func Read(ctx context.Context, path, name string, o Options) (List, error) {
	limits := rowio.Limits{FileBytes: MostBytes, Unpacked: 16 * MostBytes, Rows: 4 * MostPlaces, Columns: 300, RowFaults: mostFaults}
	f, err := rowio.Sniff(ctx, path, name, limits)
	if err != nil {
		return List{}, err
	}
	for i, t := range f.Tables {
		if !t.Hidden && (t.Geometry != "" || columnsOf(t.Columns).placed()) {
			f.Table = i
			break
		}
	}
	lines, err := rowio.OpenAs(ctx, path, f, rowio.Options{Limits: limits})
	if err != nil {
		return List{}, err
	}
	defer lines.Close() //nolint:errcheck // it was only read
	r := reader{name: name, heads: lines.Columns(), columns: columnsOf(lines.Columns()), inside: o.Inside, had: map[string]bool{}}
	if r.crs, err = r.system(lines.CRS(), o); err != nil {
		return List{}, &rowio.RowError{File: name, Fatal: true, ReasonZH: "文件的坐标系无法换算：" + lines.CRS(), ReasonEN: "the file's coordinate system cannot be converted: " + lines.CRS(), Err: err}
	}
	r.list.CRS, r.list.Ignored = r.crs.String(), r.columns.ignored
	return r.list, r.rows(lines)
}

type reader struct {
	name    string
	heads   []string
	columns columns
	crs     geo.CRS
	inside  func(orb.MultiPolygon) orb.Point
	had     map[string]bool
	list    List
}

// system says which coordinate system holds. Headings such as 百度经度 tell more than none.
func (r *reader) system(declared string, o Options) (geo.CRS, error) {
	switch {
	case o.Given:
		return o.CRS, nil
	case declared != "":
		return geo.ParseCRS(declared)
	case r.columns.lon >= 0:
		if crs, ok := geo.HeadingCRS(r.heads[r.columns.lon]); ok {
			return crs, nil
		}
	}
	return geo.WGS84(), nil
}

func (r *reader) rows(lines rowio.Lines) error {
	located := r.columns.placed()
	for {
		line, err := lines.Next()
		var fault *rowio.RowError
		switch {
		case errors.Is(err, io.EOF):
			return r.end(located)
		case errors.As(err, &fault) && !fault.Fatal:
			r.fault(Fault{fault.Row, fault.Column, fault.Value, fault.ReasonZH, fault.ReasonEN})
			continue
		case err != nil:
			return err
		}
		located = located || line.Geometry != nil
		if p, ok := r.place(line); ok {
			if len(r.list.Places) == MostPlaces {
				return r.refuse(fmt.Sprintf("一次最多 %d 个地点，请先筛选", MostPlaces), fmt.Sprintf("at most %d places at a time; choose among them first", MostPlaces))
			}
			r.list.Places = append(r.list.Places, p)
		}
	}
}

func (r *reader) end(located bool) error {
	switch {
	case !located:
		return r.refuse("没有找到位置：需要“经度”“纬度”两列，或带图形的文件", "no positions: the columns longitude and latitude are needed, or a file with shapes")
	case len(r.list.Places) == 0 && len(r.list.Faults) == 0:
		return r.refuse("文件里没有地点", "the file has no places")
	}
	return nil
}

func (r *reader) refuse(zh, en string) error {
	return &rowio.RowError{File: r.name, Fatal: true, ReasonZH: zh, ReasonEN: en}
}

func (r *reader) fault(f Fault) {
	if len(r.list.Faults) < mostFaults {
		r.list.Faults = append(r.list.Faults, f)
	}
}

// place reads a row; false where it has faults, which are then kept.
func (r *reader) place(line rowio.Line) (Place, bool) {
	p, faults := Place{}, len(r.list.Faults)
	p.Name = r.cell(line, r.columns.name)
	if utf8.RuneCountInString(p.Name) > 200 {
		p.Name = string([]rune(p.Name)[:200])
	}
	p.Price = r.number(line, r.columns.price, 1e9)
	p.Capacity = int64(r.number(line, r.columns.capacity, 1e6))
	ok := r.locate(line, &p)
	if !ok || len(r.list.Faults) > faults {
		return p, false
	}
	p.ID = r.identify(r.cell(line, r.columns.id), p.Name, line.Number)
	return p, true
}

// identify gives each place an id of its own, by which people know it again.
func (r *reader) identify(id, name string, row int) string {
	for _, s := range []string{id, name, strconv.Itoa(row)} {
		if s != "" {
			id = s
			break
		}
	}
	if utf8.RuneCountInString(id) > longestID {
		id = string([]rune(id)[:longestID])
	}
	for n, wish := 2, id; r.had[id]; n++ {
		tail := fmt.Sprintf(" (%d)", n)
		id = string([]rune(wish)[:min(utf8.RuneCountInString(wish), longestID-len(tail))]) + tail
	}
	r.had[id] = true
	return id
}

func (r *reader) cell(line rowio.Line, at int) string {
	if at < 0 || at >= len(line.Cells) {
		return ""
	}
	return strings.TrimSpace(rowio.Unguarded(line.Cells[at]))
}

// number reads a cell; 0 where it is empty, a fault where it is none from 0 to most.
func (r *reader) number(line rowio.Line, at int, most float64) float64 {
	text := r.cell(line, at)
	if text == "" {
		return 0
	}
	v, err := strconv.ParseFloat(strings.NewReplacer(",", "", "，", "").Replace(text), 64)
	if err != nil || !(v >= 0 && v <= most) {
		r.fault(Fault{line.Number, r.heads[at], text, fmt.Sprintf("应为 0 至 %.0f 的数", most), fmt.Sprintf("this is to be a number from 0 to %.0f", most)})
		return 0
	}
	return v
}

// locate finds the row's point.
func (r *reader) locate(line rowio.Line, p *Place) bool {
	g := line.Geometry
	if g == nil {
		if !r.columns.placed() {
			r.fault(Fault{Row: line.Number, ZH: "这一行没有图形", EN: "this row has no shape"})
			return false
		}
		var at orb.Point
		for i, column := range []int{r.columns.lon, r.columns.lat} {
			text := r.cell(line, column)
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				r.fault(Fault{line.Number, r.heads[column], text, "应为数字坐标", "this is to be a coordinate as a number"})
				return false
			}
			at[i] = v
		}
		g = at
	}
	g, err := r.crs.GeometryToWGS84(g)
	if err != nil {
		r.fault(Fault{Row: line.Number, ZH: "坐标不对：" + err.Error(), EN: "the coordinates are wrong: " + err.Error()})
		return false
	}
	p.Point, p.Outlined = r.point(g)
	return true
}

// point is a point of a shape: of an area one inside, of a line its middle.
func (r *reader) point(g orb.Geometry) (orb.Point, bool) {
	switch g := g.(type) {
	case orb.Point:
		return g, false
	case orb.Polygon:
		return r.inside(orb.MultiPolygon{g}), true
	case orb.MultiPolygon:
		return r.inside(g), true
	case orb.LineString:
		if len(g) > 0 {
			return g[len(g)/2], true
		}
	}
	middle, _ := planar.CentroidArea(g)
	return middle, true
}
