package safezip_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yike/internal/safezip"
)

// pack makes an archive of names and texts, one after the other.
func pack(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: pairs[i], Method: zip.Deflate, NonUTF8: true})
		if err == nil {
			_, err = io.WriteString(w, pairs[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(data []byte, l safezip.Limits) (*safezip.Archive, error) {
	return safezip.Open(bytes.NewReader(data), int64(len(data)), l)
}

func TestReadsWhatIsInOrder(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("道路/道路.shp")
	if err != nil {
		t.Fatal(err)
	}
	a, err := open(pack(t, "b/", "", `b\c.txt`, "甲", gbk, "乙", "./d.txt", ""), safezip.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range a.Entries() {
		names = append(names, e.Name)
	}
	if got := strings.Join(names, " "); got != "b/c.txt 道路/道路.shp d.txt" {
		t.Errorf("%s", got)
	}
	e := a.Find("B/C.TXT")
	if e == nil || a.Find("none") != nil {
		t.Fatal("Find")
	}
	r, err := a.Open(e)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil || string(text) != "甲" || r.Close() != nil {
		t.Errorf("%q, %v", text, err)
	}
	var copied bytes.Buffer
	z := zip.NewWriter(&copied)
	if err := errors.Join(a.Copy(z, e), z.Close()); err != nil {
		t.Fatal(err)
	}
	if again, err := open(copied.Bytes(), safezip.Limits{}); err != nil || len(again.Entries()) != 1 || again.Entries()[0].Size != e.Size {
		t.Errorf("%v", err)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	data := pack(t, "a", strings.Repeat("x", 1000), "b", strings.Repeat("y", 3<<20))
	for _, tc := range []struct {
		want   string
		limits safezip.Limits
	}{
		{"2 entries", safezip.Limits{Entries: 1}},
		{"unpack to more", safezip.Limits{Total: 1 << 20}},
		{"zip bomb", safezip.Limits{Ratio: 2}},
		{"directory", safezip.Limits{Directory: 50}},
	} {
		var e *safezip.Error
		if _, err := open(data, tc.limits); !errors.As(err, &e) || e.ZH == "" || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%+v: %v", tc.limits, err)
		}
	}
}

// FuzzArchive opens any bytes and reads every entry: what is read is never more than was
// allowed, and every fault is one of the archive.
func FuzzArchive(f *testing.F) {
	f.Add(pack(f, "a/b.txt", "x", "c", strings.Repeat("y", 5000)))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := open(data, safezip.Limits{Total: 1 << 20})
		var e *safezip.Error
		if err != nil {
			if !errors.As(err, &e) || e.ZH == "" {
				t.Fatal(err)
			}
			return
		}
		for _, entry := range a.Entries() {
			if strings.HasPrefix(entry.Name, "/") || strings.Contains("/"+entry.Name+"/", "/../") || strings.ContainsAny(entry.Name, "\\\x00:") {
				t.Fatalf("the name %q", entry.Name)
			}
			r, err := a.Open(entry)
			if err != nil {
				continue
			}
			n, err := io.Copy(io.Discard, r)
			if n > 2<<20 || err != nil && !errors.As(err, &e) {
				t.Fatalf("%d bytes, %v", n, err)
			}
			_ = r.Close() // read only
		}
	})
}
