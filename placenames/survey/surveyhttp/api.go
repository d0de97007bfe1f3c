// Package surveyhttp serves visits to the places of cases, and what somebody needs there. It owns
// the JSON shapes; it knows nothing of storage and takes what it serves from Register.
package surveyhttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/survey"
)

// Visits reads and writes visits as the person of the context may. Besides those named and those
// of the core, its errors are problems already, or faults of the server. It is safe for
// concurrent use.
type Visits interface {
	// Awaiting gives the places of the cases that wait for a survey which the person may make,
	// the oldest case first.
	Awaiting(ctx context.Context) ([]survey.Site, error)
	// OfCase gives the place of a case, its visits by day, and whether the person may enter one.
	// ErrNoCase.
	OfCase(ctx context.Context, caseID string) (site survey.Site, visits []survey.Visit, mayWrite bool, err error)
	// One gives one visit. ErrNotFound.
	One(ctx context.Context, id string) (survey.Visit, error)
	// Create enters a visit, once for each idempotency key. ErrNoCase, ErrRests,
	// *record.InvalidError.
	Create(ctx context.Context, v survey.Visit, c record.Change) (survey.Visit, error)
	// Update changes the visit of which the client saw a version. ErrNotFound, ErrRests,
	// *record.InvalidError.
	Update(ctx context.Context, id string, expected int, p survey.Patch, c record.Change) (survey.Visit, error)
	// Remove takes out a visit that should never have been entered. ErrNotFound, ErrRests.
	Remove(ctx context.Context, id string, expected int, reason string) error
	// History gives the versions of a visit, the newest first. ErrNotFound.
	History(ctx context.Context, id string) ([]httpapi.RecordVersion, error)
}

const (
	casePath = "/api/v1/name-cases/{id}/visits"
	listPath = "/api/v1/name-visits"
	onePath  = listPath + "/{id}"
	// mostBody is how large a visit may be as it comes: its longest track, with something over.
	mostBody = 4 << 20
)

func tags() []string { return []string{"place names"} }

// Register mounts the visits of cases, single visits with their history, and the list of what
// waits for a survey.
func Register(api huma.API, v Visits) {
	h := handlers{visits: v}
	httpapi.Register(api, huma.Operation{
		OperationID: "name-survey", Method: http.MethodGet, Path: "/api/v1/name-survey", Tags: tags(),
		Summary:     "Cases that wait for a survey by the reader · 待踏勘办件",
		Description: "The oldest first, each with all that is needed at the place, so that it can be taken along where there is no signal.",
		Errors:      []int{http.StatusUnauthorized},
	}, h.awaiting)
	httpapi.Register(api, huma.Operation{
		OperationID: "name-case-visits", Method: http.MethodGet, Path: casePath, Tags: tags(),
		Summary: "The visits to the place of a case, with the survey record · 踏勘记录",
		Errors:  []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.ofCase)
	writing := []int{
		http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity,
		http.StatusServiceUnavailable,
	}
	httpapi.Register(api, huma.Operation{
		OperationID: "create-name-visit", Method: http.MethodPost, Path: casePath, Tags: tags(), DefaultStatus: http.StatusCreated, MaxBodyBytes: mostBody,
		Summary: "Enter a visit · 登记踏勘",
		Description: "The track may come as the device gave it: fixes that are too inexact, jumps and those on the way between others are left out. Photos are attached afterwards. " +
			"The same request with the same Idempotency-Key gives the same visit again.",
		Errors: writing,
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "name-visit", Method: http.MethodGet, Path: onePath, Tags: tags(), Summary: "One visit · 一次踏勘",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.one)
	changing := append(writing, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-name-visit", Method: http.MethodPatch, Path: onePath, Tags: tags(), MaxBodyBytes: mostBody,
		Summary: "Change a visit until its case goes on with it · 更正踏勘", Errors: changing,
	}, h.update)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-name-visit", Method: http.MethodDelete, Path: onePath, Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary: "Take out a visit that should never have been entered · 删除误登的踏勘", Errors: changing,
	}, h.remove)
	httpapi.Register(api, huma.Operation{
		OperationID: "name-visit-history", Method: http.MethodGet, Path: onePath + "/history", Tags: tags(),
		Summary: "The versions of a visit · 踏勘历史", Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.history)
}

