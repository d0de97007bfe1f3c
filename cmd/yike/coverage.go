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

	"yike/coverage"
	"yike/coverage/coveragedb"
	"yike/coverage/coverageexport"
	"yike/coverage/coveragehttp"
	"yike/coverage/coveragelive"
	"yike/coverage/walknet"
	"yike/facilities"
	"yike/facilities/facilitydb"
	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/pack/packdb"
	"yike/internal/postgres"
)

// coverageCmd prints who is within reach of what, and writes it to files.
type coverageCmd struct {
	Pack       string        `help:"已载入辖区的代号或六位代码，默认为最近打开的 / slug or six-digit code of a loaded district; the one opened last by default" placeholder:"SLUG"`
	Type       string        `help:"设施类型，默认为现有各类 / facility type, e.g. elderly_canteen; every type present by default"`
	Limit      time.Duration `help:"步行时间上限（含）/ walking time, inclusive" default:"15m"`
	Speed      float64       `help:"步行速度，米/秒 / walking speed in m/s" default:"0.9"`
	Metres     int           `help:"按步行距离（米）而不是时间 / by walking distance in metres, not by time: 50 to 3600" placeholder:"M"`
	Profile    string        `help:"步行者：plain 普通、elder 老年人、step_free 无台阶 / who walks" enum:"plain,elder,step_free" default:"plain"`
	At         string        `help:"时刻 HH:MM 或 always，决定限时开放的门 / time of day as HH:MM, or always, for gates that keep hours" placeholder:"HH:MM"`
	Tier       int           `help:"只计该生活圈层级（5、10、15 分钟）的设施 / only facilities of this life circle tier: 5, 10 or 15" placeholder:"N"`
	Base       string        `help:"人口口径，默认为常住（数据中有时）/ population base: registered or resident; resident by default where the data have it"`
	Band       string        `help:"各行的年龄段，合计列出全部 / age band of the rows; totals show every band"`
	Level      string        `help:"只列该辖区层级 / only the rows of this division level, e.g. subdistrict"`
	Format     string        `help:"table、json 或 csv / table, json or csv" enum:"table,json,csv" default:"table"`
	Gaps       int           `help:"表中每类列出的盲区数 / how many gaps to list per type in the table" default:"5"`
	OutCSV     string        `name:"out-csv" help:"各辖区各年龄段写入 CSV 文件 / write every division and band to this CSV file" placeholder:"FILE"`
	OutGeoJSON string        `name:"out-geojson" help:"服务圈、盲区、辖区和未覆盖点写入 GeoJSON 文件 / write circles, gaps, divisions and unserved points to this GeoJSON file" placeholder:"FILE"`
	Public     bool          `name:"public" help:"写出的文件用于公开：人数取整到 10 人，不足 10 人的不列出 / the files are for publication: people in tens, fewer than 10 left out"`
	BOM        bool          `name:"bom" help:"CSV 以字节顺序标记开头，Excel 需要 / begin the CSV file with a byte order mark, which Excel needs" default:"true" negatable:""`
}

// Bounds of what may be asked, the same as the API's.
const (
	leastLimitS, mostLimitS = 60, 7200
	leastSpeed, mostSpeed   = walknet.Speed(300), walknet.Speed(2000)
)

