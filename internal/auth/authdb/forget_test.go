package authdb_test

import (
	"testing"
	"time"

	"yike/internal/auth"
	"yike/internal/auth/authdb"
	"yike/internal/postgres"
)

func (h house) forget(t *testing.T) authdb.Forgotten {
	t.Helper()
	var done authdb.Forgotten
	err := h.db.Write(t.Context(), system(), "retention", func(tx *postgres.Tx) (err error) {
		done, err = h.Forget(t.Context(), tx, authdb.UsualKeep())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// Nothing that is needed goes, and what is not needed goes in every version of it.
func TestForget(t *testing.T) {
	t.Parallel()
	h := open(t)
	gone, stays := h.person(t, "gone", auth.ReadOnly), h.person(t, "stays", auth.ReadOnly)
	in := h.signIn(t, "stays")
	_, _ = h.SignIn(t.Context(), adcode, auth.Credentials{Name: "stays", Password: "a wrong guess"}, client("192.0.2.9"))
	if done := h.forget(t); done != (authdb.Forgotten{}) || !h.alive(t, in) {
		t.Errorf("forgot %+v on the first day", done)
	}
	off := auth.Disabled
	if _, err := h.Update(t.Context(), system(), gone.ID, gone.Version, auth.AccountChange{Status: &off}); err != nil {
		t.Fatal(err)
	}
	// The database stamps versions with its own clock, so the store's runs ahead of it.
	h.clock.at = time.Now().Add(181 * 24 * time.Hour)
	done := h.forget(t)
	if done.Phones != 1 || done.Sessions == 0 || done.Failures == 0 {
		t.Errorf("forgot %+v after half a year", done)
	}
	var left int
	err := h.db.Pool().QueryRow(t.Context(), `
SELECT count(*) FROM (SELECT id, phone FROM account UNION ALL SELECT id, phone FROM account_history) AS every
WHERE id = $1 AND phone <> ''`, gone.ID).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("%d versions still hold the phone number: %v", left, err)
	}
	if acc, err := h.Account(t.Context(), system(), stays.ID); err != nil || acc.Phone == "" {
		t.Errorf("an account in use lost its number: %+v, %v", acc, err)
	}
	if again := h.forget(t); again != (authdb.Forgotten{}) {
		t.Errorf("a second time forgot %+v", again)
	}
}
