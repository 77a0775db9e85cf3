package call

import (
	"slices"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Limits of recording references.
const (
	referenceMax  = 120 // Bytes.
	recordingsMax = 20  // Of one call.
)

// Record notes under which reference the telephone system keeps a recording of the call.
type Record struct {
	ID  cad.CallID
	Ref string
}

func mayRecord(s State) error {
	const op = "call.Record"
	switch {
	case s.Phase == "":
		return missing(op)
	case len(s.Recordings) >= recordingsMax:
		return fault.New(op, fault.Conflict, "the call has %d recordings already", recordingsMax).Because("recordings_full").Mend("write the reference into the incident")
	}
	return nil
}

// Decide takes it at any time, once. A reference stands in the clear, so it is a name of ASCII letters, figures and
// signs and nothing that a person said.
func (c Record) Decide(s State, _ Around) ([]cad.Fact, error) {
	if slices.Contains(s.Recordings, c.Ref) {
		return nil, nil
	}
	if err := mayRecord(s); err != nil {
		return nil, err
	}
	if !isReference(c.Ref) {
		return nil, fault.New("call.Record", fault.Invalid, "that is no reference of a recording").Because("bad_reference").At("ref").
			Mend("send at most 120 ASCII letters, figures and the signs + - _ . : / # = ? & %")
	}
	return []cad.Fact{Recorded{aboutOf(s), c.Ref}}, nil
}

func isReference(ref string) bool {
	if ref == "" || len(ref) > referenceMax {
		return false
	}
	return !strings.ContainsFunc(ref, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("+-_.:/#=?&%", r)
	})
}

// Recorded says where a recording of the call is kept.
type Recorded struct {
	aboutBoth
	Ref string `json:"ref"`
}

// FactType is the name in the journal.
func (Recorded) FactType() string { return "call.recorded" }

func (f Recorded) apply(s *State, _ cad.Stamp) { s.Recordings = append(s.Recordings, f.Ref) }
