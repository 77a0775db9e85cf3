package main

import (
	"context"
	"errors"
	"math"
	"math/bits"
	"strings"
	"time"

	"shuniu/internal/fault"
	"shuniu/internal/hierarchy"
)

// arcSecondsMax is the longest arc that is believed: ten years.
const arcSecondsMax = 3.2e8

// arcList is a graph as somebody wrote it down.
type arcList struct {
	ids     []string
	vertex  map[string]int32
	tails   []int32
	heads   []int32
	weights []uint64 // Nanoseconds.
}

func (l *arcList) id(text string) (int32, error) {
	if text == "" {
		return 0, errors.New("an id is empty")
	}
	v, known := l.vertex[text]
	if !known {
		v = int32(len(l.ids))
		text = string([]byte(text)) // The reader's row is used again.
		l.vertex[text], l.ids = v, append(l.ids, text)
	}
	return v, nil
}

// readArcs reads a list of arcs.
func readArcs(s session, file string) (*arcList, error) {
	l := &arcList{vertex: make(map[string]int32)}
	t := &table{file: file, columns: []column{{words: tailWords()}, {words: headWords()}, {words: secondsWords(), number: true}}}
	var sum uint64
	err := t.each(func(cells []string) error {
		seconds, err := number(cells[2], "the time in seconds", 0, arcSecondsMax)
		if err != nil {
			return err
		}
		tail, err := l.id(cells[0])
		if err != nil {
			return err
		}
		head, err := l.id(cells[1])
		if err != nil {
			return err
		}
		w := uint64(math.Round(seconds * 1e9))
		var over uint64
		if sum, over = bits.Add64(sum, w, 0); over != 0 {
			return errors.New("all arcs together last longer than 584 years, which is more than is reckoned with")
		}
		l.tails, l.heads, l.weights = append(l.tails, tail), append(l.heads, head), append(l.weights, w)
		return nil
	})
	if t.guess != "" {
		s.say("%s", t.guess)
	}
	if err == nil && len(l.tails) == 0 {
		err = wrongInput{fault.New("shuniu route", fault.Invalid, "%s holds no arcs", file).Mend("give a row from,to,seconds for each arc")}
	}
	return l, err
}

// graph groups the arcs by their tails.
func (l *arcList) graph() (hierarchy.Graph, []uint64) {
	n := len(l.ids)
	g := hierarchy.Graph{First: make([]int32, n+1), Head: make([]int32, len(l.heads))}
	weights := make([]uint64, len(l.heads))
	for _, v := range l.tails {
		g.First[v+1]++
	}
	for v := range n {
		g.First[v+1] += g.First[v]
	}
	next := append([]int32(nil), g.First...)
	for i, v := range l.tails {
		g.Head[next[v]], weights[next[v]] = l.heads[i], l.weights[i]
		next[v]++
	}
	return g, weights
}

// graphPair is a pair of a graph: what was written, and its vertices; -1 is no vertex.
type graphPair struct {
	text   [2]string
	vertex [2]int32
}

func (p graphPair) known() bool { return p.vertex[0] >= 0 && p.vertex[1] >= 0 }

// readPairs reads what is asked. A first row that names two vertices is no head, whatever they are called.
func (l *arcList) readPairs(s session, c *routeCommand) (pairs []graphPair, unknown int, err error) {
	t := &table{file: c.Pairs, columns: []column{{words: tailWords()}, {words: headWords()}}}
	t.data = func(row []string) bool {
		return len(row) > 1 && l.holds(row[0]) && l.holds(row[1])
	}
	err = t.each(func(cells []string) error {
		p := graphPair{}
		for i, id := range cells {
			if id == "" {
				return errors.New("an id is empty")
			}
			v, known := l.vertex[id]
			if !known {
				v = -1
			}
			p.text[i], p.vertex[i] = strings.Clone(id), v // The reader's row is used again.
		}
		if !p.known() {
			unknown++
		}
		pairs = append(pairs, p)
		return nil
	})
	if err == nil && unknown > 0 {
		s.say("%d of %d pairs name a vertex that is not in %s; they have no answer", unknown, len(pairs), c.Graph)
	}
	return pairs, unknown, err
}

func (l *arcList) holds(id string) bool {
	_, known := l.vertex[strings.TrimSpace(id)]
	return known
}

