package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// exportRoutes are files of facilities and templates for them. What is in a file, the rows
// decide; a profile is kept by those who bring files in.
func exportRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/facility-export", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/facility-export", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/facility-export/preview", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/facility-templates/{type}", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/export-fields", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/export-profiles", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/export-profiles", Action: auth.FacilityImport},
		{Method: get, Pattern: "/api/v1/export-profiles/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/export-profiles/{id}", Action: auth.FacilityImport},
		{Method: del, Pattern: "/api/v1/export-profiles/{id}", Action: auth.FacilityImport},
	}
}
