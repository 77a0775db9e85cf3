package call

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// ReadHistory is the wish to see what else was called from the same number. It is a reason to look only while somebody
// speaks with the caller, and every look is written down.
type ReadHistory struct{ ID cad.CallID }

func mayReadHistory(s State) error {
	const op = "call.ReadHistory"
	switch {
	case s.Phase == "":
		return missing(op)
	case s.Phase != Ringing && s.Phase != InTalk:
		return fault.New(op, fault.Conflict, "the call is over: there is no reason to look").Because("call_over").Mend("the history of a number is shown on an open call only")
	}
	return nil
}

// Decide writes down each look.
func (c ReadHistory) Decide(s State, _ Around) ([]cad.Fact, error) {
	if err := mayReadHistory(s); err != nil {
		return nil, err
	}
	return []cad.Fact{HistoryRead{aboutOf(s)}}, nil
}

// HistoryRead says that somebody looked at what else was called from the number: the actor of its record.
type HistoryRead struct{ aboutBoth }

// FactType is the name in the journal.
func (HistoryRead) FactType() string { return "call.history_read" }

func (HistoryRead) apply(*State, cad.Stamp) {}
