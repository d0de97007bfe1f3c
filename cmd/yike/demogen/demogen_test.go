package demogen_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"yike/cmd/yike/demogen"
	"yike/internal/pack"

	"pgregory.net/rapid"
)

// generate makes a district in a folder of the test's own.
func generate(t testing.TB, people int, seed uint64) (string, demogen.Summary) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pack")
	s, err := demogen.Generate(t.Context(), demogen.Options{People: people, Seed: seed}, dir)
	if err != nil {
		t.Fatalf("generate %d people, seed %d: %v", people, seed, err)
	}
	return dir, s
}

// digest is one SHA-256 over all files of a folder, in the order of their names.
func digest(t testing.TB, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		h.Write(fmt.Appendf(nil, "%s %d\n", e.Name(), len(data)))
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// golden is the digest of 3,000 people with seed 7. It changes with every change to
// what is generated, and must not change from machine to machine.
const golden = "41a17fe81ea237c992af92a2dbb6715cdbd706bff619a4212962490c6ddb00d0"

func TestSameBytesEverywhere(t *testing.T) {
	t.Parallel()
	one, _ := generate(t, 3000, 7)
	two, _ := generate(t, 3000, 7)
	if a, b := digest(t, one), digest(t, two); a != b {
		t.Fatalf("two runs differ: %s and %s", a, b)
	}
	if got := digest(t, one); got != golden {
		t.Errorf("the district of 3,000 people and seed 7 has digest %s, want %s: if what is generated was changed on purpose, write the new digest down here", got, golden)
	}
	other, _ := generate(t, 3000, 8)
	if digest(t, other) == digest(t, one) {
		t.Error("another seed gives the same district")
	}
}

// sizes are the districts that the checks below look at.
var sizes = []struct {
	people int
	seed   uint64
}{
	{1, 1}, {20, 2}, {500, 3}, {2500, 4}, {20_000, 1}, {20_000, 5}, {60_000, 6}, {200_000, 2},
}

func TestPeopleAddUp(t *testing.T) {
	t.Parallel()
	for _, c := range sizes {
		t.Run(fmt.Sprintf("%d people seed %d", c.people, c.seed), func(t *testing.T) {
			t.Parallel()
			dir, s := generate(t, c.people, c.seed)
			if s.People != c.people {
				t.Errorf("the summary counts %d people", s.People)
			}
			checkPeople(t, readPack(t, dir), c.people)
		})
	}
}

// checkPeople compares the people of the buildings with those of the divisions that
// hold them.
func checkPeople(t require, p districtPack, people int) {
	t.Helper()
	total := 0
	bySub, byCom := map[string]row{}, map[string]row{}
	for _, h := range p.people {
		total += h.counts["resident_all"]
		com := p.holder(t, h.point, "community")
		sub := p.holder(t, h.point, "subdistrict")
		if com.code[:9] != sub.code {
			t.Errorf("%s lies in community %s and subdistrict %s", h.source, com.code, sub.code)
		}
		if !p.residential[h.source] {
			t.Errorf("%s has people and is no residential building", h.source)
		}
		byCom[com.code] = byCom[com.code].plus(h.counts)
		bySub[sub.code] = bySub[sub.code].plus(h.counts)
		checkNested(t, h.source, h.counts)
	}
	if total != people {
		t.Errorf("%d people live in the buildings, want exactly %d", total, people)
	}
	for _, d := range p.divisions {
		got := byCom[d.code]
		if d.level == "subdistrict" {
			got = bySub[d.code]
		}
		for column, want := range d.counts {
			if got[column] != want {
				t.Errorf("%s %s: %d in its buildings, %d on its own row", d.code, column, got[column], want)
			}
		}
	}
}

func checkNested(t require, source string, r row) {
	t.Helper()
	for _, base := range []string{"resident_", "registered_"} {
		chain := []string{"80plus", "70plus", "65plus", "60plus", "all"}
		for i := 1; i < len(chain); i++ {
			if r[base+chain[i-1]] > r[base+chain[i]] {
				t.Errorf("%s: more people %s than %s", source, base+chain[i-1], base+chain[i])
			}
		}
		if r[base+"0_6"] > r[base+"0_17"] || r[base+"0_17"]+r[base+"60plus"] > r[base+"all"] {
			t.Errorf("%s: children and elders do not fit into all: %v", source, r)
		}
	}
}

func TestAnyDistrictHoldsTogether(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.IntRange(1, 12_000).Draw(t, "people")
		seed := rapid.Uint64().Draw(t, "seed")
		dir, err := os.MkdirTemp(root, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := demogen.Generate(context.Background(), demogen.Options{People: people, Seed: seed}, dir); err != nil {
			t.Fatalf("generate: %v", err)
		}
		p := readPack(t, dir)
		checkPeople(t, p, people)
		checkBorders(t, p)
		checkFacilities(t, p)
	})
}

func TestManifestIsAccepted(t *testing.T) {
	t.Parallel()
	dir, _ := generate(t, 2000, 1)
	m, err := pack.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.CheckFiles(m.Folder(dir, "")); err != nil {
		t.Error(err)
	}
	if !m.Synthetic || m.AdCode != "990100" || len(m.Notices) == 0 {
		t.Errorf("the pack does not say that it is synthetic: %+v", m)
	}
}

func TestBadArguments(t *testing.T) {
	t.Parallel()
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "thesis.doc"), []byte("years of work"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(full, "thesis.doc")
	for _, c := range []struct {
		name   string
		people int
		dir    string
		want   error
	}{
		{"nobody", 0, t.TempDir(), demogen.ErrPeople},
		{"fewer than nobody", -5, t.TempDir(), demogen.ErrPeople},
		{"too many", 20_000_001, t.TempDir(), demogen.ErrPeople},
		{"a folder of something else", 100, full, demogen.ErrNotOurs},
		{"a file", 100, file, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := demogen.Generate(t.Context(), demogen.Options{People: c.people, Seed: 1}, c.dir)
			if err == nil || (c.want != nil && !errors.Is(err, c.want)) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "years of work" {
		t.Error("a file that is not ours was touched")
	}
}

func TestOverwritesItsOwn(t *testing.T) {
	t.Parallel()
	dir, _ := generate(t, 5000, 1)
	if _, err := demogen.Generate(t.Context(), demogen.Options{People: 900, Seed: 2}, dir); err != nil {
		t.Fatal(err)
	}
	fresh, _ := generate(t, 900, 2)
	if digest(t, dir) != digest(t, fresh) {
		t.Error("a district written over an older one differs from one written afresh")
	}
}

func TestStopsWhenTold(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	if _, err := demogen.Generate(ctx, demogen.Options{People: 1000, Seed: 1}, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, pack.FileName)); !errors.Is(err, os.ErrNotExist) {
		t.Error("a broken run left a manifest")
	}
}

func TestNamesAreGivenOnce(t *testing.T) {
	t.Parallel()
	dir, _ := generate(t, 200_000, 9)
	p := readPack(t, dir)
	var names []string
	for _, d := range p.divisions {
		names = append(names, d.name)
	}
	slices.Sort(names)
	if got := len(slices.Compact(names)); got != len(p.divisions) {
		t.Errorf("%d divisions have %d names", len(p.divisions), got)
	}
}

func BenchmarkGenerate(b *testing.B) {
	for _, people := range []int{20_000, 200_000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			dir := b.TempDir()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := demogen.Generate(b.Context(), demogen.Options{People: people, Seed: 1}, dir); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
