package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrStopped says that somebody stopped the private cluster, so that a server which
// looks after it must not start it again by itself.
var ErrStopped = errors.New("自带数据库已被停止 / the private database cluster was stopped")

// stoppedMark is there from StopCluster until the next start that is asked for.
func (h *home) stoppedMark() string { return filepath.Join(h.dir, "stopped") }

func (h *home) markStopped() error {
	if err := os.WriteFile(h.stoppedMark(), nil, 0o600); err != nil {
		return fmt.Errorf("mark the database cluster as stopped: %w", err)
	}
	return nil
}

// allow says whether the cluster may be started: a revival only when nobody stopped it.
// A start that is asked for takes the mark away.
func (h *home) allow(revive bool) error {
	if revive {
		if _, err := os.Stat(h.stoppedMark()); err == nil {
			return ErrStopped
		}
		return nil
	}
	if err := os.Remove(h.stoppedMark()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("take away the mark of a stopped database cluster: %w", err)
	}
	return nil
}
