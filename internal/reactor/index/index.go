// Package index keeps the archive filled: it follows the journal and makes a searchable row of every incident, and of
// every call that was lost before it became one. A row is made anew from the whole story of its life, so a repeat or a
// restart changes nothing. It opens private parts, so what was ordered to be erased is taken out of the archive at
// once and is never written into it again. It must never hold up the desk.
package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"shuniu/internal/archive"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/joint"
	"shuniu/internal/org"
)

// How the archive is filled.
const (
	batchMax   = 1000                   // Records that one step takes in.
	gather     = 200 * time.Millisecond // What comes within it is taken in together: search may be that old.
	retryAfter = 2 * time.Second        // After a failure.
)

// Reactor fills one archive from one desk. Make it with New. Step is for one goroutine at a time; it may run beside
// Hits and Erase.
type Reactor struct {
	desk    *desk.Desk
	archive *archive.Archive
	log     *slog.Logger
	wake    chan struct{}
	org     atomic.Pointer[org.State] // The newest configuration, for the names of types; nil before the first commit.
	rebuilt atomic.Int64
	broken  atomic.Bool // A search met damage: the next step begins again.
	mu      sync.Mutex  // Held while the archive is written, so that an erasure and a row of its life do not cross.
}

// New is a reactor that has seen nothing yet: call Watch, then Follow or Step. log may be nil.
func New(d *desk.Desk, a *archive.Archive, log *slog.Logger) *Reactor {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Reactor{desk: d, archive: a, log: log, wake: make(chan struct{}, 1)}
}

// Open opens an archive's file. A damaged one, or one of another version, is deleted and begun again: the reactor
// fills it from the first record. Other errors are those of archive.Open.
func Open(path string) (*archive.Archive, error) {
	a, err := archive.Open(path)
	if !errors.Is(err, archive.ErrDamaged) {
		return a, err
	}
	if err := archive.Remove(path); err != nil {
		return nil, err
	}
	return archive.Open(path)
}

// Follow fills the archive from the desk until ctx ends, and then gives nil. What fails is logged and tried again; an
// error means that the desk cannot be watched.
func Follow(ctx context.Context, d *desk.Desk, a *archive.Archive, log *slog.Logger) error {
	r := New(d, a, log)
	if err := r.Watch(ctx); err != nil {
		return err
	}
	return r.Follow(ctx)
}

// Watch makes the desk wake the reactor after each append. Errors are those of desk.Watch.
func (r *Reactor) Watch(ctx context.Context) error {
	if err := r.desk.Watch(ctx, r.take); err != nil {
		return fmt.Errorf("index: the desk cannot be watched: %w", err)
	}
	return nil
}

// take runs on the writer's goroutine: it looks at nothing but the configuration and waits for nobody.
func (r *Reactor) take(c desk.Commit) {
	if c.Change.Org != nil {
		r.org.Store(c.Change.Org)
	}
	r.nudge()
}

func (r *Reactor) nudge() {
	select {
	case r.wake <- struct{}{}:
	default: // It is awake already.
	}
}

// Follow fills the archive until ctx ends, and then gives nil. Watch must have been called.
func (r *Reactor) Follow(ctx context.Context) error {
	for {
		pause := gather
		behind, err := r.Step(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			r.log.Warn("the archive cannot be filled yet", "error", err)
			pause = retryAfter
		case behind > 0:
			continue
		default:
			select {
			case <-r.wake:
			case <-ctx.Done():
				return nil
			}
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil
		}
	}
}

// Step takes in at most 1,000 records and says how many more there are. An archive that is damaged, that misses a
// change or that is ahead of the journal is emptied and filled again from the first record by the steps that follow.
// Errors are those of the journal and of the archive's disk; a step that failed is taken again.
func (r *Reactor) Step(ctx context.Context) (behind int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at, head := r.archive.AsOf(), r.desk.Head(); at > head {
		r.log.Warn("the archive is ahead of the journal; it is filled again", "archive", at, "journal", head)
		if err := r.reset(ctx); err != nil {
			return 0, err
		}
	}
	if r.broken.Load() {
		err = archive.ErrDamaged
	} else {
		err = r.step(ctx)
	}
	if errors.Is(err, archive.ErrGap) || errors.Is(err, archive.ErrDamaged) {
		r.log.Warn("the archive cannot be used; it is filled again", "error", err)
		if err = r.reset(ctx); err == nil {
			err = r.step(ctx)
		}
	}
	return int(r.desk.Head() - r.archive.AsOf()), err
}

