package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"shuniu/internal/bulletin"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/org"
)

// bulletinCommand makes the bulletin (通报) of a centre for any period and unit.
type bulletinCommand struct {
	Data    string `help:"Data folder of serve or demo, at rest or beside a running service. Nothing in it is changed; of a long journal a digest is put beside it (bulletin.digest) that makes the next bulletin fast and may be deleted." placeholder:"DIR"`
	Calls   string `help:"File of recorded calls, plain or gzip. Without it the centre's own, where its folder has them." placeholder:"FILE"`
	Mapping string `help:"How to read it: which column means what. Without it the centre's own." placeholder:"FILE"`
	Streets string `help:"Map file. With it places are named by their streets, without it by the recorded addresses." placeholder:"FILE"`
	Centre  string `help:"Folder of the centre that answered the calls: it says whose a place and a crew are." placeholder:"DIR"`
	Files   string `help:"Folder with files that the centre's configuration names." placeholder:"DIR"`

	From string `help:"Where the period begins, by the centre's clock: 2030-06-03, \"2030-06-03 08:00\", or with a zone as in RFC 3339. Without --from and --to it is the last seven whole days of the records." placeholder:"TIME"`
	To   string `help:"Where it ends; this moment is not in it any more." placeholder:"TIME"`
	Unit string `help:"Only this unit with all that is below it, by its id or name: a station, a bureau." placeholder:"UNIT"`

	Start    string  `help:"Where departure and feedback begin to count: dispatched (派警) or signed (签收). Sign-off always counts from the order." enum:"dispatched,signed" default:"dispatched"`
	Sign     []int64 `help:"Upper bounds of the buckets of sign-off, in seconds; a time at a bound is within it. Usual: 30,60,120,180." placeholder:"S"`
	Depart   []int64 `help:"The same of departure. Usual: 300,600,900,1800." placeholder:"S"`
	Feedback []int64 `help:"The same of feedback. Usual: 1800,3600,7200,14400." placeholder:"S"`
	Most     int     `help:"How long the lists of places, of slow units and of what is rising are." default:"10"`

	JSON bool   `help:"Print one JSON object."`
	Text bool   `help:"Print it as a paper in Chinese, drafted from the figures."`
	List string `help:"Print the incidents behind one number, by its key as the table and the JSON name it." placeholder:"KEY"`
}

// Help says what the figures are.
func (bulletinCommand) Help() string {
	return `Every number can be opened: the last column of the table names its key, and --list KEY prints the incidents (and crews) that it counts.

What the records do not hold is absent and says so; it is never 0. A comparison is made with the period of equal length just before (环比) and with the same dates of the year before (同比), and is absent where the records do not reach back to it. Percentiles are nearest ranks: the smallest time that at least half, or nine tenths, do not exceed.

An order counts for the unit of its crew, everything else for the responsible unit. Both belong to the period in which the incident was received; states are those of the newest record.`
}

// reading is what was read for a bulletin.
type reading struct {
	incidents []bulletin.Incident
	org       org.State
	lacks     []bulletin.Field
	since     time.Time // The records are whole since then.
	until     time.Time // And up to here: the usual period ends before it.
	asOf      time.Time // The newest thing that they know.
}

// Run reads, reckons and prints.
func (c *bulletinCommand) Run(s session) error {
	r, err := c.read(s)
	if err != nil {
		return given(err)
	}
	o, err := c.options(r)
	if err != nil {
		return given(err)
	}
	b, err := bulletin.Make(r.incidents, o)
	if err != nil {
		return given(err)
	}
	switch {
	case c.List != "":
		return given(c.list(s, b))
	case c.JSON:
		return json.NewEncoder(s.out).Encode(b)
	case c.Text:
		_, err := fmt.Fprint(s.out, b.Text())
		return err
	}
	return showBulletin(s.out, b)
}

