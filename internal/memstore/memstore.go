// Package memstore keeps a journal in memory: for tests, drills, studies and replays. It forgets everything with
// the process, and it fails on command, so that what follows a failed append can be tested.
package memstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

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
	broken  error         // Why no append is taken; cleared by Begin.
	begun   journal.Epoch // The last epoch that this store took; 0 before Begin.
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
	return s.take(ctx, false)
}

// Renew takes a new epoch if nobody else has begun since.
func (s *Store) Renew(ctx context.Context) (journal.Epoch, journal.Head, error) {
	return s.take(ctx, true)
}

func (s *Store) take(ctx context.Context, again bool) (journal.Epoch, journal.Head, error) {
	if err := s.usable(ctx); err != nil {
		return 0, journal.Head{}, err
	}
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if again && s.m.epoch != s.begun {
		return 0, journal.Head{}, fault.Wrap("memstore.Renew", fault.Unavailable, journal.ErrEpoch, "epoch %d is over, %d has begun", s.begun, s.m.epoch)
	}
	s.m.epoch++
	s.begun, s.broken = s.m.epoch, nil
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

// Close ends the use of this store; Reopen still finds what was stored.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}
