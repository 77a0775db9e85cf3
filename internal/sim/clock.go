// Package sim runs worlds that are not live: a replay of recorded calls without a clock, and the demo's city whose
// time runs faster than ours. Everything in it acts only through the desk, as a person would. It must never be
// part of a live centre.
package sim

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Stepper is something that acts at moments of the world's own time: recorded calls, crews, deadlines. A replay
// jumps from one such moment to the next; a demo lets them come.
type Stepper interface {
	// Next is when it wants to act next; false when it waits for something else to happen first.
	Next() (time.Time, bool)
	// Run does everything that is due at now.
	Run(ctx context.Context, now time.Time) error
}

// Clock is a world's clock: it can run at any speed, stand still, and be put forward. Make it with NewClock. It may
// be used by many goroutines.
type Clock struct {
	mu    sync.Mutex
	base  time.Time // The world's time at since.
	since time.Time // The machine's time.
	speed float64   // World seconds in a second; 0 stands still.
	real  func() time.Time
}

// NewClock is a clock that stands still at a moment. machine is the machine's clock; nil means the real one.
func NewClock(at time.Time, machine func() time.Time) *Clock {
	if machine == nil {
		machine = time.Now
	}
	return &Clock{base: at.UTC(), since: machine(), real: machine}
}

// Now is the world's time, UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.speed == 0 {
		return c.base
	}
	return c.base.Add(time.Duration(float64(c.real().Sub(c.since)) * c.speed))
}

// SetSpeed changes how fast the world runs from now on. Below 0 counts as 0.
func (c *Clock) SetSpeed(speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.since, c.speed = c.now(), c.real(), max(0, speed)
}

// Speed is how many world seconds pass in a second.
func (c *Clock) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

// Advance puts the clock forward to a moment; it never goes back.
func (c *Clock) Advance(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); to.After(now) {
		c.base, c.since = to.UTC(), c.real()
	}
}

// earliest is the stepper that wants to act first. Of several at one moment it is the first in the list.
func earliest(steppers []Stepper) (Stepper, time.Time, bool) {
	var first Stepper
	var at time.Time
	for _, s := range steppers {
		if next, ok := s.Next(); ok && (first == nil || next.Before(at)) {
			first, at = s, next
		}
	}
	return first, at, first != nil
}

// stuckMax is how often a world may act at one moment before it is taken for stuck.
const stuckMax = 100_000

// Jump runs steppers without waiting, from each moment to the next, until nothing is to be done before end; a zero
// end means until nothing is to be done at all. It needs a clock that stands still.
func Jump(ctx context.Context, c *Clock, end time.Time, steppers ...Stepper) error {
	same := 0
	for ctx.Err() == nil {
		s, at, ok := earliest(steppers)
		if !ok || !end.IsZero() && at.After(end) {
			if !end.IsZero() {
				c.Advance(end)
			}
			return nil
		}
		if same++; at.After(c.Now()) {
			same = 0
		}
		if same > stuckMax {
			return errors.New("sim: the world does not move on")
		}
		c.Advance(at)
		if err := s.Run(ctx, c.Now()); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// frame is how long a living world waits between two looks, by the machine's clock.
const frame = 40 * time.Millisecond
