package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"shuniu/internal/bench"
	"shuniu/internal/fault"
	"shuniu/internal/sim"
)

// benchCommand measures the figures that are promised, on this machine.
type benchCommand struct {
	Commands  benchCommands  `cmd:"" help:"Calls made durable through the desk, beside pgbench on the same disk.\n\nExample: shuniu bench commands --json --seconds 20"`
	HTTP      benchHTTP      `cmd:"" name:"http" help:"Incidents posted, and lists read, over HTTP."`
	Stream    benchStream    `cmd:"" help:"Changes seen by a thousand screens, beside a trivial fan-out server."`
	Recommend benchRecommend `cmd:"" help:"Units recommended by travel time.\n\nExample: shuniu bench recommend --json --streets ../shared/data/sf/streets-tiger-2013.osm.gz"`
	Streets   benchStreets   `cmd:"" help:"How soon all units' ways to one place are known, beside our own plain search on the same streets.\n\nExample: shuniu bench streets --json --streets ../shared/data/sf/streets-tiger-2013.osm.gz\nExample: shuniu bench streets --json --size metropolis"`
	Cover     benchCover     `cmd:"" help:"The live cover of a generated city: how soon the picture follows a unit, beside plain searches.\n\nExample: shuniu bench cover --json --size city"`
	Callers   benchCallers   `cmd:"" help:"Simulated calls made without a desk, beside bare copying.\n\nExample: shuniu bench callers --json"`
	Replay    benchReplay    `cmd:"" help:"Recorded calls through the desk, without a clock: shuniu replay, timed.\n\nExample: shuniu bench replay --json --from ../shared/data/sf"`
	Start     benchStart     `cmd:"" help:"A centre with a million live facts starting again."`
	Demo      benchDemo      `cmd:"" help:"The demo's city: how soon it is ready, and how much of the machine it takes while ten times as many people call.\n\nExample: shuniu bench demo --json --seconds 60"`
	City      benchCity      `cmd:"" help:"The map of a generated metropolis: how soon it is made, read, drawn and searched.\n\nExample: shuniu bench city --json --size district"`
	Study     benchStudy     `cmd:"" help:"Units and posts reckoned: the hypercube model beside a dense solution, simulated calls, posts placed.\n\nExample: shuniu bench study --json"`
	Screen    benchScreen    `cmd:"" help:"The console in real browsers: the first page of a demo, a change on a second screen, the demo's memory.\n\nExample: shuniu bench screen --json --from ../shared/data/sf"`
}

// benchFlags are common to all benches.
type benchFlags struct {
	JSON    bool    `help:"Print JSON objects, one a line. It is the only form there is; the flag is for scripts that say what they read."`
	Dir     string  `help:"Folder for the bench's files, on the disk that is to be measured. They are removed." default:"." placeholder:"DIR"`
	Seconds float64 `help:"How long each measurement lasts." default:"20"`
}

func (f benchFlags) options(s session) bench.Options {
	return bench.Options{Out: s.out, Dir: f.Dir, Seconds: f.Seconds, Log: func(text string) { s.say("%s", text) }}
}

type benchCommands struct {
	benchFlags
	Callers int  `help:"How many callers at once, beside one." default:"64"`
	Alone   bool `help:"Without pgbench."`
}

// Run measures commands.
func (c *benchCommands) Run(s session) error {
	o := c.options(s)
	o.Sizes.Callers, o.Quiet = c.Callers, c.Alone
	return bench.Commands(s.ctx, o)
}

type benchHTTP struct {
	benchFlags
	Open int `help:"Open incidents in the list." default:"1000"`
}

// Run measures the front door.
func (c *benchHTTP) Run(s session) error {
	o := c.options(s)
	o.Sizes.Open = c.Open
	return bench.HTTP(s.ctx, o)
}

type benchStream struct {
	benchFlags
	Clients int `help:"Screens." default:"1000"`
}

// Run measures the stream.
func (c *benchStream) Run(s session) error {
	o := c.options(s)
	o.Sizes.Clients = c.Clients
	return bench.Stream(s.ctx, o)
}

type benchRecommend struct {
	benchFlags
	Streets string `help:"Map file; without it San Francisco's is taken from ../shared/data/sf, and where that is not there a grid is made." placeholder:"FILE"`
	Units   int    `help:"Units on the map." default:"500"`
}

// Run measures recommendations.
func (c *benchRecommend) Run(s session) error {
	o := c.options(s)
	o.Sizes.Units, o.Streets = c.Units, c.Streets
	if o.Streets == "" {
		if path := filepath.Join(sfFolder, sfStreets); there(path) {
			o.Streets = path
		} else if err := skipped(s.out, "recommend", path+" is not here; this is a grid that was made"); err != nil {
			return err
		}
	}
	return bench.Recommend(s.ctx, o)
}

type benchStreets struct {
	benchFlags
	Streets string `help:"Map file; without it and without --size San Francisco's is taken from ../shared/data/sf, and where that is not there a grid is made." placeholder:"FILE"`
	Size    string `help:"Make a city of this size and take its map: district, city or metropolis." enum:",district,city,metropolis" default:"" placeholder:"SIZE"`
	Units   int    `help:"Units on the map." default:"200"`
}

// Run measures the streets.
func (c *benchStreets) Run(s session) (err error) {
	if c.Streets != "" && c.Size != "" {
		return wrongInput{fault.New("shuniu bench streets", fault.Invalid, "--streets and --size name two maps").Mend("give one of them")}
	}
	o := c.options(s)
	o.Sizes.Units, o.Sizes.City, o.Streets = c.Units, c.Size, c.Streets
	if o.Program, err = os.Executable(); err != nil {
		return err
	}
	if o.Streets == "" && c.Size == "" {
		if path := filepath.Join(sfFolder, sfStreets); there(path) {
			o.Streets = path
		} else if err := skipped(s.out, "streets", path+" is not here; this is a grid that was made"); err != nil {
			return err
		}
	}
	return bench.Streets(s.ctx, o)
}

