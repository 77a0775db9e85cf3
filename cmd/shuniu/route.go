package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"shuniu/internal/fault"
)

// routeCommand finds the fastest ways for pairs of places, on anybody's numbers.
type routeCommand struct {
	Graph   string  `help:"List of arcs, a table: from,to,seconds. Ids are any text." placeholder:"FILE" xor:"where" required:""`
	Streets string  `help:"Map file, OpenStreetMap." placeholder:"FILE" xor:"where" required:""`
	Pairs   string  `help:"What is asked, a table: from,to with --graph; from_lon,from_lat,to_lon,to_lat in degrees with --streets." placeholder:"FILE" required:""`
	JSON    bool    `help:"Print one JSON object instead of a table."`
	Path    bool    `help:"With --graph: say the vertices of each way, too."`
	Check   bool    `help:"Search plainly (Dijkstra) beside, and say the greatest difference in seconds."`
	Hour    int     `help:"With --streets: hour of the day whose speeds count, 0 to 23." default:"0"`
	Vehicle string  `help:"With --streets: emergency (may pass a forbidden turn at a cost) or civil (obeys every sign)." enum:"emergency,civil" default:"emergency"`
	Speeds  string  `help:"With --streets: speed factors, JSON: road class to 24 factors, one an hour." placeholder:"FILE"`
	Snap    float64 `help:"With --streets: how far from a place its street may be, metres." default:"500"`
	Cache   string  `help:"With --streets: where the prepared order is kept for the next time." placeholder:"FILE"`
}

// Help teaches by examples.
func (routeCommand) Help() string {
	return `Tables are parted by commas, semicolons, tabs, bars or blanks, as their first lines show. Lines that begin with # are left out. Columns come in order, or a head row names them, in any case and with or without _:

  --graph       from     from, tail, source, src, origin, start, u; with _id or _node
                to       to, head, target, dst, dest, destination, end, v; with _id or _node
                seconds  seconds, s, time, travel_time, duration, cost, weight, w; with _s, (s) or _seconds
  --pairs       from,to as above; a first row of two vertices of the graph is no head
  --pairs       with --streets: from_lon, origin_lng, start_longitude, lon_from, lon1, x1; and the like for from_lat, to_lon, to_lat

A first row of other words is a head, too, if the second row has numbers where it has none; then it is said on stderr what was taken for what.

Pairs without an answer have seconds null (a dash in the table) and say why: no way leads there, no such vertex, or no street within reach. Rows that make no sense are named by line, and the exit code is 2.

Examples:
  printf 'from,to,seconds\nA,B,30\nB,C,12.5\n' > arcs.csv
  printf 'from,to\nA,C\nC,A\n' > pairs.csv
  shuniu route --graph arcs.csv --pairs pairs.csv --path
  shuniu route --graph arcs.csv --pairs pairs.csv --json --check
  printf -- '-122.4194,37.7749,-122.4089,37.7837\n' > places.csv
  shuniu route --streets city.osm.gz --pairs places.csv --hour 8 --vehicle civil --cache city.order`
}

// routeAnswer is what the command prints as JSON.
type routeAnswer struct {
	Pairs   []routePair `json:"pairs"`
	Unknown int         `json:"unknown_vertex_pairs,omitempty"` // Pairs that name a vertex which the graph does not have.
	Engine  routeEngine `json:"engine"`
	Check   *routeCheck `json:"check,omitempty"`
}

// routePair is the answer for one pair.
type routePair struct {
	From      any      `json:"from"` // An id, or [lon, lat].
	To        any      `json:"to"`
	Seconds   *float64 `json:"seconds"` // Null when there is no way.
	Meters    *float64 `json:"meters,omitempty"`
	Names     []string `json:"names,omitempty"`
	Path      []string `json:"path,omitempty"`
	FromSnapM *float64 `json:"from_snap_m,omitempty"` // From the place to its street.
	ToSnapM   *float64 `json:"to_snap_m,omitempty"`
	Why       string   `json:"why,omitempty"` // Why there is no answer.
}

