package proof

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"

	"yike/placenames/plates/sheets"
)

// ErrOtherFile is returned where the file is not the one that the manifest tells of.
var ErrOtherFile = errors.New("the file is not the one of the manifest")

// Decoders are those that must both read each symbol.
func Decoders() []string { return []string{gozxingName, zbarName} }

const (
	gozxingName = "gozxing"
	zbarName    = "zbarimg"
	quietName   = "quiet zone"
)

// Failure is a symbol that was not read, or read as something else.
type Failure struct {
	Entry sheets.Entry `json:"plate"`
	By    string       `json:"by"`  // one of Decoders, or "quiet zone" where it is not white
	Got   string       `json:"got"` // "" where nothing was read; otherwise a misreading
}

// Report is what a proof found.
type Report struct {
	Plates   int       `json:"plates"`
	Read     int       `json:"read"` // by all decoders, and as what they must say
	Misread  int       `json:"misread"`
	Failures []Failure `json:"failures"`
}

// Passed tells that every symbol was read.
func (r Report) Passed() bool { return r.Plates > 0 && r.Read == r.Plates && len(r.Failures) == 0 }

// Options say how to check.
type Options struct {
	// Proven are the digests of plates (sheets.Entry.SHA256) that were read before as they
	// are. A page all of whose plates are proven is not read again.
	Proven map[string]bool
	// Progress is told how many plates are done; it is not called concurrently.
	Progress func(done, total int)
}

// Check reads every symbol of a file of sheets where the manifest says that it stands, alone
// but for the plate around it, by both decoders, and looks at its quiet zone. It reports what
// was not read; the error is about the file, the programs or the context. It returns
// ErrOtherFile if the file is not the manifest's. Pages are read by as many processes as
// there are processors.
func (t Tools) Check(ctx context.Context, path string, m sheets.Manifest, opts Options) (Report, error) {
	if err := sameFile(path, m.File); err != nil {
		return Report{}, err
	}
	c := &check{tools: t, path: path, opts: opts, report: Report{Plates: len(m.Plates), Failures: []Failure{}}}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	runs := c.runs(m.Plates)
	work := make(chan run)
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(runs)) {
		group.Go(func() {
			for r := range work {
				if err := c.read(ctx, r); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, r := range runs {
		select {
		case work <- r:
		case <-ctx.Done():
		}
	}
	close(work)
	group.Wait()
	if ctx.Err() != nil {
		return Report{}, context.Cause(ctx) //nolint:wrapcheck // of read, or the caller's own
	}
	slices.SortFunc(c.report.Failures, func(a, b Failure) int {
		return cmp.Or(a.Entry.Page-b.Entry.Page, a.Entry.Row-b.Entry.Row, a.Entry.Column-b.Entry.Column, cmp.Compare(a.By, b.By))
	})
	return c.report, nil
}

type check struct {
	tools  Tools
	path   string
	opts   Options
	mu     sync.Mutex
	report Report
	done   int
}

// run is pages one after another that are turned into pictures of the same fineness.
type run struct {
	first int
	pages [][]sheets.Entry
	dpi   int
}

const (
	runPages     = 8
	modulePixels = 3 // at least, of each symbol of a run
)

// runs cuts the plates, which are in the order of their pages, into runs. What is proven
// already is counted and left out.
func (c *check) runs(plates []sheets.Entry) []run {
	var runs []run
	for len(plates) > 0 {
		page := plates[0].Page
		n := slices.IndexFunc(plates, func(e sheets.Entry) bool { return e.Page != page })
		if n < 0 {
			n = len(plates)
		}
		on := plates[:n]
		plates = plates[n:]
		if !slices.ContainsFunc(on, func(e sheets.Entry) bool { return !c.opts.Proven[e.SHA256] }) {
			c.done += n
			c.report.Read += n
			continue
		}
		dpi := dpiOf(on)
		if last := len(runs) - 1; last >= 0 && runs[last].dpi == dpi && runs[last].first+len(runs[last].pages) == page && len(runs[last].pages) < runPages {
			runs[last].pages = append(runs[last].pages, on)
			continue
		}
		runs = append(runs, run{first: page, pages: [][]sheets.Entry{on}, dpi: dpi})
	}
	return runs
}

func dpiOf(plates []sheets.Entry) int {
	finest := plates[0].Module
	for _, e := range plates {
		finest = min(finest, e.Module)
	}
	return int(modulePixels*25.4/max(finest, 0.1)) + 1
}

// read turns the pages of a run into pictures and reads each.
func (c *check) read(ctx context.Context, r run) error {
	pictures, err := c.tools.pictures(ctx, c.path, r)
	if err != nil {
		return err
	}
	for i, plates := range r.pages {
		picture, err := pictures.next()
		if err != nil {
			return errors.Join(fmt.Errorf("picture of page %d: %w", r.first+i, err), pictures.close())
		}
		failures, err := c.tools.page(ctx, picture, plates, float64(r.dpi)/25.4)
		if err != nil {
			return errors.Join(err, pictures.close())
		}
		c.keep(len(plates), failures)
	}
	return pictures.close()
}

func (c *check) keep(plates int, failures []Failure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	failed := map[string]bool{}
	for _, f := range failures {
		failed[f.Entry.Token.String()] = true
		if f.Got != "" {
			c.report.Misread++
		}
	}
	c.report.Failures = append(c.report.Failures, failures...)
	c.report.Read += plates - len(failed)
	c.done += plates
	if c.opts.Progress != nil {
		c.opts.Progress(c.done, c.report.Plates)
	}
}

func sameFile(path string, want sheets.File) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the sheets: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil {
		return fmt.Errorf("read the sheets: %w", err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); n != want.Bytes || got != want.SHA256 {
		return fmt.Errorf("%w: %d bytes with sha256 %s, not %d bytes with %s", ErrOtherFile, n, got, want.Bytes, want.SHA256)
	}
	return nil
}
