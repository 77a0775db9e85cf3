package street

import (
	"context"
	"time"

	"shuniu/internal/geo"
)

// Finder answers questions about travel times. A Network answers them by searching, as long as nothing faster is ready;
// whoever asks need not know which one it is. A Snap of one Finder of a network is good for every other of that network.
type Finder interface {
	// Snap finds the street nearest to a point, no further than maxMeters.
	Snap(p geo.Point, maxMeters float64) (Snap, bool)
	// SnapNamed is Snap for a place whose address names its street: that street is taken if it is near.
	SnapNamed(p geo.Point, maxMeters float64, name string) (Snap, bool)
	// ManyToOne gives the fastest trip from each place to one target, in the order of from.
	ManyToOne(ctx context.Context, from []Snap, to Snap) []Trip
	// OneToMany gives the fastest trip from one place to each target, in the order of to.
	OneToMany(ctx context.Context, from Snap, to []Snap) []Trip
	// ManyToMany gives a row of trips for each place of from, with a column for each of to.
	ManyToMany(ctx context.Context, from, to []Snap) [][]Trip
	// Route gives the fastest trip corner by corner. It answers false when there is none.
	Route(from, to Snap) (Route, bool)
	// Isochrone gives what is reached from a place within each limit, one Reach for each limit in their order.
	Isochrone(ctx context.Context, from Snap, limits []time.Duration) []Reach
}

// Timed knows who answers for a time of day: an Engine, or a Network that knows one hour only.
type Timed interface {
	At(t time.Time) Finder
}

// Reach is what can be reached from a place within a time.
type Reach struct {
	Within  time.Duration
	Streets [][]geo.Point    // Pieces of street that are driven in time, corner by corner.
	Area    geo.MultiPolygon // A closed outline around them, for drawing.
}
