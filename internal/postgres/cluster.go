package postgres

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

// The private cluster's fixed facts.
const (
	clusterUser     = "yike"
	clusterDatabase = "yike"
	startPatience   = 60 * time.Second
	startRetry      = 200 * time.Millisecond
	maxSocketPath   = 90 // Linux allows 107, with the file's own name in it
)

// ClusterConfig says where a private cluster lives.
type ClusterConfig struct {
	Dir   string // state folder; made when missing
	Log   *slog.Logger
	Trial bool // a throw-away cluster for tests: no fsync, nothing kept safe

	// Revive brings back a cluster that died by itself and leaves one alone that
	// somebody stopped: that is ErrStopped.
	Revive bool
}

// Cluster is a running private PostGIS cluster. It outlives the process that started
// it; StopCluster ends it.
type Cluster struct {
	dir      string // the state folder in use, which may not be the one asked for
	url      string
	attached bool
}

// URL is the address of the cluster's database, password included: never log it.
func (c *Cluster) URL() string { return c.url }

// Dir is the state folder in use. It differs from the one asked for when the database
// user could not reach that.
func (c *Cluster) Dir() string { return c.dir }

// Attached reports whether the cluster was running already.
func (c *Cluster) Attached() bool { return c.attached }

// StartCluster makes sure that the private cluster of a state folder runs: it attaches
// to a running one, starts a stopped one, and makes one where there is none. Two that
// start at once take turns. After a crash PostgreSQL's leftovers may hold the data
// folder for a while, so it tries for a minute.
//
// As root, PostgreSQL runs as an unprivileged user, since it refuses anything else.
// The errors are MissingError when the programs are not installed, and else say what
// was being done and quote the server's own log; with cfg.Revive also ErrStopped.
func StartCluster(ctx context.Context, cfg ClusterConfig) (*Cluster, error) {
	home, err := newHome(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if err := home.makeDir(); err != nil {
		return nil, err
	}
	unlock, err := home.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	made := home.hasData()
	tools, err := findTools(home.dataVersion())
	if err != nil {
		return nil, err
	}
	if !made {
		cfg.Log.InfoContext(ctx, "making a private database cluster", "dir", home.dir)
		if err := home.initialise(ctx, tools, cfg.Trial); err != nil {
			return nil, err
		}
	}
	c := &Cluster{dir: home.dir}
	if c.url, err = home.url(clusterDatabase); err != nil {
		return nil, err
	}
	if home.answers(ctx) == nil {
		c.attached = true
		return c, home.ensureDatabase(ctx)
	}
	if err := home.allow(cfg.Revive); err != nil {
		return nil, err
	}
	if err := home.start(ctx, tools, cfg.Log); err != nil {
		return nil, err
	}
	return c, home.ensureDatabase(ctx)
}

// StopCluster stops the private cluster of a state folder, letting running statements
// be cut off cleanly. It is no error when none runs; the result says whether one did.
func StopCluster(ctx context.Context, dir string) (bool, error) {
	home, err := newHome(dir)
	if err != nil {
		return false, err
	}
	if !home.hasData() {
		return false, nil
	}
	unlock, err := home.lock(ctx)
	if err != nil {
		return false, err
	}
	defer unlock()
	if err := home.markStopped(); err != nil {
		return false, err
	}
	if !home.running() {
		return false, nil
	}
	tools, err := findTools(home.dataVersion())
	if err != nil {
		return false, err
	}
	out, err := home.run(ctx, tools.path("pg_ctl"), "stop", "-D", home.data(), "-m", "fast", "-w", "-t", "60")
	if err != nil {
		return true, fmt.Errorf("stop database cluster: %w\n%s", err, out)
	}
	return true, nil
}

// lock keeps two starters apart. The kernel drops it when the holder dies.
func (h *home) lock(ctx context.Context) (func(), error) {
	f, err := os.OpenFile(filepath.Join(h.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock database cluster: %w", err)
	}
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) {
			_ = f.Close()
			return nil, fmt.Errorf("lock database cluster: %w", err)
		}
		if err := pause(ctx); err != nil {
			_ = f.Close()
			return nil, fmt.Errorf("wait for another start of the database cluster: %w", err)
		}
	}
}

