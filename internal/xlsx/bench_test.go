package xlsx_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/xuri/excelize/v2"

	"yike/internal/xlsx"
)

const benchRows, benchColumns = 20_000, 12

// benchBook is a table as an office has it: names, addresses, figures, days.
func benchBook(b *testing.B) []byte {
	b.Helper()
	w := xlsx.NewWriter()
	defer w.Close() //nolint:errcheck // in memory
	columns := make([]xlsx.Column, benchColumns)
	for i := range columns {
		columns[i].Head = fmt.Sprintf("列%d", i)
	}
	s, err := w.Table(xlsx.TableSpec{Name: "a", Columns: columns})
	for i := 0; i < benchRows && err == nil; i++ {
		err = s.Row(fmt.Sprintf("常青街第%d食堂", i), fmt.Sprintf("堃园路%d号", i), i%500, float64(i)/7, 117.2+float64(i)*1e-5, 39.1, xlsx.Day("2026-11-27"), "开放", "民政局", "027-8888", i%2 == 0, "一类")
	}
	var out bytes.Buffer
	if err == nil {
		_, err = w.WriteTo(&out)
	}
	if err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// BenchmarkRead20k reads a sheet of 20,000 rows of 12 cells.
func BenchmarkRead20k(b *testing.B) {
	data := benchBook(b)
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			book, err := xlsx.Open(bytes.NewReader(data), int64(len(data)), xlsx.Limits{})
			if err != nil {
				b.Fatal(err)
			}
			rows, err := book.Rows(b.Context(), "a")
			n := 0
			for ; err == nil; n++ {
				_, err = rows.Next()
			}
			if !errors.Is(err, io.EOF) || n != benchRows+2 {
				b.Fatal(n, err)
			}
		}
		b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("excelize-Rows", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f, err := excelize.OpenReader(bytes.NewReader(data))
			if err != nil {
				b.Fatal(err)
			}
			rows, err := f.Rows("a")
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for rows.Next() {
				if _, err := rows.Columns(); err != nil {
					b.Fatal(err)
				}
				n++
			}
			if err := errors.Join(rows.Close(), f.Close()); err != nil || n != benchRows+1 {
				b.Fatal(n, err)
			}
		}
		b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("excelize-GetRows", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f, err := excelize.OpenReader(bytes.NewReader(data))
			if err != nil {
				b.Fatal(err)
			}
			rows, err := f.GetRows("a")
			if err != nil || len(rows) != benchRows+1 {
				b.Fatal(len(rows), err)
			}
			if err := f.Close(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkAnnotate20k marks every hundredth row of the same workbook.
func BenchmarkAnnotate20k(b *testing.B) {
	data := benchBook(b)
	var marks []xlsx.Mark
	for i := 2; i < benchRows; i += 100 {
		marks = append(marks, xlsx.Mark{Row: i, Column: i % benchColumns, Text: "应为整数"})
	}
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := xlsx.Annotate(b.Context(), io.Discard, bytes.NewReader(data), int64(len(data)), marks, xlsx.AnnotateOptions{Sheet: "a", HeaderRow: 1, Head: "错误", Author: "一刻"}, xlsx.Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("excelize", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f, err := excelize.OpenReader(bytes.NewReader(data))
			if err != nil {
				b.Fatal(err)
			}
			red, err := f.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFC7CD"}}})
			for _, m := range marks {
				cell := xlsx.CellName(m.Column, m.Row)
				err = errors.Join(err, f.SetCellStyle("a", cell, cell, red), f.AddComment("a", excelize.Comment{Cell: cell, Author: "一刻", Text: m.Text}), f.SetCellStr("a", xlsx.CellName(benchColumns, m.Row), m.Text))
			}
			if err = errors.Join(err, f.Write(io.Discard), f.Close()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
