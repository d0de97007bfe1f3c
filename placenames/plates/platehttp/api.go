// Package platehttp serves the register of address plates: orders to the makers, what happens to
// plates, the desk of what is due and the ways of fitters. It owns the JSON shapes; it knows
// nothing of storage and takes what it serves from Register. How a plate is drawn and what the
// public is told of it are served elsewhere.
package platehttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/rules"
	"yike/placenames/plates"
	"yike/placenames/plates/life"
)

// Detail is a plate with what happened to it and what its check found.
type Detail struct {
	Item     life.Item
	Events   []life.Taken
	Findings []rules.Finding
	Due      string // last day of what is to be done next; "" for none
}

// Desk is what lies on the desk.
type Desk struct {
	Figures  life.Figures
	Cuts     life.Cuts
	Preset   string
	Limits   life.Limits
	ToFix    []life.Item // that wait longest
	ToRepair []life.Item
	MayOrder bool
	MayFit   bool
}

// Stop is a plate on the way of a fitter.
type Stop struct {
	Item   life.Item
	Metres float64 // from the stop before, or from the start
}

// Way is the way of a fitter.
type Way struct {
	Stops   []Stop
	Without []life.Item // plates of doors whose place nobody knows
	Metres  float64
	Exact   bool // no order of the stops is shorter
	Walked  bool // along paths; else in straight lines
	Left    int  // plates that the way leaves for another day
}

// WayAsked is what a way is asked for.
type WayAsked struct {
	Filter life.Filter
	Tokens []plates.Token
	From   *orb.Point // lon/lat WGS 84; nil to begin at any door
	Most   int        // stops
}

// Plates reads and writes plates as the person of the context may. Besides those named and those
// of the core, its errors are problems already, or faults of the server. It is safe for
// concurrent use.
type Plates interface {
	// List gives a page of the plates asked for.
	List(ctx context.Context, f life.Filter, after life.Cursor, limit int) (life.Page, error)
	// Counts tells how many there are in each state.
	Counts(ctx context.Context, f life.Filter) (map[life.State]int, error)
	// One gives one plate, checked by a preset ("" for that of the district). ErrNotFound.
	One(ctx context.Context, code plates.Token, preset string) (Detail, error)
	// Register enters a plate that hangs already, once for each idempotency key.
	Register(ctx context.Context, e life.Existing) (life.Item, error)
	// Take records what happened to a plate, once for each key of the event. ErrNotFound.
	Take(ctx context.Context, code plates.Token, e life.Told) (life.Item, error)
	// History gives the versions of a plate, the newest first. ErrNotFound.
	History(ctx context.Context, code plates.Token) ([]httpapi.RecordVersion, error)
	// Choose tells what a selection comes to, without ordering anything.
	Choose(ctx context.Context, s life.Selection) (life.Choice, error)
	// Order makes an order, once for each idempotency key.
	Order(ctx context.Context, n life.NewOrder) (life.PlateOrder, error)
	// Orders gives the orders behind one of a year and number, the latest first.
	Orders(ctx context.Context, year, no, limit int) ([]life.PlateOrder, bool, error)
	// OrderOne gives one order. ErrNoOrder.
	OrderOne(ctx context.Context, id string) (life.PlateOrder, error)
	// ChangeOrder changes the words of an order of which the client saw a version. ErrNoOrder.
	ChangeOrder(ctx context.Context, id string, expected int, p life.OrderPatch) (life.PlateOrder, error)
	// All lets an event happen to plates of an order, and tells to how many. ErrNoOrder.
	All(ctx context.Context, id string, b life.Batch) (int, error)
	// Desk tells what is to be done in a division; false where there is no such preset.
	Desk(ctx context.Context, division, preset string) (Desk, bool, error)
	// Way orders the doors of some plates for a fitter.
	Way(ctx context.Context, w WayAsked) (Way, error)
	// MayOrder tells whether the person may order plates anywhere.
	MayOrder(ctx context.Context) bool
	// Book holds the rules, for whoever shows findings.
	Book() *life.Book
}

