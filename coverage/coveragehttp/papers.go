package coveragehttp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage/scenarios"
	"yike/geo/divisions"
	"yike/internal/httpapi"
)

// Papers makes files of today's coverage and of plans compared with it. It is safe for
// concurrent use.
type Papers interface {
	// Paper makes a file whole and notes who took it. Errors besides those of Coverage are
	// ErrTooWide, ErrTooManySteps, ErrUnknownBand, ErrNoFonts, ErrNoGDAL and an *OptionFault.
	Paper(ctx context.Context, a PaperAsked) (PaperFile, error)
}

// What making files may fail of.
var (
	ErrUnknownBand = errors.New("the data have no such age band")
	ErrNoFonts     = errors.New("the server has no Chinese fonts")
	ErrNoGDAL      = errors.New("the server has no GDAL")
)

// PaperAsked is what files are made of.
type PaperAsked struct {
	Report  bool // the report alone, else the whole package
	Query   Query
	Band    string          // "" for the one that the map opens with
	Level   divisions.Level // "" for subdistricts, or the next that the data have
	English bool
	Office  string
	Options []PaperOption

	GeoPackage bool // the package has its layers as a GeoPackage, too
}

// PaperOption is one plan to be compared.
type PaperOption struct {
	Name, Note string
	Steps      []PlanStep
	Places     []string // parallel to Steps: what the place of each is called; "" for none
	Costs      []scenarios.CostLine
}

// OptionFault is what is wrong with one of the options.
type OptionFault struct {
	Option int
	Err    error
}

// Error names the option by its place, from 1 on.
func (f *OptionFault) Error() string { return fmt.Sprintf("option %d: %v", f.Option+1, f.Err) }

// Unwrap gives what is wrong.
func (f *OptionFault) Unwrap() error { return f.Err }

// PaperFile is a file for download. It has to be closed.
type PaperFile struct {
	io.ReadCloser
	Size        int64
	Name, Plain string // as people read it, and in plain letters
	MediaType   string
	Missing     []rune // characters that no font of the server has
}

// RegisterPapers mounts /api/v1/coverage/package and /api/v1/coverage/report.
func RegisterPapers(api huma.API, papers Papers) {
	h := paperHandlers{papers}
	for _, p := range []struct {
		id, path, media, what, how string
		report                     bool
	}{
		{
			"coverage-package", "/api/v1/coverage/package", "application/zip", "Plans compared, as one archive · 成果包",
			"README, a workbook whose rates and sums are formulas, layers for map programs, and the report where the server has fonts.", false,
		},
		{
			"coverage-report-paper", "/api/v1/coverage/report", "application/pdf", "Plans compared, as a report for paper · 比选报告",
			"A finding and a map for each option, tables by division and by facility, and who remains without, by place.", true,
		},
	} {
		httpapi.Register(api, huma.Operation{
			OperationID: p.id, Method: http.MethodPost, Path: p.path, Tags: []string{"coverage"}, Summary: p.what,
			Description: p.how + " Without options it is of today. It writes no record, so it needs no Idempotency-Key; who took the file is in the audit log.",
			Responses: map[string]*huma.Response{
				"200": {Description: "The file", Content: map[string]*huma.MediaType{p.media: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}},
			},
			Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusNotImplemented, http.StatusServiceUnavailable},
		}, func(ctx context.Context, in *paperInput) (*huma.StreamResponse, error) {
			return h.paper(ctx, in, p.report)
		})
	}
}

type paperHandlers struct{ papers Papers }

type paperStep struct {
	Do   string       `json:"do" enum:"add,move,close,reopen,close_way,open_gate,shut_gate,add_path"`
	ID   string       `json:"id" minLength:"1" maxLength:"64" doc:"As in /api/v1/coverage/what-if"`
	Name string       `json:"name,omitempty" maxLength:"120" doc:"What the facility, the street or the new place is called in the files"`
	Lon  *float64     `json:"lon,omitempty" minimum:"-180" maximum:"180"`
	Lat  *float64     `json:"lat,omitempty" minimum:"-90" maximum:"90"`
	Line [][2]float64 `json:"line,omitempty" maxItems:"50"`
}

type paperCost struct {
	What   string  `json:"what" minLength:"1" maxLength:"120"`
	Kind   string  `json:"kind" enum:"one_off,per_year"`
	Yuan   float64 `json:"yuan" minimum:"0" maximum:"1000000000000" doc:"To the fen"`
	Source string  `json:"source,omitempty" maxLength:"120" doc:"Who pays"`
}

type paperOption struct {
	Name  string      `json:"name,omitempty" maxLength:"120"`
	Note  string      `json:"note,omitempty" maxLength:"2000"`
	Steps []paperStep `json:"steps" nullable:"false" maxItems:"100"`
	Costs []paperCost `json:"costs,omitempty" maxItems:"50" doc:"None where nobody knows what it costs"`
}

