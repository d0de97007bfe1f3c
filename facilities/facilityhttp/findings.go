package facilityhttp

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/internal/rules"
	"yike/internal/rules/ruleshttp"
)

// Standards holds facilities to the standards of their types. It is safe for concurrent
// use.
type Standards interface {
	// Set is the catalogue of rules, for their words.
	Set() *rules.Set
	// Facility checks one facility, as the person of the context may see it. ErrNotReady
	// and ErrNotFound.
	Facility(ctx context.Context, id string) (CheckedFacility, error)
	// District checks every facility that is published, and every division. ErrNotReady.
	District(ctx context.Context) (CheckedDistrict, error)
}

// CheckedFacility is a facility with what its checks found and how far its record can be
// relied on.
type CheckedFacility struct {
	Facility facilities.Facility
	Score    facilities.Score
	Missing  []facilities.FieldInfo // that publishing needs
	Findings []rules.Finding
	Day      record.Day // of which the findings are
}

// CheckedDistrict is every published facility, checked; it is read-only.
type CheckedDistrict struct {
	Version    string // changes whenever a finding may
	Types      []facilities.TypeInfo
	Divisions  []divisions.Division
	Facilities []CheckedFacility // in the order of their ids
	Places     []CheckedDivision // those that are held to anything, in the order of levels and codes, the district last
}

// CheckedDivision is a division with what its checks found.
type CheckedDivision struct {
	Division divisions.Division
	Findings []rules.Finding
}

// RegisterFindings mounts /api/v1/facilities/{id}/findings, /api/v1/facility-findings,
// /api/v1/division-findings and /api/v1/facility-quality.
func RegisterFindings(api huma.API, standards Standards) {
	h := findingHandlers{standards}
	tags := []string{"facilities"}
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-findings-of", Method: http.MethodGet, Path: onePath + "/findings", Tags: tags,
		Summary: "What the standards find of one facility, and the quality of its record · 设施核查结果",
		Description: "Every check of its type, with inputs, formula, threshold, citation and evidence; those that do not hold here last. " +
			"A check whose inputs are not known is undetermined, never passed.",
		Errors: []int{http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-findings", Method: http.MethodGet, Path: "/api/v1/facility-findings", Tags: tags,
		Summary:     "What the standards find in the district, page by page · 全区核查结果",
		Description: "In the order of the facilities' ids. Follow next until it is null.",
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-findings-csv", Method: http.MethodGet, Path: "/api/v1/facility-findings.csv", Tags: tags,
		Summary: "The same as a table · 全区核查结果（CSV）",
		Responses: map[string]*huma.Response{
			"200": {Description: "One row per finding, in UTF-8 with a byte order mark", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}},
		},
		Errors: []int{http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.csv)
	h.registerQuality(api)
	h.registerDivisions(api)
}

type findingHandlers struct{ standards Standards }

type qualityReason struct {
	ZH   string `json:"zh"`
	EN   string `json:"en"`
	Lost int    `json:"lost" doc:"Points"`
}

type recordQuality struct {
	Points  int             `json:"points" minimum:"0" maximum:"100" doc:"How far the record can be relied on; fades with the days since somebody looked"`
	Reasons []qualityReason `json:"reasons" nullable:"false" doc:"Where points were lost; with the points they make 100"`
}

type facilityFindings struct {
	ID       string                      `json:"id"`
	Day      string                      `json:"day" format:"date" doc:"The day that rules and licences were held to"`
	Quality  recordQuality               `json:"quality"`
	Missing  []string                    `json:"missing" nullable:"false" doc:"Fields that publishing needs and the record lacks"`
	Findings []ruleshttp.StandardFinding `json:"findings" nullable:"false"`
}

type findingsOfInput struct {
	ID string `path:"id" maxLength:"64"`
}

type findingsOfReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         facilityFindings
}

