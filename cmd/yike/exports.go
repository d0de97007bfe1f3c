package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"yike/coverage"
	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/exportdb"
	"yike/facilities/exports"
	"yike/facilities/facilityexport"
	"yike/facilities/facilityhttp"
	"yike/geo/divisions"
	"yike/internal/gdal"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rowout"
)

// facilityExports gives facilityhttp files of facilities and keeps profiles, as the person
// who asks may see and write them.
type facilityExports struct {
	records  *facilityRecords
	profiles *exportdb.Store
	taken    takenAway
	busy     chan struct{} // as many as files are made at a time
}

var _ facilityhttp.Exports = (*facilityExports)(nil)

// filesAtOnce bounds how many files are made at a time: each takes a core.
const filesAtOnce = 2

func newFacilityExports(db *postgres.DB, records *facilityRecords) *facilityExports {
	return &facilityExports{records: records, profiles: exportdb.New(db), taken: takenAway{db}, busy: make(chan struct{}, filesAtOnce)}
}

func (e *facilityExports) state() (*coveragelive.State, error) {
	s := e.records.live.held.State()
	if s == nil {
		return nil, facilityhttp.ErrNotReady
	}
	return s, nil
}

// Fields are the columns that there are.
func (e *facilityExports) Fields(context.Context) ([]exports.Field, error) {
	s, err := e.state()
	if err != nil {
		return nil, err
	}
	return exports.Fields(s.Types), nil
}

// Formats are those that can be written here.
func (e *facilityExports) Formats() []facilityhttp.ExportFormat {
	names := map[rowout.Format][2]string{
		rowout.XLSX: {"Excel 工作簿", "Excel workbook"}, rowout.CSV: {"CSV（UTF-8）", "CSV (UTF-8)"}, rowout.CSVGB18030: {"CSV（GB18030）", "CSV (GB18030)"},
		rowout.TSV: {"制表符分隔（TSV）", "Tab-separated (TSV)"}, rowout.GeoJSON: {"GeoJSON", "GeoJSON"}, rowout.GPKG: {"GeoPackage", "GeoPackage"},
		rowout.Shapefile: {"Shapefile（ZIP）", "Shapefile (ZIP)"}, rowout.KML: {"KML", "KML"},
	}
	var out []facilityhttp.ExportFormat
	for _, f := range rowout.Formats() {
		out = append(out, facilityhttp.ExportFormat{
			Format: string(f), Extension: f.Extension(), ZH: names[f][0], EN: names[f][1], MediaType: f.MediaType(), Spatial: f.Spatial(), Available: !f.NeedsGDAL() || gdal.Available(),
		})
	}
	return out
}

// Systems are the coordinate systems that a file may be in.
func (e *facilityExports) Systems() []facilityhttp.ExportSystem {
	return []facilityhttp.ExportSystem{
		{System: string(rowout.WGS84), ZH: "WGS 84（GPS）", EN: "WGS 84 (GPS)"},
		{System: string(rowout.CGCS2000), ZH: "CGCS2000（国家大地坐标系）", EN: "CGCS2000"},
		{System: string(rowout.GCJ02), ZH: "GCJ-02（加偏，高德、腾讯地图）", EN: "GCJ-02 (shifted: Amap, Tencent)", Shifted: true},
		{System: string(rowout.BD09), ZH: "BD-09（加偏，百度地图）", EN: "BD-09 (shifted: Baidu)", Shifted: true},
	}
}

// plan is an order, worked out.
type exportPlan struct {
	sheet exports.Sheet
	words exports.Words
	order facilityexport.Order
	name  string // of the file, without extension
	plain string
}

// plan works an order out.
func (e *facilityExports) plan(ctx context.Context, o facilityhttp.ExportOrder) (exportPlan, error) {
	s, err := e.state()
	if err != nil {
		return exportPlan{}, err
	}
	p, err := e.profileOf(ctx, o, s)
	if err != nil {
		return exportPlan{}, err
	}
	today := e.records.today()
	wanted := o.Filter.Types
	if p != nil {
		o.Format, o.System = first(o.Format, p.Format), first(o.System, p.System)
		if wanted == nil {
			wanted = p.Types
		}
	}
	format, ok := rowout.ParseFormat(first(o.Format, string(rowout.XLSX)))
	system, known := rowout.ParseSystem(o.System)
	if !ok || !known {
		return exportPlan{}, facilityhttp.ErrUnknownFormat
	}
	ground := exports.Ground{Types: facilities.Types{Types: s.Types, Groups: s.Groups}, Names: divisionNames{s.Hierarchy, s.Divisions}, Today: today, Words: o.Words}
	plan := exportPlan{words: o.Words, order: facilityexport.Order{Format: format, System: system}}
	if p != nil {
		plan.sheet = exports.ProfileSheet(ground, *p, exports.Fields(s.Types))
	} else {
		plan.sheet = exports.NewSheet(ground, e.usual(s, wanted))
	}
	plan.call(s, p, wanted, today)
	return plan, nil
}

