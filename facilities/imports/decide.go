package imports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yike/facilities"
	"yike/internal/record"
)

// Ground is what rows are held against, whatever they are of.
type Ground struct {
	AdCode string
	Names  Divisions
	Types  []facilities.TypeInfo
	Bounds orb.Bound // of the district; the zero value where it has no divisions
	// Locate gives the finest division that holds a place; "" for none.
	Locate func(orb.Point) string
	// Find looks for the place of an address; nil where nobody can.
	Find func(Seeking) Spot
	// May says whether whoever imports may write in a division, and publish there.
	May, MayPublish func(division string) bool
}

// Seeking is what a place is looked for by.
type Seeking struct{ Address, Name, Division string }

// Spot is what was found of an address.
type Spot struct {
	Placed     bool // Point may be kept as a position
	Point      orb.Point
	Confidence int    // 1–100
	Division   string // that the text names for certain; "" for none
}

// Situation is what is known of a row besides what it says.
type Situation struct {
	// Existing are the records that the key found; one is the row's own.
	Existing []facilities.Facility
	Matched  string // how
	// Earlier is the row of this file that is of the same record, or, without a key, says
	// the same; 0 for none.
	Earlier int
	// Alike gives the records that a new one may be of; nil where nobody looks.
	Alike func(facilities.Facility) []Alike
	// Same gives the record that people decided a new one to be of, in whatever file or list
	// they were asked; nil where nobody looks.
	Same func(facilities.Facility) (facilities.Facility, bool)
	// Taken gives the other record, or the earlier row, that has a code already which only
	// one may have: bureau_no, institution_code, source_id. nil where nobody looks.
	Taken func(field, value, but string) (holder string, taken bool)
	// Decided is what a person said of this row.
	Decided Verdict
	// ID is for a new record.
	ID string
}

// Verdict is what a person decides of a row that may be a duplicate.
type Verdict string

// The verdicts. That a row is of a record is told by Situation.Existing.
const (
	Undecided Verdict = ""
	VerdictOf Verdict = "same" // it is of a record, which it changes
	VerdictAs Verdict = "new"  // it is another place
	VerdictNo Verdict = "skip" // leave it out
)

// Decision is what is to be done with a row: from Before to After where the outcome
// writes.
type Decision struct {
	Result
	Before, After facilities.Facility
}

// Decide says what becomes of a row. It is the same for a trial and in earnest: nothing
// but the row, the ground and the situation is looked at.
func (r *Reader) Decide(d Draft, g Ground, s Situation) Decision {
	out := Decision{Result: Result{Row: d.Row, Faults: d.Faults, Print: d.Print(), Matched: s.Matched}}
	switch {
	case Faulty(d.Faults):
		out.Outcome = Wrong
	case len(s.Existing) > 1:
		out.wrong(r.keyFault(d, "ambiguous_key", fmt.Sprintf("登记册中有 %d 条记录与它相符，分不清是哪一条", len(s.Existing)),
			fmt.Sprintf("%d records have it, so that nobody can tell which is meant", len(s.Existing)), "换一种匹配方式，或先合并登记册中的记录", "Match by something else, or merge the records first"))
	case len(s.Existing) == 0 && d.ID != "" && r.o.Key == KeyID:
		out.wrong(r.keyFault(d, "unknown_id", "登记册中没有这个编号的记录", "no record has this id", "核对登记编号；新设施请留空", "Check it; leave it out for a new facility"))
	case s.Earlier > 0 && r.o.Key != KeyNone:
		out.wrong(r.keyFault(d, "twice", fmt.Sprintf("与第 %d 行是同一条记录", s.Earlier), fmt.Sprintf("row %d is of the same record", s.Earlier),
			"文件中同一设施只留一行", "Keep one row for each facility"))
	case len(s.Existing) == 1 && s.Earlier == 0:
		out.Before = s.Existing[0]
		r.decideKnown(d, g, s, &out)
	default:
		r.decideNew(d, g, s, &out)
	}
	return out
}

func (d *Decision) wrong(f Fault) {
	d.Outcome = Wrong
	d.Faults = append(slices.Clip(d.Faults), f)
}

// keyFault is a fault of the cell that rows are matched by.
func (r *Reader) keyFault(d Draft, code, zh, en, hintZH, hintEN string) Fault {
	f := Fault{Code: code, ZH: zh, EN: en, HintZH: hintZH, HintEN: hintEN, Field: r.o.Key.Field()}
	f.Value = clip(d.Key(r.o.Key))
	for i := range r.columns {
		if r.columns[i].target.Field == f.Field && f.Field != "" {
			f.Column = r.columns[i].header
		}
	}
	return f
}

// Key is what the row has to find its record by; "" for nothing.
func (d Draft) Key(k Key) string {
	text := func(p *string) string {
		if p == nil {
			return ""
		}
		return *p
	}
	switch k {
	case KeyID:
		return d.ID
	case KeyBureauNo:
		return text(d.Patch.BureauNo)
	case KeyInstitution:
		return text(d.Patch.InstitutionCode)
	case KeyUSCC:
		return text(d.Patch.USCC)
	case KeySource:
		return d.Source
	case KeyNamePlace:
		if d.Division != "" {
			return text(d.Patch.NameZH)
		}
	}
	return ""
}

