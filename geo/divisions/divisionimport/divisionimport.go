// Package divisionimport reads the divisions layers of a pack: one file per level, or
// one file with several. It knows no facility and no network.
package divisionimport

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"yike/geo/divisions"
	"yike/internal/pack"
	"yike/internal/pack/packimport"
)

// Result is what the divisions layers hold.
type Result struct {
	Divisions   []divisions.Division
	Report      pack.Report
	Contradicts map[string]string // Named.Field of a layer -> the coordinate system its file declares, where it is another than the manifest's
}

// entry is a division with where it was read, until codes and parents are settled.
type entry struct {
	divisions.Division
	key    string // orders generated codes
	file   string
	row    int
	parent string // as the file says it
}

// Read reads all divisions layers of a pack whose files lie below root. Faults of the
// files are a *pack.BadPackError. Divisions without a code get adcode (or their
// parent's code) and three digits, in the order of their source keys.
func Read(ctx context.Context, root, adcode string, layers []pack.Named) (Result, error) {
	var all []entry
	var errs []error
	result := Result{Contradicts: map[string]string{}}
	for _, layer := range layers {
		entries, contradicts, err := readLayer(ctx, root, layer)
		var bad *pack.BadPackError
		if err != nil && !errors.As(err, &bad) {
			return Result{}, err
		}
		if contradicts != "" {
			result.Contradicts[layer.Field] = contradicts
		}
		errs = append(errs, err)
		all = append(all, entries...)
	}
	if err := errors.Join(errs...); err != nil {
		return Result{}, mergeFaults(errs)
	}
	slices.SortStableFunc(all, func(a, b entry) int { return a.Level.Rank() - b.Level.Rank() })
	var faults pack.Faults
	giveCodes(all, adcode, &faults, &result.Report)
	settleParents(all, &faults)
	if err := faults.Err(pack.Divisions); err != nil {
		return Result{}, err
	}
	for _, e := range all {
		result.Divisions = append(result.Divisions, e.Division)
	}
	describe(&result)
	return result, nil
}

// mergeFaults makes one error of the faults of several files.
func mergeFaults(errs []error) error {
	merged := &pack.BadPackError{Layer: pack.Divisions}
	for _, err := range errs {
		var bad *pack.BadPackError
		if errors.As(err, &bad) {
			merged.Count += bad.Count
			merged.Faults = append(merged.Faults, bad.Faults...)
		}
	}
	return merged
}

func readLayer(ctx context.Context, root string, layer pack.Named) ([]entry, string, error) {
	table, err := packimport.Open(ctx, root, layer)
	if err != nil {
		return nil, "", err
	}
	var entries []entry
	err = table.Each(ctx, func(row *packimport.Row) {
		if e, ok := readRow(table, row, layer); ok {
			entries = append(entries, e)
		}
	})
	return entries, table.Contradicts(), errors.Join(err, table.Close())
}

func readRow(table *packimport.Table, row *packimport.Row, layer pack.Named) (entry, bool) {
	e := entry{file: layer.File, row: row.Number, key: row.Key(), parent: row.Text("parent")}
	e.Code = row.Text("code")
	if table.Has("code") {
		checkCode(row, e.Code)
	}
	e.Level = readLevel(row, layer, e.Code)
	e.NameZH = row.Need("name_zh")
	e.NameEN = row.Text("name_en")
	e.Pinyin = row.Text("pinyin")
	e.Setting = readSetting(row)
	e.Households = row.Whole("households")
	e.Complete = row.Flag("complete", true)
	e.Boundary, _ = row.Area()
	e.People = readPeople(row, layer)
	return e, !row.Bad()
}

func checkCode(row *packimport.Row, code string) {
	if code == "" {
		row.Fault("code", "", "不能为空；文件没有编码时请写 fields: {code: \"\"}", `must not be empty; where the file has none say fields: {code: ""}`)
		return
	}
	if _, ok := divisions.LevelOf(code); !ok || strings.Trim(code, "0123456789") != "" {
		row.Fault("code", code, "应为 2、4、6、9、12 位或更多位数字", "must be 2, 4, 6, 9, 12 or more digits")
	}
}

func readLevel(row *packimport.Row, layer pack.Named, code string) divisions.Level {
	word := row.Text("level")
	if word == "" {
		word = layer.Level
	}
	if word == "" {
		if level, ok := divisions.LevelOf(code); ok || row.Bad() {
			return level // of a bad code nothing more needs to be said
		}
	}
	level := divisions.Level(word)
	if level.Rank() < 0 {
		row.Fault("level", word, "不是辖区层级（province、city、district、subdistrict、community、grid）",
			"is not a level (province, city, district, subdistrict, community, grid)")
	}
	return level
}

func readSetting(row *packimport.Row) divisions.Setting {
	switch value := row.Text("setting"); value {
	case "":
		return ""
	case "urban", "城镇", "社区", "居委会":
		return divisions.Urban
	case "rural", "乡村", "村", "村委会":
		return divisions.Rural
	default:
		row.Fault("setting", value, "应为 urban 或 rural", "must be urban or rural")
		return ""
	}
}

