package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"yike/internal/auth"
	"yike/internal/postgres"
	"yike/internal/record"
	"yike/placenames"
	publicpages "yike/placenames/notices"
	"yike/placenames/panel"
	"yike/placenames/paneldb"
	"yike/placenames/panelhttp"
)

// namePanels gives panelhttp what experts, offices, the public and the committee say of names,
// as the person who asks may see and write it.
type namePanels struct {
	store   *paneldb.Store
	adcode  string
	refused refusals
	now     func() time.Time
}

var _ panelhttp.Desk = namePanels{}

// newPanelStore gives the store of panels with the rules of the program.
func newPanelStore(db *postgres.DB) (*paneldb.Store, error) {
	usual, err := panel.Usual()
	if err != nil {
		return nil, err
	}
	return paneldb.New(db, usual), nil
}

func newNamePanels(d desk, refused refusals, now func() time.Time) (namePanels, error) {
	store, err := newPanelStore(d.db)
	return namePanels{store: store, adcode: d.adcode, refused: refused, now: now}, err
}

// mountNamePanels serves panels to those who work with them, and notices to everybody.
func mountNamePanels(r chi.Router, api huma.API, panels namePanels) error {
	kinds, err := placenames.NewCatalogue()
	if err != nil {
		return err
	}
	panelhttp.Register(api, panels)
	publicpages.Mount(r, publicNotices{namePanels: panels, kinds: kinds})
	return nil
}

func (p namePanels) writer(ctx context.Context) postgres.Writer { return writer(ctx, p.adcode) }

// Today is the day it is for the authority.
func (p namePanels) Today() record.Day { return record.DayOf(p.now()) }

// noted leaves in the audit log what was refused, and gives the error.
func (p namePanels) noted(ctx context.Context, w postgres.Writer, err error, action, kind, id string) error {
	p.refused.note(ctx, w, err, postgres.Note{Action: action, Kind: kind, ID: id})
	return err
}

// Rules gives what the authority has set.
func (p namePanels) Rules(ctx context.Context) (panel.Rules, bool, error) {
	return p.store.Rules(ctx, p.writer(ctx))
}

// SetRules sets it.
func (p namePanels) SetRules(ctx context.Context, expected int, r panel.Rules, reason string) error {
	w := p.writer(ctx)
	return p.noted(ctx, w, p.store.SetRules(ctx, w, expected, r, record.Change{Reason: reason}, p.Today()), "name_panel.rules", "name_panel_rule", "")
}

// Experts gives the bank.
func (p namePanels) Experts(ctx context.Context) ([]panel.Expert, bool, error) {
	return p.store.Experts(ctx, p.writer(ctx))
}

// SaveExpert makes or changes an expert.
func (p namePanels) SaveExpert(ctx context.Context, expected int, e panel.Expert, reason string) (string, error) {
	w := p.writer(ctx)
	id, err := p.store.SaveExpert(ctx, w, expected, e, record.Change{Reason: reason}, p.Today())
	return id, p.noted(ctx, w, err, "name_expert.save", "name_expert", e.ID)
}

// Members gives the committee.
func (p namePanels) Members(ctx context.Context) ([]panel.Sitting, bool, error) {
	return p.store.Members(ctx, p.writer(ctx))
}

// SaveMember makes or changes a member.
func (p namePanels) SaveMember(ctx context.Context, expected int, m panel.Sitting, reason string) (string, error) {
	w := p.writer(ctx)
	id, err := p.store.SaveMember(ctx, w, expected, m, record.Change{Reason: reason}, p.Today())
	return id, p.noted(ctx, w, err, "name_member.save", "name_member", m.ID)
}

// Case gives everything that was asked and said about a case.
func (p namePanels) Case(ctx context.Context, id string) (panel.Case, error) {
	return p.store.Case(ctx, p.writer(ctx), id)
}

// Invite asks experts; the seed of a lot is the machine's.
func (p namePanels) Invite(ctx context.Context, caseID string, in panel.Invitation) error {
	chance, err := chance()
	if err != nil {
		return err
	}
	in.Seed = binary.BigEndian.Uint64(chance[:])
	w := p.writer(ctx)
	_, err = p.store.Invite(ctx, w, caseID, in, p.Today())
	return p.noted(ctx, w, err, "name_case.ask_experts", "name_case", caseID)
}

