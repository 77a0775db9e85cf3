package centre

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/org"
)

// note adds a problem at the place of a value, or of the nearest value around it. The same is said once only: one
// line of a range is one mistake, not twenty.
func (l *loader) note(s spot, text, remedy string) {
	at := l.find(s)
	p := Problem{File: s.file, Line: at.line, Column: at.column, Text: text, Remedy: remedy}
	if !slices.Contains(l.problems, p) {
		l.problems = append(l.problems, p)
	}
}

func (l *loader) find(s spot) place {
	for {
		if p, ok := l.at[s]; ok {
			return p
		}
		if s.path == "" {
			return place{}
		}
		s.path = s.path[:max(0, strings.LastIndexAny(s.path, ".["))]
	}
}

func (l *loader) settings(f centreFile) {
	if _, err := time.LoadLocation(f.Zone); err != nil || f.Zone == "" || f.Zone == "Local" {
		l.note(spot{centreYAML, "zone"}, fmt.Sprintf("there is no time zone %q", f.Zone), "give an IANA name such as Asia/Shanghai")
	}
	if f.Bounds == [4]float64{} {
		l.note(spot{centreYAML, "bounds"}, "the centre has no bounds", "write bounds: [west, south, east, north]")
	}
	l.charter.Centre = cad.CentreID(f.ID)
	l.charter.Settings = org.Settings{
		Version: f.Version, Name: f.name(), Superior: f.Superior.name(), Zone: f.Zone, Bounds: f.Bounds, Zoom: f.Zoom,
		Credit: f.Credit, BorderWithinM: cad.Meters(f.BorderWithinM), ForgetAfterDays: f.ForgetAfterDays, AnswerWithinS: int64(f.AnswerWithin / time.Second),
		TakeGraceS: int64(f.TakeGrace / time.Second),
		SilenceS:   int64(f.Silence / time.Second), SceneS: int64(f.Scene / time.Second),
		Results: l.items("results", f.Results), Reasons: l.items("reasons", f.Reasons), Partners: l.items("partners", f.Partners),
		Seats: l.items("seats", f.Seats), CommanderSeat: cad.SeatID(f.CommanderSeat), Capabilities: l.items("capabilities", f.Capabilities),
		Population: f.Population, Neighbours: l.items("neighbours", f.Neighbours), RadioGroups: l.items("radio_groups", f.RadioGroups),
		Crew:     f.Crew.crew(),
		Premises: l.premises(f.Premises), Watches: l.items("watches", f.Watches), WatchChange: f.WatchChange, Beats: l.beats(f.Beats),
	}
	l.clocks(f)
	l.alias["centre"] = spot{centreYAML, "id"}
	l.alias["settings"] = spot{centreYAML, ""}
	l.alias["settings.commander_seat"] = spot{centreYAML, "commander_seat"}
	l.alias["settings.name"] = spot{centreYAML, "zh"}
}

// clocks reads by when orders and urgent reports are due.
func (l *loader) clocks(f centreFile) {
	s := &l.charter.Settings
	seconds := func(d time.Duration) int64 { return int64(d / time.Second) }
	for _, x := range f.AlertLevels {
		s.AlertLevels = append(s.AlertLevels, cad.Level(x))
	}
	for i, c := range f.Orders {
		l.alias[fmt.Sprintf("settings.order_clocks[%d]", i)] = spot{centreYAML, fmt.Sprintf("orders[%d]", i)}
		s.OrderClocks = append(s.OrderClocks, org.OrderClock{
			Urgency: c.Urgency, SignS: seconds(c.Sign), RemindS: seconds(c.Remind), SuperviseS: seconds(c.Supervise), RaiseS: seconds(c.Raise),
		})
	}
	for i, c := range f.Reports {
		l.alias[fmt.Sprintf("settings.report_clocks[%d]", i)] = spot{centreYAML, fmt.Sprintf("reports[%d]", i)}
		s.ReportClocks = append(s.ReportClocks, org.ReportClock{
			Level: cad.Level(c.Level), FirstS: seconds(c.First), FollowS: seconds(c.Follow), FinalS: seconds(c.Final),
		})
	}
	l.alias["settings.alert_levels"] = spot{centreYAML, "alert_levels"}
}

