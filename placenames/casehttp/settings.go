package casehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/placenames/process"
)

// NameProcedures are the procedures of the program and what the authority makes of them.
type NameProcedures struct {
	Offices   []NameCaseCode        `json:"offices" nullable:"false"`
	Materials []NameCaseCode        `json:"materials" nullable:"false"`
	Sources   []NameCaseCode        `json:"sources" nullable:"false"`
	Presets   []NameProcedurePreset `json:"presets" nullable:"false"`
	InForce   []NameProcedureTrack  `json:"in_force" nullable:"false" doc:"The tracks by which a case that begins today goes"`
	Usual     []NameProcedureTrack  `json:"usual" nullable:"false" doc:"The tracks of the preset without the authority's own changes"`
	Local     NameProcedureLocal    `json:"local"`
	Version   int                   `json:"version" doc:"Also the entity tag; 0 where nobody set anything"`
	MayWrite  bool                  `json:"may_write"`
}

type proceduresReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         NameProcedures
}

type setProcedureInput struct {
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Body    struct {
		NameProcedureLocal
		Reason string `json:"reason" maxLength:"500"`
	}
}

// WorkingYear is what the notice of a year says of working days.
type WorkingYear struct {
	Year   int      `json:"year"`
	Off    []string `json:"off" nullable:"false" maxItems:"80" doc:"Days that are off"`
	Worked []string `json:"worked" nullable:"false" maxItems:"80" doc:"Saturdays and Sundays that are worked instead"`
	Source string   `json:"source" maxLength:"200" doc:"The notice and its number"`
}

// WorkingCalendar is the working calendar of an authority.
type WorkingCalendar struct {
	Years    []WorkingYear `json:"years" nullable:"false"`
	Covered  bool          `json:"covered" doc:"The year of today was entered"`
	Today    string        `json:"today" format:"date"`
	Version  int           `json:"version" doc:"Also the entity tag; 0 where nobody entered anything"`
	MayWrite bool          `json:"may_write"`
}

type calendarReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         WorkingCalendar
}

type setCalendarInput struct {
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Body    struct {
		Years  []WorkingYear `json:"years" nullable:"false" maxItems:"60"`
		Reason string        `json:"reason" maxLength:"500"`
	}
}

func (h handlers) registerSettings(api huma.API) {
	const proceduresPath, calendarPath = "/api/v1/name-procedures", "/api/v1/working-calendar"
	setErrors := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusPreconditionRequired}
	httpapi.Register(api, huma.Operation{
		OperationID: "name-procedures", Method: http.MethodGet, Path: proceduresPath, Tags: tags(),
		Summary: "The procedures of place names: steps, clocks, presets, and those in force · 办理流程",
		Errors:  []int{http.StatusUnauthorized},
	}, h.procedures)
	httpapi.Register(api, huma.Operation{
		OperationID: "set-name-procedure", Method: http.MethodPut, Path: proceduresPath, Tags: tags(),
		Summary:     "Set by which procedure cases go that begin from now on · 设置办理流程",
		Description: "As a whole; cases that run keep theirs. Every change cites a document. What a text that was read asks for is neither dropped nor lengthened.",
		Errors:      setErrors,
	}, h.setProcedure)
	httpapi.Register(api, huma.Operation{
		OperationID: "working-calendar", Method: http.MethodGet, Path: calendarPath, Tags: tags(),
		Summary: "Days off and days worked, by the State Council's notices as they were entered · 工作日历",
		Errors:  []int{http.StatusUnauthorized},
	}, h.calendar)
	httpapi.Register(api, huma.Operation{
		OperationID: "set-working-calendar", Method: http.MethodPut, Path: calendarPath, Tags: tags(),
		Summary: "Enter the notices · 录入放假安排",
		Errors:  setErrors,
	}, h.setCalendar)
}

func (h handlers) procedures(ctx context.Context, _ *struct{}) (*proceduresReply, error) {
	set, err := h.cases.Settings(ctx)
	if err != nil {
		return nil, problem(err)
	}
	book := h.cases.Book()
	local, faults := book.With(set.Local)
	if len(faults) > 0 {
		local = book // a change that a later program no longer takes
	}
	out := NameProcedures{Offices: codes(book.Offices), Materials: codes(book.Materials), Sources: codes(local.Sources), Local: localOut(set.Local), Version: set.Version, MayWrite: set.May}
	for _, p := range book.Presets {
		out.Presets = append(out.Presets, presetOut(p))
	}
	for _, of := range []struct {
		book *process.Book
		to   *[]NameProcedureTrack
	}{{local, &out.InForce}, {book, &out.Usual}} {
		for _, t := range of.book.Tracks {
			r, err := of.book.For(t.Code.Code, set.Local.Preset)
			if err != nil {
				return nil, err
			}
			*of.to = append(*of.to, trackOut(r))
		}
	}
	return &proceduresReply{ETag: httpapi.ETag(set.Version), CacheControl: "no-store", Body: out}, nil
}

func (h handlers) setProcedure(ctx context.Context, in *setProcedureInput) (*proceduresReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if err := h.cases.SetProcedure(ctx, expected, in.Body.read(), in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return h.procedures(ctx, nil)
}

func (h handlers) calendar(ctx context.Context, _ *struct{}) (*calendarReply, error) {
	set, err := h.cases.Settings(ctx)
	if err != nil {
		return nil, problem(err)
	}
	today := h.cases.Today()
	out := WorkingCalendar{Years: []WorkingYear{}, Today: string(today), Version: set.CalendarVersion, MayWrite: set.May}
	for _, y := range set.Years {
		out.Years = append(out.Years, WorkingYear{y.Year, daysOut(y.Off), daysOut(y.Worked), y.Source})
		out.Covered = out.Covered || y.Year == today.Year()
	}
	return &calendarReply{ETag: httpapi.ETag(set.CalendarVersion), CacheControl: "no-store", Body: out}, nil
}

func (h handlers) setCalendar(ctx context.Context, in *setCalendarInput) (*calendarReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	var years process.Years
	for _, y := range in.Body.Years {
		years = append(years, process.Year{Year: y.Year, Off: daysIn(y.Off), Worked: daysIn(y.Worked), Source: y.Source})
	}
	if err := h.cases.SetYears(ctx, expected, years, in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return h.calendar(ctx, nil)
}
