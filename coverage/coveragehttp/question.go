package coveragehttp

import (
	"fmt"
	"math"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
)

// Query is one question: how far from an open facility of a type people live. It is
// comparable; pass it around whole. Of types that are judged by division, and of questions
// by distance, Limit and Speed are of no meaning.
type Query struct {
	Type    facilities.Type
	Base    divisions.Base // "" asks for the first base the data have
	Limit   walknet.Milliseconds
	Speed   walknet.Speed
	Metres  int             // a walk of so many metres, inclusive, instead of Limit at Speed; 0 for none
	Profile coverage.Walker // who walks
	Hour    walknet.Hour    // when, for gates that keep hours
	Tier    facilities.Tier // of the life circles, of facilities that count; 0 for any
}

// What is asked when nothing is said of it.
const (
	usualLimitS = 900
	usualSpeed  = 0.9
	plain       = "plain" // coverage.Anybody
)

// Question is a coverage question as query parameters, and as the members of a body: embed
// it in either. Limit and Speed are 0 where they are not given.
type Question struct {
	Type    string  `query:"type" json:"type" required:"true" maxLength:"64" doc:"Facility type, see /api/v1/facility-types" example:"elderly_canteen"`
	Limit   int     `query:"limit" json:"limit,omitempty" minimum:"60" maximum:"7200" doc:"Limit in seconds, inclusive; 900 by default"`
	Speed   float64 `query:"speed" json:"speed,omitempty" minimum:"0.3" maximum:"2.0" doc:"Walking speed on the flat in metres per second, to the millimetre; 0.9 by default. Plans and sitings take limit × speed of at most 3600 m"`
	Metres  int     `query:"metres" json:"metres,omitempty" minimum:"50" maximum:"3600" doc:"A walk of so many metres, inclusive, instead of limit and speed; not with a profile other than plain"`
	Profile string  `query:"profile" json:"profile,omitempty" enum:"plain,elder,step_free" doc:"Who walks: plain, the same speed on every way (by default); elder, slower on stairs and slopes, waits at crossings; step_free, an elder or a wheelchair that takes no stairs"`
	At      string  `query:"at" json:"at,omitempty" maxLength:"6" doc:"Time of day as HH:MM, for gates that keep hours; always for gates that are never shut only; by default all gates that are open at some time"`
	Tier    string  `query:"tier" json:"tier,omitempty" enum:"5,10,15" doc:"Tier of the life circles of GB 50180-2018: only facilities of exactly this tier count; any by default"`
	Base    string  `query:"base" json:"base,omitempty" enum:"registered,resident" doc:"Population base; by default the first that the data have"`
}

var _ huma.ResolverWithPath = (*Question)(nil)

// Resolve refuses what passes for a number and is none (comparisons with it are
// false), and parameters that do not go together.
func (q *Question) Resolve(_ huma.Context, at *huma.PathBuffer) []error {
	place := func(field string) string {
		if at.Len() == 0 {
			return "query." + field
		}
		return at.With(field)
	}
	var faults []error
	if math.IsNaN(q.Speed) {
		faults = append(faults, &huma.ErrorDetail{Location: place("speed"), Message: "expected number >= 0.3", Value: "NaN"})
	}
	if _, err := walknet.ParseHour(q.At); err != nil {
		faults = append(faults, &huma.ErrorDetail{Location: place("at"), Message: "expected a time of day as HH:MM, or always", Value: q.At})
	}
	if q.Metres == 0 {
		return faults
	}
	const together = "does not go with metres: ask for a distance or for a time"
	if q.Limit != 0 {
		faults = append(faults, &huma.ErrorDetail{Location: place("limit"), Message: together, Value: q.Limit})
	}
	if q.Speed != 0 && !math.IsNaN(q.Speed) {
		faults = append(faults, &huma.ErrorDetail{Location: place("speed"), Message: together, Value: q.Speed})
	}
	if q.Profile != "" && q.Profile != plain {
		faults = append(faults, &huma.ErrorDetail{
			Location: place("profile"), Value: q.Profile,
			Message: "does not go with metres: the stairs and waits of a walker are times",
		})
	}
	return faults
}

// query is the question with what is usual filled in.
func (q Question) query() Query {
	out := Query{Type: facilities.Type(q.Type), Base: divisions.Base(q.Base), Metres: q.Metres}
	if q.Profile != plain {
		out.Profile = coverage.Walker(q.Profile)
	}
	out.Hour, _ = walknet.ParseHour(q.At) // which was checked
	if n, err := strconv.Atoi(q.Tier); err == nil {
		out.Tier = facilities.Tier(n)
	}
	if q.Metres > 0 {
		out.Limit, out.Speed = walknet.Milliseconds(q.Metres)*1000, 1000
		return out
	}
	limit, speed := q.Limit, q.Speed
	if limit == 0 {
		limit = usualLimitS
	}
	if speed == 0 {
		speed = usualSpeed
	}
	out.Limit, out.Speed = walknet.Milliseconds(limit)*1000, walknet.Speed(math.Round(speed*1000))
	return out
}

// etag follows from the version of the data and the question alone.
func etag(version string, q Query) string {
	return fmt.Sprintf("%q", fmt.Sprintf("%s-%s-%s-%d-%d-%d-%s-%s-%d",
		version, q.Type, q.Base, q.Limit, q.Speed, q.Metres, q.Profile, q.Hour, q.Tier))
}

// coverageQuestion repeats the question as it was answered.
type coverageQuestion struct {
	Type    string   `json:"type" example:"elderly_canteen"`
	Limit   *int     `json:"limit" nullable:"true" doc:"Seconds, inclusive; null where a distance is asked for or the type is judged by division"`
	Speed   *float64 `json:"speed" nullable:"true" doc:"Metres per second; null likewise"`
	Metres  *int     `json:"metres" nullable:"true" doc:"Metres, inclusive; null where a time is asked for"`
	Profile string   `json:"profile" enum:"plain,elder,step_free"`
	At      string   `json:"at" doc:"HH:MM, always, or empty where the time of day does not matter"`
	Tier    string   `json:"tier" doc:"5, 10 or 15, empty for any"`
	Base    string   `json:"base" enum:"registered,resident"`
}

func questionOf(q Query) coverageQuestion {
	out := coverageQuestion{Type: string(q.Type), Profile: plain, At: q.Hour.String(), Base: string(q.Base)}
	if q.Profile != coverage.Anybody {
		out.Profile = string(q.Profile)
	}
	if q.Tier != 0 {
		out.Tier = strconv.Itoa(int(q.Tier))
	}
	switch {
	case q.Metres > 0:
		out.Metres = &q.Metres
	case q.Limit > 0:
		limit, speed := int(q.Limit/1000), metresPerSecond(q.Speed)
		out.Limit, out.Speed = &limit, &speed
	}
	return out
}

func metresPerSecond(s walknet.Speed) float64 { return float64(s) / 1000 }
