package street_test

import (
	"encoding/binary"
	"testing"
	"time"

	"shuniu/internal/street"
)

// FuzzBuild makes networks of arbitrary nodes, ways, marks and rules. None may crash, and on each the hierarchy answers as the
// search does, forwards and backwards, for both kinds of vehicles.
func FuzzBuild(f *testing.F) {
	f.Add([]byte("\x01\x02\x03\x04\x05\x06\x07\x08 a small town with nothing in it that is right"))
	f.Add([]byte{9, 0, 1, 2, 0, 1, 3, 2, 1, 0, 2, 1, 4, 4, 0, 1, 1, 2, 3, 0, 0, 7, 8, 1, 2, 0, 5, 5, 5, 2, 1, 0, 3, 3, 6, 2, 1, 9, 9, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		d := &draws{data: data}
		b := d.town()
		n, _, err := b.Build(t.Context(), street.Profile{})
		if err != nil {
			t.Fatal(err)
		}
		if n.Stats().States == 0 {
			return
		}
		h, err := n.Prepare(t.Context(), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		var places []street.Snap
		for range 6 {
			if s, ok := n.Snap(origin.Offset(float64(d.next())*20, float64(d.next())*20), 1e4); ok {
				places = append(places, s)
			}
		}
		day := [24]float64{3: float64(d.next()) / 100}
		for _, v := range []street.Vehicle{street.Emergency, street.Civil} {
			c := street.Conditions{Vehicle: v, Factors: street.Factors{"primary": day}, Hour: 3}
			slowly := n.Under(c)
			quick, err := n.Router(t.Context(), h, c)
			if err != nil {
				t.Fatal(err)
			}
			alike(t, slowly, quick, places)
		}
	})
}

// alike holds every answer of a router against the search.
func alike(t *testing.T, slowly *street.Network, quick *street.Router, places []street.Snap) {
	rows := quick.ManyToMany(t.Context(), places, places)
	for k, to := range places {
		back := slowly.ManyToOne(t.Context(), places, to)
		for i, from := range places {
			forth := slowly.OneToMany(t.Context(), from, []street.Snap{to})[0]
			if rows[i][k] != back[i] || forth != back[i] {
				t.Fatalf("from %+v to %+v: router %+v, backwards %+v, forwards %+v", from, to, rows[i][k], back[i], forth)
			}
			for _, finder := range []street.Finder{slowly, quick} {
				r, ok := finder.Route(from, to)
				if ok != back[i].OK || r.Duration != back[i].Duration || r.Meters != back[i].Meters || ok && r.Times[len(r.Times)-1] != r.Duration {
					t.Fatalf("%T from %+v to %+v: route %v %v %v, trip %+v", finder, from, to, ok, r.Duration, r.Times, back[i])
				}
			}
		}
		for _, reach := range slowly.Isochrone(t.Context(), to, []time.Duration{time.Minute, 5 * time.Minute}) {
			if len(reach.Streets) > 0 && !reach.Area.Valid() {
				t.Fatalf("an outline that is none: %+v", reach.Area)
			}
		}
	}
}

// draws turns arbitrary bytes into choices; after their end all are 0.
type draws struct{ data []byte }

func (d *draws) next() byte {
	if len(d.data) == 0 {
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return b
}

func (d *draws) id() int64 { return int64(d.next() % 24) }

func (d *draws) town() *street.Builder {
	b := &street.Builder{}
	for id := range int64(20) {
		b.AddNode(id, origin.Offset(float64(d.next()%32)*150, float64(d.next()%32)*150))
	}
	classes := []string{"primary", "residential", "service", "motorway", ""}
	for id := range 1 + d.next()%16 {
		w := street.Way{ID: int64(id), Class: classes[d.next()%5], OneWay: int8(d.next()%3) - 1, SpeedKmh: float64(d.next()), Access: street.Access(d.next() % 4)}
		for range d.next() % 8 {
			w.Nodes = append(w.Nodes, d.id())
		}
		b.AddWay(w)
	}
	kinds := []string{"no_left_turn", "only_straight_on", "no_u_turn", "only_u_turn", "else"}
	for id := range d.next() % 16 {
		r := street.Restriction{ID: int64(id), From: d.id() % 17, To: d.id() % 17, Kind: kinds[d.next()%5], ExceptEmergency: d.next()%4 == 0}
		if r.Via = d.id(); d.next()%3 == 0 {
			for range 1 + d.next()%3 {
				r.Ways = append(r.Ways, d.id()%17)
			}
		}
		b.AddRestriction(r)
	}
	for range d.next() % 8 {
		b.AddMark(d.id(), street.Mark{Signal: d.next()%2 == 0, SignalForward: int8(d.next()%3) - 1, Barrier: street.Barrier(d.next() % 4)})
	}
	return b
}

// TestBuildAnything is the fuzz target on 300 towns of chance, at every run of the tests.
func TestBuildAnything(t *testing.T) {
	for seed := range uint64(300) {
		data := make([]byte, 0, 1024)
		x := seed*0x9e3779b97f4a7c15 + 1
		for len(data) < 700 {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
			data = binary.LittleEndian.AppendUint64(data, x)
		}
		d := &draws{data: data}
		n, _, err := d.town().Build(t.Context(), street.Profile{})
		if err != nil {
			t.Fatal(err)
		}
		h, err := n.Prepare(t.Context(), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		var places []street.Snap
		for range 5 {
			if s, ok := n.Snap(origin.Offset(float64(d.next())*20, float64(d.next())*20), 1e4); ok {
				places = append(places, s)
			}
		}
		c := street.Conditions{Vehicle: street.Vehicle(seed % 2)}
		quick, err := n.Router(t.Context(), h, c)
		if err != nil {
			t.Fatal(err)
		}
		alike(t, n.Under(c), quick, places)
	}
}
