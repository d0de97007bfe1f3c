package premiseshttp

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/premises"
	"yike/internal/httpapi"
)

// Files writes the ledger to files, as the person of the context may see it. It is safe
// for concurrent use.
type Files interface {
	// Write writes the rooms of a filter as csv or xlsx.
	Write(ctx context.Context, w io.Writer, format string, f premises.Filter, english bool) error
}

// registerFiles mounts the ledger as files.
func (h handlers) registerFiles(api huma.API) {
	for _, f := range []struct{ format, mime string }{
		{"csv", "text/csv; charset=utf-8"},
		{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	} {
		httpapi.Register(api, huma.Operation{
			OperationID: "premises-" + f.format, Method: http.MethodGet, Path: listPath + "." + f.format, Tags: tags(),
			Summary:     "The ledger as a file · 导出公建台账",
			Description: "The rooms of the filter; the workbook has the sums by place, too. Contacts are masked as in the list.",
			Errors:      []int{http.StatusUnauthorized, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
			Responses:   map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{f.mime: {Schema: &huma.Schema{Type: huma.TypeString}}}}},
		}, h.file(f.format, f.mime))
	}
}

type fileInput struct {
	FilterInput
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"The language of the file"`
}

func (h handlers) file(format, mime string) func(context.Context, *fileInput) (*huma.StreamResponse, error) {
	return func(ctx context.Context, in *fileInput) (*huma.StreamResponse, error) {
		var file bytes.Buffer
		if err := h.files.Write(ctx, &file, format, h.filter(in.FilterInput), in.Words == "en"); err != nil {
			return nil, problem(err)
		}
		day := string(h.ledger.Today())
		name := "公建台账-" + day + "." + format
		return httpapi.Download(mime, "premises-"+day+"."+format, name, file.Bytes()), nil
	}
}
