package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"yike/facilities"
	"yike/internal/pack"
	"yike/internal/postgres"
)

// loadCmd loads a data pack.
type loadCmd struct {
	Dir       string   `arg:"" help:"数据包目录，内有 manifest.yaml / folder of the data pack, with its manifest.yaml"`
	AcceptCRS []string `name:"accept-crs" placeholder:"LAYER" help:"坐标检查不通过也载入该图层 / take this layer although its coordinates look wrong"`
	Replace   bool     `help:"替换同一机关名下的另一个数据包，其记录全部移除 / put this pack in the place of another one of the same authority; all records of that go"`
	DryRun    bool     `name:"dry-run" help:"只检查，不保存 / check everything and store nothing"`
	Format    string   `enum:"table,json" default:"table" help:"table 或 json / table or json"`
}

// Run loads the pack and prints what was done.
func (c *loadCmd) Run(ctx context.Context, a *app) error {
	db, err := a.openDB(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	opts := loadOptions{AcceptCRS: c.AcceptCRS, Replace: c.Replace, DryRun: c.DryRun, Types: a.config.Types}
	result, err := loadHere(ctx, loadingHere{db: db, log: a.log, who: "yike load", cancel: true}, c.Dir, opts, printProgress(a.stderr))
	if err != nil {
		return err
	}
	if c.Format == "json" {
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(result)
	}
	return result.print(a.stdout)
}

// printProgress writes one line for each stage that begins.
func printProgress(w io.Writer) progressFunc {
	return func(zh, en string, done, total int) {
		fmt.Fprintf(w, "[%d/%d] %s / %s\n", done, total, zh, en) //nolint:errcheck // progress nobody can be told about
	}
}

// progressFunc is told which stage begins, and that done of total are behind it.
type progressFunc func(zh, en string, done, total int)

// loadOptions are what a person may ask of a load.
type loadOptions struct {
	AcceptCRS []string // layers taken although their coordinates look wrong
	Replace   bool     // another pack of the same authority goes
	DryRun    bool     // check everything and store nothing

	Types facilities.Types // the zero value for those that come with the program

	DataDir *string // where the layers' files are, as YIKE_DATA_DIR says; nil for what it says here
	Door    door    // the way to the database; nil for the system's own
}

// door is a way for writes.
type door func(ctx context.Context, why string, fn func(tx *postgres.Tx) error) error

func (o loadOptions) doorTo(db *postgres.DB, adcode string) door {
	if o.Door != nil {
		return o.Door
	}
	return func(ctx context.Context, why string, fn func(tx *postgres.Tx) error) error {
		return db.Write(ctx, postgres.System(adcode, "yike load"), why, fn)
	}
}

func (o loadOptions) files() string {
	if o.DataDir != nil {
		return *o.DataDir
	}
	return os.Getenv(pack.DataDirEnv)
}

// runLoad reads and checks every layer that changed, and only then stores them in one
// transaction. A fault or an interruption anywhere leaves the district as it was.
func runLoad(ctx context.Context, db *postgres.DB, dir string, opts loadOptions, progress progressFunc) (loadResult, error) {
	m, err := readManifest(dir, opts)
	if err != nil {
		return loadResult{}, err
	}
	l := newLoader(db, m, m.Folder(dir, opts.files()), opts, progress)
	if err := l.run(ctx); err != nil {
		return loadResult{}, err
	}
	return l.result(), nil
}

// readManifest reads what a pack says of itself, and holds the options against it.
func readManifest(dir string, opts loadOptions) (*pack.Manifest, error) {
	for _, layer := range opts.AcceptCRS {
		if pack.LayerName(layer).ZH == "" || layer == "manifest" {
			return nil, pack.Bad("manifest", pack.Fault{
				Field: "--accept-crs", Value: layer,
				Reason: pack.Text{ZH: "没有这个图层", EN: "no such layer"},
				Hint:   pack.Text{ZH: strings.Join(loadOrder(), "、"), EN: strings.Join(loadOrder(), ", ")},
			})
		}
	}
	m, err := pack.Read(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, pack.Bad("manifest", pack.Fault{
			File:   pack.FileName,
			Reason: pack.Text{ZH: "目录里没有清单：" + dir, EN: "the folder has no manifest: " + dir},
		})
	}
	return m, err
}

func loadOrder() []string {
	return []string{pack.Divisions, pack.Roads, pack.Buildings, pack.Population, pack.Facilities}
}

// loadResult says what a load did.
type loadResult struct {
	AdCode string       `json:"adcode"`
	Name   pack.Text    `json:"name"`
	DryRun bool         `json:"dry_run"`
	Layers []loadedItem `json:"layers"`
}

// loadedItem is one layer of a loadResult.
type loadedItem struct {
	Kind    string           `json:"kind"`
	State   string           `json:"state"` // unchanged, stored, checked (dry run), removed
	Rows    int              `json:"rows"`
	Changes postgres.Changes `json:"changes"`
	Report  pack.Report      `json:"report"`
}

func (r loadResult) print(w io.Writer) error {
	states := map[string]string{
		"unchanged": "未变 / unchanged", "stored": "已载入 / stored", "checked": "已检查，未保存 / checked, not stored", "removed": "已移除 / removed",
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n", r.Name, r.AdCode)
	for _, l := range r.Layers {
		fmt.Fprintf(&b, "\n%s: %s, %d 条 / rows", pack.LayerName(l.Kind), states[l.State], l.Rows)
		if l.State != "unchanged" {
			fmt.Fprintf(&b, " (+%d ~%d -%d =%d)", l.Changes.Created, l.Changes.Updated, l.Changes.Removed, l.Changes.Unchanged)
		}
		b.WriteByte('\n')
		for _, t := range l.Report.Facts {
			fmt.Fprintf(&b, "  · %s\n    %s\n", t.ZH, t.EN)
		}
		for _, t := range l.Report.Warnings {
			fmt.Fprintf(&b, "  ! %s\n    %s\n", t.ZH, t.EN)
		}
	}
	_, err := io.WriteString(w, b.String())
	if err != nil {
		return fmt.Errorf("print report: %w", err)
	}
	return nil
}

func accepted(opts loadOptions, kind string) bool { return slices.Contains(opts.AcceptCRS, kind) }
