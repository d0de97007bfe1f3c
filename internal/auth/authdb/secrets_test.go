package authdb_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"yike/internal/auth"
	"yike/internal/auth/authdb"
	"yike/internal/postgres/dbtest"
)

// enrol puts a second factor in force and gives its secret and recovery codes.
func (h house) enrol(t *testing.T, acc auth.Account) (secret string, recovery []string) {
	t.Helper()
	made, err := h.StartTOTP(t.Context(), as(acc))
	if err != nil {
		t.Fatal(err)
	}
	recovery, err = h.ConfirmTOTP(t.Context(), as(acc), h.code(t, made.Secret, 0))
	if err != nil {
		t.Fatal(err)
	}
	return made.Secret, recovery
}

// code is a one-time code, some steps from now.
func (h house) code(t *testing.T, secret string, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, h.clock.now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (h house) tryCode(ctx context.Context, code string) (auth.SignedIn, error) {
	return h.SignIn(ctx, adcode, auth.Credentials{Name: "wang", Password: goodPassword, Code: code}, client(""))
}

// TestCodesWorkNearNow holds how far a clock may be off.
func TestCodesWorkNearNow(t *testing.T) {
	t.Parallel()
	h := open(t)
	secret, _ := h.enrol(t, h.person(t, "wang"))
	for _, tc := range []struct {
		steps int
		want  error
	}{{-2, auth.ErrBadCode}, {2, auth.ErrBadCode}, {-1, nil}, {0, nil}, {1, nil}, {0, auth.ErrBadCode}} {
		h.clock.pass(time.Duration(max(0, -tc.steps)) * time.Minute) // away from codes that were used
		if _, err := h.tryCode(t.Context(), h.code(t, secret, tc.steps)); !errors.Is(err, tc.want) {
			t.Errorf("%d steps off: %v, want %v", tc.steps, err, tc.want)
		}
	}
}

// TestCodesWorkOnce holds it for one-time and recovery codes, also when they come twenty
// times at once.
func TestCodesWorkOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	lenient := auth.Standard()
	lenient.Tries = 20
	h.setPolicy(t, lenient)
	secret, recovery := h.enrol(t, h.person(t, "wang"))
	h.clock.pass(time.Minute)
	for method, code := range map[auth.Method]string{auth.ByTOTP: "", auth.ByRecovery: recovery[0]} {
		if code == "" {
			code = h.code(t, secret, 0)
		}
		var in atomic.Int64
		flood(t, 15, 15, func(ctx context.Context, _ int) error {
			signed, err := h.tryCode(ctx, code)
			switch {
			case err == nil && signed.Identity.Method == method:
				in.Add(1)
			case !errors.Is(err, auth.ErrBadCode) && !locked(err):
				return fmt.Errorf("signed in by %s: %w", signed.Identity.Method, err)
			}
			return nil
		})
		if in.Load() != 1 {
			t.Errorf("a code of %s let in %d times", method, in.Load())
		}
		h.clock.pass(20 * time.Minute)
	}
	for _, code := range recovery[1:] {
		if _, err := h.tryCode(t.Context(), code); err != nil {
			t.Errorf("recovery code %s: %v", code, err)
		}
	}
	h.holdsNothing(t, secret, recovery[1])
}

// TestCodesAreCounted holds that whoever knows the password cannot try all codes.
func TestCodesAreCounted(t *testing.T) {
	t.Parallel()
	h := open(t)
	secret, _ := h.enrol(t, h.person(t, "wang"))
	h.clock.pass(time.Minute)
	for range 20 { // asking for the code is no failure
		if _, err := h.tryCode(t.Context(), ""); !errors.Is(err, auth.ErrCodeRequired) {
			t.Fatal(err)
		}
	}
	for range 5 {
		if _, err := h.tryCode(t.Context(), "999999x"); !errors.Is(err, auth.ErrBadCode) {
			t.Fatal(err)
		}
	}
	if _, err := h.tryCode(t.Context(), h.code(t, secret, 0)); !locked(err) {
		t.Errorf("after five wrong codes: %v", err)
	}
}

// TestTOTPIsSealed holds that a secret is bound to the installation's key.
func TestTOTPIsSealed(t *testing.T) {
	t.Parallel()
	h := open(t)
	secret, _ := h.enrol(t, h.person(t, "wang"))
	var sealed []byte
	if err := h.db.Pool().QueryRow(t.Context(), `SELECT totp_secret FROM account_secret`).Scan(&sealed); err != nil || len(sealed) == 0 {
		t.Fatal(err)
	}
	stranger := openWith(t, h.db, cheap()) // with keys of its own
	stranger.clock.pass(time.Minute)
	if _, err := stranger.tryCode(t.Context(), stranger.code(t, secret, 0)); err == nil || errors.Is(err, auth.ErrBadCode) {
		t.Errorf("another installation's key: %v", err)
	}
	if _, err := stranger.StartTOTP(t.Context(), system()); !errors.Is(err, auth.ErrNotFound) {
		t.Errorf("nobody's second factor: %v", err)
	}
}

