package facilities

import (
	"fmt"
	"slices"
	"strings"

	"yike/internal/record"
)

// StageStep is one step that the office takes with a record.
type StageStep struct {
	From, To Stage
	Action   string // as the audit log calls it
	Right    string // what it takes besides the right to write the record; "" for nothing more
	ZH, EN   string // what people call it: a verb
}

// StageSteps lists every step there is between the stages of a record.
func StageSteps() []StageStep {
	const publish = "facility.publish"
	return []StageStep{
		{Draft, Submitted, "facility.submit", "", "提交", "Submit"},
		{Submitted, Draft, "facility.return", "", "退回修改", "Return"},
		{Draft, Published, "facility.publish", publish, "发布", "Publish"},
		{Submitted, Published, "facility.publish", publish, "发布", "Publish"},
		{Published, Draft, "facility.withdraw", publish, "撤回发布", "Withdraw"},
	}
}

// StepBetween gives the step from one stage to another; false where there is none.
func StepBetween(from, to Stage) (StageStep, bool) {
	all := StageSteps()
	i := slices.IndexFunc(all, func(s StageStep) bool { return s.From == from && s.To == to })
	if i < 0 {
		return StageStep{}, false
	}
	return all[i], true
}

// NextStages are the stages that a record may go to.
func NextStages(f Facility) []Stage {
	out := []Stage{}
	for _, s := range StageSteps() {
		if s.From == f.Stage && !f.Tombstone() {
			out = append(out, s.To)
		}
	}
	return out
}

// NextStatuses are what a place may become. A plan may be given up, and small premises
// are taken into use without being built; what closed may open again, which is a change
// with its own reason. A tombstone stays what it is.
func NextStatuses(f Facility) []Status {
	if f.Tombstone() {
		return []Status{}
	}
	switch f.Status {
	case Planned:
		return []Status{Building, Open, Closed}
	case Building:
		return []Status{Open, Closed}
	case Open:
		return []Status{Suspended, Closed}
	case Suspended:
		return []Status{Open, Closed}
	case Closed:
		return []Status{Open}
	}
	return []Status{}
}

// LifeFaults are those of a change that no record or place can undergo. A correction says
// that the status was recorded wrongly, so it may make it any other.
func LifeFaults(before, after Facility, correction bool) []record.Fault {
	var out []record.Fault
	if before.Stage != after.Stage {
		if _, ok := StepBetween(before.Stage, after.Stage); !ok {
			out = append(out, record.Fault{
				Field: "stage", Value: string(after.Stage), ZH: fmt.Sprintf("不能从 %s 直接变为 %s", before.Stage, after.Stage),
				EN: fmt.Sprintf("there is no step from %s to %s", before.Stage, after.Stage),
			})
		}
	}
	if before.Status != after.Status && !correction && !slices.Contains(NextStatuses(before), after.Status) {
		out = append(out, record.Fault{
			Field: "status", Value: string(after.Status), ZH: fmt.Sprintf("不能从 %s 变为 %s；若原来登记有误，请用更正", before.Status, after.Status),
			EN: fmt.Sprintf("a place that is %s does not become %s; if that was recorded wrongly, make it a correction", before.Status, after.Status),
		})
	}
	return out
}

// PublishFaults are what keeps a record from being published: fields that its type needs.
// A type that is not in the catalogue is a fault of its own elsewhere.
func PublishFaults(f Facility, types []TypeInfo) []record.Fault {
	info, ok := (Types{Types: types}).Find(f.Type)
	if !ok {
		return nil
	}
	var out []record.Fault
	for _, field := range Missing(info, f) {
		out = append(out, record.Fault{
			Field: FieldPrefix + field.Field, ZH: fmt.Sprintf("发布前请填写%s", field.ZH), EN: fmt.Sprintf("is needed to publish: %s", field.EN),
		})
	}
	return out
}