type paperInput struct {
	Body struct {
		Question
		Band    string        `json:"band,omitempty" maxLength:"32" doc:"The age band that leads" example:"70+"`
		Level   string        `json:"level,omitempty" enum:"district,subdistrict,community,grid" doc:"Of the table by division; subdistrict by default"`
		Words   string        `json:"words,omitempty" enum:"zh,en" default:"zh" doc:"The language of the files"`
		Office  string        `json:"office,omitempty" maxLength:"60" doc:"Whose report it is, for its foot"`
		GPKG    bool          `json:"geopackage,omitempty" doc:"The package has its layers as a GeoPackage, too; for that the server needs GDAL"`
		Options []paperOption `json:"options,omitempty" maxItems:"8" doc:"The plans to be compared; none for today"`
	}
}

func (in *paperInput) asked(report bool) (PaperAsked, error) {
	a := PaperAsked{
		Report: report, Query: in.Body.query(), Band: in.Body.Band, Level: divisions.Level(in.Body.Level), English: in.Body.Words == "en", Office: strings.TrimSpace(in.Body.Office), GeoPackage: in.Body.GPKG,
	}
	for i, o := range in.Body.Options {
		option := PaperOption{Name: strings.TrimSpace(o.Name), Note: strings.TrimSpace(o.Note)}
		var plan whatIfInput
		for _, s := range o.Steps {
			plan.Body.Steps = append(plan.Body.Steps, whatIfStep{Do: s.Do, ID: s.ID, Lon: s.Lon, Lat: s.Lat, Line: s.Line})
			option.Places = append(option.Places, strings.TrimSpace(s.Name))
		}
		asked, err := plan.plan()
		if err != nil {
			return a, &OptionFault{i, err}
		}
		option.Steps = asked.Steps
		for _, c := range o.Costs {
			option.Costs = append(option.Costs, scenarios.CostLine{What: c.What, Kind: scenarios.CostKind(c.Kind), Fen: int64(c.Yuan*100 + 0.5), Source: c.Source})
		}
		a.Options = append(a.Options, option)
	}
	return a, nil
}

func (h paperHandlers) paper(ctx context.Context, in *paperInput, report bool) (*huma.StreamResponse, error) {
	a, err := in.asked(report)
	if err != nil {
		return nil, paperProblem(err)
	}
	f, err := h.papers.Paper(ctx, a)
	if err != nil {
		return nil, paperProblem(err)
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer f.Close() //nolint:errcheck // read only
		hc.SetHeader("Content-Type", f.MediaType)
		hc.SetHeader("Content-Length", strconv.FormatInt(f.Size, 10))
		hc.SetHeader("Content-Disposition", `attachment; filename="`+f.Plain+`"; filename*=UTF-8''`+url.PathEscape(f.Name))
		hc.SetHeader("Cache-Control", "private, no-store")
		if len(f.Missing) > 0 {
			hc.SetHeader("Missing-Characters", codePoints(f.Missing))
		}
		_, _ = io.Copy(hc.BodyWriter(), f) // a client that went away wants no more
	}}, nil
}

// codePoints are at most fifty characters as U+XXXX.
func codePoints(all []rune) string {
	var out []string
	for _, r := range all[:min(len(all), 50)] {
		out = append(out, fmt.Sprintf("%U", r))
	}
	return strings.Join(out, " ")
}

// paperProblem tells what is wrong with an order of files; of an option's step it names both.
func paperProblem(err error) error {
	var option *OptionFault
	var step *StepFault
	switch {
	case errors.As(err, &option) && errors.As(option.Err, &step):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "step_impossible",
			fmt.Sprintf("第 %d 个方案的第 %d 步做不了：%s", option.Option+1, step.Step+1, step.Reason.ZH),
			fmt.Sprintf("Step %d of option %d cannot be taken: %s", step.Step+1, option.Option+1, step.Reason.EN),
		).With(httpapi.Fault{
			Pointer: fmt.Sprintf("#/options/%d/steps/%d", option.Option, step.Step), Reason: httpapi.Text(step.Reason), Hint: httpapi.Text(step.Hint),
		})
	case errors.Is(err, ErrUnknownBand):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_band",
			"数据中没有这个年龄段，可用的年龄段见 /api/v1/district", "The data have no such age band; /api/v1/district lists those they have")
	case errors.Is(err, ErrNoFonts):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "no_fonts",
			"服务器上没有中文字体，不能排印报告（apt-get install fonts-noto-cjk）；成果包仍可导出",
			"The server has no Chinese fonts to set the report with (apt-get install fonts-noto-cjk); the package can still be had")
	case errors.Is(err, ErrNoGDAL):
		return httpapi.NewProblem(http.StatusNotImplemented, "gdal_missing",
			"附带 GeoPackage 需要在服务器上安装 GDAL（apt-get install gdal-bin）；不附带时仍可导出", "A GeoPackage needs GDAL on the server (apt-get install gdal-bin); without one the package can be had")
	}
	return problem(err)
}
