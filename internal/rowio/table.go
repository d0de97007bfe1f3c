package rowio

import (
	"context"
	"slices"
	"strings"

	"yike/internal/xlsx"
)

// table is what the readers of sheets and of delimited texts have in common.
type table struct {
	ctx        context.Context //nolint:containedctx // it lives within the call that opened it
	name       string
	info       Table
	limits     Limits
	columns    []string
	plain      []string // heads as they stand in the file, to know them again
	example    []string
	exampleRow int
	ended      bool
}

// Columns are the heads.
func (t *table) Columns() []string { return slices.Clone(t.columns) }

// CRS is "": sheets and delimited texts declare none.
func (t *table) CRS() string { return "" }

func (t *table) setHeads(top []gridRow, width int, merges []xlsx.Range) {
	names := heads(top, width, merges)
	t.columns, _ = unique(names)
	for _, c := range top[0].cells {
		t.plain = append(t.plain, CleanHead(c))
	}
}

// passOver reports a row that is no data: heads repeated on the next page, or the
// untouched example of a template.
func (t *table) passOver(line Line) bool {
	if t.exampleRow == line.Number && len(t.example) > 0 && sameTexts(line.Cells, t.example) {
		return true
	}
	return filled(t.plain) >= 2 && sameHeads(line.Cells, t.plain)
}

func sameTexts(a, b []string) bool {
	for i := range max(len(a), len(b)) {
		if strings.TrimSpace(at(a, i)) != strings.TrimSpace(at(b, i)) {
			return false
		}
	}
	return true
}

func sameHeads(cells, plain []string) bool {
	for i := range max(len(cells), len(plain)) {
		if c := at(cells, i); len(c) > 512 || CleanHead(c) != at(plain, i) {
			return false
		}
	}
	return true
}

func at(s []string, i int) string {
	if i < len(s) {
		return s[i]
	}
	return ""
}
