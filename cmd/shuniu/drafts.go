package main

import (
	"log/slog"
	"path/filepath"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/draft"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
)

// openDrafts opens the folder of drafts. Calls are taken without it; the browsers then keep their forms alone.
func openDrafts(f *files, log *slog.Logger) *draft.Store {
	s, lost, err := draft.Open(filepath.Join(f.dir, "drafts"), f.keys, nil)
	if err != nil {
		log.Error("drafts are not kept until the next start; the browsers still hold their forms", "error", err)
		return nil
	}
	if lost > 0 {
		log.Warn("drafts that cannot be opened any more were removed", "count", lost)
	}
	return s
}

// forgetDrafts drops the drafts whose incidents a commit stores, and at a start those that a kill left behind.
func forgetDrafts(s *draft.Store, b *board.Board, c desk.Commit) {
	if s == nil {
		return
	}
	for _, f := range c.Facts {
		if opened, ok := f.(incident.Opened); ok {
			s.Drop(string(opened.Of()))
		}
	}
	if !c.Reset {
		return
	}
	for _, d := range s.All() {
		var stored bool
		b.Look(func(h *joint.House) { stored = h.Incidents[cad.IncidentID(d.ID)] != nil })
		if stored {
			s.Drop(d.ID)
		}
	}
}
