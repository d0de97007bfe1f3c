package facilities

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"yike/internal/record"
)

// ProposalState is what became of a proposal.
type ProposalState string

// The states. Only an open one can be decided.
const (
	ProposalOpen       ProposalState = "open"
	ProposalAccepted   ProposalState = "accepted"
	ProposalRejected   ProposalState = "rejected"
	ProposalWithdrawn  ProposalState = "withdrawn"  // by whoever made it
	ProposalSuperseded ProposalState = "superseded" // by a later one of the same person for the same facility
)

// ParseProposalState knows the states by their code words.
func ParseProposalState(s string) (ProposalState, bool) {
	switch st := ProposalState(s); st {
	case ProposalOpen, ProposalAccepted, ProposalRejected, ProposalWithdrawn, ProposalSuperseded:
		return st, true
	}
	return "", false
}

// Content is what a person writes of a facility, by the names of the API: name_zh,
// fields.beds and so on, with the position as one value called place. Values are as JSON
// has them; nil is none.
type Content map[string]any

// Proposal is what somebody says should be otherwise of a facility, or that there is one.
type Proposal struct {
	ID          string
	Version     int
	FacilityID  string // "" for a new one
	NameZH      string // of the facility as it is, or as a new one is to be called
	NameEN      string
	BaseVersion int // of the facility, as the proposer saw it
	Base        Content
	Patch       Content
	Division    string // where the facility is
	Reason      string
	AccountID   string
	Who         string
	MadeAt      time.Time
	State       ProposalState
	Decision    string // why it was decided so
	DecidedBy   string
	DecidedAt   *time.Time
	MadeID      string // the facility that came of it
}

// Content gives what the patch says, as a proposal keeps it. The position is one value, so
// that nobody merges the longitude of one place with the latitude of another.
func (p Patch) Content(of Facility) Content {
	out := Content{}
	after := p.Apply(of)
	all := contentOf(after)
	for key, given := range map[string]bool{
		"type": p.Type != nil, "name_zh": p.NameZH != nil, "name_en": p.NameEN != nil, "status": p.Status != nil, "address": p.Address != nil,
		"capacity": p.Capacity != nil, "serves": p.Serves != nil, "uscc": p.USCC != nil, "institution_code": p.InstitutionCode != nil,
		"bureau_no": p.BureauNo != nil, "verified_on": p.VerifiedOn != nil, "division_code": p.DivisionCode != nil && after.Unplaced,
		Placement: p.Lon != nil || p.Lat != nil || p.Unplaced != nil || p.PlacedBy != nil,
	} {
		if given {
			out[key] = all[key]
		}
	}
	for name := range p.Fields {
		out[FieldPrefix+name] = canonical(after.Fields[name])
	}
	return out
}

// contentOf lists everything that a proposal may be about.
func contentOf(f Facility) Content {
	out := Content{
		"type": f.Type, "name_zh": f.NameZH, "name_en": f.NameEN, "status": f.Status, "address": f.Address, "capacity": f.Capacity,
		"serves": append([]string{}, f.Serves...), "uscc": f.USCC, "institution_code": f.InstitutionCode, "bureau_no": f.BureauNo,
		"verified_on": f.VerifiedOn, "division_code": f.DivisionCode, Placement: nil,
	}
	if !f.Unplaced {
		out[Placement] = map[string]any{"lon": f.Point.Lon(), "lat": f.Point.Lat(), "placed_by": f.PlacedBy, "place_confidence": f.PlaceConfidence}
	}
	for name, v := range f.Fields {
		out[FieldPrefix+name] = v
	}
	for key, v := range out {
		out[key] = canonical(v)
	}
	return out
}

// canonical is a value as JSON gives it back, so that two can be compared.
func canonical(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var out any
	if json.Unmarshal(raw, &out) != nil {
		return nil
	}
	return out
}

// Only gives the values of a facility under the keys of c, as they are.
func (c Content) Only(f Facility) Content {
	all, out := contentOf(f), Content{}
	for key := range c {
		out[key] = all[key]
	}
	return out
}

