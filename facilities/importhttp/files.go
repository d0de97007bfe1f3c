package importhttp

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"yike/internal/httpapi"
)

const (
	path    = "/api/v1/imports"
	onePath = path + "/{id}"
)

// registerFiles mounts what has to do with the file itself.
func (h handlers) registerFiles(r chi.Router, api huma.API) {
	h.registerUpload(api)
	r.Get(onePath+"/file", h.download(h.imports.Original))
	r.Get(onePath+"/errors.xlsx", h.download(h.imports.Marked))
	describeFiles(api)
	httpapi.Register(api, huma.Operation{
		OperationID: "imports", Method: http.MethodGet, Path: path, Tags: tags(),
		Summary: "Files that were brought in, the newest first · 导入历史",
		Errors:  []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity},
	}, h.list)
	httpapi.Register(api, huma.Operation{
		OperationID: "import", Method: http.MethodGet, Path: onePath, Tags: tags(),
		Summary:     "One file with what is in it and what its columns mean · 导入批次",
		Description: "Its entity tag changes with what people say of it.",
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound},
	}, h.one)
	httpapi.Register(api, huma.Operation{
		OperationID: "read-import-otherwise", Method: http.MethodPut, Path: onePath + "/source", Tags: tags(),
		Summary: "Read the file in another way: another sheet, another row of headings · 改变读取方式",
		Errors:  changeErrors(),
	}, h.reread)
	httpapi.Register(api, huma.Operation{
		OperationID: "discard-import", Method: http.MethodDelete, Path: onePath, Tags: tags(), DefaultStatus: http.StatusNoContent,
		Summary: "Take a file away of which nothing was taken · 删除未导入的文件",
		Errors:  []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict},
	}, h.discard)
}

func changeErrors() []int {
	return []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed,
		http.StatusUnprocessableEntity, http.StatusPreconditionRequired,
	}
}

// describeFiles puts what is served by hand into the document: bodies that are no JSON.
func describeFiles(api huma.API) {
	failed := func(what string) *huma.Response {
		return &huma.Response{Description: what, Content: map[string]*huma.MediaType{"application/problem+json": {}}}
	}
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	id := &huma.Param{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}
	doc := api.OpenAPI()
	for name, of := range map[string][3]string{
		"import-file":   {onePath + "/file", "The file as it came · 原文件", "application/octet-stream"},
		"import-errors": {onePath + "/errors.xlsx", "The table with its faults marked in it and told beside it · 标出错误的表格", xlsxType},
	} {
		doc.AddOperation(&huma.Operation{
			OperationID: name, Method: http.MethodGet, Path: of[0], Tags: tags(), Summary: of[1], Parameters: []*huma.Param{id},
			Responses: map[string]*huma.Response{
				"200": {Description: "OK", Content: map[string]*huma.MediaType{of[2]: {Schema: binary}}}, "401": failed("Unauthorized"), "403": failed("Forbidden"), "404": failed("Not Found"),
			},
		})
	}
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// registerUpload mounts the bringing of a file. Its body is no JSON, so that it is read by
// hand.
func (h handlers) registerUpload(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "upload-import", Method: http.MethodPost, Path: path, Tags: tags(), DefaultStatus: http.StatusCreated,
		Summary: "Bring a file of facilities: XLSX, CSV or TSV, GeoJSON, GeoPackage, zipped Shapefile, KML or KMZ · 上传导入文件",
		Description: "The body is the file itself, at most 64 MiB. What it is, is found out by what it holds. " +
			"The same request with the same Idempotency-Key gives the same import again.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		}},
		Errors: []int{
			http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity,
			http.StatusServiceUnavailable,
		},
	}, h.upload)
}

type uploadInput struct {
	httpapi.NamedFile
	Key string `header:"Idempotency-Key" maxLength:"128" doc:"Names the request, so that it has one effect however often it is sent; needed"`
}

func (h handlers) upload(ctx context.Context, in *uploadInput) (*importReply, error) {
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	name, err := in.Called()
	if err != nil {
		return nil, err
	}
	b, err := h.imports.Upload(ctx, name, in.Body())
	if err != nil {
		return nil, problem(err)
	}
	d, err := h.imports.Detail(ctx, b.ID)
	if err != nil {
		return nil, problem(err)
	}
	return replyOf(d), nil
}

// download serves a file that is made while it is sent.
func (h handlers) download(write func(ctx context.Context, id string, open func(string, int64) io.Writer) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		begun := false
		err := write(r.Context(), chi.URLParam(r, "id"), func(name string, size int64) io.Writer {
			begun = true
			w.Header().Set("Content-Type", "application/octet-stream")
			if strings.HasSuffix(name, ".xlsx") {
				w.Header().Set("Content-Type", xlsxType)
			}
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
			if size > 0 {
				w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
			}
			return w
		})
		switch {
		case err == nil:
		case begun: // half a file must not look like a whole one
			panic(http.ErrAbortHandler)
		default:
			httpapi.WriteError(w, r, problem(err))
		}
	}
}

type importsInput struct {
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	Cursor string `query:"cursor" maxLength:"200" doc:"next of the page before"`
}

type importPage struct {
	Imports []ImportBatch `json:"imports" nullable:"false"`
	Next    *string       `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

// importFresh is a body that is not kept by anybody.
type importFresh[T any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         T
}

func fresh[T any](body T) *importFresh[T] {
	return &importFresh[T]{CacheControl: "no-store", Body: body}
}

func (h handlers) list(ctx context.Context, in *importsInput) (*importFresh[importPage], error) {
	list, next, err := h.imports.List(ctx, in.Cursor, in.Limit)
	if err != nil {
		return nil, problem(err)
	}
	page := importPage{Imports: []ImportBatch{}}
	for _, b := range list {
		page.Imports = append(page.Imports, batchOf(b))
	}
	if next != "" {
		page.Next = &next
	}
	return fresh(page), nil
}

type importInput struct {
	ID string `path:"id" maxLength:"64"`
}

func (h handlers) one(ctx context.Context, in *importInput) (*importReply, error) {
	d, err := h.imports.Detail(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return replyOf(d), nil
}

type rereadInput struct {
	ID      string `path:"id" maxLength:"64"`
	IfMatch string `header:"If-Match" doc:"Entity tag of the version that was seen; needed" example:"\"3\""`
	Body    struct {
		Table     string `json:"table,omitempty" maxLength:"200" doc:"Name of the sheet or layer"`
		HeaderRow int    `json:"header_row,omitempty" minimum:"0" maximum:"1000" doc:"The first row of headings; 0 keeps what was found"`
		Encoding  string `json:"encoding,omitempty" enum:",UTF-8,UTF-16LE,UTF-16BE,GB18030"`
		Delimiter string `json:"delimiter,omitempty" maxLength:"1"`
	}
}

func (h handlers) reread(ctx context.Context, in *rereadInput) (*importReply, error) {
	expected, fault := httpapi.IfMatch(in.IfMatch)
	if fault != nil {
		return nil, fault
	}
	d, err := h.imports.Reread(ctx, in.ID, expected, Chosen(in.Body))
	if err != nil {
		return nil, problem(err)
	}
	return replyOf(d), nil
}

func (h handlers) discard(ctx context.Context, in *importInput) (*struct{}, error) {
	if err := h.imports.Discard(ctx, in.ID); err != nil {
		return nil, problem(err)
	}
	return nil, nil //nolint:nilnil // 204 has nothing
}
