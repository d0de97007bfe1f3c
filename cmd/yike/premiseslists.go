package main

import (
	"context"
	"errors"
	"io"
	"os"

	"yike/facilities/premises/premisesdb"
	"yike/facilities/premises/premisesexport"
	"yike/facilities/premises/premiseshttp"
	"yike/facilities/premises/premisesimport"
	"yike/geo/divisions"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rowio"
)

var _ premiseshttp.Lists = (*premisesLedger)(nil)

// places are the divisions of the district that is served.
func (l *premisesLedger) places() ([]divisions.Division, error) {
	s := l.grounds.held.State()
	if s == nil {
		return nil, premiseshttp.ErrNotReady
	}
	return s.Divisions, nil
}

// Template writes a workbook to be filled in with rooms.
func (l *premisesLedger) Template(_ context.Context, w io.Writer) error {
	places, err := l.places()
	if err != nil {
		return err
	}
	return premisesexport.WriteTemplate(w, places)
}

// Take takes a list of rooms into the ledger, or tries it.
func (l *premisesLedger) Take(ctx context.Context, name string, file io.Reader, reason string, trial bool) (premiseshttp.TakenList, error) {
	var out premiseshttp.TakenList
	places, err := l.places()
	if err != nil {
		return out, err
	}
	list, err := readRooms(ctx, name, file, places)
	if err != nil {
		return out, err
	}
	w := l.writer(ctx)
	out.Ignored = list.Reader.Ignored
	out.Taken, err = l.store.Take(ctx, w, premisesdb.Take{File: name, Reader: list.Reader, Rows: list.Rows, Faults: list.Faults, Trial: trial}, record.Change{Reason: reason}, l.Today())
	l.refused.note(ctx, w, err, postgres.Note{Action: "premises.import", Kind: "premises", After: name})
	return out, err
}

// readRooms keeps a file for as long as it is read.
func readRooms(ctx context.Context, name string, body io.Reader, places []divisions.Division) (premisesimport.List, error) {
	path, size, err := keptFile(body)
	if err != nil {
		return premisesimport.List{}, err
	}
	defer os.Remove(path) //nolint:errcheck // the system clears its folder of temporary files, too
	if size == 0 {
		return premisesimport.List{}, &premiseshttp.FileError{ZH: "文件是空的", EN: "the file is empty"}
	}
	list, err := premisesimport.Read(ctx, path, name, places)
	var bad *rowio.RowError
	if errors.As(err, &bad) {
		return list, &premiseshttp.FileError{Row: bad.Row, ZH: bad.ReasonZH, EN: bad.ReasonEN}
	}
	return list, err
}
