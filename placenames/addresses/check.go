package addresses

import (
	"cmp"
	_ "embed"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yike/internal/record"
	"yike/internal/rules"
)

//go:embed addresses.json
var addressesJSON []byte

// OfAddress is the subject of the rules.
const OfAddress = "address"

// Set reads the rules that come with the program. The error says what is wrong with the embedded
// file; a test keeps it nil.
func Set() (*rules.Set, error) {
	s, err := rules.Parse(addressesJSON)
	if err != nil {
		return nil, fmt.Errorf("read the rules of addresses: %w", err)
	}
	return s, nil
}

// Facts is what is known of an address when it is checked.
type Facts struct {
	Address  Address
	Chain    []Address // from the top down to the address itself; nil where the tree is broken
	Elements []Element
	Outline  orb.Geometry // of the estate, plot or building that it must lie in; nil where nobody drew one
	Circle   bool
	Inside   *bool                // its point is in the district; nil where it has none or no boundary is known
	OffsetM  *float64             // metres from its point to the nearest building; nil where none is known
	Known    func(id string) bool // whether there is an address of this id
	Regions  []string
	Day      record.Day
}

// Check holds an address against the rules PLT-23 to 26 and 29, and gives a finding for each in
// their order. What nobody knows is undetermined, never passed.
func Check(set *rules.Set, f Facts) []rules.Finding {
	return set.Evaluate(rules.Question{Subject: OfAddress, Regions: f.Regions, Day: f.Day, Inputs: inputsOf(f)})
}

type inputs map[string]rules.Input

func (in inputs) set(name string, value any) { in[name] = rules.Input{Value: value} }

func (in inputs) unknown(name, zh, en string) { in[name] = rules.Input{WhyZH: zh, WhyEN: en} }

func inputsOf(f Facts) map[string]rules.Input {
	in := inputs{}
	in.set("state", string(f.Address.State))
	if f.Elements == nil {
		in.unknown("missing_elements", "地址元素未列出", "the elements are not listed")
		in.unknown("elements_in_order", "地址元素未列出", "the elements are not listed")
	} else {
		in.set("missing_elements", MissingElements(f.Elements))
		in.set("elements_in_order", Ordered(f.Elements))
	}
	in.tree(f)
	in.position(f)
	in.ended(f)
	return in
}

func (in inputs) tree(f Facts) {
	in.set("in_circle", f.Circle)
	wrong := false
	for i := 1; i < len(f.Chain); i++ {
		wrong = wrong || !f.Chain[i].Level.Below(f.Chain[i-1].Level) || f.Chain[i].ParentID != f.Chain[i-1].ID
	}
	in.set("level_not_below", wrong)
	at, ok := f.Address.At()
	switch {
	case !ok:
		in.unknown("outside_parent", "没有位置", "it has no position")
	case f.Outline == nil:
		in.unknown("outside_parent", "上级没有范围", "nobody drew an outline of what it is within")
	default:
		in.set("outside_parent", !within(f.Outline, at.Point))
	}
}

// within reports whether a point is in an area, or on its edge.
func within(g orb.Geometry, p orb.Point) bool {
	switch area := g.(type) {
	case orb.Polygon:
		return planar.PolygonContains(area, p)
	case orb.MultiPolygon:
		return planar.MultiPolygonContains(area, p)
	}
	return false
}

func (in inputs) position(f Facts) {
	at, ok := f.Address.At()
	if !ok {
		for _, name := range []string{"source_declared", "accuracy_stated", "inside_district", "offset_m"} {
			in.unknown(name, "没有位置", "it has no position")
		}
		return
	}
	in.set("source_declared", at.Source != "")
	in.set("accuracy_stated", at.Accuracy > 0)
	if f.Inside == nil {
		in.unknown("inside_district", "没有辖区边界", "no boundary is known")
	} else {
		in.set("inside_district", *f.Inside)
	}
	if f.OffsetM == nil {
		in.unknown("offset_m", "附近没有建筑物数据", "no building is known near it")
	} else {
		in.set("offset_m", *f.OffsetM)
	}
}

func (in inputs) ended(f Facts) {
	a := f.Address
	in.set("ended_by", cmp.Or(string(a.Decision.Kind), "none"))
	if a.State != Historical {
		in.set("old_new_row", true)
		return
	}
	there := len(a.Successors) > 0
	for _, id := range a.Successors {
		there = there && (f.Known == nil || f.Known(id))
	}
	in.set("old_new_row", there)
}
