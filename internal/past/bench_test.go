package past_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/past"
	"shuniu/internal/track"
	"shuniu/internal/unit"
)

// BenchmarkHour is what an hour of a very busy room weighs: 300 open incidents, 500 units that all move, 200 changed rows a
// second. MB is what is let go of with the past.
func BenchmarkHour(b *testing.B) {
	for b.Loop() {
		r := open(b, memstore.New(jointtest.Centre), keyfile.Memory(), begin())
		w := &busy{board: board.New(everybody{}, r.desk)}
		before := heapMB()
		kept := past.New(past.Options{Desk: r.desk, Board: w.board, Track: r.track})
		for s := range 3600 {
			r.clock.now = begin().Add(time.Duration(s) * time.Second)
			for range 200 {
				if err := w.change(r.clock.now); err != nil {
					b.Fatal(err)
				}
			}
			if s%10 == 0 {
				w.move(b, r.track, r.clock.now)
			}
			kept.Step()
		}
		full := heapMB()
		runtime.KeepAlive(kept)
		kept = nil
		without := heapMB()
		b.ReportMetric(full-without, "MB")
		b.ReportMetric(without-before, "boardMB")
		runtime.KeepAlive(w)
	}
}

func (w *busy) move(b *testing.B, book *track.Book, now time.Time) {
	for u := range 500 {
		f := track.Fix{Unit: cad.UnitID(fmt.Sprintf("u%03d", u)), Point: geo.Point{Lon: float64(now.Second()) / 1e5}, At: now}
		if err := book.Put(f, now); err != nil {
			b.Fatal(err)
		}
	}
}

// busy is a board that changes as fast, without a journal behind it.
type busy struct {
	board *board.Board
	seq   cad.Seq
	n     int
}

func (w *busy) change(at time.Time) error {
	w.n++
	i := w.n % 300
	id := cad.IncidentID(fmt.Sprintf("i%03d", i))
	u := cad.UnitID(fmt.Sprintf("u%03d", w.n%500))
	a := cad.AssignmentID(fmt.Sprintf("a%03d", w.n%500))
	c := joint.Change{
		From: w.seq, To: w.seq + 1, At: at, Last: map[cad.Subject]cad.Seq{incident.Subject(id): w.seq + 1},
		Incidents: []*incident.State{{ID: id, Number: int64(i + 1), Phase: incident.InWork, Place: &geo.Point{}, Passed: []string{"dispatch"}, Limits: make([]incident.Limit, 4)}},
	}
	if w.n%2 == 0 { // Half of them are steps of units.
		c.Incidents, c.Last = nil, map[cad.Subject]cad.Seq{unit.Subject(u): w.seq + 1, assignment.Subject(a): w.seq + 1}
		c.Units = []*unit.State{{ID: u, CallSign: string(u)}}
		c.Assignments = []*assignment.State{{ID: a, Incident: id, Unit: u, Stage: assignment.EnRoute, Limits: make([]assignment.Limit, 3)}}
	}
	w.seq++
	_, err := w.board.Apply(c, false)
	return err
}

func heapMB() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}
