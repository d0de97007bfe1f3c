package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yike/internal/attachments/attachmenthttp"
	"yike/internal/auth"
	"yike/internal/blob"
	"yike/internal/httpapi"
)

const attachmentFormType = "multipart/form-data; boundary=b"

// attachmentForm is what a client sends to add a file.
func attachmentForm(kind, name, content string, more ...string) string {
	form := "--b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n" + kind + "\r\n"
	for i := 0; i+1 < len(more); i += 2 {
		form += "--b\r\nContent-Disposition: form-data; name=\"" + more[i] + "\"\r\n\r\n" + more[i+1] + "\r\n"
	}
	return form + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + content + "\r\n--b--\r\n"
}

// filesOffice is an office whose records have files.
type filesOffice struct {
	*office
	handler http.Handler
	dir     string
}

func openFilesOffice(t *testing.T) *filesOffice {
	t.Helper()
	_, db := demo(t)
	o := openOffice(t, db)
	f := &filesOffice{office: o, dir: t.TempDir()}
	log := slog.New(slog.DiscardHandler)
	files, err := newAttachmentFiles(&app{log: log, config: config{StateDir: f.dir}}, db, o.state.Pack.AdCode)
	if err != nil {
		t.Fatal(err)
	}
	r := httpapi.NewRouterWithConfig(httpapi.Config{Log: log, Explain: explain, Routes: longRoutes()})
	r.Use(o.signIn)
	attachmenthttp.Register(httpapi.NewAPI(r), files)
	f.handler = r
	o.hire(t, "planner", auth.Planner, "")
	o.hire(t, "reader", auth.ReadOnly, "")
	return f
}

func (f *filesOffice) ask(t *testing.T, who, method, path, body string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set(asHeader, who)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	return w
}

func (f *filesOffice) add(t *testing.T, who, facility, key, form string) *httptest.ResponseRecorder {
	t.Helper()
	return f.ask(t, who, http.MethodPost, "/api/v1/facilities/"+facility+"/attachments", form, "Content-Type", attachmentFormType, "Idempotency-Key", key)
}

type shownAttachment struct {
	ID, Title, Content, Thumbnail, SHA256 string
	FileName                              string `json:"file_name"`
	MediaType                             string `json:"media_type"`
	Width, Height, Version                int
	Lon                                   *float64
}

func decodeAttachment(t *testing.T, w *httptest.ResponseRecorder) shownAttachment {
	t.Helper()
	var a shownAttachment
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusCreated {
		t.Fatalf("%d %s, %v", w.Code, w.Body, err)
	}
	return a
}