func (l *loader) beats(entries []beatEntry) []org.Beat {
	var out []org.Beat
	for i, e := range entries {
		l.alias[fmt.Sprintf("settings.beats[%s]", e.ID)] = spot{centreYAML, fmt.Sprintf("beats[%d]", i)}
		out = append(out, org.Beat{ID: e.ID, Name: e.name(), Station: cad.OrgID(e.Station)})
	}
	return out
}

func (l *loader) items(section string, entries []itemEntry) []org.Item {
	var out []org.Item
	for i, e := range entries {
		s := spot{centreYAML, fmt.Sprintf("%s[%d]", section, i)}
		l.alias[fmt.Sprintf("settings.%s[%s]", section, e.ID)] = s
		switch {
		case section == "partners" && e.Mode == "":
			l.note(s, fmt.Sprintf("partner %s has no mode", e.ID), "with (we stay), transfer (they take over) or both")
		case section != "partners" && e.Mode != "":
			l.note(s, "only partners have a mode", "remove it")
		}
		out = append(out, org.Item{ID: e.ID, Name: e.name(), Mode: e.Mode})
	}
	return out
}

func (l *loader) types(f typesFile) {
	for i, e := range f.Priorities {
		s := spot{typesYAML, fmt.Sprintf("priorities[%d]", i)}
		l.alias[fmt.Sprintf("priorities[%s]", e.ID)] = s
		l.charter.Grades = append(l.charter.Grades, org.Grade{ID: cad.Priority(e.ID), Name: e.name(), Limits: limits(e.Limits)})
	}
	for i, e := range f.Tags {
		s := spot{typesYAML, fmt.Sprintf("tags[%d]", i)}
		l.alias[fmt.Sprintf("tags[%s]", e.ID)] = s
		l.charter.Tags = append(l.charter.Tags, org.Tag{ID: cad.TagID(e.ID), Name: e.name(), Ack: e.Ack})
	}
	for i, e := range f.Types {
		s := spot{typesYAML, fmt.Sprintf("types[%d]", i)}
		l.alias[fmt.Sprintf("types[%s]", e.ID)] = s
		t := org.Type{
			ID: cad.TypeID(e.ID), Name: e.name(), Category: e.Category, Priority: cad.Priority(e.Priority), Level: cad.Level(e.Level),
			Tags: words[cad.TagID](e.Tags), Keywords: e.Keywords, Partners: words[cad.PartnerID](e.Partners), Limits: limits(e.Limits),
			Seats: e.Seats, Notify: e.Notify,
		}
		if t.Priority == "" {
			l.note(s, fmt.Sprintf("type %s has no priority", e.ID), "one of P1 P2 P3 P4")
		}
		t.Need, t.Second = needs(e.Need), needs(e.Second)
		l.charter.Types = append(l.charter.Types, t)
	}
}

func needs(entries []needEntry) []org.Need {
	var out []org.Need
	for _, e := range entries {
		count := 1
		if e.Count != nil {
			count = *e.Count
		}
		out = append(out, org.Need{Slot: e.Slot, Capability: e.Capability, Kind: e.Kinds, Count: count, Officers: e.Officers, Sworn: e.Sworn, Crew: e.Crew, Hold: e.Hold, Or: needs(e.Or)})
	}
	return out
}

func limits(entries []limitEntry) []org.Limit {
	var out []org.Limit
	for _, e := range entries {
		out = append(out, org.Limit{Kind: e.Kind, From: e.From, WithinS: int64(e.Within / time.Second)})
	}
	return out
}

func words[T ~string](in []string) []T {
	var out []T
	for _, w := range in {
		out = append(out, T(w))
	}
	return out
}

// posts are places by the id of a post or an org. An org without a known place is in it as nil.
type posts map[string]*geo.Point

