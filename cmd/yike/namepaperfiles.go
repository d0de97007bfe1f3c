package main

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"yike/internal/attachments"
	"yike/internal/attachments/attachmentdb"
	"yike/internal/papers/paperhttp"
	"yike/internal/postgres"
	"yike/internal/record"
	namepapers "yike/placenames/papers"
)

// List gives papers of all cases.
func (p *namePapers) List(ctx context.Context, f namepapers.Filter) ([]namepapers.Paper, error) {
	return p.store.List(ctx, p.writer(ctx), f)
}

// Paper gives one paper.
func (p *namePapers) Paper(ctx context.Context, id string) (namepapers.Paper, error) {
	return p.store.ByID(ctx, p.writer(ctx), id)
}

// File gives a paper as it was kept, and notes who took it.
func (p *namePapers) File(ctx context.Context, id string) (paperhttp.File, error) {
	kept, err := p.Paper(ctx, id)
	if err != nil {
		return paperhttp.File{}, err
	}
	out := paperhttp.File{Name: kept.FileName, Plain: "paper-" + string(kept.Day) + ".docx", Media: paperhttp.DOCX, Sent: true}
	if out.Content, err = p.opened(kept.SHA256); err != nil {
		return paperhttp.File{}, err
	}
	return out, p.taken.note(ctx, p.writer(ctx), postgres.Note{Action: "name_paper.take", Kind: "name_case", ID: kept.CaseID, After: map[string]any{"paper": id, "number": kept.Number}})
}

// Scan brings the signed copy of a paper: it becomes a file of the case as the material that the
// paper is, and the paper's, in one transaction.
func (p *namePapers) Scan(ctx context.Context, id, name string, file []byte) (namepapers.Paper, error) {
	kept, err := p.Paper(ctx, id)
	if err != nil {
		return kept, err
	}
	owner, _ := attachments.OwnerOf("name_case")
	w := p.writer(ctx)
	note := postgres.Note{Action: "name_paper.scan", Kind: "name_case", ID: kept.CaseID}
	if err := p.files.store.Allowed(ctx, w, owner, kept.CaseID); err != nil {
		p.refused.note(ctx, w, err, note)
		return kept, scanError(err)
	}
	spec, _ := namepapers.Of(kept.Kind)
	a, err := p.files.keep(ctx, attachments.New{
		OwnerKind: owner.Kind, OwnerID: kept.CaseID, Kind: attachments.Document, FileName: name, Subject: spec.Material, Title: atMost(kept.Title+"（签字件）", attachments.MaxTitle),
	}, bytes.NewReader(file))
	if err == nil && !slices.Contains([]string{string(attachments.PDF), string(attachments.JPEG), string(attachments.PNG)}, a.MediaType) {
		err = attachments.ErrMedia
	}
	if err != nil {
		return kept, scanError(err)
	}
	err = p.store.Scan(ctx, w, id, func(tx *postgres.Tx, _ namepapers.Paper) (string, error) {
		made, err := attachmentdb.CreateIn(ctx, tx, owner, a)
		return made.ID, err
	})
	p.refused.note(ctx, w, err, note)
	if err != nil {
		return kept, scanError(err)
	}
	return p.Paper(ctx, id)
}

// atMost gives at most so many characters of a text.
func atMost(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}

// scanError makes of what a file is refused for a fault of the field that it was sent in.
func scanError(err error) error {
	for _, f := range []struct {
		err    error
		zh, en string
	}{
		{attachments.ErrEmpty, "文件是空的", "the file is empty"},
		{attachments.ErrMedia, "签字件应为 PDF、JPEG 或 PNG", "a signed copy is a PDF, JPEG or PNG"},
		{attachments.ErrMacros, "签字件应为 PDF、JPEG 或 PNG", "a signed copy is a PDF, JPEG or PNG"},
		{attachments.ErrBroken, "文件不完整，读不出来", "the file cannot be read whole"},
		{attachments.ErrTooManyPixels, "图片像素过多", "the picture has too many pixels"},
		{attachmentdb.ErrFull, "本办件的附件已满", "the case has as many files as it may have"},
	} {
		if errors.Is(err, f.err) {
			return record.Invalid([]record.Fault{{Field: "file", ZH: f.zh, EN: f.en}})
		}
	}
	return err
}

// Void makes a paper hold no more.
func (p *namePapers) Void(ctx context.Context, id, reason string) (namepapers.Paper, error) {
	w := p.writer(ctx)
	err := p.store.Void(ctx, w, id, record.Change{Reason: reason}, p.today())
	p.refused.note(ctx, w, err, postgres.Note{Action: "name_paper.void", Kind: "name_paper", ID: id})
	if err != nil {
		return namepapers.Paper{}, err
	}
	return p.Paper(ctx, id)
}
