package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// asProgram makes the test binary behave as yike, so that whole processes can be
// started and killed.
const asProgram = "YIKE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is a running yike.
type process struct {
	cmd   *exec.Cmd
	lines chan string // of its standard error and output, closed at the end
	mu    sync.Mutex
	said  strings.Builder
}

// start starts yike with these arguments and settings, and nothing of this
// environment's settings that matter to it.
func start(t testing.TB, env []string, args ...string) *process {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// Clean-ups start processes too, when the test's own context is over.
	p := &process{cmd: exec.CommandContext(context.WithoutCancel(t.Context()), program, args...), lines: make(chan string, 1000)}
	p.cmd.Env = append(withoutSettings(os.Environ()), asProgram+"=1", "PORT=0")
	p.cmd.Env = append(p.cmd.Env, env...)
	out, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdout = p.cmd.Stderr // one pipe for both
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go p.read(out)
	t.Cleanup(func() { p.kill(); _ = p.cmd.Wait() })
	return p
}

func withoutSettings(env []string) []string {
	var rest []string
	for _, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		switch {
		case name == "YIKE_DATA_DIR": // where the data of packs are, on any run
			rest = append(rest, kv)
		case name == "DATABASE_URL", name == "PORT", name == "DATA", strings.HasPrefix(name, "YIKE_"), strings.HasPrefix(name, "WMTS_"):
		default:
			rest = append(rest, kv)
		}
	}
	return rest
}

func (p *process) read(out io.Reader) {
	defer close(p.lines)
	for scan := bufio.NewScanner(out); scan.Scan(); {
		p.mu.Lock()
		p.said.WriteString(scan.Text() + "\n")
		p.mu.Unlock()
		p.lines <- scan.Text()
	}
}

func (p *process) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

// waitFor waits until a line holds text and gives the line.
func (p *process) waitFor(t testing.TB, text string) string {
	t.Helper()
	patience := time.NewTimer(2 * time.Minute)
	defer patience.Stop()
	for {
		select {
		case line, more := <-p.lines:
			if strings.Contains(line, text) {
				return line
			}
			if !more {
				t.Fatalf("yike ended without saying %q; it said:\n%s", text, p.output())
			}
		case <-patience.C:
			t.Fatalf("yike did not say %q in time; it said:\n%s", text, p.output())
		}
	}
}

func (p *process) kill() { _ = p.cmd.Process.Kill() } // it may have ended

// wait waits for the end and gives the exit code, -1 for one that was killed.
func (p *process) wait() int {
	for range p.lines {
		continue // only the end matters
	}
	_ = p.cmd.Wait() // the code below says how it ended
	return p.cmd.ProcessState.ExitCode()
}

// runProgram starts yike, waits for its end and gives its exit code and what it said.
func runProgram(t testing.TB, env []string, args ...string) (int, string) {
	t.Helper()
	p := start(t, env, args...)
	code := p.wait()
	return code, p.output()
}

// serving starts serve and gives the address it serves at, once it is ready.
func serving(t testing.TB, env []string, args ...string) (*process, string) {
	t.Helper()
	p := start(t, env, append([]string{"serve"}, args...)...)
	line := p.waitFor(t, "msg=ready")
	_, address, ok := strings.Cut(line, "address=")
	if !ok {
		t.Fatalf("no address in %q", line)
	}
	address, _, _ = strings.Cut(address, " ")
	return p, address
}

// fetch gives the status and body of an address; 0 when nobody answers.
func fetch(t *testing.T, address string) (int, string) {
	t.Helper()
	return fetchAs(t, nil, address)
}

// fetchAs is fetch by somebody who signed in.
func fetchAs(t *testing.T, who http.Header, address string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range who {
		req.Header[k] = v
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err.Error()
	}
	return res.StatusCode, string(body)
}

// fetchJSON reads what an address answers into v.
func fetchJSON(t *testing.T, address string, v any) {
	t.Helper()
	fetchJSONAs(t, nil, address, v)
}

func fetchJSONAs(t *testing.T, who http.Header, address string, v any) {
	t.Helper()
	status, body := fetchAs(t, who, address)
	if status != http.StatusOK {
		t.Fatalf("%s gives %d %s", address, status, body)
	}
	if err := json.Unmarshal([]byte(body), v); err != nil {
		t.Fatalf("%s gives %s: %v", address, body, err)
	}
}

// eventually asks again and again until cond holds.
func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	patience := time.NewTimer(2 * time.Minute)
	defer patience.Stop()
	for !cond() {
		select {
		case <-again.C:
		case <-patience.C:
			t.Fatalf("%s did not come about", what)
		}
	}
}

// demoPack writes a small synthetic district.
func demoPack(t *testing.T, people int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	if code, said := runProgram(t, nil, "demo", "generate", "--people", strconv.Itoa(people), "--seed", "7", dir); code != exitOK {
		t.Fatalf("demo generate ends with %d: %s", code, said)
	}
	return dir
}

func signalAndWait(t *testing.T, p *process, sig syscall.Signal) int {
	t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	return p.wait()
}