func TestPasswordsAreRemembered(t *testing.T) {
	t.Parallel()
	h := open(t)
	acc := h.person(t, "wang")
	p := auth.Standard()
	p.Remember = 2
	h.setPolicy(t, p)
	present := goodPassword
	change := func(next string) error {
		err := h.ChangePassword(t.Context(), as(acc), "", present, next)
		if err == nil {
			present = next
		}
		return err
	}
	weak := func(err error) bool {
		var w *auth.WeakPasswordError
		return errors.As(err, &w) && w.Faults[0].Rule == auth.RuleUsedBefore
	}
	second, third, fourth := "second-lamp-on-bridge", "third-lamp-on-bridge", "fourth-lamp-on-bridge"
	for _, tc := range []struct {
		next string
		weak bool
	}{{goodPassword, true}, {second, false}, {goodPassword, true}, {third, false}, {goodPassword, true}, {fourth, false}, {second, true}, {goodPassword, false}} {
		if err := change(tc.next); weak(err) != tc.weak || !tc.weak && err != nil {
			t.Errorf("to %s: %v", tc.next, err)
		}
	}
	h.holdsNothing(t, second, present)
}

func TestPasswordsAge(t *testing.T) {
	t.Parallel()
	h := open(t)
	acc := h.person(t, "wang")
	p := auth.Standard()
	p.MaxAgeDays = 90
	h.setPolicy(t, p)
	own, err := h.Own(t.Context(), as(acc), "")
	if err != nil || !own.PasswordExpiresAt.Equal(h.clock.now().AddDate(0, 0, 90)) {
		t.Errorf("expires at %v, %v", own.PasswordExpiresAt, err)
	}
	if in := h.signIn(t, "wang"); in.Identity.Must != "" {
		t.Errorf("must %s already", in.Identity.Must)
	}
	h.clock.pass(90 * 24 * time.Hour)
	in := h.signIn(t, "wang")
	if in.Identity.Must != auth.MustChangePassword || in.Identity.May(auth.MapRead, "") {
		t.Errorf("must %q", in.Identity.Must)
	}
	if err := h.ChangePassword(t.Context(), as(acc), in.Identity.SessionID, goodPassword, "another-lamp-on-bridge"); err != nil {
		t.Fatal(err)
	}
	if i, err := h.Resolve(t.Context(), adcode, auth.Credential{Session: in.Token}, client("")); err != nil || i.Must != "" {
		t.Errorf("after the change: %+v, %v", i, err)
	}
}

