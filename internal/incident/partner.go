package incident

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Transfer hands the incident over to another service, which takes over (分流/转接). A P1 is not handed over
// without the duty commander: who transfers a life in danger away must have been asked.
type Transfer struct {
	ID       cad.IncidentID
	Partner  cad.PartnerID
	Approved bool // The duty commander agreed.
	Text     cad.Sealed
}

func mayTransfer(s State, a Around) error { return mayEndEarly("incident.Transfer", s, a, Transferred) }

// Decide refuses a P1 without approval, and a transfer without a reason.
func (c Transfer) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.Transfer"
	if err := mayTransfer(s, a); err != nil {
		return nil, err
	}
	switch {
	case c.Partner == "":
		return nil, fault.New(op, fault.Invalid, "say who takes it over").Because("partner_required").At("to")
	case s.Priority == cad.P1 && !c.Approved:
		return nil, fault.New(op, fault.Conflict, "a P1 is handed over by the duty commander only").Because("p1_transfer").
			Mend("ask the duty commander, or act together instead")
	case c.Text.IsZero():
		return nil, fault.New(op, fault.Invalid, "say why it is handed over").Because("reason_required").At("reason")
	}
	return []cad.Fact{TransferredFact{about{s.ID}, c.Partner, c.Text}}, nil
}

// TransferredFact says who took the incident over. (Transferred is the phase.)
type TransferredFact struct {
	about
	Partner cad.PartnerID `json:"partner"`
	Private cad.Sealed    `json:"-"`
}

// FactType is the name in the journal.
func (TransferredFact) FactType() string { return "incident.transferred" }

// Secret is why.
func (f TransferredFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f TransferredFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f TransferredFact) apply(s *State, st cad.Stamp) {
	s.Phase, s.EndedAt = Transferred, st.At
	s.Partners = append(s.Partners, Partner{ID: f.Partner, Mode: "transfer", Since: st.At})
}

// ActTogether tells another service and stays (联动).
type ActTogether struct {
	ID      cad.IncidentID
	Partner cad.PartnerID
	Text    cad.Sealed
}

// Decide may tell the same service again: what it is told changes.
func (c ActTogether) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.ActTogether"
	if err := mayOpen(op)(s, a); err != nil {
		return nil, err
	}
	if c.Partner == "" {
		return nil, fault.New(op, fault.Invalid, "say which service").Because("partner_required").At("partner")
	}
	return []cad.Fact{ActingTogether{about{s.ID}, c.Partner, c.Text}}, nil
}

// ActingTogether says which service was told.
type ActingTogether struct {
	about
	Partner cad.PartnerID `json:"partner"`
	Private cad.Sealed    `json:"-"`
}

// FactType is the name in the journal.
func (ActingTogether) FactType() string { return "incident.acting_together" }

// Secret is what it was told.
func (f ActingTogether) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f ActingTogether) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ActingTogether) apply(s *State, st cad.Stamp) {
	if s.partner(f.Partner) < 0 {
		s.Partners = append(s.Partners, Partner{ID: f.Partner, Mode: "with", Since: st.At})
	}
}

func (s State) partner(id cad.PartnerID) int {
	for i, p := range s.Partners {
		if p.ID == id {
			return i
		}
	}
	return -1
}

// FollowUp asks a service how it went, also after it took the incident over.
type FollowUp struct {
	ID      cad.IncidentID
	Partner cad.PartnerID
	Text    cad.Sealed
}

func mayFollowUp(s State, _ Around) error {
	const op = "incident.FollowUp"
	switch {
	case s.Phase == "":
		return missing(op)
	case len(s.Partners) == 0:
		return fault.New(op, fault.Conflict, "no other service is in it").Because("no_partner")
	}
	return nil
}

// Decide refuses a service that is not in it.
func (c FollowUp) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayFollowUp(s, a); err != nil {
		return nil, err
	}
	if s.partner(c.Partner) < 0 {
		return nil, fault.New("incident.FollowUp", fault.Conflict, "%s is not in it", c.Partner).Because("no_partner").At("partner")
	}
	return []cad.Fact{FollowedUp{about{s.ID}, c.Partner, c.Text}}, nil
}

// FollowedUp says what a service answered.
type FollowedUp struct {
	about
	Partner cad.PartnerID `json:"partner"`
	Private cad.Sealed    `json:"-"`
}

// FactType is the name in the journal.
func (FollowedUp) FactType() string { return "incident.followed_up" }

// Secret is what it answered.
func (f FollowedUp) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f FollowedUp) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f FollowedUp) apply(s *State, st cad.Stamp) {
	if i := s.partner(f.Partner); i >= 0 {
		s.Partners[i].FollowUp = st.At
	}
}

// Urge is a caller pressing again (催警). It is never folded silently.
type Urge struct {
	ID   cad.IncidentID
	Call cad.CallID
	Text cad.Sealed
}

// Decide takes it at any time, also after the close: then it is a reason to reopen.
func (c Urge) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Phase == "" {
		return nil, missing("incident.Urge")
	}
	return []cad.Fact{Urged{about{s.ID}, c.Call, c.Text}}, nil
}

// Urged says that a caller pressed again.
type Urged struct {
	about
	Call    cad.CallID `json:"call,omitempty"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (Urged) FactType() string { return "incident.urged" }

// Secret is what the caller said.
func (f Urged) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f Urged) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Urged) apply(s *State, _ cad.Stamp) { s.Urges++ }
