package street

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"shuniu/internal/hierarchy"
)

// Engine gives the right Finder for a moment: it knows the speeds of the hour, prepares routers beside the running
// service, and never lets anybody wait. Until a router is ready the network answers, slower and alike. A nil Engine
// knows no streets.
type Engine struct {
	Log *slog.Logger // Told of what is worth a line. NewEngine sets one that keeps nothing; set another before use.

	network *Network
	factors Factors
	zone    *time.Location
	alike   [24]int // By hour: the first hour with the same factors.

	mu        sync.Mutex
	hierarchy *hierarchy.Hierarchy
	hours     map[int]*hour // By hour, first of those that are alike.
	uses      int           // Counts questions, to forget the hour that was asked for longest ago.
	closed    bool
	stop      context.CancelFunc
	base      context.Context //nolint:containedctx // Ends what runs beside, at Close.
	running   sync.WaitGroup
}

// hour is what the engine has for one hour of the day.
type hour struct {
	network *Network
	router  *Router // nil until it is ready.
	making  bool
	used    int
}

// hoursMax is how many hours are kept ready: this one, the next, and the last one for who asks late.
const hoursMax = 3

// NewEngine makes an engine over a network; none over nil. Nil factors are those of a day without traffic; a nil zone is
// UTC.
func NewEngine(n *Network, f Factors, zone *time.Location) *Engine {
	if n == nil {
		return nil
	}
	if zone == nil {
		zone = time.UTC
	}
	e := &Engine{Log: slog.New(slog.DiscardHandler), network: n, factors: f, zone: zone, hours: make(map[int]*hour)}
	e.base, e.stop = context.WithCancel(context.Background())
	for h := range e.alike {
		e.alike[h] = h
		for k := range h {
			if f.same(h, k) {
				e.alike[h] = k
				break
			}
		}
	}
	return e
}

// same reports whether two hours have the same factors.
func (f Factors) same(h, k int) bool {
	for class := range f {
		if f.At(class, h) != f.At(class, k) { // Different numbers make different weights.
			return false
		}
	}
	return true
}

// Network is what the engine stands on, for who wants to draw it or to ask under other conditions.
func (e *Engine) Network() *Network {
	if e == nil {
		return nil
	}
	return e.network
}

// Ready reports whether a router answers at a time.
func (e *Engine) Ready(t time.Time) bool {
	if e == nil {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	h := e.hours[e.alike[t.In(e.zone).Hour()]]
	return h != nil && h.router != nil
}

// At is who answers for a time. It never waits: while the router of that hour is not ready, it is the network with the same
// speeds. The router of the next hour is made beside, an hour ahead.
func (e *Engine) At(t time.Time) Finder {
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	now := t.In(e.zone).Hour()
	h := e.hour(e.alike[now])
	e.make(h)
	if next := e.alike[(now+1)%24]; h.router != nil {
		e.make(e.hour(next))
	}
	e.uses++
	h.used = e.uses
	if h.router != nil {
		return h.router
	}
	return h.network
}

// hour finds what there is for an hour, or begins it; the one that was asked for longest ago makes room. The caller holds
// the lock.
func (e *Engine) hour(first int) *hour {
	if h := e.hours[first]; h != nil {
		return h
	}
	for len(e.hours) >= hoursMax {
		oldest := -1
		for k, h := range e.hours {
			if oldest < 0 || h.used < e.hours[oldest].used || h.used == e.hours[oldest].used && k < oldest {
				oldest = k
			}
		}
		delete(e.hours, oldest)
	}
	e.uses++
	h := &hour{network: e.network.Under(Conditions{Factors: e.factors, Hour: first}), used: e.uses}
	e.hours[first] = h
	return h
}

// make begins a router beside, if one can be made and none is there. The caller holds the lock.
func (e *Engine) make(h *hour) {
	if e.hierarchy == nil || h.router != nil || h.making || e.closed {
		return
	}
	h.making = true
	over := e.hierarchy
	e.running.Go(func() {
		defer e.survive()
		r, err := h.network.router(e.base, over)
		e.mu.Lock()
		defer e.mu.Unlock()
		h.making = false
		if err != nil && e.base.Err() == nil {
			e.Log.Error("the streets of this hour are searched slowly", "error", err)
		}
		h.router = r
	})
}

// survive keeps a mistake of ours in making routers from ending the service: the network goes on answering.
func (e *Engine) survive() {
	if r := recover(); r != nil {
		e.Log.Error("making streets quick failed by a mistake of ours; they are searched slowly until the next start", "panic", r, "stack", string(debug.Stack()))
	}
}

// Prepare makes the engine quick, as Network.Prepare says, and returns when the router for now is ready. It is meant to
// run beside the start of a service. The only error is that of ctx.
func (e *Engine) Prepare(ctx context.Context, cacheFile string, now time.Time, progress func(share float64)) error {
	if e == nil {
		return nil
	}
	began := time.Now()
	h, note, err := e.network.prepare(ctx, cacheFile, progress)
	if err != nil {
		return err
	}
	if note.refused != nil {
		e.Log.Warn("the kept order of the streets was not used and is made anew", "file", cacheFile, "error", note.refused)
	}
	if note.unkept != nil {
		e.Log.Warn("the order of the streets could not be kept; the next start makes it again", "file", cacheFile, "error", note.unkept)
	}
	e.mu.Lock()
	e.hierarchy = h
	first := e.hour(e.alike[now.In(e.zone).Hour()])
	e.mu.Unlock()
	r, err := first.network.router(ctx, h)
	if err != nil {
		return err
	}
	e.mu.Lock()
	first.router = r
	e.mu.Unlock()
	e.Log.Info("streets are searched quickly from now on", "took", time.Since(began).Round(time.Millisecond), "kept", note.kept)
	return nil
}

// Start prepares the engine beside the caller, until Close. What goes wrong is said in the log: then the network goes on
// answering.
func (e *Engine) Start(cacheFile string, now time.Time) {
	if e == nil {
		return
	}
	e.running.Go(func() {
		defer e.survive()
		if err := e.Prepare(e.base, cacheFile, now, nil); err != nil && e.base.Err() == nil {
			e.Log.Error("streets are searched slowly until the next start", "error", err)
		}
	})
}

// Close ends what runs beside and waits for it. The engine still answers.
func (e *Engine) Close() {
	if e == nil {
		return
	}
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.stop()
	e.running.Wait()
}
