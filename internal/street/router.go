package street

import (
	"context"
	"sync"
	"time"

	"shuniu/internal/hierarchy"
)

var _ Finder = (*Router)(nil)

// Router answers what a Network answers, the same to the millisecond and the centimetre, some hundred times faster. Its
// weights are those of the network it was made from. Any number of goroutines may use it at once. What is near (Snap,
// Isochrone) it leaves to the network, whose search ends where the time does.
type Router struct {
	*Network
	metric *hierarchy.Metric
}

// Router makes a router for conditions from what Prepare gave for this network. It takes seconds for a metropolis. The
// only errors are that of ctx, and a hierarchy of another network.
func (n *Network) Router(ctx context.Context, h *hierarchy.Hierarchy, c Conditions) (*Router, error) {
	return n.Under(c).router(ctx, h)
}

func (n *Network) router(ctx context.Context, h *hierarchy.Hierarchy) (*Router, error) {
	m, err := h.Customize(ctx, n.weights())
	if err != nil {
		return nil, err
	}
	return &Router{Network: n, metric: m}, nil
}

// At is the router itself at any time.
func (r *Router) At(time.Time) Finder { return r }

// ManyToOne is as Network.ManyToOne.
func (r *Router) ManyToOne(ctx context.Context, from []Snap, to Snap) []Trip {
	out := make([]Trip, len(from))
	for i, row := range r.ManyToMany(ctx, from, []Snap{to}) {
		out[i] = row[0]
	}
	return out
}

// OneToMany is as Network.OneToMany.
func (r *Router) OneToMany(ctx context.Context, from Snap, to []Snap) []Trip {
	return r.ManyToMany(ctx, []Snap{from}, to)[0]
}

// ManyToMany is as Network.ManyToMany.
func (r *Router) ManyToMany(ctx context.Context, from, to []Snap) [][]Trip {
	rows := make([][]Trip, len(from))
	for i := range rows {
		rows[i] = make([]Trip, len(to))
	}
	starts, goals := make([][]hierarchy.Seed, len(from)), make([][]hierarchy.Seed, len(to))
	for i, f := range from {
		starts[i] = r.departures(f, nil)
	}
	for k, t := range to {
		goals[k] = r.arrivals(t, nil)
	}
	if len(from) == 1 && len(to) == 1 {
		if ctx.Err() == nil {
			best, _ := r.metric.Between(starts[0], goals[0])
			straight, _ := r.direct(from[0], to[0])
			rows[0][0] = tripOf(min(best, straight))
		}
		return rows
	}
	costs, err := r.metric.ManyToMany(ctx, starts, goals)
	if err != nil {
		return rows
	}
	for i, f := range from {
		for k, t := range to {
			straight, _ := r.direct(f, t)
			rows[i][k] = tripOf(min(costs[i][k], straight))
		}
	}
	return rows
}

// Route is as Network.Route.
func (r *Router) Route(from, to Snap) (Route, bool) {
	if !r.has(from) || !r.has(to) {
		return Route{}, false
	}
	best, states, ok := r.metric.Path(r.departures(from, nil), r.arrivals(to, nil))
	if !ok {
		best = none
	}
	return r.draw(from, to, best, states)
}

// Fleet holds where units are, so that the trips of all of them to one place are one short search. A unit that moves touches
// its own entries only. Any number of goroutines may use it at once.
type Fleet struct {
	r  *Router
	in *hierarchy.Fleet

	mu    sync.RWMutex
	snaps []Snap // By slot; the zero Snap for an empty one.
}

// NewFleet makes an empty fleet.
func (r *Router) NewFleet() *Fleet { return &Fleet{r: r, in: hierarchy.NewFleet(r.metric)} }

// Put sets where a slot is, in place of where it was. Slots are small numbers, the same for a unit as long as it lives; a
// negative one is not taken. The zero Snap empties the slot.
func (f *Fleet) Put(slot int, at Snap) {
	if slot < 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.snaps) <= slot {
		f.snaps = append(f.snaps, Snap{})
	}
	f.snaps[slot] = at
	f.in.Put(slot, f.r.departures(at, nil))
}

// Remove empties a slot.
func (f *Fleet) Remove(slot int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if slot >= 0 && slot < len(f.snaps) {
		f.snaps[slot] = Snap{}
		f.in.Remove(slot)
	}
}

// To gives the fastest trip from each slot to a place, up to the highest slot that was used; an empty slot has OK false.
func (f *Fleet) To(to Snap) []Trip {
	f.mu.RLock()
	defer f.mu.RUnlock()
	out := make([]Trip, len(f.snaps))
	costs := make([]cost, len(f.snaps))
	f.in.To(f.r.arrivals(to, nil), costs)
	for slot, at := range f.snaps {
		straight, _ := f.r.direct(at, to)
		out[slot] = tripOf(min(costs[slot], straight))
	}
	return out
}
