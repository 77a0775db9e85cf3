package sim

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/telephone"
)

// How people behave whom somebody rings, in the world's time: an assumption, long enough to be seen.
const (
	picksUpAfter  = 6 * time.Second
	talksBackFor  = 40 * time.Second
	ringsInVain   = 25 * time.Second
	oneInSoManyIs = 4 // Not there.
)

// Exchange is a simulated telephone exchange (telephone.Switch), with the people on its other side. It is a Stepper: whoever is
// called back picks up after a while, or does not. Make it with NewExchange.
type Exchange struct {
	now func() time.Time

	mu    sync.Mutex
	ear   telephone.Ear
	lines map[cad.CallID]*trunk
}

// trunk is one line.
type trunk struct {
	report telephone.Report
	stand  telephone.Stand
	due    time.Time // When the other side does the next thing; zero: it waits.
}

var _ telephone.Switch = (*Exchange)(nil)

// NewExchange is an exchange without lines. now is the world's clock.
func NewExchange(now func() time.Time) *Exchange {
	return &Exchange{now: now, lines: map[cad.CallID]*trunk{}}
}

func (x *Exchange) line(id cad.CallID) *trunk {
	l := x.lines[id]
	if l == nil {
		l = &trunk{report: telephone.Report{Call: id}}
		x.lines[id] = l
	}
	return l
}

// Connect is telephone.Switch.
func (x *Exchange) Connect(ctx context.Context, ear telephone.Ear) error {
	x.mu.Lock()
	x.ear = ear
	ids := slices.Sorted(maps.Keys(x.lines))
	x.mu.Unlock()
	for _, id := range ids {
		if err := x.tell(ctx, id, func(*telephone.Report) {}); err != nil {
			return err
		}
	}
	return nil
}

// Set is telephone.Switch.
func (x *Exchange) Set(_ context.Context, s telephone.Stand) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	l := x.line(s.Call)
	if s.Seq <= l.stand.Seq {
		return nil
	}
	l.stand = s
	switch {
	case s.Line == telephone.Dialling && l.due.IsZero():
		l.due = x.now().Add(picksUpAfter)
		if absent(s.Call) {
			l.due = x.now().Add(ringsInVain)
		}
	case s.Line == telephone.Down && !l.report.Rang.IsZero(), s.Line == telephone.Through:
		delete(x.lines, s.Call)
	}
	return nil
}

// absent says of a call that nobody picks it up; the same every time.
func absent(id cad.CallID) bool {
	sum := 0
	for _, b := range []byte(id) {
		sum += int(b)
	}
	return sum%oneInSoManyIs == 0
}

// Stood is how a line stands.
func (x *Exchange) Stood(id cad.CallID) telephone.Stand {
	x.mu.Lock()
	defer x.mu.Unlock()
	if l := x.lines[id]; l != nil {
		return l.stand
	}
	return telephone.Stand{}
}

// tell changes what is known of a line and says all of it.
func (x *Exchange) tell(ctx context.Context, id cad.CallID, change func(*telephone.Report)) error {
	x.mu.Lock()
	l := x.line(id)
	change(&l.report)
	r, ear := l.report, x.ear
	r.Recordings, r.Left = slices.Clone(r.Recordings), slices.Clone(r.Left)
	x.mu.Unlock()
	if ear == nil {
		return nil
	}
	if err := ear(ctx, r); err != nil {
		return err
	}
	if !r.Ended.IsZero() {
		x.mu.Lock()
		delete(x.lines, id)
		x.mu.Unlock()
	}
	return nil
}

// Ring lets a telephone ring.
func (x *Exchange) Ring(ctx context.Context, r telephone.Report) error {
	if r.Rang.IsZero() {
		r.Rang = x.now()
	}
	return x.tell(ctx, r.Call, func(known *telephone.Report) {
		known.Trunk, known.Number, known.Name, known.Place, known.Rang = r.Trunk, r.Number, r.Name, r.Place, r.Rang
	})
}

// HangUp lets the other side hang up.
func (x *Exchange) HangUp(ctx context.Context, id cad.CallID) error {
	return x.tell(ctx, id, func(r *telephone.Report) { r.Ended = x.now() })
}

// Leave lets somebody go from a conference.
func (x *Exchange) Leave(ctx context.Context, id cad.CallID, leg string) error {
	return x.tell(ctx, id, func(r *telephone.Report) { r.Left = append(r.Left, leg) })
}

// Record keeps a recording of a call.
func (x *Exchange) Record(ctx context.Context, id cad.CallID, ref string) error {
	return x.tell(ctx, id, func(r *telephone.Report) { r.Recordings = append(r.Recordings, ref) })
}

// Next is when somebody on the other side does something.
func (x *Exchange) Next() (time.Time, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	_, at, ok := x.first()
	return at, ok
}

func (x *Exchange) first() (id cad.CallID, at time.Time, ok bool) {
	for _, k := range slices.Sorted(maps.Keys(x.lines)) {
		if l := x.lines[k]; !l.due.IsZero() && (!ok || l.due.Before(at)) {
			id, at, ok = k, l.due, true
		}
	}
	return id, at, ok
}

// Run lets whoever is rung pick up, or not, and hang up when all was said.
func (x *Exchange) Run(ctx context.Context, now time.Time) error {
	for ctx.Err() == nil {
		x.mu.Lock()
		id, at, ok := x.first()
		if !ok || at.After(now) {
			x.mu.Unlock()
			return nil
		}
		l := x.lines[id]
		there := l.report.Answered.IsZero() && !absent(id)
		l.due = time.Time{}
		if there {
			l.due = now.Add(talksBackFor)
		}
		x.mu.Unlock()
		err := x.tell(ctx, id, func(r *telephone.Report) {
			if there {
				r.Answered = now
			} else {
				r.Ended = now
			}
		})
		if err != nil {
			x.mu.Lock()
			l.due = at
			x.mu.Unlock()
			return err
		}
	}
	return ctx.Err()
}
