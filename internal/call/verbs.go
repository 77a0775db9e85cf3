package call

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Arrive is a call at the moment it rings. Nothing but an identity is required.
type Arrive struct {
	ID            cad.CallID
	Line          string
	Place         *geo.Point
	Caller        cad.Sealed // Name, number and address.
	Happened      time.Time  // Zero means now.
	AnswerWithinS int64      // The centre's limit for answering, in seconds; 0 means none.
}

// Decide takes it once.
func (c Arrive) Decide(s State, a Around) ([]cad.Fact, error) {
	if s.Phase != "" {
		return nil, nil
	}
	if c.ID == "" {
		return nil, fault.New("call.Arrive", fault.Internal, "a call needs an id")
	}
	if c.Happened.IsZero() {
		c.Happened = a.Now
	}
	return []cad.Fact{Arrived{ID: c.ID, Line: c.Line, Place: c.Place, Happened: c.Happened, AnswerWithinS: c.AnswerWithinS, Private: c.Caller}}, nil
}

// Arrived says that a call came in.
type Arrived struct {
	ID            cad.CallID `json:"id"`
	Line          string     `json:"line,omitempty"`
	Place         *geo.Point `json:"place,omitempty"`
	Happened      time.Time  `json:"happened"`
	AnswerWithinS int64      `json:"answer_within_s,omitempty"`
	Private       cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (Arrived) FactType() string { return "call.arrived" }

// Subjects are the call.
func (f Arrived) Subjects() []cad.Subject { return []cad.Subject{Subject(f.ID)} }

// Of is the call it is about.
func (f Arrived) Of() cad.CallID { return f.ID }

// Secret is who called.
func (f Arrived) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f Arrived) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Arrived) apply(s *State, st cad.Stamp) {
	s.ID, s.Phase, s.Line, s.Place, s.Caller = f.ID, Ringing, f.Line, f.Place, f.Private
	s.AnswerWithinS, s.Arrived = f.AnswerWithinS, st.At
}

// Answer is a call-taker taking the call.
type Answer struct{ ID cad.CallID }

// Decide refuses a call that is over.
func (c Answer) Decide(s State, _ Around) ([]cad.Fact, error) {
	if err := check("call.Answer", s.Phase, InTalk); err != nil || s.Phase == InTalk {
		return nil, err
	}
	return []cad.Fact{Answered{about{c.ID}}}, nil
}

// about is the call that a fact is about.
type about struct {
	ID cad.CallID `json:"id"`
}

// Subjects are the call.
func (f about) Subjects() []cad.Subject { return []cad.Subject{Subject(f.ID)} }

// Of is the call it is about.
func (f about) Of() cad.CallID { return f.ID }

// Answered says who took the call.
type Answered struct{ about }

// FactType is the name in the journal.
func (Answered) FactType() string { return "call.answered" }

func (f Answered) apply(s *State, st cad.Stamp) {
	s.Phase, s.Answered, s.AnsweredBy = InTalk, st.At, st.Actor
}

// Abandon says that the caller hung up.
type Abandon struct{ ID cad.CallID }

// Decide refuses a call that is over.
func (c Abandon) Decide(s State, _ Around) ([]cad.Fact, error) {
	if err := check("call.Abandon", s.Phase, GivenUp); err != nil || s.Phase == GivenUp {
		return nil, err
	}
	return []cad.Fact{Abandoned{about{c.ID}}}, nil
}

// Abandoned says that the caller hung up.
type Abandoned struct{ about }

// FactType is the name in the journal.
func (Abandoned) FactType() string { return "call.abandoned" }

func (f Abandoned) apply(s *State, st cad.Stamp) { s.Phase, s.EndedAt = GivenUp, st.At }

// MarkSilent says that nobody spoke.
type MarkSilent struct{ ID cad.CallID }

// Decide refuses a call that is over.
func (c MarkSilent) Decide(s State, _ Around) ([]cad.Fact, error) {
	if err := check("call.MarkSilent", s.Phase, Silent); err != nil || s.Phase == Silent {
		return nil, err
	}
	return []cad.Fact{WentSilent{about{c.ID}}}, nil
}

// WentSilent says that nobody spoke.
type WentSilent struct{ about }

// FactType is the name in the journal.
func (WentSilent) FactType() string { return "call.silent" }

func (f WentSilent) apply(s *State, st cad.Stamp) { s.Phase, s.EndedAt = Silent, st.At }

