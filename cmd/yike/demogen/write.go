package demogen

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// The files of the pack.
const (
	divisionsFile  = "divisions.geojson"
	roadsFile      = "roads.osm"
	buildingsFile  = "buildings.geojson"
	populationFile = "population.csv"
	facilitiesFile = "facilities.geojson"
	markerFile     = ".yike-demo" // says that the folder is ours to overwrite
)

// ErrNotOurs is a folder that holds something else.
var ErrNotOurs = errors.New("目录非空且不是本命令生成的数据包 / the folder is not empty and was not made by this command")

// prepare makes the folder, and refuses one that holds anything not made here.
func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // a data pack is no secret
		return fmt.Errorf("make the folder of the pack: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look into the folder of the pack: %w", err)
	}
	marker := filepath.Join(dir, markerFile)
	if len(entries) > 0 {
		if _, err := os.Stat(marker); err != nil {
			return fmt.Errorf("%w: %s", ErrNotOurs, dir)
		}
	}
	if err := os.WriteFile(marker, []byte("yike demo generate\n"), 0o644); err != nil { //nolint:gosec // as above
		return fmt.Errorf("mark the folder of the pack: %w", err)
	}
	return nil
}

// write puts the layers into the folder and the manifest last: a folder without a
// manifest is no pack, so a broken run leaves none.
func (d *district) write(ctx context.Context, dir string) error {
	if err := removeManifest(dir); err != nil {
		return err
	}
	for _, layer := range []struct {
		file string
		to   func(*sheet)
	}{
		{divisionsFile, d.writeDivisions},
		{roadsFile, d.writeRoads},
		{buildingsFile, d.writeBuildings},
		{populationFile, d.writePopulation},
		{facilitiesFile, d.writeFacilities},
	} {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("write the pack: %w", err)
		}
		if err := writeFile(filepath.Join(dir, layer.file), layer.to); err != nil {
			return fmt.Errorf("write %s: %w", layer.file, err)
		}
	}
	return d.writeManifest(dir)
}

func writeFile(path string, fill func(*sheet)) error {
	f, err := os.Create(path) //nolint:gosec // the folder is the caller's choice
	if err != nil {
		return err
	}
	s := &sheet{w: bufio.NewWriterSize(f, 1<<16)}
	fill(s)
	return errors.Join(s.err, s.w.Flush(), f.Close())
}

func removeManifest(dir string) error {
	err := os.Remove(filepath.Join(dir, manifestName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the old manifest: %w", err)
	}
	return nil
}

// sheet writes text and remembers the first error.
type sheet struct {
	w   *bufio.Writer
	buf []byte
	err error
}

func (s *sheet) text(parts ...string) {
	for _, p := range parts {
		if _, err := s.w.WriteString(p); err != nil && s.err == nil {
			s.err = err
		}
	}
}

// degree writes a coordinate with seven decimals, about a centimetre.
func (s *sheet) degree(x float64) {
	s.buf = strconv.AppendFloat(s.buf[:0], x, 'f', 7, 64)
	if _, err := s.w.Write(s.buf); err != nil && s.err == nil {
		s.err = err
	}
}

func (s *sheet) point(p orb.Point) {
	s.text("[")
	s.degree(p[0])
	s.text(",")
	s.degree(p[1])
	s.text("]")
}

func (s *sheet) ring(r orb.Ring) {
	s.text("[")
	for i, p := range r {
		if i > 0 {
			s.text(",")
		}
		s.point(p)
	}
	s.text("]")
}

// quote writes a JSON string.
func (s *sheet) quote(v string) {
	b, err := json.Marshal(v)
	if err != nil && s.err == nil {
		s.err = err
	}
	s.text(string(b))
}

// property is one property of a GeoJSON feature: a string or an int.
type property struct {
	key   string
	value any
}

// features writes a FeatureCollection of n features, one a line.
func (s *sheet) features(n int, props func(i int) []property, geometry func(i int)) {
	s.text("{\"type\":\"FeatureCollection\",\"features\":[\n")
	for i := range n {
		if i > 0 {
			s.text(",\n")
		}
		s.text("{\"type\":\"Feature\",\"properties\":{")
		for k, f := range props(i) {
			if k > 0 {
				s.text(",")
			}
			s.quote(f.key)
			s.text(":")
			switch v := f.value.(type) {
			case int:
				s.text(strconv.Itoa(v))
			case string:
				s.quote(v)
			case bool:
				s.text(strconv.FormatBool(v))
			}
		}
		s.text("},\"geometry\":")
		geometry(i)
		s.text("}")
	}
	s.text("\n]}\n")
}

// escape makes a value safe inside an XML attribute.
func escape(v string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\"", "&quot;").Replace(v)
}
