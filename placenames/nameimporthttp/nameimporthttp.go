// Package nameimporthttp serves the import of lists of place names: a template, a trial, taking a
// list, and the list back with its faults marked. It owns the JSON shapes; it knows no storage and
// reads no file.
package nameimporthttp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities/lists/listhttp"
	"yike/internal/httpapi"
	"yike/placenames"
	"yike/placenames/namelist"
)

// Imports takes lists of names, as the person of the context may. It is safe for concurrent use.
type Imports interface {
	// Template writes a workbook to be filled in.
	Template(ctx context.Context, w io.Writer, english bool) error
	// Take takes a list, once for each idempotency key, or tries it. *FileError, ErrUnknownCRS,
	// ErrNotReady, and *record.InvalidError for the reason.
	Take(ctx context.Context, f File) (Taken, error)
	// Marked tries a list and writes it as a workbook with its faults marked. As Take.
	Marked(ctx context.Context, w io.Writer, f File) error
	// Catalogue are the classes with their kinds.
	Catalogue() *placenames.Catalogue
}

// File is a list on its way in.
type File struct {
	Name, CRS, Reason string
	Source            string            // where names without a document were found
	Columns, Kinds    map[string]string // as in namelist.Options
	Body              io.Reader
	Trial             bool
}

// Taken is what became of a list, or would become of it.
type Taken struct {
	namelist.Taken
	Sheets []Sheet
	Words  []namelist.Word
}

// Sheet is a sheet or a layer as it was read.
type Sheet struct {
	Name  string
	Read  bool
	Rows  int
	CRS   string
	Heads [][2]string // headings with the field that each means
}

// FileError says that a file cannot be read.
type FileError struct {
	Row    int // 0 for the file as a whole
	ZH, EN string
}

// Error is the English sentence.
func (e *FileError) Error() string { return e.EN }

// What Imports refuses besides.
var (
	ErrUnknownCRS = errors.New("the coordinate system is not known")
	ErrNotReady   = errors.New("the district is not loaded")
)

const (
	workbook   = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	importPath = "/api/v1/place-name-import"
	mostTold   = 500
)

func tags() []string { return []string{"place names"} }

// Register mounts the import of names.
func Register(api huma.API, imports Imports) {
	h := handlers{imports}
	httpapi.Register(api, huma.Operation{
		OperationID: "place-name-template", Method: http.MethodGet, Path: "/api/v1/place-name-template.xlsx", Tags: tags(), Summary: "A workbook to be filled in with names · 地名导入模板",
		Description: "With drop-downs of kinds and of the divisions here, and an example that an import passes over.",
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusServiceUnavailable}, Responses: httpapi.FileReply(workbook),
	}, h.template)
	const about = "The body is the file itself: XLSX, CSV, TSV, GeoJSON, GeoPackage, zipped Shapefile, KML or KMZ, at most 64 MiB and 100,000 rows. " +
		"Every sheet and layer with a column of names is read; headings of registers are known, and mapping says otherwise. " +
		"A name is known by its id, else by its characters, kind and division; an empty cell leaves a field as it is. " +
		"The name, its state, its document and its former names of a record that is there stay. "
	httpapi.Register(api, huma.Operation{
		OperationID: "try-place-name-import", Method: http.MethodPost, Path: importPath + "/trial", Tags: tags(), RequestBody: listhttp.Body(), Errors: listhttp.Errors(),
		Summary: "Try a list of names: everything is done and nothing kept · 试导入地名", Description: about + "The answer has the faults of each cell, what each heading was taken for, and the words of kinds.",
	}, h.try)
	httpapi.Register(api, huma.Operation{
		OperationID: "import-place-names", Method: http.MethodPost, Path: importPath, Tags: tags(), RequestBody: listhttp.Body(), Errors: listhttp.Errors(),
		Summary: "Take a list of names into the register · 导入地名", Description: about + listhttp.Whole,
	}, h.take)
	httpapi.Register(api, huma.Operation{
		OperationID: "mark-place-name-import", Method: http.MethodPost, Path: importPath + "/marked.xlsx", Tags: tags(), RequestBody: listhttp.Body(), Errors: listhttp.Errors(),
		Summary: "A list of names back with its faults marked · 标出错误的地名表", Description: "Of a workbook the sender's own, else a new one with the same rows. Nothing is kept.",
		Responses: httpapi.FileReply(workbook),
	}, h.marked)
}

type handlers struct{ imports Imports }

