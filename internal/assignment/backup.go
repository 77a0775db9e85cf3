package assignment

import "shuniu/internal/cad"

// AskBackup is a crew's call for more crews at its incident (增援).
type AskBackup struct {
	ID    cad.AssignmentID
	Count int        // Crews wanted; less than one is taken as one, since whoever asks needs somebody.
	Text  cad.Sealed // What for; may be empty.
}

// Decide takes every call for backup: a second one asks for still more.
func (c AskBackup) Decide(s State, _ Around) ([]cad.Fact, error) {
	if err := live("assignment.AskBackup", s); err != nil {
		return nil, err
	}
	return []cad.Fact{BackupAsked{Ref: s.ref(), Count: max(1, c.Count), Private: c.Text}}, nil
}

// BackupAsked says that a crew called for more crews.
type BackupAsked struct {
	Ref
	Count   int        `json:"count"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (BackupAsked) FactType() string { return "assignment.backup_asked" }

// Secret is the words of the crew.
func (f BackupAsked) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f BackupAsked) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f BackupAsked) apply(s *State, _ cad.Stamp) { s.Backup += f.Count }
