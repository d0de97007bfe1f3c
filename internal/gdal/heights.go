package gdal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
)

// Raster names a grid of heights: a GeoTIFF or an ASCII grid.
type Raster struct {
	Path   string
	Driver string // "GTiff" or "AAIGrid"
	CRS    string // as EPSG:4490; "" for what the file says itself
}

// Heights gives the first band of a raster over a box of west, south, east and north in
// degrees of WGS 84, in so many columns and rows: row by row from the south-west, metres as the file has them, each the
// value at the middle of its cell, NaN where the raster has none. Where the raster is finer
// than that, a value is the weighted mean of what lies around. Errors: ErrMissing,
// *ProcessError. O(cols·rows + raster within the box).
func Heights(ctx context.Context, r Raster, box [4]float64, cols, rows int) (heights []float32, err error) {
	from, err := localPath(r.Path)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "yike-heights-")
	if err != nil {
		return nil, fmt.Errorf("read heights: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	to := filepath.Join(dir, "heights.raw")
	degrees := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	words := []string{"-q", "-if", r.Driver}
	if r.CRS != "" {
		words = append(words, "-s_srs", r.CRS)
	}
	words = append(words,
		"-t_srs", "EPSG:4326", "-te", degrees(box[0]), degrees(box[1]), degrees(box[2]), degrees(box[3]),
		"-ts", strconv.Itoa(cols), strconv.Itoa(rows), "-r", "bilinear", "-novshift", "-ot", "Float32", "-dstnodata", "nan", "-of", "ENVI", from, to)
	c, err := startIn(ctx, dir, saveBlocks, "gdalwarp", words)
	if err != nil {
		return nil, err
	}
	if _, err := c.output(); err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(to)
	if err != nil {
		return nil, fmt.Errorf("read heights: %w", err)
	}
	if len(raw) < 4*cols*rows {
		return nil, &ProcessError{Program: "gdalwarp", Message: "wrote less than asked for", Err: errors.ErrUnsupported}
	}
	heights = make([]float32, cols*rows)
	for y := range rows {
		for x := range cols {
			heights[(rows-1-y)*cols+x] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*(y*cols+x):])) // northernmost first in the file
		}
	}
	return heights, nil
}
