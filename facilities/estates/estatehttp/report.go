package estatehttp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Reports adds a district's estates up, as the person of the context may see them. It is safe
// for concurrent use.
type Reports interface {
	// Report adds up the estates of a division and those below it, of the whole district for "".
	// ErrNotReady and ErrUnknownDivision.
	Report(ctx context.Context, division string) (ReportAnswer, error)
	// Retrofit lists the standing estates of a division that lack premises. Errors as of Report.
	Retrofit(ctx context.Context, division string) (RetrofitAnswer, error)
	// WriteReport writes the report as csv, xlsx or pdf; open leaves out what is not for
	// everybody. Errors as of Report, and ErrReportFonts where paper cannot be set.
	WriteReport(ctx context.Context, w io.Writer, f ReportFormat) error
	// WriteRetrofit writes the list as csv or xlsx. Errors as of Report.
	WriteRetrofit(ctx context.Context, w io.Writer, f ReportFormat) error
	// Today is the day it is for the authority.
	Today() record.Day
}

// ErrReportFonts is returned where the server has no Chinese fonts.
var ErrReportFonts = errors.New("there are no fonts to set paper with")

// ReportFormat says which file is asked for.
type ReportFormat struct {
	Format   string // csv, xlsx or pdf
	Division string // "" for the whole district
	English  bool
	Open     bool // only what is for everybody
}

// ReportAnswer is a report with the words that it needs.
type ReportAnswer struct {
	Report  estates.Report
	Of      EstateText // the district or division
	Places  []divisions.Division
	Notices []EstateText
}

// RetrofitAnswer is the list of estates that lack premises.
type RetrofitAnswer struct {
	Day     record.Day
	List    []estates.Retrofit
	Places  []divisions.Division
	Notices []EstateText
}

// RegisterReports mounts /api/v1/estates-report, /estates-retrofit and /estates-public, also as
// files.
func RegisterReports(api huma.API, reports Reports) {
	h := reportHandlers{reports}
	errs := []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusServiceUnavailable}
	httpapi.Register(api, huma.Operation{
		OperationID: "estates-report", Method: http.MethodGet, Path: "/api/v1/estates-report", Tags: tags(), Errors: errs,
		Summary: "Pass rates, debts and trend of the district's estates · 配建达标率与欠账",
		Description: "Each rate with its sentence, its evidence and the estates that it is made of. What is undetermined is in the denominator and never a pass; " +
			"estates of which nobody knows whether a rate is of them are apart.",
	}, h.report)
	httpapi.Register(api, huma.Operation{
		OperationID: "estates-retrofit", Method: http.MethodGet, Path: "/api/v1/estates-retrofit", Tags: tags(), Errors: errs,
		Summary:     "Standing estates that lack premises, and what may be done · 已建成小区待补建清单",
		Description: "By people affected, most first. Rooms of the ledger are suggested that are free, at street level and within 500 m.",
	}, h.retrofit)
	httpapi.Register(api, huma.Operation{
		OperationID: "estates-public", Method: http.MethodGet, Path: "/api/v1/estates-public", Tags: tags(), Errors: errs,
		Summary:     "What may be published of the district's estates · 可公开的配建情况",
		Description: "Without developers, papers, notes, opinions and persons. Publishing it is the bureau's decision: it is not open to the internet by itself.",
	}, h.open)
	h.files(api)
}

type reportHandlers struct{ reports Reports }

// ReportQuery is what of the district is asked for.
type ReportQuery struct {
	Division string `query:"division" maxLength:"32" doc:"In this division or one below it; the district when left out"`
}

type reportReply[T any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         T
}

func (h reportHandlers) report(ctx context.Context, in *ReportQuery) (*reportReply[EstatesReport], error) {
	a, err := h.reports.Report(ctx, in.Division)
	if err != nil {
		return nil, reportProblem(err)
	}
	return &reportReply[EstatesReport]{"no-store", reportOut(a)}, nil
}