// chance gives eight bytes that nobody can guess.
func chance() ([8]byte, error) {
	var out [8]byte
	if _, err := rand.Read(out[:]); err != nil {
		return out, fmt.Errorf("draw by lot: %w", err)
	}
	return out, nil
}

// SetConflict declares or clears a conflict of interest.
func (p namePanels) SetConflict(ctx context.Context, caseID, review string, c panel.Conflict, reason string) error {
	w := p.writer(ctx)
	return p.noted(ctx, w, p.store.SetConflict(ctx, w, caseID, review, c, reason), "name_case.conflict", "name_case", caseID)
}

// Dismiss asks an expert no more.
func (p namePanels) Dismiss(ctx context.Context, caseID, review, reason string) error {
	w := p.writer(ctx)
	return p.noted(ctx, w, p.store.Dismiss(ctx, w, caseID, review, reason, p.Today()), "name_case.dismiss_expert", "name_case", caseID)
}

// Opine gives an expert's opinion.
func (p namePanels) Opine(ctx context.Context, caseID, review string, o panel.Opinion) error {
	w := p.writer(ctx)
	return p.noted(ctx, w, p.store.Opine(ctx, w, caseID, review, o, p.Today()), "name_case.opinion", "name_case", caseID)
}

// Ask asks offices.
func (p namePanels) Ask(ctx context.Context, caseID string, in panel.Questions) error {
	w := p.writer(ctx)
	_, err := p.store.Ask(ctx, w, caseID, in, p.Today())
	return p.noted(ctx, w, err, "name_case.ask_offices", "name_case", caseID)
}

// Reply answers for an office.
func (p namePanels) Reply(ctx context.Context, caseID, ask string, r panel.Reply) error {
	w := p.writer(ctx)
	return p.noted(ctx, w, p.store.Reply(ctx, w, caseID, ask, r, p.Today()), "name_case.reply", "name_case", caseID)
}

// Recall asks an office no more.
func (p namePanels) Recall(ctx context.Context, caseID, ask, reason string) error {
	w := p.writer(ctx)
	return p.noted(ctx, w, p.store.Recall(ctx, w, caseID, ask, reason, p.Today()), "name_case.recall", "name_case", caseID)
}

// Publish publishes a notice.
func (p namePanels) Publish(ctx context.Context, caseID string, n panel.Notice) error {
	w := p.writer(ctx)
	_, err := p.store.Publish(ctx, w, caseID, n, p.Today())
	return p.noted(ctx, w, err, "name_case.publish", "name_case", caseID)
}

// ChangeNotice prolongs or withdraws a notice.
func (p namePanels) ChangeNotice(ctx context.Context, id string, expected int, closes record.Day, withdrawn, reason string) error {
	w := p.writer(ctx)
	err := p.store.ChangeNotice(ctx, w, id, expected, closes, withdrawn, record.Change{Reason: reason}, p.Today())
	return p.noted(ctx, w, err, "name_case.notice", "name_notice", id)
}

// AnswerComment answers a comment of the public.
func (p namePanels) AnswerComment(ctx context.Context, id string, a panel.Answer) error {
	w := p.writer(ctx)
	return p.noted(ctx, w, p.store.Answer(ctx, w, id, a, p.Today()), "name_comment.answer", "name_comment", id)
}

// Reveal gives in full who made a comment.
func (p namePanels) Reveal(ctx context.Context, id, reason string) (panel.Person, error) {
	w := p.writer(ctx)
	who, err := p.store.Reveal(ctx, w, id, reason, p.Today())
	return who, p.noted(ctx, w, err, string(auth.PersonalReveal), "name_comment", id)
}

// Meetings gives the meetings of the committee.
func (p namePanels) Meetings(ctx context.Context) ([]panel.Meeting, bool, error) {
	return p.store.Meetings(ctx, p.writer(ctx), "")
}

// Meeting gives one meeting.
func (p namePanels) Meeting(ctx context.Context, id string) (panel.Meeting, panel.Rules, bool, error) {
	return p.store.Meeting(ctx, p.writer(ctx), id)
}

