// Package estatehttp serves new housing estates: records with their phases and planned rooms,
// the list with what each has, owes and how far it is, and checks, of a record as it is kept
// and of one that nobody saved. It owns the JSON shapes; it knows nothing of storage and takes
// what it serves from Records.
package estatehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates"
	"yike/facilities/premises"
	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/internal/rules"
)

// Records reads, writes and checks estates as the person of the context may. Besides those
// named and those of the core, its errors are problems already, or faults of the server. It is
// safe for concurrent use.
type Records interface {
	// Standings gives the estates that are asked for, in the order of the list, by division,
	// name and id: in a division ("" for all) as they are known to have been on a day ("" for
	// today). ErrUnknownDivision and ErrNotReady.
	Standings(ctx context.Context, f estates.Filter, division string, at record.Day) ([]estates.Standing, error)
	// One gives one estate. ErrNotFound.
	One(ctx context.Context, id string) (estates.Item, error)
	// Create makes an estate's record, once for each idempotency key. *record.InvalidError.
	Create(ctx context.Context, e estates.Estate, c record.Change) (estates.Item, error)
	// Update changes the estate of which the client saw a version. ErrNotFound and
	// *record.InvalidError.
	Update(ctx context.Context, id string, expected int, p estates.Patch, c record.Change) (estates.Item, error)
	// Remove takes out an estate that should never have been entered. ErrNotFound and ErrInUse.
	Remove(ctx context.Context, id string, expected int, reason string) error
	// History gives the versions of an estate, the newest first. ErrNotFound.
	History(ctx context.Context, id string) ([]httpapi.RecordVersion, error)
	// Check holds an estate against the rules, those due at a milestone or, for nil, all.
	// ErrNotFound and ErrNotReady.
	Check(ctx context.Context, id string, at *estates.Milestone) (Checked, error)
	// Try is Check of an estate as it might be, and writes nothing. id names the estate that it
	// would be, whose progress it has; "" for a new one. ErrNotFound and ErrNotReady.
	Try(ctx context.Context, e estates.Estate, id string, at *estates.Milestone) (Checked, error)
}

// Checked is a check with what it was made of.
type Checked struct {
	estates.Check
	Estate    estates.Estate
	Context   estates.Context
	Set       *rules.Set
	Milestone *estates.Milestone // nil for all rules; never estates.DueNow
}

const (
	listPath = "/api/v1/estates"
	onePath  = listPath + "/{id}"
)

func tags() []string { return []string{"estates"} }

// Register mounts /api/v1/estates with records, history and checks, and /estate-codes.
func Register(api huma.API, records Records) {
	h := handlers{records: records}
	httpapi.Register(api, huma.Operation{
		OperationID: "estate-codes", Method: http.MethodGet, Path: "/api/v1/estate-codes", Tags: tags(),
		Summary: "The lists of codes and fields of estates · 新建小区配建代码",
	}, h.codes)
	httpapi.Register(api, huma.Operation{
		OperationID: "estates", Method: http.MethodGet, Path: listPath, Tags: tags(),
		Summary: "Estates with what each has, owes and how far it is, page by page · 新建小区列表",
		Description: "By division, name and id. Follow next until it is null. What an estate owes follows from the strictest rule that decides; " +
			"where an input of one is not known it is null.",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.list)
	h.registerRecords(api)
	h.registerChecks(api)
}

type handlers struct{ records Records }

// EstateCode is a code word of a list with what people call it.
type EstateCode struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// EstateField is a field of a record with what people call it.
type EstateField struct {
	EstateCode
	Unit string `json:"unit" doc:"m2, households, persons or items; empty for none"`
}

// EstateUse is a use of rooms with what follows from it.
type EstateUse struct {
	EstateCode
	Approved bool     `json:"approved" doc:"May be planned; else it is only found"`
	Usual    string   `json:"usual_norm" doc:"That a room of this use counts for where nobody splits it; empty for none"`
	Norms    []string `json:"norms" nullable:"false" doc:"That a part of this use may count for besides none"`
}

// EstateCodes are all the lists.
type EstateCodes struct {
	Kinds       []EstateCode  `json:"kinds" nullable:"false"`
	Milestones  []EstateCode  `json:"milestones" nullable:"false" doc:"In their order"`
	Verdicts    []EstateCode  `json:"verdicts" nullable:"false"`
	Conclusions []EstateCode  `json:"conclusions" nullable:"false"`
	Elements    []EstateCode  `json:"elements" nullable:"false"`
	Norms       []EstateCode  `json:"norms" nullable:"false"`
	Uses        []EstateUse   `json:"uses" nullable:"false"`
	Fields      []EstateField `json:"fields" nullable:"false" doc:"Of an estate, then of its phases and rooms, whose codes begin with what they are of"`
}

func (h handlers) codes(_ context.Context, in *struct{ httpapi.Conditional }) (*httpapi.Reply[EstateCodes], error) {
	const version = `"estate-codes-1"` // to be raised with the lists
	return httpapi.ReplyUnlessHeld(in.Conditional, version, func() (*EstateCodes, error) {
		out := &EstateCodes{
			Kinds: codesOf(estates.Kinds()), Verdicts: codesOf(estates.Verdicts()), Conclusions: codesOf(estates.Conclusions()),
			Elements: codesOf(estates.Elements()), Norms: codesOf(premises.Norms()),
		}
		for _, m := range estates.Milestones() {
			out.Milestones = append(out.Milestones, EstateCode(m.Code()))
		}
		for _, u := range premises.Uses() {
			norms := []string{}
			for _, n := range u.Norms {
				norms = append(norms, string(n))
			}
			out.Uses = append(out.Uses, EstateUse{EstateCode: EstateCode(u.Code), Approved: u.Approved, Usual: string(u.Usual), Norms: norms})
		}
		for _, f := range estates.Fields() {
			out.Fields = append(out.Fields, EstateField{EstateCode(f.Code), f.Unit})
		}
		return out, nil
	})
}

func codesOf(list []premises.Code) []EstateCode {
	out := make([]EstateCode, len(list))
	for i, c := range list {
		out[i] = EstateCode(c)
	}
	return out
}
