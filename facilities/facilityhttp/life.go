package facilityhttp

import (
	"cmp"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// registerLife mounts what becomes of single records besides a change.
func (h handlers) registerLife(api huma.API) {
	tags := []string{"facilities"}
	refusals := []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed,
		http.StatusUnprocessableEntity, http.StatusPreconditionRequired, http.StatusServiceUnavailable,
	}
	httpapi.Register(api, huma.Operation{
		OperationID: "verify-facility", Method: http.MethodPost, Path: onePath + "/verify", Tags: tags,
		Summary: "Say that a facility was held against the place and is as recorded · 核实设施", Errors: refusals,
	}, h.verify)
	httpapi.Register(api, huma.Operation{
		OperationID: "merge-facility", Method: http.MethodPost, Path: onePath + "/merge", Tags: tags,
		Summary: "Merge a facility into another · 合并设施",
		Description: "The facility of the path becomes a tombstone that is closed and names the other, which takes what take lists, " +
			"serves what both do, and has the codes that it had none of. Photos and documents go over to it. Ids are never used again.",
		Errors: refusals,
	}, h.merge)
	httpapi.Register(api, huma.Operation{
		OperationID: "split-facility", Method: http.MethodPost, Path: onePath + "/split", Tags: tags,
		Summary:     "Make several facilities of one · 拆分设施",
		Description: "The facility becomes a tombstone that names the parts. Each part is as it was, with what is given otherwise. Photos and documents stay with the tombstone, since nobody said of which part they are.",
		Errors:      refusals,
	}, h.split)
	httpapi.Register(api, huma.Operation{
		OperationID: "unmerge-facility", Method: http.MethodPost, Path: onePath + "/unmerge", Tags: tags,
		Summary: "Undo the merge of a facility · 撤销合并",
		Description: "The tombstone of the path comes back as it was, with the files that went over. The facility that stayed gives back what " +
			"the merge gave it and keeps what was changed since. What was split is not put together again.",
		Errors: refusals,
	}, h.unmerge)
}

// Written is the part of an operation's input that a write of a record needs.
type Written struct {
	ID      string `path:"id" maxLength:"64"`
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
}

// expected is the version that the client saw.
func (w Written) expected() (int, error) {
	if w.Key == "" {
		return 0, httpapi.KeyRequired()
	}
	return httpapi.IfMatch(w.IfMatch)
}

type verifyInput struct {
	Written
	Body struct {
		Day  string `json:"day,omitempty" format:"date" doc:"When it was held against the place; today when left out"`
		Note string `json:"note,omitempty" maxLength:"480" doc:"What was found"`
	}
}

func (h handlers) verify(ctx context.Context, in *verifyInput) (*facilityChanged, error) {
	expected, err := in.expected()
	if err != nil {
		return nil, err
	}
	f, err := h.records.Verify(ctx, in.ID, expected, record.Day(in.Body.Day), cmp.Or(in.Body.Note, "现场核实 / verified on site"))
	if err != nil {
		return nil, problem(err)
	}
	return &facilityChanged{ETag: httpapi.ETag(f.Version), Body: wholeOf(f)}, nil
}

type mergeInput struct {
	Written
	Body struct {
		Into        string   `json:"into" maxLength:"64" doc:"Id of the facility that stays"`
		IntoVersion int      `json:"into_version" doc:"The version of it that was seen"`
		Take        []string `json:"take,omitempty" nullable:"false" maxItems:"200" doc:"Fields that it takes from the other: type, name_zh, address, capacity, fields.beds …; place for the position"`
		Reason      string   `json:"reason" maxLength:"500"`
	}
}

func (h handlers) merge(ctx context.Context, in *mergeInput) (*facilityChanged, error) {
	expected, err := in.expected()
	if err != nil {
		return nil, err
	}
	f, err := h.records.Merge(ctx, in.ID, expected, in.Body.Into, in.Body.IntoVersion, facilities.Merge{Take: in.Body.Take, Reason: in.Body.Reason})
	if err != nil {
		return nil, problem(err)
	}
	return &facilityChanged{ETag: httpapi.ETag(f.Version), Body: wholeOf(f)}, nil
}

type unmergeInput struct {
	Written
	Body struct {
		Reason string `json:"reason" maxLength:"500"`
	}
}

func (h handlers) unmerge(ctx context.Context, in *unmergeInput) (*facilityChanged, error) {
	expected, err := in.expected()
	if err != nil {
		return nil, err
	}
	f, err := h.records.Unmerge(ctx, in.ID, expected, in.Body.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &facilityChanged{ETag: httpapi.ETag(f.Version), Body: wholeOf(f)}, nil
}

type splitInput struct {
	Written
	Body struct {
		Parts  []FacilityChanges `json:"parts" nullable:"false" maxItems:"20" doc:"From 2 to 20"`
		Reason string            `json:"reason" maxLength:"500"`
	}
}

type splitReply struct {
	Body struct {
		Facilities []FacilityRecord `json:"facilities" nullable:"false" doc:"The parts, as they were given"`
	}
}

func (h handlers) split(ctx context.Context, in *splitInput) (*splitReply, error) {
	expected, err := in.expected()
	if err != nil {
		return nil, err
	}
	parts := make([]facilities.Patch, len(in.Body.Parts))
	for i, p := range in.Body.Parts {
		parts[i] = p.patch()
	}
	made, err := h.records.Split(ctx, in.ID, expected, parts, in.Body.Reason)
	if err != nil {
		return nil, problem(err)
	}
	out := &splitReply{}
	out.Body.Facilities = make([]FacilityRecord, len(made))
	for i, f := range made {
		out.Body.Facilities[i] = recordOf(f)
	}
	return out, nil
}
