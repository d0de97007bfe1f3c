package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// estateRuleRoutes are the rules that a bureau makes for new estates. By which rules an estate
// is checked is no secret from anybody who sees the check; where somebody may make one, the rows
// decide. Documents of rules are among the attachments.
func estateRuleRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/estate-rule-forms", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estate-rules", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/estate-rules", Action: auth.EstateRules},
		{Method: post, Pattern: "/api/v1/estate-rules/check", Action: auth.EstateRules},
		{Method: post, Pattern: "/api/v1/estate-rules/trial", Action: auth.EstateRules},
		{Method: get, Pattern: "/api/v1/estate-rules/{id}", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/estate-rules/{id}", Action: auth.EstateRules},
		{Method: del, Pattern: "/api/v1/estate-rules/{id}", Action: auth.EstateRules},
		{Method: get, Pattern: "/api/v1/estate-rules/{id}/history", Action: auth.HistoryRead},
		{Method: get, Pattern: "/api/v1/estate-rules/{id}/trial", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estate-rules/{id}/trial.csv", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/estate-rules/{id}/trial", Action: auth.EstateRules},
		{Method: post, Pattern: "/api/v1/estate-rules/{id}/adopt", Action: auth.EstateRules},
		{Method: post, Pattern: "/api/v1/estate-rules/{id}/withdraw", Action: auth.EstateRules},
	}
}
