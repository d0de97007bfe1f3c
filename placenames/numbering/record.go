package numbering

import (
	"errors"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yike/internal/record"
)

// What there is none of.
var (
	ErrNoRule  = errors.New("没有这个编号方案 / there is no such rule set")
	ErrUnknown = errors.New("没有这条道路 / there is no such road")
)

// LocalRule is one version of a rule set that the bureau made.
type LocalRule struct {
	ID        string // UUIDv7, text form
	Version   int
	Rules     RuleSet
	Standard  bool   // the one that roads are numbered by unless another is chosen; of one at most
	Retired   bool   // no road is numbered by it any more
	Document  string // by which document the bureau has it
	Note      string
	ValidFrom record.Day
}

// longestText is how many characters a document and a note may have.
const longestText = 600

// ValidateLocal gives everything that is wrong with a rule set of the bureau's own, by field.
func ValidateLocal(l LocalRule) []record.Fault {
	v := validation{faults: Validate(l.Rules)}
	v.require(l.Rules.Key == "", "key", l.Rules.Key, "本单位的方案没有预设代号", "is of presets only")
	v.require(!l.Standard || !l.Retired, "standard", "true", "停用的方案不能作默认方案", "is not for a set that is retired")
	v.require(utf8.RuneCountInString(l.Document) <= longestText, "document", "", "不超过600字", "has at most 600 characters")
	v.require(utf8.RuneCountInString(l.Note) <= longestText, "note", "", "不超过600字", "has at most 600 characters")
	return v.faults
}

// Differences gives the fields in which two versions differ, by their names in the API.
func Differences(from, to LocalRule) []record.Difference {
	return record.Differing(content(from), content(to))
}

func content(l LocalRule) []record.Difference {
	r := l.Rules
	return []record.Difference{
		{Field: "name_zh", Before: r.NameZH},
		{Field: "name_en", Before: r.NameEN},
		{Field: "layout", Before: r.Layout},
		{Field: "from", Before: r.From},
		{Field: "odd_by", Before: r.OddBy},
		{Field: "odd_sides", Before: r.OddSides},
		{Field: "counting", Before: r.Counting},
		{Field: "step_m", Before: r.StepM},
		{Field: "reserve_m", Before: r.ReserveM},
		{Field: "reserve_gaps", Before: r.ReserveGaps},
		{Field: "skip", Before: r.Skip},
		{Field: "dead_end_inward", Before: r.DeadEndInward},
		{Field: "one_sided_plain", Before: r.OneSidedPlain},
		{Field: "corner_to_main", Before: r.CornerToMain},
		{Field: "run_on", Before: r.RunOn},
		{Field: "no_gaps", Before: r.NoGaps},
		{Field: "rows", Before: r.Rows},
		{Field: "sources", Before: r.Sources},
		{Field: "standard", Before: l.Standard},
		{Field: "retired", Before: l.Retired},
		{Field: "document", Before: l.Document},
		{Field: "note", Before: l.Note},
	}
}

// RuleRef names a rule set: the key of a preset, or the id and version of one of the bureau's own.
type RuleRef struct {
	Rule    string
	Version int // 0 of a preset
}

// Use says how a road was numbered last.
type Use struct {
	NameID string
	RuleRef
	OneSided  bool
	Mouth     *orb.Point
	Start     *orb.Point
	ValidFrom record.Day
}

// Street is a road that may be numbered.
type Street struct {
	Name     string
	NameID   string // of its standard name; "" where the register has none
	LengthM  float64
	Sections []orb.LineString // nil in lists
	Numbers  int              // of live addresses that stand on it
}

// Ground is what there is along a road before it is numbered.
type Ground struct {
	Road      Road
	NameID    string // "" where the register has no such name
	Division  string // where the register has it
	Kind      string // of the name: road, natural_village
	Frontages []Frontage
	Labels    map[string]string // what a building is called, by the id of its frontage
	Truncated bool              // there are more buildings than were looked at
	Existing  []Existing
	Unread    int  // addresses whose number is not of figures
	Use       *Use // nil where nobody numbered it by a rule set
}
