package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/centre"
	"shuniu/internal/fault"
	"shuniu/internal/founding"
	"shuniu/internal/gazetteer"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

// planCommand tries out response plans.
type planCommand struct {
	Try planTryCommand `cmd:"" help:"Say what an incident would need by its type and the response plans, and who would go if every unit stood free at its post.\n\nExample: shuniu plan try --type knife --at 汀兰路12号\nExample: shuniu plan try --type gather --level II --wave 3 --at 站前广场\nExample: shuniu plan try --centre centres/sf --type structure_fire --at=-122.41,37.78 --json"`
}

type planTryCommand struct {
	Type     string   `help:"Type of the incident, as types.yaml names it." required:"" placeholder:"ID"`
	Tag      []string `help:"A mark beside those of the type: gun, school. May be given several times." placeholder:"ID"`
	Level    string   `help:"Level of the event; the type's own if not given." enum:",I,II,III,IV" default:"" placeholder:"I..IV"`
	Priority string   `help:"Priority; the type's own if not given." enum:",P1,P2,P3,P4" default:"" placeholder:"P1..P4"`
	At       string   `help:"Where: an address or a name on the map, or longitude,latitude." placeholder:"PLACE"`
	Wave     int      `help:"Recommend for this wave and all before it." default:"1"`
	Centre   string   `help:"Folder of the centre; centres/yunze if not given." placeholder:"DIR"`
	Streets  string   `help:"Map; that of the centre's folder if not given. Without one, straight lines." placeholder:"FILE"`
	Hour     int      `help:"Hour of the day, 0 to 23, for the centre's own driving speeds; -1 drives at the map's." default:"-1"`
	JSON     bool     `help:"Print one JSON object."`
}

// tried is what comes of it, as --json prints it.
type tried struct {
	Type      cad.TypeID      `json:"type"`
	Tags      []cad.TagID     `json:"tags"`
	Level     cad.Level       `json:"level,omitempty"`
	Priority  cad.Priority    `json:"priority"`
	Place     *geo.Point      `json:"place,omitempty"`
	PlaceName string          `json:"place_name,omitempty"`
	Station   cad.OrgID       `json:"station,omitempty"`
	StationBy string          `json:"station_by,omitempty"`
	Border    []cad.OrgID     `json:"border,omitempty"`
	Cards     []org.Item      `json:"cards"`
	Waves     []org.Wave      `json:"waves"`
	Advice    dispatch.Advice `json:"recommendation"`
	ByStreets bool            `json:"by_streets"`
	Hour      *int            `json:"hour,omitempty"`
	Units     int             `json:"units"` // Those that may be sent.
}

// Run finds the place, applies the plans and recommends.
func (c *planTryCommand) Run(s session) error {
	if err := c.settle(); err != nil {
		return err
	}
	charter, problems := centre.Load(c.Centre, centre.Options{})
	if len(problems) > 0 {
		return fault.New("shuniu plan", fault.Invalid, "%s", problems[0].String()).Mend("run shuniu check " + c.Centre)
	}
	extract, err := loadStreets(s.ctx, c.Streets)
	if err != nil {
		return err
	}
	o := charter.State()
	out, err := c.ask(&o)
	if err != nil {
		return err
	}
	if out.Place, out.PlaceName, err = c.place(extract, o); err != nil {
		return err
	}
	if out.Place != nil {
		out.Station, out.StationBy, out.Border = o.Responsible(*out.Place)
	}
	if err := c.recommend(s, &out, &o, charter, extract); err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(s.out)
		e.SetEscapeHTML(false)
		return e.Encode(out)
	}
	return out.print(s.out, &o, c.Wave)
}

// settle fills in the folder and the map, and checks the numbers.
func (c *planTryCommand) settle() error {
	const op = "shuniu plan"
	if c.Wave < 1 || c.Wave > org.WaveMax {
		return fault.New(op, fault.Invalid, "--wave %d is no wave", c.Wave).Mend(fmt.Sprintf("give 1 to %d", org.WaveMax))
	}
	if c.Hour < -1 || c.Hour > 23 {
		return fault.New(op, fault.Invalid, "--hour %d is no hour of the day", c.Hour).Mend("give 0 to 23, or leave it out")
	}
	sample := ""
	if c.Centre == "" {
		dir, err := root("centres")
		if err != nil {
			return err
		}
		c.Centre, sample = filepath.Join(dir, "centres", "yunze"), filepath.Join(dir, "testdata", "worlds", "lanhu.osm")
	}
	c.Streets = cmp.Or(c.Streets, founding.Streets(c.Centre), sample)
	return nil
}