const (
	listPath  = "/api/v1/plates"
	onePath   = listPath + "/{token}"
	orderPath = "/api/v1/plate-orders"
	oneOrder  = orderPath + "/{id}"
)

func tags() []string { return []string{"plates"} }

type handlers struct{ plates Plates }

// Register mounts /api/v1/plates, the events and history of a plate, /api/v1/plate-orders,
// /api/v1/plate-desk and /api/v1/plate-routes.
func Register(api huma.API, p Plates) {
	h := handlers{p}
	reading := []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity}
	writing := []int{
		http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
	}
	httpapi.Register(api, huma.Operation{
		OperationID: "plates", Method: http.MethodGet, Path: listPath, Tags: tags(), Summary: "Address plates · 门牌",
		Description: "By name, number and code. stale=true lists exactly the plates that do not say what the register says.", Errors: reading,
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "register-plate", Method: http.MethodPost, Path: listPath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary: "Register a plate that hangs already · 登记既有门牌", Description: "What its symbol says is kept as it is. New plates come by orders.", Errors: writing,
	}, h.register)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate", Method: http.MethodGet, Path: onePath, Tags: tags(), Summary: "One plate with its events and findings · 一块门牌", Errors: reading,
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-event", Method: http.MethodPost, Path: onePath + "/events", Tags: tags(), Summary: "Say what happened to a plate · 门牌进展",
		Description: "The same event, by its key, is taken once however often it is sent. A photo is added to the plate first, with the key as its subject.", Errors: writing,
	}, h.take)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-history", Method: http.MethodGet, Path: onePath + "/history", Tags: tags(), Summary: "The versions of a plate · 门牌历史",
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.history)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-desk", Method: http.MethodGet, Path: "/api/v1/plate-desk", Tags: tags(), Summary: "What is due · 门牌待办", Errors: reading,
	}, h.desk)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-route", Method: http.MethodPost, Path: "/api/v1/plate-routes", Tags: tags(), Summary: "The way of a fitter · 安装路线",
		Description: "Nothing is kept; the same question has the same answer.", Errors: reading,
	}, h.way)
	registerOrders(api, h, reading, writing)
}

func registerOrders(api huma.API, h handlers, reading, writing []int) {
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-orders", Method: http.MethodGet, Path: orderPath, Tags: tags(), Summary: "Orders of plates · 制作单", Errors: reading,
	}, h.orders)
	httpapi.Register(api, huma.Operation{
		OperationID: "choose-plates", Method: http.MethodPost, Path: "/api/v1/plate-selection", Tags: tags(), Summary: "What an order would have · 制作单试算",
		Description: "Nothing is ordered. Addresses that get no plate are counted by the reason.", Errors: writing,
	}, h.choose)
	httpapi.Register(api, huma.Operation{
		OperationID: "order-plates", Method: http.MethodPost, Path: orderPath, Tags: tags(), DefaultStatus: http.StatusCreated, Summary: "Order plates · 下单制作", Errors: writing,
		Description: "Each plate gets a code by lot. A plate that one takes the place of is replaced in the same transaction.",
	}, h.order)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-order", Method: http.MethodGet, Path: oneOrder, Tags: tags(), Summary: "One order · 一张制作单", Errors: reading,
	}, h.orderOne)
	httpapi.Register(api, huma.Operation{
		OperationID: "change-plate-order", Method: http.MethodPatch, Path: oneOrder, Tags: tags(), Summary: "Change the words of an order · 变更制作单",
		Errors: append([]int{http.StatusPreconditionFailed, http.StatusPreconditionRequired}, writing...),
	}, h.changeOrder)
	httpapi.Register(api, huma.Operation{
		OperationID: "plate-order-event", Method: http.MethodPost, Path: oneOrder + "/events", Tags: tags(), Summary: "Made, delivered, sent back or withdrawn · 制作单进展",
		Description: "Of the plates named, or of all of the order to which it can happen; all or none.", Errors: writing,
	}, h.batch)
}
