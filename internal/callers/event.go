package callers

import (
	"strconv"
	"time"

	"shuniu/internal/cad"
)

// layerNames begin the names of events: ordinary ones, those of a surge, big incidents.
const layerNames = "esb"

// talkMax and the others bound what chance may draw.
const (
	talkMax  = 6 * time.Minute
	ringMax  = 60 * time.Second
	sceneMax = 6 * time.Hour
	spreadOf = 40 * time.Minute // The last caller of an event calls within this, and asks again within another.
)

// Longest is how long after the first call of an event another one of it may come.
const Longest = 3 * spreadOf

// event adds the calls of one event: those who report it, and those who ask when we come.
func (g *Generator) event(buf []Call, t *Type, at time.Time, layer, n int) []Call {
	id := make([]byte, 0, 24)
	id = append(id, layerNames[layer])
	id = strconv.AppendInt(id, g.slot, 36)
	id = append(id, '-')
	id = strconv.AppendInt(id, int64(n), 36)
	e := happening{id: string(id), t: t, chance: g.rng.Uint64(), storm: layer == layerExtra && g.now.surge.Kind == "storm"}
	e.truth = g.opt.Ground.spot(t.kinds[t.places.pick(g.rng.Float64())], g.rng.Float64())
	first := len(buf)
	buf = append(buf, g.call(&e, at, 0))
	others := t.number.pick(g.rng.Float64())
	for k := 1; k <= others; k++ {
		buf = append(buf, g.call(&e, at.Add(min(wait(g.rng, t.Spread), spreadOf)), k))
	}
	if g.rng.Float64() < t.Again {
		late := buf[first].At.Add(2*time.Minute + min(wait(g.rng, g.rates.again), spreadOf))
		buf = append(buf, g.again(&e, &buf[first], late))
		if g.rng.Float64() < g.rates.further {
			buf = append(buf, g.again(&e, &buf[first], late.Add(2*time.Minute+min(wait(g.rng, g.rates.again), spreadOf-2*time.Minute))))
		}
	}
	calls := buf[first:]
	for i := 1; i < len(calls); i++ { // A handful: sorted by insertion.
		for k := i; k > 1 && calls[k].At.Before(calls[k-1].At); k-- {
			calls[k], calls[k-1] = calls[k-1], calls[k]
		}
	}
	for i := range calls {
		calls[i].N = i
	}
	return buf
}

// happening is what is true of an event, whoever calls about it.
type happening struct {
	id     string
	t      *Type
	chance uint64
	truth  Spot
	storm  bool // A storm brought it.
}

// call makes one call of somebody who sees the event for the k-th time.
func (g *Generator) call(e *happening, at time.Time, k int) Call {
	t := e.t
	c := Call{
		Event: e.id, N: k, At: at, Kind: Normal, Type: t.ID, Also: t.Also, Category: t.Category, Group: g.groups[t.Category], Priority: t.Priority,
		Opens: true, typ: t,
	}
	if t.Kind != "" {
		c.Kind = t.Kind
	}
	c.Phone = g.phone()
	c.Ring = min(time.Second+wait(g.rng, g.rates.ring-time.Second), ringMax)
	median := g.rates.talk
	if k > 0 {
		median = g.rates.talkShort
	}
	c.True = e.truth.Point
	c.Said = e.truth.Point
	c.Result = t.Results[min(int(g.rng.ExpFloat64()*0.9), len(t.Results)-1)]
	switch c.Kind {
	case Silent, Abandoned:
		median = g.rates.talkShort
		c.Narrative, c.Place = "", ""
		if c.Opens = g.rng.Float64() < g.rates.visit; !c.Opens {
			c.Result = t.Results[0]
		} else {
			c.Result = t.Results[len(t.Results)-1]
		}
		if c.Kind == Abandoned {
			c.Ring = min(2*time.Second+wait(g.rng, g.rates.giveUp-2*time.Second), ringMax)
			median = 0
		}
	case Nuisance:
		median, c.Opens = g.rates.talkShort, false
		g.speak(e, &c, k)
		c.Place = "" // What is said of a place is not believed.
	case NonPolice:
		c.Opens, c.Forwarded = false, g.rng.Float64() < g.rates.forwarded
		g.place(e, &c)
		g.speak(e, &c, k)
	case Normal, WrongPlace, Again:
		g.place(e, &c)
		g.speak(e, &c, k)
	}
	if median > 0 {
		c.Talk = min(around(g.rng, median, g.rates.talkSigma), talkMax)
	}
	if scene := t.sceneAt(e.truth.Kind); c.Opens && scene > 0 {
		c.Scene = min(around(g.rng, scene, g.rates.sceneSigma), sceneMax)
	}
	if g.rng.Float64() < g.rates.mobile {
		p := c.True.Offset(g.rng.NormFloat64()*120, g.rng.NormFloat64()*120)
		c.Network = &p
	}
	return c
}

