// Package board holds the rows behind the panels. It shares the states of the writer's house after they are
// durable, shapes each row for a class of session, and tells which rows changed. Nothing is ever decided from it,
// and it may be thrown away at any time.
package board

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// ErrGap says that a change was missed. Whoever feeds the board must then begin again from a whole state, and say
// on every screen that what is shown is old.
var ErrGap = errors.New("board: a change is missing")

// Policy shapes rows: which ones this class of session sees, and which verbs it may use.
type Policy interface {
	May(actor cad.Actor, action string, thing cad.Thing) error
}

// Opener opens private parts. It reports false for one that was erased.
type Opener interface {
	Unseal(s cad.Sealed, v any) (bool, error)
}

// Class is a class of session: sessions of one class see the same rows.
type Class struct {
	Role string
	Org  cad.OrgID  // Of a station only: what concerns it.
	Unit cad.UnitID // Of a crew only: what it is sent to.
}

// ClassOf gives the class of an actor.
func ClassOf(a cad.Actor) Class {
	c := Class{Role: a.Role}
	switch a.Role {
	case "station":
		c.Org = a.Org
	case "field":
		c.Unit = a.Unit
	}
	return c
}

// Changed names the rows that one change touched.
type Changed struct {
	Seq       cad.Seq
	Reset     bool // Everything may have changed.
	Incidents []cad.IncidentID
	Units     []cad.UnitID
	Calls     []cad.CallID
	Alarms    []cad.AlarmID
	Orders    []cad.OrderID
}

// Board is the rows of one centre's one world. It may be read by any number of goroutines.
type Board struct {
	mu     sync.RWMutex
	house  *joint.House
	policy Policy
	open   Opener
	erased map[cad.Subject]bool // Never opened again, even while their keys still exist.
	then   bool                 // Its house is of the past: nothing may be done from its rows.

	cacheMu sync.Mutex
	cache   map[cacheKey]cached
}

type cacheKey struct {
	class Class
	row   cad.Subject
}

type cached struct {
	seq  cad.Seq
	json []byte
	sees bool
}

// New is an empty board.
func New(p Policy, o Opener) *Board {
	return &Board{house: joint.NewHouse(nil), policy: p, open: o, cache: map[cacheKey]cached{}, erased: map[cad.Subject]bool{}}
}

// Apply takes a durable change. With reset the change is the whole state.
func (b *Board) Apply(c joint.Change, reset bool) (Changed, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if reset {
		b.house = joint.NewHouse(nil)
	} else if c.From != b.house.Seq {
		return Changed{}, fmt.Errorf("%w: a change from %d meets a board at %d", ErrGap, c.From, b.house.Seq)
	}
	out := Changed{Seq: c.To, Reset: reset || c.Org != nil}
	for _, id := range b.linked(c) {
		b.uncache(incident.Subject(id))
		out.Incidents = append(out.Incidents, id)
	}
	b.house.Apply(c)
	for _, s := range c.Erased {
		b.erased[s] = true
		if kind, id := s.Split(); kind == "call" { // Its incident's row shows the caller.
			if of := b.house.Call(cad.CallID(id)).Incident; of != "" {
				out.Incidents = append(out.Incidents, of)
			}
		}
	}
	if out.Reset || len(c.Erased) > 0 {
		b.cacheMu.Lock()
		b.cache = map[cacheKey]cached{}
		b.cacheMu.Unlock()
	}
	for s := range c.Last {
		out.name(s)
	}
	for _, s := range c.Gone {
		out.name(s)
		b.uncache(s)
	}
	slices.Sort(out.Incidents)
	out.Incidents = slices.Compact(out.Incidents)
	slices.Sort(out.Units)
	slices.Sort(out.Calls)
	slices.Sort(out.Alarms)
	slices.Sort(out.Orders)
	return out, nil
}

// linked lists the incidents whose rows show the number of one that comes into memory or leaves it by this change,
// because an older version linked them without writing the number down.
func (b *Board) linked(c joint.Change) []cad.IncidentID {
	moved := map[cad.IncidentID]bool{}
	for _, s := range c.Incidents {
		if b.house.Incidents[s.ID] == nil && s.Number <= b.house.Count { // An old one comes back.
			moved[s.ID] = true
		}
	}
	for _, s := range c.Gone {
		if kind, id := s.Split(); kind == "incident" {
			moved[cad.IncidentID(id)] = true
		}
	}
	if len(moved) == 0 {
		return nil
	}
	var out []cad.IncidentID
	for id, s := range b.house.Incidents {
		if slices.ContainsFunc(s.Links, func(l incident.Link) bool { return l.Number == 0 && moved[l.Other] }) {
			out = append(out, id)
		}
	}
	return out
}

