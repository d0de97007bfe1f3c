package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
	"yike/internal/httpapi"
	"yike/placenames/plates/doorpage"
)

// doorRoutes are the pages of scanned plates, for everybody, and what the office reads and decides
// of what people report there.
func doorRoutes() []authhttp.Access {
	return []authhttp.Access{
		// The pages for everybody: no account, no cookie.
		{Method: get, Pattern: doorpage.PagePattern, Public: true},
		{Method: get, Pattern: doorpage.JSONPattern, Public: true},
		{Method: get, Pattern: doorpage.PhotoPattern, Public: true},
		{Method: get, Pattern: doorpage.ReportPattern, Public: true},
		{Method: post, Pattern: doorpage.ReportPattern, Public: true},
		{Method: get, Pattern: doorpage.AskPattern, Public: true},
		{Method: get, Pattern: doorpage.FatePattern, Public: true},
		{Method: get, Pattern: doorpage.KeysPattern, Public: true},

		{Method: get, Pattern: "/api/v1/plate-reports", Action: auth.PlateWrite},
		{Method: get, Pattern: "/api/v1/plate-reports/{id}", Action: auth.PlateWrite},
		{Method: patch, Pattern: "/api/v1/plate-reports/{id}", Action: auth.PlateWrite},
		{Method: get, Pattern: "/api/v1/plate-reports/{id}/photo", Action: auth.PlateWrite},
		{Method: get, Pattern: "/api/v1/plate-alarms", Action: auth.PlateWrite},
	}
}

// quietRoutes are those of which the request log does not say what was asked for, nor by whom.
func quietRoutes() httpapi.Routes {
	quiet := httpapi.Route{Quiet: true}
	return httpapi.Routes{
		"GET " + doorpage.PagePattern: quiet, "GET " + doorpage.JSONPattern: quiet, "GET " + doorpage.PhotoPattern: quiet, "GET " + doorpage.ReportPattern: quiet,
		"GET " + doorpage.FatePattern: quiet, "GET " + doorpage.AskPattern: quiet,
		"POST " + doorpage.ReportPattern: {Quiet: true, Upload: doorpage.MaxUpload},
	}
}
