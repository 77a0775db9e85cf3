package main

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
	"time"

	"shuniu/internal/callers"
	"shuniu/internal/fault"
	"shuniu/internal/intake"
)

type callersCommand struct {
	Centre  string  `help:"Folder of the centre that the calls are for: its time zone, and the mapping.yaml that a file is written for." required:"" placeholder:"DIR"`
	Streets string  `help:"Map file of its area." required:"" placeholder:"FILE"`
	Days    int     `help:"How many days of calls." default:"365"`
	From    string  `help:"First day." default:"2030-01-01" placeholder:"YYYY-MM-DD"`
	PerDay  float64 `help:"Calls a day; 0 takes the number of the shares." default:"0"`
	Seed    uint64  `help:"The same seed, the same calls." default:"1"`
	Lang    string  `help:"Of what callers say." enum:"zh,en" default:"zh"`
	Surge   string  `help:"What is more than usual." enum:"none,festival,storm" default:"none"`
	Factor  float64 `help:"How many calls for one of an ordinary day." default:"1"`
	CSV     string  `name:"csv" help:"File to write the calls to; - is the terminal. What it names must not exist yet." placeholder:"FILE"`
	Table   bool    `help:"Print the table of shares, generated beside expected, and whether those are published, derived of what was, or assumed; with sources. Without --csv it is printed anyway."`
}

// daysMax is ten years, more than anybody compares.
const daysMax = 3_660

// Run makes calls, and writes them, or their shares.
func (c *callersCommand) Run(s session) error {
	charter, err := loadCentre(c.Centre, "")
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(charter.Settings.Zone)
	if err != nil {
		return fault.Wrap("shuniu callers", fault.Invalid, err, "the centre has no time zone that is known").Mend("name one in its centre.yaml")
	}
	from, err := time.ParseInLocation(time.DateOnly, c.From, zone)
	if err != nil || c.Days < 1 || c.Days > daysMax {
		return fault.New("shuniu callers", fault.Invalid, "--from and --days name no span of days").Mend("for example --from 2030-01-01 --days 365; at most 3660 days")
	}
	streets, err := loadStreets(s.ctx, c.Streets)
	if err != nil {
		return err
	}
	ground, err := callers.GroundOf(streets, c.Lang)
	if err != nil {
		return err
	}
	gen, err := callers.New(callers.Options{Ground: ground, Seed: c.Seed, PerDay: c.PerDay, Zone: zone})
	if err != nil {
		return err
	}
	surge := callers.Surge{Kind: c.Surge, Factor: c.Factor}
	if err := gen.Book().Check(surge); err != nil {
		return err
	}
	s.say("people call from: %s", ground.Summary())
	to := from.AddDate(0, 0, c.Days)
	if c.CSV != "" {
		if err := c.write(s, gen, from, to, surge); err != nil {
			return err
		}
	}
	if c.CSV == "" || c.Table {
		return c.table(s, gen, zone, from, to, surge)
	}
	return nil
}

// write makes the file.
func (c *callersCommand) write(s session, gen *callers.Generator, from, to time.Time, surge callers.Surge) (err error) {
	m, err := intake.LoadMapping(filepath.Join(c.Centre, "mapping.yaml"))
	if err != nil {
		return err
	}
	out := s.out
	if c.CSV != "-" {
		f, err := os.OpenFile(c.CSV, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // Invented calls are nobody's secret.
		if err != nil {
			return fault.Wrap("shuniu callers", fault.Invalid, err, "%s cannot be made: %v", c.CSV, err).Mend("name a file that does not exist yet, in a folder that does")
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	buffered := bufio.NewWriter(out)
	sheet, err := callers.NewSheet(buffered, m, "SIM")
	if err != nil {
		return err
	}
	n := 0
	err = gen.Between(from, to, surge, func(call *callers.Call) error {
		n++
		if err := s.ctx.Err(); err != nil {
			return err
		}
		return sheet.Write(call)
	})
	if err := errors.Join(err, sheet.Flush(), buffered.Flush()); err != nil {
		return err
	}
	s.say("%d calls written", n)
	return nil
}

// table prints the shares.
func (c *callersCommand) table(s session, gen *callers.Generator, zone *time.Location, from, to time.Time, surge callers.Surge) error {
	sum := callers.NewTally(gen.Book(), zone)
	var buf []callers.Call
	for m := from; m.Before(to); m = m.Add(time.Minute) {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		buf = gen.Minute(buf[:0], m, surge)
		sum.Add(buf)
	}
	s.say("%d calls of %d events in %d days", sum.Calls, sum.Events, c.Days)
	return sum.Table().Print(s.out)
}
