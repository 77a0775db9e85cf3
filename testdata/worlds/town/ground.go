package main

import (
	"fmt"
	"io"
	"sort"
)

func (t *town) ring(tags []string, uv ...[2]float64) {
	refs := make([]int, 0, len(uv)+1)
	for _, p := range uv {
		refs = append(refs, t.node(bend(p[0], p[1])))
	}
	t.way(append(refs, refs[0]), tags...)
}

func (t *town) water() {
	var south, north [][2]float64
	for u := -2750.0; u <= 2750; u += 125 {
		south = append(south, [2]float64{u, river(u) - riverHalf})
		north = append([][2]float64{{u, river(u) + riverHalf}}, north...)
	}
	t.ring([]string{"natural", "water", "water", "river", "name", "云澜江"}, append(south, north...)...)
}

func (t *town) parks() {
	for _, p := range parkPlan {
		w, e, s, n := columnAt(p.west)+22, columnAt(p.east)-22, rowAt(p.south)+22, rowAt(p.north)-22
		t.ring([]string{"leisure", "park", "name", p.name},
			[2]float64{w, s}, [2]float64{(w + e) / 2, s + 6}, [2]float64{e, s}, [2]float64{e + 4, (s + n) / 2},
			[2]float64{e, n}, [2]float64{(w + e) / 2, n - 6}, [2]float64{w, n}, [2]float64{w - 4, (s + n) / 2})
		// A path from gate to gate; it is drawn and not driven.
		from, to := t.lattice[[2]int{p.west, p.south}], t.lattice[[2]int{p.east, p.north}]
		refs := []int{from}
		for _, k := range []float64{0.2, 0.4, 0.6, 0.8} {
			refs = append(refs, t.node(bend(w+(e-w)*k, s+(n-s)*k*k*(3-2*k))))
		}
		t.way(append(refs, to), "highway", "footway", "name", p.name+"步道")
	}
	// A pond in the park.
	t.ring([]string{"natural", "water", "water", "pond", "name", "菱塘"},
		[2]float64{-1080, 1190}, [2]float64{-960, 1150}, [2]float64{-830, 1180}, [2]float64{-800, 1270},
		[2]float64{-880, 1340}, [2]float64{-1010, 1330}, [2]float64{-1100, 1270})
}

// buildings stand inside the blocks, in the east half where no lane runs.
func (t *town) buildings() {
	for j := range rows - 1 {
		for i := range columns - 1 {
			u, v := columnAt(i), rowAt(j)
			if t.dice.roll() > 0.86 {
				continue
			}
			cu, cv := u+spacing*0.68+t.dice.between(-12, 12), v+spacing*0.5+t.dice.between(-35, 35)
			du, dv := t.dice.between(16, 34), t.dice.between(9, 24)
			if inPark(u+125, v+125) || !dry(cu-du, cv-dv) || !dry(cu+du, cv+dv) {
				continue
			}
			t.ring([]string{"building", "yes"}, [2]float64{cu - du, cv - dv}, [2]float64{cu + du, cv - dv},
				[2]float64{cu + du, cv + dv}, [2]float64{cu - du, cv + dv})
		}
	}
}

// edge is a border between areas: v as a function of u.
type edge func(u float64) float64

// writeAreas writes the nine station areas. All borders are sampled at the same places, so neighbours share their
// corners exactly and the areas tile the town.
func writeAreas(w io.Writer) {
	flat := func(v float64) edge { return func(float64) float64 { return v } }
	shore := func(away float64) edge { return func(u float64) float64 { return river(u) + away } }
	bottom, top, north := flat(-2250), flat(2250), flat(875)
	southShore, northShore := shore(-policeAway), shore(policeAway)
	const west, east = -2750, 2750
	plans := []struct {
		id         int
		west, east float64
		low, high  edge
	}{
		{1, west, -625, northShore, north},
		{2, west, -1125, bottom, southShore},
		{3, -1125, 875, bottom, southShore},
		{4, 1125, east, northShore, top},
		{5, -625, 1125, northShore, north},
		{6, 875, east, bottom, southShore},
		{7, west, 125, north, top},
		{8, 125, 1125, north, top},
		{9, west, east, southShore, northShore},
	}
	stops := []float64{}
	for u := float64(west); u <= east; u += 125 {
		stops = append(stops, u)
	}
	fmt.Fprintln(w, `{"type":"FeatureCollection","name":"澜湖分局派出所管辖区 (invented)","features":[`)
	for k, a := range plans {
		var ring []point
		from := sort.SearchFloat64s(stops, a.west)
		to := sort.SearchFloat64s(stops, a.east)
		for i := from; i <= to; i++ {
			ring = append(ring, bend(stops[i], a.low(stops[i])))
		}
		ring = append(ring, upright(a.east, a.low(a.east), a.high(a.east))...)
		for i := to; i >= from; i-- {
			ring = append(ring, bend(stops[i], a.high(stops[i])))
		}
		down := upright(a.west, a.low(a.west), a.high(a.west))
		for i := len(down) - 1; i >= 0; i-- {
			ring = append(ring, down[i])
		}
		ring = append(ring, ring[0])
		fmt.Fprintf(w, `{"type":"Feature","properties":{"id":"st%d","name":"%s派出所"},"geometry":{"type":"Polygon","coordinates":[[`, a.id, areaPlan[a.id-1])
		for i, p := range ring {
			if i > 0 {
				fmt.Fprint(w, ",")
			}
			fmt.Fprintf(w, "[%.7f,%.7f]", p.lon, p.lat)
		}
		fmt.Fprint(w, "]]}}")
		if k < len(plans)-1 {
			fmt.Fprint(w, ",")
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "]}")
}

// upright are the corners inside a border that runs north: on a fixed ladder, so that both neighbours have the same.
func upright(u, low, high float64) []point {
	var out []point
	ladder := []float64{}
	for v := -2250.0; v <= 2250; v += 125 {
		ladder = append(ladder, v)
	}
	for _, v := range ladder {
		if v > low && v < high {
			out = append(out, bend(u, v))
		}
	}
	return out
}
