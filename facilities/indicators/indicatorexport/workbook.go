package indicatorexport

import (
	"fmt"
	"io"

	"yike/internal/xlsx"
)

// WriteXLSX writes the report as a workbook with a sheet for each table. Blanks are empty
// cells, and numbers are numbers.
func (r Report) WriteXLSX(to io.Writer) (err error) {
	book := xlsx.NewWriter()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	for n, s := range r.Sheets() {
		spec := xlsx.TableSpec{Name: s.Name, Landscape: true, NoFilter: n != 0}
		if n == 0 {
			spec.Title, spec.Freeze, spec.A3 = r.Title(), 2, true
			spec.Notes = []string{r.say("空白表示没有数，不是 0。", "A blank is no figure, and not 0.")}
		}
		for at, head := range s.Head {
			spec.Columns = append(spec.Columns, xlsx.Column{Head: head, Kind: kindOf(s, at), Width: widthOf(s, at)})
		}
		table, err := book.Table(spec)
		if err != nil {
			return fmt.Errorf("write the workbook: %w", err)
		}
		for _, row := range s.Rows {
			if err := table.Row(row...); err != nil {
				return fmt.Errorf("write the workbook: %w", err)
			}
		}
	}
	if _, err := book.WriteTo(to); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

// kindOf is how a column is shown: as figures where all it says are figures.
func kindOf(s Sheet, column int) xlsx.Kind {
	kind := xlsx.Text
	for _, row := range s.Rows {
		switch row[column].(type) {
		case string:
			return xlsx.Text
		case float64, int:
			kind = xlsx.Number
		}
	}
	return kind
}

// widthOf gives long texts a wide column, which wraps them.
func widthOf(s Sheet, column int) float64 {
	const wide, longText = 48, 24
	for _, row := range s.Rows {
		if text, ok := row[column].(string); ok && len([]rune(text)) > longText {
			return wide
		}
	}
	return 0
}