func (c *Changed) name(s cad.Subject) {
	kind, id := s.Split()
	switch kind {
	case "incident":
		c.Incidents = append(c.Incidents, cad.IncidentID(id))
	case "unit":
		c.Units = append(c.Units, cad.UnitID(id))
	case "call":
		c.Calls = append(c.Calls, cad.CallID(id))
	case "alarm":
		c.Alarms = append(c.Alarms, cad.AlarmID(id))
	case "order":
		c.Orders = append(c.Orders, cad.OrderID(id))
	}
}

func (b *Board) uncache(s cad.Subject) {
	b.cacheMu.Lock()
	defer b.cacheMu.Unlock()
	for k := range b.cache {
		if k.row == s {
			delete(b.cache, k)
		}
	}
}

// AsOf is the last position folded in: whoever knows it can subscribe from there and miss nothing.
func (b *Board) AsOf() cad.Seq {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.house.Seq
}

// Look lets f read the house while nothing changes. f must be quick and must keep only the states, not the maps.
func (b *Board) Look(f func(*joint.House)) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	f(b.house)
}

// Incidents gives the rows of incidents for a class, the newest first, as finished JSON, with the position they
// belong to. limit 0 means all.
func (b *Board) Incidents(c Class, openOnly bool, limit int) (rows [][]byte, asOf cad.Seq) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	states := make([]*incident.State, 0, len(b.house.Incidents))
	for _, s := range b.house.Incidents {
		if !openOnly || s.Open() {
			states = append(states, s)
		}
	}
	slices.SortFunc(states, func(x, y *incident.State) int { return int(y.Number - x.Number) })
	for _, s := range states {
		if limit > 0 && len(rows) == limit {
			break
		}
		if row, sees := b.incident(c, s.ID); sees {
			rows = append(rows, row)
		}
	}
	return rows, b.house.Seq
}

// Units gives the rows of units that are not retired, by id.
func (b *Board) Units(c Class) (rows map[cad.UnitID][]byte, ids []cad.UnitID, asOf cad.Seq) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	rows = make(map[cad.UnitID][]byte, len(b.house.Units))
	for _, id := range slices.Sorted(maps.Keys(b.house.Units)) {
		if row, sees := b.unit(c, id); sees {
			rows[id] = row
			ids = append(ids, id)
		}
	}
	return rows, ids, b.house.Seq
}

// Calls gives the rows of calls, the newest first; openOnly leaves out those that are attached or over.
func (b *Board) Calls(c Class, openOnly bool) (rows [][]byte, asOf cad.Seq) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	states := make([]*call.State, 0, 16)
	for _, s := range b.house.Calls {
		if !openOnly || b.openCall(s) {
			states = append(states, s)
		}
	}
	slices.SortFunc(states, func(x, y *call.State) int { return y.Arrived.Compare(x.Arrived) })
	for _, s := range states {
		if row, sees := b.call(c, s.ID); sees {
			rows = append(rows, row)
		}
	}
	return rows, b.house.Seq
}

// Incident gives one row as lists and streams have it; sees is false when there is none, or when the class may not see it.
func (b *Board) Incident(c Class, id cad.IncidentID) (row []byte, sees bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.incident(c, id)
}

// Old gives the row of an incident that has left memory, out of a house that holds it, as Incident does. It is made anew
// each time and shown with the centre and the units of today.
func (b *Board) Old(c Class, h *joint.House, id cad.IncidentID) (row []byte, sees bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	s := h.Incidents[id]
	if s == nil {
		return nil, false
	}
	past := b.past(h)
	v, sees := past.incidentRow(c, s)
	if !sees {
		return nil, false
	}
	v.Drawings = past.drawings(c, s)
	row, _ = json.Marshal(v) // A row is made of plain values; it can always be written.
	return row, true
}

// MayOld asks the policy about a life that has left memory, as May does, out of a house that holds it.
func (b *Board) MayOld(c Class, h *joint.House, action string, subject cad.Subject) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.past(h).may(c, action, subject)
}

// past is a board over what has left memory, with the centre and the units of today. The caller holds the read lock as
// long as he uses it.
func (b *Board) past(h *joint.House) *Board {
	whole := *h
	whole.Org, whole.Units = b.house.Org, b.house.Units
	return &Board{house: &whole, policy: b.policy, open: b.open, erased: b.erased}
}

