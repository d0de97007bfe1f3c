package addressimport

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"yike/placenames/addressdb"
	"yike/placenames/addresses"
)

// Setting is what a person says of a register beside the file.
type Setting struct {
	System   string            // what the register is called: 公安标准地址
	Custody  addresses.Custody // who numbers there
	Accuracy float64           // metres within which its places are right; 0 nobody said
	Create   bool              // addresses that are not here yet are made
}

// Why a row is left to a person.
const (
	NoName   = "no_name"   // no place name in use is called so
	Several  = "several"   // several are
	NoNumber = "no_number" // it has no number that can be read, or is of several at once
	OtherOne = "other"     // the address has another code of this register
	Absent   = "absent"    // the address is not here, and making was not asked for
)

// Decided is what becomes of a row.
type Decided struct {
	Row     Row
	Outcome Outcome
	Reason  string   // of a difference
	ID      string   // of the address that it is of
	Names   []string // ids of names that it may stand on, of a difference
}

// Outcome is what becomes of a row.
type Outcome string

// The outcomes.
const (
	Unchanged  Outcome = "unchanged"
	Matched    Outcome = "matched" // to an address that is here, which gets its codes
	Created    Outcome = "created"
	Difference Outcome = "difference"
)

// Plan is what becomes of a register.
type Plan struct {
	Rows    []Decided
	Entries []addresses.Entry // to be made, parents first
	From    []int             // the row in the file that first wanted each of them
	Codes   map[string][]addresses.ForeignCode
}

// Decide finds which address each row is of: by its code, else by name, number, building, unit and
// room; what is not here is made with all that it is within. A row that two names could hold, whose
// number cannot be read, or whose address has another code of the register, is left to a person.
// O(rows).
func Decide(rows []Row, reg addressdb.Register, s Setting) Plan {
	p := Plan{Codes: map[string][]addresses.ForeignCode{}}
	d := decider{reg: reg, setting: s, plan: &p, made: map[string]int{}, source: addresses.Decision{Kind: addresses.Observed, Body: s.System}}
	for _, r := range rows {
		p.Rows = append(p.Rows, d.decide(r))
	}
	return p
}

type decider struct {
	reg     addressdb.Register
	setting Setting
	plan    *Plan
	made    map[string]int // where in the plan an address of this file is, by its place in the tree
	source  addresses.Decision
}

// codes are those of a row.
func (s Setting) codes(r Row) []addresses.ForeignCode {
	var out []addresses.ForeignCode
	if r.Code != "" {
		out = append(out, addresses.ForeignCode{System: s.System, Code: r.Code})
	}
	if r.Payload != "" {
		out = append(out, addresses.ForeignCode{System: s.System + " 二维码", Code: r.Payload})
	}
	return out
}

func (d *decider) decide(r Row) Decided {
	out := Decided{Row: r}
	for _, c := range d.setting.codes(r) {
		if id := d.reg.ByCode[c]; id != "" {
			out.ID, out.Outcome = id, Unchanged
			return d.coded(out)
		}
	}
	names := d.reg.Names[r.Name]
	switch {
	case r.Name == "" || len(names) == 0:
		return differ(out, NoName)
	case len(names) > 1:
		out.Names = names
		return differ(out, Several)
	case r.Span || r.Number == "" && r.Labels[addresses.Building] == "":
		return differ(out, NoNumber)
	}
	return d.walk(out, names[0])
}

func differ(out Decided, why string) Decided {
	out.Outcome, out.Reason = Difference, why
	return out
}

