// Package consequenceexport writes the table of old and new names to files. It owns the columns;
// what the table has is decided by consequences. Equal tables make equal bytes.
package consequenceexport

import (
	"context"
	"fmt"
	"io"

	"yike/internal/record"
	"yike/internal/rowout"
	"yike/placenames"
	"yike/placenames/consequences"
)

// Table is the old–new table at one moment.
type Table struct {
	Changes   []consequences.Change // in their order
	Catalogue *placenames.Catalogue
	Places    map[string]string // names of divisions by code; of one that is not there the code is written
	English   bool
	Made      record.Day
	Notices   []string // what must be said of the data
}

// Write writes the table as a workbook or as CSV.
func (t Table) Write(ctx context.Context, to io.Writer, format rowout.Format) error {
	say := func(zh, en string) string {
		if t.English {
			return en
		}
		return zh
	}
	table := rowout.Table{Name: say("新旧地名对照表", "Old and new names"), Notes: append([]string{say("制表日期 ", "As of ") + string(t.Made)}, t.Notices...)}
	for _, c := range []struct {
		code, zh, en string
		kind         rowout.Kind
	}{
		{"no", "序号", "No.", rowout.Integer},
		{"old", "原名称", "Old name", rowout.Text},
		{"old_roman", "原罗马字母拼写", "Old spelling", rowout.Text},
		{"new", "现名称", "New name", rowout.Text},
		{"new_roman", "现罗马字母拼写", "New spelling", rowout.Text},
		{"act", "变更方式", "Change", rowout.Text},
		{"day", "变更日期", "From", rowout.Day},
		{"kind", "地名种类", "Kind", rowout.Text},
		{"division", "所在政区", "Division", rowout.Text},
		{"number", "批准文号", "Document", rowout.Text},
		{"body", "批准机关", "Authority", rowout.Text},
		{"id", "地名标识", "Id", rowout.Text},
	} {
		table.Columns = append(table.Columns, rowout.Column{Code: c.code, Head: say(c.zh, c.en), Kind: c.kind})
	}
	w, err := rowout.New(ctx, to, format, table, rowout.Options{})
	if err != nil {
		return fmt.Errorf("begin the table of old and new names: %w", err)
	}
	for i, c := range t.Changes {
		place, ok := t.Places[c.Division]
		if !ok {
			place = c.Division
		}
		kind := c.Kind
		if k, _, known := t.Catalogue.Of(c.Kind); known {
			kind = say(k.ZH, k.EN)
		}
		act := string(c.Act)
		for _, code := range consequences.Acts() {
			if code.Code == act {
				act = say(code.ZH, code.EN)
				break
			}
		}
		var day any
		if c.Day != "" {
			day = string(c.Day)
		}
		err := w.Row(rowout.Row{Values: []any{i + 1, c.Old, c.OldRoman, c.New, c.NewRoman, act, day, kind, place, c.Decision.Number, c.Decision.Body, c.NameID}})
		if err != nil {
			w.Discard()
			return fmt.Errorf("write the table of old and new names: %w", err)
		}
	}
	return w.Close()
}
