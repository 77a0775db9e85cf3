package main

import (
	"encoding/json"
	"errors"
	"math"
	"os"
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
	pairs, err := readPlaces(c.Pairs)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	x, err := loadStreets(s.ctx, c.Streets)
	if err != nil {
		return nil, err
	}
	n := x.Streets
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
func readPlaces(file string) ([][2]geo.Point, error) {
	var pairs [][2]geo.Point
	t := &table{file: file, columns: []column{{"from_lon"}, {"from_lat"}, {"to_lon"}, {"to_lat"}}}
	err := t.each(func(cells []string) error {
		var at [4]float64
		for i, cell := range cells {
			most := 180.0
			if i%2 == 1 {
				most = 90
			}
			var err error
			if at[i], err = number(cell, t.columns[i][0], -most, most); err != nil {
				return err
			}
		}
		pairs = append(pairs, [2]geo.Point{{Lon: at[0], Lat: at[1]}, {Lon: at[2], Lat: at[3]}})
		return nil
	})
	return pairs, err
}

// readFactors reads speed factors: road class to 24 numbers, alone or under "factors" as a calibration writes them.
func readFactors(file string) (street.Factors, error) {
	bad := func(err error) error {
		return wrongInput{fault.Wrap("shuniu route", fault.Invalid, err, "%s holds no speed factors: %v", file, err).Mend(`give {"primary": [24 factors, one an hour], ...}`)}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, bad(err)
	}
	var whole struct {
		Factors map[string][]float64 `json:"factors"`
	}
	lists := map[string][]float64{}
	if err := json.Unmarshal(text, &whole); err == nil && whole.Factors != nil {
		lists = whole.Factors
	} else if err := json.Unmarshal(text, &lists); err != nil {
		return nil, bad(err)
	}
	out := street.Factors{}
	for class, list := range lists {
		if len(list) != 24 {
			return nil, bad(errors.New(class + " has not 24 factors"))
		}
		out[class] = [24]float64(list)
	}
	return out, nil
}
