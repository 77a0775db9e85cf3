package org

import (
	"fmt"
	"slices"

	"shuniu/internal/cad"
)

func (v *checker) units() {
	seen, signs := map[cad.UnitID]bool{}, map[string]bool{}
	for _, u := range v.charter.Units {
		field := fmt.Sprintf("units[%s]", u.ID)
		once(v, field, u.ID, seen[u.ID])
		seen[u.ID] = true
		if sign := u.CallSign; sign != "" {
			if signs[sign] {
				v.note(field+".call_sign", fmt.Sprintf("another unit is called %q on the radio", sign), "give each unit its own call sign")
			}
			signs[sign] = true
		}
		if u.Officers < 0 || u.Sworn < 0 || u.Sworn > u.Officers {
			v.note(field+".sworn", "sworn officers are some of the people in it", "0 <= sworn <= officers")
		}
		if u.Home != nil && !u.Home.Valid() {
			v.note(field+".home", "it is nowhere on earth", "longitude first, degrees")
		}
		v.can(field, u.Capabilities)
		kind, ok := v.kinds[u.Kind]
		if !ok {
			v.unknown(field+".kind", "kind", u.Kind, "name one of the kinds")
		}
		if b, known := v.charter.Settings.Beat(u.Beat); u.Beat != "" && (!known || b.Station != u.Station) {
			v.unknown(field+".beat", "beat", u.Beat, "name one of settings.beats that belongs to its station")
		}
		home, ok := v.orgs[u.Station]
		switch {
		case u.Station != "" && !ok:
			v.unknown(field+".station", "org", string(u.Station), "name one of the orgs")
		case kind.OwnStation && home.Kind != "station":
			v.note(field+".station", "a crew of a station needs its station", "name the station that it belongs to")
		}
	}
}

func (v *checker) types() {
	seen, all := map[cad.TypeID]bool{}, map[cad.TypeID]bool{}
	for _, t := range v.charter.Types {
		all[t.ID] = true
	}
	for _, t := range v.charter.Types {
		field := fmt.Sprintf("types[%s]", t.ID)
		once(v, field, t.ID, seen[t.ID])
		seen[t.ID] = true
		v.named(field, t.Name)
		if !t.Priority.Valid() {
			v.unknown(field+".priority", "priority", string(t.Priority), "one of P1 P2 P3 P4")
		}
		if !t.Level.Valid() {
			v.unknown(field+".level", "event level", string(t.Level), "one of I II III IV, or none")
		}
		for _, tag := range t.Tags {
			if !v.tags[tag] {
				v.unknown(field+".tags", "tag", string(tag), "name one of the tags")
			}
		}
		v.told(field, t.Partners, t.Seats)
		v.limits(field, t.Limits)
		v.intake(field, t, all)
		for i, n := range t.Need {
			v.need(fmt.Sprintf("%s.need[%d]", field, i), n, t.Priority, v.stations(When{}))
		}
		for i, n := range t.Second {
			v.need(fmt.Sprintf("%s.second[%d]", field, i), n, t.Priority, v.stations(When{}))
		}
	}
}

// told checks the partners and seats that a type or a wave tells.
func (v *checker) told(field string, partners []cad.PartnerID, seats []string) {
	for _, p := range partners {
		if !v.partners[string(p)] {
			v.unknown(field+".partners", "partner", string(p), "name one of settings.partners")
		}
	}
	for _, s := range seats {
		if !v.seats[s] {
			v.unknown(field+".seats", "seat", s, "name one of settings.seats")
		}
	}
}

// need fails where the dispatchable units could not fill a line of a wave even if all of them were free, nor any of its
// alternatives. It is asked for an incident of a priority, because crews depend on it, and for the stations that can be
// responsible.
func (v *checker) need(field string, n Need, p cad.Priority, at []cad.OrgID) {
	before := len(v.bad)
	v.line(field, n)
	for i, o := range n.Or {
		v.line(fmt.Sprintf("%s.or[%d]", field, i), o)
		if len(o.Or) > 0 || o.Hold {
			v.note(fmt.Sprintf("%s.or[%d]", field, i), "an alternative has no alternatives, and stays back only where the line itself does", "list all of them in the line itself")
		}
	}
	if len(v.bad) > before {
		return // What cannot be read cannot be counted.
	}
	n = v.state.Crewed(n, p)
	text := v.lacks(n, at)
	if text == "" || slices.ContainsFunc(n.Or, func(o Need) bool { return v.lacks(o, at) == "" }) {
		return
	}
	if len(n.Or) > 0 {
		text += "; nor can any of its alternatives be had"
	}
	v.note(field, text, "add such units, or ask for what the centre has")
}

// line checks that what a line says can be read.
func (v *checker) line(field string, n Need) {
	if n.Count <= 0 || n.Officers < 0 || n.Sworn < 0 {
		v.note(field+".count", "a need asks for at least one unit, and for no less than nobody in it", "give a count above 0, or leave the line out")
		return
	}
	if _, kind := v.kinds[n.Slot]; !kind && !isSlot(n.Slot) {
		v.unknown(field+".slot", "slot or kind", n.Slot, "near, own, any, or one of the kinds")
		return
	}
	if n.Crew && v.charter.Settings.Crew == nil {
		v.note(field+".crew", "it asks for a crew, and the centre does not say what a crew is", "write crew: {officers: 2, sworn: 1} in centre.yaml")
	}
	for _, k := range n.Kind {
		if _, ok := v.kinds[k]; !ok {
			v.unknown(field+".kind", "kind", k, "name one of the kinds")
			return
		}
	}
}

// lacks says what is missing for a line; empty if it can be filled. A crew of the responsible station (属) must be there
// at each station that can be responsible: elsewhere it is none.
func (v *checker) lacks(n Need, at []cad.OrgID) string {
	held := 0
	by := map[cad.OrgID]int{}
	for _, u := range v.roster {
		if u.Dispatchable && v.fills(n, u) {
			by[u.Station]++
			held++
		}
	}
	where := "the centre has"
	if n.Slot == "own" {
		held = 0
		for _, c := range by {
			held = max(held, c)
		}
		for _, st := range at {
			if by[st] < n.Count {
				where, held = fmt.Sprintf("station %s has", st), by[st]
				break
			}
		}
	}
	if held >= n.Count {
		return ""
	}
	return fmt.Sprintf("it asks for %d of %s, %s %d that can be sent", n.Count, n.what(), where, held)
}

// what a need asks for, in words of the folder.
func (n Need) what() string {
	s := n.Slot
	if n.Capability != "" {
		s += " with " + n.Capability
	}
	if n.Officers > 0 || n.Sworn > 0 {
		s += fmt.Sprintf(" with %d people, %d of them sworn", n.Officers, n.Sworn)
	}
	return s
}

func (v *checker) fills(n Need, u UnitSpec) bool {
	k := v.kinds[u.Kind]
	fits := n.Slot == "any" || n.Slot == u.Kind || n.Slot == "near" && k.Patrol || n.Slot == "own" && k.OwnStation
	return fits && u.Officers >= n.Officers && u.Sworn >= n.Sworn &&
		(n.Capability == "" || slices.Contains(u.Capabilities, n.Capability)) &&
		(len(n.Kind) == 0 || slices.Contains(n.Kind, u.Kind))
}
