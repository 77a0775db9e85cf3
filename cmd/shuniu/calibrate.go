package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/founding"
	"shuniu/internal/geo"
	"shuniu/internal/intake"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/sim"
	"shuniu/internal/street"
	"shuniu/internal/trial"
)

// recordedFlags name a centre with recorded calls.
type recordedFlags struct {
	Centre  string `help:"Folder of the centre that answered the calls." placeholder:"DIR"`
	Streets string `help:"Map file. Without it the centre's own." placeholder:"FILE"`
	Calls   string `help:"File of recorded calls, plain or gzip. Without it the centre's own." placeholder:"FILE"`
	Mapping string `help:"How to read it: which column means what. Without it the centre's own." placeholder:"FILE"`
	From    string `help:"Folder with calls.csv.gz and streets-tiger-2013.osm.gz of San Francisco, in place of the four." placeholder:"DIR"`
	Data    string `help:"Folder with files that the configuration names." placeholder:"DIR"`
}

// past is a centre with its recorded calls and its streets.
type past struct {
	charter org.Charter
	calls   []intake.Call
	streets *osm.Extract
	zone    *time.Location
}

// read reads all of it. Nothing is left out in silence: rows that cannot be used are counted.
func (f recordedFlags) read(s session) (past, error) {
	const op = "shuniu"
	if f.From != "" {
		where, err := (&demoCommand{City: "sf", From: f.From}).city()
		if err != nil {
			return past{}, err
		}
		f.Centre, f.Data = cmp.Or(f.Centre, where.centre), cmp.Or(f.Data, f.From)
		f.Streets, f.Calls, f.Mapping = cmp.Or(f.Streets, where.streets), cmp.Or(f.Calls, where.calls), cmp.Or(f.Mapping, where.mapping)
	}
	if f.Centre == "" {
		return past{}, fault.New(op, fault.Invalid, "no centre is named").Mend("name its folder with --centre, or San Francisco's files with --from")
	}
	calls, mapping := founding.Calls(f.Centre)
	f.Calls, f.Mapping, f.Streets = cmp.Or(f.Calls, calls), cmp.Or(f.Mapping, mapping), cmp.Or(f.Streets, founding.Streets(f.Centre))
	switch {
	case f.Calls == "" || f.Mapping == "":
		return past{}, fault.New(op, fault.Invalid, "there are no recorded calls, or nothing says how to read them").
			Mend("name both with --calls and --mapping, or put them into the folder: shuniu import calls --help")
	case f.Streets == "":
		return past{}, fault.New(op, fault.Invalid, "there is no map").Mend("name one with --streets, or put it into the folder: shuniu import streets --help")
	}
	charter, err := loadCentre(f.Centre, f.Data)
	if err != nil {
		return past{}, err
	}
	file, err := readCalls(s.ctx, f.Calls, f.Mapping)
	if err != nil {
		return past{}, err
	}
	streets, err := loadStreets(s.ctx, f.Streets)
	if err != nil {
		return past{}, err
	}
	s.say("%d recorded calls, %d rows that cannot be used", len(file.Calls), len(file.Bad))
	return past{charter: charter, calls: file.Calls, streets: streets, zone: zoneOf(charter.Settings.Zone)}, nil
}

// homes is where units wait for certain: at the house of their own station. Where ambulances wait is often a guess of the
// folder, and a drive from a guessed place says nothing about streets.
func (p past) homes() map[cad.UnitID]geo.Point {
	houses := map[cad.OrgID]geo.Point{}
	for _, o := range p.charter.Orgs {
		if o.Place != nil {
			houses[o.ID] = *o.Place
		}
	}
	out := map[cad.UnitID]geo.Point{}
	for _, u := range p.charter.Units {
		if house, known := houses[u.Station]; known && u.Home != nil && geo.DistanceMeters(house, *u.Home) < sameHouseMeters {
			out[u.ID] = *u.Home
		}
	}
	return out
}

// sameHouseMeters is how near to its station's house a unit's home counts as that house.
const sameHouseMeters = 100

// fit fits speeds to the past.
func (p past) fit(ctx context.Context, share float64, log func(string)) (trial.Fitted, trial.FitOptions, error) {
	drives, unknown := trial.Drives(sim.Records(p.calls), p.homes())
	log(fmt.Sprintf("%d recorded drives; %d more began where nobody knows for certain", len(drives), unknown))
	o := trial.FitOptions{
		Lines: p.streets.Streets.Drawing(), Zone: p.zone, Share: share, Under: under(p.streets.Streets),
		Log: func(round int, off float64) {
			log(fmt.Sprintf("round %d: routes are off by a factor of %.2f on average", round, 1+off))
		},
	}
	fitted, err := trial.Fit(ctx, drives, o)
	return fitted, o, err
}

