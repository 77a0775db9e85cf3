package sim

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/street"
	"shuniu/internal/track"
)

// How the people at the desks are paced, in world time.
const (
	askAgain = 30 * time.Second // When nobody could be sent, or units are still there.
	inTime   = 10 * time.Second // How long before the limit for sending passes somebody is sent, whoever it is.
)

// Autopilot is the people at the desks of a world: it sends what is recommended, reads reports and closes
// incidents, as long as nobody else answers for them; what a visitor went away from it takes over. It is a Stepper. Make
// it with NewAutopilot.
type Autopilot struct {
	opt AutopilotOptions

	mu   sync.Mutex
	due  map[cad.IncidentID]task
	duty cad.ActorID // The duty commander of this centre; empty if it names none.

	visited map[cad.IncidentID]visited // What we do not answer for.
	adopted map[cad.IncidentID]bool    // Of those, what we took over.
}

// AutopilotOptions are what an autopilot is made of.
type AutopilotOptions struct {
	Desk    *desk.Desk
	Board   *board.Board
	Track   *track.Book
	Streets *street.Network           // nil: straight lines, unless there is an engine.
	Engine  *street.Engine            // Answers instead of Streets, quicker and by the hour; nil: there is none.
	Actor   cad.Actor                 // It works on incidents that this actor commands, and leaves all others alone.
	Sends   bool                      // False: units are sent by somebody else.
	Leave   func(cad.IncidentID) bool // Incidents to leave alone now; nil means none.
	// Awake is how much of a visitor's own time the world has run for, and Left whether he said that he is done with an
	// incident; see World. Without Awake nothing of his is ever taken over.
	Awake func() time.Duration
	Left  func(cad.IncidentID) bool
	Seed  uint64
	// Patience is how long an incident waits for the kind of unit that its type asks for before the nearest patrol or
	// station crew goes instead: never so long that its limit for sending passes. 0 means for ever, limit or not.
	Patience time.Duration
}

// task is the next thing to do about an incident.
type task struct {
	verb string // "send", "review" or "close".
	mark int64  // What the verb answers, so that a second report is reviewed again.
	at   time.Time
	last time.Time // Before then something should have been done; zero: whenever.
}

// NewAutopilot does nothing before it has taken a commit; see Watch.
func NewAutopilot(o AutopilotOptions) *Autopilot {
	if o.Leave == nil {
		o.Leave = func(cad.IncidentID) bool { return false }
	}
	return &Autopilot{opt: o, due: map[cad.IncidentID]task{}, visited: map[cad.IncidentID]visited{}, adopted: map[cad.IncidentID]bool{}}
}

// Watch makes the desk feed the autopilot. Errors are those of desk.Watch.
func (p *Autopilot) Watch(ctx context.Context) error {
	if err := p.opt.Desk.Watch(ctx, p.Take); err != nil {
		return fmt.Errorf("sim: the desk cannot be watched: %w", err)
	}
	return nil
}

// Take notes what is to be done about what changed. It is quick, and never calls the desk.
func (p *Autopilot) Take(c desk.Commit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.Reset {
		clear(p.due)
		clear(p.visited)
		clear(p.adopted)
	}
	if c.Change.Org != nil {
		p.duty = c.Change.Org.DutyCommander()
	}
	people := p.byPeople(c)
	for _, s := range c.Change.Incidents {
		if !p.ours(s) {
			p.visit(s, people[s.ID])
		}
		t, ok := p.plan(s)
		old, had := p.due[s.ID]
		switch {
		case !ok:
			delete(p.due, s.ID)
		case !had || old.verb != t.verb || old.mark != t.mark:
			p.due[s.ID] = t
		}
	}
	for _, s := range c.Change.Gone {
		if kind, id := s.Split(); kind == "incident" {
			delete(p.due, cad.IncidentID(id))
			delete(p.visited, cad.IncidentID(id))
			delete(p.adopted, cad.IncidentID(id))
		}
	}
}

// ours are the incidents that we answer for, and those of recorded or simulated callers for which the duty commander
// does since units were sent. What a visitor opened or took is his.
func (p *Autopilot) ours(s *incident.State) bool {
	who := s.Commander.Actor
	return who == p.opt.Actor.ID || (s.Source == incident.Replay || Made(string(s.ID))) && who != "" && who == p.duty
}

