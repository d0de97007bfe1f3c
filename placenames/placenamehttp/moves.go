package placenamehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/placenames"
)

func (h handlers) registerMoves(api huma.API) {
	errors := []int{
		http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed,
		http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
	}
	httpapi.Register(api, huma.Operation{
		OperationID: "move-place-name", Method: http.MethodPost, Path: onePath + "/moves", Tags: tags(),
		Summary: "Take a place name to another state · 变更地名状态",
		Description: "For a register that is brought up to date: what a case decides it writes itself. Nothing leads out of a record at its end. A merged record keeps its id and " +
			"names the one that has its place.",
		Errors: errors,
	}, h.move)
	httpapi.Register(api, huma.Operation{
		OperationID: "rename-place-name", Method: http.MethodPost, Path: onePath + "/renaming", Tags: tags(),
		Summary:     "Record a renaming that was decided · 登记更名",
		Description: "For a register that is brought up to date. The name before is kept among the former names; the id stays.",
		Errors:      errors,
	}, h.rename)
}

type moveInput struct {
	ID      string `path:"id" maxLength:"64"`
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Body    struct {
		To          string            `json:"to" enum:"proposed,approved,rejected,withdrawn,lapsed,contested,retired,annulled,merged"`
		Decision    PlaceNameDecision `json:"decision" required:"false" doc:"The document, where the step needs one"`
		SuccessorID string            `json:"successor_id,omitempty" maxLength:"64" doc:"The record that has its place from now on"`
		Reason      string            `json:"reason" maxLength:"500"`
	}
}

func (h handlers) move(ctx context.Context, in *moveInput) (*nameReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	i, err := h.records.Move(ctx, in.ID, expected, placenames.Move{
		To: placenames.State(in.Body.To), Decision: in.Body.Decision.read(), SuccessorID: in.Body.SuccessorID, Reason: in.Body.Reason,
	})
	if err != nil {
		return nil, problem(err)
	}
	return reply(i), nil
}

type renameInput struct {
	ID      string `path:"id" maxLength:"64"`
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed"`
	Body    struct {
		Text           string            `json:"text" maxLength:"200"`
		Roman          string            `json:"roman,omitempty" maxLength:"400"`
		Specific       string            `json:"specific,omitempty" maxLength:"200"`
		Modifier       string            `json:"modifier,omitempty" maxLength:"40"`
		Generic        string            `json:"generic,omitempty" maxLength:"40"`
		PartsConfirmed bool              `json:"parts_confirmed,omitempty"`
		Readings       []string          `json:"readings,omitempty" nullable:"false" maxItems:"200"`
		Decision       PlaceNameDecision `json:"decision"`
		Planned        string            `json:"planned,omitempty" maxLength:"64"`
		Reuses         *PlaceNameReuse   `json:"reuses,omitempty"`
		Measures       string            `json:"measures,omitempty" maxLength:"2000" doc:"Of protection, of a name that is on a list; those on record when left out"`
		Reason         string            `json:"reason" maxLength:"500"`
	}
}

func (h handlers) rename(ctx context.Context, in *renameInput) (*nameReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	b := in.Body
	i, err := h.records.Rename(ctx, in.ID, expected, Renaming{
		Text: b.Text, Roman: b.Roman, Parts: placenames.Parts{Specific: b.Specific, Modifier: b.Modifier, Generic: b.Generic, Confirmed: b.PartsConfirmed},
		Readings: b.Readings, Decision: b.Decision.read(), Planned: b.Planned, Reuses: (*placenames.Reuse)(b.Reuses), Measures: b.Measures, Reason: b.Reason,
	})
	if err != nil {
		return nil, problem(err)
	}
	return reply(i), nil
}
