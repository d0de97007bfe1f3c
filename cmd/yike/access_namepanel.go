package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// namePanelRoutes are what experts, offices, the public and the committee say of names. Who sees
// what of it, and who answers for whom, the rows decide.
func namePanelRoutes() []authhttp.Access {
	const one = "/api/v1/name-cases/{id}"
	return []authhttp.Access{
		// The pages for everybody: no account, no cookie.
		{Method: get, Pattern: "/notices", Public: true},
		{Method: get, Pattern: "/notices/{number}", Public: true},
		{Method: post, Pattern: "/notices/{number}/comments", Public: true},
		{Method: get, Pattern: "/notices/comment", Public: true},
		{Method: get, Pattern: "/notices/comment/{receipt}", Public: true},

		{Method: get, Pattern: "/api/v1/name-panel-rules", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/name-panel-rules", Action: auth.PlaceNameRules},
		{Method: get, Pattern: "/api/v1/experts", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/experts", Action: auth.PlaceNameRules},
		{Method: put, Pattern: "/api/v1/experts/{id}", Action: auth.PlaceNameRules},
		{Method: get, Pattern: "/api/v1/name-members", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/name-members", Action: auth.PlaceNameRules},
		{Method: put, Pattern: "/api/v1/name-members/{id}", Action: auth.PlaceNameRules},

		{Method: get, Pattern: one + "/panel", Action: auth.MapRead},
		{Method: post, Pattern: one + "/reviews", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: one + "/reviews/{review}/conflict", AnyAccount: true}, // the expert, or who keeps the case
		{Method: post, Pattern: one + "/reviews/{review}/dismissal", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: one + "/reviews/{review}/opinion", AnyAccount: true},
		{Method: post, Pattern: one + "/consultations", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: one + "/consultations/{ask}/reply", AnyAccount: true}, // the office, or who keeps the case
		{Method: post, Pattern: one + "/consultations/{ask}/recall", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: one + "/notices", Action: auth.PlaceNameWrite},
		{Method: patch, Pattern: "/api/v1/name-notices/{id}", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: "/api/v1/name-comments/{id}/answer", Action: auth.PlaceNameWrite},
		{Method: post, Pattern: "/api/v1/name-comments/{id}/reveal", Action: auth.PersonalReveal},

		{Method: get, Pattern: "/api/v1/name-meetings", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/name-meetings", Action: auth.PlaceNameWrite},
		{Method: get, Pattern: "/api/v1/name-meetings/{id}", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/name-meetings/{id}", Action: auth.PlaceNameWrite},
		{Method: get, Pattern: "/api/v1/name-work", Action: auth.MapRead},
	}
}
