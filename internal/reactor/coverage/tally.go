package coverage

import (
	"maps"
	"math"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/demand"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
)

// tallyDeg is how exactly the places of calls are kept, in degrees: about a hundred metres, which says nothing of anybody.
const tallyDeg = 0.001

// tally counts the callers' own calls of the journal, whenever their place becomes known. What officers begin is no call
// and never enters.
type tally struct {
	from    time.Time // Of the first call.
	counts  map[[2]int32]int
	total   int
	counted map[cad.CallID]bool             // Of those in memory.
	waiting map[cad.IncidentID][]cad.CallID // Calls whose place only their incident will tell.
}

func newTally() tally {
	return tally{counts: map[[2]int32]int{}, counted: map[cad.CallID]bool{}, waiting: map[cad.IncidentID][]cad.CallID{}}
}

// take counts what a change tells of calls.
func (t *tally) take(c joint.Change) {
	for _, s := range c.Calls {
		if t.from.IsZero() || s.Arrived.Before(t.from) {
			t.from = s.Arrived
		}
		switch {
		case s.Place != nil:
			t.count(s.ID, *s.Place)
		case s.Incident != "" && !t.counted[s.ID] && !slices.Contains(t.waiting[s.Incident], s.ID):
			t.waiting[s.Incident] = append(t.waiting[s.Incident], s.ID)
		}
	}
	for _, s := range c.Incidents {
		if s.Place == nil {
			continue
		}
		for _, id := range t.waiting[s.ID] {
			t.count(id, *s.Place)
		}
		delete(t.waiting, s.ID)
	}
	for _, s := range c.Gone {
		switch kind, id := s.Split(); kind {
		case "incident":
			delete(t.waiting, cad.IncidentID(id))
		case "call":
			delete(t.counted, cad.CallID(id))
		}
	}
}

func (t *tally) count(id cad.CallID, p geo.Point) {
	if t.counted[id] || !p.Valid() {
		return
	}
	t.counted[id] = true
	t.counts[[2]int32{int32(math.Round(p.Lon / tallyDeg)), int32(math.Round(p.Lat / tallyDeg))}]++
	t.total++
}

// copy is a tally to reckon with while calls go on.
func (t *tally) copy() tally {
	return tally{from: t.from, counts: maps.Clone(t.counts), total: t.total}
}

// weights are the calls an hour by cell at a moment: what was known beforehand counts as hours of watching, and what the
// journal shows counts beside it (Gamma-Poisson).
func (g *ground) weights(m *demand.Map, t tally, at time.Time) []float64 {
	seen := make([]float64, len(g.cells))
	for _, k := range slices.SortedFunc(maps.Keys(t.counts), func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) }) {
		p := geo.Point{Lon: float64(k[0]) * tallyDeg, Lat: float64(k[1]) * tallyDeg}
		if i := g.cellOf(m, p); i >= 0 {
			seen[i] += float64(t.counts[k])
		}
	}
	hours, factor := float64(evenHours), func(time.Time) float64 { return 1 }
	if m != nil && len(m.Cells()) > 0 {
		hours = priorHours
		if s := m.Source(); !s.From.IsZero() && s.To.After(s.From) {
			hours = min(hours, s.To.Sub(s.From).Hours())
		}
		mean := 0.0
		for _, h := range m.Hours() {
			mean += h / demand.HoursOfWeek
		}
		if mean > 0 {
			factor = func(at time.Time) float64 { return m.Total(at) / mean }
		}
	}
	watched := 0.0 // Hours, each as long as its share of the calls of a week.
	if !t.from.IsZero() {
		for h := t.from; h.Before(at); h = h.Add(time.Hour) {
			watched += factor(h) * min(time.Hour, at.Sub(h)).Hours()
		}
	}
	out, now := make([]float64, len(g.cells)), factor(at)
	for i := range out {
		out[i] = (g.prior[i]*hours + seen[i]) / (hours + watched) * now
	}
	return out
}

// cellOf is the cell of a place; -1 outside of all.
func (g *ground) cellOf(m *demand.Map, p geo.Point) int {
	if m != nil && len(m.Cells()) > 0 {
		if i, ok := m.Index(p); ok {
			return int(g.of[i])
		}
		return -1
	}
	return slices.IndexFunc(g.boxes, func(b geo.Bounds) bool { return b.Contains(p) })
}
