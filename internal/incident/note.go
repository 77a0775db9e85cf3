package incident

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Note writes free words to the incident. The words are private; they live in the journal, not in the state.
type Note struct {
	ID   cad.IncidentID
	Text cad.Sealed // {"text": ...}
}

// mayNote allows a note at any time, also after the close: what is remembered late is still worth keeping.
func mayNote(s State, _ Around) error {
	if s.Phase == "" {
		return missing("incident.Note")
	}
	return nil
}

// Decide refuses an empty note.
func (c Note) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayNote(s, a); err != nil {
		return nil, err
	}
	if c.Text.IsZero() {
		return nil, fault.New("incident.Note", fault.Invalid, "the note is empty").Because("empty").At("text")
	}
	return []cad.Fact{Noted{ID: s.ID, Private: c.Text}}, nil
}

// Noted says that somebody wrote something down.
type Noted struct {
	ID      cad.IncidentID `json:"id"`
	Private cad.Sealed     `json:"-"`
}

// FactType is the name in the journal.
func (Noted) FactType() string { return "incident.noted" }

// Subjects are the incident.
func (f Noted) Subjects() []cad.Subject { return []cad.Subject{Subject(f.ID)} }

// Of is the incident it is about.
func (f Noted) Of() cad.IncidentID { return f.ID }

// Secret is the words.
func (f Noted) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f Noted) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Noted) apply(*State, cad.Stamp) {}
