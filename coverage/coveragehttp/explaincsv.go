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
	explainFigure
}

// csv sends all points behind a figure. Each row says of which version and question it is,
// so that a table that was passed on can be asked again.
func (h explainHandlers) csv(ctx context.Context, in *explainCSVInput) (*huma.StreamResponse, error) {
	if h.src.Version() == "" {
		return nil, problem(ErrNotReady)
	}
	e, err := h.src.Explain(ctx, in.query(), nil, in.asked(), 0, math.MaxInt32)
	if err != nil {
		return nil, problem(err)
	}
	body := explainedOf(e, in.explainFigure, 0, false)
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="coverage-points-`+body.Version+`.csv"`)
		hc.SetHeader("Cache-Control", "private, no-cache")
		_ = writePoints(hc.BodyWriter(), &body, askedAgain(hc.URL())) // a client that went away wants no more
	}}, nil
}

// askedAgain is the address under which a figure is asked again, in one form.
func askedAgain(u url.URL) string { return u.Path + "?" + u.Query().Encode() }

func pointColumns() []string {
	return []string{
		"id", "lon", "lat", "division", "division_zh", "band", "people", "state", "walk_s", "walk_m", "nearest", "nearest_zh", "nearest_en",
		"within_limit", "reason_zh", "reason_en", "access_m", "street", "street_class", "street_source", "version", "question",
	}
}

func writePoints(to io.Writer, e *explainedFigure, question string) error {
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
		if err := w.Write(append(pointCells(&e.Rows[i], e.Figure.Band), e.Version, question)); err != nil {
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
