package joint

import (
	"fmt"
	"slices"
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/incident"
	"shuniu/internal/journal"
	"shuniu/internal/order"
	"shuniu/internal/org"
	"shuniu/internal/report"
	"shuniu/internal/unit"
)

// forget lets lives leave memory that ended long enough ago. It depends on recorded times only, so that a replay
// forgets exactly what the live house forgot.
func (h *House) forget(now time.Time) {
	days := h.Org.ForgetAfterDays
	if days <= 0 {
		return
	}
	limit := now.Add(-time.Duration(days) * 24 * time.Hour)
	n := 0
	for n < len(h.ended) && h.ended[n].At.Before(limit) {
		if s := h.ended[n].Subject; h.mayLeave(s, limit) {
			h.remove(s)
			h.touched[s] = true
		}
		n++
	}
	h.ended = h.ended[n:]
}

// mayLeave reports whether a life is in memory, over, and has been so for long enough: one that was taken up again
// and ended anew stays until its second end is as old.
func (h *House) mayLeave(s cad.Subject, limit time.Time) bool {
	switch kind, id := s.Split(); kind {
	case "call":
		c := h.Calls[cad.CallID(id)]
		return c != nil && c.Incident == "" // An attached call leaves with its incident.
	case "alarm":
		a := h.Alarms[cad.AlarmID(id)]
		return a != nil && !a.Open() && a.ClearedAt.Before(limit)
	case "order":
		o := h.Orders[cad.OrderID(id)]
		return o != nil && !o.Open() && o.Ended().Before(limit)
	case "incident":
		i := h.Incidents[cad.IncidentID(id)]
		return i != nil && !i.Open() && i.EndedAt.Before(limit) && len(h.Committed(i.ID)) == 0
	}
	return false
}

// remove takes a life out of memory; an incident goes with its calls and assignments.
func (h *House) remove(s cad.Subject) {
	kind, id := s.Split()
	switch kind {
	case "call":
		if c := h.Calls[cad.CallID(id)]; c != nil {
			h.attachedTo[c.Incident] = without(h.attachedTo[c.Incident], c.ID)
			delete(h.Calls, c.ID)
		}
	case "alarm":
		delete(h.Alarms, cad.AlarmID(id))
	case "report":
		delete(h.Reports, cad.IncidentID(id))
	case "order":
		delete(h.Orders, cad.OrderID(id))
	case "assignment":
		if a := h.Assignments[cad.AssignmentID(id)]; a != nil {
			h.sentTo[a.Incident] = without(h.sentTo[a.Incident], a.ID)
			h.stackOf[a.Unit] = without(h.stackOf[a.Unit], a.ID)
			delete(h.Assignments, a.ID)
		}
	case "incident":
		i := h.Incident(cad.IncidentID(id))
		if i.ID == "" {
			break
		}
		for _, a := range h.sentTo[i.ID] {
			h.remove(assignment.Subject(a))
		}
		for _, c := range h.attachedTo[i.ID] {
			h.remove(call.Subject(c))
		}
		delete(h.sentTo, i.ID)
		delete(h.attachedTo, i.ID)
		delete(h.numbers, i.Number)
		if h.Reports[i.ID] != nil {
			h.remove(report.Subject(i.ID))
		}
		delete(h.Incidents, i.ID)
	}
	delete(h.last, s)
}

// remember brings the lives back that a fact is about, if they have left memory.
func (h *House) remember(c *journal.Codec, f cad.Fact, st cad.Stamp) error {
	switch f.(type) {
	case incident.Opened, call.Arrived, call.Dialled, org.Fact, unit.Fact, alarm.Fact, order.Fact, Fact:
		return nil // These begin a life, or are about lives that never leave.
	}
	for _, s := range f.Subjects() {
		if kind, _ := s.Split(); kind == "assignment" || kind == "report" {
			continue // It comes with its incident.
		}
		back, err := h.BringBack(c, s, st.Seq)
		if err != nil {
			return err
		}
		for _, b := range back {
			h.touched[b] = true
			if kind, _ := b.Split(); kind != "assignment" && kind != "report" {
				h.end(b, st.At) // Not to stay for ever if it stays ended.
			}
		}
	}
	return nil
}

// away reports whether a life can leave memory and is not there.
func (h *House) away(s cad.Subject) bool {
	switch kind, id := s.Split(); kind {
	case "call":
		return h.Calls[cad.CallID(id)] == nil
	case "incident":
		return h.Incidents[cad.IncidentID(id)] == nil
	case "alarm":
		return h.Alarms[cad.AlarmID(id)] == nil
	case "order":
		return h.Orders[cad.OrderID(id)] == nil
	}
	return false
}

// Reacher is a command that must see other lives than its target.
type Reacher interface {
	// Reach names them. It is asked when the target itself is in memory, and again until all that it names has been
	// looked for: one life may lead to the next.
	Reach(h *House) []cad.Subject
}

// BringBackFor brings back what a command must see, and says what it brought: all of it is for Drop after the decision.
func (h *House) BringBackFor(c *journal.Codec, cmd Command, before cad.Seq) ([]cad.Subject, error) {
	back, err := h.BringBack(c, cmd.Target(), before)
	if err != nil {
		return back, err
	}
	r, ok := cmd.(Reacher)
	if !ok {
		return back, nil
	}
	var sought []cad.Subject
	for n := -1; n != len(sought); {
		n = len(sought)
		for _, s := range r.Reach(h) {
			if slices.Contains(sought, s) {
				continue
			}
			sought = append(sought, s)
			more, err := h.BringBack(c, s, before)
			back = append(back, more...)
			if err != nil {
				return back, err
			}
		}
	}
	return back, nil
}