func (h findingHandlers) one(ctx context.Context, in *findingsOfInput) (*findingsOfReply, error) {
	c, err := h.standards.Facility(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	body := facilityFindings{ID: c.Facility.ID, Day: string(c.Day), Quality: qualityOf(c.Score), Missing: []string{}, Findings: []ruleshttp.StandardFinding{}}
	for _, f := range c.Missing {
		body.Missing = append(body.Missing, f.Field)
	}
	list := slices.Clone(c.Findings)
	slices.SortStableFunc(list, func(a, b rules.Finding) int { return ruleshttp.Urgency(a) - ruleshttp.Urgency(b) })
	for _, f := range list {
		body.Findings = append(body.Findings, ruleshttp.Finding(h.standards.Set(), f))
	}
	return &findingsOfReply{CacheControl: "private, no-cache", Body: body}, nil
}

func qualityOf(s facilities.Score) recordQuality {
	out := recordQuality{Points: s.Points, Reasons: []qualityReason{}}
	for _, r := range s.Reasons {
		out.Reasons = append(out.Reasons, qualityReason(r))
	}
	return out
}

// FindingFilter picks findings of the district; what is left out picks all.
type FindingFilter struct {
	Type     string `query:"type" maxLength:"64" example:"elderly_canteen"`
	Division string `query:"division" maxLength:"32" doc:"In this division or below it"`
	Rule     string `query:"rule" maxLength:"32" example:"FAC-22"`
	Severity string `query:"severity" enum:"error,warning,info"`
	Outcome  string `query:"outcome" enum:"fail,undetermined,pass,not_applicable" doc:"Left out: all that apply"`
}

type findingListInput struct {
	FindingFilter
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	Cursor string `query:"cursor" maxLength:"256" doc:"The next of the page before"`
	httpapi.Conditional
}

type facilityFinding struct {
	Facility   string                    `json:"facility" doc:"Its id"`
	Type       string                    `json:"type"`
	NameZH     string                    `json:"name_zh"`
	NameEN     string                    `json:"name_en"`
	Division   string                    `json:"division"`
	DivisionZH string                    `json:"division_zh" doc:"Name of the division"`
	DivisionEN string                    `json:"division_en"`
	Quality    int                       `json:"quality"`
	Finding    ruleshttp.StandardFinding `json:"finding"`
}

type facilityFindingPage struct {
	Findings []facilityFinding `json:"findings" nullable:"false"`
	Total    int               `json:"total" doc:"Of all pages"`
	Next     *string           `json:"next" nullable:"true"`
}

// placedFinding is a finding with the facility that it is of, and its key in the order of pages.
type placedFinding struct {
	of  *CheckedFacility
	f   rules.Finding
	key string
}

// pick gives the findings that a filter asks for, in the order of their keys.
func (h findingHandlers) pick(ctx context.Context, in FindingFilter) ([]placedFinding, CheckedDistrict, error) {
	d, err := h.standards.District(ctx)
	if err != nil {
		return nil, d, problem(err)
	}
	if in.Type != "" && !slices.ContainsFunc(d.Types, func(t facilities.TypeInfo) bool { return string(t.Type) == in.Type }) {
		return nil, d, problem(errUnknownType)
	}
	within, err := underDivision(d.Divisions, in.Division)
	if err != nil {
		return nil, d, problem(err)
	}
	var out []placedFinding
	for i := range d.Facilities {
		c := &d.Facilities[i]
		if in.Type != "" && string(c.Facility.Type) != in.Type || within != nil && !within[c.Facility.DivisionCode] {
			continue
		}
		for k, f := range c.Findings {
			if in.takes(f) {
				out = append(out, placedFinding{c, f, fmt.Sprintf("%s %03d", c.Facility.ID, k)})
			}
		}
	}
	slices.SortFunc(out, func(a, b placedFinding) int { return cmp.Compare(a.key, b.key) })
	return out, d, nil
}

func (in FindingFilter) takes(f rules.Finding) bool {
	switch {
	case in.Rule != "" && f.Rule.ID != in.Rule,
		in.Severity != "" && string(f.Rule.Severity) != in.Severity,
		in.Outcome != "" && string(f.Outcome) != in.Outcome,
		in.Outcome == "" && f.Outcome == rules.NotApplicable:
		return false
	}
	return true
}

// underDivision collects the codes of a division and of all below it; nil for "".
func underDivision(list []divisions.Division, code string) (map[string]bool, error) {
	if code == "" {
		return nil, nil
	}
	in := divisions.Under(list, code)
	if in == nil {
		return nil, ErrUnknownDivision
	}
	return in, nil
}

func (h findingHandlers) list(ctx context.Context, in *findingListInput) (*httpapi.Reply[facilityFindingPage], error) {
	after, err := decodeFindingCursor(in.Cursor)
	if err != nil {
		return nil, problem(err)
	}
	all, d, err := h.pick(ctx, in.FindingFilter)
	if err != nil {
		return nil, err
	}
	tag := fmt.Sprintf("%q", fmt.Sprintf("findings-%s-%x-%d-%x", d.Version, strings.Join([]string{in.Type, in.Division, in.Rule, in.Severity, in.Outcome}, "\n"), in.Limit, after))
	return httpapi.ReplyUnlessHeld(in.Conditional, tag, func() (*facilityFindingPage, error) {
		out := &facilityFindingPage{Findings: []facilityFinding{}, Total: len(all)}
		names := byCode(d.Divisions)
		page, next := pageAfter(all, after, in.Limit, func(p placedFinding) string { return p.key })
		for _, p := range page {
			out.Findings = append(out.Findings, h.row(p, names))
		}
		out.Next = next
		return out, nil
	})
}

// pageAfter is at most limit of the list, which is in the order of its keys, behind the
// key after, and the cursor of what follows; nil where nothing does.
func pageAfter[T any](list []T, after string, limit int, key func(T) string) (page []T, next *string) {
	from, _ := slices.BinarySearchFunc(list, after, func(t T, k string) int {
		if key(t) <= k {
			return -1
		}
		return 1
	})
	end := min(len(list), from+limit)
	if end < len(list) {
		cursor := encodeFindingCursor(key(list[end-1]))
		next = &cursor
	}
	return list[from:end], next
}

func byCode(list []divisions.Division) map[string]divisions.Division {
	out := make(map[string]divisions.Division, len(list))
	for _, d := range list {
		out[d.Code] = d
	}
	return out
}

func (h findingHandlers) row(p placedFinding, names map[string]divisions.Division) facilityFinding {
	f := p.of.Facility
	d := names[f.DivisionCode]
	return facilityFinding{
		Facility: f.ID, Type: string(f.Type), NameZH: f.NameZH, NameEN: f.NameEN, Division: f.DivisionCode,
		DivisionZH: d.NameZH, DivisionEN: cmp.Or(d.NameEN, d.Pinyin),
		Quality: p.of.Score.Points, Finding: ruleshttp.Finding(h.standards.Set(), p.f),
	}
}
