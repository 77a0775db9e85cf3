package incident

import (
	"slices"
	"strconv"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// AnswersMax is how many different questions of one incident may be answered.
const AnswersMax = 64

// Said is the answer to one structured question. What it says is a code of the centre's or a number; words of a caller
// are sealed and never stand here.
type Said struct {
	Question string `json:"question"`
	Value    string `json:"value,omitempty"`  // The id of an option, "yes", "no", "unknown", or a number; empty for words.
	Worded   bool   `json:"worded,omitempty"` // It was answered in words, which are private.
}

// Answered is what holds of one question.
type Answered struct {
	Said
	Words cad.Sealed `json:"words,omitzero"` // Holds the answer in words, by question, where it was given in words.
}

// TakeAnswers writes down what a caller answered. The room above has checked the questions against the type.
type TakeAnswers struct {
	ID      cad.IncidentID
	Answers []Said
	Words   cad.Sealed // The answers in words, by question; zero if there are none.
}

func mayAnswer(s State, _ Around) error {
	if s.Phase == "" {
		return missing("incident.TakeAnswers")
	}
	return nil // Also after the end: a word about it is never lost.
}

// Decide keeps what is new. A question that is answered again has the newer answer.
func (c TakeAnswers) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.TakeAnswers"
	if err := mayAnswer(s, a); err != nil {
		return nil, err
	}
	if len(c.Answers) == 0 {
		return nil, fault.New(op, fault.Invalid, "say what was answered").Because("answers_required").At("answers")
	}
	fresh := slices.DeleteFunc(slices.Clone(c.Answers), func(x Said) bool {
		return !x.Worded && slices.ContainsFunc(s.Answers, func(a Answered) bool { return a.Said == x })
	})
	if len(fresh) == 0 {
		return nil, nil
	}
	if len(folded(s.Answers, fresh, c.Words)) > AnswersMax {
		return nil, fault.New(op, fault.Invalid, "an incident has at most %d answers", AnswersMax).
			Because("answers_max", "max", strconv.Itoa(AnswersMax)).At("answers").Mend("write the rest down as a note")
	}
	return []cad.Fact{AnsweredFact{about: about{s.ID}, Answers: fresh, Private: c.Words}}, nil
}

// folded are answers with newer ones in the place of the older.
func folded(old []Answered, fresh []Said, words cad.Sealed) []Answered {
	out := slices.Clone(old)
	for _, f := range fresh {
		a := Answered{Said: f}
		if f.Worded {
			a.Words = words
		}
		if i := slices.IndexFunc(out, func(x Answered) bool { return x.Question == f.Question }); i >= 0 {
			out[i] = a
			continue
		}
		out = append(out, a)
	}
	return out
}

// AnsweredFact says what a caller answered to the questions of a type.
type AnsweredFact struct {
	about
	Answers []Said     `json:"answers"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (AnsweredFact) FactType() string { return "incident.answered" }

// Secret is what was answered in words.
func (f AnsweredFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f AnsweredFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f AnsweredFact) apply(s *State, _ cad.Stamp) {
	s.Answers = folded(s.Answers, f.Answers, f.Private)
}

// Schedule makes it an appointment (预约处警): somebody comes at a time that was agreed with the caller.
type Schedule struct {
	ID    cad.IncidentID
	At    time.Time // When somebody shall be there; zero takes the appointment back.
	LeadS int64     // Seconds before it at which the incident comes into the queue; 0 or more.
}

// scheduleMax is how far ahead an appointment may lie.
const scheduleMax = 366 * 24 * time.Hour

func maySchedule(s State, _ Around) error {
	const op = "incident.Schedule"
	switch {
	case s.Phase == "":
		return missing(op)
	case !s.Open():
		return ended(op, s)
	case !s.WorkAt.IsZero():
		return fault.New(op, fault.Conflict, "somebody was sent already").Because("work_began").Mend("recall the units, or leave it as it is")
	case s.Priority == cad.P1:
		return fault.New(op, fault.Conflict, "a life may be in danger: a P1 is never put off").Because("urgent", "priority", string(s.Priority)).
			Mend("grade it anew first, if it is not a P1")
	}
	return nil
}

// Decide refuses a time that has passed.
func (c Schedule) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.Schedule"
	if err := maySchedule(s, a); err != nil {
		return nil, err
	}
	switch {
	case c.At.Equal(s.Scheduled):
		return nil, nil
	case !c.At.IsZero() && (!c.At.After(a.Now) || c.At.After(a.Now.Add(scheduleMax))):
		return nil, fault.New(op, fault.Invalid, "an appointment lies in the coming year").Because("bad_time").At("at").Mend("give a time to come")
	}
	return []cad.Fact{ScheduledFact{about: about{s.ID}, At: c.At.UTC(), LeadS: max(c.LeadS, 0)}}, nil
}

// ScheduledFact says when somebody shall be there.
type ScheduledFact struct {
	about
	At    time.Time `json:"at,omitzero"` // Zero: the appointment was taken back.
	LeadS int64     `json:"lead_s,omitempty"`
}

// FactType is the name in the journal.
func (ScheduledFact) FactType() string { return "incident.scheduled" }

func (f ScheduledFact) apply(s *State, st cad.Stamp) {
	taken := f.At.IsZero() && !s.Scheduled.IsZero()
	s.Scheduled, s.LeadS, s.Surfaced = f.At, f.LeadS, false
	if taken {
		s.Restarted = st.At // It waits from now on.
	}
	s.unpass("dispatch") // One that passed before belongs to another time.
	s.unpass("feedback")
}

// Due times of an appointment.
const kindLead = "lead" // The moment at which it comes into the queue; no limit that anybody can miss.

// surfaces is when an appointment comes into the queue; zero if it is none.
func (s State) surfaces() time.Time {
	if s.Scheduled.IsZero() || s.Priority == cad.P1 { // What has become urgent waits for no appointment.
		return time.Time{}
	}
	return s.Scheduled.Add(-time.Duration(s.LeadS) * time.Second)
}

// Waits reports whether it is an appointment whose time has not come: it stands outside the queue, and nothing is late.
func (s State) Waits() bool {
	return !s.surfaces().IsZero() && !s.Surfaced && s.WorkAt.IsZero() && s.Open()
}

// CameDue says that an appointment came into the queue.
type CameDue struct {
	about
	Due time.Time `json:"due"`
}

// FactType is the name in the journal.
func (CameDue) FactType() string { return "incident.came_due" }

func (f CameDue) apply(s *State, _ cad.Stamp) { s.Surfaced = true }
