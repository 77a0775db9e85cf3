package street

import (
	"context"
	"time"
)

var _ Finder = (*Network)(nil)

// OneToMany gives the fastest trip from one place to each target, in the order of to.
func (n *Network) OneToMany(ctx context.Context, from Snap, to []Snap) []Trip {
	trips := make([]Trip, len(to))
	for i, t := range to {
		trips[i] = n.ManyToOne(ctx, []Snap{from}, t)[0]
	}
	return trips
}

// ManyToMany gives a row of trips for each place of from, with a column for each of to.
func (n *Network) ManyToMany(ctx context.Context, from, to []Snap) [][]Trip {
	rows := make([][]Trip, len(from))
	for i := range rows {
		rows[i] = make([]Trip, len(to))
	}
	for k, t := range to {
		for i, trip := range n.ManyToOne(ctx, from, t) {
			rows[i][k] = trip
		}
	}
	return rows
}

// Isochrone gives what is reached from a place within each limit. Streets are not gathered yet: they come with the
// forward search.
func (n *Network) Isochrone(_ context.Context, _ Snap, limits []time.Duration) []Reach {
	all := make([]Reach, len(limits))
	for i, l := range limits {
		all[i].Within = l
	}
	return all
}
