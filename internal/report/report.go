// Package report is the life of the urgent reports about one incident (紧急信息报送): the first report, follow-ups and the final
// one to the superior centre, each by its time. What was filed is never changed: a correction is another follow-up. It is
// pure: no clock, disk, network, chance or log, and it knows no other room.
package report

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Command is a wish about the reports of one incident. Decide turns it into facts, or says why it cannot.
type Command interface {
	Decide(s State, a Around) ([]cad.Fact, error)
}

// Around is what a decision needs to know from outside the room.
type Around struct {
	Now     time.Time   // The world's clock, UTC.
	Actor   cad.ActorID // Who wishes it.
	Known   bool        // There is such an incident.
	Settled bool        // It has ended, or what is owed is only its review: a final report may say so.
}

// Fact is something that happened to the reports of one incident.
type Fact interface {
	cad.Fact
	Of() cad.IncidentID
	apply(s *State, st cad.Stamp)
}

// Kind is which report it is.
type Kind string

// The kinds.
const (
	First  Kind = "first"  // 首报
	Follow Kind = "follow" // 续报
	Final  Kind = "final"  // 终报
)

// Superior is the centre above ours, to which reports go unless somebody says otherwise.
const Superior = "superior"

// Clock is by when each report is due, as values of the day on which it was required. Zero means that none is.
type Clock struct {
	FirstS  int64 `json:"first_s,omitempty"`  // From the first word of the incident, seconds.
	FollowS int64 `json:"follow_s,omitempty"` // From the last report while it is open, seconds.
	FinalS  int64 `json:"final_s,omitempty"`  // From the end of the incident, seconds.
}

// Filing is one report that was filed.
type Filing struct {
	Kind     Kind        `json:"kind"`
	To       string      `json:"to"`
	By       cad.ActorID `json:"by,omitempty"`
	At       time.Time   `json:"at"`
	Seq      cad.Seq     `json:"seq"`
	Corrects int         `json:"corrects,omitempty"` // The filing that it puts right, from 1; 0 if none.
	Late     bool        `json:"late,omitempty"`     // Its time had passed.
	Text     cad.Sealed  `json:"text,omitzero"`
}

// State is the reports of one incident, folded from their facts. The zero value owes none. It is never changed in place.
type State struct {
	Incident cad.IncidentID `json:"incident"`
	Level    cad.Level      `json:"level,omitempty"`
	Clock    Clock          `json:"clock,omitzero"`
	Since    time.Time      `json:"since,omitzero"`    // The first word of the incident.
	Last     time.Time      `json:"last,omitzero"`     // The last report, perhaps of one that was merged into it; zero while there is none.
	Ended    time.Time      `json:"ended_at,omitzero"` // The incident has ended; zero while it is open.
	Void     bool           `json:"void,omitempty"`    // It was none, or lives on in another: nothing is owed for it any more.
	Filed    []Filing       `json:"filed,omitempty"`
	Passed   []Kind         `json:"passed,omitempty"` // What was due and not filed in time, since the last filing.
	Final    bool           `json:"final,omitempty"`  // The final report is filed.
	Changed  cad.Seq        `json:"changed"`
}

// Owed is the report that is owed next and by when; false if none is.
func (s State) Owed() (Kind, time.Time, bool) {
	in := func(from time.Time, sec int64) time.Time { return from.Add(time.Duration(sec) * time.Second) }
	switch {
	case s.Void || s.Final || s.Clock.FirstS == 0:
		return "", time.Time{}, false
	case s.Last.IsZero():
		return First, in(s.Since, s.Clock.FirstS), true
	case !s.Ended.IsZero():
		return Final, in(s.Ended, s.Clock.FinalS), s.Clock.FinalS > 0
	}
	return Follow, in(s.Last, s.Clock.FollowS), s.Clock.FollowS > 0
}

// Late reports whether what is owed next is late.
func (s State) Late() bool {
	k, _, owed := s.Owed()
	return owed && slices.Contains(s.Passed, k)
}

// Due lists the deadline of what is owed next.
func Due(s State) []cad.Deadline {
	k, at, owed := s.Owed()
	if !owed || slices.Contains(s.Passed, k) {
		return nil
	}
	return []cad.Deadline{{Subject: Subject(s.Incident), Kind: string(k), Due: at}}
}

