package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/callers"
	"shuniu/internal/fault"
	"shuniu/internal/founding"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/sim"
	"shuniu/internal/street"
	"shuniu/internal/trial"
)

// studyTrials are the studies that play calls again.
type studyTrials struct {
	Whatif whatifCommand `cmd:"" help:"Try another fleet: the same calls with units added, taken away or moved, through the live engine, with intervals.\n\nExample: shuniu study whatif --centre centres/yunze --streets testdata/worlds/lanhu.osm --days 30 --remove 101\nExample: shuniu study whatif --from ../shared/data/sf --move E01@-122.41,37.78"`
	Fair   fairCommand   `cmd:"" help:"Compare whom people sent on recorded days with whom we would have proposed, on days that were not fitted.\n\nExample: shuniu study fair --from ../shared/data/sf --json"`
}

type whatifCommand struct {
	recordedFlags `embed:""`

	Add    []string `help:"A unit more: KIND@LON,LAT, KIND@POST, or =UNIT@... for one like another." placeholder:"WHAT@WHERE" sep:"none"`
	Remove []string `help:"A unit less, or a post that is given up." placeholder:"UNIT|POST" sep:"none"`
	Move   []string `help:"A unit or a post elsewhere: UNIT@POST, UNIT@LON,LAT, POST@LON,LAT." placeholder:"WHAT@WHERE" sep:"none"`
	Days   int      `help:"How many days of simulated callers; recorded calls are played whole." default:"30"`
	PerDay float64  `help:"Simulated calls a day. 0: as many as its people make." default:"0"`
	Seed   uint64   `help:"Chance: of callers and of the intervals." default:"1"`
	JSON   bool     `help:"Print one JSON object."`
}

// playedDaysMax is how many days one trial plays.
const playedDaysMax = 366

// Run plays the calls twice.
func (c *whatifCommand) Run(s session) error {
	if c.Days < 1 || c.Days > playedDaysMax {
		return fault.New("shuniu study whatif", fault.Invalid, "--days %d cannot be played", c.Days).Mend(fmt.Sprintf("give 1 to %d days", playedDaysMax))
	}
	charter, streets, calls, err := c.town(s)
	if err != nil {
		return err
	}
	o, units, err := trial.Found(charter)
	if err != nil {
		return err
	}
	changes, err := c.changes(o, units)
	if err != nil {
		return err
	}
	world := trial.World{Org: o, Zone: zoneOf(charter.Settings.Zone), Streets: finderOf(streets)}
	t, err := trial.New(s.ctx, world, calls)
	if err != nil {
		return err
	}
	from, to := t.Span()
	s.say("%d calls from %s to %s, %d units", t.Calls(), from.In(world.Zone).Format(time.DateOnly), to.In(world.Zone).Format(time.DateOnly), len(units))
	began, told := time.Now(), 0
	out, err := t.Try(s.ctx, units, changes, trial.Options{Seed: c.Seed, Progress: func(done, all int) {
		if tenth := done * 10 / all; tenth > told {
			told = tenth
			s.say("%d %%", tenth*10)
		}
	}})
	if err != nil {
		return err
	}
	out.TimesReal = 2 * to.Sub(from).Seconds() / max(1e-9, time.Since(began).Seconds())
	if c.JSON {
		return json.NewEncoder(s.out).Encode(out)
	}
	return printLines(s.out, whatifLines(out))
}

// town reads who is there and what happens: recorded calls where there are some, else simulated ones.
func (c *whatifCommand) town(s session) (org.Charter, *osm.Extract, []trial.Call, error) {
	recorded := c.From != "" || c.Calls != ""
	if calls, _ := founding.Calls(c.Centre); c.Centre != "" && calls != "" {
		recorded = true
	}
	if recorded {
		p, err := c.read(s)
		if err != nil {
			return org.Charter{}, nil, nil, err
		}
		calls, leftOut := trial.CallsOf(sim.Records(p.calls))
		s.say("%d recorded calls are played, %d have no place; which of them officers began is not recorded", len(calls), leftOut)
		return p.charter, p.streets, calls, nil
	}
	if c.Centre == "" {
		return org.Charter{}, nil, nil, fault.New("shuniu study whatif", fault.Invalid, "no centre is named").Mend("name its folder with --centre, or San Francisco's files with --from")
	}
	charter, err := loadCentre(c.Centre, c.Data)
	if err != nil {
		return charter, nil, nil, err
	}
	streets, err := loadStreets(s.ctx, cmp.Or(c.Streets, founding.Streets(c.Centre)))
	if err != nil {
		return charter, nil, nil, err
	}
	if streets == nil {
		return charter, nil, nil, fault.New("shuniu study whatif", fault.Invalid, "there is no map to call from").Mend("name one with --streets")
	}
	calls, err := madeCalls(s.ctx, charter, streets, c.PerDay, c.Seed, c.Days)
	return charter, streets, calls, err
}

