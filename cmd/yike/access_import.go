package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// importRoutes are files of facilities that are brought in, and what waits for a position.
// Whose files somebody sees, the rows decide.
func importRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/imports", Action: auth.FacilityImport},
		{Method: post, Pattern: "/api/v1/imports", Action: auth.FacilityImport},
		{Method: get, Pattern: "/api/v1/imports/{id}", Action: auth.FacilityImport},
		{Method: del, Pattern: "/api/v1/imports/{id}", Action: auth.FacilityImport},
		{Method: put, Pattern: "/api/v1/imports/{id}/source", Action: auth.FacilityImport},
		{Method: put, Pattern: "/api/v1/imports/{id}/mapping", Action: auth.FacilityImport},
		{Method: get, Pattern: "/api/v1/imports/{id}/crs", Action: auth.FacilityImport},
		{Method: post, Pattern: "/api/v1/imports/{id}/check", Action: auth.FacilityImport},
		{Method: post, Pattern: "/api/v1/imports/{id}/commit", Action: auth.FacilityImport},
		{Method: post, Pattern: "/api/v1/imports/{id}/undo", Action: auth.FacilityImport},
		{Method: post, Pattern: "/api/v1/imports/{id}/undo-rows", Action: auth.FacilityImport},
		{Method: get, Pattern: "/api/v1/imports/{id}/rows", Action: auth.FacilityImport},
		{Method: put, Pattern: "/api/v1/imports/{id}/decisions", Action: auth.FacilityImport},
		{Method: get, Pattern: "/api/v1/imports/{id}/file", Action: auth.FacilityImport},
		{Method: get, Pattern: "/api/v1/imports/{id}/errors.xlsx", Action: auth.FacilityImport},
		{Method: get, Pattern: "/api/v1/import-mappings", Action: auth.FacilityImport},
		{Method: post, Pattern: "/api/v1/import-mappings", Action: auth.FacilityImport},
		{Method: del, Pattern: "/api/v1/import-mappings/{id}", Action: auth.FacilityImport},
		{Method: get, Pattern: "/api/v1/facilities/unplaced", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/facilities/unplaced/{id}/candidates", Action: auth.FacilityWrite},
	}
}
