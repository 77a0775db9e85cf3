package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/centre"
	"shuniu/internal/cover"
	"shuniu/internal/desk"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/coverage"
	"shuniu/internal/street"
	"shuniu/internal/track"
)

// How cover is measured.
const (
	coverRounds  = 5 // Plain searches beside the rows of the engine.
	coverPoll    = 200 * time.Microsecond
	coverPatient = 2 * time.Minute // Until the first picture.
)

// Cover measures the live cover of a generated city: a unit turns up somewhere else and becomes free, and the time until
// the picture has it, with what each unit's leaving would cost. Beside it, in the same run: what it would take to search
// the ways of all units anew by plain Dijkstra.
func Cover(ctx context.Context, o Options) (err error) {
	o = o.filled()
	dir, remove, err := o.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	x, ch, name, err := o.coverCity(ctx, dir)
	if err != nil {
		return err
	}
	f := figures{}
	engine := street.NewEngine(x.Streets, nil, nil)
	defer engine.Close()
	o.say("the streets are prepared")
	began := time.Now()
	if err := engine.Prepare(ctx, "", time.Now(), nil); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	f["prepare_s"] = time.Since(began).Seconds()
	c, err := openCover(ctx, ch, engine)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	v, err := c.first(ctx)
	if err != nil {
		return err
	}
	f["first_picture_s"] = c.began.Seconds()
	corners := drivable(x.Streets)
	dice := rand.New(rand.NewPCG(citySeed, citySeed))
	if err := o.refreshes(ctx, c, corners, dice, f); err != nil {
		return err
	}
	if err := o.reckonings(ctx, v, ch, engine, corners, dice, f); err != nil {
		return err
	}
	sizes := figures{"city": name, "units": len(ch.Units), "counted": c.counted(), "cells": len(v.Squares), "classes": len(ch.Cover), "streets": x.Streets.Stats()}
	return o.print("cover", sizes, f)
}

// coverCity makes a city with its centre, or a grid with one where there is no program to make a city.
func (o Options) coverCity(ctx context.Context, dir string) (*osm.Extract, org.Charter, string, error) {
	if o.Program == "" {
		x, name, err := o.city(ctx)
		if err != nil {
			return nil, org.Charter{}, "", err
		}
		return x, gridCharter(drivable(x.Streets), o.Sizes.Units), name, nil
	}
	o.say("a %s is made", o.Sizes.City)
	made, err := begin(ctx, o.Program, "world", "--seed", strconv.Itoa(citySeed), "--size", o.Sizes.City, "--out", filepath.Join(dir, "world"))
	if err != nil {
		return nil, org.Charter{}, "", err
	}
	if err := made.cmd.Wait(); err != nil {
		return nil, org.Charter{}, "", fmt.Errorf("bench: the city was not made: %w: %s", err, made.out)
	}
	x, err := osm.ReadFile(ctx, filepath.Join(dir, "world", "streets.osm.gz"), osm.Options{})
	if err != nil {
		return nil, org.Charter{}, "", fmt.Errorf("bench: %w", err)
	}
	ch, problems := centre.Load(filepath.Join(dir, "world", "centre"), centre.Options{})
	if len(problems) > 0 {
		return nil, org.Charter{}, "", fmt.Errorf("bench: the city's centre cannot be loaded: %s", problems[0])
	}
	return x, ch, o.Sizes.City, nil
}

// gridCharter is a centre of patrol cars on the corners of a grid, with one station.
func gridCharter(corners []geo.Point, units int) org.Charter {
	name := func(s string) org.Name { return org.Name{"zh": s, "en": s} }
	house := corners[len(corners)/2]
	out := org.Charter{
		Centre: "bench", Settings: org.Settings{ForgetAfterDays: 7, Name: name("grid"), Results: []org.Item{{ID: "settled", Name: name("settled")}}},
		Grades: []org.Grade{{ID: "P1", Name: name("P1")}}, Kinds: []org.Kind{{ID: "car", Name: name("car"), Patrol: true}},
		Orgs:  []org.Org{{ID: "st1", Kind: "station", Name: name("st1"), Place: &house}},
		Cover: []org.CoverClass{{ID: "patrol", Name: name("patrol"), Slot: "near", StandardS: 300}},
	}
	for u := range units {
		home := corners[u*7919%len(corners)]
		out.Units = append(out.Units, org.UnitSpec{ID: cad.UnitID(strconv.Itoa(1001 + u)), Kind: "car", Dispatchable: true, Officers: 2, Sworn: 1, Home: &home})
	}
	return out
}