// madeCalls lets simulated people call for some days from an ordinary Monday on.
func madeCalls(ctx context.Context, charter org.Charter, streets *osm.Extract, perDay float64, seed uint64, days int) ([]trial.Call, error) {
	ground, err := callers.GroundOf(streets, callers.LangOf(streets))
	if err != nil {
		return nil, err
	}
	zone := zoneOf(charter.Settings.Zone)
	stations := 0
	for _, o := range charter.Orgs {
		if o.Kind == "station" {
			stations++
		}
	}
	if perDay == 0 {
		perDay = callsPerStation * float64(max(1, stations))
	}
	g, err := callers.New(callers.Options{Ground: ground, Seed: seed, PerDay: perDay, Zone: zone})
	if err != nil {
		return nil, err
	}
	return callers.Played(ctx, g, time.Date(2030, time.June, 3, 0, 0, 0, 0, zone), days)
}

// finderOf is a map's streets; nil without a map.
func finderOf(x *osm.Extract) street.Finder {
	if x == nil || x.Streets == nil {
		return nil
	}
	return x.Streets
}

// changes reads the three lists. What is no unit is taken for a post.
func (c *whatifCommand) changes(o *org.State, units []trial.Unit) ([]trial.Change, error) {
	isUnit := func(id string) bool {
		return slices.ContainsFunc(units, func(u trial.Unit) bool { return string(u.State.ID) == id })
	}
	var out []trial.Change
	for _, text := range c.Add {
		what, place, post, err := placed(text)
		if err != nil {
			return nil, err
		}
		x := trial.Change{Do: "add", Kind: what, Place: place, Post: post}
		if like, ok := strings.CutPrefix(what, "="); ok {
			x.Kind, x.Unit = "", cad.UnitID(like)
		}
		out = append(out, x)
	}
	for _, text := range c.Remove {
		x := trial.Change{Do: "remove", Post: text}
		if isUnit(text) || !slices.ContainsFunc(o.Posts, func(p org.Post) bool { return p.ID == text }) {
			x = trial.Change{Do: "remove", Unit: cad.UnitID(text)}
		}
		out = append(out, x)
	}
	for _, text := range c.Move {
		what, place, post, err := placed(text)
		if err != nil {
			return nil, err
		}
		x := trial.Change{Do: "move", Unit: cad.UnitID(what), Place: place, Post: post}
		if !isUnit(what) && place != nil {
			x = trial.Change{Do: "move", Post: what, Place: place}
		}
		out = append(out, x)
	}
	return out, nil
}

// placed reads WHAT@WHERE.
func placed(text string) (what string, place *geo.Point, post string, err error) {
	i := strings.LastIndexByte(text, '@')
	if i < 1 || i == len(text)-1 {
		return "", nil, "", fault.New("shuniu study whatif", fault.Invalid, "%q does not say what goes where", text).Mend("write it as 101@114.30,30.60 or 101@post")
	}
	what, post = text[:i], text[i+1:]
	lon, lat, two := strings.Cut(post, ",")
	if !two {
		return what, nil, post, nil
	}
	x, err1 := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	y, err2 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	p := geo.Point{Lon: x, Lat: y}
	if err1 != nil || err2 != nil || !p.Valid() {
		return "", nil, "", fault.New("shuniu study whatif", fault.Invalid, "%q is no place", post).Mend("write longitude and latitude in degrees: 114.30,30.60")
	}
	return what, &p, "", nil
}

func whatifLines(w trial.Whatif) []string {
	row := func(name string, s trial.Summary) string {
		line := fmt.Sprintf("%-7s first unit after %.0f s (p50, %.0f to %.0f), %.0f s (p90, %.0f to %.0f); all of the plan after %.0f s (p50); %.0f km; %d of %d calls reached, %d waited",
			name, s.P50S, s.P50CI[0], s.P50CI[1], s.P90S, s.P90CI[0], s.P90CI[1], s.Whole.P50, s.Km, s.Reached, s.Calls, s.Waited)
		if s.Within != nil {
			line += fmt.Sprintf("; %.1f %% within the limit", *s.Within*100)
		}
		return line
	}
	d := w.Difference
	lines := []string{row("before", w.Before), row("after", w.After)}
	for _, x := range []struct {
		name string
		i    trial.Interval
	}{{"p50", d.P50}, {"p90", d.P90}, {"mean", d.Mean}} {
		lines = append(lines, fmt.Sprintf("%-5s %+.1f s (%+.1f to %+.1f in 95 of 100 drawings of %d blocks: %s)", x.name, x.i.Mid, x.i.Low, x.i.High, d.N, d.Block))
	}
	return append(lines, fmt.Sprintf("%+.0f km; played %.0f times faster than life", d.Km, w.TimesReal))
}

