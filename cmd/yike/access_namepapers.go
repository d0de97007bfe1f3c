package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// namePaperRoutes are the documents of cases of place names. Whoever may see a case may take its
// papers; who keeps them, the rows decide.
func namePaperRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/name-cases/{id}/papers", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/name-cases/{id}/papers", AnyAccount: true},
		{Method: get, Pattern: "/api/v1/name-cases/{id}/papers/{kind}/preview", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/name-cases/{id}/papers/{kind}/draft", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/name-cases/{id}/filing-pack", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/name-cases/{id}/filing-pack.zip", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/name-papers", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/name-papers/{id}", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/name-papers/{id}/file", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/name-papers/{id}/scan", AnyAccount: true},
		{Method: post, Pattern: "/api/v1/name-papers/{id}/void", AnyAccount: true},
		{Method: get, Pattern: "/api/v1/name-paper-settings", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/name-paper-settings", Action: auth.PlaceNameRules},
		{Method: get, Pattern: "/api/v1/name-paper-templates", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/name-paper-templates/{kind}", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/name-paper-templates/{kind}", Action: auth.PlaceNameRules},
		{Method: del, Pattern: "/api/v1/name-paper-templates/{kind}", Action: auth.PlaceNameRules},
	}
}
