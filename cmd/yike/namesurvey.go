package main

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"yike/internal/auth"
	"yike/placenames/casedb"
	caseprocess "yike/placenames/process"
	"yike/placenames/survey"
	"yike/placenames/survey/surveydb"
	"yike/placenames/survey/surveyhttp"
)

// surveyStep is the step of the procedure that visits are made for.
const surveyStep = "survey"

// nameSurvey gives surveyhttp the visits of the district, as the person who asks may see and
// write them, with the cases that they belong to.
type nameSurvey struct {
	recordDesk[survey.Visit, survey.Visit, survey.Patch]
	store *surveydb.Store
	cases *casedb.Store
}

var _ surveyhttp.Visits = (*nameSurvey)(nil)

func newNameSurvey(d desk, refused refusals, now func() time.Time) (*nameSurvey, error) {
	cases, _, err := newNameCaseStore(d.db)
	if err != nil {
		return nil, err
	}
	store := surveydb.New(d.db)
	return &nameSurvey{
		recordDesk: recordDesk[survey.Visit, survey.Visit, survey.Patch]{
			records: store, kind: "name_visit", called: func(v survey.Visit) string { return string(v.Day) }, adcode: d.adcode, refused: refused, now: now,
		},
		store: store, cases: cases,
	}, nil
}

// mountNameSurvey serves visits.
func mountNameSurvey(api huma.API, n *nameSurvey) { surveyhttp.Register(api, n) }

// Awaiting gives the places of the cases whose survey is open and which the person may make.
func (n *nameSurvey) Awaiting(ctx context.Context) ([]survey.Site, error) {
	who, in := auth.From(ctx)
	if !in {
		return nil, nil
	}
	w := n.writer(ctx)
	open, err := n.cases.Open(ctx, w, func(caseprocess.Dossier) []string { return nil })
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, v := range open {
		if slices.Contains(v.Frozen.Rules.OpenSteps(v.Standing), surveyStep) && who.May(auth.PlaceNameSurvey, v.Division) {
			ids = append(ids, v.ID)
		}
	}
	sites, err := n.store.Sites(ctx, w, ids)
	if err != nil {
		return nil, err
	}
	var out []survey.Site
	for _, id := range ids {
		if s, there := sites[id]; there {
			out = append(out, s)
		}
	}
	return out, nil
}

// OfCase gives the place of a case with its visits.
func (n *nameSurvey) OfCase(ctx context.Context, caseID string) (survey.Site, []survey.Visit, bool, error) {
	w := n.writer(ctx)
	sites, err := n.store.Sites(ctx, w, []string{caseID})
	if err != nil {
		return survey.Site{}, nil, false, err
	}
	if len(sites) == 0 {
		return survey.Site{}, nil, false, survey.ErrNoCase
	}
	site := slices.Collect(maps.Values(sites))[0]
	visits, err := n.store.OfCase(ctx, w, site.CaseID)
	who, in := auth.From(ctx)
	return site, visits, in && !site.Ended && who.May(auth.PlaceNameSurvey, site.Division), err
}

// ready tells a case that its place was looked at: a visit has its day, people, and a track or
// photos.
func (n *nameSurvey) ready(ctx context.Context, caseID string) (materials []string, why string, err error) {
	visits, err := n.store.OfCase(ctx, n.writer(ctx), caseID)
	if err != nil || !survey.Shown(visits) {
		return nil, "", err
	}
	return []string{"survey_record"}, "踏勘记录：日期、人员，轨迹或照片 / survey record with day, people, and a track or photos", nil
}

// known tells the checks of a name how often the place of its case was visited. A survey that was
// taken on a paper record is one visit, of which nobody knows whether it is whole; before the
// step was taken that nobody was there yet says nothing.
func (n *nameSurvey) known(ctx context.Context, caseID string, f *nameCaseFacts) error {
	w := n.writer(ctx)
	visits, err := n.store.OfCase(ctx, w, caseID)
	if err != nil {
		return err
	}
	count, whole := survey.Counted(visits)
	if count > 0 {
		f.Papers.Visits, f.Papers.VisitsFull = &count, &whole
		return nil
	}
	v, err := n.cases.ByID(ctx, w, caseID)
	if err != nil {
		return err
	}
	if e, stands := v.Standing.Taken[surveyStep]; stands {
		if e.Kind == caseprocess.Done {
			count = 1
		}
		f.Papers.Visits = &count
	}
	return nil
}
