// Package gdal owns running GDAL's ogr2ogr, ogrinfo and gdalwarp: as child processes with
// limits on memory, processor time and file size, without network, on local files of a
// named driver only. It gives the features of a layer as GeoJSON in the coordinates of
// the file, never reprojected, and a grid of heights in degrees. It knows no feature of
// the product and no row.
package gdal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// ErrMissing says that GDAL's programs are not installed.
var ErrMissing = errors.New("缺少 GDAL 程序 ogr2ogr，请安装：apt-get install gdal-bin (ogr2ogr is missing: apt-get install gdal-bin)")

// ErrLayer says that a file has no such layer, or several and none was chosen.
var ErrLayer = errors.New("layer not found or ambiguous")

// Source names a layer of a file.
type Source struct {
	Path   string // a local file, or a folder for drivers that read folders
	Driver string // as DriverOf gives it
	Layer  string // may be "" if the file has only one
	// Known is what Layers said of the layer, which then is not asked for again.
	Known *LayerInfo
}

// LayerError is an ErrLayer that lists what there is.
type LayerError struct {
	Layer  string // what was asked for, "" if nothing
	Layers []string
}

// Error names the layers of the file.
func (e *LayerError) Error() string {
	if e.Layer == "" {
		return "the file has several layers, name one of: " + strings.Join(e.Layers, ", ")
	}
	return fmt.Sprintf("no layer %q; there are: %s", e.Layer, strings.Join(e.Layers, ", "))
}

// Is makes it an ErrLayer.
func (e *LayerError) Is(target error) bool { return target == ErrLayer }

// ProcessError is what GDAL itself said.
type ProcessError struct {
	Program string
	Message string // its first error lines
	Err     error
}

// Error is GDAL's message.
func (e *ProcessError) Error() string {
	if e.Message == "" {
		return fmt.Sprintf("%s: %v", e.Program, e.Err)
	}
	return e.Program + ": " + e.Message
}

// Unwrap is the error of the process, or of the context that ended it.
func (e *ProcessError) Unwrap() error { return e.Err }

// DriverOf is GDAL's driver for a format name: shapefile, gpkg, kml, flatgeobuf, gml,
// mapinfo or dxf. Only these are read: a driver that may fetch, such as VRT, is not
// among them.
func DriverOf(format string) (string, bool) {
	switch format {
	case "shapefile", "shp":
		return "ESRI Shapefile", true
	case "gpkg", "geopackage":
		return "GPKG", true
	case "kml":
		return "KML", true
	case "flatgeobuf":
		return "FlatGeobuf", true
	case "gml":
		return "GML", true
	case "mapinfo":
		return "MapInfo File", true
	case "dxf":
		return "DXF", true
	}
	return "", false
}

// Output is the GeoJSON text (2008 form) of one layer, streamed as the child writes
// it, with the numbers and coordinates of the file in full. It has to be closed.
type Output struct {
	io.Reader
	Columns []string
	CRS     string // "EPSG:4547", or the file's own name for it, or ""
	child   *child
}

// Wait ends the reading and says whether the child did its whole work.
func (o *Output) Wait() error { return o.child.wait() }

// Close ends the child if it still runs.
func (o *Output) Close() error {
	o.child.cancel()
	_ = o.child.wait() // the outcome of a child that was stopped says nothing
	return nil
}

// Features starts reading a layer. Errors: ErrMissing, *LayerError, *ProcessError.
func Features(ctx context.Context, s Source) (*Output, error) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		return nil, ErrMissing
	}
	path, err := localPath(s.Path)
	if err != nil {
		return nil, err
	}
	s.Path = path
	out := &Output{}
	open, err := out.prepare(ctx, &s)
	if err != nil {
		return nil, err
	}
	args := slices.Concat([]string{
		"-f", "GeoJSON", "-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=15", "-lco", "SIGNIFICANT_FIGURES=17",
		"-dim", "XY", "-nlt", "CONVERT_TO_LINEAR",
	}, open, []string{"/vsistdout/", s.Path, s.Layer})
	if out.child, err = start(ctx, "ogr2ogr", args); err != nil {
		return nil, err
	}
	out.Reader = out.child.stdout
	return out, nil
}

