// Package pack owns the data-pack manifest: which layers a folder holds, in which
// files, coordinate systems and licences, and what must be said beside them. It
// reads and writes manifest.yaml and checks it whole; it reads none of the layers
// and knows no feature.
package pack

import (
	"path"
	"strings"
)

// FileName is the name of the manifest inside a pack's folder.
const FileName = "manifest.yaml"

// Format is the only manifest format there is so far.
const Format = "yike-pack/1"

// Manifest describes one data pack.
type Manifest struct {
	Format    string `yaml:"format" json:"format"`
	ID        string `yaml:"id" json:"id"`         // lower-case slug
	AdCode    string `yaml:"adcode" json:"adcode"` // authority that keeps the records; 99xxxx is a declared pseudo-code
	Name      Text   `yaml:"name" json:"name"`
	Synthetic bool   `yaml:"synthetic,omitempty" json:"synthetic,omitempty"` // said on every screen
	// AsOf is the day that the records are of, as 2026-10-31; "" where the pack does not say.
	AsOf string `yaml:"as_of,omitempty" json:"as_of,omitempty"`
	Root string `yaml:"root,omitempty" json:"root,omitempty"` // folder of the files, relative to the manifest; default the manifest's own
	// SnapLimitM is how far in metres a person or facility may be from a path; default 100.
	SnapLimitM float64  `yaml:"snap_limit_m,omitempty" json:"snap_limit_m,omitempty"`
	Bands      []Band   `yaml:"bands" json:"bands"`
	Notices    []Notice `yaml:"notices,omitempty" json:"notices,omitempty"`
	Absent     []Text   `yaml:"absent,omitempty" json:"absent,omitempty"` // what the data lack, in sentences for people
	Layers     Layers   `yaml:"layers" json:"layers"`
}

// Text is a sentence or name in both languages.
type Text struct {
	ZH string `yaml:"zh" json:"zh"`
	EN string `yaml:"en" json:"en"`
}

// Band is an age band of the pack. To is inclusive; absent means open.
type Band struct {
	ID     string `yaml:"id" json:"id"`
	From   int    `yaml:"from" json:"from"`
	To     *int   `yaml:"to,omitempty" json:"to,omitempty"`
	Widest bool   `yaml:"widest,omitempty" json:"widest,omitempty"`
}

// Notice must be shown wherever the data are.
type Notice struct {
	ZH      string `yaml:"zh" json:"zh"`
	EN      string `yaml:"en" json:"en"`
	URL     string `yaml:"url,omitempty" json:"url,omitempty"`
	Licence string `yaml:"licence,omitempty" json:"licence,omitempty"`
}

// Layers names the layers; nil means the pack has none of that kind.
type Layers struct {
	Divisions  []*Layer `yaml:"divisions,omitempty" json:"divisions,omitempty"` // one per level or file
	Roads      *Layer   `yaml:"roads" json:"roads"`
	Buildings  *Layer   `yaml:"buildings,omitempty" json:"buildings,omitempty"`
	Population *Layer   `yaml:"population" json:"population"`
	Facilities *Layer   `yaml:"facilities,omitempty" json:"facilities,omitempty"`
}

// Layer is one layer: a file, how to read it, and how its columns map to ours.
type Layer struct {
	File    string `yaml:"file,omitempty" json:"file,omitempty"`     // relative to root
	Format  string `yaml:"format,omitempty" json:"format,omitempty"` // osm, geojson, csv, shapefile, gpkg; default by the file's extension
	SubName string `yaml:"layer,omitempty" json:"layer,omitempty"`   // table inside a GeoPackage
	CRS     string `yaml:"crs,omitempty" json:"crs,omitempty"`       // required for every file with coordinates: EPSG:4326, EPSG:4490, EPSG:4513…4554, GCJ-02, BD-09 …
	Licence string `yaml:"licence,omitempty" json:"licence,omitempty"`
	// Kind chooses the reading of a layer where there are several:
	// population: "points" (default), "communities" (one row per community, spread over residential buildings)
	// facilities: "file" (default), "examples" (placed by rule and labelled 示例)
	Kind string `yaml:"kind,omitempty" json:"kind,omitempty"`
	// Base of a population layer: registered or resident.
	Base string `yaml:"base,omitempty" json:"base,omitempty"`
	// Level of a divisions layer when the rows do not say it.
	Level string `yaml:"level,omitempty" json:"level,omitempty"`
	// Fields maps our column names to the file's. See docs/data-pack.md for the names of each layer.
	Fields map[string]string `yaml:"fields,omitempty" json:"fields,omitempty"`
	// Bands maps a band id to the columns whose sum it is (population, divisions).
	Bands map[string][]string `yaml:"bands,omitempty" json:"bands,omitempty"`
	// RegisteredBands is as Bands, for columns that count registered people in a divisions layer.
	RegisteredBands map[string][]string `yaml:"registered_bands,omitempty" json:"registered_bands,omitempty"`
	// Values translates the file's values of one of our columns: column -> theirs -> ours.
	Values map[string]map[string]string `yaml:"values,omitempty" json:"values,omitempty"`
	// JoinM is the tolerance in metres for joining line ends (roads as a line layer); default 0.5.
	JoinM float64 `yaml:"join_m,omitempty" json:"join_m,omitempty"`
	// Barriers is a layer of points that may stop walkers (gates with their hours), for roads
	// of a line layer; OSM extracts have theirs inside.
	Barriers *Layer `yaml:"barriers,omitempty" json:"barriers,omitempty"`
	// Heights is a grid of the ground's heights, from which roads get their slopes.
	Heights *Heights `yaml:"heights,omitempty" json:"heights,omitempty"`
}

// Heights is a grid of heights in metres above any one level: a GeoTIFF or an ASCII grid.
type Heights struct {
	File    string `yaml:"file" json:"file"`                   // relative to root; .tif, .tiff or .asc
	CRS     string `yaml:"crs,omitempty" json:"crs,omitempty"` // EPSG:…; what a GeoTIFF says of itself where left out
	Licence string `yaml:"licence,omitempty" json:"licence,omitempty"`
}

// Driver is GDAL's name of the grid's format, "" for one that is not read.
func (h *Heights) Driver() string {
	switch strings.ToLower(path.Ext(h.File)) {
	case ".tif", ".tiff":
		return "GTiff"
	case ".asc":
		return "AAIGrid"
	}
	return ""
}
