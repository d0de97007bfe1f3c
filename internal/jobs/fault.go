package jobs

import (
	"errors"
	"fmt"
	"time"
)

// fault is an error of a handler with what to do about it.
type fault struct {
	err       error
	zh, en    string // for people who watch; "" for what is in the log only
	permanent bool
	later     time.Duration // 0 for a failure
}

func (f *fault) Error() string { return f.err.Error() }

// Unwrap gives the error itself.
func (f *fault) Unwrap() error { return f.err }

// Tell gives a handler's error words that those who watch the job may read. Without
// them they are told that the log has the cause: an error may name hosts and files.
func Tell(err error, zh, en string) error {
	f := faultOf(err)
	f.zh, f.en = zh, en
	return f
}

// Permanent marks a handler's error as one that no further attempt can mend.
func Permanent(err error) error {
	f := faultOf(err)
	f.permanent = true
	return f
}

// Later says that the job cannot be done yet, through no fault of its own, and how long
// to wait; the attempt does not count as a failure. zh and en say what it waits for.
func Later(after time.Duration, zh, en string) error {
	return &fault{err: fmt.Errorf("not yet: %s", en), zh: zh, en: en, later: max(after, time.Millisecond)}
}

// faultOf gives a fault of its own with err's marks.
func faultOf(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return &fault{err: err, zh: f.zh, en: f.en, permanent: f.permanent, later: f.later}
	}
	return &fault{err: err}
}

// words are what those who watch are told of a failure.
func (f *fault) words() (zh, en string) {
	if f.zh == "" && f.en == "" {
		return "内部出错，原因已记入服务器日志", "Something went wrong; the server's log has the cause"
	}
	return f.zh, f.en
}
