package indicatorexport

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// byteOrderMark tells Excel that a CSV file is UTF-8.
const byteOrderMark = "\ufeff"

// WriteCSV writes the table of indicators with a byte order mark, then an empty line and
// the notes. Text that a spreadsheet would take for a formula is preceded by an
// apostrophe.
func (r Report) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180
	main, notes := r.indicators(), r.notes()
	rows := [][]string{main.Head}
	for _, row := range append(main.Rows, append([][]any{{}}, notes.Rows...)...) {
		cells := make([]string, len(row))
		for n, v := range row {
			cells[n] = plain(v)
			if text, ok := v.(string); ok {
				cells[n] = safe(text)
			}
		}
		rows = append(rows, cells)
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// plain writes a cell as text; a blank stays empty.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int:
		return strconv.Itoa(v)
	case string:
		return v
	}
	return fmt.Sprint(v)
}

// safe keeps a spreadsheet from running text as a formula; full-width signs are taken for
// the plain ones by some.
func safe(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20", []rune(s)[0]) {
		return s
	}
	return "'" + s
}
