package sim

import (
	"container/heap"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/callers"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/street"
)

// Phones plays simulated callers, and the call-takers who speak with them, into a desk: telephones ring, are answered,
// written down, graded, attached, called back or handed over. It is a Stepper. Make it with NewPhones, then Start it.
type Phones struct {
	opt PhonesOptions
	gen *callers.Generator // Under mu.

	mu      sync.Mutex
	queue   queue
	order   int       // Of the steps that were made, for those at one moment.
	now     time.Time // When the telephones were last looked after.
	horizon time.Time // Calls of events that begin before this are in the queue; zero before Start.
	surge   callers.Surge
	surgeAt time.Time // The first minute that has the surge.
	events  map[string]*happening
	words   map[cad.CallID]*callers.Call
	scenes  map[cad.IncidentID]*callers.Call // Whose crews stay as long, and end it so.
	busy    []time.Time                      // When each call-taker who speaks is free again.
	waiting cad.CallID                       // The call that is left to ring for a visitor.
	told    PhonesTold
}

// PhonesOptions are what telephones are made of.
type PhonesOptions struct {
	Desk    *desk.Desk
	Board   *board.Board
	Actor   cad.Actor // Who answers for all call-takers.
	Ground  *callers.Ground
	Streets *street.Network           // Names the street of a place; nil leaves it out.
	Leave   func(cad.IncidentID) bool // Incidents to leave alone now; nil means none. New calls about them are still attached.
	Seed    uint64
	PerDay  float64        // Calls a day; 0 means the figures' own.
	Zone    *time.Location // Whose hours and months count; nil means UTC.
	Lang    string         // Of what call-takers write; it is that of the ground, and must agree if it is not empty.
	Visitor func() bool    // True while a person at the desk wants to answer: one call at a time rings longer for him. nil: nobody.
	Wait    time.Duration  // How long such a call rings for him; 0 means 30 s of the world's time.
	Quiet   bool           // True where nobody calls on an ordinary day: only big incidents ring, and the surge cannot be changed.
	Line    *Exchange      // Where they ring; nil: straight at the desk.
	Takers  int            // How many call-takers there are: when all speak, calls ring longer. 0 means as many as are needed.
}

// PhonesTold counts what the telephones did.
type PhonesTold struct {
	Calls     int // That rang.
	Kinds     map[callers.Kind]int
	Opened    int // Incidents, with those that only call back.
	Attached  int // Calls to incidents that were known.
	Urged     int
	Lost      int // Silent and given up.
	Invalid   int
	Forwarded int // To other services, before or after something was written down.
	Corrected int // Places.
	Merged    int
	Taken     int            // By a person at the desk.
	Refused   map[string]int // By the code of the refusal.
}

// happening is an event whose calls have begun.
type happening struct {
	calls []*callers.Call
	last  time.Time
}

const waitForVisitor = 30 * time.Second

// NewPhones makes telephones that are still. Errors are those of callers.New, and fault.Invalid for a language that is
// not the ground's.
func NewPhones(o PhonesOptions) (*Phones, error) {
	if o.Leave == nil {
		o.Leave = func(cad.IncidentID) bool { return false }
	}
	if o.Wait == 0 {
		o.Wait = waitForVisitor
	}
	if o.Ground != nil && o.Lang != "" && o.Lang != o.Ground.Lang {
		return nil, fault.New("sim.NewPhones", fault.Invalid, "callers speak %q on a ground that is %q", o.Lang, o.Ground.Lang).Mend("read the ground in the language of the centre")
	}
	gen, err := callers.New(callers.Options{Ground: o.Ground, Seed: o.Seed, PerDay: o.PerDay, Zone: o.Zone})
	if err != nil {
		return nil, err
	}
	p := &Phones{opt: o, gen: gen}
	p.reset()
	p.told = PhonesTold{Kinds: map[callers.Kind]int{}, Refused: map[string]int{}}
	return p, nil
}

func (p *Phones) reset() {
	p.queue, p.waiting, p.busy = nil, "", nil
	p.events, p.words, p.scenes = map[string]*happening{}, map[cad.CallID]*callers.Call{}, map[cad.IncidentID]*callers.Call{}
}

