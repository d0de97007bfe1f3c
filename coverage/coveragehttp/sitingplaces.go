package coveragehttp

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/coverage"
	"yike/internal/httpapi"
)

// SitingPlaces reads places out of files. It is safe for concurrent use.
type SitingPlaces interface {
	// Places reads a file that people call name, and keeps nothing. crs names a coordinate
	// system, "" for that of the file. Errors are *SitingFault.
	Places(ctx context.Context, name, crs string, file io.Reader) (SitingList, error)
}

// SitingList is what a file says of places.
type SitingList struct {
	CRS     string
	Places  []SitingListed
	Faults  []SitingListFault
	Ignored []string
}

// SitingListed is a place of a file.
type SitingListed struct {
	ID, Name string
	At       orb.Point
	Price    float64
	Capacity int64
	Outlined bool // At is a point inside a shape
}

// SitingListFault is what is wrong with a row.
type SitingListFault struct {
	Row           int
	Column, Value string
	Reason        coverage.Text
}

func registerSitingPlaces(api huma.API, src SitingPlaces) {
	h := sitingPlaceHandlers{src}
	httpapi.Register(api, huma.Operation{
		OperationID: "siting-places", Method: http.MethodPost, Path: "/api/v1/coverage/siting/places", Tags: []string{"coverage"},
		Summary: "Places for candidates out of a file · 读取候选地点",
		Description: "The body is the file itself: GeoJSON, XLSX, CSV or another format of the registry's import, at most 500 places. A point is taken as it is, of an outline a point inside. " +
			"Known columns are a name, a number, longitude and latitude, a price and a capacity. The answer may stand in candidates.points of a question; nothing is kept, so no Idempotency-Key is needed.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}},
		Errors:      []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity},
	}, h.read)
}

type sitingPlaceHandlers struct{ src SitingPlaces }

type sitingFileInput struct {
	Name string `query:"name" required:"true" minLength:"1" maxLength:"200" doc:"Of the file"`
	CRS  string `query:"crs" maxLength:"64" doc:"Coordinate system, such as EPSG:4490, GCJ-02 or BD-09; without it the one that the file or its headings tell, else WGS 84"`

	body io.Reader
}

// Resolve keeps the body, which huma would read into memory.
func (f *sitingFileInput) Resolve(ctx huma.Context) []error {
	f.body = ctx.BodyReader()
	return nil
}

type sitingListedPlace struct {
	ID       string   `json:"id" doc:"Its number or name, or the row; each only once"`
	Name     string   `json:"name"`
	Lon      float64  `json:"lon"`
	Lat      float64  `json:"lat"`
	Price    *float64 `json:"price" nullable:"true"`
	Capacity *int64   `json:"capacity" nullable:"true"`
	Outlined bool     `json:"outlined" doc:"Whether the point was taken from inside a shape"`
}

type sitingListFault struct {
	Row      int    `json:"row" doc:"As people count in the file; 0 for the file as a whole"`
	Column   string `json:"column"`
	Value    string `json:"value"`
	ReasonZH string `json:"reason_zh"`
	ReasonEN string `json:"reason_en"`
}

type sitingListAnswer struct {
	CRS     string              `json:"crs" doc:"That the file's coordinates were read in; the places are in WGS 84"`
	Places  []sitingListedPlace `json:"places" nullable:"false"`
	Faults  []sitingListFault   `json:"faults" nullable:"false" doc:"Rows that are left out, and why; at most 200"`
	Ignored []string            `json:"ignored" nullable:"false" doc:"Headings that nothing is known of"`
}

type sitingListReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         sitingListAnswer
}

func (h sitingPlaceHandlers) read(ctx context.Context, in *sitingFileInput) (*sitingListReply, error) {
	name := in.Name
	if i := strings.LastIndexAny(name, `/\`); i >= 0 { // some browsers tell the folder
		name = name[i+1:]
	}
	list, err := h.src.Places(ctx, name, in.CRS, in.body)
	if err != nil {
		return nil, problem(err)
	}
	out := sitingListAnswer{CRS: list.CRS, Places: []sitingListedPlace{}, Faults: []sitingListFault{}, Ignored: append([]string{}, list.Ignored...)}
	for _, p := range list.Places {
		place := sitingListedPlace{ID: p.ID, Name: p.Name, Lon: p.At.Lon(), Lat: p.At.Lat(), Outlined: p.Outlined}
		if p.Price > 0 {
			place.Price = &p.Price
		}
		if p.Capacity > 0 {
			place.Capacity = &p.Capacity
		}
		out.Places = append(out.Places, place)
	}
	for _, f := range list.Faults {
		out.Faults = append(out.Faults, sitingListFault{f.Row, f.Column, f.Value, f.Reason.ZH, f.Reason.EN})
	}
	return &sitingListReply{CacheControl: "no-store", Body: out}, nil
}