// decideKnown holds a row against the record that it is of.
func (r *Reader) decideKnown(d Draft, g Ground, s Situation, out *Decision) {
	before := out.Before
	out.Facility = before.ID
	if before.Tombstone() {
		out.wrong(r.keyFault(d, "replaced", "该记录已并入或拆分为其他记录", "the record was merged or split into others", "改用新的记录编号", "Use the number of the record that took its place"))
		return
	}
	after := d.Over(before)
	if before.Unplaced && after.Unplaced && after.Address != before.Address {
		after = g.seek(after)
	}
	after = g.settle(before, after)
	changes := facilities.Differences(before, after)
	switch {
	case len(changes) == 0:
		out.Outcome = Unchanged
		return
	case r.o.Mode == ModeCreate:
		out.Outcome = Skip
		return
	}
	r.locateInto(d, g, &after, before, out)
	r.check(out, facilities.ValidateChange(before, after, g.known(after)))
	r.checkCodes(s, before, after, out)
	for _, division := range []string{before.DivisionCode, after.DivisionCode} {
		if division != "" && !g.May(division) && !Faulty(out.Faults) {
			out.wrong(r.forbidden(g, division))
		}
	}
	if Faulty(out.Faults) {
		out.Outcome = Wrong
		return
	}
	out.After, out.Outcome, out.Changes = after, Update, Changes(before, after)
}

// decideNew makes a record of a row, or finds the one that people decided it to be of.
func (r *Reader) decideNew(d Draft, g Ground, s Situation, out *Decision) {
	if known, ok := r.decidedOf(d, g, s); ok {
		out.Before, out.Matched = known, "decision"
		r.decideKnown(d, g, s, out)
		return
	}
	if r.o.Mode == ModeUpdate {
		out.Outcome = Skip
		return
	}
	after := g.settle(facilities.Facility{}, d.Fresh(r.o, g.AdCode))
	if after.Unplaced {
		after = g.seek(after)
	}
	r.locateInto(d, g, &after, facilities.Facility{Unplaced: true}, out)
	r.check(out, facilities.Validate(after, g.known(after)))
	r.checkCodes(s, facilities.Facility{}, after, out)
	if !Faulty(out.Faults) && !g.May(after.DivisionCode) {
		out.wrong(r.forbidden(g, after.DivisionCode))
	}
	if Faulty(out.Faults) {
		out.Outcome = Wrong
		return
	}
	if s.Decided == VerdictNo {
		out.Outcome, out.Matched = Skip, "decision"
		return
	}
	if out.Alike = s.alike(after); len(out.Alike) > 0 {
		out.Outcome = Duplicate
		return
	}
	r.stage(g, &after, out)
	after.ID = s.ID
	out.Facility, out.After, out.Outcome = s.ID, after, Create
	out.PlacedBy, out.Confidence = after.PlacedBy, after.PlaceConfidence
	if after.Unplaced {
		out.Outcome = Unplaced
	}
}

// decidedOf is the record that people decided the row to be of, where they did not decide
// otherwise of the row itself.
func (r *Reader) decidedOf(d Draft, g Ground, s Situation) (facilities.Facility, bool) {
	if s.Same == nil || s.Decided != Undecided || s.Earlier > 0 {
		return facilities.Facility{}, false
	}
	f := g.settle(facilities.Facility{}, d.Fresh(r.o, g.AdCode))
	if f.Unplaced {
		f = g.seek(f)
	}
	r.locateInto(d, g, &f, facilities.Facility{Unplaced: true}, &Decision{})
	return s.Same(f)
}

// alike gives what a new record may be of, unless a person said that it is another place.
func (s Situation) alike(f facilities.Facility) []Alike {
	switch {
	case s.Decided == VerdictAs:
		return nil
	case s.Earlier > 0:
		return []Alike{{Row: s.Earlier, Name: f.NameZH, Address: f.Address, Score: 100, ZH: "与该行内容相同", EN: "the two rows say the same"}}
	case s.Alike == nil:
		return nil
	}
	return s.Alike(f)
}

// stage publishes a new record where nothing is missing that publication needs and
// whoever imports may; else it stays on its way, and the row says why.
func (r *Reader) stage(g Ground, f *facilities.Facility, out *Decision) {
	if r.o.Stage != StageComplete && r.o.Stage != facilities.Published {
		return
	}
	f.Stage = facilities.Submitted
	zh, en := missing(g, *f)
	switch {
	case zh != "":
		out.Faults = append(slices.Clip(out.Faults), Fault{
			Code: "incomplete", Warning: true, ZH: "缺 " + zh + "，存为“已提交”，补齐后再发布", EN: en + " missing; kept as submitted until it is there",
		})
	case !g.MayPublish(f.DivisionCode):
		if r.o.Stage == facilities.Published {
			out.Faults = append(slices.Clip(out.Faults), Fault{Code: "not_published", Warning: true, ZH: "您的账号不能发布，存为“已提交”", EN: "your account may not publish; kept as submitted"})
		}
	default:
		f.Stage = facilities.Published
	}
}

