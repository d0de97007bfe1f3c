// Package numberinghttp serves the numbering of doors: rule sets, what stands along a road, what
// numbers its doors are proposed and what is at fault with them, and taking proposals over as
// addresses. It owns the JSON shapes; it knows nothing of storage and takes what it serves from
// Register.
package numberinghttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/numbering"
)

// Asked says along what ground is asked for: a road of the register by id, a road of the network
// by name, or a line that somebody drew.
type Asked struct {
	NameID   string
	Name     string
	Sections []orb.LineString
	ReachM   float64
}

// Door is a number that is taken over.
type Door struct {
	Number   numbering.Number
	Reserved bool
	Takes    string      // id of the reserved address that it takes; "" for a new one
	Version  int         // of that, as it was seen
	Point    orb.Point   // lon/lat WGS 84
	Entrance bool        // the point is that of a door that somebody knows
	More     []orb.Point // side doors of the same number
	Note     string
}

// TakenRoad is a road whose proposals are taken over.
type TakenRoad struct {
	Use   numbering.Use
	Doors []Door
}

// Desk numbers doors as the person of the context may. Besides those named and those of the core,
// its errors are problems already, or faults of the server. It is safe for concurrent use.
type Desk interface {
	// Rules gives the rule sets of the bureau, and whether the person may make some.
	Rules(ctx context.Context) (list []numbering.LocalRule, mayWrite bool, err error)
	// One gives one of them. numbering.ErrNoRule.
	One(ctx context.Context, id string) (numbering.LocalRule, error)
	// Create makes one, once for each idempotency key. *record.InvalidError.
	Create(ctx context.Context, l numbering.LocalRule, c record.Change) (numbering.LocalRule, error)
	// Update changes the one of which the client saw a version. numbering.ErrNoRule and
	// *record.InvalidError.
	Update(ctx context.Context, id string, expected int, l numbering.LocalRule, c record.Change) (numbering.LocalRule, error)
	// History gives the versions of one, the newest first. numbering.ErrNoRule.
	History(ctx context.Context, id string) ([]httpapi.RecordVersion, error)
	// Streets lists roads that may be numbered.
	Streets(ctx context.Context, text, division string) ([]numbering.Street, error)
	// Ground gives what stands along a road. numbering.ErrUnknown.
	Ground(ctx context.Context, asked Asked) (numbering.Ground, error)
	// TakeOver makes addresses of numbers, of all roads or of none, once for each idempotency key,
	// and gives how many. numbering.ErrUnknown and *record.InvalidError.
	TakeOver(ctx context.Context, roads []TakenRoad, c record.Change) (int, error)
}

const (
	rulesPath = "/api/v1/numbering-rules"
	rulePath  = rulesPath + "/{id}"
)

func tags() []string { return []string{"addresses"} }

// Register mounts /api/v1/numbering-rules and /api/v1/numbering.
func Register(api huma.API, d Desk) error {
	presets, err := numbering.Presets()
	if err != nil {
		return err
	}
	checks, err := numbering.Checks()
	if err != nil {
		return err
	}
	h := handlers{desk: d, presets: presets, checks: checks}
	h.registerRules(api)
	h.registerRoads(api)
	return nil
}

type handlers struct {
	desk    Desk
	presets []numbering.RuleSet
	checks  []numbering.CheckInfo
}

func (h handlers) registerRules(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "numbering-rules", Method: http.MethodGet, Path: rulesPath, Tags: tags(),
		Summary:     "The rule sets by which doors are numbered · 编号方案",
		Description: "Those of the bureau and the presets that come with the program, each clause with the text behind it and how well that was read; and the checks PLT-01 to PLT-13.",
		Errors:      []int{http.StatusUnauthorized},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "numbering-rule", Method: http.MethodGet, Path: rulePath, Tags: tags(), Summary: "One rule set of the bureau · 一个编号方案",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-numbering-rule", Method: http.MethodPost, Path: rulesPath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary:     "Make a rule set · 新建编号方案",
		Description: "The same request with the same Idempotency-Key gives the same rule set again.",
		Errors:      []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-numbering-rule", Method: http.MethodPatch, Path: rulePath, Tags: tags(),
		Summary: "Change a rule set · 修改编号方案", Description: "It is sent whole, and makes a new version; roads that were numbered by an older one keep saying so.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed,
			http.StatusUnprocessableEntity, http.StatusPreconditionRequired, http.StatusServiceUnavailable,
		},
	}, h.update)
	httpapi.Register(api, huma.Operation{
		OperationID: "numbering-rule-history", Method: http.MethodGet, Path: rulePath + "/history", Tags: tags(),
		Summary: "The versions of a rule set · 方案历史", Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.history)
}

func (h handlers) registerRoads(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "numbering-streets", Method: http.MethodGet, Path: "/api/v1/numbering/streets", Tags: tags(),
		Summary: "Roads that may be numbered · 可编号的道路", Description: "Of the register of names and of the road network, by name; at most 200.",
		Errors: []int{http.StatusUnauthorized},
	}, h.streets)
	httpapi.Register(api, huma.Operation{
		OperationID: "numbering-ground", Method: http.MethodPost, Path: "/api/v1/numbering/ground", Tags: tags(),
		Summary: "What stands along a road · 沿线房屋和已有号码",
		Description: "Its line, the buildings on both sides that no other named road is nearer to, and the numbers that stand on its name. Writes nothing. " +
			"Reserved numbers are told to those who may see them only.",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.ground)
	httpapi.Register(api, huma.Operation{
		OperationID: "propose-numbers", Method: http.MethodPost, Path: "/api/v1/numbering/proposals", Tags: tags(), MaxBodyBytes: 16 << 20,
		Summary: "Propose numbers for the doors along a road · 编号建议",
		Description: "Of a road, frontages, a rule set and the numbers that are there: which number each frontage is proposed and why, and what PLT-01 to PLT-13 find of all of them. " +
			"A number that is there is never changed. Writes nothing; the same request has the same answer.",
		Errors: []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.propose)
	httpapi.Register(api, huma.Operation{
		OperationID: "take-over-numbers", Method: http.MethodPost, Path: "/api/v1/numbering/takeover", Tags: tags(), MaxBodyBytes: 16 << 20,
		Summary:     "Take proposed numbers over as addresses · 采用编号建议",
		Description: "All of all roads or none: numbers become provisional addresses, reserved ones reserved addresses, and which rule set each road was numbered by is kept.",
		Errors: []int{
			http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusUnprocessableEntity,
			http.StatusServiceUnavailable,
		},
	}, h.takeOver)
}