// routeEngine says what answered, and what it took.
type routeEngine struct {
	Method     string  `json:"method"` // hierarchy, or plain where a hierarchy is no help.
	Nodes      int     `json:"nodes"`
	Arcs       int     `json:"arcs"`
	Pairs      int     `json:"pairs"` // Joined pairs of vertices in the hierarchy.
	Depth      int     `json:"depth"`
	ReadMS     float64 `json:"read_ms"`
	PrepareMS  float64 `json:"prepare_ms"`
	AnsweredMS float64 `json:"answered_ms"` // All pairs together.
}

// routeCheck compares with a plain search.
type routeCheck struct {
	Pairs     int     `json:"pairs"`
	GreatestS float64 `json:"greatest_difference_s"` // Infinite differences (one found a way, the other none) are an error instead.
}

// Why a pair has no answer.
const (
	whyNoWay     = "no way leads there"
	whyNoVertex  = "no such vertex"
	whyOffStreet = "no street within reach of the place"
)

// Run answers the pairs.
func (c *routeCommand) Run(s session) error {
	if c.Hour < 0 || c.Hour > 23 || !(c.Snap >= 0 && c.Snap <= 1e6) { //nolint:staticcheck // Not a number is neither.
		return wrongInput{fault.New("shuniu route", fault.Invalid, "--hour or --snap is out of range").Mend("--hour is 0 to 23, --snap is metres up to 1000000")}
	}
	answer := c.onGraph
	if c.Streets != "" {
		answer = c.onStreets
	}
	a, err := answer(s)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(a)
	}
	return a.print(s.out)
}

// print writes the table.
func (a *routeAnswer) print(w io.Writer) error {
	var text strings.Builder
	text.WriteString("from\tto\tseconds\tmeters\tway\n")
	for _, p := range a.Pairs {
		cell := func(x *float64, form string) string {
			if x == nil {
				return "-"
			}
			return fmt.Sprintf(form, *x)
		}
		way := strings.Join(append(p.Names, p.Path...), " > ")
		if p.Why != "" {
			way = p.Why
		}
		fmt.Fprintf(&text, "%v\t%v\t%s\t%s\t%s\n", p.From, p.To, cell(p.Seconds, "%.6f"), cell(p.Meters, "%.0f"), way)
	}
	fmt.Fprintf(&text, "# %s over %d nodes and %d arcs: prepared in %.0f ms, %d pairs answered in %.3f ms\n",
		a.Engine.Method, a.Engine.Nodes, a.Engine.Arcs, a.Engine.PrepareMS, len(a.Pairs), a.Engine.AnsweredMS)
	if a.Check != nil {
		fmt.Fprintf(&text, "# greatest difference from a plain search: %g s over %d pairs\n", a.Check.GreatestS, a.Check.Pairs)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// compare notes the difference of one pair; costs are seconds, NaN for none.
func (k *routeCheck) compare(got, want float64) error {
	if k == nil {
		return nil
	}
	k.Pairs++
	if math.IsNaN(got) != math.IsNaN(want) {
		return fault.New("shuniu route", fault.Internal, "pair %d has an answer by one search only", k.Pairs)
	}
	if !math.IsNaN(got) {
		k.GreatestS = max(k.GreatestS, math.Abs(got-want))
	}
	return nil
}

// secondsOf is the value of a pair's answer, NaN for none.
func (p routePair) secondsOf() float64 {
	if p.Seconds == nil {
		return math.NaN()
	}
	return *p.Seconds
}

// progressEvery is how often a long preparation says how far it is.
const progressEvery = 5 * time.Second

// progress says how far a preparation is, if it is long.
func (s session) progress(what string) func(share float64) {
	last := time.Now()
	return func(share float64) {
		if time.Since(last) >= progressEvery {
			last = time.Now()
			s.say("%s: %.0f %%", what, 100*share)
		}
	}
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// ended is the error of a context that ended within an answer.
func ended(ctx context.Context) error {
	if ctx.Err() != nil {
		return fmt.Errorf("shuniu route: %w", ctx.Err())
	}
	return nil
}
