package xlsx

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"slices"

	"github.com/xuri/excelize/v2"
)

// Formula is a cell that Excel works out, and what it comes to, so that those who do not
// work formulas out see it too.
type Formula struct {
	Text  string // as Excel has it in English, without the equals sign: "SUM(B2:B9)"
	Value any    // what it comes to: int, int64, float64, or nil for ""
}

// cellOf is how a value is stored; isText says that it is text although the column may be
// of numbers.
func cellOf(v any) (cell excelize.Cell, isText bool) {
	formula, ok := v.(Formula)
	if !ok {
		value, isText := cellValue(v)
		return excelize.Cell{Value: value}, isText
	}
	value, _ := cellValue(formula.Value)
	return excelize.Cell{Formula: formula.Text, Value: value}, false
}

// Steady has equal workbooks be equal bytes: its parts stand in the order of their names,
// without times. All of the packed workbook is then in memory for a moment.
func (w *Writer) Steady() {
	w.file.SetZipWriter(func(to io.Writer) excelize.ZipWriter { return &steadyZip{to: to, parts: map[string]*bytes.Buffer{}} })
}

// steadyZip keeps the parts until all are there.
type steadyZip struct {
	to    io.Writer
	parts map[string]*bytes.Buffer
}

// Create begins a part.
func (z *steadyZip) Create(name string) (io.Writer, error) {
	b := &bytes.Buffer{}
	z.parts[name] = b
	return b, nil
}

// AddFS is for workbooks that have folders of files, as ours have not.
func (z *steadyZip) AddFS(fs.FS) error { return fs.ErrInvalid }

// Close writes the parts, the list of them first, as some readers want it.
func (z *steadyZip) Close() error {
	names := make([]string, 0, len(z.parts))
	for name := range z.parts {
		names = append(names, name)
	}
	slices.Sort(names) // '[' of [Content_Types].xml is before all small letters
	out := zip.NewWriter(z.to)
	for _, name := range names {
		part, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := part.Write(z.parts[name].Bytes()); err != nil {
			return err
		}
	}
	return out.Close()
}
