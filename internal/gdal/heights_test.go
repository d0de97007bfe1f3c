package gdal

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A file is read by the driver asked for and by no other, so that what passes for a raster
// cannot send GDAL elsewhere.
func TestHeightsAreReadByTheirDriverOnly(t *testing.T) {
	t.Parallel()
	if !Available() {
		t.Skip("skipped: no GDAL")
	}
	dir := t.TempDir()
	grid, other := filepath.Join(dir, "grid.asc"), filepath.Join(dir, "other.tif")
	const cells = "ncols 2\nnrows 2\nxllcorner 117\nyllcorner 39\ncellsize 1\nNODATA_value -9999\n3 4\n1 -9999\n"
	vrt := `<VRTDataset rasterXSize="2" rasterYSize="2"><SRS>EPSG:4326</SRS><GeoTransform>117,1,0,41,0,-1</GeoTransform>` +
		`<VRTRasterBand dataType="Float32" band="1"><SimpleSource><SourceFilename>` + grid + `</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>`
	for file, text := range map[string]string{grid: cells, other: vrt} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	box := [4]float64{117, 39, 119, 41}
	got, err := Heights(t.Context(), Raster{Path: grid, Driver: "AAIGrid", CRS: "EPSG:4326"}, box, 2, 2)
	if err != nil || len(got) != 4 || got[0] != 1 || got[1] == got[1] || got[2] != 3 || got[3] != 4 {
		t.Errorf("%v, %v, want 1, none, 3, 4 from the south-west", got, err)
	}
	var refused *ProcessError
	for driver, file := range map[string]string{"GTiff": other, "AAIGrid": other} {
		if _, err := Heights(t.Context(), Raster{Path: file, Driver: driver, CRS: "EPSG:4326"}, box, 2, 2); !errors.As(err, &refused) {
			t.Errorf("as %s: %v", driver, err)
		}
	}
	if _, err := Heights(t.Context(), Raster{Path: filepath.Join(dir, "none.tif"), Driver: "GTiff"}, box, 2, 2); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
