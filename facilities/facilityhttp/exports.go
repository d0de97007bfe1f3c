package facilityhttp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/facilities/exports"
	"yike/internal/httpapi"
)

// ExportOrder says which facilities are written, and how.
type ExportOrder struct {
	Filter    facilities.Filter
	Format    string // a code word of ExportFormats; "" takes the profile's, or the first
	System    string // of coordinates; "" takes the profile's, or WGS 84
	Words     exports.Words
	ProfileID string           // of a kept profile; "" for none
	Profile   *exports.Profile // one that is not kept, to look at
}

// ExportedFile is a file for download. It has to be closed.
type ExportedFile struct {
	io.ReadCloser
	Size      int64
	Name      string // for people, with its extension
	Plain     string // the same in ASCII
	MediaType string
	Rows      int
}

// ExportFormat is a format that facilities can be written in.
type ExportFormat struct {
	Format    string
	Extension string
	ZH, EN    string
	MediaType string
	Spatial   bool
	Available bool // false where what it needs is not installed
}

// ExportPreview is the beginning of a file.
type ExportPreview struct {
	Columns []string
	Rows    [][]string
	Total   int
}

// Exports writes facilities to files, as the person of the context may see them, and
// keeps profiles. Its errors are those below, ErrNotReady, ErrUnknownDivision,
// *record.InvalidError, problems already, or faults of the server. It is safe for
// concurrent use.
type Exports interface {
	Fields(ctx context.Context) ([]exports.Field, error)
	Formats() []ExportFormat
	Systems() []ExportSystem
	Write(ctx context.Context, o ExportOrder) (ExportedFile, error)
	Preview(ctx context.Context, o ExportOrder, rows int) (ExportPreview, error)
	Template(ctx context.Context, t facilities.Type, format string, words exports.Words) (ExportedFile, error)

	Profiles(ctx context.Context) ([]exports.Profile, error)
	Profile(ctx context.Context, id string) (exports.Profile, error)
	CreateProfile(ctx context.Context, p exports.Profile) (exports.Profile, error)
	UpdateProfile(ctx context.Context, id string, expected int, p exports.Patch) (exports.Profile, error)
	RemoveProfile(ctx context.Context, id string, expected int) error
}

// ExportSystem is a coordinate system that a file may be in.
type ExportSystem struct {
	System  string
	ZH, EN  string
	Shifted bool // places lie off on a map of another system
}

// What Exports may answer.
var (
	ErrUnknownProfile = errors.New("no such export profile")
	ErrUnknownFormat  = errors.New("no such format or coordinate system")
	ErrUnknownType    = errUnknownType
	ErrNoGDAL         = errors.New("the format needs GDAL")
)

type exportHandlers struct {
	records handlers
	exports Exports
}

// RegisterExports mounts /api/v1/facility-export, /facility-templates, /export-fields and
// /export-profiles.
func RegisterExports(api huma.API, src Source, e Exports) {
	h := exportHandlers{records: handlers{src: src}, exports: e}
	errs := []int{
		http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity,
		http.StatusNotImplemented, http.StatusServiceUnavailable,
	}
	kinds := map[string]*huma.MediaType{}
	for _, f := range e.Formats() {
		plain, _, _ := strings.Cut(f.MediaType, ";")
		shape := huma.TypeString
		if strings.HasSuffix(plain, "json") {
			shape = huma.TypeObject
		}
		kinds[plain] = &huma.MediaType{Schema: &huma.Schema{Type: shape}}
	}
	file := map[string]*huma.Response{"200": {Description: "The file", Content: kinds}}
	tags := []string{"exports"}
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-export", Method: http.MethodGet, Path: "/api/v1/facility-export", Tags: tags,
		Summary: "Facilities as a file · 导出设施", Responses: file, Errors: errs,
		Description: "Those that the filter means and the account may see. Text is never a formula in a spreadsheet; an import undoes what was put before it. " +
			"Coordinates are WGS 84 unless another system is asked for, which the file then names.",
	}, h.get)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-export-of", Method: http.MethodPost, Path: "/api/v1/facility-export", Tags: tags,
		Summary: "The same, for a filter that is too long for an address · 导出所选设施", Responses: file, Errors: errs,
		Description: "It reads only, so it needs no Idempotency-Key.",
	}, h.post)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-export-preview", Method: http.MethodPost, Path: "/api/v1/facility-export/preview", Tags: tags,
		Summary: "The first rows of an export, as they would be written · 导出预览", Errors: errs,
		Description: "Of a profile that is kept or of one that is not. It reads only, so it needs no Idempotency-Key.",
	}, h.preview)
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-template", Method: http.MethodGet, Path: "/api/v1/facility-templates/{type}", Tags: tags,
		Summary: "A template to fill in for a type, with drop-downs · 导入模板", Responses: file, Errors: errs,
	}, h.template)
	httpapi.Register(api, huma.Operation{
		OperationID: "export-fields", Method: http.MethodGet, Path: "/api/v1/export-fields", Tags: tags,
		Summary: "What facilities can be written in: columns, formats, coordinate systems, forms of days · 可导出的字段与格式", Errors: errs,
	}, h.fields)
	h.registerProfiles(api)
}

