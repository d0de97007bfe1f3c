package panel

import (
	"fmt"
	"math"

	"yike/internal/record"
)

// The points of a score.
const (
	LeastPoints = 1
	MostPoints  = 5
)

// Score is an expert's points for a criterion.
type Score struct {
	Criterion string `json:"criterion"`
	Points    int    `json:"points"`
}

// Opinion is what an expert says of a case. It is given once and never changed.
type Opinion struct {
	ID        string
	Scores    []Score
	Verdict   Verdict
	Text      string
	Risks     string // 风险, of article 5 of measures 71
	Advice    string // 建议, of the same
	Day       record.Day
	Document  string // of an opinion on paper, its number or where it is; "" else
	EnteredBy string // who wrote it down
	Own       bool   // the expert did
}

// Review is one expert asked about a case.
type Review struct {
	ID             string
	CaseID         string
	Round          int // of the case: after it was sent back experts are asked anew
	Expert         Expert
	AskedOn, Due   record.Day
	Criteria       []Criterion // as they were when the expert was asked
	Seed           string      // of the lot by which the expert was drawn; "" for one who was chosen
	Conflict       Conflict
	ConflictReason string
	Withdrawn      string   // why the expert is asked no more; "" while asked
	Opinion        *Opinion // nil while there is none, or while the reader may not see it
	Given          bool     // there is one, whether the reader may see it or not
	Mine           bool     // the reader is the expert
}

// Counts reports whether the review counts for what the experts say.
func (r Review) Counts() bool { return r.Withdrawn == "" && !r.Conflict.Bars() }

// Late reports whether the opinion came after the last day, or is still outstanding then.
func (r Review) Late(today record.Day) bool {
	if r.Opinion != nil {
		return r.Opinion.Day > r.Due
	}
	return !r.Given && r.Counts() && today > r.Due
}

// Check gives everything that is wrong about an opinion on a review: that it is barred, that
// there is one, or a field.
func (r Review) Check(o Opinion, today record.Day) []record.Fault {
	switch {
	case r.Withdrawn != "":
		return []record.Fault{{Field: "review", ZH: "已不再征求该专家意见", EN: "this expert is asked no more"}}
	case r.Conflict.Bars():
		return []record.Fault{{Field: "conflict", Value: string(r.Conflict), ZH: "存在利益关系，不能提出意见", EN: "an expert with a conflict of interest gives no opinion"}}
	case r.Given:
		return []record.Fault{{Field: "review", ZH: "意见已提交，不能更改", EN: "an opinion was given already and is not changed"}}
	}
	out := r.scoreFaults(o.Scores)
	if !o.Verdict.known() {
		out = append(out, record.Fault{Field: "verdict", Value: string(o.Verdict), ZH: "应为同意、修改后同意或不同意", EN: "must be agree, change or disagree"})
	}
	least := 0
	if o.Verdict != Agree {
		least = 1
	}
	out = append(out, textFault("text", o.Text, least, 4000)...)
	out = append(out, textFault("risks", o.Risks, 0, 2000)...)
	out = append(out, textFault("advice", o.Advice, 0, 2000)...)
	out = append(out, textFault("document", o.Document, 0, 100)...)
	out = append(out, dayFault("day", o.Day, true)...)
	if o.Day > today || o.Day < r.AskedOn {
		out = append(out, record.Fault{
			Field: "day", Value: string(o.Day), ZH: fmt.Sprintf("应在 %s 到 %s 之间", r.AskedOn, today), EN: fmt.Sprintf("must be from %s to %s", r.AskedOn, today),
		})
	}
	if !o.Own && o.Document == "" {
		out = append(out, record.Fault{Field: "document", ZH: "代录的意见应写明原件文号或存放处", EN: "say which paper the opinion is on"})
	}
	return out
}

