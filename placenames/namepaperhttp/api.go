// Package namepaperhttp serves the documents (文书) of cases of place names: what a case has at its
// steps, a preview with what is missing, drafts, papers as they were kept with their signed
// copies, the filing pack, and how an authority numbers its papers. It owns the JSON shapes; it
// knows nothing of storage and takes what it serves from Papers.
package namepaperhttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/papers/paperhttp"
	"yike/placenames/papers"
	"yike/placenames/process"
)

// Papers makes and keeps the papers of cases, as the person of the context may. Besides those
// named, its errors are problems already, or faults of the server. It is safe for concurrent use.
type Papers interface {
	paperhttp.Templates
	// Desk gives the papers of a case. process.ErrNotFound.
	Desk(ctx context.Context, caseID string) (Desk, error)
	// Preview gives what would stand in a paper. process.ErrNotFound and papers.ErrNoKind.
	Preview(ctx context.Context, caseID string, kind papers.Kind) (NamePaperPreview, error)
	// Draft gives a paper as it would be. As Preview.
	Draft(ctx context.Context, caseID string, kind papers.Kind) (paperhttp.File, error)
	// Keep keeps a paper, once for each idempotency key. As Preview, and *record.InvalidError.
	Keep(ctx context.Context, caseID string, d papers.Draft) (papers.Paper, error)
	// List gives papers of all cases, the last kept first.
	List(ctx context.Context, f papers.Filter) ([]papers.Paper, error)
	// Paper gives one paper. papers.ErrNotFound.
	Paper(ctx context.Context, id string) (papers.Paper, error)
	// File gives a paper as it was kept. papers.ErrNotFound and paperhttp.ErrFileLost.
	File(ctx context.Context, id string) (paperhttp.File, error)
	// Scan brings the signed copy of a paper, once for each idempotency key. papers.ErrNotFound,
	// papers.ErrVoid, *record.InvalidError.
	Scan(ctx context.Context, id, name string, file []byte) (papers.Paper, error)
	// Void makes a paper hold no more. papers.ErrNotFound, papers.ErrVoid, *record.InvalidError.
	Void(ctx context.Context, id, reason string) (papers.Paper, error)
	// Holds says what the filing pack of a case holds and lacks. process.ErrNotFound and
	// papers.ErrNoKind where nothing of it is filed from here.
	Holds(ctx context.Context, caseID string) (NamePaperPack, error)
	// Pack gives the filing pack. As Holds, and paperhttp.ErrFileLost.
	Pack(ctx context.Context, caseID string) (paperhttp.File, error)
	// Settings gives what the authority has set, with the version and whether the person may.
	Settings(ctx context.Context) (papers.Settings, int, bool, error)
	// SetSettings sets it where the client saw a version. *record.InvalidError.
	SetSettings(ctx context.Context, expected int, s papers.Settings, reason string) error
}

// Desk are the papers of a case.
type Desk struct {
	Kinds []AtStep
	Kept  []papers.Paper
	May   bool // keep papers
	Filed bool // a filing pack is made here
}

// AtStep is a kind of papers at its step.
type AtStep struct {
	papers.Spec
	Step   string
	Number string // that it would get now; "" for none
	Series string
	To     string
}

// MaxScan is how many bytes a signed copy may have.
const MaxScan = 20 << 20

// MaxScanUpload is how many bytes a request with one may have, for the bound of its route.
const MaxScanUpload = MaxScan + 1<<20

const (
	casePath = "/api/v1/name-cases/{id}/papers"
	listPath = "/api/v1/name-papers"
	onePath  = listPath + "/{id}"
	packPath = "/api/v1/name-cases/{id}/filing-pack"
	setPath  = "/api/v1/name-paper-settings"
)

func tags() []string { return []string{"place-names"} }

type handlers struct{ papers Papers }

