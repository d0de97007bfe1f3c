// Package doorhttp serves to the office what the public reports of plates, and what looks like
// plates that somebody faked. It owns the JSON shapes; it knows nothing of storage and takes what
// it serves from Register.
package doorhttp

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/placenames/plates/doors"
)

// Report is a report as the office sees it.
type Report struct {
	ID           string
	Version      int
	Report       doors.Report
	Known        bool // a plate has the code
	AddressID    string
	Address      string
	Division     string
	Lon, Lat     *float64 // WGS 84; nil where nobody knows
	Day, LastDay string
	State        doors.State
	Outcome      string
	DecidedOn    string
	Reports      int // that hang together, with this one
	Photo        bool
}

// Filter picks reports; what is left out picks all, and of states those that are open.
type Filter struct {
	State, Problem, Division, After string
	Most                            int
}

// Desk gives reports as the person of the context may see and decide them. Its errors are
// doors.ErrNotFound, a *record.InvalidError, problems already, or faults of the server. It is safe
// for concurrent use.
type Desk interface {
	Reports(ctx context.Context, f Filter) ([]Report, error)
	Report(ctx context.Context, id string) (Report, error)
	// Decide decides about the report of which the client saw a version.
	Decide(ctx context.Context, id string, expected int, outcome string) (Report, error)
	// Photo gives the photo of a report as JPEG or PNG, small where it is asked so.
	Photo(ctx context.Context, id string, small bool) (media string, content []byte, err error)
	Alarms(ctx context.Context) ([]doors.Alarm, error)
}

const (
	listPath   = "/api/v1/plate-reports"
	onePath    = listPath + "/{id}"
	alarmsPath = "/api/v1/plate-alarms"
	perPage    = 50
)

// Register mounts the reports and the alarms.
func Register(api huma.API, desk Desk) {
	h := handlers{desk}
	tags := []string{"address plates"}
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-reports", Method: http.MethodGet, Path: listPath, Tags: tags,
		Summary:     "What people report of plates · 门牌报修",
		Description: "The newest first, 50 to a page; several reports of one problem of one plate are one, with their number. Nobody was asked who they are.",
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-report", Method: http.MethodGet, Path: onePath, Tags: tags, Summary: "One report · 一条报修",
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "decide-plate-report", Method: http.MethodPatch, Path: onePath, Tags: tags, Summary: "Decide about a report · 处理报修",
		Description: "For one of the fixed reasons, which whoever reported it reads with the receipt. Those that take it up for a plate on a wall put the plate among those to be repaired.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusUnprocessableEntity,
			http.StatusPreconditionRequired, http.StatusServiceUnavailable,
		},
	}, h.decide)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-report-photo", Method: http.MethodGet, Path: onePath + "/photo", Tags: tags, Summary: "The photo of a report · 报修照片",
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.photo)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-alarms", Method: http.MethodGet, Path: alarmsPath, Tags: tags,
		Summary:     "What looks like fake plates · 疑似假牌",
		Description: "Codes of no plate that are asked for again and again on several days, plates that several people suspect, and divisions with several such plates, over two weeks.",
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden},
	}, h.alarms)
}

type handlers struct{ desk Desk }

// DoorReport is one report.
type DoorReport struct {
	ID           string   `json:"id"`
	Version      int      `json:"version"`
	Code         string   `json:"code" doc:"Of the plate, as it was asked for"`
	Known        bool     `json:"known" doc:"A plate has the code"`
	AddressID    *string  `json:"address_id" nullable:"true"`
	Address      string   `json:"address" doc:"Of the plate; empty where its code is nobody's"`
	DivisionCode string   `json:"division_code" doc:"That of the authority where nobody knows"`
	Lon          *float64 `json:"lon" nullable:"true" doc:"WGS 84"`
	Lat          *float64 `json:"lat" nullable:"true"`
	Problem      string   `json:"problem"`
	Note         string   `json:"note"`
	Place        string   `json:"place" doc:"In the visitor's words"`
	Photo        bool     `json:"photo"`
	Day          string   `json:"day" format:"date"`
	LastDay      string   `json:"last_day" format:"date" doc:"Of the last of those that hang together"`
	Reports      int      `json:"reports" doc:"Of the same problem, with this one"`
	State        string   `json:"state"`
	Outcome      string   `json:"outcome"`
	DecidedOn    *string  `json:"decided_on" nullable:"true" format:"date"`
	Outcomes     []string `json:"outcomes" nullable:"false" doc:"What may be decided now"`
}

