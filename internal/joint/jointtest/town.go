package jointtest

import (
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
	"shuniu/internal/org"
)

// Kept is one recorded fact of a Town.
type Kept struct {
	Seq      cad.Seq
	Happened time.Time
	Fact     cad.Fact // As it came back from its stored form.
}

// Town is the made-up centre at work, for tests of what is derived from a house: each command is decided and its facts are
// folded as the writer does it, at the moment that Now names. Nothing runs by itself.
type Town struct {
	House *joint.House
	Now   time.Time
	Who   cad.ActorID
	Kept  []Kept // Everything since it was configured, in order.

	t     testing.TB
	codec *journal.Codec
}

// NewTown configures a centre by its charter, at 13:30 of a day in 2030.
func NewTown(t testing.TB, c org.Charter) *Town {
	t.Helper()
	codec, err := joint.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	w := &Town{House: joint.NewHouse(nil), Now: time.Date(2030, 5, 1, 13, 30, 0, 0, time.UTC), Who: "p12", t: t, codec: codec}
	w.Do(joint.OpenWorld{World: cad.Live, Centre: Centre})
	w.Do(joint.Configure{Charter: c})
	w.Kept = nil
	return w
}

// Pass moves the clock on.
func (w *Town) Pass(d time.Duration) { w.Now = w.Now.Add(d) }

// Do decides a command, which must not be refused, and folds its facts.
func (w *Town) Do(c joint.Command) joint.Answer {
	w.t.Helper()
	out, err := joint.Decide(w.House, c, joint.Moment{Now: w.Now, Actor: w.Who})
	if err != nil {
		w.t.Fatalf("%s: %v", c.Verb(), err)
	}
	commit := int64(w.House.Seq) + 1
	for i, f := range out.Facts {
		r := journal.Record{Seq: w.House.Seq + 1, Commit: commit, Index: i, At: w.Now, Happened: w.Now, HappenedFrom: cad.FromClock, Centre: Centre, Actor: w.Who}
		if err := w.codec.Encode(&r, f); err != nil {
			w.t.Fatal(err)
		}
		back, err := w.codec.Decode(r)
		if err != nil {
			w.t.Fatal(err)
		}
		if err := w.House.Evolve(w.codec, back, r.Stamp()); err != nil {
			w.t.Fatal(err)
		}
		w.Kept = append(w.Kept, Kept{Seq: r.Seq, Happened: r.Happened, Fact: back})
	}
	return out.Answer
}
