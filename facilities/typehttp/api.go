// Package typehttp serves what a bureau keeps of facility types: reading one with where it
// comes from, adding, changing, taking back, its history, and the check that changes
// nothing. It owns the JSON shapes and knows nothing of storage. The catalogue as everybody
// sees it is facilityhttp's.
package typehttp

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Types reads and writes types as the person of the context may. Its errors are those of
// this package, facilities.ErrNoType, and *record.InvalidError. It is safe for concurrent
// use.
type Types interface {
	Parts(ctx context.Context) (Parts, error)
	Type(ctx context.Context, code facilities.Type) (facilities.LocalType, error)
	Check(ctx context.Context, t facilities.TypeInfo) (facilities.TypeCheck, []Head, error)
	Create(ctx context.Context, t facilities.TypeInfo, c record.Change) (facilities.LocalType, error)
	// Update changes a type of which the version expected was seen, 0 for one of which the
	// bureau keeps nothing yet.
	Update(ctx context.Context, code facilities.Type, expected int, p facilities.TypePatch, c record.Change) (facilities.LocalType, error)
	Remove(ctx context.Context, code facilities.Type, expected int, c record.Change) error
	History(ctx context.Context, code facilities.Type) ([]httpapi.RecordVersion, error)
}

// Parts are what a type is put together of.
type Parts struct {
	Units     []facilities.Choice
	Groups    []facilities.Group
	Common    []facilities.FieldInfo
	Standards []Standard
	Misfits   []facilities.Misfit // types of the bureau that are not in force
}

// Standard is a check that a type may name.
type Standard struct{ ID, ZH, EN string }

// Head is a column of an import template.
type Head struct {
	Code, Head string
	Required   bool
}

const (
	listPath = "/api/v1/facility-types"
	onePath  = listPath + "/{type}"
)

// Register mounts the operations on /api/v1/facility-types/{type} and those beside it.
func Register(api huma.API, types Types) {
	h := handlers{types}
	tags := []string{"facility types"}
	reads := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable}
	makes := append([]int{http.StatusBadRequest, http.StatusUnprocessableEntity}, reads...)
	changes := append([]int{http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired}, makes...)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-type-parts", Method: http.MethodGet, Path: "/api/v1/facility-type-parts", Tags: tags, Errors: reads,
		Summary:     "What a facility type is put together of · 类型的组成：单位、分组、通用字段、可选标准",
		Description: "Also the bureau's types that are not in force, since the program or the installation's file changed under them.",
	}, h.parts)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-type", Method: http.MethodGet, Path: onePath, Tags: tags, Errors: reads,
		Summary: "One facility type, and where it comes from · 设施类型详情",
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-facility-type", Method: http.MethodPost, Path: listPath, Tags: tags, Errors: makes, DefaultStatus: http.StatusCreated,
		Summary: "Add a facility type · 新增设施类型", Description: "It holds at once, on every server.",
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "check-facility-type", Method: http.MethodPost, Path: listPath + "/check", Tags: tags, Errors: makes,
		Summary:     "What a facility type, or a change of one, would come to · 试算设施类型的变更",
		Description: "Changes nothing. Faults are those that it would be refused for; effects say what it does to how many records.",
	}, h.check)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-facility-type", Method: http.MethodPatch, Path: onePath, Tags: tags, Errors: changes,
		Summary:     "Change or retire a facility type · 变更、停用设施类型",
		Description: "A type of the program is changed with If-Match \"0\" the first time. A field that records have is not removed: move it to past_fields, and what they have stays.",
	}, h.update)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-facility-type", Method: http.MethodDelete, Path: onePath, Tags: tags, Errors: changes, DefaultStatus: http.StatusNoContent,
		Summary:     "Take back what the bureau keeps of a facility type · 恢复系统自带的类型，或删除没有设施的自建类型",
		Description: "409 where there are facilities of a type that the bureau added.",
	}, h.remove)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-type-history", Method: http.MethodGet, Path: onePath + "/history", Tags: tags, Errors: reads,
		Summary: "Versions of what the bureau keeps of a facility type · 设施类型历史版本",
	}, h.history)
}

type handlers struct{ types Types }

