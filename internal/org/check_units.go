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
	seen := map[cad.TypeID]bool{}
	roster := v.charter.Roster()
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
		for _, p := range t.Partners {
			if !v.partners[string(p)] {
				v.unknown(field+".partners", "partner", string(p), "name one of settings.partners")
			}
		}
		for _, s := range t.Seats {
			if !v.seats[s] {
				v.unknown(field+".seats", "seat", s, "name one of settings.seats")
			}
		}
		v.limits(field, t.Limits)
		for i, n := range t.Need {
			v.need(fmt.Sprintf("%s.need[%d]", field, i), n, roster)
		}
		for i, n := range t.Second {
			v.need(fmt.Sprintf("%s.second[%d]", field, i), n, roster)
		}
	}
}

// need fails where the dispatchable units could not fill a line of a wave even if all of them were free.
func (v *checker) need(field string, n Need, roster []UnitSpec) {
	if n.Count <= 0 || n.Officers < 0 || n.Sworn < 0 {
		v.note(field+".count", "a need asks for at least one unit, and for no less than nobody in it", "give a count above 0, or leave the line out")
		return
	}
	if _, kind := v.kinds[n.Slot]; !kind && !isSlot(n.Slot) {
		v.unknown(field+".slot", "slot or kind", n.Slot, "near, own, any, or one of the kinds")
		return
	}
	for _, k := range n.Kind {
		if _, ok := v.kinds[k]; !ok {
			v.unknown(field+".kind", "kind", k, "name one of the kinds")
			return
		}
	}
	held := 0
	at := map[cad.OrgID]int{} // Crews of each station: only one station is responsible.
	for _, u := range roster {
		if !u.Dispatchable || !v.fills(n, u) {
			continue
		}
		at[u.Station]++
		if n.Slot == "own" {
			held = max(held, at[u.Station])
		} else {
			held++
		}
	}
	if held < n.Count {
		v.note(field, fmt.Sprintf("it asks for %d of %s, the centre has %d that can be sent", n.Count, n.what(), held),
			"add such units, or ask for what the centre has")
	}
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
