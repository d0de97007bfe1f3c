package rowio_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"yike/internal/rowio"
)

// hostile is a file made to harm, or damaged.
type hostile struct {
	name string // of the fixture
	file string // what its sender calls it
	data string
	want string // part of the English reason for refusing it or a row of it; "" if it gives clean rows; "?" for either
}

// hostileLimits are those of a careful receiver.
func hostileLimits(temp string) rowio.Limits {
	return rowio.Limits{FileBytes: 64 << 20, Unpacked: 64 << 20, Rows: 20_000, Columns: 256, Vertices: 10_000, RowFaults: 100, TempDir: temp}
}

// outcome is what became of a file.
type outcome struct {
	rows, bytes int
	reasons     []string
}

// feed gives a file to the reader as a program does that imports it, and holds it to
// what is promised of any file.
func feed(t *testing.T, path, name, temp string) outcome {
	t.Helper()
	limits := hostileLimits(temp)
	var o outcome
	f, err := rowio.Sniff(t.Context(), path, name, limits)
	if err != nil {
		return o.refused(t, err)
	}
	for _, table := range f.Tables[:min(len(f.Tables), 3)] {
		lines, err := rowio.OpenAs(t.Context(), path, f, rowio.Options{Table: table.Name, TempDir: temp, Limits: limits})
		if err != nil {
			o = o.refused(t, err)
			continue
		}
		o = o.read(t, lines, limits)
		if err := lines.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	return o
}

func (o outcome) refused(t *testing.T, err error) outcome {
	t.Helper()
	var bad *rowio.RowError
	if !errors.As(err, &bad) || bad.ReasonZH == "" || bad.ReasonEN == "" || !bad.BadInput() {
		t.Errorf("the refusal is not one of a file: %#v", err)
		return o
	}
	o.reasons = append(o.reasons, bad.ReasonEN)
	return o
}

func (o outcome) read(t *testing.T, lines rowio.Lines, limits rowio.Limits) outcome {
	t.Helper()
	columns := lines.Columns()
	for steps := 0; ; steps++ {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return o
		}
		if err != nil {
			o = o.refused(t, err)
		} else {
			o.rows++
		}
		if len(columns) > limits.Columns || steps > limits.Rows+limits.RowFaults+2 || err == nil && len(line.Cells) != len(columns) {
			t.Fatalf("%d columns, %d cells, %d steps", len(columns), len(line.Cells), steps)
		}
		for _, c := range line.Cells {
			o.bytes += len(c)
			if !utf8.ValidString(c) || strings.ContainsFunc(c, func(r rune) bool { return r < 0x20 && r != '\t' && r != '\n' || r >= 0x202a && r <= 0x202e }) {
				t.Errorf("an unclean cell: %.80q", c)
			}
		}
		for _, f := range line.Faults {
			if f.ReasonZH == "" || f.ReasonEN == "" || f.Row != line.Number {
				t.Errorf("an incomplete fault: %#v", f)
			}
			o.reasons = append(o.reasons, f.ReasonEN)
		}
	}
}

func (o outcome) check(t *testing.T, h hostile) {
	t.Helper()
	all := strings.Join(o.reasons, "\n")
	switch {
	case h.want == "?":
		if o.rows == 0 && len(o.reasons) == 0 && !strings.Contains(h.name, "nothing") {
			t.Errorf("%s: neither rows nor a reason", h.name)
		}
	case h.want == "" && len(o.reasons) > 0:
		t.Errorf("%s: %.300s", h.name, all)
	case !strings.Contains(all, h.want):
		t.Errorf("%s: %.300q; want %q", h.name, all, h.want)
	}
}

// sandbox is a folder with a file to read and a folder to unpack into; afterwards
// nothing else may be there.
func sandbox(t *testing.T, h hostile) (path, temp string, check func()) {
	t.Helper()
	root := t.TempDir()
	path, temp = filepath.Join(root, "upload"), filepath.Join(root, "a", "b", "temp")
	if err := os.MkdirAll(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(h.data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, temp, func() {
		var found []string
		err := filepath.WalkDir(root, func(p string, _ os.DirEntry, err error) error {
			found = append(found, strings.TrimPrefix(p, root))
			return err
		})
		if got := strings.Join(found, " "); err != nil || got != " /a /a/b /a/b/temp /upload" {
			t.Errorf("%s: left behind: %s, %v", h.name, got, err)
		}
	}
}

// TestHostileFiles is not parallel: it measures what each file makes the process take.
func TestHostileFiles(t *testing.T) {
	all := hostileFiles(t)
	names := map[string]bool{}
	refused, clean := 0, 0
	for _, h := range all {
		if names[h.name] {
			t.Errorf("two fixtures are called %s", h.name)
		}
		names[h.name] = true
		path, temp, check := sandbox(t, h)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		o := feed(t, path, h.file, temp)
		runtime.ReadMemStats(&after)
		o.check(t, h)
		check()
		// A file of a few bytes may not make the process take much; a large one may be
		// gone through a few times.
		if taken, allowed := after.TotalAlloc-before.TotalAlloc, uint64(96<<20+24*len(h.data)); taken > allowed {
			t.Errorf("%s: %d bytes made the process take %d MiB", h.name, len(h.data), taken>>20)
		}
		if len(o.reasons) > 0 {
			refused++
		} else {
			clean++
		}
	}
	t.Logf("hostile files: %d, of which %d were refused as a whole or in part and %d gave clean rows", len(all), refused, clean)
	if len(all) < 200 {
		t.Errorf("only %d files", len(all))
	}
}

func hostileFiles(t testing.TB) []hostile {
	var all []hostile
	for _, some := range [][]hostile{hostileArchives(t), hostileWorkbooks(t), hostileTexts(), hostileGeoJSON(), hostileKML(t)} {
		all = append(all, some...)
	}
	return all
}

// TestHostileGDAL feeds what only GDAL reads.
func TestHostileGDAL(t *testing.T) {
	t.Parallel()
	for _, h := range hostileGDAL(t) {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			path, temp, check := sandbox(t, h)
			feed(t, path, h.file, temp).check(t, h)
			check()
		})
	}
}

func repeat(s string, n int) string { return strings.Repeat(s, n) }

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}
