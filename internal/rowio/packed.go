package rowio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"yike/internal/gdal"
	"yike/internal/safezip"
)

// mostLayers bounds the layers of a data set and the shapefiles of an archive.
const mostLayers = 100

// packed tells a zipped Shapefile from a KMZ.
func (s *sniffer) packed(a *safezip.Archive) (Format, error) {
	shapes := shapefiles(a)
	switch {
	case len(shapes) > mostLayers:
		return Format{}, s.fail(nil, fmt.Sprintf("压缩包中有 %d 个 Shapefile，最多 %d 个", len(shapes), mostLayers), fmt.Sprintf("the archive has %d Shapefiles; at most %d are read", len(shapes), mostLayers))
	case len(shapes) > 0:
		return s.shapefile(a, shapes)
	}
	if e := kmlEntry(a); e != nil {
		dir, err := os.MkdirTemp(s.limits.TempDir, "yike-kmz-")
		if err != nil {
			return Format{}, fmt.Errorf("make a folder to unpack %s: %w", s.name, err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // what is left of it is the system's to clean
		kml := filepath.Join(dir, "doc.kml")
		if err := unpack(a, e, kml); err != nil {
			return Format{}, s.archiveFault(err)
		}
		f, err := s.kmlAt(kml)
		f.Kind = KindKMZ
		return f, err
	}
	return Format{}, s.fail(nil, "压缩包中没有 Shapefile（.shp）或 KML；其他文件请解压后上传", "the archive has neither a Shapefile (.shp) nor KML; unpack other files before sending them")
}

func kmlEntry(a *safezip.Archive) *safezip.Entry {
	if e := a.Find("doc.kml"); e != nil {
		return e
	}
	for _, e := range a.Entries() {
		if strings.EqualFold(path.Ext(e.Name), ".kml") && !litter(e.Name) {
			return e
		}
	}
	return nil
}

// litter are the files that macOS puts into archives.
func litter(name string) bool {
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(path.Base(name), "._")
}

// shapefiles are the names of the .shp files of an archive, without extension.
func shapefiles(a *safezip.Archive) []string {
	var names []string
	for _, e := range a.Entries() {
		if ext := path.Ext(e.Name); strings.EqualFold(ext, ".shp") && !litter(e.Name) {
			names = append(names, strings.TrimSuffix(e.Name, ext))
		}
	}
	return names
}

// unpack writes one entry to a file that must not exist.
func unpack(a *safezip.Archive, e *safezip.Entry, to string) error {
	r, err := a.Open(e)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // read only
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", clip(e.Name), err)
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close())
}

// unpackShape puts the parts of a shapefile side by side under a plain name: nothing of
// the archive's names reaches the file system or GDAL.
func unpackShape(a *safezip.Archive, base, dir string) (string, error) {
	for _, ext := range []string{".shp", ".shx", ".dbf", ".prj", ".cpg"} {
		e := a.Find(base + ext)
		if e == nil {
			continue
		}
		if err := unpack(a, e, filepath.Join(dir, "shape"+ext)); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, "shape.shp"), nil
}

func (s *sniffer) shapefile(a *safezip.Archive, shapes []string) (Format, error) {
	f := Format{Kind: KindShapefile, RowsAreAll: true}
	best := -1
	for _, base := range shapes {
		if a.Find(base+".shx") == nil || a.Find(base+".dbf") == nil {
			return Format{}, s.fail(nil, fmt.Sprintf("“%s”缺少 .shx 或 .dbf，请把同名的文件一起压缩", clip(base)), fmt.Sprintf("%q lacks its .shx or .dbf; zip the files of that name together", clip(base)))
		}
		info, err := s.shape(a, base)
		if err != nil {
			return Format{}, err
		}
		t := Table{Name: base, Rows: info.Rows, Columns: info.Columns, Geometry: gdalShape(info.Geometry)}
		f.Tables = append(f.Tables, t)
		if t.Rows > best {
			best, f.Table, f.CRS = t.Rows, len(f.Tables)-1, info.CRS
		}
		if a.Find(base+".prj") == nil {
			f.note("“%s”没有 .prj，坐标系未声明", "%q has no .prj: its coordinate system is not declared", clip(base))
		}
		if a.Find(base+".cpg") == nil {
			f.note("“%s”没有 .cpg，文字编码按内容判断", "%q has no .cpg: the encoding of its text was found from the text", clip(base))
		}
	}
	return f, nil
}

func (s *sniffer) shape(a *safezip.Archive, base string) (gdal.LayerInfo, error) {
	dir, err := os.MkdirTemp(s.limits.TempDir, "yike-shp-")
	if err != nil {
		return gdal.LayerInfo{}, fmt.Errorf("make a folder to unpack %s: %w", s.name, err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what is left of it is the system's to clean
	shp, err := unpackShape(a, base, dir)
	if err != nil {
		return gdal.LayerInfo{}, s.archiveFault(err)
	}
	all, err := gdal.Layers(s.ctx, shp, "ESRI Shapefile", 1)
	if err != nil {
		return gdal.LayerInfo{}, s.named(asFileError(s.name, err))
	}
	if len(all) != 1 {
		return gdal.LayerInfo{}, s.fail(nil, "Shapefile 无法读取", "the Shapefile cannot be read")
	}
	return all[0], s.tooMany(all[0])
}

func (s *sniffer) tooMany(l gdal.LayerInfo) error {
	if l.Rows > s.limits.Rows {
		return s.fail(nil, fmt.Sprintf("要素超过 %d 个", s.limits.Rows), fmt.Sprintf("there are more than %d features", s.limits.Rows))
	}
	if len(l.Columns) > s.limits.Columns {
		return s.fail(nil, fmt.Sprintf("属性超过 %d 个", s.limits.Columns), fmt.Sprintf("there are more than %d properties", s.limits.Columns))
	}
	return nil
}

// layers looks at a data set through GDAL.
func (s *sniffer) layers(kind Kind) (Format, error) {
	all, err := gdal.Layers(s.ctx, s.path, "GPKG", mostLayers)
	if err != nil {
		return Format{}, asFileError(s.name, err)
	}
	f := Format{Kind: kind, RowsAreAll: true}
	best := -1
	for _, l := range all {
		if err := s.tooMany(l); err != nil {
			return Format{}, err
		}
		t := Table{Name: l.Name, Rows: max(l.Rows, 0), Columns: l.Columns, Geometry: gdalShape(l.Geometry)}
		f.Tables = append(f.Tables, t)
		if t.Rows > best {
			best, f.Table, f.CRS = t.Rows, len(f.Tables)-1, l.CRS
		}
	}
	if len(f.Tables) == 0 {
		return Format{}, s.fail(nil, "GeoPackage 中没有图层", "the GeoPackage has no layer")
	}
	return f, nil
}

// openPacked unpacks what is needed into a folder that cleanup removes.
func openPacked(ctx context.Context, name string, kind Kind, t Table, o Options) (r Reader, cleanup func() error, err error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, fileError(name, err, "文件无法打开", "the file cannot be opened")
	}
	defer file.Close() //nolint:errcheck // read only
	info, err := file.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("look at %s: %w", name, err)
	}
	fault := &sniffer{name: filepath.Base(name)}
	a, err := safezip.Open(file, info.Size(), safezip.Limits{Total: o.Limits.Unpacked})
	if err != nil {
		return nil, nil, fault.archiveFault(err)
	}
	dir, err := os.MkdirTemp(o.TempDir, "yike-unpack-")
	if err != nil {
		return nil, nil, fmt.Errorf("make a folder to unpack %s: %w", fault.name, err)
	}
	cleanup = func() error { return os.RemoveAll(dir) }
	defer func() {
		if err != nil {
			err = errors.Join(err, cleanup())
		}
	}()
	if kind == KindKMZ {
		to := filepath.Join(dir, "doc.kml")
		if e := kmlEntry(a); e == nil {
			return nil, nil, fault.fail(nil, "压缩包中没有 KML", "the archive has no KML")
		} else if err := unpack(a, e, to); err != nil {
			return nil, nil, fault.archiveFault(err)
		}
		r, err = openKML(ctx, to)
		return r, cleanup, err
	}
	if !slices.Contains(shapefiles(a), t.Name) {
		return nil, nil, fault.fail(nil, "压缩包中没有所选的 Shapefile", "the archive does not have the Shapefile that was chosen")
	}
	shp, err := unpackShape(a, t.Name, dir)
	if err != nil {
		return nil, nil, fault.archiveFault(err)
	}
	r, err = openSource(ctx, shp, gdal.Source{Path: shp, Driver: "ESRI Shapefile", Known: &gdal.LayerInfo{Name: "shape", Columns: t.Columns}})
	return r, cleanup, err
}
