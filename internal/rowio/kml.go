package rowio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"yike/internal/xmltok"
)

// kmlReader reads the placemarks of a KML file (OGC 12-007r2). Their fields are folder
// (the names of the folders a placemark is in), name, description, address and phone,
// and what ExtendedData holds under the names it has there. Links to other files,
// pictures and styles are passed over. Coordinates are of WGS 84 by definition.
type kmlReader struct {
	ctx     context.Context //nolint:containedctx // a reader lives within the call that opened it
	name    string
	text    *textFile
	scan    *xmltok.Scanner
	folders []string
	depths  []int // of the elements that the folders are
	number  int
	ended   bool
	order   []string // of the fields of the last placemark
	links   int      // to other files, which are not followed
}

const (
	longestKMLText = 4 << 20  // bytes of the text of one element
	longestKMLLine = 64 << 20 // bytes of one list of coordinates
)

func openKML(ctx context.Context, path string) (*kmlReader, error) {
	text, _, err := openDetected(ctx, path, "")
	if err != nil {
		return nil, err
	}
	return &kmlReader{ctx: ctx, name: filepath.Base(path), text: text, scan: xmltok.New(text)}, nil
}

// Columns are the fields that every placemark may have.
func (r *kmlReader) Columns() []string {
	return []string{"folder", "name", "description", "address", "phoneNumber"}
}

// CRS is that of all KML.
func (r *kmlReader) CRS() string { return "EPSG:4326" }

// Close ends the reading.
func (r *kmlReader) Close() error { return r.text.Close() }

func (r *kmlReader) eachField(do func(name string)) {
	for _, name := range r.order {
		do(name)
	}
}

// Next reads the next placemark.
func (r *kmlReader) Next() (Row, error) {
	if r.ended {
		return Row{}, io.EOF
	}
	row, err := r.next()
	var bad *RowError
	if err != nil && (!errors.As(err, &bad) || bad.Fatal) {
		r.ended = true
	}
	return row, err
}

func (r *kmlReader) next() (Row, error) {
	for {
		if err := r.ctx.Err(); err != nil {
			return Row{}, err
		}
		kind, err := r.scan.Next()
		if errors.Is(err, io.EOF) {
			return Row{}, io.EOF
		}
		if err != nil {
			return Row{}, r.broken(err)
		}
		switch kind {
		case xmltok.End:
			r.leave()
		case xmltok.Start:
			switch string(r.scan.Name()) {
			case "Placemark":
				r.number++
				return r.placemark()
			case "Folder", "Document":
				r.folders = append(r.folders, "")
				r.depths = append(r.depths, r.scan.Depth())
			case "name":
				if err := r.folderName(); err != nil {
					return Row{}, r.broken(err)
				}
			case "NetworkLink":
				r.links++
			}
		}
	}
}

func (r *kmlReader) leave() {
	if n := len(r.depths); n > 0 && r.scan.Depth() < r.depths[n-1] {
		r.depths, r.folders = r.depths[:n-1], r.folders[:n-1]
	}
}

func (r *kmlReader) folderName() error {
	n := len(r.depths)
	inFolder := n > 0 && r.scan.Depth() == r.depths[n-1]+1
	text, err := r.elementText(longestKMLText)
	if inFolder && r.folders[n-1] == "" {
		r.folders[n-1] = strings.TrimSpace(text)
	}
	return err
}

// broken reports that the XML goes wrong. What follows cannot be read.
func (r *kmlReader) broken(err error) error {
	e := &RowError{File: r.name, Row: r.number, Fatal: true, Err: err}
	var syntax *xmltok.SyntaxError
	switch {
	case errors.Is(err, xmltok.ErrDocumentType):
		e.ReasonZH, e.ReasonEN = "文件含有 DOCTYPE 声明，出于安全不予读取", "the file has a document type (DOCTYPE), which is refused for safety"
	case errors.Is(err, xmltok.ErrTooLarge), errors.Is(err, errLongRecord):
		e.ReasonZH, e.ReasonEN = "标签或文字过长，或嵌套过深", "a tag or text is too long, or tags are nested too deep"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		e.Err = io.ErrUnexpectedEOF
		e.ReasonZH, e.ReasonEN = "XML 在此处中断，文件不完整", "the XML breaks off here; the file is not complete"
	case errors.As(err, &syntax):
		e.ReasonZH, e.ReasonEN = fmt.Sprintf("XML 语法错误（约第 %d 个字节）", syntax.Offset), err.Error()
	default:
		return fmt.Errorf("read %s: %w", r.name, err)
	}
	return e
}

