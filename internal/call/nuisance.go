package call

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// MarkNuisance says that the caller wants no help and keeps the line from others (骚扰电话). Only whoever has heard him can
// say so. An incident that was made of it is ended by its own verb.
type MarkNuisance struct {
	ID     cad.CallID
	Reason cad.Sealed // Why it is one: it will be asked.
}

func mayNuisance(s State) error {
	const op = "call.MarkNuisance"
	switch {
	case s.Phase == "":
		return missing(op)
	case s.Nuisance:
		return fault.New(op, fault.Conflict, "the call is a nuisance already").Because("nuisance_already").Mend("there is nothing to do")
	case s.Out:
		return outgoing(op)
	case !taken(s) && s.Lost == "":
		return notAnswered(op)
	}
	return nil
}

// Decide refuses a call that nobody heard, and a word without a reason.
func (c MarkNuisance) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Nuisance {
		return nil, nil
	}
	if err := mayNuisance(s); err != nil {
		return nil, err
	}
	if c.Reason.IsZero() {
		return nil, fault.New("call.MarkNuisance", fault.Invalid, "say why it is a nuisance").Because("reason_required").At("reason")
	}
	return []cad.Fact{NuisanceFact{aboutBoth: aboutOf(s), Private: c.Reason}}, nil
}

// NuisanceFact says that a call was a nuisance. (Nuisance is that it is one.)
type NuisanceFact struct {
	aboutBoth
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (NuisanceFact) FactType() string { return "call.nuisance" }

// Secret is the reason.
func (f NuisanceFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f NuisanceFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f NuisanceFact) apply(s *State, st cad.Stamp) {
	s.Nuisance = true
	if s.Speaking {
		s.HungUp = st.At
	}
	s.letGo()
	if s.Phase != Joined && s.Phase != Transferred {
		s.Phase = Over
	}
	s.end(st)
}
