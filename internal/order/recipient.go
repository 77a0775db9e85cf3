package order

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// addressed finds a recipient of an open order, or says why it is none of his.
func addressed(op string, s State, t To) (Recipient, error) {
	i := s.index(t)
	if i < 0 {
		return Recipient{}, fault.New(op, fault.Conflict, "the order was not given to %s", t.ID).Because("not_addressed", "id", t.ID).At("to").
			Mend("name one of its recipients")
	}
	return s.To[i], nil
}

// step is what the facts of one recipient have in common.
type step struct {
	about
	To To          `json:"to"`
	By cad.ActorID `json:"by,omitempty"`
}

// one is the recipient that the fact is about, in the new state.
func (f step) one(s *State) *Recipient {
	if i := s.index(f.To); i >= 0 {
		return &s.To[i]
	}
	return &Recipient{} // A fact is never refused; of one that names nobody nothing is kept.
}

// signs notes the signature that lies in every word of a recipient about an order.
func (r *Recipient) signs(by cad.ActorID, at time.Time) {
	if r.SignedAt.IsZero() {
		r.SignedAt, r.SignedBy = at, by
	}
}

// Sign says that a recipient has taken the order (签收).
type Sign struct {
	ID cad.OrderID
	To To
}

func maySign(s State) error { return mayOpen("order.Sign", s) }

// Decide keeps the first signature.
func (c Sign) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "order.Sign"
	if err := maySign(s); err != nil {
		return nil, err
	}
	r, err := addressed(op, s, c.To)
	if err != nil || !r.SignedAt.IsZero() {
		return nil, err
	}
	return []cad.Fact{SignedFact{step{s.about(), c.To, a.Actor}}}, nil
}

// SignedFact says that a recipient has taken the order. (Signed is the phase.)
type SignedFact struct{ step }

// FactType is the name in the journal.
func (SignedFact) FactType() string { return "order.signed" }

func (f SignedFact) apply(s *State, st cad.Stamp) { f.one(s).signs(f.By, st.Happened) }

// Act says that a recipient works on it (办理).
type Act struct {
	ID cad.OrderID
	To To
}

func mayAct(s State) error { return mayOpen("order.Act", s) }

// Decide keeps the first word of it. Whoever works on it has signed.
func (c Act) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "order.Act"
	if err := mayAct(s); err != nil {
		return nil, err
	}
	r, err := addressed(op, s, c.To)
	if err != nil || !r.ActedAt.IsZero() || !r.ReportedAt.IsZero() {
		return nil, err
	}
	return []cad.Fact{ActedFact{step{s.about(), c.To, a.Actor}}}, nil
}

// ActedFact says that a recipient works on it.
type ActedFact struct{ step }

// FactType is the name in the journal.
func (ActedFact) FactType() string { return "order.acted" }

func (f ActedFact) apply(s *State, st cad.Stamp) {
	r := f.one(s)
	r.signs(f.By, st.Happened)
	r.ActedAt = st.Happened
}

// Report says what a recipient has done (反馈). Until it is checked he may report again.
type Report struct {
	ID   cad.OrderID
	To   To
	Text cad.Sealed // Required: a report says something.
}

func mayReport(s State) error {
	const op = "order.Report"
	if err := mayOpen(op, s); err != nil {
		return err
	}
	if !s.CheckedAt.IsZero() {
		return fault.New(op, fault.Conflict, "what was reported is checked already").Because("checked").Mend("ask whoever checked it to send it back")
	}
	return nil
}

// Decide refuses an empty report.
func (c Report) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "order.Report"
	if err := mayReport(s); err != nil {
		return nil, err
	}
	if _, err := addressed(op, s, c.To); err != nil {
		return nil, err
	}
	if c.Text.IsZero() {
		return nil, fault.New(op, fault.Invalid, "the report is empty").Because("text_required").At("text").Mend("say what was done")
	}
	return []cad.Fact{ReportedFact{step{s.about(), c.To, a.Actor}, c.Text}}, nil
}

// ReportedFact says what a recipient has done. (Reported is the phase.)
type ReportedFact struct {
	step
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (ReportedFact) FactType() string { return "order.reported" }

// Secret is what he has done.
func (f ReportedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f ReportedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ReportedFact) apply(s *State, st cad.Stamp) {
	r := f.one(s)
	r.signs(f.By, st.Happened)
	r.ReportedAt, r.Report, r.Returned, r.Ask = st.Happened, f.Private, false, nil
}

// AskExtension is a recipient's wish for more time (延期申请).
type AskExtension struct {
	ID    cad.OrderID
	To    To
	Until time.Time
	Text  cad.Sealed // Why: required.
}

func mayAsk(s State) error {
	const op = "order.AskExtension"
	if err := mayOpen(op, s); err != nil {
		return err
	}
	if s.Due.IsZero() || len(s.Unreported()) == 0 {
		return fault.New(op, fault.Conflict, "nobody owes anything by a time").Because("nothing_due")
	}
	return nil
}

// Decide refuses a wish that says not until when, or not why.
func (c AskExtension) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "order.AskExtension"
	if err := mayAsk(s); err != nil {
		return nil, err
	}
	r, err := addressed(op, s, c.To)
	switch {
	case err != nil:
		return nil, err
	case !r.ReportedAt.IsZero():
		return nil, fault.New(op, fault.Conflict, "%s has reported already", c.To.ID).Because("reported", "id", c.To.ID)
	case !c.Until.After(s.Due) || !c.Until.After(a.Now):
		return nil, fault.New(op, fault.Invalid, "more time ends after the present deadline, and after now").Because("not_longer").At("until").Mend("give a later time")
	case c.Text.IsZero():
		return nil, fault.New(op, fault.Invalid, "say why more time is needed").Because("reason_required").At("reason")
	case r.Ask != nil && r.Ask.Until.Equal(c.Until):
		return nil, nil
	}
	return []cad.Fact{ExtensionAsked{step{s.about(), c.To, a.Actor}, c.Until, c.Text}}, nil
}

// ExtensionAsked says that a recipient wishes for more time.
type ExtensionAsked struct {
	step
	Until   time.Time  `json:"until"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (ExtensionAsked) FactType() string { return "order.extension_asked" }

// Secret is why.
func (f ExtensionAsked) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f ExtensionAsked) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ExtensionAsked) apply(s *State, st cad.Stamp) {
	r := f.one(s)
	r.signs(f.By, st.Happened)
	r.Ask = &Ask{Until: f.Until, At: st.Happened, Text: f.Private}
}
