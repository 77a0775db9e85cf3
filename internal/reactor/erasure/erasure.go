// Package erasure carries out what was ordered: when the journal says that a life's private parts are to be destroyed,
// its files are removed, its key is destroyed and its rows leave the archive. Each step may be done twice. It starts
// from a cursor of its own, so an order that a stop cut short is finished at the next start. It never decides what is
// to be erased, and it never touches the journal: the sealed bytes stay, and nobody can open them.
package erasure

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
)

const (
	cursorName = "erasure"
	retryAfter = 2 * time.Second // After a failure.
)

// Archive is the part of search that must forget.
type Archive interface {
	// Erase takes everything private about a life out, so that no byte of it is left. Doing it twice is harmless.
	Erase(ctx context.Context, s cad.Subject) error
}

// Options are what the reactor works on.
type Options struct {
	Desk    *desk.Desk
	Store   journal.Store // The desk's.
	Keys    journal.Keys  // The desk's.
	Blobs   journal.Blobs // nil: there are no files.
	Archive Archive       // nil: there is no archive.
	Log     *slog.Logger  // nil: nothing is logged.
}

// Reactor carries out the erasures of one desk. Make it with New. Step is for one goroutine at a time.
type Reactor struct {
	opt  Options
	wake chan struct{}
}

// New is a reactor that has done nothing yet: call Watch, then Follow or Step.
func New(o Options) *Reactor {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Reactor{opt: o, wake: make(chan struct{}, 1)}
}

// Watch makes the desk wake the reactor when an erasure was ordered. Errors are those of desk.Watch.
func (r *Reactor) Watch(ctx context.Context) error {
	if err := r.opt.Desk.Watch(ctx, r.take); err != nil {
		return fmt.Errorf("erasure: the desk cannot be watched: %w", err)
	}
	return nil
}

// take runs on the writer's goroutine and waits for nobody.
func (r *Reactor) take(c desk.Commit) {
	if !c.Reset && len(c.Change.Erased) == 0 {
		return
	}
	select {
	case r.wake <- struct{}{}:
	default: // It is awake already.
	}
}

// Step carries out what was ordered since the cursor, and says how many orders that were. The cursor moves on only
// past orders that are carried out whole; one that fails does not hold up those after it, and the error joins what
// went wrong.
func (r *Reactor) Step(ctx context.Context) (done int, err error) {
	after, err := r.opt.Store.Cursor(ctx, cursorName)
	if err != nil {
		return 0, fmt.Errorf("erasure: the cursor cannot be read: %w", err)
	}
	orders, err := r.opt.Desk.Story(ctx, joint.Erasures)
	if err != nil {
		return 0, fmt.Errorf("erasure: the orders cannot be read: %w", err)
	}
	var failed []error
	cursor := after
	for _, t := range orders {
		e, ok := t.Fact.(joint.Erased)
		if !ok || t.Record.Seq <= after {
			continue
		}
		if err := r.carryOut(ctx, e.Subject); err != nil {
			failed = append(failed, fmt.Errorf("erasure: %s, ordered by record %d: %w", e.Subject, t.Record.Seq, err))
			continue
		}
		done++
		if len(failed) == 0 {
			cursor = t.Record.Seq
		}
	}
	if cursor > after {
		if err := r.opt.Store.SetCursor(ctx, cursorName, cursor); err != nil {
			failed = append(failed, fmt.Errorf("erasure: the cursor cannot be kept: %w", err))
		}
	}
	return done, errors.Join(failed...)
}

// Again carries out every order that the journal holds, whatever the cursor says: after files or an archive were put
// back from a copy that is older than an order. It says how many orders there are.
func (r *Reactor) Again(ctx context.Context) (int, error) {
	if err := r.opt.Store.SetCursor(ctx, cursorName, 0); err != nil {
		return 0, fmt.Errorf("erasure: the cursor cannot be kept: %w", err)
	}
	return r.Step(ctx)
}

// carryOut destroys the key last of what only it protects: the files tell the key store of their keys before they go,
// and so do the life's own records, in case the store had forgotten.
func (r *Reactor) carryOut(ctx context.Context, s cad.Subject) error {
	for rec, err := range r.opt.Store.BySubject(ctx, s) {
		if err != nil {
			return fmt.Errorf("its records cannot be read: %w", err)
		}
		if rec.Private != nil && rec.Private.Subject == s {
			r.opt.Keys.Adopt(*rec.Private)
		}
	}
	if r.opt.Blobs != nil {
		if err := r.opt.Blobs.Erase(ctx, s); err != nil {
			return err
		}
	}
	if err := r.opt.Keys.Destroy(s); err != nil {
		return err
	}
	if r.opt.Archive != nil {
		return r.opt.Archive.Erase(ctx, s)
	}
	return nil
}

// Follow carries out orders until ctx ends, beginning with those that the last stop left. What fails is logged and
// tried again. Watch must have been called.
func (r *Reactor) Follow(ctx context.Context) {
	for ctx.Err() == nil {
		_, err := r.Step(ctx)
		if err == nil {
			select {
			case <-r.wake:
			case <-ctx.Done():
			}
			continue
		}
		if ctx.Err() != nil {
			return
		}
		r.opt.Log.Error("an erasure is not carried out yet", "error", err)
		timer := time.NewTimer(retryAfter)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}
