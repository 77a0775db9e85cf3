package journaltest

import (
	"errors"
	"testing"

	"shuniu/internal/journal"
)

func testEpoch(t *testing.T, b *bench) {
	s := b.open()
	first, _ := b.begin(s)
	b.append(s, first, 0, 1)
	second, head := b.begin(s)
	if second <= first || head.Seq != 1 {
		t.Fatalf("epoch %d after %d, end %d", second, first, head.Seq)
	}
	if err := s.Append(t.Context(), first, 1, Records(1, 1), nil); !errors.Is(err, journal.ErrEpoch) {
		t.Fatalf("an old writer was heard: %v", err)
	}
	b.head(s, 1)
}

// A writer whose append failed goes on in a new epoch.
func testRenew(t *testing.T, b *bench) {
	s := b.open()
	first, _ := b.begin(s)
	b.append(s, first, 0, 2)
	if err := s.Append(t.Context(), first, 1, Records(1, 1), nil); !errors.Is(err, journal.ErrPosition) {
		t.Fatalf("a wrong position: %v", err)
	}
	again, head, err := s.Renew(t.Context())
	if err != nil || again <= first || head.Seq != 2 {
		t.Fatalf("epoch %d after %d, end %d: %v", again, first, head.Seq, err)
	}
	b.append(s, again, 2, 1)
	b.head(s, 3)
}

func testBegin(t *testing.T, b *bench) {
	s := b.open()
	for _, e := range []journal.Epoch{0, 1} {
		if err := s.Append(t.Context(), e, 0, Records(0, 1), nil); err == nil {
			t.Errorf("an append in epoch %d was taken before Begin", e)
		}
	}
	b.head(s, 0)
}
