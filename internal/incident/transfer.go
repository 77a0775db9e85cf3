package incident

import (
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// The modes of a partner.
const (
	stays     = "with"     // We act together.
	takesOver = "transfer" // They act instead of us.
)

// ApproveTransfer is what a policy is asked about whoever transfers a P1.
const ApproveTransfer = "incident.approve_transfer"

// Transfer hands the incident over to another service, which takes it over (分流).
type Transfer struct {
	ID       cad.IncidentID
	Partner  cad.PartnerID
	Text     cad.Sealed // Why; required.
	Approved bool       // Somebody who may approves that a P1 leaves our hands.
}

// mayTransfer refuses a P1: a life in danger leaves our hands only when somebody says so who may approve it.
func mayTransfer(s State, a Around) error {
	const op = "incident.Transfer"
	if err := transferable(op, s, a); err != nil {
		return err
	}
	if s.Priority == cad.P1 && !a.Approves {
		return fault.New(op, fault.Conflict, "a P1 is not handed to another service without approval").Because("p1_transfer").
			Mend("act together with the partner, or let the duty commander approve")
	}
	return nil
}

// transferable refuses while units are committed: an ended incident leaves the board, and their crews with it.
func transferable(op string, s State, a Around) error {
	switch {
	case s.Phase == "":
		return missing(op)
	case !s.Open():
		return ended(op, s)
	case len(a.Committed) > 0:
		return committed(op, a)
	}
	return check(op, s.Phase, Transferred)
}

// committed is the refusal of a verb that would end an incident under the feet of a crew.
func committed(op string, a Around) error {
	return fault.New(op, fault.Conflict, "units are still committed: %s", join(a.Committed)).
		Because("units_committed", "units", join(a.Committed)).Mend("release or recall them first")
}

// Decide transfers once.
func (c Transfer) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.Transfer"
	if s.Phase == Transferred && s.partner(c.Partner, takesOver) >= 0 {
		return nil, nil
	}
	a.Approves = a.Approves || c.Approved
	if err := mayTransfer(s, a); err != nil {
		return nil, err
	}
	switch {
	case c.Partner == "":
		return nil, partnerRequired(op)
	case c.Text.IsZero():
		return nil, reasonRequired(op, "say why it is handed over")
	}
	return []cad.Fact{TransferredFact{about: about{s.ID}, Partner: c.Partner, Approved: c.Approved, Private: c.Text}}, nil
}

func partnerRequired(op string) error {
	return fault.New(op, fault.Invalid, "say which partner").Because("partner_required").At("partner")
}

// partner is the place of a partner in the list, -1 if he is not in it.
func (s State) partner(id cad.PartnerID, mode string) int {
	return slices.IndexFunc(s.Partners, func(p Partner) bool { return p.ID == id && p.Mode == mode })
}

// TransferredFact says who took the incident over. (Transferred is the phase.)
type TransferredFact struct {
	about
	Partner  cad.PartnerID `json:"partner"`
	Approved bool          `json:"approved,omitempty"`
	Private  cad.Sealed    `json:"-"`
}

// FactType is the name in the journal.
func (TransferredFact) FactType() string { return "incident.transferred" }

// Secret is the reason.
func (f TransferredFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f TransferredFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f TransferredFact) apply(s *State, st cad.Stamp) {
	s.Phase, s.EndedAt = Transferred, st.At
	s.Partners = append(s.Partners, Partner{ID: f.Partner, Mode: takesOver, Since: st.At})
}
