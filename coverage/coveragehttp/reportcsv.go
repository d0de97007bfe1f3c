package coveragehttp

import (
	"bufio"
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage"
)

// csv sends the whole table. Its rows are not all in memory at once; so a fault half-way
// cannot become a problem any more, and cuts the connection: nobody takes half a table
// for a whole one.
func (h reportHandlers) csv(ctx context.Context, in *reportPath) (*huma.StreamResponse, error) {
	r, err := h.reports.Report(ctx, in.Job)
	if err != nil {
		return nil, problem(err)
	}
	if len(r.Answered) < r.Questions {
		return nil, problem(errUnfinished)
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="coverage-`+r.Job+`.csv"`)
		hc.SetHeader("Cache-Control", "no-store")
		err := writeReport(hc.BodyWriter(), r, func(each func(int, coverage.Line) error) error {
			return h.reports.ReportLines(hc.Context(), in.Job, ReportPick{}, each)
		})
		if err != nil {
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

// byteOrderMark tells Excel that a CSV file is UTF-8.
const byteOrderMark = "\ufeff"

// columns of the table; those of the files that yike coverage writes.
func columns() []string {
	return []string{
		"facility_type", "facility_type_zh", "base", "limit_s", "speed_m_s",
		"level", "code", "parent", "name_zh", "name_en", "setting", "complete",
		"band", "population", "covered", "uncovered", "unsnapped", "population_coverage",
		"units", "units_with", "unit_coverage",
	}
}

// writeReport writes one row for each line and band, then one for each notice.
func writeReport(to io.Writer, r Report, lines func(each func(int, coverage.Line) error) error) error {
	buf := bufio.NewWriter(to)
	if _, err := buf.WriteString(byteOrderMark); err != nil {
		return err
	}
	w := csv.NewWriter(buf)
	w.UseCRLF = true // RFC 4180
	if err := w.Write(columns()); err != nil {
		return err
	}
	heads := map[int][]string{}
	for _, q := range r.Answered {
		heads[q.Number] = []string{
			safe(string(q.Query.Type)), safe(q.Name.ZH), string(q.Query.Base), strconv.Itoa(int(q.Query.Limit / 1000)),
			strconv.FormatFloat(metresPerSecond(q.Query.Speed), 'f', -1, 64),
		}
	}
	err := lines(func(number int, l coverage.Line) error {
		head, ok := heads[number]
		if !ok || len(l.Counts) != len(r.Bands) {
			return errUnfinished // begun anew meanwhile
		}
		for b, c := range l.Counts {
			if err := w.Write(append(append([]string{}, head...), lineCells(l, r.Bands[b], c)...)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, n := range r.Notices {
		row := make([]string, len(columns()))
		row[5], row[8], row[9] = "notice", safe(strings.TrimSpace(n.ZH+" "+n.URL)), safe(strings.TrimSpace(n.EN+" "+n.Licence))
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return buf.Flush()
}

// lineCells are the cells behind those of the question.
func lineCells(l coverage.Line, band string, c coverage.Count) []string {
	cells := []string{
		l.Level, safe(l.Code), safe(l.Parent), safe(l.NameZH), safe(l.NameEN), l.Setting, strconv.FormatBool(l.Complete),
		safe(band), c.Population.String(), c.Covered.String(), c.Uncovered.String(), c.Unsnapped.String(), share(c.PopulationCoverage()),
	}
	if l.Units.Total == 0 { // none are known, which is not nought
		return append(cells, "", "", "")
	}
	return append(cells, strconv.Itoa(l.Units.Total), strconv.Itoa(l.Units.With), share(l.Units.UnitCoverage()))
}

// share writes a rate with six decimals, empty where it is not defined.
func share(v float64, ok bool) string {
	if !ok {
		return ""
	}
	return strconv.FormatFloat(v, 'f', 6, 64)
}

// safe keeps a spreadsheet from running text of the data as a formula. Some take the
// full-width forms for the plain signs.
func safe(s string) string {
	for _, sign := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"} {
		if strings.HasPrefix(s, sign) {
			return "'" + s
		}
	}
	return s
}