// TestOwnPasswordIsGuessedAt holds that a session that was left open is no way around the
// lock.
func TestOwnPasswordIsGuessedAt(t *testing.T) {
	t.Parallel()
	h := open(t)
	acc := h.person(t, "wang")
	for range 5 {
		if err := h.ChangePassword(t.Context(), as(acc), "", "wrong", "another-lamp-on-bridge"); !errors.Is(err, auth.ErrBadCredentials) {
			t.Fatal(err)
		}
	}
	if err := h.ChangePassword(t.Context(), as(acc), "", goodPassword, "another-lamp-on-bridge"); !locked(err) {
		t.Errorf("after five wrong ones: %v", err)
	}
	if n := h.entries(t, "password.change", "failed"); n != 5 {
		t.Errorf("%d failures in the audit log", n)
	}
	h.clock.pass(16 * time.Minute)
	for range 10 { // a new one that will not do is no failure
		if err := h.ChangePassword(t.Context(), as(acc), "", goodPassword, "weak"); !errors.As(err, new(*auth.WeakPasswordError)) {
			t.Fatal(err)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	h := open(t)
	acc := h.person(t, "wang", auth.Planner)
	ask := auth.NewToken{Name: " QGIS ", Actions: []auth.Action{auth.MapRead, auth.FacilityWrite}, Days: 30}
	token, secret, err := h.CreateToken(t.Context(), as(acc), acc.ID, ask)
	if err != nil || token.Name != "QGIS" || !auth.WellFormedToken(secret) || !token.ExpiresAt.Equal(h.clock.now().AddDate(0, 0, 30)) {
		t.Fatalf("%+v %s %v", token, secret, err)
	}
	resolve := func() (auth.Identity, error) {
		return h.Resolve(t.Context(), adcode, auth.Credential{Token: secret}, client(""))
	}
	i, err := resolve()
	if err != nil || i.SessionID != "" || i.Method != auth.ByToken || !i.May(auth.FacilityWrite, "990101") || i.May(auth.HistoryRead, "") {
		t.Errorf("resolved as %+v, %v", i, err)
	}
	used := func() time.Time {
		t.Helper()
		list, err := h.Tokens(t.Context(), as(acc))
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		return list[0].LastUsedAt
	}
	first := used()
	h.clock.pass(30 * time.Second)
	if _, err := resolve(); err != nil || !used().Equal(first) {
		t.Errorf("used within a minute: %v, %v", used(), err)
	}
	h.clock.pass(30 * time.Second)
	if _, err := resolve(); err != nil || !used().Equal(first.Add(time.Minute)) {
		t.Errorf("used after a minute: %v, %v", used(), err)
	}
	// What its owner may no more, it may no more.
	if err := h.Revoke(t.Context(), system(), acc.ID, acc.Grants[0].ID, "a test"); err != nil {
		t.Fatal(err)
	}
	if i, err := resolve(); err != nil || i.May(auth.FacilityWrite, "") {
		t.Errorf("after the role was taken: %+v, %v", i, err)
	}
	h.clock.pass(30 * 24 * time.Hour)
	if _, err := resolve(); !errors.Is(err, auth.ErrNoSession) {
		t.Errorf("after it expired: %v", err)
	}
	h.clock.pass(91 * 24 * time.Hour)
	if gone := h.forget(t); gone.Tokens != 1 {
		t.Errorf("forgot %+v", gone)
	}
}

func TestTokensAreBounded(t *testing.T) {
	t.Parallel()
	h := open(t)
	acc := h.person(t, "wang", auth.Planner)
	ask := auth.NewToken{Name: "x", Actions: []auth.Action{auth.MapRead}, Days: 1}
	for range 50 {
		if _, _, err := h.CreateToken(t.Context(), as(acc), acc.ID, ask); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := h.CreateToken(t.Context(), as(acc), acc.ID, ask); !errors.Is(err, auth.ErrTooMany) {
		t.Errorf("one more: %v", err)
	}
	if _, _, err := h.CreateToken(t.Context(), system(), "no id", ask); !errors.Is(err, auth.ErrNotFound) {
		t.Errorf("nobody's: %v", err)
	}
}

// TestFailuresAreForgotten holds that a failure is remembered for a day, and not for good.
func TestFailuresAreForgotten(t *testing.T) {
	t.Parallel()
	h := open(t)
	if _, err := h.SignIn(t.Context(), adcode, auth.Credentials{Name: "nobody", Password: "x"}, client("192.0.2.1")); !errors.Is(err, auth.ErrBadCredentials) {
		t.Fatal(err)
	}
	h.clock.pass(24 * time.Hour)
	if gone := h.forget(t); gone.Failures != 0 {
		t.Errorf("after a day forgot %+v", gone)
	}
	h.clock.pass(25 * time.Hour)
	if gone := h.forget(t); gone.Failures != 2 { // of the name and of the address
		t.Errorf("after two forgot %+v", gone)
	}
}

// TestBusy holds that whoever is told to wait has not used up a try.
func TestBusy(t *testing.T) {
	t.Parallel()
	costs := cheap()
	costs.AtOnce, costs.Waiting = 1, 0
	h := openWith(t, dbtest.New(t), costs)
	h.person(t, "wang")
	release := h.Hold(t.Context())
	for range 20 {
		if _, err := h.tryCode(t.Context(), ""); !errors.Is(err, auth.ErrBusy) {
			t.Fatalf("while all are busy: %v", err)
		}
	}
	release()
	if _, err := h.tryCode(t.Context(), ""); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestWaitingEndsWithTheRequest holds that a client that left waits no more.
func TestWaitingEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	costs := cheap()
	costs.AtOnce, costs.Waiting = 1, 1
	h := openWith(t, dbtest.New(t), costs)
	h.person(t, "wang")
	release := h.Hold(t.Context())
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { _, err := h.tryCode(ctx, ""); done <- err }()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("left while waiting: %v", err)
	}
}

// TestDamagedHashes holds that what we never wrote lets nobody in.
func TestDamagedHashes(t *testing.T) {
	t.Parallel()
	for _, phc := range []string{
		"x", "$argon2id$v=19$m=8,t=1,p=1$$", "$argon2i$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=99999999,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=8,t=0,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$nonsense$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=18$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
	} {
		if ok, err := authdb.Check("", phc); ok || err != nil {
			t.Errorf("%s with no password: %v, %v", phc, ok, err)
		}
		if ok, err := authdb.Check("x", phc); ok || err == nil {
			t.Errorf("%s: %v, %v", phc, ok, err)
		}
	}
}
