package rowio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"yike/internal/safezip"
	"yike/internal/xlsx"
)

// Sniff finds out what a file is: by what it holds, never by its name, which is only
// compared with that. The file is read once to its end. Faults of the file are *RowError
// with Row 0; what its owner should know is in the Notes of the Format.
func Sniff(ctx context.Context, path, name string, limits Limits) (Format, error) {
	limits = limits.withDefaults()
	s := &sniffer{ctx: ctx, path: path, name: filepath.Base(filepath.ToSlash(name)), limits: limits}
	f, err := s.file()
	if err != nil {
		return Format{}, s.named(err)
	}
	s.compareName(&f)
	return f, nil
}

// sniffer is one look at one file.
type sniffer struct {
	ctx    context.Context //nolint:containedctx // it lives within one call
	path   string
	name   string // as the sender called it
	limits Limits
}

// named puts the sender's name of the file into an error.
func (s *sniffer) named(err error) error {
	var e *RowError
	if errors.As(err, &e) {
		e.File = s.name
	}
	return err
}

func (s *sniffer) fail(cause error, zh, en string) error { return fileError(s.name, cause, zh, en) }

func (s *sniffer) file() (Format, error) {
	info, err := os.Stat(s.path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return Format{}, s.fail(err, "文件不存在", "the file does not exist")
	case err != nil:
		return Format{}, fmt.Errorf("look at %s: %w", s.name, err)
	case !info.Mode().IsRegular():
		return Format{}, s.fail(nil, "这不是普通文件", "it is not an ordinary file")
	case info.Size() == 0:
		return Format{}, s.fail(nil, "文件是空的", "the file is empty")
	case info.Size() > s.limits.FileBytes:
		return Format{}, s.fail(nil, fmt.Sprintf("文件超过 %d MB", s.limits.FileBytes>>20), fmt.Sprintf("the file has more than %d MB", s.limits.FileBytes>>20))
	}
	f, err := os.Open(s.path)
	if err != nil {
		return Format{}, fmt.Errorf("open %s: %w", s.name, err)
	}
	defer f.Close() //nolint:errcheck // read only
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Format{}, fmt.Errorf("read %s: %w", s.name, err)
	}
	return s.byContent(f, info.Size(), head[:n])
}

// byContent goes by the first bytes.
func (s *sniffer) byContent(f *os.File, size int64, head []byte) (Format, error) {
	switch {
	case bytes.HasPrefix(head, []byte("PK")):
		return s.archive(f, size)
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return s.layers(KindGPKG)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return Format{}, s.fail(nil, "这是旧版 Excel（.xls）或加密的工作簿，请在 Excel 或 WPS 中另存为不带密码的 .xlsx", "it is a workbook of old Excel (.xls) or an encrypted one; save it as .xlsx without a password")
	case bytes.HasPrefix(head, []byte{0, 0, 0x27, 0x0a}):
		return Format{}, s.fail(nil, "这是 Shapefile 的一部分；请把 .shp、.shx、.dbf、.prj 一起压缩为 .zip 再上传", "it is one file of a Shapefile; zip .shp, .shx, .dbf and .prj together and send that")
	case bytes.HasPrefix(head, []byte("%PDF")):
		return Format{}, s.fail(nil, "这是 PDF，无法读取表格；请提供原始的 .xlsx 或 .csv", "it is a PDF, whose tables cannot be read; send the original .xlsx or .csv")
	case bytes.HasPrefix(head, []byte("Rar!")), bytes.HasPrefix(head, []byte("7z\xbc\xaf\x27\x1c")), bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return Format{}, s.fail(nil, "不支持这种压缩格式，请用 .zip 压缩或直接上传文件", "this kind of archive is not read; use .zip or send the file itself")
	}
	kind, err := s.textKind(head)
	if err != nil {
		return Format{}, err
	}
	switch kind {
	case KindKML:
		return s.kml()
	case KindGeoJSON, KindGeoJSONL:
		return s.geojson(kind)
	}
	return s.csv()
}

// textKind tells texts apart by how they begin.
func (s *sniffer) textKind(head []byte) (Kind, error) {
	text := bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	if wide := bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")); wide {
		text = bytes.ReplaceAll(head[2:], []byte{0}, nil) // enough to see ASCII
	}
	text = bytes.TrimLeft(text, " \t\r\n\x1e")
	lower := bytes.ToLower(text)
	switch {
	case len(text) == 0:
		return "", s.fail(nil, "文件中没有内容", "there is nothing in the file")
	case text[0] == '<' && bytes.Contains(lower, []byte("<kml")):
		return KindKML, nil
	case bytes.HasPrefix(lower, []byte("<html")), bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<table")):
		return "", s.fail(nil, "这是网页（HTML），虽然扩展名可能是 .xls；请在 Excel 或 WPS 中打开并另存为 .xlsx", "it is a web page (HTML), whatever its extension says; open it in Excel or WPS and save it as .xlsx")
	case text[0] == '<':
		return "", s.fail(nil, "这种 XML 文件不能读取；可以读取的是 KML", "this kind of XML is not read; KML is")
	case text[0] == '{' && bytes.Contains(text, []byte(`"`)):
		return jsonKind(text), nil
	case text[0] == '[' && bytes.HasPrefix(bytes.TrimLeft(text[1:], " \t\r\n"), []byte("{")):
		return "", s.fail(nil, "这是 JSON 数组，不是 GeoJSON 要素集", "it is a JSON array, not a GeoJSON FeatureCollection")
	}
	return KindCSV, nil
}

