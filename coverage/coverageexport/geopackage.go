package coverageexport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"yike/internal/gdal"
)

// WriteGeoPackage writes the layers for map programs as one GeoPackage, by GDAL. Its times
// are the day of the data, so that the same dossier gives the same bytes. Errors besides
// those of writing are gdal.ErrMissing and a *gdal.ProcessError.
func (d *Dossier) WriteGeoPackage(ctx context.Context, to io.Writer) (err error) {
	folder, err := os.MkdirTemp("", "yike-geopackage-")
	if err != nil {
		return fmt.Errorf("make a folder for the GeoPackage: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	whole := filepath.Join(folder, "layers.gpkg")
	args := []string{"--config", "OGR_CURRENT_DATE", d.day().Format(time.DateOnly) + "T00:00:00.000Z"}
	for i, l := range d.MapLayers() {
		from := filepath.Join(folder, l.Name+".geojson")
		if err := d.layerFile(from, l); err != nil {
			return err
		}
		how := append(args[:len(args):len(args)], "-nln", l.Name)
		if i > 0 {
			how = append(how, "-update", "-append")
		}
		if err := gdal.Convert(ctx, from, whole, "GPKG", how...); err != nil {
			return fmt.Errorf("make the GeoPackage: %w", err)
		}
	}
	made, err := os.Open(whole)
	if err != nil {
		return fmt.Errorf("read the GeoPackage: %w", err)
	}
	defer func() { _ = made.Close() }() // read only
	if _, err := io.Copy(to, made); err != nil {
		return fmt.Errorf("write the GeoPackage: %w", err)
	}
	return nil
}

func (d *Dossier) layerFile(path string, l MapLayer) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("keep the layer %s: %w", l.Name, err)
	}
	return errors.Join(l.Write(f, d), f.Close())
}
