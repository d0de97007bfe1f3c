package gdal

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
)

// Convert makes a file of a driver out of features that we wrote ourselves as GeoJSON,
// one on each line. The folder of to has to exist and to itself not; args are options of
// ogr2ogr. Errors: ErrMissing, *ProcessError.
func Convert(ctx context.Context, from, to, driver string, args ...string) error {
	if !Available() {
		return ErrMissing
	}
	from, err := localPath(from)
	if err != nil {
		return err
	}
	if to, err = filepath.Abs(to); err != nil {
		return fmt.Errorf("find %s: %w", to, err)
	}
	words := slices.Concat([]string{"-f", driver}, args, []string{to, from})
	c, err := startIn(ctx, filepath.Dir(to), saveBlocks, "ogr2ogr", words)
	if err != nil {
		return err
	}
	_, err = c.output()
	return err
}
