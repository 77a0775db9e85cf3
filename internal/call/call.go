// Package call is the life of one call (来电): it arrives, is answered or not, and is attached to one incident. It
// is pure: no clock, disk, network, chance or log, and it knows no other room.
package call

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Phase is how far a call has come.
type Phase string

// The phases.
const (
	Ringing     Phase = "ringing"     // Nobody has answered yet.
	InTalk      Phase = "answered"    // Somebody is speaking with the caller.
	GivenUp     Phase = "abandoned"   // The caller hung up before anybody answered; somebody must call back.
	Silent      Phase = "silent"      // Answered, and nobody spoke.
	Transferred Phase = "transferred" // Another service took it over.
	Joined      Phase = "attached"    // It belongs to an incident.
	Over        Phase = "ended"       // It is over and needs nothing: a nuisance, or one of ours that reached nobody.
)

// life is the whole table of what may follow what. Every phase may still be attached: a call that nobody spoke
// on is an incident, too.
var life = map[Phase][]Phase{
	"":          {Ringing},
	Ringing:     {InTalk, GivenUp, Silent, Transferred, Joined, Over},
	InTalk:      {GivenUp, Silent, Transferred, Joined, Over},
	GivenUp:     {Joined, Over},
	Silent:      {Transferred, Joined, Over},
	Transferred: {Joined},
	Over:        {Joined},
	Joined:      nil, // It stays attached, until that is taken back (Detach); moving it to another incident keeps the phase.
}

// Command is a wish about one call.
type Command interface {
	Decide(s State, a Around) ([]cad.Fact, error)
}

// Around is what a decision needs to know from outside the room.
type Around struct {
	Now   time.Time
	Actor cad.ActorID   // Empty asks about whoever has the right to.
	Seat  cad.SeatID    // Empty outside a seat.
	Grace time.Duration // How long whoever speaks may still say keep when another seat asks for the call.
}

// Fact is something that happened to one call.
type Fact interface {
	cad.Fact
	Of() cad.CallID
	apply(s *State, st cad.Stamp)
}

// State is one call, folded from its facts. The zero value is a call that never came.
type State struct {
	ID        cad.CallID     `json:"id"`
	Phase     Phase          `json:"phase"`
	Line      string         `json:"line,omitempty"` // The line or trunk that it came in by.
	Caller    cad.Sealed     `json:"caller,omitzero"`
	Place     *geo.Point     `json:"place,omitempty"` // As the network told; nil if it did not.
	Aside     []cad.Aside    `json:"aside,omitempty"` // What the network told that could not be used.
	Incident  cad.IncidentID `json:"incident,omitempty"`
	MovedFrom cad.IncidentID `json:"moved_from,omitempty"` // The incident it came from by a merge; empty after the split.

	Trail []cad.IncidentID `json:"trail,omitempty"` // Where it was before MovedFrom, the oldest first.

	Source        string        `json:"source,omitempty"`
	Lost          Phase         `json:"lost,omitempty"` // GivenUp or Silent; stays when it is attached, so that somebody calls back.
	AnswerWithinS int64         `json:"answer_within_s,omitempty"`
	Passed        bool          `json:"passed,omitempty"` // It was not answered in time.
	Arrived       time.Time     `json:"arrived"`
	Answered      time.Time     `json:"answered,omitzero"`
	AnsweredBy    cad.ActorID   `json:"answered_by,omitempty"`
	EndedAt       time.Time     `json:"ended_at,omitzero"` // Abandoned, silent, transferred or attached.
	Partner       cad.PartnerID `json:"partner,omitempty"` // Who took it over.

	Speaking   bool       `json:"speaking,omitempty"` // The line is open. An older version never said when it closed.
	Holder     Holder     `json:"holder,omitzero"`    // Who has the call; zero means AnsweredBy, in no seat.
	Held       time.Time  `json:"held,omitzero"`      // Since when the caller waits; zero if he does not.
	With       []Party    `json:"with,omitempty"`     // Who else is on the line.
	Recordings []string   `json:"recordings,omitempty"`
	Asked      *Ask       `json:"asked,omitempty"`     // Another seat asks for it.
	PassedTo   cad.SeatID `json:"passed_to,omitempty"` // This seat may take it at once.
	HungUp     time.Time  `json:"hung_up,omitzero"`    // When the line closed.
	Nuisance   bool       `json:"nuisance,omitempty"`
	Out        bool       `json:"out,omitempty"`     // We dialled.
	BackOf     cad.CallID `json:"back_of,omitempty"` // The call whose caller we dialled.
	Back       *Back      `json:"back,omitempty"`    // The newest try to call this one back.

	Changed cad.Seq `json:"changed"`
}

// end notes when the call was over; the first end stands.
func (s *State) end(st cad.Stamp) {
	if s.EndedAt.IsZero() {
		s.EndedAt = st.At
	}
}

