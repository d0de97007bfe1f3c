package doors

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yike/internal/record"
)

// ErrNotFound says that there is no such report.
var ErrNotFound = errors.New("no such report of a plate")

// Problem is what is wrong with a plate, as whoever stands before it says.
type Problem string

// The problems that people report.
const (
	BrokenPlate  Problem = "damaged" // damaged, dirty or gone
	CoveredPlate Problem = "covered" // something is stuck over it
	WrongPlate   Problem = "wrong"   // it says another number or name than the place has
	FakePlate    Problem = "fake"    // it is none of the authority's, or leads elsewhere
)

// Choice is a code word that people choose, with its words.
type Choice struct {
	Code string
	Words
}

// Problems lists what can be reported, in the order of the form.
func Problems() []Choice {
	return []Choice{
		{string(BrokenPlate), Words{"损坏、脏污或脱落", "Damaged, dirty or gone"}},
		{string(CoveredPlate), Words{"被遮挡或贴了别的东西", "Covered, or something is stuck on it"}},
		{string(WrongPlate), Words{"号码或名称不对", "Wrong number or name"}},
		{string(FakePlate), Words{"像是假牌，或扫码打开了别的网站", "Looks fake, or leads to another site"}},
	}
}

// State is how far the office is with a report.
type State string

// The states.
const (
	Received State = "received"
	Accepted State = "accepted" // the plate is to be repaired, cleaned or put right
	Done     State = "done"
	Declined State = "declined"
)

// StateWords say where a report is.
func (s State) StateWords() Words {
	switch s {
	case Received:
		return Words{"已收到，待核实", "Received, to be looked into"}
	case Accepted:
		return Words{"已受理，正在处理", "Accepted, being dealt with"}
	case Done:
		return Words{"已处理完毕", "Dealt with"}
	}
	return Words{"未受理", "Not taken up"}
}

// Outcome is a fixed reason for what the office decides, so that what the public reads of its
// report never depends on who was at the desk.
type Outcome struct {
	Choice
	To State // where the report is then
}

// Outcomes lists the reasons, those that take a report up first.
func Outcomes() []Outcome {
	return []Outcome{
		{Choice{"repair", Words{"安排维修或更换", "The plate will be repaired or replaced"}}, Accepted},
		{Choice{"clean", Words{"安排清理", "The plate will be cleaned or uncovered"}}, Accepted},
		{Choice{"correct", Words{"地址信息将更正", "The address will be put right"}}, Accepted},
		{Choice{"remove", Words{"安排拆除假牌", "The fake will be taken down"}}, Accepted},
		{Choice{"done", Words{"已处理完毕", "It has been dealt with"}}, Done},
		{Choice{"already", Words{"此前已修复", "It had been repaired before"}}, Declined},
		{Choice{"right", Words{"现场核实门牌无误", "The plate was found to be right"}}, Declined},
		{Choice{"not_found", Words{"现场没有找到所述情况", "Nothing of it was found on the spot"}}, Declined},
		{Choice{"not_ours", Words{"不属于门牌管理范围，请拨打 12345", "It is not about plates; please call 12345"}}, Declined},
		{Choice{"unclear", Words{"信息不足，无法核实", "There is too little to go by"}}, Declined},
		{Choice{"abuse", Words{"内容与门牌无关", "It says nothing of a plate"}}, Declined},
	}
}

// OutcomeOf finds an outcome by its code word.
func OutcomeOf(code string) (Outcome, bool) {
	i := slices.IndexFunc(Outcomes(), func(o Outcome) bool { return o.Code == code })
	if i < 0 {
		return Outcome{}, false
	}
	return Outcomes()[i], true
}

// May reports whether a report in state s may come to be in another. What was done or declined
// stays; a further report opens the matter anew.
func (s State) May(to State) bool {
	switch s {
	case Received:
		return to == Accepted || to == Done || to == Declined
	case Accepted:
		return to == Done || to == Declined
	}
	return false
}

// The bounds of what people write.
const (
	LongestNote  = 300 // characters
	LongestPlace = 60
)

// Report is what somebody says of a plate. Nobody is asked who they are.
type Report struct {
	Code    string // of the plate, upper case; "" of one that has none
	Problem Problem
	Note    string
	Place   string // where it is in the visitor's words, for a code that is nobody's
}

// Clean gives the report with what people type by habit taken out: blanks at the ends and
// control characters except line ends.
func (r Report) Clean() Report {
	clean := func(s string) string {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
		return strings.TrimSpace(strings.Map(func(c rune) rune {
			if c != '\n' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c)) {
				return -1
			}
			return c
		}, strings.ToValidUTF8(s, "")))
	}
	r.Note, r.Place = clean(r.Note), clean(r.Place)
	return r
}

// Validate tells what is at fault with a report.
func (r Report) Validate() []record.Fault {
	var faults []record.Fault
	if !slices.ContainsFunc(Problems(), func(c Choice) bool { return c.Code == string(r.Problem) }) {
		faults = append(faults, record.Fault{Field: "problem", Value: string(r.Problem), ZH: "请选择一个问题", EN: "please choose what is wrong"})
	}
	long := func(field, text string, most int) {
		if n := utf8.RuneCountInString(text); n > most {
			faults = append(faults, record.Fault{Field: field, ZH: fmt.Sprintf("最多 %d 个字，现有 %d 个", most, n), EN: fmt.Sprintf("at most %d characters; it has %d", most, n)})
		}
	}
	long("note", r.Note, LongestNote)
	long("place", r.Place, LongestPlace)
	return faults
}
