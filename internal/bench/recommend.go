package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/street"
	"shuniu/internal/track"
)

// Sizes of the recommend bench.
const (
	askedPlaces = 500
	gridSide    = 80    // Corners along one side of the generated grid.
	gridMeters  = 120.0 // Between two corners.
)

// Recommend measures a recommendation as the front door gives it: for places all over the map, units on all streets.
func Recommend(ctx context.Context, o Options) (err error) {
	o = o.filled()
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
	loaded := time.Since(from)
	corners := drivable(streets.Streets)
	if len(corners) < 2 {
		return fmt.Errorf("bench: %s holds no streets", name)
	}
	h, err := openHouse(ctx, dir, corners[len(corners)/2], o.Sizes.Units)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.serve(ctx, streets); err != nil {
		return err
	}
	f := figures{"map_load_s": loaded.Seconds()}
	if err := o.ask(ctx, h, corners, f); err != nil {
		return err
	}
	return o.print("recommend", figures{"units": o.Sizes.Units, "places": askedPlaces, "map": name, "streets": streets.Streets.Stats()}, f)
}

// ask puts every unit on a street, opens an incident at each place and asks who should go.
func (o Options) ask(ctx context.Context, h *house, corners []geo.Point, f figures) error {
	o.say("%d recommendations for %d units", askedPlaces, o.Sizes.Units)
	pick := func(n, step int) geo.Point { return corners[(n*step+step/2)%len(corners)] }
	place := func() error {
		now := h.desk.Now()
		for u := range o.Sizes.Units {
			id := cad.UnitID(strconv.Itoa(1001 + u))
			if err := h.centre.Track.Put(track.Fix{Unit: id, Point: pick(u, 7919), At: now}, now); err != nil {
				return err
			}
		}
		return nil
	}
	return h.client(ctx, func(cl *client) error {
		var whole, computed spread
		reached := 0
		for n := range askedPlaces {
			if n%50 == 0 { // Positions grow stale, and a stale one is another case.
				if err := place(); err != nil {
					return err
				}
			}
			p := pick(n, 104_729)
			made, err := cl.ask("POST", "/api/v1/incidents", "", fmt.Appendf(nil, `{"type":"knife","place":{"lon":%.7f,"lat":%.7f}}`, p.Lon, p.Lat))
			if err != nil {
				return err
			}
			var incident struct{ ID string }
			if err := json.Unmarshal(made, &incident); err != nil {
				return fmt.Errorf("bench: %w", err)
			}
			start := time.Now()
			body, err := cl.ask("GET", "/api/v1/incidents/"+incident.ID+"/recommendation", "", nil)
			if err != nil {
				return err
			}
			whole = append(whole, time.Since(start))
			var advice struct {
				Items []struct {
					Pick bool
					EtaS int64 `json:"eta_s"`
				}
				ComputedMS float64 `json:"computed_ms"`
			}
			if err := json.Unmarshal(body, &advice); err != nil {
				return fmt.Errorf("bench: %w", err)
			}
			computed = append(computed, time.Duration(advice.ComputedMS*float64(time.Millisecond)))
			if len(advice.Items) > 0 && advice.Items[0].Pick {
				reached++
			}
		}
		f["p50_ms"], f["p99_ms"], f["max_ms"] = whole.ms(0.50), whole.ms(0.99), whole.ms(1)
		f["computed_p50_ms"], f["computed_p99_ms"] = computed.ms(0.50), computed.ms(0.99)
		f["with_a_pick"] = reached
		return nil
	})
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
