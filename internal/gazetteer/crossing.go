package gazetteer

import (
	"cmp"
	"math"
	"slices"

	"shuniu/internal/geo"
)

const (
	bonusCrossing = 0.06  // Both streets exist and meet.
	crossingWideM = 90.0  // Corners that are nearer are one crossing: of roads with two carriageways.
	nearlyMeetM   = 120.0 // Streets that come so near are taken to meet, as an approximation.
	crossingsMax  = 4     // Of one pair of streets.
)

// crossing finds the places at which two streets meet that the text names.
func (s *search) crossing() {
	pairs, said := splitCrossing(s.folded)
	var likeliest [2]whole
	top, found := 0.0, false
	for _, p := range pairs {
		as := s.wholes(p[0], false, followedMax)
		if len(as) == 0 {
			continue
		}
		for _, b := range s.wholes(p[1], false, followedMax) {
			for _, a := range as {
				found = s.meet(a, b, false) || found
			}
			if score := min(as[0].score, b.score); score > top {
				likeliest, top = [2]whole{as[0], b}, score
			}
		}
	}
	if said && !found && top > 0 {
		s.meet(likeliest[0], likeliest[1], true)
	}
}

// meet gives the crossings of two streets. Where they share no corner and nearly is asked for, the place where they come
// nearest is given as an approximation. It answers false when there is none.
func (s *search) meet(a, b whole, nearly bool) bool {
	if a.thing == b.thing {
		return false
	}
	low, high := min(a.thing, b.thing), max(a.thing, b.thing)
	list := s.ix.crossings
	i, _ := slices.BinarySearchFunc(list, crossing{a: low, b: high}, func(x, y crossing) int {
		return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	var corners []spot
	for ; i < len(list) && list[i].a == low && list[i].b == high; i++ {
		corners = append(corners, list[i].at)
	}
	score, approximate := min(a.score, b.score)+bonusCrossing, false
	if len(corners) == 0 && nearly {
		if at, ok := s.ix.nearlyMeet(a.thing, b.thing); ok {
			corners, approximate = []spot{at}, true
			score -= bonusCrossing
		}
	}
	why := a.why
	if b.score < a.score {
		why = b.why
	}
	for n, at := range middles(corners) {
		if n == crossingsMax {
			break
		}
		s.hits = append(s.hits, Hit{
			Kind: Crossing, Name: s.ix.name(a.thing), Other: s.ix.name(b.thing), Point: at, Approximate: approximate, Score: score + s.bonus(at), Why: why,
		})
	}
	return len(corners) > 0
}

// middles joins corners that are one crossing, and gives the corner in the middle of each.
func middles(corners []spot) []geo.Point {
	var groups [][]spot
	for _, c := range corners {
		i := slices.IndexFunc(groups, func(g []spot) bool {
			return slices.ContainsFunc(g, func(o spot) bool { return metersBetween(o, c) < crossingWideM })
		})
		if i < 0 {
			groups = append(groups, nil)
			i = len(groups) - 1
		}
		groups[i] = append(groups[i], c)
	}
	out := make([]geo.Point, 0, len(groups))
	for _, g := range groups {
		box := geo.EmptyBounds()
		for _, c := range g {
			box = box.Extend(c.point())
		}
		middle := spotOf(box.Center())
		out = append(out, slices.MinFunc(g, func(x, y spot) int { return cmp.Compare(metersBetween(x, middle), metersBetween(y, middle)) }).point())
	}
	return out
}

// nearlyCornersMax bounds the work for two streets that do not meet.
const nearlyCornersMax = 4000

// nearlyMeet is the corner of a that is nearest to b, if they come near each other.
func (ix *Index) nearlyMeet(a, b int32) (spot, bool) {
	var of [2][]spot
	for i, id := range []int32{a, b} {
		ix.corners(&ix.things[id], func(p geo.Point) { of[i] = append(of[i], spotOf(p)) })
		if len(of[i]) == 0 || len(of[i]) > nearlyCornersMax {
			return spot{}, false
		}
	}
	slices.SortFunc(of[1], func(x, y spot) int { return cmp.Compare(x.lat, y.lat) })
	band := spotOf(geo.Point{}.Offset(0, nearlyMeetM)).lat
	at, least := spot{}, math.Inf(1)
	for _, p := range of[0] {
		i, _ := slices.BinarySearchFunc(of[1], p.lat-band, func(s spot, lat int32) int { return cmp.Compare(s.lat, lat) })
		for ; i < len(of[1]) && of[1][i].lat <= p.lat+band; i++ {
			if d := metersBetween(p, of[1][i]); d < least {
				at, least = p, d
			}
		}
	}
	return at, least <= nearlyMeetM
}

// metersBetween is good within a city.
func metersBetween(a, b spot) float64 {
	x, y := geo.PlaneAt(a.point()).XY(b.point())
	return math.Hypot(x, y)
}
