package hint

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// Report is what is known so far of what a caller tells. Every part may be missing.
type Report struct {
	At       time.Time
	Place    *geo.Point
	Vague    bool // The place is one to search for.
	Type     cad.TypeID
	Category string // Of the type.
	Priority cad.Priority
	Words    Grams
	Number   string // A digest of the caller's number; empty if it is not known.
}

// Known is an open incident as it is compared.
type Known struct {
	Incident cad.IncidentID
	Report
	Numbers []string  // Digests of those who called about it.
	Last    time.Time // The last call about it.
}

// Because is why something is offered: a code of the catalogues with what its words need.
type Because struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
}

// Same is how likely it is that a report is of an open incident.
type Same struct {
	Incident   cad.IncidentID
	Likelihood float64 // From 0 to 1.
	Reasons    []Because
	DistanceM  float64 // Metres; below 0 if one of the places is not known.
	AgeS       int64   // Seconds since the last call about it.
}

// Shown is the likelihood from which an incident is shown: most of what is shown is the same, and of those that are the same
// most are shown. TestRadar prints and holds both figures.
const Shown = 0.30

// ShownMax is how many are shown at most, the likeliest.
const ShownMax = 3

// Weights of the logistic: the likelihood is 1/(1+exp(-sum)). They were fitted by TestFit (run with -fit) to the simulated
// callers of internal/callers, who know which calls are of one event, in the invented town, in both languages, and then set
// by hand where those callers are unlike people: they never mistake the type, so its weight is less than the fitted 5.1; they
// all tell one of a few tales, so words told nothing there (-1.9) and weigh little here; age was -4.9, and real callers come
// later. Of the others the fit gave base -8.4, near 7.7, far -1.3, urgent 1.0 and number 3.7, which counts for more here. TestRadar
// draws other callers of the same maker in the same town: its figures are no measurement on data that nobody had seen, and
// say nothing of real calls, of which nobody publishes such figures. A centre that has its own can fit them anew (ADR 0019).
const (
	weightBase     = -8.0
	weightNear     = 7.2  // Times exp(-metres/120): places as they are said scatter by tens of metres.
	weightFar      = -1.3 // Times kilometres, at most 3.
	weightNoPlace  = -0.3 // One of the places is not known.
	weightAge      = -3.2 // Times half hours since the last call, at most 4.
	weightSame     = 4.2  // The same type.
	weightKin      = 0.2  // Another type of the same category.
	weightNoType   = 1.6  // One of the types is not known.
	weightWords    = 1.5  // Times what the words share.
	weightUrgent   = 0.9  // P1: what many people see and call about.
	weightNumber   = 4.5  // The same number.
	nearM          = 120.0
	farMaxKM       = 3.0
	ageMaxHalves   = 4.0
	wordsReasonMin = 0.25 // Likeness of words from which it is named as a reason.
	nearReasonM    = 400.0
)

// features are what the logistic weighs, in the order of weights.
const features = 11

func weights() [features]float64 {
	return [features]float64{
		weightBase, weightNear, weightFar, weightNoPlace, weightAge, weightSame, weightKin, weightNoType, weightWords, weightUrgent, weightNumber,
	}
}

// weigh gives the features of a pair, and the distance in metres, below 0 if it is not known.
func weigh(q *Report, k *Known) (x [features]float64, meters, words float64, age time.Duration) {
	x[0], meters = 1, -1
	if q.Place != nil && k.Place != nil {
		meters = geo.DistanceMeters(*q.Place, *k.Place)
		x[1], x[2] = math.Exp(-meters/nearM), min(meters/1000, farMaxKM)
	} else {
		x[3] = 1
	}
	age = max(q.At.Sub(k.Last), 0)
	x[4] = min(age.Hours()*2, ageMaxHalves)
	switch {
	case q.Type == "" || k.Type == "":
		x[7] = 1
	case q.Type == k.Type:
		x[5] = 1
	case q.Category != "" && q.Category == k.Category:
		x[6] = 1
	}
	words = alike(q.Words, k.Words)
	x[8] = words
	if q.Priority == cad.P1 || k.Priority == cad.P1 {
		x[9] = 1
	}
	if q.Number != "" && slices.Contains(k.Numbers, q.Number) {
		x[10] = 1
	}
	return x, meters, words, age
}

// Compare weighs a report against one open incident.
func Compare(q *Report, k *Known) Same {
	x, meters, words, age := weigh(q, k)
	sum := 0.0
	for i, w := range weights() {
		sum += w * x[i]
	}
	s := Same{Incident: k.Incident, Likelihood: 1 / (1 + math.Exp(-sum)), DistanceM: meters, AgeS: int64(age.Seconds())}
	if s.Likelihood < Shown {
		return s // Nobody reads its reasons.
	}
	say := func(code, param, value string) {
		r := Because{Code: code}
		if param != "" {
			r.Params = map[string]string{param: value}
		}
		s.Reasons = append(s.Reasons, r)
	}
	if x[10] > 0 {
		say("same_number", "", "")
	}
	if meters >= 0 && meters <= nearReasonM {
		say("same_place", "meters", strconv.Itoa(int(math.Round(meters/10)*10)))
	}
	say("same_time", "minutes", strconv.Itoa(int(age.Minutes())))
	if x[5] > 0 {
		say("same_type", "", "")
	}
	if words >= wordsReasonMin {
		say("same_words", "percent", strconv.Itoa(int(math.Round(min(words, 1)*100))))
	}
	return s
}

// Duplicates are the open incidents that a report is probably of, the likeliest first, at most ShownMax.
func Duplicates(q *Report, open []Known) []Same {
	var out []Same
	for i := range open {
		if s := Compare(q, &open[i]); s.Likelihood >= Shown {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b Same) int {
		return cmp.Or(cmp.Compare(b.Likelihood, a.Likelihood), cmp.Compare(a.Incident, b.Incident))
	})
	return out[:min(len(out), ShownMax)]
}
