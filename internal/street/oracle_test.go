package street_test

import (
	"fmt"
	"math"
	"strings"

	"pgregory.net/rapid"

	"shuniu/internal/geo"
	"shuniu/internal/street"
)

// town is a random street map on a crooked grid, and the slow textbook answer to what the network answers fast. The
// oracle works on the raw ways, leg by leg, in seconds as floating-point numbers; it shares no code with the network.
type town struct {
	width, height int
	place         map[int64]geo.Point
	ways          []street.Way
	rules         []street.Restriction
	legs          []leg
	vehicle       street.Vehicle
	uses          map[int64]int // By node: touches by driven ways, ends twice.
}

// leg is one driven direction of one straight line between two nodes.
type leg struct {
	way      int
	line     int // Position of the line in the way.
	from, to int64
	seconds  float64
}

// spot is a place on a line of a way, or on a node when share is 0.
type spot struct {
	way, line int
	share     float64
}

const (
	townMeters  = 2000 // Between two nodes; long enough that no line counts as a fragment.
	townSpeedup = 1.5
)

// drawTown makes a town. No line is used by two ways and none cross outside a node, so that every place on a line
// lies on exactly one street.
func drawTown(t *rapid.T) *town {
	tn := &town{
		width: rapid.IntRange(2, 6).Draw(t, "width"), height: rapid.IntRange(2, 6).Draw(t, "height"),
		place: make(map[int64]geo.Point), uses: make(map[int64]int),
		vehicle: rapid.SampledFrom([]street.Vehicle{street.Civil, street.Emergency}).Draw(t, "vehicle"),
	}
	origin := geo.Point{Lon: 118.4, Lat: 31.2}
	jitter := rapid.Float64Range(-300, 300)
	for id := range int64(tn.width * tn.height) {
		x, y := float64(id%int64(tn.width)), float64(id/int64(tn.width))
		tn.place[id] = origin.Offset(x*townMeters+jitter.Draw(t, "dx"), y*townMeters+jitter.Draw(t, "dy"))
	}
	used := make(map[[2]int64]bool)
	for i := range rapid.IntRange(1, 25).Draw(t, "ways") {
		nodes := tn.walk(t, used)
		if len(nodes) < 2 {
			continue
		}
		tn.ways = append(tn.ways, street.Way{
			ID: int64(100 + i), Nodes: nodes, Name: fmt.Sprintf("street %d", i%7),
			Class:    rapid.SampledFrom([]string{"primary", "residential", "motorway", "unheard of"}).Draw(t, "class"),
			OneWay:   rapid.SampledFrom([]int8{0, 0, 0, 1, -1}).Draw(t, "oneway"),
			SpeedKmh: rapid.SampledFrom([]float64{0, 0, 30, 60, 5000}).Draw(t, "kmh"),
			Access:   rapid.SampledFrom([]street.Access{0, 0, 0, 0, street.AccessEmergency, street.AccessClosed}).Draw(t, "access"),
		})
	}
	tn.lay()
	for i := range rapid.IntRange(0, 12).Draw(t, "rules") {
		if len(tn.ways) == 0 {
			break
		}
		way := func(label string) street.Way { return rapid.SampledFrom(tn.ways).Draw(t, label) }
		from := way("from")
		tn.rules = append(tn.rules, street.Restriction{
			ID: int64(i), From: from.ID, Via: rapid.SampledFrom(from.Nodes).Draw(t, "via"), To: way("to").ID,
			Kind: rapid.SampledFrom([]string{"no_left_turn", "no_u_turn", "only_straight_on"}).Draw(t, "kind"),
		})
	}
	return tn
}

// walk is a random line over unused edges of the grid.
func (tn *town) walk(t *rapid.T, used map[[2]int64]bool) []int64 {
	at := int64(rapid.IntRange(0, len(tn.place)-1).Draw(t, "start"))
	nodes := []int64{at}
	for range rapid.IntRange(1, 5).Draw(t, "length") {
		x, y := at%int64(tn.width), at/int64(tn.width)
		switch rapid.IntRange(0, 3).Draw(t, "turn") {
		case 0:
			x++
		case 1:
			x--
		case 2:
			y++
		default:
			y--
		}
		next := y*int64(tn.width) + x
		edge := [2]int64{min(at, next), max(at, next)}
		if x < 0 || y < 0 || x >= int64(tn.width) || y >= int64(tn.height) || used[edge] {
			continue
		}
		used[edge] = true
		nodes = append(nodes, next)
		at = next
	}
	return nodes
}

// lay lists the legs.
func (tn *town) lay() {
	speeds := map[string]float64{"primary": 50, "residential": 30, "motorway": 80, "unheard of": 25}
	for i, w := range tn.ways {
		if w.Access == street.AccessClosed {
			continue
		}
		kmh := w.SpeedKmh
		if kmh == 0 || kmh == 5000 {
			kmh = speeds[w.Class]
		}
		for k, id := range w.Nodes {
			tn.uses[id]++
			if k == 0 || k == len(w.Nodes)-1 {
				tn.uses[id]++
			}
			if k == 0 {
				continue
			}
			before := w.Nodes[k-1]
			seconds := geo.DistanceMeters(tn.place[before], tn.place[id]) / (kmh * townSpeedup / 3.6)
			if w.OneWay >= 0 {
				tn.legs = append(tn.legs, leg{i, k - 1, before, id, seconds})
			}
			if w.OneWay <= 0 {
				tn.legs = append(tn.legs, leg{i, k - 1, id, before, seconds})
			}
		}
	}
}

