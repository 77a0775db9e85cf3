package memstore

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

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
