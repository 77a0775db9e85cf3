package org

import (
	"fmt"
	"slices"

	"shuniu/internal/cad"
)

// checker walks a charter and notes problems.
type checker struct {
	charter  Charter
	orgs     map[cad.OrgID]bool
	tags     map[cad.TagID]bool
	kinds    map[string]Kind
	partners map[string]bool
	bad      []Problem
}

func (v *checker) note(field, text, remedy string) {
	v.bad = append(v.bad, Problem{Field: field, Text: text, Remedy: remedy})
}

func (v *checker) settings() {
	s := v.charter.Settings
	if v.charter.Centre == "" {
		v.note("centre", "the centre has no id", "give it a short one, such as yunze")
	}
	if s.Name["zh"] == "" && s.Name["en"] == "" {
		v.note("settings.name", "the centre has no name", "give a zh or en name")
	}
	if s.BorderWithinM < 0 || s.ForgetAfterDays < 0 || s.AnswerWithinS < 0 {
		v.note("settings", "a figure is negative", "use 0 to switch it off")
	}
	if b := s.Bounds; b != [4]float64{} && (b[0] >= b[2] || b[1] >= b[3] || b[0] < -180 || b[2] > 180 || b[1] < -90 || b[3] > 90) {
		v.note("settings.bounds", "bounds are west, south, east, north in degrees", "put them in this order")
	}
	for _, p := range s.Partners {
		v.partners[p.ID] = true
	}
}

func (v *checker) lists() {
	for _, t := range v.charter.Tags {
		if t.ID == "" || v.tags[t.ID] {
			v.note(fmt.Sprintf("tags[%s]", t.ID), "the id is empty or given twice", "give each tag its own id")
		}
		v.tags[t.ID] = true
	}
	seen := map[cad.Priority]bool{}
	for _, g := range v.charter.Grades {
		field := fmt.Sprintf("priorities[%s]", g.ID)
		if g.ID == "" || !g.ID.Valid() || seen[g.ID] {
			v.note(field, "priorities are P1 P2 P3 P4, each once", "remove or rename it")
		}
		seen[g.ID] = true
		v.limits(field, g.Limits)
	}
	for _, k := range v.charter.Kinds {
		if _, twice := v.kinds[k.ID]; k.ID == "" || twice {
			v.note(fmt.Sprintf("kinds[%s]", k.ID), "the id is empty or given twice", "give each kind its own id")
		}
		v.kinds[k.ID] = k
	}
	for _, o := range v.charter.Orgs {
		if o.ID == "" || v.orgs[o.ID] {
			v.note(fmt.Sprintf("orgs[%s]", o.ID), "the id is empty or given twice", "give each its own id")
		}
		v.orgs[o.ID] = true
	}
	for _, o := range v.charter.Orgs {
		field := fmt.Sprintf("orgs[%s]", o.ID)
		if o.Parent != "" && !v.orgs[o.Parent] {
			v.note(field+".parent", fmt.Sprintf("there is no %q", o.Parent), "name one of the orgs")
		}
		if o.Place != nil && !o.Place.Valid() {
			v.note(field+".place", "it is nowhere on earth", "longitude first, degrees")
		}
		if len(o.Area) > 0 && !o.Area.Valid() {
			v.note(field+".area", "the polygon is not one", "close each ring with at least four points")
		}
	}
}

func (v *checker) limits(field string, limits []Limit) {
	kinds := []string{"dispatch", "sign", "depart", "arrive", "feedback", "review"}
	froms := []string{"received", "dispatched", "acknowledged", "reported"}
	for i, l := range limits {
		at := fmt.Sprintf("%s.limits[%d]", field, i)
		if !slices.Contains(kinds, l.Kind) {
			v.note(at+".kind", fmt.Sprintf("there is no limit %q", l.Kind), "one of dispatch sign depart arrive feedback review")
		}
		if !slices.Contains(froms, l.From) {
			v.note(at+".from", fmt.Sprintf("there is no milestone %q", l.From), "one of received dispatched acknowledged reported")
		}
		if l.WithinS <= 0 {
			v.note(at+".within_s", "a limit needs seconds above 0", "leave the limit out to have none")
		}
	}
}

func (v *checker) units() {
	seen := map[cad.UnitID]bool{}
	for _, u := range v.charter.Units {
		field := fmt.Sprintf("units[%s]", u.ID)
		switch {
		case u.ID == "" || seen[u.ID]:
			v.note(field, "the id is empty or given twice", "give each unit its own id")
		case u.Officers < 0 || u.Sworn < 0 || u.Sworn > u.Officers:
			v.note(field+".sworn", "sworn officers are some of the people in it", "0 <= sworn <= officers")
		case u.Home != nil && !u.Home.Valid():
			v.note(field+".home", "it is nowhere on earth", "longitude first, degrees")
		}
		seen[u.ID] = true
		if _, ok := v.kinds[u.Kind]; !ok {
			v.note(field+".kind", fmt.Sprintf("there is no kind %q", u.Kind), "name one of the kinds")
		}
		if u.Station != "" && !v.orgs[u.Station] {
			v.note(field+".station", fmt.Sprintf("there is no %q", u.Station), "name one of the orgs")
		}
	}
}

func (v *checker) types() {
	seen := map[cad.TypeID]bool{}
	for _, t := range v.charter.Types {
		field := fmt.Sprintf("types[%s]", t.ID)
		if t.ID == "" || seen[t.ID] {
			v.note(field, "the id is empty or given twice", "give each type its own id")
		}
		seen[t.ID] = true
		if !t.Priority.Valid() {
			v.note(field+".priority", fmt.Sprintf("there is no priority %q", t.Priority), "one of P1 P2 P3 P4")
		}
		if !t.Level.Valid() {
			v.note(field+".level", fmt.Sprintf("there is no event level %q", t.Level), "one of I II III IV, or none")
		}
		for _, tag := range t.Tags {
			if !v.tags[tag] {
				v.note(field+".tags", fmt.Sprintf("there is no tag %q", tag), "name one of the tags")
			}
		}
		for _, p := range t.Partners {
			if !v.partners[string(p)] {
				v.note(field+".partners", fmt.Sprintf("there is no partner %q", p), "name one of the partners")
			}
		}
		v.limits(field, t.Limits)
		for i, n := range t.Need {
			v.need(fmt.Sprintf("%s.need[%d]", field, i), n)
		}
	}
}

// need fails where no dispatchable unit could ever fill a line of a first wave.
func (v *checker) need(field string, n Need) {
	if n.Count <= 0 {
		v.note(field+".count", "a need asks for at least one unit", "give a count above 0, or leave it out")
	}
	if _, kind := v.kinds[n.Slot]; !kind && n.Slot != "near" && n.Slot != "own" && n.Slot != "any" {
		v.note(field+".slot", fmt.Sprintf("there is no slot or kind %q", n.Slot), "near, own, any, or one of the kinds")
		return
	}
	for _, u := range v.charter.Units {
		k := v.kinds[u.Kind]
		able := n.Capability == "" || slices.Contains(u.Capabilities, n.Capability) || slices.Contains(k.Capabilities, n.Capability)
		fits := n.Slot == "any" || n.Slot == "near" && k.Patrol || n.Slot == "own" && k.OwnStation || n.Slot == u.Kind
		if u.Dispatchable && able && fits && (len(n.Kind) == 0 || slices.Contains(n.Kind, u.Kind)) {
			return
		}
	}
	v.note(field, fmt.Sprintf("no dispatchable unit fills %s %s", n.Slot, n.Capability), "add such a unit, or ask for what the centre has")
}