func (l *loader) organisation(f orgFile) {
	l.posts = posts{}
	root := ""
	if f.Centre != nil {
		l.orgs("centre", spot{orgYAML, "centre"}, *f.Centre, "")
		if len(l.charter.Orgs) > 0 {
			root = string(l.charter.Orgs[0].ID)
		}
	}
	for _, part := range []struct {
		kind, section string
		rules         []orgRule
	}{{"department", "departments", f.Departments}, {"brigade", "brigades", f.Brigades}, {"station", "stations", f.Stations}} {
		for i, rule := range part.rules {
			l.orgs(part.kind, spot{orgYAML, fmt.Sprintf("%s[%d]", part.section, i)}, rule, root)
		}
	}
	if f.PlacesFrom != nil {
		l.placesFrom(*f.PlacesFrom)
	}
	if f.Areas != nil {
		l.areasFrom(*f.Areas)
	}
	for _, o := range l.charter.Orgs {
		l.posts[string(o.ID)] = o.Place
	}
	for i, e := range f.Places {
		s := spot{orgYAML, fmt.Sprintf("places[%d]", i)}
		_, twice := l.posts[e.ID]
		if e.ID == "" || twice || e.Place == nil || e.empty() {
			l.note(s, fmt.Sprintf("place %q needs an id of its own, a name and a place", e.ID), "write {id: post_park, zh: ..., place: [longitude, latitude]}")
		}
		at := e.Place.point()
		l.posts[e.ID] = at
		if at != nil {
			l.charter.Settings.Posts = append(l.charter.Settings.Posts, org.Post{ID: e.ID, Name: e.name(), Place: *at})
		}
		l.inBounds(s, at)
	}
}

// orgs writes out one rule.
func (l *loader) orgs(kind string, s spot, r orgRule, root string) {
	if len(r.IDs) == 0 {
		l.note(s, "it has no id", `give ids: one, or a pattern such as "st{n}"`)
	}
	l.spread(s, r.IDs, r.For, func(id string, bound bindings) {
		zh, errZH := expandOne(r.ZH, bound)
		en, errEN := expandOne(r.EN, bound)
		if errZH != nil || errEN != nil {
			l.note(s, "the name is no pattern for one name", "use only names that for: binds, such as {n}")
		}
		o := org.Org{ID: cad.OrgID(id), Kind: kind, Name: label{zh, en}.name(), Parent: cad.OrgID(cmp.Or(r.Parent, root)), Place: r.Place.point(), Border: cad.Meters(r.BorderM)}
		l.inBounds(spot{s.file, s.path + ".place"}, o.Place)
		l.alias[fmt.Sprintf("orgs[%s]", id)] = s
		l.charter.Orgs = append(l.charter.Orgs, o)
	})
}

// spread calls do for every id that patterns stand for.
func (l *loader) spread(s spot, patterns []string, vars variables, do func(id string, bound bindings)) {
	if vars.combinations() > expandMax {
		l.note(spot{s.file, s.path + ".for"}, fmt.Sprintf("the rule stands for more than %d entries", expandMax), "split it")
		return
	}
	total := 0
	failed := false
	vars.each(func(bound bindings) {
		for _, pattern := range patterns {
			ids, err := expand(pattern, bound)
			if total += len(ids); failed || err != nil || total > expandMax {
				if !failed {
					text := fmt.Sprintf("the rule stands for more than %d entries", expandMax)
					if err != nil {
						text = err.Error()
					}
					l.note(spot{s.file, s.path + ".ids"}, text, `write a range such as "{101..110}", or a name that for: binds, such as "2{s}1"`)
				}
				failed = true
				return
			}
			for _, id := range ids {
				do(id, bound)
			}
		}
	})
}

// inBounds finds places that a slip of the pen has put into another city, or that have longitude and latitude swapped.
func (l *loader) inBounds(s spot, p *geo.Point) {
	b := l.charter.Settings.Bounds
	if p == nil || !p.Valid() || b == [4]float64{} { // Impossible degrees and missing bounds are named elsewhere.
		return
	}
	box := geo.Bounds{Min: geo.Point{Lon: b[0], Lat: b[1]}, Max: geo.Point{Lon: b[2], Lat: b[3]}}
	if !box.Contains(*p) {
		l.note(s, fmt.Sprintf("the place %g, %g lies outside the centre's bounds", p.Lon, p.Lat), "longitude first; or widen bounds in centre.yaml")
	}
}

