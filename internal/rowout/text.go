package rowout

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"yike/internal/rowio"
)

// rounded keeps a ten-millionth of a degree, a centimetre.
func rounded(v float64) float64 { return math.Round(v*1e7) / 1e7 }

// textWriter writes CSV and TSV: lines end in \r\n, a value is quoted where it has to be,
// and one that a spreadsheet would take for a formula is guarded as package rowio undoes.
type textWriter struct {
	placed
	options Options
	comma   byte
	buffer  *bufio.Writer
	encoder io.WriteCloser // nil for UTF-8
	line    []byte
}

func newText(to io.Writer, f Format, p placed, o Options) (Writer, error) {
	w := &textWriter{placed: p, options: o, comma: ','}
	if f == TSV {
		w.comma = '\t'
	}
	if f == CSVGB18030 {
		w.encoder = transform.NewWriter(to, encoding.ReplaceUnsupported(simplifiedchinese.GB18030.NewEncoder()))
		to = w.encoder
	}
	w.buffer = bufio.NewWriterSize(to, 64<<10)
	if w.encoder == nil {
		if _, err := w.buffer.WriteString("\ufeff"); err != nil {
			return nil, fmt.Errorf("write the file: %w", err)
		}
	}
	for i, c := range p.table.Columns {
		w.cell(i, c.Head, true)
	}
	return w, w.end()
}

func (w *textWriter) cell(i int, text string, guarded bool) {
	if i > 0 {
		w.line = append(w.line, w.comma)
	}
	if text == "" {
		return
	}
	text = plainText(text)
	if guarded {
		text = rowio.Guarded(text)
	}
	if !strings.ContainsAny(text, "\"\n\t,;|") && text[0] != ' ' && text[0] != '\'' {
		w.line = append(w.line, text...)
		return
	}
	w.line = append(w.line, '"')
	w.line = append(w.line, strings.ReplaceAll(text, `"`, `""`)...)
	w.line = append(w.line, '"')
}

// plainText is text in UTF-8 with one kind of line break and no zeros.
func plainText(s string) string {
	if strings.ContainsAny(s, "\r\x00") {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(s)
	}
	return strings.ToValidUTF8(s, "�")
}

func (w *textWriter) end() error {
	w.line = append(w.line, '\r', '\n')
	_, err := w.buffer.Write(w.line)
	w.line = w.line[:0]
	if err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	return nil
}

// Row writes one row.
func (w *textWriter) Row(r Row) error {
	r, err := w.place(r)
	if err != nil {
		return err
	}
	for i, v := range r.Values {
		text, free := w.options.text(v)
		w.cell(i, text, free)
	}
	return w.end()
}

// text writes a value; free says that it is text of people's, which may look like a
// formula.
func (o Options) text(v any) (text string, free bool) {
	switch v := v.(type) {
	case nil:
		return "", false
	case string:
		return v, true
	case float64:
		return number(v), false
	case int:
		return strconv.Itoa(v), false
	case int64:
		return strconv.FormatInt(v, 10), false
	case bool:
		if v {
			return o.Yes, true
		}
		return o.No, true
	}
	return fmt.Sprint(v), true
}

func number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// Close finishes the file.
func (w *textWriter) Close() error {
	err := w.buffer.Flush()
	if err == nil && w.encoder != nil {
		err = w.encoder.Close()
	}
	if err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	return nil
}

// Discard has nothing to remove.
func (w *textWriter) Discard() {}
