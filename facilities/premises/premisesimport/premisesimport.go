// Package premisesimport reads lists of rooms out of the files people have, workbooks and
// delimited texts. What stands in the columns is a rule of facilities/premises; this
// package knows files and neither storage nor HTTP.
package premisesimport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"yike/facilities/premises"
	"yike/geo/divisions"
	"yike/internal/rowio"
)

// MostBytes is how large a file may be.
const MostBytes = 16 << 20

// List is a list of rooms as a file has it.
type List struct {
	File   string
	Reader premises.ListReader // knows in which column a field stands
	Rows   []premises.Listed
	Faults []premises.ListFault // of the list as a whole, and of rows that cannot be read
}

// Read reads the file at path, which people call name. Of a workbook it takes the first
// sheet that has numbers of rooms. A file that is no list, cannot be read or has too many
// rows is a *rowio.RowError. O(rows · divisions).
func Read(ctx context.Context, path, name string, places []divisions.Division) (List, error) {
	out := List{File: name}
	limits := rowio.Limits{FileBytes: MostBytes, Unpacked: 16 * MostBytes, Rows: 4 * premises.MostListed, Columns: 200, RowFaults: 1000}
	f, err := rowio.Sniff(ctx, path, name, limits)
	if err != nil {
		return out, err
	}
	if !slices.Contains([]rowio.Kind{rowio.KindXLSX, rowio.KindCSV, rowio.KindTSV}, f.Kind) {
		return out, &rowio.RowError{
			File: name, Fatal: true, ReasonZH: "台账应为 Excel（.xlsx）或 CSV 文件", ReasonEN: "a ledger is an Excel workbook (.xlsx) or a CSV file",
		}
	}
	for i, t := range f.Tables {
		if _, faults := premises.NewListReader(t.Columns, nil); len(faults) == 0 && !t.Hidden {
			f.Table = i
			break
		}
	}
	lines, err := rowio.OpenAs(ctx, path, f, rowio.Options{Limits: limits})
	if err != nil {
		return out, err
	}
	defer lines.Close() //nolint:errcheck // it was only read
	out.Reader, out.Faults = premises.NewListReader(lines.Columns(), places)
	return out, out.rows(lines)
}

func (l *List) rows(lines rowio.Lines) error {
	for {
		line, err := lines.Next()
		var fault *rowio.RowError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &fault) && !fault.Fatal:
			l.Faults = append(l.Faults, told(fault))
			continue
		case err != nil:
			return err
		case len(l.Rows) == premises.MostListed:
			return &rowio.RowError{
				File: l.File, Fatal: true, ReasonZH: fmt.Sprintf("一次最多导入 %d 处用房，请分成几份", premises.MostListed),
				ReasonEN: fmt.Sprintf("at most %d rooms at a time; bring them in several files", premises.MostListed),
			}
		}
		for i, cell := range line.Cells {
			line.Cells[i] = unguarded(cell)
		}
		row := l.Reader.Read(line.Number, line.Cells)
		for _, fault := range line.Faults {
			row.Faults = append(row.Faults, told(fault))
		}
		l.Rows = append(l.Rows, row)
	}
}

func told(e *rowio.RowError) premises.ListFault {
	f := premises.ListFault{Row: e.Row, Column: e.Column}
	f.Value, f.ZH, f.EN = e.Value, e.ReasonZH, e.ReasonEN
	return f
}

// unguarded takes away the apostrophe that our own files have before what a spreadsheet
// would take for a formula.
func unguarded(cell string) string {
	rest, ok := strings.CutPrefix(cell, "'")
	if ok && rest != "" && strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20", []rune(rest)[0]) {
		return rest
	}
	return cell
}
