package desk

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
)

// load takes the epoch and builds the house from the newest snapshot and the records after it.
func (d *Desk) load(ctx context.Context) error { return d.loadFrom(ctx, d.cfg.Store.Begin) }

func (d *Desk) loadFrom(ctx context.Context, begin func(context.Context) (journal.Epoch, journal.Head, error)) error {
	epoch, head, err := begin(ctx)
	if err != nil {
		return fmt.Errorf("desk: the journal cannot be opened for writing: %w", err)
	}
	h, err := d.build(ctx)
	if err != nil {
		return err
	}
	if h.Seq != head.Seq {
		return fmt.Errorf("%w: it ends at %d, but only %d records can be read", journal.ErrCorrupt, head.Seq, h.Seq)
	}
	answers := newMemory()
	for a, err := range d.cfg.Store.AnswersSince(ctx, d.cfg.Clock.Now().Add(-answersKept)) {
		if err != nil {
			return fmt.Errorf("desk: stored answers cannot be read: %w", err)
		}
		answers.put(a)
	}
	h.TakeChange(0) // Nothing of this is news.
	if d.answers == nil {
		d.answers = answers
	} else {
		d.answers.replace(answers)
	}
	d.house, d.epoch, d.lastSnap, d.torn = h, epoch, h.Seq, false
	d.head.Store(int64(h.Seq))
	return d.finishErasures(ctx)
}

// finishErasures destroys again what was ordered to be destroyed: the last stop may have come in between.
func (d *Desk) finishErasures(ctx context.Context) error {
	for r, err := range d.cfg.Store.BySubject(ctx, joint.Erasures) {
		if err != nil {
			return fmt.Errorf("desk: the erasures cannot be read: %w", err)
		}
		f, err := d.codec.Decode(r)
		if err != nil {
			return err
		}
		if e, ok := f.(joint.Erased); ok {
			if err := d.destroy(ctx, e.Subject); err != nil {
				return err
			}
		}
	}
	return nil
}

// destroy makes a life's private parts unreadable. The key store learns first which keys those are, in case it had
// forgotten.
func (d *Desk) destroy(ctx context.Context, s cad.Subject) error {
	for r, err := range d.cfg.Store.BySubject(ctx, s) {
		if err != nil {
			return fmt.Errorf("desk: the records of a life cannot be read: %w", err)
		}
		if r.Private != nil {
			d.cfg.Keys.Adopt(*r.Private)
		}
	}
	return d.cfg.Keys.Destroy(s)
}

