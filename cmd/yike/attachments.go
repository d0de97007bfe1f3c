package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"yike/internal/attachments"
	"yike/internal/attachments/attachmentdb"
	"yike/internal/attachments/attachmenthttp"
	"yike/internal/auth"
	"yike/internal/blob"
	"yike/internal/postgres"
)

// picturesAtOnce is how many files are made ready at once: a photo of the largest size takes
// some 200 MiB while it is.
const picturesAtOnce = 1

// blobsFolder is where files of records lie, beside the rest of the installation's state.
func (a *app) blobsFolder() string { return filepath.Join(a.config.StateDir, "blobs") }

// attachmentFiles keeps files of records: the file first, then its row.
type attachmentFiles struct {
	store   *attachmentdb.Store
	blobs   *blob.Store
	adcode  string
	refused refusals
	log     *slog.Logger
	making  chan struct{}
}

var _ attachmenthttp.Files = (*attachmentFiles)(nil)

// newAttachmentFiles opens the folder of files.
func newAttachmentFiles(a *app, db *postgres.DB, adcode string) (*attachmentFiles, error) {
	blobs, err := blob.Open(a.blobsFolder(), time.Now)
	if err != nil {
		return nil, err
	}
	return &attachmentFiles{
		store: attachmentdb.New(db), blobs: blobs, adcode: adcode, refused: refusals{db: db, log: a.log}, log: a.log,
		making: make(chan struct{}, picturesAtOnce),
	}, nil
}

// Add keeps a file of a record.
func (f *attachmentFiles) Add(ctx context.Context, owner attachments.Owner, n attachments.New, file io.Reader, reason string) (attachments.Attachment, error) {
	w := writer(ctx, f.adcode)
	note := postgres.Note{Action: "attachment.create", Kind: owner.Kind, ID: n.OwnerID}
	if err := f.store.Allowed(ctx, w, owner, n.OwnerID); err != nil {
		f.refused.note(ctx, w, err, note)
		return attachments.Attachment{}, attachmentError(err)
	}
	a, err := f.keep(ctx, n, file)
	if err != nil {
		return a, err
	}
	made, err := f.store.Create(ctx, w, owner, a, reason)
	if err != nil {
		f.refused.note(ctx, w, err, note)
	}
	return made, attachmentError(err)
}

// keep makes a file ready and puts it where it lies.
func (f *attachmentFiles) keep(ctx context.Context, n attachments.New, file io.Reader) (attachments.Attachment, error) {
	a := attachments.Attachment{OwnerKind: n.OwnerKind, OwnerID: n.OwnerID, Kind: n.Kind, Title: n.Title, Subject: n.Subject}
	select {
	case f.making <- struct{}{}:
		defer func() { <-f.making }()
	case <-ctx.Done():
		return a, ctx.Err()
	}
	content, err := io.ReadAll(io.LimitReader(file, attachmenthttp.MaxFile))
	if err != nil {
		return a, fmt.Errorf("read an upload: %w", err)
	}
	p, err := attachments.Prepare(content, n.Kind)
	if err != nil {
		return a, err
	}
	a.FileName, a.MediaType = attachments.CleanName(n.FileName, p.Media), string(p.Media)
	a.Width, a.Height, a.OriginalSHA256, a.TakenOn = p.Width, p.Height, p.OriginalSHA256, p.TakenOn
	if n.KeepPosition {
		a.Position = p.Position
	}
	if a.Title == "" {
		a.Title = a.FileName
	}
	name, size, err := f.blobs.Put(bytes.NewReader(p.Content), int64(len(p.Content)))
	if err != nil {
		return a, err
	}
	a.SHA256, a.Size = string(name), size
	if p.Thumb != nil {
		thumb, _, err := f.blobs.Put(bytes.NewReader(p.Thumb), int64(len(p.Thumb)))
		if err != nil {
			return a, err
		}
		a.ThumbSHA256 = string(thumb)
	}
	return a, nil
}

// List gives the attachments of a record.
func (f *attachmentFiles) List(ctx context.Context, owner attachments.Owner, id string) ([]attachments.Attachment, error) {
	list, err := f.store.List(ctx, f.reader(ctx), owner, id)
	return list, attachmentError(err)
}

// reader is who reads: the routes decide whether somebody must have signed in for it.
func (f *attachmentFiles) reader(ctx context.Context) postgres.Writer {
	if _, signedIn := auth.From(ctx); !signedIn {
		return postgres.System(f.adcode, "anybody")
	}
	return writer(ctx, f.adcode)
}

// Open gives the content of an attachment. A file that is not there or not whole is told to
// the administrator, too: a backup has it.
func (f *attachmentFiles) Open(ctx context.Context, id string, thumb bool) (attachmenthttp.File, error) {
	a, err := f.store.ByID(ctx, f.reader(ctx), id)
	if err != nil {
		return attachmenthttp.File{}, attachmentError(err)
	}
	out := attachmenthttp.File{Attachment: a, Media: a.MediaType, SHA256: a.SHA256}
	if thumb {
		if a.ThumbSHA256 == "" {
			return out, attachmenthttp.ErrNotFound
		}
		out.Media, out.SHA256 = string(attachments.JPEG), a.ThumbSHA256
	}
	file, size, err := f.blobs.Get(blob.Name(out.SHA256))
	if errors.Is(err, blob.ErrNotFound) || errors.Is(err, blob.ErrDamaged) {
		f.log.ErrorContext(ctx, "the file of an attachment is lost", slog.String("attachment", a.ID), slog.Any("error", err))
		return out, attachmenthttp.ErrLost
	}
	if err != nil {
		return out, err
	}
	out.Content, out.Size = file, size
	return out, nil
}

// Remove takes an attachment off its record.
func (f *attachmentFiles) Remove(ctx context.Context, owner attachments.Owner, ownerID, id string, expected int, reason string) error {
	w := writer(ctx, f.adcode)
	err := f.store.Remove(ctx, w, owner, ownerID, id, expected, reason)
	if err != nil {
		f.refused.note(ctx, w, err, postgres.Note{Action: "attachment.remove", Kind: "attachment", ID: id})
	}
	return attachmentError(err)
}

func attachmentError(err error) error {
	switch {
	case errors.Is(err, attachmentdb.ErrNotFound):
		return attachmenthttp.ErrNotFound
	case errors.Is(err, attachmentdb.ErrNoOwner):
		return attachmenthttp.ErrNoOwner
	case errors.Is(err, attachmentdb.ErrFull):
		return attachmenthttp.ErrFull
	case errors.Is(err, attachmentdb.ErrReplaced):
		return attachmenthttp.ErrReplaced
	case errors.Is(err, attachmentdb.ErrFixed):
		return attachmenthttp.ErrFixed
	}
	return err
}
