package rowio

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

type csvReader struct {
	ctx     context.Context //nolint:containedctx // a reader lives within the call that opened it
	name    string
	text    *textFile
	csv     *csv.Reader
	columns []string
	ended   bool
}

// openCSV reads the header. The delimiter is sniffed from it when comma is 0: tab,
// semicolon, bar or comma, whichever stands there most often outside quotes.
func openCSV(ctx context.Context, path string, comma rune) (Reader, error) {
	text, err := openText(ctx, path)
	if err != nil {
		return nil, err
	}
	r := &csvReader{ctx: ctx, name: filepath.Base(path), text: text}
	buffered := bufio.NewReaderSize(text, 1<<16)
	if comma == 0 {
		if comma, err = sniffComma(buffered); err != nil {
			return nil, errors.Join(fmt.Errorf("read %s: %w", r.name, err), text.Close())
		}
	}
	r.csv = csv.NewReader(buffered)
	r.csv.Comma = comma
	r.csv.FieldsPerRecord = -1 // counted here, so that a row can be named and passed over
	r.csv.ReuseRecord = true
	if err := r.header(); err != nil {
		return nil, errors.Join(err, text.Close())
	}
	return r, nil
}

func sniffComma(b *bufio.Reader) (rune, error) {
	head, err := b.Peek(1 << 16)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	counts := map[rune]int{}
	quoted := false
	for _, c := range strings.TrimLeft(string(head), "\r\n") {
		if c == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if c == '\n' || c == '\r' {
			break
		}
		counts[c]++
	}
	best := ','
	for _, c := range []rune{'\t', ';', '|'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best, nil
}

func (r *csvReader) header() error {
	record, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return fileError(r.name, nil, "文件是空的", "the file is empty")
	}
	if err != nil {
		fault := r.fault(err)
		var bad *RowError
		if errors.As(fault, &bad) {
			bad.Fatal = true
		}
		return fault
	}
	line, _ := r.csv.FieldPos(0)
	for i, name := range record {
		name = strings.TrimSpace(name)
		if name == "" {
			name = fmt.Sprintf("#%d", i+1) // spreadsheets leave such columns behind
		}
		if slices.Contains(r.columns, name) {
			return &RowError{
				File: r.name, Row: line, Column: clip(name), Fatal: true,
				ReasonZH: "表头中有同名的列", ReasonEN: "the header names this column twice",
			}
		}
		r.columns = append(r.columns, name)
	}
	return nil
}

func (r *csvReader) Columns() []string { return slices.Clone(r.columns) }

func (r *csvReader) CRS() string { return "" }

func (r *csvReader) Close() error { return r.text.Close() }

func (r *csvReader) Next() (Row, error) {
	for {
		if r.ended {
			return Row{}, io.EOF
		}
		if err := r.ctx.Err(); err != nil {
			return Row{}, err
		}
		record, err := r.csv.Read()
		if err != nil {
			return Row{}, r.fault(err)
		}
		if !blank(record) {
			return r.row(record)
		}
	}
}

func (r *csvReader) row(record []string) (Row, error) {
	line, _ := r.csv.FieldPos(0)
	if len(record) > len(r.columns) && blank(record[len(r.columns):]) {
		record = record[:len(r.columns)]
	}
	if len(record) != len(r.columns) {
		return Row{}, &RowError{
			File: r.name, Row: line, Value: clip(strings.Join(record, string(r.csv.Comma))),
			ReasonZH: fmt.Sprintf("这一行有 %d 列，表头有 %d 列", len(record), len(r.columns)),
			ReasonEN: fmt.Sprintf("the row has %d columns, the header %d", len(record), len(r.columns)),
		}
	}
	fields := make(map[string]string, len(record))
	for i, v := range record {
		fields[r.columns[i]] = v
	}
	return Row{Number: line, Fields: fields}, nil
}

// fault turns an error of encoding/csv into one that names the line. Behind a stray
// quote the reader goes on with the next line; a quote that is never closed has eaten
// the rest of the file.
func (r *csvReader) fault(err error) error {
	if errors.Is(err, io.EOF) {
		r.ended = true
		return io.EOF
	}
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		r.ended = true
		return fmt.Errorf("read %s: %w", r.name, err)
	}
	e := &RowError{File: r.name, Row: parse.StartLine, Err: err}
	if parse.Line != parse.StartLine || errors.Is(err, csv.ErrQuote) {
		e.ReasonZH = fmt.Sprintf("引号没有配对（到第 %d 行为止）", parse.Line)
		e.ReasonEN = fmt.Sprintf("a quote is not closed where it should be (looked up to line %d)", parse.Line)
		return e
	}
	e.ReasonZH = fmt.Sprintf("第 %d 个字节处多出一个引号；含引号的值须整个用引号括起，并把其中的引号写两遍", parse.Column)
	e.ReasonEN = fmt.Sprintf("a stray quote at byte %d; a value with quotes has to be quoted whole, with the quotes in it doubled", parse.Column)
	return e
}

// blank reports whether every value is empty, as in the rows spreadsheets leave
// behind the table.
func blank(record []string) bool {
	return !slices.ContainsFunc(record, func(v string) bool { return strings.TrimSpace(v) != "" })
}
