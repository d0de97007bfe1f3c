package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// The bounds of the checks. A PostgreSQL that runs out of disk stops, and its recovery
// needs room, so the end comes before the disk is full. Audit entries are sealed within
// seconds; after minutes somebody could change them unseen.
const (
	diskFloor     = 256 << 20 // bytes
	diskShare     = 0.10      // of the disk
	sealingLate   = 30 * time.Second
	sealingBehind = 5 * time.Minute
)

// spaceFunc gives the bytes free for us, and all bytes, of the disk that holds a folder.
type spaceFunc func(dir string) (free, total uint64, err error)

// checkDisk looks at the free space of a folder's disk.
func checkDisk(dir string, space spaceFunc) checkFunc {
	return func(context.Context) finding {
		f := finding{Name: "disk"}
		free, total, err := space(dir)
		if err != nil {
			f.ZH, f.EN = "无法读取磁盘剩余空间", "The free space of the disk cannot be read"
			return f
		}
		f.Value = float64(free)
		mib := free >> 20
		switch {
		case free < diskFloor:
			f.grave = true
			f.ZH, f.EN = fmt.Sprintf("磁盘只剩 %d MiB，请尽快清理", mib), fmt.Sprintf("Only %d MiB of disk are left; make room soon", mib)
		case float64(free) < diskShare*float64(total):
			f.ZH, f.EN = fmt.Sprintf("磁盘剩余不足一成（%d MiB）", mib), fmt.Sprintf("Less than a tenth of the disk is left (%d MiB)", mib)
		default:
			f.OK = true
			f.ZH, f.EN = fmt.Sprintf("磁盘剩余 %d MiB", mib), fmt.Sprintf("%d MiB of disk are left", mib)
		}
		return f
	}
}

// diskSpace asks the system. A folder that is not there yet is looked for further up.
func diskSpace(dir string) (free, total uint64, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return 0, 0, fmt.Errorf("find %s: %w", dir, err)
	}
	for {
		var fs unix.Statfs_t
		err = unix.Statfs(dir, &fs)
		if err == nil {
			return fs.Bavail * uint64(fs.Bsize), fs.Blocks * uint64(fs.Bsize), nil
		}
		if !errors.Is(err, os.ErrNotExist) || dir == filepath.Dir(dir) {
			return 0, 0, fmt.Errorf("look at the disk of %s: %w", dir, err)
		}
		dir = filepath.Dir(dir)
	}
}

// lagFunc gives the age of the oldest audit entry that is not sealed; 0 for none.
type lagFunc func(context.Context) (time.Duration, error)

// checkSealing looks at how far the sealing of the audit log is behind.
func checkSealing(lag lagFunc) checkFunc {
	return func(ctx context.Context) finding {
		f := finding{Name: "sealing"}
		age, err := lag(ctx)
		if err != nil {
			f.ZH, f.EN = "无法得知审计日志的封存进度", "How far the audit log is sealed cannot be read"
			return f
		}
		f.Value = math.Round(age.Seconds()*10) / 10
		zh, en := fmt.Sprintf("审计日志的封存落后 %.0f 秒", f.Value), fmt.Sprintf("The sealing of the audit log is %.0f seconds behind", f.Value)
		switch {
		case age > sealingBehind:
			f.grave, f.ZH, f.EN = true, zh, en
		case age > sealingLate:
			f.ZH, f.EN = zh, en
		default:
			f.OK, f.ZH, f.EN = true, "审计日志的封存没有落后", "The sealing of the audit log keeps up"
		}
		return f
	}
}