// Register mounts papers of cases, /name-papers, /name-paper-settings, /name-paper-templates and
// filing packs.
func Register(api huma.API, p Papers) {
	h := handlers{p}
	h.registerCase(api)
	h.registerKept(api)
	h.registerPack(api)
	h.registerSettings(api)
	paperhttp.RegisterTemplates(api, paperhttp.Names{Path: "/api/v1/name-paper-templates", One: "name-paper-template", Tag: tags()[0], ZH: "地名文书", EN: "papers of place names"}, p)
}

func (h handlers) registerCase(api huma.API) {
	read := []int{http.StatusUnauthorized, http.StatusNotFound}
	httpapi.Register(api, huma.Operation{
		OperationID: "name-case-papers", Method: http.MethodGet, Path: casePath, Tags: tags(),
		Summary: "The papers of a case: those of its steps, and those that were kept · 办件文书", Errors: read,
	}, h.desk)
	httpapi.Register(api, huma.Operation{
		OperationID: "preview-name-paper", Method: http.MethodGet, Path: casePath + "/{kind}/preview", Tags: tags(),
		Summary: "What would stand in a paper, and what is missing · 文书预览", Errors: read,
	}, h.preview)
	httpapi.Register(api, huma.Operation{
		OperationID: "draft-name-paper", Method: http.MethodGet, Path: casePath + "/{kind}/draft", Tags: tags(),
		Summary:     "A paper as it would be, as a Word document · 文书草稿",
		Description: "Made from the present template and records. It has no number yet; what nobody recorded is a blank to fill in by hand.",
		Responses:   paperhttp.Binary(paperhttp.DOCX, "The draft"), Errors: read,
	}, h.draft)
	httpapi.Register(api, huma.Operation{
		OperationID: "keep-name-paper", Method: http.MethodPost, Path: casePath, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary: "Keep a paper of a case as it goes out · 文书定稿",
		Description: "Where the authority has a series of numbers for it, it gets the next one of the year, without a gap. It is never changed; what was wrong is made void and kept anew. " +
			"What a person writes into blanks never takes the place of what a record says.",
		Errors: []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.keep)
}

func (h handlers) registerKept(api huma.API) {
	write := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity}
	httpapi.Register(api, huma.Operation{
		OperationID: "name-papers", Method: http.MethodGet, Path: listPath, Tags: tags(),
		Summary: "Papers of all cases, page by page, the last kept first · 发文登记", Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "name-paper", Method: http.MethodGet, Path: onePath, Tags: tags(),
		Summary: "One paper · 文书", Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "name-paper-file", Method: http.MethodGet, Path: onePath + "/file", Tags: tags(),
		Summary: "A paper as it was kept · 下载文书", Description: "The bytes whose SHA-256 the paper names.",
		Responses: paperhttp.Binary(paperhttp.DOCX, "The paper"), Errors: []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.file)
	httpapi.Register(api, huma.Operation{
		OperationID: "scan-name-paper", Method: http.MethodPost, Path: onePath + "/scan", Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary:     "Bring the signed copy of a paper · 上传签字件",
		Description: "The body is the file itself, a PDF, JPEG or PNG. It becomes a file of the case as the material that the paper is, so that its step has it.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}},
		Errors:      append(write, http.StatusRequestEntityTooLarge),
	}, h.scan)
	httpapi.Register(api, huma.Operation{
		OperationID: "void-name-paper", Method: http.MethodPost, Path: onePath + "/void", Tags: tags(),
		Summary: "Make a paper void; its number stays taken · 文书作废", Errors: write,
	}, h.void)
}

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, process.ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_case", "没有这个办件", "There is no such case")
	case errors.Is(err, papers.ErrNotFound):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_paper", "没有这份文书", "There is no such paper")
	case errors.Is(err, papers.ErrNoKind):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_paper_kind", "本办件没有这种文书", "The case has no such paper")
	case errors.Is(err, papers.ErrVoid):
		return httpapi.NewProblem(http.StatusConflict, "paper_void", "文书已作废", "The paper is void")
	}
	if p, ok := paperhttp.Problem(err); ok {
		return p
	}
	return err
}
