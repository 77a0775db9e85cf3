package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"shuniu/internal/demand"
	"shuniu/internal/fault"
	"shuniu/internal/study"
)

// studyCommand answers questions about posts and units, on anybody's numbers.
type studyCommand struct {
	studyTrials `embed:""`

	Hypercube studyHypercube `cmd:"" help:"How busy each unit will be, how often all are, and who goes to whom: the hypercube queueing model (Larson 1974), exact to 15 units and by the approximation (Larson 1975) above.\n\nThe file is a JSON object: mu (service rate of each unit), line (infinite: calls wait; zero: they are lost), lambda_by_atom (calls of each area), preference_by_atom_0based (all units in the order of sending; without it the nearest first), and travel_time_n_j (a row a unit) if travel is to be told. Rates are numbers a unit of time, the same for all.\n\nExample: shuniu study hypercube --input beats.json\nExample: shuniu study hypercube --input beats.json --approx --json\nExample: shuniu study hypercube --input beats.json --simulate 2000000"`
	PMedian   studyPMedian   `cmd:"" name:"pmedian" help:"Where p posts make the mean way shortest (p-median).\n\nExample: shuniu study pmedian --demand calls.csv --sites posts.csv -p 4\nExample: shuniu study pmedian --matrix metres.csv --demand weights.csv -p 4 --json"`
	MCLP      studyMCLP      `cmd:"" name:"mclp" help:"Where p posts have most demand within a radius (maximal covering, Church and ReVelle 1974).\n\nExample: shuniu study mclp --demand calls.csv --sites posts.csv -p 4 --radius 5000"`
	MEXCLP    studyMEXCLP    `cmd:"" name:"mexclp" help:"Where p units have most demand within the radius of one that is free, when each is busy for a share of the time (maximal expected covering, Daskin 1983). Several may stand at one site.\n\nExample: shuniu study mexclp --demand calls.csv --sites posts.csv -p 8 --radius 5000 --busy 0.3"`
	PCentre   studyPCentre   `cmd:"" name:"pcentre" aliases:"pcenter" help:"Where p posts make the longest way shortest (p-centre). Weights have no part in it.\n\nExample: shuniu study pcentre --matrix seconds.csv -p 6"`
	Demand    studyDemand    `cmd:"" help:"Where and when people call for help, fitted to recorded calls: the demand file that cover and the questions of where to stand take.\n\nOnly what callers began is counted, never what officers began (--officer).\n\nExample: shuniu study demand --calls calls.csv.gz --mapping centres/sf/mapping.yaml --out demand.csv"`
	Queue     studyQueue     `cmd:"" help:"How long callers wait for alike servers, by Erlang's formulas.\n\nExample: shuniu study queue --servers 10 --rate 8 --service 1\nExample: shuniu study queue --servers 6 --rate 90 --service 0.05 --json"`
}

// wrongInput is a failure of what a command was given, not of the program: its exit code is 2, as of a wrong command line.
type wrongInput struct{ error }

// Unwrap gives the failure.
func (w wrongInput) Unwrap() error { return w.error }

// given marks an error of the input.
func given(err error) error {
	if k := fault.KindOf(err); err != nil && (k == fault.Invalid || k == fault.NotFound) {
		return wrongInput{err}
	}
	return err
}

// readInput reads a file, and says its name in every refusal.
func readInput[T any](path string, read func(r io.Reader) (T, error)) (T, error) {
	var none T
	f, err := os.Open(path)
	if err != nil {
		return none, fault.Wrap("shuniu study", fault.NotFound, err, "the file cannot be read: %v", err).Mend("name a file that is there")
	}
	defer f.Close()
	v, err := read(f)
	var refused *fault.Error
	if errors.As(err, &refused) {
		return none, fault.New("shuniu study", refused.Kind, "%s: %s", path, refused.Text).Mend(refused.Remedy)
	}
	return v, err
}

