package api

import (
	"context"
	"slices"
	"sync"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/street"
)

// Losses says what the city loses while a unit is away; false while that is not known.
type Losses interface {
	Loss(unit cad.UnitID) (cover.Loss, bool)
}

// How advice is kept ready.
const (
	adviceWait = 300 * time.Millisecond // A dispatch waits no longer for what stands beside it.
	tallyEvery = 30 * time.Second       // World time after which work is counted anew.
	snapsMax   = 20_000                 // Places on the streets that are remembered.
	givenMax   = 1_000                  // Recommendations that are remembered, to know them when a dispatch names one.
	givenFor   = 10 * time.Minute       // World time for which a recommendation may have stood on a screen.
)

// adviser remembers between two questions what is dear to find out. The zero value remembers nothing yet.
type adviser struct {
	mu     sync.Mutex
	snaps  map[geo.Point]street.Snap
	tally  *dispatch.Tally
	tallyC cad.Seq // The position that it was counted at.
	tallyT time.Time
	given  map[string]given
	order  []string // Keys of given, the oldest first.
}

// given is a recommendation that was shown to somebody.
type given struct {
	at    time.Time
	items []incident.Choice
}

// remember notes which units were shown as recommended, under a name.
func (a *adviser) remember(id cad.IncidentID, name string, items []incident.Choice, now time.Time) {
	key := string(id) + "/" + name
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.given == nil {
		a.given = map[string]given{}
	}
	if _, known := a.given[key]; !known {
		a.order = append(a.order, key)
	}
	a.given[key] = given{at: now, items: items}
	if len(a.order) > givenMax {
		delete(a.given, a.order[0])
		a.order = slices.Delete(a.order, 0, 1)
	}
}

// shown gives what stood on a screen under a name; false for a name that nobody was given for this incident lately.
func (a *adviser) shown(id cad.IncidentID, name string, now time.Time) ([]incident.Choice, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	g, known := a.given[string(id)+"/"+name]
	return g.items, known && now.Sub(g.at) <= givenFor
}

// snapper looks places up on the streets, and remembers them: what stands still is looked up once.
func (a *adviser) snapper(streets street.Finder) func(geo.Point) street.Snap {
	return func(p geo.Point) street.Snap {
		a.mu.Lock()
		s, known := a.snaps[p]
		a.mu.Unlock()
		if known {
			return s
		}
		s, _ = streets.Snap(p, dispatch.SnapMaxMeters)
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.snaps == nil || len(a.snaps) >= snapsMax {
			a.snaps = map[geo.Point]street.Snap{}
		}
		a.snaps[p] = s
		return s
	}
}

// reckon counts the work of the day, unless that was done a moment ago.
func (a *adviser) reckon(h *joint.House, now time.Time) *dispatch.Tally {
	a.mu.Lock()
	defer a.mu.Unlock()
	age := now.Sub(a.tallyT)
	if a.tally == nil || age < 0 || age >= tallyEvery || h.Seq < a.tallyC {
		zone, err := time.LoadLocation(h.Org.Zone)
		if err != nil {
			zone = time.UTC
		}
		day := now.In(zone)
		today := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
		a.tally, a.tallyT, a.tallyC = dispatch.Reckon(h, today, now), now, h.Seq
	}
	return a.tally
}

// finder is what travel times are asked of at a moment; nil where there is no map.
func (c *Centre) finder(at time.Time) street.Finder {
	if c.Streets != nil {
		return c.Streets.At(at)
	}
	if c.Map == nil || c.Map.Streets == nil {
		return nil
	}
	return c.Map.Streets
}

// input is what is durable now about an incident, with the units and where they are. There is none about what this
// session may not see.
func (q request) input(id cad.IncidentID) (dispatch.Input, bool) {
	if !q.centre.Board.May(board.ClassOf(q.actor), "incident.read", incident.Subject(id)) {
		return dispatch.Input{}, false
	}
	now := q.centre.Desk.Now()
	var in dispatch.Input
	q.centre.Board.Look(func(h *joint.House) {
		in = dispatch.Of(h, id, now)
		in.Tally = q.centre.adviser.reckon(h, now)
	})
	if in.Incident.ID == "" {
		return in, false
	}
	for u, f := range q.centre.Track.All() {
		in.Fixes[u] = dispatch.Fix{Point: f.Point, At: f.At, Trust: dispatch.Trust(f.Trust(now))}
	}
	if streets := q.centre.finder(now); streets != nil && in.Incident.Place != nil {
		in.Streets, in.Snaps = streets, q.centre.adviser.snapper(streets)
		in.Snap, _ = streets.SnapNamed(*in.Incident.Place, dispatch.SnapMaxMeters, in.Incident.Street)
		q.centre.fleet.mount(&in)
	}
	if losses := q.centre.Losses; losses != nil {
		in.Loss = func(u cad.UnitID) cover.Loss {
			loss, known := losses.Loss(u)
			if !known {
				return dispatch.NoLoss
			}
			return loss
		}
	}
	return in, true
}

// advise asks for a recommendation on what is durable now.
func (q request) advise(id cad.IncidentID) (dispatch.Advice, bool) {
	in, ok := q.input(id)
	if !ok {
		return dispatch.Advice{}, false
	}
	return dispatch.Recommend(q.ctx, in), true
}

// advised is what is recommended, if that can be found out in a moment; nil where it cannot, or breaks. Whoever sends goes
// on without.
func (s *Server) advised(q request, id cad.IncidentID) *dispatch.Advice {
	ctx, cancel := context.WithTimeout(q.ctx, adviceWait)
	defer cancel()
	q.ctx = ctx
	made := make(chan *dispatch.Advice, 1) // Whoever comes too late finds nobody there, and is forgotten.
	go func() {
		defer func() {
			if p := recover(); p != nil {
				s.log.ErrorContext(ctx, "no advice beside a dispatch", "incident", id, "panic", p)
				made <- nil
			}
		}()
		advice, ok := q.advise(id)
		if !ok || ctx.Err() != nil {
			made <- nil
			return
		}
		made <- &advice
	}()
	select {
	case <-ctx.Done():
		return nil
	case advice := <-made:
		return advice
	}
}

// record puts beside a dispatch what is recommended at this moment, and what stood on the screen under the name that the
// client gives. It is never in the way: where nothing could be computed in time, the record says so and the units go.
func (q request) record(cmd *dispatch.Send, advice *dispatch.Advice, named string) {
	if advice == nil {
		cmd.Advice, cmd.ExpectS = &dispatch.Advised{Degraded: []string{dispatch.NotComputed}}, map[cad.UnitID]int64{}
	} else {
		cmd.Advice, cmd.ExpectS = advice.Advised(), expected(advice, cmd.Units)
	}
	if screen, known := q.centre.adviser.shown(cmd.Incident, named, q.centre.Desk.Now()); known {
		cmd.Advice.Shown = true
		if named != cmd.Advice.ID {
			cmd.Advice.Screen = screen
		}
	}
}

// nearest are the free units that would be at an incident first, of those that a word means.
func (q request) nearest(id cad.IncidentID, means func(cad.UnitID) bool, most int) []dispatch.Candidate {
	in, ok := q.input(id)
	if !ok {
		return nil
	}
	return dispatch.Nearest(q.ctx, in, means, most)
}

// expected is when each of some units would be there, as far as an advice knows.
func expected(advice *dispatch.Advice, units []cad.UnitID) map[cad.UnitID]int64 {
	out := map[cad.UnitID]int64{}
	for _, u := range units {
		if eta, known := advice.Eta(u); known {
			out[u] = eta
		}
	}
	return out
}