// BringBack folds a life's own records from before a position into memory again, if it is not there: an incident
// with its calls and assignments, a call with its incident. It says which lives it brought. What is in memory stays
// as it is: it is newer than any past.
func (h *House) BringBack(c *journal.Codec, s cad.Subject, before cad.Seq) ([]cad.Subject, error) {
	kind, id := s.Split()
	switch kind {
	case "incident":
		if h.past != nil && h.Incidents[cad.IncidentID(id)] == nil {
			return h.backIncident(c, cad.IncidentID(id), before)
		}
	case "call":
		if h.past != nil && h.Calls[cad.CallID(id)] == nil {
			return h.backCall(c, cad.CallID(id), before)
		}
	case "duress", "alarm", "order", "assignment": // No room folds the first, and nothing follows the end of the others; that it is known is enough.
		if h.past == nil || id == "" || h.last[s] > 0 {
			break
		}
		told, err := h.read(c, s, before)
		if err != nil || len(told) == 0 {
			return nil, err
		}
		h.last[s] = told[len(told)-1].stamp.Seq
		return []cad.Subject{s}, nil
	}
	return nil, nil
}

func (h *House) backIncident(c *journal.Codec, id cad.IncidentID, before cad.Seq) ([]cad.Subject, error) {
	subject := incident.Subject(id)
	told, err := h.read(c, subject, before)
	if err != nil {
		return nil, err
	}
	var s incident.State
	var with []cad.Subject // Calls and assignments that were ever its own.
	for _, t := range told {
		if f, ok := t.fact.(incident.Fact); ok && f.Of() == id {
			s = incident.Evolve(s, f, t.stamp)
			continue
		}
		if owner := t.fact.Subjects()[0]; owner != subject && !slices.Contains(with, owner) {
			with = append(with, owner)
		}
	}
	if s.ID == "" {
		return nil, nil
	}
	h.setIncident(&s)
	h.last[subject] = told[len(told)-1].stamp.Seq
	back := []cad.Subject{subject}
	for _, o := range with {
		found, err := h.backPart(c, o, id, before)
		if err != nil {
			h.Drop(back)
			return nil, err
		}
		if found {
			back = append(back, o)
		}
	}
	return back, nil
}

// backPart brings back a call or an assignment, if it belonged to the incident to the last.
func (h *House) backPart(c *journal.Codec, s cad.Subject, of cad.IncidentID, before cad.Seq) (bool, error) {
	kind, id := s.Split()
	if kind == "call" && h.Calls[cad.CallID(id)] != nil || kind == "assignment" && h.Assignments[cad.AssignmentID(id)] != nil {
		return false, nil
	}
	told, err := h.read(c, s, before)
	if err != nil || len(told) == 0 {
		return false, err
	}
	var k call.State
	var a assignment.State
	var r report.State
	for _, t := range told {
		switch f := t.fact.(type) {
		case call.Fact:
			k = call.Evolve(k, f, t.stamp)
		case assignment.Fact:
			a = assignment.Evolve(a, f, t.stamp)
		case report.Fact:
			r = report.Evolve(r, f, t.stamp)
		}
	}
	switch {
	case k.ID != "" && k.Incident == of:
		h.setCall(&k)
	case a.ID != "" && a.Incident == of:
		h.setAssignment(&a)
	case r.Incident == of && of != "":
		h.Reports[of] = &r
	default:
		return false, nil // It went to another incident and left memory with that one.
	}
	h.last[s] = told[len(told)-1].stamp.Seq
	return true, nil
}

// backCall brings a call back, with its incident if it has one.
func (h *House) backCall(c *journal.Codec, id cad.CallID, before cad.Seq) ([]cad.Subject, error) {
	subject := call.Subject(id)
	told, err := h.read(c, subject, before)
	if err != nil || len(told) == 0 {
		return nil, err
	}
	var s call.State
	for _, t := range told {
		if f, ok := t.fact.(call.Fact); ok {
			s = call.Evolve(s, f, t.stamp)
		}
	}
	switch {
	case s.ID == "":
		return nil, nil
	case s.Incident != "":
		return h.backIncident(c, s.Incident, before)
	}
	h.setCall(&s)
	h.last[subject] = told[len(told)-1].stamp.Seq
	return []cad.Subject{subject}, nil
}

// told is a fact of the past with what its record says beside it.
type told struct {
	fact  cad.Fact
	stamp cad.Stamp
}

func (h *House) read(c *journal.Codec, s cad.Subject, before cad.Seq) ([]told, error) {
	records, err := h.past(s)
	if err != nil {
		return nil, fmt.Errorf("joint: the past of a life cannot be read: %w", err)
	}
	var out []told
	for _, r := range records {
		if r.Seq >= before {
			break
		}
		f, err := c.Decode(r)
		if err != nil {
			return nil, err
		}
		out = append(out, told{f, r.Stamp()})
	}
	return out, nil
}

// Drop takes the lives out of memory again that were brought back for a decision only.
func (h *House) Drop(back []cad.Subject) {
	for _, s := range back {
		h.remove(s)
	}
}