func shape(r Report) DoorReport {
	out := DoorReport{
		ID: r.ID, Version: r.Version, Code: r.Report.Code, Known: r.Known, AddressID: orNull(r.AddressID), Address: r.Address, DivisionCode: r.Division, Lon: r.Lon, Lat: r.Lat,
		Problem: string(r.Report.Problem), Note: r.Report.Note, Place: r.Report.Place, Photo: r.Photo, Day: r.Day, LastDay: r.LastDay, Reports: r.Reports,
		State: string(r.State), Outcome: r.Outcome, DecidedOn: orNull(r.DecidedOn), Outcomes: []string{},
	}
	for _, o := range doors.Outcomes() {
		if r.State.May(o.To) {
			out.Outcomes = append(out.Outcomes, o.Code)
		}
	}
	return out
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// DoorCode is a code word with its words.
type DoorCode struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// DoorReportList is a page of reports with the codes that they are said in.
type DoorReportList struct {
	Reports  []DoorReport `json:"reports" nullable:"false"`
	Next     string       `json:"next" doc:"Give it as after= for the next page; empty on the last"`
	Problems []DoorCode   `json:"problems" nullable:"false"`
	Outcomes []DoorCode   `json:"outcomes" nullable:"false"`
}

type listReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         DoorReportList
}

func (h handlers) list(ctx context.Context, in *struct {
	State    string `query:"state" enum:"received,accepted,done,declined" doc:"Those that are open when left out"`
	Problem  string `query:"problem" enum:"damaged,covered,wrong,fake"`
	Division string `query:"division" maxLength:"32" pattern:"^[0-9]*$"`
	After    string `query:"after" maxLength:"64"`
},
) (*listReply, error) {
	found, err := h.desk.Reports(ctx, Filter{State: in.State, Problem: in.Problem, Division: in.Division, After: in.After, Most: perPage + 1})
	if err != nil {
		return nil, problem(err)
	}
	out := DoorReportList{Reports: []DoorReport{}}
	if len(found) > perPage {
		found = found[:perPage]
		out.Next = found[perPage-1].ID
	}
	for _, r := range found {
		out.Reports = append(out.Reports, shape(r))
	}
	for _, c := range doors.Problems() {
		out.Problems = append(out.Problems, DoorCode{c.Code, c.ZH, c.EN})
	}
	for _, o := range doors.Outcomes() {
		out.Outcomes = append(out.Outcomes, DoorCode{o.Code, o.ZH, o.EN})
	}
	return &listReply{CacheControl: "no-store", Body: out}, nil
}

func answer(r Report, err error) (*httpapi.RecordReply[DoorReport], error) {
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.ReplyWith(r.Version, shape(r)), nil
}

func (h handlers) one(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
},
) (*httpapi.RecordReply[DoorReport], error) {
	return answer(h.desk.Report(ctx, in.ID))
}

func (h handlers) decide(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    struct {
		Outcome string `json:"outcome" maxLength:"20" doc:"One of the outcomes that the list has"`
	}
},
) (*httpapi.RecordReply[DoorReport], error) {
	expected, err := httpapi.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	return answer(h.desk.Decide(ctx, in.ID, expected, in.Body.Outcome))
}

type photoReply struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

func (h handlers) photo(ctx context.Context, in *struct {
	ID    string `path:"id" maxLength:"64"`
	Small bool   `query:"small"`
},
) (*photoReply, error) {
	media, content, err := h.desk.Photo(ctx, in.ID, in.Small)
	if err != nil {
		return nil, problem(err)
	}
	return &photoReply{ContentType: media, CacheControl: "private, max-age=3600", Body: content}, nil
}

// DoorAlarm is something that looks like plates that were faked or pasted over.
type DoorAlarm struct {
	Kind         string   `json:"kind" enum:"unknown_code,plate,area"`
	Code         string   `json:"code" doc:"Empty for an area"`
	DivisionCode string   `json:"division_code" doc:"Empty where nobody said"`
	Codes        []string `json:"codes" nullable:"false" doc:"Of an area"`
	First        string   `json:"first" format:"date-time" doc:"The hour"`
	Last         string   `json:"last" format:"date-time"`
	Hours        int      `json:"hours" doc:"Different ones in which the code was asked for"`
	Days         int      `json:"days"`
	Scans        int      `json:"scans"`
	Reports      int      `json:"reports"`
}

// DoorAlarmList are the alarms, the worst first.
type DoorAlarmList struct {
	Alarms []DoorAlarm `json:"alarms" nullable:"false"`
}

type alarmsReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         DoorAlarmList
}

func (h handlers) alarms(ctx context.Context, _ *struct{}) (*alarmsReply, error) {
	found, err := h.desk.Alarms(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := DoorAlarmList{Alarms: []DoorAlarm{}}
	hour := func(h int64) string { return time.Unix(h*3600, 0).UTC().Format(time.RFC3339) }
	for _, a := range found {
		out.Alarms = append(out.Alarms, DoorAlarm{
			Kind: string(a.Kind), Code: a.Code, DivisionCode: a.Division, Codes: append([]string{}, a.Codes...), First: hour(a.First), Last: hour(a.Last),
			Hours: a.Hours, Days: a.Days, Scans: a.Scans, Reports: a.Reports,
		})
	}
	return &alarmsReply{CacheControl: "no-store", Body: out}, nil
}

func problem(err error) error {
	if errors.Is(err, doors.ErrNotFound) {
		return httpapi.NewProblem(http.StatusNotFound, "unknown_plate_report", "没有这条报修", "There is no such report")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