type benchCallers struct {
	benchFlags
	Streets string `help:"Map file; without it our own town's, and where that is not there a grid is made." placeholder:"FILE"`
}

// Run measures callers.
func (c *benchCallers) Run(s session) error {
	o := c.options(s)
	if o.Streets = c.Streets; o.Streets == "" {
		if dir, err := root("testdata"); err == nil {
			o.Streets = filepath.Join(dir, "testdata", "worlds", "lanhu.osm")
		}
	}
	return bench.Callers(s.ctx, o)
}

type benchStart struct {
	benchFlags
	Facts int `help:"Live facts." default:"1000000"`
}

// Run measures a start.
func (c *benchStart) Run(s session) error {
	o := c.options(s)
	o.Sizes.Facts = c.Facts
	return bench.Start(s.ctx, o)
}

type benchDemo struct {
	benchFlags
}

// Run measures a demo of this very program.
func (c *benchDemo) Run(s session) error {
	exe, err := os.Executable()
	if err != nil {
		return fault.Wrap("shuniu bench demo", fault.Unavailable, err, "the program does not know where it lies: %v", err)
	}
	o := c.options(s)
	o.Program = exe
	return bench.Demo(s.ctx, o)
}

type benchScreen struct {
	JSON    bool    `help:"Print JSON objects, one a line. It is the only form there is; the flag is for scripts that say what they read."`
	Dir     string  `help:"Folder for the bench's files, on the disk that is to be measured. They are removed." default:"." placeholder:"DIR"`
	Seconds float64 `help:"How long each demo plays before its memory is read." default:"60"`
	Changes int     `help:"Incidents that the second screen must show." default:"150"`
	From    string  `help:"Folder with the files of San Francisco; left out where it is missing." default:"../shared/data/sf" placeholder:"DIR"`
}

// Run measures screens, with demos of this very program.
func (c *benchScreen) Run(s session) error {
	exe, err := os.Executable()
	if err != nil {
		return fault.Wrap("shuniu bench screen", fault.Unavailable, err, "the program does not know where it lies: %v", err)
	}
	o := benchFlags{Dir: c.Dir, Seconds: c.Seconds}.options(s)
	o.Program, o.Sizes.Changes = exe, c.Changes
	if _, err := os.Stat(filepath.Join(c.From, "calls.csv.gz")); err == nil {
		o.From = c.From
	} else {
		s.say("no records of San Francisco in %s: that city is left out", c.From)
	}
	return bench.Screen(s.ctx, o)
}

type benchReplay struct {
	benchFlags
	From string `help:"Folder with calls.csv.gz and the map streets-tiger-2013.osm.gz." default:"../shared/data/sf" placeholder:"DIR"`
}

// Where the records of San Francisco are, beside a checkout.
const (
	sfFolder  = "../shared/data/sf"
	sfCalls   = "calls.csv.gz"
	sfStreets = "streets-tiger-2013.osm.gz"
)

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// skipped says in the form of a figure that one could not be measured, and why.
func skipped(w io.Writer, figure, why string) error {
	return json.NewEncoder(w).Encode(map[string]string{"bench": figure, "skipped": why})
}

// Run plays a city's recorded calls and prints how long that took, beside what came of it.
func (c *benchReplay) Run(s session) error {
	if path := filepath.Join(c.From, sfCalls); c.From == sfFolder && !there(path) {
		return skipped(s.out, "replay", path+" is not here")
	}
	demo := demoCommand{City: "sf", From: c.From}
	where, err := demo.city()
	if err != nil {
		return err
	}
	return bench.Replay(s.ctx, c.options(s), where.calls, func(ctx context.Context) (func(context.Context) (bench.Played, error), error) {
		charter, err := loadCentre(where.centre, c.From)
		if err != nil {
			return nil, err
		}
		calls, err := readCalls(ctx, where.calls, where.mapping)
		if err != nil {
			return nil, err
		}
		streets, err := loadStreets(ctx, where.streets)
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context) (bench.Played, error) {
			r, err := sim.Replay(ctx, sim.ReplayConfig{Calls: calls, Charter: charter, Map: streets, Autopilot: sim.Recorded, Seed: 1, Log: s.log})
			return bench.Played{Calls: r.Calls, Incidents: r.Incidents, Assignments: r.Assignments}, err
		}, nil
	})
}

type benchCity struct {
	benchFlags
	Size string `help:"How big the city is: district, city or metropolis." enum:"district,city,metropolis" default:"metropolis"`
}

// Run measures a city's map.
func (c *benchCity) Run(s session) (err error) {
	o := c.options(s)
	o.Sizes.City = c.Size
	if o.Program, err = os.Executable(); err != nil {
		return err
	}
	return bench.City(s.ctx, o)
}

type benchStudy struct {
	benchFlags
	City string `help:"How big the city is whose month is played again." enum:"district,city,metropolis" default:"city"`
	Only string `help:"solvers or month alone." enum:"all,solvers,month" default:"all"`
}

// Run measures the solvers of studies, and a month that is played again.
func (c *benchStudy) Run(s session) (err error) {
	o := c.options(s)
	o.Sizes.Month = c.City
	if o.Program, err = os.Executable(); err != nil {
		return err
	}
	if c.Only != "month" {
		if err := bench.Study(s.ctx, o); err != nil {
			return err
		}
	}
	if c.Only == "solvers" {
		return nil
	}
	return bench.Month(s.ctx, o)
}
