// Package listimport reads the rows of lists out of the files people have. It knows how a
// file says what is wrong with it, and nothing of what stands in the columns.
package listimport

import (
	"errors"
	"fmt"
	"io"

	"yike/facilities/lists"
	"yike/internal/rowio"
)

// Each gives take the rows of a table in their order, without the apostrophe that our own
// files have before what a spreadsheet would take for a formula, and with the faults of
// single cells. It returns the faults of rows that cannot be read. A table that cannot be
// read on, or has more than most rows, is a *rowio.RowError of the file.
func Each(lines rowio.Lines, file string, most int, take func(rowio.Line, []lists.Fault)) ([]lists.Fault, error) {
	var faults []lists.Fault
	for n := 0; ; {
		line, err := lines.Next()
		var bad *rowio.RowError
		switch {
		case errors.Is(err, io.EOF):
			return faults, nil
		case errors.As(err, &bad) && !bad.Fatal:
			faults = append(faults, faultOf(bad))
			continue
		case err != nil:
			return faults, err
		}
		if n++; n > most {
			return faults, &rowio.RowError{
				File: file, Fatal: true, ReasonZH: fmt.Sprintf("一次最多导入 %d 行，请分成几份", most),
				ReasonEN: fmt.Sprintf("at most %d rows at a time; bring them in several files", most),
			}
		}
		for i, cell := range line.Cells {
			line.Cells[i] = rowio.Unguarded(cell)
		}
		var own []lists.Fault
		for _, f := range line.Faults {
			own = append(own, faultOf(f))
		}
		take(line, own)
	}
}

func faultOf(e *rowio.RowError) lists.Fault {
	f := lists.Fault{Row: e.Row, Column: e.Column}
	f.Value, f.ZH, f.EN = e.Value, e.ReasonZH, e.ReasonEN
	return f
}
