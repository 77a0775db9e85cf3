package centre

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"shuniu/internal/cad"
	"shuniu/internal/org"
)

// Report prints what `shuniu check` says: every problem on its own line, or, when there is none, what the centre
// is made of. The error is the writer's.
func Report(w io.Writer, f Folder, problems []Problem) error {
	if len(problems) > 0 {
		for _, p := range problems {
			if _, err := fmt.Fprintln(w, p); err != nil {
				return fmt.Errorf("printing problems: %w", err)
			}
		}
		if _, err := fmt.Fprintf(w, "%d problem(s); this folder cannot be loaded\n", len(problems)); err != nil {
			return fmt.Errorf("printing problems: %w", err)
		}
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, part := range []func(io.Writer, org.Charter) error{overview, unitTable, typeTable, planTable, coverTable} {
		if err := part(t, f.Charter); err != nil {
			return fmt.Errorf("printing the summary: %w", err)
		}
	}
	if _, err := fmt.Fprintf(t, "\nversion\t%s\nsha-256\t%s\n", f.Charter.Settings.Version, f.Charter.Settings.Hash); err != nil {
		return fmt.Errorf("printing the summary: %w", err)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("printing the summary: %w", err)
	}
	return nil
}

// both gives a name in the languages it has.
func both(n org.Name) string {
	if n["zh"] != "" && n["en"] != "" {
		return n["zh"] + " / " + n["en"]
	}
	return n["zh"] + n["en"]
}

func overview(w io.Writer, c org.Charter) error {
	orgs, placed, drawn := map[string]int{}, 0, 0
	for _, o := range c.Orgs {
		orgs[o.Kind]++
		if o.Kind == "station" && o.Place != nil {
			placed++
		}
		if o.Kind == "station" && len(o.Area) > 0 {
			drawn++
		}
	}
	s := c.Settings
	_, err := fmt.Fprintf(w, "centre\t%s  %s\norganisation\t%d departments, %d brigades, %d stations (%d with a place, %d with an area)\nlists\t%d results, %d reasons, %d partners, %d seats, %d capabilities\n",
		c.Centre, both(s.Name), orgs["department"], orgs["brigade"], orgs["station"], placed, drawn,
		len(s.Results), len(s.Reasons), len(s.Partners), len(s.Seats), len(s.Capabilities))
	if err == nil && s.Population+len(s.Neighbours)+len(s.Premises)+len(s.Beats)+len(s.Posts)+len(s.RadioGroups)+len(s.Watches) > 0 {
		_, err = fmt.Fprintf(w, "district\t%d people, %d neighbours, %d key premises, %d beats, %d posts, %d radio groups, %d watches (%s)\n",
			s.Population, len(s.Neighbours), len(s.Premises), len(s.Beats), len(s.Posts), len(s.RadioGroups), len(s.Watches), strings.Join(s.WatchChange, " "))
	}
	if err == nil {
		err = intakeLine(w, c)
	}
	if err != nil {
		return err
	}
	for _, g := range c.Grades {
		var words []string
		for _, l := range g.Limits {
			words = append(words, fmt.Sprintf("%s %d s after %s", l.Kind, l.WithinS, l.From))
		}
		if _, err := fmt.Fprintf(w, "%s\t%s: %s\n", g.ID, both(g.Name), strings.Join(words, ", ")); err != nil {
			return err
		}
	}
	return nil
}

func unitTable(w io.Writer, c org.Charter) error {
	free, home := 0, 0
	by := map[string][]string{}
	for _, u := range c.Units {
		by[u.Kind] = append(by[u.Kind], u.CallSign)
		if u.Dispatchable {
			free++
		}
		if u.Home != nil {
			home++
		}
	}
	if _, err := fmt.Fprintf(w, "\nunits\t%d, %d of them dispatchable, %d with a home\n", len(c.Units), free, home); err != nil {
		return err
	}
	for _, k := range c.Kinds {
		signs := by[k.ID]
		ends := strings.Join(signs, " ")
		if len(signs) > 3 {
			ends = signs[0] + " .. " + signs[len(signs)-1]
		}
		if _, err := fmt.Fprintf(w, "  %s\t%d  %s%s  %s\n", k.ID, len(signs), both(k.Name), pace(k), ends); err != nil {
			return err
		}
	}
	return nil
}

// pace says how a kind of units gets on, unless it drives as a car.
func pace(k org.Kind) string {
	switch {
	case k.Straight:
		return fmt.Sprintf(", straight at %g km/h", k.Kmh)
	case k.Kmh > 0:
		return fmt.Sprintf(", at most %g km/h", k.Kmh)
	}
	return ""
}

func typeTable(w io.Writer, c org.Charter) error {
	if _, err := fmt.Fprintf(w, "\ntypes\t%d, %d tags\n", len(c.Types), len(c.Tags)); err != nil {
		return err
	}
	order := []cad.Priority{cad.P1, cad.P2, cad.P3, cad.P4}
	for _, t := range slices.SortedStableFunc(slices.Values(c.Types), func(a, b org.Type) int {
		return slices.Index(order, a.Priority) - slices.Index(order, b.Priority)
	}) {
		grade := string(t.Priority)
		if t.Level != "" {
			grade += "/" + string(t.Level)
		}
		if _, err := fmt.Fprintf(w, "  %s\t%s  %s: %s\n", t.ID, grade, both(t.Name), waves(t)); err != nil {
			return err
		}
	}
	return nil
}

// waves are whom a type sends and tells: "near×2 (armed) + own×1; then detective×1; tell 120".
func waves(t org.Type) string {
	parts := []string{"no units named"}
	if len(t.Need) > 0 {
		parts[0] = wave(t.Need)
	}
	if len(t.Second) > 0 {
		parts = append(parts, "then "+wave(t.Second))
	}
	if len(t.Seats) > 0 {
		parts = append(parts, "seats "+strings.Join(t.Seats, ", "))
	}
	var tell []string
	for _, p := range t.Partners {
		tell = append(tell, string(p))
	}
	if tell = append(tell, t.Notify...); len(tell) > 0 {
		parts = append(parts, "tell "+strings.Join(tell, ", "))
	}
	return strings.Join(parts, "; ")
}

// intakeLine says what the form of a call is given; nothing where the folder says nothing of it.
func intakeLine(w io.Writer, c org.Charter) error {
	asked, worded, questions, warned := 0, 0, map[string]bool{}, 0
	for _, t := range c.Types {
		if len(t.Questions) > 0 {
			asked++
		}
		if len(t.Words) > 0 {
			worded++
		}
		for _, q := range t.Questions {
			questions[q.ID] = true
		}
	}
	for _, p := range c.Settings.Premises {
		if len(p.Warnings) > 0 {
			warned++
		}
	}
	if asked+worded+warned == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, "intake\t%d of %d types ask questions (%d in all), %d are suggested by words, %d premises warn\n", asked, len(c.Types), len(questions), worded, warned)
	return err
}
