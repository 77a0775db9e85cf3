package desk

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
)

// Wish is a command with everything that must be known of who gives it, when and how.
type Wish struct {
	Actor    cad.Actor
	Power    cad.Power
	Key      string    // Repeats with the same key and body get the first answer, for 30 days of recorded time. Empty means no repeats are expected.
	Body     []byte    // What the key stands for; compared by a keyed hash.
	IfSeq    cad.Seq   // The row's last change that the person saw; 0 means he saw none. Calls and duress are taken without it.
	Expires  time.Time // Never executed after this; zero means never expires.
	Happened time.Time // When it happened; zero means now.
	From     cad.Origin
	Cause    cad.Seq // The record that led to it; 0 for a person.
	Command  joint.Command
}

// Reply is what came of it.
type Reply struct {
	joint.Answer
	Repeat bool `json:"-"` // It was told before; nothing new happened.
}

// wish is a Wish in the queue, or a look at the house by the writer's own goroutine.
type wish struct {
	Wish
	ctx  context.Context
	hash [32]byte
	look func()

	reply Reply
	err   error
	done  chan struct{}
}

func (w *wish) emergency() bool {
	e, ok := w.Command.(joint.Emergency)
	return ok && e.Emergency()
}

// unconditional reports whether neither If-Seq nor an expiry counts.
func (w *wish) unconditional() bool {
	u, ok := w.Command.(joint.Unconditional)
	return ok && u.Unconditional()
}

// Do brings a command to the desk and waits until it is refused or durable. The kinds of errors: Invalid, Denied,
// NotFound and Conflict mean that nothing happened; Unavailable (not_stored) means that it is not known to be
// stored and should be sent again under the same key.
func (d *Desk) Do(ctx context.Context, req Wish) (Reply, error) {
	w := &wish{Wish: req, ctx: ctx, done: make(chan struct{})}
	if err := d.admit(ctx, w); err != nil {
		return Reply{}, err
	}
	if w.reply.Repeat {
		d.stats.Repeats.Add(1)
		return w.reply, nil
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case d.queue <- w:
	case <-timer.C:
		return Reply{}, notStored("the queue does not move")
	case <-d.done:
		return Reply{}, closed("desk.Do")
	}
	select {
	case <-w.done:
		return w.reply, w.err
	case <-timer.C:
		return Reply{}, notStored("storing takes too long")
	case <-d.done:
		select {
		case <-w.done:
			return w.reply, w.err
		default:
			return Reply{}, closed("desk.Do")
		}
	}
}

// admit does what can be done before the queue, on the caller's own goroutine.
func (d *Desk) admit(ctx context.Context, w *wish) error {
	const op = "desk.Do"
	if w.Command == nil {
		return fault.New(op, fault.Internal, "a wish without a command")
	}
	if !w.Power.Valid() {
		return fault.New(op, fault.Invalid, "there is no power %q", w.Power).Because("bad_power").At("power")
	}
	if w.emergency() {
		w.IfSeq = 0 // Whoever calls for help is heard as things are now, whatever he saw of them before.
	}
	if !w.emergency() && len(d.queue) > queueBusy {
		return fault.New(op, fault.Unavailable, "too much is waiting; calls come first").Because("busy").Mend("try again in a moment, under the same key")
	}
	if w.Key == "" {
		return nil
	}
	w.hash = d.cfg.Keys.MAC(append([]byte(w.Command.Verb()+"\n"), w.Body...))
	a, ok := d.answers.find(w.Actor.ID, w.Key)
	if !ok {
		var err error
		if a, ok, err = d.cfg.Store.Answer(ctx, w.Actor.ID, w.Key); err != nil {
			return fault.Wrap(op, fault.Unavailable, err, "not known whether this was done before").Because("not_stored")
		}
	}
	if !ok {
		return nil
	}
	return w.repeat(a)
}

// allowed asks policy about a command, or about each of those that come together, and the things as they are now.
func (d *Desk) allowed(w *wish) error {
	parts := []joint.Command{w.Command}
	if p, ok := w.Command.(interface{ Parts() []joint.Command }); ok {
		parts = p.Parts()
	}
	for _, c := range parts {
		for _, thing := range d.house.ThingsOf(c) {
			if err := d.May(w.Actor, c.Verb(), thing); err != nil {
				return err
			}
		}
	}
	return nil
}

