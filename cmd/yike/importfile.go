package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"yike/facilities"
	"yike/facilities/importdb"
	"yike/facilities/importhttp"
	"yike/facilities/importjob"
	"yike/facilities/imports"
	"yike/internal/jobs"
	"yike/internal/postgres"
	"yike/internal/record"
)

// importCmd takes a file of facilities in, the way the screen does it: kept, mapped, tried,
// taken, and to be found in the history of imports.
type importCmd struct {
	ofAuthority
	File   string   `arg:"" help:"设施表：XLSX、CSV、GeoJSON、GeoPackage、SHP 压缩包、KML / a table of facilities: XLSX, CSV, GeoJSON, GeoPackage, zipped Shapefile, KML"`
	Type   string   `help:"设施类型，默认按文件名与表名判断 / type of all rows; by the words of the file where it is not given" placeholder:"TYPE"`
	Map    []string `sep:"none" help:"列名=字段，可重复；“列名=-”不导入 / what a column means, may be repeated; COLUMN=- leaves it out" placeholder:"COLUMN=FIELD"`
	Rest   bool     `help:"认不出的列都不导入 / leave out the columns that are not recognised"`
	Key    string   `help:"凭什么认出已有记录 / by what records are known again: none, id, bureau_no, institution_code, uscc, source_id, name_community" placeholder:"KEY"`
	Mode   string   `enum:"upsert,create,update" default:"upsert" help:"upsert、create 或 update / new ones and known ones, only new, only known"`
	Stage  string   `help:"新记录：draft、submitted、published；默认齐全的发布 / stage of new records; published where complete by default" placeholder:"STAGE"`
	CRS    string   `name:"crs" help:"坐标系，默认按坐标判断 / coordinate system; by the coordinates where it is not given" placeholder:"CRS"`
	Reason string   `help:"依据，写入每条记录的历史 / why, for the history of each record"`
	DryRun bool     `name:"dry-run" help:"只检查 / try it and take nothing"`
	Format string   `enum:"table,json" default:"table" help:"table 或 json / table or json"`
}

// mostSaid is how many faulty rows are told.
const mostSaid = 20

// importedFile is what became of a file.
type importedFile struct {
	Batch  string         `json:"batch"`
	Taken  bool           `json:"taken"`
	Rows   int            `json:"rows"`
	Counts imports.Counts `json:"counts"`
	Faulty []faultyRow    `json:"faulty"`
}

type faultyRow struct {
	Row    int             `json:"row"`
	Faults []imports.Fault `json:"faults"`
}

