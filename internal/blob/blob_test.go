package blob_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"yike/internal/blob"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("YIKE_TEST_BLOBS"); dir != "" {
		writeUntilKilled(dir)
		return
	}
	os.Exit(m.Run())
}

// writeUntilKilled puts files and notes each, as a record would, only after Put returned.
func writeUntilKilled(dir string) {
	s, err := blob.Open(dir, time.Now)
	if err != nil {
		panic(err)
	}
	source := rand.NewChaCha8([32]byte{byte(os.Getpid()), byte(os.Getpid() >> 8)})
	for {
		content := make([]byte, 1+rand.New(source).IntN(200_000))
		_, _ = source.Read(content)
		name, _, err := s.Put(bytes.NewReader(content), 1<<20)
		if err != nil {
			panic(err)
		}
		fmt.Println(name)
	}
}

func open(t *testing.T, now func() time.Time) (*blob.Store, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := blob.Open(filepath.Join(dir, "blobs"), now)
	if err != nil {
		t.Fatal(err)
	}
	return s, filepath.Join(dir, "blobs")
}

func read(t *testing.T, s *blob.Store, name blob.Name) string {
	t.Helper()
	f, size, err := s.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // opened for reading
	b, err := io.ReadAll(f)
	if err != nil || int64(len(b)) != size {
		t.Fatalf("%d of %d bytes, %v", len(b), size, err)
	}
	return string(b)
}

func TestWhatIsPutIsThere(t *testing.T) {
	t.Parallel()
	s, _ := open(t, time.Now)
	for _, content := range []string{"", "a", strings.Repeat("张家窝", 100_000)} {
		for range 2 {
			name, size, err := s.Put(strings.NewReader(content), 1<<20)
			if err != nil || size != int64(len(content)) || name != blob.NameOf([]byte(content)) {
				t.Fatalf("put %d bytes: %s, %d, %v", len(content), name, size, err)
			}
			if got := read(t, s, name); got != content {
				t.Fatalf("%d bytes came back of %d", len(got), len(content))
			}
		}
	}
}

func TestWhatIsNotKept(t *testing.T) {
	t.Parallel()
	s, dir := open(t, time.Now)
	if _, _, err := s.Put(strings.NewReader("four"), 3); !errors.Is(err, blob.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	gone := errors.New("the client left")
	if _, _, err := s.Put(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(gone)), 100); !errors.Is(err, gone) {
		t.Errorf("a broken reader: %v", err)
	}
	for _, name := range []blob.Name{"", "../../etc/passwd", "ab", blob.NameOf([]byte("never")), blob.Name(strings.ToUpper(string(blob.NameOf([]byte("four")))))} {
		if _, _, err := s.Get(name); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("get %q: %v", name, err)
		}
	}
	files := 0
	_ = filepath.WalkDir(dir, func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files++
		}
		return err
	})
	if files != 0 {
		t.Errorf("%d files are left", files)
	}
}

func TestDamageIsFound(t *testing.T) {
	t.Parallel()
	s, dir := open(t, time.Now)
	name, _, err := s.Put(strings.NewReader("whole"), 100)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, string(name[:2]), string(name))
	if err := os.WriteFile(path, []byte("whale"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Get(name); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
	if _, _, err := s.Put(strings.NewReader("whole"), 100); err != nil {
		t.Fatal(err)
	}
	if got := read(t, s, name); got != "whole" {
		t.Errorf("put again it is %q", got)
	}
}

func TestSweepTakesWhatNobodyRefersTo(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	s, dir := open(t, func() time.Time { return day })
	put := func(content string) blob.Name {
		name, _, err := s.Put(strings.NewReader(content), 100)
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	held, old, again := put("held"), put("old"), put("again")
	left := filepath.Join(dir, "incoming", "left")
	if err := os.WriteFile(left, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(left, day, day); err != nil {
		t.Fatal(err)
	}
	day = day.AddDate(0, 0, 40)
	young := put("young")
	swept, err := s.Sweep(t.Context(), day.AddDate(0, 0, -30), func(_ context.Context, n blob.Name) (bool, error) {
		if n == again {
			put("again") // somebody attaches the same file just now
		}
		return n == held, nil
	})
	if err != nil || swept != (blob.Swept{Kept: 3, Taken: 1, Freed: 3}) {
		t.Errorf("swept %+v, %v", swept, err)
	}
	for _, n := range []blob.Name{held, young, again} {
		read(t, s, n)
	}
	if _, _, err := s.Get(old); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("what nobody refers to: %v", err)
	}
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an unfinished file is still there: %v", err)
	}
	refused := errors.New("the database is gone")
	day = day.AddDate(1, 0, 0)
	if _, err := s.Sweep(t.Context(), day, func(context.Context, blob.Name) (bool, error) { return false, refused }); !errors.Is(err, refused) {
		t.Errorf("got %v, want the error of who was asked", err)
	}
	read(t, s, held)
}

func TestManyPutTheSame(t *testing.T) {
	t.Parallel()
	s, _ := open(t, time.Now)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			content := fmt.Sprint(i % 4)
			name, _, err := s.Put(strings.NewReader(content), 10)
			if err != nil {
				t.Errorf("put %s: %v", content, err)
				return
			}
			f, _, err := s.Get(name)
			if err != nil {
				t.Errorf("get %s: %v", content, err)
				return
			}
			_ = f.Close()
		})
	}
	all.Wait()
	n := 0
	if err := s.List(func(blob.Name, int64, time.Time) error { n++; return nil }); err != nil || n != 4 {
		t.Errorf("%d files, %v; want 4", n, err)
	}
}

// A writer is killed a hundred times; whatever it had noted must be there, whole.
func TestNothingNotedIsMissingAfterHundredKills(t *testing.T) {
	t.Parallel()
	s, dir := open(t, time.Now)
	noted := map[blob.Name]bool{}
	for range 100 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), "YIKE_TEST_BLOBS="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 1 + rand.IntN(6); lines.Scan(); n-- {
			noted[blob.Name(lines.Text())] = true
			if n == 0 {
				_ = cmd.Process.Kill()
			}
		}
		_ = cmd.Wait() // killed
	}
	for name := range noted {
		f, _, err := s.Get(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_ = f.Close()
	}
	if len(noted) < 100 {
		t.Errorf("only %d files were noted", len(noted))
	}
	t.Logf("%d files noted, none missing", len(noted))
}

// BenchmarkPut keeps files of 3 MB, each another, on the disk itself.
func BenchmarkPut(b *testing.B) {
	s, err := blob.Open(b.TempDir(), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	content := make([]byte, 3<<20)
	b.SetBytes(int64(len(content)))
	for n := 0; b.Loop(); n++ {
		content[n%len(content)]++
		if _, _, err := s.Put(bytes.NewReader(content), 4<<20); err != nil {
			b.Fatal(err)
		}
	}
}
