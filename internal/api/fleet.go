package api

import (
	"context"
	"sync"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/street"
)

// How units are followed on the streets.
const (
	followEvery = 250 * time.Millisecond
	followOld   = 3 * time.Second // A fleet that was followed no later than this ago is asked.
)

// fleet is where units stand on the streets, put in order for the question who would be at a place first. A unit that moves
// touches only its own entries. The zero value holds nobody: then every question begins from nothing, and takes longer.
type fleet struct {
	mu     sync.RWMutex
	router *street.Router
	held   *street.Fleet
	stands map[cad.UnitID]stand
	passed time.Time // When it was followed last, by the machine's clock.
}

// stand is where one unit is.
type stand struct {
	slot  int
	point geo.Point
	snap  street.Snap
}

// Follow keeps where units are on the streets until ctx ends, so that advice need not look for each of them. It runs
// beside the service; nobody waits for it.
func (c *Centre) Follow(ctx context.Context) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		c.follow()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// follow looks once where everybody is.
func (c *Centre) follow() {
	f := &c.fleet
	r, ok := c.finder(c.Desk.Now()).(*street.Router)
	if !ok {
		return // The streets are searched slowly still, or there are none.
	}
	places := c.whereabouts()
	f.mu.RLock()
	held, stands := f.held, f.stands
	if f.router != r { // Another hour: the old one answers until the new one is whole.
		held, stands = r.NewFleet(), nil
	}
	var moved []cad.UnitID
	for u, p := range places {
		if s, known := stands[u]; !known || s.point != p {
			moved = append(moved, u)
		}
	}
	f.mu.RUnlock()
	fresh := make(map[cad.UnitID]stand, len(moved))
	next := len(stands)
	for _, u := range moved {
		s, known := stands[u] // Only this goroutine writes there.
		if !known {
			s.slot = next
			next++
		}
		s.point = places[u]
		s.snap, _ = r.Snap(s.point, dispatch.SnapMaxMeters)
		held.Put(s.slot, s.snap)
		fresh[u] = s
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.router != r {
		f.router, f.held, f.stands = r, held, fresh
	} else {
		for u, s := range fresh {
			f.stands[u] = s
		}
	}
	f.passed = time.Now()
}

// whereabouts is where every unit is taken to be.
func (c *Centre) whereabouts() map[cad.UnitID]geo.Point {
	out := map[cad.UnitID]geo.Point{}
	c.Board.Look(func(h *joint.House) {
		for id, u := range h.Units {
			if u.Dispatchable && !u.Retired && u.Home != nil {
				out[id] = *u.Home
			}
		}
	})
	for id, f := range c.Track.All() {
		out[id] = f.Point
	}
	return out
}

// mount lets an input ask the fleet: it takes over where units stand, and who would be there when.
func (f *fleet) mount(in *dispatch.Input) {
	r, ok := in.Streets.(*street.Router)
	f.mu.RLock()
	defer f.mu.RUnlock()
	if !ok || f.router != r || time.Since(f.passed) > followOld {
		return
	}
	slots := make(map[cad.UnitID]int, len(in.Units))
	for u := range in.Units {
		if s, known := f.stands[u]; known {
			slots[u] = s.slot
			if fix, seen := in.Fixes[u]; seen {
				fix.Snap = s.snap
				in.Fixes[u] = fix
			}
		}
	}
	held := f.held
	in.Arrive = func(ctx context.Context, units []cad.UnitID, from []street.Snap, to street.Snap) []street.Trip {
		all, out := held.To(to), make([]street.Trip, len(units))
		var missing []int
		var rest []street.Snap
		for i, u := range units {
			if slot, known := slots[u]; known {
				out[i] = all[slot]
			} else if from[i].OK() {
				missing, rest = append(missing, i), append(rest, from[i])
			}
		}
		if len(rest) > 0 {
			for k, t := range r.ManyToOne(ctx, rest, to) {
				out[missing[k]] = t
			}
		}
		return out
	}
}
