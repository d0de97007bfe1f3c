package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"yike/facilities"
	"yike/internal/jobs"
	"yike/internal/jobs/jobhttp"
	"yike/internal/pack"
	"yike/internal/pack/packdb"
	"yike/internal/postgres"
)

// kindLoad is the word of the job that loads a data pack.
const kindLoad = "pack_load"

// loadArgs are what such a job is asked. Only the system itself may name a folder
// anywhere; people name one below the folder of packs.
type loadArgs struct {
	Folder    string   `json:"folder,omitempty"`
	Dir       string   `json:"dir,omitempty"`      // absolute
	DataDir   string   `json:"data_dir,omitempty"` // beside Dir: what YIKE_DATA_DIR said there
	AcceptCRS []string `json:"accept_crs,omitempty"`
	Replace   bool     `json:"replace,omitempty"`
}

// loadRequest asks for the load of the pack in dir. A load of the same folder in the
// same way that is unfinished is the same job, whoever asked for it.
func loadRequest(dir string, args loadArgs) jobs.Request {
	accept := slices.Sorted(slices.Values(args.AcceptCRS))
	return jobs.Request{Kind: kindLoad, Args: args, Dedupe: fmt.Sprintf("%s %v %v", dir, accept, args.Replace)}
}

// loadingHere is whoever loads a pack and waits for it: a verb, or the start of serve.
type loadingHere struct {
	db     *postgres.DB
	log    *slog.Logger
	who    string
	worker string // the same name after a failed start; a word of chance for ""
	cancel bool   // an interruption ends the job; else it is handed to any server
}

// askWhy is why a job of loading a pack is asked for.
func askWhy(m *pack.Manifest) string {
	return "请求载入数据包 / ask for the load of pack " + m.ID
}

// headStart is how long servers leave a job alone that its asker runs itself. Where the
// asker is killed they go on with it.
const headStart = 10 * time.Second

// loadHere loads the pack in dir in this process, as a job that everybody sees and that
// a server goes on with when this process is killed. Where another process is at it
// already it waits for that, and then looks whether there is more to do: that one may
// have read older files.
func loadHere(ctx context.Context, h loadingHere, dir string, opts loadOptions, progress progressFunc) (loadResult, error) {
	if opts.DryRun {
		return runLoad(ctx, h.db, dir, opts, progress)
	}
	m, err := readManifest(dir, opts)
	if err != nil {
		return loadResult{}, err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return loadResult{}, fmt.Errorf("find %s: %w", dir, err)
	}
	request := loadRequest(abs, loadArgs{Dir: abs, DataDir: opts.files(), AcceptCRS: opts.AcceptCRS, Replace: opts.Replace})
	request.RunAfter = headStart
	one := jobs.One{
		AdCode: m.AdCode, Worker: h.worker, Log: h.log, CancelOnStop: h.cancel,
		Progress: func(done, total int64, zh, en string) { progress(zh, en, int(done), int(total)) },
	}
	for {
		err := h.db.Write(ctx, postgres.System(m.AdCode, h.who), askWhy(m), func(tx *postgres.Tx) (err error) {
			one.ID, err = jobs.Ask(ctx, tx, request)
			return err
		})
		if err != nil {
			return loadResult{}, err
		}
		var result loadResult
		one.Run = func(ctx context.Context, t *jobs.Task) (err error) {
			result, err = loadTask(ctx, h.db, t, dir, opts)
			return err
		}
		if _, here, err := jobs.RunOne(ctx, h.db, one); here || err != nil {
			return result, err
		}
	}
}

// loadTask loads a pack through a job's own door. What it did is the job's checkpoint,
// so that one that is killed between the load and the end of the job says the same.
func loadTask(ctx context.Context, db *postgres.DB, t *jobs.Task, dir string, opts loadOptions) (loadResult, error) {
	var result loadResult
	if done, err := t.Checkpoint(&result); done || err != nil {
		t.Result(result)
		return result, err
	}
	m, err := readManifest(dir, opts)
	if err != nil {
		return loadResult{}, tellLoad(err)
	}
	if m.AdCode != t.Job().AdCode {
		return loadResult{}, jobs.Permanent(jobs.Tell(jobhttp.ErrOtherAuthority, "该数据包属于另一个机关", "The data pack is of another authority"))
	}
	l := newLoader(db, m, m.Folder(dir, opts.files()), opts, nil)
	l.progress = func(zh, en string, done, total int) { t.Progress(int64(done), int64(total), zh, en) }
	l.opts.Door = func(ctx context.Context, why string, fn func(tx *postgres.Tx) error) error {
		return t.Write(ctx, why, &result, func(tx *postgres.Tx) error {
			err := fn(tx)
			result = l.result()
			return err
		})
	}
	if err := l.run(ctx); err != nil {
		return loadResult{}, tellLoad(err)
	}
	all := int64(2 * len(l.steps)) // read and stored
	t.Progress(all, all, "完成", "done")
	t.Result(result)
	return result, nil
}

