package rowout

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yike/internal/gdal"
)

// convertedWriter writes features into a temporary file, of which GDAL then makes what
// was asked for.
type convertedWriter struct {
	ctx      context.Context //nolint:containedctx // it lives within the call that began it
	format   Format
	to       io.Writer
	dir      string
	file     *os.File
	features *geoJSONWriter
	options  Options
	cut      []int // texts too long for a Shapefile, by column
}

func newConverted(ctx context.Context, to io.Writer, f Format, p placed, o Options) (Writer, error) {
	dir, err := os.MkdirTemp(o.TempDir, "yike-export-")
	if err != nil {
		return nil, fmt.Errorf("make a folder to export in: %w", err)
	}
	w := &convertedWriter{ctx: ctx, format: f, to: to, dir: dir, options: o, cut: make([]int, len(p.table.Columns))}
	if w.file, err = os.Create(filepath.Join(dir, "features.geojsonl")); err != nil {
		w.Discard()
		return nil, fmt.Errorf("make a file to export: %w", err)
	}
	w.features = newFeatures(w.file, p, true)
	if f == Shapefile {
		w.features.names = shortNames(p.table.Columns)
	}
	// The first line has a value of every column's kind, so that GDAL makes every field,
	// and of the right type; it is left out again.
	return w, w.features.Row(p.sample())
}

// sample is a row with a value in every column.
func (p placed) sample() Row {
	r := Row{Values: make([]any, len(p.table.Columns)), Point: &orb.Point{114.5, 30.5}}
	for i, c := range p.table.Columns {
		switch {
		case c.Lon, c.Lat, c.Kind == Number:
			r.Values[i] = 0.5
		case c.Kind == Integer:
			r.Values[i] = int64(1) << 40
		case c.Kind == Boolean:
			r.Values[i] = true
		case c.Kind == Day:
			r.Values[i] = "2026-11-27"
		default:
			r.Values[i] = "x"
		}
	}
	return r
}

// longestDBF is how many bytes a text of a dBASE table may have.
const longestDBF = 254

// Row writes one feature.
func (w *convertedWriter) Row(r Row) error {
	if w.format == Shapefile {
		values := append([]any{}, r.Values...)
		for i, v := range values {
			if s, ok := v.(string); ok && len(s) > longestDBF {
				w.cut[i]++
				values[i] = cutBytes(s, longestDBF)
			}
		}
		r.Values = values
	}
	return w.features.Row(r)
}

// cutBytes keeps so many bytes of a text, and no part of a character.
func cutBytes(s string, most int) string {
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// Close makes the file.
func (w *convertedWriter) Close() error {
	err := w.features.Close()
	if err := errors.Join(err, w.file.Close()); err != nil {
		return fmt.Errorf("write the features to export: %w", err)
	}
	if w.format == GPKG {
		return w.geopackage()
	}
	return w.shapefile()
}

// crsArgs names the coordinate system; a shifted one has no code, and none is better
// than a wrong one.
func (w *convertedWriter) crsArgs() []string {
	if c := w.options.System.code(); c != "" {
		return []string{"-a_srs", c}
	}
	return []string{"-a_srs", "None"}
}

func (w *convertedWriter) geopackage() error {
	t := w.features.table
	path := filepath.Join(w.dir, "export.gpkg")
	notes := strings.Join(append(append([]string{}, t.Notes...), w.options.sentence()), "\n")
	args := append(w.crsArgs(), "-nln", layerName(t.Name), "-nlt", "POINT", "-lco", "DESCRIPTION="+notes)
	args = append(args, w.types()...)
	if err := gdal.Convert(w.ctx, w.file.Name(), path, "GPKG", args...); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read what was exported: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	if _, err := io.Copy(w.to, f); err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	return nil
}

// types leaves the sample out, which is the first feature.
func (w *convertedWriter) types() []string { return []string{"-where", "FID <> 0"} }

// layerName is a name that no program takes for an option or a path.
func layerName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\"'<>:*?|`, r) || r < 0x20 {
			return '_'
		}
		return r
	}, name)
	if name = strings.TrimLeft(name, "-. "); name == "" {
		return "export"
	}
	return name
}

func (w *convertedWriter) shapefile() error {
	folder := filepath.Join(w.dir, "shp")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return fmt.Errorf("make a folder to export in: %w", err)
	}
	args := append(w.crsArgs(), "-nlt", "POINT", "-lco", "ENCODING=UTF-8", "-lco", "RESIZE=YES")
	args = append(args, w.types()...)
	if err := gdal.Convert(w.ctx, w.file.Name(), filepath.Join(folder, "export.shp"), "ESRI Shapefile", args...); err != nil {
		return err
	}
	z := zip.NewWriter(w.to)
	base := layerName(w.features.table.Name)
	for _, ext := range []string{".shp", ".shx", ".dbf", ".prj", ".cpg"} {
		if err := addFile(z, base+ext, filepath.Join(folder, "export"+ext)); err != nil {
			return err
		}
	}
	if err := w.legend(z); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	return nil
}

func addFile(z *zip.Writer, name, path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil // a system without a code has no .prj
	}
	if err != nil {
		return fmt.Errorf("read what was exported: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	to, err := z.Create(name)
	if err == nil {
		_, err = io.Copy(to, f)
	}
	if err != nil {
		return fmt.Errorf("write %s into the archive: %w", name, err)
	}
	return nil
}

// legend lists what the short names of the fields stand for, and what did not fit.
func (w *convertedWriter) legend(z *zip.Writer) error {
	to, err := z.Create("字段说明.csv")
	if err != nil {
		return fmt.Errorf("write the list of fields: %w", err)
	}
	t := Table{Name: "字段说明", Columns: []Column{{Code: "field", Head: "字段名"}, {Code: "head", Head: "含义"}, {Code: "note", Head: "说明"}}}
	list, err := New(w.ctx, to, CSV, t, Options{})
	if err != nil {
		return err
	}
	for i, c := range w.features.table.Columns {
		note := ""
		if w.cut[i] > 0 {
			note = fmt.Sprintf("有 %d 行的文字超过 254 字节，Shapefile 放不下，已截断；完整内容请用 GeoPackage", w.cut[i])
		}
		if err := list.Row(Row{Values: []any{w.features.names[i], c.Head, note}}); err != nil {
			return err
		}
	}
	for _, n := range append(append([]string{}, w.features.table.Notes...), w.options.sentence()) {
		if err := list.Row(Row{Values: []any{nil, nil, n}}); err != nil {
			return err
		}
	}
	return list.Close()
}

// shortNames makes names of at most ten bytes, each only once, from the codes.
func shortNames(columns []Column) []string {
	taken := map[string]bool{}
	names := make([]string, len(columns))
	for i, c := range columns {
		code := strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
				return r
			}
			return '_'
		}, c.Code[strings.LastIndexByte(c.Code, '.')+1:])
		const most = 10
		if code = strings.Trim(code, "_"); code == "" || code[0] >= '0' && code[0] <= '9' {
			code = fmt.Sprintf("f%d", i+1)
		}
		name := code[:min(len(code), most)]
		for n := 2; taken[strings.ToLower(name)]; n++ {
			suffix := fmt.Sprintf("_%d", n)
			name = code[:min(len(code), most-len(suffix))] + suffix
		}
		taken[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

// Discard removes temporary files.
func (w *convertedWriter) Discard() {
	_ = w.file.Close()
	_ = os.RemoveAll(w.dir)
}
