// Package doorpage owns the page that a phone shows when somebody scans an address plate, the
// signed statement for inspectors, and the form on which a problem is reported: written on the
// server, without sign-in, script, cookie or anything from elsewhere.
//
// A code that nobody issued costs as much work as one that was: one read and one page. What was
// made is kept for a minute within a bound of bytes. Who asks is not written down: of codes that
// are nobody's it is counted how often they were asked for in an hour, and nothing else.
//
// It must not know how plates and addresses are stored: it is given doors by an interface.
package doorpage

import (
	"context"
	"crypto/ed25519"
	"errors"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/httprate"
	"golang.org/x/sync/singleflight"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/plates"
	"yike/placenames/plates/doors"
)

// What Source returns besides doors.ErrNotFound and *record.InvalidError.
var (
	// ErrFull says that there are as many open reports as the office can hold.
	ErrFull = errors.New("there are too many reports")
	// ErrPhoto says that a file is no photo that can be kept.
	ErrPhoto = errors.New("the file is no photo")
)

// Fate is what became of a report.
type Fate struct {
	Report  doors.Report
	Day     record.Day // on which it was made
	State   doors.State
	Outcome string     // code word of doors.Outcomes; "" before there is one
	On      record.Day // on which the state came about; "" for Received
	Address string     // of the plate; "" where its code is nobody's
}

// Source gives doors and takes reports. It is safe for concurrent use.
type Source interface {
	// Door gives what stands behind a code of 14 symbols in upper case whose check symbol fits,
	// with one read; a door of the standing doors.Unknown for a code that is nobody's.
	Door(ctx context.Context, code string) (doors.Door, error)
	// Photo gives the photo of a plate as JPEG, or doors.ErrNotFound.
	Photo(ctx context.Context, code string) ([]byte, error)
	// Report keeps a report and gives the receipt, which is kept nowhere. photo is nil for none.
	// ErrFull, ErrPhoto.
	Report(ctx context.Context, r doors.Report, photo []byte) (receipt string, err error)
	// Fate gives what became of a report by its receipt as somebody typed it, and the receipt as
	// it is written. doors.ErrNotFound.
	Fate(ctx context.Context, typed string) (Fate, string, error)
}

// Signer states in the name of the authority.
type Signer interface {
	// SignDoor signs a message by Ed25519.
	SignDoor(message []byte) []byte
	// DoorPublic is the key by which that is verified.
	DoorPublic() ed25519.PublicKey
	// DoorKeyID names the key.
	DoorKeyID() string
}

// Config says what the pages stand on.
type Config struct {
	Source Source
	Signer Signer
	Now    func() time.Time // of the authority's place on earth: its days are those of the pages
	Misses *Misses          // counts what is nobody's
	Bytes  int64            // of pages that are kept in memory; 0 for the usual bound
}

// The patterns. A code has 14 symbols, in one or in the groups that are printed beside it.
const (
	// CodeForm is a code within a pattern.
	CodeForm = `{code:(?:[0-9A-Za-z]{14}|[0-9A-Za-z]{4}-[0-9A-Za-z]{5}-[0-9A-Za-z]{5})}`
	// PagePattern and those below it are what the table of access has.
	PagePattern   = "/" + CodeForm
	JSONPattern   = "/" + CodeForm + ".json"
	PhotoPattern  = "/" + CodeForm + "/photo"
	ReportPattern = "/" + CodeForm + "/report"
	AskPattern    = "/reports"
	FatePattern   = "/reports/{receipt}"
	KeysPattern   = "/.well-known/door-keys.json"
)

// The bounds of visitors. Only what is nobody's counts, since a whole quarter may come from the
// address of one network.
const (
	missesPerHour  = 120
	reportsPerHour = 20
	usualBytes     = 64 << 20
	fresh          = time.Minute // for which what was made is kept
	patience       = 5 * time.Second
)

// Pages serves door pages. It is safe for concurrent use.
type Pages struct {
	source    Source
	signer    Signer
	now       func() time.Time
	misses    *Misses
	templates templates
	kept      *kept
	making    singleflight.Group
	missed    *httprate.RateLimiter
	reported  *httprate.RateLimiter
	keySet    []byte
}

// New prepares the pages.
func New(c Config) (*Pages, error) {
	if c.Bytes == 0 {
		c.Bytes = usualBytes
	}
	set, err := doors.KeySet(c.Signer.DoorKeyID(), c.Signer.DoorPublic())
	if err != nil {
		return nil, err
	}
	written, err := newTemplates()
	if err != nil {
		return nil, err
	}
	return &Pages{
		source: c.Source, signer: c.Signer, now: c.Now, misses: c.Misses, templates: written, kept: newKept(c.Bytes),
		missed: limiter(missesPerHour), reported: limiter(reportsPerHour), keySet: set,
	}, nil
}

func limiter(perHour int) *httprate.RateLimiter {
	return httprate.NewRateLimiter(perHour, time.Hour, httprate.WithResponseHeaders(httprate.ResponseHeaders{}))
}