// prepare chooses the layer and learns its columns and coordinate system.
func (o *Output) prepare(ctx context.Context, s *Source) (open []string, err error) {
	if s.Known != nil {
		s.Layer, o.Columns, o.CRS = s.Known.Name, s.Known.Columns, s.Known.CRS
	} else if s.Layer, err = chooseLayer(ctx, *s); err != nil {
		return nil, err
	}
	if err := safeLayer(s.Layer); err != nil {
		return nil, err
	}
	if open, err = openOptions(*s); err != nil || s.Known != nil {
		return open, err
	}
	if o.Columns, err = columns(ctx, *s, open); err != nil {
		return nil, err
	}
	o.CRS, err = crsName(ctx, *s)
	return open, err
}

// localPath is the absolute path of a file that exists, so that GDAL can take it for
// nothing else: a URL, a virtual file system or an option.
func localPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", path, err)
	}
	if _, err := os.Stat(abs); err != nil {
		return "", fmt.Errorf("find %s: %w", path, err)
	}
	if strings.HasPrefix(abs, "/vsi") {
		return "", fmt.Errorf("refuse %s: %w", path, os.ErrInvalid)
	}
	return abs, nil
}

// chooseLayer lists the layers and finds the one asked for. GDAL goes by what a file
// holds, not by its name, so the driver it took is checked here; an option that
// prescribes it came only after the GDAL of Debian 12.
func chooseLayer(ctx context.Context, s Source) (string, error) {
	text, err := run(ctx, "ogrinfo", []string{"-ro", s.Path})
	if err != nil {
		return "", err
	}
	if driver := parseDriver(text); driver != s.Driver && driver != "LIB"+s.Driver {
		return "", &ProcessError{Program: "ogrinfo", Message: fmt.Sprintf("the file is of driver %q, not %q", driver, s.Driver), Err: os.ErrInvalid}
	}
	layers := parseLayers(text)
	switch {
	case s.Layer == "" && len(layers) == 1:
		return layers[0], nil
	case s.Layer != "" && slices.Contains(layers, s.Layer):
		return s.Layer, nil
	}
	return "", &LayerError{Layer: s.Layer, Layers: layers}
}

// parseDriver reads "using driver `GPKG' successful.".
func parseDriver(text []byte) string {
	m := regexp.MustCompile("(?m)^ *using driver `(.+)' successful\\.$").FindSubmatch(text)
	if m == nil {
		return ""
	}
	return string(m[1])
}

// parseLayers reads lines such as "1: roads (Line String)" or "1: notes (None)".
func parseLayers(text []byte) []string {
	line := regexp.MustCompile(`(?m)^\d+: (.+?)(?: \([^()]*\))?$`)
	var names []string
	for _, m := range line.FindAllSubmatch(text, -1) {
		names = append(names, string(m[1]))
	}
	return names
}

// columns asks for the header of the layer as CSV without rows.
func columns(ctx context.Context, s Source, open []string) ([]string, error) {
	args := slices.Concat([]string{"-f", "CSV", "-limit", "0"}, open, []string{"/vsistdout/", s.Path, s.Layer})
	text, err := run(ctx, "ogr2ogr", args)
	if err != nil {
		return nil, err
	}
	header, err := csv.NewReader(bytes.NewReader(text)).Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the columns of %s: %w", s.Layer, err)
	}
	return slices.DeleteFunc(header, func(name string) bool { return name == "" }), nil
}

// crsName reads the summary of the layer: the authority's code where the definition
// has one, else the definition's name.
func crsName(ctx context.Context, s Source) (string, error) {
	text, err := run(ctx, "ogrinfo", []string{"-ro", "-so", s.Path, s.Layer})
	if err != nil {
		return "", err
	}
	return parseCRS(text), nil
}

// parseCRS reads WKT 2 as ogrinfo indents it: the definition's own ID stands four
// blanks in.
func parseCRS(text []byte) string {
	var name string
	root := regexp.MustCompile(`^[A-Z]+CRS\["([^"]+)"`)
	id := regexp.MustCompile(`^    ID\["([A-Za-z]+)",(?:"([^"]+)"|(\d+))\]\]`)
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if name == "" {
			if m := root.FindStringSubmatch(line); m != nil {
				name = m[1]
			}
			continue
		}
		if m := id.FindStringSubmatch(line); m != nil {
			return m[1] + ":" + m[2] + m[3]
		}
		if !strings.HasPrefix(line, " ") {
			break
		}
	}
	if strings.EqualFold(name, "undefined") || strings.HasPrefix(strings.ToLower(name), "undefined ") {
		return ""
	}
	return name
}
