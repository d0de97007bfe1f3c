package proof

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"yike/placenames/plates"
	"yike/placenames/plates/sheets"
)

// ErrUnread is returned where symbols are not read with any mask: the sheets are not to be
// printed.
var ErrUnread = errors.New("symbols of the sheets are not read by both decoders")

// Remasked is a plate whose symbol was not read at first and got another mask.
type Remasked struct {
	Token plates.Token `json:"code"`
	By    string       `json:"by"` // who did not read it
	From  int          `json:"from"`
	To    int          `json:"to"`
}

// Release is what came of a run of sheets.
type Release struct {
	Manifest sheets.Manifest
	Report   Report
	Remasked []Remasked
}

// Step is told of a release that goes on: in round 1 all plates are drawn and read, in later
// ones those pages on which a symbol got another mask.
type Step struct {
	Round int
	Drawn int
	Read  int
	Total int
}

const masks = 8

// Release writes the sheets to path and reads every symbol back; where one is not read, it
// gets the next mask and the file is written again, until all are read or one was not with
// any of the eight masks, which is ErrUnread with the report of that round. name stands in
// the manifest. progress may be nil.
func (t Tools) Release(ctx context.Context, maker sheets.Maker, list []sheets.Plate, batch sheets.Batch, path, name string, progress func(Step)) (Release, error) {
	list = slices.Clone(list)
	r := Release{Remasked: []Remasked{}}
	if progress == nil {
		progress = func(Step) {}
	}
	proven := map[string]bool{}
	for round := 1; ; round++ {
		step := Step{Round: round, Total: len(list)}
		man, err := writeFile(ctx, maker, list, batch, path, name, func(done int) { step.Drawn = done; progress(step) })
		if err != nil {
			return r, err
		}
		r.Manifest = man
		r.Report, err = t.Check(ctx, path, man, Options{Proven: proven, Progress: func(done, _ int) { step.Read = done; progress(step) }})
		if err != nil {
			return r, err
		}
		if r.Report.Passed() {
			return r, nil
		}
		if round == masks {
			return r, fmt.Errorf("%w: %d of %d", ErrUnread, r.Report.Plates-r.Report.Read, r.Report.Plates)
		}
		failed := map[plates.Token]string{}
		for _, f := range r.Report.Failures {
			failed[f.Entry.Token] = f.By
		}
		for i, e := range man.Plates {
			by, bad := failed[e.Token]
			if !bad {
				proven[e.SHA256] = true
				continue
			}
			list[i].Mask = (e.Mask + 1) % masks
			r.Remasked = append(r.Remasked, Remasked{Token: e.Token, By: by, From: e.Mask, To: list[i].Mask})
		}
	}
}

func writeFile(ctx context.Context, maker sheets.Maker, list []sheets.Plate, batch sheets.Batch, path, name string, progress func(int)) (man sheets.Manifest, err error) {
	f, err := os.Create(path)
	if err != nil {
		return sheets.Manifest{}, fmt.Errorf("write the sheets: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	const often = 100
	return maker.Write(f, name, batch, slices.Values(list), func(done int) error {
		if done%often == 0 || done == len(list) {
			progress(done)
		}
		return ctx.Err()
	})
}
