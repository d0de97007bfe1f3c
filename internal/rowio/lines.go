package rowio

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
)

// linesReader reads GeoJSON features one on each line, or each behind a record
// separator (RFC 8142). A bad line is named and passed over.
type linesReader struct {
	ctx     context.Context //nolint:containedctx // a reader lives within the call that opened it
	name    string
	src     source
	lines   *bufio.Scanner
	columns []string
	line    int    // line on which the next record begins
	last    []byte // the feature that Next gave; good until the next call
	ended   bool
}

func openLines(ctx context.Context, path string) (Reader, error) {
	scout, err := newLines(ctx, path)
	if err != nil {
		return nil, err
	}
	columns, err := scout.survey()
	if err := errors.Join(err, scout.Close()); err != nil {
		return nil, err
	}
	r, err := newLines(ctx, path)
	if err != nil {
		return nil, err
	}
	r.columns = columns
	return r, nil
}

func newLines(ctx context.Context, path string) (*linesReader, error) {
	text, err := openText(ctx, path)
	if err != nil {
		return nil, err
	}
	buffered := bufio.NewReaderSize(text, 1<<16)
	head, err := buffered.Peek(1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(fmt.Errorf("read %s: %w", path, err), text.Close())
	}
	const recordSeparator = 0x1e
	separator := byte('\n')
	if len(head) == 1 && head[0] == recordSeparator {
		separator = recordSeparator
	}
	lines := bufio.NewScanner(buffered)
	lines.Buffer(make([]byte, 1<<16), mostFeature)
	lines.Split(splitAt(separator))
	return &linesReader{ctx: ctx, name: filepath.Base(path), src: text, lines: lines, line: 1}, nil
}

// splitAt keeps the separator, so that lines can be counted.
func splitAt(separator byte) bufio.SplitFunc {
	return func(data []byte, atEOF bool) (int, []byte, error) {
		if i := bytes.IndexByte(data, separator); i >= 0 {
			return i + 1, data[:i+1], nil
		}
		if atEOF && len(data) > 0 {
			return len(data), data, nil
		}
		return 0, nil, nil
	}
}

func (r *linesReader) survey() ([]string, error) {
	seen := map[string]struct{}{}
	for {
		_, raw, err := r.nextRaw()
		if errors.Is(err, io.EOF) {
			return sortedKeys(seen), nil
		}
		if err != nil {
			return nil, err
		}
		if json.Valid(raw) {
			noteColumns(seen, raw)
		}
	}
}

func (r *linesReader) Columns() []string { return slices.Clone(r.columns) }

// CRS is always "": the form has no place for it.
func (r *linesReader) CRS() string { return "" }

func (r *linesReader) Close() error { return r.src.Close() }

func (r *linesReader) Next() (Row, error) {
	line, raw, err := r.nextRaw()
	if err != nil {
		return Row{}, err
	}
	if !json.Valid(raw) {
		return Row{}, &RowError{
			File: r.name, Row: line, Value: clip(string(raw)),
			ReasonZH: "这一行不是有效的 JSON", ReasonEN: "the line is not valid JSON",
		}
	}
	r.last = raw
	return parseFeature(r.name, line, raw)
}

func (r *linesReader) eachField(do func(name string)) { eachProperty(r.last, do) }

// nextRaw is the next record that is not blank, and the line on which it begins. The
// bytes are good until the next call.
func (r *linesReader) nextRaw() (int, []byte, error) {
	for !r.ended {
		if err := r.ctx.Err(); err != nil {
			return 0, nil, err
		}
		if !r.lines.Scan() {
			r.ended = true
			if err := r.lines.Err(); errors.Is(err, bufio.ErrTooLong) {
				return 0, nil, &RowError{
					File: r.name, Row: r.line, Fatal: true, Err: err,
					ReasonZH: fmt.Sprintf("一个要素超过 %d MB", mostFeature>>20), ReasonEN: fmt.Sprintf("a feature has more than %d MB", mostFeature>>20),
				}
			} else if err != nil {
				return 0, nil, fmt.Errorf("read %s, line %d: %w", r.name, r.line, err)
			}
			break
		}
		raw := r.lines.Bytes()
		line := r.line
		r.line += bytes.Count(raw, []byte{'\n'})
		if raw = bytes.Trim(raw, " \t\r\n\x1e"); len(raw) > 0 {
			return line, raw, nil
		}
	}
	return 0, nil, io.EOF
}