// Mount serves the pages. The patterns of codes stand before the one that serves the app at every
// other address, and no page of the app has a name that they match.
func (p *Pages) Mount(r chi.Router) {
	r.Get(KeysPattern, p.keys)
	r.Get(AskPattern, p.ask)
	r.Get(FatePattern, p.fate)
	r.Get(PagePattern, p.page)
	r.Get(JSONPattern, p.statement)
	r.Get(PhotoPattern, p.photo)
	r.Get(ReportPattern, p.form)
	r.Post(ReportPattern, p.take)
}

// Forget drops what is kept of a code, so that the next to ask sees what changed.
func (p *Pages) Forget(code string) { p.kept.forget(code) }

// codeOf reads the code of an address; whole is false where the check symbol does not fit, and
// the code is then what was asked for as a code is written.
func codeOf(r *http.Request) (code string, whole bool) {
	typed := chi.URLParam(r, "code")
	if t, err := plates.ParseToken(typed); err == nil {
		return t.String(), true
	}
	return plainly(typed), false
}

// plainly writes what may be no code in capitals and without dashes.
func plainly(typed string) string {
	out := make([]byte, 0, len(typed))
	for i := range len(typed) {
		c := typed[i]
		if c == '-' {
			continue
		}
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		out = append(out, c)
	}
	return string(out)
}

func fromOf(r *http.Request) string {
	return httprate.CanonicalizeIP(httpapi.FactsOf(r.Context()).From)
}

// guesses reports whether the address of a request asked too often for what is nobody's.
func (p *Pages) guesses(r *http.Request) bool {
	_, rate, _ := p.missed.Status(fromOf(r)) // the counter in memory fails of nothing
	return rate >= missesPerHour
}

// form says in which shape a door is asked for.
type form string

const (
	inChinese form = "zh"
	inEnglish form = "en"
	asJSON    form = "json"
)

func languageOf(r *http.Request) form {
	if r.URL.Query().Get("lang") == "en" {
		return inEnglish
	}
	return inChinese
}

func (p *Pages) page(w http.ResponseWriter, r *http.Request)      { p.serve(w, r, languageOf(r)) }
func (p *Pages) statement(w http.ResponseWriter, r *http.Request) { p.serve(w, r, asJSON) }

// serve answers from what is kept, or makes the answer once for all who wait for it.
func (p *Pages) serve(w http.ResponseWriter, r *http.Request, f form) {
	code, whole := codeOf(r)
	now := p.now()
	key := pageKey{code, f}
	a := p.kept.get(key, now)
	if a == nil {
		if p.guesses(r) {
			p.say(w, r, tooMany())
			return
		}
		made, err, _ := p.making.Do(code+"/"+string(f), func() (any, error) {
			if a := p.kept.get(key, now); a != nil { // made since it was looked for
				return a, nil
			}
			ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
			defer cancel()
			a, err := p.make(ctx, key, whole, now)
			if err == nil {
				p.kept.put(key, a)
			}
			return a, err
		})
		if err != nil {
			p.failed(w, r, err)
			return
		}
		a = made.(*answer) //nolint:forcetypeassert // what make gives
	}
	if a.unknown {
		p.misses.Add(code, now)
		_ = p.missed.OnLimit(w, r, fromOf(r)) // counted for the next time
	}
	a.send(w, r, p.templates.policy)
}

// make reads the door and writes the answer. What fails the check symbol is nobody's, which needs
// no read.
func (p *Pages) make(ctx context.Context, key pageKey, whole bool, now time.Time) (*answer, error) {
	d := doors.Door{Code: key.code, Standing: doors.Unknown}
	if whole {
		var err error
		if d, err = p.source.Door(ctx, key.code); err != nil {
			return nil, err
		}
		d.Code = key.code
	}
	d = d.Public()
	if key.form == asJSON {
		body, err := doors.Sign(doors.StatementOf(d, now), p.signer.DoorKeyID(), p.signer.SignDoor)
		if err != nil {
			return nil, err
		}
		return newAnswer(body, d.Standing, "application/jose+json", now)
	}
	body, err := p.templates.door(key.form, d, now)
	if err != nil {
		return nil, err
	}
	return newAnswer(body, d.Standing, "text/html; charset=utf-8", now)
}

func (p *Pages) keys(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/jwk-set+json")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write(p.keySet) // a visitor who has gone hears nothing
}

func (p *Pages) photo(w http.ResponseWriter, r *http.Request) {
	code, whole := codeOf(r)
	body, err := []byte(nil), doors.ErrNotFound
	if whole {
		body, err = p.source.Photo(r.Context(), code)
	}
	if err != nil {
		p.failed(w, r, err)
		return
	}
	etag := tagOf(body)
	head := w.Header()
	head.Set("Content-Type", "image/jpeg")
	head.Set("Cache-Control", keepKnown)
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("ETag", etag)
	if httpapi.Held(etag, r.Header.Get("If-None-Match")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(body) // as above
}