// usual are the columns without a profile; examples are marked where there are any.
func (e *facilityExports) usual(s *coveragelive.State, wanted []facilities.Type) []exports.Field {
	types := exports.TypesOf(facilities.Types{Types: s.Types}, wanted)
	examples := slices.ContainsFunc(s.Facilities, func(f facilities.Facility) bool { return f.Example })
	return slices.DeleteFunc(exports.Fields(types), func(f exports.Field) bool {
		return !f.Usual() && (!examples || f.Code != "example")
	})
}

// call names the file and what is to be said of it.
func (p *exportPlan) call(s *coveragelive.State, profile *exports.Profile, wanted []facilities.Type, today record.Day) {
	p.name = "设施"
	if len(wanted) == 1 {
		if info, ok := s.TypeInfo(wanted[0]); ok {
			p.name = info.ZH
		}
	}
	if profile != nil && profile.Name != "" {
		p.name = profile.Name
	}
	p.order.Name = p.name
	p.order.Notes = []string{fmt.Sprintf("来源：设施登记，导出于 %s / from the facility registry, written on %s", today, today)}
	p.name += "-" + string(today)
	p.plain = "facilities-" + string(today)
	if p.order.System.Shifted() {
		p.name += "-" + p.order.System.Label()
		p.plain += "-" + strings.ToLower(p.order.System.Label())
	}
	p.name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < 0x20 {
			return '_'
		}
		return r
	}, p.name) + p.order.Format.Extension()
	p.plain += p.order.Format.Extension()
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// profileOf is the profile of an order, nil for none.
func (e *facilityExports) profileOf(ctx context.Context, o facilityhttp.ExportOrder, s *coveragelive.State) (*exports.Profile, error) {
	if o.Profile != nil {
		return o.Profile, record.Invalid(e.check(s)(*o.Profile))
	}
	if o.ProfileID == "" {
		return nil, nil
	}
	p, err := e.Profile(ctx, o.ProfileID)
	return &p, err
}

// source reads the facilities of a filter page by page.
func (e *facilityExports) source(ctx context.Context, f facilities.Filter) facilityexport.Source {
	const pageSize = 1000
	page := facilities.Page{Sort: facilities.ByDivision, Limit: pageSize}
	var held []facilities.Facility
	ended := false
	return func() (facilities.Facility, error) {
		if len(held) == 0 && !ended {
			list, err := e.records.List(ctx, f, page, record.At{})
			if err != nil {
				return facilities.Facility{}, err
			}
			held, page.After, ended = list.Facilities, list.Next, list.Next == nil
		}
		if len(held) == 0 {
			return facilities.Facility{}, io.EOF
		}
		next := held[0]
		held = held[1:]
		return next, nil
	}
}

// Write makes the file whole before anything of it is sent.
func (e *facilityExports) Write(ctx context.Context, o facilityhttp.ExportOrder) (facilityhttp.ExportedFile, error) {
	p, err := e.plan(ctx, o)
	if err != nil {
		return facilityhttp.ExportedFile{}, err
	}
	next := e.source(ctx, o.Filter)
	f, err := e.file(ctx, p.name, p.plain, p.order.Format, func(to io.Writer) (int, error) {
		return facilityexport.Write(ctx, to, p.sheet, p.words, p.order, next)
	})
	if err != nil {
		return f, err
	}
	if err := e.noted(ctx, o, p, f.Rows); err != nil {
		return facilityhttp.ExportedFile{}, errors.Join(err, f.Close())
	}
	return f, nil
}

// noted keeps of a file who took what.
func (e *facilityExports) noted(ctx context.Context, o facilityhttp.ExportOrder, p exportPlan, rows int) error {
	w, err := e.records.writer(ctx)
	if err != nil {
		return err
	}
	after := map[string]any{"rows": rows, "format": p.order.Format, "system": p.order.System, "filter": o.Filter.Asked()}
	if o.ProfileID != "" {
		after["profile"] = o.ProfileID
	}
	return e.taken.note(ctx, w, postgres.Note{Action: "facility.export", Kind: "facility", Division: o.Filter.Division, After: after})
}

// file keeps what is written in a file that has no name, and so is gone when it is closed.
func (e *facilityExports) file(ctx context.Context, name, plain string, f rowout.Format, write func(io.Writer) (int, error)) (facilityhttp.ExportedFile, error) {
	var out facilityhttp.ExportedFile
	select {
	case e.busy <- struct{}{}:
		defer func() { <-e.busy }()
	case <-ctx.Done():
		return out, ctx.Err()
	}
	spool, err := os.CreateTemp("", "yike-export-")
	if err != nil {
		return out, fmt.Errorf("make a file to export: %w", err)
	}
	if err := os.Remove(spool.Name()); err != nil {
		return out, errors.Join(fmt.Errorf("make a file to export: %w", err), spool.Close())
	}
	rows, err := write(spool)
	var size int64
	if err == nil {
		size, err = spool.Seek(0, io.SeekCurrent)
	}
	if err == nil {
		_, err = spool.Seek(0, io.SeekStart)
	}
	if errors.Is(err, gdal.ErrMissing) {
		err = facilityhttp.ErrNoGDAL
	}
	if err != nil {
		return out, errors.Join(err, spool.Close())
	}
	return facilityhttp.ExportedFile{ReadCloser: spool, Size: size, Name: name, Plain: plain, MediaType: f.MediaType(), Rows: rows}, nil
}