// covered is a desk in memory with its cover.
type covered struct {
	desk    *desk.Desk
	keys    *keyfile.Store
	track   *track.Book
	reactor *coverage.Reactor
	stop    context.CancelFunc
	done    chan struct{}
	began   time.Duration // Until the first whole picture.
}

func openCover(ctx context.Context, ch org.Charter, engine *street.Engine) (*covered, error) {
	c := &covered{keys: keyfile.Memory(), track: track.NewBook(), done: make(chan struct{})}
	var err error
	if c.desk, err = desk.Open(ctx, desk.Config{Centre: ch.Centre, World: cad.Drill, Store: memstore.New(ch.Centre), Keys: c.keys, Policy: policy.Roles{}}); err != nil {
		return nil, err
	}
	if _, err = c.desk.Do(ctx, desk.Wish{Actor: desk.System(), Command: joint.Configure{Charter: ch}}); err != nil {
		return nil, errors.Join(err, c.desk.Close(ctx))
	}
	for _, u := range ch.Units {
		if _, err := c.say(ctx, u.ID, "available"); err != nil {
			return nil, errors.Join(err, c.desk.Close(ctx))
		}
	}
	c.reactor = coverage.New(coverage.Options{Desk: c.desk, Actor: cad.Actor{ID: "coverage", Role: policy.Reactor}, Track: c.track, Streets: engine.At})
	if err := c.reactor.Watch(ctx); err != nil {
		return nil, errors.Join(err, c.desk.Close(ctx))
	}
	ctx, c.stop = context.WithCancel(ctx)
	go func() {
		defer close(c.done)
		c.reactor.Follow(ctx)
	}()
	return c, nil
}

func (c *covered) say(ctx context.Context, u cad.UnitID, to string) (cad.Seq, error) {
	r, err := c.desk.Do(ctx, desk.Wish{Actor: cad.Actor{ID: "bench", Role: policy.Operator}, Command: joint.SayUnit{Unit: u, To: to}})
	return r.Seq, err
}

func (c *covered) close() error {
	c.stop()
	<-c.done
	return errors.Join(c.desk.Close(context.Background()), c.keys.Close())
}

// first waits for the first whole picture.
func (c *covered) first(ctx context.Context) (*coverage.View, error) {
	from := time.Now()
	for time.Since(from) < coverPatient && ctx.Err() == nil {
		if v, ok := c.reactor.View(); ok && v.Ready {
			c.began = time.Since(from)
			return v, nil
		}
		time.Sleep(coverPoll)
	}
	return nil, errors.Join(errors.New("bench: there was no whole picture of the cover in time"), ctx.Err())
}

// counted is how many units count for any class.
func (c *covered) counted() int {
	v, ok := c.reactor.View()
	if !ok {
		return 0
	}
	return len(v.Losses)
}

// refreshes lets one unit after another turn up somewhere else and become free, and waits for its picture.
func (o Options) refreshes(ctx context.Context, c *covered, corners []geo.Point, dice *rand.Rand, f figures) error {
	o.say("units change, and pictures follow")
	v, _ := c.reactor.View()
	var ids []cad.UnitID
	for id := range v.Losses {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return errors.New("bench: no unit counts for any class of cover")
	}
	var refresh spread
	for from := time.Now(); time.Since(from) < o.span() && ctx.Err() == nil; {
		id := ids[dice.IntN(len(ids))]
		if _, err := c.say(ctx, id, "unavailable"); err != nil {
			return err
		}
		now := c.desk.Now()
		if err := c.track.Put(track.Fix{Unit: id, Point: corners[dice.IntN(len(corners))], At: now.Add(time.Duration(len(refresh)) * time.Hour)}, now.Add(time.Duration(len(refresh))*time.Hour)); err != nil {
			return err
		}
		began := time.Now()
		seq, err := c.say(ctx, id, "available")
		if err != nil {
			return err
		}
		for {
			if v, _ := c.reactor.View(); v.AsOf >= seq || ctx.Err() != nil {
				break
			}
			time.Sleep(coverPoll)
		}
		refresh = append(refresh, time.Since(began))
	}
	f["changes"], f["refresh_p50_ms"], f["refresh_p99_ms"], f["refresh_max_ms"] = len(refresh), refresh.ms(0.50), refresh.ms(0.99), refresh.ms(1)
	return ctx.Err()
}

