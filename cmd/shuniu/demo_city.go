package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"shuniu/internal/fault"
	"shuniu/internal/intake"
	"shuniu/internal/persona"
)

// city is where a demo's files are.
type city struct {
	centre, mapping, calls, streets string
	invented                        bool    // Its streets are made, and its callers are simulated.
	perDay                          float64 // Calls.
	takers                          int     // Of calls.
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
	if c.City != "sf" && c.From != "" {
		if _, err := os.Stat(filepath.Join(c.From, "calls.csv.gz")); err != nil {
			return city{}, fault.Wrap("shuniu demo", fault.Invalid, err, "this city has its own calls, and --from holds no calls.csv.gz of another one").
				Mend("leave out --from, or name the folder with calls.csv.gz and streets-tiger-2013.osm.gz of San Francisco")
		}
		c.City = "sf"
	}
	if c.City == "sf" && c.From == "" {
		return city{}, fault.New("shuniu demo", fault.Invalid, "--city sf needs --from").Mend("name the folder with calls.csv.gz and streets-tiger-2013.osm.gz")
	}
	if c.City == "yunze" && c.Autopilot == "recorded" {
		return city{}, fault.New("shuniu demo", fault.Invalid, "nobody ever answered the calls of an invented city, so --autopilot recorded has nothing to play").
			Mend("choose --autopilot recommended or off, or --city town or sf")
	}
	dir, err := root("centres")
	if err != nil {
		return city{}, err
	}
	at := func(parts ...string) string { return filepath.Join(append([]string{dir}, parts...)...) }
	out := city{centre: at("centres", "yunze"), field: persona.Options{Station: "st1", Unit: "101"}}
	switch c.City {
	case "yunze":
		out.invented = true
	case "sf":
		out = city{
			centre: at("centres", "sf"), mapping: at("centres", "sf", "mapping.yaml"), calls: filepath.Join(c.From, "calls.csv.gz"),
			streets: filepath.Join(c.From, "streets-tiger-2013.osm.gz"), field: persona.Options{Station: "st1", Unit: "E01"},
		}
	default:
		out.mapping, out.calls, out.streets = at("centres", "yunze", "mapping.yaml"), at("testdata", "worlds", "lanhu-calls.csv"), at("testdata", "worlds", "lanhu.osm")
	}
	if c.Centre != "" {
		out = out.of(c.Centre)
	}
	return out, nil
}

// Calls a day of an invented city, for each of its stations: those of the sample district (see the callers' own figures).
const callsPerStation = 700.0 / 9

// As many telephones are manned that ten times the calls of an ordinary day are answered, some of them late: 5 a minute that
// take 80 s each keep 7 people busy.
const takersPerStation = 1

// build makes an invented city, or takes the one that was made before. Its centre is that of the city from then on.
func (c *demoCommand) build(s session, to *city) error {
	if !to.invented {
		return nil
	}
	w, err := ensureWorld(s, filepath.Join(c.Worlds, c.Size+"-"+strconv.FormatUint(c.Seed, 10)), c.Size, c.Seed, to.centre)
	if err != nil {
		return err
	}
	stations := w.Manifest.Counts.Stations
	to.centre, to.streets, to.perDay, to.takers = w.Centre, w.Streets, callsPerStation*float64(stations), stations*takersPerStation
	return nil
}

// evening is when a new world of simulated callers is met: a Friday at the end of the working day, by its own clocks.
func evening(zone *time.Location) time.Time { return time.Date(2030, time.June, 7, 18, 0, 0, 0, zone) }

// zoneOf is a centre's zone; an unknown one is UTC.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// recorded reads the calls of a city that has some.
func (w city) recorded(s session) ([]intake.Call, error) {
	if w.calls == "" {
		return nil, nil
	}
	calls, err := readCalls(s.ctx, w.calls, w.mapping)
	if err != nil {
		return nil, err
	}
	s.say("%d recorded calls, %d rows that cannot be used", len(calls.Calls), len(calls.Bad))
	return calls.Calls, nil
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