func readPeople(row *packimport.Row, layer pack.Named) []divisions.BandCount {
	base := divisions.Resident
	if layer.Base == string(divisions.Registered) {
		base = divisions.Registered
	}
	var people []divisions.BandCount
	for _, sums := range []struct {
		base  divisions.Base
		bands map[string][]string
	}{{base, layer.Bands}, {divisions.Registered, layer.RegisteredBands}} {
		ids := make([]string, 0, len(sums.bands))
		for id := range sums.bands {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			people = append(people, divisions.BandCount{Base: sums.base, Band: id, People: row.People(sums.bands[id])})
		}
	}
	return people
}

// giveCodes numbers the divisions that have no code, wider levels first.
func giveCodes(all []entry, adcode string, faults *pack.Faults, report *pack.Report) {
	byPrefix := map[string][]int{}
	taken := map[string]bool{}
	for _, e := range all {
		taken[e.Code] = true
	}
	var prefixes []string
	for i, e := range all {
		if e.Code != "" {
			continue
		}
		prefix := e.parent
		if prefix == "" && e.Level == divisions.Subdistrict {
			prefix = adcode
		}
		if prefix == "" {
			faults.Add(pack.Fault{
				File: e.file, Row: e.row, Field: "parent",
				Reason: pack.Text{ZH: "没有编码的辖区须写明上级编码", EN: "a division without a code needs its parent's"},
			})
			continue
		}
		if strings.Trim(prefix, "0123456789") != "" { // a name would become a part of the code
			faults.Add(pack.Fault{
				File: e.file, Row: e.row, Field: "parent", Value: prefix,
				Reason: pack.Text{ZH: "上级编码应为数字", EN: "the parent's code must be digits"},
			})
			continue
		}
		if byPrefix[prefix] == nil {
			prefixes = append(prefixes, prefix)
		}
		byPrefix[prefix] = append(byPrefix[prefix], i)
	}
	made := 0
	for _, prefix := range prefixes {
		list := byPrefix[prefix]
		slices.SortStableFunc(list, func(a, b int) int { return strings.Compare(all[a].key, all[b].key) })
		n := 0
		for _, i := range list {
			for code := ""; code == "" || taken[code]; all[i].Code = code {
				n++
				code = fmt.Sprintf("%s%03d", prefix, n)
			}
			taken[all[i].Code] = true
			made++
		}
	}
	if made > 0 {
		report.Fact(fmt.Sprintf("数据没有辖区编码，%d 个编码由本系统按来源编号的次序生成，不是官方代码", made),
			fmt.Sprintf("The source has no codes: %d were made here, in the order of its own keys, and are not official", made))
	}
}

// settleParents takes the file's word for the parent, else the code's. What stands at
// the top of what was loaded has none.
func settleParents(all []entry, faults *pack.Faults) {
	codes := map[string]bool{}
	widest := divisions.Grid.Rank()
	for _, e := range all {
		codes[e.Code] = true
		widest = min(widest, e.Level.Rank())
	}
	list := make([]divisions.Division, len(all))
	for i := range all {
		e := &all[i]
		e.ParentCode = e.parent
		if e.ParentCode == "" {
			e.ParentCode = divisions.ParentOf(e.Code)
			if !codes[e.ParentCode] {
				e.ParentCode = ""
			}
		}
		if e.Level.Rank() == widest && !codes[e.ParentCode] {
			e.ParentCode = ""
		}
		list[i] = e.Division
	}
	_, err := divisions.NewTree(list)
	for _, te := range treeErrors(err) {
		zh, en, _ := strings.Cut(te.Err.Error(), " / ")
		e := all[te.Index]
		faults.Add(pack.Fault{File: e.file, Row: e.row, Field: "code", Value: te.Code, Reason: pack.Text{ZH: zh, EN: en}})
	}
}

func treeErrors(err error) []*divisions.TreeError {
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return nil
	}
	var out []*divisions.TreeError
	for _, e := range joined.Unwrap() {
		var te *divisions.TreeError
		if errors.As(e, &te) {
			out = append(out, te)
		}
	}
	return out
}

func describe(r *Result) {
	cut := 0
	byLevel := map[divisions.Level]int64{}
	for _, d := range r.Divisions {
		byLevel[d.Level]++
		if !d.Complete {
			cut++
		}
	}
	for _, level := range divisions.Levels() {
		if byLevel[level] > 0 {
			r.Report.Count(string(level), byLevel[level])
		}
	}
	if cut > 0 {
		r.Report.Fact(fmt.Sprintf("%d 个辖区中有 %d 个被数据边界截断，其数字只是范围内的部分", len(r.Divisions), cut),
			fmt.Sprintf("%d of %d divisions are cut by the edge of the data; their figures are for the part inside only", cut, len(r.Divisions)))
	}
}