func (h handlers) template(ctx context.Context, in *struct {
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"Language of the headings"`
},
) (*huma.StreamResponse, error) {
	var file bytes.Buffer
	if err := h.imports.Template(ctx, &file, in.Words == "en"); err != nil {
		return nil, problem(err)
	}
	name, nameZH := "place-names-template.xlsx", "地名-导入模板.xlsx"
	if in.Words == "en" {
		nameZH = name
	}
	return httpapi.Download(workbook, name, nameZH, file.Bytes()), nil
}

// SentNames is a file with what somebody says of it.
type SentNames struct {
	httpapi.NamedFile
	CRS     string `query:"crs" maxLength:"64" doc:"Coordinate system of shapes and positions, such as EPSG:4490, GCJ-02 or BD-09; without it the one that the file or its headings tell, else WGS 84"`
	Source  string `query:"source" maxLength:"200" doc:"Where names without a whole document were found: a survey, an old map, a chronicle"`
	Mapping string `query:"mapping" maxLength:"60000" doc:"JSON: columns, the field of each heading that somebody says, empty to pass one over; kinds, the kind of each word" example:"{\"columns\":{\"名\":\"text\"},\"kinds\":{\"街路\":\"road\"}}"`
}

// mapping is what somebody says of headings and words.
type mapping struct {
	Columns map[string]string `json:"columns"`
	Kinds   map[string]string `json:"kinds"`
}

func (h handlers) file(in SentNames) (File, error) {
	name, err := in.Called()
	if err != nil {
		return File{}, err
	}
	f := File{Name: name, CRS: in.CRS, Source: in.Source, Body: in.Body()}
	if in.Mapping == "" {
		return f, nil
	}
	var m mapping
	if err := json.Unmarshal([]byte(in.Mapping), &m); err != nil {
		return f, badMapping("mapping 不是有效的 JSON", "mapping is no valid JSON")
	}
	fields := map[string]bool{"": true}
	for _, c := range namelist.Columns() {
		fields[c.Code] = true
	}
	for _, field := range m.Columns {
		if !fields[field] {
			return f, badMapping("没有这个字段："+field, "there is no field "+field)
		}
	}
	for _, kind := range m.Kinds {
		if _, _, ok := h.imports.Catalogue().Of(kind); !ok && kind != "" {
			return f, badMapping("没有这个类别："+kind, "there is no kind "+kind)
		}
	}
	f.Columns, f.Kinds = m.Columns, m.Kinds
	return f, nil
}

func badMapping(zh, en string) error {
	p := httpapi.NewProblem(http.StatusUnprocessableEntity, "bad_mapping", "列的对应关系有误", "What the headings mean is at fault")
	p.Faults = []httpapi.Fault{{Pointer: "query.mapping", Reason: httpapi.Text{ZH: zh, EN: en}}}
	return p
}

func (h handlers) try(ctx context.Context, in *struct{ SentNames }) (*importedReply, error) {
	f, err := h.file(in.SentNames)
	if err != nil {
		return nil, err
	}
	f.Trial, f.Reason = true, "试导入 / trial"
	t, err := h.imports.Take(ctx, f)
	if err != nil {
		return nil, problem(err)
	}
	return &importedReply{CacheControl: "no-store", Body: h.imported(t, false)}, nil
}

func (h handlers) take(ctx context.Context, in *struct {
	SentNames
	listhttp.TakeInput
},
) (*importedReply, error) {
	f, err := h.file(in.SentNames)
	if err != nil {
		return nil, err
	}
	if in.Key == "" {
		return nil, httpapi.KeyRequired()
	}
	f.Reason = in.Reason
	t, err := h.imports.Take(ctx, f)
	if err != nil {
		return nil, problem(err)
	}
	if len(t.Faults) > 0 {
		return nil, listhttp.Faulty(f.Name, t.Faults)
	}
	return &importedReply{CacheControl: "no-store", Body: h.imported(t, true)}, nil
}

func (h handlers) marked(ctx context.Context, in *struct{ SentNames }) (*huma.StreamResponse, error) {
	f, err := h.file(in.SentNames)
	if err != nil {
		return nil, err
	}
	f.Trial, f.Reason = true, "标出错误 / marked"
	var file bytes.Buffer
	if err := h.imports.Marked(ctx, &file, f); err != nil {
		return nil, problem(err)
	}
	return httpapi.Download(workbook, "place-names-marked.xlsx", "地名-标出错误.xlsx", file.Bytes()), nil
}

// problem tells a client what is wrong.
func problem(err error) error {
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
	case errors.Is(err, ErrNotReady):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "not_ready", "数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}