type handlers struct{ visits Visits }

// NameSurveyList are the cases that wait, with the codes that a visit is said in.
type NameSurveyList struct {
	Cases []NameVisitSite `json:"cases" nullable:"false"`
	NameVisitCodes
}

// NameVisitCodes are the code words of visits.
type NameVisitCodes struct {
	PointKinds []placenames.Code `json:"point_kinds" nullable:"false"`
	Directions []placenames.Code `json:"directions" nullable:"false"`
	Agreements []placenames.Code `json:"agreements" nullable:"false"`
}

func codes() NameVisitCodes {
	return NameVisitCodes{PointKinds: survey.PointKinds(), Directions: survey.Directions(), Agreements: survey.Agreements()}
}

type awaitingReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NameSurveyList
}

func (h handlers) awaiting(ctx context.Context, _ *struct{}) (*awaitingReply, error) {
	sites, err := h.visits.Awaiting(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := NameSurveyList{Cases: []NameVisitSite{}, NameVisitCodes: codes()}
	for _, s := range sites {
		out.Cases = append(out.Cases, siteOf(s))
	}
	return &awaitingReply{CacheControl: "no-store", Body: out}, nil
}

// NameVisitList are the visits of a case.
type NameVisitList struct {
	Case     NameVisitSite `json:"case"`
	Visits   []NameVisit   `json:"visits" nullable:"false" doc:"By day"`
	MayWrite bool          `json:"may_write"`
	NameVisitCodes
}

type caseReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NameVisitList
}

func (h handlers) ofCase(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64" doc:"Of the case"`
},
) (*caseReply, error) {
	site, visits, may, err := h.visits.OfCase(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	out := NameVisitList{Case: siteOf(site), Visits: []NameVisit{}, MayWrite: may, NameVisitCodes: codes()}
	for _, v := range visits {
		out.Visits = append(out.Visits, visitOf(v, site.Applied()))
	}
	return &caseReply{CacheControl: "no-store", Body: out}, nil
}

type visitReply = httpapi.RecordReply[NameVisit]

// answer is one visit with its version. What the application says is not known to a single
// visit, so its record says the measures alone.
func answer(v survey.Visit, err error) (*visitReply, error) {
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.ReplyWith(v.Version, visitOf(v, survey.Applied{})), nil
}

func (h handlers) one(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
},
) (*visitReply, error) {
	v, err := h.visits.One(ctx, in.ID)
	return answer(v, err)
}

func (h handlers) create(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"64" doc:"Of the case"`
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body newVisit
},
) (*visitReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	made, err := h.visits.Create(ctx, in.Body.visit(in.ID), in.Body.Change())
	out, err := answer(made, err)
	if err == nil {
		out.Location = listPath + "/" + made.ID
	}
	return out, err
}

func (h handlers) update(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    visitPatch
},
) (*visitReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	v, err := h.visits.Update(ctx, in.ID, expected, in.Body.patch(), in.Body.Change())
	return answer(v, err)
}

func (h handlers) remove(ctx context.Context, in *httpapi.RecordRemoval) (*struct{}, error) {
	return in.Remove(ctx, h.visits.Remove, problem)
}

func (h handlers) history(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
},
) (*httpapi.RecordHistory, error) {
	list, err := h.visits.History(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, survey.ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_visit", "没有这次踏勘", "There is no such visit")
	case errors.Is(err, survey.ErrNoCase):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_name_case", "没有这个办件", "There is no such case")
	case errors.Is(err, survey.ErrRests):
		return httpapi.NewProblem(http.StatusConflict, "visit_settled", "办件已办结或已据此办理，踏勘记录不再变动", "The case has ended or went on with the visit, so the record stays as it is")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
