package journaltest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/journal"
)

func testEmpty(t *testing.T, b *bench) {
	s := b.open()
	_, head := b.begin(s)
	if head.Seq != 0 || !head.At.IsZero() {
		t.Errorf("Begin says %+v", head)
	}
	b.head(s, 0)
	if rs, err := Collect(s.Read(t.Context(), 0)); len(rs) != 0 || err != nil {
		t.Errorf("read %d records, %v", len(rs), err)
	}
	if _, ok, err := s.LatestSnapshot(t.Context()); ok || err != nil {
		t.Errorf("a snapshot of nothing: %v %v", ok, err)
	}
	if _, ok, err := s.Answer(t.Context(), "p1", "k"); ok || err != nil {
		t.Errorf("an answer to nothing: %v %v", ok, err)
	}
}

func testAppend(t *testing.T, b *bench) {
	s := b.open()
	e, _ := b.begin(s)
	after := cad.Seq(0)
	for _, n := range []int{1, 64, 3, 700, 1} {
		b.append(s, e, after, n)
		after += cad.Seq(n)
		b.head(s, after)
	}
	for _, from := range []cad.Seq{0, 1, 255, 256, 700, 768, 769, 1000} {
		rs, err := Collect(s.Read(t.Context(), from))
		if err != nil || len(rs) != max(0, int(after-from)) {
			t.Fatalf("after %d: %d records, %v", from, len(rs), err)
		}
		for i, r := range rs {
			if diff := Same(r, Record(cad.Seq(r.Commit), from+1+cad.Seq(i))); diff != "" {
				t.Fatal(diff)
			}
		}
	}
	for _, sub := range []cad.Subject{"unit:0", "unit:6", "incident:i000003", "unit:none"} {
		var want, got []cad.Seq
		for seq := range after {
			if slices.Contains(Record(1, seq+1).Subjects, sub) {
				want = append(want, seq+1)
			}
		}
		rs, err := Collect(s.BySubject(t.Context(), sub))
		for _, r := range rs {
			got = append(got, r.Seq)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %v (%v), want %v", sub, got, err, want)
		}
	}
	hashes, err := Collect(s.Leaves(t.Context(), 3, 700))
	if err != nil || len(hashes) != 697 {
		t.Fatalf("%d leaves, %v", len(hashes), err)
	}
	rs, err := Collect(s.Read(t.Context(), 3))
	if err != nil {
		t.Fatal(err)
	}
	for i, h := range hashes {
		if body, err := rs[i].Bytes(); err != nil || journal.Leaf(body) != h {
			t.Fatalf("the leaf of record %d is not of its bytes", i+4)
		}
	}
	if _, err := Collect(s.Leaves(t.Context(), 0, after+1)); err == nil {
		t.Error("a leaf was given for a record that does not exist")
	}
}

func testAllOrNothing(t *testing.T, b *bench) {
	s := b.open()
	e, _ := b.begin(s)
	b.append(s, e, 0, 3, AnswerOf(1))
	for name, try := range map[string]func() error{
		"a repeated key": func() error {
			return s.Append(t.Context(), e, 3, Records(3, 20), []journal.Answer{AnswerOf(2), AnswerOf(1)})
		},
		"the same key twice": func() error {
			return s.Append(t.Context(), e, 3, Records(3, 20), []journal.Answer{AnswerOf(2), AnswerOf(2)})
		},
		"a gap": func() error {
			return s.Append(t.Context(), e, 3, append(Records(3, 20), Record(4, 25)), []journal.Answer{AnswerOf(2)})
		},
		"a record that cannot be written": func() error {
			rs := Records(3, 20)
			rs[19].Data = []byte("{")
			return s.Append(t.Context(), e, 3, rs, []journal.Answer{AnswerOf(2)})
		},
	} {
		if err := try(); err == nil {
			t.Fatalf("%s was stored", name)
		}
		if err := s.Append(t.Context(), e, 3, Records(3, 1), nil); err == nil {
			t.Fatalf("after %s an append was taken before Begin", name)
		}
		var head journal.Head
		e, head = b.begin(s)
		if head.Seq != 3 {
			t.Fatalf("after %s the journal ends at %d", name, head.Seq)
		}
		if _, ok, err := s.Answer(t.Context(), AnswerOf(2).Actor, AnswerOf(2).Key); ok || err != nil {
			t.Fatalf("%s left an answer: %v", name, err)
		}
		if rs, err := Collect(s.BySubject(t.Context(), "incident:i000001")); len(rs) != 0 || err != nil {
			t.Fatalf("%s left %d records of a subject, %v", name, len(rs), err)
		}
	}
	b.append(s, e, 3, 1, AnswerOf(2))
	b.head(s, 4)
}

