// Package journaltest is the one suite that every journal.Store must pass, whatever its medium.
package journaltest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/journal"
)

// Centre is whose journal the suite writes.
const Centre cad.CentreID = "yunze"

// Medium is one empty place for a journal, as a test of a store provides it.
type Medium struct {
	// Open opens the same journal each time. The suite closes what it opened.
	Open func() (journal.Store, error)
	// Spec lets another process open it through the function given to Main. Empty: no other process can.
	Spec string
	// Takeover says what a second opener meets: true, its Begin fences the first; false, journal.ErrLocked.
	Takeover bool
}

// Run runs the whole suite. medium makes a fresh one for each test.
func Run(t *testing.T, medium func(t *testing.T) Medium) {
	for _, tt := range []struct {
		name string
		test func(*testing.T, *bench)
	}{
		{"an empty journal ends at 0", testEmpty},
		{"what was appended is read back the same", testAppend},
		{"an append is all or nothing", testAllOrNothing},
		{"a wrong position is refused", testPosition},
		{"an old epoch is refused", testEpoch},
		{"a writer that failed goes on", testRenew},
		{"no append before Begin", testBegin},
		{"an answer is found, once per key", testAnswers},
		{"answers of 30 days are found and older ones forgotten", testAnswerDays},
		{"the newest whole snapshot is found", testSnapshots},
		{"a cursor never passes the end", testCursors},
		{"everything is there after opening again", testReopen},
		{"readers beside a writer see durable prefixes", testConcurrent},
		{"any history equals the model", testModel},
		{"a second opener cannot write beside the first", testSecond},
		{"kill -9 in the middle of appends loses nothing acknowledged", testKill},
		{"a long journal", testLong},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.test(t, &bench{t: t, Medium: medium(t)})
		})
	}
}

// bench is a medium with short words for a test.
type bench struct {
	t *testing.T
	Medium
}

func (b *bench) open() journal.Store {
	b.t.Helper()
	s, err := b.Open()
	if err != nil {
		b.t.Fatalf("open: %v", err)
	}
	b.t.Cleanup(func() { _ = s.Close() })
	return s
}

func (b *bench) begin(s journal.Store) (journal.Epoch, journal.Head) {
	b.t.Helper()
	epoch, head, err := s.Begin(b.t.Context())
	if err != nil {
		b.t.Fatalf("begin: %v", err)
	}
	return epoch, head
}

func (b *bench) append(s journal.Store, epoch journal.Epoch, after cad.Seq, n int, answers ...journal.Answer) {
	b.t.Helper()
	if err := s.Append(b.t.Context(), epoch, after, Records(after, n), answers); err != nil {
		b.t.Fatalf("append after %d: %v", after, err)
	}
}

func (b *bench) head(s journal.Store, want cad.Seq) {
	b.t.Helper()
	h, err := s.Head(b.t.Context())
	if err != nil || h.Seq != want {
		b.t.Fatalf("the journal ends at %d (%v), want %d", h.Seq, err, want)
	}
	if want > 0 && !h.At.Equal(Record(want, want).At) {
		b.t.Fatalf("the end was recorded at %s, want %s", h.At, Record(want, want).At)
	}
}

// Start is the moment before the first record of the suite.
func Start() time.Time { return time.Date(2030, 1, 1, 18, 0, 0, 0, time.UTC) }

// Record is the suite's record with a sequence: any process makes the same one. commit is the first of its append.
func Record(commit, seq cad.Seq) journal.Record {
	at := Start().Add(time.Duration(seq) * 1_234_567 * time.Microsecond)
	data, _ := json.Marshal(map[string]any{"n": seq, "text": fmt.Sprintf("两车相撞 <%d> & \u2028", seq*seq)}) // These types always marshal.
	r := journal.Record{
		Seq: seq, Commit: int64(commit), Index: int(seq - commit), At: at, Happened: at.Add(-time.Minute), HappenedFrom: cad.FromPerson,
		Centre: Centre, Actor: "p12", Seat: "21", Power: cad.Direct, Key: fmt.Sprintf("k%d", commit), Cause: seq / 2,
		Type: "incident.noted", Version: 1, Data: data,
		Subjects: []cad.Subject{cad.SubjectOf("incident", fmt.Sprintf("i%06d", seq/10)), cad.SubjectOf("unit", fmt.Sprint(seq%7)), cad.SubjectOf("unit", fmt.Sprint(seq%3))},
	}
	if seq%5 == 0 {
		r.Private = &cad.Sealed{Subject: r.Subjects[0], Slot: uint64(seq), Box: bytes.Repeat([]byte{byte(seq)}, 40)}
	}
	return r
}

// Records are n records of one append.
func Records(after cad.Seq, n int) []journal.Record {
	out := make([]journal.Record, n)
	for i := range out {
		out[i] = Record(after+1, after+1+cad.Seq(i))
	}
	return out
}

// AnswerOf is the suite's answer with a number.
func AnswerOf(n int) journal.Answer {
	return journal.Answer{
		Actor: cad.ActorID(fmt.Sprintf("p%d", n%3)), Key: fmt.Sprintf("key-%d", n), Hash: [32]byte{byte(n), 7},
		Body: fmt.Appendf(nil, `{"n":%d}`, n), Seq: cad.Seq(n), At: Start().Add(time.Duration(n) * time.Second),
	}
}

// Same says how two records differ in their stored form; empty if they do not.
func Same(got, want journal.Record) string {
	g, err := got.Bytes()
	if err != nil {
		return err.Error()
	}
	w, err := want.Bytes()
	if err != nil {
		return err.Error()
	}
	if !bytes.Equal(g, w) {
		return fmt.Sprintf("got  %s\nwant %s", g, w)
	}
	return ""
}

// Collect reads a sequence to its end or to its first error.
func Collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for v, err := range seq {
		if err != nil {
			return out, err
		}
		out = append(out, v)
	}
	return out, nil
}

// CheckWhole checks that a store holds a prefix of the suite's records, made of whole appends, and says its length.
func CheckWhole(ctx context.Context, s journal.Store) (cad.Seq, error) {
	last := journal.Record{}
	for r, err := range s.Read(ctx, 0) {
		if err != nil {
			return last.Seq, err
		}
		if r.Seq != last.Seq+1 {
			return last.Seq, fmt.Errorf("record %d comes after %d", r.Seq, last.Seq)
		}
		if diff := Same(r, Record(cad.Seq(r.Commit), r.Seq)); diff != "" {
			return last.Seq, fmt.Errorf("record %d is not what was written:\n%s", r.Seq, diff)
		}
		last = r
	}
	return last.Seq, nil
}
