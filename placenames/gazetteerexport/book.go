package gazetteerexport

import (
	"fmt"
	"io"

	"yike/internal/rowout"
	"yike/internal/xlsx"
	"yike/placenames/gazetteer"
)

// WriteBook writes the book of names as a workbook: the contents, and a sheet for each class
// that has names, with a row above the names of each letter.
func (f File) WriteBook(w io.Writer) error {
	chapters := gazetteer.Book(f.Entries, f.Catalogue)
	return written(w, func(book *xlsx.Writer) error {
		if err := f.contents(book, chapters); err != nil {
			return err
		}
		for _, c := range chapters {
			if err := f.chapter(book, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// written makes a workbook whose bytes are the same whenever its sheets are.
func written(w io.Writer, sheets func(*xlsx.Writer) error) (err error) {
	book := xlsx.NewWriter()
	book.Steady()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	if err := sheets(book); err != nil {
		return fmt.Errorf("write the workbook of place names: %w", err)
	}
	if _, err := book.WriteTo(w); err != nil {
		return fmt.Errorf("write the workbook of place names: %w", err)
	}
	return nil
}

func (f File) contents(book *xlsx.Writer, chapters []gazetteer.Chapter) error {
	table, err := book.Table(xlsx.TableSpec{
		Name: f.say("目录", "Contents"), Title: f.title(), Notes: f.notes(), NoFilter: true,
		Columns: []xlsx.Column{{Head: f.say("类别", "Class"), Width: 48}, {Head: f.say("字母", "Letters"), Width: 40}, {Head: f.say("地名数", "Names"), Kind: xlsx.Integer, Width: 10}},
	})
	if err != nil {
		return err
	}
	total := 0
	for _, c := range chapters {
		letters := ""
		for _, g := range c.Groups {
			letters += f.letter(g.Initial) + " "
		}
		total += c.Names()
		if err := table.Row(f.word(c.Class), letters[:len(letters)-1], c.Names()); err != nil {
			return err
		}
	}
	return table.TonedRow(xlsx.Strong, f.say("合计", "Total"), "", total)
}

func (f File) letter(initial string) string {
	if initial == "" {
		return f.say("其他", "other")
	}
	return initial
}

func (f File) chapter(book *xlsx.Writer, c gazetteer.Chapter) error {
	spec := xlsx.TableSpec{Name: f.word(c.Class), Title: f.title() + " · " + f.word(c.Class), Notes: f.notes(), Freeze: 1, Landscape: true, A3: true, NoFilter: true}
	var columns []column
	for _, col := range f.columns() {
		if col.record {
			continue
		}
		kind := xlsx.Text
		if col.kind == rowout.Day {
			kind = xlsx.Date
		}
		columns = append(columns, col)
		spec.Columns = append(spec.Columns, xlsx.Column{Head: f.say(col.zh, col.en), Kind: kind, Width: col.width})
	}
	table, err := book.Table(spec)
	if err != nil {
		return err
	}
	for _, g := range c.Groups {
		if err := table.TonedRow(xlsx.Strong, f.letter(g.Initial)); err != nil {
			return err
		}
		for _, e := range g.Entries {
			row := make([]any, len(columns))
			for i, col := range columns {
				row[i] = col.text(e)
				if col.kind == rowout.Day {
					row[i] = xlsx.Day(col.text(e))
				}
			}
			if err := table.Row(row...); err != nil {
				return err
			}
		}
	}
	return nil
}
