// Package deadlines notices that a deadline has passed and writes that down as a fact. What is due is derived from
// the states that the desk shows after each append, so that nothing has to be armed or cancelled by hand and a
// restart arms everything anew. It must never decide whether something is late: the command that it gives asks again.
package deadlines

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/desk"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/order"
	"shuniu/internal/report"
)

// How the reactor is paced when it follows a running clock.
const (
	lookEvery  = 200 * time.Millisecond // Between two looks of Follow, by the machine's clock.
	retryAfter = time.Second            // World time until a deadline that could not be stored is tried again.
	lateAfter  = 5 * time.Second        // Noticed later than this, it counts as late: the server was down.
)

// Reactor passes deadlines of one desk's world. Make it with New; feed it with Take. It may be used by several
// goroutines, but Run by one at a time.
type Reactor struct {
	desk  *desk.Desk
	actor cad.Actor
	log   *slog.Logger

	mu    sync.Mutex
	queue queue
	armed map[cad.Subject]map[string]time.Time // What is due now, by life and kind; the queue may hold older entries.

	passed atomic.Int64
	late   atomic.Int64
}

// New is a reactor that acts as actor. It knows of no deadline until it has taken a commit; see Watch.
func New(d *desk.Desk, actor cad.Actor, log *slog.Logger) *Reactor {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Reactor{desk: d, actor: actor, log: log, armed: map[cad.Subject]map[string]time.Time{}}
}

// Watch makes the desk feed the reactor, first with everything that is open. Errors are those of desk.Watch.
func (r *Reactor) Watch(ctx context.Context) error {
	if err := r.desk.Watch(ctx, r.Take); err != nil {
		return fmt.Errorf("deadlines: the desk cannot be watched: %w", err)
	}
	return nil
}

// Take arms what a commit made due and forgets what it met. It is quick, and never calls the desk.
func (r *Reactor) Take(c desk.Commit) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c.Reset {
		r.queue, r.armed = nil, map[cad.Subject]map[string]time.Time{}
	}
	for _, s := range c.Change.Calls {
		r.arm(call.Subject(s.ID), call.Due(*s))
	}
	for _, s := range c.Change.Incidents {
		r.arm(incident.Subject(s.ID), incident.Due(*s))
	}
	for _, s := range c.Change.Assignments {
		r.arm(assignment.Subject(s.ID), assignment.Due(*s))
	}
	for _, s := range c.Change.Orders {
		r.arm(order.Subject(s.ID), order.Due(*s))
	}
	for _, s := range c.Change.Reports {
		r.arm(report.Subject(s.Incident), report.Due(*s))
	}
	for _, s := range c.Change.Gone {
		delete(r.armed, s)
	}
}

// arm replaces what is due for one life. Entries of the queue that no longer hold are dropped when they come up.
func (r *Reactor) arm(s cad.Subject, due []cad.Deadline) {
	old := r.armed[s]
	if len(due) == 0 {
		delete(r.armed, s)
		return
	}
	now := make(map[string]time.Time, len(due))
	for _, d := range due {
		now[d.Kind] = d.Due
		if was, ok := old[d.Kind]; !ok || !was.Equal(d.Due) {
			heap.Push(&r.queue, entry{Deadline: d, at: d.Due})
		}
	}
	r.armed[s] = now
}

// Armed is how many deadlines lie ahead or are being passed.
func (r *Reactor) Armed() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, kinds := range r.armed {
		n += len(kinds)
	}
	return n
}

// Passed is how many deadlines were written down since New, and Late how many of them more than five seconds of
// world time after they were due.
func (r *Reactor) Passed() int64 { return r.passed.Load() }

// Late is explained at Passed.
func (r *Reactor) Late() int64 { return r.late.Load() }

// Next is the moment of the next deadline; false when none is armed.
func (r *Reactor) Next() (time.Time, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tidy()
	if len(r.queue) == 0 {
		return time.Time{}, false
	}
	return r.queue[0].at, true
}

// tidy drops entries from the front that no longer hold.
func (r *Reactor) tidy() {
	for len(r.queue) > 0 {
		e := r.queue[0]
		if due, ok := r.armed[e.Subject][e.Kind]; ok && due.Equal(e.Due) {
			return
		}
		heap.Pop(&r.queue)
	}
}

// Run passes every deadline that is due at now. One that cannot be stored stays armed and is tried again a second
// of world time later; the error joins what went wrong.
func (r *Reactor) Run(ctx context.Context, now time.Time) error {
	var errs []error
	for ctx.Err() == nil {
		e, ok := r.take(now)
		if !ok {
			break
		}
		if err := r.pass(ctx, e.Deadline, now); err != nil {
			errs = append(errs, err)
			r.again(e, now.Add(retryAfter))
		}
	}
	return errors.Join(errs...)
}

// take removes the first entry that is due.
func (r *Reactor) take(now time.Time) (entry, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tidy()
	if len(r.queue) == 0 || r.queue[0].at.After(now) {
		return entry{}, false
	}
	e, _ := heap.Pop(&r.queue).(entry)
	return e, true
}

// again puts an entry back, if it still holds.
func (r *Reactor) again(e entry, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if due, ok := r.armed[e.Subject][e.Kind]; ok && due.Equal(e.Due) {
		e.at = at
		heap.Push(&r.queue, e)
	}
}

// pass gives the command. Its key names the deadline, so that a repeat after a restart has no second effect.
func (r *Reactor) pass(ctx context.Context, d cad.Deadline, now time.Time) error {
	reply, err := r.desk.Do(ctx, desk.Wish{
		Actor:   r.actor,
		Key:     fmt.Sprintf("deadline/%s/%s/%d", d.Subject, d.Kind, d.Due.Unix()),
		Command: joint.PassDeadline{Subject: d.Subject, Kind: d.Kind, Due: d.Due},
	})
	if err != nil {
		return fmt.Errorf("deadlines: %s of %s: %w", d.Kind, d.Subject, err)
	}
	if !reply.Unchanged && !reply.Repeat {
		r.passed.Add(1)
		if now.Sub(d.Due) > lateAfter {
			r.late.Add(1)
		}
	}
	return nil
}

// Follow runs the reactor beside a clock until ctx ends. What fails is logged and tried again.
func (r *Reactor) Follow(ctx context.Context, now func() time.Time) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := r.Run(ctx, now()); err != nil && ctx.Err() == nil {
			r.log.Warn("a passed deadline could not be written down yet", "error", err)
		}
	}
}

// entry is one deadline in the queue; at is when to try it, later than Due after a failure.
type entry struct {
	cad.Deadline
	at time.Time
}

// queue is a heap, the earliest first; equal moments in the order of their lives, so that every run is the same.
type queue []entry

// Len, Less, Swap, Push and Pop are container/heap's.
func (q queue) Len() int { return len(q) }

// Less is explained at Len.
func (q queue) Less(i, j int) bool {
	if !q[i].at.Equal(q[j].at) {
		return q[i].at.Before(q[j].at)
	}
	if q[i].Subject != q[j].Subject {
		return q[i].Subject < q[j].Subject
	}
	return q[i].Kind < q[j].Kind
}

// Swap is explained at Len.
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push is explained at Len.
func (q *queue) Push(x any) {
	if e, ok := x.(entry); ok {
		*q = append(*q, e)
	}
}

// Pop is explained at Len.
func (q *queue) Pop() any {
	old := *q
	e := old[len(old)-1]
	*q = old[:len(old)-1]
	return e
}
