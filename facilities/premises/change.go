package premises

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/internal/record"
)

// Patch is what a person wants otherwise of a room; nil leaves a field as it is.
type Patch struct {
	LedgerNo                                       *string
	Name, Estate, Building, Floor, RoomNo, Address *string
	DivisionCode                                   *string
	Lon, Lat                                       *float64
	Unplace                                        bool // the position is not known after all
	Owner                                          *string
	Title                                          *Title
	ApprovedUse, PresentUse                        *Use
	Parts                                          *[]Part
	Area, LandShare                                *Area
	State                                          *State
	PlannedOn, BuiltOn, AcceptedOn                 *record.Day
	HandedOverOn, WithdrawnOn                      *record.Day
	KeyHolder, KeyContact                          *string
	FacilityID                                     *string
	ObtainedBy                                     *Obtained
	Documents                                      *[]string
	Note                                           *string
}

// Moves reports whether the patch says where the room is.
func (p Patch) Moves() bool { return p.Lon != nil || p.Lat != nil }

// Apply gives r with what the patch says, tidied as Clean does.
func (p Patch) Apply(r Room) Room {
	set(&r.LedgerNo, p.LedgerNo)
	set(&r.Name, p.Name)
	set(&r.Estate, p.Estate)
	set(&r.Building, p.Building)
	set(&r.Floor, p.Floor)
	set(&r.RoomNo, p.RoomNo)
	set(&r.Address, p.Address)
	set(&r.DivisionCode, p.DivisionCode)
	set(&r.Owner, p.Owner)
	set(&r.Title, p.Title)
	set(&r.ApprovedUse, p.ApprovedUse)
	set(&r.PresentUse, p.PresentUse)
	set(&r.Parts, p.Parts)
	set(&r.Area, p.Area)
	set(&r.LandShare, p.LandShare)
	set(&r.State, p.State)
	set(&r.PlannedOn, p.PlannedOn)
	set(&r.BuiltOn, p.BuiltOn)
	set(&r.AcceptedOn, p.AcceptedOn)
	set(&r.HandedOverOn, p.HandedOverOn)
	set(&r.WithdrawnOn, p.WithdrawnOn)
	set(&r.KeyHolder, p.KeyHolder)
	set(&r.KeyContact, p.KeyContact)
	set(&r.FacilityID, p.FacilityID)
	set(&r.ObtainedBy, p.ObtainedBy)
	set(&r.Documents, p.Documents)
	set(&r.Note, p.Note)
	if p.Unplace {
		r.Point, r.Placed = orb.Point{}, false
	}
	set(&r.Point[0], p.Lon)
	set(&r.Point[1], p.Lat)
	r.Placed = r.Placed || p.Moves()
	return Clean(r)
}

func set[T any](field, to *T) {
	if to != nil {
		*field = *to
	}
}

// texts are the words of a room that a person writes, with what the API calls them.
func (r *Room) texts() []text {
	return []text{
		{"ledger_no", &r.LedgerNo, longestShort, false},
		{"name", &r.Name, LongestName, true},
		{"estate", &r.Estate, LongestName, false},
		{"building", &r.Building, longestShort, false},
		{"floor", &r.Floor, longestShort, false},
		{"room_no", &r.RoomNo, longestShort, false},
		{"address", &r.Address, LongestAddress, false},
		{"owner", &r.Owner, LongestName, false},
		{"key_holder", &r.KeyHolder, LongestName, false},
		{"key_contact", &r.KeyContact, LongestName, false},
		{"note", &r.Note, LongestNote, false},
	}
}

type text struct {
	field   string
	value   *string
	longest int
	needed  bool
}

// Clean takes away what nobody means to write: space around words, documents given
// twice, parts of the same purpose apart from one another, and a position that is not
// placed.
func Clean(r Room) Room {
	for _, t := range r.texts() {
		*t.value = strings.TrimSpace(*t.value)
	}
	r.DivisionCode = strings.TrimSpace(r.DivisionCode)
	var documents []string
	for _, d := range r.Documents {
		if d = strings.TrimSpace(d); d != "" && !slices.Contains(documents, d) {
			documents = append(documents, d)
		}
	}
	r.Documents = documents
	if len(r.Parts) == 0 {
		r.Parts = nil
	}
	return r
}

// Differences gives the fields in which after is not before, in the order in which people
// are shown them. Ids and versions are no content.
func Differences(before, after Room) []record.Difference {
	return record.Differing(content(before), content(after))
}

// content lists what a room is, as Before.
func content(r Room) []record.Difference {
	var lon, lat any
	if r.Placed {
		lon, lat = r.Point.Lon(), r.Point.Lat()
	}
	out := []record.Difference{}
	add := func(field string, v any) { out = append(out, record.Difference{Field: field, Before: v}) }
	for _, t := range r.texts() {
		add(t.field, *t.value)
	}
	add("division_code", r.DivisionCode)
	add("lon", lon)
	add("lat", lat)
	add("title", r.Title)
	add("approved_use", r.ApprovedUse)
	add("present_use", r.PresentUse)
	add("area_m2", r.Area.M2())
	add("parts", partTexts(r.Parts))
	add("land_share_m2", r.LandShare.M2())
	add("state", r.State)
	for _, m := range r.milestones() {
		add(m.field, m.day)
	}
	add("facility_id", r.FacilityID)
	add("obtained_by", r.ObtainedBy)
	add("documents", append([]string{}, r.Documents...))
	add("inspected_on", r.InspectedOn)
	return out
}

// partTexts writes each part as use=area, and what it counts for.
func partTexts(parts []Part) []string {
	out := []string{}
	for _, p := range parts {
		s := fmt.Sprintf("%s=%s", p.Use, p.Area)
		if p.CountsFor != NoNorm {
			s += ">" + string(p.CountsFor)
		}
		out = append(out, s)
	}
	return out
}

// Values are the differences as an audit entry keeps them. Whom to call for the key is
// personal, and no audit entry needs it: it says only whether there is somebody.
func Values(list []record.Difference) (before, after map[string]any) {
	before, after = map[string]any{}, map[string]any{}
	for _, d := range Hidden(list) {
		before[d.Field], after[d.Field] = d.Before, d.After
	}
	return before, after
}

// Hidden are the differences as anybody may see them: see Values.
func Hidden(list []record.Difference) []record.Difference {
	out := make([]record.Difference, len(list))
	for i, d := range list {
		if d.Field == "key_contact" {
			d.Before, d.After = hidden(d.Before), hidden(d.After)
		}
		out[i] = d
	}
	return out
}

func hidden(v any) any {
	if v == "" {
		return ""
	}
	return "***"
}
