package org

import (
	"cmp"
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// WaveMax is the highest number of a wave. Nobody has so many alarms; it keeps a slip of the pen out.
const WaveMax = 9

// Card is a response plan (run card): what an incident of its kind needs beside what its type asks for.
type Card struct {
	ID    string `json:"id"`
	Name  Name   `json:"name"`
	When  When   `json:"when"`
	Waves []Wave `json:"waves"` // Each number once.
}

// When says which incidents a card is for. Every part that is not empty must hold; of a list, one is enough.
type When struct {
	Types      []cad.TypeID     `json:"types,omitempty"`
	Tags       []cad.TagID      `json:"tags,omitempty"`
	Levels     []cad.Level      `json:"levels,omitempty"`
	Priorities []cad.Priority   `json:"priorities,omitempty"`
	Stations   []cad.OrgID      `json:"stations,omitempty"` // The responsible one.
	Area       geo.MultiPolygon `json:"area,omitempty"`     // Holds the place; an incident without a place is not in it.
}

// Wave is what is sent and told at once: the first as soon as the incident is graded, each further one when somebody
// asks for more. Waves are additive: the second comes beside the first.
type Wave struct {
	N        int             `json:"wave"`               // From 1 to WaveMax.
	Needs    []Need          `json:"add,omitempty"`      // Units beside those that others ask for.
	AtLeast  []Need          `json:"at_least,omitempty"` // Cards only: as many of it in this wave, counting what others ask for.
	Seats    []string        `json:"seats,omitempty"`
	Notify   []string        `json:"notify,omitempty"`
	Partners []cad.PartnerID `json:"partners,omitempty"`
}

// Ask is an incident as plans see it.
type Ask struct {
	Type     cad.TypeID
	Tags     []cad.TagID
	Level    cad.Level
	Priority cad.Priority
	Station  cad.OrgID  // The responsible one; empty if nobody knows.
	Place    *geo.Point // nil if nobody knows.
}

// Response is what an incident needs.
type Response struct {
	Cards []string // Ids of the cards that matched, as the folder lists them.
	Waves []Wave   // Waves[i].N is i+1. A wave in between may ask for nothing.
}

// Response puts together what the type asks for (waves 1 and 2) and what the cards add that match. All units that are to
// be added come first and what must be there at least afterwards, so that the order of cards changes no number. It is a
// function of the state and the question alone.
func (s State) Response(a Ask) Response {
	var matched []Card
	for _, c := range s.Plans {
		if c.When.matches(a) {
			matched = append(matched, c)
		}
	}
	return s.together(s.Types[a.Type], matched, a.Priority)
}

// together is what a type and some cards need for an incident of a priority.
func (s State) together(t Type, matched []Card, p cad.Priority) Response {
	var out Response
	out.join(Wave{N: 1, Needs: t.Need, Seats: t.Seats, Notify: t.Notify, Partners: t.Partners}, "")
	out.join(Wave{N: 2, Needs: t.Second}, "")
	for _, c := range matched {
		out.Cards = append(out.Cards, c.ID)
		for _, w := range c.Waves {
			out.join(w, c.ID)
		}
	}
	for _, c := range matched {
		for _, w := range c.Waves {
			out.raise(w, c.ID)
		}
	}
	for i := range out.Waves {
		for j := range out.Waves[i].Needs {
			out.Waves[i].Needs[j] = s.Crewed(out.Waves[i].Needs[j], p)
		}
	}
	return out
}

// matches reports whether a card is for an incident.
func (w When) matches(a Ask) bool {
	return oneOf(w.Types, a.Type) && oneOf(w.Levels, a.Level) && oneOf(w.Priorities, a.Priority) && oneOf(w.Stations, a.Station) &&
		(len(w.Tags) == 0 || slices.ContainsFunc(a.Tags, func(t cad.TagID) bool { return slices.Contains(w.Tags, t) })) &&
		(len(w.Area) == 0 || a.Place != nil && w.Area.Contains(*a.Place))
}

func oneOf[T comparable](list []T, x T) bool { return len(list) == 0 || slices.Contains(list, x) }

// wave is the wave of a number; those before it come into being too.
func (r *Response) wave(n int) *Wave {
	for len(r.Waves) < n {
		r.Waves = append(r.Waves, Wave{N: len(r.Waves) + 1})
	}
	return &r.Waves[n-1]
}

// join adds what one asks for. A wave that asks for nothing makes none.
func (r *Response) join(w Wave, card string) {
	if w.N < 1 || w.N > WaveMax || w.Empty() {
		return
	}
	to := r.wave(w.N)
	for _, n := range w.Needs {
		n.Card = card
		to.Needs = append(to.Needs, n)
	}
	to.Seats, to.Notify, to.Partners = union(to.Seats, w.Seats), union(to.Notify, w.Notify), union(to.Partners, w.Partners)
}

// raise adds what is missing of what must be there at least. Lines that ask for the same count, and ask for as many
// people from then on.
func (r *Response) raise(w Wave, card string) {
	if w.N < 1 || w.N > WaveMax || len(w.AtLeast) == 0 {
		return
	}
	to := r.wave(w.N)
	for _, n := range w.AtLeast {
		asked := n.Count
		for i := range to.Needs {
			if there := &to.Needs[i]; there.same(n) {
				n.Count -= there.Count
				there.Officers, there.Sworn, there.Crew = max(there.Officers, n.Officers), max(there.Sworn, n.Sworn), there.Crew || n.Crew
			}
		}
		if n.Count > 0 {
			n.Card, n.Or = card, fewer(n.Or, n.Count, asked)
			to.Needs = append(to.Needs, n)
		}
	}
}

// fewer is what alternatives take for a part of what a line asked for, rounded up: where one team of two is there already,
// two of the three patrols that stand for both are still wanted.
func fewer(or []Need, count, asked int) []Need {
	if count == asked {
		return or
	}
	or = slices.Clone(or)
	for i := range or {
		or[i].Count = (or[i].Count*count + asked - 1) / asked
	}
	return or
}

// same reports whether two lines ask for the same units, whatever people they want in each.
func (n Need) same(m Need) bool {
	return n.Slot == m.Slot && n.Capability == m.Capability && n.Hold == m.Hold && slices.Equal(n.Kind, m.Kind)
}

// Empty reports whether a wave asks for nothing at all.
func (w Wave) Empty() bool {
	return len(w.Needs)+len(w.AtLeast)+len(w.Seats)+len(w.Notify)+len(w.Partners) == 0
}

// Next is the number of the first wave after one that asks for anything; 0 if there is none.
func (r Response) Next(after int) int {
	for _, w := range r.Waves {
		if w.N > after && !w.Empty() {
			return w.N
		}
	}
	return 0
}

// Numbers are the waves that ask for anything, ascending.
func (r Response) Numbers() []int {
	var out []int
	for n := r.Next(0); n > 0; n = r.Next(n) {
		out = append(out, n)
	}
	return out
}

// Through is everything that is needed once a wave is in force: its own and all before it, in their order.
func (r Response) Through(wave int) Wave {
	out := Wave{N: max(1, wave)}
	for _, w := range r.Waves {
		if w.N > out.N {
			break
		}
		out.Needs = append(out.Needs, w.Needs...)
		out.Seats, out.Notify, out.Partners = union(out.Seats, w.Seats), union(out.Notify, w.Notify), union(out.Partners, w.Partners)
	}
	return out
}

// Crewed is a need with the people that a crew needs written out, for an incident of a priority. A slot that names a kind
// asks for a specialist, and for a crew only if it says so.
func (s State) Crewed(n Need, p cad.Priority) Need {
	if s.Crew == nil {
		return n
	}
	if n.Crew || isSlot(n.Slot) && slices.Contains(s.Crew.Priorities, cmp.Or(p, cad.P1)) {
		n.Officers, n.Sworn = max(n.Officers, s.Crew.Officers), max(n.Sworn, s.Crew.Sworn)
	}
	if len(n.Or) > 0 {
		n.Or = slices.Clone(n.Or) // The state's own must stay as they are.
		for i := range n.Or {
			n.Or[i] = s.Crewed(n.Or[i], p)
			n.Or[i].Card, n.Or[i].Hold = n.Card, n.Hold
		}
	}
	return n
}

// union is a list with what another adds to it, each word once.
func union[T comparable](list, more []T) []T {
	for _, x := range more {
		if !slices.Contains(list, x) {
			list = append(slices.Clip(list), x)
		}
	}
	return list
}

// PlansSet replaces the response plans.
type PlansSet struct {
	Centre cad.CentreID `json:"centre"`
	Plans  []Card       `json:"plans"`
}

// FactType is the name in the journal.
func (PlansSet) FactType() string { return "org.plans_set" }

// Subjects are the centre.
func (f PlansSet) Subjects() []cad.Subject { return []cad.Subject{Subject(f.Centre)} }

func (f PlansSet) apply(s *State) { s.Plans = f.Plans }