// Deed is what the audit log calls the change from before to after: the step of the
// office where there was one.
func Deed(before, after Facility) string {
	if s, ok := StepBetween(before.Stage, after.Stage); ok && before.Stage != after.Stage {
		return s.Action
	}
	if d := Differences(before, after); len(d) == 1 && d[0].Field == "verified_on" {
		return "facility.verify"
	}
	return "facility.update"
}

// Placement names, among the fields that a merge may take, the position with whence it
// comes.
const Placement = "place"

// Merge says how two records of one place become one.
type Merge struct {
	Take   []string // fields of the one that goes which the other is to have, by their names; Placement for the position
	Reason string
}

// Merged gives the two records after a merge: gone as a tombstone that is closed, and
// into with what was taken, with what both serve, and with the codes that it had none of.
// The faults name fields that cannot be taken.
func (m Merge) Merged(gone, into Facility) (tombstone, kept Facility, faults []record.Fault) {
	add := func(field, value, zh, en string) {
		faults = append(faults, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
	}
	switch {
	case gone.ID == into.ID:
		add("into", into.ID, "不能并入自身", "a record cannot be merged into itself")
	case into.Tombstone():
		add("into", into.ID, "该记录已被并入其他记录", "others took the place of that record")
	case gone.Stage == Published && into.Stage != Published:
		add("into", into.ID, "已发布的记录不能并入未发布的记录", "what is published cannot be merged into what is not")
	}
	kept = into
	kept.Fields = TidyFields(into.Fields)
	for _, field := range m.Take {
		if !take(&kept, gone, field) {
			add("take", field, "没有这个字段，或不能由另一条记录取得", "is no field that can be taken from another record")
		}
	}
	kept.Serves = eachOnce(append(slices.Clone(kept.Serves), gone.Serves...))
	orElse(&kept.USCC, gone.USCC)
	orElse(&kept.InstitutionCode, gone.InstitutionCode)
	orElse(&kept.BureauNo, gone.BureauNo)
	tombstone = gone
	tombstone.Status, tombstone.ReplacedBy = Closed, []string{into.ID}
	return tombstone, kept, faults
}

// take gives kept one field of another record; false where that is none.
func take(kept *Facility, from Facility, field string) bool {
	if name, ok := strings.CutPrefix(field, FieldPrefix); ok {
		v, there := from.Fields[name]
		if there {
			kept.Fields[name] = v
		}
		return there
	}
	switch field {
	case "type":
		kept.Type = from.Type
	case "name_zh":
		kept.NameZH = from.NameZH
	case "name_en":
		kept.NameEN = from.NameEN
	case "status":
		kept.Status = from.Status
	case "address":
		kept.Address = from.Address
	case "capacity":
		kept.Capacity = from.Capacity
	case "uscc":
		kept.USCC = from.USCC
	case "institution_code":
		kept.InstitutionCode = from.InstitutionCode
	case "bureau_no":
		kept.BureauNo = from.BureauNo
	case "verified_on":
		kept.VerifiedOn = from.VerifiedOn
	case Placement:
		kept.Unplaced, kept.Point, kept.PlacedBy, kept.PlaceConfidence = from.Unplaced, from.Point, from.PlacedBy, from.PlaceConfidence
		kept.DivisionCode = from.DivisionCode
	default:
		return false
	}
	return true
}

func orElse(field *string, other string) {
	if *field == "" {
		*field = other
	}
}

// Bounds of how many records one may be split into.
const (
	FewestParts = 2
	MostParts   = 20
)

// Part is a record that a split makes: as the one it comes from, with what the patch says
// otherwise, and without its codes of other registers unless the patch gives them.
func Part(from Facility, p Patch) Facility {
	f := from
	f.ID, f.SourceID, f.Version, f.ValidFrom, f.Edited = "", "", 0, "", false
	f.InstitutionCode, f.BureauNo, f.ReplacedBy, f.VerifiedOn = "", "", nil, ""
	f.Fields = TidyFields(from.Fields)
	return p.Apply(f)
}
