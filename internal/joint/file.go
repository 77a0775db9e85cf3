package joint

import (
	"shuniu/internal/cad"
	"shuniu/internal/incident"
)

// AddFile adds a file to an incident, whose content is durable already. The answer's id is the file's: of a content that
// the incident holds already, the file that has it.
type AddFile struct {
	ID      cad.IncidentID
	Kind    string
	Bytes   int64
	Digest  string
	Private cad.Sealed
}

// Verb names it for policy.
func (AddFile) Verb() string { return "incident.add_file" }

// Target is the incident.
func (c AddFile) Target() cad.Subject { return incident.Subject(c.ID) }

// Decide asks the room.
func (c AddFile) Decide(h *House, m Moment) (Outcome, error) {
	s := h.Incident(c.ID)
	cmd := incident.AddFile{ID: c.ID, Kind: c.Kind, Bytes: c.Bytes, Digest: c.Digest, Private: c.Private}
	facts, err := cmd.Decide(s, h.aroundIncident(c.ID, m))
	if err != nil {
		return Outcome{}, err
	}
	answer := Answer{Number: s.Number}
	if held, ok := s.Holds(c.Digest); ok {
		answer.ID = string(held.ID)
	}
	for _, f := range facts {
		if added, ok := f.(incident.FileAdded); ok {
			answer.ID = string(added.File)
		}
	}
	return emit(facts, answer), nil
}