func testPosition(t *testing.T, b *bench) {
	s := b.open()
	e, _ := b.begin(s)
	b.append(s, e, 0, 5)
	for _, after := range []cad.Seq{0, 4, 6} {
		if err := s.Append(t.Context(), e, after, Records(after, 1), nil); !errors.Is(err, journal.ErrPosition) {
			t.Errorf("after %d: %v", after, err)
		}
		e, _ = b.begin(s)
	}
	if err := s.Append(t.Context(), e, 4, nil, []journal.Answer{AnswerOf(1)}); !errors.Is(err, journal.ErrPosition) {
		t.Errorf("an answer alone in a wrong place: %v", err)
	}
	b.head(s, 5)
}

func testAnswers(t *testing.T, b *bench) {
	s := b.open()
	e, _ := b.begin(s)
	b.append(s, e, 0, 2, AnswerOf(1), AnswerOf(2))
	b.append(s, e, 2, 0, AnswerOf(3))
	b.append(s, e, 2, 1)
	b.head(s, 3)
	for n := 1; n <= 3; n++ {
		want := AnswerOf(n)
		got, ok, err := s.Answer(t.Context(), want.Actor, want.Key)
		if !ok || err != nil || !sameAnswer(got, want) {
			t.Errorf("answer %d: %+v %v %v", n, got, ok, err)
		}
		if _, ok, _ := s.Answer(t.Context(), "another", want.Key); ok {
			t.Errorf("another actor was given answer %d", n)
		}
	}
}

func sameAnswer(a, b journal.Answer) bool {
	return a.Actor == b.Actor && a.Key == b.Key && a.Hash == b.Hash && string(a.Body) == string(b.Body) && a.Seq == b.Seq && a.At.Equal(b.At)
}

func testAnswerDays(t *testing.T, b *bench) {
	const days, perDay = 40, 10
	s := b.open()
	e, _ := b.begin(s)
	at := func(n int) journal.Answer {
		a := AnswerOf(n)
		a.At = Start().AddDate(0, 0, n/perDay)
		return a
	}
	for n := range days * perDay {
		b.append(s, e, 0, 0, at(n))
	}
	month := Start().AddDate(0, 0, days-30)
	if err := s.ForgetAnswers(t.Context(), month); err != nil {
		t.Fatal(err)
	}
	all, err := Collect(s.AnswersSince(t.Context(), time.Time{}))
	if err != nil || len(all) != 30*perDay {
		t.Fatalf("%d answers are left, %v", len(all), err)
	}
	for n := range days * perDay {
		a := at(n)
		_, ok, err := s.Answer(t.Context(), a.Actor, a.Key)
		if err != nil || ok == a.At.Before(month) {
			t.Fatalf("the answer of day %d: %v %v", n/perDay, ok, err)
		}
	}
	day := Start().AddDate(0, 0, days-1)
	last, err := Collect(s.AnswersSince(t.Context(), day))
	if err != nil || len(last) != perDay {
		t.Fatalf("%d answers of the last day, %v", len(last), err)
	}
	for i, a := range last {
		if !sameAnswer(a, at((days-1)*perDay+i)) {
			t.Errorf("answer %d of the last day is %+v", i, a)
		}
	}
	b.append(s, e, 0, 0, at(1)) // A forgotten key may be used again.
}

func testSnapshots(t *testing.T, b *bench) {
	s := b.open()
	e, _ := b.begin(s)
	b.append(s, e, 0, 5)
	for seq := cad.Seq(1); seq <= 3; seq++ {
		state := fmt.Appendf(nil, "state\n%d\n", seq)
		snap := journal.Snapshot{Seq: seq, State: state, Hash: sha256.Sum256(state), At: Record(1, seq).At}
		if seq == 3 {
			snap.Hash[0] ^= 1 // Damaged.
		}
		if err := s.SaveSnapshot(t.Context(), snap); err != nil {
			t.Fatal(err)
		}
	}
	got, ok, err := s.LatestSnapshot(t.Context())
	if err != nil || !ok || got.Seq != 2 || string(got.State) != "state\n2\n" || !got.At.Equal(Record(1, 2).At) || got.Hash != sha256.Sum256(got.State) {
		t.Fatalf("%+v %v %v", got, ok, err)
	}
}

