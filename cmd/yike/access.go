package main

import (
	"net/http"
	"slices"

	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// access is who may use which route: every route of the server has its row, and one
// without is closed. A test walks the routes and asks each as every role.
func access() []authhttp.Access {
	return slices.Concat(publicRoutes(), ownRoutes(), mapRoutes(), adminRoutes(), workRoutes(),
		funeralRoutes(),
		standardsRoutes(),
		campaignRoutes(),
		plansRoutes(),
		importRoutes(),
		sitingRoutes(),
		premisesRoutes(),
		printRoutes(),
		recordRoutes(),
		attachmentRoutes(),
		exportRoutes(),
		likenessRoutes(),
		typeRoutes(),
		whatIfRoutes(),
		questionRoutes(),
		paperRoutes(),
		scenarioRoutes(),
		accessibilityRoutes(),
		explainRoutes(),
		estateRoutes(),
		estateReportRoutes(),
		estatePaperRoutes(),
		estateStepRoutes(),
		estateRuleRoutes(),
		estateImportRoutes(),
		namePanelRoutes(),
		placeNameRoutes(),
		nameOutputRoutes(),
		readingRoutes(),
		nameSearchRoutes(),
		nameCaseRoutes(),
		nameSignRoutes(),
		namePaperRoutes(),
		nameSurveyRoutes(),
		nameConsequenceRoutes(),
		plateRoutes(), plateSheetRoutes(),
		nameImportRoutes(),
		nameCheckRoutes(),
		numberingRoutes(),
		doorRoutes(),
		addressRoutes(),
	)
}

const (
	get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
)

// publicRoutes are for everybody: the page itself, which asks to sign in, and what tells
// whether the server lives.
func publicRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/healthz", Public: true},
		{Method: get, Pattern: "/readyz", Public: true},
		{Method: get, Pattern: "/api/v1/status", Public: true},
		{Method: get, Pattern: "/api/v1/openapi.json", Public: true},
		{Method: get, Pattern: "/api/v1/openapi-3.0.json", Public: true},
		{Method: get, Pattern: "/api/v1/session", Public: true},
		{Method: post, Pattern: "/api/v1/session", Public: true},
		{Method: del, Pattern: "/api/v1/session", Public: true},
		{Method: get, Pattern: "/api/v1/session/oidc", Public: true},
		{Method: get, Pattern: "/api/v1/session/oidc/callback", Public: true},
		// The page, and the problem for addresses that nobody serves.
		{Method: get, Pattern: "/*", Public: true},
		{Method: get, Pattern: "/api/*", Public: true},
		{Method: get, Pattern: "/tiles/*", Public: true},
		{Method: get, Pattern: "/ogc/*", Public: true},
		{Method: get, Pattern: "/basemap/*", Public: true},
	}
}

// ownRoutes are what everybody does with their own account.
func ownRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/account", AnyAccount: true, DuringDuty: true},
		{Method: patch, Pattern: "/api/v1/account", AnyAccount: true},
		{Method: post, Pattern: "/api/v1/account/password", AnyAccount: true, DuringDuty: true},
		{Method: post, Pattern: "/api/v1/account/totp", AnyAccount: true, DuringDuty: true},
		{Method: post, Pattern: "/api/v1/account/totp/confirm", AnyAccount: true, DuringDuty: true},
		{Method: del, Pattern: "/api/v1/account/totp", AnyAccount: true},
		{Method: get, Pattern: "/api/v1/account/sessions", AnyAccount: true},
		{Method: del, Pattern: "/api/v1/account/sessions/{id}", AnyAccount: true},
		{Method: get, Pattern: "/api/v1/account/tokens", AnyAccount: true},
		{Method: post, Pattern: "/api/v1/account/tokens", AnyAccount: true},
		{Method: del, Pattern: "/api/v1/account/tokens/{id}", AnyAccount: true},
		{Method: get, Pattern: "/api/v1/roles", AnyAccount: true}, // names for what one is oneself
	}
}

// mapRoutes are the map and the registry.
func mapRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/district", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/coverage", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/people/{id}", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/facility-types", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/facilities", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/facilities", Action: auth.FacilityWrite},
		{Method: get, Pattern: "/api/v1/facilities/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/facilities/{id}", Action: auth.FacilityWrite},
		{Method: get, Pattern: "/api/v1/facilities/{id}/history", Action: auth.HistoryRead},
		{Method: get, Pattern: "/tiles/{layers}.json", Action: auth.MapRead},
		{Method: get, Pattern: "/tiles/{layers}/{z}/{x}/{y}", Action: auth.MapRead},
		{Method: get, Pattern: "/tiles/{layers}/v{version}/{z}/{x}/{y}", Action: auth.MapRead},
		{Method: get, Pattern: "/basemap/{z}/{x}/{y}", Action: auth.MapRead},
	}
}

// adminRoutes are accounts, rights and the audit log.
func adminRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/accounts", Action: auth.AccountRead},
		{Method: post, Pattern: "/api/v1/accounts", Action: auth.AccountWrite},
		{Method: get, Pattern: "/api/v1/accounts/{id}", Action: auth.AccountRead},
		{Method: patch, Pattern: "/api/v1/accounts/{id}", Action: auth.AccountWrite},
		{Method: post, Pattern: "/api/v1/accounts/{id}/password-reset", Action: auth.AccountWrite},
		{Method: post, Pattern: "/api/v1/accounts/{id}/unlock", Action: auth.AccountWrite},
		{Method: post, Pattern: "/api/v1/accounts/{id}/reveal", Action: auth.PersonalReveal},
		{Method: post, Pattern: "/api/v1/accounts/{id}/grants", Action: auth.GrantWrite},
		{Method: del, Pattern: "/api/v1/accounts/{id}/grants/{grant}", Action: auth.GrantWrite},
		{Method: get, Pattern: "/api/v1/security-policy", Action: auth.AccountRead},
		{Method: put, Pattern: "/api/v1/security-policy", Action: auth.PolicyWrite},
		{Method: get, Pattern: "/api/v1/audit", Action: auth.AuditRead},
		{Method: get, Pattern: "/api/v1/audit/status", Action: auth.AuditRead},
		{Method: post, Pattern: "/api/v1/audit/verification", Action: auth.AuditRead},
		{Method: get, Pattern: "/api/v1/audit/export", Action: auth.AuditExport},
	}
}

// workRoutes are background work. Whose jobs somebody sees, the rows decide.
func workRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/jobs", AnyAccount: true},
		{Method: get, Pattern: "/api/v1/jobs/{id}", AnyAccount: true},
		{Method: get, Pattern: "/api/v1/jobs/{id}/events", AnyAccount: true},
		{Method: post, Pattern: "/api/v1/jobs/{id}/cancel", AnyAccount: true},
		{Method: post, Pattern: "/api/v1/coverage-reports", Action: auth.CoverageReport},
		{Method: get, Pattern: "/api/v1/coverage-reports/{job}", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/coverage-reports/{job}.csv", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/pack-loads/folders", Action: auth.PackLoad},
		{Method: post, Pattern: "/api/v1/pack-loads", Action: auth.PackLoad},
	}
}