type typeUnit struct {
	Unit string `json:"unit"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

type typeGroup struct {
	Group        string `json:"group"`
	ZH           string `json:"zh"`
	EN           string `json:"en"`
	NeverAtDoors bool   `json:"never_at_doors" doc:"No type of it may be named on a resident's door page"`
}

type typeStandard struct {
	ID string `json:"id"`
	ZH string `json:"zh"`
	EN string `json:"en"`
}

type typeMisfit struct {
	Type string `json:"type"`
	Why  string `json:"why"`
}

type partsReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Units     []typeUnit     `json:"units" nullable:"false"`
		Groups    []typeGroup    `json:"groups" nullable:"false"`
		Common    []typeField    `json:"common_fields" nullable:"false"`
		Standards []typeStandard `json:"standards" nullable:"false"`
		Misfits   []typeMisfit   `json:"misfits" nullable:"false"`
	}
}

func (h handlers) parts(ctx context.Context, _ *struct{}) (*partsReply, error) {
	p, err := h.types.Parts(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := &partsReply{CacheControl: "private, no-cache"}
	b := &out.Body
	b.Units, b.Groups, b.Standards, b.Misfits = []typeUnit{}, []typeGroup{}, []typeStandard{}, []typeMisfit{}
	b.Common = fieldsOut(p.Common)
	for _, u := range p.Units {
		b.Units = append(b.Units, typeUnit{u.Value, u.ZH, u.EN})
	}
	for _, g := range p.Groups {
		b.Groups = append(b.Groups, typeGroup(g))
	}
	for _, s := range p.Standards {
		b.Standards = append(b.Standards, typeStandard(s))
	}
	for _, m := range p.Misfits {
		b.Misfits = append(b.Misfits, typeMisfit{string(m.Type), m.Err.Error()})
	}
	return out, nil
}

type typePath struct {
	Type string `path:"type" maxLength:"64"`
}

type typeReply struct {
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Body         typeRecord
}

func reply(l facilities.LocalType, err error) (*typeReply, error) {
	if err != nil {
		return nil, problem(err)
	}
	return &typeReply{ETag: httpapi.ETag(l.Version), CacheControl: "private, no-cache", Body: recordOf(l)}, nil
}

func (h handlers) one(ctx context.Context, in *typePath) (*typeReply, error) {
	return reply(h.types.Type(ctx, facilities.Type(in.Type)))
}

type newType struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
	Body struct {
		TypeDraft
		Reason string `json:"reason" maxLength:"500" doc:"Why"`
	}
}

type typeMade struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     typeRecord
}

func (h handlers) create(ctx context.Context, in *newType) (*typeMade, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	l, err := h.types.Create(ctx, in.Body.info(), record.Change{Reason: in.Body.Reason})
	if err != nil {
		return nil, problem(err)
	}
	return &typeMade{ETag: httpapi.ETag(l.Version), Location: listPath + "/" + string(l.Definition.Type), Body: recordOf(l)}, nil
}

type checkInput struct{ Body TypeDraft }

type checkReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         typeCheck
}

func (h handlers) check(ctx context.Context, in *checkInput) (*checkReply, error) {
	got, heads, err := h.types.Check(ctx, in.Body.info())
	if err != nil {
		return nil, problem(err)
	}
	out := typeCheck{
		Definition: draftOf(got.Definition), Faults: []typeFault{}, Records: got.Census.Records, Published: got.Census.Published,
		Used: []typeUse{}, Effects: []typeEffect{}, Template: []typeHead{}, AtDoors: got.AtDoors,
	}
	for _, f := range got.Faults {
		out.Faults = append(out.Faults, typeFault{"#/" + strings.ReplaceAll(f.Field, ".", "/"), f.Value, f.ZH, f.EN})
	}
	for _, field := range slices.Sorted(maps.Keys(got.Census.Used)) {
		out.Used = append(out.Used, typeUse{field, got.Census.Used[field]})
	}
	for _, e := range got.Census.Effects() {
		out.Effects = append(out.Effects, typeEffect{e.Field.Field, e.Field.ZH, e.Field.EN, e.What, e.Records})
	}
	for _, head := range heads {
		out.Template = append(out.Template, typeHead(head))
	}
	return &checkReply{CacheControl: "no-store", Body: out}, nil
}

type typeUpdate struct {
	Type    string `path:"type" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"0\""`
	Body    typePatch
}

func (h handlers) update(ctx context.Context, in *typeUpdate) (*typeReply, error) {
	expected, err := httpapi.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	if err := record.Invalid(in.Body.nulls); err != nil {
		return nil, problem(err)
	}
	return reply(h.types.Update(ctx, facilities.Type(in.Type), expected, in.Body.patch(), record.Change{Reason: in.Body.Reason}))
}

type typeRemoval struct {
	Type    string `path:"type" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Reason  string `query:"reason" maxLength:"500" doc:"Why; needed"`
}

func (h handlers) remove(ctx context.Context, in *typeRemoval) (*struct{}, error) {
	expected, err := httpapi.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	if err := h.types.Remove(ctx, facilities.Type(in.Type), expected, record.Change{Reason: in.Reason}); err != nil {
		return nil, problem(err)
	}
	return nil, nil //nolint:nilnil // no content
}

func (h handlers) history(ctx context.Context, in *typePath) (*httpapi.RecordHistory, error) {
	list, err := h.types.History(ctx, facilities.Type(in.Type))
	if err != nil {
		return nil, problem(err)
	}
	return httpapi.HistoryOf(list), nil
}