func photo(t *testing.T) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 900, 600))
	for i := range 900 * 600 {
		m.Set(i%900, i/900, color.RGBA{uint8(i), uint8(i >> 8), 90, 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAttachmentsFromPhotoToRetention(t *testing.T) {
	t.Parallel()
	f := openFilesOffice(t)
	facility := f.state.Facilities[0].ID
	list := "/api/v1/facilities/" + facility + "/attachments"

	form := attachmentForm("photo", "../../门口.png", photo(t), "title", "大门")
	made := decodeAttachment(t, f.add(t, "planner", facility, "key-1", form))
	if made.Title != "大门" || made.FileName != "门口.jpg" || made.MediaType != "image/jpeg" || made.Width != 900 || made.Height != 600 || made.Thumbnail == "" {
		t.Errorf("made %+v", made)
	}
	if again := decodeAttachment(t, f.add(t, "planner", facility, "key-1", form)); again.ID != made.ID {
		t.Errorf("the same request made %s and %s", made.ID, again.ID)
	}
	decodeAttachment(t, f.add(t, "planner", facility, "key-2", attachmentForm("document", "合同.PDF", "%PDF-1.4\nx\n%%EOF")))

	var all struct{ Attachments []shownAttachment }
	if w := f.ask(t, "reader", http.MethodGet, list, ""); json.Unmarshal(w.Body.Bytes(), &all) != nil || len(all.Attachments) != 2 || all.Attachments[0].ID != made.ID {
		t.Fatalf("list: %s", w.Body)
	}
	w := f.ask(t, "reader", http.MethodGet, made.Content, "")
	if w.Code != http.StatusOK || string(blob.NameOf(w.Body.Bytes())) != made.SHA256 || w.Header().Get("Content-Type") != "image/jpeg" ||
		!strings.HasPrefix(w.Header().Get("Content-Disposition"), "inline") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") ||
		w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("content: %d %v", w.Code, w.Header())
	}
	if w := f.ask(t, "reader", http.MethodGet, made.Content, "", "If-None-Match", w.Header().Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("held content: %d", w.Code)
	}
	if w := f.ask(t, "reader", http.MethodGet, made.Thumbnail, ""); w.Code != http.StatusOK || w.Body.Len() == 0 {
		t.Errorf("thumbnail: %d", w.Code)
	}
	if w := f.ask(t, "reader", http.MethodGet, all.Attachments[1].Content, ""); !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("a document is given as %q", w.Header().Get("Content-Disposition"))
	}

	one := list + "/" + made.ID
	for name, tc := range map[string]struct {
		who, path, match string
		status           int
	}{
		"no right":       {"reader", one + "?reason=x", `"1"`, http.StatusForbidden},
		"no reason":      {"planner", one, `"1"`, http.StatusUnprocessableEntity},
		"no version":     {"planner", one + "?reason=x", "", http.StatusPreconditionRequired},
		"an old version": {"planner", one + "?reason=x", `"7"`, http.StatusPreconditionFailed},
		"another record": {"planner", "/api/v1/facilities/" + f.state.Facilities[1].ID + "/attachments/" + made.ID + "?reason=x", `"1"`, http.StatusNotFound},
	} {
		if w := f.ask(t, tc.who, http.MethodDelete, tc.path, "", "If-Match", tc.match); w.Code != tc.status {
			t.Errorf("remove with %s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := f.ask(t, "planner", http.MethodDelete, one+"?reason=%E6%8B%8D%E9%94%99%E4%BA%86", "", "If-Match", `"1"`); w.Code != http.StatusNoContent {
		t.Fatalf("remove: %d %s", w.Code, w.Body)
	}
	if w := f.ask(t, "planner", http.MethodGet, made.Content, ""); w.Code != http.StatusNotFound {
		t.Errorf("removed content: %d", w.Code)
	}
	blobs, err := blob.Open(filepath.Join(f.dir, "blobs"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if file, _, err := blobs.Get(blob.Name(made.SHA256)); err != nil {
		t.Errorf("the file is gone before its time: %v", err)
	} else {
		_ = file.Close()
	}
}

func TestAttachmentsThatAreRefused(t *testing.T) {
	t.Parallel()
	f := openFilesOffice(t)
	facility := f.state.Facilities[0].ID
	good := attachmentForm("photo", "a.jpg", photo(t))
	for name, tc := range map[string]struct {
		who, facility, key, form string
		status                   int
		code                     string
	}{
		"no right":         {"reader", facility, "k1", good, http.StatusForbidden, "forbidden"},
		"no key":           {"planner", facility, "", good, http.StatusBadRequest, "idempotency_key_required"},
		"no record":        {"planner", "0198c0de-0000-7000-8000-000000000000", "k2", good, http.StatusNotFound, "unknown_record"},
		"no id":            {"planner", "x", "k3", good, http.StatusNotFound, "unknown_record"},
		"another kind":     {"planner", facility, "k4", attachmentForm("film", "a.jpg", photo(t)), http.StatusUnprocessableEntity, "validation"},
		"empty":            {"planner", facility, "k5", attachmentForm("photo", "a.jpg", ""), http.StatusUnprocessableEntity, "empty_file"},
		"a page":           {"planner", facility, "k6", attachmentForm("document", "a.pdf", "<html><script>alert(1)</script>"), http.StatusUnprocessableEntity, "file_type"},
		"half a photo":     {"planner", facility, "k7", attachmentForm("photo", "a.jpg", photo(t)[:3000]), http.StatusUnprocessableEntity, "broken_file"},
		"a PDF as a photo": {"planner", facility, "k8", attachmentForm("photo", "a.jpg", "%PDF-1.4\n%%EOF"), http.StatusUnprocessableEntity, "not_a_photo"},
		"a long title":     {"planner", facility, "k9", attachmentForm("photo", "a.jpg", photo(t), "title", strings.Repeat("长", 201)), http.StatusUnprocessableEntity, "validation"},
		"too large":        {"planner", facility, "k10", attachmentForm("photo", "a.jpg", strings.Repeat("x", attachmenthttp.MaxUpload)), http.StatusRequestEntityTooLarge, "too_large"},
	} {
		w := f.add(t, tc.who, tc.facility, tc.key, tc.form)
		var p struct{ Code, Detail string }
		if _ = json.Unmarshal(w.Body.Bytes(), &p); w.Code != tc.status || p.Code != tc.code || p.Detail == "" {
			t.Errorf("%s: %d %.300s; want %d %s", name, w.Code, w.Body, tc.status, tc.code)
		}
	}
	left := 0
	_ = filepath.WalkDir(filepath.Join(f.dir, "blobs"), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && filepath.Base(path) != "lock" {
			left++
		}
		return err
	})
	if left != 0 {
		t.Errorf("%d files are kept of what was refused", left)
	}
}

func TestLostFilesAreTold(t *testing.T) {
	t.Parallel()
	f := openFilesOffice(t)
	made := decodeAttachment(t, f.add(t, "planner", f.state.Facilities[0].ID, "k", attachmentForm("document", "a.pdf", "%PDF-1.4\n%%EOF")))
	path := filepath.Join(f.dir, "blobs", made.SHA256[:2], made.SHA256)
	if err := os.WriteFile(path, []byte("%PDF-1.4 changed %%EOF"), 0o600); err != nil {
		t.Fatal(err)
	}
	if w := f.ask(t, "reader", http.MethodGet, made.Content, ""); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "file_lost") {
		t.Errorf("damaged: %d %s", w.Code, w.Body)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if w := f.ask(t, "reader", http.MethodGet, made.Content, ""); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "file_lost") {
		t.Errorf("missing: %d %s", w.Code, w.Body)
	}
	if w := f.ask(t, "reader", http.MethodGet, made.Content[:len(made.Content)-len("content")]+"thumbnail", ""); w.Code != http.StatusNotFound {
		t.Errorf("a small picture of a document: %d", w.Code)
	}
}

// TestFilesGoWithTheirRecord merges a record with a photo into another, where the photo is
// then, and undoes it.
func TestFilesGoWithTheirRecord(t *testing.T) {
	t.Parallel()
	o := openFilesOffice(t)
	at, _, _ := o.home(t)
	register := func(key string) (id, path string) {
		t.Helper()
		w := o.Do(http.MethodPost, facilitiesPath, as("planner", "Idempotency-Key", key), newCanteen(at))
		var made struct{ ID string }
		if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != http.StatusCreated {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return made.ID, facilitiesPath + "/" + made.ID
	}
	gone, gonePath := register("a")
	into, _ := register("b")
	if w := o.add(t, "planner", gone, "p", attachmentForm("document", "协议.pdf", "%PDF-1.7\n%%EOF\n")); w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	hung := func() string {
		out := ""
		for _, id := range []string{gone, into} {
			w := o.ask(t, "planner", http.MethodGet, "/api/v1/facilities/"+id+"/attachments", "")
			out += fmt.Sprint(strings.Count(w.Body.String(), "协议.pdf"), " ")
		}
		return out
	}
	before := hung()
	w := o.Do(http.MethodPost, gonePath+"/merge", as("planner", "Idempotency-Key", "m", "If-Match", `"1"`), map[string]any{"into": into, "into_version": 1, "reason": "重复"})
	if w.Code != http.StatusOK || hung() == before || hung()[2:] != before[:2] {
		t.Fatalf("%d %s; %s then %s", w.Code, w.Body, before, hung())
	}
	w = o.Do(http.MethodPost, gonePath+"/unmerge", as("planner", "Idempotency-Key", "u", "If-Match", `"2"`), map[string]any{"reason": "并错了"})
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"replaced_by":[]`) || hung() != before {
		t.Errorf("%d %s; %s then %s", w.Code, w.Body, before, hung())
	}
	w = o.Do(http.MethodPost, gonePath+"/unmerge", as("planner", "Idempotency-Key", "v", "If-Match", `"3"`), map[string]any{"reason": "又"})
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "not_merged") {
		t.Errorf("twice: %d %s", w.Code, w.Body)
	}
}
