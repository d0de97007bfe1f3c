// Package audithttp serves the audit log to auditors: the list, how the log stands, its
// verification and its export. It owns the JSON shapes; it takes what it serves from a
// Log and knows neither the database nor who may read: the store asks for the rights.
package audithttp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"yike/internal/audit"
	"yike/internal/httpapi"
)

// Log is the audit log of the authority of whoever asks. It is safe for concurrent use.
// Its errors are audit.ErrForbidden, audit.ErrKeyReused, or of the database.
type Log interface {
	List(ctx context.Context, q audit.Query) (audit.Page, error)
	Status(ctx context.Context) (audit.Status, error)
	Verify(ctx context.Context) (audit.Verification, error)
	// Export leaves its entry and gives what writes the file.
	Export(ctx context.Context, p audit.Period) (func(ctx context.Context, w io.Writer) error, error)
}

const noStore = "no-store"

// How many of what takes long may be under way at once; the next one is told to wait.
const (
	verifyAtOnce = 1
	exportAtOnce = 2
)

// Register mounts /api/v1/audit, /audit/status, /audit/verification and /audit/export.
// now is the clock for the deadlines of long answers.
func Register(r chi.Router, api huma.API, log Log, logger *slog.Logger, now func() time.Time) {
	h := &handlers{log: log, logger: logger, now: now, verifying: make(chan struct{}, verifyAtOnce), exporting: make(chan struct{}, exportAtOnce)}
	httpapi.Register(api, huma.Operation{
		OperationID: "audit", Method: http.MethodGet, Path: "/api/v1/audit", Tags: []string{"audit"},
		Summary:     "The audit log, newest first · 审计日志",
		Description: "Follow next until it is null. block is 0 for entries of the last second or two, which no block has sealed yet.",
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "audit-status", Method: http.MethodGet, Path: "/api/v1/audit/status", Tags: []string{"audit"},
		Summary: "How the audit log stands · 审计日志状态", Errors: []int{http.StatusUnauthorized, http.StatusForbidden},
	}, h.status)
	httpapi.Register(api, huma.Operation{
		OperationID: "verify-audit", Method: http.MethodPost, Path: "/api/v1/audit/verification", Tags: []string{"audit"},
		Summary:     "Verify the whole audit log · 核对审计日志",
		Description: "Recomputes every block and compares the chain with what was written down of it outside of the database. Leaves an entry.",
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.verify)
	describeExport(api)
	r.Get(exportPath, h.export)
}

type handlers struct {
	log       Log
	logger    *slog.Logger
	now       func() time.Time
	verifying chan struct{}
	exporting chan struct{}
}

// Bounds are the bounds of a period as query parameters.
type Bounds struct {
	From string `query:"from" maxLength:"40" doc:"From this moment (RFC 3339) or day (UTC+8) on" example:"2026-11-01"`
	To   string `query:"to" maxLength:"40" doc:"Before this moment, or until the end of this day" example:"2026-11-30"`
}

type listInput struct {
	Bounds
	Who     string `query:"who" maxLength:"100" doc:"Part of the name, or the account's id"`
	Action  string `query:"action" maxLength:"100" doc:"An action (account.write), or all of a noun (account)"`
	Outcome string `query:"outcome" enum:"done,refused,failed" doc:"How it ended"`
	Kind    string `query:"kind" maxLength:"100" doc:"Kind of the subject"`
	ID      string `query:"id" maxLength:"200" doc:"Id of the subject"`
	Text    string `query:"q" maxLength:"100" doc:"Only where the entry contains this, in any case"`
	Limit   int    `query:"limit" default:"50" minimum:"1" maximum:"500" doc:"Entries per page"`
	Cursor  string `query:"cursor" maxLength:"200" doc:"next of the page before"`
}

// Resolve refuses what PostgreSQL takes for no text.
func (in *listInput) Resolve(huma.Context) []error {
	var faults []error
	for name, value := range map[string]string{"who": in.Who, "action": in.Action, "kind": in.Kind, "id": in.ID, "q": in.Text} {
		if strings.ContainsRune(value, 0) || strings.ToValidUTF8(value, "") != value {
			faults = append(faults, &huma.ErrorDetail{Location: "query." + name, Message: "expected string"})
		}
	}
	return faults
}

// auditEntry is one entry in the API.
type auditEntry struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Who       string    `json:"who"`
	AccountID string    `json:"account_id" doc:"Empty for the system itself"`
	Why       string    `json:"why"`
	From      string    `json:"from" doc:"Address of the client"`
	Action    string    `json:"action" example:"facility.write"`
	Outcome   string    `json:"outcome" enum:"done,refused,failed"`
	Kind      string    `json:"kind" doc:"Kind of the subject"`
	SubjectID string    `json:"subject_id"`
	Division  string    `json:"division_code"`
	TraceID   string    `json:"trace_id" doc:"Names the request in the server's log"`
	Block     int64     `json:"block" doc:"Number of the block that sealed it; 0 when none has yet"`
	Detail    anyJSON   `json:"detail" doc:"What was done: notes with before and after"`
}

// anyJSON is passed on as it is stored.
type anyJSON json.RawMessage

// MarshalJSON gives the stored text.
func (j anyJSON) MarshalJSON() ([]byte, error) { return json.RawMessage(j).MarshalJSON() }

// Schema lets it be any JSON value.
func (anyJSON) Schema(huma.Registry) *huma.Schema { return &huma.Schema{} }

