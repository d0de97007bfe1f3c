package main

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/estates/estateexport"
	"yike/facilities/estates/estatehttp"
	"yike/internal/papers/paperhttp"
	"yike/internal/postgres"
)

// opinionOf is an opinion as its last correction restates it.
type opinionOf struct {
	estates.Opinion
	step string // id of the opinion, or of its last correction: what a letter is of
}

// opinionsOf lists the opinions of an estate in the order in which they were recorded.
func opinionsOf(events []estates.Event) []opinionOf {
	list, corrections := estates.Corrected(events)
	var out []opinionOf
	for _, e := range list {
		if e.Opinion == nil {
			continue
		}
		o := opinionOf{*e.Opinion, e.ID}
		o.ID = e.ID
		if all := corrections[e.ID]; len(all) > 0 {
			o.step = all[len(all)-1].ID
		}
		out = append(out, o)
	}
	return out
}

// letterOf gathers what the letter of an opinion says: the records and rules of now, at the
// milestone that it is of.
func (p *estatePapers) letterOf(ctx context.Context, walked estatehttp.Walked, o opinionOf) (estateexport.Letter, error) {
	s := p.held.State()
	if s == nil {
		return estateexport.Letter{}, estatehttp.ErrNotReady
	}
	checked, err := p.Check(ctx, walked.Estate.ID, &o.Milestone)
	if err != nil {
		return estateexport.Letter{}, err
	}
	// What is missing without the letter is not missing with it.
	with := checked.Context
	with.OpinionKept, with.Opinions = true, true
	stands := estates.Stand(estates.NewChecker(checked.Set), walked.Estate, with, walked.Progress)
	out := estateexport.Letter{
		Estate: checked.Estate, Place: divisionsDown(s, checked.Estate.DivisionCode, false), Opinion: o.Opinion, Set: checked.Set,
		Check: estates.CheckAt(checked.Set, checked.Estate, with, o.Milestone), CheckedOn: checked.Context.Day, Household: checked.Context.Household,
		Community: stands.Community, Elderly: stands.Elderly,
	}
	for _, round := range walked.Progress.Rounds {
		if slices.ContainsFunc(round.Opinions, func(x estates.Opinion) bool { return x.ID == o.ID }) {
			out.Request = round.Request
		}
	}
	for _, c := range walked.Progress.Conditions() {
		if c.Milestone < o.Milestone && !c.Met() {
			out.Earlier = append(out.Earlier, c.Opinion)
		}
	}
	return out, nil
}

// opinionFound is an opinion of an estate with its letter, where that went out.
type opinionFound struct {
	walked  estatehttp.Walked
	opinion opinionOf
	sent    *estatedb.Sent
}

func (p *estatePapers) find(ctx context.Context, id, opinion string) (opinionFound, error) {
	walked, err := p.Walked(ctx, id)
	if err != nil {
		return opinionFound{}, err
	}
	all := opinionsOf(walked.Events)
	i := slices.IndexFunc(all, func(o opinionOf) bool { return o.ID == opinion })
	if i < 0 {
		return opinionFound{}, estatehttp.ErrNoOpinion
	}
	out := opinionFound{walked: walked, opinion: all[i]}
	sent, err := p.store.SentOf(ctx, p.writer(ctx), id)
	if err != nil {
		return opinionFound{}, err
	}
	if l, ok := sent[all[i].step]; ok {
		out.sent = &l
	}
	return out, nil
}

// drafted makes a letter from the present template, and gives the template's version.
func (p *estatePapers) drafted(ctx context.Context, f opinionFound) (letter estateexport.Letter, content []byte, version int, err error) {
	if letter, err = p.letterOf(ctx, f.walked, f.opinion); err != nil {
		return letter, nil, 0, err
	}
	t, template, err := p.present(ctx, string(letter.Kind()))
	if err != nil {
		return letter, nil, 0, err
	}
	version = t.Own()
	var out bytes.Buffer
	if err := estateexport.WriteLetter(&out, template, letter); err != nil {
		return letter, nil, 0, err
	}
	return letter, out.Bytes(), version, nil
}