// Evolve folds one fact into the state. The old value stays as it was.
func Evolve(s State, f Fact, st cad.Stamp) State {
	s.Filed, s.Passed = slices.Clone(s.Filed), slices.Clone(s.Passed)
	s.Incident = f.Of()
	f.apply(&s, st)
	s.Changed = st.Seq
	return s
}

// Subject is the journal's name of the reports of an incident.
func Subject(id cad.IncidentID) cad.Subject { return cad.SubjectOf("report", id) }

// about is the incident whose reports a fact is about.
type about struct {
	Incident cad.IncidentID `json:"incident"`
}

// Subjects are its reports and the incident, whose story tells them too.
func (f about) Subjects() []cad.Subject {
	return []cad.Subject{Subject(f.Incident), cad.SubjectOf("incident", f.Incident)}
}

// Of is the incident.
func (f about) Of() cad.IncidentID { return f.Incident }

// Facts is the room's table of facts, for the codec.
func Facts() []cad.FactKind {
	return []cad.FactKind{cad.Kind[RequiredFact](), cad.Kind[FiledFact](), cad.Kind[EndingFact](), cad.Kind[ResumedFact](), cad.Kind[DeadlinePassed]()}
}

// Require says by when reports are due from now on. The room above knows the level and its clock.
type Require struct {
	Incident cad.IncidentID
	Level    cad.Level
	Clock    Clock // Zero: no report is owed any more.
	Since    time.Time
	Last     time.Time // A report that was filed for what it took in; zero if none.
}

// Decide says so when it is new.
func (c Require) Decide(s State, _ Around) ([]cad.Fact, error) {
	if c.Clock == s.Clock && (c.Level == s.Level || c.Clock == Clock{}) {
		return nil, nil
	}
	return []cad.Fact{RequiredFact{about{c.Incident}, c.Level, c.Clock, c.Since, c.Last}}, nil
}

// RequiredFact says by when reports are due.
type RequiredFact struct {
	about
	Level cad.Level `json:"level,omitempty"`
	Clock Clock     `json:"clock,omitzero"`
	Since time.Time `json:"since"`
	Last  time.Time `json:"last,omitzero"`
}

// FactType is the name in the journal.
func (RequiredFact) FactType() string { return "report.required" }

func (f RequiredFact) apply(s *State, _ cad.Stamp) {
	s.Level, s.Clock, s.Since, s.Passed = f.Level, f.Clock, f.Since, nil
	if f.Last.After(s.Last) {
		s.Last = f.Last
	}
}

// File files a report with the superior centre.
type File struct {
	Incident cad.IncidentID
	Kind     Kind
	To       string
	Corrects int
	Text     cad.Sealed
}

// mayFile is the check of a kind of report.
func mayFile(k Kind) func(State, Around) error {
	return func(s State, a Around) error {
		const op = "report.File"
		switch {
		case !a.Known:
			return fault.New(op, fault.NotFound, "there is no such incident").Because("no_incident")
		case k == First && len(s.Filed) > 0:
			return fault.New(op, fault.Conflict, "the first report is filed already").Because("first_filed").Mend("file a follow-up")
		case k == Follow && s.Last.IsZero():
			return fault.New(op, fault.Conflict, "there is no first report yet").Because("no_first_report").Mend("file the first report")
		case k == Final && s.Last.IsZero():
			return fault.New(op, fault.Conflict, "there is no first report yet").Because("no_first_report").Mend("file the first report")
		case k == Final && !a.Settled:
			return fault.New(op, fault.Conflict, "the incident is still in work").Because("not_settled").Mend("file a follow-up")
		case k == Final && s.Final:
			return fault.New(op, fault.Conflict, "the final report is filed already").Because("final_filed").Mend("a correction is a follow-up")
		}
		return nil
	}
}

// Decide files it. Nothing that was filed is changed by it.
func (c File) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "report.File"
	if c.Kind != First && c.Kind != Follow && c.Kind != Final {
		return nil, fault.New(op, fault.Invalid, "there is no report %q", string(c.Kind)).Because("bad_kind").At("kind").Mend("first, follow or final")
	}
	if err := mayFile(c.Kind)(s, a); err != nil {
		return nil, err
	}
	switch {
	case c.Text.IsZero():
		return nil, fault.New(op, fault.Invalid, "the report is empty").Because("text_required").At("text").Mend("say what happened and what is done")
	case c.Corrects < 0 || c.Corrects > len(s.Filed) || c.Corrects > 0 && c.Kind != Follow:
		return nil, fault.New(op, fault.Invalid, "a correction is a follow-up to a report that was filed").Because("bad_correction").At("corrects").
			Mend("name the report by its number")
	}
	if c.To == "" {
		c.To = Superior
	}
	late := false
	if k, at, owed := s.Owed(); owed && k == c.Kind {
		late = a.Now.After(at)
	}
	return []cad.Fact{FiledFact{about{c.Incident}, c.Kind, c.To, a.Actor, c.Corrects, late, c.Text}}, nil
}

