package coverageexport

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"yike/coverage"
)

// byteOrderMark tells Excel that a CSV file is UTF-8.
const byteOrderMark = "\ufeff"

// CSVOptions sets how a CSV file is written.
type CSVOptions struct {
	BOM    bool // begin with a byte order mark, which Excel needs to read Chinese
	Public bool // for publication: small numbers left out, the others rounded
}

// columns of the CSV file, in order.
func columns() []string {
	return []string{
		"facility_type", "facility_type_zh", "base", "limit_s", "speed_m_s",
		"level", "code", "parent", "name_zh", "name_en", "setting", "complete",
		"band", "population", "covered", "uncovered", "unsnapped", "population_coverage",
		"units", "units_with", "unit_coverage",
		"covered_by_one", "covered_by_several", "judged_by", "metres", "profile", "at", "tier",
	}
}

// WriteCSV writes one row per facility type, division and age band, then a total per
// type and band (level "total"), then one row per notice (level "notice", its words
// in the two name columns). People are exact decimals. Text that a spreadsheet would
// take for a formula is preceded by an apostrophe.
func WriteCSV(w io.Writer, sheets []Sheet, notices []Notice, opt CSVOptions) error {
	buf := bufio.NewWriter(w)
	if opt.BOM {
		if _, err := buf.WriteString(byteOrderMark); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	out := csv.NewWriter(buf)
	out.UseCRLF = true // RFC 4180
	rows := [][]string{columns()}
	for _, s := range sheets {
		rows = append(rows, s.rows(opt.Public)...)
	}
	if opt.Public {
		notices = append(slices.Clone(notices), publicNotice())
	}
	for _, n := range notices {
		rows = append(rows, noticeRow(n))
	}
	for _, row := range rows {
		if err := out.Write(row); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func (s Sheet) rows(public bool) [][]string {
	head := []string{
		string(s.Type), safe(s.TypeName.ZH), string(s.Report.Base),
		s.limit(), s.pace(),
	}
	asked := []string{s.judgedBy(), aboveZero(s.Asked.Metres), s.walker(), s.Asked.Hour.String(), aboveZero(int(s.Asked.Tier))}
	var rows [][]string
	for _, l := range s.lines() {
		for b, c := range l.counts {
			row := append(append([]string(nil), head...),
				l.level, safe(l.code), safe(l.parent), safe(l.nameZH), safe(l.nameEN), l.setting, strconv.FormatBool(l.complete),
				safe(s.Report.Demand.Bands[b].ID),
				cell(c.Population, public), cell(c.Covered, public), cell(c.Uncovered, public), cell(c.Unsnapped, public),
				share(coverageOf(c, public)))
			row = append(row, unitCells(l.units)...)
			rows = append(rows, append(append(row, overlapCells(l.overlaps, b, public)...), asked...))
		}
	}
	return rows
}

// unitCells is empty where no communities are known: that is not nought.
func unitCells(u coverage.Units) []string {
	if u.Total == 0 {
		return []string{"", "", ""}
	}
	return []string{strconv.Itoa(u.Total), strconv.Itoa(u.With), share(u.UnitCoverage())}
}

// overlapCells is empty where overlaps are not counted.
func overlapCells(overlaps []coverage.Overlap, band int, public bool) []string {
	if overlaps == nil {
		return []string{"", ""}
	}
	return []string{cell(overlaps[band].One, public), cell(overlaps[band].Several, public)}
}

func noticeRow(n Notice) []string {
	row := make([]string, len(columns()))
	for i, c := range columns() {
		switch c {
		case "level":
			row[i] = "notice"
		case "name_zh":
			row[i] = safe(strings.TrimSpace(n.ZH + " " + n.URL))
		case "name_en":
			row[i] = safe(strings.TrimSpace(n.EN + " " + n.Licence))
		}
	}
	return row
}

// share writes a rate with six decimals, empty where it is not defined.
func share(v float64, ok bool) string {
	if !ok {
		return ""
	}
	return strconv.FormatFloat(v, 'f', 6, 64)
}

// safe keeps a spreadsheet from running text of the data as a formula.
func safe(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	// full-width forms are taken for the plain signs by some spreadsheets
	for _, sign := range []string{"\uff1d", "\uff0b", "\uff0d", "\uff20"} {
		if strings.HasPrefix(s, sign) {
			return "'" + s
		}
	}
	return s
}