// ask grades the incident, and refuses words that the centre does not have.
func (c *planTryCommand) ask(o *org.State) (tried, error) {
	const op = "shuniu plan"
	id := cad.TypeID(c.Type)
	if _, ok := o.Types[id]; !ok {
		return tried{}, fault.New(op, fault.NotFound, "there is no type %q", c.Type).Mend("name one of: " + some(o.TypeOrder))
	}
	priority, level, tags, _ := o.GradeFor(id, cad.Priority(c.Priority))
	for _, t := range c.Tag {
		tag := cad.TagID(t)
		if _, ok := o.Tags[tag]; !ok {
			return tried{}, fault.New(op, fault.NotFound, "there is no tag %q", t).Mend("name one of: " + some(slices.Sorted(maps.Keys(o.Tags))))
		}
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tried{Type: id, Tags: tags, Level: cmp.Or(cad.Level(c.Level), level), Priority: priority}, nil
}

// some names choices, not too many for a line.
func some[T ~string](list []T) string {
	const most = 40
	words := make([]string, 0, most+1)
	for _, x := range list[:min(len(list), most)] {
		words = append(words, string(x))
	}
	if len(list) > most {
		words = append(words, "...")
	}
	return strings.Join(words, ", ")
}

// place looks a place up; nil where none is asked for. Several that are meant as well are named, and none is guessed.
func (c *planTryCommand) place(x *osm.Extract, o org.State) (*geo.Point, string, error) {
	if c.At == "" {
		return nil, "", nil
	}
	const op = "shuniu plan"
	hits := gazetteer.New(x, o).Find(gazetteer.Query{Text: c.At, Limit: 8})
	if len(hits) == 0 {
		return nil, "", fault.New(op, fault.NotFound, "the map has no place %q", c.At).Mend("write it as the map has it, or give longitude,latitude; --streets names the map")
	}
	first := hits[0]
	for _, h := range hits[1:] {
		if h.Score >= first.Score && h.Why == first.Why && h.Approximate == first.Approximate && titleOf(h) != titleOf(first) {
			return nil, "", fault.New(op, fault.Conflict, "%q may be %s, %s ...", c.At, titleOf(first), titleOf(h)).Mend("write the whole name, or give longitude,latitude")
		}
	}
	at := first.Point
	if first.Approximate {
		return &at, fmt.Sprintf("%s (about %s)", c.At, titleOf(first)), nil
	}
	return &at, titleOf(first), nil
}

// titleOf is a hit as people say it.
func titleOf(h gazetteer.Hit) string {
	title := h.Name.Text + h.Number
	if h.Other.Text != "" {
		title += " / " + h.Other.Text
	}
	return title
}

// recommend asks as the desk would, with every unit free at its post.
func (c *planTryCommand) recommend(s session, out *tried, o *org.State, charter org.Charter, x *osm.Extract) error {
	now := time.Date(2030, 1, 7, 12, 0, 0, 0, time.UTC) // Any moment: nobody has moved and nothing is going on.
	in := dispatch.Input{
		Now: now, Org: o, Wave: c.Wave, Units: map[cad.UnitID]*unit.State{}, Fixes: map[cad.UnitID]dispatch.Fix{},
		Stack: func(cad.UnitID) []*assignment.State { return nil }, Number: func(cad.IncidentID) int64 { return 0 },
		Incident: incident.State{
			ID: "try", Phase: incident.Classified, Type: out.Type, Tags: out.Tags, Level: out.Level, Priority: out.Priority, Place: out.Place,
			Responsible: incident.Responsible{Org: out.Station, By: out.StationBy, Border: out.Border},
		},
	}
	for _, u := range charter.Roster() {
		spec := unit.Evolve(unit.State{}, unit.Enrolled{Spec: unit.Spec(u)}, cad.Stamp{At: now, Happened: now})
		spec.Duty = unit.Available
		in.Units[u.ID] = &spec
		if u.Dispatchable {
			out.Units++
		}
		if u.Home != nil {
			in.Fixes[u.ID] = dispatch.Fix{Point: *u.Home, At: now, Trust: dispatch.Trusted}
		}
	}
	if err := c.drive(&in, out, x); err != nil {
		return err
	}
	in.Plan = o.Response(joint.AskOf(in.Incident))
	out.Waves = in.Plan.Waves
	out.Advice = dispatch.Recommend(s.ctx, in)
	out.Cards = out.Advice.Cards
	return nil
}

// drive gives a recommendation the streets, at the hour that was asked for.
func (c *planTryCommand) drive(in *dispatch.Input, out *tried, x *osm.Extract) error {
	if x == nil || out.Place == nil {
		return nil
	}
	streets := x.Streets
	if c.Hour >= 0 {
		speeds, err := loadSpeeds(c.Centre)
		if err != nil {
			return err
		}
		streets, out.Hour = streets.Under(street.Conditions{Factors: speeds, Hour: c.Hour}), &c.Hour
	}
	in.Streets, out.ByStreets = streets, true
	in.Snap, _ = streets.Snap(*out.Place, dispatch.SnapMaxMeters)
	for id, f := range in.Fixes {
		f.Snap, _ = streets.Snap(f.Point, dispatch.SnapMaxMeters)
		in.Fixes[id] = f
	}
	return nil
}

// print tells a person.
func (t *tried) print(w io.Writer, o *org.State, wave int) error {
	b := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(b, format+"\n", args...) } // A writer in memory: Flush says what went wrong.
	t.heading(say, o)
	for _, x := range t.Waves {
		say("\nwave %d", x.N)
		for _, n := range x.Needs {
			say("  %s\t%s", cmp.Or(n.Card, "type"), needText(n))
		}
		if told := toldText(x); told != "" {
			say("  also\t%s", told)
		}
	}
	t.recommended(say, wave)
	if err := b.Flush(); err != nil {
		return fmt.Errorf("printing the plan: %w", err)
	}
	return nil
}

