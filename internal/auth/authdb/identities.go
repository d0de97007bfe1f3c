package authdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"yike/internal/auth"
	"yike/internal/postgres"
)

// SignInAs makes a session for the account that an identity of a provider is linked to.
// It returns auth.ErrUnknownIdentity when there is none or it is disabled, and
// auth.ErrDemoNotHere.
func (a *Accounts) SignInAs(ctx context.Context, adcode string, v auth.Vouched, client auth.Client) (auth.SignedIn, error) {
	v.Issuer, v.Subject = storable(v.Issuer), storable(v.Subject)
	stored, err := policyOf(ctx, a.db.Reader(), adcode)
	if err != nil {
		return auth.SignedIn{}, err
	}
	known, err := scanCandidate(a.db.Reader().QueryRow(ctx, `
SELECT `+candidateColumns+` FROM account_identity i
JOIN account a ON a.adcode = i.adcode AND a.id = i.account_id
JOIN account_secret x ON x.adcode = i.adcode AND x.account_id = i.account_id
WHERE i.adcode = @adcode AND i.issuer = @issuer AND i.subject = @subject`,
		pgx.StrictNamedArgs{"adcode": adcode, "issuer": v.Issuer, "subject": v.Subject}))
	if err != nil {
		return auth.SignedIn{}, err
	}
	refuse := func(why error) (auth.SignedIn, error) {
		w := writerOf(adcode, "", known.who(), client)
		err := a.db.Refused(ctx, w, "refused", why.Error(), postgres.Note{Action: actionSignIn, Kind: "account", ID: known.ID, After: map[string]any{"issuer": v.Issuer}})
		if err != nil {
			return auth.SignedIn{}, err
		}
		return auth.SignedIn{}, why
	}
	if known.ID == "" || known.Status != auth.Active {
		return refuse(auth.ErrUnknownIdentity)
	}
	if known.Demo && !client.Demo {
		return refuse(auth.ErrDemoNotHere)
	}
	return a.open(ctx, opening{guess: a.guess(adcode, known.Name, "", stored.Policy), who: known, method: auth.ByOIDC, client: client})
}

// LinkIdentity links an identity of a provider to an account: the writer's own, or for
// the system any. The same link twice is no error; auth.ErrIdentityTaken says that the
// identity is another account's, or the account has another identity there.
func (a *Accounts) LinkIdentity(ctx context.Context, w postgres.Writer, account string, v auth.Vouched) error {
	if w.Account != "" && w.Account != account {
		return auth.ErrForbidden
	}
	if v.Issuer == "" || v.Subject == "" || storable(v.Issuer+v.Subject) != v.Issuer+v.Subject {
		return auth.ErrUnknownIdentity
	}
	if _, err := a.byID(ctx, w.AdCode, account); err != nil {
		return err
	}
	args := pgx.StrictNamedArgs{"adcode": w.AdCode, "account": account, "issuer": v.Issuer, "subject": v.Subject}
	err := a.db.Write(ctx, w, "关联统一身份 / link an identity", func(tx *postgres.Tx) error {
		tx.Note(postgres.Note{Action: "identity.link", Kind: "account", ID: account, After: map[string]any{"issuer": v.Issuer}})
		return tx.AsOwner(ctx, func() error {
			tag, err := tx.Exec(ctx, `
INSERT INTO account_identity (adcode, account_id, issuer, subject) VALUES (@adcode, @account, @issuer, @subject)
ON CONFLICT DO NOTHING`, args)
			if err != nil {
				return fmt.Errorf("link the identity: %w", err)
			}
			if tag.RowsAffected() == 1 {
				return nil
			}
			var same bool
			err = tx.QueryRow(ctx, `
SELECT EXISTS (SELECT FROM account_identity
	WHERE adcode = @adcode AND account_id = @account AND issuer = @issuer AND subject = @subject)`, args).Scan(&same)
			if err != nil {
				return fmt.Errorf("look up the identity: %w", err)
			}
			if same {
				return errNothingToDo
			}
			return auth.ErrIdentityTaken
		})
	})
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	return told(err)
}

// unlink takes away the identities of an account.
func (a *Accounts) unlink(ctx context.Context, tx *postgres.Tx, account string) error {
	_, err := tx.Exec(ctx, `DELETE FROM account_identity WHERE adcode = @adcode AND account_id = @account`,
		pgx.StrictNamedArgs{"adcode": tx.Writer().AdCode, "account": account})
	if err != nil {
		return fmt.Errorf("unlink identities: %w", err)
	}
	return nil
}

// UnlinkIdentities takes away the identities of an account at every provider: the
// writer's own, or for the system anybody's. None is no error.
func (a *Accounts) UnlinkIdentities(ctx context.Context, w postgres.Writer, account string) error {
	if w.Account != "" && w.Account != account {
		return auth.ErrForbidden
	}
	return told(a.db.Write(ctx, w, "解除统一身份关联 / unlink identities", func(tx *postgres.Tx) error {
		tx.Note(postgres.Note{Action: "identity.unlink", Kind: "account", ID: account})
		return tx.AsOwner(ctx, func() error { return a.unlink(ctx, tx, account) })
	}))
}
