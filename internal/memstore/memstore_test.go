package memstore

import (
	"errors"
	"testing"

	"shuniu/internal/journal"
	"shuniu/internal/journal/journaltest"
)

func TestStore(t *testing.T) {
	journaltest.Run(t, func(*testing.T) journaltest.Medium {
		s := New(journaltest.Centre)
		return journaltest.Medium{Open: func() (journal.Store, error) { return s.Reopen(), nil }, Takeover: true}
	})
}

// The writer sees the same failure in both cases; only Begin says what was stored.
func TestFailNext(t *testing.T) {
	for when, want := range map[Failure]int64{BeforeStore: 1, AfterStore: 3} {
		s := New(journaltest.Centre)
		e, _, err := s.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Append(t.Context(), e, 0, journaltest.Records(0, 1), nil); err != nil {
			t.Fatal(err)
		}
		s.FailNext(when, journal.ErrFull)
		if err := s.Append(t.Context(), e, 1, journaltest.Records(1, 2), nil); !errors.Is(err, journal.ErrFull) {
			t.Fatalf("the append said %v", err)
		}
		if err := s.Append(t.Context(), e, 1, journaltest.Records(1, 2), nil); err == nil {
			t.Fatal("an append was taken before Begin")
		}
		e, head, err := s.Begin(t.Context())
		if err != nil || int64(head.Seq) != want {
			t.Fatalf("the end is %d, want %d: %v", head.Seq, want, err)
		}
		if err := s.Append(t.Context(), e, head.Seq, journaltest.Records(head.Seq, 1), nil); err != nil {
			t.Fatal(err)
		}
	}
}
