package gdal

import (
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
	text, err := run(ctx, "ogrinfo", []string{"-ro", "-so", "-al", path})
	if err != nil {
		return nil, err
	}
	if d := parseDriver(text); d != driver && d != "LIB"+driver {
		return nil, &ProcessError{Program: "ogrinfo", Message: fmt.Sprintf("the file is of driver %q, not %q", d, driver), Err: os.ErrInvalid}
	}
	all := parseSummaries(text)
	if len(all) > most {
		return nil, &ProcessError{Program: "ogrinfo", Message: fmt.Sprintf("the file has %d layers; at most %d are read", len(all), most), Err: os.ErrInvalid}
	}
	for i, l := range all {
		if err := safeLayer(l.Name); err != nil {
			return nil, err
		}
		s := Source{Path: path, Driver: driver, Layer: l.Name}
		open, err := openOptions(s)
		if err != nil {
			return nil, err
		}
		if all[i].Columns, err = columns(ctx, s, open); err != nil {
			return nil, err
		}
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

// parseSummaries reads what ogrinfo -so -al says of each layer.
func parseSummaries(text []byte) []LayerInfo {
	var all []LayerInfo
	const mark = "\nLayer name: "
	for _, part := range strings.Split("\n"+string(text), mark)[1:] {
		name, rest, _ := strings.Cut(part, "\n")
		info := LayerInfo{Name: name, Rows: -1, CRS: parseCRS([]byte(rest))}
		for line := range strings.Lines(rest) {
			line = strings.TrimRight(line, "\r\n")
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
		all = append(all, info)
	}
	return all
}
