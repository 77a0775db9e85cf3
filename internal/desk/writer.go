package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
)

// group is what is decided before one append.
type group struct {
	after   cad.Seq
	records []journal.Record
	facts   []cad.Fact
	answers []journal.Answer
	told    map[actorKey]journal.Answer // The answers of this group, which nobody may hear yet.
	waiting []*wish                     // Answered only after the append.
}

// write is the writer's goroutine.
func (d *Desk) write(ctx context.Context) {
	defer close(d.done)
	for {
		var first *wish
		select {
		case first = <-d.queue:
		case <-ctx.Done():
			return
		}
		// Whoever is ready to run may still join; nobody is waited for.
		runtime.Gosched()
		wishes := append(make([]*wish, 0, 64), first)
		for len(wishes) < groupMax && len(d.queue) > 0 {
			wishes = append(wishes, <-d.queue)
		}
		d.serve(ctx, wishes)
	}
}

// serve decides a group, stores it and answers it. Calls and duress of a group that met a full disk are decided
// once more on the reserve.
func (d *Desk) serve(ctx context.Context, wishes []*wish) {
	d.reclaim()
	g, err := d.decide(wishes)
	if err == nil {
		err = d.store(ctx, g)
	}
	if err == nil {
		for _, w := range g.waiting {
			if w.err != nil {
				d.stats.Refused.Add(1)
			}
			close(w.done)
		}
		d.maybeSnapshot()
		d.maybeForget(ctx)
		return
	}
	d.stats.Failures.Add(1)
	d.log.Error("an append failed; what was decided is discarded and the journal is read again", "error", err)
	again := d.failed(g, err)
	d.reload(ctx, err)
	if len(again) > 0 && ctx.Err() == nil {
		d.serve(ctx, again)
	}
}

// failed answers those whose facts are not known to be stored, and returns those to be tried on the reserve.
func (d *Desk) failed(g *group, cause error) []*wish {
	full := errors.Is(cause, journal.ErrFull) && d.releaseReserve()
	var again []*wish
	for _, w := range g.waiting {
		if full && w.emergency() {
			again = append(again, w)
			continue
		}
		w.reply, w.err = Reply{}, fault.Wrap("desk.Do", fault.Unavailable, cause, "not stored").Because("not_stored").
			Mend("write it on a numbered card and send it again under the same key")
		close(w.done)
	}
	return again
}

// decide decides wishes one after another. A refusal is answered at once, unless what it says may come from facts
// that are not durable yet: then it waits for them like everybody else.
func (d *Desk) decide(wishes []*wish) (*group, error) {
	g := &group{after: d.house.Seq, told: map[actorKey]journal.Answer{}}
	for _, w := range wishes {
		if w.look != nil {
			if len(g.records) > 0 {
				// A look must not see what is not durable yet; it waits behind this group.
				d.lookLater(w)
				continue
			}
			w.look()
			close(w.done)
			continue
		}
		d.stats.Commands.Add(1)
		done, err := d.decideOne(g, w)
		switch {
		case err != nil:
			g.waiting = append(g.waiting, w)
			return g, err
		case !done || len(g.records) > 0:
			g.waiting = append(g.waiting, w)
		default:
			if w.err != nil {
				d.stats.Refused.Add(1)
			}
			close(w.done)
		}
	}
	return g, nil
}

func (d *Desk) lookLater(w *wish) {
	select {
	case d.queue <- w:
	default:
		go func() {
			select {
			case d.queue <- w:
			case <-d.done:
			}
		}()
	}
}

// decideOne decides one wish. done means it may be answered at once. An error means that memory can no longer be
// trusted.
func (d *Desk) decideOne(g *group, w *wish) (done bool, err error) {
	now := d.now()
	if w.Key != "" {
		if a, ok := d.answers.find(w.Actor.ID, w.Key); ok {
			w.err = w.repeat(a)
			return true, nil
		}
		if a, ok := g.told[actorKey{w.Actor.ID, w.Key}]; ok {
			w.err = w.repeat(a)
			return w.err != nil, nil // The first one is in this very group: wait for its append.
		}
	}
	outcome, refusal, err := d.ask(w, now)
	if err != nil {
		return false, err
	}
	if refusal != nil {
		w.err = refusal
		return true, nil
	}
	for _, f := range outcome.Facts {
		if err := d.take(g, w, f, now); err != nil {
			w.err = err
			return false, err
		}
	}
	outcome.Answer.Seq = d.house.Seq
	w.reply = Reply{Answer: outcome.Answer}
	if w.Key == "" {
		return len(outcome.Facts) == 0 && len(g.waiting) == 0, nil
	}
	body, err := json.Marshal(outcome.Answer)
	if err != nil {
		return false, fmt.Errorf("desk: an answer cannot be written: %w", err)
	}
	a := journal.Answer{Actor: w.Actor.ID, Key: w.Key, Hash: w.hash, Body: body, Seq: d.house.Seq, At: now}
	g.told[actorKey{a.Actor, a.Key}] = a
	g.answers = append(g.answers, a)
	return false, nil
}

