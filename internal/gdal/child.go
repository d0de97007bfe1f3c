package gdal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Limits of a child. GDAL streams, so a layer of any size fits; a file that makes it
// want more is broken or made to harm.
const (
	memoryKiB  = 4 << 20 // address space
	cpuSeconds = 900
	readBlocks = 0       // 512-byte blocks it may write to any file: none, it writes to a pipe
	saveBlocks = 4 << 20 // when it makes a file: 2 GiB, the most that a Shapefile can be
	wallClock  = time.Hour
	killGrace  = 5 * time.Second
	noteBytes  = 8 << 10 // kept of what it says on stderr
)

// fetchers are the drivers that reach for servers, databases or other files. They are
// left out before the file is looked at.
const fetchers = "VRT,OGR_VRT,HTTP,WFS,OAPIF,CSW,WMS,WCS,WMTS,Carto,Elastic,AmigoCloud,PLScenes,PLMosaic,NGW,GMLAS,EEDA,EEDAI," +
	"DAAS,DODS,OGR_DODS,STACTA,STACIT,PostgreSQL,PostGISRaster,PGDUMP,MySQL,MSSQLSpatial,ODBC,PGeo,MongoDBv3,OCI,HANA"

// child is a running program.
type child struct {
	program string
	cmd     *exec.Cmd
	ctx     context.Context //nolint:containedctx // the process lives as long as it
	stop    context.CancelFunc
	stdout  io.Reader
	notes   *head
	waited  func() error
}

func (c *child) cancel() { c.stop() }

func (c *child) wait() error { return c.waited() }

// start runs a program of GDAL under a shell that sets the limits and becomes it. The
// shell gets the program and its arguments as words, never as text to parse.
func start(ctx context.Context, program string, args []string) (*child, error) {
	return startIn(ctx, os.TempDir(), readBlocks, program, args)
}

func startIn(ctx context.Context, dir string, fileBlocks int, program string, args []string) (*child, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return nil, ErrMissing
	}
	ctx, stop := context.WithTimeout(ctx, wallClock)
	const limits = `ulimit -v "$1"; ulimit -t "$2"; ulimit -f "$3"; ulimit -c 0; shift 3; exec "$@"`
	words := append([]string{"-c", limits, "sh", strconv.Itoa(memoryKiB), strconv.Itoa(cpuSeconds), strconv.Itoa(fileBlocks), path}, args...)
	cmd := exec.CommandContext(ctx, "/bin/sh", words...) //nolint:gosec // the script is constant
	cmd.Env = environment()
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = killGrace
	c := &child{program: program, cmd: cmd, ctx: ctx, stop: stop, notes: &head{}}
	cmd.Stderr = c.notes
	if c.stdout, err = cmd.StdoutPipe(); err != nil {
		stop()
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	if err := cmd.Start(); err != nil {
		stop()
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	c.waited = sync.OnceValue(c.reap)
	return c, nil
}

// environment is all the child knows: nothing of ours, and no way to the network.
func environment() []string {
	env := []string{
		"GDAL_SKIP=" + fetchers,
		"LC_ALL=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent",
		"CPL_VSIL_CURL_ALLOWED_EXTENSIONS=.none", "GDAL_HTTP_PROXY=127.0.0.1:9", "GDAL_HTTPS_PROXY=127.0.0.1:9", "GDAL_HTTP_MAX_RETRY=0",
		"GDAL_HTTP_CONNECTTIMEOUT=1", "GDAL_HTTP_TIMEOUT=1", "PROJ_NETWORK=OFF", "GML_DOWNLOAD_SCHEMA=NO",
		"GDAL_DRIVER_PATH=disable", "OGR_ENABLE_PARTIAL_REPROJECTION=NO", "GDAL_CACHEMAX=64", "CPL_DEBUG=OFF", "CPL_LOG_ERRORS=ON",
	}
	for _, name := range []string{"GDAL_DATA", "PROJ_LIB", "PROJ_DATA"} {
		if v := os.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// reap collects the process. GDAL sometimes ends well after an error, so what it said
// counts too.
func (c *child) reap() error {
	defer c.stop()
	drained := errors.Join(discard(c.stdout))
	err := c.cmd.Wait()
	if cause := context.Cause(c.ctx); cause != nil {
		return &ProcessError{Program: c.program, Message: "stopped", Err: cause}
	}
	if err == nil {
		err = drained
	}
	message := c.notes.errors()
	if err == nil && message == "" {
		return nil
	}
	return &ProcessError{Program: c.program, Message: message, Err: err}
}

// discard reads the rest, so that the child is not stopped by a full pipe before its
// end is known.
func discard(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// run gives the whole output of a program that writes little.
func run(ctx context.Context, program string, args []string) ([]byte, error) {
	c, err := start(ctx, program, args)
	if err != nil {
		return nil, err
	}
	return c.output()
}

// output is all that a program that writes little has to say.
func (c *child) output() ([]byte, error) {
	const most = 16 << 20
	text, err := io.ReadAll(io.LimitReader(c.stdout, most))
	if waitErr := c.wait(); waitErr != nil {
		return nil, waitErr
	}
	if err != nil {
		return nil, fmt.Errorf("read from %s: %w", c.program, err)
	}
	return text, nil
}

// head keeps the beginning of what is written to it. Only the copying goroutine of
// exec writes, and it has ended when errors is called.
type head struct{ buf bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	if room := noteBytes - h.buf.Len(); room > 0 {
		h.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// errors joins the first lines that are errors, not warnings.
func (h *head) errors() string {
	const most = 3
	var found []string
	for _, line := range strings.Split(h.buf.String(), "\n") {
		line = strings.TrimSpace(line)
		bad := strings.HasPrefix(line, "ERROR") || strings.HasPrefix(line, "FAILURE") || strings.HasPrefix(line, "Unable to open")
		if bad && len(found) < most {
			found = append(found, line)
		}
	}
	return strings.Join(found, "; ")
}