// Start puts the telephones to a moment. Calls that rang before it are not played again; what is still to be done about
// them is, and later callers of the same events still come. A surge, and a big incident that had begun, end; calls of
// theirs that nobody would finish any more are ended as broken.
func (p *Phones) Start(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reset()
	p.now = at
	p.surge, p.surgeAt = callers.Surge{}, time.Time{}
	p.horizon = at.Add(-callers.Longest).Truncate(time.Minute)
	for !p.horizon.After(at) {
		p.minute(at)
	}
	planned := map[cad.CallID]bool{}
	for _, s := range p.queue {
		planned[s.id] = true
	}
	var orphans []cad.CallID
	p.opt.Board.Look(func(h *joint.House) {
		for id, c := range h.Calls {
			if c.Speaking && Made(string(id)) {
				p.push(&step{at: at.Add(brokenAfter), what: doHangUp, id: id, call: &callers.Call{At: at, Event: string(id)}})
			}
			open := c.Phase == call.Ringing || c.Phase == call.InTalk && c.AnsweredBy == p.opt.Actor.ID
			if open && !planned[id] && Made(string(id)) {
				orphans = append(orphans, id)
			}
		}
	})
	slices.Sort(orphans)
	for _, id := range orphans {
		p.push(&step{at: at.Add(brokenAfter), what: doBreak, id: id, call: &callers.Call{At: at, Event: string(id), Kind: callers.Abandoned}})
	}
}

// brokenAfter is how long after a start a call that nobody finishes ends.
const brokenAfter = 10 * time.Second

// minute plans the calls of events that begin in the next minute, from at on.
func (p *Phones) minute(at time.Time) {
	s := p.surge
	if p.horizon.Before(p.surgeAt) {
		s = callers.Surge{}
	}
	if !p.opt.Quiet {
		p.plan(p.gen.Minute(nil, p.horizon, s), at)
	}
	p.horizon = p.horizon.Add(time.Minute)
	if p.horizon.Unix()%3600 == 0 {
		p.forget(p.now)
	}
}

// plan puts calls into the queue, each at its first step that is not before at.
func (p *Phones) plan(calls []callers.Call, at time.Time) {
	for i := range calls {
		c := &calls[i]
		e := p.events[c.Event]
		if e == nil {
			e = &happening{}
			p.events[c.Event] = e
		}
		e.calls = append(e.calls, c)
		if c.At.After(e.last) {
			e.last = c.At
		}
		id := p.callID(c)
		p.words[id] = c
		if c.Scene > 0 {
			p.scene(c)
		}
		for _, s := range chain(c) {
			if s.at.Before(at) {
				continue
			}
			s.id = id
			p.push(s)
			break
		}
	}
}

// scene notes how long crews stay at a call's incident: as the first of an event says.
func (p *Phones) scene(c *callers.Call) {
	if id := p.incidentID(c); p.scenes[id] == nil {
		p.scenes[id] = c
	}
}

func (p *Phones) push(s *step) {
	s.order = p.order
	p.order++
	heap.Push(&p.queue, s)
}

// forget drops what nobody will ask for any more.
func (p *Phones) forget(now time.Time) {
	for name, e := range p.events {
		if now.Sub(e.last) >= 2*callers.Longest {
			p.drop(name, e)
		}
	}
}

func (p *Phones) drop(name string, e *happening) {
	for _, c := range e.calls {
		delete(p.words, p.callID(c))
		delete(p.scenes, p.incidentID(c))
	}
	delete(p.events, name)
}

// lookMax is how far ahead the next call is looked for: where nobody calls in a month, nobody calls.
const lookMax = 31 * 24 * time.Hour

// Next is when something happens on a telephone; false before Start, and where nobody calls.
func (p *Phones) Next() (time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.next()
}

func (p *Phones) next() (time.Time, bool) {
	if p.horizon.IsZero() {
		return time.Time{}, false
	}
	for len(p.queue) == 0 || !p.queue[0].at.Before(p.horizon) {
		if p.horizon.Sub(p.now) > lookMax {
			break
		}
		p.minute(time.Time{})
	}
	if len(p.queue) == 0 {
		return time.Time{}, false
	}
	return p.queue[0].at, true
}

