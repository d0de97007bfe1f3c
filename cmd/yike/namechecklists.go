package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"yike/internal/auth"
	"yike/internal/httpapi"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/internal/rowio"
	"yike/placenames/checkhttp"
	"yike/placenames/naming"
	"yike/placenames/wordlists"
)

// List gives a list of words.
func (k *nameChecks) List(ctx context.Context, kind wordlists.Kind) (wordlists.List, *naming.List, error) {
	l, err := k.store.List(ctx, k.writer(ctx), kind)
	return l, k.program(kind), err
}

// Put puts a list in the place of another.
func (k *nameChecks) Put(ctx context.Context, l wordlists.List, expected int, c record.Change) (wordlists.List, error) {
	w := k.writer(ctx)
	out, err := k.store.Put(ctx, w, l, expected, c, k.today())
	k.refused.note(ctx, w, err, postgres.Note{Action: "word_list.put", Kind: "word_list", After: string(l.Kind)})
	return out, err
}

// History gives the versions of a list, with the words that came and went instead of all words.
func (k *nameChecks) History(ctx context.Context, kind wordlists.Kind) ([]httpapi.RecordVersion, error) {
	if _, signedIn := auth.From(ctx); !signedIn {
		return nil, postgres.ErrAnonymous
	}
	list, err := k.store.HistoryOf(ctx, k.writer(ctx), kind)
	if err != nil {
		return nil, err
	}
	out := recordVersions(list)
	for i, v := range list {
		out[i].Fields = []httpapi.RecordField{}
		for _, c := range v.Changes {
			if c.Name != "words" {
				out[i].Fields = append(out[i].Fields, httpapi.RecordField{Field: c.Name, Before: rawOrNothing(c.Before), After: c.After})
				continue
			}
			var before, after []string
			if c.Before != nil {
				if err := json.Unmarshal(c.Before, &before); err != nil {
					return nil, err
				}
			}
			if err := json.Unmarshal(c.After, &after); err != nil {
				return nil, err
			}
			changed := wordlists.Between(before, after)
			out[i].Fields = append(out[i].Fields, httpapi.RecordField{Field: "added", After: changed.Added}, httpapi.RecordField{Field: "removed", After: changed.Removed})
		}
	}
	return out, nil
}

// Read reads words out of a workbook, a delimited text or what somebody pasted.
func (k *nameChecks) Read(ctx context.Context, name string, body io.Reader) ([]wordlists.Word, error) {
	path, size, err := keptFile(body)
	if err != nil {
		return nil, err
	}
	defer os.Remove(path) //nolint:errcheck // the system clears its folder of temporary files, too
	if size == 0 {
		return nil, &checkhttp.FileError{ZH: "文件是空的", EN: "The file is empty"}
	}
	if lower := strings.ToLower(name); lower == "" || strings.HasSuffix(lower, ".txt") {
		return readPasted(path)
	}
	return readWordFile(ctx, path, name)
}

func readPasted(path string) ([]wordlists.Word, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(raw) {
		return nil, &checkhttp.FileError{ZH: "文本不是 UTF-8 编码；请另存为 CSV 或工作簿", EN: "The text is not in UTF-8; save it as CSV or a workbook"}
	}
	return wordlists.Parse(strings.TrimPrefix(string(raw), "\ufeff")), nil
}

// readWordFile reads the first sheet that is shown; a column is what it is by its place.
func readWordFile(ctx context.Context, path, name string) ([]wordlists.Word, error) {
	limits := rowio.Limits{FileBytes: 8 << 20, Unpacked: 64 << 20, Rows: wordlists.MostWords + 1, Columns: 50, RowFaults: 100}
	unread := func(err error) error {
		var bad *rowio.RowError
		if errors.As(err, &bad) {
			return &checkhttp.FileError{ZH: bad.ReasonZH, EN: bad.ReasonEN}
		}
		return err
	}
	f, err := rowio.Sniff(ctx, path, name, limits)
	if err != nil {
		return nil, unread(err)
	}
	for _, t := range f.Tables {
		if t.Hidden {
			continue
		}
		lines, err := rowio.OpenAs(ctx, path, f, rowio.Options{Table: t.Name, HeaderRow: -1, Limits: limits})
		if err != nil {
			return nil, unread(err)
		}
		out := []wordlists.Word{}
		for {
			line, err := lines.Next()
			if errors.Is(err, io.EOF) {
				return out, lines.Close()
			}
			if err != nil {
				return nil, errors.Join(unread(err), lines.Close())
			}
			if w, ok := wordlists.Row(line.Cells); ok {
				out = append(out, w)
			}
		}
	}
	return nil, &checkhttp.FileError{ZH: "没有可读的表", EN: "There is no sheet to read"}
}

// Clearances gives what experts said of a record's names.
func (k *nameChecks) Clearances(ctx context.Context, id string) ([]wordlists.Clearance, error) {
	return k.store.Clearances(ctx, k.writer(ctx), id)
}

// Clear keeps an expert's word.
func (k *nameChecks) Clear(ctx context.Context, c wordlists.Clearance) (wordlists.Clearance, error) {
	w := k.writer(ctx)
	out, err := k.store.Clear(ctx, w, c)
	k.refused.note(ctx, w, err, postgres.Note{Action: "name.clear", Kind: "name", ID: c.NameID})
	return out, err
}

// Unclear takes an expert's word back.
func (k *nameChecks) Unclear(ctx context.Context, nameID, id, reason string) error {
	w := k.writer(ctx)
	err := k.store.Unclear(ctx, w, nameID, id, reason)
	k.refused.note(ctx, w, err, postgres.Note{Action: "name.unclear", Kind: "name", ID: nameID})
	return err
}

// Covers gives of what the register is whole.
func (k *nameChecks) Covers(ctx context.Context) ([]wordlists.Cover, bool, error) {
	w := k.writer(ctx)
	list, err := k.store.Covers(ctx, w)
	if err != nil {
		return nil, false, err
	}
	may, err := k.store.MayRule(ctx, w)
	return list, may, err
}

// Cover says that the register is whole.
func (k *nameChecks) Cover(ctx context.Context, c wordlists.Cover, reason string) (wordlists.Cover, error) {
	w := k.writer(ctx)
	out, err := k.store.Cover(ctx, w, c, reason, k.today())
	k.refused.note(ctx, w, err, postgres.Note{Action: "name_cover.create", Kind: "name_cover"})
	return out, err
}

// Uncover takes it back.
func (k *nameChecks) Uncover(ctx context.Context, id, reason string) error {
	w := k.writer(ctx)
	err := k.store.Uncover(ctx, w, id, reason)
	k.refused.note(ctx, w, err, postgres.Note{Action: "name_cover.remove", Kind: "name_cover", ID: id})
	return err
}
