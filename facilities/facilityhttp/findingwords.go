package facilityhttp

import (
	"context"
	"encoding/base64"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/rules"
)

// standardInput is an input of a check as it was used.
type standardInput struct {
	Name    string `json:"name"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	Known   bool   `json:"known"`
	ShownZH string `json:"shown_zh" doc:"The value with its unit, or why it is not known"`
	ShownEN string `json:"shown_en"`
}

// standardBeaten is a less strict rule on the same value that holds too.
type standardBeaten struct {
	Rule        string `json:"rule"`
	TitleZH     string `json:"title_zh"`
	TitleEN     string `json:"title_en"`
	ThresholdZH string `json:"threshold_zh"`
	ThresholdEN string `json:"threshold_en"`
	WhereZH     string `json:"where_zh"`
	WhereEN     string `json:"where_en"`
}

// standardFinding is what one check found, with all that a person needs to judge it.
type standardFinding struct {
	Rule        string           `json:"rule" example:"FAC-22"`
	Aspect      string           `json:"aspect" doc:"What of the rule; rules of one aspect compute the same value"`
	TitleZH     string           `json:"title_zh"`
	TitleEN     string           `json:"title_en"`
	Outcome     string           `json:"outcome" enum:"pass,fail,undetermined,not_applicable"`
	Severity    string           `json:"severity" enum:"error,warning,info"`
	ReasonZH    string           `json:"reason_zh" doc:"Why it is undetermined or does not apply, or what is at fault; empty where the numbers say it"`
	ReasonEN    string           `json:"reason_en"`
	Inputs      []standardInput  `json:"inputs" nullable:"false"`
	FormulaZH   string           `json:"formula_zh"`
	FormulaEN   string           `json:"formula_en"`
	ThresholdZH string           `json:"threshold_zh"`
	ThresholdEN string           `json:"threshold_en"`
	Value       *float64         `json:"value" nullable:"true"`
	ValueZH     string           `json:"value_zh" doc:"With its unit; empty where there is none"`
	ValueEN     string           `json:"value_en"`
	Missing     float64          `json:"missing" doc:"How much is lacking of the first input, or too much of the value"`
	MissingZH   string           `json:"missing_zh"`
	MissingEN   string           `json:"missing_en"`
	WhereZH     string           `json:"where_zh" doc:"Where the rule holds"`
	WhereEN     string           `json:"where_en"`
	From        string           `json:"from" doc:"First day of the rule; empty for ever"`
	Until       string           `json:"until" doc:"Last day of the rule; empty for ever"`
	Grade       string           `json:"grade" doc:"Evidence: S0 to S4, R, r, D, P or M"`
	GradeZH     string           `json:"grade_zh"`
	GradeEN     string           `json:"grade_en"`
	Unread      bool             `json:"unread" doc:"The text now in force was not read: information only"`
	SourceZH    string           `json:"source_zh"`
	SourceEN    string           `json:"source_en"`
	ClauseZH    string           `json:"clause_zh"`
	ClauseEN    string           `json:"clause_en"`
	Sentence    string           `json:"sentence" doc:"The source's own words, where they were read"`
	SentenceEN  string           `json:"sentence_en"`
	NoteZH      string           `json:"note_zh"`
	NoteEN      string           `json:"note_en"`
	Beats       []standardBeaten `json:"beats" nullable:"false" doc:"Less strict rules that hold too"`
}

func findingOf(set *rules.Set, f rules.Finding) standardFinding {
	r := f.Rule
	out := standardFinding{
		Rule: r.ID, Aspect: r.Aspect, TitleZH: r.TitleZH, TitleEN: r.TitleEN, Outcome: string(f.Outcome), Severity: string(r.Severity),
		ReasonZH: f.ReasonZH, ReasonEN: f.ReasonEN, Inputs: []standardInput{}, Value: f.Value, Missing: f.Missing,
		From: string(r.From), Until: string(r.Until), Grade: string(r.Grade), Unread: r.Unread, ClauseZH: r.Cite.ClauseZH, ClauseEN: r.Cite.ClauseEN,
		Sentence: r.Cite.Sentence, SentenceEN: r.Cite.SentenceEN, NoteZH: r.NoteZH, NoteEN: r.NoteEN, Beats: []standardBeaten{},
	}
	out.FormulaZH, out.FormulaEN = set.Formula(r)
	out.ThresholdZH, out.ThresholdEN = set.Threshold(r, f.Limits)
	out.WhereZH, out.WhereEN = set.Where(r)
	out.GradeZH, out.GradeEN = r.Grade.Words()
	out.SourceZH, out.SourceEN = set.Source(r)
	out.MissingZH, out.MissingEN = set.ShowMissing(f)
	if f.Value != nil {
		out.ValueZH, out.ValueEN = set.ShowValue(r, *f.Value)
	}
	for _, u := range f.Inputs {
		in := standardInput{Name: u.Name, Known: u.Value != nil, ShownZH: u.WhyZH, ShownEN: u.WhyEN}
		in.ZH, in.EN = set.Name(u.Name)
		if in.Known {
			in.ShownZH, in.ShownEN = set.ShowInput(u.Name, u.Value)
		}
		out.Inputs = append(out.Inputs, in)
	}
	for _, b := range f.Beat {
		beaten := standardBeaten{Rule: b.ID, TitleZH: b.TitleZH, TitleEN: b.TitleEN}
		beaten.ThresholdZH, beaten.ThresholdEN = set.Threshold(b, rules.Limits{})
		beaten.WhereZH, beaten.WhereEN = set.Where(b)
		out.Beats = append(out.Beats, beaten)
	}
	return out
}

// A cursor is the key of a page's last finding, made opaque so that nobody builds on its
// form.
func encodeFindingCursor(key string) string { return base64.RawURLEncoding.EncodeToString([]byte(key)) }

func decodeFindingCursor(c string) (string, error) {
	key, err := base64.RawURLEncoding.DecodeString(c)
	if err != nil || len(key) > 128 {
		return "", ErrBadCursor
	}
	return string(key), nil
}

func (h findingHandlers) csv(ctx context.Context, in *FindingFilter) (*huma.StreamResponse, error) {
	all, d, err := h.pick(ctx, *in)
	if err != nil {
		return nil, err
	}
	names := byCode(d.Divisions)
	types := map[string]string{}
	for _, t := range d.Types {
		types[string(t.Type)] = t.ZH
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="facility-findings.csv"`)
		hc.SetHeader("Cache-Control", "private, no-cache")
		out := hc.BodyWriter()
		_, _ = io.WriteString(out, "\uFEFF") // spreadsheet programs take the text for the local encoding without it
		w := csv.NewWriter(out)
		_ = w.Write(findingHead())
		for _, p := range all {
			_ = w.Write(findingRow(h.row(p, names), types))
		}
		w.Flush() // a client that went away wants no more
	}}, nil
}

