package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// home is a private cluster's place on disk and the user it runs as.
type home struct {
	dir        string
	credential *syscall.Credential // nil: as we are
}

// fallbackRoot holds the clusters of checkouts that the database user cannot reach,
// e.g. below a closed /root.
const fallbackRoot = "/var/lib/yike"

func newHome(dir string) (*home, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the state folder: %w", err)
	}
	h := &home{dir: dir}
	if os.Geteuid() == 0 {
		if h.credential, err = unprivileged(); err != nil {
			return nil, err
		}
		if !h.reaches(dir) {
			sum := sha256.Sum256([]byte(dir))
			h.dir = filepath.Join(fallbackRoot, filepath.Base(filepath.Dir(dir))+"-"+hex.EncodeToString(sum[:4]))
		}
	}
	return h, nil
}

func (h *home) makeDir() error {
	if err := os.MkdirAll(h.dir, 0o755); err != nil {
		return fmt.Errorf("make the state folder: %w", err)
	}
	return nil
}

// unprivileged finds whom PostgreSQL runs as when we are root: Debian's postgres.
func unprivileged() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, missing("no user to run PostgreSQL as")
}

// reaches reports whether the database user may pass through every folder above dir.
func (h *home) reaches(dir string) bool {
	for at := filepath.Dir(dir); ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err == nil && !h.passes(info) {
			return false
		}
		if at == filepath.Dir(at) {
			return true
		}
	}
}

func (h *home) passes(info os.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok:
		return false
	case st.Uid == h.credential.Uid:
		return info.Mode()&0o100 != 0
	case st.Gid == h.credential.Gid:
		return info.Mode()&0o010 != 0
	}
	return info.Mode()&0o001 != 0
}

func (h *home) data() string         { return filepath.Join(h.dir, "pgdata", "data") }
func (h *home) passwordFile() string { return filepath.Join(h.dir, "password") }

func (h *home) hasData() bool { return h.dataVersion() != "" }

// dataVersion is the major version the data folder was made by, "" when there is none.
func (h *home) dataVersion() string {
	raw, err := os.ReadFile(filepath.Join(h.data(), "PG_VERSION"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(raw))
}

// port only names the socket's file; nothing listens on TCP.
func (h *home) port() int { return 5432 }

// socketDir is inside the state folder, or, where that path is too long for a Unix
// socket, a short folder under /tmp named after it.
func (h *home) socketDir() string {
	dir := filepath.Join(h.dir, "pgdata")
	if len(dir) <= maxSocketPath {
		return dir
	}
	sum := sha256.Sum256([]byte(h.dir))
	return filepath.Join(os.TempDir(), "yike-"+hex.EncodeToString(sum[:8]))
}

// makeSocketDir makes the folder of the socket, ours and closed to others.
func (h *home) makeSocketDir() error {
	dir := h.socketDir()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the socket's folder: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("look at the socket's folder: %w", err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	owner := uint32(os.Geteuid()) //nolint:gosec // a user id is never negative
	trusted := ok && (st.Uid == owner || h.credential != nil && st.Uid == h.credential.Uid)
	if !info.IsDir() || !trusted {
		return fmt.Errorf("the socket's folder %s belongs to somebody else; remove it", dir)
	}
	return h.own(dir)
}

func (h *home) own(path string) error {
	if h.credential == nil {
		return nil
	}
	if err := os.Lchown(path, int(h.credential.Uid), int(h.credential.Gid)); err != nil {
		return fmt.Errorf("hand %s to the database user: %w", path, err)
	}
	return nil
}

func (h *home) writeOwned(path, text string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.WriteString(text)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return h.own(path)
}

// run runs a PostgreSQL program as the database user, cut off from our terminal, and
// returns what it said.
func (h *home) run(ctx context.Context, program string, args ...string) (string, error) {
	if err := h.makeParents(); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = h.socketParent()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: h.credential}
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "PG") }), "LC_ALL=C.UTF-8")
	// A file, not a pipe: the server inherits it, and a pipe would keep us waiting.
	out, err := os.CreateTemp("", "yike-pg-*")
	if err != nil {
		return "", fmt.Errorf("keep the output of %s: %w", filepath.Base(program), err)
	}
	defer func() { _ = out.Close(); _ = os.Remove(out.Name()) }()
	cmd.Stdout, cmd.Stderr = out, out
	err = cmd.Run()
	said, _ := os.ReadFile(out.Name())
	if err != nil {
		return strings.TrimSpace(string(said)), fmt.Errorf("%s: %w", filepath.Base(program), err)
	}
	return strings.TrimSpace(string(said)), nil
}

func (h *home) socketParent() string { return filepath.Join(h.dir, "pgdata") }

func (h *home) makeParents() error {
	dir := h.socketParent()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the cluster's folder: %w", err)
	}
	return h.own(dir)
}

// MissingError says that PostgreSQL with PostGIS is not installed, and what to type.
type MissingError struct{ What string }

func (e *MissingError) Error() string {
	return e.What + "：请安装 PostgreSQL 与 PostGIS，例如 / install PostgreSQL with PostGIS, e.g.: apt-get install postgresql-15 postgresql-15-postgis-3"
}

func missing(what string) error { return &MissingError{What: what} }

// tools are the programs of one PostgreSQL version.
type tools struct{ dir string }

func (t tools) path(program string) string { return filepath.Join(t.dir, program) }

// The versions that are supported.
const (
	oldestVersion = 14
	newestVersion = 18
)

// findTools finds the programs of a version, or of the newest supported one that has
// PostGIS when version is "".
func findTools(version string) (tools, error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	best, at := tools{}, 0
	for _, dir := range dirs {
		major, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
		if err != nil || major < oldestVersion || major > newestVersion || major <= at {
			continue
		}
		if version != "" && version != strconv.Itoa(major) {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil || !hasPostGIS(major) {
			continue
		}
		best, at = tools{dir: dir}, major
	}
	if at > 0 {
		return best, nil
	}
	if onPath, err := exec.LookPath("initdb"); err == nil && (version == "" || version == majorOf(onPath)) {
		return tools{dir: filepath.Dir(onPath)}, nil
	}
	if version != "" {
		return tools{}, missing("the data folder was made by PostgreSQL " + version + ", whose programs are not installed")
	}
	return tools{}, missing("no PostgreSQL with PostGIS found")
}

// hasPostGIS looks where Debian's packages put extensions.
func hasPostGIS(major int) bool {
	_, err := os.Stat(fmt.Sprintf("/usr/share/postgresql/%d/extension/postgis.control", major))
	return err == nil
}

func majorOf(initdb string) string {
	out, err := exec.CommandContext(context.Background(), initdb, "--version").Output()
	if err != nil {
		return ""
	}
	return regexp.MustCompile(`\d+`).FindString(string(out))
}
