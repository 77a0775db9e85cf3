package joint

import (
	"fmt"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/journal"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// NewCodec knows the facts of every room.
func NewCodec() (*journal.Codec, error) {
	return journal.NewCodec(org.Facts(), unit.Facts(), call.Facts(), incident.Facts(), assignment.Facts(), Facts())
}

// Evolve folds one fact. It fails only when the records of a life that had left memory cannot be read.
func (h *House) Evolve(c *journal.Codec, f cad.Fact, st cad.Stamp) error {
	if st.Seq != h.Seq+1 {
		return fault.New("joint.Evolve", fault.Internal, "record %d follows %d", st.Seq, h.Seq)
	}
	if err := h.remember(c, f, st); err != nil {
		return err
	}
	if err := h.fold(f, st); err != nil {
		return err
	}
	h.Seq, h.At = st.Seq, st.At
	for _, s := range f.Subjects() {
		h.last[s] = st.Seq
		h.touched[s] = true
	}
	h.forget(st.At)
	return nil
}

// fold hands the fact to its room. Everything else about the house stays as it is.
func (h *House) fold(f cad.Fact, st cad.Stamp) error {
	switch f := f.(type) {
	case org.Fact:
		s := org.Evolve(*h.Org, f, st)
		h.Org = &s
	case unit.Fact:
		s := unit.Evolve(h.Unit(f.Of()), f, st)
		h.Units[s.ID] = &s
	case call.Fact:
		s := call.Evolve(h.Call(f.Of()), f, st)
		h.setCall(&s)
		if s.Incident == "" && !s.EndedAt.IsZero() {
			h.end(call.Subject(s.ID), st.At)
		}
	case incident.Fact:
		was := h.Incident(f.Of())
		s := incident.Evolve(was, f, st)
		h.setIncident(&s)
		if !s.Open() && (was.Open() || was.Phase == "") {
			h.end(incident.Subject(s.ID), st.At)
		}
	case assignment.Fact:
		s := assignment.Evolve(h.Assignment(f.Of()), f, st)
		h.setAssignment(&s)
	case Fact:
		// The house's own facts change no room.
	default:
		return fault.New("joint.fold", fault.Internal, "no room folds %s", f.FactType())
	}
	return nil
}

// Replay folds stored records onto the house.
func (h *House) Replay(c *journal.Codec, r journal.Record) error {
	f, err := c.Decode(r)
	if err != nil {
		return err
	}
	return h.Evolve(c, f, r.Stamp())
}

func (h *House) end(s cad.Subject, at time.Time) {
	h.ended = append(h.ended, endedLife{Subject: s, At: at})
}

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
		h.drop(h.ended[n].Subject)
		n++
	}
	h.ended = h.ended[n:]
}

// drop takes an ended life out of memory, with its calls and assignments. A life that is open again stays.
func (h *House) drop(s cad.Subject) {
	kind, id := s.Split()
	switch kind {
	case "call":
		if c := h.Call(cad.CallID(id)); c.Incident == "" {
			delete(h.Calls, c.ID)
			delete(h.last, s)
		}
	case "incident":
		i := h.Incident(cad.IncidentID(id))
		if i.ID == "" || i.Open() || len(h.Committed(i.ID)) > 0 {
			return
		}
		for _, a := range h.sentTo[i.ID] {
			delete(h.Assignments, a)
			delete(h.last, assignment.Subject(a))
		}
		for _, c := range h.attachedTo[i.ID] {
			delete(h.Calls, c)
			delete(h.last, call.Subject(c))
		}
		delete(h.sentTo, i.ID)
		delete(h.attachedTo, i.ID)
		delete(h.numbers, i.Number)
		delete(h.Incidents, i.ID)
		delete(h.last, s)
	}
	h.touched[s] = true
}

// remember brings the lives back that a fact is about, if they have left memory.
func (h *House) remember(c *journal.Codec, f cad.Fact, st cad.Stamp) error {
	switch f.(type) {
	case incident.Opened, call.Arrived, org.Fact, unit.Fact, Fact:
		return nil // These begin a life, or are about lives that never leave.
	}
	for _, s := range f.Subjects() {
		found, err := h.BringBack(c, s, st.Seq)
		if err != nil {
			return err
		}
		if found {
			h.end(s, st.At) // Not to stay for ever if it stays ended.
		}
	}
	return nil
}

// BringBack folds a life's own records from before a position into memory again, with its calls and assignments,
// if it is not there. It reports whether it found one.
func (h *House) BringBack(c *journal.Codec, s cad.Subject, before cad.Seq) (bool, error) {
	kind, id := s.Split()
	here := true
	switch kind {
	case "incident":
		_, here = h.Incidents[cad.IncidentID(id)]
	case "call":
		_, here = h.Calls[cad.CallID(id)]
	}
	if here || h.past == nil {
		return false, nil
	}
	records, err := h.past(s)
	if err != nil {
		return false, fmt.Errorf("joint: the past of a life cannot be read: %w", err)
	}
	var found bool
	var calls []cad.Subject
	for _, r := range records {
		if r.Seq >= before {
			break
		}
		f, err := c.Decode(r)
		if err != nil {
			return false, err
		}
		if cf, ok := f.(call.Fact); ok && kind == "incident" {
			calls = append(calls, call.Subject(cf.Of()))
			continue
		}
		queued := len(h.ended)
		if err := h.fold(f, r.Stamp()); err != nil {
			return false, err
		}
		h.ended = h.ended[:queued]
		found = true
		for _, about := range f.Subjects() {
			h.last[about] = max(h.last[about], r.Seq)
		}
	}
	for _, cs := range calls {
		if _, err := h.BringBack(c, cs, before); err != nil {
			return false, err
		}
	}
	return found, nil
}

// Drop takes a life out of memory again that BringBack brought for a decision only.
func (h *House) Drop(s cad.Subject) {
	was := h.touched[s]
	h.drop(s)
	if !was {
		delete(h.touched, s)
	}
}
