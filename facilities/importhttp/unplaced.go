package importhttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/httpapi"
)

const unplacedPath = "/api/v1/facilities/unplaced"

// registerUnplaced mounts the list of what waits for a position. A record is placed by
// changing it, as any other field.
func (h handlers) registerUnplaced(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "unplaced-facilities", Method: http.MethodGet, Path: unplacedPath, Tags: tags(),
		Summary:     "Records whose position is to be found · 待落图",
		Description: "In the order of their ids. To place one, change its lon and lat with placed_by map.",
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.listUnplaced)
	httpapi.Register(api, huma.Operation{
		OperationID: "place-candidates", Method: http.MethodGet, Path: unplacedPath + "/{id}/candidates", Tags: tags(),
		Summary:     "Where the address of a record may be, the likeliest first · 落图候选",
		Description: "By the district's own roads, buildings, estates, facilities and divisions. What is only an area has no position: a person points at it.",
		Errors:      []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable},
	}, h.candidates)
}

type unplacedInput struct {
	Division string `query:"division" maxLength:"32" doc:"Only in this division or one below it"`
	Type     string `query:"type" maxLength:"64"`
	Batch    string `query:"batch" maxLength:"64" doc:"Only those that this import brought"`
	Text     string `query:"q" maxLength:"100" doc:"Only where the name or the address contains this"`
	After    string `query:"cursor" maxLength:"64" doc:"next of the page before"`
	Limit    int    `query:"limit" default:"100" minimum:"1" maximum:"500"`
}

// unplacedFacility is a record that waits for a position.
type unplacedFacility struct {
	ID       string `json:"id"`
	Version  int    `json:"version" doc:"For If-Match when it is placed"`
	Type     string `json:"type"`
	NameZH   string `json:"name_zh"`
	NameEN   string `json:"name_en"`
	Address  string `json:"address"`
	Division string `json:"division_code" doc:"What is known of where it is"`
	PlaceZH  string `json:"place_zh" doc:"What that is called, from the subdistrict down"`
	PlaceEN  string `json:"place_en"`
	Stage    string `json:"stage" enum:"draft,submitted,published"`
	Phone    string `json:"phone,omitempty" doc:"To ask where it is"`
}

type unplacedPage struct {
	Facilities []unplacedFacility `json:"facilities" nullable:"false"`
	Total      int                `json:"total" doc:"All that wait, of this choice"`
	Next       *string            `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

func (h handlers) listUnplaced(ctx context.Context, in *unplacedInput) (*importFresh[unplacedPage], error) {
	list, total, err := h.unplaced.List(ctx, UnplacedFilter{
		Division: in.Division, Type: in.Type, Batch: in.Batch, Text: in.Text, After: in.After, Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, problem(err)
	}
	out := unplacedPage{Facilities: []unplacedFacility{}, Total: total}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Next = &list[in.Limit-1].ID
	}
	for _, f := range list {
		out.Facilities = append(out.Facilities, unplacedOf(f))
	}
	return fresh(out), nil
}

func unplacedOf(f Waiting) unplacedFacility {
	phone, _ := f.Fields["contact_phone"].(string)
	return unplacedFacility{
		ID: f.ID, Version: f.Version, Type: string(f.Type), NameZH: f.NameZH, NameEN: f.NameEN, Address: f.Address, Division: f.DivisionCode,
		PlaceZH: f.PlaceZH, PlaceEN: f.PlaceEN, Stage: string(f.Stage), Phone: phone,
	}
}

type placeCandidates struct {
	ZH       string                 `json:"zh" doc:"What came of looking for the address"`
	EN       string                 `json:"en"`
	Division string                 `json:"division_code" doc:"The finest division that the address names; empty for none"`
	List     []importPlaceCandidate `json:"candidates" nullable:"false"`
}

type importPlaceCandidate struct {
	Kind       string     `json:"kind" doc:"door, building, estate, facility, place, road, between, crossing or division"`
	Name       string     `json:"name"`
	Lon        *float64   `json:"lon" nullable:"true" doc:"null where only an area is known"`
	Lat        *float64   `json:"lat" nullable:"true"`
	Box        [4]float64 `json:"box" doc:"West, south, east, north of what the map should show"`
	Confidence int        `json:"confidence" doc:"1 to 100"`
	ZH         string     `json:"zh" doc:"What was matched"`
	EN         string     `json:"en"`
}

func (h handlers) candidates(ctx context.Context, in *importInput) (*importFresh[placeCandidates], error) {
	found, err := h.unplaced.Candidates(ctx, in.ID)
	if err != nil {
		return nil, problem(err)
	}
	return fresh(placeCandidates{
		ZH: found.ZH, EN: found.EN, Division: found.Division,
		List: each(found.List, func(c Candidate) importPlaceCandidate {
			out := importPlaceCandidate{
				Kind: c.Kind, Name: c.Name, Confidence: c.Confidence, ZH: c.ZH, EN: c.EN,
				Box: [4]float64{c.Show.Min[0], c.Show.Min[1], c.Show.Max[0], c.Show.Max[1]},
			}
			if c.Placed {
				lon, lat := c.Point.Lon(), c.Point.Lat()
				out.Lon, out.Lat = &lon, &lat
			}
			return out
		}),
	}), nil
}
