package main

import (
	"bytes"
	"context"
	"io"
	"slices"

	"yike/internal/attachments"
	"yike/internal/papers/paperhttp"
	"yike/internal/postgres"
	"yike/placenames/namepaperhttp"
	"yike/placenames/paperexport"
	namepapers "yike/placenames/papers"
	caseprocess "yike/placenames/process"
)

// filed gathers the filing pack of a case.
func (p *namePapers) filed(ctx context.Context, caseID string) (paperexport.Pack, error) {
	f, set, err := p.of(ctx, caseID, namepapers.FilingForm)
	if err != nil {
		return paperexport.Pack{}, err
	}
	owner, _ := attachments.OwnerOf("name_case")
	brought, err := p.files.List(ctx, owner, caseID)
	if err != nil {
		return paperexport.Pack{}, err
	}
	out := f.Pack()
	if s := p.cases.held.State(); s != nil {
		out.Synthetic = s.Pack.Manifest.Synthetic
	}
	for _, item := range paperexport.PackItems() {
		f.Kind, f.To = item.Kind, set.To[item.Kind]
		one, err := p.packed(ctx, f, item, brought)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, one)
	}
	return out, nil
}

// packed gives a paper of a pack as the best there is: what was brought or came back signed, what
// was kept, what can be written now.
func (p *namePapers) packed(ctx context.Context, f paperexport.Facts, item paperexport.PackItem, brought []attachments.Attachment) (paperexport.Packed, error) {
	out := paperexport.Packed{PackItem: item, State: paperexport.Missing}
	kept := namepapers.Present(f.Kept, item.Kind)
	for _, a := range brought {
		if a.Subject != item.Material {
			continue
		}
		content, err := p.attached(ctx, a.ID)
		if err != nil {
			return out, err
		}
		out.State, out.Files = paperexport.Signed, append(out.Files, paperexport.PackFile{Name: a.FileName, Content: content})
	}
	if len(out.Files) > 0 {
		return out, nil
	}
	if e, set := f.Case.Standing.Taken[item.Step]; set && e.Kind == caseprocess.Waived {
		out.State, out.Why = paperexport.SetBy, e.Reason
		return out, nil
	}
	switch {
	case kept != nil:
		content, err := p.opened(kept.SHA256)
		if err != nil {
			return out, err
		}
		out.State, out.Open, out.Files = paperexport.Unsent, kept.Open, []paperexport.PackFile{{Name: kept.FileName, Content: content}}
	case item.Kind != "" && item.Kind != namepapers.Approval: // what an authority decides is not drafted for a pack
		_, template, err := p.present(ctx, string(item.Kind))
		if err != nil {
			return out, err
		}
		made, err := paperexport.Write(template, f)
		if err != nil {
			return out, err
		}
		// Its number and day it gets when it is kept.
		open := slices.DeleteFunc(made.Open, func(name string) bool { return name == "发文字号" || name == "成文日期" })
		out.State, out.Open, out.Files = paperexport.Drafted, open, []paperexport.PackFile{{Name: "a.docx", Content: made.Content}}
	}
	return out, nil
}

// attached reads a file of a case.
func (p *namePapers) attached(ctx context.Context, id string) ([]byte, error) {
	file, err := p.files.Open(ctx, id, false)
	if err != nil {
		return nil, paperhttp.ErrFileLost
	}
	content, err := io.ReadAll(file.Content)
	if closed := file.Content.Close(); err == nil {
		err = closed
	}
	return content, err
}

// Holds says what the filing pack of a case holds and lacks.
func (p *namePapers) Holds(ctx context.Context, caseID string) (namepaperhttp.NamePaperPack, error) {
	pack, err := p.filed(ctx, caseID)
	if err != nil {
		return namepaperhttp.NamePaperPack{}, err
	}
	out := namepaperhttp.NamePaperPack{Items: []namepaperhttp.NamePaperPackItem{}, Complete: len(pack.Manifest().Lacks) == 0}
	for _, it := range pack.Items {
		out.Items = append(out.Items, namepaperhttp.NamePaperPackItem{
			Material: it.Material, NameZH: it.ZH, NameEN: it.EN, State: string(it.State), Why: it.Why, Blanks: append([]string{}, it.Open...), Files: len(it.Files),
		})
	}
	return out, nil
}

// Pack gives the filing pack of a case, and notes who took it.
func (p *namePapers) Pack(ctx context.Context, caseID string) (paperhttp.File, error) {
	pack, err := p.filed(ctx, caseID)
	if err != nil {
		return paperhttp.File{}, err
	}
	var out bytes.Buffer
	if err := pack.Write(&out); err != nil {
		return paperhttp.File{}, err
	}
	return paperhttp.File{
			Name: fileName("备案材料 " + pack.Name + " " + pack.CaseNumber + ".zip"), Plain: "filing-" + pack.CaseNumber + ".zip", Media: "application/zip", Content: out.Bytes(),
		}, p.taken.note(ctx, p.writer(ctx), postgres.Note{
			Action: "name_case.filing_pack", Kind: "name_case", ID: caseID, After: map[string]any{"files": len(pack.Manifest().Files), "lacks": len(pack.Manifest().Lacks)},
		})
}