func (r Review) scoreFaults(scores []Score) []record.Fault {
	points := map[string]int{}
	var out []record.Fault
	for i, s := range scores {
		at := fmt.Sprintf("scores/%d", i)
		if _, twice := points[s.Criterion]; twice {
			out = append(out, record.Fault{Field: at, Value: s.Criterion, ZH: "重复", EN: "is there twice"})
		}
		points[s.Criterion] = s.Points
		if s.Points < LeastPoints || s.Points > MostPoints {
			out = append(out, record.Fault{Field: at, Value: fmt.Sprint(s.Points), ZH: "应为 1 到 5 分", EN: "must be 1 to 5 points"})
		}
	}
	for _, c := range r.Criteria {
		if _, ok := points[c.Code.Code]; !ok {
			out = append(out, record.Fault{Field: "scores/" + c.Code.Code, ZH: "“" + c.ZH + "”还没有打分", EN: c.EN + " has no points yet"})
		}
		delete(points, c.Code.Code)
	}
	for code := range points {
		out = append(out, record.Fault{Field: "scores", Value: code, ZH: "没有这项标准", EN: "there is no such criterion"})
		break
	}
	return out
}

// Hundredths is a number in hundredths, so that means are equal wherever they are worked out.
type Hundredths int

// Spread is what points come to.
type Spread struct {
	N         int
	Mean      Hundredths // rounded half up
	Deviation Hundredths // standard deviation of those who scored, rounded half up
	Least     int
	Most      int
}

// CriterionSpread is what the points for one criterion come to.
type CriterionSpread struct {
	Criterion Criterion
	Spread
}

// Summary is what the experts say.
type Summary struct {
	Asked, Given, Late      int // that count; of them given, and given late
	Outstanding, Barred     int // not given; with a conflict
	Agree, Change, Disagree int
	All                     Spread // over all points
	Criteria                []CriterionSpread
	Quorum                  int
	Reached                 bool
}

// Summarise says what the reviews of one round come to. Those asked no more are left out, and
// so are opinions of experts of whom a conflict became known later. O(opinions × criteria).
func Summarise(reviews []Review, quorum int, today record.Day) Summary {
	s := Summary{Quorum: quorum}
	points := map[string][]int{}
	var all []int
	for _, r := range reviews {
		if r.Withdrawn == "" && r.Conflict.Bars() {
			s.Barred++
		}
		if !r.Counts() {
			continue
		}
		s.Asked++
		for _, c := range r.Criteria {
			if _, known := points[c.Code.Code]; !known {
				points[c.Code.Code] = nil
				s.Criteria = append(s.Criteria, CriterionSpread{Criterion: c})
			}
		}
		if r.Opinion == nil {
			s.Outstanding++
			continue
		}
		s.Given++
		if r.Late(today) {
			s.Late++
		}
		s.countVerdict(r.Opinion.Verdict)
		for _, score := range r.Opinion.Scores {
			points[score.Criterion] = append(points[score.Criterion], score.Points)
			all = append(all, score.Points)
		}
	}
	for i := range s.Criteria {
		s.Criteria[i].Spread = spreadOf(points[s.Criteria[i].Criterion.Code.Code])
	}
	s.All, s.Reached = spreadOf(all), s.Given >= quorum
	return s
}

func (s *Summary) countVerdict(v Verdict) {
	switch v {
	case Agree:
		s.Agree++
	case Change:
		s.Change++
	case Disagree:
		s.Disagree++
	}
}

func spreadOf(points []int) Spread {
	out := Spread{N: len(points)}
	if out.N == 0 {
		return out
	}
	sum, squares := 0, 0
	out.Least, out.Most = points[0], points[0]
	for _, p := range points {
		sum += p
		squares += p * p
		out.Least, out.Most = min(out.Least, p), max(out.Most, p)
	}
	out.Mean = Hundredths((200*sum + out.N) / (2 * out.N))
	variance := float64(out.N*squares-sum*sum) / float64(out.N*out.N)
	out.Deviation = Hundredths(math.Floor(100*math.Sqrt(variance) + 0.5))
	return out
}
