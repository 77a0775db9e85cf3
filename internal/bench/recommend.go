package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/policy"
	"shuniu/internal/street"
	"shuniu/internal/track"
)

// Sizes of the recommend bench.
const (
	askedPlaces  = 500
	gridSide     = 80    // Corners along one side of the generated grid.
	gridMeters   = 120.0 // Between two corners.
	strollMeters = 150.0 // Units are somewhere else, by up to so much, at each move.
	moveEvery    = time.Second
)

// garrisonLeast is how many units give each of nine stations a crew, and leave enough for the plan of six.
const garrisonLeast = 40

// sixSlots is a plan of six: two patrols, a crew of the station, a shield, a special unit or a patrol, and one that stays back.
func sixSlots() []org.Need {
	return []org.Need{
		{Slot: "near", Count: 2},
		{Slot: "own", Count: 1},
		{Slot: "any", Capability: "shield", Count: 1},
		{Slot: "swat", Count: 1, Or: []org.Need{{Slot: "near", Count: 1}}},
		{Slot: "near", Count: 1, Hold: true},
	}
}

// garrison is the bench's centre with three kinds of units, crews at every station, and the plan of six.
func garrison(middle geo.Point, units int) org.Charter {
	ch := charter(middle, units)
	name := func(s string) org.Name { return org.Name{"zh": s, "en": s} }
	ch.Settings.Capabilities = []org.Item{{ID: "shield", Name: name("shield")}}
	ch.Kinds = append(ch.Kinds, org.Kind{ID: "crew", Name: name("crew"), OwnStation: true}, org.Kind{ID: "swat", Name: name("special unit"), Capabilities: []string{"shield"}})
	ch.Types[0].Need = sixSlots()
	for i := range ch.Units {
		switch u := &ch.Units[i]; {
		case i%4 == 1:
			u.Kind, u.Station = "crew", ch.Orgs[i/4%len(ch.Orgs)].ID
		case i%10 == 0:
			u.Kind = "swat"
		}
	}
	return ch
}

// Recommend measures a recommendation as the front door gives it: a plan of six for places all over the map, units on all
// streets, every one of which moves once a second. Beside it, in the same run: a front door that only sorts the same units
// by straight lines, and the plain search from the same places.
func Recommend(ctx context.Context, o Options) (err error) {
	o = o.filled()
	o.Sizes.Units = max(o.Sizes.Units, garrisonLeast)
	dir, remove, err := o.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	from := time.Now()
	streets, name, err := o.city(ctx)
	if err != nil {
		return err
	}
	f := figures{"map_load_s": time.Since(from).Seconds()}
	corners := drivable(streets.Streets)
	if len(corners) < 2 {
		return fmt.Errorf("bench: %s holds no streets", name)
	}
	middle := corners[len(corners)/2]
	h, err := openHouse(ctx, dir, middle, o.Sizes.Units)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if _, err := h.desk.Do(ctx, desk.Wish{Actor: cad.Actor{ID: "operator", Role: policy.Operator}, Command: joint.Configure{Charter: garrison(middle, o.Sizes.Units)}}); err != nil {
		return err
	}
	if err := h.serve(ctx, streets); err != nil {
		return err
	}
	o.say("the streets are put in order")
	from = time.Now()
	engine := street.NewEngine(streets.Streets, nil, nil)
	defer engine.Close()
	if err := engine.Prepare(ctx, "", h.desk.Now(), nil); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	f["prepare_s"] = time.Since(from).Seconds()
	h.centre.Streets = engine
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go h.centre.Follow(ctx)
	q := &questions{h: h, corners: corners, units: o.Sizes.Units, streets: streets.Streets, f: f}
	o.say("%d recommendations of a plan of six for %d units", askedPlaces, o.Sizes.Units)
	if err := q.ask(ctx); err != nil {
		return err
	}
	return o.print("recommend", figures{"units": o.Sizes.Units, "slots": 6, "places": askedPlaces, "map": name, "streets": streets.Streets.Stats()}, f)
}

// questions asks who should go to places all over a map.
type questions struct {
	h       *house
	corners []geo.Point
	units   int
	streets *street.Network
	f       figures

	at    []geo.Point // Where the units are.
	moved time.Time

	whole, computed, bare, search spread
	filled                        int
}

func (q *questions) pick(n, step int) geo.Point {
	return q.corners[(n*step+step/2)%len(q.corners)]
}

// move puts every unit a little way from its street corner, elsewhere each time.
func (q *questions) move(n int) error {
	now := q.h.desk.Now()
	q.at, q.moved = make([]geo.Point, q.units), time.Now()
	for u := range q.units {
		x, y := float64((u*31+n*17)%101)/50-1, float64((u*53+n*29)%103)/51-1
		q.at[u] = q.pick(u, 7919).Offset(x*strollMeters, y*strollMeters)
		fix := track.Fix{Unit: cad.UnitID(strconv.Itoa(1001 + u)), Point: q.at[u], At: now}
		if err := q.h.centre.Track.Put(fix, now); err != nil {
			return fmt.Errorf("bench: %w", err)
		}
	}
	return nil
}

