// Package survey looks at the areas of a centre as a surveyor would: do they overlap, do they leave holes, is each outline
// one. It measures on a grid of a few metres and says how fine it looked, and it draws a map of what it found. It is
// pure and must never mend an area: whose ground it is, people decide.
package survey

import (
	"cmp"
	"slices"

	"shuniu/internal/geo"
)

// Area is one area with a name.
type Area struct {
	ID    string
	Name  string // For people; may be empty.
	Shape geo.MultiPolygon
}

// Report is what was found.
type Report struct {
	Areas    []Area
	Broken   []Broken  // Outlines that are none, in the order of the areas.
	Overlaps []Overlap // Ground of two areas, the largest first.
	Holes    []Hole    // Ground of nobody, the largest first.
	CellM    float64   // Length of a cell's side in metres: what is smaller may have been missed.
	Cut      bool      // Overlaps were so many that not all of them were kept.
	Middles  []Middle  // By area: a place well within it, and its size.

	grid *grid
}

// Broken is an outline that is none.
type Broken struct {
	Area string    // Id.
	Text string    // What is wrong, lower case, no full stop.
	At   geo.Point // Where.
}

// Overlap is ground that two areas both hold.
type Overlap struct {
	A, B string // Ids, in the order of the areas.
	M2   float64
	At   geo.Point // In the ground, near its middle.

	cells []int32
}

// Hole is ground that no area holds: with areas all around it, or a strip of at most gapM metres between two of them that
// may be open at its ends.
type Hole struct {
	M2 float64
	At geo.Point // In the hole, near its middle.

	cells []int32
}

// Middle is a place well within an area.
type Middle struct {
	At geo.Point
	M2 float64 // Size of the area; 0 when it is smaller than a cell, and then At means nothing.
}

// Find looks for outlines that are none; nothing means that all are whole. A ring must be closed, have three corners
// at least, lie on the earth, and not cross itself or the other rings of its area.
func Find(a Area) []Broken {
	var out []Broken
	bad := func(text string, at geo.Point) { out = append(out, Broken{Area: a.ID, Text: text, At: at}) }
	valid := true
	var rings []geo.Ring
	for _, polygon := range a.Shape {
		for _, r := range polygon {
			rings = append(rings, r)
			switch i := slices.IndexFunc(r, func(p geo.Point) bool { return !p.Valid() }); {
			case len(r) == 0:
				bad("an outline has no corner", geo.Point{})
				continue
			case i >= 0:
				bad("a corner lies nowhere on earth; degrees are meant, longitude first", r[max(0, i-1)])
				valid = false
				continue
			}
			if r[0] != r[len(r)-1] {
				bad("an outline is not closed: its last corner must repeat its first", r[len(r)-1])
			}
			if corners(r) < 3 {
				bad("an outline has fewer than three corners", r[0])
			}
		}
	}
	if !valid {
		return out
	}
	switch at, crosses, sure := geo.Crossing(rings); {
	case crosses:
		bad("an outline crosses itself or another one of the same area", at)
	case !sure:
		bad("an outline is too tangled to be one", rings[0][0])
	}
	return out
}

// corners counts the different corners of a ring, up to three.
func corners(r geo.Ring) int {
	var seen []geo.Point
	for _, p := range r {
		if !slices.Contains(seen, p) {
			if seen = append(seen, p); len(seen) == 3 {
				break
			}
		}
	}
	return len(seen)
}

// Measure looks at all areas together. An area with a corner that lies nowhere is named and not measured.
func Measure(areas []Area) Report {
	r := Report{Areas: areas, Middles: make([]Middle, len(areas))}
	box, tall := geo.EmptyBounds(), 0.0
	sound := make([]bool, len(areas))
	for i, a := range areas {
		r.Broken = append(r.Broken, Find(a)...)
		if sound[i] = a.Shape.Valid(); sound[i] {
			b := a.Shape.Bounds()
			box = box.Extend(b.Min).Extend(b.Max)
			tall += climbs(a.Shape)
		}
	}
	if box.Empty() {
		return r
	}
	g := newGrid(box, tall)
	r.grid, r.CellM = g, g.cellM
	f := filling{grid: g, both: make(map[[2]int][]int32), left: bothMax * len(g.owner)}
	for i, a := range areas {
		if sound[i] {
			f.fill(i, a.Shape)
		}
	}
	r.Cut = f.left < 0
	for pair, cells := range f.both {
		slices.Sort(cells)
		r.Overlaps = append(r.Overlaps, Overlap{A: areas[pair[0]].ID, B: areas[pair[1]].ID, M2: g.m2(len(cells)), At: g.inner(cells), cells: cells})
	}
	slices.SortFunc(r.Overlaps, func(a, b Overlap) int {
		return cmp.Or(cmp.Compare(b.M2, a.M2), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	for _, cells := range g.holes() {
		r.Holes = append(r.Holes, Hole{M2: g.m2(len(cells)), At: g.inner(cells), cells: cells})
	}
	slices.SortFunc(r.Holes, func(a, b Hole) int { return cmp.Or(cmp.Compare(b.M2, a.M2), cmp.Compare(a.cells[0], b.cells[0])) })
	g.middles(r.Middles)
	return r
}
