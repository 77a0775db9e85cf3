package sim_test

import (
	"maps"
	"slices"

	"shuniu/internal/alarm"
	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/unit"
)

// lives are the calls and units as the laws know them.
type lives struct {
	calls map[cad.CallID]call.State
	units map[cad.UnitID]unit.State
}

// incidentLife says what may follow what, in words of docs/GLOSSARY.md and not of the room.
func incidentLife() map[incident.Phase]string {
	return map[incident.Phase]string{
		"":              "received",
		"received":      "classified in_work reported_back merged transferred invalid",
		"classified":    "in_work reported_back merged transferred invalid",
		"in_work":       "reported_back merged transferred invalid",
		"reported_back": "in_work reviewed merged transferred invalid",
		"reviewed":      "in_work reported_back closed merged",
		"closed":        "in_work",
		"merged":        "received classified in_work reported_back reviewed",
		"transferred":   "in_work",
		"invalid":       "in_work",
	}
}

func callLife() map[call.Phase]string {
	return map[call.Phase]string{
		"":            "ringing",
		"ringing":     "answered abandoned silent transferred attached",
		"answered":    "abandoned silent transferred attached",
		"abandoned":   "attached",
		"silent":      "transferred attached",
		"transferred": "attached",
		"attached":    "",
	}
}

func newLaws(h *hall) *laws {
	codec, err := joint.NewCodec()
	if err != nil {
		h.s.t.Fatal(err)
	}
	return &laws{
		h: h, codec: codec, incidents: map[cad.IncidentID]incident.State{}, assignments: map[cad.AssignmentID]assignment.State{},
		lives: lives{calls: map[cad.CallID]call.State{}, units: map[cad.UnitID]unit.State{}}, last: map[cad.Subject]cad.Seq{},
		alarms: map[cad.AlarmID]alarm.State{},
	}
}

// catchUp folds what is stored and was not folded yet, fact by fact.
func (l *laws) catchUp(d *disk) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for r, err := range d.Read(l.h.s.t.Context(), l.at) {
		if err != nil {
			l.h.s.fail(l.h, "P1", "the journal cannot be read after %d: %v", l.at, err)
			return
		}
		f, err := l.codec.Decode(r)
		if err != nil {
			l.h.s.fail(l.h, "P5", "record %d cannot be decoded: %v", r.Seq, err)
			return
		}
		l.at = r.Seq
		for _, s := range f.Subjects() {
			l.last[s] = r.Seq
		}
		l.fold(f, r.Stamp())
	}
	l.whole()
}

func (l *laws) fold(f cad.Fact, st cad.Stamp) {
	switch f := f.(type) {
	case incident.Fact:
		was := l.incidents[f.Of()]
		if _, opens := f.(incident.Opened); opens && was.ID != "" {
			l.broken(st.Seq, "incident %s, which is %s, is opened a second time", f.Of(), was.Phase)
		}
		is := incident.Evolve(was, f, st)
		if was.Phase != is.Phase && !follows(incidentLife()[was.Phase], string(is.Phase)) {
			l.broken(st.Seq, "incident %s goes from %q to %q", is.ID, was.Phase, is.Phase)
		}
		if !was.Open() && is.Open() && was.ID != "" {
			l.h.s.met("came back")
		}
		l.incidents[is.ID] = is
	case call.Fact:
		was := l.lives.calls[f.Of()]
		if _, arrives := f.(call.Arrived); arrives && was.ID != "" {
			l.broken(st.Seq, "call %s, which is %s, arrives a second time", f.Of(), was.Phase)
		}
		is := call.Evolve(was, f, st)
		if was.Phase != is.Phase && !follows(callLife()[was.Phase], string(is.Phase)) {
			l.broken(st.Seq, "call %s goes from %q to %q", is.ID, was.Phase, is.Phase)
		}
		l.lives.calls[is.ID] = is
	case unit.Fact:
		was := l.lives.units[f.Of()]
		is := unit.Evolve(was, f, st)
		if err := unit.Check(was.Duty, is.Duty); err != nil {
			l.broken(st.Seq, "unit %s: %v", is.ID, err)
		}
		l.lives.units[is.ID] = is
	case alarm.Fact:
		was := l.alarms[f.Of()]
		if _, raised := f.(alarm.RaisedFact); raised != (was.ID == "") || !was.ClearedAt.IsZero() {
			l.broken(st.Seq, "alarm %s, which is %q, has %s", f.Of(), was.Phase(), f.FactType())
		}
		is := alarm.Evolve(was, f, st)
		for _, other := range l.alarms {
			if other.ID != is.ID && other.Open() && is.Open() && other.Same(is.Kind, is.Area, is.Class) {
				l.broken(st.Seq, "alarms %s and %s say the same", other.ID, is.ID)
			}
		}
		l.alarms[is.ID] = is
	case assignment.Fact:
		was := l.assignments[f.Of()]
		if _, sent := f.(assignment.DispatchedFact); sent && was.ID != "" {
			l.broken(st.Seq, "assignment %s, which is %s, is dispatched a second time", f.Of(), was.Stage)
		}
		is := assignment.Evolve(was, f, st)
		if err := assignment.Check(was.Stage, is.Stage); err != nil {
			l.broken(st.Seq, "assignment %s: %v", is.ID, err)
		}
		if was.ID == "" && !is.Primary {
			l.h.s.met("stacked")
		}
		l.assignments[is.ID] = is
		l.primaries(st.Seq, is.Unit)
	}
}