type auditPage struct {
	Entries []auditEntry `json:"entries" nullable:"false"`
	Next    *string      `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

type listReply struct {
	CacheControl string `header:"Cache-Control"` // what an auditor saw is not left in a browser
	Body         auditPage
}

func (h *handlers) list(ctx context.Context, in *listInput) (*listReply, error) {
	period, err := in.period()
	if err != nil {
		return nil, err
	}
	after, err := audit.ParseCursor(in.Cursor)
	if err != nil {
		return nil, problem(err)
	}
	found, err := h.log.List(ctx, audit.Query{
		Period: period, Who: in.Who, Action: in.Action, Outcome: in.Outcome, Kind: in.Kind, ID: in.ID, Text: in.Text, Limit: in.Limit, After: after,
	})
	if err != nil {
		return nil, problem(err)
	}
	out := auditPage{Entries: make([]auditEntry, len(found.Entries))}
	for i, e := range found.Entries {
		out.Entries[i] = auditEntry{
			ID: e.ID, At: e.At, Who: e.Who, AccountID: e.AccountID, Why: e.Why, From: e.From, Action: e.Action, Outcome: e.Outcome,
			Kind: e.Kind, SubjectID: e.SubjectID, Division: e.Division, TraceID: e.TraceID, Block: e.Block, Detail: anyJSON(e.Detail),
		}
	}
	if found.Next != nil {
		next := found.Next.String()
		out.Next = &next
	}
	return &listReply{noStore, out}, nil
}

type auditHead struct {
	_        struct{} `nullable:"true"`
	Number   int64    `json:"number"`
	Hash     string   `json:"hash"`
	SealedAt string   `json:"sealed_at" format:"date-time"`
	KeyID    string   `json:"key_id"`
}

type lastVerification struct {
	_  struct{}  `nullable:"true"`
	At time.Time `json:"at"`
	OK bool      `json:"ok"`
	ZH string    `json:"text_zh"`
	EN string    `json:"text_en"`
}

type auditStatus struct {
	Blocks         int64             `json:"blocks"`
	Sealed         int64             `json:"sealed_entries"`
	Unsealed       int64             `json:"unsealed_entries"`
	OldestUnsealed *time.Time        `json:"oldest_unsealed_at" nullable:"true"`
	Head           *auditHead        `json:"head" doc:"The last block; null before the first"`
	Last           *lastVerification `json:"last_verification" doc:"Null before the first"`
	PublicKey      string            `json:"public_key" doc:"Hexadecimal Ed25519 key, for verifying an export elsewhere"`
}

type statusReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         auditStatus
}

func (h *handlers) status(ctx context.Context, _ *struct{}) (*statusReply, error) {
	s, err := h.log.Status(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := auditStatus{Blocks: s.Blocks, Sealed: s.Sealed, Unsealed: s.Unsealed, OldestUnsealed: s.OldestUnsealed, PublicKey: s.PublicKey}
	if s.Head != nil {
		out.Head = &auditHead{Number: s.Head.Number, Hash: s.Head.Hash, SealedAt: s.Head.SealedAt, KeyID: s.Head.KeyID}
	}
	if s.Last != nil {
		out.Last = &lastVerification{At: s.LastAt, OK: s.Last.OK, ZH: s.Last.ZH, EN: s.Last.EN}
	}
	return &statusReply{noStore, out}, nil
}

type auditFault struct {
	_     struct{} `nullable:"true"`
	Block int64    `json:"block" doc:"Number of the block that is broken or missing"`
	ZH    string   `json:"zh"`
	EN    string   `json:"en"`
}

type auditVerification struct {
	OK      bool        `json:"ok"`
	Blocks  int64       `json:"blocks" doc:"Whole blocks, up to the fault"`
	Entries int64       `json:"entries" doc:"Entries in them"`
	Fault   *auditFault `json:"fault" doc:"The first fault; null when the log is whole"`
}

type verificationReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         auditVerification
}

func (h *handlers) verify(ctx context.Context, _ *struct{}) (*verificationReply, error) {
	leave, err := enter(h.verifying)
	if err != nil {
		return nil, busy(err)
	}
	defer leave()
	v, err := h.log.Verify(ctx)
	if err != nil {
		return nil, problem(err)
	}
	out := auditVerification{OK: v.OK, Blocks: v.Blocks, Entries: v.Entries}
	if !v.OK {
		out.Fault = &auditFault{Block: v.Block, ZH: v.ZH, EN: v.EN}
	}
	return &verificationReply{noStore, out}, nil
}

// enter takes one of a few places, or errBusy.
func enter(places chan struct{}) (leave func(), err error) {
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	default:
		return nil, errBusy
	}
}

// period reads the bounds, and says which of them is none.
func (in Bounds) period() (audit.Period, error) {
	p, err := audit.ParsePeriod(in.From, in.To)
	var bad *audit.PeriodError
	if !errors.As(err, &bad) {
		return p, err
	}
	pointer := "query.to"
	if bad.Text == in.From {
		pointer = "query.from"
	}
	return audit.Period{}, httpapi.NewProblem(http.StatusUnprocessableEntity, "validation",
		"请求中的参数不合要求，见 errors", "The request has values that are not accepted; see errors").With(httpapi.Fault{
		Pointer: pointer, Value: bad.Text,
		Reason: httpapi.Text{ZH: "应为日期（2026-11-27）或时刻（2026-11-27T08:00:00+08:00）", EN: "must be a day (2026-11-27) or a moment (2026-11-27T08:00:00+08:00)"},
	})
}
