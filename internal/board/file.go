package board

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/incident"
)

// FileWords is the private part of a file, as the edge seals it: its name, and what a camera wrote into it.
type FileWords struct {
	Type string   `json:"type"` // Never empty: whoever cannot open it knows that it was erased.
	Name string   `json:"name,omitempty"`
	Shot string   `json:"shot,omitempty"` // When, by the camera's own clock, which names no zone.
	Lon  *float64 `json:"lon,omitempty"`
	Lat  *float64 `json:"lat,omitempty"`
}

// FileMark is one file of the opened incident.
type FileMark struct {
	ID        incident.FileID       `json:"id"`
	Name      string                `json:"name,omitempty"`
	Type      string                `json:"type" doc:"jpeg, png, webp, heic, pdf, mp4, m4a or txt: found in the content."`
	Bytes     int64                 `json:"bytes"`
	Digest    string                `json:"digest" doc:"SHA-256 of the content, hex."`
	By        cad.ActorID           `json:"by"`
	At        time.Time             `json:"at"`
	Shot      string                `json:"shot,omitempty" doc:"When it was taken, as its camera says. Not checked by anybody."`
	Place     *Place                `json:"place,omitempty" doc:"Where it was taken, as its camera says. Not checked by anybody."`
	Masked    bool                  `json:"masked,omitempty"`
	Erased    bool                  `json:"erased,omitempty"`
	Withdrawn *incident.Withdrawing `json:"withdrawn,omitempty"`
}

// Kept reports whether the private part of a file can still be opened: neither erased nor ordered to be. Its content is
// kept as long.
func (b *Board) Kept(f incident.File) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var words FileWords
	kept, err := b.unseal(f.Private, &words)
	return kept && err == nil
}

// fillFiles shows the files of an incident. The name of a withdrawn one stays: the story speaks of it.
func (b *Board) fillFiles(c Class, s *incident.State, row *IncidentRow) {
	sees := b.seesPrivate(c, incident.Subject(s.ID))
	for _, f := range s.Files {
		mark := FileMark{ID: f.ID, Type: f.Kind, Bytes: f.Bytes, Digest: f.Digest, By: f.By, At: f.At, Withdrawn: f.Withdrawn, Masked: !sees}
		if sees {
			var words FileWords
			kept, err := b.unseal(f.Private, &words)
			mark.Erased, mark.Masked = !kept && err == nil, err != nil
			mark.Name, mark.Shot = words.Name, words.Shot
			if words.Lon != nil && words.Lat != nil {
				mark.Place = &Place{Lon: words.Lon, Lat: words.Lat, Approx: true}
			}
		}
		if f.Withdrawn == nil {
			row.FileCount++
		}
		row.Files = append(row.Files, mark)
	}
}
