package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/street"
)

// onStreets answers on a map.
func (c *routeCommand) onStreets(s session) (*routeAnswer, error) {
	when := street.Conditions{Hour: c.Hour}
	if c.Vehicle == "civil" {
		when.Vehicle = street.Civil
	}
	var err error
	if c.Speeds != "" {
		if when.Factors, err = readFactors(c.Speeds); err != nil {
			return nil, err
		}
	}
	pairs, err := readPlaces(s, c.Pairs)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	x, err := loadStreets(s.ctx, c.Streets)
	if err != nil {
		return nil, err
	}
	n := x.Streets
	sayClasses(s, c.Speeds, when.Factors, n)
	a := &routeAnswer{Pairs: []routePair{}}
	st := n.Stats()
	a.Engine = routeEngine{Method: "hierarchy", Nodes: st.States, Arcs: st.Turns, ReadMS: millis(time.Since(began))}
	began = time.Now()
	h, err := n.Prepare(s.ctx, c.Cache, s.progress("the streets are prepared"))
	if err != nil {
		return nil, err
	}
	router, err := n.Router(s.ctx, h, when)
	if err != nil {
		return nil, err
	}
	a.Engine.PrepareMS, a.Engine.Pairs, a.Engine.Depth = millis(time.Since(began)), h.Stats().Pairs, h.Stats().Depth
	if c.Check {
		a.Check = &routeCheck{}
	}
	plain := n.Under(when)
	for _, pair := range pairs {
		p, err := c.trip(s, router, plain, pair, a)
		if err = errors.Join(err, ended(s.ctx)); err != nil {
			return nil, err
		}
		a.Pairs = append(a.Pairs, p)
	}
	return a, nil
}

// trip answers one pair of places, and compares it when that is wanted.
func (c *routeCommand) trip(s session, router *street.Router, plain *street.Network, pair [2]geo.Point, a *routeAnswer) (routePair, error) {
	p := routePair{From: [2]float64{pair[0].Lon, pair[0].Lat}, To: [2]float64{pair[1].Lon, pair[1].Lat}}
	began := time.Now()
	defer func() { a.Engine.AnsweredMS += millis(time.Since(began)) }()
	var ends [2]street.Snap
	for i, at := range pair {
		var ok bool
		if ends[i], ok = router.Snap(at, c.Snap); !ok {
			p.Why = whyOffStreet
			return p, nil
		}
	}
	p.FromSnapM, p.ToSnapM = &ends[0].DistanceMeters, &ends[1].DistanceMeters
	r, ok := router.Route(ends[0], ends[1])
	if ok {
		seconds := r.Duration.Seconds()
		p.Seconds, p.Meters, p.Names = &seconds, &r.Meters, r.Names
	} else {
		p.Why = whyNoWay
	}
	if a.Check == nil {
		return p, nil
	}
	want := math.NaN()
	if t := plain.ManyToOne(s.ctx, ends[:1], ends[1])[0]; t.OK {
		want = t.Duration.Seconds()
	}
	return p, a.Check.compare(p.secondsOf(), want)
}

// readPlaces reads pairs of places.
func readPlaces(s session, file string) ([][2]geo.Point, error) {
	var pairs [][2]geo.Point
	t := &table{file: file, columns: tripColumns()}
	err := t.each(func(cells []string) error {
		var at [4]float64
		for i, cell := range cells {
			most := 180.0
			if i%2 == 1 {
				most = 90
			}
			var err error
			if at[i], err = number(cell, t.columns[i].words[0], -most, most); err != nil {
				return err
			}
		}
		pairs = append(pairs, [2]geo.Point{{Lon: at[0], Lat: at[1]}, {Lon: at[2], Lat: at[3]}})
		return nil
	})
	if t.guess != "" {
		s.say("%s", t.guess)
	}
	return pairs, err
}

// Limits of a speed factor, as in speeds.yaml of a centre.
const (
	routeFactorLeast = 0.05
	routeFactorMost  = 4
)

// readFactors reads speed factors: road class to 24 numbers or one, alone or under "factors" as a calibration writes them.
func readFactors(file string) (street.Factors, error) {
	bad := func(err error) error {
		return wrongInput{fault.Wrap("shuniu route", fault.Invalid, err, "%s holds no speed factors: %v", file, err).
			Mend(`give {"primary": [24 factors, one an hour], ...}, each from 0.05 to 4`)}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, bad(err)
	}
	var whole struct {
		Factors map[string]json.RawMessage `json:"factors"`
	}
	lists := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &whole); err == nil && whole.Factors != nil {
		lists = whole.Factors
	} else if err := json.Unmarshal(text, &lists); err != nil {
		return nil, bad(err)
	}
	out := street.Factors{}
	for _, class := range slices.Sorted(maps.Keys(lists)) {
		if out[class], err = dayOf(lists[class]); err != nil {
			return nil, bad(fmt.Errorf("%s %w", class, err))
		}
	}
	return out, nil
}

// dayOf reads the factors of a day: 24, or one for all hours.
func dayOf(text json.RawMessage) (day [24]float64, err error) {
	var list []float64
	var one float64
	if err := json.Unmarshal(text, &one); err == nil {
		list = slices.Repeat([]float64{one}, len(day))
	} else if err := json.Unmarshal(text, &list); err != nil || len(list) != len(day) {
		return day, errors.New("has not 24 factors")
	}
	for hour, f := range list {
		if !(f >= routeFactorLeast && f <= routeFactorMost) { //nolint:staticcheck // Not a number is neither.
			return day, fmt.Errorf("has the factor %g at hour %d, which is not between %g and %g", f, hour, routeFactorLeast, float64(routeFactorMost))
		}
		day[hour] = f
	}
	return day, nil
}

// sayClasses says which factors change nothing, because no street of the map has their class.
func sayClasses(s session, file string, f street.Factors, n *street.Network) {
	for _, class := range slices.Sorted(maps.Keys(f)) {
		if !slices.Contains(n.Classes(), class) {
			s.say("%s: no street of the map is of class %q; the map has %s", file, class, strings.Join(n.Classes(), ", "))
		}
	}
}