// ExportHow says how facilities are written.
type ExportHow struct {
	Format  string `query:"format" json:"format,omitempty" enum:",xlsx,csv,csv-gb18030,tsv,geojson,gpkg,shp,kml" doc:"Left out: the profile's, else xlsx"`
	System  string `query:"system" json:"system,omitempty" enum:",wgs84,cgcs2000,gcj02,bd09" doc:"Of coordinates. Left out: the profile's, else wgs84. gcj02 and bd09 are shifted; the file says so"`
	Words   string `query:"words" json:"words,omitempty" enum:",zh,en,code" doc:"Language of headings and of code words; code leaves them as the API has them. Left out: zh"`
	Profile string `query:"profile" json:"profile,omitempty" maxLength:"64" doc:"Id of an export profile, whose columns and codes are taken"`
}

func (h exportHandlers) order(ctx context.Context, how ExportHow, filter FacilityFilter) (ExportOrder, error) {
	words, ok := exports.ParseWords(how.Words)
	if !ok {
		return ExportOrder{}, ErrUnknownFormat
	}
	f, err := h.records.filter(ctx, filter)
	return ExportOrder{Filter: f, Format: how.Format, System: how.System, Words: words, ProfileID: how.Profile}, err
}

type exportInput struct {
	FacilityFilter
	ExportHow
}

func (h exportHandlers) get(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	return h.write(ctx, in.ExportHow, in.FacilityFilter)
}

type exportRequest struct {
	Filter FacilityFilter `json:"filter,omitempty" doc:"Which facilities; all when left out"`
	ExportHow
}

type exportRequestInput struct{ Body exportRequest }

func (h exportHandlers) post(ctx context.Context, in *exportRequestInput) (*huma.StreamResponse, error) {
	return h.write(ctx, in.Body.ExportHow, in.Body.Filter)
}

func (h exportHandlers) write(ctx context.Context, how ExportHow, filter FacilityFilter) (*huma.StreamResponse, error) {
	o, err := h.order(ctx, how, filter)
	if err != nil {
		return nil, exportProblem(err)
	}
	f, err := h.exports.Write(ctx, o)
	if err != nil {
		return nil, exportProblem(err)
	}
	return download(f), nil
}

// download sends a file that is whole already, so a fault is never half of one.
func download(f ExportedFile) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer f.Close() //nolint:errcheck // read only
		hc.SetHeader("Content-Type", f.MediaType)
		hc.SetHeader("Content-Length", strconv.FormatInt(f.Size, 10))
		hc.SetHeader("Content-Disposition", `attachment; filename="`+f.Plain+`"; filename*=UTF-8''`+url.PathEscape(f.Name))
		hc.SetHeader("Cache-Control", "private, no-store")
		hc.SetHeader("X-Row-Count", strconv.Itoa(f.Rows))
		_, _ = io.Copy(hc.BodyWriter(), f) // a client that went away wants no more
	}}
}

type exportPreviewRequest struct {
	Filter FacilityFilter `json:"filter,omitempty" doc:"Which facilities; all when left out"`
	ExportHow
	Draft *ExportProfileContent `json:"draft,omitempty" doc:"A profile that is not kept yet"`
}

type exportPreviewBody struct {
	Columns []string   `json:"columns" nullable:"false"`
	Rows    [][]string `json:"rows" nullable:"false" doc:"At most 20; numbers and days as the file shows them"`
	Total   int        `json:"total" doc:"Facilities in the whole file"`
}

type exportPreviewReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         exportPreviewBody
}

func (h exportHandlers) preview(ctx context.Context, in *struct{ Body exportPreviewRequest }) (*exportPreviewReply, error) {
	o, err := h.order(ctx, in.Body.ExportHow, in.Body.Filter)
	if err != nil {
		return nil, exportProblem(err)
	}
	if in.Body.Draft != nil {
		p := in.Body.Draft.profile()
		o.Profile = &p
	}
	const rows = 20
	p, err := h.exports.Preview(ctx, o, rows)
	if err != nil {
		return nil, exportProblem(err)
	}
	body := exportPreviewBody{Columns: append([]string{}, p.Columns...), Rows: append([][]string{}, p.Rows...), Total: p.Total}
	return &exportPreviewReply{CacheControl: "private, no-store", Body: body}, nil
}

type templateInput struct {
	Type   string `path:"type" maxLength:"64"`
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx"`
	Words  string `query:"words" enum:"zh,en" default:"zh" doc:"Language of headings, drop-downs and explanations"`
}

func (h exportHandlers) template(ctx context.Context, in *templateInput) (*huma.StreamResponse, error) {
	f, err := h.exports.Template(ctx, facilities.Type(in.Type), in.Format, exports.Words(in.Words))
	if err != nil {
		return nil, exportProblem(err)
	}
	return download(f), nil
}

// exportProblem tells a client what is wrong with an export.
func exportProblem(err error) error {
	switch {
	case errors.Is(err, ErrUnknownProfile):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_export_profile", "没有这个导出方案", "There is no such export profile")
	case errors.Is(err, ErrUnknownFormat):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "unknown_format",
			"没有这种格式、坐标系或语言，可用的见 /api/v1/export-fields", "There is no such format, coordinate system or language; /api/v1/export-fields lists them")
	case errors.Is(err, ErrNoGDAL):
		return httpapi.NewProblem(http.StatusNotImplemented, "gdal_missing",
			"导出 GeoPackage 和 Shapefile 需要在服务器上安装 GDAL（apt-get install gdal-bin）；其他格式不受影响",
			"GeoPackage and Shapefile need GDAL on the server (apt-get install gdal-bin); the other formats do not")
	}
	return problem(err)
}
