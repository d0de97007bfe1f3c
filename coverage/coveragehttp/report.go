package coveragehttp

import (
	"context"
	"errors"
	"math"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
)

// Reports asks for coverage reports and gives those that are kept, in the name of
// whoever asks. It is safe for concurrent use.
type Reports interface {
	// AskReport asks for a report and gives the id of its job. It may return ErrNotReady
	// or ErrUnknownBase.
	AskReport(ctx context.Context, a ReportArgs) (job string, err error)
	// Report gives the head of a report and its answered questions, or ErrNoReport.
	Report(ctx context.Context, job string) (Report, error)
	// ReportLines calls each for lines of a report, by question and in their order.
	ReportLines(ctx context.Context, job string, pick ReportPick, each func(question int, l coverage.Line) error) error
}

// What asking for a report and for a kept one may fail of.
var (
	ErrNoReport   = errors.New("no such coverage report")
	errUnfinished = errors.New("the coverage report is not complete")
	errTooMany    = errors.New("too many questions in one report")
)

// ReportArgs are what a report is asked; what is nil or "" is all there is.
type ReportArgs struct {
	Types   []facilities.Type
	LimitsS []int
	Speeds  []walknet.Speed
	Base    divisions.Base
}

// Report is the head of a kept report.
type Report struct {
	Job       string
	Version   string // of the data
	Bands     []string
	Notices   []Notice
	AskedWho  string
	BegunAt   time.Time
	Questions int // that it will answer
	Answered  []ReportQuestion
}

// ReportQuestion is one question that is answered.
type ReportQuestion struct {
	Number  int // from 1
	Name    coverage.Text
	Measure string
	Query   Query
}

// ReportPick picks lines: of one question, of one level, or both; zero values pick all.
type ReportPick struct {
	Question int
	Level    string
	Totals   bool // those of all people too
}

// mostQuestions bounds a report; the job has the same bound.
const mostQuestions = 2000

// RegisterReports mounts /api/v1/coverage-reports for facilities of the types that there
// are when somebody asks.
func RegisterReports(api huma.API, reports Reports, types func() []facilities.TypeInfo) {
	h := reportHandlers{reports, types}
	httpapi.Register(api, huma.Operation{
		OperationID: "ask-coverage-report", Method: http.MethodPost, Path: "/api/v1/coverage-reports", Tags: []string{"coverage"},
		Summary: "Have coverage computed for many questions and kept · 覆盖报告", DefaultStatus: http.StatusAccepted,
		Description: "The report is a job; it asks every type with every limit and speed. What is left out is all that there is. " +
			"While a report of the same questions is unfinished, that one is given.",
		Errors: []int{http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusServiceUnavailable},
	}, h.ask)
	httpapi.Register(api, huma.Operation{
		OperationID: "coverage-report", Method: http.MethodGet, Path: "/api/v1/coverage-reports/{job}", Tags: []string{"coverage"},
		Summary: "The kept figures of a report · 覆盖报告的结果",
		Description: "Without parameters the totals of every question; with question= all lines of one, with level= the lines of one level. " +
			"While the job goes on, the questions answered so far.",
		Errors: []int{http.StatusNotFound},
	}, h.report)
	httpapi.Register(api, huma.Operation{
		OperationID: "coverage-report-csv", Method: http.MethodGet, Path: "/api/v1/coverage-reports/{job}.csv", Tags: []string{"coverage"},
		Summary: "All kept figures of a report as a table · 覆盖报告（CSV）",
		Responses: map[string]*huma.Response{
			"200": {Description: "One row per question, division and age band, in UTF-8 with a byte order mark", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}},
		},
		Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, h.csv)
}

type reportHandlers struct {
	reports Reports
	types   func() []facilities.TypeInfo
}

type reportInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"128" doc:"The same key again has the same answer and no second effect"`
	Body           struct {
		Types   []string  `json:"types,omitempty" maxItems:"64" uniqueItems:"true" doc:"Facility types; by default all that have a facility"`
		LimitsS []int     `json:"limits_s,omitempty" maxItems:"24" uniqueItems:"true" minimum:"60" maximum:"7200" doc:"Limits in seconds, inclusive; by default those of /api/v1/district"`
		Speeds  []float64 `json:"speeds,omitempty" maxItems:"12" uniqueItems:"true" minimum:"0.3" maximum:"2.0" doc:"Walking speeds in metres per second; by default those of /api/v1/district"`
		Base    string    `json:"base,omitempty" enum:"registered,resident" doc:"Population base; by default every one that the data have"`
	}
}

// args are what the body asks, or what is wrong with it.
func (in *reportInput) args(types []facilities.TypeInfo) (ReportArgs, error) {
	a := ReportArgs{LimitsS: in.Body.LimitsS, Base: divisions.Base(in.Body.Base)}
	known := map[string]bool{}
	for _, info := range types {
		known[string(info.Type)] = true
	}
	for _, t := range in.Body.Types {
		if !known[t] {
			return ReportArgs{}, ErrUnknownType
		}
		a.Types = append(a.Types, facilities.Type(t))
	}
	for _, s := range in.Body.Speeds {
		a.Speeds = append(a.Speeds, walknet.Speed(math.Round(s*1000)))
	}
	if max(len(a.Types), 1)*max(len(a.LimitsS), 1)*max(len(a.Speeds), 1) > mostQuestions {
		return ReportArgs{}, errTooMany
	}
	return a, nil
}

// askedJob is the answer to whoever asked for a report.
type askedJob struct {
	Location string `header:"Location" doc:"Of the job"`
	Body     struct {
		Job string `json:"job" doc:"Id of the job, and of the report"`
	}
}

func (h reportHandlers) ask(ctx context.Context, in *reportInput) (*askedJob, error) {
	a, err := in.args(h.types())
	if err != nil {
		return nil, problem(err)
	}
	id, err := h.reports.AskReport(ctx, a)
	if err != nil {
		return nil, problem(err)
	}
	out := &askedJob{Location: "/api/v1/jobs/" + id}
	out.Body.Job = id
	return out, nil
}

type reportPath struct {
	Job string `path:"job" maxLength:"64" doc:"Id of the report's job"`
}

type keptInput struct {
	Job      string `path:"job" maxLength:"64" doc:"Id of the report's job"`
	Question int    `query:"question" minimum:"0" maximum:"2000" doc:"Only this question, by its number, with its lines"`
	Level    string `query:"level" maxLength:"32" doc:"The lines of this level, e.g. subdistrict"`
}

type reportLine struct {
	Level        string         `json:"level" doc:"Level of the division; outside_ and a level for the people in no division of it"`
	Code         string         `json:"code"`
	Parent       string         `json:"parent"`
	NameZH       string         `json:"name_zh"`
	NameEN       string         `json:"name_en"`
	Setting      string         `json:"setting"`
	Complete     bool           `json:"complete" doc:"false when the boundary was cut by the edge of the data"`
	Bands        []bandCoverage `json:"bands" nullable:"false"`
	Units        int            `json:"units"`
	UnitsWith    int            `json:"units_with"`
	UnitCoverage *float64       `json:"unit_coverage" nullable:"true"`
}

type keptQuestion struct {
	Number       int              `json:"number"`
	Query        coverageQuestion `json:"query"`
	TypeZH       string           `json:"type_zh"`
	TypeEN       string           `json:"type_en"`
	Measure      string           `json:"measure"`
	Bands        []bandCoverage   `json:"bands" nullable:"false" doc:"Of all people"`
	Units        int              `json:"units"`
	UnitsWith    int              `json:"units_with"`
	UnitCoverage *float64         `json:"unit_coverage" nullable:"true"`
	Lines        []reportLine     `json:"lines" nullable:"false" doc:"As asked by question and level"`
}

type keptReport struct {
	Job       string         `json:"job"`
	Version   string         `json:"version" doc:"Version of the data that the figures are of"`
	Complete  bool           `json:"complete" doc:"Whether all its questions are answered"`
	Total     int            `json:"total" doc:"Questions in all"`
	Bands     []string       `json:"bands" nullable:"false"`
	Notices   []Notice       `json:"notices" nullable:"false" doc:"What must be shown beside the figures"`
	AskedWho  string         `json:"asked_who"`
	BegunAt   time.Time      `json:"begun_at"`
	Questions []keptQuestion `json:"questions" nullable:"false"`
}

type keptReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         keptReport
}

func (h reportHandlers) report(ctx context.Context, in *keptInput) (*keptReply, error) {
	r, err := h.reports.Report(ctx, in.Job)
	if err != nil {
		return nil, problem(err)
	}
	body := keptReport{
		Job: r.Job, Version: r.Version, Complete: len(r.Answered) == r.Questions, Total: r.Questions, Bands: append([]string{}, r.Bands...), Notices: append([]Notice{}, r.Notices...),
		AskedWho: r.AskedWho, BegunAt: r.BegunAt, Questions: []keptQuestion{},
	}
	at := map[int]int{}
	for _, q := range r.Answered {
		if in.Question != 0 && q.Number != in.Question {
			continue
		}
		at[q.Number] = len(body.Questions)
		body.Questions = append(body.Questions, keptQuestion{
			Number: q.Number, Query: questionOf(q.Query), TypeZH: q.Name.ZH, TypeEN: q.Name.EN, Measure: q.Measure,
			Bands: []bandCoverage{}, Lines: []reportLine{},
		})
	}
	pick := ReportPick{Question: in.Question, Level: in.Level, Totals: true}
	if in.Question == 0 && in.Level == "" {
		pick.Level = coverage.TotalLevel
	}
	bands := bandsOf(r.Bands)
	err = h.reports.ReportLines(ctx, in.Job, pick, func(number int, l coverage.Line) error {
		i, ok := at[number]
		if !ok {
			return nil // answered between the two questions to the database
		}
		body.Questions[i].add(bands, l)
		return nil
	})
	if err != nil {
		return nil, problem(err)
	}
	return &keptReply{CacheControl: "no-store", Body: body}, nil
}

func bandsOf(ids []string) []coverage.Band {
	out := make([]coverage.Band, len(ids))
	for i, id := range ids {
		out[i].ID = id
	}
	return out
}

// add puts a line where it belongs.
func (q *keptQuestion) add(bands []coverage.Band, l coverage.Line) {
	counts := countsOf(bands, l.Counts, nil)
	share := known(l.Units.UnitCoverage())
	if l.Level == coverage.TotalLevel {
		q.Bands, q.Units, q.UnitsWith, q.UnitCoverage = counts, l.Units.Total, l.Units.With, share
		return
	}
	q.Lines = append(q.Lines, reportLine{
		Level: l.Level, Code: l.Code, Parent: l.Parent, NameZH: l.NameZH, NameEN: l.NameEN, Setting: l.Setting, Complete: l.Complete,
		Bands: counts, Units: l.Units.Total, UnitsWith: l.Units.With, UnitCoverage: share,
	})
}
