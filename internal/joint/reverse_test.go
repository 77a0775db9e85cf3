package joint_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
)

// mixer merges, splits and works in any order, and remembers for each call and each order where it was first put.
type mixer struct {
	*town
	t         *rapid.T
	n         int
	incidents []cad.IncidentID
	calls     map[cad.CallID]cad.IncidentID
	orders    map[cad.AssignmentID]cad.IncidentID
	merges    int
	chains    int
	gone      int
}

// one gives a command; what is refused must be refused as a person can understand it.
func (m *mixer) one(c joint.Command) (joint.Outcome, bool) {
	out, err := m.do(c, time.Time{})
	var e *fault.Error
	if err != nil && (!errors.As(err, &e) || e.Kind == fault.Internal) {
		m.t.Fatalf("%s %+v: %v", c.Verb(), c, err)
	}
	m.lawful(c)
	return out, err == nil
}

// lawful is promise P3, and that nobody works on what has ended.
func (m *mixer) lawful(c joint.Command) {
	for id := range m.house.Units {
		stack := m.house.Stack(id)
		primaries := 0
		for _, a := range stack {
			if a.Primary {
				primaries++
			}
			if !m.house.Incident(a.Incident).Open() {
				m.t.Fatalf("after %s %+v: unit %s is on %s, which is %q", c.Verb(), c, id, a.Incident, m.house.Incident(a.Incident).Phase)
			}
		}
		if primaries != min(1, len(stack)) {
			m.t.Fatalf("after %s %+v: unit %s has %d primaries among %d orders", c.Verb(), c, id, primaries, len(stack))
		}
	}
}

func (m *mixer) receive() {
	m.n++
	i, k := cad.IncidentID(fmt.Sprintf("i%d", m.n)), cad.CallID(fmt.Sprintf("k%d", m.n))
	if _, ok := m.one(joint.Receive{ID: i, Call: k, Type: "theft", Private: m.words(incident.Subject(i))}); !ok {
		m.t.Fatalf("%s was refused", i)
	}
	m.incidents = append(m.incidents, i)
	m.calls[k] = i
}

func (m *mixer) phase(i cad.IncidentID) incident.Phase {
	if _, err := m.house.BringBack(m.codec, incident.Subject(i), m.house.Seq+1); err != nil {
		m.t.Fatal(err)
	}
	return m.house.Incident(i).Phase
}

func (m *mixer) step() {
	i := rapid.SampledFrom(m.incidents).Draw(m.t, "incident")
	j := rapid.SampledFrom(m.incidents).Draw(m.t, "other")
	u := rapid.SampledFrom([]cad.UnitID{"101", "102", "211"}).Draw(m.t, "unit")
	about := func(name string, c incident.Command) { m.one(joint.AboutIncident{ID: i, Name: name, Cmd: c}) }
	switch rapid.IntRange(0, 17).Draw(m.t, "verb") {
	case 0, 1, 2, 3:
		chained := slices.ContainsFunc(m.house.Incident(i).Links, func(l incident.Link) bool { return l.Kind == incident.LinkMergedIn })
		if _, ok := m.one(joint.Merge{ID: i, Into: j}); ok {
			m.merges++
			if chained {
				m.chains++
			}
		}
	case 4, 5:
		m.one(joint.Split{ID: i})
	case 6, 7, 8, 9:
		m.n++
		a := cad.AssignmentID(fmt.Sprintf("a%d", m.n))
		out, ok := m.one(dispatch.Send{
			Incident: i, Units: []cad.UnitID{u}, IDs: []cad.AssignmentID{a},
			Stack: rapid.Bool().Draw(m.t, "stack"), Reassign: rapid.Bool().Draw(m.t, "reassign"),
		})
		if ok && len(out.Facts) > 0 && m.house.Assignment(a).ID != "" {
			m.orders[a] = i
		}
	case 10:
		m.one(joint.SayUnit{Unit: u, To: "on_scene"})
	case 11:
		m.one(joint.SayUnit{Unit: u, To: "cleared"})
	case 12:
		m.one(dispatch.Recall{Incident: i, Units: []cad.UnitID{u}})
	case 13:
		m.n++
		k := cad.CallID(fmt.Sprintf("k%d", m.n))
		m.one(joint.AboutCall{ID: k, Name: "arrive", Cmd: call.Arrive{ID: k, Caller: m.words(call.Subject(k))}})
		if _, ok := m.one(joint.Attach{Call: k, Incident: i, Urge: true}); !ok {
			m.t.Fatalf("the call was not taken to %s", i)
		}
		m.calls[k] = m.house.Call(k).Incident
		if p := m.phase(m.calls[k]); p == incident.Merged {
			m.t.Fatalf("call %s was put to %s, which lives on elsewhere", k, m.calls[k])
		}
	case 14:
		about("feedback", incident.GiveFeedback{ID: i, Kind: incident.Final, Result: "settled"})
		about("review", incident.Review{ID: i})
		about("close", incident.Close{ID: i})
	case 15:
		about("reopen", incident.Reopen{ID: i, Text: m.words(incident.Subject(i))})
	case 16:
		about("invalid", incident.Invalidate{ID: i, Text: m.words(incident.Subject(i))})
	case 17:
		m.now = m.now.AddDate(0, 0, rapid.IntRange(0, 2).Draw(m.t, "days"))
		before := len(m.house.Incidents)
		m.receive()
		m.gone += max(0, before+1-len(m.house.Incidents))
	}
}

