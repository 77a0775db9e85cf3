// Package track keeps where units are: the newest fix of each, with how far it may be believed. Positions are not
// facts and come from outside: a fix is checked, never trusted, and never moves anything by itself.
package track

import (
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
	agreeMin    = 5                // So many fixes after a jump must agree before they are believed again.
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

// Book holds the newest fix of each unit of one world, and the newest that was believed. It may be used by many
// goroutines. It grows with the units that it is told of: whoever takes positions from outside asks first whether there
// is such a unit.
type Book struct {
	mu     sync.RWMutex
	tracks map[cad.UnitID]track
	moved  map[cad.UnitID]bool // Since TakeMoved.
}

// track is what is kept of one unit.
type track struct {
	newest  Fix
	trusted Fix // The newest that was believed; its time is zero if none was.
	agree   int // How many fixes in a row, newest included, are elsewhere and agree with each other.
}

// NewBook is an empty book.
func NewBook() *Book {
	return &Book{tracks: map[cad.UnitID]track{}, moved: map[cad.UnitID]bool{}}
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
	old := b.tracks[f.Unit]
	if f.At.Before(old.newest.At) {
		return nil
	}
	b.tracks[f.Unit] = old.next(f)
	b.moved[f.Unit] = true
	return nil
}

// next judges a fix by the last one that was believed, never by the one before it: a wrong place that is said twice is
// still wrong. A unit that really is elsewhere is believed when enough fixes agree, or when enough time has passed.
func (t track) next(f Fix) track {
	switch {
	case f.Suspect: // Its clock lies, so its way cannot be reckoned.
		return track{newest: f, trusted: t.trusted}
	case t.trusted.At.IsZero() || t.trusted.leadsTo(f):
		return track{newest: f, trusted: f}
	}
	f.Suspect = true
	switch {
	case t.agree == 0 || !t.newest.leadsTo(f):
		t.agree = 1
	case f.At.After(t.newest.At): // The same fix twice says no more than once.
		t.agree++
	}
	if t.agree >= agreeMin {
		f.Suspect = false
		return track{newest: f, trusted: f}
	}
	return track{newest: f, trusted: t.trusted, agree: t.agree}
}

// leadsTo reports whether a car can have driven from one fix to a later one.
func (f Fix) leadsTo(g Fix) bool {
	meters, hours := geo.DistanceMeters(f.Point, g.Point), g.At.Sub(f.At).Hours()
	return meters <= jumpMinM || meters/1000 <= speedMaxKmh*hours
}

// Get is the newest fix of a unit.
func (b *Book) Get(u cad.UnitID) (Fix, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	t, ok := b.tracks[u]
	return t.newest, ok
}

// All is the newest fix of every unit.
func (b *Book) All() map[cad.UnitID]Fix {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := make(map[cad.UnitID]Fix, len(b.tracks))
	for u, t := range b.tracks {
		out[u] = t.newest
	}
	return out
}

// TakeMoved gives the fixes that came since it was last asked.
func (b *Book) TakeMoved() []Fix {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]Fix, 0, len(b.moved))
	for u := range b.moved {
		out = append(out, b.tracks[u].newest)
	}
	b.moved = map[cad.UnitID]bool{}
	return out
}