func (d *Desk) build(ctx context.Context) (*joint.House, error) {
	d.pending = nil
	past := d.writersPast(ctx)
	h := joint.NewHouse(past)
	s, ok, err := d.cfg.Store.LatestSnapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("desk: snapshots cannot be read: %w", err)
	}
	if ok && sha256.Sum256(s.State) == s.Hash {
		restored, err := joint.Restore(s.State, past)
		if err != nil {
			d.log.Warn("the snapshot is of no use; replaying from the first record", "error", err)
		} else {
			h = restored
		}
	}
	h.Sealed(d.cfg.Keys.Adopt)
	for r, err := range d.cfg.Store.Read(ctx, h.Seq) {
		if err != nil {
			return nil, fmt.Errorf("desk: record after %d: %w", h.Seq, err)
		}
		if r.Private != nil {
			d.cfg.Keys.Adopt(*r.Private)
		}
		if err := h.Replay(d.codec, r); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// reload starts again from what is stored, for as long as it takes. A writer that was fenced off stays so.
func (d *Desk) reload(ctx context.Context, cause error) {
	d.torn = true
	d.degraded.Store(fault.Wrap("desk", fault.Unavailable, cause, "the journal cannot be written; it is being read again").Because("reloading"))
	for pause := 50 * time.Millisecond; ctx.Err() == nil; pause = min(2*pause, reloadPauseMax) {
		if errors.Is(cause, journal.ErrEpoch) {
			d.degraded.Store(fault.Wrap("desk", fault.Unavailable, cause, "another server has taken over this centre").Because("fenced").
				Mend("use the other server"))
			if h, err := d.build(ctx); err == nil { // Only to be read: what it shows is stored.
				d.house, d.torn = h, false
				d.head.Store(int64(h.Seq))
			}
			d.refuseAll(ctx)
			return
		}
		if cause = d.loadFrom(ctx, d.cfg.Store.Renew); cause == nil {
			d.degraded.Store(nil)
			if d.fullDisk.Load() {
				d.degraded.Store(fault.New("desk", fault.Unavailable, "the disk is full: only calls and duress are taken").Because("disk_full").
					Mend("free disk space; the service goes on by itself"))
			}
			d.show(Commit{Change: d.house.Whole(), Reset: true})
			return
		}
		d.log.Error("the journal cannot be read again yet", "error", cause)
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

// refuseAll answers everything with not_stored: this writer will never write again.
func (d *Desk) refuseAll(ctx context.Context) {
	for {
		select {
		case w := <-d.queue:
			if w.look != nil && !d.torn {
				w.look()
			} else {
				w.err = d.Health()
			}
			close(w.done)
		case <-ctx.Done():
			return
		}
	}
}

// reserved is a store that keeps disk space aside.
type reserved interface {
	ReleaseReserve() (bool, error)
	RestoreReserve() error
}

// releaseReserve gives calls and duress the space that was kept for them.
func (d *Desk) releaseReserve() bool {
	r, ok := d.cfg.Store.(reserved)
	if !ok {
		return false
	}
	was := d.fullDisk.Swap(true)
	d.reserve = time.Now().Add(reserveRetry)
	released, err := r.ReleaseReserve()
	if err != nil {
		d.log.Error("the disk reserve cannot be released", "error", err)
	}
	return released || !was
}

// reclaim tries now and then to get the reserve back after a full disk; with it everything is taken again.
func (d *Desk) reclaim() {
	r, ok := d.cfg.Store.(reserved)
	if !ok || !d.fullDisk.Load() || time.Now().Before(d.reserve) {
		return
	}
	d.reserve = time.Now().Add(reserveRetry)
	if err := r.RestoreReserve(); err != nil {
		d.log.Warn("the disk is still full", "error", err)
		return
	}
	d.fullDisk.Store(false)
	d.degraded.Store(nil)
}

// maybeSnapshot keeps the state now and then, beside the writer.
func (d *Desk) maybeSnapshot() {
	if d.cfg.SnapshotEvery <= 0 || int64(d.house.Seq-d.lastSnap) < d.cfg.SnapshotEvery || !d.snapping.CompareAndSwap(false, true) {
		return
	}
	d.lastSnap = d.house.Seq
	still := d.house.Still()
	go func() {
		defer d.snapping.Store(false)
		if err := d.snapshot(context.Background(), still); err != nil {
			d.log.Warn("no snapshot was kept; the next start takes longer", "error", err)
		}
	}()
}

// maybeForget removes answers from the store that nobody can ask for any more, beside the writer. Their age is in recorded
// time, like everything that memory forgets: a clock that leaps ahead and is set right again has made nothing old.
func (d *Desk) maybeForget(ctx context.Context) {
	now := d.house.At
	if now.Sub(d.forgot) < forgetEvery || !d.removing.CompareAndSwap(false, true) {
		return
	}
	d.forgot = now
	go func() {
		defer d.removing.Store(false)
		if err := d.cfg.Store.ForgetAnswers(ctx, now.Add(-answersStored)); err != nil && ctx.Err() == nil {
			d.log.Warn("old answers stay in the store; it is tried again in an hour", "error", err)
		}
	}()
}

func (d *Desk) snapshot(ctx context.Context, h *joint.House) error {
	b, err := h.Bytes()
	if err != nil {
		return err
	}
	return d.cfg.Store.SaveSnapshot(ctx, journal.Snapshot{Seq: h.Seq, State: b, Hash: sha256.Sum256(b), At: time.Now().UTC()})
}

// memory is the answers of the last day, by actor and key.
type memory struct {
	mu    sync.RWMutex
	byKey map[actorKey]journal.Answer
	order []journal.Answer
}

type actorKey struct {
	actor cad.ActorID
	key   string
}

func newMemory() *memory { return &memory{byKey: map[actorKey]journal.Answer{}} }

func (m *memory) find(actor cad.ActorID, key string) (journal.Answer, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	a, ok := m.byKey[actorKey{actor, key}]
	return a, ok
}

// put keeps an answer, and lets go of those that are older than a day.
func (m *memory) put(a journal.Answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.byKey[actorKey{a.Actor, a.Key}] = a
	m.order = append(m.order, a)
	for len(m.order) > 0 && a.At.Sub(m.order[0].At) > answersKept {
		old := m.order[0]
		delete(m.byKey, actorKey{old.Actor, old.Key})
		m.order = m.order[1:]
	}
}

func (m *memory) replace(with *memory) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.byKey, m.order = with.byKey, with.order
}
