package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"yike/facilities"
	"yike/facilities/campaigns"
	"yike/facilities/campaigns/campaignsdb"
	"yike/facilities/facilitydb"
	"yike/facilities/funeral"
	"yike/facilities/funeral/funeraldb"
	"yike/facilities/indicators/indicatordb"
	"yike/facilities/premises"
	"yike/facilities/premises/premisesdb"
	"yike/geo/divisions"
	"yike/geo/divisions/divisiondb"
	"yike/internal/postgres"
	"yike/internal/record"
)

// demoDesk does the work around the registry of a synthetic district that no data pack
// brings: stewards, rooms of the ledger, moves of niches, an assessment, a plan of the bureau's
// own, new estates, place names. All of it says that it is an example.
type demoDesk struct {
	db     *postgres.DB
	w      postgres.Writer
	types  []facilities.TypeInfo
	today  record.Day
	change record.Change

	divisions  []divisions.Division
	facilities []facilities.Facility
}

func newDemoDesk(db *postgres.DB, adcode string, today record.Day) *demoDesk {
	return &demoDesk{
		db: db, w: postgres.System(adcode, "演示数据 / demonstration"), today: today,
		change: record.Change{Reason: "演示数据，由程序生成 / demonstration data, made by the program"},
	}
}

// fillDemoDesk makes what is not there at all: whatever people wrote, or took away in part,
// is left as it is.
func fillDemoDesk(ctx context.Context, db *postgres.DB, adcode string, types []facilities.TypeInfo, today record.Day) error {
	d := newDemoDesk(db, adcode, today)
	d.types = types
	var errList, errDivisions error
	d.divisions, errDivisions = divisiondb.New(db).List(ctx, adcode)
	d.facilities, errList = facilitydb.New(db).List(ctx, adcode)
	if err := errors.Join(errList, errDivisions); err != nil {
		return err
	}
	if len(d.facilities) == 0 {
		return nil
	}
	for _, part := range []struct {
		name string
		fill func(context.Context) error
	}{
		{"stewards", d.stewards},
		{"rooms", d.rooms},
		{"moves of niches", d.niches},
		{"an assessment", d.assessment},
		{"a plan", d.plan},
		{"estates", d.estates},
		{"place names", d.placeNames},
		{"cases of place names", d.nameCases},
		{"signs of place names", d.signs},
		{"addresses", d.addresses},
		{"visits to places", d.nameVisits},
		{"consequences of other names", d.nameChanges},
		{"panels of names", d.namePanels},
		{"plates", d.plates},
		{"reports of plates", d.doorReports},
	} {
		if err := part.fill(ctx); err != nil {
			return fmt.Errorf("make %s of the demonstration: %w", part.name, err)
		}
	}
	return nil
}

// fillDesk readies the desk where the accounts of the demonstration are ready, too. A district
// is shown all the same where that fails.
func (s *server) fillDesk(ctx context.Context, adcode string) {
	if !s.people.demo.Load() || s.app.config.EmptyDesk {
		return
	}
	types, err := s.app.typesOf(s.db)(ctx, adcode)
	if err == nil {
		err = fillDemoDesk(ctx, s.db, adcode, types, record.DayOf(time.Now()))
	}
	if err != nil {
		s.app.log.WarnContext(ctx, "the desk of the demonstration is not filled", "error", err)
	}
}

// ago is so many days before today, or after it where negative.
func (d *demoDesk) ago(days int) record.Day {
	t, err := time.Parse(time.DateOnly, string(d.today))
	if err != nil {
		return d.today
	}
	return record.DayOf(t.AddDate(0, 0, -days))
}

// once keeps a part that people may have begun: it is filled only where there is nothing.
func once[T any](list []T, err error, fill func() error) error {
	if err != nil || len(list) > 0 {
		return err
	}
	return fill()
}

