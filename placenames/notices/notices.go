// Package notices owns the pages on which everybody reads what names are proposed, says what
// they think of them and sees what became of it: written on the server, without sign-in,
// without a script, a cookie or anything from elsewhere, so that they work on an old telephone
// and there is nothing by which another page could act for a visitor.
//
// It must not know how notices are stored, nor what follows from a comment: it is given them by
// an interface of its own.
package notices

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/httprate"

	"yike/internal/httpapi"
	"yike/internal/record"
	"yike/placenames/panel"
)

// What Source returns besides panel.ErrNotFound and *record.InvalidError.
var (
	// ErrClosed says that a notice takes no comments: it is not open yet, over, or withdrawn.
	ErrClosed = errors.New("the notice takes no comments")
	// ErrFull says that a notice has as many comments as it can have.
	ErrFull = errors.New("the notice has too many comments")
)

// Fate is what became of a comment. It says nothing of who made it.
type Fate struct {
	Notice  panel.Notice
	Comment panel.Comment
}

// Source gives what the pages show and takes comments. It is safe for concurrent use.
type Source interface {
	// Notices gives all that are or were open, the latest first.
	Notices(ctx context.Context) ([]panel.Notice, error)
	// Notice gives one by its number.
	Notice(ctx context.Context, number string) (panel.Notice, error)
	// Rules gives the grounds that people choose of, and for how long names are kept.
	Rules(ctx context.Context) (panel.Rules, error)
	// Take keeps a comment and gives the receipt, which is kept nowhere. ErrClosed, ErrFull.
	Take(ctx context.Context, number string, c panel.Comment) (receipt string, err error)
	// Fate gives what became of a comment.
	Fate(ctx context.Context, receipt string) (Fate, error)
	// Kind gives what people call a kind of places.
	Kind(code string) (zh, en string)
	// Today is the day it is for the authority.
	Today() record.Day
}

// The bounds of visitors. A family behind one address has room, a flood has not.
const (
	commentsPerHour = 30
	guessesPerHour  = 60 // of receipts that are nobody's
	mostBody        = 16 << 10
)

// Mount serves the pages below /notices.
func Mount(r chi.Router, s Source) {
	h := &handlers{
		source: s, pages: newPages(),
		comments: limiter(commentsPerHour), guesses: limiter(guessesPerHour),
	}
	r.Get("/notices", h.list)
	r.Get("/notices/comment", h.ask)
	r.Get("/notices/comment/{receipt}", h.fate)
	r.Get("/notices/{number}", h.one)
	r.Post("/notices/{number}/comments", h.take)
}

func limiter(perHour int) *httprate.RateLimiter {
	return httprate.NewRateLimiter(perHour, time.Hour, httprate.WithResponseHeaders(httprate.ResponseHeaders{}))
}

type handlers struct {
	source            Source
	pages             *pages
	comments, guesses *httprate.RateLimiter
}

func fromOf(r *http.Request) string {
	return httprate.CanonicalizeIP(httpapi.FactsOf(r.Context()).From)
}

// perPage is how many notices that are over stand on one page.
const perPage = 20

func (h *handlers) list(w http.ResponseWriter, r *http.Request) {
	all, err := h.source.Notices(r.Context())
	if err != nil {
		h.failed(w, r, err)
		return
	}
	today := h.source.Today()
	v := listView{Before: r.URL.Query().Get("before")}
	for _, n := range all {
		switch state := n.State(today); {
		case state == panel.Open && v.Before == "":
			v.Open = append(v.Open, h.row(n))
		case state == panel.Closed || state == panel.TakenOff:
			if v.Before != "" && n.Number >= v.Before {
				continue
			}
			if len(v.Past) == perPage {
				v.More = v.Past[perPage-1].Number
				h.show(w, r, "list", v, http.StatusOK, forAll)
				return
			}
			v.Past = append(v.Past, h.row(n))
		}
	}
	h.show(w, r, "list", v, http.StatusOK, forAll)
}

func (h *handlers) one(w http.ResponseWriter, r *http.Request) {
	n, rules, ok := h.notice(w, r)
	if !ok {
		return
	}
	h.show(w, r, "one", h.view(n, rules, panel.Comment{}, nil), http.StatusOK, forAll)
}

// notice finds the notice of a request; a notice that is not open yet is nobody's business.
func (h *handlers) notice(w http.ResponseWriter, r *http.Request) (panel.Notice, panel.Rules, bool) {
	n, err := h.source.Notice(r.Context(), chi.URLParam(r, "number"))
	if err == nil && n.State(h.source.Today()) == panel.Coming {
		err = panel.ErrNotFound
	}
	var rules panel.Rules
	if err == nil {
		rules, err = h.source.Rules(r.Context())
	}
	if err != nil {
		h.failed(w, r, err)
	}
	return n, rules, err == nil
}

func (h *handlers) take(w http.ResponseWriter, r *http.Request) {
	n, rules, ok := h.notice(w, r)
	if !ok {
		return
	}
	if n.State(h.source.Today()) != panel.Open {
		h.failed(w, r, ErrClosed)
		return
	}
	c, said, fault := readComment(w, r)
	if fault != nil {
		h.say(w, r, *fault)
		return
	}
	if h.comments.OnLimit(w, r, fromOf(r)) {
		w.Header().Set("Retry-After", "3600")
		h.say(w, r, tooMany())
		return
	}
	c = c.Clean()
	receipt, err := "", record.Invalid(append(c.Validate(rules), said...))
	if err == nil {
		receipt, err = h.source.Take(r.Context(), n.Number, c)
	}
	var invalid *record.InvalidError
	switch {
	case errors.As(err, &invalid):
		h.show(w, r, "one", h.view(n, rules, c, invalid.Faults), http.StatusUnprocessableEntity, forNobody)
	case err != nil:
		h.failed(w, r, err)
	default:
		http.Redirect(w, r, "/notices/comment/"+receipt+"?new=1", http.StatusSeeOther)
	}
}

// ask leads from the form on which a receipt is typed to its page.
func (h *handlers) ask(w http.ResponseWriter, r *http.Request) {
	if receipt, ok := panel.ReadReceipt(r.URL.Query().Get("code")); ok {
		http.Redirect(w, r, "/notices/comment/"+receipt, http.StatusSeeOther)
		return
	}
	h.say(w, r, noReceipt())
}

func (h *handlers) fate(w http.ResponseWriter, r *http.Request) {
	receipt, ok := panel.ReadReceipt(chi.URLParam(r, "receipt"))
	if !ok {
		h.say(w, r, noReceipt())
		return
	}
	f, err := h.source.Fate(r.Context(), receipt)
	if errors.Is(err, panel.ErrNotFound) {
		if h.guesses.OnLimit(w, r, fromOf(r)) {
			h.say(w, r, tooMany())
			return
		}
		h.say(w, r, noReceipt())
		return
	}
	var rules panel.Rules
	if err == nil {
		rules, err = h.source.Rules(r.Context())
	}
	if err != nil {
		h.failed(w, r, err)
		return
	}
	h.show(w, r, "fate", h.fateView(f, rules, receipt, r.URL.Query().Get("new") != ""), http.StatusOK, forNobody)
}