// ask opens an incident at each place and asks who should go; then it asks the bare door, and the plain search.
func (q *questions) ask(ctx context.Context) error {
	server, addr, err := listen(ctx, http.HandlerFunc(q.byAir))
	if err != nil {
		return err
	}
	defer server.Close() //nolint:errcheck // Nothing is kept there.
	peer, err := dial(ctx, addr)
	if err != nil {
		return err
	}
	defer peer.conn.Close() //nolint:errcheck // Nothing is kept there.
	err = q.h.client(ctx, func(cl *client) error {
		for n := range askedPlaces {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := q.one(ctx, cl, peer, n); err != nil {
				return err
			}
		}
		return nil
	})
	f := q.f
	f["p50_ms"], f["p99_ms"], f["max_ms"] = q.whole.ms(0.50), q.whole.ms(0.99), q.whole.ms(1)
	f["computed_p50_ms"], f["computed_p99_ms"] = q.computed.ms(0.50), q.computed.ms(0.99)
	f["by_air_p50_ms"], f["by_air_p99_ms"], f["against_by_air"] = q.bare.ms(0.50), q.bare.ms(0.99), q.whole.ms(0.50)/max(q.bare.ms(0.50), 0.001)
	f["dijkstra_p50_ms"], f["dijkstra_p99_ms"] = q.search.ms(0.50), q.search.ms(0.99)
	f["dijkstra_against_whole"] = q.search.ms(0.50) / max(q.whole.ms(0.50), 0.001)
	f["with_all_slots"] = q.filled
	return err
}

// one asks about one place.
func (q *questions) one(ctx context.Context, cl, peer *client, n int) error {
	p := q.pick(n, 104_729)
	made, err := cl.ask("POST", "/api/v1/incidents", "", fmt.Appendf(nil, `{"type":"knife","place":{"lon":%.7f,"lat":%.7f}}`, p.Lon, p.Lat))
	if err != nil {
		return err
	}
	var incident struct{ ID string }
	if err := json.Unmarshal(made, &incident); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	if time.Since(q.moved) >= moveEvery {
		if err := q.move(n); err != nil {
			return err
		}
	}
	start := time.Now()
	body, err := cl.ask("GET", "/api/v1/incidents/"+incident.ID+"/recommendation", "", nil)
	if err != nil {
		return err
	}
	q.whole = append(q.whole, time.Since(start))
	var advice struct {
		Items      []struct{ Pick bool }
		ComputedMS float64 `json:"computed_ms"`
	}
	if err := json.Unmarshal(body, &advice); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	q.computed = append(q.computed, time.Duration(advice.ComputedMS*float64(time.Millisecond)))
	if len(advice.Items) >= 6 && advice.Items[5].Pick {
		q.filled++
	}
	start = time.Now()
	if _, err := peer.ask("GET", fmt.Sprintf("/?lon=%.7f&lat=%.7f", p.Lon, p.Lat), "", nil); err != nil {
		return err
	}
	q.bare = append(q.bare, time.Since(start))
	if n%5 > 0 { // The plain search takes long on a big map.
		return nil
	}
	start = time.Now()
	to, _ := q.streets.Snap(p, 2_000)
	from := make([]street.Snap, len(q.at))
	for i, point := range q.at {
		from[i], _ = q.streets.Snap(point, 2_000)
	}
	q.streets.ManyToOne(ctx, from, to)
	q.search = append(q.search, time.Since(start))
	return nil
}

// byAir is the least that a front door could say: the same units by straight lines, the first thirty of them as JSON.
func (q *questions) byAir(w http.ResponseWriter, r *http.Request) {
	type row struct {
		Unit      string  `json:"unit"`
		DistanceM float64 `json:"distance_m"`
	}
	lon, errLon := strconv.ParseFloat(r.FormValue("lon"), 64)
	lat, errLat := strconv.ParseFloat(r.FormValue("lat"), 64)
	if errLon != nil || errLat != nil {
		http.Error(w, "no place", http.StatusBadRequest)
		return
	}
	to := geo.Point{Lon: lon, Lat: lat}
	rows := make([]row, 0, q.units)
	for id, fix := range q.h.centre.Track.All() {
		rows = append(rows, row{string(id), geo.DistanceMeters(fix.Point, to)})
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.DistanceM, b.DistanceM) })
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(rows[:min(len(rows), 30)]) // Whoever asked is measured, not trusted.
}

// city reads the map, or makes one.
func (o Options) city(ctx context.Context) (*osm.Extract, string, error) {
	if o.Streets != "" {
		x, err := osm.ReadFile(ctx, o.Streets, osm.Options{})
		return x, o.Streets, err
	}
	b := &street.Builder{}
	id := func(x, y int) int64 { return int64(y*gridSide + x + 1) }
	for y := range gridSide {
		for x := range gridSide {
			b.AddNode(id(x, y), here().Offset(float64(x)*gridMeters, float64(y)*gridMeters))
		}
	}
	for i := range gridSide {
		var across, along []int64
		for k := range gridSide {
			across, along = append(across, id(k, i)), append(along, id(i, k))
		}
		class := "residential"
		if i%8 == 0 {
			class = "primary"
		}
		b.AddWay(street.Way{ID: int64(2*i + 1), Nodes: across, Class: class, OneWay: int8(i%2) - int8((i/2)%2)})
		b.AddWay(street.Way{ID: int64(2*i + 2), Nodes: along, Class: class})
	}
	n, report, err := b.Build(ctx, street.Profile{})
	return &osm.Extract{Streets: n, Report: report}, "generated grid", err
}

// drivable is the corners of all streets that lead somewhere.
func drivable(n *street.Network) []geo.Point {
	var out []geo.Point
	for _, l := range n.Drawing() {
		if len(l.Points) == 0 {
			continue
		}
		if s, ok := n.Snap(l.Points[0], 50); ok {
			out = append(out, s.Point)
		}
	}
	return out
}
