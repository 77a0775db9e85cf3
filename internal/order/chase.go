package order

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// The steps by which whoever owes is reminded. The first four are taken by the clock, each once until it is due anew.
const (
	StepSign      = "sign"      // He has not signed in time.
	StepRemind    = "remind"    // 临期提醒
	StepChase     = "chase"     // 催办
	StepSupervise = "supervise" // 督办
	StepRaise     = "raise"     // 升级督办
)

// Chase reminds whoever owes a signature or a report, by a person's word.
type Chase struct {
	ID   cad.OrderID
	To   []To   // Empty means all who owe something.
	Step string // "chase" or "supervise"; empty means chase.
	Text cad.Sealed
}

func mayChase(s State) error {
	const op = "order.Chase"
	if err := mayOpen(op, s); err != nil {
		return err
	}
	if len(s.Unreported()) == 0 {
		return fault.New(op, fault.Conflict, "everybody has reported").Because("nobody_owes")
	}
	return nil
}

// Decide chases those who owe something; of the others it says that they do not.
func (c Chase) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "order.Chase"
	if err := mayChase(s); err != nil {
		return nil, err
	}
	if c.Step == "" {
		c.Step = StepChase
	}
	if c.Step != StepChase && c.Step != StepSupervise {
		return nil, fault.New(op, fault.Invalid, "a person chases or supervises").Because("bad_step").At("step").Mend("chase or supervise")
	}
	owes := s.Unreported()
	for _, t := range c.To {
		if _, err := addressed(op, s, t); err != nil {
			return nil, err
		}
		if !slices.Contains(owes, t) {
			return nil, fault.New(op, fault.Conflict, "%s has reported", t.ID).Because("reported", "id", t.ID)
		}
	}
	if len(c.To) == 0 {
		c.To = owes
	}
	return []cad.Fact{ChasedFact{s.about(), c.Step, c.To, a.Actor, c.Text}}, nil
}

// ChasedFact says that a person reminded those who owe.
type ChasedFact struct {
	about
	Step    string      `json:"step"`
	To      []To        `json:"to"`
	By      cad.ActorID `json:"by,omitempty"`
	Private cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (ChasedFact) FactType() string { return "order.chased" }

// Secret is what was said.
func (f ChasedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f ChasedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ChasedFact) apply(s *State, st cad.Stamp) {
	for i, r := range s.To {
		if slices.Contains(f.To, r.To) {
			s.To[i].Chased, s.To[i].ChasedAt = r.Chased+1, st.Happened
		}
	}
}

// Due lists the deadlines that an order still has to meet, and the steps that follow when its time has passed.
func Due(s State) []cad.Deadline {
	if !s.Open() {
		return nil
	}
	var out []cad.Deadline
	add := func(kind string, at time.Time) {
		if !slices.Contains(s.Passed, kind) {
			out = append(out, cad.Deadline{Subject: Subject(s.ID), Kind: kind, Due: at})
		}
	}
	in := func(from time.Time, s int64) time.Time { return from.Add(time.Duration(s) * time.Second) }
	if s.Clock.SignS > 0 && len(s.Unsigned()) > 0 {
		add(StepSign, in(s.Issued, s.Clock.SignS))
	}
	if s.Due.IsZero() || len(s.Unreported()) == 0 {
		return out
	}
	if at := in(s.Due, -s.Clock.RemindS); s.Clock.RemindS > 0 && at.After(s.Issued) { // One with less time than that needs no reminder.
		add(StepRemind, at)
	}
	add(StepChase, s.Due)
	if s.Clock.SuperviseS > 0 {
		add(StepSupervise, in(s.Due, s.Clock.SuperviseS))
	}
	if s.Clock.RaiseS > 0 {
		add(StepRaise, in(s.Due, s.Clock.RaiseS))
	}
	return out
}

// PassDeadline records that a deadline passed, and with it the step that follows. Due names the one that is meant: a
// deadline that was set anew since is another one.
type PassDeadline struct {
	ID   cad.OrderID
	Kind string
	Due  time.Time
}

// Decide does nothing when what was late has happened in the meantime, or when it is not late yet.
func (c PassDeadline) Decide(s State, a Around) ([]cad.Fact, error) {
	for _, d := range Due(s) {
		if d.Kind != c.Kind || !d.Due.Equal(c.Due) || a.Now.Before(d.Due) {
			continue
		}
		owes := s.Unreported()
		if d.Kind == StepSign {
			owes = s.Unsigned()
		}
		return []cad.Fact{DeadlinePassed{s.about(), d.Kind, d.Due, owes}}, nil
	}
	return nil, nil
}

// DeadlinePassed says that a deadline passed, when it did, and who owed what it was for.
type DeadlinePassed struct {
	about
	Kind string    `json:"kind"`
	Due  time.Time `json:"due"`
	Owes []To      `json:"owes"`
}

// FactType is the name in the journal.
func (DeadlinePassed) FactType() string { return "order.deadline_passed" }

func (f DeadlinePassed) apply(s *State, _ cad.Stamp) {
	if !slices.Contains(s.Passed, f.Kind) {
		s.Passed = append(s.Passed, f.Kind)
	}
}
