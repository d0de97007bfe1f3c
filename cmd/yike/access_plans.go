package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// plansRoutes are the plan board. A plan is of the whole authority, so who writes one must
// hold the right in all of it, which the store asks.
func plansRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/plan-templates", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plan-templates/{key}", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plan-formulas", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plans", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/plans", Action: auth.PlanWrite},
		{Method: get, Pattern: "/api/v1/plans/{id}", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/plans/{id}", Action: auth.PlanWrite},
		{Method: del, Pattern: "/api/v1/plans/{id}", Action: auth.PlanWrite},
		{Method: get, Pattern: "/api/v1/plans/{id}/board", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plans/{id}/review", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plans/{id}/review.csv", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plans/{id}/review.xlsx", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/plans/{id}/review.pdf", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/plans/{id}/seals", Action: auth.PlanWrite},
		{Method: post, Pattern: "/api/v1/plans/{id}/indicators", Action: auth.PlanWrite},
		{Method: put, Pattern: "/api/v1/plans/{id}/indicators/{indicator}", Action: auth.PlanWrite},
		{Method: del, Pattern: "/api/v1/plans/{id}/indicators/{indicator}", Action: auth.PlanWrite},
		{Method: get, Pattern: "/api/v1/plans/{id}/indicators/{indicator}/explanation", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/plans/{id}/values", Action: auth.PlanWrite},
		{Method: put, Pattern: "/api/v1/plans/{id}/values/{value}", Action: auth.PlanWrite},
		{Method: del, Pattern: "/api/v1/plans/{id}/values/{value}", Action: auth.PlanWrite},
		{Method: get, Pattern: "/api/v1/plans/{id}/values/{value}/history", Action: auth.HistoryRead},
		{Method: post, Pattern: "/api/v1/plans/{id}/projects", Action: auth.PlanWrite},
		{Method: put, Pattern: "/api/v1/plans/{id}/projects/{project}", Action: auth.PlanWrite},
		{Method: del, Pattern: "/api/v1/plans/{id}/projects/{project}", Action: auth.PlanWrite},
	}
}
