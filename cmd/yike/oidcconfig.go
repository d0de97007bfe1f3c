package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"yike/internal/auth/oidclogin"
)

// oidcCallback is the path at which a browser comes back from the identity provider.
const oidcCallback = "/api/v1/session/oidc/callback"

// oidcConfig is the optional sign-in at the authority's identity provider (统一身份认证),
// off by default.
type oidcConfig struct {
	Login  oidclogin.Config // YIKE_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET(_FILE), _SCOPES, _NAME_CLAIM, _DISPLAY_CLAIM, _ACR, _AMR, _CA_FILE
	NameZH string           // YIKE_OIDC_NAME_ZH: on the button of the login page
	NameEN string           // YIKE_OIDC_NAME_EN
}

// oidcVariables are all settings of the identity provider but the one that turns it on.
func oidcVariables() []string {
	return []string{
		"YIKE_OIDC_CLIENT_ID", "YIKE_OIDC_CLIENT_SECRET", "YIKE_OIDC_CLIENT_SECRET_FILE", "YIKE_OIDC_NAME_ZH", "YIKE_OIDC_NAME_EN",
		"YIKE_OIDC_SCOPES", "YIKE_OIDC_NAME_CLAIM", "YIKE_OIDC_DISPLAY_CLAIM", "YIKE_OIDC_ACR", "YIKE_OIDC_AMR", "YIKE_OIDC_CA_FILE",
	}
}

// oidcFromEnv reads the settings of the identity provider through getenv, and the files
// they name; false when none is set up. Every fault is named, not the first only; all are
// bad input, and none repeats a secret.
func oidcFromEnv(getenv func(string) string) (oidcConfig, bool, error) {
	issuer := getenv("YIKE_OIDC_ISSUER")
	if issuer == "" {
		return oidcConfig{}, false, oidcAlone(getenv)
	}
	c := oidcConfig{
		NameZH: orDefault(getenv("YIKE_OIDC_NAME_ZH"), "统一身份认证"),
		NameEN: orDefault(getenv("YIKE_OIDC_NAME_EN"), "Single sign-on"),
		Login: oidclogin.Config{
			Issuer: issuer, ClientID: getenv("YIKE_OIDC_CLIENT_ID"),
			NameClaim: getenv("YIKE_OIDC_NAME_CLAIM"), DisplayClaim: getenv("YIKE_OIDC_DISPLAY_CLAIM"),
			ACR: strings.Fields(getenv("YIKE_OIDC_ACR")), AMR: strings.Fields(getenv("YIKE_OIDC_AMR")),
		},
	}
	if scopes := strings.Fields(getenv("YIKE_OIDC_SCOPES")); len(scopes) > 0 {
		c.Login.Scopes = scopes
	}
	var errIssuer, errClient, errSecret, errCA, errBack error
	if _, err := oidclogin.ParseAddress(issuer); err != nil {
		errIssuer = badInput("YIKE_OIDC_ISSUER 应形如 https://sso.example.gov.cn/realms/staff（只有本机可用 http），不含用户、查询与片段",
			"YIKE_OIDC_ISSUER must look like https://sso.example.gov.cn/realms/staff (http on this machine only), without user, query or fragment")
	}
	if c.Login.ClientID == "" {
		errClient = badInput("设置了 YIKE_OIDC_ISSUER，却没有 YIKE_OIDC_CLIENT_ID", "YIKE_OIDC_ISSUER is set without YIKE_OIDC_CLIENT_ID")
	}
	c.Login.ClientSecret, errSecret = oidcSecret(getenv)
	c.Login.CA, errCA = oidcCertificates(getenv("YIKE_OIDC_CA_FILE"))
	c.Login.RedirectURL, errBack = oidcBack(getenv("YIKE_PUBLIC_URL"))
	if err := errors.Join(errIssuer, errClient, errSecret, errCA, errBack); err != nil {
		return oidcConfig{}, false, err
	}
	return c, true, nil
}

// oidcAlone names a setting that means nothing without an issuer: a name misspelt, or an
// issuer forgotten.
func oidcAlone(getenv func(string) string) error {
	var set []string
	for _, name := range oidcVariables() {
		if getenv(name) != "" {
			set = append(set, name)
		}
	}
	if set == nil {
		return nil
	}
	return badInput("设置了 "+strings.Join(set, "、")+"，却没有 YIKE_OIDC_ISSUER", strings.Join(set, ", ")+" set without YIKE_OIDC_ISSUER")
}

// oidcSecret takes the client secret from one of the two places where it may be.
func oidcSecret(getenv func(string) string) (oidclogin.Secret, error) {
	secret, path := getenv("YIKE_OIDC_CLIENT_SECRET"), getenv("YIKE_OIDC_CLIENT_SECRET_FILE")
	switch {
	case secret != "" && path != "":
		return "", badInput("YIKE_OIDC_CLIENT_SECRET 与 YIKE_OIDC_CLIENT_SECRET_FILE 只能设置一个",
			"only one of YIKE_OIDC_CLIENT_SECRET and YIKE_OIDC_CLIENT_SECRET_FILE may be set")
	case secret == "" && path == "":
		return "", badInput("设置了 YIKE_OIDC_ISSUER，却没有 YIKE_OIDC_CLIENT_SECRET_FILE 或 YIKE_OIDC_CLIENT_SECRET",
			"YIKE_OIDC_ISSUER is set without YIKE_OIDC_CLIENT_SECRET_FILE or YIKE_OIDC_CLIENT_SECRET")
	case path == "":
		return oidclogin.Secret(secret), nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", oidcFile("YIKE_OIDC_CLIENT_SECRET_FILE", path, err)
	}
	if secret = strings.TrimSpace(string(raw)); secret == "" {
		return "", badInput("YIKE_OIDC_CLIENT_SECRET_FILE="+path+"：文件是空的", "YIKE_OIDC_CLIENT_SECRET_FILE="+path+": the file is empty")
	}
	return oidclogin.Secret(secret), nil
}

// oidcCertificates reads a file of certificates; nil where none is named.
func oidcCertificates(path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, oidcFile("YIKE_OIDC_CA_FILE", path, err)
	}
	if _, err := oidclogin.Certificates(raw); err != nil {
		return nil, badInput("YIKE_OIDC_CA_FILE="+path+"：其中没有 PEM 格式的证书", "YIKE_OIDC_CA_FILE="+path+": holds no certificate in PEM")
	}
	return raw, nil
}

func oidcFile(name, path string, err error) error {
	var fault *os.PathError
	if errors.As(err, &fault) {
		err = fault.Err // the path is named already
	}
	return badInput(fmt.Sprintf("%s=%s：无法读取（%v）", name, path, err), fmt.Sprintf("%s=%s: cannot be read (%v)", name, path, err))
}

// oidcBack is the address that is registered with the provider. It must be known before
// anybody asks, and a provider sends codes to https only.
func oidcBack(public string) (string, error) {
	if public == "" {
		return "", badInput("设置了 YIKE_OIDC_ISSUER，却没有 YIKE_PUBLIC_URL：身份认证要按它返回本系统",
			"YIKE_OIDC_ISSUER is set without YIKE_PUBLIC_URL, by which the identity provider finds the way back")
	}
	u, err := publicURL(public)
	if err != nil {
		return "", err
	}
	back := u.JoinPath(oidcCallback).String()
	if _, err := oidclogin.ParseAddress(back); err != nil {
		return "", badInput("使用统一身份认证时，YIKE_PUBLIC_URL 须为 https（只有本机可用 http）",
			"with an identity provider, YIKE_PUBLIC_URL must be https (http on this machine only)")
	}
	return back, nil
}