type fairCommand struct {
	recordedFlags `embed:""`

	FitDays float64 `help:"Share of the days on which speeds are fitted; the others are compared." default:"0.5"`
	Draws   int     `help:"How often chance is drawn for an interval." default:"1000"`
	Seed    uint64  `help:"Chance of the intervals and of the error of the streets." default:"1"`
	JSON    bool    `help:"Print one JSON object."`
}

// Run fits speeds on a part of the days and compares choices on the others.
func (c *fairCommand) Run(s session) error {
	p, err := c.read(s)
	if err != nil {
		return err
	}
	out, err := p.fair(s.ctx, c.FitDays, c.Seed, c.Draws, func(text string) { s.say("%s", text) }, nil)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(out)
	}
	return printLines(s.out, fairLines(out))
}

// fair compares recorded choices with recommended ones, on days that were not fitted, with the speeds that were.
func (p past) fair(ctx context.Context, share float64, seed uint64, draws int, log func(string), progress func(done, all int)) (trial.Fair, error) {
	fitted, fit, err := p.fit(ctx, share, log)
	if err != nil {
		return trial.Fair{}, err
	}
	o, units, err := trial.Found(p.charter)
	if err != nil {
		return trial.Fair{}, err
	}
	certain := p.homes()
	for i := range units {
		if _, known := certain[units[i].State.ID]; !known {
			units[i].State.Home = nil
		}
	}
	var hours [24]street.Finder
	for h := range hours {
		if hours[h], err = fit.Under(ctx, fitted.Factors, h); err != nil {
			return trial.Fair{}, err
		}
	}
	out, err := trial.FairOptions{
		Org: o, Units: units, Records: sim.Records(p.calls), Zone: p.zone, Sigma: fitted.After.Sigma, Seed: seed, Draws: draws, Progress: progress,
		Streets: func(at time.Time) street.Finder { return hours[at.In(p.zone).Hour()] },
		Use:     func(at time.Time) bool { return !fitted.FitDay(at, p.zone) },
	}.Compare(ctx)
	out.FitDays, out.TestDays = fitted.FitDays, fitted.TestDays
	return out, err
}

func fairLines(f trial.Fair) []string {
	side := func(name string, s trial.FairSide) string {
		return fmt.Sprintf("%-12s first unit after %.0f s (p50, %.0f to %.0f), %.0f s (p90, %.0f to %.0f), of that on the way %.0f s and %.0f s; %.0f km",
			name, s.P50.Mid, s.P50.Low, s.P50.High, s.P90.Mid, s.P90.Low, s.P90.High, s.Drive.P50, s.Drive.P90, s.Km)
	}
	change := func(name string, c trial.FairChange) string {
		return fmt.Sprintf("%-12s p50 %+.1f s (%+.1f to %+.1f), p90 %+.1f s (%+.1f to %+.1f), mean %+.1f s (%+.1f to %+.1f), %+.0f km",
			name, c.P50.Mid, c.P50.Low, c.P50.High, c.P90.Mid, c.P90.Low, c.P90.High, c.Mean.Mid, c.Mean.Low, c.Mean.High, c.Km)
	}
	a := f.Apart
	return []string{
		fmt.Sprintf("%d calls of %d days that were not fitted (%d were), %d units on each side; the same units on %d calls, the same first one on %d", f.Calls, f.TestDays, f.FitDays, f.Units, f.SameSet, f.SameFirst),
		fmt.Sprintf("apart: %d recorded choices, of them unavailable by our state: %v; %d units sent later; calls without a place %d, without a unit to compare %d, without a way %d", a.Choices, a.Left, a.LaterSent, a.NoPlace, a.NobodyOK, a.NoWay),
		side("recorded", f.Recorded), side("recommended", f.Recommended), change("difference", f.Change), change("disturbed", f.Disturbed),
		fmt.Sprintf("with an error of the streets of a factor of %.2f drawn %d times: p50 %s, p90 %s", 1+f.Sigma, f.Draws, f.P50, f.P90),
		fmt.Sprintf("in life the first unit was there after %.0f s (p50), %.0f s (p90) (n=%d)", f.InLife.P50, f.InLife.P90, f.InLife.N),
	}
}