func pause(ctx context.Context) error {
	t := time.NewTimer(startRetry)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// initialise makes the data folder beside its place and moves it there, so that a
// crash half-way leaves nothing that looks like a cluster.
func (h *home) initialise(ctx context.Context, tools tools, trial bool) error {
	half := h.data() + ".new"
	if err := os.RemoveAll(half); err != nil {
		return fmt.Errorf("clear a half-made cluster: %w", err)
	}
	secret := rand.Text()
	pwfile := filepath.Join(h.dir, "initial-password")
	// initdb takes the first line, which a start that was killed here would have left.
	if err := os.Remove(pwfile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("clear a half-made cluster: %w", err)
	}
	if err := h.writeOwned(pwfile, secret+"\n"); err != nil {
		return err
	}
	defer func() { _ = os.Remove(pwfile) }()
	args := []string{
		"-D", half, "-U", clusterUser, "--pwfile", pwfile, "--auth", "scram-sha-256",
		"--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums",
	}
	if trial {
		args = append(args, "--no-sync")
	}
	if out, err := h.run(ctx, tools.path("initdb"), args...); err != nil {
		return fmt.Errorf("make database cluster: %w\n%s", err, out)
	}
	conf, err := os.OpenFile(filepath.Join(half, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("configure database cluster: %w", err)
	}
	_, err = conf.WriteString(settings(trial))
	if err := errors.Join(err, conf.Close()); err != nil {
		return fmt.Errorf("configure database cluster: %w", err)
	}
	if err := os.WriteFile(h.passwordFile(), []byte(secret), 0o600); err != nil {
		return fmt.Errorf("keep the database password: %w", err)
	}
	if err := os.Rename(half, h.data()); err != nil {
		return fmt.Errorf("put database cluster in place: %w", err)
	}
	return nil
}

// settings are what differs from PostgreSQL's own defaults.
func settings(trial bool) string {
	s := `
# Yike's private cluster
listen_addresses = ''
unix_socket_permissions = 0777 # the folder above it is closed to others
max_connections = 60
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 256MB
max_wal_size = 1GB
wal_compression = on
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
`
	if trial {
		return s + "max_connections = 200\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
	}
	return s + "fsync = on\nfull_page_writes = on\n"
}

func (h *home) start(ctx context.Context, tools tools, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	if err := h.makeSocketDir(); err != nil {
		return err
	}
	logfile := filepath.Join(h.dir, "postgres.log")
	if err := h.writeOwned(logfile, ""); err != nil {
		return err
	}
	var last error
	for {
		// pg_ctl leaves the server in a session of its own, so that neither Ctrl-C nor
		// the death of this process reaches it.
		out, err := h.run(ctx, tools.path("pg_ctl"), "start", "-D", h.data(), "-w", "-t", "50", "-s",
			"-l", logfile, "-o", "-k "+shellQuote(h.socketDir())+" -p "+strconv.Itoa(h.port()))
		if err == nil || h.answers(ctx) == nil {
			return nil
		}
		last = fmt.Errorf("start database cluster: %w\n%s\n%s", err, out, tail(logfile))
		if ctx.Err() != nil {
			return last
		}
		log.WarnContext(ctx, "the database cluster is not up yet; trying again", "dir", h.dir)
		if err := pause(ctx); err != nil {
			return last
		}
	}
}

// answers connects once. A server that is recovering says so, which counts as no.
func (h *home) answers(ctx context.Context) error {
	if !h.running() {
		return errors.New("no server process")
	}
	url, err := h.url("postgres")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("reach database cluster: %w", err)
	}
	return conn.Close(ctx)
}

func (h *home) ensureDatabase(ctx context.Context) error {
	url, err := h.url("postgres")
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("reach database cluster: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, clusterDatabase).Scan(&there); err != nil {
		return fmt.Errorf("look for the database: %w", err)
	}
	if there {
		return nil
	}
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+clusterDatabase); err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	return nil
}

// running looks for the process that the data folder's lock file names.
func (h *home) running() bool {
	raw, err := os.ReadFile(filepath.Join(h.data(), "postmaster.pid"))
	if err != nil {
		return false
	}
	line, _, _ := bytes.Cut(raw, []byte("\n"))
	pid, err := strconv.Atoi(string(line))
	if err != nil || pid <= 0 {
		return false
	}
	if err := syscall.Kill(pid, 0); err != nil && !errors.Is(err, syscall.EPERM) {
		return false
	}
	// After a crash or a reboot the number may be another program's by now, which
	// pg_ctl would stop in the server's place.
	name, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "comm"))
	return err != nil || strings.HasPrefix(string(name), "postgres")
}

func (h *home) url(database string) (string, error) {
	secret, err := os.ReadFile(h.passwordFile())
	if err != nil {
		return "", fmt.Errorf("read the database password: %w", err)
	}
	u := url.URL{Scheme: "postgres", User: url.UserPassword(clusterUser, strings.TrimSpace(string(secret))), Path: "/" + database}
	q := url.Values{"host": {h.socketDir()}, "port": {strconv.Itoa(h.port())}, "sslmode": {"disable"}}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

func tail(file string) string {
	raw, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], "\n")
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