// FiledFact says that a report was filed.
type FiledFact struct {
	about
	Kind     Kind        `json:"kind"`
	To       string      `json:"to"`
	By       cad.ActorID `json:"by,omitempty"`
	Corrects int         `json:"corrects,omitempty"`
	Late     bool        `json:"late,omitempty"`
	Private  cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (FiledFact) FactType() string { return "report.filed" }

// Secret is what it says.
func (f FiledFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f FiledFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f FiledFact) apply(s *State, st cad.Stamp) {
	s.Filed = append(s.Filed, Filing{Kind: f.Kind, To: f.To, By: f.By, At: st.Happened, Seq: st.Seq, Corrects: f.Corrects, Late: f.Late, Text: f.Private})
	s.Last, s.Passed = st.Happened, nil
	s.Final = s.Final || f.Kind == Final
}

// End says that the incident has ended.
type End struct {
	Incident cad.IncidentID
	Void     bool // It was none, or lives on in another.
}

// Decide says so once, if any report is owed or filed.
func (c End) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Incident == "" || !s.Ended.IsZero() {
		return nil, nil
	}
	return []cad.Fact{EndingFact{about{c.Incident}, c.Void}}, nil
}

// EndingFact says that the incident has ended: the final report is owed, or nothing any more.
type EndingFact struct {
	about
	Void bool `json:"void,omitempty"`
}

// FactType is the name in the journal.
func (EndingFact) FactType() string { return "report.ending" }

func (f EndingFact) apply(s *State, st cad.Stamp) {
	s.Ended, s.Void = st.At, f.Void
	s.Passed = slices.DeleteFunc(s.Passed, func(k Kind) bool { return k == Follow })
}

// Resume says that the incident is open again.
type Resume struct{ Incident cad.IncidentID }

// Decide says so once.
func (c Resume) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Incident == "" || s.Ended.IsZero() {
		return nil, nil
	}
	return []cad.Fact{ResumedFact{about(c)}}, nil
}

// ResumedFact says that the incident is open again: its reports are owed as before.
type ResumedFact struct{ about }

// FactType is the name in the journal.
func (ResumedFact) FactType() string { return "report.resumed" }

func (f ResumedFact) apply(s *State, st cad.Stamp) {
	s.Ended, s.Void, s.Final, s.Passed = time.Time{}, false, false, nil
	if !s.Last.IsZero() {
		s.Last = st.At // The next follow-up counts from now.
	}
}

// PassDeadline records that a report was not filed in time.
type PassDeadline struct {
	Incident cad.IncidentID
	Kind     string
	Due      time.Time
}

// Decide does nothing when what was late has happened in the meantime, or when it is not late yet.
func (c PassDeadline) Decide(s State, a Around) ([]cad.Fact, error) {
	for _, d := range Due(s) {
		if d.Kind == c.Kind && d.Due.Equal(c.Due) && !a.Now.Before(d.Due) {
			return []cad.Fact{DeadlinePassed{about{s.Incident}, Kind(d.Kind), d.Due}}, nil
		}
	}
	return nil, nil
}

// DeadlinePassed says that a report was not filed in time.
type DeadlinePassed struct {
	about
	Kind Kind      `json:"kind"`
	Due  time.Time `json:"due"`
}

// FactType is the name in the journal.
func (DeadlinePassed) FactType() string { return "report.deadline_passed" }

func (f DeadlinePassed) apply(s *State, _ cad.Stamp) {
	if !slices.Contains(s.Passed, f.Kind) {
		s.Passed = append(s.Passed, f.Kind)
	}
}

// Next lists the kinds of reports, with the reason for each one that would be refused.
func Next(s State, a Around) []cad.Step {
	out := make([]cad.Step, 0, 3)
	for _, k := range []Kind{First, Follow, Final} {
		out = append(out, cad.StepOf(string(k), mayFile(k)(s, a)))
	}
	return out
}