// Preview gives the beginning of a file without making it.
func (e *facilityExports) Preview(ctx context.Context, o facilityhttp.ExportOrder, rows int) (facilityhttp.ExportPreview, error) {
	var out facilityhttp.ExportPreview
	p, err := e.plan(ctx, o)
	if err != nil {
		return out, err
	}
	list, err := e.records.List(ctx, o.Filter, facilities.Page{Sort: facilities.ByDivision, Limit: rows, Count: true}, record.At{})
	if err != nil {
		return out, err
	}
	if list.Total != nil {
		out.Total = *list.Total
	}
	for _, c := range facilityexport.Columns(p.sheet, p.order) {
		out.Columns = append(out.Columns, c.Head)
	}
	shown, err := facilityexport.Shown(ctx, p.sheet, p.words, p.order, list.Facilities)
	out.Rows = shown
	return out, err
}

// check gives what is wrong with a profile here.
func (e *facilityExports) check(s *coveragelive.State) exportdb.Check {
	var formats, systems []string
	for _, f := range rowout.Formats() {
		formats = append(formats, string(f))
	}
	for _, sys := range e.Systems() {
		systems = append(systems, sys.System)
	}
	return func(p exports.Profile) []record.Fault {
		return p.Validate(exports.Fields(s.Types), s.Types, formats, systems)
	}
}

// Profiles lists what is kept.
func (e *facilityExports) Profiles(ctx context.Context) ([]exports.Profile, error) {
	w, err := e.records.writer(ctx)
	if err != nil {
		return nil, err
	}
	return e.profiles.List(ctx, w)
}

// Profile gives one.
func (e *facilityExports) Profile(ctx context.Context, id string) (exports.Profile, error) {
	w, err := e.records.writer(ctx)
	if err != nil {
		return exports.Profile{}, err
	}
	p, err := e.profiles.ByID(ctx, w, id)
	return p, profileError(err)
}

func profileError(err error) error {
	if errors.Is(err, exportdb.ErrNotFound) {
		return facilityhttp.ErrUnknownProfile
	}
	return err
}

// writing begins a write of a profile.
func (e *facilityExports) writing(ctx context.Context) (postgres.Writer, exportdb.Check, error) {
	s, err := e.state()
	if err != nil {
		return postgres.Writer{}, nil, err
	}
	w, err := e.records.writer(ctx)
	return w, e.check(s), err
}

// CreateProfile keeps a profile.
func (e *facilityExports) CreateProfile(ctx context.Context, p exports.Profile) (exports.Profile, error) {
	w, check, err := e.writing(ctx)
	if err != nil {
		return p, err
	}
	made, err := e.profiles.Create(ctx, w, p, check)
	e.records.refused.note(ctx, w, err, postgres.Note{Action: "export_profile.create", Kind: "export_profile"})
	return made, err
}

// UpdateProfile changes a profile.
func (e *facilityExports) UpdateProfile(ctx context.Context, id string, expected int, p exports.Patch) (exports.Profile, error) {
	w, check, err := e.writing(ctx)
	if err != nil {
		return exports.Profile{}, err
	}
	made, err := e.profiles.Update(ctx, w, id, expected, p, check)
	e.records.refused.note(ctx, w, err, postgres.Note{Action: "export_profile.update", Kind: "export_profile", ID: id})
	return made, profileError(err)
}

// RemoveProfile deletes a profile.
func (e *facilityExports) RemoveProfile(ctx context.Context, id string, expected int) error {
	w, _, err := e.writing(ctx)
	if err != nil {
		return err
	}
	err = e.profiles.Remove(ctx, w, id, expected)
	e.records.refused.note(ctx, w, err, postgres.Note{Action: "export_profile.remove", Kind: "export_profile", ID: id})
	return profileError(err)
}

// divisionNames says what the divisions are called that a code belongs to.
type divisionNames struct {
	tree *coverage.Hierarchy
	list []divisions.Division
}

// Subdistrict is the name of the subdistrict.
func (n divisionNames) Subdistrict(code string) string { return n.at(code, divisions.Subdistrict) }

// Community is the name of the community.
func (n divisionNames) Community(code string) string { return n.at(code, divisions.Community) }

func (n divisionNames) at(code string, level divisions.Level) string {
	i := n.tree.Find(code)
	if i < 0 {
		return ""
	}
	if i = n.tree.At(i, level); i < 0 {
		return ""
	}
	return n.list[i].NameZH
}
