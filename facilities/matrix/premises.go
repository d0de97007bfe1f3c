package matrix

import (
	_ "embed"
	"fmt"
	"slices"

	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/record"
	"yike/internal/rules"
)

//go:embed norms.json
var normsJSON []byte

// AreaSource says where the area of community premises comes from.
type AreaSource string

// The sources.
const (
	AreaUnknown  AreaSource = ""         // some premises say nothing of their area
	FromLedger   AreaSource = "ledger"   // rooms of the ledger that were handed over and are not misused
	FromRegistry AreaSource = "registry" // floor areas of open premises in the registry; 0 where there are none
	FromShared   AreaSource = "shared"   // it has none of its own and shares those of another community
)

// Premises is what a community has of community premises, against the norm.
type Premises struct {
	Source     AreaSource
	AreaM2     *float64 // its own; nil where unknown
	RegistryM2 *float64 // what the registry says, where the ledger is the source: the two may differ
	Households divisions.Households
	SharedBy   int            // communities that share what it has
	Per100     *float64       // m² per 100 households; nil where either is unknown or the premises are another's
	Finding    *rules.Finding // of the norm for it; nil where no rule is for it
}

// Short reports whether the premises are known to be less than the norm asks.
func (p Premises) Short() bool { return p.Finding != nil && p.Finding.Outcome == rules.Fail }

// Total is what the premises of several communities come to: a rate over all of them
// where everything is known of all.
type Total struct {
	AreaM2      float64 // where it is known
	Households  int     // where they are known
	Communities int
	Unknown     int      // communities of which area or households are unknown
	Per100      *float64 // over the known ones; nil where there are none
	Met, Short  int      // communities that meet their norm, or do not
	Undecided   int      // communities of which nobody can say, or that share
}

// norms are the rules of the table, for one district on one day.
type norms struct {
	set   *rules.Set
	chain []string
	day   record.Day
}

func newNorms(adcode string, day record.Day) (*norms, error) {
	set, err := rules.Parse(normsJSON)
	if err != nil {
		return nil, fmt.Errorf("read the norms of premises: %w", err)
	}
	return &norms{set: set, chain: set.Chain(adcode), day: day}, nil
}

// Norm is a rule that applies in the district, for people.
type Norm struct {
	Rule     *rules.Rule
	Source   Text // document and clause
	Sentence Text // its own words
}

// list gives the rules that apply, of each number the gravest.
func (n *norms) list() []Norm {
	var out []Norm
	for _, subject := range []string{"community", "subdistrict", "centre"} {
		found := n.set.Evaluate(rules.Question{Subject: subject, Regions: n.chain, Day: n.day})
		for _, f := range found {
			known := slices.ContainsFunc(out, func(m Norm) bool { return m.Rule.ID == f.Rule.ID })
			if known || f.Outcome == rules.NotApplicable && len(f.Inputs) == 0 { // it holds elsewhere, or at another time
				continue
			}
			out = append(out, n.norm(f.Rule))
		}
	}
	slices.SortStableFunc(out, func(a, b Norm) int { return rankID(a.Rule.ID) - rankID(b.Rule.ID) })
	return out
}

// rankID puts the norms of premises before those of centres.
func rankID(id string) int { return slices.Index([]string{"RAT-01", "RAT-02", "FAC-06", "FAC-07"}, id) }

func (n *norms) norm(r *rules.Rule) Norm {
	out := Norm{Rule: r, Sentence: Text{r.Cite.Sentence, r.Cite.SentenceEN}}
	for _, s := range n.set.Sources {
		if s.Source == r.Cite.Source {
			out.Source = Text{s.ZH + r.Cite.ClauseZH, s.EN}
			if r.Cite.ClauseEN != "" {
				out.Source.EN += ", " + r.Cite.ClauseEN
			}
		}
	}
	return out
}

