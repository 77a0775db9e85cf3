package coverage

import (
	"maps"
	"math"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/demand"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
)

// tallyDeg is how exactly the places of calls are kept, in degrees: about a hundred metres, which says nothing of anybody.
const tallyDeg = 0.001

// tally counts the callers' own calls of the journal. A call tells who began it only with its incident, so it counts when
// that is known, and somewhere is. What officers and sensors begin never enters: a forecast that learns from patrols sends
// patrols where they were.
type tally struct {
	from    time.Time // Of the first call.
	counts  map[[2]int32]int
	total   int
	left    int                            // Calls that stand for what officers or sensors began.
	settled map[cad.CallID]bool            // Of those in memory: counted or left out.
	waiting map[cad.IncidentID][]untold    // Calls whose incident, or its place, is not known yet.
	begun   map[cad.IncidentID]incidentRow // Of those in memory.
}

// untold is a call that waits for its incident.
type untold struct {
	id    cad.CallID
	place *geo.Point
}

// incidentRow is what a call has to know of its incident.
type incidentRow struct {
	source incident.Source
	place  *geo.Point
}

func newTally() tally {
	return tally{
		counts: map[[2]int32]int{}, settled: map[cad.CallID]bool{}, waiting: map[cad.IncidentID][]untold{}, begun: map[cad.IncidentID]incidentRow{},
	}
}

// take counts what a change tells of calls.
func (t *tally) take(c joint.Change) {
	for _, s := range c.Incidents {
		t.begun[s.ID] = incidentRow{s.Source, s.Place}
	}
	for _, s := range c.Calls {
		if t.from.IsZero() || s.Arrived.Before(t.from) {
			t.from = s.Arrived
		}
		if first := firstOf(s); first != "" && !t.settle(first, untold{s.ID, s.Place}) {
			waits := slices.ContainsFunc(t.waiting[first], func(u untold) bool { return u.id == s.ID })
			if !waits {
				t.waiting[first] = append(t.waiting[first], untold{s.ID, s.Place})
			}
		}
	}
	for _, s := range c.Incidents {
		rest := slices.DeleteFunc(t.waiting[s.ID], func(u untold) bool { return t.settle(s.ID, u) })
		if len(rest) == 0 {
			delete(t.waiting, s.ID)
		} else {
			t.waiting[s.ID] = rest
		}
	}
	for _, s := range c.Gone {
		switch kind, id := s.Split(); kind {
		case "incident":
			delete(t.waiting, cad.IncidentID(id))
			delete(t.begun, cad.IncidentID(id))
		case "call":
			delete(t.settled, cad.CallID(id))
		}
	}
}

// firstOf is the incident that a call came to first; merging moves it later, and changes nothing about who began it.
func firstOf(s *call.State) cad.IncidentID {
	switch {
	case len(s.Trail) > 0:
		return s.Trail[0]
	case s.MovedFrom != "":
		return s.MovedFrom
	}
	return s.Incident
}

// settle counts a call or leaves it out; it answers false while too little is known.
func (t *tally) settle(first cad.IncidentID, u untold) bool {
	row, known := t.begun[first]
	if t.settled[u.id] || !known {
		return known
	}
	if !byCaller(row.source) {
		t.settled[u.id] = true
		t.left++
		return true
	}
	p := u.place
	if p == nil || !p.Valid() {
		p = row.place
	}
	if p == nil || !p.Valid() {
		return false
	}
	t.settled[u.id] = true
	t.counts[[2]int32{int32(math.Round(p.Lon / tallyDeg)), int32(math.Round(p.Lat / tallyDeg))}]++
	t.total++
	return true
}

// byCaller reports whether somebody who called for help began an incident. One of a source that nobody knows is left out.
func byCaller(s incident.Source) bool {
	switch s {
	case incident.Phone, incident.App, incident.WalkIn, incident.Replay, incident.Station:
		return true
	case incident.Patrol, incident.Sensor:
	}
	return false
}

// copy is a tally to reckon with while calls go on.
func (t *tally) copy() tally {
	return tally{from: t.from, counts: maps.Clone(t.counts), total: t.total, left: t.left}
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
