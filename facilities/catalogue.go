package facilities

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
)

//go:embed types.json
var typesJSON []byte

// Measure says what it means for a type to cover people.
type Measure string

// The measures.
const (
	Walk     Measure = "walk"     // within so many minutes on foot
	Presence Measure = "presence" // the division has one, or is assigned to one
	Drive    Measure = "drive"    // within so many minutes by road; walking times say little
)

// TypeInfo is one facility type of the catalogue.
type TypeInfo struct {
	Type         Type    `json:"type"`
	ZH           string  `json:"zh"`
	EN           string  `json:"en"`
	Group        string  `json:"group"` // elderly, funeral, relief, children, community
	CapacityUnit string  `json:"capacity_unit"`
	Serves       string  `json:"serves"` // elders, residents, minors, destitute, bereaved
	Measure      Measure `json:"measure"`
	DoorPage     bool    `json:"door_page"` // an address page names the nearest one
	Core         bool    `json:"core"`      // one of the types that the plans count everywhere
}

// Group is a heading of the catalogue.
type Group struct {
	Group string `json:"group"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

type catalogueFile struct {
	Groups []Group    `json:"groups"`
	Types  []TypeInfo `json:"types"`
}

// Catalogue gives every facility type, in the order in which people list them. The
// error says what is wrong with the embedded file; a test keeps it nil.
func Catalogue() ([]TypeInfo, error) {
	file, err := parseCatalogue(typesJSON)
	return file.Types, err
}

// Groups gives the headings of the catalogue in order.
func Groups() ([]Group, error) {
	file, err := parseCatalogue(typesJSON)
	return file.Groups, err
}

func parseCatalogue(data []byte) (catalogueFile, error) {
	var file catalogueFile
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return catalogueFile{}, fmt.Errorf("read facility types: %w", err)
	}
	seen := map[Type]bool{}
	for _, t := range file.Types {
		known := slices.ContainsFunc(file.Groups, func(g Group) bool { return g.Group == t.Group })
		switch {
		case t.Type == "" || t.ZH == "" || t.EN == "" || t.CapacityUnit == "" || t.Serves == "":
			return catalogueFile{}, fmt.Errorf("read facility types: %q: a field is empty", t.Type)
		case seen[t.Type]:
			return catalogueFile{}, fmt.Errorf("read facility types: %q is there twice", t.Type)
		case !known:
			return catalogueFile{}, fmt.Errorf("read facility types: %q: no group %q", t.Type, t.Group)
		case t.Measure != Walk && t.Measure != Presence && t.Measure != Drive:
			return catalogueFile{}, fmt.Errorf("read facility types: %q: no measure %q", t.Type, t.Measure)
		}
		seen[t.Type] = true
	}
	return file, nil
}

// ParseStatus knows the statuses by their code words.
func ParseStatus(s string) (Status, bool) {
	switch st := Status(s); st {
	case Planned, Building, Open, Suspended, Closed:
		return st, true
	}
	return "", false
}