// find holds a case to the rules of a subject and gives what the gravest that decides, or
// could, has found; nil where no rule is for it.
func (n *norms) find(subject string, inputs map[string]rules.Input) *rules.Finding {
	all := n.set.Evaluate(rules.Question{Subject: subject, Regions: n.chain, Day: n.day, Inputs: inputs})
	var best *rules.Finding
	for i, f := range all {
		if f.Outcome == rules.NotApplicable {
			continue
		}
		if best == nil || weight(f) > weight(*best) {
			best = &all[i]
		}
	}
	return best
}

// weight ranks findings: what is decided first, then what is graver.
func weight(f rules.Finding) int {
	w := map[rules.Severity]int{rules.Error: 2, rules.Warning: 1}[f.Rule.Severity]
	if f.Outcome != rules.Undetermined {
		w += 10
	}
	return w
}

// premises measures what a community has.
func (b *builder) premises(d divisions.Division) Premises {
	p := Premises{Households: b.in.Households[d.Code]}
	p.Source, p.AreaM2 = b.areaOf(d.Code)
	if p.Source == FromLedger {
		_, p.RegistryM2 = b.registryArea(d.Code)
	}
	sharing := map[string]bool{}
	for _, f := range b.near[d.Code] {
		if f.Type == communityPremises && f.Status == facilities.Open && f.community == d.Code {
			for code := range f.serves {
				sharing[code] = true
			}
		}
	}
	p.SharedBy = len(sharing)
	if p.Source == FromShared {
		return p // the norm is the other community's to meet
	}
	if p.AreaM2 != nil && p.Households.Count > 0 {
		per := *p.AreaM2 * 100 / float64(p.Households.Count)
		p.Per100 = &per
	}
	inputs := map[string]rules.Input{"setting": {Value: string(d.Setting)}}
	if p.AreaM2 != nil {
		inputs["premises_area"] = rules.Input{Value: *p.AreaM2}
	}
	if p.Households.Known() {
		inputs["households"] = rules.Input{Value: float64(p.Households.Count)}
	}
	p.Finding = b.norms.find("community", inputs)
	return p
}

// areaOf is the area of community premises that stand in a community, and who says so.
func (b *builder) areaOf(code string) (AreaSource, *float64) {
	if l, ok := b.in.Ledger[code]; ok && l.Rooms > 0 {
		return FromLedger, &l.CountedM2
	}
	return b.registryArea(code)
}

func (b *builder) registryArea(code string) (AreaSource, *float64) {
	var sum float64
	own, shared := 0, 0
	for _, f := range b.near[code] {
		switch {
		case f.Type != communityPremises || f.Status != facilities.Open:
		case f.community != code:
			shared++
		case f.ref.FloorM2 == nil:
			return AreaUnknown, nil
		default:
			own++
			sum += *f.ref.FloorM2
		}
	}
	if own == 0 && shared > 0 {
		return FromShared, nil
	}
	return FromRegistry, &sum
}

// totalOf adds the premises of communities up. One that shares those of another has no
// area of its own, and its households count all the same: they use what is counted where
// it stands.
func totalOf(rows []Row) Total {
	var t Total
	t.add(rows)
	t.rate()
	return t
}

func (b *builder) totalPremises(groups []Group) Total {
	var t Total
	for _, g := range groups {
		t.add(g.Rows)
	}
	t.rate()
	return t
}

func (t *Total) add(rows []Row) {
	for _, r := range rows {
		p := r.Premises
		t.Communities++
		switch {
		case p.Finding != nil && p.Finding.Outcome == rules.Pass:
			t.Met++
		case p.Short():
			t.Short++
		default:
			t.Undecided++
		}
		if !p.Households.Known() || p.AreaM2 == nil && p.Source != FromShared {
			t.Unknown++
			continue
		}
		t.Households += p.Households.Count
		if p.AreaM2 != nil {
			t.AreaM2 += *p.AreaM2
		}
	}
}

func (t *Total) rate() {
	if t.Households > 0 {
		per := t.AreaM2 * 100 / float64(t.Households)
		t.Per100 = &per
	}
}