// postsFlags are common to all questions of where to stand.
type postsFlags struct {
	Demand    string  `help:"Table of demand points: columns x,y in metres or lon,lat in degrees, and if wanted weight and name. With --matrix only its weights are read. A demand file of a centre is taken, too." aliases:"weights" placeholder:"FILE.csv"`
	Sites     string  `help:"Table of candidate sites: the same columns. With --matrix only its names are read." placeholder:"FILE.csv"`
	Matrix    string  `help:"Costs instead of places: a row for each demand point, a column for each site, with names or without; or JSON with cost_matrix_m, demand, site_names." placeholder:"FILE"`
	P         int     `short:"p" help:"How many to place." default:"1"`
	Manhattan bool    `help:"Measure along a grid of streets instead of straight lines, where places are metres. Degrees are measured along the great circle."`
	Degrees   bool    `help:"Places are lon,lat whatever their table says. Without it, those without a head are taken so if they could be of one town, and it is said."`
	Seconds   float64 `help:"Stop after so long and print what is known by then, with its gap; 0 lets the search end by itself, mostly within seconds, and then the same input gives the same answer." default:"0"`
	JSON      bool    `help:"Print one JSON object. Sites are counted from 0."`
}

// Help is common to all questions of where to stand.
func (postsFlags) Help() string {
	return `Tables are parted by commas, semicolons, tabs, bars or blanks, as their first lines show. A head row names the columns, in any case and with or without _:

  x, y     x, x_m, easting; y, y_m, northing: metres
  lon,lat  lon, lng, longitude; lat, latitude: degrees
  weight   weight, w, demand, population, calls, count, value
  name     name, id, site, tract, zone, or anything that ends in _id

Without words that are known the order is x,y,weight, after a name where the first column holds no numbers; such places are degrees if they could be of one town, which is said.

A matrix is a table, too: a row for each point, a column for each site, with names of sites above, names of points before, and a column headed weight if wanted. Or JSON:

  {"cost_matrix_m": [[...], ...], "demand": [...], "site_names": [...], "tract_names": [...]}`
}

// siting is a question with the names of its places.
type siting struct {
	study.Posts

	points, sites []string
	measure       string // What costs are.
	weights       string // Where they are from.
	doubt         string // What had to be guessed of places; empty if nothing.
}

// read makes the question of the files that were named.
func (f *postsFlags) read() (*siting, error) {
	switch {
	case f.Matrix != "":
		return f.readMatrix()
	case f.Demand == "" || f.Sites == "":
		return nil, fault.New("shuniu study", fault.Invalid, "there is nothing to place").Mend("give --demand and --sites, or --matrix; --help shows examples")
	}
	points, err := readTable(f.Demand)
	if err != nil {
		return nil, err
	}
	sites, err := readTable(f.Sites)
	if err != nil {
		return nil, err
	}
	degrees, err := false, error(nil)
	if f.Degrees {
		err = errors.Join(points.Degrees(), sites.Degrees())
	} else {
		degrees, err = study.Settle(points, sites)
	}
	if err != nil {
		return nil, err
	}
	distance := study.Euclid
	t := &siting{points: points.Names, sites: sites.Names, measure: "straight lines in metres between x,y", weights: "weights of " + f.Demand}
	if f.Manhattan {
		distance, t.measure = study.Manhattan, "metres along a grid between x,y"
	}
	switch {
	case points.Degree:
		t.measure = "metres along the great circle between lon,lat"
		if degrees {
			t.measure += ", as which places without a head were taken"
			t.doubt = "places look like longitude,latitude and were taken so; head the columns x,y if they are metres"
		}
	case study.LookLikeDegrees(points, sites):
		t.doubt = "places were taken as x,y in metres but look like degrees; head the columns lon,lat if they are, or give --degrees"
	case points.Bare || sites.Bare:
		t.measure += ", as which places without a head were taken"
	}
	if points.Weight == nil {
		t.weights = "every point weighs 1"
	}
	posts, err := study.Between(points, sites, distance)
	if err != nil {
		return nil, err
	}
	t.Posts = *posts
	return t, nil
}

