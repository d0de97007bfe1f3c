package exports

import (
	"math"
	"slices"
	"strings"

	"yike/facilities"
	"yike/internal/record"
)

// Names say what the divisions that a code belongs to are called; "" for none.
type Names interface {
	Subdistrict(code string) string
	Community(code string) string
}

// Ground is what values are worked out from besides the record itself.
type Ground struct {
	Types facilities.Types
	Names Names
	Today record.Day
	Words Words
}

// Value is what stands in a column of a facility, with the Go type of the field's kind;
// nil for what is not known. The place itself is the writer's.
func (g Ground) Value(f facilities.Facility, field Field) any {
	if name, ok := strings.CutPrefix(field.Code, facilities.FieldPrefix); ok {
		return g.typed(f, field, name)
	}
	switch field.Code {
	case "name_zh":
		return known(f.NameZH)
	case "name_en":
		return known(f.NameEN)
	case "type":
		return known(field.word(string(f.Type), g.Words))
	case "status":
		return known(field.word(string(f.Status), g.Words))
	case "stage":
		return known(field.word(string(f.Stage), g.Words))
	case "capacity":
		if f.Capacity > 0 {
			return int64(f.Capacity)
		}
	case "serves":
		return known(g.served(f.Serves))
	case "uscc":
		return known(f.USCC)
	case "institution_code":
		return known(f.InstitutionCode)
	case "bureau_no":
		return known(f.BureauNo)
	case "id":
		return known(f.ID)
	case "version":
		return int64(f.Version)
	case "example":
		return f.Example
	}
	return g.whereAndHow(f, field)
}

func (g Ground) whereAndHow(f facilities.Facility, field Field) any {
	switch field.Code {
	case "subdistrict":
		return known(g.Names.Subdistrict(f.DivisionCode))
	case "community":
		return known(g.Names.Community(f.DivisionCode))
	case "division_code":
		return known(f.DivisionCode)
	case "address":
		return known(f.Address)
	case "placed_by":
		return known(field.word(string(f.PlacedBy), g.Words))
	case "place_confidence":
		if f.PlaceConfidence > 0 {
			return int64(f.PlaceConfidence)
		}
	case "verified_on":
		return known(string(f.VerifiedOn))
	case "quality", "quality_reasons":
		info, ok := g.Types.Find(f.Type)
		if !ok {
			return nil
		}
		score := facilities.Quality(f, info, g.Today)
		if field.Code == "quality" {
			return int64(score.Points)
		}
		var reasons []string
		for _, r := range score.Reasons {
			if g.Words == English {
				reasons = append(reasons, r.EN)
			} else {
				reasons = append(reasons, r.ZH)
			}
		}
		return known(strings.Join(reasons, "；"))
	}
	return nil
}

// known is a text, nil for an empty one.
func known(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// served are communities by name, or by code where they have none.
func (g Ground) served(codes []string) string {
	if g.Words == Codes {
		return strings.Join(codes, ";")
	}
	names := make([]string, len(codes))
	for i, c := range codes {
		if names[i] = g.Names.Community(c); names[i] == "" {
			names[i] = c
		}
	}
	return strings.Join(names, separator(g.Words))
}

// typed is a value that the type of a facility declares.
func (g Ground) typed(f facilities.Facility, field Field, name string) any {
	info, ok := g.Types.Find(f.Type)
	if !ok {
		return nil
	}
	switch v := f.Value(info, name).(type) {
	case float64:
		if field.Kind == Integer && v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v)
		}
		return v
	case string:
		if len(field.Choices) > 0 {
			return known(field.word(v, g.Words))
		}
		return known(v)
	case []string:
		return known(field.words(v, g.Words))
	case bool:
		return v
	}
	return nil
}

// TypesOf are the types that occur among wanted, in the order of the catalogue; all of it
// where none is wanted.
func TypesOf(c facilities.Types, wanted []facilities.Type) []facilities.TypeInfo {
	if len(wanted) == 0 {
		return c.Types
	}
	return slices.DeleteFunc(slices.Clone(c.Types), func(t facilities.TypeInfo) bool { return !slices.Contains(wanted, t.Type) })
}
