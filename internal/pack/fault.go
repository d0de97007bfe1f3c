package pack

import (
	"fmt"
	"strings"
)

// String gives both languages, Chinese first.
func (t Text) String() string {
	switch {
	case t.EN == "" || t.EN == t.ZH:
		return t.ZH
	case t.ZH == "":
		return t.EN
	default:
		return t.ZH + " / " + t.EN
	}
}

// Fault is one thing wrong with a pack, said so that a person can find and mend it.
// File is relative to the pack; Row is 0 and Field empty where they do not apply.
type Fault struct {
	File   string `json:"file,omitempty"`
	Row    int    `json:"row,omitempty"` // 1-based data row; the line for CSV
	Field  string `json:"field,omitempty"`
	Value  string `json:"value,omitempty"`
	Reason Text   `json:"reason"`
	Hint   Text   `json:"hint"`
}

// String names file, row, field and value before the reason.
func (f Fault) String() string {
	var at []string
	if f.File != "" {
		at = append(at, f.File)
	}
	if f.Row > 0 {
		at = append(at, fmt.Sprintf("第 %d 行 (row %d)", f.Row, f.Row))
	}
	if f.Field != "" {
		at = append(at, "字段 (field) "+f.Field)
	}
	if f.Value != "" {
		at = append(at, fmt.Sprintf("%q", shorten(f.Value, 60)))
	}
	text := f.Reason.String()
	if len(at) > 0 {
		text = strings.Join(at, ", ") + ": " + text
	}
	if hint := f.Hint.String(); hint != "" {
		text += " → " + hint
	}
	return text
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// maxFaults is how many faults are kept; the rest are only counted.
const maxFaults = 20

// Faults gathers what is wrong with one manifest or layer. The zero value is ready
// for use. The first 20 are kept and all are counted, so that a million bad rows do
// not fill the memory.
type Faults struct {
	First []Fault
	Count int
}

// Add notes one fault.
func (f *Faults) Add(fault Fault) {
	f.Count++
	if len(f.First) < maxFaults {
		f.First = append(f.First, fault)
	}
}

// Err is nil without faults, and a *BadPackError of the given layer otherwise.
func (f *Faults) Err(layer string) error {
	if f.Count == 0 {
		return nil
	}
	return &BadPackError{Layer: layer, Faults: f.First, Count: f.Count}
}

// BadPackError says that a pack cannot be taken as it is. Nothing of the named layer
// was stored.
type BadPackError struct {
	Layer  string // divisions, roads, …; "manifest" for the manifest itself
	Faults []Fault
	Count  int // of all faults; len(Faults) is at most 20
}

// Bad makes an error of a single fault.
func Bad(layer string, fault Fault) error {
	return &BadPackError{Layer: layer, Faults: []Fault{fault}, Count: 1}
}

// BadInput says that the input is to be mended, not the program.
func (e *BadPackError) BadInput() bool { return true }

// Error lists the faults, one a line, in Chinese and English.
func (e *BadPackError) Error() string {
	var b strings.Builder
	if e.Count == 1 && len(e.Faults) == 1 {
		fmt.Fprintf(&b, "%s: %s", layerName(e.Layer), e.Faults[0])
		return b.String()
	}
	fmt.Fprintf(&b, "%s: %d 处错误 / %d faults", layerName(e.Layer), e.Count, e.Count)
	for _, f := range e.Faults {
		b.WriteString("\n  " + f.String())
	}
	if more := e.Count - len(e.Faults); more > 0 {
		fmt.Fprintf(&b, "\n  … 另有 %d 处 / and %d more", more, more)
	}
	return b.String()
}

func layerName(layer string) string {
	if t := LayerName(layer); t.ZH != "" {
		return t.String()
	}
	return layer
}

// LayerName is what people call a layer; empty for a word that is none.
func LayerName(layer string) Text {
	switch layer {
	case "manifest":
		return Text{ZH: "清单", EN: "manifest"}
	case Divisions:
		return Text{ZH: "辖区", EN: "divisions"}
	case Roads:
		return Text{ZH: "道路", EN: "roads"}
	case Buildings:
		return Text{ZH: "建筑", EN: "buildings"}
	case Population:
		return Text{ZH: "人口", EN: "population"}
	case Facilities:
		return Text{ZH: "设施", EN: "facilities"}
	}
	return Text{}
}
