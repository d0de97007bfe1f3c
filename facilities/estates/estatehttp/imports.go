package estatehttp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/estates/estatelist"
	"yike/facilities/lists/listhttp"
	"yike/internal/httpapi"
)

// Imports takes files of estates and rooms, as the person of the context may. It is safe for
// concurrent use.
type Imports interface {
	// Template writes a workbook to be filled in with estates or with rooms.
	Template(ctx context.Context, w io.Writer, rooms, english bool) error
	// Take takes a file that people call name, once for each idempotency key, or tries it. crs
	// names the coordinate system of its shapes; "" for that of the file. *FileError,
	// ErrUnknownCRS, ErrNotReady, and *record.InvalidError for the reason.
	Take(ctx context.Context, f File) (TakenFile, error)
}

// File is a file on its way in.
type File struct {
	Name, CRS, Reason string
	Body              io.Reader
	Trial             bool
}

// TakenFile is what became of a file, or would become of it.
type TakenFile struct {
	estatelist.Taken
	Sheets []ReadSheet
}

// ReadSheet is a sheet or a layer as it was read.
type ReadSheet struct {
	Name    string
	Kind    string // estates, rooms or nothing
	Rows    int
	CRS     string // of its shapes and positions; "" where it has none
	Ignored []string
}

// FileError says that a file cannot be read.
type FileError struct {
	Row    int // 0 for the file as a whole
	ZH, EN string
}

// Error is the English sentence.
func (e *FileError) Error() string { return e.EN }

// ErrUnknownCRS says that nobody knows the coordinate system that was named.
var ErrUnknownCRS = errors.New("the coordinate system is not known")

// mostFaultsTold bounds what is said of a file: nobody reads more, and the file is at hand.
const mostFaultsTold = 500

const (
	estateWorkbook   = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	estateImportPath = "/api/v1/estates-import"
)

// RegisterImports mounts what takes files of estates and rooms.
func RegisterImports(api huma.API, imports Imports) {
	h := importHandlers{imports}
	for _, t := range []struct {
		id, path, what string
		get            func(context.Context, *templateInput) (*huma.StreamResponse, error)
	}{
		{"estates-template", "/api/v1/estates-template.xlsx", "with estates · 新建小区导入模板", h.estateTemplate},
		{"estate-rooms-template", "/api/v1/estate-rooms-template.xlsx", "with planned rooms · 配建用房导入模板", h.roomTemplate},
	} {
		httpapi.Register(api, huma.Operation{
			OperationID: t.id, Method: http.MethodGet, Path: t.path, Tags: tags(), Summary: "A workbook to be filled in " + t.what,
			Description: "With drop-downs of the codes and of the places here, and an example that an import passes over.",
			Errors:      []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusServiceUnavailable},
			Responses:   httpapi.FileReply(estateWorkbook),
		}, t.get)
	}
	const about = "The body is the file itself: XLSX, CSV, TSV, GeoJSON, GeoPackage, zipped Shapefile, KML or KMZ, at most 64 MiB. Every sheet and layer with headings of estates or of rooms is read. " +
		"An estate is known by its id, else by its name and division; a room by its estate, building, floor and number, without a number by its name. " +
		"An empty cell leaves a field as it is, the word 清空 empties it; rooms that are not listed stay. "
	httpapi.Register(api, huma.Operation{
		OperationID: "try-estates-import", Method: http.MethodPost, Path: estateImportPath + "/trial", Tags: tags(), RequestBody: listhttp.Body(), Errors: listhttp.Errors(),
		Summary: "Try a file of estates and rooms: everything is done and nothing kept · 试导入小区和配建用房", Description: about + "The answer has the faults of each cell.",
	}, h.try)
	httpapi.Register(api, huma.Operation{
		OperationID: "import-estates", Method: http.MethodPost, Path: estateImportPath, Tags: tags(), RequestBody: listhttp.Body(), Errors: listhttp.Errors(),
		Summary:     "Take a file of estates and rooms · 导入小区和配建用房",
		Description: about + listhttp.Whole,
	}, h.take)
}

type importHandlers struct{ imports Imports }

type templateInput struct {
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"Language of the headings"`
}

func (h importHandlers) estateTemplate(ctx context.Context, in *templateInput) (*huma.StreamResponse, error) {
	return h.template(ctx, in, false, "estates-template.xlsx", "新建小区-导入模板.xlsx")
}

func (h importHandlers) roomTemplate(ctx context.Context, in *templateInput) (*huma.StreamResponse, error) {
	return h.template(ctx, in, true, "estate-rooms-template.xlsx", "配建用房-导入模板.xlsx")
}

func (h importHandlers) template(ctx context.Context, in *templateInput, rooms bool, name, nameZH string) (*huma.StreamResponse, error) {
	var file bytes.Buffer
	english := in.Words == "en"
	if err := h.imports.Template(ctx, &file, rooms, english); err != nil {
		return nil, importProblem(err)
	}
	if english {
		nameZH = name
	}
	return httpapi.Download(estateWorkbook, name, nameZH, file.Bytes()), nil
}

// SentFile is a file with the coordinate system that somebody says its shapes are in.
type SentFile struct {
	httpapi.NamedFile
	CRS string `query:"crs" maxLength:"64" doc:"Coordinate system of shapes and positions, such as EPSG:4490, GCJ-02 or BD-09; without it the one that the file or its headings tell, else WGS 84"`
}

func (h importHandlers) try(ctx context.Context, in *struct{ SentFile }) (*importedReply, error) {
	name, err := in.Called()
	if err != nil {
		return nil, err
	}
	t, err := h.imports.Take(ctx, File{Name: name, CRS: in.CRS, Reason: "试导入 / trial", Body: in.Body(), Trial: true})
	if err != nil {
		return nil, importProblem(err)
	}
	return &importedReply{CacheControl: "no-store", Body: importedOf(t, false)}, nil
}

type takenInput struct {
	SentFile
	listhttp.TakeInput
}

func (h importHandlers) take(ctx context.Context, in *takenInput) (*importedReply, error) {
	name, err := in.Called()
	if err != nil {
		return nil, err
	}
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	t, err := h.imports.Take(ctx, File{Name: name, CRS: in.CRS, Reason: in.Reason, Body: in.Body()})
	if err != nil {
		return nil, importProblem(err)
	}
	if len(t.Faults) > 0 {
		return nil, listhttp.Faulty(name, t.Faults)
	}
	return &importedReply{CacheControl: "no-store", Body: importedOf(t, true)}, nil
}

func importProblem(err error) error {
	var file *FileError
	switch {
	case errors.As(err, &file):
		p := httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_file", "文件读不出来："+file.ZH, "The file cannot be read: "+file.EN)
		if file.Row > 0 {
			p.Faults = []httpapi.Fault{{Row: file.Row, Reason: httpapi.Text{ZH: file.ZH, EN: file.EN}}}
		}
		return p
	case errors.Is(err, ErrUnknownCRS):
		p := httpapi.NewProblem(http.StatusUnprocessableEntity, "unknown_crs", "不认识这个坐标系", "The coordinate system is not known")
		p.Faults = []httpapi.Fault{{
			Pointer: "query.crs", Reason: httpapi.Text{ZH: "不认识这个坐标系", EN: "The coordinate system is not known"},
			Hint: httpapi.Text{ZH: "例如 EPSG:4490、GCJ-02、BD-09", EN: "Such as EPSG:4490, GCJ-02 or BD-09"},
		}}
		return p
	}
	return problem(err)
}
