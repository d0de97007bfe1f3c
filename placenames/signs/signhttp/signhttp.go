// Package signhttp serves the inventory of place-name signs and the work that follows from it.
// It owns the JSON shapes; it knows nothing of storage and takes what it serves from Register.
package signhttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/signs"
)

// Signs reads and writes signs as the person of the context may. Besides those named and those
// of the core, its errors are problems already, or faults of the server. It is safe for
// concurrent use.
type Signs interface {
	// All gives the signs of a name with those that were removed; of "" those of all names
	// that were not.
	All(ctx context.Context, nameID string) ([]signs.Sign, error)
	// Work gives what is to be done, in its order.
	Work(ctx context.Context) ([]signs.Work, error)
	// One gives one sign. ErrNotFound.
	One(ctx context.Context, id string) (signs.Sign, error)
	// Create enters a sign, once for each idempotency key. *record.InvalidError.
	Create(ctx context.Context, s signs.Sign, c record.Change) (signs.Sign, error)
	// Update changes the sign of which the client saw a version. ErrNotFound and
	// *record.InvalidError.
	Update(ctx context.Context, id string, expected int, p signs.Patch, c record.Change) (signs.Sign, error)
	// Move writes what became of a sign, once for each idempotency key. As Update.
	Move(ctx context.Context, id string, expected int, m signs.Move) (signs.Sign, error)
	// Remove takes out a sign that should never have been entered. ErrNotFound.
	Remove(ctx context.Context, id string, expected int, reason string) error
	// History gives the versions of a sign, the newest first. ErrNotFound.
	History(ctx context.Context, id string) ([]httpapi.RecordVersion, error)
	// MayWrite says whether the person may enter signs anywhere, and take them out.
	MayWrite(ctx context.Context) (write, remove bool)
}

const (
	listPath = "/api/v1/signs"
	onePath  = listPath + "/{id}"
)

func tags() []string { return []string{"place names"} }

// Register mounts /api/v1/signs, its work list and the history and moves of a sign.
func Register(api huma.API, s Signs) {
	h := handlers{signs: s}
	httpapi.Register(api, huma.Operation{
		OperationID: "signs", Method: http.MethodGet, Path: listPath, Tags: tags(),
		Summary: "The signs of place names · 地名标志", Description: "Of one name with those that were removed; else all that were not, by name.",
		Errors: []int{http.StatusUnauthorized},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "sign-work", Method: http.MethodGet, Path: "/api/v1/sign-work", Tags: tags(),
		Summary:     "What is to be done about signs · 标志待办",
		Description: "Worked out from the register of names and the signs as they are: signs that say another name, that are of an ended name, damaged, not put up yet; names without one. The late first.",
		Errors:      []int{http.StatusUnauthorized},
	}, h.work)
	httpapi.Register(api, huma.Operation{
		OperationID: "sign", Method: http.MethodGet, Path: onePath, Tags: tags(), Summary: "One sign · 一块标志",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-sign", Method: http.MethodPost, Path: listPath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary:     "Enter a sign · 登记标志",
		Description: "Text, spelling and division follow from the name and the place where they are left out. The same request with the same Idempotency-Key gives the same sign again.",
		Errors:      []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.create)
	writing := []int{
		http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed,
		http.StatusUnprocessableEntity, http.StatusPreconditionRequired, http.StatusServiceUnavailable,
	}
	httpapi.Register(api, huma.Operation{
		OperationID: "update-sign", Method: http.MethodPatch, Path: onePath, Tags: tags(), Summary: "Change what is recorded of a sign · 变更标志",
		Description: "What is left out stays. How far the sign is changes by moves only.", Errors: writing,
	}, h.update)
	httpapi.Register(api, huma.Operation{
		OperationID: "move-sign", Method: http.MethodPost, Path: onePath + "/moves", Tags: tags(),
		Summary: "Say what became of a sign · 标志状态变更", Errors: writing,
	}, h.move)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-sign", Method: http.MethodDelete, Path: onePath, Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary: "Take out a sign that should never have been entered · 删除误登的标志", Errors: writing,
	}, h.remove)
	httpapi.Register(api, huma.Operation{
		OperationID: "sign-history", Method: http.MethodGet, Path: onePath + "/history", Tags: tags(),
		Summary: "The versions of a sign · 标志历史", Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.history)
}

type handlers struct{ signs Signs }

// SignList are signs with the codes that they are said in.
type SignList struct {
	Signs     []SignRecord      `json:"signs" nullable:"false"`
	Kinds     []placenames.Code `json:"kinds" nullable:"false"`
	States    []placenames.Code `json:"states" nullable:"false"`
	MayWrite  bool              `json:"may_write"`
	MayRemove bool              `json:"may_remove"`
}

type listReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         SignList
}

func (h handlers) list(ctx context.Context, in *struct {
	Name string `query:"name" maxLength:"64" doc:"Id of the name; of all names when left out"`
},
) (*listReply, error) {
	all, err := h.signs.All(ctx, in.Name)
	if err != nil {
		return nil, problem(err)
	}
	out := SignList{Signs: []SignRecord{}, Kinds: signs.Kinds(), States: signs.States()}
	out.MayWrite, out.MayRemove = h.signs.MayWrite(ctx)
	for _, s := range all {
		out.Signs = append(out.Signs, recordOf(s))
	}
	return &listReply{CacheControl: "no-store", Body: out}, nil
}

func (h handlers) one(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
},
) (*signReply, error) {
	s, err := h.signs.One(ctx, in.ID)
	return answer(s, err)
}

type signReply = httpapi.RecordReply[SignRecord]

func answer(s signs.Sign, err error) (*signReply, error) {
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.ReplyWith(s.Version, recordOf(s)), nil
}

func (h handlers) create(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body newSign
},
) (*signReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	s, faults := in.Body.sign()
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	made, err := h.signs.Create(ctx, s, in.Body.Change())
	out, err := answer(made, err)
	if err == nil {
		out.Location = listPath + "/" + made.ID
	}
	return out, err
}

func (h handlers) update(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    signPatch
},
) (*signReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	p, faults := in.Body.patch()
	if err := record.Invalid(faults); err != nil {
		return nil, problem(err)
	}
	s, err := h.signs.Update(ctx, in.ID, expected, p, in.Body.Change())
	return answer(s, err)
}

func (h handlers) move(ctx context.Context, in *struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Key     string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body    struct {
		To     string `json:"to" enum:"ordered,made,standing,damaged,missing,removed"`
		Day    string `json:"day" format:"date" doc:"On which it came to be so"`
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"What is the matter; needed where a sign is damaged, missing or removed"`
	}
},
) (*signReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	s, err := h.signs.Move(ctx, in.ID, expected, signs.Move{To: signs.State(in.Body.To), Day: record.Day(in.Body.Day), Reason: in.Body.Reason})
	return answer(s, err)
}

func (h handlers) remove(ctx context.Context, in *httpapi.RecordRemoval) (*struct{}, error) {
	return in.Remove(ctx, h.signs.Remove, problem)
}

func (h handlers) history(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
},
) (*httpapi.RecordHistory, error) {
	list, err := h.signs.History(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}

// problem tells a client what is wrong.
func problem(err error) error {
	if errors.Is(err, signs.ErrNotFound) {
		return httpapi.NewProblem(http.StatusNotFound, "unknown_sign", "没有这块标志", "There is no such sign")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