// under gives a network with other speeds.
func under(n *street.Network) func(context.Context, trial.Factors, int) (street.Finder, error) {
	return func(_ context.Context, f trial.Factors, hour int) (street.Finder, error) {
		return n.Under(street.Conditions{Factors: street.Factors(f), Hour: hour}), nil
	}
}

type fitCommand struct {
	recordedFlags `embed:""`

	FitDays string `help:"On how many of the recorded days speeds are fitted, or on which share of them; the others judge." default:"0.5" placeholder:"N"`
	Out     string `help:"Where the factors are written, as the centre's folder has them: speeds.yaml." placeholder:"FILE"`
	JSON    bool   `help:"Print one JSON object."`
}

// Run fits speeds to recorded drives and prints what that is worth.
func (c *fitCommand) Run(s session) error {
	p, err := c.read(s)
	if err != nil {
		return err
	}
	share, err := c.share(p)
	if err != nil {
		return err
	}
	fitted, _, err := p.fit(s.ctx, share, func(text string) { s.say("%s", text) })
	if err != nil {
		return err
	}
	if c.Out != "" {
		if err := writeDurable(c.Out, speedsFile(fitted, string(p.charter.Centre))); err != nil {
			return err
		}
		s.say("%s is written; put it beside centre.yaml of the centre's folder", c.Out)
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(fitted)
	}
	return printFit(s.out, fitted)
}

// share reads --fit-days: a share, or a number of days.
func (c *fitCommand) share(p past) (float64, error) {
	x, err := strconv.ParseFloat(c.FitDays, 64)
	if err == nil && x >= 1 && x == float64(int(x)) {
		days := map[string]bool{}
		for _, call := range p.calls {
			days[call.Received.In(p.zone).Format(time.DateOnly)] = true
		}
		x /= float64(len(days))
	}
	if err != nil || !(x > 0 && x < 1) {
		return 0, fault.New("shuniu calibrate", fault.Invalid, "--fit-days %s leaves no day to judge by, or none to fit", c.FitDays).
			Mend("give a share between 0 and 1, or fewer days than were recorded")
	}
	return x, nil
}

// speedsFile is the centre's file of factors, with what they rest on.
func speedsFile(f trial.Fitted, centre string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# How fast the units of %s drive, against the map's own speeds: a factor by road class for each hour of the local day.\n", centre)
	fmt.Fprintf(&b, "# Fitted to %d recorded drives of %d days. On %d other drives of %d days the median error was %.0f s before and is %.0f s,\n",
		f.FitDrives, f.FitDays, f.After.N, f.TestDays, f.Before.ErrorP50, f.After.ErrorP50)
	fmt.Fprintf(&b, "# the ninth decile %.0f s and %.0f s. Made by shuniu calibrate; delete it to drive at the map's own speeds.\n", f.Before.ErrorP90, f.After.ErrorP90)
	for _, class := range slices.Sorted(maps.Keys(f.Factors)) {
		day := f.Factors[class]
		words := make([]string, len(day))
		for i, v := range day {
			words[i] = strconv.FormatFloat(v, 'f', 3, 64)
		}
		fmt.Fprintf(&b, "%s: [%s]\n", class, strings.Join(words, ", "))
	}
	return []byte(b.String())
}

func printFit(w io.Writer, f trial.Fitted) error {
	lines := []string{fmt.Sprintf("fitted to %d drives of %d days, judged on %d drives of %d other days", f.FitDrives, f.FitDays, f.After.N, f.TestDays)}
	for _, c := range f.Classes {
		lines = append(lines, fmt.Sprintf("%-16s %.2f of its speed (%.0f %% of the time driven)", c.Class, c.Factor, c.Share*100))
	}
	lines = append(lines, fmt.Sprintf("every drive takes about %.0f s beside driving; street times do not hold that", f.BesideS))
	for _, h := range f.Hours {
		lines = append(lines, fmt.Sprintf("%02d:00 to %02d:00  %.2f of the day's (%d drives)", h.From, h.To, h.Factor, h.Drives))
	}
	for _, row := range []struct {
		name string
		a    trial.Accuracy
	}{{"before", f.Before}, {"after", f.After}} {
		lines = append(lines, fmt.Sprintf("%-6s off by %.0f s (p50), %.0f s (p90); bias %+.0f s; Spearman %.3f; n=%d (%d without a way)",
			row.name, row.a.ErrorP50, row.a.ErrorP90, row.a.Bias, row.a.Spearman, row.a.N, row.a.NoWay))
	}
	lines = append(lines, fmt.Sprintf("the median error changed by %+.0f s (%+.0f to %+.0f in 95 of 100 drawings of hours)", f.Better.Mid, f.Better.Low, f.Better.High))
	return printLines(w, lines)
}

func printLines(w io.Writer, lines []string) error {
	for _, l := range lines {
		if _, err := fmt.Fprintln(w, l); err != nil {
			return fmt.Errorf("the answer cannot be printed: %w", err)
		}
	}
	return nil
}
