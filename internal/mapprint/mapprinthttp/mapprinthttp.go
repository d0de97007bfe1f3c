// Package mapprinthttp takes a picture of a map and what its signs mean, and answers with
// a sheet of paper as PDF.
//
// It owns the form of the request, the bounds of pictures and how many prints are at work
// at once. It must not know the map's layers nor where the district's facts come from.
package mapprinthttp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/internal/mapprint"
	"yike/internal/pdf"
	"yike/internal/record"
)

// MaxUpload is how many bytes a request may have, for the bound of the route.
const MaxUpload = 24 << 20

const (
	maxPixels     = 20_000_000 // of the map: an A3 sheet at 300 dots to the inch has 10 million
	maxSignPixels = 256 * 256
	atOnce        = 2 // prints at work: each holds a picture of the largest size in memory
	printsPath    = "/api/v1/map-prints"
	degree        = 1e-9
)

// Facts are what the sheet says of the data, whatever a client sends.
type Facts struct {
	District     httpapi.Text
	Synthetic    bool
	Notices      []httpapi.Text
	ReviewNumber string // of the base map; said where a print shows it
}

// Source gives the facts of the district that is served. It is safe for concurrent use.
type Source interface {
	// Facts returns ErrNotReady while nothing is served.
	Facts(ctx context.Context) (Facts, error)
}

// ErrNotReady is returned by a Source that has nothing yet.
var ErrNotReady = errors.New("the data are not loaded yet")

// Config sets up the operations.
type Config struct {
	Source Source
	Fonts  func() (*pdf.Fonts, error) // pdf.ErrNoFont where there are none
	Base   string                     // address under which people reach the server; "" for the one asked
	Now    func() time.Time
}

type handlers struct {
	Config
	working chan struct{}
}

// Register mounts the operations.
func Register(api huma.API, c Config) {
	h := handlers{Config: c, working: make(chan struct{}, atOnce)}
	tags := []string{"map"}
	httpapi.Register(api, huma.Operation{
		OperationID: "map-print-frames", Method: http.MethodGet, Path: printsPath + "/frames", Tags: tags,
		Summary: "How large the map is on each sheet, in millimetres · 打印图幅",
		Errors:  []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusServiceUnavailable},
	}, h.frames)
	httpapi.Register(api, huma.Operation{
		OperationID: "print-map", Method: http.MethodPost, Path: printsPath, Tags: tags,
		Summary: "A view of the map as a sheet of A4 or A3 in PDF · 打印地图",
		Description: "A form of two parts: image is the map as PNG or JPEG, at most 20 million pixels; print is a JSON object that says what is on it " +
			"(MapPrint). The scale bar follows from metres_per_pixel and the printed size; bounds are held against it. " +
			"The district's own notices are always printed. Characters that no font of the server has stand as boxes and are named in Missing-Characters.",
		Responses: map[string]*huma.Response{
			"200": {Description: "The sheet", Content: map[string]*huma.MediaType{"application/pdf": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}},
		},
		Errors: []int{
			http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestEntityTooLarge,
			http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
		},
	}, h.print)
}

type frame struct {
	Paper       string  `json:"paper" enum:"a4,a3"`
	Orientation string  `json:"orientation" enum:"landscape,portrait"`
	Legend      bool    `json:"legend" doc:"With the legend beside or under the map"`
	WidthMM     float64 `json:"width_mm"`
	HeightMM    float64 `json:"height_mm"`
}

type frameList struct {
	CacheControl string `header:"Cache-Control"`
	Body         mapPrintFrames
}

// mapPrintFrames is named for the document.
type mapPrintFrames struct {
	Frames []frame `json:"frames" nullable:"false"`
}

func (h handlers) frames(ctx context.Context, _ *struct{}) (*frameList, error) {
	facts, err := h.Source.Facts(ctx)
	if err != nil {
		return nil, problem(err)
	}
	// Chinese lines are few and wide, English ones the longer: whichever takes more room.
	var notices []string
	for _, n := range facts.Notices {
		notices = append(notices, n.In(httpapi.English))
	}
	out := &frameList{CacheControl: "private, no-cache"}
	for _, f := range mapprint.Frames(notices) {
		out.Body.Frames = append(out.Body.Frames, frame{string(f.Paper), string(f.Orientation), f.Legend, f.WidthMM, f.HeightMM})
	}
	return out, nil
}

// form is what a client sends.
type form struct {
	Image huma.FormFile `form:"image" contentType:"application/octet-stream" required:"true" doc:"The map as PNG or JPEG"`
	Print string        `form:"print" required:"true" maxLength:"524288" doc:"A MapPrint object as JSON"`
}

type printInput struct {
	host    string
	RawBody huma.MultipartFormFiles[form]
}

// Resolve keeps the address that was asked, for the code on the sheet.
func (in *printInput) Resolve(ctx huma.Context) []error {
	scheme := "http"
	if ctx.TLS() != nil {
		scheme = "https"
	}
	in.host = scheme + "://" + ctx.Host()
	return nil
}

type printReply struct {
	ContentType  string `header:"Content-Type"`
	Disposition  string `header:"Content-Disposition"`
	CacheControl string `header:"Cache-Control"`
	Missing      string `header:"Missing-Characters" doc:"Characters that no font of the server has, as U+XXXX"`
	Body         []byte
}

func (h handlers) print(ctx context.Context, in *printInput) (*printReply, error) {
	defer in.RawBody.Form.RemoveAll() //nolint:errcheck // files of the system's temporary folder
	f := in.RawBody.Data()
	facts, err := h.Source.Facts(ctx)
	if err != nil {
		return nil, problem(err)
	}
	fonts, err := h.Fonts()
	if err != nil {
		return nil, problem(err)
	}
	ask, err := decode(f.Print)
	if err != nil {
		return nil, problem(err)
	}
	select {
	case h.working <- struct{}{}:
		defer func() { <-h.working }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	base := h.Base
	if base == "" {
		base = in.host
	}
	sheet, err := ask.sheet(f.Image, facts, base, record.DayOf(h.Now()))
	if err != nil {
		return nil, problem(err)
	}
	var out bytes.Buffer
	missing, err := mapprint.Write(&out, fonts, sheet)
	if err != nil {
		return nil, err
	}
	reply := &printReply{
		ContentType: "application/pdf", CacheControl: "no-store", Body: out.Bytes(),
		Disposition: `attachment; filename="map-` + string(sheet.Day) + `.pdf"; filename*=UTF-8''` + url.PathEscape(sheet.Title) + ".pdf",
	}
	for i, r := range missing[:min(len(missing), 50)] {
		if i > 0 {
			reply.Missing += " "
		}
		reply.Missing += fmt.Sprintf("%U", r)
	}
	return reply, nil
}

// decode reads the JSON part. A field that nobody knows is a mistake to be told.
func decode(text string) (ask, error) {
	var a ask
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		return a, fmt.Errorf("%w: %w", errForm, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return a, fmt.Errorf("%w: more than one value", errForm)
	}
	return a, nil
}

// readPicture reads the map's picture within the bounds.
func readPicture(file io.Reader) (*pdf.Picture, error) {
	if file == nil {
		return nil, pdf.ErrPicture
	}
	data, err := io.ReadAll(io.LimitReader(file, MaxUpload))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	return pdf.ReadPicture(data, maxPixels)
}
