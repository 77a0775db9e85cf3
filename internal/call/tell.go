package call

import (
	"bytes"

	"shuniu/internal/cad"
)

// Tell says who the caller is, when more is known than the telephone told.
type Tell struct {
	ID     cad.CallID
	Caller cad.Sealed // Name, number and address, all of what is known by now.
}

// Decide takes it at any time: a name that is remembered late still helps to find somebody.
func (c Tell) Decide(s State, _ Around) ([]cad.Fact, error) {
	switch {
	case s.Phase == "":
		return nil, missing("call.Tell")
	case c.Caller.IsZero() || bytes.Equal(c.Caller.Box, s.Caller.Box):
		return nil, nil
	}
	return []cad.Fact{CallerTold{aboutBoth: aboutOf(s), Private: c.Caller}}, nil
}

// CallerTold says who the caller is.
type CallerTold struct {
	aboutBoth
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (CallerTold) FactType() string { return "call.caller_told" }

// Secret is who called.
func (f CallerTold) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f CallerTold) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f CallerTold) apply(s *State, _ cad.Stamp) { s.Caller = f.Private }
