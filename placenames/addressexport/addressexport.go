// Package addressexport writes what the register of addresses gives away as tables. It owns the
// columns; what may be told is decided by placenames/addresses. Equal tables make equal bytes.
package addressexport

import (
	"context"
	"fmt"
	"io"

	"yike/internal/record"
	"yike/internal/rowout"
	"yike/placenames/addresses"
)

// OldNew is the old–new table (新旧地址对照表) of a day.
type OldNew struct {
	Pairs    []addresses.Pair
	Division func(code string) string // the name of a division
	English  bool
	Made     record.Day
	Notices  []string // what must be said of the data
}

func (o OldNew) say(zh, en string) string {
	if o.English {
		return en
	}
	return zh
}

// Write writes the table in a format of rowout.
func (o OldNew) Write(ctx context.Context, to io.Writer, format rowout.Format) error {
	head := func(code, zh, en string) rowout.Column { return rowout.Column{Code: code, Head: o.say(zh, en)} }
	until := head("until", "原地址止用日期", "Last day of the old address")
	until.Kind = rowout.Day
	table := rowout.Table{
		Name: o.say("新旧地址对照表", "Old and new addresses"),
		Columns: []rowout.Column{
			head("old", "原地址", "Old address"), head("new", "现地址", "New address"), head("old_text", "原地址全称", "Old address in full"), head("new_text", "现地址全称", "New address in full"),
			head("why", "原因", "Why"), until, head("document", "文号", "Document"), head("body", "决定机关", "Authority"), head("division", "辖区", "Division"),
			head("old_id", "原地址标识", "Id of the old address"), head("new_id", "现地址标识", "Id of the new address"),
		},
		Notes: append([]string{o.say("制表日期 ", "As of ") + string(o.Made)}, o.Notices...),
	}
	w, err := rowout.New(ctx, to, format, table, rowout.Options{})
	if err != nil {
		return fmt.Errorf("write the old–new table: %w", err)
	}
	defer w.Discard()
	for _, p := range o.Pairs {
		next, full := p.New, p.NewFull
		if p.NewID == "" {
			next, full = o.say("（已灭失）", "(gone)"), ""
		}
		values := []any{p.Old, next, p.OldFull, full, o.why(p.Why), string(p.Until), p.Decision.Number, p.Decision.Body, o.Division(p.Division), p.OldID, p.NewID}
		if err := w.Row(rowout.Row{Values: values}); err != nil {
			return fmt.Errorf("write the old–new table: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("write the old–new table: %w", err)
	}
	return nil
}

func (o OldNew) why(kind addresses.DecisionKind) string {
	for _, c := range addresses.DecisionKinds() {
		if c.Code == string(kind) {
			return o.say(c.ZH, c.EN)
		}
	}
	return string(kind)
}
