package main

import (
	"context"
	"errors"
	"io"
	"os"

	"yike/geo"
	"yike/internal/postgres"
	"yike/internal/rowio"
	"yike/placenames/addressdb"
	"yike/placenames/addresses"
	"yike/placenames/addresshttp"
	"yike/placenames/addressimport"
)

// addressImports gives addresshttp what takes registers of addresses.
type addressImports struct {
	*standardAddresses
	taker addressimport.Taker
}

var _ addresshttp.Imports = addressImports{}

// Take takes a register, or tries it.
func (a addressImports) Take(ctx context.Context, name string, body io.Reader, s addresshttp.ImportSetting, reason string, trial bool) (addresshttp.TakenRegister, error) {
	var out addresshttp.TakenRegister
	crs, err := geo.ParseCRS(s.CRS)
	if err != nil {
		return out, &addresshttp.FileError{ZH: "没有这个坐标系", EN: "there is no such coordinate system"}
	}
	file, err := readRegister(ctx, name, body, crs)
	if err != nil {
		return out, err
	}
	out.Ignored, out.Columns, out.Faults = file.Ignored, file.Columns, file.Faults
	if len(file.Faults) > 0 {
		return out, nil
	}
	setting := addressimport.Setting{System: s.System, Custody: addresses.Own, Accuracy: s.AccuracyM, Create: s.Create}
	if s.Foreign {
		setting.Custody = addresses.Foreign
	}
	w := a.writer(ctx)
	taken, err := a.taker.Take(ctx, w, file, setting, reason, trial, a.Today())
	a.refused.note(ctx, w, err, postgres.Note{Action: "address.import", Kind: "address", After: name})
	if err != nil {
		return out, err
	}
	out.Faults, out.Made, out.New, out.Counts = taken.Faults, taken.Made, taken.New, map[string]int{}
	for outcome, n := range taken.Outcomes {
		out.Counts[string(outcome)] = n
	}
	for _, d := range taken.Rows {
		out.Rows = append(out.Rows, addresshttp.TakenRow{Row: d.Row.No, Address: d.Row.Written(), Code: d.Row.Code, ID: d.ID, Outcome: string(d.Outcome), Reason: d.Reason})
	}
	return out, nil
}

// readRegister keeps a file for as long as it is read.
func readRegister(ctx context.Context, name string, body io.Reader, crs geo.CRS) (addressimport.File, error) {
	path, size, err := keptFile(body)
	if err != nil {
		return addressimport.File{}, err
	}
	defer os.Remove(path) //nolint:errcheck // the system clears its folder of temporary files, too
	if size == 0 {
		return addressimport.File{}, &addresshttp.FileError{ZH: "文件是空的", EN: "the file is empty"}
	}
	file, err := addressimport.Read(ctx, path, name, crs)
	var bad *rowio.RowError
	if errors.As(err, &bad) {
		return file, &addresshttp.FileError{ZH: bad.ReasonZH, EN: bad.ReasonEN}
	}
	return file, err
}

// Unmatched gives the rows that wait for a person.
func (a addressImports) Unmatched(ctx context.Context, limit int) ([]addresshttp.Unmatched, error) {
	list, err := a.store.Unmatched(ctx, a.writer(ctx), limit)
	out := make([]addresshttp.Unmatched, len(list))
	for i, u := range list {
		out[i] = addresshttp.Unmatched{ID: u.ID, Version: u.Version, System: u.System, File: u.File, No: u.No, Row: u.Row, Reason: u.Reason, Candidates: u.Candidates}
	}
	return out, err
}

// Settle says of which address a row is, or of none.
func (a addressImports) Settle(ctx context.Context, id string, expected int, addressID, reason string) error {
	w := a.writer(ctx)
	err := a.store.Settle(ctx, w, id, expected, addressID, reason, func(u addressdb.Unmatched) []addresses.ForeignCode { return addressimport.CodesOf(u) }, a.Today())
	a.refused.note(ctx, w, err, postgres.Note{Action: "address.settle", Kind: "address", ID: addressID})
	return err
}