func (r *Reactor) reset(ctx context.Context) error {
	r.rebuilt.Add(1)
	if err := r.archive.Reset(ctx); err != nil {
		return err
	}
	r.broken.Store(false)
	return nil
}

// Rebuilt is how often the archive had to be emptied since New.
func (r *Reactor) Rebuilt() int64 { return r.rebuilt.Load() }

// step takes in one batch: first what must go, then what is new, and only then the archive moves on.
func (r *Reactor) step(ctx context.Context) error {
	after := r.archive.AsOf()
	b := batch{seq: after, touched: map[cad.Subject]bool{}}
	if err := r.desk.Read(ctx, after, b.take); err != nil {
		return fmt.Errorf("index: the journal cannot be read after %d: %w", after, err)
	}
	if b.seq == after {
		return nil
	}
	rows, gone, err := r.rows(ctx, b.lives)
	if err != nil {
		return err
	}
	ids, err := r.present(ctx, gone)
	if err != nil {
		return err
	}
	for _, s := range b.erased {
		more, err := r.around(ctx, s)
		if err != nil {
			return err
		}
		ids = append(ids, string(s))
		for _, o := range more {
			ids = append(ids, string(o)) // It comes back at once, without what was erased.
		}
	}
	if len(ids) > 0 {
		if err := r.archive.Erase(ctx, ids); err != nil {
			return err
		}
	}
	return r.archive.Put(ctx, after, b.seq, rows)
}

// present leaves out the lives that have no row, because taking rows away waits for the disk.
func (r *Reactor) present(ctx context.Context, gone []cad.Subject) ([]string, error) {
	var ids []string
	for _, s := range gone {
		_, ok, err := r.archive.Row(ctx, string(s))
		if err != nil {
			return nil, err
		}
		if ok {
			ids = append(ids, string(s))
		}
	}
	return ids, nil
}

// Erase takes everything that was private about a life out of the archive now: its own row, and of a call also what
// the row of its incident says of it. It leaves no byte of it in the file. The order must be in the journal already.
func (r *Reactor) Erase(ctx context.Context, s cad.Subject) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := []string{string(s)}
	lives, err := r.around(ctx, s)
	if err != nil {
		return err
	}
	rows, _, err := r.rows(ctx, lives)
	if err != nil {
		return err
	}
	for _, o := range lives {
		ids = append(ids, string(o))
	}
	err = r.archive.Erase(ctx, ids)
	if at := r.archive.AsOf(); err == nil {
		err = r.archive.Put(ctx, at, at, rows)
	}
	if errors.Is(err, archive.ErrDamaged) {
		r.log.Warn("the archive is damaged; it is filled again, without what was erased", "error", err)
		defer r.nudge()
		return r.reset(ctx)
	}
	return err
}

// Hits finds rows that match the words of a query, at most limit of them; 0 means 50. "#12" asks for number 12. A row's
// ID is the subject of its life. Whoever asks must have been asked whether he may: rows hold private words. A search
// that meets damage fails with archive.ErrDamaged and makes the next step fill the archive again.
func (r *Reactor) Hits(ctx context.Context, query string, limit int) ([]archive.Hit, error) {
	hits, err := r.archive.Search(ctx, archive.Query{Text: strings.TrimPrefix(strings.TrimSpace(query), "#"), Digest: r.desk.Digest(query), Limit: limit})
	if errors.Is(err, archive.ErrDamaged) {
		r.broken.Store(true)
		r.nudge()
	}
	return hits, err
}

// batch is what some records are about.
type batch struct {
	seq     cad.Seq
	records int
	lives   []cad.Subject // In the order in which they were first named.
	touched map[cad.Subject]bool
	erased  []cad.Subject // Ordered to be erased.
}

func (b *batch) take(t desk.Told) bool {
	for _, s := range t.Fact.Subjects() {
		b.add(s)
	}
	if e, ok := t.Fact.(joint.Erased); ok {
		b.erased = append(b.erased, e.Subject)
	}
	b.seq = t.Record.Seq
	b.records++
	return b.records < batchMax
}

func (b *batch) add(s cad.Subject) {
	if kind, _ := s.Split(); (kind == "incident" || kind == "call") && !b.touched[s] {
		b.touched[s] = true
		b.lives = append(b.lives, s)
	}
}
