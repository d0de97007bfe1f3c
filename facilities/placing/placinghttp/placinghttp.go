// Package placinghttp serves the search for a place by its address. It owns the JSON shapes
// and knows nothing of the gazetteer, which it is given.
package placinghttp

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/facilities/placing"
	"yike/internal/httpapi"
	"yike/internal/record"
)

// Places finds addresses. It is safe for concurrent use.
type Places interface {
	// Place looks for an address. ErrNotReady and ErrUnknownDivision.
	Place(ctx context.Context, q placing.Query) (placing.Result, error)
}

// What a search may fail of.
var (
	// ErrNotReady is returned before anything is loaded.
	ErrNotReady = errors.New("the data are not loaded yet")
	// ErrUnknownDivision is returned where the division asked for is not there.
	ErrUnknownDivision = errors.New("unknown division")
)

// Register mounts /api/v1/place-search.
func Register(api huma.API, places Places) {
	h := handler{places}
	httpapi.Register(api, huma.Operation{
		OperationID: "place-search", Method: http.MethodGet, Path: "/api/v1/place-search", Tags: []string{"facilities"},
		Summary: "Find a place by its address · 按地址找位置",
		Description: "Looks in what the district has loaded: roads, named buildings, estates, registered facilities and divisions; nothing is asked of the internet. " +
			"A road or a division alone is never a position: lon and lat are null, and bounds say what to show so that somebody can click the place.",
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.search)
}

type handler struct{ places Places }

type placeSearchInput struct {
	Text     string `query:"q" maxLength:"300" doc:"The address as it is written" example:"友谊路12号"`
	Name     string `query:"name" maxLength:"100" doc:"The facility's name, which often says the estate or the community"`
	Division string `query:"division" maxLength:"32" doc:"Code of the division that is known from elsewhere"`
	Except   string `query:"except" maxLength:"64" doc:"Id of the facility itself, which is no evidence of its own place"`
	Limit    int    `query:"limit" default:"5" minimum:"1" maximum:"20" doc:"Candidates to give"`
}

// FoundPlace is one place that the text may mean.
type FoundPlace struct {
	Kind       string     `json:"kind" enum:"door,building,estate,facility,place,road,between,crossing,division" doc:"What was matched; between is worked out between two house numbers"`
	ID         string     `json:"id" doc:"Of what was matched; empty where it is no single thing"`
	Name       string     `json:"name"`
	Lon        *float64   `json:"lon" nullable:"true" doc:"null for a road and a division, which are no position"`
	Lat        *float64   `json:"lat" nullable:"true"`
	Bounds     [4]float64 `json:"bounds" doc:"West, south, east, north of what to show"`
	Division   string     `json:"division_code" doc:"The finest division that holds it"`
	Confidence int        `json:"confidence" doc:"1 to 100"`
	Sure       bool       `json:"sure" doc:"It may be kept without a look: confident enough, and nothing elsewhere nearly as likely"`
	ZH         string     `json:"zh" doc:"What was matched and what lowers the confidence"`
	EN         string     `json:"en"`
}

type placeSearchResult struct {
	Candidates []FoundPlace `json:"candidates" nullable:"false" doc:"The likeliest first"`
	Division   string       `json:"division_code" doc:"The finest division that the text names for certain; empty for none"`
	ZH         string       `json:"zh" doc:"What came of it, in a sentence"`
	EN         string       `json:"en"`
}

type placeSearchReply struct{ Body placeSearchResult }

func (h handler) search(ctx context.Context, in *placeSearchInput) (*placeSearchReply, error) {
	if strings.TrimSpace(in.Text) == "" && strings.TrimSpace(in.Name) == "" {
		return nil, problem(record.Invalid([]record.Fault{{Field: "q", ZH: "请填写地址或名称", EN: "give an address or a name"}}))
	}
	r, err := h.places.Place(ctx, placing.Query{Text: in.Text, Name: in.Name, Division: in.Division, Except: in.Except, Limit: in.Limit})
	if err != nil {
		return nil, problem(err)
	}
	best, sure := r.Best()
	out := &placeSearchReply{Body: placeSearchResult{Candidates: []FoundPlace{}, Division: r.Division, ZH: r.ZH, EN: r.EN}}
	for i, c := range r.Candidates {
		out.Body.Candidates = append(out.Body.Candidates, candidateOf(c, sure && i == 0 && c.Point == best.Point))
	}
	return out, nil
}

func candidateOf(c placing.Candidate, sure bool) FoundPlace {
	out := FoundPlace{
		Kind: string(c.Kind), ID: c.ID, Name: c.Name, Bounds: boundsOf(c.Show), Division: c.Division,
		Confidence: c.Confidence, Sure: sure, ZH: c.ZH, EN: c.EN,
	}
	if c.Placed {
		lon, lat := c.Point.Lon(), c.Point.Lat()
		out.Lon, out.Lat = &lon, &lat
	}
	return out
}

func boundsOf(b orb.Bound) [4]float64 {
	return [4]float64{b.Min.Lon(), b.Min.Lat(), b.Max.Lon(), b.Max.Lat()}
}
