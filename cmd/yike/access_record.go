package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// recordRoutes are what becomes of facilities besides a change of one.
func recordRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/facilities/counts", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/facilities/{id}/verify", Action: auth.FacilityWrite},
		{Method: post, Pattern: "/api/v1/facilities/{id}/merge", Action: auth.FacilityWrite},
		{Method: post, Pattern: "/api/v1/facilities/{id}/split", Action: auth.FacilityWrite},
		{Method: post, Pattern: "/api/v1/facilities/{id}/unmerge", Action: auth.FacilityPublish},
		{Method: post, Pattern: "/api/v1/facilities/bulk", Action: auth.FacilityWrite},
		{Method: post, Pattern: "/api/v1/facilities/bulk/{change}/undo", Action: auth.FacilityWrite},
		{Method: get, Pattern: "/api/v1/facility-proposals", Action: auth.FacilityPropose},
		{Method: post, Pattern: "/api/v1/facility-proposals", Action: auth.FacilityPropose},
		{Method: get, Pattern: "/api/v1/facility-proposals/{id}", Action: auth.FacilityPropose},
		{Method: post, Pattern: "/api/v1/facility-proposals/{id}/accept", Action: auth.FacilityWrite},
		{Method: post, Pattern: "/api/v1/facility-proposals/{id}/reject", Action: auth.FacilityWrite},
		{Method: post, Pattern: "/api/v1/facility-proposals/{id}/withdraw", Action: auth.FacilityPropose},
		{Method: get, Pattern: "/api/v1/service-areas", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/service-areas", Action: auth.FacilityPublish},
		{Method: patch, Pattern: "/api/v1/service-areas/{id}", Action: auth.FacilityPublish},
		{Method: get, Pattern: "/api/v1/stewards", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/stewards", Action: auth.FacilityPublish},
		{Method: patch, Pattern: "/api/v1/stewards/{id}", Action: auth.FacilityPublish},
	}
}
