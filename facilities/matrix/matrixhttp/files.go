package matrixhttp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/matrix"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Files writes tables to files. It is safe for concurrent use.
type Files interface {
	// Write writes a table as xlsx or pdf; of one subdistrict by its code, of the whole
	// district for "". ErrNoFonts where paper cannot be set.
	Write(w io.Writer, format string, m *matrix.Matrix, subdistrict string, english bool) error
	// Today is the day it is for the authority.
	Today() record.Day
}

// ErrNoFonts is returned by Files where the server has no Chinese fonts.
var ErrNoFonts = errors.New("there are no fonts to set paper with")

// registerFiles mounts the table as files.
func (h handlers) registerFiles(api huma.API) {
	for _, f := range []struct{ format, mime, what string }{
		{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"},
		{"pdf", "application/pdf", "A3 PDF"},
	} {
		httpapi.Register(api, huma.Operation{
			OperationID: "community-matrix-" + f.format, Method: http.MethodGet, Path: "/api/v1/community-matrix." + f.format, Tags: []string{"facilities"},
			Summary: "The table of communities as " + f.what + " · 导出一览表",
			Errors:  []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
			Responses: map[string]*huma.Response{
				"200": {Description: "The file", Content: map[string]*huma.MediaType{f.mime: {Schema: &huma.Schema{Type: huma.TypeString}}}},
			},
		}, h.file(f.format, f.mime))
	}
}

type fileInput struct {
	MatrixQuery
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"The language of the file"`
}

func (h handlers) file(format, mime string) func(context.Context, *fileInput) (*huma.StreamResponse, error) {
	return func(ctx context.Context, in *fileInput) (*huma.StreamResponse, error) {
		m, _, err := h.matrix(ctx, in.MatrixQuery)
		if err != nil {
			return nil, problem(err)
		}
		var file bytes.Buffer
		if err := h.files.Write(&file, format, m, in.Subdistrict, in.Words == "en"); err != nil {
			return nil, problem(err)
		}
		day := string(h.files.Today())
		name := "一村居一行配置一览表-" + day + "." + format
		return httpapi.Download(mime, "community-matrix-"+day+"."+format, name, file.Bytes()), nil
	}
}