func (d *demoDesk) stewards(ctx context.Context) error {
	store := facilitydb.New(d.db)
	known, err := store.Stewards(ctx, d.w)
	return once(known, err, func() error {
		for i, each := range d.divisions {
			if each.Level != divisions.Subdistrict {
				continue
			}
			_, err := store.CreateSteward(ctx, d.w, facilities.Steward{
				Division: each.Code, Office: each.NameZH + "公共服务办公室（示例）", Post: "养老服务岗", Phone: fmt.Sprintf("000-%08d", 90_000_000+i), VerifyDays: []int{180, 365}[i%2],
			}, d.change, d.today)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// mostDemoRooms bounds the ledger: a city's would take minutes, and shows no more.
const mostDemoRooms = 120

// rooms give every open community premises its room, some with a second that is misused,
// vacant, not handed over, or of which the ledger lacks a fact.
func (d *demoDesk) rooms(ctx context.Context) error {
	store := premisesdb.New(d.db)
	known, err := store.All(ctx, d.w, premises.Filter{})
	return once(known, err, func() error {
		n := 0
		for _, f := range d.facilities {
			if f.Type != "community_premises" || f.Status != facilities.Open || n >= mostDemoRooms {
				continue
			}
			for _, r := range d.roomsOf(f, n) {
				made, err := store.Create(ctx, d.w, r, d.change, d.today)
				if err != nil {
					return fmt.Errorf("%s: %w", r.Name, err)
				}
				if err := d.inspect(ctx, store, made.Room, n); err != nil {
					return fmt.Errorf("%s: %w", r.Name, err)
				}
			}
			n++
		}
		return nil
	})
}

func (d *demoDesk) roomsOf(f facilities.Facility, n int) []premises.Room {
	area := premises.Area(100 * max(f.Capacity, 300))
	room := premises.Room{
		LedgerNo: fmt.Sprintf("示例-%02d-1", n+1), Name: f.NameZH + "用房（示例）", Estate: "示例小区", Building: fmt.Sprintf("%d号楼", n+1), Floor: "1", RoomNo: "101", Address: f.Address, DivisionCode: f.DivisionCode,
		Point: f.Point, Placed: true, Owner: "清澜区示例街道办事处", Title: premises.TitleRegistered, ApprovedUse: premises.PartyMass, PresentUse: premises.PartyMass,
		Area: area, State: premises.HandedOver, PlannedOn: d.ago(3000), BuiltOn: d.ago(2500), AcceptedOn: d.ago(2300), HandedOverOn: d.ago(2200),
		KeyHolder: "社区居委会", FacilityID: f.ID, ObtainedBy: premises.ByProvision, Note: "示例",
	}
	if n%2 == 0 { // a part is for elders, and counts for that norm alone
		room.Parts = []premises.Part{
			{Use: premises.PartyMass, Area: area - area/4, CountsFor: premises.CommunityNorm}, {Use: premises.ElderlyService, Area: area / 4, CountsFor: premises.ElderlyNorm},
		}
	}
	second := room
	second.LedgerNo = fmt.Sprintf("示例-%02d-2", n+1) // so that the ledger as it is exported can be brought back
	second.Name, second.RoomNo, second.FacilityID, second.Parts = "配套用房（示例）", "102", "", nil
	second.ApprovedUse, second.PresentUse, second.Area = premises.ElderlyService, premises.ElderlyService, premises.Area(100*(120+10*(n%9)))
	switch n % 5 {
	case 0:
		second.PresentUse = premises.Commercial
	case 1:
		second.PresentUse = premises.Vacant
	case 2:
		second.State, second.HandedOverOn, second.KeyHolder = premises.Accepted, "", ""
	case 3:
		second.Owner = ""
	default:
		return []premises.Room{room}
	}
	return []premises.Room{room, second}
}

// inspect looks at most rooms; what is misused is to be put right, in one of two cases by a
// day that is past.
func (d *demoDesk) inspect(ctx context.Context, store *premisesdb.Store, r premises.Room, n int) error {
	look := premises.Inspection{RoomID: r.ID, Day: d.ago(40 + 7*(n%20)), By: "示例巡查员", UseFound: r.PresentUse, Condition: premises.Good, Verdict: premises.Fine}
	var order premises.Order
	switch {
	case n%3 == 2 && r.RoomNo == "101":
		return nil
	case r.PresentUse == premises.Commercial:
		look.Verdict, look.Note = premises.Misuse, "现场为商铺（示例）"
		order = premises.Order{Deadline: d.ago(20 - 40*(n%2)), Number: fmt.Sprintf("示例整改〔%d〕%d号", d.year(), n+1)}
	case r.PresentUse == premises.Vacant:
		look.Verdict = premises.Idle
	}
	_, err := store.Inspect(ctx, d.w, look, order, d.today)
	return err
}

func (d *demoDesk) year() int {
	t, err := time.Parse(time.DateOnly, string(d.today))
	if err != nil {
		return 0
	}
	return t.Year()
}

// niches plan the moves out of halls that are to close into the wide ones, while these have
// room; the last is planned for more than is free, as boards must show.
func (d *demoDesk) niches(ctx context.Context) error {
	store := funeraldb.New(d.db)
	known, err := store.List(ctx, d.w)
	return once(known, err, func() error {
		var from, to []funeral.Hall
		for _, f := range d.facilities {
			if f.Type != funeral.Columbarium {
				continue
			}
			switch h := funeral.HallOf(f); {
			case h.Fate.Closes() && h.Used != nil && *h.Used > 0:
				from = append(from, h)
			case h.Receives() && h.Status == facilities.Open && h.Level == "subdistrict" && h.Free() != nil:
				to = append(to, h)
			}
		}
		for i, h := range from {
			if len(to) == 0 || i > 2*len(to) {
				return nil
			}
			_, err := store.Create(ctx, d.w, funeral.Transfer{
				From: h.ID, To: to[i%len(to)].ID, Year: d.year() + 1 + i%3, Niches: *h.Used, Villages: h.Serves, Note: "示例",
			}, d.change, d.today)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// assessment sends the year's assessment out; half of it has come back, some with problems,
// some accepted.
func (d *demoDesk) assessment(ctx context.Context) error {
	store := campaignsdb.New(d.db)
	known, err := store.List(ctx, d.w)
	return once(known, err, func() error {
		forms, err := campaigns.Templates()
		if err != nil {
			return err
		}
		at := slices.IndexFunc(forms, func(t campaigns.Template) bool { return t.Kind == campaigns.Assessment })
		made, err := store.Create(ctx, d.w, campaigns.Campaign{
			Title: fmt.Sprintf("%d 年助餐与日间照料运营考核（示例）", d.year()), Kind: campaigns.Assessment, Year: d.year(), Deadline: d.ago(-20), Guide: forms[at].Guide, Form: forms[at].Form,
		}, d.change, d.today)
		if err != nil {
			return err
		}
		if _, err := store.AddFacilities(ctx, d.w, made.ID, campaignsdb.Pick{Types: []string{"elderly_canteen", "day_care_centre"}}, d.change, d.today); err != nil {
			return err
		}
		if made, err = store.ByID(ctx, d.w, made.ID); err != nil {
			return err
		}
		if _, err := store.Send(ctx, d.w, made.ID, made.Version, d.change, d.today); err != nil {
			return err
		}
		tasks, err := store.Tasks(ctx, d.w, campaignsdb.TaskFilter{Campaign: made.ID})
		if err != nil {
			return err
		}
		return d.answer(ctx, store, made.Form, tasks)
	})
}

// answer returns every other task. One return in three has a problem, one in two is taken.
func (d *demoDesk) answer(ctx context.Context, store *campaignsdb.Store, form campaigns.Form, tasks []campaigns.Task) error {
	for i, t := range tasks {
		if i%2 == 1 || i >= 2*mostDemoRooms {
			continue
		}
		answers := map[string]any{}
		for k, q := range form.Questions {
			value := ""
			switch q.Kind {
			case campaigns.YesNo:
				value = "yes"
			case campaigns.Choice:
				value = q.Options[0].Value
			default:
				continue
			}
			if i%3 == 0 && k == i%len(form.Questions) && len(q.Problem) > 0 {
				value = q.Problem[0]
			}
			answers[q.Code] = value
		}
		done, err := store.Answer(ctx, d.w, t.ID, t.Version, campaigns.Answer{Answers: answers, Note: "示例", VisitedOn: d.ago(3 + i%30), Final: true}, d.today)
		if err != nil {
			return err
		}
		if i%4 == 0 {
			if _, err := store.Accept(ctx, d.w, done.ID, done.Version); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *demoDesk) plan(ctx context.Context) error {
	store := indicatordb.New(d.db)
	known, err := store.List(ctx, d.w)
	return once(known, err, func() error {
		plan, rows, projects := demoPlan()
		_, err := store.Create(ctx, d.w, plan, rows, projects, d.types, d.change, d.today)
		return err
	})
}
