package main

import (
	"cmp"
	"context"
	"io"

	"yike/coverage/coveragelive"
	"yike/facilities"
	"yike/facilities/exports"
	"yike/facilities/facilityexport"
	"yike/facilities/facilityhttp"
	"yike/geo/divisions"
	"yike/internal/rowout"
)

// Template gives a template for a type.
func (e *facilityExports) Template(ctx context.Context, t facilities.Type, format string, words exports.Words) (facilityhttp.ExportedFile, error) {
	s, err := e.state()
	if err != nil {
		return facilityhttp.ExportedFile{}, err
	}
	info, ok := s.TypeInfo(t)
	if !ok {
		return facilityhttp.ExportedFile{}, facilityhttp.ErrUnknownType
	}
	f, ok := rowout.ParseFormat(format)
	if !ok {
		return facilityhttp.ExportedFile{}, facilityhttp.ErrUnknownFormat
	}
	name, plain := info.ZH+"-导入模板"+f.Extension(), "template-"+string(t)+f.Extension()
	if words == exports.English {
		name = plain
	}
	return e.file(ctx, name, plain, f, func(to io.Writer) (int, error) {
		return 0, facilityexport.Template(ctx, to, f, info, namesFor(s, words), words)
	})
}

// namesFor are the names of the divisions in the language of a template.
func namesFor(s *coveragelive.State, words exports.Words) facilityexport.Place {
	var place facilityexport.Place
	for _, d := range s.Divisions {
		name := d.NameZH
		if words == exports.English {
			name = cmp.Or(d.NameEN, name)
		}
		switch d.Level {
		case divisions.Subdistrict:
			place.Subdistricts = append(place.Subdistricts, name)
		case divisions.Community:
			place.Communities = append(place.Communities, name)
		}
	}
	return place
}
