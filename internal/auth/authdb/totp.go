package authdb

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"yike/internal/auth"
	"yike/internal/postgres"
)

// One-time codes are those that every authenticator app makes: SHA-1, six digits, a new
// one every 30 seconds; one step before and after is taken too, for clocks that differ.
const (
	totpDigits  = 6
	totpPeriod  = 30
	totpSkew    = 1
	totpSecret  = 20 // bytes
	totpIssuer  = "Yike"
	recoveries  = 10
	recoveryLen = 10 // bytes: 80 bits, so that a plain hash keeps them
)

// purposeTOTP binds a sealed secret to its account.
func purposeTOTP(adcode, account string) string { return "totp " + adcode + " " + account }

// stepOf finds the step whose code this is, near a moment; false when there is none.
func stepOf(code, secret string, now time.Time) (int64, bool, error) {
	for skew := int64(-totpSkew); skew <= totpSkew; skew++ {
		at := now.Add(time.Duration(skew*totpPeriod) * time.Second)
		ok, err := totp.ValidateCustom(code, secret, at, totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if errors.Is(err, otp.ErrValidateInputInvalidLength) {
			return 0, false, nil
		}
		if err != nil {
			return 0, false, fmt.Errorf("check a one-time code: %w", err)
		}
		if ok {
			return at.Unix() / totpPeriod, true, nil
		}
	}
	return 0, false, nil
}

// useCode takes a one-time or a recovery code, each of which works once, or returns
// auth.ErrBadCode.
func (a *Accounts) useCode(ctx context.Context, adcode string, known candidate, code string) (auth.Method, error) {
	code = plainCode(code)
	if len(code) != totpDigits {
		return auth.ByRecovery, a.useRecovery(ctx, adcode, known.ID, code)
	}
	secret, err := a.ring.Unseal(known.TOTPSecret, purposeTOTP(adcode, known.ID))
	if err != nil {
		return "", fmt.Errorf("open the second factor: %w", err)
	}
	step, ok, err := stepOf(code, string(secret), a.now())
	if err != nil {
		return "", err
	}
	if !ok {
		return "", auth.ErrBadCode
	}
	return auth.ByTOTP, a.useStep(ctx, a.db.Pool(), adcode, known.ID, step)
}

// useStep marks a step as used; the same or an earlier one is auth.ErrBadCode.
func (a *Accounts) useStep(ctx context.Context, db execer, adcode, account string, step int64) error {
	tag, err := db.Exec(ctx, `
UPDATE account_secret SET totp_step = @step WHERE adcode = @adcode AND account_id = @account AND totp_step < @step`,
		pgx.StrictNamedArgs{"adcode": adcode, "account": account, "step": step})
	if err != nil {
		return fmt.Errorf("use a one-time code: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return auth.ErrBadCode
	}
	return nil
}

func (a *Accounts) useRecovery(ctx context.Context, adcode, account, code string) error {
	tag, err := a.db.Pool().Exec(ctx, `
UPDATE account_secret SET recovery_hashes = array_remove(recovery_hashes, @hash)
WHERE adcode = @adcode AND account_id = @account AND @hash = ANY (recovery_hashes)`,
		pgx.StrictNamedArgs{"adcode": adcode, "account": account, "hash": recoveryHash(account, code)})
	if err != nil {
		return fmt.Errorf("use a recovery code: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return auth.ErrBadCode
	}
	return nil
}

// plainCode is a code without what people put between its groups.
func plainCode(typed string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(typed))
}

func recoveryHash(account, code string) string { return hexOf(hashOf([]byte(account + " " + code))) }

// StartTOTP makes a secret for the writer's second factor, which is not in force until it
// is confirmed; one that waits is replaced, but not by a repeated request. It returns
// auth.ErrTOTPInForce when there is one in force.
func (a *Accounts) StartTOTP(ctx context.Context, w postgres.Writer) (auth.NewTOTP, error) {
	known, err := a.byID(ctx, w.AdCode, w.Account)
	if err != nil {
		return auth.NewTOTP{}, err
	}
	_, err = postgres.WriteOnce(ctx, a.db, w, "设置动态验证码 / set up a second factor", func(tx *postgres.Tx) (struct{}, error) {
		tx.Note(postgres.Note{Action: "totp.start", Kind: "account", ID: w.Account})
		return struct{}{}, tx.AsOwner(ctx, func() error { return a.storeTOTP(ctx, tx) })
	})
	if err != nil {
		return auth.NewTOTP{}, told(err)
	}
	// Read back, since a repeated request must give what the first one gave.
	secret, err := a.pendingTOTP(ctx, a.db.Reader(), w)
	if err != nil {
		return auth.NewTOTP{}, err
	}
	return auth.NewTOTP{Secret: secret, URI: totpURI(secret, known.Name)}, nil
}

func (a *Accounts) storeTOTP(ctx context.Context, tx *postgres.Tx) error {
	random := make([]byte, totpSecret)
	_, _ = rand.Read(random) // never fails
	w := tx.Writer()
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random)
	tag, err := tx.Exec(ctx, `
UPDATE account_secret SET totp_secret = @secret WHERE adcode = @adcode AND account_id = @account AND totp_confirmed_at IS NULL`,
		pgx.StrictNamedArgs{"adcode": w.AdCode, "account": w.Account, "secret": a.ring.Seal([]byte(secret), purposeTOTP(w.AdCode, w.Account))})
	if err != nil {
		return fmt.Errorf("keep the second factor: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return auth.ErrTOTPInForce
	}
	return nil
}

// pendingTOTP opens the secret that waits to be confirmed.
func (a *Accounts) pendingTOTP(ctx context.Context, q postgres.Querier, w postgres.Writer) (string, error) {
	var sealed []byte
	err := q.QueryRow(ctx, `
SELECT totp_secret FROM account_secret
WHERE adcode = @adcode AND account_id = @account AND totp_confirmed_at IS NULL AND totp_secret IS NOT NULL`,
		pgx.StrictNamedArgs{"adcode": w.AdCode, "account": w.Account}).Scan(&sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", auth.ErrNoTOTP
	}
	if err != nil {
		return "", fmt.Errorf("read the second factor: %w", err)
	}
	secret, err := a.ring.Unseal(sealed, purposeTOTP(w.AdCode, w.Account))
	if err != nil {
		return "", fmt.Errorf("open the second factor: %w", err)
	}
	return string(secret), nil
}

// totpURI is what an authenticator app reads from the QR code.
func totpURI(secret, name string) string {
	q := url.Values{
		"secret": {secret}, "issuer": {totpIssuer}, "algorithm": {"SHA1"},
		"digits": {fmt.Sprint(totpDigits)}, "period": {fmt.Sprint(totpPeriod)},
	}
	return "otpauth://totp/" + totpIssuer + ":" + url.PathEscape(name) + "?" + q.Encode()
}

// ConfirmTOTP puts the waiting second factor in force with its first code, and gives the
// recovery codes, which are kept nowhere; a repeated request gives none. It returns
// auth.ErrNoTOTP when none waits, and auth.ErrBadCode.
func (a *Accounts) ConfirmTOTP(ctx context.Context, w postgres.Writer, code string) ([]string, error) {
	w = a.withSecrets(w)
	var codes []string
	_, err := postgres.WriteOnce(ctx, a.db, w, "启用动态验证码 / put a second factor in force", func(tx *postgres.Tx) (struct{}, error) {
		tx.Note(postgres.Note{Action: "totp.confirm", Kind: "account", ID: w.Account})
		return struct{}{}, tx.AsOwner(ctx, func() error {
			secret, err := a.pendingTOTP(ctx, tx, w)
			if err != nil {
				return err
			}
			step, ok, err := stepOf(plainCode(code), secret, a.now())
			if err != nil {
				return err
			}
			if !ok {
				return auth.ErrBadCode
			}
			if err := a.useStep(ctx, tx, w.AdCode, w.Account, step); err != nil {
				return err
			}
			codes, err = a.putInForce(ctx, tx)
			return err
		})
	})
	a.held.empty()
	if err != nil {
		return nil, told(err)
	}
	return codes, nil
}

func (a *Accounts) putInForce(ctx context.Context, tx *postgres.Tx) ([]string, error) {
	w := tx.Writer()
	codes, hashes := make([]string, recoveries), make([]string, recoveries)
	for i := range codes {
		random := make([]byte, recoveryLen)
		_, _ = rand.Read(random) // never fails
		plain := auth.Base32(random)
		codes[i], hashes[i] = inGroups(plain, 4), recoveryHash(w.Account, plain)
	}
	_, err := tx.Exec(ctx, `
UPDATE account_secret SET totp_confirmed_at = @now, recovery_hashes = @hashes WHERE adcode = @adcode AND account_id = @account`,
		pgx.StrictNamedArgs{"adcode": w.AdCode, "account": w.Account, "now": a.now(), "hashes": hashes})
	if err != nil {
		return nil, fmt.Errorf("put the second factor in force: %w", err)
	}
	return codes, nil
}

// inGroups writes a code in groups of n letters.
func inGroups(s string, n int) string {
	var groups []string
	for len(s) > n {
		groups, s = append(groups, s[:n]), s[n:]
	}
	return strings.Join(append(groups, s), "-")
}

// RemoveTOTP takes the writer's second factor away. It returns auth.ErrTOTPRequired when
// the policy asks for one, auth.ErrNoTOTP, and what SignIn returns for a wrong password.
func (a *Accounts) RemoveTOTP(ctx context.Context, w postgres.Writer, password string) error {
	known, err := a.byID(ctx, w.AdCode, w.Account)
	if err != nil {
		return err
	}
	g, own, err := a.ownGuess(ctx, w, known)
	if err != nil {
		return err
	}
	grants := make([]auth.Grant, len(own.Grants))
	for i, gr := range own.Grants {
		grants[i] = gr.Grant
	}
	if g.policy.NeedsTOTP(grants) {
		return auth.ErrTOTPRequired
	}
	if !known.TOTPConfirmed {
		return auth.ErrNoTOTP
	}
	if _, err := a.checkPassword(ctx, g, known, password, w, "totp.remove"); err != nil {
		return err
	}
	err = a.db.Write(ctx, w, "停用动态验证码 / take the second factor away", func(tx *postgres.Tx) error {
		tx.Note(postgres.Note{Action: "totp.remove", Kind: "account", ID: w.Account})
		return tx.AsOwner(ctx, func() error {
			if err := removeTOTP(ctx, tx, w.AdCode, w.Account); err != nil {
				return err
			}
			return clearFailures(ctx, tx, g)
		})
	})
	a.held.empty()
	return told(err)
}

// removeTOTP forgets the second factor; the last step stays, so that no code is used twice.
func removeTOTP(ctx context.Context, tx pgx.Tx, adcode, account string) error {
	_, err := tx.Exec(ctx, `
UPDATE account_secret SET totp_secret = NULL, totp_confirmed_at = NULL, recovery_hashes = '{}'
WHERE adcode = @adcode AND account_id = @account`, pgx.StrictNamedArgs{"adcode": adcode, "account": account})
	if err != nil {
		return fmt.Errorf("forget the second factor: %w", err)
	}
	return nil
}
