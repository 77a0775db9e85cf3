// Package study answers the questions that are asked before a shift, not within one: how busy units will be and how often
// all of them are (the hypercube queueing model, Erlang's formulas, a simulator to check both), and where posts should
// stand (p-median, maximal covering, maximal expected covering, p-centre).
//
// Every answer says how it was found: exactly, as an approximation with its iterations, or as the best of a search with
// a bound that no answer can beat. It must never call a place the best that it did not prove to be.
//
// The package is pure: no clock, no disk; chance comes from a seed, and the same input gives the same answer.
package study

import (
	"math"

	"shuniu/internal/fault"
)

// finite reports whether v is a number from 0 up.
func finite(v float64) bool { return v >= 0 && !math.IsInf(v, 1) }

// refuse makes the error of an input that makes no sense, with what to do.
func refuse(op, remedy, format string, args ...any) error {
	return fault.New(op, fault.Invalid, format, args...).Mend(remedy)
}
