// Package funeralhttp serves the planning of columbaria: the five-way sort, the balance
// sheet of niches and the planned moves. It owns the JSON shapes and the printed forms,
// and knows nothing of storage; what it serves it takes from a Source, and moves it writes
// through Transfers.
package funeralhttp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/facilities/funeral"
	"yike/geo/divisions"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Ledger is everything a balance is worked out from.
type Ledger struct {
	Places      []facilities.Facility // of funeral.Kinds
	Transfers   []funeral.Transfer
	Communities []funeral.Community // with the people of Base
	Divisions   []divisions.Division
	Base        divisions.Base
	Bases       []divisions.Base // there are
	Example     bool             // some of it is synthetic
	Year        int              // the present one
}

// Source gives what is served, as the person of the context may see it. It is safe for
// concurrent use.
type Source interface {
	// Ledger reads everything with the people of a base, the usual one for "".
	// ErrNotReady and ErrUnknownBase.
	Ledger(ctx context.Context, base divisions.Base) (Ledger, error)
	// Write writes a balance as a file: csv, xlsx or pdf. ErrNoFonts.
	Write(w io.Writer, format string, l Ledger, b funeral.Balance, english bool) error
}

// Transfers writes planned moves, as the person of the context may. Besides those named,
// its errors are problems already, or faults of the server.
type Transfers interface {
	// Create plans a move, once for each idempotency key. ErrNotReady and *record.InvalidError.
	Create(ctx context.Context, t funeral.Transfer, reason string) (funeral.Transfer, error)
	// Update changes the move of which the client saw a version. ErrNotReady, ErrNotFound
	// and *record.InvalidError.
	Update(ctx context.Context, id string, expected int, p funeral.Patch, reason string) (funeral.Transfer, error)
}

// What a Source and Transfers may answer.
var (
	ErrNotReady    = errors.New("the data are not loaded yet")
	ErrNotFound    = errors.New("no such transfer")
	ErrUnknownBase = errors.New("unknown base")
	ErrNoFonts     = errors.New("no Chinese font")
)

type handlers struct {
	src       Source
	transfers Transfers
}

// Register mounts /api/v1/funeral/… and /api/v1/niche-transfers.
func Register(api huma.API, src Source, transfers Transfers) {
	h := handlers{src, transfers}
	tags := []string{"funeral"}
	read := []int{http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	httpapi.Register(api, huma.Operation{
		OperationID: "niche-balance", Method: http.MethodGet, Path: "/api/v1/funeral/balance", Tags: tags, Errors: read,
		Summary: "The balance sheet of niches and the five-way sort · 迁移平衡表",
		Description: "Niches still occupied in halls to close against niches free in receiving halls, by year, with the deaths to be expected. " +
			"Halls whose niches are not known are listed, never counted as empty.",
	}, h.balance)
	for _, f := range fileFormats() {
		mime, _, _ := strings.Cut(f.mime, ";")
		httpapi.Register(api, huma.Operation{
			OperationID: "niche-balance-" + f.ext, Method: http.MethodGet, Path: "/api/v1/funeral/balance." + f.ext, Tags: tags, Errors: read,
			Summary: "The same as a file · 迁移平衡表（" + f.name + "）",
			Responses: map[string]*huma.Response{
				"200": {Description: "A row for each columbarium", Content: map[string]*huma.MediaType{mime: {Schema: &huma.Schema{Type: huma.TypeString}}}},
			},
		}, h.file(f))
	}
	write := []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
	}
	httpapi.Register(api, huma.Operation{
		OperationID: "create-niche-transfer", Method: http.MethodPost, Path: "/api/v1/niche-transfers", Tags: tags, DefaultStatus: http.StatusCreated,
		Errors: write, Summary: "Plan a move of niches · 安排格位迁移",
	}, h.create)
	httpapi.Register(api, huma.Operation{
		OperationID: "update-niche-transfer", Method: http.MethodPatch, Path: "/api/v1/niche-transfers/{id}", Tags: tags,
		Errors:  append(write, http.StatusNotFound, http.StatusPreconditionFailed, http.StatusPreconditionRequired),
		Summary: "Change or cancel a planned move · 变更格位迁移",
	}, h.update)
}

// span bounds the years of one sheet.
const (
	usualYears = 10
	mostYears  = 50
)

// BalanceQuery is what decides one balance.
type BalanceQuery struct {
	From      int     `query:"from" doc:"First year; the present one when left out"`
	To        int     `query:"to" doc:"Last year; ten years in all when left out"`
	Base      string  `query:"base" enum:",registered,resident" doc:"Which people; the usual base when left out"`
	Mortality float64 `query:"mortality" default:"5.715" minimum:"0" maximum:"100" doc:"Deaths per 1,000 people and year"`
	Share     float64 `query:"share" default:"50" minimum:"0" maximum:"100" doc:"Of 100 deaths, how many come to rest in niches"`
}

// ask gives the ledger and the assumptions of a question.
func (h handlers) ask(ctx context.Context, in *BalanceQuery) (Ledger, funeral.Assumptions, error) {
	l, err := h.src.Ledger(ctx, divisions.Base(in.Base))
	if err != nil {
		return l, funeral.Assumptions{}, problem(err)
	}
	a := funeral.Assumptions{
		From: in.From, To: in.To, MortalityPPM: int64(math.Round(in.Mortality * 1_000)), SharePPM: int64(math.Round(in.Share * 10_000)),
	}
	if a.From == 0 {
		a.From = l.Year
	}
	if a.To == 0 {
		a.To = a.From + usualYears - 1
	}
	var faults []record.Fault
	if a.From < funeral.FirstYear || a.From > funeral.LastYear {
		faults = append(faults, yearFault("from", a.From))
	}
	if a.To < a.From || a.To >= a.From+mostYears {
		faults = append(faults, record.Fault{
			Field: "to", Value: fmt.Sprint(a.To), ZH: fmt.Sprintf("应不早于起始年，且不超过 %d 年", mostYears),
			EN: fmt.Sprintf("must not be before the first year, and at most %d years in all", mostYears),
		})
	}
	if err := record.Invalid(faults); err != nil {
		return l, a, problem(err)
	}
	return l, a, nil
}

func yearFault(field string, year int) record.Fault {
	return record.Fault{
		Field: field, Value: fmt.Sprint(year), ZH: fmt.Sprintf("应在 %d 至 %d 年之间", funeral.FirstYear, funeral.LastYear),
		EN: fmt.Sprintf("must be from %d to %d", funeral.FirstYear, funeral.LastYear),
	}
}

func (l Ledger) halls() []funeral.Hall {
	var halls []funeral.Hall
	for _, f := range l.Places {
		if f.Type == funeral.Columbarium {
			halls = append(halls, funeral.HallOf(f))
		}
	}
	return halls
}

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready", "数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_transfer", "没有这条迁移安排", "There is no such planned move")
	case errors.Is(err, ErrNoFonts):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "no_fonts",
			"服务器上没有中文字体，不能生成 PDF；请安装 fonts-noto-cjk", "The server has no Chinese font to write PDF with; install fonts-noto-cjk")
	case errors.Is(err, ErrUnknownBase):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "unknown_base", "没有这一口径的人口数据", "There are no people of this base")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