func (t *tried) heading(say func(string, ...any), o *org.State) {
	grade := []string{string(t.Priority)}
	if t.Level != "" {
		grade = append(grade, "level "+string(t.Level))
	}
	if len(t.Tags) > 0 {
		grade = append(grade, "tags "+some(t.Tags))
	}
	say("incident\t%s %s: %s", t.Type, nameOf(o.Types[t.Type].Name), strings.Join(grade, ", "))
	switch {
	case t.Place == nil:
		say("place\tnone given: plans of stations and areas do not match, and nobody knows who is near")
	case t.Station == "":
		say("place\t%s %.6f,%.6f", t.PlaceName, t.Place.Lon, t.Place.Lat)
	default:
		line := fmt.Sprintf("%s %.6f,%.6f; %s %s by %s", t.PlaceName, t.Place.Lon, t.Place.Lat, t.Station, nameOf(o.Orgs[t.Station].Name), t.StationBy)
		if len(t.Border) > 0 {
			line += "; near the border of " + some(t.Border)
		}
		say("place\t%s", strings.TrimSpace(line))
	}
	if len(t.Cards) == 0 {
		say("plans\tnone beside the type's own")
	}
	for i, card := range t.Cards {
		label := "plans"
		if i > 0 {
			label = ""
		}
		say("%s\t%s %s", label, card.ID, nameOf(card.Name))
	}
}

func (t *tried) recommended(say func(string, ...any), wave int) {
	by := "by straight lines"
	switch {
	case t.ByStreets && t.Hour != nil:
		by = fmt.Sprintf("by the streets at %02d:00", *t.Hour)
	case t.ByStreets:
		by = "by the streets"
	}
	through := "wave 1"
	if wave > 1 {
		through = fmt.Sprintf("waves 1 to %d", wave)
	}
	say("\nrecommended for %s, %d units free at their posts, %s", through, t.Units, by)
	for _, c := range t.Advice.Items {
		if !c.Pick {
			continue
		}
		way := "no way known"
		if c.EtaS != nil && c.DistanceM != nil {
			way = fmt.Sprintf("%d:%02d min, %.1f km", *c.EtaS/60, *c.EtaS%60, *c.DistanceM/1000)
		}
		if c.Hold {
			way += ", stays back"
		}
		say("  %s\t%s\tfor %s\t%s", c.CallSign, c.Kind, c.Slot, way)
	}
	if len(t.Advice.Shortfalls) == 0 {
		say("  nothing is missing")
	}
	for _, f := range t.Advice.Shortfalls {
		var params []string
		for _, k := range slices.Sorted(maps.Keys(f.Remedy.Params)) {
			params = append(params, k+" "+f.Remedy.Params[k])
		}
		say("  missing\t%s×%d\tremedy: %s", f.What, f.Count, strings.TrimSpace(f.Remedy.Code+" "+strings.Join(params, ", ")))
	}
}

// needText is one line of a wave: "near×2 (armed), each 2 people with 1 sworn, stays back; or near×1".
func needText(n org.Need) string {
	text := fmt.Sprintf("%s×%d", n.Slot, n.Count)
	if n.Capability != "" {
		text += " (" + n.Capability + ")"
	}
	if len(n.Kind) > 0 {
		text += " of " + strings.Join(n.Kind, ", ")
	}
	if n.Officers > 0 || n.Sworn > 0 {
		text += fmt.Sprintf(", each %d people with %d sworn", n.Officers, n.Sworn)
	}
	if n.Hold {
		text += ", stays back"
	}
	for _, o := range n.Or {
		o.Hold = false // Said already.
		text += "; or " + needText(o)
	}
	return text
}

// toldText is whom a wave involves and tells.
func toldText(w org.Wave) string {
	var parts []string
	for _, p := range []struct {
		name string
		list []string
	}{{"seats", w.Seats}, {"partners", words(w.Partners)}, {"notify", w.Notify}} {
		if len(p.list) > 0 {
			parts = append(parts, p.name+" "+strings.Join(p.list, ", "))
		}
	}
	return strings.Join(parts, "; ")
}

func words[T ~string](list []T) []string {
	out := make([]string, 0, len(list))
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}

func nameOf(n org.Name) string { return cmp.Or(n["zh"], n["en"]) }
