package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/record"
	namepapers "yike/placenames/papers"
	caseprocess "yike/placenames/process"
)

// fillPapers keeps some documents of the cases of a demonstration, once the district can be
// asked, as its registrar would. The district is shown all the same where that fails.
func (s *server) fillPapers(ctx context.Context) {
	st := s.live.held.State()
	if !s.people.demo.Load() || s.app.config.EmptyDesk || st == nil {
		return
	}
	if err := s.demoPapers(ctx, st.Pack.AdCode); err != nil {
		s.app.log.WarnContext(ctx, "the cases of the demonstration have no documents", "error", err)
	}
}

func (s *server) demoPapers(ctx context.Context, adcode string) error {
	name := auth.DemoName(auth.PlaceNameRegistrar)
	var account string
	err := s.db.Reader().QueryRow(ctx, `SELECT id::text FROM account WHERE adcode = @adcode AND name = @name`, pgx.StrictNamedArgs{"adcode": adcode, "name": name}).Scan(&account)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for the registrar of the demonstration: %w", err)
	}
	files, err := newAttachmentFiles(s.app, s.db, adcode)
	if err != nil {
		return err
	}
	d := desk{db: s.db, adcode: adcode, served: &districtAPI{held: s.live.held, status: readyStatus}, files: files}
	refused := refusals{db: s.db, log: s.app.log}
	store, book, err := newNameCaseStore(s.db)
	if err != nil {
		return err
	}
	panels, err := newNamePanels(d, refused, time.Now)
	if err != nil {
		return err
	}
	cases := &nameCases{store: store, book: book, adcode: adcode, held: s.live.held, refused: refused, now: time.Now}
	p, err := newNamePapers(d, cases, panels, nil)
	if err != nil {
		return err
	}
	return fillDemoPapers(auth.With(ctx, auth.Identity{AdCode: adcode, AccountID: account, Name: name, Demo: true}), p)
}

// fillDemoPapers sets two series of numbers and keeps the papers of some cases, where nobody set
// or kept any. Approvals come back signed, by a page that says that it is an example.
func fillDemoPapers(ctx context.Context, p *namePapers) error {
	kept, err := p.List(ctx, namepapers.Filter{Limit: 1})
	return once(kept, err, func() error {
		_, version, _, err := p.Settings(ctx)
		if err != nil || version > 0 {
			return err
		}
		err = p.SetSettings(ctx, 0, namepapers.Settings{
			Series: []namepapers.Series{
				{Prefix: "清民地示例", Kinds: []namepapers.Kind{namepapers.AcceptanceNotice, namepapers.CorrectionNotice, namepapers.Submission, namepapers.Reply, namepapers.Announcement}},
				{Prefix: "清地委纪示例", Kinds: []namepapers.Kind{namepapers.Minutes}},
			},
			To: map[namepapers.Kind]string{namepapers.FilingReport: "市民政局（示例）", namepapers.FilingForm: "市民政局（示例）"},
		}, "演示数据，由程序生成")
		if err != nil {
			return err
		}
		all, err := p.cases.List(ctx, caseprocess.Filter{Limit: 50}, "")
		if err != nil {
			return err
		}
		for _, d := range all {
			for _, kind := range demoPapersOf(d) {
				if err := demoPaper(ctx, p, d, kind); err != nil {
					return fmt.Errorf("%s of %s: %w", kind, d.Text, err)
				}
			}
		}
		return nil
	})
}

// demoPapersOf are the papers that are kept of a case: of some cases all of the steps that were
// done, of the others none.
func demoPapersOf(d caseprocess.Dossier) []namepapers.Kind {
	var out []namepapers.Kind
	for _, k := range kindsOf(d) {
		if _, done := d.Standing.Taken[k.Step]; done && k.Kind() != namepapers.CorrectionNotice && (d.Decided() || k.Kind() == namepapers.Reply) {
			out = append(out, k.Kind())
		}
	}
	if d.Standing.Pending != nil {
		out = append(out, namepapers.CorrectionNotice)
	}
	return out
}

func demoPaper(ctx context.Context, p *namePapers, d caseprocess.Dossier, kind namepapers.Kind) error {
	spec, _ := namepapers.Of(kind)
	draft := namepapers.Draft{Kind: kind, Day: d.Standing.Taken[spec.Step].Day, Filled: map[string]string{"签发人": "示例签发人", "联系方式": "演示，无联系方式"}}
	if draft.Day == "" {
		draft.Day = record.DayOf(p.now())
	}
	if kind == namepapers.Approval {
		draft.Number = d.Standing.Taken["approval"].Document
	}
	made, err := p.Keep(ctx, d.ID, draft)
	if err != nil || kind != namepapers.Approval && kind != namepapers.Reply {
		return err
	}
	_, err = p.Scan(ctx, made.ID, "示例签字件.pdf", samplePage("SAMPLE", "Synthetic example, not a signed document"))
	return err
}

// samplePage is a page of PDF with some lines of plain letters.
func samplePage(lines ...string) []byte {
	var text strings.Builder
	for i, l := range lines {
		fmt.Fprintf(&text, "BT /F 20 Tf 72 %d Td (%s) Tj ET\n", 720-40*i, l)
	}
	var out bytes.Buffer
	var at []int
	out.WriteString("%PDF-1.4\n")
	for i, body := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", text.Len(), text.String()),
	} {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	start := out.Len()
	out.WriteString("xref\n0 5\n0000000000 65535 f \n")
	for _, a := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", start)
	return out.Bytes()
}
