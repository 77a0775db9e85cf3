package trial

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/street"
)

// Options say how calls are played. The zero value is ready.
type Options struct {
	Seed   uint64
	Sigma  float64       // Spread of the error of street times, as the standard deviation of their logarithm; 0: they are true.
	GiveUp time.Duration // How long a call waits for its first unit before the caller is lost; 0 means two hours.
	// Patience is how long a call waits for the kind of unit that its plan asks for before any patrol or station crew goes
	// instead, as a desk does it; 0 means three minutes, less than 0 for ever.
	Patience time.Duration
	// Each is told about every unit that is sent. May be nil.
	Each func(Job)
	// Progress is told about each call, and may rest. May be nil.
	Progress func(done, all int)
}

const (
	giveUpAfter = 2 * time.Hour
	patience    = 3 * time.Minute
)

// Job is one unit on one call.
type Job struct {
	Unit                cad.UnitID
	Call                string
	Order, Arrive, Free time.Time
}

// Served is what came of one call. Times count from its first word; never means that it did not happen.
type Served struct {
	First  time.Duration // The first unit is there.
	Whole  time.Duration // Everybody is there whom the plan asks for.
	Order  time.Duration // The first unit is sent.
	Sent   int
	Needed bool // The plan asks for somebody.
	Waited bool // Nobody could be sent at once.
	GaveUp bool // Nobody could be sent at all.
	Short  bool // Somebody whom the plan asks for never came.
}

// never marks a time at which something would have happened that did not.
const never = time.Duration(-1)

// Workload is what one unit did.
type Workload struct {
	Unit  cad.UnitID `json:"unit"`
	Sign  string     `json:"call_sign"`
	Kind  string     `json:"kind"`
	Jobs  int        `json:"jobs"`
	BusyS float64    `json:"busy_s"` // From the order until it is free.
	Busy  float64    `json:"busy"`   // The same as a share of the time that was played.
	Km    float64    `json:"km"`     // To the scenes and back.
}

// Outcome is one playing of the calls.
type Outcome struct {
	Served    []Served // In the order of the calls' times.
	Work      []Workload
	QueueMost int     // Most calls that waited at once.
	Km        float64 // Of all units.
}

// What may happen, in the order in which it does when several things come at one moment.
const (
	evFree = iota
	evShift
	evReady
	evHurry
	evGiveUp
)

type event struct {
	at    int64 // Milliseconds.
	what  int8
	index int32 // A unit, or a call.
}

func before(a, b event) bool {
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.what, b.what), cmp.Compare(a.index, b.index)) < 0
}

// car is one unit in a run.
type car struct {
	unit  Unit
	on    int32 // The call that it is on, or -1.
	home  geo.Point
	snap  street.Snap // Of its home.
	roams bool        // It has no home and stays where it was.

	last     geo.Point // Where it became free.
	lastSnap street.Snap
	freed    int64
	back     int64         // When it is home again.
	meters   float64       // Of its way home; 0 when it was counted.
	way      *street.Route // Its way home, once somebody asked where it is.

	jobs int
	busy int64
	km   float64
}

// call is one call in a run.
type call struct {
	Served
	units   []int32       // Everybody sent, in order.
	open    int           // How many of them are not free yet.
	latest  time.Duration // When the last of them is there, from the first word.
	waiting bool
	anybody bool // It waited too long for whom the plan asks for.
	over    bool
}

// run is one playing.
type run struct {
	ctx     context.Context
	trial   *Trial
	opt     Options
	cars    []car
	calls   []call
	events  []event
	queue   []int32 // Calls that wait, most urgent first.
	most    int
	anybody *org.State // The centre, where every call asks for one patrol or station crew.
	streets street.Finder
	kinds   map[string][]int32
	names   []string // Of kinds, sorted, so that no map decides an order.
}

