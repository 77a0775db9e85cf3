// Package memstore keeps a journal in memory: for tests, drills, studies and replays. It forgets everything with
// the process, and it fails on command, so that what follows a failed append can be tested.
package memstore

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

// ErrClosed is the answer of a store after Close.
var ErrClosed = errors.New("memstore: the store is closed")

// snapshotsKept is how many snapshots stay, the newest first.
const snapshotsKept = 2

// medium is what survives a restart of the process that a test pretends.
type medium struct {
	mu        sync.RWMutex
	centre    cad.CentreID
	epoch     journal.Epoch
	bodies    [][]byte // The record with sequence n is bodies[n-1].
	lastAt    time.Time
	subjects  map[cad.Subject][]cad.Seq
	answers   map[answerKey]journal.Answer
	order     []answerKey // Oldest first.
	snapshots []journal.Snapshot
	cursors   map[string]cad.Seq
}

type answerKey struct {
	actor cad.ActorID
	key   string
}

// Store is a journal.Store in memory. It is safe for use by many goroutines.
type Store struct {
	m *medium

	mu      sync.Mutex
	closed  bool
	broken  error // Why no append is taken; cleared by Begin.
	failing func(after cad.Seq, records int) (Failure, error)
}

var _ journal.Store = (*Store)(nil)

// Failure says when an append fails.
type Failure int

// The moments of a failure. What the writer sees is the same; what is stored is not.
const (
	Never       Failure = iota // The append goes on.
	BeforeStore                // Nothing is stored.
	AfterStore                 // Everything is stored, and the writer is told that it failed.
)

// New makes an empty journal of one centre.
func New(centre cad.CentreID) *Store {
	s := &Store{m: &medium{
		centre:   centre,
		subjects: map[cad.Subject][]cad.Seq{},
		answers:  map[answerKey]journal.Answer{},
		cursors:  map[string]cad.Seq{},
	}}
	return s.Reopen()
}

// Reopen is the same journal as another process would open it: everything stored is there, and the first writer
// is fenced as soon as this one begins.
func (s *Store) Reopen() *Store {
	return &Store{m: s.m, broken: errors.New("it has not begun")}
}

// FailNext makes the next append fail with err, before or after it was stored.
func (s *Store) FailNext(when Failure, err error) {
	s.OnAppend(func(cad.Seq, int) (Failure, error) {
		s.OnAppend(nil)
		return when, err
	})
}