// Patch is what the content says of a facility; false where a value is of no form that it
// can have.
func (c Content) Patch() (Patch, bool) {
	var wire struct {
		Type            *Type       `json:"type"`
		NameZH          *string     `json:"name_zh"`
		NameEN          *string     `json:"name_en"`
		Status          *Status     `json:"status"`
		Address         *string     `json:"address"`
		Capacity        *int        `json:"capacity"`
		Serves          *[]string   `json:"serves"`
		USCC            *string     `json:"uscc"`
		InstitutionCode *string     `json:"institution_code"`
		BureauNo        *string     `json:"bureau_no"`
		VerifiedOn      *record.Day `json:"verified_on"`
		DivisionCode    *string     `json:"division_code"`
		Place           *struct {
			Lon        *float64 `json:"lon"`
			Lat        *float64 `json:"lat"`
			By         *Placing `json:"placed_by"`
			Confidence *int     `json:"place_confidence"`
		} `json:"place"`
	}
	raw, err := json.Marshal(c)
	if err != nil || json.Unmarshal(raw, &wire) != nil {
		return Patch{}, false
	}
	p := Patch{
		Type: wire.Type, NameZH: wire.NameZH, NameEN: wire.NameEN, Status: wire.Status, Address: wire.Address, Capacity: wire.Capacity, Serves: wire.Serves,
		USCC: wire.USCC, InstitutionCode: wire.InstitutionCode, BureauNo: wire.BureauNo, VerifiedOn: wire.VerifiedOn, DivisionCode: wire.DivisionCode,
	}
	place, given := c[Placement]
	switch {
	case given && place == nil:
		yes := true
		p.Unplaced = &yes
	case wire.Place != nil:
		p.Lon, p.Lat, p.PlacedBy, p.PlaceConfidence = wire.Place.Lon, wire.Place.Lat, wire.Place.By, wire.Place.Confidence
	}
	for key, v := range c {
		if name, ok := strings.CutPrefix(key, FieldPrefix); ok {
			if p.Fields == nil {
				p.Fields = map[string]any{}
			}
			p.Fields[name] = v
		}
	}
	return p, true
}

// Standing is how a field that a proposal wants otherwise stands now.
type Standing string

// The standings.
const (
	StandsApart   Standing = "apart"    // it is as the proposer saw it, so the proposal applies
	StandsAlready Standing = "already"  // it is as proposed already
	StandsCrossed Standing = "conflict" // somebody else made it something else
)

// ProposedField is one field of a proposal beside what it is now.
type ProposedField struct {
	Field               string
	Base, Proposed, Now any
	Standing            Standing
}

// Against holds a proposal against the facility as it is now: which of its fields apply,
// which are so already, and which somebody else changed. They come by their names.
func (p Proposal) Against(now Facility) []ProposedField {
	present := p.Patch.Only(now)
	out := make([]ProposedField, 0, len(p.Patch))
	for _, key := range slices.Sorted(maps.Keys(p.Patch)) {
		f := ProposedField{Field: key, Base: canonical(p.Base[key]), Proposed: canonical(p.Patch[key]), Now: present[key], Standing: StandsCrossed}
		switch {
		case reflect.DeepEqual(f.Now, f.Proposed):
			f.Standing = StandsAlready
		case reflect.DeepEqual(f.Now, f.Base):
			f.Standing = StandsApart
		}
		out = append(out, f)
	}
	return out
}

// Decide gives what is to be written when a proposal is accepted: what applies, and of the
// conflicts those that are not to be kept as they are now. The faults name conflicts that
// nobody decided, and fields that are none.
func Decide(fields []ProposedField, keep, take []string) (Content, []record.Fault) {
	out := Content{}
	var faults []record.Fault
	for _, f := range fields {
		kept, taken := slices.Contains(keep, f.Field), slices.Contains(take, f.Field)
		switch {
		case kept && taken:
			faults = append(faults, record.Fault{Field: "keep", Value: f.Field, ZH: "不能既保留又采用", EN: "cannot be kept and taken"})
		case f.Standing == StandsAlready || kept:
		case f.Standing == StandsApart || taken:
			out[f.Field] = f.Proposed
		default:
			faults = append(faults, record.Fault{
				Field: f.Field, ZH: "他人已作另一修改，请选择保留现值（keep）或采用建议（take）", EN: "somebody else changed it; say whether to keep it as it is or to take what is proposed",
			})
		}
	}
	for _, name := range slices.Concat(keep, take) {
		if !slices.ContainsFunc(fields, func(f ProposedField) bool { return f.Field == name }) {
			faults = append(faults, record.Fault{Field: "keep", Value: name, ZH: "建议里没有这一项", EN: "the proposal says nothing of it"})
		}
	}
	return out, faults
}

// ProposalFaults are those of a patch that nobody may propose: how far the office is with
// a record is the office's, and one that says nothing proposes nothing.
func ProposalFaults(p Patch, before, after Facility) []record.Fault {
	var out []record.Fault
	if p.Stage != nil {
		out = append(out, record.Fault{Field: "stage", Value: string(*p.Stage), ZH: "办理阶段不能由建议修改", EN: "is not for proposals"})
	}
	if len(Differences(before, after)) == 0 {
		out = append(out, record.Fault{Field: "patch", ZH: "与现有记录没有不同", EN: "is as the record is"})
	}
	return out
}