// coverParts are the parts of a picture, to be measured one by one.
type coverParts struct {
	model   *cover.Model
	engine  *street.Engine
	snaps   []street.Snap // Of the cells.
	corners []geo.Point
	dice    *rand.Rand

	quick, slow, put, picture, search spread
}

// row gives the travel times from some corner.
func (p *coverParts) row(ctx context.Context, by street.Finder, into *spread) []float32 {
	from, _ := p.engine.Network().Snap(p.corners[p.dice.IntN(len(p.corners))], 100)
	began := time.Now()
	trips := by.OneToMany(ctx, from, p.snaps)
	*into = append(*into, time.Since(began))
	out := make([]float32, len(trips))
	for i, t := range trips {
		if out[i] = -1; t.OK {
			out[i] = float32(t.Duration.Seconds())
		}
	}
	return out
}

// reckonings measures the parts: a row of travel times by the engine and by a plain search, the picture with all losses,
// and the search for a move.
func (o Options) reckonings(ctx context.Context, v *coverage.View, ch org.Charter, engine *street.Engine, corners []geo.Point, dice *rand.Rand, f figures) error {
	o.say("the parts are measured")
	state := ch.State()
	p := &coverParts{engine: engine, corners: corners, dice: dice}
	var cells []cover.Cell
	for _, sq := range v.Squares {
		at := sq.Box.Center()
		area, _, _ := state.Responsible(at)
		s, _ := engine.Network().Snap(at, 2_000)
		cells, p.snaps = append(cells, cover.Cell{Place: at, Area: area}), append(p.snaps, s)
	}
	classes := make([]cover.Class, 0, len(ch.Cover))
	for _, c := range ch.Cover {
		classes = append(classes, cover.Class{ID: c.ID, StandardS: float64(c.StandardS)})
	}
	p.model = cover.New(cells, classes)
	p.units(ctx, ch, &state)
	places := p.places(ctx, ch)
	runtime.GC()
	for range coverRounds {
		began := time.Now()
		p.model.Picture(time.Time{})
		p.picture = append(p.picture, time.Since(began))
		began = time.Now()
		p.model.Moves(cover.Wanted{Places: places, Max: 1, EtaS: 900})
		p.search = append(p.search, time.Since(began))
	}
	f["row_p50_ms"], f["row_p99_ms"], f["row_dijkstra_ms"], f["put_p50_ms"] = p.quick.ms(0.5), p.quick.ms(0.99), p.slow.ms(0.5), p.put.ms(0.5)
	f["picture_and_losses_ms"], f["move_search_ms"], f["places"] = p.picture.ms(0.5), p.search.ms(0.5), len(places)
	all := p.slow.ms(0.5)*float64(len(ch.Units)) + p.picture.ms(0.5)
	f["all_by_dijkstra_ms"] = all
	if once, _ := f["refresh_p50_ms"].(float64); once > 0 {
		f["ratio_to_dijkstra"] = all / once
	}
	return ctx.Err()
}

// units puts all units somewhere; a few are searched for plainly, too.
func (p *coverParts) units(ctx context.Context, ch org.Charter, state *org.State) {
	for i, u := range ch.Units {
		var of []int
		for c, class := range ch.Cover {
			if state.Covers(class, u.Kind, u.Station, "") {
				of = append(of, c)
			}
		}
		r := p.row(ctx, p.engine.At(time.Now()), &p.quick)
		began := time.Now()
		p.model.Put(cover.Unit{ID: u.ID, Classes: of, Area: u.Station, Free: true, Row: r})
		p.put = append(p.put, time.Since(began))
		if i < coverRounds {
			p.row(ctx, p.engine.Network(), &p.slow)
		}
	}
}

// places makes as many places to wait at as the centre has posts and stations.
func (p *coverParts) places(ctx context.Context, ch org.Charter) (out []cover.Place) {
	n := len(ch.Settings.Posts)
	for _, o := range ch.Orgs {
		if o.Place != nil && o.Kind == "station" {
			n++
		}
	}
	for i := range n {
		r := p.row(ctx, p.engine.At(time.Now()), &p.quick)
		cell := 0
		for k, s := range r {
			if s >= 0 && (r[cell] < 0 || s < r[cell]) {
				cell = k
			}
		}
		out = append(out, cover.Place{ID: strconv.Itoa(i), Cell: cell, Row: r})
	}
	return out
}