// readTable takes a table of points, or a centre's own file of demand.
func readTable(path string) (*study.Points, error) {
	text, err := readInput(path, io.ReadAll)
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(bytes.TrimPrefix(text, []byte("\ufeff")), []byte(demand.Columns)) {
		return readInput(path, study.ReadPoints)
	}
	m, err := readInput(path, demand.ReadCSV)
	if err != nil {
		return nil, err
	}
	p := &study.Points{Degree: true, Weight: m.PerHour()}
	for _, c := range m.Cells() {
		p.Names, p.Places = append(p.Names, c.ID), append(p.Places, [2]float64{c.Place.Lon, c.Place.Lat})
	}
	return p, nil
}

func (f *postsFlags) readMatrix() (*siting, error) {
	m, err := readInput(f.Matrix, study.ReadMatrix)
	if err != nil {
		return nil, err
	}
	t := &siting{measure: "costs of " + f.Matrix, weights: "every point weighs 1"}
	if m.Weigh {
		t.weights = "weights of " + f.Matrix
	}
	if f.Demand != "" {
		points, err := readTable(f.Demand)
		if err != nil {
			return nil, err
		}
		byName, err := m.Take(points)
		if err != nil {
			return nil, err
		}
		t.weights = "weights of " + f.Demand + map[bool]string{true: ", by name", false: ", in order"}[byName]
	}
	t.Posts, t.points, t.sites = m.Posts, m.Points, m.Sites
	if f.Sites != "" {
		sites, err := readTable(f.Sites)
		if err != nil {
			return nil, err
		}
		if len(sites.Names) != len(m.Cost[0]) {
			return nil, fault.New("shuniu study", fault.Invalid, "%s names %d sites, the matrix has %d", f.Sites, len(sites.Names), len(m.Cost[0])).Mend("name each column of the matrix once, in order")
		}
		t.sites = sites.Names
	}
	return t, nil
}

// solve reads, asks and prints.
func (f *postsFlags) solve(s session, model string, extra map[string]any, ask func(ctx context.Context, t *siting, o study.Search) (study.Placement, error)) error {
	t, err := f.read()
	if err != nil {
		return given(err)
	}
	if t.doubt != "" {
		s.say("%s", t.doubt)
	}
	ctx, cancel := s.ctx, context.CancelFunc(func() {})
	if f.Seconds > 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(min(f.Seconds, 1e6)*float64(time.Second)))
	}
	defer cancel()
	from, told := time.Now(), time.Now()
	a, err := ask(ctx, t, study.Search{Progress: func(value, bound, gap float64) {
		if time.Since(told) > 2*time.Second {
			told = time.Now()
			s.say("%s: %.6g so far, nothing beats %.6g (gap %.3f %%)", model, math.Abs(value), math.Abs(bound), 100*gap)
		}
	}})
	if err != nil {
		return given(err)
	}
	answer := placement(model, f.P, t, &a, extra)
	if f.JSON {
		answer["took_ms"] = float64(time.Since(from).Microseconds()) / 1e3
		return json.NewEncoder(s.out).Encode(answer)
	}
	showPlacement(s.out, model, t, &a, answer)
	return nil
}

type studyPMedian struct {
	postsFlags

	Radius float64 `help:"Also say how much demand lies within so much of a post." default:"-1"`
}

// Run places posts for the shortest mean way.
func (c *studyPMedian) Run(s session) error {
	return c.solve(s, "pmedian", radiusOf(c.Radius), func(ctx context.Context, t *siting, o study.Search) (study.Placement, error) {
		return study.PMedian(ctx, &t.Posts, c.P, c.Radius, o)
	})
}

// radiusOf is what an answer says of a radius that was asked for besides.
func radiusOf(radius float64) map[string]any {
	if radius < 0 {
		return nil
	}
	return map[string]any{"radius": finite(radius)}
}

// What counts as covered, and how busy units are, where nobody says it: the distance and the share of the usual examples.
const (
	radiusUsual = 5000
	busyUsual   = 0.3
)

// usual is a value, or what is taken without one, which is said.
func usual(s session, extra map[string]any, flag string, given *float64, otherwise float64) float64 {
	v := otherwise
	if given != nil {
		v = *given
	} else {
		s.say("without --%s %g is taken", flag, otherwise)
		extra[flag+"_default"] = true
	}
	extra[flag] = finite(v)
	return v
}

