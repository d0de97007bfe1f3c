// Package addressimport brings registers of addresses and plates that exist already: tables of
// standard addresses of the police, lists of plates that hang. It reads the files people have,
// finds which address each row is of, and has what is new made; what cannot be told is left to a
// person. It knows files and the store, and no HTTP.
package addressimport

import (
	"context"
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities/lists"
	"yike/facilities/lists/listimport"
	"yike/geo"
	"yike/internal/address"
	"yike/internal/hanzi"
	"yike/internal/record"
	"yike/internal/rowio"
	"yike/placenames/addresses"
)

// How large a file may be.
const (
	MostBytes = 32 << 20
	MostRows  = 20_000
)

// Row is a row of a register, as it was read.
type Row struct {
	No      int    // as people count in the file
	Code    string // of the register, as it is
	Payload string // what the code on a plate holds, as it is
	Text    string // the address as it is written
	Name    string // road, estate or village
	Number  string
	Suffix  string
	Labels  map[addresses.Level]string
	Point   *orb.Point // lon/lat WGS 84
	Span    bool       // it is of several numbers at once
}

// File is a register as a file has it.
type File struct {
	Name    string
	Rows    []Row
	Faults  []lists.Fault
	Ignored []string
	Columns map[string]string // what each column was taken for: field to heading
}

func columns() []lists.Column {
	return []lists.Column{
		{Code: "code", ZH: "地址编码", EN: "Code", Also: []string{"标准地址编码", "标准地址代码", "地址代码", "门牌编码", "门牌编号", "编码", "dzbm", "bzdzbm", "mpbm"}},
		{Code: "payload", ZH: "二维码内容", EN: "QR payload", Also: []string{"二维码", "二维码地址", "二维码链接", "qr", "qrcode", "url"}},
		{Code: "address", ZH: "标准地址", EN: "Address", Also: []string{"地址", "详细地址", "地址全称", "标准地址名称", "门牌地址", "dzmc", "bzdz"}},
		{Code: "name", ZH: "街路巷", EN: "Road or estate", Also: []string{"街路巷名称", "道路名称", "路名", "小区", "小区名称", "地名", "街路巷小区", "jlx", "jlxmc"}},
		{Code: "number", ZH: "门牌号", EN: "House number", Also: []string{"门牌", "门楼牌号", "门牌号码", "号", "mph"}},
		{Code: "suffix", ZH: "附号", EN: "Sub-number", Also: []string{"附号数字"}},
		{Code: "building", ZH: "楼栋", EN: "Building", Also: []string{"楼号", "幢号", "栋号", "楼牌号", "ldh"}},
		{Code: "unit", ZH: "单元", EN: "Unit", Also: []string{"单元号", "dyh"}},
		{Code: "room", ZH: "户室", EN: "Room", Also: []string{"户号", "室号", "房号", "门户号", "hsh"}},
		{Code: "lon", ZH: "经度", EN: "Longitude", Also: []string{"x", "lng", "坐标x", "x坐标"}},
		{Code: "lat", ZH: "纬度", EN: "Latitude", Also: []string{"y", "坐标y", "y坐标"}},
	}
}

// Read reads the file at path, which people call name, whose places are in a coordinate system that
// somebody declared. A file that cannot be read or has too many rows is a *rowio.RowError.
// O(rows).
func Read(ctx context.Context, path, name string, crs geo.CRS) (File, error) {
	out := File{Name: name, Columns: map[string]string{}}
	limits := rowio.Limits{FileBytes: MostBytes, Unpacked: 16 * MostBytes, Rows: MostRows + 1, Columns: 200, RowFaults: 1000}
	f, err := rowio.Sniff(ctx, path, name, limits)
	if err != nil {
		return out, err
	}
	for i, t := range f.Tables {
		if h, _ := lists.ReadHeads(t.Columns, columns(), nil); !t.Hidden && h.Fields() > 1 {
			f.Table = i
			break
		}
	}
	lines, err := rowio.OpenAs(ctx, path, f, rowio.Options{Limits: limits})
	if err != nil {
		return out, err
	}
	defer lines.Close() //nolint:errcheck // it was only read
	heads, faults := lists.ReadHeads(lines.Columns(), columns(), nil)
	out.Ignored, out.Faults = heads.Ignored, faults
	for i := range heads.Len() {
		if field := heads.Field(i); field != "" {
			out.Columns[field] = heads.Text(i)
		}
	}
	if out.Columns["address"] == "" && out.Columns["name"] == "" {
		out.Faults = append(out.Faults, lists.Fault{Fault: record.Fault{
			Field: "address", ZH: "找不到地址或街路巷一列", EN: "there is no column with the address or with the road",
		}})
	}
	more, err := listimport.Each(lines, name, MostRows, func(line rowio.Line, own []lists.Fault) {
		row, faults := rowOf(heads, line, crs)
		out.Rows = append(out.Rows, row)
		out.Faults = append(out.Faults, append(own, faults...)...)
	})
	out.Faults = append(out.Faults, more...)
	return out, err
}