// Run loads the district into memory and answers from there.
func (c *coverageCmd) Run(ctx context.Context, a *app) error {
	if err := c.check(); err != nil {
		return err
	}
	db, err := a.openDB(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	state, err := coveragelive.Load(ctx, a.stores(db), c.Pack, stageLines(a.stderr))
	if err != nil {
		return noPack(err)
	}
	reports, err := c.answers(ctx, state)
	if err != nil {
		return err
	}
	if err := c.print(a.stdout, state, reports); err != nil {
		return err
	}
	return c.writeFiles(a.stderr, state, reports)
}

// stores are where a district is read from, with this installation's types.
func (a *app) stores(db *postgres.DB) coveragelive.Stores {
	return coveragelive.Stores{
		Packs: packdb.New(db), Divisions: divisiondb.New(db), Coverage: coveragedb.New(db), Facilities: facilitydb.New(db),
		Types: func(ctx context.Context, adcode string) (facilities.Types, string, error) {
			now, err := a.catalogue().Present(ctx, db.Reader(), adcode)
			return now.Types, now.Mark, err
		},
		Snapshot: func(ctx context.Context, read func(coveragelive.Stores) error) error {
			return db.Snapshot(ctx, func(at *postgres.DB) error { return read(a.stores(at)) })
		},
	}
}

func noPack(err error) error {
	if errors.Is(err, packdb.ErrNotFound) {
		return badInput("数据库中没有该数据包，请先运行 yike load 目录", "no such data pack is loaded; run yike load DIR first")
	}
	return err
}

func (c *coverageCmd) check() error {
	s := c.Limit.Seconds()
	if c.Limit%time.Second != 0 || s < leastLimitS || s > mostLimitS {
		return badInput(
			fmt.Sprintf("--limit %s：应为 %d 到 %d 秒的整秒数", c.Limit, leastLimitS, mostLimitS),
			fmt.Sprintf("--limit %s: must be %d to %d whole seconds", c.Limit, leastLimitS, mostLimitS))
	}
	if v := c.speed(); v < leastSpeed || v > mostSpeed {
		return badInput(
			fmt.Sprintf("--speed %g：应为每秒 0.3 到 2.0 米", c.Speed),
			fmt.Sprintf("--speed %g: must be 0.3 to 2.0 metres per second", c.Speed))
	}
	return c.checkWalk()
}

// checkWalk looks at who walks, how far and when.
func (c *coverageCmd) checkWalk() error {
	if c.Metres != 0 && (c.Metres < coveragelive.LeastMetres || c.Metres > coveragelive.MostMetres) {
		return badInput(fmt.Sprintf("--metres %d：应为 50 到 3600", c.Metres), fmt.Sprintf("--metres %d: must be 50 to 3600", c.Metres))
	}
	if c.Metres != 0 && c.walker() != coverage.Anybody {
		return badInput("--metres 与 --profile 不能同用：步行者的台阶和等候只按时间计算", "--metres does not go with --profile: the stairs and waits of a walker are times")
	}
	if _, err := c.walker().At(walknet.AnyHour); err != nil {
		return badInput(fmt.Sprintf("--profile %s：应为 plain、elder 或 step_free", c.Profile), fmt.Sprintf("--profile %s: must be plain, elder or step_free", c.Profile))
	}
	if _, err := walknet.ParseHour(c.At); err != nil {
		return badInput(fmt.Sprintf("--at %s：应为 HH:MM 或 always", c.At), fmt.Sprintf("--at %s: must be HH:MM or always", c.At))
	}
	if c.Tier != 0 && !slices.Contains(facilities.Tiers(), facilities.Tier(c.Tier)) {
		return badInput(fmt.Sprintf("--tier %d：应为 5、10 或 15", c.Tier), fmt.Sprintf("--tier %d: must be 5, 10 or 15", c.Tier))
	}
	return nil
}

func (c *coverageCmd) walker() coverage.Walker {
	if c.Profile == "plain" {
		return coverage.Anybody
	}
	return coverage.Walker(c.Profile)
}

// query is the question about a type.
func (c *coverageCmd) query(t facilities.Type) coveragelive.Query {
	hour, _ := walknet.ParseHour(c.At) // which was checked
	return coveragelive.Query{
		Type: t, Base: divisions.Base(c.Base), LimitS: int(c.Limit.Seconds()), Speed: c.speed(),
		Metres: c.Metres, Profile: c.walker(), Hour: hour, Tier: facilities.Tier(c.Tier),
	}
}

func (c *coverageCmd) speed() walknet.Speed { return walknet.Speed(c.Speed*1000 + 0.5) }

// coverageReport is the answer for one facility type.
type coverageReport struct {
	asked  coveragelive.Query
	answer *coveragelive.Answer
	report *coverage.Report
}

// answers asks for the type of the command, or for every type present.
func (c *coverageCmd) answers(ctx context.Context, s *coveragelive.State) ([]coverageReport, error) {
	types := s.PresentTypes()
	if c.Type != "" {
		types = []facilities.Type{facilities.Type(c.Type)}
	}
	if len(types) == 0 {
		return nil, badInput("数据包中没有任何设施，无法计算覆盖", "the data pack has no facilities, so there is no coverage to compute")
	}
	if err := c.checkAgainst(s); err != nil {
		return nil, err
	}
	var out []coverageReport
	for _, t := range types {
		answer, err := s.Coverage(ctx, c.query(t))
		if err != nil {
			return nil, err
		}
		report, err := answer.Report(ctx)
		if err != nil {
			return nil, fmt.Errorf("draw circles and gaps: %w", err)
		}
		out = append(out, coverageReport{c.query(t), answer, report})
	}
	return out, nil
}

// checkAgainst checks what was asked against what the district has.
func (c *coverageCmd) checkAgainst(s *coveragelive.State) error {
	if _, ok := s.TypeInfo(facilities.Type(c.Type)); c.Type != "" && !ok {
		var known []string
		for _, t := range s.Types {
			known = append(known, string(t.Type))
		}
		return unknownWord("--type", c.Type, known)
	}
	if c.Base != "" && !slices.Contains(s.Bases, divisions.Base(c.Base)) {
		return unknownWord("--base", c.Base, words(s.Bases))
	}
	if c.Band != "" && coverage.BandIndex(s.Bands, c.Band) < 0 {
		var known []string
		for _, b := range s.Bands {
			known = append(known, b.ID)
		}
		return unknownWord("--band", c.Band, known)
	}
	if levels := s.Hierarchy.Levels(); c.Level != "" && !slices.Contains(levels, divisions.Level(c.Level)) {
		return unknownWord("--level", c.Level, words(levels))
	}
	return nil
}

func words[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, w := range in {
		out[i] = string(w)
	}
	return out
}

func unknownWord(flag, value string, known []string) error {
	list := strings.Join(known, ", ")
	return badInput(
		fmt.Sprintf("%s %q：数据中没有，可选：%s", flag, value, list),
		fmt.Sprintf("%s %q: not in the data; choose from %s", flag, value, list))
}

func (c *coverageCmd) print(w io.Writer, s *coveragelive.State, reports []coverageReport) error {
	switch c.Format {
	case "csv":
		return coverageexport.WriteCSV(w, sheets(s, reports), notices(s), coverageexport.CSVOptions{})
	case "json":
		return printCoverageJSON(w, s, reports)
	default:
		return c.printTables(w, s, reports)
	}
}

// printCoverageJSON writes each answer in the shape of the API.
func printCoverageJSON(w io.Writer, s *coveragelive.State, reports []coverageReport) error {
	out := struct {
		AdCode  string                 `json:"adcode"`
		Name    any                    `json:"name"`
		Notices any                    `json:"notices"`
		Absent  any                    `json:"absent"`
		Answers []*coveragehttp.Answer `json:"answers"`
	}{AdCode: s.Pack.AdCode, Name: s.Pack.Manifest.Name, Notices: s.Pack.Manifest.Notices, Absent: s.Pack.Manifest.Absent}
	for _, r := range reports {
		out.Answers = append(out.Answers, answerForHTTP(s, r.asked, r.answer, r.report))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

func sheets(s *coveragelive.State, reports []coverageReport) []coverageexport.Sheet {
	out := make([]coverageexport.Sheet, len(reports))
	for i, r := range reports {
		out[i] = coverageexport.Sheet{
			Type: r.answer.Type.Type, TypeName: coverage.Text{ZH: r.answer.Type.ZH, EN: r.answer.Type.EN},
			Asked:   coverageexport.Asked{Metres: r.answer.Query.Metres, Walker: r.answer.Query.Profile, Hour: r.answer.Query.Hour, Tier: r.answer.Query.Tier},
			Version: s.Version, Note: r.answer.Note, Report: r.report, Facilities: r.answer.Facilities,
		}
	}
	return out
}

func notices(s *coveragelive.State) []coverageexport.Notice {
	var out []coverageexport.Notice
	for _, n := range s.Pack.Manifest.Notices {
		out = append(out, coverageexport.Notice{ZH: n.ZH, EN: n.EN, URL: n.URL, Licence: n.Licence})
	}
	return out
}

func (c *coverageCmd) writeFiles(log io.Writer, s *coveragelive.State, reports []coverageReport) error {
	all, said := sheets(s, reports), notices(s)
	if c.OutCSV != "" {
		err := writeWhole(c.OutCSV, func(w io.Writer) error {
			return coverageexport.WriteCSV(w, all, said, coverageexport.CSVOptions{BOM: c.BOM, Public: c.Public})
		})
		if err != nil {
			return err
		}
		say(log, "已写出 / wrote %s\n", c.OutCSV)
	}
	if c.OutGeoJSON != "" {
		err := writeWhole(c.OutGeoJSON, func(w io.Writer) error { return coverageexport.WriteGeoJSON(w, all, said, c.Public) })
		if err != nil {
			return err
		}
		say(log, "已写出 / wrote %s\n", c.OutGeoJSON)
	}
	return nil
}

// writeWhole writes a file beside its place and puts it there when it is complete,
// so that a broken run leaves no half a file.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".yike-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(write(f), f.Chmod(0o644), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// stageLines tells of each stage of a load on a line of its own.
func stageLines(w io.Writer) coveragelive.Progress {
	last := ""
	return func(stage string, _, _ int) {
		if stage == last {
			return
		}
		last = stage
		t := stageText(stage)
		say(w, "%s / %s\n", t.ZH, t.EN)
	}
}

// stageText names a stage of a load.
func stageText(stage string) coverage.Text {
	switch stage {
	case coveragelive.StageRead:
		return coverage.Text{ZH: "读取数据", EN: "Reading the data"}
	case coveragelive.StageNetwork:
		return coverage.Text{ZH: "建立步行路网", EN: "Building the pedestrian network"}
	case coveragelive.StageSnap:
		return coverage.Text{ZH: "将人口与设施接入路网", EN: "Putting people and facilities onto the network"}
	default:
		return coverage.Text{ZH: stage, EN: stage}
	}
}

// say writes a line for the person at the terminal; that it cannot be written is no
// reason to stop.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