func (c *bulletinCommand) options(r reading) (bulletin.Options, error) {
	zone := zoneOf(r.org.Zone)
	p, err := c.period(r.until, zone)
	if err != nil {
		return bulletin.Options{}, err
	}
	buckets := bulletin.UsualBuckets()
	for _, own := range []struct{ given, to *[]int64 }{{&c.Sign, &buckets.SignS}, {&c.Depart, &buckets.DepartS}, {&c.Feedback, &buckets.FeedbackS}} {
		if len(*own.given) > 0 {
			*own.to = *own.given
		}
	}
	o := bulletin.Options{
		From: p.From, To: p.To, Zone: zone, Since: r.since, AsOf: r.asOf, Start: bulletin.Start(c.Start), Buckets: &buckets, Lacks: r.lacks, Most: c.Most,
		Units: map[string]string{}, Types: map[string]string{},
	}
	lang := map[bool]string{true: "zh", false: "en"}[c.Text]
	for id, t := range r.org.Types {
		o.Types[string(id)] = called(t.Name, lang)
	}
	for id, x := range r.org.Orgs {
		o.Units[string(id)] = called(x.Name, lang)
	}
	if c.Unit != "" {
		id, err := unitNamed(r.org, c.Unit)
		if err != nil {
			return o, err
		}
		o.Unit, o.Within = string(id), below(r.org, id)
	}
	return o, nil
}

// period is what was asked for, or the last seven whole days.
func (c *bulletinCommand) period(until time.Time, zone *time.Location) (bulletin.Period, error) {
	if c.From == "" && c.To == "" {
		return bulletin.LastDays(until, 7, zone), nil
	}
	if c.From == "" || c.To == "" {
		return bulletin.Period{}, fault.New("shuniu bulletin", fault.Invalid, "a period has two ends").Mend("give both --from and --to, or none for the last seven whole days")
	}
	from, err := momentOf("--from", c.From, zone)
	if err != nil {
		return bulletin.Period{}, err
	}
	to, err := momentOf("--to", c.To, zone)
	return bulletin.Period{From: from, To: to}, err
}

// momentOf reads a moment by the centre's clock, unless it names its own zone.
func momentOf(flag, text string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.In(zone), nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", "2006-01-02T15:04", time.DateTime, "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fault.New("shuniu bulletin", fault.Invalid, "%s %q is no time", flag, text).
		Mend(`write 2030-06-03, "2030-06-03 08:00" or 2030-06-03T08:00:00+08:00`)
}

// called is a name in a language, else in any.
func called(n org.Name, lang string) string {
	if own := n[lang]; own != "" {
		return own
	}
	for _, l := range slices.Sorted(maps.Keys(n)) {
		return n[l]
	}
	return ""
}

// unitNamed finds a unit by its id, or by a name in any language.
func unitNamed(o org.State, text string) (cad.OrgID, error) {
	if _, ok := o.Orgs[cad.OrgID(text)]; ok {
		return cad.OrgID(text), nil
	}
	ids := slices.Sorted(maps.Keys(o.Orgs))
	words := make([]string, 0, len(ids))
	for _, id := range ids {
		for _, name := range o.Orgs[id].Name {
			if strings.EqualFold(name, text) {
				return id, nil
			}
		}
		words = append(words, string(id))
	}
	return "", fault.New("shuniu bulletin", fault.NotFound, "the centre has no unit %q", text).Mend("name one of: " + strings.Join(words, " "))
}

// below are all units under one.
func below(o org.State, top cad.OrgID) []string {
	children := map[cad.OrgID][]cad.OrgID{}
	for id, x := range o.Orgs {
		children[x.Parent] = append(children[x.Parent], id)
	}
	var out []string
	seen := map[cad.OrgID]bool{top: true}
	for queue := []cad.OrgID{top}; len(queue) > 0; queue = queue[1:] {
		for _, id := range children[queue[0]] {
			if !seen[id] {
				seen[id] = true
				queue, out = append(queue, id), append(out, string(id))
			}
		}
	}
	slices.Sort(out)
	return out
}

// list prints what is behind one number.
func (c *bulletinCommand) list(s session, b *bulletin.Bulletin) error {
	items, ok := b.List(c.List)
	if !ok {
		return fault.New("shuniu bulletin", fault.NotFound, "the bulletin has no number %q", c.List).
			Mend("take a key from the last column of the table, such as received; a number that is absent has none")
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(map[string]any{"key": c.List, "n": len(items), "items": items})
	}
	for _, i := range items {
		if _, err := fmt.Fprintln(s.out, strings.TrimSpace(i.Incident+" "+i.Crew)); err != nil {
			return err
		}
	}
	return nil
}
