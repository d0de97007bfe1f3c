package scenarios

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yike/internal/record"
)

// Limits of what a person may write.
const (
	LongestName   = 60 // characters
	LongestNote   = 2000
	LongestWhat   = 100
	LongestSource = 60
	MostCosts     = 40
	MostSteps     = 100
	mostPath      = 50
	longestWord   = 64 // of names and ids in questions and steps
	mostAsked     = 20 // parameters of a question
	// MostFen is the largest amount of one line: a hundred thousand million yuan. Sums of
	// MostCosts of them, times ten thousand, fit into 63 bits.
	MostFen int64 = 10_000_000_000_000
)

// faults gathers what is wrong with a scenario.
type faults []record.Fault

func (f *faults) add(field, value, zh, en string) {
	*f = append(*f, record.Fault{Field: field, Value: value, ZH: zh, EN: en})
}

// Validate gives everything about s that a person may not write so. Whether the question
// can be asked and the steps can be taken today is for those who answer it; a step that
// cannot be taken any more does not make a scenario invalid.
func Validate(s Scenario) []record.Fault {
	var f faults
	f.words("name", s.Name, LongestName, true)
	f.words("note", s.Note, LongestNote, false)
	f.question(s.Question)
	if len(s.Steps) == 0 {
		f.add("steps", "0", "方案至少要有一步", "a scenario has at least one step")
	}
	if len(s.Steps) > MostSteps {
		f.add("steps", fmt.Sprint(len(s.Steps)), fmt.Sprintf("不应多于 %d 步", MostSteps), fmt.Sprintf("at most %d", MostSteps))
	}
	for i, step := range s.Steps {
		f.step(fmt.Sprintf("steps/%d/", i), step)
	}
	if len(s.Costs) > MostCosts {
		f.add("costs", fmt.Sprint(len(s.Costs)), fmt.Sprintf("不应多于 %d 项", MostCosts), fmt.Sprintf("at most %d", MostCosts))
	}
	for i, line := range s.Costs {
		f.cost(fmt.Sprintf("costs/%d/", i), line)
	}
	return f
}

func (f *faults) words(field, v string, longest int, needed bool) {
	if v == "" && needed {
		f.add(field, "", "请填写", "is needed")
	}
	if n := utf8.RuneCountInString(v); n > longest {
		f.add(field, fmt.Sprint(n), fmt.Sprintf("不应超过 %d 个字", longest), fmt.Sprintf("at most %d characters", longest))
	}
	control := func(c rune) bool { return unicode.IsControl(c) && (field != "note" || c != '\n') }
	if !utf8.ValidString(v) || strings.ContainsFunc(v, control) {
		f.add(field, strings.ToValidUTF8(v, "?"), "含有控制字符", "holds control characters")
	}
}

func (f *faults) question(q Question) {
	if q["type"] == "" {
		f.add("question/type", "", "请指明设施类型", "name the facility type")
	}
	if len(q) > mostAsked {
		f.add("question", fmt.Sprint(len(q)), fmt.Sprintf("不应多于 %d 个参数", mostAsked), fmt.Sprintf("at most %d parameters", mostAsked))
	}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		f.words("question/"+name, name, longestWord, true)
		f.words("question/"+name, q[name], longestWord, false)
	}
}

func (f *faults) step(field string, s Step) {
	f.words(field+"id", s.ID, longestWord, true)
	f.words(field+"name", s.Name, LongestWhat, false)
	switch s.Do {
	case "add", "move":
		if s.At == (orb.Point{}) || !onEarth(s.At) {
			f.add(field+"lon", fmt.Sprint(s.At), "应为经纬度", "must be a longitude and a latitude")
		}
	case "close", "reopen", "close_way", "open_gate", "shut_gate":
	case "add_path":
		if len(s.Line) < 2 || len(s.Line) > mostPath || slices.ContainsFunc(s.Line, func(p orb.Point) bool { return !onEarth(p) }) {
			f.add(field+"line", fmt.Sprint(len(s.Line)), fmt.Sprintf("应为 2 至 %d 个点的经纬度", mostPath), fmt.Sprintf("must be longitudes and latitudes of 2 to %d points", mostPath))
		}
	default:
		f.add(field+"do", s.Do, "没有这种步骤", "there is no such step")
	}
}

func onEarth(p orb.Point) bool {
	return math.Abs(p.Lon()) <= 180 && math.Abs(p.Lat()) <= 90
}

func (f *faults) cost(field string, c CostLine) {
	f.words(field+"what", c.What, LongestWhat, true)
	f.words(field+"source", c.Source, LongestSource, false)
	if !slices.Contains(CostKinds(), c.Kind) {
		f.add(field+"kind", string(c.Kind), "应为一次性（one_off）或每年（per_year）", "must be one_off or per_year")
	}
	if c.Fen < 0 || c.Fen > MostFen {
		f.add(field+"fen", fmt.Sprint(c.Fen), fmt.Sprintf("应为 0 至 %d 分", MostFen), fmt.Sprintf("must be from 0 to %d fen", MostFen))
	}
}

// Clean takes away what nobody means to write: space around words.
func Clean(s Scenario) Scenario {
	s.Name, s.Note = strings.TrimSpace(s.Name), strings.TrimSpace(s.Note)
	s.Steps = slices.Clone(s.Steps)
	for i := range s.Steps {
		s.Steps[i].Name = strings.TrimSpace(s.Steps[i].Name)
	}
	s.Costs = slices.Clone(s.Costs)
	for i := range s.Costs {
		s.Costs[i].What, s.Costs[i].Source = strings.TrimSpace(s.Costs[i].What), strings.TrimSpace(s.Costs[i].Source)
	}
	return s
}
