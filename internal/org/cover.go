package org

import (
	"slices"

	"shuniu/internal/cad"
)

// CoverClass is a promise of how soon a kind of help can be at any place: the patrols within 300 s, say. What is watched
// is whether some free unit of the class is near enough.
type CoverClass struct {
	ID        string      `json:"id"`
	Name      Name        `json:"name"`
	Slot      string      `json:"slot,omitempty"`  // "near" 近 or "own" 属; empty if kinds say it.
	Kinds     []string    `json:"kinds,omitempty"` // Kinds of units; empty if the slot says it.
	StandardS int64       `json:"standard_s"`      // Seconds to the place, above 0.
	Areas     []CoverArea `json:"areas,omitempty"` // Stations with a standard of their own.
}

// CoverArea is the standard of a class in one station's area.
type CoverArea struct {
	Station   cad.OrgID `json:"station"`
	StandardS int64     `json:"standard_s"` // Seconds; 0 means that nothing is promised there.
}

// StandardFor is the time in seconds that the class promises in a station's area; 0 if it promises nothing there.
func (c CoverClass) StandardFor(area cad.OrgID) int64 {
	for _, a := range c.Areas {
		if a.Station == area {
			return a.StandardS
		}
	}
	return c.StandardS
}

// Covers reports whether a unit of a kind and a station counts for a class in an area. A crew of a station (属) counts in
// its own station's area only; an empty area asks whether it counts anywhere.
func (s State) Covers(c CoverClass, kind string, station, area cad.OrgID) bool {
	k, ok := s.Kinds[kind]
	if !ok || len(c.Kinds) > 0 && !slices.Contains(c.Kinds, kind) {
		return false
	}
	switch c.Slot {
	case "near":
		return k.Patrol
	case "own":
		return k.OwnStation && (area == "" || station == area)
	}
	return len(c.Kinds) > 0
}

// CoverSet replaces the classes of cover.
type CoverSet struct {
	Centre cad.CentreID `json:"centre"`
	Cover  []CoverClass `json:"cover"`
}

// FactType is the name in the journal.
func (CoverSet) FactType() string { return "org.cover_set" }

// Subjects are the centre.
func (f CoverSet) Subjects() []cad.Subject { return []cad.Subject{Subject(f.Centre)} }

func (f CoverSet) apply(s *State) { s.Cover = f.Cover }
