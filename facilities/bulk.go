package facilities

import (
	"fmt"

	"yike/internal/record"
)

// MostBulk is how many records one change of many may write.
const MostBulk = 5000

// Outcome is what became of one record in a change of many.
type Outcome string

// The outcomes.
const (
	OutcomeChanged   Outcome = "changed"
	OutcomeUnchanged Outcome = "unchanged" // it was so already
	OutcomeRefused   Outcome = "refused"   // the faults say why
	OutcomeStale     Outcome = "stale"     // somebody changed it since it was seen
)

// RecordOutcome is what became of one record, and why.
type RecordOutcome struct {
	ID      string
	NameZH  string
	NameEN  string
	Outcome Outcome
	Version int // as it is now; 0 for what one may not see
	Faults  []record.Fault
}

// BulkResult is what became of a change of many records.
type BulkResult struct {
	Change   string // by which it can be undone; "" where nothing was changed, or it was tried only
	Outcomes []RecordOutcome
}

// Count counts the records of an outcome.
func (r BulkResult) Count(o Outcome) int {
	n := 0
	for _, each := range r.Outcomes {
		if each.Outcome == o {
			n++
		}
	}
	return n
}

// BulkFaults are those of a patch that is to change many records: what tells records apart
// cannot be the same for all of them, and one that says nothing changes nothing.
func (p Patch) BulkFaults() []record.Fault {
	var out []record.Fault
	for _, part := range []struct {
		field string
		given bool
	}{
		{"name_zh", p.NameZH != nil},
		{"name_en", p.NameEN != nil},
		{"lon", p.Lon != nil},
		{"lat", p.Lat != nil},
		{"placed_by", p.PlacedBy != nil},
		{"place_confidence", p.PlaceConfidence != nil},
		{"unplaced", p.Unplaced != nil},
		{"institution_code", p.InstitutionCode != nil},
		{"bureau_no", p.BureauNo != nil},
	} {
		if part.given {
			out = append(out, record.Fault{Field: part.field, ZH: "不能批量修改", EN: "cannot be the same for many records"})
		}
	}
	if len(out) == 0 && p.Type == nil && p.Status == nil && p.Stage == nil && p.Address == nil && p.Capacity == nil && p.Serves == nil &&
		p.DivisionCode == nil && p.USCC == nil && len(p.Fields) == 0 && p.VerifiedOn == nil {
		out = append(out, record.Fault{Field: "patch", ZH: "没有要修改的内容", EN: "says nothing to change"})
	}
	return out
}

// TooMany is the fault of a change of more records than one may write.
func TooMany(n int) []record.Fault {
	return []record.Fault{{
		Field: "ids", Value: fmt.Sprint(n), ZH: fmt.Sprintf("一次最多修改 %d 条，请缩小范围", MostBulk), EN: fmt.Sprintf("at most %d records at a time; choose fewer", MostBulk),
	}}
}