// Try says what Do would answer now, and does nothing: nil, or the refusal.
func (d *Desk) Try(ctx context.Context, req Wish) error {
	w := &wish{Wish: req, ctx: ctx}
	var refusal error
	err := d.look(ctx, "desk.Try", func() { _, refusal, _ = d.ask(w, d.now()) })
	if err != nil {
		return err
	}
	return refusal
}

// repeat answers from what was told before.
func (w *wish) repeat(a journal.Answer) error {
	if a.Hash != w.hash {
		return fault.New("desk.Do", fault.Conflict, "this key was used for something else").Because("key_reused").
			Mend("use a new key for a new command")
	}
	if err := json.Unmarshal(a.Body, &w.reply.Answer); err != nil {
		return fault.Wrap("desk.Do", fault.Internal, err, "a stored answer cannot be read")
	}
	w.reply.Repeat = true
	return nil
}

func notStored(why string) error {
	return fault.New("desk.Do", fault.Unavailable, "not stored: %s", why).Because("not_stored").
		Mend("write it on a numbered card and send it again under the same key")
}

// Seal encrypts a private part for a life. v is marshalled as JSON; an empty object or nil gives the zero value.
func (d *Desk) Seal(s cad.Subject, v any) (cad.Sealed, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return cad.Sealed{}, fault.Wrap("desk.Seal", fault.Internal, err, "a private part cannot be written")
	}
	if string(plain) == "{}" || string(plain) == "null" {
		return cad.Sealed{}, nil
	}
	sealed, err := d.cfg.Keys.Seal(s, plain)
	if err != nil {
		return cad.Sealed{}, fault.Wrap("desk.Seal", fault.Unavailable, err, "a private part cannot be sealed").Because("not_stored")
	}
	return sealed, nil
}

// Unseal opens a private part into v. It reports false when the part was erased.
func (d *Desk) Unseal(s cad.Sealed, v any) (bool, error) {
	if s.IsZero() {
		return true, nil
	}
	plain, err := d.cfg.Keys.Open(s)
	switch {
	case errors.Is(err, journal.ErrErased):
		return false, nil
	case err != nil:
		return false, fault.Wrap("desk.Unseal", fault.Internal, err, "a private part cannot be opened")
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return false, fault.Wrap("desk.Unseal", fault.Internal, err, "a private part cannot be read")
	}
	return true, nil
}

// Told is one record with its fact.
type Told struct {
	Record journal.Record
	Fact   cad.Fact
}

// Story is everything that is recorded about one life, in order.
func (d *Desk) Story(ctx context.Context, s cad.Subject) ([]Told, error) {
	var out []Told
	for r, err := range d.cfg.Store.BySubject(ctx, s) {
		if err != nil {
			return nil, fault.Wrap("desk.Story", fault.Unavailable, err, "the journal cannot be read")
		}
		f, err := d.codec.Decode(r)
		if err != nil {
			return nil, err
		}
		out = append(out, Told{Record: r, Fact: f})
	}
	return out, nil
}

// Read gives records after a position with their facts, for reactors and views. It stops when yield returns false.
func (d *Desk) Read(ctx context.Context, after cad.Seq, yield func(Told) bool) error {
	for r, err := range d.cfg.Store.Read(ctx, after) {
		if err != nil {
			return err
		}
		f, err := d.codec.Decode(r)
		if err != nil {
			return err
		}
		if !yield(Told{Record: r, Fact: f}) {
			return nil
		}
	}
	return nil
}

// Erase orders the erasure of private parts and carries it out: the facts first, then the keys. Views take their rows
// away when they see the facts.
func (d *Desk) Erase(ctx context.Context, req Wish) (Reply, error) {
	if _, ok := req.Command.(joint.Erase); !ok {
		return Reply{}, fault.New("desk.Erase", fault.Internal, "not an erasure")
	}
	reply, err := d.Do(ctx, req)
	if err != nil {
		return reply, err
	}
	var failed []error
	for _, s := range reply.Erased {
		failed = append(failed, d.destroy(ctx, s))
	}
	if err := errors.Join(failed...); err != nil {
		return reply, fault.Wrap("desk.Erase", fault.Unavailable, err, "ordered, but the key is not destroyed yet").Because("erase_pending").
			Mend("it is tried again at the next start; send it again to try now")
	}
	return reply, nil
}

// May asks policy about something that is no command: a position, a private read.
func (d *Desk) May(actor cad.Actor, action string, thing cad.Thing) error {
	if d.cfg.Policy == nil {
		return nil
	}
	return d.cfg.Policy.May(actor, action, thing)
}
