package joint

import (
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/journal"
	"shuniu/internal/order"
	"shuniu/internal/org"
	"shuniu/internal/report"
	"shuniu/internal/unit"
)

// NewCodec knows the facts of every room.
func NewCodec() (*journal.Codec, error) {
	return journal.NewCodec(org.Facts(), unit.Facts(), call.Facts(), incident.Facts(), assignment.Facts(), alarm.Facts(), order.Facts(), report.Facts(), Facts())
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
		if kind, _ := s.Split(); kind == "duress" {
			continue // It holds words only, and no house needs to remember it.
		}
		h.touched[s] = true
		if !h.away(s) { // An erasure brings nothing back, so nothing of what is away may stay either.
			h.last[s] = st.Seq
		}
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
	case alarm.Fact:
		s := alarm.Evolve(h.Alarm(f.Of()), f, st)
		h.Alarms[s.ID] = &s
		if !s.Open() {
			h.end(alarm.Subject(s.ID), st.At)
		}
	case order.Fact:
		s := order.Evolve(h.Order(f.Of()), f, st)
		h.setOrder(&s)
		if !s.Open() {
			h.end(order.Subject(s.ID), st.At)
		}
	case report.Fact:
		s := report.Evolve(h.Report(f.Of()), f, st)
		h.Reports[s.Incident] = &s
	case Fact:
		// The house's own facts change no room.
		switch f := f.(type) {
		case Erased:
			h.erased = append(h.erased, f.Subject)
		case PaperTaken:
			h.Paper = max(h.Paper, f.First+f.Count-1)
		}
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
