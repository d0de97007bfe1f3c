// Package searchhttp serves the search for a place name by what people type, and the names of
// the register that are like one. It owns the JSON shapes and knows nothing of how names are
// found, which it is given.
package searchhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
	"yike/placenames"
	"yike/placenames/namesearch"
	"yike/placenames/naming"
)

// Names find names. It is safe for concurrent use.
type Names interface {
	// Search finds names by what people type, the best first.
	Search(ctx context.Context, text string, o namesearch.Options) ([]namesearch.Hit, error)
	// Like gives the names that are like one, the closest first, and whether the register has
	// every name of the scope.
	Like(ctx context.Context, e naming.Entry) (list []naming.Match, whole bool, err error)
}

// Register mounts /api/v1/place-names/search and /api/v1/place-names/like. The catalogue says
// what kinds there are.
func Register(api huma.API, names Names, catalogue *placenames.Catalogue) {
	h := handlers{names, catalogue}
	errors := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity}
	httpapi.Register(api, huma.Operation{
		OperationID: "search-place-names", Method: http.MethodGet, Path: "/api/v1/place-names/search", Tags: tags(), Errors: errors,
		Summary: "Find place names by what one types · 查找地名",
		Description: "Characters, simplified or traditional; pinyin, whole or begun, with or without tones; initials; a mixture (沣dong); other and former names; " +
			"characters that sound or look alike; one character wrong, missing or too many. Each says why it was found. The best first: the standard name, other names, former names, pinyin, " +
			"initials, alike in sound, alike in looks, one character; of each, names in use before those that ended, shorter before longer.",
	}, h.search)
	httpapi.Register(api, huma.Operation{
		OperationID: "like-place-names", Method: http.MethodPost, Path: "/api/v1/place-names/like", Tags: tags(), Errors: errors,
		Summary: "Names of the register that are like one · 查找重名、同音、近似地名",
		Description: "Names that are the same, sound or look alike or are one character apart, with whether they lie where the name must be the only one of its class (article 9 of the regulations, " +
			"items 7 and 8). Other and former names of records are compared, too. Nothing is kept, so the request needs no key.",
	}, h.like)
}

func tags() []string { return []string{"place names"} }

type handlers struct {
	names     Names
	catalogue *placenames.Catalogue
}

type searchInput struct {
	Text  string `query:"q" maxLength:"200" doc:"What was typed; nothing is found for more than 60 characters" example:"沣dong"`
	Limit int    `query:"limit" default:"20" minimum:"1" maximum:"100" doc:"Names to give at most"`
	Class string `query:"class" maxLength:"32" doc:"Only names of this class" example:"street"`
}

// PlaceNameMatched is why a name was found.
type PlaceNameMatched struct {
	By       string `json:"by" enum:"standard,alias,former,pinyin,initials,same_sound,look_alike,one_character"`
	Of       string `json:"of" enum:"standard,alias,former" doc:"Whose text it is"`
	Text     string `json:"text" doc:"The text that was matched"`
	Spelling string `json:"spelling" doc:"It in pinyin as the letters were read, without tones and by syllables; empty where none were typed"`
}

// PlaceNameFound is a name that was found.
type PlaceNameFound struct {
	ID       string           `json:"id"`
	Text     string           `json:"text" doc:"The standard name"`
	Roman    string           `json:"roman" doc:"As confirmed; empty until somebody confirmed it"`
	Kind     string           `json:"kind"`
	Class    string           `json:"class"`
	State    string           `json:"state"`
	Division string           `json:"division" doc:"Code of the division whose authority decides"`
	Position *[2]float64      `json:"position" nullable:"true" doc:"Longitude and latitude, WGS 84, of a point of the place; null where nobody drew it"`
	Matched  PlaceNameMatched `json:"matched"`
}

type searchReply struct {
	Body struct {
		Names []PlaceNameFound `json:"names" nullable:"false" doc:"The best first"`
	}
}

func (h handlers) search(ctx context.Context, in *searchInput) (*searchReply, error) {
	hits, err := h.names.Search(ctx, in.Text, namesearch.Options{Limit: in.Limit, Class: in.Class})
	if err != nil {
		return nil, err
	}
	out := &searchReply{}
	out.Body.Names = make([]PlaceNameFound, len(hits))
	for i, hit := range hits {
		n := hit.Name
		f := PlaceNameFound{ID: n.ID, Text: n.Text, Roman: n.Roman, Kind: n.Kind, Class: n.Class, State: string(n.State), Division: n.Division}
		f.Matched = PlaceNameMatched{By: string(hit.By), Of: string(hit.Of), Text: hit.Text, Spelling: hit.Spelling}
		if n.Placed {
			f.Position = &[2]float64{n.Position.Lon(), n.Position.Lat()}
		}
		out.Body.Names[i] = f
	}
	return out, nil
}