type studyMCLP struct {
	postsFlags

	Radius *float64 `help:"What counts as covered: costs up to this, in metres or what the matrix is in. Without it 5000, which is said."`
}

// Run places posts for most demand within a radius.
func (c *studyMCLP) Run(s session) error {
	extra := map[string]any{}
	radius := usual(s, extra, "radius", c.Radius, radiusUsual)
	return c.solve(s, "mclp", extra, func(ctx context.Context, t *siting, o study.Search) (study.Placement, error) {
		return study.MCLP(ctx, &t.Posts, c.P, radius, o)
	})
}

type studyMEXCLP struct {
	postsFlags

	Radius *float64 `help:"What counts as covered: costs up to this, in metres or what the matrix is in. Without it 5000, which is said."`
	Busy   *float64 `help:"Share of the time that each unit is busy, from 0 to below 1. Without it 0.3, which is said." aliases:"q"`
}

// Run places units for most expected demand within a radius.
func (c *studyMEXCLP) Run(s session) error {
	extra := map[string]any{}
	radius, busy := usual(s, extra, "radius", c.Radius, radiusUsual), usual(s, extra, "busy", c.Busy, busyUsual)
	return c.solve(s, "mexclp", extra, func(ctx context.Context, t *siting, o study.Search) (study.Placement, error) {
		return study.MEXCLP(ctx, &t.Posts, c.P, radius, busy, o)
	})
}

type studyPCentre struct {
	postsFlags

	Radius float64 `help:"Also say how much demand lies within so much of a post." default:"-1"`
}

// Run places posts for the shortest longest way.
func (c *studyPCentre) Run(s session) error {
	return c.solve(s, "pcentre", radiusOf(c.Radius), func(ctx context.Context, t *siting, o study.Search) (study.Placement, error) {
		return study.PCentre(ctx, &t.Posts, c.P, c.Radius, o)
	})
}

type studyQueue struct {
	Servers int     `help:"How many alike servers: seats, lines, units." required:""`
	Rate    float64 `help:"Arrivals in a unit of time." required:""`
	Service float64 `help:"Mean time of one service, in the same unit of time." required:""`
	JSON    bool    `help:"Print one JSON object."`
}

// Run works out a queue.
func (c *studyQueue) Run(s session) error {
	if !(c.Service > 0) {
		return given(fault.New("shuniu study queue", fault.Invalid, "a service of %g takes no time", c.Service).Mend("give the mean time of one service, above 0, in the unit of time of --rate"))
	}
	q, err := study.Erlang(c.Servers, c.Rate, 1/c.Service)
	if err != nil {
		return given(err)
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(map[string]any{
			"servers": q.Servers, "load": q.Load, "rho": q.Rho, "erlang_B": q.Loss, "erlang_C": q.Delay,
			"mean_wait": finite(q.Wait), "mean_queue": finite(q.Line), "P_wait_gt_1_over_mu": q.Over(c.Service),
		})
	}
	show := newSheet(s.out)
	show.row("offered load", "%.4g erlangs: each server is busy for %.2f %% of the time", q.Load, 100*min(q.Rho, 1))
	show.row("lost if nobody waits", "%.4f %% (Erlang B)", 100*q.Loss)
	show.row("wait", "%.4f %% (Erlang C)  %s", 100*q.Delay, meter(q.Delay))
	if q.Rho < 1 {
		show.row("mean wait", "%.4g, in the unit of time of --rate; %.4g wait at a time", q.Wait, q.Line)
		show.row("wait longer than a service", "%.4f %%", 100*q.Over(c.Service))
	} else {
		show.row("the line", "grows for ever: more comes than all can do")
	}
	return show.flush()
}

// finite is a figure for JSON, which has no word for what is infinite or unknown.
func finite(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return v
}

// label is the name of a place, or its number.
func label(names []string, i int) string {
	if i < len(names) && names[i] != "" {
		return names[i]
	}
	return fmt.Sprintf("#%d", i)
}
