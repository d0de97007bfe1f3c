package placenamehttp

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames"
	"yike/placenames/gazetteer"
)

// Outputs tells the register as a whole, as the person of the context may see it. Its errors are
// those of Records. It is safe for concurrent use.
type Outputs interface {
	// Write writes what is asked for to a file. ErrUnknownDivision, and ErrNoFonts of BookPDF.
	Write(ctx context.Context, to io.Writer, what Output, a Asked) error
	// Statistics counts what is asked for. ErrUnknownDivision.
	Statistics(ctx context.Context, a Asked) (gazetteer.Statistics, error)
	// Today is the day in the district.
	Today() record.Day
}

// Asked is of which records something is told, and how.
type Asked struct {
	Filter   placenames.Filter
	Division string
	At       record.At // zero for now
	Open     bool      // only what is open to everybody
	English  bool
}

// Output is a file of the register.
type Output string

// The files.
const (
	BookXLSX    Output = "xlsx"
	BookPDF     Output = "pdf"
	ListCSV     Output = "csv"
	ListGeoJSON Output = "geojson"
	FiguresXLSX Output = "statistics"
)

const figuresPath = "/api/v1/place-name-statistics"

// outputFile is how a file is asked for and called.
type outputFile struct {
	what             Output
	id, path, mime   string
	name, nameZH     string
	summary, columns string
}

func outputFiles() []outputFile {
	const workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	return []outputFile{
		{BookXLSX, "place-names-xlsx", listPath + ".xlsx", workbook, "place-names", "地名录", "The book of names as a workbook · 地名录", "A sheet for each class, by letter."},
		{BookPDF, "place-names-pdf", listPath + ".pdf", "application/pdf", "place-names", "地名录", "The book of names for print · 地名录（A4）", "A4, by class and letter, with an index by spelling."},
		{ListCSV, "place-names-csv", listPath + ".csv", "text/csv; charset=utf-8", "place-names", "地名录", "The register as CSV · 地名录 CSV", "UTF-8 with a byte order mark; a point of each place in WGS 84."},
		{ListGeoJSON, "place-names-geojson", listPath + ".geojson", "application/geo+json", "place-names", "地名录", "The register as GeoJSON · 地名录 GeoJSON", "Geometries in WGS 84; null where nobody drew one."},
		{FiguresXLSX, "place-name-statistics-xlsx", figuresPath + ".xlsx", workbook, "place-name-statistics", "地名统计", "Statistics of place names as a workbook · 地名统计", "By class and state, division, and year of the decision."},
	}
}

// RegisterOutputs mounts the register as files and its statistics.
func RegisterOutputs(api huma.API, o Outputs) {
	h := outputs{o}
	errors := []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	for _, f := range outputFiles() {
		httpapi.Register(api, huma.Operation{
			OperationID: f.id, Method: http.MethodGet, Path: f.path, Tags: tags(), Summary: f.summary, Errors: errors, Responses: httpapi.FileReply(f.mime),
			Description: f.columns + " The records of the filter. The same register gives the same bytes on the same day.",
		}, h.file(f))
	}
	httpapi.Register(api, huma.Operation{
		OperationID: "place-name-statistics", Method: http.MethodGet, Path: figuresPath, Tags: tags(),
		Summary:     "Statistics of place names · 地名统计",
		Description: "Of the records of the filter. What is protected and what is missing is counted of names in use only. A name in several divisions counts in each, and once in what holds them.",
		Errors:      errors,
	}, h.statistics)
}

type outputs struct{ outputs Outputs }

type outputInput struct {
	PlaceNameFilter
	Open  string `query:"open" enum:"1" doc:"1: only what is open to everybody, names in use without notes"`
	Words string `query:"words" enum:"zh,en" default:"zh" doc:"The language of a file"`
}

func (in outputInput) asked() (Asked, error) {
	at, err := moment(in.At, in.Known)
	return Asked{Filter: in.filter(), Division: in.Division, At: at, Open: in.Open == "1", English: in.Words == "en"}, err
}