// SaveMeeting plans a meeting, or writes it up.
func (p namePanels) SaveMeeting(ctx context.Context, expected int, m panel.Meeting) (string, error) {
	w := p.writer(ctx)
	id, err := p.store.SaveMeeting(ctx, w, expected, m, p.Today())
	return id, p.noted(ctx, w, err, "name_meeting.save", "name_meeting", m.ID)
}

// Matters gives the open cases.
func (p namePanels) Matters(ctx context.Context) ([]panel.Matter, error) {
	return p.store.Matters(ctx, p.writer(ctx))
}

// Work gives what the person has to do.
func (p namePanels) Work(ctx context.Context) (panel.Work, error) {
	return p.store.Work(ctx, p.writer(ctx))
}

// shown says which materials of a case its panels have made, as the person of the context may
// see it.
func (p namePanels) shown(ctx context.Context, caseID string) (materials []string, why string, err error) {
	c, err := p.Case(ctx, caseID)
	if errors.Is(err, panel.ErrNotFound) {
		return nil, "", nil
	}
	return c.Ready(p.Today()).Materials, "论证、征求意见与审议记录 / experts, consultation and meetings", err
}

// known tells the checks of a name what is known of the experts of its case: how many opinions
// count, whether each was in the bank when asked, and how many opined in spite of an interest.
// Whoever does not see all of the panel learns nothing of it, nor does anybody before somebody
// was asked.
func (p namePanels) known(ctx context.Context, caseID string, f *nameCaseFacts) error {
	c, err := p.Case(ctx, caseID)
	if errors.Is(err, panel.ErrNotFound) {
		return nil
	}
	if err != nil || !c.Reads || len(c.Present()) == 0 {
		return err
	}
	count, conflicted, banked := 0, 0, true
	for _, r := range c.Present() {
		switch {
		case r.Withdrawn != "" || !r.Given:
		case r.Counts():
			count++
			banked = banked && r.Expert.From <= r.AskedOn && (r.Expert.Until == "" || r.AskedOn <= r.Expert.Until)
		default:
			conflicted++
		}
	}
	f.Papers.ExpertCount, f.Papers.Conflicted = &count, &conflicted
	if count > 0 {
		f.Papers.FromBank = &banked
	}
	return nil
}

// publicNotices gives the pages for everybody what they show, and takes comments.
type publicNotices struct {
	namePanels
	kinds *placenames.Catalogue
}

var _ publicpages.Source = publicNotices{}

// Notices gives every notice, the latest first.
func (p publicNotices) Notices(ctx context.Context) ([]panel.Notice, error) {
	return p.store.Published(ctx, p.adcode)
}

// Notice gives one by its number.
func (p publicNotices) Notice(ctx context.Context, number string) (panel.Notice, error) {
	return p.store.ByNumber(ctx, p.adcode, number)
}

// Rules gives the grounds and periods.
func (p publicNotices) Rules(ctx context.Context) (panel.Rules, error) {
	r, _, err := p.store.Rules(ctx, postgres.System(p.adcode, "yike"))
	return r, err
}

// Take keeps a comment.
func (p publicNotices) Take(ctx context.Context, number string, c panel.Comment) (string, error) {
	n, err := p.Notice(ctx, number)
	if err != nil {
		return "", err
	}
	chance, err := chance()
	if err != nil {
		return "", err
	}
	receipt := panel.Receipt(chance)
	switch err := p.store.Take(ctx, p.adcode, n.ID, c, c.Person.Masked(auth.MaskPhone), receipt, p.Today()); {
	case errors.Is(err, panel.ErrEnded):
		return "", publicpages.ErrClosed
	case errors.Is(err, paneldb.ErrFull):
		return "", publicpages.ErrFull
	case err != nil:
		return "", err
	}
	return receipt, nil
}

// Fate gives what became of a comment.
func (p publicNotices) Fate(ctx context.Context, receipt string) (publicpages.Fate, error) {
	n, c, err := p.store.Fate(ctx, p.adcode, receipt)
	return publicpages.Fate{Notice: n, Comment: c}, err
}

// Kind gives what people call a kind of places.
func (p publicNotices) Kind(code string) (zh, en string) {
	if k, _, ok := p.kinds.Of(code); ok {
		return k.ZH, k.EN
	}
	return code, code
}
