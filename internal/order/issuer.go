package order

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Check says whether what was reported is in order (核查), and clears the order at once if that is wished.
type Check struct {
	ID    cad.OrderID
	Good  bool
	Clear bool       // Only when it is good.
	To    []To       // Whose reports are sent back when it is not; empty means all.
	Text  cad.Sealed // Why it is sent back: required then.
}

func mayCheck(s State) error {
	const op = "order.Check"
	if err := mayOpen(op, s); err != nil {
		return err
	}
	if owes := s.Unreported(); len(owes) > 0 {
		return fault.New(op, fault.Conflict, "%s has not reported yet", owes[0].ID).Because("owes_report", "id", owes[0].ID).Mend("chase the report first")
	}
	return nil
}

// Decide checks once; a check of what is checked may still send it back.
func (c Check) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "order.Check"
	if err := mayCheck(s); err != nil {
		return nil, err
	}
	if !c.Good {
		for _, t := range c.To {
			if _, err := addressed(op, s, t); err != nil {
				return nil, err
			}
		}
		if c.Text.IsZero() {
			return nil, fault.New(op, fault.Invalid, "say what is wrong with the report").Because("reason_required").At("reason")
		}
		return []cad.Fact{CheckedFact{about: s.about(), Back: true, To: c.To, By: a.Actor, Private: c.Text}}, nil
	}
	var facts []cad.Fact
	if s.CheckedAt.IsZero() {
		facts = append(facts, CheckedFact{about: s.about(), By: a.Actor, Private: c.Text})
	}
	if c.Clear {
		facts = append(facts, ClearedFact{s.about(), a.Actor})
	}
	return facts, nil
}

