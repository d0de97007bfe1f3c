package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// estateStepRoutes are the milestones of new estates. Whom somebody may answer for, and where
// somebody may hand rooms over, the rows decide.
func estateStepRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/estates/{id}/steps", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/estates/{id}/steps/requests", Action: auth.EstateWrite},
		{Method: post, Pattern: "/api/v1/estates/{id}/steps/opinions", Action: auth.EstateOpinion},
		{Method: post, Pattern: "/api/v1/estates/{id}/steps/corrections", AnyAccount: true},
		{Method: post, Pattern: "/api/v1/estates/{id}/steps/conditions", Action: auth.EstateOpinion},
		{Method: post, Pattern: "/api/v1/estates/{id}/handover", Action: auth.EstateWrite},
		{Method: get, Pattern: "/api/v1/estate-duties", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/estate-duties", Action: auth.EstateRules},
		{Method: get, Pattern: "/api/v1/estates-overdue", Action: auth.MapRead},
	}
}
