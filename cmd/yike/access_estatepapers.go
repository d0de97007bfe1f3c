package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// estatePaperRoutes are the letters and pages about new estates. Whoever may see an estate may
// take its papers; whose letters somebody may send, the rows decide.
func estatePaperRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/estates/{id}/sheet.pdf", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates/{id}/findings.xlsx", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates/{id}/letters", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates/{id}/letters/{opinion}.docx", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/estates/{id}/letters/{opinion}", Action: auth.EstateOpinion},
		{Method: get, Pattern: "/api/v1/estate-letter-templates", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estate-letter-templates/{kind}", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/estate-letter-templates/{kind}", Action: auth.EstateRules},
		{Method: del, Pattern: "/api/v1/estate-letter-templates/{kind}", Action: auth.EstateRules},
	}
}