// Run does what is due. A refusal is counted and passed over; what could not be stored is given back as the error and
// tried again by the next Run.
func (p *Phones) Run(ctx context.Context, now time.Time) error {
	for ctx.Err() == nil {
		p.mu.Lock()
		p.now = now
		at, ok := p.next()
		if !ok || at.After(now) {
			p.mu.Unlock()
			return nil
		}
		s := heap.Pop(&p.queue).(*step) //nolint:forcetypeassert // It holds nothing else.
		p.mu.Unlock()
		more, err := p.do(ctx, s, now)
		p.mu.Lock()
		if err != nil {
			heap.Push(&p.queue, s)
			p.mu.Unlock()
			return err
		}
		if more {
			p.follow(s)
		}
		p.mu.Unlock()
	}
	return ctx.Err()
}

// follow puts the step after this one into the queue, later by as much as this one was.
func (p *Phones) follow(s *step) {
	steps := chain(s.call)
	for i, x := range steps {
		if x.what == s.what && i+1 < len(steps) {
			n := steps[i+1]
			n.id, n.late = s.id, s.late
			n.at = n.at.Add(s.late)
			p.push(n)
			return
		}
	}
}

// SetSurge turns the dial: from the next minute on so many more calls, of such a mix. What a surge had planned before
// and has not begun is dropped. Errors are fault.Invalid.
func (p *Phones) SetSurge(s callers.Surge, now time.Time) error {
	if p.opt.Quiet {
		return recordedCalls()
	}
	if err := p.gen.Book().Check(s); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	next := now.Truncate(time.Minute).Add(time.Minute)
	for name, e := range p.events {
		if callers.OfSurge(name) && !e.calls[0].At.Before(next) {
			p.drop(name, e)
		}
	}
	p.queue = slices.DeleteFunc(p.queue, func(x *step) bool { return callers.OfSurge(x.call.Event) && p.events[x.call.Event] == nil })
	heap.Init(&p.queue)
	p.surge, p.surgeAt = s, next
	for m := next; m.Before(p.horizon); m = m.Add(time.Minute) {
		calls := slices.DeleteFunc(p.gen.Minute(nil, m, s), func(c callers.Call) bool { return !callers.OfSurge(c.Event) })
		p.plan(calls, time.Time{})
	}
	return nil
}

// Surge is how the dial stands.
func (p *Phones) Surge() callers.Surge {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.surge
}

// firstRing is how long after the word a big incident's first caller rings.
const firstRing = time.Second

// Begin starts a big incident of callers.Scenarios: its first caller rings a second later. It gives the place that he
// will say. Errors are those of callers.Generator.Big.
func (p *Phones) Begin(_ context.Context, scenario string, now time.Time) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	calls, err := p.gen.Big(scenario, now.Add(firstRing).Truncate(time.Millisecond))
	if err != nil {
		return "", err
	}
	if p.events[calls[0].Event] == nil { // Twice at one moment is once.
		p.plan(calls, time.Time{})
	}
	return calls[0].Place, nil
}

// Said is what the caller of a call says, or will say when somebody answers; false for a call that is not of these
// telephones.
func (p *Phones) Said(id cad.CallID) (callers.Call, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.words[id]; c != nil {
		return *c, true
	}
	return callers.Call{}, false
}

// OnScene is how long a crew will work at an incident of these telephones; false for any other.
func (p *Phones) OnScene(id cad.IncidentID) (time.Duration, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.scenes[id]; c != nil {
		return c.Scene, true
	}
	return 0, false
}

// Result is the code with which an incident of these telephones should end; empty for any other.
func (p *Phones) Result(id cad.IncidentID) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.scenes[id]; c != nil {
		return c.Result
	}
	return ""
}

// Told gives the counts so far.
func (p *Phones) Told() PhonesTold {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.told
	t.Kinds, t.Refused = maps.Clone(t.Kinds), maps.Clone(t.Refused)
	return t
}

// sealed seals words for an incident.
func (p *Phones) sealed(id cad.IncidentID, words string) (cad.Sealed, error) {
	return p.opt.Desk.Seal(incident.Subject(id), board.Words{Text: words})
}
