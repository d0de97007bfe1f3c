// Package addresshttp serves the register of standard addresses. It owns the JSON shapes; it knows
// nothing of storage and takes what it serves from Register.
package addresshttp

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/internal/rules"
	"yike/placenames/addresses"
)

// Addresses reads and writes addresses as the person of the context may. Besides those named and
// those of the core, its errors are problems already, or faults of the server. It is safe for
// concurrent use.
type Addresses interface {
	// List gives a page of the register behind a place of it. ErrUnknownDivision.
	List(ctx context.Context, f addresses.Filter, division string, after httpapi.ListPlace, limit int) (addresses.Page, error)
	// Counts tells how many of all pages are of each level and in each state. ErrUnknownDivision.
	Counts(ctx context.Context, f addresses.Filter, division string) ([]addresses.Count, error)
	// Map gives the live addresses within a frame, at most limit. ErrUnknownDivision.
	Map(ctx context.Context, frame orb.Bound, f addresses.Filter, division string, limit int) ([]addresses.Drawn, bool, error)
	// Address gives one address as of a day ("" for now). ErrNotFound.
	Address(ctx context.Context, id string, day record.Day) (addresses.Item, error)
	// Lineage gives what an address is within, from the top down to itself.
	Lineage(ctx context.Context, id string) ([]addresses.Address, error)
	// Create makes an address, once for each idempotency key. *record.InvalidError.
	Create(ctx context.Context, a addresses.Address, c record.Change) (addresses.Item, error)
	// CreateAll makes a batch whole or not at all, once for each idempotency key, and gives their
	// ids. *record.InvalidError.
	CreateAll(ctx context.Context, batch []addresses.Entry, c record.Change) ([]string, error)
	// Update changes the address of which the client saw a version. ErrNotFound, *record.InvalidError.
	Update(ctx context.Context, id string, expected int, p addresses.Patch, c record.Change) (addresses.Item, error)
	// Move takes an address to another state, once for each idempotency key. As Update.
	Move(ctx context.Context, id string, expected int, m addresses.Move) (addresses.Item, error)
	// Remove takes out a reserved number. ErrNotFound, *record.InvalidError.
	Remove(ctx context.Context, id string, expected int, reason string) error
	// Renamed builds the texts of all addresses on a name anew and tells how many changed.
	// ErrNotFound, *record.InvalidError.
	Renamed(ctx context.Context, nameID string, d addresses.Decision, until record.Day, c record.Change) (int, error)
	// History gives the versions of an address, the newest first. ErrNotFound.
	History(ctx context.Context, id string) ([]httpapi.RecordVersion, error)
	// Check holds an address against the rules. ErrNotFound.
	Check(ctx context.Context, id string) (*rules.Set, []rules.Finding, []addresses.Element, error)
	// Pairs gives the old–new table of what is asked for. ErrUnknownDivision.
	Pairs(ctx context.Context, f addresses.Filter, division string) ([]addresses.Pair, error)
	// PairsFile is Pairs as a file, which is noted in the audit log.
	PairsFile(ctx context.Context, f addresses.Filter, division string, workbook, english bool) ([]byte, error)
	// MayWrite says whether the person may number anywhere.
	MayWrite(ctx context.Context) bool
	// Today is the day in the district.
	Today() record.Day
}

const (
	listPath = "/api/v1/addresses"
	onePath  = listPath + "/{id}"
)

func tags() []string { return []string{"addresses"} }

// Register mounts /api/v1/addresses with batch, map, old–new table, moves, history and check, and
// /api/v1/address-codes.
func Register(api huma.API, a Addresses) {
	h := handlers{a}
	reading := []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity}
	httpapi.Register(api, huma.Operation{
		OperationID: "address-codes", Method: http.MethodGet, Path: "/api/v1/address-codes", Tags: tags(), Summary: "The levels, states, layouts and other codes of addresses · 地址代码",
	}, h.codes)
	httpapi.Register(api, huma.Operation{
		OperationID: "addresses", Method: http.MethodGet, Path: listPath, Tags: tags(), Summary: "Standard addresses, page by page · 标准地址",
		Description: "By pinyin (numbers as numbers) and id. Follow next until it is null. Reserved numbers are shown to those who number there, and to nobody else.", Errors: reading,
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "addresses-map", Method: http.MethodGet, Path: listPath + "/map", Tags: tags(), Summary: "Live addresses within a frame, as GeoJSON · 地址图层", Errors: reading,
	}, h.layer)
	httpapi.Register(api, huma.Operation{
		OperationID: "address", Method: http.MethodGet, Path: onePath, Tags: tags(), Summary: "One address · 一个地址",
		Description: "With what it is within. Its entity tag is the version of the record.", Errors: reading,
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "address-history", Method: http.MethodGet, Path: onePath + "/history", Tags: tags(), Summary: "The versions of an address · 地址历史",
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.history)
	httpapi.Register(api, huma.Operation{
		OperationID: "address-check", Method: http.MethodGet, Path: onePath + "/check", Tags: tags(), Summary: "An address held against the rules PLT-23 to 26 and 29 · 地址检查", Errors: reading,
	}, h.check)
	h.registerWrites(api)
	h.registerPairs(api)
}

func (h handlers) registerWrites(api huma.API) {
	making := []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	changing := slices.Concat(making, []int{http.StatusNotFound, http.StatusPreconditionFailed, http.StatusPreconditionRequired})
	httpapi.Register(api, huma.Operation{
		OperationID: "create-address", Method: http.MethodPost, Path: listPath, Tags: tags(), DefaultStatus: http.StatusCreated, Summary: "Make the record of an address · 登记地址",
		Description: "Its text is built by rule; its division follows from its position, from what it is within or from its name where none is given. " +
			"The same request with the same Idempotency-Key gives the same address again.", Errors: making,
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "create-addresses", Method: http.MethodPost, Path: listPath + "/batch", Tags: tags(), DefaultStatus: http.StatusCreated, Summary: "Make many addresses, all or none · 批量登记地址",
		Description: "Addresses of a batch may refer to one another: parent_ref and main_ref name the ref of another. Faults name the row: /addresses/3/number.", Errors: making,
		MaxBodyBytes: 32 << 20,
	}, h.batch)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-address", Method: http.MethodPatch, Path: onePath, Tags: tags(), Summary: "Change an address · 变更地址",
		Description: "What is left out stays; lists replace lists. The state changes by moves only; the number, name and place in the tree of a standard address by renumbering, or with correction where they were entered wrongly.",
		Errors:      changing,
	}, h.update)
	httpapi.Register(api, huma.Operation{
		OperationID: "move-address", Method: http.MethodPost, Path: onePath + "/moves", Tags: tags(), Summary: "Approve, retire or replace an address · 地址状态变更",
		Description: "What ends names its successors, or says that it is gone; the old–new table is made of that.", Errors: changing,
	}, h.move)
	httpapi.Register(api, huma.Operation{
		OperationID: "remove-address", Method: http.MethodDelete, Path: onePath, Tags: tags(), DefaultStatus: http.StatusNoContent, Summary: "Take out a reserved number · 删除预留号", Errors: changing,
	}, h.remove)
	httpapi.Register(api, huma.Operation{
		OperationID: "rename-addresses", Method: http.MethodPost, Path: listPath + "/renamed", Tags: tags(), Summary: "Addresses follow the new name of their road or estate · 地名更名后更新地址",
		Description: "Builds the texts of all live addresses on the name anew and keeps the former ones, of which the old–new table is made.", Errors: changing,
	}, h.renamed)
}

type handlers struct{ addresses Addresses }
