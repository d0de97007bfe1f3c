package coveragehttp

import (
	"bufio"
	"context"
	"encoding/csv"
	"io"
	"math"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

type explainCSVInput struct {
	Question
	FigureQuestion
}

// csv sends all points behind a figure. Each row says of which version and question it is,
// so that a table that was passed on can be asked again.
func (h explainHandlers) csv(ctx context.Context, in *explainCSVInput) (*huma.StreamResponse, error) {
	if h.src.Version() == "" {
		return nil, problem(ErrNotReady)
	}
	e, err := h.src.Explain(ctx, in.query(), nil, in.asked(), 0, math.MaxInt32)
	if err != nil {
		return nil, inQuery(err)
	}
	body := explainedOf(e, in.FigureQuestion, 0, false)
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="coverage-points-`+body.Version+`.csv"`)
		hc.SetHeader("Cache-Control", "private, no-cache")
		_ = writePoints(hc.BodyWriter(), &body) // a client that went away wants no more
	}}, nil
}

// askedAgain is the address under which a figure is asked again, with all that is usual
// filled in, in one form.
func askedAgain(q coverageQuestion, f FigureQuestion) string {
	v := url.Values{}
	put := func(key, value string) {
		if value != "" {
			v.Set(key, value)
		}
	}
	put("type", q.Type)
	put("base", q.Base)
	if q.Limit != nil {
		put("limit", strconv.Itoa(*q.Limit))
	}
	put("speed", decimal(q.Speed))
	if q.Metres != nil {
		put("metres", strconv.Itoa(*q.Metres))
	}
	put("profile", q.Profile)
	put("at", q.At)
	put("tier", q.Tier)
	put("part", f.Part)
	put("band", f.Band)
	put("division", f.Division)
	put("facility", f.Facility)
	put("gap", f.Gap)
	return "/api/v1/coverage/points?" + v.Encode()
}

func pointColumns() []string {
	return []string{
		"id", "lon", "lat", "division", "division_zh", "band", "people", "state", "walk_s", "walk_m", "nearest", "nearest_zh", "nearest_en",
		"within_limit", "reason_zh", "reason_en", "access_m", "street", "street_class", "street_source", "version", "question",
	}
}

func writePoints(to io.Writer, e *explainedFigure) error {
	buf := bufio.NewWriter(to)
	if _, err := buf.WriteString(byteOrderMark); err != nil {
		return err
	}
	w := csv.NewWriter(buf)
	w.UseCRLF = true // RFC 4180
	if err := w.Write(pointColumns()); err != nil {
		return err
	}
	for i := range e.Rows {
		if err := w.Write(append(pointCells(&e.Rows[i], e.Figure.Band), e.Version, e.Again)); err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return buf.Flush()
}

func pointCells(p *explainedPoint, band string) []string {
	people, _ := p.People.MarshalJSON() // it cannot fail
	nearest, reason := explainedFacility{}, explainedReason{}
	if p.Nearest != nil {
		nearest = *p.Nearest
	}
	if p.Reason != nil {
		reason = *p.Reason
	}
	return []string{
		p.ID, decimal(&p.Lon), decimal(&p.Lat), safe(p.Division), safe(p.DivisionZH), safe(band), string(people), p.State, decimal(p.Seconds), decimal(p.WalkM),
		nearest.ID, safe(nearest.NameZH), safe(nearest.NameEN), strconv.Itoa(p.Sites), reason.ZH, reason.EN, decimal(p.AccessM),
		safe(p.Street), safe(p.StreetClass), safe(p.StreetID),
	}
}

// decimal writes a number in the fewest digits, empty where it is not known.
func decimal(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}
