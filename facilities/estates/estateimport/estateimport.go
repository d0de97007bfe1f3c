// Package estateimport reads lists of estates and of their planned rooms out of the files
// people have: workbooks, delimited texts, and whatever else with shapes rowio knows. What
// stands in the columns is a rule of facilities/estates/estatelist; this package knows files and
// coordinate systems, and neither storage nor HTTP.
package estateimport

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities/estates/estatelist"
	"yike/facilities/lists"
	"yike/facilities/lists/listimport"
	"yike/geo"
	"yike/geo/divisions"
	"yike/internal/record"
	"yike/internal/rowio"
)

// MostBytes is how large a file may be.
const MostBytes = 64 << 20

// Options say how a file is to be read, and what it is held against.
type Options struct {
	Places []divisions.Division
	CRS    geo.CRS // that somebody says the shapes are in, where Given
	Given  bool    // else the file's own holds, then its headings', then WGS 84
	Bounds orb.Bound
	// Roads gives the district's roads in WGS 84, which shapes are held against; nil for none.
	Roads func() []orb.LineString
}

// Kind says what a sheet or a layer lists.
type Kind string

// The kinds.
const (
	Estates Kind = "estates"
	Rooms   Kind = "rooms"
	Nothing Kind = "nothing" // it has no heading that we know, and is passed over
)

// Sheet is a sheet or a layer of a file, as it was read.
type Sheet struct {
	Name    string
	Kind    Kind
	Rows    int
	CRS     string   // of its shapes and positions; "" where it has none
	Ignored []string // headings that nothing is known of
}

// File is what a file says of estates and rooms.
type File struct {
	Name    string
	Sheets  []Sheet
	Lists   estatelist.Lists
	Faults  []lists.Fault // of sheets as a whole, and of rows that cannot be read
	Remarks []estatelist.Remark
}

// Read reads the file at path, which people call name. Every sheet and layer that is shown
// and has headings of estates or of rooms is read. A file that has none, cannot be read or
// has too many rows is a *rowio.RowError. O(rows · divisions).
func Read(ctx context.Context, path, name string, o Options) (File, error) {
	limits := rowio.Limits{FileBytes: MostBytes, Unpacked: 8 * MostBytes, Rows: 2 * estatelist.MostRows, Columns: 300, RowFaults: 1000}
	f, err := rowio.Sniff(ctx, path, name, limits)
	if err != nil {
		return File{}, err
	}
	r := reader{File: File{Name: name}, o: o, places: lists.NewPlaces(o.Places), placed: map[string]func(int, record.Fault) lists.Fault{}}
	read := 0
	for _, t := range f.Tables {
		kind := kindOf(t)
		if t.Hidden || t.Rows == 0 && kind == Nothing {
			continue
		}
		if kind == Nothing {
			r.Sheets = append(r.Sheets, Sheet{Name: t.Name, Kind: Nothing, Rows: t.Rows})
			continue
		}
		read++
		if err := r.table(ctx, path, f, t, kind, limits); err != nil {
			return r.File, err
		}
	}
	if read == 0 {
		return r.File, &rowio.RowError{
			File: name, Fatal: true, ReasonZH: "没有找到小区或配建用房的列表：至少需要“小区名称”一列，用房另需用房名称、用途、楼栋等列。请用模板，或改列名",
			ReasonEN: "no list of estates or rooms: at least the column “estate name” is needed, and for rooms their name, use or building; use a template, or rename the columns",
		}
	}
	if read == 1 {
		r.single()
	}
	r.Lists.Placed = func(sheet string, row int, fault record.Fault) lists.Fault { return r.placed[sheet](row, fault) }
	r.fit()
	return r.File, nil
}

// kindOf says what a table lists: by its headings, and where only a name tells nothing by its
// shapes.
func kindOf(t rowio.Table) Kind {
	_, wholeFaults := estatelist.NewEstateReader(t.Columns, lists.Places{}, geo.WGS84())
	_, roomFaults := estatelist.NewRoomReader(t.Columns, lists.Places{}, geo.WGS84())
	lacks := func(faults []lists.Fault) bool {
		return slices.ContainsFunc(faults, func(f lists.Fault) bool { return f.Column == "" })
	}
	switch {
	case !lacks(roomFaults) && (estatelist.ListsRooms(t.Columns) || t.Geometry == "point"):
		return Rooms
	case !lacks(wholeFaults):
		return Estates
	}
	return Nothing
}

