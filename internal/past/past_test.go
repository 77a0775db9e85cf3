package past_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/past"
	"shuniu/internal/track"
)

// everybody may do everything.
type everybody struct{}

func (everybody) May(cad.Actor, string, cad.Thing) error { return nil }

// clock is set by the test.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// room is a centre with a past.
type room struct {
	t     testing.TB
	clock *clock
	desk  *desk.Desk
	board *board.Board
	track *track.Book
	past  *past.Past
}

func begin() time.Time { return time.Date(2030, 5, 1, 14, 0, 0, 0, time.UTC) }

// open starts a desk over a store, as after a stop.
func open(t testing.TB, store *memstore.Store, keys *keyfile.Store, now time.Time) *room {
	t.Helper()
	r := &room{t: t, clock: &clock{now: now}, track: track.NewBook()}
	var err error
	if r.desk, err = desk.Open(t.Context(), desk.Config{Centre: jointtest.Centre, World: cad.Live, Store: store, Keys: keys, Clock: r.clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.desk.Close(t.Context()) })
	r.board = board.New(everybody{}, r.desk)
	if err := r.desk.Watch(t.Context(), func(c desk.Commit) {
		if _, err := r.board.Apply(c.Change, c.Reset); err != nil {
			t.Error(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	r.past = past.New(past.Options{Desk: r.desk, Board: r.board, Track: r.track})
	if err := r.past.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

func newRoom(t *testing.T) (*room, *memstore.Store, *keyfile.Store) {
	t.Helper()
	store, keys := memstore.New(jointtest.Centre), keyfile.Memory()
	r := open(t, store, keys, begin())
	r.do(joint.Configure{Charter: jointtest.Charter(jointtest.Centre)})
	for _, u := range []cad.UnitID{"101", "102", "211"} {
		r.do(joint.SayUnit{Unit: u, To: "available"})
	}
	return r, store, keys
}

func (r *room) do(c joint.Command) {
	r.t.Helper()
	if _, err := r.desk.Do(r.t.Context(), desk.Wish{Actor: cad.Actor{ID: "p12", Role: "dispatcher"}, Command: c}); err != nil {
		r.t.Fatal(err)
	}
}

// rows are what a screen shows of a board, without what may be done.
func rows(t testing.TB, b *board.Board) string {
	t.Helper()
	class := board.Class{Role: "dispatcher"}
	list, asOf := b.Incidents(class, true, 0)
	units, ids, _ := b.Units(class)
	for _, id := range ids {
		list = append(list, units[id])
	}
	calls, _ := b.Calls(class, true)
	out := fmt.Sprintln("as of", asOf)
	for _, raw := range append(list, calls...) {
		var row map[string]any
		if err := json.Unmarshal(raw, &row); err != nil {
			t.Fatal(err)
		}
		delete(row, "next")
		b, _ := json.Marshal(row)
		out += string(b) + "\n"
	}
	return out
}

// live is forty minutes of a room; it tells what stood on the board at each moment.
func (r *room) live() map[time.Time]string {
	seen := map[time.Time]string{}
	step := func(d time.Duration, cmds ...joint.Command) {
		r.clock.now = r.clock.now.Add(d)
		for _, c := range cmds {
			r.do(c)
		}
		if err := r.track.Put(track.Fix{Unit: "101", Point: geo.Point{Lon: float64(r.clock.now.Minute()) / 1000}, At: r.clock.now}, r.clock.now); err != nil {
			r.t.Fatal(err)
		}
		r.past.Step()
		seen[r.clock.now] = rows(r.t, r.board)
	}
	step(0)
	for i := range 40 {
		id := cad.IncidentID(fmt.Sprintf("i%d", i))
		step(7*time.Second, joint.Receive{ID: id, Call: cad.CallID("k" + id), Source: incident.Phone, Type: "theft", Place: &geo.Point{Lon: 0.001}})
		step(13*time.Second, dispatch.Send{Incident: id, Units: []cad.UnitID{"102"}, IDs: []cad.AssignmentID{cad.AssignmentID("a" + id)}})
		step(20*time.Second, joint.SayUnit{Unit: "102", To: "cleared"})
		step(20 * time.Second)
	}
	return seen
}

func TestEveryMomentIsAsItWas(t *testing.T) {
	r, _, _ := newRoom(t)
	seen := r.live()
	check(t, r, seen)
	m, err := r.past.At(t.Context(), begin().Add(10*time.Minute+5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if f, ok := m.Fixes["101"]; !ok || f.Point.Lon != 0.010 {
		t.Errorf("where the unit was: %+v", m.Fixes)
	}
	for _, row := range firstOf(r.board.Then(m.House).Incidents(board.Class{Role: "dispatcher"}, true, 0)) {
		var got board.IncidentRow
		if err := json.Unmarshal(row, &got); err != nil {
			t.Fatal(err)
		}
		for _, s := range got.Next {
			if s.Allowed || s.Code == "" {
				t.Errorf("#%d: %s may be done in the past", got.Number, s.Verb)
			}
		}
	}
	kinds := map[string]int{}
	for _, m := range r.past.Range().Marks {
		kinds[m.Kind]++
	}
	if kinds["call"] != 40 || kinds["order"] != 40 {
		t.Errorf("marks: %v", kinds)
	}
}

func firstOf(rows [][]byte, _ cad.Seq) [][]byte { return rows }

func check(t *testing.T, r *room, seen map[time.Time]string) {
	t.Helper()
	before := rows(t, r.board)
	for _, at := range slices.SortedFunc(maps.Keys(seen), time.Time.Compare) {
		m, err := r.past.At(t.Context(), at)
		if err != nil {
			t.Fatalf("%s: %v", at.Format(time.TimeOnly), err)
		}
		if got := rows(t, r.board.Then(m.House)); got != seen[at] {
			t.Fatalf("%s: there stood\n%s\nand it is said\n%s", at.Format(time.TimeOnly), seen[at], got)
		}
	}
	if after := rows(t, r.board); after != before {
		t.Error("looking back has changed the present")
	}
}

// After a stop the hour is made from the journal, to the same rows; only positions are gone.
func TestTheHourIsMadeFromTheJournalAgain(t *testing.T) {
	r, store, keys := newRoom(t)
	seen := r.live()
	now := r.clock.now.Add(time.Minute)
	if err := r.desk.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := open(t, store, keys, now)
	again.past.Step()
	if err := again.past.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	check(t, again, seen)
	if got := again.past.Range(); len(got.Marks) != 80 || !got.Placed.IsZero() {
		t.Errorf("%d marks, positions since %v", len(got.Marks), got.Placed)
	}
}

// What is older than the hour is let go of, and asking for it is refused with what there is.
func TestTheHourEnds(t *testing.T) {
	r, _, _ := newRoom(t)
	r.past.Step()
	r.do(joint.Receive{ID: "i1", Call: "k1", Source: incident.Phone})
	for range 2 * 130 {
		r.clock.now = r.clock.now.Add(30 * time.Second)
		r.past.Step()
	}
	got := r.past.Range()
	if got.To.Sub(got.From) != past.Kept || len(got.Marks) != 0 {
		t.Errorf("%v to %v with %d marks", got.From, got.To, len(got.Marks))
	}
	for _, at := range []time.Time{got.From.Add(-time.Second), got.To.Add(time.Minute), begin()} {
		if _, err := r.past.At(t.Context(), at); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%v: %v", at, err)
		}
	}
	for _, at := range []time.Time{got.From, got.To, got.To.Add(time.Second)} {
		if m, err := r.past.At(t.Context(), at); err != nil || m.House.Incident("i1").ID == "" {
			t.Errorf("%v: %v", at, err)
		}
	}
}
