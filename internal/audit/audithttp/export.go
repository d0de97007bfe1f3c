package audithttp

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

const (
	exportPath = "/api/v1/audit/export"
	exportType = "application/x-ndjson"

	// patience is how long one piece of an export may take to be sent. The whole may
	// take as long as it is large.
	patience = 30 * time.Second
)

// describeExport puts the export into the OpenAPI document: it is served by hand, since
// it is no JSON document and may be of any length.
func describeExport(api huma.API) {
	day := func(name, doc string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	failed := func(what string) *huma.Response {
		return &huma.Response{Description: what, Content: map[string]*huma.MediaType{"application/problem+json": {}}}
	}
	api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "export-audit", Method: http.MethodGet, Path: exportPath, Tags: []string{"audit"},
		Summary: "The sealed audit log as a file that outsiders can verify · 导出审计日志",
		Description: "One JSON object a line: what the file is, then each block that holds an entry of the period, followed by all its entries, " +
			"and an end. `yike audit verify --file FILE --public-key KEY` checks it without a database. Leaves an entry. " +
			"An answer that ends without its last line is not whole.",
		Parameters: []*huma.Param{
			day("from", "From this moment (RFC 3339) or day (UTC+8) on"),
			day("to", "Before this moment, or until the end of this day"),
		},
		Responses: map[string]*huma.Response{
			"200": {Description: "OK", Content: map[string]*huma.MediaType{exportType: {Schema: &huma.Schema{Type: huma.TypeString}}}},
			"401": failed("Unauthorized"), "403": failed("Forbidden"), "422": failed("Unprocessable Entity"),
			"500": failed("Internal Server Error"), "503": failed("Service Unavailable"),
		},
	})
}

func (h *handlers) export(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	period, err := Bounds{From: query.Get("from"), To: query.Get("to")}.period()
	if err != nil {
		httpapi.WriteError(w, r, err)
		return
	}
	leave, err := enter(h.exporting)
	if err != nil {
		w.Header().Set("Retry-After", retryAfter)
		httpapi.WriteError(w, r, problem(err))
		return
	}
	defer leave()
	write, err := h.log.Export(r.Context(), period)
	if err != nil {
		httpapi.WriteError(w, r, problem(err))
		return
	}
	w.Header().Set("Content-Type", exportType)
	w.Header().Set("Cache-Control", noStore)
	w.Header().Set("Content-Disposition", `attachment; filename="yike-audit-`+h.now().UTC().Format("20060102T150405Z")+`.ndjson"`)
	out := &patientWriter{w: w, control: http.NewResponseController(w), now: h.now}
	if err := write(r.Context(), out); err != nil {
		h.broken(w, r, out, err)
	}
}

// broken ends an export that failed: with a problem while nothing was sent, else by
// cutting the connection, so that half a file does not look like an answer.
func (h *handlers) broken(w http.ResponseWriter, r *http.Request, out *patientWriter, err error) {
	if !out.begun {
		w.Header().Del("Content-Disposition")
		httpapi.WriteError(w, r, problem(err))
		return
	}
	if !errors.Is(err, context.Canceled) { // the client has gone
		h.logger.ErrorContext(r.Context(), "the export of the audit log broke off", slog.Any("error", err), slog.String("trace_id", httpapi.FactsOf(r.Context()).TraceID))
	}
	panic(http.ErrAbortHandler)
}

// patientWriter puts off the server's deadline for the whole answer as pieces of it are
// taken.
type patientWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	now     func() time.Time
	begun   bool
}

func (p *patientWriter) Write(b []byte) (int, error) {
	p.begun = true
	_ = p.control.SetWriteDeadline(p.now().Add(patience)) // a writer of a test may have none
	return p.w.Write(b)
}