func (tn *town) builder() *street.Builder {
	b := &street.Builder{}
	for id, p := range tn.place {
		b.AddNode(id, p)
	}
	for _, w := range tn.ways {
		b.AddWay(w)
	}
	for _, r := range tn.rules {
		b.AddRestriction(r)
	}
	return b
}

func (tn *town) drawSpot(t *rapid.T, label string) (spot, geo.Point) {
	l := rapid.SampledFrom(tn.legs).Filter(tn.drives).Draw(t, label)
	s := spot{way: l.way, line: l.line}
	if rapid.Bool().Draw(t, label+" between") {
		s.share = rapid.Float64Range(0.05, 0.95).Draw(t, label+" share")
	}
	nodes := tn.ways[s.way].Nodes
	return s, geo.Between(tn.place[nodes[s.line]], tn.place[nodes[s.line+1]], s.share)
}

// forbiddenS is what a forbidden turn costs an emergency vehicle in a town.
const forbiddenS = 100

// drives reports whether our vehicle may drive on a leg at all.
func (tn *town) drives(l leg) bool {
	return tn.vehicle == street.Emergency || tn.ways[l.way].Access == street.AccessOpen
}

// law is what the rules say about leaving one leg.
type law struct{ no, only map[leg]bool }

// laws reads the rules, pair by pair. What two rules say against each other is not law.
func (tn *town) laws() map[leg]law {
	all := make(map[leg]law)
	for _, r := range tn.rules {
		pairs := tn.pairs(r)
		round := r.From == r.To && strings.HasSuffix(r.Kind, "u_turn")
		if len(pairs) != 1 && !round {
			continue
		}
		for _, p := range pairs {
			l, known := all[p[0]]
			if !known {
				l = law{make(map[leg]bool), make(map[leg]bool)}
				all[p[0]] = l
			}
			if strings.HasPrefix(r.Kind, "no_") {
				l.no[p[1]] = true
			} else {
				l.only[p[1]] = true
			}
		}
	}
	for _, l := range all {
		for to := range l.no {
			if l.only[to] {
				delete(l.no, to)
				delete(l.only, to)
			}
		}
	}
	return all
}

// pairs are the turns that a rule may mean.
func (tn *town) pairs(r street.Restriction) (out [][2]leg) {
	if tn.uses[r.Via] < 2 {
		return nil
	}
	for _, a := range tn.legs {
		for _, b := range tn.legs {
			turning := strings.HasSuffix(r.Kind, "u_turn") && r.From == r.To
			if a.to == r.Via && b.from == r.Via && tn.ways[a.way].ID == r.From && tn.ways[b.way].ID == r.To && (!turning || a.back(b)) {
				out = append(out, [2]leg{a, b})
			}
		}
	}
	return out
}

func (l leg) back(o leg) bool { return l.way == o.way && l.line == o.line && l.from == o.to }

// may says what it costs to go from leg a to leg b, in seconds; +Inf when one may not.
func (tn *town) may(laws map[leg]law, a, b leg) float64 {
	if a.back(b) && tn.uses[a.to] < 2 {
		return math.Inf(1) // No turning back in the middle of a street.
	}
	l := laws[a]
	switch {
	case !l.no[b] && (len(l.only) == 0 || l.only[b]):
		return 0
	case tn.vehicle == street.Civil:
		return math.Inf(1)
	}
	return forbiddenS
}

// seconds is the textbook answer: Bellman's relaxation over legs until nothing changes. +Inf when there is no way.
func (tn *town) seconds(from, to spot) float64 {
	done := make([]float64, len(tn.legs)) // Least time at the end of each leg.
	best := math.Inf(1)
	entry := func(l leg, at float64) { // l is entered at its beginning at this time.
		if l.way == to.way && l.line == to.line && to.share > 0 {
			best = min(best, at+l.seconds*tn.ahead(l, to.share))
		}
	}
	laws := tn.laws()
	for i, l := range tn.legs {
		done[i] = math.Inf(1)
		if !tn.drives(l) {
			continue
		}
		own := l.way == from.way && l.line == from.line
		switch {
		case from.share == 0 && l.from == tn.ways[from.way].Nodes[from.line]:
			entry(l, 0)
			done[i] = l.seconds
		case from.share > 0 && own:
			gone := tn.ahead(l, from.share)
			done[i] = l.seconds * (1 - gone)
			if goal := tn.ahead(l, to.share); to.share > 0 && to.way == l.way && to.line == l.line && goal >= gone {
				best = min(best, l.seconds*(goal-gone))
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for i, a := range tn.legs {
			for k, b := range tn.legs {
				if math.IsInf(done[i], 1) || a.to != b.from || !tn.drives(b) {
					continue
				}
				at := done[i] + tn.may(laws, a, b)
				entry(b, at)
				if t := at + b.seconds; t < done[k]-1e-9 {
					done[k], changed = t, true
				}
			}
		}
	}
	if to.share == 0 {
		goal := tn.ways[to.way].Nodes[to.line]
		if from.share == 0 && tn.ways[from.way].Nodes[from.line] == goal {
			return 0
		}
		for i, l := range tn.legs {
			if l.to == goal {
				best = min(best, done[i])
			}
		}
	}
	return best
}

// ahead is how much of the leg lies before a share of its line.
func (tn *town) ahead(l leg, share float64) float64 {
	if tn.ways[l.way].Nodes[l.line] == l.from {
		return share
	}
	return 1 - share
}
