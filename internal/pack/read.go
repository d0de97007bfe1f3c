package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
)

// The layers, in the order in which they are loaded: each may look at those before it.
const (
	Divisions  = "divisions"
	Roads      = "roads"
	Buildings  = "buildings"
	Population = "population"
	Facilities = "facilities"
)

// DataDirEnv is the environment variable that overrides a manifest's root.
const DataDirEnv = "YIKE_DATA_DIR"

// DefaultSnapLimitM is how far in metres a person or a facility may be from a path
// where the manifest does not say.
const DefaultSnapLimitM = 100

// DefaultJoinM is the tolerance in metres for joining line ends where the manifest
// does not say.
const DefaultJoinM = 0.5

// maxManifest keeps a wrong file from being read whole into memory.
const maxManifest = 1 << 20

// Read reads and checks dir/manifest.yaml. It does not look at the layers' files. An
// unknown key, a wrong type and every rule broken is a fault; the error is a
// *BadPackError that names them all, or wraps os.ErrNotExist.
func Read(dir string) (*Manifest, error) {
	name := filepath.Join(dir, FileName)
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("open manifest: %w", err)
	}
	if info.Size() > maxManifest {
		return nil, Bad("manifest", Fault{File: FileName, Reason: Text{ZH: "文件过大，不像清单", EN: "too large to be a manifest"}})
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	return Parse(data)
}

// Parse reads and checks the text of a manifest.
func Parse(data []byte) (*Manifest, error) {
	var m Manifest
	dec := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict())
	if err := dec.Decode(&m); err != nil {
		return nil, Bad("manifest", Fault{File: FileName, Reason: Text{ZH: "不是有效的清单", EN: "not a valid manifest"}, Hint: Text{EN: err.Error()}})
	}
	if err := m.Check(); err != nil {
		return nil, err
	}
	return &m, nil
}

// Write checks m and writes it to dir/manifest.yaml, which is replaced whole or not
// at all.
func Write(dir string, m *Manifest) error {
	if err := m.Check(); err != nil {
		return err
	}
	data, err := yaml.MarshalWithOptions(m, yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		return fmt.Errorf("encode manifest: %w", err)
	}
	tmp, err := os.CreateTemp(dir, FileName+".*")
	if err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	_, werr := tmp.Write(data)
	if err := errors.Join(werr, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return errors.Join(fmt.Errorf("write manifest: %w", err), os.Remove(tmp.Name()))
	}
	if err := os.Rename(tmp.Name(), filepath.Join(dir, FileName)); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return nil
}

// Folder is where the layers' files lie: override where it is not empty (the value of
// YIKE_DATA_DIR), else the manifest's root below dir, else dir.
func (m *Manifest) Folder(dir, override string) string {
	switch {
	case override != "" && m.Root != "":
		return override
	case m.Root == "":
		return dir
	case filepath.IsAbs(m.Root):
		return filepath.Clean(m.Root)
	default:
		return filepath.Join(dir, filepath.FromSlash(m.Root))
	}
}

// Named is one layer with the kind it is of.
type Named struct {
	Kind  string
	Field string // where in the manifest, e.g. layers.divisions[0]
	*Layer
}

// All lists the layers in the order of loading.
func (m *Manifest) All() []Named {
	var all []Named
	for i, l := range m.Layers.Divisions {
		all = append(all, Named{Divisions, fmt.Sprintf("layers.divisions[%d]", i), l})
	}
	for _, n := range []Named{
		{Roads, "layers.roads", m.Layers.Roads},
		{Buildings, "layers.buildings", m.Layers.Buildings},
		{Population, "layers.population", m.Layers.Population},
		{Facilities, "layers.facilities", m.Layers.Facilities},
	} {
		if n.Layer != nil {
			all = append(all, n)
		}
	}
	return all
}

// CheckFiles reports every file that a layer names and root does not hold.
func (m *Manifest) CheckFiles(root string) error {
	var faults Faults
	for _, n := range m.All() {
		checkFile(&faults, root, n.Field, n.File)
		if n.Barriers != nil {
			checkFile(&faults, root, n.Field+".barriers", n.Barriers.File)
		}
		if n.Heights != nil {
			checkFile(&faults, root, n.Field+".heights", n.Heights.File)
		}
	}
	return faults.Err("manifest")
}

// checkFile reports a file that is not there or is none.
func checkFile(faults *Faults, root, field, file string) {
	if file == "" {
		return
	}
	info, err := os.Stat(filepath.Join(root, filepath.FromSlash(file)))
	switch {
	case err != nil:
		faults.Add(Fault{
			File: FileName, Field: field + ".file", Value: file,
			Reason: Text{ZH: "找不到该文件，查找目录：" + root, EN: "no such file in " + root},
			Hint:   Text{ZH: "改正文件名、root，或设置 " + DataDirEnv, EN: "mend the name or root, or set " + DataDirEnv},
		})
	case info.IsDir():
		faults.Add(Fault{File: FileName, Field: field + ".file", Value: file, Reason: Text{ZH: "是目录，不是文件", EN: "a folder, not a file"}})
	case !info.Mode().IsRegular(): // a pipe or a device may never end
		faults.Add(Fault{File: FileName, Field: field + ".file", Value: file, Reason: Text{ZH: "不是普通文件", EN: "not a regular file"}})
	}
}

// SnapLimit is SnapLimitM, or the default.
func (m *Manifest) SnapLimit() float64 {
	if m.SnapLimitM == 0 {
		return DefaultSnapLimitM
	}
	return m.SnapLimitM
}

// Join is JoinM, or the default. A nil layer gives the default.
func (l *Layer) Join() float64 {
	if l == nil || l.JoinM == 0 {
		return DefaultJoinM
	}
	return l.JoinM
}

// The formats of layers.
const (
	OSM       = "osm"
	GeoJSON   = "geojson"
	CSV       = "csv"
	Shapefile = "shapefile"
	GPKG      = "gpkg"
)

// FileFormat is Format, or what the file's name says; empty when neither does.
func (l *Layer) FileFormat() string {
	if l.Format != "" {
		return l.Format
	}
	name := strings.ToLower(l.File)
	switch filepath.Ext(name) {
	case ".pbf", ".osm":
		return OSM
	case ".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson":
		return GeoJSON
	case ".csv", ".tsv", ".txt":
		return CSV
	case ".shp":
		return Shapefile
	case ".gpkg":
		return GPKG
	}
	return ""
}

// FieldOf is the file's column for our column name, and whether there is one: the
// mapped name, or our own name where nothing is mapped; a mapping to "" says that the
// file has none.
func (l *Layer) FieldOf(ours string) (string, bool) {
	if theirs, ok := l.Fields[ours]; ok {
		return theirs, theirs != ""
	}
	return ours, true
}

// Settings is the part of the manifest that decides what a layer's rows become, in a
// stable form for digests.
func (l *Layer) Settings() ([]byte, error) {
	data, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("encode layer settings: %w", err)
	}
	return data, nil
}