// Run takes the file in and says what became of its rows. Faulty rows are bad input, after
// which the others are taken all the same.
func (c *importCmd) Run(ctx context.Context, a *app) error {
	db, err := a.openDB(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	adcode, err := c.adcode(ctx, db)
	if err != nil {
		return err
	}
	v := &importVerb{
		cmd: c, app: a, writer: postgres.System(adcode, whoAtConsole()),
		files: &importFiles{
			db: db, store: importdb.New(db), adcode: adcode, survey: surveyorOf(db, a.typesOf(db)), types: a.typesOf(db), now: time.Now,
		},
	}
	out, err := v.run(ctx)
	if err != nil {
		return importFault(err)
	}
	if err := out.print(a.stdout, c.Format); err != nil {
		return err
	}
	if n := out.Counts[imports.Wrong]; n > 0 {
		return badInput(fmt.Sprintf("%d 行有错误，没有导入", n), fmt.Sprintf("%d rows are faulty and were left out", n))
	}
	return nil
}

// importVerb is one run.
type importVerb struct {
	cmd    *importCmd
	app    *app
	writer postgres.Writer
	files  *importFiles
}

func (v *importVerb) run(ctx context.Context) (importedFile, error) {
	b, err := v.keep(ctx)
	if err != nil {
		return importedFile{}, err
	}
	if b, err = v.mapped(ctx, b); err != nil {
		// What nobody said the meaning of is of no use to anybody.
		return importedFile{}, errors.Join(err, v.files.db.Write(context.WithoutCancel(ctx), v.writer, "删除未导入的文件 / discard a file", func(tx *postgres.Tx) error {
			return importdb.Discard(ctx, tx, b.ID)
		}))
	}
	steps := []importhttp.Step{importhttp.Check, importhttp.Commit}
	if v.cmd.DryRun {
		steps = steps[:1]
	}
	for _, step := range steps {
		if b, err = v.step(ctx, b, step); err != nil {
			return importedFile{}, err
		}
	}
	out := importedFile{Batch: b.ID, Taken: !v.cmd.DryRun, Rows: b.RowCount, Counts: b.Counts, Faulty: []faultyRow{}}
	rows, err := v.files.store.Look(ctx, v.writer, b.ID, imports.Wrong, false, "", 0, mostSaid)
	for _, r := range rows {
		out.Faulty = append(out.Faulty, faultyRow{Row: r.Row.Number, Faults: r.Result.Faults})
	}
	return out, err
}

func (v *importVerb) keep(ctx context.Context) (imports.Batch, error) {
	path := v.cmd.File
	file, err := os.Open(path)
	if err != nil {
		return imports.Batch{}, usageError{err}
	}
	defer file.Close() //nolint:errcheck // it was only read
	return v.files.keep(ctx, v.writer, path, filepath.Base(path), file)
}

// mapped says what the columns mean and in which system the coordinates are.
func (v *importVerb) mapped(ctx context.Context, b imports.Batch) (imports.Batch, error) {
	m, err := v.cmd.mapping(b.Mapping)
	if err != nil {
		return b, err
	}
	b.Mapping, b.Options = m, v.cmd.options(b.Options)
	if b.Options.CRS == "" {
		if b.Options.CRS, err = v.system(ctx, b); err != nil {
			return b, err
		}
	}
	words, _, err := v.files.words(ctx)
	if err != nil {
		return b, err
	}
	faults := words.Faults(b.Mapping, b.Options, b.Profile.Names())
	if _, err := importjob.PlaceBy(b.Options.CRS); err != nil {
		faults = append(faults, record.Fault{Field: "--crs", Value: b.Options.CRS, ZH: "没有这种坐标系", EN: "there is no such coordinate system"})
	}
	if err := record.Invalid(faults); err != nil {
		return b, err
	}
	id, version := b.ID, b.Version
	err = v.files.db.Write(ctx, v.writer, "说明导入文件 / say how a file is taken", func(tx *postgres.Tx) (err error) {
		changed, err := importdb.Apply(ctx, tx, id, version, importdb.Change{Mapping: &b.Mapping, Options: &b.Options})
		if err == nil {
			b = changed
		}
		return err
	})
	return b, err
}

// mapping is what was found, with what was said.
func (c *importCmd) mapping(m imports.Mapping) (imports.Mapping, error) {
	m.Columns = slices.Clone(m.Columns)
	for _, said := range c.Map {
		at := strings.LastIndex(said, "=")
		n := -1
		if at > 0 {
			n = slices.IndexFunc(m.Columns, func(col imports.Column) bool { return col.Header == said[:at] })
		}
		if n < 0 {
			return m, badInput("--map 应为“列名=字段”，文件里没有这一列："+said, "--map wants COLUMN=FIELD of a column of the file: "+said)
		}
		m.Columns[n] = imports.Column{Header: m.Columns[n].Header, Field: said[at+1:]}
	}
	for n, col := range m.Columns {
		if col.Field == "" && c.Rest {
			m.Columns[n].Field = imports.Ignored
		}
	}
	return m, nil
}

func (c *importCmd) options(o imports.Options) imports.Options {
	o.Mode, o.Stage, o.Reason, o.CRS = imports.Mode(c.Mode), facilities.Stage(c.Stage), c.Reason, c.CRS
	if c.Type != "" {
		o.Type = facilities.Type(c.Type)
	}
	if c.Key != "" {
		o.Key = imports.Key(c.Key)
	}
	return o
}

// system is the coordinate system that the file is in. Where several are as likely, a
// person has to say it.
func (v *importVerb) system(ctx context.Context, b imports.Batch) (string, error) {
	list, _, err := v.files.survey.Guesses(ctx, v.files.adcode, b, nil)
	if err != nil || len(list) == 0 {
		return "", err
	}
	if best := list[0]; best.Convertible && !best.Ask {
		return best.Key, nil
	}
	var names []string
	for _, each := range list {
		names = append(names, each.Key)
	}
	all := strings.Join(names, ", ")
	return "", badInput("分不出坐标系，请用 --crs 指明其一："+all, "the coordinate system is not clear; name one with --crs: "+all)
}

// step does one of them as a job that everybody sees, in this process.
func (v *importVerb) step(ctx context.Context, b imports.Batch, step importhttp.Step) (imports.Batch, error) {
	db := v.files.db
	var id string
	err := db.Write(ctx, v.writer, "请求"+stepText(step), func(tx *postgres.Tx) (err error) {
		id, err = v.files.begin(ctx, tx, b.ID, b.Version, step, headStart)
		return err
	})
	if err != nil {
		return b, err
	}
	kind := importjob.Job{DB: db, Now: time.Now, Ready: v.files.survey.Ready, Open: importjob.Open}.Kinds()[importjob.Kind]
	told := printProgress(v.app.stderr)
	_, _, err = jobs.RunOne(ctx, db, jobs.One{
		AdCode: v.files.adcode, ID: id, Run: kind.Run, Log: v.app.log, CancelOnStop: true,
		Progress: func(done, total int64, zh, en string) { told(zh, en, int(done), int(total)) },
	})
	if err != nil {
		return b, err
	}
	return v.files.store.Read(ctx, v.writer, b.ID)
}

// importFault tells what is wrong with what was given as bad input.
func importFault(err error) error {
	var invalid *record.InvalidError
	var file *importhttp.FileError
	told := (&importFiles{}).told(err)
	switch {
	case errors.As(err, &invalid):
		var lines []string
		for _, f := range invalid.Faults {
			lines = append(lines, fmt.Sprintf("%s %s: %s / %s", f.Field, f.Value, f.ZH, f.EN))
		}
		return usageError{errors.New("不能这样导入，见 --map / cannot be imported like that, see --map:\n  " + strings.Join(lines, "\n  "))}
	case errors.As(told, &file):
		return badInput(fmt.Sprintf("第 %d 行：%s", file.Row, file.ZH), fmt.Sprintf("row %d: %s", file.Row, file.EN))
	}
	return err
}

func (f importedFile) print(w io.Writer, format string) error {
	if format == "json" {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(f)
	}
	words := map[imports.Outcome]string{
		imports.Create: "新建 / created", imports.Unplaced: "新建待落图 / created, not on the map yet", imports.Update: "更新 / updated",
		imports.Unchanged: "无变化 / unchanged", imports.Duplicate: "疑似重复 / possible duplicates", imports.Skip: "跳过 / skipped", imports.Wrong: "有错误 / faulty",
	}
	var b strings.Builder
	state := "已检查，未导入 / tried, nothing taken"
	if f.Taken {
		state = "已导入 / taken"
	}
	fmt.Fprintf(&b, "%s: %d 行 / rows, %s\n", f.Batch, f.Rows, state)
	for _, o := range imports.Outcomes() {
		if n := f.Counts[o]; n > 0 {
			fmt.Fprintf(&b, "  %d %s\n", n, words[o])
		}
	}
	for _, r := range f.Faulty {
		for _, each := range r.Faults {
			fmt.Fprintf(&b, "  ! 第 %d 行 / row %d: %s %s: %s / %s\n", r.Row, r.Row, each.Column, each.Value, each.ZH, each.EN)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