func testCursors(t *testing.T, b *bench) {
	s := b.open()
	e, _ := b.begin(s)
	b.append(s, e, 0, 9)
	for seq := cad.Seq(1); seq <= 7; seq++ {
		for _, name := range []string{"deadlines", "notices"} {
			if err := s.SetCursor(t.Context(), name, seq); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.SetCursor(t.Context(), "notices", 4); err != nil {
		t.Fatal(err)
	}
	if err := s.SetCursor(t.Context(), "witness", 99); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]cad.Seq{"deadlines": 7, "notices": 4, "witness": 9, "unknown": 0} {
		if got, err := s.Cursor(t.Context(), name); got != want || err != nil {
			t.Errorf("%s: %d, want %d (%v)", name, got, want, err)
		}
	}
}

func testReopen(t *testing.T, b *bench) {
	state := []byte("state")
	for round := range cad.Seq(4) {
		s := b.open()
		e, head := b.begin(s)
		if head.Seq != round*100 || e != journal.Epoch(round+1) {
			t.Fatalf("round %d begins in epoch %d after %d", round, e, head.Seq)
		}
		if n, err := CheckWhole(t.Context(), s); err != nil || n != head.Seq {
			t.Fatalf("%d of %d records: %v", n, head.Seq, err)
		}
		b.append(s, e, head.Seq, 100, AnswerOf(int(round)))
		if round > 0 {
			if _, ok, err := s.Answer(t.Context(), AnswerOf(int(round-1)).Actor, AnswerOf(int(round-1)).Key); !ok || err != nil {
				t.Fatalf("the answer of round %d is gone: %v", round-1, err)
			}
			if snap, ok, err := s.LatestSnapshot(t.Context()); !ok || err != nil || snap.Seq != round*100 {
				t.Fatalf("the snapshot of round %d: %+v %v", round-1, snap, err)
			}
			if c, err := s.Cursor(t.Context(), "deadlines"); c != round*100 || err != nil {
				t.Fatalf("the cursor of round %d: %d %v", round-1, c, err)
			}
		}
		if err := errors.Join(
			s.SaveSnapshot(t.Context(), journal.Snapshot{Seq: head.Seq + 100, State: state, Hash: sha256.Sum256(state), At: Start()}),
			s.SetCursor(t.Context(), "deadlines", head.Seq+100), s.Close()); err != nil {
			t.Fatal(err)
		}
		if err := s.Append(t.Context(), e, head.Seq+100, Records(head.Seq+100, 1), nil); err == nil {
			t.Fatal("a closed store stored")
		}
	}
}

func testConcurrent(t *testing.T, b *bench) {
	const appends, size = 200, 7
	s := b.open()
	e, _ := b.begin(s)
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		readers.Go(func() {
			for seen := cad.Seq(0); ; {
				n, err := CheckWhole(t.Context(), s)
				if err != nil || n < seen || n%size != 0 {
					t.Errorf("a reader saw %d after %d: %v", n, seen, err)
					return
				}
				seen = n
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range cad.Seq(appends) {
		if err := s.Append(t.Context(), e, i*size, Records(i*size, size), nil); err != nil {
			t.Errorf("append: %v", err)
			break
		}
		if h, err := s.Head(t.Context()); h.Seq != (i+1)*size || err != nil {
			t.Errorf("after the answer a reader sees %d: %v", h.Seq, err)
		}
	}
	close(done)
	readers.Wait()
}

func testLong(t *testing.T, b *bench) {
	n := cad.Seq(1_000_000)
	if testing.Short() || Raced {
		n = 100_000
	}
	s := b.open()
	e, _ := b.begin(s)
	var appending time.Duration
	for after := cad.Seq(0); after < n; after += 1000 {
		rs := Records(after, 1000)
		start := time.Now()
		if err := s.Append(t.Context(), e, after, rs, nil); err != nil {
			t.Fatal(err)
		}
		appending += time.Since(start)
	}
	start := time.Now()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = b.open()
	opening := time.Since(start)
	start = time.Now()
	read := cad.Seq(0)
	for r, err := range s.Read(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if read++; r.Seq != read {
			t.Fatalf("%d comes after %d", r.Seq, read-1)
		}
	}
	reading := time.Since(start)
	if read != n {
		t.Fatalf("read %d of %d", read, n)
	}
	start = time.Now()
	leaves := 0
	for _, err := range s.Leaves(t.Context(), 0, n) {
		if err != nil {
			t.Fatal(err)
		}
		leaves++
	}
	hashing := time.Since(start)
	start = time.Now()
	life, err := Collect(s.BySubject(t.Context(), cad.SubjectOf("incident", fmt.Sprintf("i%06d", n/20))))
	if finding := time.Since(start); err != nil || len(life) != 10 || finding > time.Second {
		t.Errorf("one life among %d records: %d records in %s, %v", n, len(life), finding, err)
	} else {
		t.Logf("%d records: appended in %s, closed and opened in %s, read in %s, %d leaves in %s, one life in %s", n, appending, opening, reading, leaves, hashing, finding)
	}
}