// seek looks for the place of a record by its address. A place is kept only where it is
// certain enough; a division that the text names for certain is kept where the row names
// no finer one.
func (g Ground) seek(f facilities.Facility) facilities.Facility {
	if g.Find == nil || f.Address == "" && f.NameZH == "" {
		return f
	}
	division := f.DivisionCode
	if division == g.AdCode {
		division = ""
	}
	spot := g.Find(Seeking{Address: f.Address, Name: f.NameZH, Division: division})
	if spot.Placed {
		f.Unplaced, f.Point, f.PlacedBy, f.PlaceConfidence = false, spot.Point, facilities.PlacedAddress, spot.Confidence
		return f
	}
	if spot.Division != "" && (division == "" || g.Names.within(spot.Division, division)) {
		f.DivisionCode = spot.Division
	}
	return f
}

// locateInto finds the division that the record's position lies in, says where the row
// named another one, and faults a position outside of every one.
func (r *Reader) locateInto(d Draft, g Ground, after *facilities.Facility, before facilities.Facility, out *Decision) {
	if after.Unplaced || !before.Unplaced && after.Point == before.Point {
		return
	}
	code := g.Locate(after.Point)
	switch {
	case code == "" && !g.Bounds.IsZero():
		for _, f := range facilities.Outside(after.Point) {
			out.Faults = append(slices.Clip(out.Faults), r.mine(f))
		}
		return
	case code == "":
		code = g.AdCode
	}
	after.DivisionCode = code
	if d.Division != "" && !g.Names.within(code, d.Division) {
		f := r.mine(record.Fault{Field: FieldCommunity, Value: g.Names.Name(d.Division)})
		f.Code, f.Warning = "other_division", true
		f.ZH = fmt.Sprintf("坐标落在%s，而表中写的是%s", g.Names.Name(code), g.Names.Name(d.Division))
		f.EN = fmt.Sprintf("the place lies in %s, while the row says %s", g.Names.Name(code), g.Names.Name(d.Division))
		out.Faults = append(slices.Clip(out.Faults), f)
	}
}

// known are the rules' own facts. Communities that a row names were found already.
func (g Ground) known(f facilities.Facility) facilities.Known {
	return facilities.Known{Types: g.Types, Communities: f.Serves, Bounds: g.Bounds}
}

// check takes in the faults of the rules, unless the row has one of the cell already.
func (r *Reader) check(out *Decision, faults []record.Fault) {
	for _, f := range faults {
		if f.Field == FieldLat && slices.ContainsFunc(out.Faults, func(have Fault) bool { return have.Field == FieldLon && !have.Warning }) {
			continue // both are outside, and said so
		}
		out.Faults = append(slices.Clip(out.Faults), r.mine(f))
	}
}

// checkCodes holds the codes that a row brings against those that other records have.
func (r *Reader) checkCodes(s Situation, before, after facilities.Facility, out *Decision) {
	if before.ID == "" && strings.HasPrefix(after.SourceID, facilities.OwnSource) {
		f := r.mine(record.Fault{Field: "source_id", Value: after.SourceID, ZH: "登记册中没有这条记录，而以 " + facilities.OwnSource + " 开头的编号只由系统分配", EN: "no record has it, and what begins with " + facilities.OwnSource + " is given out by the system only"})
		f.Code, f.HintZH, f.HintEN = "own_source", "新设施请留空", "Leave it out for a new facility"
		out.Faults = append(slices.Clip(out.Faults), f)
	}
	if s.Taken == nil {
		return
	}
	for _, code := range []struct{ field, was, is string }{
		{"bureau_no", before.BureauNo, after.BureauNo},
		{"institution_code", before.InstitutionCode, after.InstitutionCode},
		{"source_id", before.SourceID, after.SourceID},
	} {
		if code.is == "" || code.is == code.was {
			continue
		}
		if holder, taken := s.Taken(code.field, code.is, before.ID); taken {
			f := r.mine(record.Fault{Field: code.field, Value: code.is, ZH: "已由“" + holder + "”使用", EN: "is that of " + holder + " already"})
			f.Code, f.HintZH, f.HintEN = "taken", "核对编号；若是同一设施，请按此编号匹配", "Check it; where it is the same facility, match by this code"
			out.Faults = append(slices.Clip(out.Faults), f)
		}
	}
}

func (r *Reader) mine(f record.Fault) Fault { return r.Mine(f.Field, f.Value, f.ZH, f.EN) }

func (r *Reader) forbidden(g Ground, division string) Fault {
	f := r.mine(record.Fault{Field: FieldCommunity, Value: division})
	f.Code = "forbidden"
	f.ZH, f.EN = "您的账号不能在"+g.Names.Name(division)+"登记设施", "your account may not register facilities in "+g.Names.Name(division)
	f.HintZH, f.HintEN = "由区级账号导入这一行", "Have an account of the district import the row"
	return f
}