func (h reportHandlers) open(ctx context.Context, in *ReportQuery) (*reportReply[EstatesPublic], error) {
	a, err := h.reports.Report(ctx, in.Division)
	if err != nil {
		return nil, reportProblem(err)
	}
	return &reportReply[EstatesPublic]{"no-store", publicOf(a)}, nil
}

func (h reportHandlers) retrofit(ctx context.Context, in *ReportQuery) (*reportReply[EstatesRetrofit], error) {
	a, err := h.reports.Retrofit(ctx, in.Division)
	if err != nil {
		return nil, reportProblem(err)
	}
	return &reportReply[EstatesRetrofit]{"no-store", retrofitOut(a)}, nil
}

// files mounts what can be taken along.
func (h reportHandlers) files(api huma.API) {
	mime := map[string]string{
		"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf",
	}
	for _, f := range []struct {
		path, format, zh string
		write            func(context.Context, io.Writer, ReportFormat) error
	}{
		{"estates-report", "xlsx", "配建达标率与欠账", h.reports.WriteReport},
		{"estates-report", "pdf", "配建达标率与欠账", h.reports.WriteReport},
		{"estates-retrofit", "csv", "待补建清单", h.reports.WriteRetrofit},
		{"estates-retrofit", "xlsx", "待补建清单", h.reports.WriteRetrofit},
		{"estates-public", "csv", "配建情况（可公开）", h.reports.WriteReport},
		{"estates-public", "pdf", "配建情况（可公开）", h.reports.WriteReport},
	} {
		httpapi.Register(api, huma.Operation{
			OperationID: f.path + "-" + f.format, Method: http.MethodGet, Path: "/api/v1/" + f.path + "." + f.format, Tags: tags(),
			Summary: "The same as a file · 导出" + f.zh,
			Errors:  []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusServiceUnavailable},
			Responses: map[string]*huma.Response{
				"200": {Description: "The file", Content: map[string]*huma.MediaType{mime[f.format]: {Schema: &huma.Schema{Type: huma.TypeString}}}},
			},
		}, func(ctx context.Context, in *reportFileInput) (*huma.StreamResponse, error) {
			var file bytes.Buffer
			ask := ReportFormat{Format: f.format, Division: in.Division, English: in.Words == "en", Open: f.path == "estates-public"}
			if err := f.write(ctx, &file, ask); err != nil {
				return nil, reportProblem(err)
			}
			day := string(h.reports.Today())
			return httpapi.Download(mime[f.format], f.path+"-"+day+"."+f.format, f.zh+"-"+day+"."+f.format, file.Bytes()), nil
		})
	}
}

type reportFileInput struct {
	ReportQuery
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"The language of the file"`
}

// reportProblem tells a client what is wrong.
func reportProblem(err error) error {
	if errors.Is(err, ErrReportFonts) {
		return httpapi.NewProblem(http.StatusServiceUnavailable, "no_fonts",
			"服务器没有中文字体，不能生成 PDF；可先下载 XLSX，或请管理员安装字体", "The server has no Chinese fonts to set a PDF with; take the XLSX, or ask the administrator to install fonts")
	}
	return problem(err)
}

// placed finds the names of places.
type placed map[string]divisions.Division

func placeNames(list []divisions.Division) placed {
	out := placed{}
	for _, d := range list {
		out[d.Code] = d
	}
	return out
}

// of is the name of the division of a level that holds another; empty where there is none.
func (p placed) of(code string, level divisions.Level) EstateText {
	for range len(p) {
		d, ok := p[code]
		if !ok {
			break
		}
		if d.Level == level {
			return EstateText{ZH: d.NameZH, EN: d.NameEN}
		}
		code = d.ParentCode
	}
	return EstateText{}
}

func textsOf(list []EstateText) []EstateText { return append([]EstateText{}, list...) }

func areaOut(a premises.Area, known bool) *float64 {
	if !known {
		return nil
	}
	v := a.M2()
	return &v
}

// EstateText is a text in both languages.
type EstateText httpapi.Text