func (l *loader) units(f unitsFile) {
	for i, e := range f.Kinds {
		s := spot{unitsYAML, fmt.Sprintf("kinds[%d]", i)}
		l.alias[fmt.Sprintf("kinds[%s]", e.ID)] = s
		l.charter.Kinds = append(l.charter.Kinds, l.kind(s, e))
	}
	for i, r := range f.Units {
		s := spot{unitsYAML, fmt.Sprintf("units[%d]", i)}
		if len(r.IDs) == 0 {
			l.note(s, "it has no id", `give ids: one, or a pattern such as "{101..110}"`)
		}
		if r.Home != nil && len(r.At) > 0 {
			l.note(s, "it has both home and at", "keep one")
		}
		l.inBounds(spot{s.file, s.path + ".home"}, r.Home.point())
		turn := 0
		l.spread(s, r.IDs, r.For, func(id string, bound bindings) {
			u := l.unit(s, r, id, bound)
			u.Home = l.home(s, r, u.Station, bound, turn)
			turn++
			l.alias[fmt.Sprintf("units[%s]", id)] = s
			l.charter.Units = append(l.charter.Units, u)
		})
	}
}

func (l *loader) kind(s spot, e kindEntry) org.Kind {
	k := org.Kind{ID: e.ID, Name: e.name(), Capabilities: e.Capabilities, Patrol: e.Patrol, OwnStation: e.OwnStation, Straight: e.Straight}
	if e.Kmh != nil {
		if k.Kmh = *e.Kmh; k.Kmh == 0 {
			l.note(spot{s.file, s.path + ".kmh"}, "a unit with a speed of 0 never gets anywhere", "give its speed in km/h, or leave kmh out")
		}
	}
	return k
}

func (l *loader) unit(s spot, r unitRule, id string, bound bindings) org.UnitSpec {
	sign, errSign := expandOne(r.CallSign, bound)
	station, errStation := expandOne(r.Station, bound)
	beat, errBeat := expandOne(r.Beat, bound)
	for _, err := range []error{errSign, errStation, errBeat} {
		if err != nil {
			l.note(s, err.Error(), "use only names that for: binds, such as {s}")
		}
	}
	return org.UnitSpec{
		ID: cad.UnitID(id), CallSign: cmp.Or(sign, id), Kind: r.Kind, Station: cad.OrgID(station), Beat: beat, Capabilities: r.Capabilities,
		Officers: r.Officers, Sworn: r.Sworn, Dispatchable: r.Dispatchable == nil || *r.Dispatchable,
	}
}

// home is where a unit waits: its own place, the next of the rule's posts, or its station.
func (l *loader) home(s spot, r unitRule, station cad.OrgID, bound bindings, turn int) *geo.Point {
	if r.Home != nil {
		return r.Home.point()
	}
	if len(r.At) == 0 {
		return clonePoint(l.posts[string(station)])
	}
	at := spot{s.file, s.path + ".at"}
	var names []string
	for _, pattern := range r.At {
		more, err := expand(pattern, bound)
		if err != nil {
			l.note(at, err.Error(), "name places or orgs of org.yaml")
			return nil
		}
		names = append(names, more...)
	}
	name := names[turn%len(names)]
	p, ok := l.posts[name]
	if !ok {
		l.note(at, fmt.Sprintf("there is no place or org %q", name), "name one of org.yaml: "+strings.Join(few(l.posts), ", "))
	}
	return clonePoint(p)
}

func clonePoint(p *geo.Point) *geo.Point {
	if p == nil {
		return nil
	}
	out := *p
	return &out
}

// few names some of what there is, so that a remedy stays one line.
func few(all posts) []string {
	const namesMax = 8
	names := slices.Sorted(maps.Keys(all))
	if len(names) > namesMax {
		return append(names[:namesMax:namesMax], "...")
	}
	return names
}
