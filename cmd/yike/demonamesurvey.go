package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"yike/geo"
	"yike/geo/divisions"
	caseprocess "yike/placenames/process"
	"yike/placenames/survey"
	"yike/placenames/survey/surveydb"
)

// nameVisits enter made-up visits to the places of two cases of the demonstration. Where they
// were is somewhere in the division of the case: the cases are of no real place.
func (d *demoDesk) nameVisits(ctx context.Context) error {
	cases, _, err := newNameCaseStore(d.db)
	if err != nil {
		return err
	}
	list, err := cases.List(ctx, d.w, caseprocess.Filter{Open: true, Limit: 100})
	if err != nil {
		return err
	}
	for _, each := range []struct {
		text string
		ago  int
		bend float64 // metres off the straight way
	}{{"澜汀路", 36, 30}, {"望澜大道", 52, 0}} {
		i := slices.IndexFunc(list, func(c caseprocess.Dossier) bool { return c.Text == each.text })
		if i < 0 {
			continue
		}
		if err := d.nameVisit(ctx, list[i], each.ago, each.bend); err != nil {
			return fmt.Errorf("a visit to %s: %w", each.text, err)
		}
	}
	return nil
}

func (d *demoDesk) nameVisit(ctx context.Context, c caseprocess.Dossier, ago int, bend float64) error {
	store := surveydb.New(d.db)
	known, err := store.OfCase(ctx, d.w, c.ID)
	return once(known, err, func() error {
		i := slices.IndexFunc(d.divisions, func(x divisions.Division) bool { return x.Code == c.Division })
		if i < 0 || len(d.divisions[i].Boundary) == 0 {
			return nil
		}
		frame := geo.Frame(geo.Inside(d.divisions[i].Boundary))
		day := d.ago(ago)
		nine, err := time.Parse("2006-01-02T15:04Z07:00", string(day)+"T09:00+08:00")
		if err != nil {
			return fmt.Errorf("the morning of %s: %w", day, err)
		}
		morning := nine.UnixMilli()
		v := survey.Visit{
			CaseID: c.ID, Day: day, Note: "示例，由程序生成，不是真实踏勘",
			People: []survey.Person{{Office: "清澜区民政局（示例）", Name: "示例踏勘员"}, {Office: "街道办事处（示例）"}},
			Findings: survey.Findings{
				LengthM: 842, WidthM: 24, Direction: "east_west", Signs: "无", Agreement: survey.Agrees,
			},
		}
		for step := range 43 {
			at := frame.From(orb.Point{20 * float64(step), bend * float64((step/10)%2)})
			v.Track = append(v.Track, survey.Fix{At: morning + int64(step)*16_000, Point: at, AccuracyM: 6})
		}
		first, middle, last := v.Track[0], v.Track[20], v.Track[42]
		v.Points = []survey.Point{
			{Kind: survey.Start, Fix: first, Note: "示例起点"}, {Kind: "sign_place", Fix: middle, Note: "东北角绿化带（示例）"}, {Kind: survey.End, Fix: last, Note: "示例止点"},
		}
		_, err = store.Create(ctx, d.w, v, d.change, d.today)
		return err
	})
}
