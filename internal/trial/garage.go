package trial

import (
	"context"

	"shuniu/internal/street"
)

// garage answers for the streets of one run. Most free units stand at home, and homes never change: on a router they are put
// in order once, so that a question about all of them is one short search. It answers as the router itself does.
type garage struct {
	street.Finder
	fleet *street.Fleet
	slot  map[street.Snap]int
}

// fromHomes puts homes in order where the streets can do that; else the streets answer as they are.
func fromHomes(f street.Finder, cars []car) street.Finder {
	r, ok := f.(*street.Router)
	if !ok {
		return f
	}
	g := &garage{Finder: r, fleet: r.NewFleet(), slot: map[street.Snap]int{}}
	for i := range cars {
		if at := cars[i].snap; at.OK() {
			if _, known := g.slot[at]; !known {
				g.fleet.Put(len(g.slot), at)
				g.slot[at] = len(g.slot)
			}
		}
	}
	return g
}

// fewHomes is below how many of them it is not worth to look at all.
const fewHomes = 3

// ManyToOne is as that of the streets.
func (g *garage) ManyToOne(ctx context.Context, from []street.Snap, to street.Snap) []street.Trip {
	var away []street.Snap
	var at []int
	for i, s := range from {
		if _, home := g.slot[s]; !home {
			away, at = append(away, s), append(at, i)
		}
	}
	if len(from)-len(away) < fewHomes || ctx.Err() != nil {
		return g.Finder.ManyToOne(ctx, from, to)
	}
	out := make([]street.Trip, len(from))
	all := g.fleet.To(to)
	for i, s := range from {
		if slot, home := g.slot[s]; home {
			out[i] = all[slot]
		}
	}
	if len(away) > 0 {
		for k, trip := range g.Finder.ManyToOne(ctx, away, to) {
			out[at[k]] = trip
		}
	}
	return out
}
