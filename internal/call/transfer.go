package call

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// TransferTo hands the caller over to another service.
type TransferTo struct {
	ID      cad.CallID
	Partner cad.PartnerID
}

// mayTransfer refuses a caller who has gone: there is nobody to put through.
func mayTransfer(s State) error {
	const op = "call.TransferTo"
	if err := check(op, s.Phase, Transferred); err != nil {
		return err
	}
	switch {
	case s.Dialling():
		return notAnswered(op)
	case !s.HungUp.IsZero():
		return lineOver(op)
	}
	return nil
}

// Decide refuses a call that is over, and a transfer to nobody.
func (c TransferTo) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Phase == Transferred && s.Partner == c.Partner {
		return nil, nil
	}
	if err := mayTransfer(s); err != nil {
		return nil, err
	}
	if c.Partner == "" {
		return nil, fault.New("call.TransferTo", fault.Invalid, "say who takes it over").Because("partner_required").At("to")
	}
	return []cad.Fact{TransferredFact{about{ID: s.ID}, c.Partner}}, nil
}

// TransferredFact says who took the call over. (Transferred is the phase.)
type TransferredFact struct {
	about
	Partner cad.PartnerID `json:"partner"`
}

// FactType is the name in the journal.
func (TransferredFact) FactType() string { return "call.transferred" }

func (f TransferredFact) apply(s *State, st cad.Stamp) {
	s.Phase, s.Partner = Transferred, f.Partner
	s.letGo()
	s.end(st)
}
