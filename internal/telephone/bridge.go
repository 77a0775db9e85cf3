package telephone

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
)

// Options are what a bridge stands between.
type Options struct {
	Desk     *desk.Desk
	Board    *board.Board
	Actor    cad.Actor // Who reports what happens on lines.
	Switch   Switch
	Incident func(cad.CallID) (id, spare cad.IncidentID) // Names the incident of a call that is lost.
	Log      *slog.Logger
}

// Bridge tells an exchange what facts say, and the desk what happens on lines. Make it with New.
type Bridge struct {
	opt Options

	mu      sync.Mutex
	pending map[cad.CallID]call.State // The newest of each call that the exchange has not been told.
	wake    chan struct{}
}

// New is a bridge that is still. Connect it, then let it Follow.
func New(o Options) *Bridge {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Bridge{opt: o, pending: map[cad.CallID]call.State{}, wake: make(chan struct{}, 1)}
}

// Connect begins to watch the desk and to hear the exchange.
func (b *Bridge) Connect(ctx context.Context) error {
	err := b.opt.Desk.Watch(ctx, func(c desk.Commit) {
		b.mu.Lock()
		for _, s := range c.Change.Calls {
			b.pending[s.ID] = *s
		}
		b.mu.Unlock()
		select {
		case b.wake <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return err
	}
	return b.opt.Switch.Connect(ctx, b.Hear)
}

// againAfter is how long what the exchange did not take waits, by the machine's clock.
const againAfter = time.Second

// Follow tells the exchange what changed, until ctx ends. The desk never waits for it.
func (b *Bridge) Follow(ctx context.Context) {
	for {
		err := b.Drain(ctx)
		again := make(<-chan time.Time)
		if err != nil && ctx.Err() == nil {
			b.opt.Log.WarnContext(ctx, "the exchange did not take how a line should stand; it is said again", "error", err)
			t := time.NewTimer(againAfter)
			defer t.Stop()
			again = t.C
		}
		select {
		case <-ctx.Done():
			return
		case <-b.wake:
		case <-again:
		}
	}
}

// Drain tells the exchange all that changed, in the order of the facts. What fails stays for the next time.
func (b *Bridge) Drain(ctx context.Context) error {
	b.mu.Lock()
	list := make([]call.State, 0, len(b.pending))
	for _, s := range b.pending {
		list = append(list, s)
	}
	b.mu.Unlock()
	slices.SortFunc(list, func(x, y call.State) int { return int(x.Changed - y.Changed) })
	var failed error
	for _, s := range list {
		if err := b.opt.Switch.Set(ctx, StandOf(s, b.number)); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		b.mu.Lock()
		if b.pending[s.ID].Changed == s.Changed {
			delete(b.pending, s.ID)
		}
		b.mu.Unlock()
	}
	return failed
}

// number opens a number; one that was erased, or cannot be opened, is empty.
func (b *Bridge) number(s cad.Sealed) string {
	var told board.Told
	if kept, err := b.opt.Desk.Unseal(s, &told); err != nil || !kept {
		return ""
	}
	return told.Number
}

// Hear takes what an exchange reports. Saying it again changes nothing; an error means that it could not be stored.
func (b *Bridge) Hear(ctx context.Context, r Report) error {
	s := b.look(r.Call)
	if s.ID == "" {
		if err := b.arrive(ctx, r); err != nil {
			return err
		}
	}
	about := func(name string, c call.Command) error {
		return b.do(ctx, joint.AboutCall{ID: r.Call, Name: name, Cmd: c})
	}
	var errs []error
	if !r.Answered.IsZero() && s.Dialling() {
		errs = append(errs, about("answer", call.Answer{ID: r.Call}))
	}
	for _, ref := range r.Recordings {
		errs = append(errs, about("record", call.Record{ID: r.Call, Ref: ref}))
	}
	for _, leg := range r.Left {
		errs = append(errs, about("end_conference", call.EndConference{ID: r.Call, Leg: leg, Left: true}))
	}
	if !r.Ended.IsZero() {
		errs = append(errs, b.end(ctx, r.Call))
	}
	return errors.Join(errs...)
}

func (b *Bridge) look(id cad.CallID) (s call.State) {
	b.opt.Board.Look(func(h *joint.House) { s = h.Call(id) })
	return s
}

func (b *Bridge) arrive(ctx context.Context, r Report) error {
	sealed, err := b.opt.Desk.Seal(call.Subject(r.Call), board.Told{Caller: board.Caller{Number: r.Number, Name: r.Name}})
	if err != nil {
		return err
	}
	cmd := call.Arrive{ID: r.Call, Line: r.Trunk, Source: "phone", Place: r.Place, Caller: sealed, Happened: r.Rang}
	b.opt.Board.Look(func(h *joint.House) { cmd.AnswerWithinS = h.Org.AnswerWithinS })
	return b.do(ctx, joint.AboutCall{ID: r.Call, Name: "arrive", Cmd: cmd})
}

// end closes a line on the other side. Whoever was not answered has given up, and somebody must call back. The desk says
// which it is: what the board shows may be a moment old.
func (b *Bridge) end(ctx context.Context, id cad.CallID) error {
	_, err := b.opt.Desk.Do(ctx, desk.Wish{Actor: b.opt.Actor, Command: joint.AboutCall{ID: id, Name: "hang_up", Cmd: call.HangUp{ID: id, By: call.Caller}}})
	var f *fault.Error
	if errors.As(err, &f) && f.Code == "not_answered" {
		lost := joint.LoseCall{Call: id}
		lost.Incident, lost.Spare = b.opt.Incident(id)
		return b.do(ctx, lost)
	}
	return unstored(err)
}

// do brings a command to the desk. A refusal is no error: the facts are the truth, and the exchange was late.
func (b *Bridge) do(ctx context.Context, c joint.Command) error {
	_, err := b.opt.Desk.Do(ctx, desk.Wish{Actor: b.opt.Actor, Command: c})
	return unstored(err)
}

// unstored keeps of an error only what saying it again may mend.
func unstored(err error) error {
	if kind := fault.KindOf(err); err != nil && kind != fault.Unavailable && kind != fault.Internal {
		return nil
	}
	return err
}