// Letter gives the letter of an opinion as it went out, else as it would, and notes who took it.
func (p *estatePapers) Letter(ctx context.Context, id, opinion string) (estatehttp.PaperFile, error) {
	f, err := p.find(ctx, id, opinion)
	if err != nil {
		return estatehttp.PaperFile{}, err
	}
	out := estatehttp.PaperFile{Plain: "letter-" + string(f.opinion.Day) + ".docx", Media: paperhttp.DOCX, Sent: f.sent != nil}
	if f.sent != nil {
		out.Name = f.sent.FileName
		out.Content, err = p.opened(f.sent.SHA256)
	} else {
		var letter estateexport.Letter
		letter, out.Content, _, err = p.drafted(ctx, f)
		out.Name = fileName(letter.FileName() + ".docx")
	}
	if err != nil {
		return estatehttp.PaperFile{}, err
	}
	return out, p.taken.note(ctx, p.writer(ctx), postgres.Note{
		Action: "estate.letter.take", Kind: "estate", ID: id, Division: f.walked.Estate.DivisionCode, After: map[string]any{"opinion": opinion, "sent": out.Sent},
	})
}

// Send keeps the letter of an opinion as it goes out: the file first, then its row.
func (p *estatePapers) Send(ctx context.Context, id, opinion string) (estatehttp.EstateLetter, error) {
	f, err := p.find(ctx, id, opinion)
	if err != nil {
		return estatehttp.EstateLetter{}, err
	}
	if f.sent != nil {
		return p.shown(f.opinion, f.sent, false), nil
	}
	letter, content, version, err := p.drafted(ctx, f)
	if err != nil {
		return estatehttp.EstateLetter{}, err
	}
	name, size, err := p.blobs.Put(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return estatehttp.EstateLetter{}, err
	}
	w := p.writer(ctx)
	sent, err := p.store.Send(ctx, w, estatedb.Sent{
		Step: f.opinion.step, Estate: id, Kind: string(letter.Kind()), Template: version, SHA256: string(name), Size: size, FileName: fileName(letter.FileName() + ".docx"),
	})
	p.refused.note(ctx, w, err, postgres.Note{Action: "estate.letter", Kind: "estate", ID: id})
	if errors.Is(err, estatedb.ErrNoLetter) {
		err = estatehttp.ErrNoOpinion
	}
	return p.shown(f.opinion, &sent, false), err
}

// Letters lists the letters of an estate's opinions.
func (p *estatePapers) Letters(ctx context.Context, id string) ([]estatehttp.EstateLetter, error) {
	walked, err := p.Walked(ctx, id)
	if err != nil {
		return nil, err
	}
	sent, err := p.store.SentOf(ctx, p.writer(ctx), id)
	if err != nil {
		return nil, err
	}
	var out []estatehttp.EstateLetter
	for _, o := range opinionsOf(walked.Events) {
		var l *estatedb.Sent
		if kept, ok := sent[o.step]; ok {
			l = &kept
		}
		may := l == nil && slices.ContainsFunc(walked.Progress.Rounds, func(r estates.Round) bool {
			return slices.ContainsFunc(r.Asked, func(d estates.Duty) bool {
				return d.Milestone == o.Milestone && d.Norm == o.Norm && d.Office == o.Office && walked.Speaks(d)
			})
		})
		out = append(out, p.shown(o, l, may))
	}
	return out, nil
}

// shown is a letter as clients see it.
func (p *estatePapers) shown(o opinionOf, sent *estatedb.Sent, may bool) estatehttp.EstateLetter {
	out := estatehttp.EstateLetter{Opinion: o.ID, Kind: string(estateexport.Letter{Opinion: o.Opinion}.Kind()), May: may}
	if sent != nil {
		out.Kind, out.FileName, out.Sent, out.SentAt, out.SentBy = sent.Kind, sent.FileName, true, paperhttp.Moment(sent.IssuedAt), sent.Who
		out.SHA256, out.Template = sent.SHA256, sent.Template
	}
	return out
}
