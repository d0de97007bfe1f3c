// Package consequencehttp serves what carries a name, what has to follow another one, the table of
// old and new names, and unit costs. It owns the JSON shapes; it knows nothing of storage and
// takes what it serves from Register.
package consequencehttp

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/consequences"
)

// Consequences tells and keeps what follows from other names, as the person of the context may.
// Its errors are problems already, faults of the server, *record.InvalidError, or
// placenames.ErrNotFound. It is safe for concurrent use.
type Consequences interface {
	// Before gives what carries a name now. placenames.ErrNotFound.
	Before(ctx context.Context, id string) (placenames.Name, consequences.Report, error)
	// After gives what has to follow, and whether the person may say that something has.
	// placenames.ErrNotFound.
	After(ctx context.Context, id string) (n placenames.Name, tasks []consequences.Task, mayMark bool, err error)
	// Mark keeps what the person says of one thing, once for each idempotency key.
	// placenames.ErrNotFound and *record.InvalidError.
	Mark(ctx context.Context, id string, m consequences.Mark) error
	// Changes gives the table of old and new names. ErrUnknownDivision.
	Changes(ctx context.Context, a Asked) ([]consequences.Change, error)
	// Outstanding counts what is still to follow of names, by their ids.
	Outstanding(ctx context.Context, ids []string) (map[string]int, error)
	// WriteChanges writes the table to a file. ErrUnknownDivision.
	WriteChanges(ctx context.Context, to io.Writer, a Asked, csv, english bool) error
	// Prices gives the unit costs, their version, and whether the person may set them.
	Prices(ctx context.Context) (list []consequences.Price, version int, may bool, err error)
	// SetPrices sets them as a whole, of which the person saw a version. *record.InvalidError.
	SetPrices(ctx context.Context, expected int, list []consequences.Price, reason string) error
	// Today is the day in the district.
	Today() record.Day
}

// Asked is which changes are told; what is empty asks for all.
type Asked struct {
	Division, Text string
	From, Till     record.Day // inclusive
}

func tags() []string { return []string{"place names"} }