// elementText is the text of the element that just began, to its end, without what
// elements inside of it hold.
func (r *kmlReader) elementText(most int) (string, error) {
	depth := r.scan.Depth()
	var b strings.Builder
	for {
		kind, err := r.scan.Next()
		if err != nil {
			return "", err
		}
		switch {
		case kind == xmltok.End && r.scan.Depth() < depth:
			return b.String(), nil
		case kind == xmltok.Text && r.scan.Depth() == depth:
			b.Write(r.scan.Text())
			if b.Len() > most {
				return "", errLongRecord
			}
		}
	}
}

// placemark reads to the end of the placemark that just began.
func (r *kmlReader) placemark() (Row, error) {
	depth := r.scan.Depth()
	p := placemark{order: []string{"folder"}, row: Row{Number: r.number, Fields: map[string]string{"folder": r.path()}}}
	for {
		kind, err := r.scan.Next()
		if err != nil {
			return Row{}, r.broken(err)
		}
		if kind == xmltok.End && r.scan.Depth() < depth {
			r.order = p.order
			return p.done(r.name)
		}
		if kind == xmltok.Start {
			if err := r.member(&p, depth); err != nil {
				return Row{}, r.broken(err)
			}
		}
	}
}

func (r *kmlReader) path() string {
	var names []string
	for _, f := range r.folders {
		if f != "" {
			names = append(names, f)
		}
	}
	return strings.Join(names, "/")
}

// placemark is one being read.
type placemark struct {
	row    Row
	shapes []orb.Geometry
	order  []string
	key    string // of the Data element that is open
	bytes  int
	fault  *RowError
}

func (p *placemark) set(key, value string) error {
	if p.bytes += len(key) + len(value); p.bytes > longestKMLText {
		return errLongRecord
	}
	if key != "" {
		p.order = append(p.order, key)
		p.row.Fields[key] = strings.TrimSpace(value)
	}
	return nil
}

func (p *placemark) done(file string) (Row, error) {
	if p.fault != nil {
		p.fault.File, p.fault.Row, p.fault.Column = file, p.row.Number, "geometry"
		return Row{}, p.fault
	}
	switch len(p.shapes) {
	case 0:
	case 1:
		p.row.Geometry = p.shapes[0]
	default:
		p.row.Geometry = gather(p.shapes)
	}
	return p.row, nil
}

// gather makes one shape of several.
func gather(shapes []orb.Geometry) orb.Geometry {
	var points orb.MultiPoint
	var lines orb.MultiLineString
	var polygons orb.MultiPolygon
	for _, s := range shapes {
		switch g := s.(type) {
		case orb.Point:
			points = append(points, g)
		case orb.LineString:
			lines = append(lines, g)
		case orb.Polygon:
			polygons = append(polygons, g)
		}
	}
	switch len(shapes) {
	case len(points):
		return points
	case len(lines):
		return lines
	case len(polygons):
		return polygons
	}
	return orb.Collection(shapes)
}

// member takes one element inside of a placemark in.
func (r *kmlReader) member(p *placemark, depth int) error {
	direct := r.scan.Depth() == depth+1
	switch name := string(r.scan.Name()); name {
	case "name", "description", "address", "phoneNumber":
		if direct {
			text, err := r.elementText(longestKMLText)
			if err != nil {
				return err
			}
			return p.set(name, text)
		}
	case "Data":
		p.key = r.scan.AttrString("name")
	case "value":
		text, err := r.elementText(longestKMLText)
		if err != nil {
			return err
		}
		return p.set(p.key, text)
	case "SimpleData":
		key := r.scan.AttrString("name")
		text, err := r.elementText(longestKMLText)
		if err != nil {
			return err
		}
		return p.set(key, text)
	case "Point", "LineString", "LinearRing", "Polygon":
		return r.shape(p, name)
	}
	return nil
}

