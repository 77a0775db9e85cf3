package api

import (
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/gazetteer"
	"shuniu/internal/joint/line"
)

// How a place in a line is looked up.
const (
	placesLooked = 9    // As many as have a digit.
	asGood       = 0.06 // A place whose score is not lower than the best one's by more may be meant as well.
)

// placed looks up the place that a new incident's line names. What means one place gets it; of several the person
// chooses one by its digit; what means none stays as it was told. While the map is not read nothing is looked up, so that
// a digit never means another place than the one that was shown.
func (q request) placed(r line.Reading) line.Reading {
	if r.Status != line.Ready || r.Plan.Verb != line.New || r.Plan.Address == "" {
		return r
	}
	p := q.centre.places()
	if !p.ready {
		return r
	}
	hits := p.Find(gazetteer.Query{Text: r.Plan.Address, Limit: placesLooked})
	if len(hits) == 0 || hits[0].Why == gazetteer.ByMention {
		return r
	}
	first := hits[0]
	exact := first.Why == gazetteer.ByText || first.Why == gazetteer.ByCoordinates
	meant := slices.DeleteFunc(hits, func(h gazetteer.Hit) bool {
		return h.Score < first.Score-asGood || exact && h.Why != first.Why || h.Approximate && !first.Approximate
	})
	if len(meant) == 1 && (exact || !first.Approximate) {
		plan := p.at(*r.Plan, &first, exact)
		r.Plan = &plan
		return r
	}
	out := line.Reading{Status: line.Ambiguous, Code: "line.which_place", Text: "which place?"}
	for i := range meant {
		h := &meant[i]
		out.Candidates = append(out.Candidates, line.Meaning{N: i + 1, Label: p.label(h), Plan: p.at(*r.Plan, h, false)})
	}
	return out
}

// at is a plan with its place. The address stays as it was told where that was the very name, or where the place only
// stands for it.
func (p places) at(plan line.Plan, h *gazetteer.Hit, told bool) line.Plan {
	at := h.Point
	plan.Place, plan.Approx = &at, h.Approximate
	if !told && !h.Approximate {
		plan.Address = p.found(h).Title
	}
	return plan
}

// label tells places apart: by name and by who is responsible.
func (p places) label(h *gazetteer.Hit) string {
	label := p.found(h).Title
	if h.Approximate {
		label = "≈ " + label
	}
	if name := stationName(p, h.Station); name != "" {
		label += " · " + name
	}
	return label
}

// stationName is the name on a station's sign.
func stationName(p places, id cad.OrgID) string {
	n := p.org.Orgs[id].Name
	if zh := n["zh"]; zh != "" {
		return zh
	}
	return n["en"]
}
