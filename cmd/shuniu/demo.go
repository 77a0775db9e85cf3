package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"shuniu/internal/api"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/intake"
	"shuniu/internal/joint"
	"shuniu/internal/persona"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/crew"
	"shuniu/internal/sim"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

type demoCommand struct {
	Addr      string  `help:"Where to listen. Only addresses of this machine are taken." default:"127.0.0.1:8110" placeholder:"HOST:PORT"`
	Data      string  `help:"Folder of the world's journal. The same folder goes on from where it stopped." default:"var/demo" placeholder:"DIR"`
	City      string  `help:"town: our own small river town. sf: recorded calls of San Francisco; needs --from." enum:"town,sf" default:"town"`
	From      string  `help:"Folder with the city's records and streets; with calls.csv.gz in it the city is sf." placeholder:"DIR"`
	Speed     float64 `help:"World seconds in a second." default:"10"`
	Autopilot string  `help:"Who answers the calls that you leave alone. recorded: the units that were sent in life. recommended: the units that we recommend. off: nobody." enum:"recorded,recommended,off" default:"recommended"`
	Centre    string  `help:"Folder of the centre, if not the city's own." placeholder:"DIR"`
	Seed      uint64  `help:"Chance of the crews; the same seed, the same shift." default:"1"`
}

// city is where a demo's files are.
type city struct {
	centre, mapping, calls, streets string
	field                           persona.Options
}

// root is the folder in which a file of ours lies: here, or beside the program.
func root(name string) (string, error) {
	places := []string{"."}
	if exe, err := os.Executable(); err == nil {
		places = append(places, filepath.Join(filepath.Dir(exe), ".."), filepath.Dir(exe))
	}
	for _, p := range places {
		if _, err := os.Stat(filepath.Join(p, name)); err == nil {
			return p, nil
		}
	}
	return "", fault.New("shuniu demo", fault.NotFound, "there is no %s here", name).Mend("start it in the project's own folder, or name the folders")
}

func (c *demoCommand) city() (city, error) {
	if c.City == "town" && c.From != "" {
		if _, err := os.Stat(filepath.Join(c.From, "calls.csv.gz")); err != nil {
			return city{}, fault.Wrap("shuniu demo", fault.Invalid, err, "the town has its own calls, and --from holds no calls.csv.gz of another city").
				Mend("leave out --from, or name the folder with calls.csv.gz and streets-tiger-2013.osm.gz of San Francisco")
		}
		c.City = "sf"
	}
	if c.City == "sf" && c.From == "" {
		return city{}, fault.New("shuniu demo", fault.Invalid, "--city sf needs --from").Mend("name the folder with calls.csv.gz and streets-tiger-2013.osm.gz")
	}
	dir, err := root("centres")
	if err != nil {
		return city{}, err
	}
	at := func(parts ...string) string { return filepath.Join(append([]string{dir}, parts...)...) }
	out := city{
		centre: at("centres", "yunze"), mapping: at("centres", "yunze", "mapping.yaml"), calls: at("testdata", "worlds", "lanhu-calls.csv"),
		streets: at("testdata", "worlds", "lanhu.osm"), field: persona.Options{Station: "st1", Unit: "101"},
	}
	if c.City == "sf" {
		out = city{
			centre: at("centres", "sf"), mapping: at("centres", "sf", "mapping.yaml"), calls: filepath.Join(c.From, "calls.csv.gz"),
			streets: filepath.Join(c.From, "streets-tiger-2013.osm.gz"), field: persona.Options{Station: "st1", Unit: "E01"},
		}
	}
	if c.Centre != "" {
		out.centre = c.Centre
	}
	return out, nil
}

// readCalls reads recorded calls.
func readCalls(ctx context.Context, path, mapping string) (intake.File, error) {
	m, err := intake.LoadMapping(mapping)
	if err != nil {
		return intake.File{}, err
	}
	f, err := os.Open(path)
	if err != nil {
		return intake.File{}, fault.Wrap("shuniu", fault.NotFound, err, "the calls cannot be read: %v", err).Mend("name a file of recorded calls")
	}
	defer f.Close() //nolint:errcheck // Read only: nothing can be lost.
	return intake.Read(ctx, f, m, nil)
}

// Run plays a city until it is told to stop.
func (c *demoCommand) Run(s session) (err error) {
	from := time.Now()
	where, err := c.city()
	if err != nil {
		return err
	}
	l, err := listen(s.ctx, c.Addr)
	if err != nil {
		return err
	}
	d, err := c.open(s, where)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, d.close(s.ctx)) }()
	d.remember(s)
	go d.world.Live(s.ctx, func(err error) { s.log.Warn("the world met an error and goes on", "error", err) }, d.steppers...)
	d.world.Go()
	people := persona.New(where.field)
	id := string(d.node.desk.Centre())
	s.say("the world's time is %s, %g times ours; ready after %.1f s", d.clock.Now().Format(time.DateTime), c.Speed, time.Since(from).Seconds())
	s.say("%s", address(l))
	return serveHTTP(s.ctx, l, api.Options{
		Centres: map[string]*api.Centre{id: d.node.centre}, Default: id, Identity: people, Extra: people.Routes, Log: s.log,
	})
}

// demo is a running city.
type demo struct {
	node     *node
	clock    *sim.Clock
	world    *sim.World
	steppers []sim.Stepper
	forget   func() // Ends remember, and waits; nil before it.
}

// clockFile keeps the world's time. Without it the time of the last record is good enough.
const clockFile = "clock"

// stoppedAt is when an old world stopped, by its own time; never before its last record.
func stoppedAt(f *files) time.Time {
	text, err := os.ReadFile(filepath.Join(f.dir, clockFile))
	if err != nil {
		return f.head.At
	}
	t, err := time.Parse(time.RFC3339Nano, string(text))
	if err != nil || t.Before(f.head.At) {
		return f.head.At
	}
	return t
}

