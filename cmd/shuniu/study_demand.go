package main

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"time"

	"shuniu/internal/demand"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/intake"
)

type studyDemand struct {
	Calls   string   `help:"File of recorded calls, plain or gzip." required:"" placeholder:"FILE"`
	Mapping string   `help:"How to read it: which column means what." required:"" placeholder:"FILE"`
	Officer []string `help:"Types of call that officers begin themselves, such as traffic_stop. They never enter: a forecast that learns from patrols sends patrols where they were." placeholder:"TYPE"`
	Square  float64  `help:"Side of a square in metres, 50 to 5000." default:"250"`
	Out     string   `help:"File to write, demand.csv of the centre's folder; - is the terminal. It must not exist yet. Without it only the summary is printed." placeholder:"FILE"`
	JSON    bool     `help:"Print the summary as one JSON object."`
}

// Run fits demand to recorded calls, writes it, and says what it rests on.
func (c *studyDemand) Run(s session) error {
	m, err := intake.LoadMapping(c.Mapping)
	if err != nil {
		return given(err)
	}
	zone, err := time.LoadLocation(m.Times.Zone)
	if err != nil {
		return given(fault.Wrap("shuniu study demand", fault.Invalid, err, "there is no time zone %q", m.Times.Zone).Mend("name one of the IANA list in the mapping, such as Asia/Shanghai"))
	}
	if !(c.Square >= 50 && c.Square <= 5000) {
		return given(fault.New("shuniu study demand", fault.Invalid, "a square of %g m is not between 50 and 5000", c.Square).Mend("give --square in metres, such as 250"))
	}
	file, err := readCalls(s.ctx, c.Calls, c.Mapping)
	if err != nil {
		return given(err)
	}
	town := demand.Fit(eventsOf(file.Calls, c.Officer), demand.Options{Zone: zone, SquareMeters: c.Square})
	if len(town.Cells()) == 0 {
		return given(fault.New("shuniu study demand", fault.Invalid, "%s: no call of a caller has a time and a place", c.Calls).Mend("look at the mapping's times and place, and at --officer"))
	}
	if err := c.write(s, town); err != nil {
		return given(err)
	}
	if c.Out == "-" {
		return nil
	}
	return c.show(s, town)
}

// eventsOf says of each call who began it, by its mapping and by the types that officers begin. One without a place keeps an impossible one, so that it is counted.
func eventsOf(calls []intake.Call, officer []string) []demand.Event {
	events := make([]demand.Event, len(calls))
	for i := range calls {
		e := demand.Event{At: calls[i].Received, By: demand.Caller, Place: geo.Point{Lat: 999}}
		if !calls[i].ByCaller() || slices.Contains(officer, calls[i].Type) {
			e.By = demand.Officer
		}
		if p := calls[i].Place; p != nil {
			e.Place = geo.Point{Lon: p.Lon, Lat: p.Lat}
		}
		events[i] = e
	}
	return events
}

func (c *studyDemand) write(s session, town *demand.Map) (err error) {
	switch c.Out {
	case "":
		return nil
	case "-":
		return town.WriteCSV(s.out)
	}
	f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // Calls an hour of a square are no secret.
	if err != nil {
		return fault.Wrap("shuniu study demand", fault.Invalid, err, "%s cannot be made: %v", c.Out, err).Mend("name a file that does not exist yet, in a folder that does")
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := town.WriteCSV(f); err != nil {
		return err
	}
	return f.Sync()
}

// show prints what the map rests on, and the day of it.
func (c *studyDemand) show(s session, town *demand.Map) error {
	src, hours := town.Source(), town.Hours()
	week := 0.0
	var day [24]float64 // Calls in each hour of a mean day.
	for h, rate := range hours {
		week += rate
		day[h%24] += rate / 7
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(map[string]any{
			"calls": src.Calls, "officer_left_out": src.OfficerLeftOut, "unusable": src.Unusable, "from": src.From.UTC(), "to": src.To.UTC(),
			"cells": len(town.Cells()), "square_m": town.SquareMeters(), "zone": town.Zone().String(), "calls_per_week": week, "hours": hours,
		})
	}
	show := newSheet(s.out)
	show.row("calls", "%d from %s to %s", src.Calls, src.From.In(town.Zone()).Format(time.DateTime), src.To.In(town.Zone()).Format(time.DateTime))
	show.row("left out", "%d that officers began, %d without a usable time or place", src.OfficerLeftOut, src.Unusable)
	show.row("expected", "%.1f calls a week in %d squares of %g m", week, len(town.Cells()), town.SquareMeters())
	show.row("hour", "calls, mean day (%s)", town.Zone())
	most := slices.Max(day[:])
	for h, n := range day {
		show.row(time.Date(2030, 1, 1, h, 0, 0, 0, time.UTC).Format("15:04"), "%6.2f  %s", n, meter(n/most))
	}
	return show.flush()
}
