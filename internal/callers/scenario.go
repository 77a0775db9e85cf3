package callers

import (
	"bytes"
	_ "embed" // The big incidents lie beside the code.
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

//go:embed scenarios.yaml
var scenariosText []byte //nolint:gochecknoglobals // An embedded file.

// Scenario is a big incident that can be started.
type Scenario struct {
	ID string
	Zh string
	En string
}

// Step is what a call of a big incident changes beside what it says.
type Step struct {
	Moves bool   // The incident is where this call says.
	Grade *Grade // nil: as before.
}

// Grade is what is known from a call on. What is empty stays as it was.
type Grade struct {
	Type     cad.TypeID
	Priority cad.Priority
	Level    cad.Level
	Tags     []cad.TagID
	Zh, En   string // Why.
}

// Reason is why, in a language.
func (g *Grade) Reason(lang string) string {
	if lang == "en" {
		return g.En
	}
	return g.Zh
}

// plot is a big incident as it is written.
type plot struct {
	ID       string
	Zh, En   string
	Type     cad.TypeID
	Priority cad.Priority
	Level    cad.Level
	Tags     []cad.TagID
	Names    []string
	Kinds    []string
	Callers  []line
}

// line is one of its callers.
type line struct {
	After  time.Duration
	Kind   Kind // Empty: normal.
	Place  string
	Moves  bool
	Zh, En string
	Grade  *Grade
}

func plots() ([]plot, error) {
	var file struct{ Scenarios []plot }
	if err := yaml.NewDecoder(bytes.NewReader(scenariosText), yaml.Strict()).Decode(&file); err != nil {
		return nil, fault.Wrap(opLoad, fault.Invalid, err, "the big incidents cannot be read: %v", err).Mend("correct the file at the line that is named")
	}
	return file.Scenarios, nil
}

// Scenarios lists the big incidents, in the order in which a panel shows them.
func Scenarios() []Scenario {
	list, err := plots()
	if err != nil {
		return nil // TestScenarios reads them; a file that is built in does not change.
	}
	out := make([]Scenario, 0, len(list))
	for _, p := range list {
		out = append(out, Scenario{ID: p.ID, Zh: p.Zh, En: p.En})
	}
	return out
}

// Big makes the calls of a big incident whose first caller rings at a moment, at a fitting place of the map. It fails
// with fault.NotFound if there is no such scenario. The same seed, scenario and moment give the same calls.
func (g *Generator) Big(scenario string, at time.Time) ([]Call, error) {
	list, err := plots()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(p plot) bool { return p.ID == scenario })
	if i < 0 {
		return nil, fault.New("callers.Big", fault.NotFound, "there is no big incident %q", scenario).Because("no_scenario").At("scenario").
			Mend("choose one of the list")
	}
	p := &list[i]
	g.src.Seed(mix(g.opt.Seed^uint64(layerBig)<<60), mix(uint64(at.UnixMilli()))^mix(uint64(i)))
	k := slices.IndexFunc(g.book.Types, func(t *Type) bool { return t.ID == p.Type })
	if k < 0 {
		return nil, fault.New("callers.Big", fault.Internal, "the big incident %s is of no known type", p.ID)
	}
	e := happening{id: "b" + strconv.FormatInt(at.UnixMilli(), 36) + "-" + p.ID, t: g.book.Types[k], chance: g.rng.Uint64(), truth: g.stage(p)}
	calls := make([]Call, 0, len(p.Callers))
	for n := range p.Callers {
		c, err := g.line(&e, p, n, at)
		if err != nil {
			return nil, err
		}
		calls = append(calls, c)
	}
	return calls, nil
}

