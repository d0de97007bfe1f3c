package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// premisesRoutes are the ledger of public premises and the table of communities. Which rooms somebody may write, and
// whose contacts they see, the rows decide.
func premisesRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/community-matrix", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/community-matrix.xlsx", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/community-matrix.pdf", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/premises.csv", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/premises.xlsx", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/premises-template.xlsx", Action: auth.PremisesWrite},
		{Method: post, Pattern: "/api/v1/premises-import", Action: auth.PremisesWrite},
		{Method: post, Pattern: "/api/v1/premises-import/trial", Action: auth.PremisesWrite},
		{Method: get, Pattern: "/api/v1/premises-codes", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/premises-summary", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/premises", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/premises", Action: auth.PremisesWrite},
		{Method: get, Pattern: "/api/v1/premises/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/premises/{id}", Action: auth.PremisesWrite},
		{Method: del, Pattern: "/api/v1/premises/{id}", Action: auth.PremisesWrite},
		{Method: get, Pattern: "/api/v1/premises/{id}/history", Action: auth.HistoryRead},
		{Method: get, Pattern: "/api/v1/premises/{id}/inspections", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/premises/{id}/inspections", Action: auth.PremisesWrite},
		{Method: patch, Pattern: "/api/v1/premises/{id}/rectifications/{rectification}", Action: auth.PremisesWrite},
	}
}
