// Package jointtest is the small made-up centre on which the core is tested: two stations side by side, four kinds of
// units and three types. It is imported by tests only.
package jointtest

import (
	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/org"
)

// Centre is the id of the made-up centre.
const Centre cad.CentreID = "test"

// Middle is the place where the two stations' areas meet.
func Middle() geo.Point { return geo.Point{Lon: 114.30, Lat: 30.60} }

// At is the place that lies so many metres east and north of Middle.
func At(eastM, northM float64) *geo.Point {
	p := Middle().Offset(eastM, northM)
	return &p
}

// Charter is what the centre's folder would say. Ended lives leave memory after a day.
func Charter(id cad.CentreID) org.Charter {
	name := func(s string) org.Name { return org.Name{"en": s} }
	area := func(west, east float64) geo.MultiPolygon {
		return geo.MultiPolygon{{{*At(west, -3000), *At(east, -3000), *At(east, 3000), *At(west, 3000)}}}
	}
	unit := func(id cad.UnitID, kind string, st cad.OrgID, home *geo.Point) org.UnitSpec {
		return org.UnitSpec{ID: id, CallSign: string(id), Kind: kind, Station: st, Officers: 2, Sworn: 1, Dispatchable: true, Home: home}
	}
	crane := unit("900", "crane", "", nil)
	crane.Dispatchable = false
	return org.Charter{
		Centre: id,
		Settings: org.Settings{
			Name: name("Test centre"), BorderWithinM: 100, ForgetAfterDays: 1, AnswerWithinS: 10, Zone: "Asia/Shanghai",
			AlertLevels:  []cad.Level{"I", "II"},
			ReportClocks: []org.ReportClock{{Level: "II", FirstS: 900, FollowS: 3600, FinalS: 86400}},
			OrderClocks:  []org.OrderClock{{Urgency: "flash", SignS: 30, RemindS: 180, SuperviseS: 300, RaiseS: 600}},
			Results:      []org.Item{{ID: "settled", Name: name("settled")}}, Partners: []org.Item{{ID: "120", Name: name("ambulance")}, {ID: "119", Name: name("fire brigade"), Mode: "with"}},
		},
		Types: []org.Type{
			{
				ID: "knife", Name: name("person with a knife"), Priority: cad.P1, Level: "IV", Tags: []cad.TagID{"weapon"},
				Questions: []org.Question{{ID: "weapon", Ask: name("what does he hold"), Kind: org.AskChoice, Options: []org.Option{{ID: "knife", Name: name("a knife")}, {ID: "gun", Name: name("a gun")}}}},
				Need:      []org.Need{{Slot: "near", Count: 1}, {Slot: "own", Count: 1}, {Slot: "any", Capability: "shield", Count: 1}},
			},
			{ID: "theft", Name: name("theft"), Priority: cad.P3, Need: []org.Need{{Slot: "own", Count: 1}}},
			{ID: "noise", Name: name("noise"), Priority: cad.P4},
		},
		Tags: []org.Tag{{ID: "weapon", Name: name("weapon")}, {ID: "gun", Name: name("firearm"), Ack: true}},
		Grades: []org.Grade{
			{ID: cad.P1, Name: name("life in danger"), Limits: []org.Limit{
				{Kind: "dispatch", From: "received", WithinS: 60},
				{Kind: "sign", From: "dispatched", WithinS: 30},
				{Kind: "arrive", From: "dispatched", WithinS: 600},
			}},
			{ID: cad.P3, Name: name("ordinary"), Limits: []org.Limit{{Kind: "feedback", From: "dispatched", WithinS: 7200}}},
		},
		Orgs: []org.Org{
			{ID: "st1", Kind: "station", Name: name("West"), Place: At(-1500, 0), Area: area(-3000, 0)},
			{ID: "st2", Kind: "station", Name: name("East"), Place: At(1500, 0), Area: area(0, 3000)},
		},
		Kinds: []org.Kind{
			{ID: "patrol", Name: name("patrol car"), Patrol: true},
			{ID: "crew", Name: name("station crew"), OwnStation: true},
			{ID: "swat", Name: name("special unit"), Capabilities: []string{"shield"}},
			{ID: "crane", Name: name("crane"), Kmh: 40},
		},
		Units: []org.UnitSpec{
			unit("101", "patrol", "", At(-500, 0)), unit("102", "patrol", "", At(500, 0)),
			unit("211", "crew", "st1", At(-1500, 0)), unit("212", "crew", "st1", At(-1500, 0)),
			unit("221", "crew", "st2", At(1500, 0)), unit("301", "swat", "", At(0, 2500)), crane,
		},
	}
}

// Planned is Charter with response plans and classes of cover: a person with a weapon needs a second patrol, and, when
// somebody asks for more, the special unit beside what the first wave took, or another crew in its place.
func Planned(id cad.CentreID) org.Charter {
	c := Charter(id)
	name := func(s string) org.Name { return org.Name{"en": s} }
	c.Plans = []org.Card{{
		ID: "weapon", Name: name("weapon seen"), When: org.When{Tags: []cad.TagID{"weapon"}},
		Waves: []org.Wave{
			{N: 1, AtLeast: []org.Need{{Slot: "near", Count: 2}}, Partners: []cad.PartnerID{"120"}},
			{N: 2, Needs: []org.Need{{Slot: "swat", Count: 1, Hold: true, Or: []org.Need{{Slot: "own", Count: 1}, {Slot: "any", Kind: []string{"crew"}, Count: 1}}}}, Notify: []string{"duty_commander"}},
		},
	}}
	c.Cover = []org.CoverClass{
		{ID: "patrol", Name: name("patrols"), Slot: "near", StandardS: 300},
		{ID: "crew", Name: name("station crews"), Slot: "own", StandardS: 480, Areas: []org.CoverArea{{Station: "st2", StandardS: 600}}},
	}
	return c
}
