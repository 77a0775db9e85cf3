package dispatch

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawnRows are a few slots that want some of a few units, with costs that tie often.
func drawnRows(t *rapid.T) [][]option {
	units := rapid.IntRange(0, 6).Draw(t, "units")
	rows := make([][]option, rapid.IntRange(0, 5).Draw(t, "slots"))
	for i := range rows {
		for u := range units {
			if rapid.IntRange(0, 2).Draw(t, "wants") == 0 {
				continue
			}
			c := cost{ms: int64(rapid.IntRange(0, 5).Draw(t, "ms")), order: int64(u)}
			if rapid.IntRange(0, 4).Draw(t, "doubt") == 0 {
				c.doubtful = 1
			}
			c.early = c.ms * int64(len(rows)-i)
			c.busyS = int64(rapid.IntRange(0, 2).Draw(t, "work"))
			rows[i] = append(rows[i], option{unit: int32(u), cost: c})
		}
	}
	return rows
}

// bruteForce tries everything: the filled slots as a word of ones and noughts, the greatest first, then the least cost.
func bruteForce(rows [][]option) (filled []bool, least cost) {
	taken := map[int32]bool{}
	now := make([]bool, len(rows))
	var try func(i int, sum cost)
	better := func(sum cost) bool {
		count := func(b []bool) (n int) {
			for _, x := range b {
				if x {
					n++
				}
			}
			return n
		}
		if filled == nil || count(now) != count(filled) {
			return filled == nil || count(now) > count(filled)
		}
		for i := range now {
			if now[i] != filled[i] {
				return now[i]
			}
		}
		return sum.compare(least) < 0
	}
	try = func(i int, sum cost) {
		if i == len(rows) {
			if better(sum) {
				filled, least = slices.Clone(now), sum
			}
			return
		}
		try(i+1, sum)
		for _, o := range rows[i] {
			if !taken[o.unit] {
				taken[o.unit], now[i] = true, true
				try(i+1, sum.plus(o.cost))
				taken[o.unit], now[i] = false, false
			}
		}
	}
	try(0, cost{})
	return filled, least
}

func worth(t *rapid.T, rows [][]option, chosen []int32) (filled []bool, sum cost) {
	filled = make([]bool, len(rows))
	taken := map[int32]bool{}
	for i, k := range chosen {
		if k < 0 {
			continue
		}
		o := rows[i][k]
		if taken[o.unit] {
			t.Fatalf("unit %d is in two slots: %v", o.unit, chosen)
		}
		taken[o.unit], filled[i] = true, true
		sum = sum.plus(o.cost)
	}
	return filled, sum
}

// The assignment is the best there is, in every part of the order: most slots, the important ones, the least cost, ties
// as told. Keeping only the cheapest few options of each slot changes nothing.
func TestAssignIsTheBest(t *testing.T) {
	moved := 0
	rapid.Check(t, func(t *rapid.T) {
		rows := drawnRows(t)
		want, least := bruteForce(rows)
		chosen := assign(rows)
		if filled, sum := worth(t, rows, chosen); !slices.Equal(filled, want) || sum != least {
			t.Fatalf("%v: filled %v at %+v, the best is %v at %+v", rows, filled, sum, want, least)
		}
		if again := assign(rows); !slices.Equal(again, chosen) {
			t.Fatalf("%v, then %v", chosen, again)
		}
		few := make([][]option, len(rows))
		for i := range rows {
			few[i] = keepBest(slices.Clone(rows[i]), len(rows))
			if len(few[i]) < len(rows[i]) {
				moved++
			}
		}
		if filled, sum := worth(t, few, assign(few)); !slices.Equal(filled, want) || sum != least {
			t.Fatalf("%v pruned to %v: filled %v at %+v, the best is %v at %+v", rows, few, filled, sum, want, least)
		}
	})
	if moved == 0 {
		t.Error("nothing was ever pruned")
	}
}

// Whoever serves the first need with the nearest unit leaves the second one without: the set looks at both.
func TestAssignWhereGreedyFails(t *testing.T) {
	at := func(unit int32, ms int64) option { return option{unit: unit, cost: cost{ms: ms}} }
	for name, tt := range map[string]struct {
		rows [][]option
		want []int32 // Units.
	}{
		"the only one for the second": {[][]option{{at(1, 10), at(2, 20)}, {at(1, 10)}}, []int32{2, 1}},
		"a chain of three":            {[][]option{{at(1, 1), at(2, 2)}, {at(2, 1), at(3, 9)}, {at(1, 1)}}, []int32{2, 3, 1}},
		"the sum, not the first":      {[][]option{{at(1, 10), at(2, 20)}, {at(1, 10), at(2, 100)}}, []int32{2, 1}},
		"one too few":                 {[][]option{{at(1, 90)}, {at(1, 1)}}, []int32{1, -1}},
		"nobody":                      {[][]option{nil, {at(1, 1)}}, []int32{-1, 1}},
	} {
		got := make([]int32, len(tt.rows))
		for i, k := range assign(tt.rows) {
			if got[i] = -1; k >= 0 {
				got[i] = tt.rows[i][k].unit
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// A big plan in a big city is still solved at once.
func BenchmarkAssign36of2000(b *testing.B) {
	all := make([][]option, 36)
	for i := range all {
		for u := range 2000 {
			ms := int64((u*7919 + i*104_729) % 1_000_003)
			all[i] = append(all[i], option{unit: int32(u), cost: cost{ms: ms, early: ms * int64(36-i), order: int64(u)}})
		}
	}
	rows := make([][]option, len(all))
	for b.Loop() {
		for i := range all {
			rows[i] = keepBest(append(rows[i][:0], all[i]...), len(all))
		}
		assign(rows)
	}
}