func (h outputs) file(f outputFile) func(context.Context, *outputInput) (*huma.StreamResponse, error) {
	return func(ctx context.Context, in *outputInput) (*huma.StreamResponse, error) {
		a, err := in.asked()
		if err != nil {
			return nil, problem(err)
		}
		var file bytes.Buffer
		if err := h.outputs.Write(ctx, &file, f.what, a); err != nil {
			return nil, problem(err)
		}
		plain, name := f.name, f.nameZH
		if a.Open {
			plain, name = plain+"-open", name+"-开放数据"
		}
		end := "-" + string(h.outputs.Today()) + "." + extension(f.what)
		return httpapi.Download(f.mime, plain+end, name+end, file.Bytes()), nil
	}
}

func extension(o Output) string {
	if o == FiguresXLSX {
		return string(BookXLSX)
	}
	return string(o)
}

// PlaceNameFigures count records.
type PlaceNameFigures struct {
	Names      int `json:"names" doc:"In every state"`
	InUse      int `json:"in_use"`
	Protected  int `json:"protected" doc:"In use and on a list of protected names"`
	NoSpelling int `json:"without_spelling" doc:"In use, and nobody confirmed how it is spelled"`
	NoGeometry int `json:"without_geometry" doc:"In use, and nobody drew it"`
	NoDocument int `json:"without_document" doc:"In use, without a document or a source"`
}

// PlaceNameClassLine are the figures of a class.
type PlaceNameClassLine struct {
	Class  string         `json:"class"`
	States map[string]int `json:"states" doc:"By the states that have some"`
	PlaceNameFigures
}

// PlaceNameStateLine is how many records are in a state.
type PlaceNameStateLine struct {
	State string `json:"state"`
	Names int    `json:"names"`
}

// PlaceNameDivisionLine are the figures of a division with those below it.
type PlaceNameDivisionLine struct {
	Division string `json:"division" doc:"Its code; empty for what lies in no known one"`
	Level    string `json:"level"`
	NameZH   string `json:"name_zh"`
	NameEN   string `json:"name_en"`
	PlaceNameFigures
}

// PlaceNameYearLine is how many records were decided as they are in a year.
type PlaceNameYearLine struct {
	Year  string         `json:"year" doc:"Empty for documents without a day"`
	Names int            `json:"names"`
	Kinds map[string]int `json:"kinds" doc:"By the kind of the decision in force"`
}

// PlaceNameStatistics are figures of the register.
type PlaceNameStatistics struct {
	Day       string                  `json:"day" format:"date"`
	Total     PlaceNameFigures        `json:"total"`
	Classes   []PlaceNameClassLine    `json:"classes" nullable:"false"`
	States    []PlaceNameStateLine    `json:"states" nullable:"false"`
	Divisions []PlaceNameDivisionLine `json:"divisions" nullable:"false" doc:"Those that have names"`
	Years     []PlaceNameYearLine     `json:"years" nullable:"false" doc:"The latest first"`
}

type statisticsReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlaceNameStatistics
}

func (h outputs) statistics(ctx context.Context, in *outputInput) (*statisticsReply, error) {
	a, err := in.asked()
	if err != nil {
		return nil, problem(err)
	}
	s, err := h.outputs.Statistics(ctx, a)
	if err != nil {
		return nil, problem(err)
	}
	out := PlaceNameStatistics{
		Day: string(h.outputs.Today()), Total: PlaceNameFigures(s.Total),
		Classes: []PlaceNameClassLine{}, States: []PlaceNameStateLine{}, Divisions: []PlaceNameDivisionLine{}, Years: []PlaceNameYearLine{},
	}
	for _, l := range s.Classes {
		out.Classes = append(out.Classes, PlaceNameClassLine{l.Class.Code, byCode(l.States), PlaceNameFigures(l.Figures)})
	}
	for _, l := range s.States {
		out.States = append(out.States, PlaceNameStateLine{l.State.Code, l.Names})
	}
	for _, l := range s.Divisions {
		d := l.Division
		out.Divisions = append(out.Divisions, PlaceNameDivisionLine{d.Code, string(d.Level), d.NameZH, d.NameEN, PlaceNameFigures(l.Figures)})
	}
	for _, l := range s.Years {
		out.Years = append(out.Years, PlaceNameYearLine{l.Year, l.Names, byCode(l.Kinds)})
	}
	return &statisticsReply{CacheControl: "no-store", Body: out}, nil
}

func byCode[K ~string](counts map[K]int) map[string]int {
	out := make(map[string]int, len(counts))
	for code, n := range counts {
		out[string(code)] = n
	}
	return out
}
