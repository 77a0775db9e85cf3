// Package track keeps where units are: the newest fix of each, with how far it may be believed. Positions are not
// facts and come from outside: a fix is checked, never trusted, and never moves anything by itself.
package track

import (
	"maps"
	"sync"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Trust says how far a fix may be believed.
type Trust string

// The degrees of trust.
const (
	Trusted Trust = "trusted"
	Stale   Trust = "stale"   // Older than StaleAfter.
	Suspect Trust = "suspect" // It jumped, or its clock lies. It never puts a unit at the top of a list.
)

// What makes a fix stale or suspect.
const (
	StaleAfter  = 60 * time.Second
	speedMaxKmh = 250.0            // Faster than any of our cars.
	jumpMinM    = 500.0            // A shorter jump is noise.
	futureMax   = 60 * time.Second // A device clock further ahead lies.
)

// Fix is one position of one unit.
type Fix struct {
	Unit       cad.UnitID `json:"unit"`
	Point      geo.Point  `json:"-"`
	At         time.Time  `json:"at"` // The device's time, UTC.
	HeadingDeg *float64   `json:"heading,omitempty"`
	SpeedKmh   *float64   `json:"speed_kmh,omitempty"`
	Suspect    bool       `json:"-"`
}

// Trust is how far the fix may be believed at a moment.
func (f Fix) Trust(now time.Time) Trust {
	switch {
	case f.Suspect:
		return Suspect
	case now.Sub(f.At) > StaleAfter:
		return Stale
	}
	return Trusted
}

// Book holds the newest fix of each unit of one world. It may be used by many goroutines.
type Book struct {
	mu    sync.RWMutex
	fixes map[cad.UnitID]Fix
	moved map[cad.UnitID]bool // Since TakeMoved.
}

// NewBook is an empty book.
func NewBook() *Book {
	return &Book{fixes: map[cad.UnitID]Fix{}, moved: map[cad.UnitID]bool{}}
}

// Put takes a fix. An older one than the present is dropped without a word, because networks reorder; a place that
// is none is refused.
func (b *Book) Put(f Fix, now time.Time) error {
	if !f.Point.Valid() {
		return fault.New("track.Put", fault.Invalid, "the position is nowhere on earth").Because("bad_place").At("lon")
	}
	if f.At.IsZero() {
		f.At = now
	}
	f.Suspect = f.At.Sub(now) > futureMax
	if f.Suspect {
		f.At = now
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	old, ok := b.fixes[f.Unit]
	if ok && f.At.Before(old.At) {
		return nil
	}
	if ok && !old.Suspect {
		meters, hours := geo.DistanceMeters(old.Point, f.Point), f.At.Sub(old.At).Hours()
		f.Suspect = f.Suspect || meters > jumpMinM && meters/1000 > speedMaxKmh*hours
	}
	b.fixes[f.Unit] = f
	b.moved[f.Unit] = true
	return nil
}

// Get is the newest fix of a unit.
func (b *Book) Get(u cad.UnitID) (Fix, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	f, ok := b.fixes[u]
	return f, ok
}

// All is the newest fix of every unit.
func (b *Book) All() map[cad.UnitID]Fix {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return maps.Clone(b.fixes)
}

// TakeMoved gives the fixes that came since it was last asked.
func (b *Book) TakeMoved() []Fix {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]Fix, 0, len(b.moved))
	for u := range b.moved {
		out = append(out, b.fixes[u])
	}
	b.moved = map[cad.UnitID]bool{}
	return out
}