// splitAll takes everything apart, the last merge of a chain first, as the refusals tell.
func (m *mixer) splitAll() {
	for again := true; again; {
		again = false
		for _, i := range m.incidents {
			if m.phase(i) != incident.Merged || m.phase(m.house.Incident(i).MergedTo) == incident.Merged {
				continue
			}
			if _, ok := m.one(joint.Split{ID: i}); !ok {
				m.t.Fatalf("%s cannot be split off", i)
			}
			again = true
		}
	}
}

// Merge and split are each other's undoing, whatever happens in between: after everything has been split, each call
// and each order, ended or not, is at the incident that it was put to.
func TestMergesAreUndone(t *testing.T) {
	merges, chains, orders, gone := 0, 0, 0, 0
	rapid.Check(t, func(r *rapid.T) {
		m := &mixer{town: newTown(t), t: r, calls: map[cad.CallID]cad.IncidentID{}, orders: map[cad.AssignmentID]cad.IncidentID{}}
		for range 4 {
			m.receive()
		}
		for range rapid.IntRange(5, 60).Draw(r, "steps") {
			m.step()
		}
		m.splitAll()
		for _, i := range m.incidents {
			if m.phase(i) == incident.Merged {
				r.Fatalf("%s is still merged", i)
			}
		}
		for _, k := range slices.Sorted(maps.Keys(m.calls)) {
			if got := m.house.Call(k).Incident; got != m.calls[k] {
				r.Fatalf("call %s is at %q, it was put to %s", k, got, m.calls[k])
			}
		}
		for _, a := range slices.Sorted(maps.Keys(m.orders)) {
			got := m.house.Assignment(a)
			if got.Incident != m.orders[a] || !slices.ContainsFunc(m.house.SentTo(got.Incident), func(x *assignment.State) bool { return x.ID == a }) {
				r.Fatalf("order %s (%s) is at %q, it was given for %s", a, got.Stage, got.Incident, m.orders[a])
			}
		}
		merges, chains, orders, gone = merges+m.merges, chains+m.chains, orders+len(m.orders), gone+m.gone
	})
	if merges == 0 || chains == 0 || orders == 0 || gone == 0 {
		t.Errorf("the property says little: %d merges, %d of chains, %d orders, %d lives that left memory", merges, chains, orders, gone)
	}
}

// Merges that an older version wrote down do not say what went along: then each life's own last step tells.
func TestOldMergesAreUndone(t *testing.T) {
	w := newTown(t)
	for _, c := range []joint.Command{
		joint.Receive{ID: "i1", Call: "k1", Type: "theft"},
		joint.Receive{ID: "i2", Call: "k2", Type: "theft"},
		dispatch.Send{Incident: "i1", Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"a1"}},
		dispatch.Send{Incident: "i2", Units: []cad.UnitID{"102"}, IDs: []cad.AssignmentID{"a2"}},
		joint.Merge{ID: "i1", Into: "i2"},
		joint.SayUnit{Unit: "101", To: "cleared"},
	} {
		if _, err := w.do(c, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	old := map[string]string{"incident.merged": `{"id":"i1","into":"i2"}`, "incident.took_in": `{"id":"i2","other":"i1"}`}
	w.house = joint.NewHouse(w.past)
	for i, r := range w.records {
		if data, ok := old[r.Type]; ok {
			w.records[i].Version, w.records[i].Data = 1, []byte(data)
		}
		if err := w.house.Replay(w.codec, w.records[i]); err != nil {
			t.Fatal(err)
		}
	}
	if s := w.house.Incident("i1"); s.Phase != incident.Merged || s.Gave != nil || s.Links[0].Number != 0 {
		t.Fatalf("an old merge was lifted to %+v", s)
	}
	if _, err := w.do(joint.Split{ID: "i1"}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	for _, got := range [][2]cad.IncidentID{
		{w.house.Call("k1").Incident, "i1"},
		{w.house.Call("k2").Incident, "i2"},
		{w.house.Assignment("a1").Incident, "i1"},
		{w.house.Assignment("a2").Incident, "i2"},
	} {
		if got[0] != got[1] {
			t.Errorf("a life is at %s, want %s", got[0], got[1])
		}
	}
	w.checkReplay(t)
}