// shape reads a geometry to its end. Shapes that a MultiGeometry gathers come one by one.
func (r *kmlReader) shape(p *placemark, name string) error {
	depth := r.scan.Depth()
	var rings [][]orb.Point
	inner := false
	for {
		kind, err := r.scan.Next()
		if err != nil {
			return err
		}
		switch {
		case kind == xmltok.End && r.scan.Depth() < depth:
			p.add(name, rings)
			return nil
		case kind != xmltok.Start:
			continue
		}
		switch string(r.scan.Name()) {
		case "innerBoundaryIs":
			inner = true
		case "outerBoundaryIs":
			inner = false
		case "coordinates":
			text, err := r.elementText(longestKMLLine)
			if err != nil {
				return err
			}
			points, fault := kmlCoordinates(text)
			if p.fault == nil {
				p.fault = fault
			}
			if !inner && len(rings) > 0 {
				rings = append([][]orb.Point{points}, rings...) // the outer one comes first
			} else {
				rings = append(rings, points)
			}
		}
	}
}

// add makes a shape of its points.
func (p *placemark) add(name string, rings [][]orb.Point) {
	if len(rings) == 0 || len(rings[0]) == 0 || p.fault != nil {
		return
	}
	switch name {
	case "Point":
		p.shapes = append(p.shapes, rings[0][0])
	case "LineString":
		if len(rings[0]) < 2 {
			p.fault = &RowError{ReasonZH: "线只有一个点", ReasonEN: "a line has only one point"}
			return
		}
		p.shapes = append(p.shapes, orb.LineString(rings[0]))
	default: // a ring by itself is meant as an area
		var polygon orb.Polygon
		for _, ring := range rings {
			closed, fault := closedRing(ring)
			if fault != nil {
				p.fault = fault
				return
			}
			polygon = append(polygon, closed)
		}
		p.shapes = append(p.shapes, polygon)
	}
}

func closedRing(ring []orb.Point) (orb.Ring, *RowError) {
	switch n := len(ring); {
	case n == 0:
		return nil, &RowError{ReasonZH: "面的环没有点", ReasonEN: "a ring of the polygon has no points"}
	case ring[0] != ring[n-1]:
		return nil, &RowError{ReasonZH: "面的环没有闭合", ReasonEN: "a ring of the polygon is not closed"}
	case n < 4:
		return nil, &RowError{ReasonZH: fmt.Sprintf("面的环只有 %d 个点，至少要 4 个", n), ReasonEN: fmt.Sprintf("a ring of the polygon has %d points and needs 4", n)}
	}
	return orb.Ring(ring), nil
}

// kmlCoordinates reads lon,lat[,height] tuples that blanks keep apart.
func kmlCoordinates(text string) ([]orb.Point, *RowError) {
	var points []orb.Point
	for tuple := range strings.FieldsSeq(text) {
		x, rest, ok := strings.Cut(tuple, ",")
		y, _, _ := strings.Cut(rest, ",")
		lon, err1 := strconv.ParseFloat(x, 64)
		lat, err2 := strconv.ParseFloat(y, 64)
		if !ok || err1 != nil || err2 != nil {
			return nil, badGeometry([]byte(tuple), "坐标应为“经度,纬度”", "a coordinate has to be longitude,latitude")
		}
		points = append(points, orb.Point{lon, lat})
	}
	return points, nil
}

func (s *sniffer) kml() (Format, error) {
	f, err := s.kmlAt(s.path)
	f.Kind = KindKML
	return f, err
}

func (s *sniffer) kmlAt(path string) (Format, error) {
	r, err := openKML(s.ctx, path)
	if err != nil {
		return Format{}, err
	}
	defer r.Close() //nolint:errcheck // read only
	v, err := s.survey(r)
	if err != nil {
		return Format{}, err
	}
	f := Format{Tables: []Table{v.table}, CRS: r.CRS(), RowsAreAll: true}
	v.note(&f)
	if r.links > 0 {
		f.note("文件中有 %d 个网络链接，不会访问", "the file has %d links to other places; they are not followed", r.links)
	}
	return f, nil
}
