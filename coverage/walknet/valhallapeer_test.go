package walknet_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb/geojson"
)

const (
	valhallaVersion = "3.6.1"
	minutes         = quarter / 60_000
)

// valhalla is the peer, from npm's @valhallajs/valhallajs with its own binaries, in a
// process of its own that testdata/valhalla.cjs keeps.
type valhalla struct {
	ask     *json.Encoder
	answers *bufio.Scanner
}

// spent is what a call took, in milliseconds by the clock and of processor time.
type spent struct {
	MS  float64 `json:"ms"`
	CPU float64 `json:"cpu_ms"`
}

// answerOfValhalla is any of its answers.
type answerOfValhalla struct {
	Error   string     `json:"error"`
	Version string     `json:"version"`
	Near    []bool     `json:"near"`
	Seconds []*float64 `json:"seconds"`
	spent
	Spent  []spent                    `json:"spent"`
	Circle *geojson.FeatureCollection `json:"circle"`
}

// peerHome says where what Valhalla needs is.
type peerHome struct {
	node, npm string // programs
	dir       string // its package and tiles
	extract   string
}

// homeOfValhalla is the folder YIKE_VALHALLA_DIR, or one below the temporary folder that
// later runs find, and Porto's extract.
func homeOfValhalla() (peerHome, error) {
	data, err := dataFolder()
	if err != nil {
		return peerHome{}, err
	}
	home := peerHome{node: "node", npm: "npm", dir: os.Getenv("YIKE_VALHALLA_DIR"), extract: filepath.Join(data, "../porto/porto.osm.pbf")}
	if home.dir == "" {
		home.dir = filepath.Join(os.TempDir(), fmt.Sprintf("yike-valhalla-%s-%d", valhallaVersion, os.Getuid()))
	}
	return home, nil
}

// start installs what is missing and builds the extract's tiles. An error says why there
// is no Valhalla here.
func (home peerHome) start(b testing.TB) (*valhalla, error) {
	b.Helper()
	if _, err := os.Stat(home.extract); err != nil {
		return nil, fmt.Errorf("no extract for it: %w", err)
	}
	node, err := exec.LookPath(home.node)
	if err != nil {
		return nil, fmt.Errorf("no node: %w", err)
	}
	if err := home.install(b.Context()); err != nil {
		return nil, err
	}
	cmd := exec.Command(node, "testdata/valhalla.cjs",
		filepath.Join(home.dir, "node_modules/@valhallajs/valhallajs"), filepath.Join(home.dir, "porto"), home.extract)
	return connect(b, cmd)
}

func (home peerHome) install(ctx context.Context) error {
	_, err := os.Stat(filepath.Join(home.dir, "node_modules/@valhallajs/valhallajs/package.json"))
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, home.npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", home.dir, "@valhallajs/valhallajs@"+valhallaVersion)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install: %w: %.300s", err, out)
	}
	return nil
}

// Where Valhalla cannot be had, the reason is told and the benchmark goes on without it.
func TestValhallaIsLeftOutWithAReason(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	program := func(name, script string) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		return file
	}
	extract := program("extract", "")
	fails := program("npm", "echo getaddrinfo EAI_AGAIN registry.npmjs.org >&2; exit 1")
	package1 := filepath.Join(folder, "there/node_modules/@valhallajs/valhallajs")
	if err := errors.Join(os.MkdirAll(package1, 0o755), os.WriteFile(filepath.Join(package1, "package.json"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, why string
		home      peerHome
	}{
		{"no extract", "no extract", peerHome{"sh", fails, folder, filepath.Join(folder, "none")}},
		{"no node", "no node", peerHome{filepath.Join(folder, "none"), fails, folder, extract}},
		{"no npm", "npm install", peerHome{"sh", filepath.Join(folder, "none"), folder, extract}},
		{"no network", "EAI_AGAIN registry.npmjs.org", peerHome{"sh", fails, folder, extract}},
		{"node ends at once", "Valhalla ended", peerHome{program("node", "exit 0"), fails, filepath.Join(folder, "there"), extract}},
		{"it does not load", "no such binary", peerHome{program("broken", `echo '{"error":"no such binary"}' >&3; cat >/dev/null`), fails, filepath.Join(folder, "there"), extract}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v, _, why := tt.home.begin(t)
			if v != nil || why == nil || !strings.Contains(why.Error(), tt.why) {
				t.Errorf("began: %v, because %v, want %q", v != nil, why, tt.why)
			}
		})
	}
}

// connect starts the script; it ends when its input is closed.
func connect(b testing.TB, cmd *exec.Cmd) (*valhalla, error) {
	b.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, answers, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.ExtraFiles = []*os.File{answers}
	if err := errors.Join(cmd.Start(), answers.Close()); err != nil {
		return nil, fmt.Errorf("start node: %w", err)
	}
	b.Cleanup(func() {
		if err := errors.Join(in.Close(), cmd.Wait(), out.Close()); err != nil {
			b.Logf("end Valhalla: %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<26)
	return &valhalla{ask: json.NewEncoder(in), answers: lines}, nil
}

func (v *valhalla) answer(question map[string]any) (answerOfValhalla, error) {
	var a answerOfValhalla
	if err := v.ask.Encode(question); err != nil {
		return a, fmt.Errorf("Valhalla ended: %w", err)
	}
	if !v.answers.Scan() {
		return a, fmt.Errorf("Valhalla ended: %w", errors.Join(v.answers.Err(), fs.ErrClosed))
	}
	if err := json.Unmarshal(v.answers.Bytes(), &a); err != nil {
		return a, fmt.Errorf("read Valhalla's answer: %w", err)
	}
	if a.Error != "" {
		return a, errors.New(a.Error)
	}
	return a, nil
}

// must answers a question or ends the benchmark.
func (v *valhalla) must(b *testing.B, question map[string]any) answerOfValhalla {
	b.Helper()
	a, err := v.answer(question)
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// begin starts it and hears its version; an error says why there is none.
func (home peerHome) begin(b testing.TB) (*valhalla, answerOfValhalla, error) {
	b.Helper()
	v, err := home.start(b)
	if err != nil {
		return nil, answerOfValhalla{}, err
	}
	version, err := v.answer(map[string]any{"ask": "version"})
	if err != nil {
		return nil, answerOfValhalla{}, err
	}
	return v, version, nil
}

func beginValhalla(b testing.TB) (*valhalla, answerOfValhalla, error) {
	b.Helper()
	home, err := homeOfValhalla()
	if err != nil {
		return nil, answerOfValhalla{}, err
	}
	return home.begin(b)
}
