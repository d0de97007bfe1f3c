package facilities

import (
	_ "embed"
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

// Types is a catalogue of facility types: the one that comes with the program, with what
// an installation adds and overrides. It is read-only once parsed.
type Types struct {
	Groups []Group
	Types  []TypeInfo // in the order in which people list them

	file catalogueFile // what it was made of, so that more can be laid over it
}

// Origin says where a type of the catalogue comes from.
type Origin string

// The origins.
const (
	FromProgram Origin = "program" // it comes with the program
	FromFile    Origin = "file"    // the file of the installation adds it, or changes it
	FromBureau  Origin = "bureau"  // the bureau added it in the product, or changed it there
)

// OrBuiltIn gives the catalogue itself, or the one that comes with the program for the
// zero value, which nobody chose.
func (c Types) OrBuiltIn() (Types, error) {
	if c.Types != nil {
		return c, nil
	}
	return ParseCatalogue(nil)
}

// Find gives the type of a code word.
func (c Types) Find(t Type) (TypeInfo, bool) {
	i := slices.IndexFunc(c.Types, func(info TypeInfo) bool { return info.Type == t })
	if i < 0 {
		return TypeInfo{}, false
	}
	return c.Types[i], true
}

// TypeInfo is one facility type of the catalogue: everything that form, table, import
// template and checks follow from.
type TypeInfo struct {
	Type          Type        `json:"type"`
	ZH            string      `json:"zh"`
	EN            string      `json:"en"`
	Group         string      `json:"group"`                    // elderly, funeral, relief, children, community, affairs
	CapacityUnit  string      `json:"capacity_unit"`            // a code word of the units
	CapacityZH    string      `json:"-"`                        // the unit in words
	CapacityEN    string      `json:"-"`                        //
	CapacityField string      `json:"capacity_field,omitempty"` // the field that a record's capacity follows; "" where it is written by itself
	Serves        string      `json:"serves"`                   // elders, residents, minors, destitute, bereaved
	Measure       Measure     `json:"measure"`
	DoorPage      bool        `json:"door_page"` // an address page may name the nearest one
	Core          bool        `json:"core"`      // one of the types that the plans count everywhere
	Standards     []string    `json:"standards"` // ids of the checks that hold for it, e.g. FAC-08
	Limits        []Limit     `json:"limits"`
	LifeCircle    *TypeTier   `json:"life_circle,omitempty"` // of its facilities that say nothing else; nil where no text says
	Fields        []FieldInfo `json:"fields"`                // in the order of forms; the common ones first, unless a bureau ordered them
	Past          []FieldInfo `json:"past_fields,omitempty"` // no longer asked for; what records have of them stays
	Icon          string      `json:"icon,omitempty"`        // a code word of the signs that a map can draw; "" for the type's own
	Retired       bool        `json:"retired,omitempty"`     // no new facility is of it; those that are stay
	Origin        Origin      `json:"-"`
}

// Declared gives a field of the type by its code word, one that is no longer asked for, too.
func (t TypeInfo) Declared(field string) (FieldInfo, bool) {
	if f, ok := t.Field(field); ok {
		return f, true
	}
	return fieldIn(t.Past, field)
}

// Field gives a field of the type by its code word.
func (t TypeInfo) Field(field string) (FieldInfo, bool) {
	return fieldIn(t.Fields, field)
}

func fieldIn(list []FieldInfo, field string) (FieldInfo, bool) {
	i := slices.IndexFunc(list, func(f FieldInfo) bool { return f.Field == field })
	if i < 0 {
		return FieldInfo{}, false
	}
	return list[i], true
}

// Limit is how far a facility of a type serves, as a text says it: within minutes, within
// a distance, or one for each division of a level. Exactly one of the three is given.
type Limit struct {
	Minutes   int    `json:"minutes,omitempty"`    // as the type's measure: on foot or by road
	DistanceM int    `json:"distance_m,omitempty"` // along the network
	Per       string `json:"per,omitempty"`        // community, subdistrict or district
	Grade     string `json:"grade"`                // the evidence: S0 to S4 read in a plan, R read in the text itself, r in an excerpt, P proposed
	CiteZH    string `json:"cite_zh"`              // the text that says it
	CiteEN    string `json:"cite_en"`
}

// Group is a heading of the catalogue.
type Group struct {
	Group        string `json:"group"`
	ZH           string `json:"zh"`
	EN           string `json:"en"`
	NeverAtDoors bool   `json:"never_at_doors,omitempty"` // no type of it may be named on a resident's door page
}

// Catalogue gives the facility types that come with the program, in the order in which
// people list them. What an installation adds is not among them: see ParseCatalogue. The
// error says what is wrong with the embedded file; a test keeps it nil.
func Catalogue() ([]TypeInfo, error) {
	c, err := ParseCatalogue(nil)
	return c.Types, err
}

// Groups gives the headings of the types that come with the program, in order.
func Groups() ([]Group, error) {
	c, err := ParseCatalogue(nil)
	return c.Groups, err
}

// ParseStatus knows the statuses by their code words.
func ParseStatus(s string) (Status, bool) {
	switch st := Status(s); st {
	case Planned, Building, Open, Suspended, Closed:
		return st, true
	}
	return "", false
}
