package doorpage

import (
	"bytes"
	"container/list"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"yike/internal/httpapi"
	"yike/placenames/plates/doors"
)

// For how long others may keep an answer: a door for five minutes, and longer while the server is
// away; what is nobody's for a minute, so that a fake is seen soon.
const (
	keepKnown   = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
	keepUnknown = "public, max-age=60"
)

// answer is a page or a statement as it goes out, plain and packed.
type answer struct {
	status          int
	unknown         bool
	media           string
	keep            string
	plain, packed   []byte
	etag, packedTag string
	until           time.Time
}

func newAnswer(body []byte, s doors.Standing, media string, now time.Time) (*answer, error) {
	a := &answer{status: http.StatusOK, media: media, keep: keepKnown, plain: body, etag: tagOf(body), until: now.Add(fresh), unknown: s == doors.Unknown}
	if !s.Names() {
		a.status, a.keep = http.StatusNotFound, keepUnknown
		if s == doors.Withdrawn {
			a.status = http.StatusGone
		}
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(body); err != nil {
		return nil, fmt.Errorf("pack a door page: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack a door page: %w", err)
	}
	a.packed = packed.Bytes()
	a.packedTag = strings.TrimSuffix(a.etag, `"`) + `-gz"`
	return a, nil
}

func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// send answers with what was made, or says that the visitor has it.
func (a *answer) send(w http.ResponseWriter, r *http.Request, policy string) {
	head := w.Header()
	head.Set("Content-Security-Policy", policy)
	head.Set("Content-Type", a.media)
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cache-Control", a.keep)
	head.Set("X-Robots-Tag", "noindex")
	head.Set("Vary", "Accept-Encoding")
	body, etag := a.plain, a.etag
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		body, etag = a.packed, a.packedTag
		head.Set("Content-Encoding", "gzip")
	}
	head.Set("ETag", etag)
	if httpapi.Held(etag, r.Header.Get("If-None-Match")) {
		head.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(body) // a visitor who has gone hears nothing
}

type pageKey struct {
	code string
	form form
}

// kept holds what was made within a bound of bytes; what was asked for longest ago goes first.
type kept struct {
	mu    sync.Mutex
	most  int64
	bytes int64
	order *list.List // of *entry, the last used first
	by    map[pageKey]*list.Element
}

type entry struct {
	key pageKey
	a   *answer
}

func newKept(most int64) *kept {
	return &kept{most: most, order: list.New(), by: map[pageKey]*list.Element{}}
}

// size of an entry: the bodies and, about, what keeps them.
func (e *entry) size() int64 { return int64(cap(e.a.plain)+cap(e.a.packed)+len(e.key.code)) + 512 }

func (k *kept) get(key pageKey, now time.Time) *answer {
	k.mu.Lock()
	defer k.mu.Unlock()
	el := k.by[key]
	if el == nil {
		return nil
	}
	e := el.Value.(*entry) //nolint:forcetypeassert // nothing else is put in
	if !now.Before(e.a.until) {
		k.drop(el)
		return nil
	}
	k.order.MoveToFront(el)
	return e.a
}

func (k *kept) put(key pageKey, a *answer) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if old := k.by[key]; old != nil {
		k.drop(old)
	}
	e := &entry{key, a}
	if e.size() > k.most {
		return
	}
	k.by[key] = k.order.PushFront(e)
	for k.bytes += e.size(); k.bytes > k.most; {
		k.drop(k.order.Back())
	}
}

func (k *kept) forget(code string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, f := range []form{inChinese, inEnglish, asJSON} {
		if el := k.by[pageKey{code, f}]; el != nil {
			k.drop(el)
		}
	}
}

func (k *kept) drop(el *list.Element) {
	e := k.order.Remove(el).(*entry) //nolint:forcetypeassert // as above
	delete(k.by, e.key)
	k.bytes -= e.size()
}