// OnAppend asks hook at each append whether and how it fails. nil ends that.
func (s *Store) OnAppend(hook func(after cad.Seq, records int) (Failure, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = hook
}

// Begin takes a new epoch.
func (s *Store) Begin(ctx context.Context) (journal.Epoch, journal.Head, error) {
	if err := s.usable(ctx); err != nil {
		return 0, journal.Head{}, err
	}
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.m.epoch++
	s.mu.Lock()
	s.broken = nil
	s.mu.Unlock()
	return s.m.epoch, s.m.head(), nil
}

// Append stores records and answers, all or nothing.
func (s *Store) Append(ctx context.Context, epoch journal.Epoch, after cad.Seq, records []journal.Record, answers []journal.Answer) (err error) {
	if err := s.usable(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	hook, broken := s.failing, s.broken
	s.mu.Unlock()
	if broken != nil {
		return fmt.Errorf("memstore: no append before Begin: %w", broken)
	}
	defer func() {
		if err != nil {
			s.mu.Lock()
			s.broken = err
			s.mu.Unlock()
		}
	}()
	when, failure := Never, error(nil)
	if hook != nil {
		when, failure = hook(after, len(records))
	}
	if when == BeforeStore {
		return failure
	}
	if err := s.m.append(epoch, after, records, answers); err != nil {
		return err
	}
	if when == AfterStore {
		return failure
	}
	return nil
}

func (m *medium) append(epoch journal.Epoch, after cad.Seq, records []journal.Record, answers []journal.Answer) error {
	const op = "memstore.Append"
	bodies := make([][]byte, len(records))
	for i, r := range records {
		if r.Seq != after+cad.Seq(i)+1 || r.Centre != m.centre {
			return fault.Wrap(op, fault.Internal, journal.ErrPosition, "record %d of %q does not follow %d of %q", r.Seq, r.Centre, after+cad.Seq(i), m.centre)
		}
		b, err := r.Bytes()
		if err != nil {
			return err
		}
		bodies[i] = b
	}

	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case epoch != m.epoch:
		return fault.Wrap(op, fault.Unavailable, journal.ErrEpoch, "epoch %d is over, %d has begun", epoch, m.epoch)
	case int(after) != len(m.bodies):
		return fault.Wrap(op, fault.Internal, journal.ErrPosition, "the journal ends at %d, not at %d", len(m.bodies), after)
	}
	fresh := make(map[answerKey]bool, len(answers))
	for _, a := range answers {
		k := answerKey{a.Actor, a.Key}
		if _, ok := m.answers[k]; ok || fresh[k] {
			return fault.New(op, fault.Internal, "the key of an answer is already taken")
		}
		fresh[k] = true
	}
	for i, r := range records {
		for j, sub := range r.Subjects {
			if !slices.Contains(r.Subjects[:j], sub) {
				m.subjects[sub] = append(m.subjects[sub], r.Seq)
			}
		}
		m.bodies = append(m.bodies, bodies[i])
		m.lastAt = r.At
	}
	for _, a := range answers {
		k := answerKey{a.Actor, a.Key}
		a.Body = slices.Clone(a.Body)
		m.answers[k] = a
		m.order = append(m.order, k)
	}
	return nil
}

func (m *medium) head() journal.Head {
	return journal.Head{Seq: cad.Seq(len(m.bodies)), At: m.lastAt}
}

func (s *Store) usable(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("memstore: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	return nil
}

// Head is the end of the journal.
func (s *Store) Head(ctx context.Context) (journal.Head, error) {
	if err := s.usable(ctx); err != nil {
		return journal.Head{}, err
	}
	s.m.mu.RLock()
	defer s.m.mu.RUnlock()
	return s.m.head(), nil
}

// Read gives the records after a sequence.
func (s *Store) Read(ctx context.Context, after cad.Seq) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		for seq := max(after, 0) + 1; ; seq++ {
			body, ok, err := s.body(ctx, seq)
			if err != nil {
				yield(journal.Record{}, err)
				return
			}
			if !ok || !give(seq, body, yield) {
				return
			}
		}
	}
}

// BySubject gives the records about one life.
func (s *Store) BySubject(ctx context.Context, subject cad.Subject) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		s.m.mu.RLock()
		seqs := slices.Clone(s.m.subjects[subject])
		s.m.mu.RUnlock()
		for _, seq := range seqs {
			body, _, err := s.body(ctx, seq)
			if err != nil {
				yield(journal.Record{}, err)
				return
			}
			if !give(seq, body, yield) {
				return
			}
		}
	}
}

func give(seq cad.Seq, body []byte, yield func(journal.Record, error) bool) bool {
	r, err := journal.ParseRecord(body)
	if err == nil && r.Seq != seq {
		err = fmt.Errorf("%w: record %d stands in the place of %d", journal.ErrCorrupt, r.Seq, seq)
	}
	return yield(r, err) && err == nil
}

func (s *Store) body(ctx context.Context, seq cad.Seq) ([]byte, bool, error) {
	if err := s.usable(ctx); err != nil {
		return nil, false, err
	}
	s.m.mu.RLock()
	defer s.m.mu.RUnlock()
	if int(seq) > len(s.m.bodies) {
		return nil, false, nil
	}
	return s.m.bodies[seq-1], true, nil
}