// tellLoad gives a failed load the words for those who watch the job. What is wrong with
// a pack no further attempt mends.
func tellLoad(err error) error {
	var bad *pack.BadPackError
	switch {
	case errors.As(err, &bad):
		zh, en := badPackText(bad)
		return jobs.Permanent(jobs.Tell(err, zh, en))
	case isBadInput(err):
		return jobs.Permanent(jobs.Tell(err, err.Error(), err.Error()))
	case errors.Is(err, packdb.ErrChanged):
		return jobs.Tell(err, "另一次载入同时改动了该数据包", "Another load changed this pack at the same time")
	}
	return err
}

// mostTold is how many faults of a pack those who watch a job are told.
const mostTold = 5

// badPackText says what is wrong with a pack, in each language.
func badPackText(bad *pack.BadPackError) (zh, en string) {
	name := pack.LayerName(bad.Layer)
	allZH, allEN := []string{name.ZH + "有误"}, []string{"Wrong: " + name.EN}
	for _, f := range bad.Faults[:min(len(bad.Faults), mostTold)] {
		where := f.File
		if f.Row > 0 {
			where += fmt.Sprintf(":%d", f.Row)
		}
		where = strings.TrimSpace(strings.Join([]string{where, f.Field}, " "))
		allZH = append(allZH, strings.TrimSpace(where+" "+f.Reason.ZH))
		allEN = append(allEN, strings.TrimSpace(where+" "+f.Reason.EN))
	}
	if more := bad.Count - mostTold; more > 0 {
		allZH, allEN = append(allZH, fmt.Sprintf("另有 %d 处", more)), append(allEN, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(allZH, "；"), strings.Join(allEN, "; ")
}

// packLoads is what people and servers do with the packs of one folder.
type packLoads struct {
	db     *postgres.DB
	packs  string // the folder that they are in
	writer func(context.Context) postgres.Writer
	log    *slog.Logger
	types  facilities.Types
}

var _ jobhttp.Loads = packLoads{}

// run is the job in a server: asked for by people, or left behind by a verb that died.
func (p packLoads) run(ctx context.Context, t *jobs.Task) error {
	var args loadArgs
	if err := t.Args(&args); err != nil {
		return err
	}
	opts := loadOptions{AcceptCRS: args.AcceptCRS, Replace: args.Replace, Types: p.types}
	dir := args.Dir
	if args.Folder != "" {
		var err error
		if dir, err = packFolder(p.packs, args.Folder); err != nil {
			return jobs.Permanent(jobs.Tell(err, "数据包目录中没有这个文件夹", "There is no such folder of a data pack"))
		}
	} else if t.Job().AskedBy == "" {
		opts.DataDir = &args.DataDir
	} else {
		return jobs.Permanent(errors.New("a person named a folder outside of the folder of packs"))
	}
	_, err := loadTask(ctx, p.db, t, dir, opts)
	return err
}

// packFolder finds a folder directly below the folder of packs; a link that leads out of
// it is none.
func packFolder(packs, name string) (string, error) {
	if name != filepath.Base(name) || strings.HasPrefix(name, ".") || strings.ContainsAny(name, `/\`) {
		return "", jobhttp.ErrNoFolder
	}
	root, err := filepath.EvalSymlinks(packs)
	if err != nil {
		return "", fmt.Errorf("%w: %w", jobhttp.ErrNoFolder, err)
	}
	dir, err := filepath.EvalSymlinks(filepath.Join(root, name))
	if err != nil {
		return "", fmt.Errorf("%w: %w", jobhttp.ErrNoFolder, err)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() || filepath.Dir(dir) != root {
		return "", jobhttp.ErrNoFolder
	}
	return filepath.Abs(dir)
}

// Folders lists the folders that hold a readable manifest. That there is no folder of
// packs is no error.
func (p packLoads) Folders(ctx context.Context) ([]jobhttp.Folder, error) {
	entries, err := os.ReadDir(p.packs)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("list data packs: %w", err)
	}
	var out []jobhttp.Folder
	for _, e := range entries {
		dir, err := packFolder(p.packs, e.Name())
		if err != nil {
			continue
		}
		m, err := pack.Read(dir)
		switch {
		case err == nil:
			out = append(out, jobhttp.Folder{Name: e.Name(), ZH: m.Name.ZH, EN: m.Name.EN, AdCode: m.AdCode})
		case !errors.Is(err, os.ErrNotExist):
			p.log.WarnContext(ctx, "a data pack has no readable manifest", slog.String("folder", e.Name()), slog.Any("error", err))
		}
	}
	return out, nil
}

// Load asks for a pack in the name of whoever asks, who may load those of their own
// authority.
func (p packLoads) Load(ctx context.Context, r jobhttp.LoadRequest) (string, error) {
	dir, err := packFolder(p.packs, r.Folder)
	if err != nil {
		return "", err
	}
	m, err := pack.Read(dir)
	if err != nil {
		return "", fmt.Errorf("%w: %w", jobhttp.ErrNoFolder, err)
	}
	w := p.writer(ctx)
	if m.AdCode != w.AdCode {
		return "", jobhttp.ErrOtherAuthority
	}
	return postgres.WriteOnce(ctx, p.db, w, askWhy(m), func(tx *postgres.Tx) (string, error) {
		if err := tx.Require(ctx, "pack.load", ""); err != nil {
			return "", err
		}
		return jobs.Ask(ctx, tx, loadRequest(dir, loadArgs{Folder: r.Folder, AcceptCRS: r.AcceptCRS, Replace: r.Replace}))
	})
}
