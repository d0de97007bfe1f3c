package facilityhttp

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"yike/facilities"
	"yike/internal/httpapi"
)

type listInput struct {
	Type     string `query:"type" maxLength:"64" doc:"Only this type"`
	Division string `query:"division" maxLength:"32" doc:"Only in this division or one below it"`
	Text     string `query:"q" maxLength:"100" doc:"Only where a name or the address contains this, in any case"`
	Limit    int    `query:"limit" default:"200" minimum:"1" maximum:"1000" doc:"Facilities per page"`
	Cursor   string `query:"cursor" maxLength:"200" doc:"next of the page before"`
	httpapi.Conditional
}

// Facility is one record of the registry as the API gives it.
type Facility struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"`
	NameZH   string   `json:"name_zh"`
	NameEN   string   `json:"name_en"`
	Status   string   `json:"status" enum:"planned,building,open,suspended,closed"`
	Example  bool     `json:"example" doc:"Placed by rule, not a real place: label it 示例"`
	Address  string   `json:"address"`
	Capacity int      `json:"capacity" doc:"0 when unknown; the unit follows from the type"`
	Serves   []string `json:"serves" nullable:"false" doc:"Codes of the communities it is assigned to"`
	Division string   `json:"division_code"`
	Lon      *float64 `json:"lon" nullable:"true" doc:"null while the position is not known (待落图)"`
	Lat      *float64 `json:"lat" nullable:"true"`

	Stage           string         `json:"stage" enum:"draft,submitted,published" doc:"How far the office is with the record"`
	PlacedBy        string         `json:"placed_by" enum:",given,address,map" doc:"Where the position comes from; empty while it is not known"`
	PlaceConfidence int            `json:"place_confidence" doc:"1 to 100 for a position found from the address, else 0"`
	USCC            string         `json:"uscc" doc:"统一社会信用代码 of the operator; several places may share it"`
	InstitutionCode string         `json:"institution_code" doc:"In the register of a higher authority"`
	BureauNo        string         `json:"bureau_no" doc:"The bureau's own number"`
	Fields          map[string]any `json:"fields" doc:"What the type declares, see /api/v1/facility-types; what is not known is left out"`
	VerifiedOn      *string        `json:"verified_on" nullable:"true" format:"date" doc:"Last day somebody held the record against the place"`
	ReplacedBy      []string       `json:"replaced_by" nullable:"false" doc:"Ids of what took its place; a tombstone where there are any"`
}

type facilityPage struct {
	Facilities []Facility `json:"facilities" nullable:"false"`
	Next       *string    `json:"next" nullable:"true" doc:"Cursor of the next page; null on the last"`
}

func facilityOf(f facilities.Facility) Facility {
	out := Facility{
		ID: f.ID, Type: string(f.Type), NameZH: f.NameZH, NameEN: f.NameEN, Status: string(f.Status), Example: f.Example,
		Address: f.Address, Capacity: f.Capacity, Serves: append([]string{}, f.Serves...), Division: f.DivisionCode,
		Stage: string(f.Stage), PlacedBy: string(f.PlacedBy), PlaceConfidence: f.PlaceConfidence,
		USCC: f.USCC, InstitutionCode: f.InstitutionCode, BureauNo: f.BureauNo,
		Fields: facilities.TidyFields(f.Fields), ReplacedBy: append([]string{}, f.ReplacedBy...),
	}
	if !f.Unplaced {
		lon, lat := f.Point.Lon(), f.Point.Lat()
		out.Lon, out.Lat = &lon, &lat
	}
	if f.VerifiedOn != "" {
		day := string(f.VerifiedOn)
		out.VerifiedOn = &day
	}
	return out
}

func (h handlers) list(ctx context.Context, in *listInput) (*httpapi.Reply[facilityPage], error) {
	r, err := h.src.Registry(ctx)
	if err != nil {
		return nil, problem(err)
	}
	after, err := decodeCursor(in.Cursor)
	if err != nil {
		return nil, problem(err)
	}
	if in.Type != "" && !slices.ContainsFunc(r.Types, func(t facilities.TypeInfo) bool { return string(t.Type) == in.Type }) {
		return nil, problem(errUnknownType)
	}
	within, err := below(r, in.Division)
	if err != nil {
		return nil, problem(err)
	}
	tag := fmt.Sprintf("%q", fmt.Sprintf("list-%s-%s-%s-%x-%d-%s", r.Version, in.Type, in.Division, in.Text, in.Limit, after))
	return httpapi.ReplyUnlessHeld(in.Conditional, tag, func() (*facilityPage, error) {
		return page(r.Facilities, in, after, within), nil
	})
}

// page picks the facilities that are asked for, after a given id.
func page(all []facilities.Facility, in *listInput, after string, within map[string]bool) *facilityPage {
	text := strings.ToLower(strings.TrimSpace(in.Text))
	out := &facilityPage{Facilities: []Facility{}}
	sorted := slices.SortedFunc(slices.Values(all), func(a, b facilities.Facility) int { return cmp.Compare(a.ID, b.ID) })
	for _, f := range sorted {
		switch {
		case f.ID <= after,
			in.Type != "" && string(f.Type) != in.Type,
			within != nil && !within[f.DivisionCode],
			!contains(f, text):
			continue
		}
		if len(out.Facilities) == in.Limit {
			next := encodeCursor(out.Facilities[in.Limit-1].ID)
			out.Next = &next
			break
		}
		out.Facilities = append(out.Facilities, facilityOf(f))
	}
	return out
}

func contains(f facilities.Facility, text string) bool {
	return text == "" || strings.Contains(strings.ToLower(f.NameZH+"\n"+f.NameEN+"\n"+f.Address), text)
}

// below collects the codes of a division and of all under it; nil when none is asked
// for.
func below(r Registry, code string) (map[string]bool, error) {
	if code == "" {
		return nil, nil
	}
	children := map[string][]string{}
	found := false
	for _, d := range r.Divisions {
		children[d.ParentCode] = append(children[d.ParentCode], d.Code)
		found = found || d.Code == code
	}
	if !found {
		return nil, errUnknownDivision
	}
	in := map[string]bool{}
	for todo := []string{code}; len(todo) > 0; {
		next := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if next == "" || in[next] {
			continue
		}
		in[next] = true
		todo = append(todo, children[next]...)
	}
	return in, nil
}

// A cursor is the last id of a page, made opaque so that nobody builds on its form.
func encodeCursor(id string) string { return base64.RawURLEncoding.EncodeToString([]byte(id)) }

func decodeCursor(c string) (string, error) {
	id, err := base64.RawURLEncoding.DecodeString(c)
	if err != nil || len(id) > 64 {
		return "", errBadCursor
	}
	return string(id), nil
}
