package incident

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// FileID names a file of an incident: the incident's id, a dot and the file's own count in it, from 1. So whoever has
// the name of a file finds its incident, however long ago that left memory.
type FileID string

// Incident is the incident that a file belongs to.
func (f FileID) Incident() cad.IncidentID {
	id, _, _ := strings.Cut(string(f), ".")
	return cad.IncidentID(id)
}

// FilesMax is how many files one incident holds, withdrawn ones too.
const FilesMax = 500

// File is a picture, a recording or a document of an incident. Its content is kept beside the journal, by its digest.
type File struct {
	ID        FileID       `json:"id"`
	Kind      string       `json:"kind"` // "jpeg", "pdf", ...: found in the content, never in the name.
	Bytes     int64        `json:"bytes"`
	Digest    string       `json:"digest"` // SHA-256 of the content, hex.
	By        cad.ActorID  `json:"by"`
	At        time.Time    `json:"at"`
	Private   cad.Sealed   `json:"private,omitzero"` // Its name, and what a camera wrote into it.
	Withdrawn *Withdrawing `json:"withdrawn,omitempty"`
}

// Withdrawing says who took a file out of the incident, and when. The words of it stay in the journal.
type Withdrawing struct {
	By cad.ActorID `json:"by"`
	At time.Time   `json:"at"`
}

// File finds a file of the incident.
func (s State) File(id FileID) (File, bool) {
	i := slices.IndexFunc(s.Files, func(f File) bool { return f.ID == id })
	if i < 0 {
		return File{}, false
	}
	return s.Files[i], true
}

// Holds finds a file with the same content that was not withdrawn.
func (s State) Holds(digest string) (File, bool) {
	i := slices.IndexFunc(s.Files, func(f File) bool { return f.Digest == digest && f.Withdrawn == nil })
	if i < 0 {
		return File{}, false
	}
	return s.Files[i], true
}

// AddFile adds a file whose content is durable already.
type AddFile struct {
	ID      cad.IncidentID
	Kind    string
	Bytes   int64
	Digest  string
	Private cad.Sealed
}

// mayAddFile allows a file at any time, also after the close: a picture often comes late.
func mayAddFile(s State, _ Around) error {
	const op = "incident.AddFile"
	switch {
	case s.Phase == "":
		return missing(op)
	case len(s.Files) >= FilesMax:
		return fault.New(op, fault.Conflict, "it holds %d files already, and no more", FilesMax).
			Because("files_full", "count", strconv.Itoa(FilesMax)).Mend("put several pictures into one document")
	}
	return nil
}

// Decide adds a content once: the same one again is no new file.
func (c AddFile) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.AddFile"
	if err := mayAddFile(s, a); err != nil {
		return nil, err
	}
	if c.Kind == "" || c.Digest == "" || c.Bytes <= 0 {
		return nil, fault.New(op, fault.Invalid, "the file is empty").Because("empty_file").At("body")
	}
	if _, held := s.Holds(c.Digest); held {
		return nil, nil
	}
	id := FileID(string(s.ID) + "." + strconv.Itoa(len(s.Files)+1))
	return []cad.Fact{FileAdded{about: about{s.ID}, File: id, Kind: c.Kind, Bytes: c.Bytes, Digest: c.Digest, Private: c.Private}}, nil
}

// FileAdded says that a file belongs to the incident.
type FileAdded struct {
	about
	File    FileID     `json:"file"`
	Kind    string     `json:"kind"`
	Bytes   int64      `json:"bytes"`
	Digest  string     `json:"digest"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (FileAdded) FactType() string { return "incident.file_added" }

// Secret is its name, and what a camera wrote into it.
func (f FileAdded) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f FileAdded) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f FileAdded) apply(s *State, st cad.Stamp) {
	s.Files = append(slices.Clone(s.Files), File{
		ID: f.File, Kind: f.Kind, Bytes: f.Bytes, Digest: f.Digest, By: st.Actor, At: st.At, Private: f.Private,
	})
}

// WithdrawFile takes a file out of the incident: it is not shown any more. Its content stays sealed beside the journal
// until the incident's private parts are erased, because that it was there is part of the story.
type WithdrawFile struct {
	ID     cad.IncidentID
	File   FileID
	Reason cad.Sealed
}

func mayWithdrawFile(s State, _ Around) error {
	const op = "incident.WithdrawFile"
	if s.Phase == "" {
		return missing(op)
	}
	if !slices.ContainsFunc(s.Files, func(f File) bool { return f.Withdrawn == nil }) {
		return fault.New(op, fault.Conflict, "it has no files").Because("no_files")
	}
	return nil
}

// Decide withdraws once, and for a reason.
func (c WithdrawFile) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.WithdrawFile"
	f, ok := s.File(c.File)
	if ok && f.Withdrawn != nil {
		return nil, nil
	}
	if err := mayWithdrawFile(s, a); err != nil {
		return nil, err
	}
	switch {
	case !ok:
		return nil, fault.New(op, fault.NotFound, "the incident has no such file").Because("no_file").At("id")
	case c.Reason.IsZero():
		return nil, fault.New(op, fault.Invalid, "a reason is required").Because("reason_required").At("reason")
	}
	return []cad.Fact{FileWithdrawn{about: about{s.ID}, File: f.ID, Kind: f.Kind, Private: c.Reason}}, nil
}

// FileWithdrawn says that a file is not shown any more.
type FileWithdrawn struct {
	about
	File    FileID     `json:"file"`
	Kind    string     `json:"kind"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (FileWithdrawn) FactType() string { return "incident.file_withdrawn" }

// Secret is the reason.
func (f FileWithdrawn) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f FileWithdrawn) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f FileWithdrawn) apply(s *State, st cad.Stamp) {
	s.Files = slices.Clone(s.Files)
	for i := range s.Files {
		if s.Files[i].ID == f.File {
			s.Files[i].Withdrawn = &Withdrawing{By: st.Actor, At: st.At}
		}
	}
}