// walk goes down the tree of a name to the address of a row, and has what is missing made.
func (d *decider) walk(out Decided, name string) Decided {
	r := out.Row
	var steps []addresses.Address
	if r.Number != "" {
		steps = append(steps, addresses.Address{Level: addresses.Number, Number: r.Number, Suffix: r.Suffix})
	}
	for _, level := range []addresses.Level{addresses.Building, addresses.Unit, addresses.Room} {
		if label := r.Labels[level]; label != "" {
			steps = append(steps, addresses.Address{Level: level, Label: addresses.Labelled(level, label)})
		}
	}
	if first := steps[0].Level; first != addresses.Number && first != addresses.Building {
		return differ(out, NoNumber)
	}
	id, ref := "", ""
	for _, a := range steps {
		slot := addressdb.Slot{Name: name, Parent: id, Level: a.Level, Number: a.Number, Suffix: a.Suffix, Label: a.Label}
		if ref == "" {
			if here := d.reg.Live[slot]; here != "" {
				id = here
				continue
			}
			if !d.setting.Create {
				return differ(out, Absent)
			}
		}
		id, ref = "", d.make(a, slot, id, ref, name, r.No)
	}
	if ref == "" {
		out.ID, out.Outcome = id, Unchanged
		return d.coded(out)
	}
	if !d.finish(ref, r) {
		return differ(out, OtherOne)
	}
	out.Outcome = Created
	return out
}

// make has an address made, once for a file, and gives what the others call it.
func (d *decider) make(a addresses.Address, slot addressdb.Slot, parent, parentRef, name string, from int) string {
	key := fmt.Sprint(parentRef, slot)
	at, there := d.made[key]
	if !there {
		at = len(d.plan.Entries)
		d.made[key] = at
		a.NameID, a.ParentID, a.Main, a.State, a.Custody, a.Decision = name, parent, true, addresses.Approved, d.setting.Custody, d.source
		d.plan.Entries = append(d.plan.Entries, addresses.Entry{Address: a, Ref: refOf(at), ParentRef: parentRef})
		d.plan.From = append(d.plan.From, from)
	}
	return refOf(at)
}

func refOf(at int) string { return fmt.Sprint("r", at) }

// finish gives the address that a row has made its codes and its place; false where another row
// gave it other codes.
func (d *decider) finish(ref string, r Row) bool {
	var at int
	if _, err := fmt.Sscanf(ref, "r%d", &at); err != nil {
		return false
	}
	e := &d.plan.Entries[at]
	more, fits := lacking(e.Codes, d.setting.codes(r))
	if !fits {
		return false
	}
	e.Codes = append(e.Codes, more...)
	if r.Point != nil && len(e.Positions) == 0 {
		e.Positions = []addresses.Position{{Kind: positionOf(e.Level), Point: *r.Point, Source: addresses.FromImport, Accuracy: d.setting.Accuracy}}
	}
	return true
}

func positionOf(l addresses.Level) addresses.PositionKind {
	switch l {
	case addresses.Number:
		return addresses.AtEntrance
	case addresses.Building:
		return addresses.AtBuilding
	case addresses.Unit:
		return addresses.AtUnit
	}
	return addresses.AtOther
}

// coded gives the address of a row the codes that it does not have; one that has another code of
// the register is left to a person.
func (d *decider) coded(out Decided) Decided {
	has := slices.Concat(d.reg.Codes[out.ID], d.plan.Codes[out.ID])
	more, fits := lacking(has, d.setting.codes(out.Row))
	if !fits {
		return differ(out, OtherOne)
	}
	if len(more) > 0 {
		out.Outcome = Matched
		d.plan.Codes[out.ID] = append(d.plan.Codes[out.ID], more...)
	}
	return out
}

// lacking gives the codes that an address does not have yet; false where it has another one of the
// same system.
func lacking(has, codes []addresses.ForeignCode) ([]addresses.ForeignCode, bool) {
	var out []addresses.ForeignCode
	for _, c := range codes {
		if slices.Contains(has, c) {
			continue
		}
		if slices.ContainsFunc(has, func(h addresses.ForeignCode) bool { return h.System == c.System }) {
			return nil, false
		}
		out = append(out, c)
	}
	return out, true
}

// Fingerprint is the same for rows that say the same.
func (r Row) Fingerprint() string {
	point := ""
	if r.Point != nil {
		point = fmt.Sprintf("%.7f %.7f", r.Point[0], r.Point[1])
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %q %q %q %q %s", r.Code, r.Payload, r.Text, r.Name, r.Number, r.Suffix,
		r.Labels[addresses.Building], r.Labels[addresses.Unit], r.Labels[addresses.Room], point))
	return hex.EncodeToString(sum[:])
}
