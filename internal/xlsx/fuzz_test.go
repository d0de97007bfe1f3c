package xlsx_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"unicode/utf8"

	"yike/internal/xlsx"
)

// FuzzSheet reads whatever stands in a sheet, its texts and its styles, and marks it.
func FuzzSheet(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="2"><c r="A2" t="s" s="1"><v>0</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`, `<sst><si><t>a_x0041_</t></si></sst>`, "yyyy-mm-dd")
	f.Add(`<worksheet><cols><col min="1" max="2"/></cols><sheetData><row><c/><c t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>`, ``, `[h]:mm;"x`)
	f.Add(`<x:worksheet><x:sheetData/></x:worksheet>`, `<sst/>`, `0.00%\`)
	f.Fuzz(func(t *testing.T, sheet, texts, format string) {
		p := book("")
		p["xl/worksheets/sheet1.xml"], p["xl/sharedStrings.xml"] = sheet, texts
		if utf8.ValidString(format) {
			p["xl/styles.xml"] = styles(format)
		}
		data := p.pack(t)
		b, err := xlsx.Open(bytes.NewReader(data), int64(len(data)), xlsx.Limits{})
		if err != nil {
			faultOf(t, err)
			return
		}
		s, err := b.Survey(t.Context(), "台账", 5)
		if err != nil {
			faultOf(t, err)
			return
		}
		if _, err := b.Merges(t.Context(), "台账"); err != nil {
			faultOf(t, err)
		}
		var out bytes.Buffer
		marks := []xlsx.Mark{{Row: 2, Column: 0, Text: "甲"}, {Row: 2, Column: 1, Text: "乙"}, {Row: 1, Column: -1, Text: "丙"}}
		if err := xlsx.Annotate(t.Context(), &out, bytes.NewReader(data), int64(len(data)), marks, xlsx.AnnotateOptions{Sheet: "台账", HeaderRow: 1, Head: "错误", Author: "一刻"}, xlsx.Limits{}); err != nil {
			return
		}
		again, err := open(t, out.Bytes()).Survey(t.Context(), "台账", 0)
		if err != nil || again.Columns > s.Columns+1 {
			t.Fatalf("the marked sheet: %+v, %v; was %+v", again, err, s)
		}
	})
}

func faultOf(t *testing.T, err error) {
	t.Helper()
	var e *xlsx.Error
	if !errors.As(err, &e) || e.ZH == "" {
		t.Fatalf("not a fault of the file: %v", err)
	}
}

// FuzzBook reads whatever passes for a workbook.
func FuzzBook(f *testing.F) {
	f.Add(book(`<sheetData><row><c><v>1</v></c></row></sheetData>`).pack(f))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := xlsx.Open(bytes.NewReader(data), int64(len(data)), xlsx.Limits{})
		if err != nil {
			faultOf(t, err)
			return
		}
		rows, err := b.Rows(t.Context(), b.Sheets()[0].Name)
		if err != nil {
			faultOf(t, err)
			return
		}
		defer rows.Close() //nolint:errcheck // in memory
		for {
			if _, err := rows.Next(); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				faultOf(t, err)
				return
			}
		}
	})
}
