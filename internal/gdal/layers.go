package gdal

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// LayerInfo is what a summary tells of a layer.
type LayerInfo struct {
	Name     string
	Geometry string // as GDAL calls it: Point, 3D Multi Polygon, None, Unknown (any) …
	Rows     int    // -1 if the summary does not tell
	Columns  []string
	CRS      string // as Output.CRS
}

// Available reports whether GDAL's programs are installed.
func Available() bool {
	_, err := exec.LookPath("ogr2ogr")
	return err == nil
}

// Layers summarises the layers of a file, at most so many. Errors as of Features.
func Layers(ctx context.Context, path, driver string, most int) ([]LayerInfo, error) {
	if !Available() {
		return nil, ErrMissing
	}
	path, err := localPath(path)
	if err != nil {
		return nil, err
	}
	list, err := run(ctx, "ogrinfo", []string{"-ro", path})
	if err != nil {
		return nil, err
	}
	if d := parseDriver(list); d != driver && d != "LIB"+driver {
		return nil, &ProcessError{Program: "ogrinfo", Message: fmt.Sprintf("the file is of driver %q, not %q", d, driver), Err: os.ErrInvalid}
	}
	names := parseLayers(list)
	if len(names) > most {
		return nil, &ProcessError{Program: "ogrinfo", Message: fmt.Sprintf("the file has %d layers; at most %d are read", len(names), most), Err: os.ErrInvalid}
	}
	var all []LayerInfo
	for _, name := range names {
		s := Source{Path: path, Driver: driver, Layer: name}
		if err := safeLayer(name); err != nil {
			return nil, err
		}
		text, err := run(ctx, "ogrinfo", []string{"-ro", "-so", path, name})
		if err != nil {
			return nil, err
		}
		info := parseSummary(text)
		info.Name = name
		open, err := openOptions(s)
		if err != nil {
			return nil, err
		}
		if info.Columns, err = columns(ctx, s, open); err != nil {
			return nil, err
		}
		all = append(all, info)
	}
	return all, nil
}

// safeLayer refuses a name that GDAL's programs would take for an option.
func safeLayer(name string) error {
	if strings.HasPrefix(name, "-") || name == "" {
		return &ProcessError{Program: "ogrinfo", Message: fmt.Sprintf("the name %.60q of a layer is not allowed", name), Err: os.ErrInvalid}
	}
	return nil
}

// parseSummary reads the head of what ogrinfo -so says of a layer.
func parseSummary(text []byte) LayerInfo {
	info := LayerInfo{Rows: -1, CRS: parseCRS(text)}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if v, ok := strings.CutPrefix(line, "Geometry: "); ok && info.Geometry == "" {
			info.Geometry = v
		}
		if v, ok := strings.CutPrefix(line, "Feature Count: "); ok && info.Rows < 0 {
			if n, err := strconv.Atoi(v); err == nil {
				info.Rows = max(n, 0)
			}
		}
		if strings.HasPrefix(line, "Layer SRS WKT") {
			break
		}
	}
	return info
}