// rememberEvery is how much real time a killed world loses at most of its own clock, at the speed that it ran.
const rememberEvery = 2 * time.Second

// remember writes the world's time down again and again until close, so that a killed world goes on from there.
func (d *demo) remember(s session) {
	stop, done := make(chan struct{}), make(chan struct{})
	d.forget = func() {
		close(stop)
		<-done
	}
	go func() {
		defer close(done)
		tick := time.NewTicker(rememberEvery)
		defer tick.Stop()
		for {
			if err := d.writeClock(); err != nil {
				s.log.Warn("the world's time cannot be written down", "error", err)
			}
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	}()
}

// writeClock keeps the world's time, whole: a kill leaves the time before.
func (d *demo) writeClock() error {
	return writeDurable(filepath.Join(d.node.files.dir, clockFile), []byte(d.clock.Now().Format(time.RFC3339Nano)))
}

// close stops the world and remembers its time.
func (d *demo) close(ctx context.Context) error {
	d.clock.SetSpeed(0)
	if d.forget != nil {
		d.forget()
	}
	return errors.Join(d.writeClock(), d.node.close(ctx))
}

// warmup is how much of a new world's life has passed when its first visitor comes.
const warmup = 25 * time.Minute

// open reads a city's files and starts its world: a new one shortly before its busiest hour, an old one where it
// stopped.
func (c *demoCommand) open(s session, where city) (*demo, error) {
	charter, err := loadCentre(where.centre, c.From)
	if err != nil {
		return nil, err
	}
	s.say("reading streets and calls")
	streets, err := loadStreets(s.ctx, where.streets)
	if err != nil {
		return nil, err
	}
	calls, err := readCalls(s.ctx, where.calls, where.mapping)
	if err != nil {
		return nil, err
	}
	s.say("%d streets, %d recorded calls, %d rows that cannot be used", streets.Streets.Stats().Segments, len(calls.Calls), len(calls.Bad))
	f, err := openFiles(s.ctx, source{dir: c.Data, centre: charter.Centre})
	if err != nil {
		return nil, err
	}
	fresh := f.head.Seq == 0
	begin := stoppedAt(f)
	if fresh {
		begin = sim.BusyHour(calls.Calls).Add(-warmup)
	}
	d := &demo{clock: sim.NewClock(begin, nil)}
	if d.node, err = openNode(s.ctx, nodeConfig{files: f, charter: charter, world: cad.Demo, clock: d.clock, streets: streets, log: s.log}); err != nil {
		return nil, err
	}
	if err := d.populate(s, c, calls.Calls, streets.Streets); err != nil {
		return nil, errors.Join(err, d.node.close(s.ctx))
	}
	if fresh {
		s.say("letting the first %d minutes pass", int(warmup.Minutes()))
		if err := sim.Jump(s.ctx, d.clock, begin.Add(warmup), d.steppers...); err != nil {
			return nil, errors.Join(err, d.node.close(s.ctx))
		}
	}
	return d, nil
}

// populate brings everybody who acts by himself into the world, and puts the units on duty.
func (d *demo) populate(s session, c *demoCommand, calls []intake.Call, streets *street.Network) (err error) {
	if d.world, err = sim.NewWorld(sim.WorldOptions{Clock: d.clock, Board: d.node.board, Speed: c.Speed, Autopilot: c.Autopilot}); err != nil {
		return err
	}
	d.node.centre.World = d.world
	pilot := cad.Actor{ID: "autopilot", Role: policy.Reactor}
	if err := onDuty(s.ctx, d.node, pilot); err != nil {
		return err
	}
	script := sim.NewScript(sim.ScriptOptions{
		Desk: d.node.desk, Actor: pilot, Calls: calls, Parts: sim.Parts{Sends: c.Autopilot == "recorded"}, Knows: d.node.knows, Streets: streets,
		Leave: d.world.Held, Loop: true,
	})
	script.Start(d.clock.Now())
	crews := crew.New(crew.Options{
		Desk: d.node.desk, Role: policy.Reactor, Track: d.node.track, Streets: streets, Seed: c.Seed, Log: s.log,
	})
	if err := crews.Watch(s.ctx); err != nil {
		return err
	}
	d.steppers = []sim.Stepper{script, crews, d.node.deadlines}
	if c.Autopilot == "off" {
		return nil
	}
	desks := sim.NewAutopilot(sim.AutopilotOptions{
		Desk: d.node.desk, Board: d.node.board, Track: d.node.track, Streets: streets, Actor: pilot, Sends: c.Autopilot == "recommended",
		Leave: d.world.Held, Seed: c.Seed,
	})
	d.steppers = append(d.steppers, desks)
	return desks.Watch(s.ctx)
}

// knows reports whether a unit can be sent at all.
func (n *node) knows(id cad.UnitID) bool {
	var u unit.State
	n.board.Look(func(h *joint.House) { u = h.Unit(id) })
	return u.ID != "" && !u.Retired && u.Dispatchable
}

// onDuty lets every unit that is off duty report for work.
func onDuty(ctx context.Context, n *node, by cad.Actor) error {
	var off []cad.UnitID
	n.board.Look(func(h *joint.House) {
		for id, u := range h.Units {
			if !u.Retired && u.Duty == unit.OffDuty {
				off = append(off, id)
			}
		}
	})
	for _, id := range off {
		if _, err := n.desk.Do(ctx, desk.Wish{Actor: by, Command: joint.SayUnit{Unit: id, To: "available"}}); err != nil {
			return err
		}
	}
	return nil
}
