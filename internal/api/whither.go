package api

import (
	"cmp"
	"slices"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/gazetteer"
	"shuniu/internal/joint/line"
)

// How a place in a line is looked up.
const (
	placesLooked = 20   // More than have a digit, to see whether there are more.
	placesAsked  = 8    // As many as have a digit; the last digit keeps the words as they were told.
	asGood       = 0.06 // A place whose score is not lower than the best one's by more may be meant as well.
)

// placed looks up the place that a line names, of a new incident or of one that is put elsewhere. What is told by its very name, or by letters that stand for one
// place only, is taken; of several, and of what only resembles, the person chooses by a digit, and may always keep his words
// without a place. What means nothing, or more than there are digits for, stays as it was told: no call waits for a
// place (P8). While the map is not read nothing is looked up, so that a digit never means another place than the one shown.
func (q request) placed(r line.Reading) (out line.Reading) {
	if r.Status != line.Ready || r.Plan.Verb != line.New && r.Plan.Verb != line.Locate || r.Plan.Address == "" {
		return r
	}
	defer func() {
		if recover() != nil {
			out = r // A fault of the search costs the place, never the call.
		}
	}()
	p := q.centre.places()
	if !p.ready {
		return r
	}
	meant := p.meant(r.Plan.Address)
	switch {
	case len(meant) == 0 || len(meant) > placesAsked:
		return r
	case len(meant) == 1 && p.taken(&meant[0], r.Plan.Address):
		plan := p.at(*r.Plan, &meant[0])
		r.Plan = &plan
		return r
	}
	out = line.Reading{Status: line.Ambiguous, Code: "line.which_place", Text: "which place?"}
	for i := range meant {
		h := &meant[i]
		out.Candidates = append(out.Candidates, line.Meaning{N: i + 1, Label: p.label(h), Plan: p.at(*r.Plan, h)})
	}
	told := line.Meaning{N: len(meant) + 1, Label: r.Plan.Address, Code: "line.as_told", Params: map[string]string{"text": r.Plan.Address}, Plan: *r.Plan}
	out.Candidates = append(out.Candidates, told)
	return out
}

// meant are the places that a text may mean, as good as the best of them.
func (p places) meant(text string) []gazetteer.Hit {
	hits := p.Find(gazetteer.Query{Text: text, Limit: placesLooked})
	if len(hits) == 0 || hits[0].Why == gazetteer.ByMention || hits[0].Why == gazetteer.ByClass {
		return nil
	}
	first := hits[0]
	exact := first.Why == gazetteer.ByText || first.Why == gazetteer.ByCoordinates
	return slices.DeleteFunc(hits, func(h gazetteer.Hit) bool {
		return h.Score < first.Score-asGood || exact && h.Why != first.Why || h.Approximate && !first.Approximate
	})
}

// placesOffered is how many places are offered behind an @.
const placesOffered = 5

// offered are the places whose names may go on behind the last @ of a line, in the language in which it is typed.
func (p places) offered(text string) []line.Place {
	sought := line.Seeks(text)
	if sought == "" || !p.ready {
		return nil
	}
	chinese := strings.ContainsFunc(text, func(r rune) bool { return r > 0x2E80 })
	var out []line.Place
	for _, h := range p.Find(gazetteer.Query{Text: sought, Limit: placesLooked}) {
		if h.Approximate || !slices.Contains([]string{gazetteer.ByText, gazetteer.ByPart, gazetteer.ByPinyin, gazetteer.ByInitials, gazetteer.BySound}, h.Why) {
			continue
		}
		f := p.found(&h)
		name := f.Title
		if !chinese {
			name = cmp.Or(f.TitleEn, f.Title)
		}
		if name != "" && len(out) < placesOffered && !slices.ContainsFunc(out, func(x line.Place) bool { return x.Text == name }) {
			out = append(out, line.Place{Text: name, Help: p.org.Orgs[h.Station].Name})
		}
	}
	return out
}

// taken reports whether the only place that is meant is taken without a question: it was told whole, or by its letters.
func (p places) taken(h *gazetteer.Hit, told string) bool {
	switch h.Why {
	case gazetteer.ByCoordinates:
		return true
	case gazetteer.ByText:
		return h.Approximate || p.whole(h, told)
	case gazetteer.ByPinyin, gazetteer.ByInitials:
		return !h.Approximate
	}
	return false
}

// whole reports whether a text is the very name of a hit, and not its beginning.
func (p places) whole(h *gazetteer.Hit, told string) bool {
	plain := func(s string) string {
		return strings.ToLower(strings.TrimSuffix(strings.Join(strings.Fields(s), ""), "号"))
	}
	f := p.found(h)
	names := []string{f.Title, f.TitleEn, f.Ref}
	if h.Kind == gazetteer.Station {
		names = append(names, stationName(p, h.Station))
	}
	for _, name := range names {
		if name != "" && plain(name) == plain(told) {
			return true
		}
	}
	return h.Kind == gazetteer.Crossing // Two names, both found.
}

// at is a plan with its place. The address is the name as the map has it, in whatever language it was told: one English
// name may stand for two streets. Where the place only stands for what was told, that stays, with the name behind it
// unless it is told.
func (p places) at(plan line.Plan, h *gazetteer.Hit) line.Plan {
	at := h.Point
	plan.Place, plan.Approx = &at, h.Approximate || h.Kind == gazetteer.Street // A street is long.
	switch title := p.found(h).Title; {
	case title == "": // Coordinates.
	case !h.Approximate:
		plan.Address = title
	case !tells(plan.Address, h.Name.Text) || !tells(plan.Address, h.Other.Text):
		plan.Address += " (≈ " + title + ")"
	}
	return plan
}

// tells reports whether a text has a name in it.
func tells(text, name string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(name))
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