// Answer finds what a command was told.
func (s *Store) Answer(ctx context.Context, actor cad.ActorID, key string) (journal.Answer, bool, error) {
	if err := s.usable(ctx); err != nil {
		return journal.Answer{}, false, err
	}
	s.m.mu.RLock()
	defer s.m.mu.RUnlock()
	a, ok := s.m.answers[answerKey{actor, key}]
	a.Body = slices.Clone(a.Body)
	return a, ok, nil
}

// AnswersSince gives the answers from a moment on, oldest first.
func (s *Store) AnswersSince(ctx context.Context, at time.Time) iter.Seq2[journal.Answer, error] {
	return func(yield func(journal.Answer, error) bool) {
		if err := s.usable(ctx); err != nil {
			yield(journal.Answer{}, err)
			return
		}
		s.m.mu.RLock()
		var found []journal.Answer
		for _, k := range s.m.order {
			if a := s.m.answers[k]; !a.At.Before(at) {
				a.Body = slices.Clone(a.Body)
				found = append(found, a)
			}
		}
		s.m.mu.RUnlock()
		for _, a := range found {
			if !yield(a, nil) {
				return
			}
		}
	}
}

// ForgetAnswers removes answers given before a moment.
func (s *Store) ForgetAnswers(ctx context.Context, before time.Time) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.m.order = slices.DeleteFunc(s.m.order, func(k answerKey) bool {
		old := s.m.answers[k].At.Before(before)
		if old {
			delete(s.m.answers, k)
		}
		return old
	})
	return nil
}

// Leaves gives the leaf hashes of records after..to.
func (s *Store) Leaves(ctx context.Context, after, to cad.Seq) iter.Seq2[tlog.Hash, error] {
	return func(yield func(tlog.Hash, error) bool) {
		for seq := max(after, 0) + 1; seq <= to; seq++ {
			body, ok, err := s.body(ctx, seq)
			if err == nil && !ok {
				err = fault.Wrap("memstore.Leaves", fault.Internal, journal.ErrPosition, "there is no record %d", seq)
			}
			if err != nil {
				yield(tlog.Hash{}, err)
				return
			}
			if !yield(journal.Leaf(body), nil) {
				return
			}
		}
	}
}

// SaveSnapshot keeps a snapshot and drops all but the newest two.
func (s *Store) SaveSnapshot(ctx context.Context, snap journal.Snapshot) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	snap.State = slices.Clone(snap.State)
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	kept := slices.DeleteFunc(s.m.snapshots, func(o journal.Snapshot) bool { return o.Seq == snap.Seq })
	kept = append(kept, snap)
	slices.SortFunc(kept, func(a, b journal.Snapshot) int { return int(b.Seq - a.Seq) })
	s.m.snapshots = kept[:min(len(kept), snapshotsKept)]
	return nil
}

// LatestSnapshot is the newest whole one.
func (s *Store) LatestSnapshot(ctx context.Context) (journal.Snapshot, bool, error) {
	if err := s.usable(ctx); err != nil {
		return journal.Snapshot{}, false, err
	}
	s.m.mu.RLock()
	defer s.m.mu.RUnlock()
	for _, snap := range s.m.snapshots {
		if int(snap.Seq) <= len(s.m.bodies) && sha256.Sum256(snap.State) == snap.Hash {
			snap.State = slices.Clone(snap.State)
			return snap, true, nil
		}
	}
	return journal.Snapshot{}, false, nil
}

// Cursor is how far a reactor has answered, never beyond the end of the journal.
func (s *Store) Cursor(ctx context.Context, reactor string) (cad.Seq, error) {
	if err := s.usable(ctx); err != nil {
		return 0, err
	}
	s.m.mu.RLock()
	defer s.m.mu.RUnlock()
	return min(s.m.cursors[reactor], s.m.head().Seq), nil
}

// SetCursor keeps how far a reactor has answered.
func (s *Store) SetCursor(ctx context.Context, reactor string, seq cad.Seq) error {
	if err := s.usable(ctx); err != nil {
		return err
	}
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.m.cursors[reactor] = seq
	return nil
}

// Close ends the use of this store; Reopen still finds what was stored.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}