// stage finds a fitting place: a key premise by its name, or one of a fitting kind.
func (g *Generator) stage(p *plot) Spot {
	var named []Spot
	for _, n := range p.Names {
		if s, ok := g.opt.Ground.Named(n); ok {
			named = append(named, s)
		}
	}
	if len(named) > 0 {
		return named[g.rng.IntN(len(named))]
	}
	for _, kind := range p.Kinds {
		if list := g.opt.Ground.Spots[kind]; len(list) > 0 {
			return list[g.rng.IntN(len(list))]
		}
	}
	return g.opt.Ground.spot(p.Kinds[0], g.rng.Float64())
}

// line makes one call of a big incident.
func (g *Generator) line(e *happening, p *plot, n int, at time.Time) (Call, error) {
	l := &p.Callers[n]
	c := Call{
		Event: e.id, N: n, At: at.Add(l.After), Kind: Normal, Type: p.Type, Also: e.t.Also, Category: e.t.Category, Group: g.groups[e.t.Category],
		Priority: p.Priority, Tags: p.Tags, True: e.truth.Point, Opens: true, Result: e.t.Results[0], typ: e.t,
		Ring: min(time.Second+wait(g.rng, 2*time.Second), ringMax), Talk: 12*time.Second + around(g.rng, 14*time.Second, 0.3), Phone: g.phone(),
		Scene: min(around(g.rng, e.t.Scene, g.rates.sceneSigma/2), sceneMax),
	}
	if n > 0 {
		c.At = c.At.Add(time.Duration(g.rng.IntN(9)) * time.Second)
	}
	if l.Kind != "" {
		c.Kind = l.Kind
	}
	g.scene(e, l, &c)
	if l.Moves || l.Grade != nil {
		c.Script = &Step{Moves: l.Moves, Grade: l.Grade}
	}
	written := l.Zh
	if g.words.lang == "en" {
		written = l.En
	}
	said, err := g.words.speak(written, e.chance, g.scenery(e, c.At), stream(g.rng.Uint64()))
	c.Narrative = strings.ReplaceAll(said, there, g.aloud(c.Place, l.Place == atWater))
	if n == 0 && p.Level != "" {
		c.Script = &Step{Grade: &Grade{Level: p.Level}}
	}
	return c, err
}

// scene says where the caller of a line is.
func (g *Generator) scene(e *happening, l *line, c *Call) {
	s := e.truth
	c.Said = s.Point
	switch l.Place {
	case "":
		c.Place, c.Vague = g.name(s, e.t.Outside)
	case "near":
		what, ok := g.landmark(s.Point)
		if c.Place, c.Vague = what, true; !ok {
			c.Place, _ = g.name(s, e.t.Outside)
		}
	case "wrong":
		c.Place, _ = g.name(s, e.t.Outside)
		if other, ok := g.mistaken(s); ok {
			c.Kind, c.Said = WrongPlace, other.Point
			c.Place, _ = g.name(other, e.t.Outside)
		}
	case "none":
	default:
		c.Place = s.Name
		if other, ok := g.opt.Ground.nearest(l.Place, s.Point, s.Name); ok {
			c.Place, c.Said, c.True = other.Name, other.Point, other.Point
		}
	}
	p := c.True.Offset(g.rng.NormFloat64()*80, g.rng.NormFloat64()*80)
	c.Network = &p
}

// there stands in the words of a big incident for the place that its caller names.
const there = "{there}"

// aloud is a place as it is said within a sentence: without what is put in brackets for whoever reads it, and at a
// water its bank.
func (g *Generator) aloud(place string, bank bool) string {
	short, _, whole := strings.Cut(place, "(")
	short = strings.TrimSpace(short)
	if bank && !whole && g.words.lang != "en" {
		return short + "边"
	}
	return short
}

// speak says written words once, with the words of the event.
func (w *words) speak(written string, event uint64, at scene, own stream) (string, error) {
	c := compiler{names: w.names}
	t := c.text(strings.ReplaceAll(written, there, "\x00"))
	v := voice{w: w, own: &own, event: event, scene: at}
	v.say(t.parts)
	return strings.ReplaceAll(string(v.buf), "\x00", there), c.err
}
