package facilityhttp

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/facilities"
	"yike/geo/divisions"
	"yike/internal/httpapi"
)

// registerQuality mounts /api/v1/facility-quality.
func (h findingHandlers) registerQuality(api huma.API) {
	httpapi.Register(api, huma.Operation{
		OperationID: "facility-quality", Method: http.MethodGet, Path: "/api/v1/facility-quality", Tags: []string{"facilities"},
		Summary:     "How far the records can be relied on, the worst first, and by subdistrict · 数据质量",
		Description: "Follow next until it is null.",
		Errors:      []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusServiceUnavailable},
	}, h.quality)
}

type qualityInput struct {
	Type     string `query:"type" maxLength:"64"`
	Division string `query:"division" maxLength:"32" doc:"In this division or below it"`
	Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	Cursor   string `query:"cursor" maxLength:"256" doc:"The next of the page before"`
	httpapi.Conditional
}

type qualityRow struct {
	Facility   string          `json:"facility" doc:"Its id"`
	Type       string          `json:"type"`
	NameZH     string          `json:"name_zh"`
	NameEN     string          `json:"name_en"`
	Division   string          `json:"division"`
	DivisionZH string          `json:"division_zh" doc:"Name of the division"`
	DivisionEN string          `json:"division_en"`
	VerifiedOn *string         `json:"verified_on" nullable:"true" format:"date"`
	Points     int             `json:"points"`
	Reasons    []qualityReason `json:"reasons" nullable:"false"`
}

// subdistrictQuality is the mean of a subdistrict's records.
type subdistrictQuality struct {
	Division string  `json:"division" doc:"Code of the subdistrict; empty for facilities in none"`
	NameZH   string  `json:"name_zh"`
	NameEN   string  `json:"name_en"`
	Records  int     `json:"records"`
	Mean     float64 `json:"mean" doc:"Points, to one decimal"`
	Never    int     `json:"never" doc:"Records that nobody ever held against the place"`
}

type qualityPage struct {
	Records      []qualityRow         `json:"records" nullable:"false"`
	Total        int                  `json:"total"`
	Mean         *float64             `json:"mean" nullable:"true" doc:"Points of all, to one decimal; null for none"`
	Subdistricts []subdistrictQuality `json:"subdistricts" nullable:"false" doc:"The worst first"`
	Next         *string              `json:"next" nullable:"true"`
}

func (h findingHandlers) quality(ctx context.Context, in *qualityInput) (*httpapi.Reply[qualityPage], error) {
	after, err := decodeFindingCursor(in.Cursor)
	if err != nil {
		return nil, problem(err)
	}
	d, err := h.standards.District(ctx)
	if err != nil {
		return nil, problem(err)
	}
	if in.Type != "" && !slices.ContainsFunc(d.Types, func(t facilities.TypeInfo) bool { return string(t.Type) == in.Type }) {
		return nil, problem(errUnknownType)
	}
	within, err := underDivision(d.Divisions, in.Division)
	if err != nil {
		return nil, problem(err)
	}
	tag := fmt.Sprintf("%q", fmt.Sprintf("quality-%s-%x-%d-%x", d.Version, strings.Join([]string{in.Type, in.Division}, "\n"), in.Limit, after))
	return httpapi.ReplyUnlessHeld(in.Conditional, tag, func() (*qualityPage, error) {
		var all []*CheckedFacility
		for i := range d.Facilities {
			if f := d.Facilities[i].Facility; (in.Type == "" || string(f.Type) == in.Type) && (within == nil || within[f.DivisionCode]) {
				all = append(all, &d.Facilities[i])
			}
		}
		return qualityOfAll(all, d.Divisions, in.Limit, after), nil
	})
}

// qualityKey orders records, the worst first.
func qualityKey(c *CheckedFacility) string {
	return fmt.Sprintf("%03d %s", c.Score.Points, c.Facility.ID)
}

func qualityOfAll(all []*CheckedFacility, list []divisions.Division, limit int, after string) *qualityPage {
	slices.SortFunc(all, func(a, b *CheckedFacility) int { return cmp.Compare(qualityKey(a), qualityKey(b)) })
	out := &qualityPage{Records: []qualityRow{}, Total: len(all), Subdistricts: bySubdistrict(all, list)}
	sum := 0
	for _, c := range all {
		sum += c.Score.Points
	}
	if len(all) > 0 {
		mean := tenths(sum, len(all))
		out.Mean = &mean
	}
	from, found := slices.BinarySearchFunc(all, after, func(c *CheckedFacility, key string) int { return cmp.Compare(qualityKey(c), key) })
	if found {
		from++
	}
	end := min(len(all), from+limit)
	names := byCode(list)
	for _, c := range all[from:end] {
		out.Records = append(out.Records, qualityRowOf(c, names[c.Facility.DivisionCode]))
	}
	if end < len(all) {
		next := encodeFindingCursor(qualityKey(all[end-1]))
		out.Next = &next
	}
	return out
}

func tenths(sum, n int) float64 { return math.Round(float64(sum)*10/float64(n)) / 10 }

func qualityRowOf(c *CheckedFacility, d divisions.Division) qualityRow {
	f := c.Facility
	row := qualityRow{
		Facility: f.ID, Type: string(f.Type), NameZH: f.NameZH, NameEN: f.NameEN, Division: f.DivisionCode,
		DivisionZH: d.NameZH, DivisionEN: cmp.Or(d.NameEN, d.Pinyin), Points: c.Score.Points, Reasons: qualityOf(c.Score).Reasons,
	}
	if f.VerifiedOn != "" {
		day := string(f.VerifiedOn)
		row.VerifiedOn = &day
	}
	return row
}

func bySubdistrict(all []*CheckedFacility, list []divisions.Division) []subdistrictQuality {
	of := byCode(list)
	holder := func(code string) string {
		for range len(list) + 1 { // a tree that is a ring ends, too
			d, ok := of[code]
			if !ok || d.Level == divisions.Subdistrict {
				return d.Code
			}
			code = d.ParentCode
		}
		return ""
	}
	sums := map[string]int{}
	got := map[string]*subdistrictQuality{}
	for _, c := range all {
		code := holder(c.Facility.DivisionCode)
		if got[code] == nil {
			got[code] = &subdistrictQuality{Division: code, NameZH: of[code].NameZH, NameEN: cmp.Or(of[code].NameEN, of[code].Pinyin)}
		}
		got[code].Records++
		sums[code] += c.Score.Points
		if c.Facility.VerifiedOn == "" {
			got[code].Never++
		}
	}
	out := []subdistrictQuality{}
	for code, q := range got {
		q.Mean = tenths(sums[code], q.Records)
		out = append(out, *q)
	}
	slices.SortFunc(out, func(a, b subdistrictQuality) int {
		return cmp.Or(cmp.Compare(a.Mean, b.Mean), cmp.Compare(a.Division, b.Division))
	})
	return out
}