// Then is a board over a house of the past, of its units and its centre of then, for reading: every verb of its rows is
// refused. What was erased since is not shown.
func (b *Board) Then(h *joint.House) *Board {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return &Board{house: h, policy: b.policy, open: b.open, erased: maps.Clone(b.erased), then: true, cache: map[cacheKey]cached{}}
}

// Opened gives one row with all its words.
func (b *Board) Opened(c Class, id cad.IncidentID) (row []byte, sees bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	s := b.house.Incidents[id]
	if s == nil {
		return nil, false
	}
	v, sees := b.incidentRow(c, s)
	if !sees {
		return nil, false
	}
	v.Drawings = b.drawings(c, s)
	// A row is made of plain values; it can always be written.
	row, _ = json.Marshal(v)
	return row, true
}

// Unit gives one row, as Incident does.
func (b *Board) Unit(c Class, id cad.UnitID) (row []byte, sees bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.unit(c, id)
}

// Call gives one row, as Incident does.
func (b *Board) Call(c Class, id cad.CallID) (row []byte, sees bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.call(c, id)
}

func (b *Board) incident(c Class, id cad.IncidentID) ([]byte, bool) {
	s := b.house.Incidents[id]
	if s == nil {
		return nil, false
	}
	return b.render(c, incident.Subject(id), func() (any, bool) {
		row, sees := b.incidentRow(c, s)
		row.shorten()
		return row, sees
	})
}

func (b *Board) unit(c Class, id cad.UnitID) ([]byte, bool) {
	s := b.house.Units[id]
	if s == nil || s.Retired {
		return nil, false
	}
	return b.render(c, unit.Subject(id), func() (any, bool) { return b.unitRow(c, s), true })
}

func (b *Board) call(c Class, id cad.CallID) ([]byte, bool) {
	s := b.house.Calls[id]
	if s == nil {
		return nil, false
	}
	return b.render(c, call.Subject(id), func() (any, bool) { return b.callRow(c, s) })
}

// render makes a row once for each class and version. The caller holds the read lock.
func (b *Board) render(c Class, subject cad.Subject, build func() (any, bool)) ([]byte, bool) {
	key, seq := cacheKey{c, subject}, b.house.Last(subject)
	b.cacheMu.Lock()
	hit, ok := b.cache[key]
	b.cacheMu.Unlock()
	if ok && hit.seq == seq {
		return hit.json, hit.sees
	}
	v, sees := build()
	made := cached{seq: seq, sees: sees}
	if sees {
		// A row is made of plain values; it can always be written.
		made.json, _ = json.Marshal(v)
	}
	b.cacheMu.Lock()
	b.cache[key] = made
	b.cacheMu.Unlock()
	return made.json, sees
}

// unseal opens a private part, unless it was ordered to be destroyed.
func (b *Board) unseal(s cad.Sealed, v any) (bool, error) {
	if b.erased[s.Subject] && !s.IsZero() {
		return false, nil
	}
	return b.open.Unseal(s, v)
}

// actor is the class as policy sees it.
func (c Class) actor() cad.Actor { return cad.Actor{Role: c.Role, Org: c.Org, Unit: c.Unit} }

// May asks the policy about one life in memory for a class.
func (b *Board) May(c Class, action string, subject cad.Subject) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.may(c, action, subject)
}

func (b *Board) may(c Class, action string, subject cad.Subject) bool {
	return b.policy.May(c.actor(), action, b.house.Thing(subject)) == nil
}

// next joins what the life allows with what the class may do. The life's reason comes first: it tells more.
func (b *Board) next(c Class, room string, subject cad.Subject, steps []cad.Step) []cad.Step {
	thing := b.house.Thing(subject)
	for i := range steps {
		if b.then {
			steps[i] = inPast(steps[i])
		}
		if !steps[i].Allowed {
			continue
		}
		if err := b.policy.May(c.actor(), room+"."+steps[i].Verb, thing); err != nil {
			steps[i] = cad.StepOf(steps[i].Verb, err)
		}
	}
	return steps
}

// inPast refuses a step of a row that is of the past.
func inPast(s cad.Step) cad.Step {
	return cad.StepOf(s.Verb, fault.New("board", fault.Conflict, "this is the past: nothing can be done in it").Because("past"))
}

func orgName(o *org.State, id cad.OrgID) map[string]string { return o.Orgs[id].Name }

func assignmentsOpen(list []*assignment.State) bool {
	return slices.ContainsFunc(list, func(a *assignment.State) bool { return a.Open() })
}
