package sim

import (
	"container/heap"
	"strconv"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/callers"
)

// What call-takers do with one call, in turn; see chain.
const (
	doRing     = "ring"
	doAnswer   = "answer"
	doGiveUp   = "give_up"   // The caller hangs up while it rings.
	doSilence  = "silence"   // The call-taker hears nobody and ends it.
	doBack     = "back"      // Somebody calls back.
	doWrite    = "write"     // An incident, or one more call of it.
	doGrade    = "grade"     // What it is and how urgent.
	doDismiss  = "dismiss"   // It is nothing.
	doForward  = "forward"   // The caller is put through to another service.
	doHandOver = "hand_over" // What was written down goes to another service.
	doSettle   = "settle"    // A wrong place is put right.
	doBreak    = "break"     // A call that nobody finishes.
	doHangUp   = "hang_up"   // The caller has said all; it is in no chain, because a person may speak with him for longer.
)

// step is one thing that is done about one call.
type step struct {
	at    time.Time
	what  string
	id    cad.CallID
	call  *callers.Call
	late  time.Duration // By how much it is behind the plan, because a visitor was waited for, or everybody was busy.
	held  bool          // A visitor was waited for.
	tries int
	order int
}

// chain is everything that is done about a call, in turn. It depends on the call only, so that a world that starts
// again finds its place.
func chain(c *callers.Call) []*step {
	answered := c.At.Add(c.Ring)
	ended := answered.Add(c.Talk)
	written := answered.Add(c.Talk * 6 / 10)
	later := func(least, most time.Duration) time.Duration { return least + spread(c, most-least) }
	s := func(what string, at time.Time) *step { return &step{what: what, at: at, call: c} }
	ring, answer := s(doRing, c.At), s(doAnswer, answered)
	switch c.Kind {
	case callers.Abandoned:
		return []*step{ring, s(doGiveUp, answered), s(doBack, answered.Add(later(40*time.Second, 100*time.Second)))}
	case callers.Silent:
		return []*step{ring, answer, s(doSilence, ended), s(doBack, ended.Add(later(30*time.Second, 90*time.Second)))}
	case callers.Nuisance:
		return []*step{ring, answer, s(doWrite, ended), s(doDismiss, ended.Add(later(5*time.Second, 20*time.Second)))}
	case callers.NonPolice:
		if c.Forwarded {
			return []*step{ring, answer, s(doForward, ended)}
		}
		return []*step{ring, answer, s(doWrite, ended), s(doHandOver, ended.Add(later(3*time.Second, 9*time.Second)))}
	case callers.WrongPlace:
		return []*step{ring, answer, s(doWrite, written), s(doGrade, ended), s(doSettle, ended.Add(later(90*time.Second, 240*time.Second)))}
	case callers.Normal, callers.Again:
	}
	return []*step{ring, answer, s(doWrite, written), s(doGrade, ended)}
}

// spread is a time below most, in whole milliseconds, that depends on the call only.
func spread(c *callers.Call, most time.Duration) time.Duration {
	b := rawID(c.At, []string{"spread", c.Event, strconv.Itoa(c.N)})
	x := uint64(b[9])<<16 | uint64(b[10])<<8 | uint64(b[11])
	return time.Duration(float64(most) * float64(x) / (1 << 24)).Truncate(time.Millisecond)
}

// queue holds steps by their time, and by the order in which they were made.
type queue []*step

var _ heap.Interface = (*queue)(nil)

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	if !q[i].at.Equal(q[j].at) {
		return q[i].at.Before(q[j].at)
	}
	return q[i].order < q[j].order
}

func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push is for package heap.
func (q *queue) Push(x any) { *q = append(*q, x.(*step)) } //nolint:forcetypeassert // Only steps are pushed.

// Pop is for package heap.
func (q *queue) Pop() any {
	old := *q
	s := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return s
}