// jsonKind tells a collection from features line by line: the first line of the latter is
// whole, and the second begins an object again.
func jsonKind(text []byte) Kind {
	first, rest, more := bytes.Cut(text, []byte("\n"))
	if more && bytes.Contains(first, []byte(`"Feature"`)) && json.Valid(bytes.Trim(first, " \t\r\x1e")) {
		if rest = bytes.TrimLeft(rest, " \t\r\n\x1e"); len(rest) > 0 && rest[0] == '{' {
			return KindGeoJSONL
		}
	}
	return KindGeoJSON
}

// archive tells apart what is packed as zip.
func (s *sniffer) archive(f *os.File, size int64) (Format, error) {
	a, err := safezip.Open(f, size, safezip.Limits{Total: s.limits.Unpacked})
	if err != nil {
		return Format{}, s.archiveFault(err)
	}
	switch {
	case a.Find("[Content_Types].xml") != nil && a.Find("xl/workbook.bin") != nil:
		return Format{}, s.fail(nil, "这是二进制工作簿（.xlsb），请另存为 .xlsx", "it is a binary workbook (.xlsb); save it as .xlsx")
	case a.Find("[Content_Types].xml") != nil:
		return s.workbook(f, size)
	case a.Find("mimetype") != nil && a.Find("content.xml") != nil:
		return Format{}, s.fail(nil, "这是 OpenDocument 表格（.ods），请另存为 .xlsx", "it is an OpenDocument sheet (.ods); save it as .xlsx")
	}
	return s.packed(a)
}

func (s *sniffer) archiveFault(err error) error {
	var e *safezip.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("read %s: %w", s.name, err)
	}
	zh := e.ZH
	if e.Entry != "" {
		zh = "压缩包中的 " + e.Entry + "：" + e.ZH
	}
	return s.fail(err, zh, e.Error())
}

// workbookFault makes a *RowError of what package xlsx says.
func workbookFault(name string, err error) error {
	var e *xlsx.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("read %s: %w", name, err)
	}
	zh, en := e.ZH, e.EN
	if e.Sheet != "" {
		zh, en = "工作表“"+e.Sheet+"”："+zh, fmt.Sprintf("sheet %q: %s", e.Sheet, en)
	}
	return &RowError{File: filepath.Base(name), Row: e.Row, ReasonZH: zh, ReasonEN: en, Fatal: true, Err: err}
}

// compareName notes an extension that says something else than the content.
func (s *sniffer) compareName(f *Format) {
	ext := strings.ToLower(filepath.Ext(s.name))
	ok := map[Kind][]string{
		KindXLSX: {".xlsx", ".xlsm", ".xltx"}, KindCSV: {".csv", ".txt"}, KindTSV: {".tsv", ".txt", ".tab", ".csv"}, KindGeoJSON: {".geojson", ".json"},
		KindGeoJSONL: {".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".ldgeojson", ".jsonl"}, KindGPKG: {".gpkg"},
		KindShapefile: {".zip"}, KindKML: {".kml"}, KindKMZ: {".kmz", ".zip"},
	}
	for _, e := range ok[f.Kind] {
		if e == ext {
			return
		}
	}
	if ext == "" {
		return
	}
	f.note("扩展名是 %s，内容是 %s；已按内容读取", "the extension is %s, the content is %s; it is read as what it is", clip(ext), f.Kind.title())
}

func (f *Format) note(zh, en string, args ...any) {
	f.Notes = append(f.Notes, Note{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)})
}

func (k Kind) title() string {
	switch k {
	case KindXLSX, KindCSV, KindTSV, KindKML, KindKMZ:
		return strings.ToUpper(string(k))
	case KindGPKG:
		return "GeoPackage"
	case KindShapefile:
		return "Shapefile"
	case KindGeoJSONL:
		return "GeoJSON (line by line)"
	}
	return "GeoJSON"
}

// OpenAs opens a file that Sniff looked at. Faults of the file are *RowError with Row 0.
func OpenAs(ctx context.Context, path string, f Format, o Options) (Lines, error) {
	o.Limits = o.Limits.withDefaults()
	table, err := f.choose(path, o)
	if err != nil {
		return nil, err
	}
	switch f.Kind {
	case KindXLSX:
		return openSheet(ctx, path, f, table, o)
	case KindCSV, KindTSV:
		return openText2(ctx, path, f, table, o)
	}
	return openFeatures(ctx, path, f, table, o)
}

// choose finds the table that is asked for and puts the choices of o into it.
func (f Format) choose(path string, o Options) (Table, error) {
	if len(f.Tables) == 0 {
		return Table{}, fileError(path, nil, "文件中没有表", "the file has no table")
	}
	t := f.Tables[min(max(f.Table, 0), len(f.Tables)-1)]
	if o.Table != "" {
		found := false
		var names []string
		for _, other := range f.Tables {
			names = append(names, other.Name)
			if other.Name == o.Table {
				t, found = other, true
			}
		}
		if !found {
			return Table{}, fileError(path, nil, "文件中没有“"+clip(o.Table)+"”，有："+strings.Join(names, "、"), fmt.Sprintf("there is no %q; there are: %s", clip(o.Table), strings.Join(names, ", ")))
		}
	}
	if o.HeaderRow != 0 {
		t.HeaderRow = max(o.HeaderRow, 0)
		t.HeaderRows = min(1, t.HeaderRow)
		if t.HeaderRow == 0 { // what were taken for heads are data
			t.Columns, _ = unique(make([]string, len(t.Columns)))
		}
	}
	if o.HeaderRows > 0 && t.HeaderRow > 0 {
		t.HeaderRows = min(o.HeaderRows, 10)
	}
	return t, nil
}