func findingHead() []string {
	return append([]string{"设施编号 id", "名称 name", "类型 type", "辖区 division", "辖区编码 code", "数据质量 quality"}, checkHead()...)
}

// checkHead are the columns of what a check found.
func checkHead() []string {
	return []string{
		"核查 check", "事项 title", "结果 outcome", "程度 severity", "计算值 value", "要求 threshold", "差额 missing", "说明 reason", "计算式 formula",
		"输入 inputs", "适用 where", "出处 source", "条款 clause", "原文 sentence", "依据等级 grade", "注意 note",
	}
}

func findingRow(r facilityFinding, types map[string]string) []string {
	return defuse(append([]string{r.Facility, r.NameZH, types[r.Type], r.DivisionZH, r.Division, strconv.Itoa(r.Quality)}, checkCells(r.Finding)...))
}

func checkCells(f standardFinding) []string {
	inputs := make([]string, len(f.Inputs))
	for i, in := range f.Inputs {
		inputs[i] = in.ZH + "：" + in.ShownZH
	}
	return []string{
		f.Rule, f.TitleZH, outcomeZH(f.Outcome), severityZH(f.Severity),
		f.ValueZH, f.ThresholdZH, f.MissingZH, f.ReasonZH, f.FormulaZH, strings.Join(inputs, "；"), f.WhereZH, f.SourceZH, f.ClauseZH, f.Sentence,
		strings.TrimSpace(f.Grade + " " + f.GradeZH), f.NoteZH,
	}
}

func defuse(cells []string) []string {
	for i, cell := range cells {
		cells[i] = defused(cell)
	}
	return cells
}

// defused keeps a spreadsheet from taking a text for a formula.
func defused(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		if _, err := strconv.ParseFloat(cell, 64); err != nil {
			return "'" + cell
		}
	}
	return cell
}

func outcomeZH(outcome string) string {
	return map[string]string{"pass": "符合", "fail": "不符合", "undetermined": "无法判定", "not_applicable": "不适用"}[outcome]
}

func severityZH(severity string) string {
	return map[string]string{"error": "强制", "warning": "一般", "info": "提示"}[severity]
}
