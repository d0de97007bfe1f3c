package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"

	"yike/internal/attachments"
	"yike/internal/blob"
	"yike/internal/docx"
	"yike/internal/papers"
	"yike/internal/papers/paperdb"
	"yike/internal/papers/paperhttp"
	"yike/internal/postgres"
	"yike/internal/record"
)

// paperBook is what the papers of a feature are: their kinds, the names that stand in their
// templates, and the templates of the program.
type paperBook struct {
	subject string // of a template in the audit log
	kinds   []papers.Kind
	names   []paperhttp.PaperPlaceholder
	known   docx.Data // all names, of no record
	builtIn func(kind string) ([]byte, error)
}

// templateDesk gives paperhttp the templates of a feature's papers: the bureau's own where it
// has some, and those of the program.
type templateDesk struct {
	shelf   *paperdb.Shelf
	blobs   *blob.Store
	adcode  string
	refused refusals
	book    paperBook
}

var _ paperhttp.Templates = templateDesk{}

func newTemplateDesk(shelf *paperdb.Shelf, blobs *blob.Store, adcode string, refused refusals, book paperBook) templateDesk {
	return templateDesk{shelf: shelf, blobs: blobs, adcode: adcode, refused: refused, book: book}
}

func (d templateDesk) kind(code string) (papers.Kind, error) {
	i := slices.IndexFunc(d.book.kinds, func(k papers.Kind) bool { return k.Code == code })
	if i < 0 {
		return papers.Kind{}, paperhttp.ErrNoTemplate
	}
	return d.book.kinds[i], nil
}

// opened reads a file that a row names.
func (d templateDesk) opened(sha256 string) ([]byte, error) {
	file, _, err := d.blobs.Get(blob.Name(sha256))
	if errors.Is(err, blob.ErrNotFound) || errors.Is(err, blob.ErrDamaged) {
		return nil, errors.Join(paperhttp.ErrFileLost, err)
	}
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(file)
	return content, errors.Join(err, file.Close())
}

// present gives the present template of a kind with its bytes.
func (d templateDesk) present(ctx context.Context, kind string) (papers.Template, []byte, error) {
	t, err := d.shelf.Template(ctx, writer(ctx, d.adcode), kind)
	if err != nil {
		return t, nil, err
	}
	if t.SHA256 != "" {
		content, err := d.opened(t.SHA256)
		return t, content, err
	}
	content, err := d.book.builtIn(kind)
	return t, content, err
}

// Templates lists the templates, and the names that they may have.
func (d templateDesk) Templates(ctx context.Context) (paperhttp.PaperTemplates, error) {
	set, may, err := d.shelf.Templates(ctx, writer(ctx, d.adcode))
	out := paperhttp.PaperTemplates{May: may, Placeholders: d.book.names}
	for _, k := range d.book.kinds {
		t := papers.Template{Kind: k.Code}
		if i := slices.IndexFunc(set, func(t papers.Template) bool { return t.Kind == k.Code }); i >= 0 {
			t = set[i]
		}
		out.Templates = append(out.Templates, paperhttp.ShapeOf(t, k))
	}
	return out, err
}

// Template gives a template as a file.
func (d templateDesk) Template(ctx context.Context, kind string, builtIn bool) (paperhttp.File, error) {
	k, err := d.kind(kind)
	if err != nil {
		return paperhttp.File{}, err
	}
	out := paperhttp.File{Name: k.ZH + ".docx", Plain: "template-" + kind + ".docx", Media: paperhttp.DOCX}
	t, content, err := d.present(ctx, kind)
	if err == nil && builtIn {
		content, err = d.book.builtIn(kind)
	} else if t.FileName != "" {
		out.Name = t.FileName
	}
	out.Content, out.Version = content, t.Version
	return out, err
}

// SetTemplate makes a file the template of its kind: the file first, then its row.
func (d templateDesk) SetTemplate(ctx context.Context, kind string, expected int, name string, file []byte) (paperhttp.PaperTemplate, error) {
	k, err := d.kind(kind)
	if err == nil {
		err = record.Invalid(papers.Faults(file, d.book.known))
	}
	if err != nil {
		return paperhttp.PaperTemplate{}, err
	}
	kept, size, err := d.blobs.Put(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return paperhttp.PaperTemplate{}, err
	}
	return d.set(ctx, k, expected, papers.Template{Kind: kind, SHA256: string(kept), Size: size, FileName: attachments.CleanName(name, attachments.DOCX)})
}

// ResetTemplate goes back to the template of the program.
func (d templateDesk) ResetTemplate(ctx context.Context, kind string, expected int) (paperhttp.PaperTemplate, error) {
	k, err := d.kind(kind)
	if err != nil {
		return paperhttp.PaperTemplate{}, err
	}
	return d.set(ctx, k, expected, papers.Template{Kind: kind})
}

func (d templateDesk) set(ctx context.Context, k papers.Kind, expected int, t papers.Template) (paperhttp.PaperTemplate, error) {
	w := writer(ctx, d.adcode)
	made, err := d.shelf.SetTemplate(ctx, w, expected, t)
	d.refused.note(ctx, w, err, postgres.Note{Action: d.book.subject + ".set", Kind: d.book.subject, After: t.Kind})
	return paperhttp.ShapeOf(made, k), err
}
