package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"shuniu/internal/api"
	"shuniu/internal/cad"
	"shuniu/internal/callers"
	"shuniu/internal/desk"
	"shuniu/internal/incident"
	"shuniu/internal/intake"
	"shuniu/internal/joint"
	"shuniu/internal/persona"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/crew"
	"shuniu/internal/sim"
	"shuniu/internal/street"
	"shuniu/internal/telephone"
	"shuniu/internal/unit"
)

type demoCommand struct {
	Addr      string  `help:"Where to listen. Only addresses of this machine are taken." default:"127.0.0.1:8110" placeholder:"HOST:PORT"`
	Data      string  `help:"Folder of the world's journal. The same folder goes on from where it stopped." default:"var/demo" placeholder:"DIR"`
	City      string  `help:"yunze: an invented city with simulated callers. town: our own small river town, with calls of one day. sf: recorded calls of San Francisco; needs --from." enum:"yunze,town,sf" default:"yunze"`
	Size      string  `help:"How big the invented city is." enum:"district,city,metropolis" default:"district"`
	Worlds    string  `help:"Folder in which invented cities are kept, so that each is made once." default:"var/world" placeholder:"DIR"`
	From      string  `help:"Folder with a city's records and streets; with calls.csv.gz in it the city is sf." placeholder:"DIR"`
	Speed     float64 `help:"World seconds in a second." default:"10"`
	Autopilot string  `help:"Who answers the calls that you leave alone. recorded: the units that were sent in life. recommended: the units that we recommend. off: nobody." enum:"recorded,recommended,off" default:"recommended"`
	Centre    string  `help:"Folder of the centre, if not the city's own. With recorded calls and streets in it, those are played." placeholder:"DIR"`
	Seed      uint64  `help:"Chance: the same seed, the same city, the same callers, the same shift." default:"1"`

	groundFlags `embed:""`
	packFlags   `embed:""`
}

// Run plays a city until it is told to stop.
func (c *demoCommand) Run(s session) (err error) {
	from := time.Now()
	where, err := c.city()
	if err != nil {
		return err
	}
	ground, origins, err := c.ground()
	if err != nil {
		return err
	}
	l, err := listen(s.ctx, c.Addr)
	if err != nil {
		return err
	}
	if err := c.build(s, &where); err != nil {
		return errors.Join(err, l.Close())
	}
	d, err := c.open(s, where)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, d.close(s.ctx)) }()
	d.node.centre.Ground = ground
	d.remember(s)
	go d.world.Live(s.ctx, func(err error) { s.log.Warn("the world met an error and goes on", "error", err) }, d.steppers...)
	d.world.Go()
	if err := keepPack(s.ctx, d.node, c.Pack, s.log); err != nil {
		return errors.Join(err, l.Close())
	}
	people := persona.New(where.field)
	id := string(d.node.desk.Centre())
	s.say("the world's time is %s, %g times ours; ready after %.1f s", d.clock.Now().Format(time.DateTime), c.Speed, time.Since(from).Seconds())
	s.say("%s", address(l))
	return serveHTTP(s.ctx, l, api.Options{
		Centres: map[string]*api.Centre{id: d.node.centre}, Default: id, Identity: people, Extra: people.Routes, Log: s.log,
	}, origins...)
}

