// Package callers makes the people who call: how many, when, from where, for what, and what they say. The same seed
// gives the same calls. Figures and words are data (shares.yaml, words.zh.yaml, words.en.yaml, scenarios.yaml), each
// figure with its source. Nothing here knows a clock or a desk. It must never be part of a live centre: nobody may be
// sent to a person who does not exist.
package callers

import (
	"math/rand/v2"
	"strconv"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Kind says what sort of call it is.
type Kind string

// The kinds.
const (
	Normal     Kind = "normal"      // Somebody reports what happens.
	Again      Kind = "again"       // The first caller asks when we come (催警).
	Silent     Kind = "silent"      // Answered, and nobody speaks.
	Abandoned  Kind = "abandoned"   // Hung up while it rang.
	Nuisance   Kind = "nuisance"    // No need for anybody: a joke, a drunk, a wrong number.
	NonPolice  Kind = "non_police"  // A need that others serve (12345).
	WrongPlace Kind = "wrong_place" // Normal, but the place that is said is not the true one.
)

// Call is one call, as the caller makes it and as the call-taker will have written it down.
type Call struct {
	Event     string // Which event; calls of one event share it. Unique for a seed.
	N         int    // 0 for the first caller.
	At        time.Time
	Kind      Kind
	Type      cad.TypeID // What it truly is; empty for what is nothing.
	Also      []cad.TypeID
	Category  string       // As the shares count it.
	Group     string       // As answering points publish it.
	Priority  cad.Priority // As it sounds to a good call-taker.
	Tags      []cad.TagID
	Place     string // As said: "汀兰路12号". Empty when nobody spoke.
	Said      geo.Point
	True      geo.Point
	Vague     bool       // The place is one to search for.
	Network   *geo.Point // As the network tells, within some hundred metres; nil when it does not.
	Phone     string     // A number that nobody can have.
	Narrative string
	Ring      time.Duration // Until it is answered, or given up.
	Talk      time.Duration // From the answer on.
	Scene     time.Duration // How long a crew will be there; 0 when none goes.
	Opens     bool          // It becomes, or belongs to, an incident that somebody goes to.
	Forwarded bool          // Not for us: put through at once instead of written down.
	Result    string        // How it should end, as a code of the sample centre.
	Script    *Step         // What else is to be done, in a big incident; nil otherwise.

	typ *Type
}

// ID is the call's name: "e4f1-0.2" is the third of event e4f1-0.
func (c *Call) ID() string { return c.Event + "." + strconv.Itoa(c.N) }

// Surge is a dial: how much more than usual, and of what.
type Surge struct {
	Kind   string  // "", "none", "festival", "storm".
	Factor float64 // How many calls for one of an ordinary day; below 1 counts as 1.
}

// FactorMax is the highest surge that can be set.
const FactorMax = 100

// Options are what a generator is made of.
type Options struct {
	Book   *Book // nil: the one that is built in.
	Ground *Ground
	Seed   uint64
	PerDay float64        // Calls a day; 0 means the book's.
	Zone   *time.Location // Whose hours and months count; nil means UTC.
}

// Generator makes calls. One goroutine uses it at a time.
type Generator struct {
	opt    Options
	book   *Book
	words  *words
	src    *rand.PCG
	rng    *rand.Rand
	rates  rates
	slot   int64 // Minutes since 1970, of the event that is being made.
	now    table
	buf    []byte
	groups map[string]string // By category.
	traps  []trap
}

// trap is a street and the one that it is taken for.
type trap struct {
	name  string
	other Spot
}

// rates are the book's, by name.
type rates struct {
	wrong, near, further, slip, visit, forwarded, mobile, sceneSigma, talkSigma float64
	again, ring, giveUp, talk, talkShort                                        time.Duration
}

// New makes a generator. Errors are fault.Invalid: no ground, no words for its language, or a figure that is wrong.
func New(o Options) (*Generator, error) {
	const op = "callers.New"
	if o.Ground == nil || len(o.Ground.Spots[atStreet]) == 0 {
		return nil, fault.New(op, fault.Invalid, "there is no ground to call from").Mend("name a map file with streets")
	}
	if o.Book == nil {
		b, err := Load()
		if err != nil {
			return nil, err
		}
		o.Book = b
	}
	if o.PerDay == 0 {
		o.PerDay = o.Book.PerDay.Calls
	}
	if !(o.PerDay > 0) || o.PerDay > perDayMax {
		return nil, fault.New(op, fault.Invalid, "there are between 1 and %d calls a day", perDayMax).Because("bad_rate").At("per_day")
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	file := wordsZh
	if o.Ground.Lang == "en" {
		file = wordsEn
	}
	w, err := readWords(file)
	if err != nil {
		return nil, err
	}
	g := &Generator{opt: o, book: o.Book, words: w, src: rand.NewPCG(0, 0), groups: map[string]string{}}
	g.rng = rand.New(g.src)
	for _, c := range o.Book.Categories {
		g.groups[c.ID] = c.Group
	}
	for _, pair := range w.traps {
		for i, name := range pair {
			other, ok := o.Ground.roads[pair[1-i]]
			if _, here := o.Ground.roads[name]; ok && here {
				g.traps = append(g.traps, trap{name, other})
			}
		}
	}
	g.measure()
	return g, nil
}

// perDayMax is a day of the biggest cities, with room.
const perDayMax = 10_000_000

// measure takes the figures that every call needs out of the book.
func (g *Generator) measure() {
	b := g.book
	s := func(id string) time.Duration { return time.Duration(b.rate(id) * float64(time.Second)) }
	g.rates = rates{
		wrong: b.rate("wrong_place"), near: b.rate("near_place"), further: b.rate("further_again"), slip: b.rate("slip"), visit: b.rate("needs_visit"),
		forwarded: b.rate("forwarded"), mobile: b.rate("mobile"), sceneSigma: b.rate("scene_sigma"), talkSigma: b.rate("talk_sigma"),
		again: s("again_mean_s"), ring: s("ring_mean_s"), giveUp: s("give_up_mean_s"), talk: s("talk_median_s"), talkShort: s("talk_short_median_s"),
	}
}

// table is how likely each type is in one hour.
type table struct {
	hour  int64 // Local: year, day and hour in one.
	surge Surge
	base  cumulative // Events in a minute by type, on an ordinary day.
	extra cumulative // What the surge adds.
}

// at works out the table of an hour; the hour before is mostly the same.
func (g *Generator) at(minute time.Time, s Surge) {
	local := minute.In(g.opt.Zone)
	hour := int64(local.Year()*366+local.YearDay())*24 + int64(local.Hour())
	if g.now.hour == hour && g.now.surge == s && g.now.base != nil {
		return
	}
	kind, _ := g.book.surge(s.Kind)
	base, extra := make([]float64, len(g.book.Types)), make([]float64, len(g.book.Types))
	mixed := 0.0
	for _, t := range g.book.Types {
		mixed += t.share * times(kind, t.ID)
	}
	for i, t := range g.book.Types {
		calls := g.opt.PerDay / (24 * 60) * t.share * t.hour[local.Hour()] * t.day[(int(local.Weekday())+6)%7] * t.month[local.Month()-1]
		base[i] = calls / t.calls
		extra[i] = base[i] * max(0, max(1, s.Factor)*times(kind, t.ID)/mixed-1)
	}
	g.now = table{hour: hour, surge: s, base: newCumulative(base), extra: newCumulative(extra)}
}

func times(s SurgeKind, id cad.TypeID) float64 {
	if f, ok := s.Times[id]; ok {
		return f
	}
	return 1
}

// Check refuses a surge that cannot be.
func (b *Book) Check(s Surge) error {
	const op = "callers.Surge"
	if _, ok := b.surge(s.Kind); s.Kind != "" && !ok {
		return fault.New(op, fault.Invalid, "there is no surge %q", s.Kind).Because("no_surge").At("surge").Mend("none, festival or storm")
	}
	if !(s.Factor >= 0 && s.Factor <= FactorMax) {
		return fault.New(op, fault.Invalid, "a surge lies between 1 and %d times an ordinary day", FactorMax).Because("bad_factor").At("factor")
	}
	return nil
}

// The layers of chance: what a surge adds leaves the ordinary calls as they are, so that a world that starts again
// without its surge goes on with them.
const (
	layerBase = iota
	layerExtra
	layerBig // Big incidents.
)

// Minute adds the calls of all events that begin in one minute of the world's time, event by event, each with its
// callers in the order of their times; later callers may call long after the minute. What it gives depends on
// nothing but the seed, the ground, the minute and the surge.
func (g *Generator) Minute(buf []Call, minute time.Time, s Surge) []Call {
	g.at(minute, s)
	g.slot = minute.Unix() / 60
	for layer, weights := range []cumulative{g.now.base, g.now.extra} {
		if weights.total() <= 0 {
			continue
		}
		g.src.Seed(mix(g.opt.Seed^uint64(layer)<<60), mix(uint64(g.slot)))
		for n, i := poisson(g.rng, weights.total()), 0; i < n; i++ {
			t := g.book.Types[weights.pick(g.rng.Float64())]
			at := time.Unix(g.slot*60, 0).Add(time.Duration(g.rng.Float64() * float64(time.Minute)).Truncate(time.Millisecond))
			buf = g.event(buf, t, at.UTC(), layer, i)
		}
	}
	return buf
}

// Book gives the figures that the generator follows.
func (g *Generator) Book() *Book { return g.book }

// Note is what a call-taker writes down at an occasion, in the language of the ground; TestNotes lists the occasions.
func (g *Generator) Note(occasion string) string { return g.words.notes[occasion] }
