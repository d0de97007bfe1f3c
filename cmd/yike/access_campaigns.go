package main

import (
	"yike/internal/auth"
	"yike/internal/auth/authhttp"
)

// campaignRoutes are inspections. Who may take which step about a problem, the store
// decides.
func campaignRoutes() []authhttp.Access {
	return []authhttp.Access{
		{Method: get, Pattern: "/api/v1/campaign-forms", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/campaigns", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/campaigns", Action: auth.CampaignWrite},
		{Method: get, Pattern: "/api/v1/campaigns/{id}", Action: auth.MapRead},
		{Method: patch, Pattern: "/api/v1/campaigns/{id}", Action: auth.CampaignWrite},
		{Method: post, Pattern: "/api/v1/campaigns/{id}/facilities", Action: auth.CampaignWrite},
		{Method: del, Pattern: "/api/v1/campaigns/{id}/facilities/{task}", Action: auth.CampaignWrite},
		{Method: post, Pattern: "/api/v1/campaigns/{id}/send", Action: auth.CampaignWrite},
		{Method: post, Pattern: "/api/v1/campaigns/{id}/close", Action: auth.CampaignWrite},
		{Method: get, Pattern: "/api/v1/campaign-tasks", Action: auth.MapRead},
		{Method: get, Pattern: "/api/v1/campaign-tasks/{id}", Action: auth.MapRead},
		{Method: put, Pattern: "/api/v1/campaign-tasks/{id}/answers", Action: auth.CampaignAnswer},
		{Method: post, Pattern: "/api/v1/campaign-tasks/{id}/accept", Action: auth.CampaignWrite},
		{Method: post, Pattern: "/api/v1/campaign-tasks/{id}/send-back", Action: auth.CampaignWrite},
		{Method: get, Pattern: "/api/v1/facility-problems", Action: auth.MapRead},
		{Method: post, Pattern: "/api/v1/facility-problems/{id}/steps", Action: auth.CampaignAnswer},
		{Method: get, Pattern: "/api/v1/campaign-scores", Action: auth.MapRead},
	}
}