// plan says what is to be done next about an incident, if it is ours.
func (p *Autopilot) plan(s *incident.State) (task, bool) {
	if !p.ours(s) && !p.adopted[s.ID] {
		return task{}, false
	}
	wait := func(verb string, from time.Time, least, most time.Duration) (task, bool) {
		h := fnv.New64a()
		_, _ = fmt.Fprintf(h, "%d/%s/%s", p.opt.Seed, s.ID, verb)
		t := task{verb: verb, mark: from.UnixMilli(), at: from.Add(least + time.Duration(h.Sum64()%uint64(most-least)))}
		if verb == "send" && p.opt.Patience > 0 {
			t.last = from.Add(p.opt.Patience)
			if i := slices.IndexFunc(incident.Due(*s), func(d cad.Deadline) bool { return d.Kind == "dispatch" }); i >= 0 {
				t.last = earlier(t.last, incident.Due(*s)[i].Due.Add(-inTime))
			}
			t.at = earlier(t.at, t.last)
		}
		return t, true
	}
	switch s.Phase {
	case incident.Classified:
		switch {
		case !p.opt.Sends || !s.WorkAt.IsZero():
		case s.Priority == cad.P1:
			return wait("send", s.ClassifiedAt, 5*time.Second, 20*time.Second)
		default:
			return wait("send", s.ClassifiedAt, 12*time.Second, 50*time.Second)
		}
	case incident.Received: // Graded in a moment, or never: somebody must go and look.
		if p.opt.Sends {
			return wait("send", s.Received, 2*time.Minute, 3*time.Minute)
		}
	case incident.ReportedBack:
		return wait("review", s.ReportedAt, time.Minute, 4*time.Minute)
	case incident.Reviewed:
		return wait("close", s.ReviewedAt, 30*time.Second, 2*time.Minute)
	case incident.InWork, incident.Closed, incident.Merged, incident.Transferred, incident.Invalid:
	}
	return task{}, false
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Next is when it does the next thing; false when it waits for others.
func (p *Autopilot) Next() (time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.adopt()
	var first time.Time
	for _, t := range p.due {
		if first.IsZero() || t.at.Before(first) {
			first = t.at
		}
	}
	return first, len(p.due) > 0
}

// Run does what is due. What is refused is tried again after a while, because the world moved.
func (p *Autopilot) Run(ctx context.Context, now time.Time) error {
	p.mu.Lock()
	todo := map[cad.IncidentID]task{}
	for id, t := range p.due {
		if !t.at.After(now) {
			todo[id] = t
			later := t
			later.at = now.Add(askAgain)
			if t.last.After(now) {
				later.at = earlier(later.at, t.last)
			}
			p.due[id] = later // What changes the incident takes this away again.
		}
	}
	p.mu.Unlock()
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(todo)) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if p.opt.Leave(id) {
			continue
		}
		errs = append(errs, p.do(ctx, id, todo[id], now))
	}
	return errors.Join(errs...)
}

func (p *Autopilot) do(ctx context.Context, id cad.IncidentID, t task, now time.Time) error {
	w := desk.Wish{Actor: p.opt.Actor, Key: "autopilot/" + string(id) + "/" + t.verb + "/" + strconv.FormatInt(t.mark, 10)}
	switch t.verb {
	case "review":
		w.Command = about(id, "review", incident.Review{ID: id})
	case "close":
		w.Command = about(id, "close", incident.Close{ID: id})
	default:
		send, ok := p.send(ctx, id, now, !t.last.IsZero() && !t.last.After(now))
		if !ok {
			return nil
		}
		w.Command = send
	}
	_, err := p.opt.Desk.Do(ctx, w)
	var f *fault.Error
	if errors.As(err, &f) && f.Kind != fault.Unavailable && f.Kind != fault.Internal {
		return nil // The world moved; it is tried again.
	}
	if err != nil {
		return fmt.Errorf("sim: the autopilot could not %s: %w", t.verb, err)
	}
	return nil
}

// send is what is recommended; false when nobody can go. When nobody is recommended, anybody will do who patrols.
func (p *Autopilot) send(ctx context.Context, id cad.IncidentID, now time.Time, anybody bool) (dispatch.Send, bool) {
	cmd := dispatch.Send{Incident: id, ExpectS: map[cad.UnitID]int64{}}
	advice := p.advise(ctx, id, now)
	items := slices.DeleteFunc(slices.Clone(advice.Items), func(c dispatch.Candidate) bool { return c.State != dispatch.StateFree })
	if anybody && !slices.ContainsFunc(items, func(c dispatch.Candidate) bool { return c.Pick }) {
		if i := slices.IndexFunc(items, p.patrols); i >= 0 {
			items[i].Pick = true
		}
	}
	for _, c := range items {
		if !c.Pick {
			continue
		}
		cmd.Units = append(cmd.Units, c.Unit)
		cmd.IDs = append(cmd.IDs, cad.AssignmentID(idOf(now, "autopilot", string(id), string(c.Unit))))
		if c.EtaS != nil {
			cmd.ExpectS[c.Unit] = *c.EtaS
		}
	}
	cmd.Advice = advice.Advised()
	cmd.Advice.Shown = true
	return cmd, len(cmd.Units) > 0
}

// patrols reports whether somebody could look after anything, and knows the way.
func (p *Autopilot) patrols(c dispatch.Candidate) (yes bool) {
	p.opt.Board.Look(func(h *joint.House) {
		k := h.Org.Kinds[c.Kind]
		yes = c.EtaS != nil && (k.Patrol || k.OwnStation)
	})
	return yes
}

// advise asks for a recommendation on what is durable now.
func (p *Autopilot) advise(ctx context.Context, id cad.IncidentID, now time.Time) dispatch.Advice {
	var in dispatch.Input
	p.opt.Board.Look(func(h *joint.House) { in = dispatch.Of(h, id, now) })
	if p.opt.Track != nil {
		for u, f := range p.opt.Track.All() {
			in.Fixes[u] = dispatch.Fix{Point: f.Point, At: f.At, Trust: dispatch.Trust(f.Trust(now))}
		}
	}
	if p.opt.Engine != nil {
		in.Streets = p.opt.Engine.At(now)
	} else if p.opt.Streets != nil {
		in.Streets = p.opt.Streets
	}
	if in.Streets != nil && in.Incident.Place != nil {
		in.Snap, _ = in.Streets.SnapNamed(*in.Incident.Place, dispatch.SnapMaxMeters, in.Incident.Street)
	}
	return dispatch.Recommend(ctx, in)
}