// rowOf reads the cells of a row. What its columns do not say is taken from the address as it is
// written.
func rowOf(heads lists.Heads, line rowio.Line, crs geo.CRS) (Row, []lists.Fault) {
	cells := map[string]string{}
	for i, cell := range line.Cells {
		if field := heads.Field(i); field != "" {
			cells[field] = strings.TrimSpace(cell)
		}
	}
	r := Row{
		No: line.Number, Code: cells["code"], Payload: cells["payload"], Text: cells["address"], Name: cells["name"], Suffix: cells["suffix"],
		Labels: map[addresses.Level]string{addresses.Building: cells["building"], addresses.Unit: cells["unit"], addresses.Room: cells["room"]},
	}
	r.number(cells["number"])
	r.parse()
	at, placed, fault := pointOf(cells, line.Geometry)
	if fault != nil {
		return r, []lists.Fault{heads.Placed(line.Number, *fault)}
	}
	if placed {
		wgs, err := crs.ToWGS84(at)
		if err != nil {
			return r, []lists.Fault{heads.Placed(line.Number, record.Fault{Field: "lon", Value: fmt.Sprintf("%v, %v", at[0], at[1]), ZH: "坐标与所声明的坐标系不符", EN: "the coordinates are not of the system that was declared"})}
		}
		r.Point = &wgs
	}
	return r, nil
}

func pointOf(cells map[string]string, g orb.Geometry) (orb.Point, bool, *record.Fault) {
	if p, ok := g.(orb.Point); ok {
		return p, true, nil
	}
	if cells["lon"] == "" && cells["lat"] == "" {
		return orb.Point{}, false, nil
	}
	x, _, okX := lists.Amount(cells["lon"])
	y, _, okY := lists.Amount(cells["lat"])
	if !okX || !okY {
		return orb.Point{}, false, &record.Fault{Field: "lon", Value: cells["lon"] + ", " + cells["lat"], ZH: "经度和纬度应同时填写，且为数字", EN: "longitude and latitude go together and are numbers"}
	}
	return orb.Point{x, y}, true, nil
}

// number reads the cell of a house number: 12, 12号, 12-1号, 甲12.
func (r *Row) number(cell string) {
	if cell == "" {
		return
	}
	a := address.Parse("示例路" + strings.TrimSuffix(hanzi.Plain(cell), "号") + "号")
	r.take(a.Number)
}

func (r *Row) take(n address.Number) {
	if n.IsZero() || n.From == 0 {
		return
	}
	r.Span = n.To > 0
	r.Number = strings.ToUpper(n.Mark) + fmt.Sprint(n.From)
	if n.Sub > 0 && r.Suffix == "" {
		r.Suffix = fmt.Sprint(n.Sub)
	}
}

// parse fills what the columns do not say from the address as it is written.
func (r *Row) parse() {
	if r.Text == "" || r.Name != "" && (r.Number != "" || r.Labels[addresses.Building] != "") {
		return
	}
	a := address.Parse(r.Text)
	if r.Name == "" {
		for _, name := range []string{a.Road, a.Estate + a.Phase, a.Community} {
			if r.Name == "" {
				r.Name = name
			}
		}
	}
	if r.Number == "" {
		r.take(a.Number)
	}
	for level, label := range map[addresses.Level]string{addresses.Building: a.Building, addresses.Unit: a.Unit, addresses.Room: a.Room} {
		if r.Labels[level] == "" {
			r.Labels[level] = label
		}
	}
}
