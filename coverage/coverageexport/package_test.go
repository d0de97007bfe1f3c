package coverageexport_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb/geojson"

	"yike/coverage"
	"yike/coverage/coverageexport"
	"yike/internal/gdal"
	"yike/internal/pdf"
)

func openFonts(t testing.TB) *pdf.Fonts {
	t.Helper()
	fonts, err := pdf.OpenFonts(pdf.SystemFonts())
	if errors.Is(err, pdf.ErrNoFont) && os.Getenv("CI") == "" {
		t.Skip("no font with Chinese characters; apt-get install fonts-noto-cjk")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = fonts.Close() })
	return fonts
}

// packed writes a dossier's package and gives its bytes and its files by name.
func packed(t *testing.T, d *coverageexport.Dossier, with coverageexport.Packing) ([]byte, map[string][]byte) {
	t.Helper()
	var out bytes.Buffer
	if _, err := d.WritePackage(t.Context(), &out, with); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range r.File {
		if day := f.Modified.UTC().Format("2006-01-02"); day != "2026-10-31" {
			t.Errorf("%s is of %s, not of the data's day", f.Name, day)
		}
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes(), files
}

func TestPackageHoldsWhatItLists(t *testing.T) {
	t.Parallel()
	fonts := openFonts(t)
	for _, english := range []bool{false, true} {
		whole, files := packed(t, dossier(t, asked{options: 2, english: english}), coverageexport.Packing{Fonts: fonts})
		if len(files) != 8 {
			t.Errorf("%d files", len(files))
		}
		readme := string(files["README.txt"])
		for name := range files {
			if name != "README.txt" && !strings.Contains(readme, name) {
				t.Errorf("README.txt does not name %s", name)
			}
		}
		for _, want := range []string{"\ufeff", "\r\n", "老人家食堂布局比选报告", "Options compared — elderly canteen", "合成示例数据", "Synthetic example data", "ODbL", "2026-11-27 22:31"} {
			if !strings.Contains(readme, want) {
				t.Errorf("README.txt does not say %q", want)
			}
		}
		if again, _ := packed(t, dossier(t, asked{options: 2, english: english}), coverageexport.Packing{Fonts: fonts}); !bytes.Equal(whole, again) {
			t.Error("the same dossier gives other bytes")
		}
	}
	if _, files := packed(t, dossier(t, asked{options: 1}), coverageexport.Packing{}); len(files) != 7 || strings.Contains(string(files["README.txt"]), "pdf") {
		t.Errorf("without fonts there are %d files", len(files))
	}
}

// The layers of a map program say what the workbook says.
func TestMapLayers(t *testing.T) {
	t.Parallel()
	d := dossier(t, asked{options: 2})
	layer := func(name string) []*geojson.Feature {
		t.Helper()
		for _, l := range d.MapLayers() {
			if l.Name != name {
				continue
			}
			var out bytes.Buffer
			if err := l.Write(&out, d); err != nil {
				t.Fatal(err)
			}
			fc, err := geojson.UnmarshalFeatureCollection(out.Bytes())
			if err != nil || len(fc.Features) != l.Rows || l.Rows == 0 {
				t.Fatalf("%s: %d features, %v", name, l.Rows, err)
			}
			return fc.Features
		}
		t.Fatalf("no layer %s", name)
		return nil
	}
	near := func(a float64, b coverage.People) bool { return fmt.Sprintf("%.4f", a) == b.Fixed(4) }
	without := map[int]float64{}
	for _, f := range layer("gaps") {
		without[f.Properties.MustInt("situation")] += f.Properties.MustFloat64("people 70+")
		if f.Properties.MustString("name") == "" || f.Properties.MustString("why") == "" {
			t.Errorf("%v", f.Properties)
		}
	}
	gained, states := map[string]float64{}, map[string]float64{}
	for _, f := range layer("people") {
		states[f.Properties.MustString("state")] += f.Properties.MustFloat64("people all")
		for _, k := range []string{"1", "2"} {
			if f.Properties.MustString("state") != "covered" && f.Properties.MustString("state_"+k) == "covered" {
				gained[k] += f.Properties.MustFloat64("people 70+")
			}
		}
	}
	today := d.Comparison.Baseline.Summary.Total
	if !near(without[0], today[2].Uncovered+today[2].Unsnapped) || !near(states["covered"], today[0].Covered) || !near(states["unsnapped"], today[0].Unsnapped) {
		t.Errorf("today: %v without, %v", without[0], states)
	}
	byDivision, byFacility := map[string]float64{}, map[string]float64{}
	for _, f := range layer("divisions") {
		for _, k := range []string{"1", "2"} {
			byDivision[k] += f.Properties.MustFloat64("gained_" + k)
		}
	}
	fates := ""
	for _, f := range layer("facilities") {
		for _, k := range []string{"1", "2"} {
			byFacility[k] += f.Properties.MustFloat64("gained_" + k)
		}
		fates += f.Properties.MustString("change_2")
	}
	if !strings.Contains(fates, "新设") || !strings.Contains(fates, "关闭") || !strings.Contains(fates, "迁移") {
		t.Errorf("the second option does %q", fates)
	}
	for i, o := range d.Comparison.Options {
		k := fmt.Sprint(i + 1)
		if c := o.Delta.Total[2]; !near(gained[k], c.Gained) || !near(byFacility[k], c.Gained) || !near(without[i+1], o.After.Total[2].Uncovered+o.After.Total[2].Unsnapped) {
			t.Errorf("option %s: %v by points, %v by facility, %v without; want %v", k, gained[k], byFacility[k], without[i+1], c.Gained)
		}
	}
	if n := len(layer("circles")); n != 2+1+2 {
		t.Errorf("%d circles", n)
	}
}

// ogrinfo reads every layer of the archive.
func TestLayersOpenInGDAL(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("ogrinfo is not installed; apt-get install gdal-bin")
	}
	_, files := packed(t, dossier(t, asked{options: 3, long: true}), coverageexport.Packing{})
	dir, n := t.TempDir(), 0
	for name, text := range files {
		if !strings.HasSuffix(name, ".geojson") {
			continue
		}
		n++
		path := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("Feature Count: %d", bytes.Count(text, []byte(`{"type":"Feature",`)))
		said, err := exec.CommandContext(t.Context(), "ogrinfo", "-ro", "-al", "-so", path).CombinedOutput()
		if err != nil || !strings.Contains(string(said), want) || strings.Contains(string(said), "ERROR") || strings.Contains(string(said), "Warning") {
			t.Errorf("%s: want %s: %v\n%s", name, want, err, said)
		}
	}
	if n != 5 {
		t.Errorf("%d layers", n)
	}
}

