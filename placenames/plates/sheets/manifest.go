package sheets

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"yike/placenames/plates"
	"yike/placenames/plates/faces"
)

// Entry is one plate of a file.
type Entry struct {
	Place
	Token   plates.Token `json:"code"`
	Grouped string       `json:"grouped"`
	Payload string       `json:"payload"`
	Face    string       `json:"face"`
	FaceZH  string       `json:"-"`
	Name    string       `json:"name"`
	Number  string       `json:"number"`
	Roman   string       `json:"roman"`
	Address string       `json:"address"`
	Version int          `json:"version"` // of the symbol
	Level   string       `json:"level"`
	Mask    int          `json:"mask"`
	Module  float64      `json:"module"` // side of a module, millimetres
	Symbol  faces.Square `json:"symbol"` // its white square on the page
	SHA256  string       `json:"sha256"` // of the operators that draw the plate
}

func entryOf(p Plate, d faces.Drawing, at Place, sum string) Entry {
	s := d.Face.Symbol
	return Entry{
		Place: at, Token: p.Token, Grouped: p.Token.Grouped(), Payload: p.Payload, Face: d.Face.ID, FaceZH: d.Face.ZH,
		Name: p.Name, Number: p.Number, Roman: p.Roman, Address: p.Address,
		Version: d.Symbol.Version, Level: d.Symbol.Level.String(), Mask: d.Symbol.Mask, Module: d.Module,
		Symbol: faces.Square{X: at.X + s.X, Y: at.Y + s.Y, Side: s.Side}, SHA256: sum,
	}
}

// Format is what a manifest says of its own form.
const Format = "yike-plates/1"

// Manifest tells what is in a file of sheets, so that a maker can find each plate and a
// proof can read each symbol where it must stand.
type Manifest struct {
	Format string  `json:"format"`
	Batch  Batch   `json:"batch"`
	File   File    `json:"file"`
	Faces  []Faced `json:"faces"`
	Plates []Entry `json:"plates"`
}

// File is the PDF that a manifest goes with.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Pages  int    `json:"pages"` // with the delivery list
}

// Faced says how many plates have a face.
type Faced struct {
	ID     string  `json:"id"`
	ZH     string  `json:"zh"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Plates int     `json:"plates"`
}

// ErrManifest is returned for a manifest that is none, or of another form.
var ErrManifest = errors.New("not a manifest of plates")

// ReadManifest reads a manifest. It returns ErrManifest.
func ReadManifest(r io.Reader) (Manifest, error) {
	var m Manifest
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return m, fmt.Errorf("%w: %w", ErrManifest, err)
	}
	if m.Format != Format {
		return m, fmt.Errorf("%w: its form is %q, not %q", ErrManifest, m.Format, Format)
	}
	return m, nil
}

// Write writes the manifest as JSON.
func (m Manifest) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(m); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return nil
}

// WriteTable writes the maker's table: CSV in UTF-8 with its mark, one plate a row.
func (m Manifest) WriteTable(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write the table of plates: %w", err)
	}
	out := csv.NewWriter(w)
	rows := append(make([][]string, 0, 1+len(m.Plates)), []string{
		"批次", "版", "行", "列", "编码", "牌型", "宽mm", "高mm", "地名", "门牌号", "罗马字母拼写", "标准地址", "二维码内容", "码版本", "sha256",
	})
	sizes := map[string]Faced{}
	for _, f := range m.Faces {
		sizes[f.ID] = f
	}
	for _, e := range m.Plates {
		f := sizes[e.Face]
		rows = append(rows, []string{
			m.Batch.ID, strconv.Itoa(e.Page), strconv.Itoa(e.Row), strconv.Itoa(e.Column), e.Grouped, f.ZH, short(f.Width), short(f.Height),
			cell(e.Name), cell(e.Number), cell(e.Roman), cell(e.Address), e.Payload, fmt.Sprintf("%d-%s", e.Version, e.Level), e.SHA256,
		})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write the table of plates: %w", err)
	}
	return nil
}

// cell keeps a text from being run as a formula by the program that opens the table.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func short(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
