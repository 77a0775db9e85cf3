package org

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// By whom it is known which station is responsible.
const (
	ByPolygon = "polygon" // The place lies in its area.
	ByNearest = "nearest" // The place lies in nobody's area; its house is the nearest.
)

// station is one station as seen from a place.
type station struct {
	id     cad.OrgID
	holds  bool    // The place lies in its area.
	edgeM  float64 // Metres to the border of its area, from within or without; +Inf if it has none.
	houseM float64 // Metres to its house, or to its area where it has no house; +Inf if neither is known.
	doubtM float64 // Metres to the border within which it is named as a neighbour.
}

// Responsible is the station for a place (管辖单位): the one whose area holds it, else the one whose house is
// nearest. Where areas overlap by mistake, and where two houses are equally near, the id decides, so that the
// answer is always the same. Neighbours whose border is near are named, nearest first (接合部), because at a border
// people will argue. A place that is nowhere on earth, or a centre without stations, gives nothing.
func (s State) Responsible(p geo.Point) (id cad.OrgID, by string, border []cad.OrgID) {
	if !p.Valid() {
		return "", "", nil
	}
	all := s.stationsAround(p)
	best := -1
	for i, st := range all {
		switch {
		case best >= 0 && all[best].holds:
		case st.holds || best < 0 && !math.IsInf(st.houseM, 1) || best >= 0 && st.houseM < all[best].houseM:
			best = i
		}
	}
	if best < 0 {
		return "", "", nil
	}
	id, by = all[best].id, ByNearest
	if all[best].holds {
		by = ByPolygon
	}
	near := slices.DeleteFunc(all, func(st station) bool {
		return st.id == id || !st.holds && !(st.edgeM <= st.doubtM)
	})
	slices.SortStableFunc(near, func(a, b station) int { return cmp.Compare(a.edgeM, b.edgeM) })
	for _, st := range near {
		border = append(border, st.id)
	}
	return id, by, border
}

// stationsAround measures every station from a place, in the order of their ids.
func (s State) stationsAround(p geo.Point) []station {
	var out []station
	for _, key := range slices.Sorted(maps.Keys(s.Orgs)) {
		o := s.Orgs[key]
		if o.Kind != "station" {
			continue
		}
		st := station{
			id: o.ID, holds: o.Area.Contains(p), edgeM: o.Area.DistanceToEdgeMeters(p),
			doubtM: float64(cmp.Or(o.Border, s.BorderWithinM)),
		}
		st.houseM = st.edgeM
		if o.Place != nil {
			st.houseM = geo.DistanceMeters(p, *o.Place)
		}
		out = append(out, st)
	}
	return out
}

// GradeFor gives the values that a type and priority stand for on the day of grading. An empty priority takes the
// type's. Limits of the type take the place of the priority's, kind by kind. What nobody has graded yet has the
// limits of P1: until somebody knows better, a life may be in danger.
func (s State) GradeFor(t cad.TypeID, p cad.Priority) (cad.Priority, cad.Level, []cad.TagID, []Limit) {
	typ := s.Types[t]
	p = cmp.Or(p, typ.Priority)
	limits := slices.Clone(s.Grades[cmp.Or(p, cad.P1)].Limits)
	for _, own := range typ.Limits {
		i := slices.IndexFunc(limits, func(l Limit) bool { return l.Kind == own.Kind })
		if i < 0 {
			limits = append(limits, own)
			continue
		}
		limits[i] = own
	}
	return p, typ.Level, slices.Clone(typ.Tags), limits
}