// finder answers one pair: nanoseconds, and the vertices of the way if they are wanted.
type finder func(from, to int32) (cost uint64, way []int32, err error)

// onGraph answers on a list of arcs.
func (c *routeCommand) onGraph(s session) (*routeAnswer, error) {
	a := &routeAnswer{Pairs: []routePair{}}
	began := time.Now()
	l, err := readArcs(s, c.Graph)
	if err != nil {
		return nil, err
	}
	pairs, unknown, err := l.readPairs(s, c)
	if err != nil {
		return nil, err
	}
	a.Unknown = unknown
	g, weights := l.graph()
	plain, err := hierarchy.NewPlain(g, weights)
	if err != nil {
		return nil, err
	}
	a.Engine.Nodes, a.Engine.Arcs, a.Engine.ReadMS = g.Vertices(), len(g.Head), millis(time.Since(began))
	began = time.Now()
	find, err := c.engine(s, g, weights, plain, &a.Engine)
	if err != nil {
		return nil, err
	}
	a.Engine.PrepareMS = millis(time.Since(began))
	began = time.Now()
	for _, pair := range pairs {
		p, err := l.answer(pair, find)
		if err = errors.Join(err, ended(s.ctx)); err != nil {
			return nil, err
		}
		a.Pairs = append(a.Pairs, p)
	}
	a.Engine.AnsweredMS = millis(time.Since(began))
	if c.Check {
		err = a.compare(s.ctx, plain, pairs)
	}
	return a, err
}

// answer asks for one pair.
func (l *arcList) answer(pair graphPair, find finder) (routePair, error) {
	p := routePair{From: pair.text[0], To: pair.text[1]}
	if !pair.known() {
		p.Why = whyNoVertex
		return p, nil
	}
	cost, way, err := find(pair.vertex[0], pair.vertex[1])
	if err != nil {
		return p, err
	}
	if cost == hierarchy.No {
		p.Why = whyNoWay
	} else {
		seconds := float64(cost) / 1e9
		p.Seconds = &seconds
	}
	for _, v := range way {
		p.Path = append(p.Path, l.ids[v])
	}
	return p, nil
}

// compare searches every pair of vertices plainly.
func (a *routeAnswer) compare(ctx context.Context, plain *hierarchy.Plain, pairs []graphPair) error {
	a.Check = &routeCheck{}
	for i, pair := range pairs {
		if !pair.known() {
			continue
		}
		cost, err := searched(ctx, plain, pair.vertex[0], pair.vertex[1])
		if err != nil {
			return err
		}
		want := math.NaN()
		if cost != hierarchy.No {
			want = float64(cost) / 1e9
		}
		if err := a.Check.compare(a.Pairs[i].secondsOf(), want); err != nil {
			return err
		}
	}
	return nil
}

// searched asks the plain search.
func searched(ctx context.Context, plain *hierarchy.Plain, from, to int32) (uint64, error) {
	cost, _, err := plain.Between(ctx, []hierarchy.Seed{{Vertex: from}}, []hierarchy.Seed{{Vertex: to}})
	return cost, err
}

// engine prepares a hierarchy; where the graph is too dense for one, the plain search answers, without ways.
func (c *routeCommand) engine(s session, g hierarchy.Graph, weights []uint64, plain *hierarchy.Plain, e *routeEngine) (finder, error) {
	rank, err := hierarchy.Fill(s.ctx, g)
	if err != nil {
		return nil, err
	}
	h, err := hierarchy.Contract(s.ctx, g, rank, s.progress("the graph is prepared"))
	if errors.Is(err, hierarchy.ErrDense) && !c.Path {
		e.Method = "plain"
		return func(from, to int32) (uint64, []int32, error) {
			cost, err := searched(s.ctx, plain, from, to)
			return cost, nil, err
		}, nil
	}
	if err != nil {
		return nil, err
	}
	m, err := h.Customize(s.ctx, weights)
	if err != nil {
		return nil, err
	}
	st := h.Stats()
	e.Method, e.Pairs, e.Depth = "hierarchy", st.Pairs, st.Depth
	return func(from, to int32) (uint64, []int32, error) {
		a, b := []hierarchy.Seed{{Vertex: from}}, []hierarchy.Seed{{Vertex: to}}
		if c.Path {
			cost, way, _ := m.Path(a, b)
			return cost, way, nil
		}
		cost, _ := m.Between(a, b)
		return cost, nil, nil
	}, nil
}