func follows(list, phase string) bool {
	for word := range splitWords(list) {
		if word == phase {
			return true
		}
	}
	return false
}

// primaries is the first half of promise P3, after every fact.
func (l *laws) primaries(seq cad.Seq, u cad.UnitID) {
	n := 0
	for _, a := range l.assignments {
		if a.Unit == u && a.Open() && a.Primary {
			n++
		}
	}
	if n > 1 {
		l.broken(seq, "unit %s has %d primary assignments", u, n)
	}
}

// whole is what holds after an append, and may not hold within it.
func (l *laws) whole() {
	primaries, open := map[cad.UnitID]int{}, map[cad.UnitID]int{}
	for _, a := range l.assignments {
		if !a.Open() {
			continue
		}
		open[a.Unit]++
		if a.Primary {
			primaries[a.Unit]++
		}
		if i := l.incidents[a.Incident]; !i.Open() {
			l.broken(l.at, "unit %s is on incident %s, which is %q", a.Unit, a.Incident, i.Phase)
		}
	}
	for u, s := range l.lives.units {
		if s.Standby != nil {
			l.h.s.met("stood by")
		}
		if s.Standby != nil && (open[u] > 0 || s.Duty != unit.Available || s.Duress != nil) {
			l.broken(l.at, "unit %s waits by order and is %s with %d orders, in duress %v", u, s.Duty, open[u], s.Duress != nil)
		}
	}
	for u, n := range open {
		if primaries[u] != 1 {
			l.broken(l.at, "unit %s has %d primaries among %d open assignments", u, primaries[u], n)
		}
	}
}

// seen is the last record about a life that is durable.
func (l *laws) seen(s cad.Subject) cad.Seq {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last[s]
}

// alarmsOpen are the alarms that hold.
func (l *laws) alarmsOpen() (out []cad.AlarmID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(l.alarms)) {
		if l.alarms[id].Open() {
			out = append(out, id)
		}
	}
	return out
}

// alarmsEver are all that were ever raised, in order of id.
func (l *laws) alarmsEver() []cad.AlarmID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.alarms))
}

// stays reports whether a life is one that has never left the desk's memory.
func (l *laws) stays(s cad.Subject) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	kind, id := s.Split()
	i := l.incidents[cad.IncidentID(id)]
	return kind == "unit" || kind == "incident" && i.Open() && i.Reopened == 0 && i.Links == nil
}

func (l *laws) ended() []cad.IncidentID {
	return l.list(func(i incident.State) bool { return !i.Open() })
}

func (l *laws) merged() []cad.IncidentID {
	return l.list(func(i incident.State) bool { return i.Phase == incident.Merged })
}

func (l *laws) open() []cad.IncidentID { return l.list(incident.State.Open) }

func (l *laws) list(pleases func(incident.State) bool) (out []cad.IncidentID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(l.incidents)) {
		if pleases(l.incidents[id]) {
			out = append(out, id)
		}
	}
	return out
}

// calls lists every call that ever was, in order of id.
func (l *laws) calls() []cad.CallID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.lives.calls))
}

// assignmentsEver are all that were ever made, in order of id.
func (l *laws) assignmentsEver() []cad.AssignmentID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.assignments))
}

// openAssignments lists what units are on, in order of id.
func (l *laws) openAssignments() (out []cad.AssignmentID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(l.assignments)) {
		if l.assignments[id].Open() {
			out = append(out, id)
		}
	}
	return out
}
