// Package gazetteerexport writes the register of place names to files: the book of names as a
// workbook with a sheet for each class, the register as CSV and GeoJSON, and its statistics. It
// owns the columns; what the book has and what the figures count is decided by gazetteer. Equal
// registers make equal bytes.
package gazetteerexport

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"yike/geo/divisions"
	"yike/internal/record"
	"yike/internal/rowout"
	"yike/placenames"
	"yike/placenames/gazetteer"
)

// File is the register at one moment.
type File struct {
	Entries   []gazetteer.Entry
	Catalogue *placenames.Catalogue
	Places    []divisions.Division // for the names of divisions
	English   bool
	Open      bool // Entries are what is open to everybody
	Filtered  bool // Entries are a part of the register
	Made      record.Day
	Notices   []placenames.Code // what must be said of the data; their words only
}

// say gives the words in the language of the file.
func (f File) say(zh, en string) string {
	if f.English {
		return en
	}
	return zh
}

func (f File) word(c placenames.Code) string { return f.say(c.ZH, c.EN) }

func (f File) of(list []placenames.Code, code string) string {
	for _, c := range list {
		if c.Code == code {
			return f.word(c)
		}
	}
	return code
}

func (f File) class(code string) string {
	for _, c := range f.Catalogue.Classes {
		if c.Code.Code == code {
			return f.word(c.Code)
		}
	}
	return code
}

func (f File) notes() []string {
	out := []string{f.say("制表日期 ", "As of ") + string(f.Made)}
	if f.Filtered {
		out = append(out, f.say("按条件筛选所得，不是全部地名", "A part of the register, by a filter"))
	}
	if f.Open {
		out = append(out, f.say("开放数据：只含在用地名，不含备注", "Open data: names in use only, without notes"))
	}
	for _, n := range f.Notices {
		out = append(out, f.word(n))
	}
	return out
}

// column is a column of the register; text gives what stands in it.
type column struct {
	code, zh, en string
	kind         rowout.Kind
	width        float64
	text         func(gazetteer.Entry) string
	record       bool // it is of the register and not in the book
}

func (f File) columns() []column {
	places := f.placeNames()
	out := []column{
		{code: "name", zh: "标准地名", en: "Standard name", width: 22, text: func(e gazetteer.Entry) string { return e.Text }},
		{code: "roman", zh: "罗马字母拼写", en: "Roman spelling", width: 24, text: func(e gazetteer.Entry) string { return e.Roman }},
		{code: "class", zh: "类别", en: "Class", text: func(e gazetteer.Entry) string { return f.class(e.Class) }, record: true},
		{code: "kind", zh: "种类", en: "Kind", width: 12, text: f.kind},
		{code: "state", zh: "状态", en: "State", width: 12, text: func(e gazetteer.Entry) string { return f.of(placenames.States(), string(e.State)) }},
		{code: "divisions", zh: "所在政区", en: "Divisions", width: 20, text: func(e gazetteer.Entry) string {
			return f.join(e.Divisions, func(c string) string { return cmp.Or(places[c], c) })
		}},
		{code: "position", zh: "起止和位置", en: "Position", width: 34, text: f.position},
		{code: "meaning", zh: "含义", en: "Meaning", width: 26, text: func(e gazetteer.Entry) string { return e.Meaning }},
		{code: "origin", zh: "来历", en: "Origin", width: 26, text: func(e gazetteer.Entry) string { return e.Origin }},
		{code: "former", zh: "曾用名", en: "Former names", width: 24, text: func(e gazetteer.Entry) string { return join(f, e.Former, f.former) }},
		{code: "aliases", zh: "别名", en: "Other names", width: 20, text: func(e gazetteer.Entry) string { return join(f, e.Aliases, f.alias) }},
		{code: "decision", zh: "决定文件", en: "Document", width: 34, text: f.decision},
		{code: "decided", zh: "决定日期", en: "Decided on", width: 12, kind: rowout.Day, text: func(e gazetteer.Entry) string { return string(e.Decision.Day) }},
		{code: "protected", zh: "保护名录", en: "Protected by", width: 20, text: heritage},
	}
	if !f.Open {
		out = append(out, column{code: "note", zh: "备注", en: "Note", width: 24, text: func(e gazetteer.Entry) string { return e.Note }})
	}
	return append(out, column{code: "id", zh: "标识", en: "Id", text: func(e gazetteer.Entry) string { return e.ID }, record: true})
}

