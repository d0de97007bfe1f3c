package coveragehttp

import (
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage"
)

// Persons is a number of people in the API: a decimal with at most four digits,
// exactly the integer ten-thousandths that are counted inside.
type Persons coverage.People

// MarshalJSON writes the shortest decimal that is exact.
func (p Persons) MarshalJSON() ([]byte, error) { return []byte(coverage.People(p).String()), nil }

// UnmarshalJSON reads such a decimal.
func (p *Persons) UnmarshalJSON(b []byte) error {
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return err
	}
	*p = Persons(roundPeople(f))
	return nil
}

// Schema is the OpenAPI form.
func (Persons) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type:        huma.TypeNumber,
		Description: "Number of people, exact to four decimals. 人数，精确到万分之一人。",
		Minimum:     new(float64),
	}
}

func roundPeople(f float64) int64 {
	if f < 0 {
		return int64(f*float64(coverage.Person) - 0.5)
	}
	return int64(f*float64(coverage.Person) + 0.5)
}

func persons(in []coverage.People) []Persons {
	out := make([]Persons, len(in))
	for i, n := range in {
		out[i] = Persons(n)
	}
	return out
}
