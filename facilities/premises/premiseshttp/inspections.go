package premiseshttp

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/premises"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// registerInspections mounts what is seen of rooms and put right.
func (h handlers) registerInspections(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "premises-inspections", Method: http.MethodGet, Path: onePath + "/inspections", Tags: tags(),
		Summary: "What was seen of a room, and the misuses that were to be put right · 检查与整改",
		Errors:  []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.inspections)
	httpapi.Register(api, huma.Operation{
		OperationID: "inspect-premises", Method: http.MethodPost, Path: onePath + "/inspections", Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary: "Record an inspection · 登记检查",
		Description: "The latest one says what the room is used for now. A misuse opens a rectification with the deadline of the order, or renews the open one; " +
			"a look that finds the room as approved closes it. An inspection is never changed: what was wrong about it the next one says.",
		Errors: []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.inspect)
	httpapi.Register(api, huma.Operation{
		OperationID: "follow-premises-rectification", Method: http.MethodPatch, Path: onePath + "/rectifications/{rectification}", Tags: tags(),
		Summary:     "Put a deadline off, or note that a misuse is reported as put right · 整改进展",
		Description: "A merge patch. An empty reported_on takes the report back. Only an inspection closes a rectification.",
		Errors: []int{
			http.StatusUnauthorized,
			http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
		},
	}, h.follow)
}

// PremisesInspection is one look at a room.
type PremisesInspection struct {
	ID          string    `json:"id"`
	Day         string    `json:"day" format:"date"`
	By          string    `json:"by"`
	UseFound    string    `json:"use_found,omitempty"`
	AreaFoundM2 float64   `json:"area_found_m2,omitempty" doc:"Measured; 0 where nobody did"`
	Condition   string    `json:"condition,omitempty"`
	Verdict     string    `json:"verdict"`
	Note        string    `json:"note,omitempty"`
	RecordedAt  time.Time `json:"recorded_at"`
	RecordedBy  string    `json:"recorded_by"`
}

// PremisesRectification is a misuse that is to be put right.
type PremisesRectification struct {
	ID         string `json:"id"`
	Version    int    `json:"version" doc:"Also its entity tag"`
	Found      string `json:"found" doc:"Id of the inspection that found it"`
	FoundOn    string `json:"found_on" format:"date"`
	UseFound   string `json:"use_found"`
	Deadline   string `json:"deadline" format:"date"`
	OrderNo    string `json:"order_no,omitempty"`
	Progress   string `json:"progress" enum:"ordered,reported,closed"`
	ReportedOn string `json:"reported_on,omitempty"`
	Report     string `json:"report,omitempty"`
	Recheck    string `json:"recheck,omitempty" doc:"Id of the inspection that closed it"`
	ClosedOn   string `json:"closed_on,omitempty"`
	Overdue    bool   `json:"overdue"`
}

// PremisesInspections is what was seen of a room, the latest first.
type PremisesInspections struct {
	Inspections    []PremisesInspection    `json:"inspections" nullable:"false"`
	Rectifications []PremisesRectification `json:"rectifications" nullable:"false"`
}

func inspectionOf(i premises.Inspection) PremisesInspection {
	return PremisesInspection{
		ID: i.ID, Day: string(i.Day), By: i.By, UseFound: string(i.UseFound), AreaFoundM2: i.AreaFound.M2(), Condition: string(i.Condition),
		Verdict: string(i.Verdict), Note: i.Note, RecordedAt: i.RecordedAt, RecordedBy: i.RecordedBy,
	}
}

func rectificationOf(r premises.Rectification, today record.Day) PremisesRectification {
	return PremisesRectification{
		ID: r.ID, Version: r.Version, Found: r.Found, FoundOn: string(r.FoundOn), UseFound: string(r.UseFound), Deadline: string(r.Order.Deadline),
		OrderNo: r.Order.Number, Progress: string(r.Progress), ReportedOn: string(r.ReportedOn), Report: r.Report, Recheck: r.Recheck,
		ClosedOn: string(r.ClosedOn), Overdue: r.Overdue(today),
	}
}

type inspectionsReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PremisesInspections
}

func (h handlers) inspections(ctx context.Context, in *onePremises) (*inspectionsReply, error) {
	seen, orders, err := h.ledger.Inspections(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	out := PremisesInspections{Inspections: []PremisesInspection{}, Rectifications: []PremisesRectification{}}
	for _, i := range seen {
		out.Inspections = append(out.Inspections, inspectionOf(i))
	}
	for _, r := range orders {
		out.Rectifications = append(out.Rectifications, rectificationOf(r, h.ledger.Today()))
	}
	return &inspectionsReply{CacheControl: "no-store", Body: out}, nil
}

type newInspection struct {
	Day         string  `json:"day" format:"date" doc:"When somebody looked, today at the latest"`
	By          string  `json:"by" maxLength:"100" doc:"Who looked: an office or names"`
	UseFound    string  `json:"use_found,omitempty" maxLength:"40" doc:"What it is used for; left out where nobody came in"`
	AreaFoundM2 float64 `json:"area_found_m2,omitempty" doc:"Measured; left out where nobody did"`
	Condition   string  `json:"condition,omitempty" maxLength:"40"`
	Verdict     string  `json:"verdict" maxLength:"40" doc:"Must agree with the use found"`
	Note        string  `json:"note,omitempty" maxLength:"1000"`
	Deadline    string  `json:"deadline,omitempty" format:"date" doc:"By when a misuse must be put right; needed for one"`
	OrderNo     string  `json:"order_no,omitempty" maxLength:"100" doc:"Number of the written order"`
}

type inspectInput struct {
	ID   string `path:"id" maxLength:"64"`
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body newInspection
}

func (h handlers) inspect(ctx context.Context, in *inspectInput) (*roomReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	var faults []record.Fault
	area := areaOf(b.AreaFoundM2, "area_found_m2", &faults)
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	i, err := h.ledger.Inspect(ctx, premises.Inspection{
		RoomID: in.ID, Day: record.Day(b.Day), By: b.By, UseFound: premises.Use(b.UseFound), AreaFound: area,
		Condition: premises.Condition(b.Condition), Verdict: premises.Verdict(b.Verdict), Note: b.Note,
	}, premises.Order{Deadline: record.Day(b.Deadline), Number: b.OrderNo})
	if err != nil {
		return nil, problem(err)
	}
	return h.reply(i), nil
}

type followBody struct {
	Deadline   *string `json:"deadline,omitempty" maxLength:"10"`
	OrderNo    *string `json:"order_no,omitempty" maxLength:"100"`
	ReportedOn *string `json:"reported_on,omitempty" maxLength:"10" doc:"When the holder reported it as put right"`
	Report     *string `json:"report,omitempty" maxLength:"1000" doc:"What was done"`
	Reason     string  `json:"reason" maxLength:"500"`
}

type followInput struct {
	ID            string `path:"id" maxLength:"64"`
	Rectification string `path:"rectification" maxLength:"64"`
	IfMatch       string `header:"If-Match" doc:"Entity tag of the rectification's version that was seen; needed"`
	Body          followBody
}

type followReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         PremisesRectification
}

func (h handlers) follow(ctx context.Context, in *followInput) (*followReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	b := in.Body
	r, err := h.ledger.FollowUp(ctx, in.ID, in.Rectification, expected, premises.Follow{
		Deadline: as[record.Day](b.Deadline), Number: b.OrderNo, ReportedOn: as[record.Day](b.ReportedOn), Report: b.Report,
	}, b.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &followReply{ETag: httpapi.ETag(r.Version), CacheControl: "no-store", Body: rectificationOf(r, h.ledger.Today())}, nil
}
