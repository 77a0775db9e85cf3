package incident

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// ActTogether calls another service in beside us (联动): an ambulance, the fire service. We stay.
type ActTogether struct {
	ID      cad.IncidentID
	Partner cad.PartnerID
	Text    cad.Sealed // What they were told; may be empty.
}

func mayActTogether(s State, _ Around) error { return mayOpen("incident.ActTogether", s) }

// Decide may tell the same partner again: what he is told changes.
func (c ActTogether) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.ActTogether"
	if err := mayActTogether(s, a); err != nil {
		return nil, err
	}
	if c.Partner == "" {
		return nil, partnerRequired(op)
	}
	return []cad.Fact{ActingTogether{about: about{s.ID}, Partner: c.Partner, Private: c.Text}}, nil
}

// ActingTogether says who was called in.
type ActingTogether struct {
	about
	Partner cad.PartnerID `json:"partner"`
	Private cad.Sealed    `json:"-"`
}

// FactType is the name in the journal.
func (ActingTogether) FactType() string { return "incident.acting_together" }

// Secret is what they were told.
func (f ActingTogether) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f ActingTogether) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ActingTogether) apply(s *State, st cad.Stamp) {
	if s.partner(f.Partner, stays) < 0 {
		s.Partners = append(s.Partners, Partner{ID: f.Partner, Mode: stays, Since: st.At})
	}
}

// FollowUp asks a partner how it went, and writes down what he said; also after the end, because an incident that
// was handed over is over for us only when it is over for the caller.
type FollowUp struct {
	ID      cad.IncidentID
	Partner cad.PartnerID
	Text    cad.Sealed // What he said; may be empty.
}

func mayFollowUp(s State, _ Around) error {
	const op = "incident.FollowUp"
	switch {
	case s.Phase == "":
		return missing(op)
	case len(s.Partners) == 0:
		return fault.New(op, fault.Conflict, "no other service has a part in it").Because("no_partner")
	}
	return nil
}

// Decide refuses a partner who has no part in it.
func (c FollowUp) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.FollowUp"
	if err := mayFollowUp(s, a); err != nil {
		return nil, err
	}
	switch {
	case c.Partner == "":
		return nil, partnerRequired(op)
	case s.partner(c.Partner, stays) < 0 && s.partner(c.Partner, takesOver) < 0:
		return nil, fault.New(op, fault.Conflict, "this partner has no part in it").Because("no_partner", "partner", string(c.Partner)).
			At("partner").Mend("call the partner in first")
	}
	return []cad.Fact{FollowedUp{about: about{s.ID}, Partner: c.Partner, Private: c.Text}}, nil
}

// FollowedUp says that a partner was asked.
type FollowedUp struct {
	about
	Partner cad.PartnerID `json:"partner"`
	Private cad.Sealed    `json:"-"`
}

// FactType is the name in the journal.
func (FollowedUp) FactType() string { return "incident.followed_up" }

// Secret is what the partner said.
func (f FollowedUp) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f FollowedUp) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f FollowedUp) apply(s *State, st cad.Stamp) {
	for i := range s.Partners {
		if s.Partners[i].ID == f.Partner {
			s.Partners[i].FollowUp = st.At
		}
	}
}
