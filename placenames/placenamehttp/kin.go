package placenamehttp

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"yike/internal/httpapi"
	"yike/placenames"
)

// Around reads what belongs with a place name and what lies on a map. Its errors are those of
// Records.
type Around interface {
	// Family gives a record with all that it belongs with. ErrNotFound.
	Family(ctx context.Context, id string) ([]placenames.Kin, error)
	// Map gives at most limit records within a frame, the largest first, and whether there are
	// further ones. ErrUnknownDivision.
	Map(ctx context.Context, frame orb.Bound, f placenames.Filter, division string, limit int) ([]placenames.Drawn, bool, error)
}

// RegisterAround mounts the families of place names and their layer of the map.
func RegisterAround(api huma.API, a Around) {
	h := around{a}
	httpapi.Register(api, huma.Operation{
		OperationID: "place-name-family", Method: http.MethodGet, Path: onePath + "/family", Tags: tags(),
		Summary: "A place name with its parts, host, successors and predecessors · 地名关系",
		Errors:  []int{http.StatusUnauthorized, http.StatusNotFound},
	}, h.family)
	httpapi.Register(api, huma.Operation{
		OperationID: "place-name-map", Method: http.MethodGet, Path: listPath + "/map", Tags: tags(),
		Summary: "Place names within a frame of the map as GeoJSON · 地名图层",
		Description: "At most 2,000, the largest first; truncated says that there are further ones. Names in use, reserved and proposed where no state is asked for. Geometries are " +
			"simplified to a 2,000th of the frame.",
		Errors: []int{http.StatusUnauthorized, http.StatusNotFound, http.StatusUnprocessableEntity},
	}, h.layer)
}

type around struct{ around Around }

// PlaceNameKin is a record with what it is to the one asked for.
type PlaceNameKin struct {
	Relation string `json:"relation" enum:"member,host,hosted,successor,predecessor,reused,reuser"`
	Depth    int    `json:"depth" doc:"Of a member: below the record at the top"`
	PlaceNameRow
}

// PlaceNameFamily is a record with all that it belongs with.
type PlaceNameFamily struct {
	Kin []PlaceNameKin `json:"kin" nullable:"false" doc:"Members from the top down, the record itself among them; a record may come in several relations"`
}

type familyReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlaceNameFamily
}

func (h around) family(ctx context.Context, in *pastName) (*familyReply, error) {
	list, err := h.around.Family(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	out := &familyReply{CacheControl: "no-store", Body: PlaceNameFamily{Kin: []PlaceNameKin{}}}
	for _, k := range list {
		out.Body.Kin = append(out.Body.Kin, PlaceNameKin{string(k.Relation), k.Depth, rowOf(k.Row)})
	}
	return out, nil
}

const mostDrawn = 2000

type layerInput struct {
	BBox     string   `query:"bbox" required:"true" maxLength:"200" doc:"West, south, east, north in degrees" example:"117.0,39.0,117.2,39.1"`
	Classes  []string `query:"class" maxItems:"8"`
	Kinds    []string `query:"kind" maxItems:"50"`
	States   []string `query:"state" maxItems:"12" enum:"draft,reserved,lapsed,proposed,withdrawn,rejected,approved,contested,customary,retired,annulled,merged"`
	Division string   `query:"division" maxLength:"32"`
}

// PlaceNameProperties say what a feature is.
type PlaceNameProperties struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Kind  string `json:"kind"`
	Class string `json:"class"`
	State string `json:"state"`
}

// PlaceNameFeature is a place on the map.
type PlaceNameFeature struct {
	Type       string              `json:"type" enum:"Feature"`
	ID         string              `json:"id"`
	Geometry   *PlaceNameGeometry  `json:"geometry"`
	Properties PlaceNameProperties `json:"properties"`
}

// PlaceNameLayer is a GeoJSON feature collection.
type PlaceNameLayer struct {
	Type      string             `json:"type" enum:"FeatureCollection"`
	Features  []PlaceNameFeature `json:"features" nullable:"false"`
	Truncated bool               `json:"truncated" doc:"There are further ones, smaller than these"`
	Limit     int                `json:"limit"`
}

type layerReply struct {
	CacheControl string `header:"Cache-Control"`
	Body         PlaceNameLayer
}

func (h around) layer(ctx context.Context, in *layerInput) (*layerReply, error) {
	frame, ok := httpapi.Frame(in.BBox)
	if !ok {
		return nil, problem(errBadFrame)
	}
	f := PlaceNameFilter{Classes: in.Classes, Kinds: in.Kinds, States: in.States}.filter()
	if len(f.States) == 0 {
		for _, c := range placenames.States() {
			if s := placenames.State(c.Code); s.Taken() {
				f.States = append(f.States, s)
			}
		}
	}
	list, more, err := h.around.Map(ctx, frame, f, in.Division, mostDrawn)
	if err != nil {
		return nil, problem(err)
	}
	out := &layerReply{CacheControl: "no-store", Body: PlaceNameLayer{Type: "FeatureCollection", Features: []PlaceNameFeature{}, Truncated: more, Limit: mostDrawn}}
	for _, d := range list {
		f := PlaceNameFeature{Type: "Feature", ID: d.ID, Properties: PlaceNameProperties{d.ID, d.Text, d.Kind, d.Class, string(d.State)}}
		if err := json.Unmarshal(d.GeoJSON, &f.Geometry); err != nil {
			return nil, err
		}
		out.Body.Features = append(out.Body.Features, f)
	}
	return out, nil
}
