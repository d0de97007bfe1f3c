package facilityhttp

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/rules"
	"yike/internal/rules/ruleshttp"
)

// registerDivisions mounts /api/v1/division-findings and its table.
func (h findingHandlers) registerDivisions(api huma.API) {
	tags := []string{"facilities"}
	httpapi.Register(api, huma.Operation{
		OperationID: "division-findings", Method: http.MethodGet, Path: "/api/v1/division-findings", Tags: tags,
		Summary: "What the standards find of divisions, page by page · 辖区核查结果",
		Description: "Of subdistricts, communities and grids: that a subdistrict has a centre, that a community is of a size, that grids join. " +
			"Of the district itself what it has no divisions for. Follow next until it is null.",
		Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.divisions)
	httpapi.Register(api, huma.Operation{
		OperationID: "division-findings-csv", Method: http.MethodGet, Path: "/api/v1/division-findings.csv", Tags: tags,
		Summary: "The same as a table · 辖区核查结果（CSV）",
		Responses: map[string]*huma.Response{
			"200": {Description: "One row per finding, in UTF-8 with a byte order mark", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}},
		},
		Errors: []int{http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.divisionsCSV)
}

// DivisionFilter picks findings of divisions; what is left out picks all.
type DivisionFilter struct {
	Division string `query:"division" maxLength:"32" doc:"Of this division or those below it"`
	Rule     string `query:"rule" maxLength:"32" example:"FAC-07"`
	Severity string `query:"severity" enum:"error,warning,info"`
	Outcome  string `query:"outcome" enum:"fail,undetermined,pass,not_applicable" doc:"Left out: all that apply"`
}

type divisionFindingInput struct {
	DivisionFilter
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	Cursor string `query:"cursor" maxLength:"256" doc:"The next of the page before"`
	httpapi.Conditional
}

type divisionFinding struct {
	Division string                    `json:"division" doc:"Its code; of the district itself its adcode"`
	Level    string                    `json:"level" enum:"district,subdistrict,community,grid"`
	NameZH   string                    `json:"name_zh"`
	NameEN   string                    `json:"name_en"`
	UpperZH  string                    `json:"upper_zh" doc:"Name of the division that it lies in; empty for none"`
	UpperEN  string                    `json:"upper_en"`
	Finding  ruleshttp.StandardFinding `json:"finding"`
}

type divisionFindingPage struct {
	Findings []divisionFinding `json:"findings" nullable:"false"`
	Total    int               `json:"total" doc:"Of all pages"`
	Next     *string           `json:"next" nullable:"true"`
}

// foundPlace is a finding with the division that it is of, and its key in the order of pages.
type foundPlace struct {
	of  divisions.Division
	f   rules.Finding
	key string
}

func (h findingHandlers) pickDivisions(ctx context.Context, in DivisionFilter) ([]foundPlace, CheckedDistrict, error) {
	d, err := h.standards.District(ctx)
	if err != nil {
		return nil, d, problem(err)
	}
	within, err := underDivision(d.Divisions, in.Division)
	if err != nil {
		return nil, d, problem(err)
	}
	like := FindingFilter{Rule: in.Rule, Severity: in.Severity, Outcome: in.Outcome}
	var out []foundPlace
	for i, p := range d.Places {
		if within != nil && !within[p.Division.Code] {
			continue
		}
		for k, f := range p.Findings {
			if like.takes(f) {
				out = append(out, foundPlace{p.Division, f, fmt.Sprintf("%08d %03d", i, k)})
			}
		}
	}
	return out, d, nil
}

func (h findingHandlers) divisions(ctx context.Context, in *divisionFindingInput) (*httpapi.Reply[divisionFindingPage], error) {
	after, err := decodeFindingCursor(in.Cursor)
	if err != nil {
		return nil, problem(err)
	}
	all, d, err := h.pickDivisions(ctx, in.DivisionFilter)
	if err != nil {
		return nil, err
	}
	tag := fmt.Sprintf("%q", fmt.Sprintf("division-findings-%s-%x-%d-%x", d.Version, strings.Join([]string{in.Division, in.Rule, in.Severity, in.Outcome}, "\n"), in.Limit, after))
	return httpapi.ReplyUnlessHeld(in.Conditional, tag, func() (*divisionFindingPage, error) {
		out := &divisionFindingPage{Findings: []divisionFinding{}, Total: len(all)}
		names := byCode(d.Divisions)
		page, next := pageAfter(all, after, in.Limit, func(p foundPlace) string { return p.key })
		for _, p := range page {
			out.Findings = append(out.Findings, h.divisionRow(p, names))
		}
		out.Next = next
		return out, nil
	})
}

func (h findingHandlers) divisionRow(p foundPlace, names map[string]divisions.Division) divisionFinding {
	upper := names[p.of.ParentCode]
	return divisionFinding{
		Division: p.of.Code, Level: string(p.of.Level), NameZH: p.of.NameZH, NameEN: cmp.Or(p.of.NameEN, p.of.Pinyin),
		UpperZH: upper.NameZH, UpperEN: cmp.Or(upper.NameEN, upper.Pinyin), Finding: ruleshttp.Finding(h.standards.Set(), p.f),
	}
}

func (h findingHandlers) divisionsCSV(ctx context.Context, in *DivisionFilter) (*huma.StreamResponse, error) {
	all, d, err := h.pickDivisions(ctx, *in)
	if err != nil {
		return nil, err
	}
	names := byCode(d.Divisions)
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="division-findings.csv"`)
		hc.SetHeader("Cache-Control", "private, no-cache")
		out := hc.BodyWriter()
		_, _ = io.WriteString(out, "\uFEFF") // as for the findings of facilities
		w := csv.NewWriter(out)
		_ = w.Write(append([]string{"辖区 division", "辖区编码 code", "上级 in"}, checkHead()...))
		for _, p := range all {
			row := h.divisionRow(p, names)
			_ = w.Write(defuse(append([]string{row.NameZH, row.Division, row.UpperZH}, checkCells(row.Finding)...)))
		}
		w.Flush() // a client that went away wants no more
	}}, nil
}
