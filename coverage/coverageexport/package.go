package coverageexport

import (
	"archive/zip"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"yike/internal/pdf"
)

// Packing is what a package has besides its tables and layers.
type Packing struct {
	Fonts      *pdf.Fonts // for the report; nil leaves it out
	GeoPackage bool       // the layers as one GeoPackage, too
}

// WritePackage writes the whole of a comparison as one archive: README, workbook, layers
// for map programs and what with asks for. It lists the characters that no font has. The
// same dossier gives the same bytes: the files in it are of the day of the data. Errors
// besides those of writing are those of WriteGeoPackage.
func (d *Dossier) WritePackage(ctx context.Context, to io.Writer, with Packing) (missing []rune, err error) {
	p := packing{Dossier: d, zip: zip.NewWriter(to), day: d.day()}
	p.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, packLevel) })
	var listed []listedFile
	add := func(zh, en string, what listedFile, write func(io.Writer) error) {
		if err != nil {
			return
		}
		what.name = d.say(zh, en)
		listed = append(listed, what)
		err = p.file(what.name, write)
	}
	add("成果表.xlsx", "workbook.xlsx", listedFile{
		zh: "工作簿：说明、总体、按辖区、按设施、方案步骤与费用、未覆盖人口（按地方）。率与合计是公式。",
		en: "The workbook: notes, totals, by division, by facility, steps and costs, people not covered by place. Rates and sums are formulas.",
	}, d.WriteXLSX)
	if with.Fonts != nil {
		add("比选报告.pdf", "report.pdf", listedFile{
			zh: "报告，A4，供打印；黑白打印也分得清。", en: "The report on A4, for printing; it can be told apart in grey, too.",
		}, func(w io.Writer) error {
			missing, err = d.WriteReport(w, with.Fonts)
			return err
		})
	}
	for _, l := range d.MapLayers() {
		add("地图数据/"+l.Name+".geojson", "map/"+l.Name+".geojson", listedFile{zh: l.What.ZH, en: l.What.EN}, func(w io.Writer) error { return l.Write(w, d) })
	}
	if with.GeoPackage {
		add("地图数据/全部图层.gpkg", "map/layers.gpkg", listedFile{
			zh: "以上各层，合为一个 GeoPackage", en: "All of the layers as one GeoPackage",
		}, func(w io.Writer) error { return d.WriteGeoPackage(ctx, w) })
	}
	if err == nil {
		err = p.file("README.txt", func(w io.Writer) error { return d.readme(w, listed) })
	}
	if err == nil {
		err = p.zip.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("write the package: %w", err)
	}
	return missing, nil
}

// packLevel packs the layers to a few hundredths more than the best, in half the time.
const packLevel = 3

// packing is an archive being written.
type packing struct {
	*Dossier
	zip *zip.Writer
	day time.Time
}

func (p packing) file(name string, write func(io.Writer) error) error {
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.day})
	if err != nil {
		return err
	}
	return write(w)
}

// day is the day that the files are of: that of the data, or the first that an archive knows.
func (d *Dossier) day() time.Time {
	if t, err := time.Parse(time.DateOnly, d.Data.AsOf); err == nil && t.Year() >= 1980 {
		return t
	}
	return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
}

// listedFile is one file of the archive and what it is.
type listedFile struct{ name, zh, en string }

// readme says in both languages what each file is. Windows reads it by its byte order mark.
func (d *Dossier) readme(w io.Writer, files []listedFile) error {
	other := *d
	other.English = !d.English
	zh, en := d, &other
	if d.English {
		zh, en = &other, d
	}
	var b strings.Builder
	line := func(s string) { b.WriteString(s + "\r\n") }
	for i, t := range []*Dossier{zh, en} {
		if i > 0 {
			line("")
			line(strings.Repeat("-", 60))
			line("")
		}
		line(t.Title())
		line("")
		for _, f := range t.facts() {
			line(f.name + t.say("：", ": ") + f.text)
		}
		line("")
		line(t.say("文件", "Files"))
		for _, f := range files {
			line("  " + f.name)
			line("    " + t.say(f.zh, f.en))
		}
		line("  " + t.say("坐标系：WGS 84 经纬度（与 CGCS2000 相差不到 1 米）。GeoJSON 可用 QGIS 打开。", "Coordinates: WGS 84 longitude and latitude (within a metre of CGCS2000). QGIS opens GeoJSON."))
		line("  " + t.say("GeoJSON 中 situation 0 是现状，1 起是各方案；gained_1 是第一个方案的新增覆盖，余类推。", "In the GeoJSON files situation 0 is today and 1 the first option; gained_1 is what the first option gains, and so on."))
	}
	_, err := io.WriteString(w, byteOrderMark+b.String())
	return err
}
