package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// estateReportRoutes are what new estates come to, and what is around one. What may be published
// is read like the rest: whether it is published is for the bureau to say.
func estateReportRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/estates-report", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates-report.xlsx", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates-report.pdf", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates-retrofit", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates-retrofit.csv", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates-retrofit.xlsx", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates-public", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates-public.csv", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates-public.pdf", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/estates/{id}/around", Action: auth.MapRead},
	}
}
