package rowio

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"yike/internal/gdal"
)

// openGDAL reads the GeoJSON that ogr2ogr writes, as it writes it.
func openGDAL(ctx context.Context, path, format, layer string) (Reader, error) {
	driver, ok := gdal.DriverOf(format)
	if !ok {
		e := fileError(path, nil, "不支持的文件格式", "unknown file format")
		e.Value = clip(format)
		return nil, e
	}
	return openSource(ctx, path, gdal.Source{Path: path, Driver: driver, Layer: layer})
}

func openSource(ctx context.Context, path string, s gdal.Source) (Reader, error) {
	out, err := gdal.Features(ctx, s)
	if err != nil {
		return nil, asFileError(path, err)
	}
	r := newFeatureReader(ctx, path, out)
	r.columns, r.crs = out.Columns, out.CRS
	r.after = func() error { return asFileError(path, out.Wait()) }
	return r, nil
}

// asFileError turns what GDAL said into a fault of the file; nil stays nil.
func asFileError(path string, err error) error {
	var layer *gdal.LayerError
	var process *gdal.ProcessError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, gdal.ErrMissing):
		return fileError(path, err,
			"服务器未安装 GDAL，不能读取 GeoPackage 和 Shapefile，请安装：apt-get install gdal-bin；XLSX、CSV、GeoJSON、KML 不受影响",
			"GeoPackage and Shapefile need GDAL on the server: apt-get install gdal-bin; XLSX, CSV, GeoJSON and KML do not")
	case errors.As(err, &layer):
		e := fileError(path, err, "请指明图层，文件中有："+strings.Join(layer.Layers, "、"), "name the layer; the file has: "+strings.Join(layer.Layers, ", "))
		e.Value = clip(layer.Layer)
		return e
	case errors.As(err, &process):
		return fileError(path, err, "GDAL 无法读取此文件："+process.Message, "GDAL cannot read the file: "+process.Error())
	}
	return fmt.Errorf("read %s: %w", filepath.Base(path), err)
}
