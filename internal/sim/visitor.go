package sim

import (
	"time"

	"shuniu/internal/api"
	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
)

// When a visitor is taken to have gone away from his own incident, by his own time, while the world's time passed.
const (
	idleMax = 2 * time.Minute  // Nobody did anything about it.
	leftMax = 20 * time.Second // The same, after he said that he is done.
)

// The longest that a tour has the world's speed without saying so again.
const lendMaxS = 60

// loan is a speed that the world has for a tour only, and the incident that the tour is on.
type loan struct {
	speed    float64
	incident cad.IncidentID
	until    time.Time // By the machine's clock; zero: there is none.
}

// visited is an open incident of a visitor.
type visited struct {
	state *incident.State
	since time.Duration // Nobody did anything about it since then, as Awake tells it.
}

// Lend gives the world another speed, and an incident to whoever asks, for some seconds of the machine's clock. A tour asks
// again and again: when its browser is gone, the world is as it was. Without a speed it keeps the one that was lent. 0
// seconds end it at once, and the autopilot may have the incident.
func (w *World) Lend(l api.Loan) error {
	const op = "sim.Lend"
	if l.Speed != nil {
		if err := checkSpeed(*l.Speed); err != nil {
			return err
		}
	}
	if !(l.Seconds >= 0 && l.Seconds <= lendMaxS) {
		return fault.New(op, fault.Invalid, "a speed is lent for 0 to %d seconds", lendMaxS).Because("bad_lend").At("seconds").Mend("ask again before they are over")
	}
	w.change(func() {
		id := cad.IncidentID(l.Incident)
		if l.Seconds == 0 {
			if w.lent = (loan{}); id != "" {
				w.left = id
			}
			return
		}
		if w.left == id {
			w.left = ""
		}
		now := w.clock.real()
		switch {
		case l.Speed != nil:
			w.lent.speed = *l.Speed
		case w.lent.until.IsZero():
			w.lent.speed = w.speed
		}
		w.lent.incident, w.lent.until = id, now.Add(time.Duration(l.Seconds*float64(time.Second)))
	})
	return nil
}

// expire takes a lent speed back when its time is over.
func (w *World) expire() {
	w.mu.Lock()
	over := !w.lent.until.IsZero() && !w.clock.real().Before(w.lent.until)
	w.mu.Unlock()
	if over {
		w.change(func() {
			if !w.clock.real().Before(w.lent.until) { // It may have been lent again meanwhile.
				w.lent = loan{}
			}
		})
	}
}

// Awake is how much of the machine's time the world has run for: what a visitor lived through with it.
func (w *World) Awake() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.awakeNow()
}

func (w *World) awakeNow() time.Duration {
	if w.clock.Speed() == 0 {
		return w.awake
	}
	return w.awake + w.clock.real().Sub(w.awakeAt)
}

// Held reports whether the visitor holds an incident, or is led through it.
func (w *World) Held(id cad.IncidentID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return id != "" && (w.holding == id || w.lent.incident == id)
}

// Left reports whether the visitor said that he is done with an incident.
func (w *World) Left(id cad.IncidentID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return id != "" && w.left == id
}

// visit notes an open incident that we do not answer for. touched says that somebody did something about it just now.
func (p *Autopilot) visit(s *incident.State, touched bool) {
	if p.opt.Awake == nil || !s.Open() || s.Commander.Actor == "" {
		delete(p.visited, s.ID)
		return
	}
	v, had := p.visited[s.ID]
	if !had || touched {
		v.since = p.opt.Awake()
		delete(p.adopted, s.ID)
	}
	v.state = s
	p.visited[s.ID] = v
}

// adopt takes over what visitors went away from. The caller holds the lock.
func (p *Autopilot) adopt() {
	for id, v := range p.visited {
		now := p.opt.Awake()
		limit := idleMax
		if p.opt.Left != nil && p.opt.Left(id) {
			limit = leftMax
		}
		switch {
		case p.opt.Leave(id):
			v.since = now
			p.visited[id] = v
			delete(p.adopted, id)
			delete(p.due, id)
		case p.adopted[id] || now-v.since < limit:
		default:
			p.adopted[id] = true
			if t, ok := p.plan(v.state); ok {
				p.due[id] = t
			}
		}
	}
}

// byPeople are the incidents that somebody at a desk did something about in a commit. What programs of ours do follows
// something or has our name.
func (p *Autopilot) byPeople(c desk.Commit) map[cad.IncidentID]bool {
	out := map[cad.IncidentID]bool{}
	of := map[cad.Subject]cad.IncidentID{}
	for _, a := range c.Change.Assignments {
		of[assignment.Subject(a.ID)] = a.Incident
	}
	for _, r := range c.Records {
		if r.Actor == p.opt.Actor.ID || r.Seat == "" {
			continue
		}
		for _, s := range r.Subjects {
			if kind, id := s.Split(); kind == "incident" {
				out[cad.IncidentID(id)] = true
			} else if id := of[s]; id != "" {
				out[id] = true
			}
		}
	}
	return out
}