func (f File) placeNames() map[string]string {
	out := map[string]string{}
	for _, d := range f.Places {
		out[d.Code] = f.division(d)
	}
	return out
}

func (f File) division(d divisions.Division) string {
	if f.English {
		return cmp.Or(d.NameEN, d.NameZH)
	}
	return d.NameZH
}

func (f File) kind(e gazetteer.Entry) string {
	k, _, known := f.Catalogue.Of(e.Kind)
	if !known {
		return e.Kind
	}
	return f.word(k.Code)
}

func (f File) position(e gazetteer.Entry) string {
	x := e.Extent
	via := ""
	if x.Via != "" {
		via = f.say("途经 ", "by way of ") + x.Via
	}
	var said []string
	for _, s := range []string{x.From, x.To, via, x.Position} {
		if s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, f.say("；", "; "))
}

func (f File) former(o placenames.Former) string {
	switch {
	case o.From == "" && o.Until == "":
		return o.Text
	case o.From == "":
		return o.Text + f.say("（至 "+string(o.Until)+"）", " (until "+string(o.Until)+")")
	}
	return o.Text + f.say("（", " (") + string(o.From) + " – " + string(o.Until) + f.say("）", ")")
}

func (f File) alias(a placenames.Alias) string {
	return a.Text + f.say("（", " (") + f.of(placenames.AliasKinds(), string(a.Kind)) + f.say("）", ")")
}

func (f File) decision(e gazetteer.Entry) string {
	d := e.Decision
	var said []string
	for _, s := range []string{d.Body, d.Title, d.Number} {
		if s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, " ")
}

func heritage(e gazetteer.Entry) string {
	if e.Heritage == nil {
		return ""
	}
	return strings.TrimSpace(e.Heritage.List + " " + e.Heritage.Level)
}

func (f File) join(list []string, of func(string) string) string { return join(f, list, of) }

func join[T any](f File, list []T, of func(T) string) string {
	said := make([]string, len(list))
	for i, v := range list {
		said[i] = of(v)
	}
	return strings.Join(said, f.say("；", "; "))
}

// WriteRows writes the register as CSV or GeoJSON, one row or feature for each name, in the
// order of Entries. CSV has a point of each place, GeoJSON the geometry, in WGS 84.
func (f File) WriteRows(ctx context.Context, to io.Writer, format rowout.Format) error {
	columns := f.columns()
	table := rowout.Table{Name: f.title(), Notes: f.notes()}
	for _, c := range columns {
		table.Columns = append(table.Columns, rowout.Column{Code: c.code, Head: f.say(c.zh, c.en), Kind: c.kind})
	}
	table.Columns = append(table.Columns,
		rowout.Column{Code: "lon", Head: f.say("经度", "Longitude"), Kind: rowout.Number, Lon: true}, rowout.Column{Code: "lat", Head: f.say("纬度", "Latitude"), Kind: rowout.Number, Lat: true})
	w, err := rowout.New(ctx, to, format, table, rowout.Options{})
	if err != nil {
		return fmt.Errorf("write the register: %w", err)
	}
	defer w.Discard()
	for _, e := range f.Entries {
		values := make([]any, len(table.Columns))
		for i, c := range columns {
			if text := c.text(e); text != "" {
				values[i] = text
			}
		}
		if err := w.Row(rowout.Row{Values: values, Point: e.Point, Shape: e.Geometry}); err != nil {
			return fmt.Errorf("write the register: %s: %w", e.ID, err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("write the register: %w", err)
	}
	return nil
}

func (f File) title() string { return f.say("地名录", "Gazetteer") }