// phone is a number that nobody has: one digit short of a mobile telephone's in Chinese, and of the range that is kept for
// fiction in English (555-0100 to 555-0199).
func (g *Generator) phone() string {
	if g.words.lang == "en" {
		return "555-01" + two(g.rng.IntN(100))
	}
	n := g.rng.IntN(1_000_000)
	return "1990" + two(n/10_000) + two(n/100%100) + two(n%100)
}

func two(n int) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }

// scenery is where and when somebody speaks of an event.
func (g *Generator) scenery(e *happening, at time.Time) scene {
	return sceneOf(e.truth.Kind, at.In(g.opt.Zone).Hour(), e.storm)
}

// speak lets a caller say what he sees.
func (g *Generator) speak(e *happening, c *Call, k int) {
	own := stream(g.rng.Uint64())
	v := voice{w: g.words, own: &own, event: e.chance, scene: g.scenery(e, c.At), buf: g.buf}
	told := g.words.tales[e.t.tales()]
	list := told.first
	if k > 0 && len(told.also) > 0 {
		list = told.also
	}
	sober, excitement, excited := calm, cross, 0.1
	switch e.t.Priority {
	case cad.P1:
		sober, excitement, excited = steady, upset, 0.85
	case cad.P2:
		sober, excitement, excited = steady, hurried, 0.5
	case cad.P3, cad.P4:
	}
	if own, ok := g.words.excited[e.t.tales()]; ok {
		excitement = own
	}
	mood, slip := sober, g.rates.slip/2
	switch {
	case g.words.plain[e.t.tales()]:
		mood, slip = plain, 0
	case own.f() < excited:
		mood, slip = excitement, g.rates.slip*2
	}
	said, p := v.tell(list, mood, own.f() < slip)
	c.Narrative = said
	if p != "" {
		c.Priority = p
	}
	g.buf = v.buf
}

// again lets somebody who called before ask when we come.
func (g *Generator) again(e *happening, first *Call, at time.Time) Call {
	c := *first
	c.N, c.At, c.Kind = 1, at, Again
	c.Ring = min(time.Second+wait(g.rng, g.rates.ring-time.Second), ringMax)
	c.Talk = min(around(g.rng, g.rates.talkShort, g.rates.talkSigma), talkMax)
	own := stream(g.rng.Uint64())
	v := voice{w: g.words, own: &own, event: e.chance, scene: g.scenery(e, at), buf: g.buf}
	c.Narrative, _ = v.tell(g.words.again, plain, false)
	g.buf = v.buf
	return c
}

// OfSurge reports whether an event is one that a surge added to an ordinary day.
func OfSurge(event string) bool { return event != "" && event[0] == layerNames[layerExtra] }

// OfBig reports whether an event is a big incident that somebody began.
func OfBig(event string) bool { return event != "" && event[0] == layerNames[layerBig] }