// The GeoPackage has every layer, and is the same whenever it is made.
func TestGeoPackage(t *testing.T) {
	t.Parallel()
	if !gdal.Available() {
		t.Skip("gdal-bin is not installed")
	}
	d := dossier(t, asked{options: 1})
	whole, files := packed(t, d, coverageexport.Packing{GeoPackage: true})
	if again, _ := packed(t, d, coverageexport.Packing{GeoPackage: true}); !bytes.Equal(whole, again) {
		t.Error("the same dossier gives other bytes")
	}
	path := filepath.Join(t.TempDir(), "all.gpkg")
	if err := os.WriteFile(path, files["地图数据/全部图层.gpkg"], 0o600); err != nil {
		t.Fatal(err)
	}
	layers, err := gdal.Layers(t.Context(), path, "GPKG", 9)
	if err != nil || len(layers) != 5 {
		t.Fatalf("%+v, %v", layers, err)
	}
	for i, l := range d.MapLayers() {
		if err := l.Write(io.Discard, d); err != nil || layers[i].Name != l.Name || layers[i].Rows != l.Rows || layers[i].CRS != "EPSG:4326" {
			t.Errorf("%s has %d rows; got %+v, %v", l.Name, l.Rows, layers[i], err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := d.WritePackage(ctx, io.Discard, coverageexport.Packing{GeoPackage: true}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v when nobody waits for it", err)
	}
}

func TestPackagesOfNothing(t *testing.T) {
	t.Parallel()
	fonts := openFonts(t)
	for name, a := range map[string]asked{"nobody": {nobody: true}, "nobody, one option": {nobody: true, options: 1}, "no gaps": {served: true, options: 1}, "today": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, files := packed(t, dossier(t, a), coverageexport.Packing{Fonts: fonts}); len(files) != 8 {
				t.Errorf("%d files", len(files))
			}
		})
	}
}

func TestPackageErrorsAreTold(t *testing.T) {
	t.Parallel()
	d := dossier(t, asked{options: 1})
	if _, err := d.WritePackage(t.Context(), full{}, coverageexport.Packing{}); !errors.Is(err, errFull) {
		t.Errorf("the package: %v", err)
	}
	if err := d.WriteXLSX(full{}); !errors.Is(err, errFull) {
		t.Errorf("the workbook: %v", err)
	}
	if _, err := d.WriteReport(full{}, openFonts(t)); !errors.Is(err, errFull) {
		t.Errorf("the report: %v", err)
	}
	for _, l := range d.MapLayers() {
		if err := l.Write(full{}, d); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", l.Name, err)
		}
	}
}
