package authhttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/auth"
	"yike/internal/httpapi"
)

func (h handlers[W]) registerPowers(api huma.API) {
	httpapi.Register(api, operation("roles", http.MethodGet, "/roles", tagAccounts, "The roles and what they may do · 角色", ""), h.roles)
	httpapi.Register(api, created(operation("create-grant", http.MethodPost, "/accounts/{id}/grants", tagAccounts, "Give a role · 授予角色",
		"In a division and all below it, or everywhere. Nobody gives roles to themselves.", 404, 409)), h.grant)
	httpapi.Register(api, operation("delete-grant", http.MethodDelete, "/accounts/{id}/grants/{grant}", tagAccounts, "Take a role · 收回角色",
		"It is gone with the next request.", 404), h.revoke)
	httpapi.Register(api, operation("security-policy", http.MethodGet, "/security-policy", tagAccounts, "The security policy · 安全策略",
		`Its entity tag is "0" as long as nobody has set one.`), h.policy)
	httpapi.Register(api, operation("set-security-policy", http.MethodPut, "/security-policy", tagAccounts, "Set the security policy · 修改安全策略",
		"The djbh profile follows GB/T 22239 (等保三级). One that keeps the three administrators apart is refused while an account holds two of their roles.", 409, 412, 428), h.setPolicy)
}

type role struct {
	Role    auth.Role     `json:"role"`
	ZH      string        `json:"zh"`
	EN      string        `json:"en"`
	Bounded bool          `json:"bounded" doc:"Makes sense bounded to a division"`
	Actions []auth.Action `json:"actions" nullable:"false"`
}

type roleList struct {
	Body struct {
		Roles []role `json:"roles" nullable:"false"`
	}
}

func (h handlers[W]) roles(context.Context, *struct{}) (*roleList, error) {
	out := &roleList{}
	for _, r := range auth.Roles() {
		allowed := []auth.Action{}
		for _, a := range auth.Actions() {
			if auth.Allows(r.Role, a) {
				allowed = append(allowed, a)
			}
		}
		out.Body.Roles = append(out.Body.Roles, role{r.Role, r.ZH, r.EN, r.Bounded, allowed})
	}
	return out, nil
}

type grantInput struct {
	PathID
	Body struct {
		Role     auth.Role `json:"role"`
		Division string    `json:"division_code,omitempty" doc:"Empty is everywhere"`
		Reason   string    `json:"reason" doc:"Goes into the audit log"`
	}
}

type grantReply struct{ Body auth.GrantRecord }

func (h handlers[W]) grant(ctx context.Context, in *grantInput) (*grantReply, error) {
	if _, err := signedIn(ctx); err != nil {
		return nil, err
	}
	made, err := h.Store.Grant(ctx, h.Writer(ctx), in.ID, auth.Grant{Role: in.Body.Role, Division: in.Body.Division}, in.Body.Reason)
	if err != nil {
		return nil, problem(err)
	}
	return &grantReply{made}, nil
}

type revokeInput struct {
	PathID
	Grant  string `path:"grant" maxLength:"64"`
	Reason string `query:"reason" maxLength:"500" doc:"Goes into the audit log"`
}

func (h handlers[W]) revoke(ctx context.Context, in *revokeInput) (*struct{}, error) {
	if _, err := signedIn(ctx); err != nil {
		return nil, err
	}
	return nil, problem(h.Store.Revoke(ctx, h.Writer(ctx), in.ID, in.Grant, in.Reason))
}

// PolicyRecord is the policy of the authority with its version.
type PolicyRecord struct {
	Version int         `json:"version" doc:"0 as long as nobody has set one"`
	Policy  auth.Policy `json:"policy"`
}

type policyReply struct {
	ETag string `header:"ETag"`
	Body PolicyRecord
}

func policyOf(s auth.StoredPolicy) *policyReply {
	return &policyReply{ETag: httpapi.ETag(s.Version), Body: PolicyRecord{s.Version, s.Policy}}
}

func (h handlers[W]) policy(ctx context.Context, _ *struct{}) (*policyReply, error) {
	if _, err := signedIn(ctx); err != nil {
		return nil, err
	}
	stored, err := h.Store.Policy(ctx, h.Writer(ctx))
	if err != nil {
		return nil, problem(err)
	}
	return policyOf(stored), nil
}

type policyInput struct {
	IfMatch string `header:"If-Match" doc:"The version that is changed"`
	Body    struct {
		Policy auth.Policy `json:"policy"`
		Reason string      `json:"reason" doc:"Goes into the audit log"`
	}
}

func (h handlers[W]) setPolicy(ctx context.Context, in *policyInput) (*policyReply, error) {
	if _, err := signedIn(ctx); err != nil {
		return nil, err
	}
	version, err := httpapi.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	stored, err := h.Store.SetPolicy(ctx, h.Writer(ctx), version, in.Body.Policy, in.Body.Reason)
	var invalid *auth.InvalidError
	if errors.As(err, &invalid) { // the store knows the policy, not where the body has it
		for i := range invalid.Faults {
			invalid.Faults[i].Field = "policy/" + invalid.Faults[i].Field
		}
	}
	if err != nil {
		return nil, problem(err)
	}
	return policyOf(stored), nil
}
