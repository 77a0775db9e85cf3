package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/policy"
)

// The journal itself is the index of numbers: every number that it ever gave is found, wherever it stands and whatever
// stands between, and no other is.
func TestNumbered(t *testing.T) {
	c := newCentre(t, cad.Live)
	w := &walker{c: c, r: rand.New(rand.NewPCG(11, 7))}
	for range 900 {
		c.clock.pass(time.Duration(w.r.IntN(20*60)) * time.Second)
		_, _ = c.do(w.command())
	}
	for range 200 { // A long stretch in which nothing is opened.
		c.must(joint.SayUnit{Unit: "221", To: "unavailable", Reason: fmt.Sprint(w.n)})
		w.n++
	}
	given := map[int64]cad.IncidentID{}
	last := int64(0)
	for r, err := range c.store.Read(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Type != (incident.Opened{}).FactType() {
			continue
		}
		number, id := numberIn(t, r), cad.IncidentID(r.Subjects[0][len("incident:"):])
		if number <= last {
			t.Fatalf("record %d gives number %d after %d", r.Seq, number, last)
		}
		given[number], last = id, number
	}
	if len(given) < 80 {
		t.Fatalf("only %d incidents", len(given))
	}
	for n := int64(-1); n <= last+2; n++ {
		if id, err := c.desk.Numbered(t.Context(), n); err != nil || id != given[n] {
			t.Errorf("#%d is %q, want %q (%v)", n, id, given[n], err)
		}
	}
}

func numberIn(t *testing.T, r journal.Record) int64 {
	t.Helper()
	codec, err := joint.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	f, err := codec.Decode(r)
	if err != nil {
		t.Fatal(err)
	}
	o, ok := f.(incident.Opened)
	if !ok {
		t.Fatalf("record %d holds %T", r.Seq, f)
	}
	return o.Number
}

// counted counts the records that are read from a store.
type counted struct {
	*memstore.Store
	read int
}

func (c *counted) Read(ctx context.Context, after cad.Seq) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		for r, err := range c.Store.Read(ctx, after) {
			c.read++
			if !yield(r, err) {
				return
			}
		}
	}
}

// Looking for a number reads a few records of a long journal, not all of it.
func TestNumberedIsQuick(t *testing.T) {
	c := newCentre(t, cad.Live)
	for n := range 2000 {
		c.must(c.receive(cad.IncidentID(fmt.Sprintf("i%d", n))))
	}
	store := &counted{Store: c.store}
	if err := c.desk.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.store = c.store.Reopen()
	store.Store = c.store
	c.open(store)
	store.read = 0
	for n := range int64(2000) {
		if id, err := c.desk.Numbered(t.Context(), n+1); err != nil || id != cad.IncidentID(fmt.Sprintf("i%d", n)) {
			t.Fatalf("#%d is %q (%v)", n+1, id, err)
		}
	}
	if each := store.read / 2000; each > 40 {
		t.Errorf("%d records are read for a number in a journal of %d", each, c.desk.Head())
	}
}

// Records of older versions lack the numbers of links, and are found by number all the same.
func TestOldRecords(t *testing.T) {
	b, err := os.ReadFile("../joint/testdata/corpus/v0.1/journal.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var records []journal.Record
	for line := range bytes.Lines(b) {
		r, err := journal.ParseRecord(bytes.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	c := &centre{t: t, world: cad.Live, store: memstore.New("test"), keys: keyfile.Memory(), clock: &clock{now: records[len(records)-1].At}}
	epoch, _, err := c.store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for len(records) > 0 { // As they were written: one append after another.
		n := 1
		for n < len(records) && records[n].Commit == records[0].Commit {
			n++
		}
		if err := c.store.Append(t.Context(), epoch, records[0].Seq-1, records[:n], nil); err != nil {
			t.Fatal(err)
		}
		records = records[n:]
	}
	c.open(c.store)
	t.Cleanup(func() { _ = c.desk.Close(context.WithoutCancel(t.Context())) })
	for n, want := range []cad.IncidentID{"", "i1", "i2", "i3", "i4", "i5", ""} {
		if id, err := c.desk.Numbered(t.Context(), int64(n)); err != nil || id != want {
			t.Errorf("#%d is %q, want %q (%v)", n, id, want, err)
		}
	}
	h, err := c.desk.Recall(t.Context(), "i1")
	if err != nil {
		t.Fatal(err)
	}
	if l := h.Incident("i1").Links; len(l) != 1 || l[0].Number != 0 || h.Incident(l[0].Other).Number != 2 {
		t.Errorf("i1 says %+v, and the other is %+v", l, h.Incident("i2"))
	}
	row, sees := c.follow().Old(board.Class{Role: policy.Dispatcher}, h, "i1")
	if !sees || !bytes.Contains(row, []byte(`"links":[{"id":"i2","number":2,"kind":"split_from"}]`)) {
		t.Errorf("its row is %s", row)
	}
	if h, err = c.desk.Recall(t.Context(), "none"); err != nil || len(h.Incidents) != 0 {
		t.Errorf("what never was is %v (%v)", h.Incidents, err)
	}
}