// TransferTo hands the caller over to another service.
type TransferTo struct {
	ID      cad.CallID
	Partner cad.PartnerID
}

// Decide refuses a call that is over, and a transfer to nobody.
func (c TransferTo) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "call.TransferTo"
	if err := check(op, s.Phase, Transferred); err != nil || s.Phase == Transferred {
		return nil, err
	}
	if c.Partner == "" {
		return nil, fault.New(op, fault.Invalid, "say who takes it over").Because("partner_required").At("to")
	}
	return []cad.Fact{TransferredFact{about{c.ID}, c.Partner}}, nil
}

// TransferredFact says who took the call over. (Transferred is the phase.)
type TransferredFact struct {
	about
	Partner cad.PartnerID `json:"partner"`
}

// FactType is the name in the journal.
func (TransferredFact) FactType() string { return "call.transferred" }

func (f TransferredFact) apply(s *State, st cad.Stamp) {
	s.Phase, s.Partner, s.EndedAt = Transferred, f.Partner, st.At
}

// Attach joins the call to an incident, from every phase.
type Attach struct {
	ID       cad.CallID
	Incident cad.IncidentID
}

// Decide refuses a call that belongs to another incident: moving it is said as such.
func (c Attach) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "call.Attach"
	if err := check(op, s.Phase, Joined); err != nil {
		return nil, err
	}
	switch {
	case c.Incident == "":
		return nil, fault.New(op, fault.Invalid, "say which incident").Because("no_incident").At("incident")
	case s.Incident == c.Incident:
		return nil, nil
	case s.Incident != "":
		return nil, fault.New(op, fault.Conflict, "the call belongs to another incident").Because("attached_elsewhere").Mend("merge the two incidents, or link them")
	}
	return []cad.Fact{Attached{about{c.ID}, c.Incident}}, nil
}

// Attached says which incident a call belongs to.
type Attached struct {
	about
	Incident cad.IncidentID `json:"incident"`
}

// FactType is the name in the journal.
func (Attached) FactType() string { return "call.attached" }

// Subjects are the call and the incident, so that both tell of it.
func (f Attached) Subjects() []cad.Subject {
	return []cad.Subject{Subject(f.ID), cad.SubjectOf("incident", f.Incident)}
}

func (f Attached) apply(s *State, st cad.Stamp) {
	s.Phase, s.Incident = Joined, f.Incident
	if s.EndedAt.IsZero() {
		s.EndedAt = st.At
	}
}

// Move takes an attached call to another incident, when incidents are merged or split.
type Move struct {
	ID cad.CallID
	To cad.IncidentID
}

// Decide refuses a call that is attached to nothing.
func (c Move) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "call.Move"
	switch {
	case s.Phase != Joined:
		return nil, fault.New(op, fault.Conflict, "the call is attached to no incident").Because("not_attached")
	case s.Incident == c.To:
		return nil, nil
	}
	return []cad.Fact{Moved{about{c.ID}, s.Incident, c.To}}, nil
}

// Moved says that a call went from one incident to another.
type Moved struct {
	about
	From cad.IncidentID `json:"from"`
	To   cad.IncidentID `json:"to"`
}

// FactType is the name in the journal.
func (Moved) FactType() string { return "call.moved" }

// Subjects are the call and both incidents.
func (f Moved) Subjects() []cad.Subject {
	return []cad.Subject{Subject(f.ID), cad.SubjectOf("incident", f.From), cad.SubjectOf("incident", f.To)}
}

func (f Moved) apply(s *State, _ cad.Stamp) {
	s.Incident, s.MovedFrom = f.To, f.From
}

// PassDeadline records that nobody answered in time.
type PassDeadline struct {
	ID   cad.CallID
	Kind string
	Due  time.Time
}

// Decide does nothing when it has been answered in the meantime.
func (c PassDeadline) Decide(s State, _ Around) ([]cad.Fact, error) {
	for _, d := range Due(s) {
		if d.Kind == c.Kind && d.Due.Equal(c.Due) {
			return []cad.Fact{DeadlinePassed{about{c.ID}, c.Kind, c.Due}}, nil
		}
	}
	return nil, nil
}

// DeadlinePassed says that nobody answered in time.
type DeadlinePassed struct {
	about
	Kind string    `json:"kind"`
	Due  time.Time `json:"due"`
}

// FactType is the name in the journal.
func (DeadlinePassed) FactType() string { return "call.deadline_passed" }

func (f DeadlinePassed) apply(s *State, _ cad.Stamp) { s.Passed = true }