type reader struct {
	File
	o      Options
	places lists.Places
	placed map[string]func(int, record.Fault) lists.Fault
}

func (r *reader) table(ctx context.Context, path string, f rowio.Format, t rowio.Table, kind Kind, limits rowio.Limits) error {
	lines, err := rowio.OpenAs(ctx, path, f, rowio.Options{Table: t.Name, Limits: limits})
	if err != nil {
		return err
	}
	defer lines.Close() //nolint:errcheck // it was only read
	crs, err := r.system(lines)
	if err != nil {
		return &rowio.RowError{
			File: r.Name, Fatal: true, ReasonZH: "文件的坐标系无法换算：" + lines.CRS() + "。请声明坐标系，或另存为 CGCS2000 经纬度",
			ReasonEN: "the file's coordinate system cannot be converted: " + lines.CRS() + "; say which it is, or save it as CGCS2000 degrees", Err: err,
		}
	}
	s := Sheet{Name: t.Name, Kind: kind}
	located := false
	if kind == Rooms {
		rooms, faults := estatelist.NewRoomReader(lines.Columns(), r.places, crs)
		r.Lists.Rooms, err = each(r, lines, &s, rooms, faults, r.Lists.Rooms)
		located = rooms.Of("lon") != ""
	} else {
		whole, faults := estatelist.NewEstateReader(lines.Columns(), r.places, crs)
		r.Lists.Estates, err = each(r, lines, &s, whole, faults, r.Lists.Estates)
	}
	if located || t.Geometry != "" {
		s.CRS = crs.String()
	}
	r.Sheets = append(r.Sheets, s)
	return err
}

// system says which coordinate system holds.
func (r *reader) system(lines rowio.Lines) (geo.CRS, error) {
	switch {
	case r.o.Given:
		return r.o.CRS, nil
	case lines.CRS() != "":
		return geo.ParseCRS(lines.CRS())
	}
	for _, head := range lines.Columns() {
		if crs, ok := geo.HeadingCRS(head); ok {
			return crs, nil
		}
	}
	return geo.WGS84(), nil
}

// each reads the rows of a table behind those of others.
func each[T any](r *reader, lines rowio.Lines, s *Sheet, list *estatelist.Reader[T], faults []lists.Fault, out []estatelist.Row[T]) ([]estatelist.Row[T], error) {
	r.placed[s.Name] = list.Placed
	s.Ignored = list.Ignored
	bad, err := listimport.Each(lines, r.Name, estatelist.MostRows, func(line rowio.Line, faults []lists.Fault) {
		row := list.Read(line.Number, line.Cells, line.Geometry)
		row.Sheet = s.Name
		row.Faults = append(row.Faults, faults...)
		out = append(out, row)
		s.Rows++
	})
	for _, f := range append(faults, bad...) {
		f.Sheet = s.Name
		r.Faults = append(r.Faults, f)
	}
	for _, c := range list.Converted() {
		zh, en := converted(c)
		r.Remarks = append(r.Remarks, estatelist.Remark{Sheet: s.Name, ZH: zh, EN: en})
	}
	return out, err
}

// converted says how a column was read that is in another unit.
func converted(c estatelist.Converted) (zh, en string) {
	times := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", c.Times), "0"), ".")
	timesZH := times
	if c.Area {
		timesZH, times = times+" 平方米", times+" m²"
	}
	if c.Own {
		return fmt.Sprintf("“%s”有 %d 格自带单位“%s”，已按 1%s = %s 换算", c.Column, c.Cells, c.Unit, c.Unit, timesZH),
			fmt.Sprintf("cells of “%s” that name the unit “%s”, each taken as %s: %d", c.Column, c.Unit, times, c.Cells)
	}
	return fmt.Sprintf("“%s”以“%s”为单位，%d 格已按 1%s = %s 换算", c.Column, c.Unit, c.Cells, c.Unit, timesZH),
		fmt.Sprintf("“%s” is in “%s”, each taken as %s: %d cells", c.Column, c.Unit, times, c.Cells)
}

// single takes the name of the only sheet away, since nobody asks which.
func (r *reader) single() {
	for i := range r.Lists.Estates {
		r.Lists.Estates[i].Sheet = ""
	}
	for i := range r.Lists.Rooms {
		r.Lists.Rooms[i].Sheet = ""
	}
	for i := range r.Faults {
		r.Faults[i].Sheet = ""
	}
	for i := range r.Remarks {
		r.Remarks[i].Sheet = ""
	}
	for _, placed := range r.placed {
		r.placed[""] = placed
	}
}