// Evolve folds one fact. The old value stays as it was.
func Evolve(s State, f Fact, st cad.Stamp) State {
	s.Trail = slices.Clone(s.Trail) // Whoever still holds the old value must not see it change.
	s.With, s.Recordings = slices.Clone(s.With), slices.Clone(s.Recordings)
	f.apply(&s, st)
	s.Changed = st.Seq
	return s
}

// Subject is the journal's name of a call.
func Subject(id cad.CallID) cad.Subject { return cad.SubjectOf("call", id) }

// Facts is the room's table.
func Facts() []cad.FactKind {
	return []cad.FactKind{
		cad.Kind[Arrived](), cad.Kind[Answered](), cad.Kind[Abandoned](), cad.Kind[WentSilent](),
		cad.Kind[TransferredFact](), cad.Kind[CallerTold](), cad.Kind[Attached](), cad.Kind[Moved](), cad.Kind[DeadlinePassed](),
		cad.Kind[HeldFact](), cad.Kind[Resumed](), cad.Kind[Conferenced](), cad.Kind[ConferenceEnded](), cad.Kind[Recorded](),
		cad.Kind[TakeAsked](), cad.Kind[TakenOver](), cad.Kind[Kept](), cad.Kind[Passed](), cad.Kind[Dialled](), cad.Kind[CalledBack](),
		cad.Kind[HungUp](), cad.Kind[NuisanceFact](),
		cad.Kind[Detached](), cad.Kind[HistoryRead](),
	}
}

// about is the call that a fact is about.
type about struct {
	ID cad.CallID `json:"id"`
}

// Subjects are the call.
func (f about) Subjects() []cad.Subject { return []cad.Subject{Subject(f.ID)} }

// Of is the call it is about.
func (f about) Of() cad.CallID { return f.ID }

// aboutBoth is the call that a fact is about, and the incident it belongs to by then, so that both tell of it.
type aboutBoth struct {
	ID       cad.CallID     `json:"id"`
	Incident cad.IncidentID `json:"incident,omitempty"`
}

func aboutOf(s State) aboutBoth { return aboutBoth{ID: s.ID, Incident: s.Incident} }

// Subjects are the call, and its incident if it has one.
func (f aboutBoth) Subjects() []cad.Subject {
	if f.Incident == "" {
		return []cad.Subject{Subject(f.ID)}
	}
	return []cad.Subject{Subject(f.ID), incidentSubject(f.Incident)}
}

// Of is the call it is about.
func (f aboutBoth) Of() cad.CallID { return f.ID }

// incidentSubject is the journal's name of an incident, which is another room's life.
func incidentSubject(id cad.IncidentID) cad.Subject { return cad.SubjectOf("incident", id) }

// verbs is what a person may do with a call, in the order the console shows the buttons.
var verbs = []struct {
	name string
	may  func(State, Around) error
}{
	{"answer", func(s State, _ Around) error { return mayAnswer(s) }},
	{"attach", func(s State, _ Around) error { return mayAttach(s) }},
	{"abandon", func(s State, _ Around) error { return mayLose("call.Abandon", s, GivenUp) }},
	{"silent", func(s State, _ Around) error { return mayLose("call.MarkSilent", s, Silent) }},
	{"transfer", func(s State, _ Around) error { return mayTransfer(s) }},
	{"hold", mayHold},
	{"resume", mayResume},
	{"conference", mayConference},
	{"end_conference", mayEndConference},
	{"hang_up", mayHangUp},
	{"back", func(s State, _ Around) error { return mayBack(s) }},
	{"take", mayTake},
	{"keep", mayKeep},
	{"pass", mayPass},
	{"nuisance", func(s State, _ Around) error { return mayNuisance(s) }},
	{"record", func(s State, _ Around) error { return mayRecord(s) }},
	{"detach", func(s State, _ Around) error { return mayDetach(s) }},
	{"history", func(s State, _ Around) error { return mayReadHistory(s) }},
}

// Next lists the room's verbs with the reason for each refusal. Without an actor it tells what whoever has the right to
// may do; whether another's ask still runs is left open without a moment.
func Next(s State, a Around) []cad.Step {
	out := make([]cad.Step, 0, len(verbs))
	for _, v := range verbs {
		out = append(out, cad.StepOf(v.name, v.may(s, a)))
	}
	return out
}

// check reports whether a call may move between two phases.
func check(op string, from, to Phase) error {
	switch {
	case from == "":
		return missing(op)
	case slices.Contains(life[from], to):
		return nil
	}
	return fault.New(op, fault.Conflict, "a call that is %s cannot become %s", from, to).Because("call_phase", "from", string(from), "to", string(to))
}

func missing(op string) error {
	return fault.New(op, fault.NotFound, "there is no such call").Because("no_call")
}
