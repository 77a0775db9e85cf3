package call

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Hold lets the caller wait on the line.
type Hold struct{ ID cad.CallID }

func mayHold(s State, a Around) error {
	const op = "call.Hold"
	if err := onLine(op, s, a); err != nil || s.Held.IsZero() {
		return err
	}
	return fault.New(op, fault.Conflict, "the caller is on hold already").Because("held", "at", s.Held.UTC().Format(time.RFC3339)).Mend("resume it")
}

// Decide refuses a line that is not open, and whoever does not have the call. Twice is no error.
func (c Hold) Decide(s State, a Around) ([]cad.Fact, error) {
	if !s.Held.IsZero() && s.has(a) {
		return nil, nil
	}
	if err := mayHold(s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{HeldFact{aboutOf(s)}}, nil
}

// HeldFact says that the caller waits on the line. (Held is since when.)
type HeldFact struct{ aboutBoth }

// FactType is the name in the journal.
func (HeldFact) FactType() string { return "call.held" }

func (f HeldFact) apply(s *State, st cad.Stamp) { s.Held = st.At }

// Resume speaks with the caller again.
type Resume struct{ ID cad.CallID }

func mayResume(s State, a Around) error {
	const op = "call.Resume"
	if err := onLine(op, s, a); err != nil || !s.Held.IsZero() {
		return err
	}
	return fault.New(op, fault.Conflict, "the caller is not on hold").Because("not_held").Mend("go on speaking")
}

// Decide refuses as Hold does. Twice is no error.
func (c Resume) Decide(s State, a Around) ([]cad.Fact, error) {
	if s.Speaking && s.Held.IsZero() && s.has(a) {
		return nil, nil
	}
	if err := mayResume(s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{Resumed{aboutOf(s)}}, nil
}

// Resumed says that somebody speaks with the caller again.
type Resumed struct{ aboutBoth }

// FactType is the name in the journal.
func (Resumed) FactType() string { return "call.resumed" }

func (f Resumed) apply(s *State, _ cad.Stamp) { s.Held = time.Time{} }
