package facilityhttp

import (
	"context"
	"encoding/base64"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/rules/ruleshttp"
)

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

func checkCells(f ruleshttp.StandardFinding) []string {
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
