package main

import (
	"context"
	"errors"
	"io"
	"os"

	"yike/coverage"
	"yike/coverage/coveragehttp"
	"yike/coverage/sitingimport"
	"yike/geo"
	"yike/internal/rowio"
)

// Places reads a file of places, which is kept for as long as it is read.
func (d *sitingAPI) Places(ctx context.Context, name, crs string, body io.Reader) (coveragehttp.SitingList, error) {
	o := sitingimport.Options{Inside: geo.Inside}
	if crs != "" {
		known, err := geo.ParseCRS(crs)
		if err != nil {
			return coveragehttp.SitingList{}, &coveragehttp.SitingFault{
				Code: "unknown_crs", Pointer: "?crs", Reason: coverage.Text{ZH: "不认识这个坐标系", EN: "The coordinate system is not known"},
				Hint: coverage.Text{ZH: "例如 EPSG:4490、GCJ-02、BD-09", EN: "Such as EPSG:4490, GCJ-02 or BD-09"},
			}
		}
		o.CRS, o.Given = known, true
	}
	path, _, err := keptFile(body)
	if err != nil {
		return coveragehttp.SitingList{}, err
	}
	defer os.Remove(path) //nolint:errcheck // the system clears its folder of temporary files, too
	list, err := sitingimport.Read(ctx, path, name, o)
	var bad *rowio.RowError
	if errors.As(err, &bad) {
		return coveragehttp.SitingList{}, &coveragehttp.SitingFault{Code: "bad_file", Pointer: "#", Reason: coverage.Text{ZH: bad.ReasonZH, EN: bad.ReasonEN}}
	}
	if err != nil {
		return coveragehttp.SitingList{}, err
	}
	out := coveragehttp.SitingList{CRS: list.CRS, Ignored: list.Ignored}
	for _, p := range list.Places {
		out.Places = append(out.Places, coveragehttp.SitingListed{ID: p.ID, Name: p.Name, At: p.Point, Price: p.Price, Capacity: p.Capacity, Outlined: p.Outlined})
	}
	for _, f := range list.Faults {
		out.Faults = append(out.Faults, coveragehttp.SitingListFault{Row: f.Row, Column: f.Column, Value: f.Value, Reason: coverage.Text{ZH: f.ZH, EN: f.EN}})
	}
	return out, nil
}
