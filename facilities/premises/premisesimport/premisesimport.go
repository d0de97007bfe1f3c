// Package premisesimport reads lists of rooms out of the files people have, workbooks and
// delimited texts. What stands in the columns is a rule of facilities/premises; this
// package knows files and neither storage nor HTTP.
package premisesimport

import (
	"context"
	"slices"

	"yike/facilities/lists"
	"yike/facilities/lists/listimport"
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
	Faults []lists.Fault // of the list as a whole, and of rows that cannot be read
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
	faults, err := listimport.Each(lines, name, premises.MostListed, func(line rowio.Line, faults []lists.Fault) {
		row := out.Reader.Read(line.Number, line.Cells)
		row.Faults = append(row.Faults, faults...)
		out.Rows = append(out.Rows, row)
	})
	out.Faults = append(out.Faults, faults...)
	return out, err
}
