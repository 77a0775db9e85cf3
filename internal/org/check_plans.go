package org

import (
	"fmt"
	"slices"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// crew checks what the centre calls a crew.
func (v *checker) crew(c *Crew) {
	if c == nil {
		return
	}
	if c.Officers < 1 || c.Sworn < 0 || c.Sworn > c.Officers {
		v.note("settings.crew", "a crew is at least one person, and sworn officers are some of its people", "write such as crew: {officers: 2, sworn: 1}")
	}
	for _, p := range c.Priorities {
		if p == "" || !p.Valid() {
			v.unknown("settings.crew.priorities", "priority", string(p), "one of P1 P2 P3 P4")
		}
	}
}

// plans checks every card by itself and against the others.
func (v *checker) plans() {
	seen := map[string]bool{}
	said := map[string]string{}
	for _, c := range v.charter.Plans {
		field := fmt.Sprintf("plans[%s]", c.ID)
		once(v, field, c.ID, seen[c.ID])
		seen[c.ID] = true
		v.named(field, c.Name)
		before := len(v.bad)
		v.when(field, c.When)
		if len(v.bad) == before {
			v.reachable(field, c)
		}
		if twin, ok := said[c.key()]; ok && twin != c.ID {
			v.note(field, fmt.Sprintf("plan %q says the same already", twin), "keep one of them, or say in when how they differ")
		}
		said[c.key()] = c.ID
		v.waves(field, c)
	}
}

// key is what a card does and when, without its names.
func (c Card) key() string { return fmt.Sprint(c.When, c.Waves) }

// when checks that what a card waits for exists.
func (v *checker) when(field string, w When) {
	at := field + ".when"
	if len(w.Types)+len(w.Tags)+len(w.Levels)+len(w.Priorities)+len(w.Stations)+len(w.Area) == 0 {
		v.note(at, "it says no condition and would join every incident", "name types, tags, levels, priorities, stations or an area; all priorities if every incident is meant")
	}
	for _, t := range w.Types {
		if _, ok := v.state.Types[t]; !ok {
			v.unknown(at+".types", "type", string(t), "name one of the types of types.yaml")
		}
	}
	for _, t := range w.Tags {
		if !v.tags[t] {
			v.unknown(at+".tags", "tag", string(t), "name one of the tags of types.yaml")
		}
	}
	for _, l := range w.Levels {
		if l == "" || !l.Valid() {
			v.unknown(at+".levels", "event level", string(l), "one of I II III IV")
		}
	}
	for _, p := range w.Priorities {
		if p == "" || !p.Valid() {
			v.unknown(at+".priorities", "priority", string(p), "one of P1 P2 P3 P4")
		}
	}
	for _, st := range w.Stations {
		if v.orgs[st].Kind != "station" {
			v.unknown(at+".stations", "station", string(st), "name one of the stations of org.yaml")
		}
	}
	v.area(at+".area", w)
}

// area checks that a card's area is one, and that places of the centre lie in it.
func (v *checker) area(field string, w When) {
	if len(w.Area) == 0 {
		return
	}
	if !w.Area.Valid() {
		v.note(field, "the polygon is not one", "give each ring at least three points, longitude first")
		return
	}
	b := v.charter.Settings.Bounds
	all := geo.Bounds{Min: geo.Point{Lon: b[0], Lat: b[1]}, Max: geo.Point{Lon: b[2], Lat: b[3]}}
	if b != [4]float64{} && !meet(w.Area.Bounds(), all) {
		v.note(field, "the area lies outside the centre's bounds, so no incident is ever in it", "longitude first; or widen bounds in centre.yaml")
	}
}

// reachable notes a card that no incident can ever match: what it is for is never reached by a person who grades.
// Priority, level and tags can be set by hand on any type, so only places can exclude each other.
func (v *checker) reachable(field string, c Card) {
	if len(c.When.Area) == 0 || len(c.When.Stations) == 0 {
		return
	}
	if len(v.stations(c.When)) > 0 {
		return
	}
	v.note(field+".when", "its area lies in none of its stations, so it can never match", "name the stations of the area, or leave one of the two out")
}

// stations are those that can be responsible for an incident that a card is for. A station with neither house nor area
// never is; one without an area may be anywhere.
func (v *checker) stations(w When) []cad.OrgID {
	var out []cad.OrgID
	for _, o := range v.charter.Orgs {
		if o.Kind != "station" || len(o.Area) == 0 && o.Place == nil || !oneOf(w.Stations, o.ID) {
			continue
		}
		if len(w.Area) == 0 || len(o.Area) == 0 || meet(w.Area.Bounds(), o.Area.Bounds()) {
			out = append(out, o.ID)
		}
	}
	return out
}

func meet(a, b geo.Bounds) bool {
	return a.Min.Lon <= b.Max.Lon && b.Min.Lon <= a.Max.Lon && a.Min.Lat <= b.Max.Lat && b.Min.Lat <= a.Max.Lat
}

// waves checks what a card asks for.
func (v *checker) waves(field string, c Card) {
	if len(c.Waves) == 0 || !slices.ContainsFunc(c.Waves, func(w Wave) bool { return !w.Empty() }) {
		v.note(field+".waves", "it asks for nothing", "give at least one wave with add, at_least, seats, notify or partners")
	}
	seen := map[int]bool{}
	priority, at := c.hardest(), v.stations(c.When)
	for i, w := range c.Waves {
		wave := fmt.Sprintf("%s.waves[%d]", field, i)
		if w.N < 1 || w.N > WaveMax || seen[w.N] {
			v.note(wave+".wave", fmt.Sprintf("waves are numbered from 1 to %d, each once", WaveMax), "give each wave of a plan its own number")
		}
		seen[w.N] = true
		v.told(wave, w.Partners, w.Seats)
		for j, n := range w.Needs {
			v.need(fmt.Sprintf("%s.add[%d]", wave, j), n, priority, at)
		}
		for j, n := range w.AtLeast {
			v.need(fmt.Sprintf("%s.at_least[%d]", wave, j), n, priority, at)
		}
	}
}

// hardest is the most urgent priority that a card is for: what it asks for then is the most that it may ask for.
func (c Card) hardest() cad.Priority {
	if len(c.When.Priorities) == 0 {
		return cad.P1
	}
	return slices.Min(c.When.Priorities)
}

// cover checks the classes of cover.
func (v *checker) cover() {
	seen := map[string]bool{}
	for _, c := range v.charter.Cover {
		field := fmt.Sprintf("cover[%s]", c.ID)
		once(v, field, c.ID, seen[c.ID])
		seen[c.ID] = true
		v.named(field, c.Name)
		if c.Slot != "" && c.Slot != "near" && c.Slot != "own" {
			v.unknown(field+".slot", "slot", c.Slot, "near, own, or leave it out and name kinds")
		}
		for _, k := range c.Kinds {
			if _, ok := v.kinds[k]; !ok {
				v.unknown(field+".kinds", "kind", k, "name one of the kinds")
			}
		}
		if c.StandardS <= 0 {
			v.note(field+".standard_s", "a standard needs seconds above 0", "write such as within: 300s")
		}
		v.coverAreas(field, c)
		if !slices.ContainsFunc(v.roster, func(u UnitSpec) bool { return u.Dispatchable && v.state.Covers(c, u.Kind, u.Station, "") }) {
			v.note(field, "no unit that can be sent counts for it, so every place would be uncovered for ever", "name a slot or kinds that units have: "+strings.Join(v.kindsHeld(), ", "))
		}
	}
}

func (v *checker) coverAreas(field string, c CoverClass) {
	seen := map[cad.OrgID]bool{}
	for _, a := range c.Areas {
		at := fmt.Sprintf("%s.areas[%s]", field, a.Station)
		switch {
		case v.orgs[a.Station].Kind != "station":
			v.unknown(at+".station", "station", string(a.Station), "name one of the stations of org.yaml")
		case seen[a.Station]:
			v.note(at, "this station has a standard of its own already", "keep one of them")
		case a.StandardS < 0:
			v.note(at+".standard_s", "a time cannot be negative", "use 0s where nothing is promised")
		}
		seen[a.Station] = true
	}
}

// kindsHeld are the kinds that units which can be sent have, in the charter's order.
func (v *checker) kindsHeld() []string {
	var out []string
	for _, k := range v.charter.Kinds {
		if slices.ContainsFunc(v.roster, func(u UnitSpec) bool { return u.Dispatchable && u.Kind == k.ID }) {
			out = append(out, k.ID)
		}
	}
	return out
}
