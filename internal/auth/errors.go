package auth

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What sign-in and administration may fail of. Those who store accounts return them,
// perhaps wrapped; those who serve them turn them into answers.
var (
	// ErrBadCredentials says that no account has this name and password. It never says which of the two is wrong.
	ErrBadCredentials = errors.New("账号或密码不正确 / wrong name or password")
	// ErrCodeRequired says that the password is right and a one-time code is needed too.
	ErrCodeRequired = errors.New("需要动态验证码 / a one-time code is needed")
	// ErrBadCode says that a one-time or recovery code is wrong or was used before.
	ErrBadCode = errors.New("验证码不正确或已用过 / the code is wrong or was used before")
	// ErrDemoNotHere says that a demonstration account is used from elsewhere than the machine that shows it.
	ErrDemoNotHere = errors.New("演示账号只能在本机使用 / demonstration accounts work on this machine only")
	// ErrBusy says that too many passwords are being checked.
	ErrBusy = errors.New("登录请求过多 / too many are signing in")
	// ErrNoSession says that a session or token is unknown, has ended or was revoked.
	ErrNoSession = errors.New("登录已失效 / the session or token is not valid")
	// ErrNotFound says that there is no such account, grant, session or token.
	ErrNotFound = errors.New("没有找到 / not found")
	// ErrNameTaken says that another account has the name.
	ErrNameTaken = errors.New("账号名已被使用 / the account name is taken")
	// ErrGranted says that the account has the role there already.
	ErrGranted = errors.New("已有此角色 / the role is granted already")
	// ErrOwnGrants says that somebody gives or takes roles of their own.
	ErrOwnGrants = errors.New("不能给自己授权 / nobody changes their own roles")
	// ErrOwnAccount says that somebody would disable or reset their own account as an administrator.
	ErrOwnAccount = errors.New("不能对自己的账号做此操作 / this cannot be done to one's own account")
	// ErrRolesApart is what every ApartError wraps.
	ErrRolesApart = errors.New("三员不得兼任 / the three administrators are kept apart")
	// ErrTOTPInForce says that a second factor is set up already.
	ErrTOTPInForce = errors.New("动态验证码已启用 / a second factor is in force already")
	// ErrNoTOTP says that no second factor is set up, or waits to be confirmed.
	ErrNoTOTP = errors.New("没有动态验证码 / there is no second factor")
	// ErrTOTPRequired says that the policy does not let this account be without a second factor.
	ErrTOTPRequired = errors.New("安全策略要求动态验证码 / the policy requires a second factor")
	// ErrUnknownIdentity says that no account is linked to the identity that a provider vouched for.
	ErrUnknownIdentity = errors.New("该身份没有对应的账号 / no account is linked to this identity")
	// ErrIdentityTaken says that the identity is linked to another account.
	ErrIdentityTaken = errors.New("该身份已对应另一账号 / the identity is linked to another account")
	// ErrTooMany says that an account has as many tokens as it may have.
	ErrTooMany = errors.New("令牌过多 / too many tokens")
	// ErrStale says that the record was changed since the version that the writer saw.
	ErrStale = errors.New("记录已被他人修改 / the record was changed meanwhile")
	// ErrForbidden says that the writer lacks the right.
	ErrForbidden = errors.New("无权进行此操作 / not allowed")
	// ErrKeyReused says that an idempotency key came with another request before.
	ErrKeyReused = errors.New("幂等键已用于另一个请求 / the idempotency key was used for another request")
	// ErrNoReason says that a reason must be given, and that GoodReason does not take this one.
	ErrNoReason = errors.New("请写明理由 / a reason must be given")
)

// LockedError says that too many tries failed, and when one may try again.
type LockedError struct {
	Until time.Time
	Wait  time.Duration // until then
}

func (e *LockedError) Error() string {
	return "登录失败次数过多，账号已锁定 / locked after too many failed tries until " + e.Until.Format(time.RFC3339)
}

// InvalidError lists what is wrong with what was given.
type InvalidError struct{ Faults []Fault }

func (e *InvalidError) Error() string {
	words := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		words[i] = f.Field + ": " + f.ZH + " / " + f.EN
	}
	return strings.Join(words, "; ")
}

// WeakPasswordError lists the rules that a new password breaks.
type WeakPasswordError struct{ Faults []Fault }

func (e *WeakPasswordError) Error() string { return (&InvalidError{e.Faults}).Error() }

// ApartError names the accounts that would hold two of the three administrators' roles.
type ApartError struct{ Names []string }

func (e *ApartError) Error() string {
	return fmt.Sprintf("%v: %s", ErrRolesApart, strings.Join(e.Names, ", "))
}

// Unwrap gives ErrRolesApart.
func (e *ApartError) Unwrap() error { return ErrRolesApart }

func itoa(n int) string { return strconv.Itoa(n) }