// now is the moment of a decision: recorded time never goes back.
func (d *Desk) now() time.Time {
	now := d.cfg.Clock.Now().UTC().Truncate(time.Microsecond)
	if now.Before(d.house.At) {
		return d.house.At
	}
	return now
}

// mayNow checks what only the present can tell: a told time, expiry, a full disk, and whether the person saw the last change.
func (d *Desk) mayNow(w *wish, now time.Time) error {
	const op = "desk.Do"
	if !w.Happened.IsZero() && !joint.Believable(w.Happened, now, joint.EnteredMax) {
		if !w.emergency() {
			return fault.New(op, fault.Invalid, "it cannot have happened then").
				Because("bad_happened", "happened", w.Happened.UTC().Format(time.RFC3339), "now", now.Format(time.RFC3339)).At("header.Happened-At").
				Mend("give a time of the last 30 days, or none for now")
		}
		w.Happened, w.From = time.Time{}, "" // The record then says that the time is our own clock's.
	}
	if w.unconditional() {
		return nil
	}
	switch {
	case !w.Expires.IsZero() && now.After(w.Expires):
		return fault.New(op, fault.Conflict, "the command expired and was not executed").Because("expired").Mend("decide again")
	case d.fullDisk.Load() && !w.emergency():
		return fault.New(op, fault.Unavailable, "the disk is full: only calls and duress are taken").Because("disk_full").
			Mend("free disk space; the service goes on by itself")
	}
	target := w.Command.Target()
	if last := d.house.Last(target); w.IfSeq > 0 && target != "" && last != 0 && last != w.IfSeq {
		return fault.New(op, fault.Conflict, "this changed after it was read").
			Because("changed", "subject", string(target), "seen", strconv.FormatInt(int64(w.IfSeq), 10), "last", strconv.FormatInt(int64(last), 10)).
			Mend("look at what changed and decide again")
	}
	return nil
}

// ask brings an old life back for the decision if need be, asks the policy about it as it is now, and lets the command
// decide. A decision that panics is a bug of ours that must not stop the others: it is refused as internal, and the
// state is untouched because decisions are pure.
func (d *Desk) ask(w *wish, now time.Time) (out joint.Outcome, refusal, broken error) {
	back, err := d.house.BringBackFor(d.codec, w.Command, d.house.Seq+1)
	if err != nil {
		d.house.Drop(back)
		return out, fault.Wrap("desk.Do", fault.Unavailable, err, "the journal cannot be read").Because("not_stored"), nil
	}
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("a decision panicked", "verb", w.Command.Verb(), "panic", p)
			refusal = fault.New("desk.Do", fault.Internal, "%s panicked", w.Command.Verb())
		}
		d.house.Drop(back) // Facts bring it back again, the same way as in a replay.
	}()
	if refusal = d.allowed(w); refusal != nil {
		return out, refusal, nil
	}
	if refusal = d.mayNow(w, now); refusal != nil {
		return out, refusal, nil
	}
	out, refusal = joint.Decide(d.house, w.Command, joint.Moment{Now: now, Actor: w.Actor.ID, Seat: w.Actor.Seat, Org: w.Actor.Org})
	return out, refusal, nil
}

// take makes the record of a fact and folds it.
func (d *Desk) take(g *group, w *wish, f cad.Fact, now time.Time) error {
	r := journal.Record{
		Seq: d.house.Seq + 1, Commit: int64(g.after) + 1, Index: len(g.records), At: now, Happened: now, HappenedFrom: cad.FromClock,
		Centre: d.cfg.Centre, Actor: w.Actor.ID, Seat: w.Actor.Seat, Power: w.Power, Key: w.Key, Cause: w.Cause,
	}
	if !w.Happened.IsZero() {
		r.Happened, r.HappenedFrom = w.Happened.UTC(), cad.FromPerson
	}
	if w.From != "" {
		r.HappenedFrom = w.From
	}
	if err := d.codec.Encode(&r, f); err != nil {
		return err
	}
	if err := d.house.Evolve(d.codec, f, r.Stamp()); err != nil {
		return err
	}
	g.records = append(g.records, r)
	d.pending = g.records
	g.facts = append(g.facts, f)
	return nil
}

// store makes a group durable and shows it to the watchers.
func (d *Desk) store(ctx context.Context, g *group) error {
	if len(g.records) == 0 && len(g.answers) == 0 {
		return nil
	}
	if err := d.cfg.Store.Append(context.WithoutCancel(ctx), d.epoch, g.after, g.records, g.answers); err != nil {
		return err
	}
	for _, a := range g.answers {
		d.answers.put(a)
	}
	d.stats.Appends.Add(1)
	d.stats.Records.Add(int64(len(g.records)))
	d.head.Store(int64(d.house.Seq))
	if len(g.records) == 0 {
		return nil
	}
	d.show(Commit{Change: d.house.TakeChange(g.after), Records: g.records, Facts: g.facts})
	return nil
}

func (d *Desk) show(c Commit) {
	d.mu.Lock()
	watchers := d.watchers
	d.mu.Unlock()
	for _, f := range watchers {
		f(c)
	}
}