// Run plays the calls with these units. It answers when every call is over; errors are fault.Invalid for a fleet that
// cannot be, or the context's own.
func (t *Trial) Run(ctx context.Context, units []Unit, opt Options) (Outcome, error) {
	if err := checkUnits(units); err != nil {
		return Outcome{}, err
	}
	if opt.GiveUp <= 0 {
		opt.GiveUp = giveUpAfter
	}
	if opt.Patience == 0 {
		opt.Patience = patience
	}
	r := &run{ctx: ctx, trial: t, opt: opt, calls: make([]call, len(t.cases)), kinds: map[string][]int32{}}
	r.anybody = anybodyOf(t.world.Org)
	r.staff(units)
	r.streets = fromHomes(t.world.Streets, r.cars)
	for i := range t.cases {
		r.calls[i] = call{Served: Served{First: never, Whole: never, Order: never}}
		r.push(event{at: t.cases[i].ready, what: evReady, index: int32(i)})
	}
	for done := 0; len(r.events) > 0; {
		e := r.pop()
		if err := ctx.Err(); err != nil {
			return Outcome{}, err
		}
		switch e.what {
		case evFree:
			r.free(e.index, e.at)
		case evShift:
			r.begin(e.index, e.at)
		case evHurry:
			if c := &r.calls[e.index]; c.waiting && c.Sent == 0 {
				c.anybody = true
				r.send(e.index, e.at, -1)
			}
		case evGiveUp:
			r.giveUp(e.index)
		default:
			r.ready(e.index, e.at)
			if done++; opt.Progress != nil {
				opt.Progress(done, len(t.cases))
			}
		}
	}
	return r.outcome(), nil
}

// staff puts every unit at its home.
func (r *run) staff(units []Unit) {
	r.cars = make([]car, len(units))
	for i, u := range units {
		c := car{unit: u, on: -1, back: math.MinInt64}
		if u.State.Home != nil {
			c.home = *u.State.Home
			if f := r.trial.world.Streets; f != nil {
				c.snap, _ = f.Snap(c.home, snapMaxMeters)
			}
		} else {
			c.roams = true
		}
		r.cars[i] = c
		if _, known := r.kinds[u.State.Kind]; !known {
			r.names = append(r.names, u.State.Kind)
		}
		r.kinds[u.State.Kind] = append(r.kinds[u.State.Kind], int32(i))
		if u.Shift.FromS != u.Shift.ToS {
			r.push(event{at: int64(u.Shift.FromS) * 1000, what: evShift, index: int32(i)})
		}
	}
	slices.Sort(r.names)
}

// ready lets somebody be sent to a call.
func (r *run) ready(i int32, now int64) {
	r.send(i, now, -1)
	c := &r.calls[i]
	if c.waiting && c.Sent == 0 {
		c.Waited = true
		r.push(event{at: now + r.opt.GiveUp.Milliseconds(), what: evGiveUp, index: i})
		if r.opt.Patience > 0 {
			r.push(event{at: now + r.opt.Patience.Milliseconds(), what: evHurry, index: i})
		}
	}
}

// giveUp ends a call to which nobody could be sent.
func (r *run) giveUp(i int32) {
	if c := &r.calls[i]; c.Sent == 0 && !c.over {
		c.GaveUp, c.Short = true, true
		r.end(i)
	}
}

// end closes a call; whoever is still missing will not come any more.
func (r *run) end(i int32) {
	c := &r.calls[i]
	c.over = true
	if c.waiting {
		c.waiting, c.Short = false, true
		r.queue = slices.DeleteFunc(r.queue, func(k int32) bool { return k == i })
	}
}

// free ends a unit's work on a call: it drives home, or to the call that waits most urgently.
func (r *run) free(k int32, now int64) {
	v := &r.cars[k]
	i := v.on
	c := &r.calls[i]
	v.on, v.freed, v.way = -1, now, nil
	v.last, v.lastSnap = r.trial.cases[i].call.Place, r.trial.cases[i].snap
	r.headHome(v, now)
	if c.open--; c.open == 0 {
		r.end(i)
	}
	if r.onDuty(v, now) {
		r.offer(k, now)
	}
}