const (
	namePath    = "/api/v1/place-names/{id}"
	changesPath = "/api/v1/name-changes"
	costsPath   = "/api/v1/name-unit-costs"
	workbook    = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// Register mounts the consequences of a name, what has to follow, the old–new table and unit
// costs.
func Register(api huma.API, c Consequences) {
	h := handlers{c}
	httpapi.Register(api, huma.Operation{
		OperationID: "name-consequences", Method: http.MethodGet, Path: namePath + "/consequences", Tags: tags(),
		Summary: "What carries a name, before it is changed · 更名、注销影响",
		Description: "Counts are exact; of each kind at most 200 records are listed. Records that name the place by its id are linked; of others the words say the name, and somebody should look. " +
			"Costs are of the bureau's own unit costs: where there is none, the cost says what is missing.",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.before)
	httpapi.Register(api, huma.Operation{
		OperationID: "name-follow-ups", Method: http.MethodGet, Path: namePath + "/follow-ups", Tags: tags(),
		Summary:     "What has to follow another name of a place, or its end · 更名、注销后续",
		Description: "Worked out from the records as they are: what still says the former name is open. What did and no longer does is done, with who and when, for those who may read histories.",
		Errors:      []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.after)
	httpapi.Register(api, huma.Operation{
		OperationID: "mark-name-follow-up", Method: http.MethodPost, Path: namePath + "/follow-ups", Tags: tags(),
		Summary:     "Say of one thing that it is done, or why it stays · 标记后续事项",
		Description: "For what the register cannot tell. open takes it back.",
		Errors:      []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.mark)
	errors := []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	httpapi.Register(api, huma.Operation{
		OperationID: "name-changes", Method: http.MethodGet, Path: changesPath, Tags: tags(), Summary: "The table of old and new names · 新旧地名对照表",
		Description: "From the former names of each record and the records that ended, the latest first, 30 a page with how much is still to follow.", Errors: errors,
	}, h.changes)
	for _, f := range []struct {
		id, path, mime string
		csv            bool
	}{{"name-changes-xlsx", changesPath + ".xlsx", workbook, false}, {"name-changes-csv", changesPath + ".csv", "text/csv; charset=utf-8", true}} {
		httpapi.Register(api, huma.Operation{
			OperationID: f.id, Method: http.MethodGet, Path: f.path, Tags: tags(), Summary: "The table of old and new names as a file · 新旧地名对照表文件",
			Errors: errors, Responses: httpapi.FileReply(f.mime),
		}, h.file(f.mime, f.csv))
	}
	httpapi.Register(api, huma.Operation{
		OperationID: "name-unit-costs", Method: http.MethodGet, Path: costsPath, Tags: tags(), Summary: "Unit costs of changing signs, plates and records · 更换单价",
		Errors: []int{http.StatusUnauthorized},
	}, h.prices)
	httpapi.Register(api, huma.Operation{
		OperationID: "set-name-unit-costs", Method: http.MethodPut, Path: costsPath, Tags: tags(), Summary: "Set the unit costs, each with its source · 设定更换单价",
		Description: "All of them; version 0 where there were none.",
		Errors:      []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusPreconditionFailed, http.StatusPreconditionRequired, http.StatusUnprocessableEntity},
	}, h.setPrices)
}

type handlers struct{ all Consequences }

// NameInput is of which place something is asked.
type NameInput struct {
	ID string `path:"id" maxLength:"64"`
}

type beforeReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NameConsequences
}

func (h handlers) before(ctx context.Context, in *NameInput) (*beforeReply, error) {
	n, r, err := h.all.Before(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return &beforeReply{CacheControl: "no-store", Body: reportOf(n, r, h.all.Today())}, nil
}

type afterReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NameFollowUps
}

func (h handlers) after(ctx context.Context, in *NameInput) (*afterReply, error) {
	n, tasks, may, err := h.all.After(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return &afterReply{CacheControl: "no-store", Body: followUpsOf(n, tasks, may)}, nil
}

func (h handlers) mark(ctx context.Context, in *struct {
	NameInput
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		Kind   string `json:"kind" maxLength:"32"`
		ItemID string `json:"item_id" maxLength:"64"`
		State  string `json:"state" enum:"open,done,set_aside"`
		Reason string `json:"reason" maxLength:"500"`
	}
},
) (*afterReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	b := in.Body
	err := h.all.Mark(ctx, in.ID, consequences.Mark{Kind: consequences.Kind(b.Kind), ItemID: b.ItemID, State: consequences.State(b.State), Reason: b.Reason})
	if err != nil {
		return nil, problem(err)
	}
	return h.after(ctx, &in.NameInput)
}

// ChangesInput is which lines of the table are asked for.
type ChangesInput struct {
	Division string `query:"division" maxLength:"12" doc:"Code of a division: the place lies in it"`
	Text     string `query:"q" maxLength:"100" doc:"A part of the old or of the new name"`
	From     string `query:"from" maxLength:"10" doc:"The first day, such as 2026-01-01"`
	Till     string `query:"till" maxLength:"10" doc:"The last day"`
}

func (in ChangesInput) asked() (Asked, error) {
	var faults []record.Fault
	for field, day := range map[string]string{"from": in.From, "till": in.Till} {
		if _, ok := record.ParseDay(day); day != "" && !ok {
			faults = append(faults, record.Fault{Field: field, Value: day, ZH: "应为日期，如 2026-11-27", EN: "must be a day such as 2026-11-27"})
		}
	}
	return Asked{Division: in.Division, Text: in.Text, From: record.Day(in.From), Till: record.Day(in.Till)}, record.Invalid(faults)
}

// pageSize is how many lines a page of the table has; each asks what is still to follow.
const pageSize = 30

type changesReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         NameChanges
}

func (h handlers) changes(ctx context.Context, in *struct {
	ChangesInput
	Next int `query:"next" minimum:"0" maximum:"1000000" doc:"The next of the page before"`
},
) (*changesReply, error) {
	a, err := in.asked()
	if err != nil {
		return nil, problem(err)
	}
	all, err := h.all.Changes(ctx, a)
	if err != nil {
		return nil, problem(err)
	}
	page := all[min(in.Next, len(all)):min(in.Next+pageSize, len(all))]
	ids := make([]string, len(page))
	for i, c := range page {
		ids[i] = c.NameID
	}
	open, err := h.all.Outstanding(ctx, ids)
	if err != nil {
		return nil, problem(err)
	}
	out := NameChanges{Changes: []NameChange{}, Acts: consequences.Acts(), Total: len(all)}
	for _, c := range page {
		out.Changes = append(out.Changes, changeOf(c, open[c.NameID]))
	}
	if to := in.Next + pageSize; to < len(all) {
		out.Next = to
	}
	return &changesReply{CacheControl: "no-store", Body: out}, nil
}

type pricesReply struct {
	CacheControl string `header:"Cache-Control"`
	ETag         string `header:"ETag"`
	Body         NameUnitCosts
}

func (h handlers) prices(ctx context.Context, _ *struct{}) (*pricesReply, error) {
	list, version, may, err := h.all.Prices(ctx)
	if err != nil {
		return nil, problem(err)
	}
	return &pricesReply{CacheControl: "no-store", ETag: httpapi.ETag(version), Body: pricesOf(list, version, may)}, nil
}

func (h handlers) setPrices(ctx context.Context, in *struct {
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    struct {
		Prices []NameUnitCost `json:"prices" maxItems:"20" nullable:"false"`
		Reason string         `json:"reason" maxLength:"500"`
	}
},
) (*pricesReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	list := make([]consequences.Price, len(in.Body.Prices))
	for i, p := range in.Body.Prices {
		list[i] = consequences.Price{Kind: consequences.Kind(p.Kind), Fen: p.Fen, Source: p.Source, Day: record.Day(p.Day)}
	}
	if err := h.all.SetPrices(ctx, expected, list, in.Body.Reason); err != nil {
		return nil, problem(err)
	}
	return h.prices(ctx, nil)
}
