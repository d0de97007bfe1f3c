package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/coverage/coveragelive"
	communities "yike/facilities/matrix"
	"yike/facilities/matrix/matrixdb"
	"yike/facilities/matrix/matrixexport"
	"yike/facilities/matrix/matrixhttp"
	"yike/facilities/premises"
	"yike/facilities/premises/premisesdb"
	"yike/facilities/premises/premiseshttp"
	"yike/geo/divisions/divisiondb"
	"yike/internal/pdf"
	"yike/internal/postgres"
	"yike/internal/record"
)

// communityMatrix makes the table of communities from the registry and the ledger of
// premises. It is the same for everybody who may read the map, so the last few are kept.
type communityMatrix struct {
	store   *matrixdb.Store
	program *postgres.Writer // who asks where that is the program itself; nil where it is requests
	ledger  *premisesdb.Store
	grounds grounds
	fonts   func() (*pdf.Fonts, error)
	now     func() time.Time

	mu   sync.Mutex
	kept map[string]*communities.Matrix // by columns
	mark string                         // of what is kept
}

var (
	_ matrixhttp.Source = (*communityMatrix)(nil)
	_ matrixhttp.Files  = (*communityMatrix)(nil)
)

// mountMatrix serves the table of communities, and gives it to whoever needs it beside.
func mountMatrix(api huma.API, db *postgres.DB, held *coveragelive.Holder, fonts func() (*pdf.Fonts, error), now func() time.Time) *communityMatrix {
	m := &communityMatrix{
		store: matrixdb.New(db), ledger: premisesdb.New(db), grounds: grounds{held: held, db: divisiondb.New(db)}, fonts: fonts, now: now,
	}
	matrixhttp.Register(api, m, m)
	return m
}

// Today is the day it is for the authority.
func (m *communityMatrix) Today() record.Day { return record.DayOf(m.now()) }

// Write writes a table to a file.
func (m *communityMatrix) Write(w io.Writer, format string, table *communities.Matrix, subdistrict string, english bool) error {
	s := m.grounds.held.State()
	if s == nil {
		return matrixhttp.ErrNotReady
	}
	file := matrixexport.File{Matrix: table, Area: communities.Text(s.Pack.Manifest.Name), English: english, Made: m.Today()}
	for _, g := range table.Groups {
		if subdistrict != "" && g.Division.Code == subdistrict {
			file.Area = communities.Text{ZH: g.Division.NameZH, EN: cmp.Or(g.Division.NameEN, g.Division.NameZH)}
		}
	}
	for _, n := range m.grounds.notices() {
		file.Notices = append(file.Notices, communities.Text(n))
	}
	if format == "xlsx" {
		return file.WriteXLSX(w)
	}
	fonts, err := m.fonts()
	if errors.Is(err, pdf.ErrNoFont) {
		return matrixhttp.ErrNoFonts
	}
	if err != nil {
		return err
	}
	return file.WritePDF(w, fonts)
}

// Columns gives every column there may be.
func (m *communityMatrix) Columns(context.Context) ([]communities.Column, []string, error) {
	s := m.grounds.held.State()
	if s == nil {
		return nil, nil, matrixhttp.ErrNotReady
	}
	return communities.AllColumns(s.Types), communities.UsualColumns(s.Types), nil
}

// Matrix gives the table with some columns.
func (m *communityMatrix) Matrix(ctx context.Context, columns []string) (*communities.Matrix, string, error) {
	s := m.grounds.held.State()
	if s == nil {
		return nil, "", matrixhttp.ErrNotReady
	}
	w, day := writer(ctx, s.Pack.AdCode), m.Today()
	if m.program != nil {
		w = *m.program
	}
	mark, err := m.store.Mark(ctx, w)
	if err != nil {
		return nil, "", err
	}
	mark += "/" + s.Version + "/" + string(day)
	key := "usual"
	if columns != nil {
		key = strings.Join(columns, ",")
	}
	if table := m.known(mark, key); table != nil {
		return table, mark, nil
	}
	table, err := m.build(ctx, w, s, day, columns)
	if err != nil {
		return nil, "", err
	}
	m.keep(mark, key, table)
	return table, mark, nil
}

// mostTables is how many choices of columns are kept.
const mostTables = 16

func (m *communityMatrix) known(mark, key string) *communities.Matrix {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mark != mark {
		return nil
	}
	return m.kept[key]
}

func (m *communityMatrix) keep(mark, key string, table *communities.Matrix) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mark != mark || len(m.kept) >= mostTables {
		m.mark, m.kept = mark, map[string]*communities.Matrix{}
	}
	m.kept[key] = table
}

func (m *communityMatrix) build(ctx context.Context, w postgres.Writer, s *coveragelive.State, day record.Day, columns []string) (*communities.Matrix, error) {
	in := communities.Input{AdCode: s.Pack.AdCode, Day: day, Types: s.Types, Columns: columns}
	var err error
	if in.Divisions, in.Households, err = m.grounds.households(ctx); errors.Is(err, premiseshttp.ErrNotReady) {
		return nil, matrixhttp.ErrNotReady
	} else if err != nil {
		return nil, err
	}
	if in.Facilities, err = m.store.Facilities(ctx, w); err != nil {
		return nil, err
	}
	if in.Areas, err = m.store.Areas(ctx, w); err != nil {
		return nil, err
	}
	items, err := m.ledger.All(ctx, w, premises.Filter{})
	if err != nil {
		return nil, err
	}
	rooms := make([]premises.Room, len(items))
	for i, item := range items {
		rooms[i] = item.Room
	}
	in.Ledger = ledgerAreas(premises.Summarise(rooms, in.Divisions, in.Households, nil))
	return communities.Build(in)
}

// ledgerAreas are the community premises that the ledger knows of, by community.
func ledgerAreas(s premises.Summary) map[string]communities.LedgerArea {
	out := map[string]communities.LedgerArea{}
	for _, l := range s.Communities {
		if n := l.ForNorm[premises.CommunityNorm]; n > 0 {
			out[l.Division.Code] = communities.LedgerArea{Rooms: n, CountedM2: l.Counted[premises.CommunityNorm].M2()}
		}
	}
	return out
}