// demo is a running city.
type demo struct {
	node     *node
	clock    *sim.Clock
	world    *sim.World
	steppers []sim.Stepper
	line     *sim.Exchange
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

// warmup is how much of a new world's life has passed when its first visitor comes. In an invented city a big incident is
// going on by then, since opener, so that he sees what the house is for.
const (
	warmup = 25 * time.Minute
	opener = 5 * time.Minute
	opened = "knife"
)

// warm lets the time pass that a new world has behind it when its first visitor comes.
func (d *demo) warm(ctx context.Context, begin time.Time, invented bool) error {
	if invented {
		if err := sim.Jump(ctx, d.clock, begin.Add(warmup-opener), d.steppers...); err != nil {
			return err
		}
		if err := d.world.Begin(ctx, opened); err != nil {
			return err
		}
	}
	return sim.Jump(ctx, d.clock, begin.Add(warmup), d.steppers...)
}

// open reads a city's files and starts its world: a new one shortly before a busy hour, an old one where it stopped.
func (c *demoCommand) open(s session, where city) (*demo, error) {
	charter, err := loadCentre(where.centre, c.From)
	if err != nil {
		return nil, err
	}
	speeds, err := loadSpeeds(where.centre)
	if err != nil {
		return nil, err
	}
	s.say("reading streets and calls")
	streets, err := loadStreets(s.ctx, where.streets)
	if err != nil {
		return nil, err
	}
	calls, err := where.recorded(s)
	if err != nil {
		return nil, err
	}
	s.say("%d streets, %d units", streets.Streets.Stats().Segments, len(charter.Units))
	f, err := openFiles(s.ctx, source{dir: c.Data, centre: charter.Centre})
	if err != nil {
		return nil, err
	}
	fresh := f.head.Seq == 0
	begin := stoppedAt(f)
	if fresh {
		if begin = sim.BusyHour(calls); begin.IsZero() {
			begin = evening(zoneOf(charter.Settings.Zone))
		}
		begin = begin.Add(-warmup)
	}
	known := c.demandOf(s, where, streets, zoneOf(charter.Settings.Zone), calls)
	d := &demo{clock: sim.NewClock(begin, nil)}
	if d.node, err = openNode(s.ctx, nodeConfig{files: f, charter: charter, world: cad.Demo, clock: d.clock, streets: streets, speeds: speeds, demand: known, log: s.log}); err != nil {
		return nil, err
	}
	d.node.centre.Study = studied(s, where, charter, streets, calls)
	if err := d.populate(s, c, where, calls); err != nil {
		return nil, errors.Join(err, d.node.close(s.ctx))
	}
	if fresh {
		s.say("letting the first %d minutes pass", int(warmup.Minutes()))
		if err := d.warm(s.ctx, begin, where.invented); err != nil {
			return nil, errors.Join(err, d.node.close(s.ctx))
		}
	}
	return d, nil
}

// populate brings everybody who acts by himself into the world, and puts the units on duty.
func (d *demo) populate(s session, c *demoCommand, where city, calls []intake.Call) error {
	pilot := cad.Actor{ID: "autopilot", Role: policy.Reactor}
	options := sim.WorldOptions{Clock: d.clock, Board: d.node.board, Speed: c.Speed, Autopilot: c.Autopilot}
	crews := crew.Options{Desk: d.node.desk, Role: policy.Reactor, Track: d.node.track, Streets: d.node.centre.Streets, Seed: c.Seed, Log: s.log}
	d.line = sim.NewExchange(d.clock.Now)
	phones, err := d.ring(c, where, pilot)
	if err != nil {
		return err
	}
	phones.Start(d.clock.Now())
	options.More, crews.OnScene, crews.Result = sim.Moved(phones), d.inTime(phones.OnScene), phones.Result
	if err := d.connect(s, phones, pilot); err != nil {
		return err
	}
	calling := []sim.Stepper{phones, d.line}
	if !where.invented {
		script := sim.NewScript(sim.ScriptOptions{
			Desk: d.node.desk, Actor: pilot, Calls: calls, Parts: sim.Parts{Sends: c.Autopilot == "recorded"}, Knows: d.node.knows, Streets: d.streets(),
			Leave: d.held, Loop: true,
		})
		script.Start(d.clock.Now())
		calling = append(calling, script)
	}
	if d.world, err = sim.NewWorld(options); err != nil {
		return err
	}
	d.node.centre.World = d.world
	if err := onDuty(s.ctx, d.node, pilot); err != nil {
		return err
	}
	cars := crew.New(crews)
	if err := cars.Watch(s.ctx); err != nil {
		return err
	}
	d.steppers = append(calling, cars, d.node.deadlines)
	if c.Autopilot == "off" {
		return nil
	}
	desks := sim.NewAutopilot(sim.AutopilotOptions{
		Desk: d.node.desk, Board: d.node.board, Track: d.node.track, Streets: d.streets(), Actor: pilot, Sends: c.Autopilot == "recommended",
		Engine: d.node.centre.Streets, Leave: d.held, Left: d.world.Left, Awake: d.world.Awake, Seed: c.Seed, Patience: patience,
	})
	d.steppers = append(d.steppers, desks)
	return desks.Watch(s.ctx)
}

// toReport is what a crew leaves itself for the way and the report, of the time in which the final feedback is due.
const toReport = 12 * time.Minute

// inTime lets crews finish so that their final feedback is in time: on an ordinary day nearly all of it is.
func (d *demo) inTime(works crew.OnScene) crew.OnScene {
	return func(id cad.IncidentID) (time.Duration, bool) {
		scene, ok := works(id)
		if !ok {
			return 0, false
		}
		var limits []incident.Limit
		d.node.board.Look(func(h *joint.House) { limits = h.Incident(id).Limits })
		for _, l := range limits {
			if l.Kind == "feedback" && l.From == "dispatched" {
				scene = min(scene, max(time.Duration(l.WithinS)*time.Second-toReport, toReport))
			}
		}
		return scene, true
	}
}

// patience is how long an incident of the world waits for the kind of unit that its type asks for.
const patience = 3 * time.Minute

// ringsFor is how long one call at a time rings for a visitor, by his own clock, before a simulated call-taker answers it.
const ringsFor = 15 * time.Second

// ring makes the telephones of a city; beside recorded calls they ring for big incidents only. While somebody looks on, one
// call at a time rings longer, for him.
func (d *demo) ring(c *demoCommand, where city, by cad.Actor) (*sim.Phones, error) {
	lang := callers.LangOf(d.node.centre.Map)
	ground, err := callers.GroundOf(d.node.centre.Map, lang)
	if err != nil {
		return nil, err
	}
	var zone *time.Location
	d.node.board.Look(func(h *joint.House) { zone = zoneOf(h.Org.Zone) })
	return sim.NewPhones(sim.PhonesOptions{
		Desk: d.node.desk, Board: d.node.board, Actor: by, Line: d.line, Ground: ground, Streets: d.streets(), Leave: d.held, Seed: c.Seed, PerDay: where.perDay, Takers: where.takers,
		Zone: zone, Lang: lang, Quiet: !where.invented, Visitor: func() bool { return d.node.centre.Stream.Clients() > 0 }, Wait: time.Duration(c.Speed * float64(ringsFor)),
	})
}

// connect joins the simulated exchange to the desk, by the contract that a real one keeps.
func (d *demo) connect(s session, phones *sim.Phones, by cad.Actor) error {
	bridge := telephone.New(telephone.Options{
		Desk: d.node.desk, Board: d.node.board, Actor: by, Switch: d.line, Incident: phones.IncidentOf, Log: s.log,
	})
	if err := bridge.Connect(s.ctx); err != nil {
		return err
	}
	go bridge.Follow(s.ctx)
	return nil
}

func (d *demo) streets() *street.Network { return d.node.centre.Map.Streets }

// held reports whether the visitor holds an incident; nobody does before the world is made.
func (d *demo) held(id cad.IncidentID) bool { return d.world != nil && d.world.Held(id) }

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
