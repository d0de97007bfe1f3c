package authhttp

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/auth"
	"yike/internal/httpapi"
)

// said is how one error of the store is told.
type said struct {
	err    error
	status int
	code   string
	zh, en string
}

func table() []said {
	return []said{
		{auth.ErrBadCredentials, 401, "bad_credentials", "账号或密码不正确", "Wrong name or password"},
		{auth.ErrCodeRequired, 401, "code_required", "请再输入动态验证码或恢复码", "Enter the one-time code or a recovery code too"},
		{auth.ErrBadCode, 401, "bad_code", "验证码不正确，或已用过", "The code is wrong, or was used before"},
		{auth.ErrNoSession, 401, "sign_in_required", "登录已失效，请重新登录", "You are no longer signed in; sign in again"},
		{auth.ErrDemoNotHere, 403, "demo_not_here", "演示账号只能在运行一刻的那台计算机上使用", "Demonstration accounts work only on the machine that runs Yike"},
		{auth.ErrOwnGrants, 403, "own_grants", "不能给自己授予或收回角色，请由另一位安全管理员操作", "Nobody gives or takes roles of their own; ask another security administrator"},
		{auth.ErrOwnAccount, 403, "own_account", "不能停用自己的账号，也不能以管理员身份重置自己的密码", "Nobody disables their own account or resets their own password as an administrator"},
		{auth.ErrTOTPRequired, 403, "totp_required", "安全策略要求本账号使用动态验证码", "The security policy requires a second factor for your account"},
		{auth.ErrForbidden, 403, "forbidden", "您的账号无权进行此操作", "Your account may not do this"},
		{auth.ErrNotFound, 404, "not_found", "没有找到", "Not found"},
		{auth.ErrNameTaken, 409, "name_taken", "账号名已被使用", "Another account has this name"},
		{auth.ErrGranted, 409, "already_granted", "该账号已有此角色", "The account has this role there already"},
		{auth.ErrTOTPInForce, 409, "totp_in_force", "动态验证码已启用，请先停用", "A second factor is in force already; take it away first"},
		{auth.ErrNoTOTP, 409, "no_totp", "没有设置动态验证码", "No second factor is set up"},
		{auth.ErrTooMany, 409, "too_many_tokens", "有效的令牌过多，请先收回不用的", "You have too many tokens; revoke those that you do not use"},
		{auth.ErrStale, 412, "stale", "记录已被他人修改，请重新读取后再改", "The record was changed meanwhile; read it again, then change it"},
	}
}

// problem tells an error of the store as a problem; one that it does not know is left as
// it is, for the log.
func problem(err error) error {
	var (
		locked  *auth.LockedError
		weak    *auth.WeakPasswordError
		invalid *auth.InvalidError
		apart   *auth.ApartError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &locked):
		return httpapi.NewProblem(http.StatusTooManyRequests, "locked",
			"登录失败次数过多，已暂时锁定，请稍后再试或联系系统管理员", "Too many failed tries: locked for a while. Try again later, or ask a system administrator",
		).After(max(locked.Wait, time.Second))
	case errors.As(err, &weak):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "weak_password", "新密码不合要求，见 errors", "The new password will not do; see errors").With(faults(weak.Faults)...)
	case errors.As(err, &invalid):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "validation", "请求中的参数不合要求，见 errors", "The request has values that are not accepted; see errors").With(faults(invalid.Faults)...)
	case errors.As(err, &apart):
		names := strings.Join(apart.Names, ", ")
		return httpapi.NewProblem(http.StatusConflict, "roles_apart",
			fmt.Sprintf("安全策略要求系统管理员、安全管理员、安全审计员由不同的人担任，涉及账号：%s", names),
			fmt.Sprintf("The security policy keeps system administrator, security administrator and security auditor apart; it concerns %s", names))
	case errors.Is(err, auth.ErrBusy):
		return httpapi.Busy()
	case errors.Is(err, auth.ErrKeyReused):
		return httpapi.KeyReused()
	case errors.Is(err, auth.ErrNoReason):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "validation", "请写明理由", "A reason must be given").
			With(httpapi.Fault{Pointer: "#/reason", Reason: text("请写明理由", "must be given")})
	}
	for _, s := range table() {
		if errors.Is(err, s.err) {
			return challenged(httpapi.NewProblem(s.status, s.code, s.zh, s.en))
		}
	}
	return err
}

// challenged adds to a 401 what RFC 9110 wants beside it.
func challenged(p *httpapi.Problem) error {
	if p.Status != http.StatusUnauthorized {
		return p
	}
	return huma.ErrorWithHeaders(p, http.Header{"WWW-Authenticate": {challenge}})
}

func faults(in []auth.Fault) []httpapi.Fault {
	out := make([]httpapi.Fault, len(in))
	for i, f := range in {
		out[i] = httpapi.Fault{Pointer: "#/" + f.Field, Reason: text(f.ZH, f.EN)}
	}
	return out
}

func signInRequired() *httpapi.Problem {
	return httpapi.NewProblem(http.StatusUnauthorized, "sign_in_required", "请先登录", "Sign in first")
}

func sessionRequired() *httpapi.Problem {
	return httpapi.NewProblem(http.StatusForbidden, "session_required",
		"令牌不能用于此操作，请用账号密码登录", "A token cannot do this; sign in with name and password")
}

func badToken() *httpapi.Problem {
	return httpapi.NewProblem(http.StatusUnauthorized, "bad_token", "令牌无效、已到期或已收回", "The token is not valid, has expired or was revoked")
}