// headHome works out when a unit will be at its home.
func (r *run) headHome(v *car, now int64) {
	v.back, v.meters = now, 0
	if v.roams {
		v.home, v.snap = v.last, v.lastSnap
		return
	}
	kind := r.kindOf(v)
	if f := r.streets; f != nil && v.lastSnap.OK() && v.snap.OK() && !kind.Straight {
		if trip := f.OneToMany(r.ctx, v.lastSnap, []street.Snap{v.snap})[0]; trip.OK {
			v.back, v.meters = now+kind.Takes(trip.Duration, trip.Meters).Milliseconds(), trip.Meters
			return
		}
	}
	v.meters = geo.DistanceMeters(v.last, v.home)
	v.back = now + kind.Crow(v.meters, crowKmh).Milliseconds()
}

// crowKmh is how fast a car drives along a straight line where no street helps, as in live advice.
const crowKmh = 30.0

// kindOf is the kind of a unit, which says how it gets on.
func (r *run) kindOf(v *car) org.Kind { return r.trial.world.Org.Kinds[v.unit.State.Kind] }

// offerMax is how many waiting calls a unit that becomes free looks at.
const offerMax = 200

// offer gives a free unit to the first waiting call that needs it.
func (r *run) offer(k int32, now int64) {
	for _, i := range slices.Clone(r.queue[:min(len(r.queue), offerMax)]) {
		if r.send(i, now, k); r.cars[k].on >= 0 {
			return
		}
	}
}

// begin is the beginning of a shift; the next one is a day later, as long as there are calls.
func (r *run) begin(k int32, now int64) {
	const day = 24 * 3600 * 1000
	if last := r.trial.cases[len(r.trial.cases)-1]; now+day <= last.ready+r.opt.GiveUp.Milliseconds() {
		r.push(event{at: now + day, what: evShift, index: k})
	}
	if r.cars[k].on < 0 {
		r.offer(k, now)
	}
}

func (r *run) onDuty(v *car, now int64) bool {
	if v.unit.Shift.FromS == v.unit.Shift.ToS {
		return true
	}
	return v.unit.Shift.Has(int(now/1000) % 86400)
}

// enqueue lets a call wait for those whom it lacks, behind the more urgent ones.
func (r *run) enqueue(i int32) {
	c := &r.calls[i]
	if c.waiting {
		return
	}
	c.waiting = true
	at, _ := slices.BinarySearchFunc(r.queue, i, r.urgency)
	r.queue = slices.Insert(r.queue, at, i)
	r.most = max(r.most, len(r.queue))
}

func (r *run) urgency(a, b int32) int {
	x, y := &r.trial.cases[a], &r.trial.cases[b]
	return cmp.Or(cmp.Compare(x.incident.Priority, y.incident.Priority), cmp.Compare(x.at, y.at), cmp.Compare(a, b))
}

// outcome sums up a playing.
func (r *run) outcome() Outcome {
	out := Outcome{Served: make([]Served, len(r.calls)), QueueMost: r.most}
	for i := range r.calls {
		out.Served[i] = r.calls[i].Served
	}
	first, last := r.trial.cases[0].at, r.trial.cases[len(r.trial.cases)-1].ready
	for i := range r.cars {
		v := &r.cars[i]
		v.km += v.meters / 1000
		w := Workload{Unit: v.unit.State.ID, Sign: v.unit.State.CallSign, Kind: v.unit.State.Kind, Jobs: v.jobs, BusyS: float64(v.busy) / 1000, Km: v.km}
		if last > first {
			w.Busy = float64(v.busy) / float64(last-first)
		}
		out.Work, out.Km = append(out.Work, w), out.Km+w.Km
	}
	return out
}

// push and pop keep the events as a heap.
func (r *run) push(e event) {
	h := append(r.events, e)
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if !before(h[i], h[up]) {
			break
		}
		h[i], h[up], i = h[up], h[i], up
	}
	r.events = h
}

func (r *run) pop() event {
	h := r.events
	top, n := h[0], len(h)-1
	h[0] = h[n]
	h = h[:n]
	for i := 0; ; {
		down := 2*i + 1
		if down >= n {
			break
		}
		if down+1 < n && before(h[down+1], h[down]) {
			down++
		}
		if !before(h[down], h[i]) {
			break
		}
		h[i], h[down], i = h[down], h[i], down
	}
	r.events = h
	return top
}
