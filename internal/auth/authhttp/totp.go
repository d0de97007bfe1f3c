package authhttp

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/skip2/go-qrcode"

	"yike/internal/httpapi"
)

func (h handlers[W]) registerTOTP(api huma.API) {
	httpapi.Register(api, operation("start-totp", http.MethodPost, "/account/totp", tagAccount, "Set up a second factor · 设置动态验证码",
		"It is in force once it is confirmed; one that waits is replaced. The secret is in this answer only, and in that to the same Idempotency-Key.", 409), h.startTOTP)
	httpapi.Register(api, operation("confirm-totp", http.MethodPost, "/account/totp/confirm", tagAccount, "Put the second factor in force · 启用动态验证码",
		"Gives ten recovery codes, each of which works once in place of a one-time code. They are in this answer only: repeated with the same Idempotency-Key it has none.", 409), h.confirmTOTP)
	httpapi.Register(api, operation("remove-totp", http.MethodDelete, "/account/totp", tagAccount, "Take the second factor away · 停用动态验证码",
		"Not where the security policy requires it.", 409), h.removeTOTP)
}

type totpSetup struct {
	Body struct {
		Secret string `json:"secret" doc:"To be typed into an authenticator app, in base32"`
		URI    string `json:"uri" doc:"The same for the app: otpauth://…"`
		QRSVG  string `json:"qr_svg" doc:"The same as a QR code"`
	}
}

func (h handlers[W]) startTOTP(ctx context.Context, _ *struct{}) (*totpSetup, error) {
	if _, err := own(ctx); err != nil {
		return nil, err
	}
	made, err := h.Store.StartTOTP(ctx, h.Writer(ctx))
	if err != nil {
		return nil, problem(err)
	}
	out := &totpSetup{}
	out.Body.Secret, out.Body.URI = made.Secret, made.URI
	out.Body.QRSVG, err = qrSVG(made.URI)
	return out, err
}

// qrSVG draws a QR code as an SVG picture, with nothing in it but one path.
func qrSVG(content string) (string, error) {
	code, err := qrcode.New(content, qrcode.Medium)
	if err != nil {
		return "", fmt.Errorf("draw the QR code: %w", err)
	}
	rows := code.Bitmap()
	var path strings.Builder
	for y, row := range rows {
		for x, dark := range row {
			if dark {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`, len(rows), len(rows), len(rows), len(rows), path.String()), nil
}

type confirmInput struct {
	Body struct {
		Code string `json:"code" doc:"The first code that the app shows"`
	}
}

type recoveryCodes struct {
	Body struct {
		RecoveryCodes []string `json:"recovery_codes" nullable:"false"`
	}
}

func (h handlers[W]) confirmTOTP(ctx context.Context, in *confirmInput) (*recoveryCodes, error) {
	if _, err := own(ctx); err != nil {
		return nil, err
	}
	codes, err := h.Store.ConfirmTOTP(ctx, h.Writer(ctx), in.Body.Code)
	if err != nil {
		return nil, problem(err)
	}
	out := &recoveryCodes{}
	out.Body.RecoveryCodes = orEmpty(codes)
	return out, nil
}

type removeInput struct {
	Body struct {
		Password string `json:"password"`
	}
}

func (h handlers[W]) removeTOTP(ctx context.Context, in *removeInput) (*struct{}, error) {
	if _, err := own(ctx); err != nil {
		return nil, err
	}
	return nil, problem(h.Store.RemoveTOTP(ctx, h.Writer(ctx), in.Body.Password))
}