// CheckedFact says that what was reported is in order, or that it was sent back. (Checked is the phase.)
type CheckedFact struct {
	about
	Back    bool        `json:"back,omitempty"` // Not in order.
	To      []To        `json:"to,omitempty"`   // Whose report was sent back; empty means all.
	By      cad.ActorID `json:"by,omitempty"`
	Private cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (CheckedFact) FactType() string { return "order.checked" }

// Secret is what he found.
func (f CheckedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f CheckedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f CheckedFact) apply(s *State, st cad.Stamp) {
	if !f.Back {
		s.CheckedAt = st.Happened
		return
	}
	s.CheckedAt = time.Time{}
	for i, r := range s.To {
		if len(f.To) > 0 && !slices.Contains(f.To, r.To) {
			continue
		}
		if s.To[i].ActedAt.IsZero() {
			s.To[i].ActedAt = st.Happened // He works on it again.
		}
		s.To[i].ReportedAt, s.To[i].Returned = time.Time{}, true
	}
}

// Clear takes a checked order off the list (销号).
type Clear struct{ ID cad.OrderID }

func mayClear(s State) error {
	const op = "order.Clear"
	if err := mayOpen(op, s); err != nil {
		return err
	}
	if s.CheckedAt.IsZero() {
		return fault.New(op, fault.Conflict, "nobody has checked what was reported").Because("not_checked").Mend("check it first")
	}
	return nil
}

// Decide clears it.
func (c Clear) Decide(s State, a Around) ([]cad.Fact, error) {
	if s.Phase() == Cleared {
		return nil, nil
	}
	if err := mayClear(s); err != nil {
		return nil, err
	}
	return []cad.Fact{ClearedFact{s.about(), a.Actor}}, nil
}

// ClearedFact says that an order is off the list.
type ClearedFact struct {
	about
	By cad.ActorID `json:"by,omitempty"`
}

// FactType is the name in the journal.
func (ClearedFact) FactType() string { return "order.cleared" }

func (f ClearedFact) apply(s *State, st cad.Stamp) { s.ClearedAt = st.At }

// Revoke takes an order back (撤销).
type Revoke struct {
	ID   cad.OrderID
	Text cad.Sealed // Why: required.
}

func mayRevoke(s State) error { return mayOpen("order.Revoke", s) }

// Decide refuses to do so without a reason. Who has begun must learn why he is to stop.
func (c Revoke) Decide(s State, a Around) ([]cad.Fact, error) {
	if s.Phase() == Revoked {
		return nil, nil
	}
	if err := mayRevoke(s); err != nil {
		return nil, err
	}
	if c.Text.IsZero() {
		return nil, fault.New("order.Revoke", fault.Invalid, "say why the order is taken back").Because("reason_required").At("reason")
	}
	return []cad.Fact{RevokedFact{s.about(), a.Actor, c.Text}}, nil
}

// RevokedFact says that an order was taken back.
type RevokedFact struct {
	about
	By      cad.ActorID `json:"by,omitempty"`
	Private cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (RevokedFact) FactType() string { return "order.revoked" }

// Secret is why.
func (f RevokedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f RevokedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f RevokedFact) apply(s *State, st cad.Stamp) { s.RevokedAt, s.Why = st.At, f.Private }

// Extend gives more time, whether it was asked for or not. Reminders and chases begin anew.
type Extend struct {
	ID    cad.OrderID
	Until time.Time // Zero means the latest that was asked for.
	Text  cad.Sealed
}

func mayExtend(s State) error {
	const op = "order.Extend"
	if err := mayOpen(op, s); err != nil {
		return err
	}
	if s.Due.IsZero() || len(s.Unreported()) == 0 {
		return fault.New(op, fault.Conflict, "nobody owes anything by a time").Because("nothing_due")
	}
	return nil
}

// Decide refuses what is no longer time.
func (c Extend) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "order.Extend"
	if err := mayExtend(s); err != nil {
		return nil, err
	}
	if c.Until.IsZero() {
		for _, r := range s.To {
			if r.Ask != nil && r.Ask.Until.After(c.Until) {
				c.Until = r.Ask.Until
			}
		}
	}
	switch {
	case c.Until.IsZero():
		return nil, fault.New(op, fault.Invalid, "say until when").Because("until_required").At("until")
	case c.Until.Equal(s.Due):
		return nil, nil
	case !c.Until.After(s.Due) || !c.Until.After(a.Now):
		return nil, fault.New(op, fault.Invalid, "more time ends after the present deadline, and after now").Because("not_longer").At("until").Mend("give a later time")
	}
	return []cad.Fact{ExtendedFact{s.about(), c.Until, a.Actor, c.Text}}, nil
}

// ExtendedFact says that there is more time.
type ExtendedFact struct {
	about
	Until   time.Time   `json:"until"`
	By      cad.ActorID `json:"by,omitempty"`
	Private cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (ExtendedFact) FactType() string { return "order.extended" }

// Secret is why.
func (f ExtendedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f ExtendedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ExtendedFact) apply(s *State, _ cad.Stamp) {
	s.Due, s.Extended = f.Until, s.Extended+1
	s.Passed = slices.DeleteFunc(s.Passed, func(kind string) bool { return kind != "sign" })
	for i, r := range s.To {
		if r.Ask != nil && !r.Ask.Until.After(f.Until) {
			s.To[i].Ask = nil
		}
	}
}

// DeclineExtension answers a wish for more time with no.
type DeclineExtension struct {
	ID   cad.OrderID
	To   To
	Text cad.Sealed
}

func mayDecline(s State) error {
	const op = "order.DeclineExtension"
	if err := mayOpen(op, s); err != nil {
		return err
	}
	if !slices.ContainsFunc(s.To, func(r Recipient) bool { return r.Ask != nil }) {
		return fault.New(op, fault.Conflict, "nobody asks for more time").Because("not_asked")
	}
	return nil
}

// Decide answers once.
func (c DeclineExtension) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayDecline(s); err != nil {
		return nil, err
	}
	r, err := addressed("order.DeclineExtension", s, c.To)
	if err != nil || r.Ask == nil {
		return nil, err
	}
	return []cad.Fact{ExtensionDeclined{step{s.about(), c.To, a.Actor}, c.Text}}, nil
}

// ExtensionDeclined says that a recipient gets no more time.
type ExtensionDeclined struct {
	step
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (ExtensionDeclined) FactType() string { return "order.extension_declined" }

// Secret is why.
func (f ExtensionDeclined) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f ExtensionDeclined) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ExtensionDeclined) apply(s *State, _ cad.Stamp) { f.one(s).Ask = nil }
