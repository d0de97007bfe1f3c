package estatedb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"yike/facilities/estates"
	"yike/facilities/estates/estatedb"
	"yike/facilities/premises"
	"yike/internal/postgres"
)

func fileName(letter string) string { return strings.Repeat(letter, 64) }

func TestTemplatesOfLettersHaveVersions(t *testing.T) {
	t.Parallel()
	x := newSteps(t)
	if none, err := x.store.Template(t.Context(), x.civil, "acceptance"); err != nil || none != (estatedb.Template{Kind: "acceptance"}) {
		t.Fatal(none, err)
	}
	own := estatedb.Template{Kind: "acceptance", SHA256: fileName("a"), Size: 10, FileName: "验收.docx"}
	made, err := x.store.SetTemplate(t.Context(), x.planner, 0, own)
	if err != nil || made.Version != 1 || made.Who != x.planner.Who || made.SavedAt.IsZero() {
		t.Fatal(made, err)
	}
	if same, err := x.store.SetTemplate(t.Context(), x.planner, 1, own); err != nil || same.Version != 1 {
		t.Error("the same file is no new version:", same, err)
	}
	var stale *postgres.StaleError
	if _, err := x.store.SetTemplate(t.Context(), x.planner, 0, own); !errors.As(err, &stale) || stale.Current != 1 {
		t.Error(err)
	}
	if _, err := x.store.SetTemplate(t.Context(), x.civil, 1, estatedb.Template{Kind: "acceptance"}); !errors.Is(err, postgres.ErrForbidden) {
		t.Error(err)
	}
	back, err := x.store.SetTemplate(t.Context(), x.reviewer, 1, estatedb.Template{Kind: "acceptance"})
	if err != nil || back.Version != 2 || back.SHA256 != "" {
		t.Error(back, err)
	}
	for who, may := range map[*postgres.Writer]bool{&x.planner: true, &x.social: false} {
		list, can, err := x.store.Templates(t.Context(), *who)
		if err != nil || can != may || len(list) != 1 || list[0].Version != 2 {
			t.Error(list, can, err)
		}
	}
	for file, want := range map[string]bool{fileName("a"): true, fileName("b"): false} {
		if held, err := estatedb.LetterFile(t.Context(), x.db.Reader(), file); err != nil || held != want {
			t.Error(file, held, err)
		}
	}
}

func TestALetterGoesOutOnce(t *testing.T) {
	t.Parallel()
	x := newSteps(t)
	e := x.estate(t, "和顺家园")
	if _, err := x.ask(t, x.planner, e, estates.PlanningConditions, "2026-11-01"); err != nil {
		t.Fatal(err)
	}
	step, err := x.answer(t, x.social, e, agreed(estates.PlanningConditions, premises.CommunityNorm, "2026-11-05", "社函1号"))
	if err != nil {
		t.Fatal(err)
	}
	letter := estatedb.Sent{Step: step, Estate: e.ID, Kind: "conditions", SHA256: fileName("c"), Size: 20, FileName: "函.docx"}
	if _, err := x.store.Send(t.Context(), x.civil, letter); !errors.Is(err, postgres.ErrForbidden) {
		t.Error("an office sends its own letters only:", err)
	}
	if _, err := x.store.Send(t.Context(), x.other, letter); !errors.Is(err, postgres.ErrForbidden) {
		t.Error("another place:", err)
	}
	made, err := x.store.Send(t.Context(), x.social, letter)
	if err != nil {
		t.Fatal(err)
	}
	want := letter
	want.Who = x.social.Who
	if d := cmp.Diff(want, made, cmpopts.IgnoreFields(estatedb.Sent{}, "IssuedAt")); d != "" {
		t.Error(d)
	}
	later := letter
	later.SHA256, later.Template = fileName("d"), 3
	if again, err := x.store.Send(t.Context(), x.social, later); err != nil || again != made {
		t.Error("a letter that went out is never another:", again, err)
	}
	all, err := x.store.SentOf(t.Context(), x.civil, e.ID)
	if err != nil || len(all) != 1 || all[step] != made {
		t.Error(all, err)
	}
	if held, err := estatedb.LetterFile(t.Context(), x.db.Reader(), fileName("c")); err != nil || !held {
		t.Error(held, err)
	}
	for _, l := range []estatedb.Sent{{Step: "x", Estate: e.ID}, {Step: e.ID, Estate: e.ID, SHA256: fileName("c"), Size: 1}} {
		if _, err := x.store.Send(t.Context(), x.social, l); !errors.Is(err, estatedb.ErrNoLetter) {
			t.Error(err)
		}
	}
	err = x.db.Write(t.Context(), postgres.System(stepCode, "test"), "rewrite", func(tx *postgres.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE estate_letter SET size = 1`)
		return err
	})
	if postgres.Code(err) != "YK003" {
		t.Error("a letter is never changed:", err)
	}
}
