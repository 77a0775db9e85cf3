package org

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// OpenWorld writes what world a journal is, once.
type OpenWorld struct {
	World  cad.World
	Centre cad.CentreID
}

// Decide refuses to make one world another: what was a drill never becomes live.
func (c OpenWorld) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "org.OpenWorld"
	switch c.World {
	case cad.Live, cad.Demo, cad.Drill, cad.Study:
	default:
		return nil, fault.New(op, fault.Invalid, "a world is live, demo, drill or study").Because("bad_world").At("world")
	}
	switch {
	case c.Centre == "":
		return nil, fault.New(op, fault.Invalid, "a centre needs an id").Because("id_required").At("centre")
	case s.World == c.World && s.Centre == c.Centre:
		return nil, nil
	case s.World != "":
		return nil, fault.New(op, fault.Conflict, "this is the %s world of %s", s.World, s.Centre).
			Because("other_world", "world", string(s.World), "centre", string(s.Centre)).Mend("open a journal of its own for the other one")
	}
	return []cad.Fact{WorldOpened(c)}, nil
}

// WorldOpened is the first record of every journal.
type WorldOpened struct {
	World  cad.World    `json:"world"`
	Centre cad.CentreID `json:"centre"`
}

// FactType is the name in the journal.
func (WorldOpened) FactType() string { return "org.world_opened" }

// Subjects are the centre.
func (f WorldOpened) Subjects() []cad.Subject { return []cad.Subject{Subject(f.Centre)} }

func (f WorldOpened) apply(s *State) { s.World, s.Centre = f.World, f.Centre }
