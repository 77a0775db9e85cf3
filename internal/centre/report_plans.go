package centre

import (
	"fmt"
	"io"
	"strings"

	"shuniu/internal/org"
)

// planTable lists the response plans: when each is for, and what it asks for wave by wave.
func planTable(w io.Writer, c org.Charter) error {
	if len(c.Plans) == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(w, "\nplans\t%d\n", len(c.Plans)); err != nil {
		return err
	}
	if crew := c.Settings.Crew; crew != nil {
		with := "where a need asks for one"
		if len(crew.Priorities) > 0 {
			with = "for every patrol and station crew of " + joined(crew.Priorities)
		}
		if _, err := fmt.Fprintf(w, "  a crew\t%d people, %d of them sworn; %s\n", crew.Officers, crew.Sworn, with); err != nil {
			return err
		}
	}
	for _, p := range c.Plans {
		if _, err := fmt.Fprintf(w, "  %s\t%s: %s\n", p.ID, both(p.Name), when(p.When)); err != nil {
			return err
		}
		for _, x := range p.Waves {
			if _, err := fmt.Fprintf(w, "  \t  wave %d: %s\n", x.N, asks(x)); err != nil {
				return err
			}
		}
	}
	return nil
}

// when is a plan's condition in words.
func when(c org.When) string {
	var parts []string
	for _, p := range []struct{ name, text string }{
		{"type", joined(c.Types)},
		{"tag", joined(c.Tags)},
		{"level", joined(c.Levels)},
		{"priority", joined(c.Priorities)},
		{"station", joined(c.Stations)},
	} {
		if p.text != "" {
			parts = append(parts, p.name+" "+p.text)
		}
	}
	if len(c.Area) > 0 {
		parts = append(parts, "within an area")
	}
	return strings.Join(parts, ", ")
}

// joined is a list of ids in words: "a, b or c".
func joined[T ~string](list []T) string {
	var out []string
	for _, x := range list {
		out = append(out, string(x))
	}
	if n := len(out); n > 1 {
		return strings.Join(out[:n-1], ", ") + " or " + out[n-1]
	}
	return strings.Join(out, "")
}

// asks is what a wave asks for in one line.
func asks(w org.Wave) string {
	var parts []string
	if len(w.Needs) > 0 {
		parts = append(parts, wave(w.Needs))
	}
	if len(w.AtLeast) > 0 {
		parts = append(parts, "at least "+wave(w.AtLeast))
	}
	if len(w.Seats) > 0 {
		parts = append(parts, "seats "+strings.Join(w.Seats, ", "))
	}
	var tell []string
	for _, p := range w.Partners {
		tell = append(tell, string(p))
	}
	if tell = append(tell, w.Notify...); len(tell) > 0 {
		parts = append(parts, "tell "+strings.Join(tell, ", "))
	}
	return strings.Join(parts, "; ")
}

// wave is what is needed, in one line: "near×2 (armed) + own×1 a crew, stays back, or near×1".
func wave(needs []org.Need) string {
	var words []string
	for _, n := range needs {
		word := fmt.Sprintf("%s×%d", n.Slot, n.Count)
		if n.Capability != "" {
			word += " (" + n.Capability + ")"
		}
		if n.Crew {
			word += " a crew"
		}
		if n.Hold {
			word += " stays back"
		}
		if len(n.Or) > 0 {
			word += " or " + strings.ReplaceAll(wave(n.Or), " + ", " or ")
		}
		words = append(words, word)
	}
	return strings.Join(words, " + ")
}

// coverTable lists the classes of cover with their standards.
func coverTable(w io.Writer, c org.Charter) error {
	if len(c.Cover) == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(w, "\ncover\t%d\n", len(c.Cover)); err != nil {
		return err
	}
	s := c.State()
	for _, class := range c.Cover {
		units := 0
		for _, u := range c.Roster() {
			if u.Dispatchable && s.Covers(class, u.Kind, u.Station, "") {
				units++
			}
		}
		text := fmt.Sprintf("%s: %d units within %d s", both(class.Name), units, class.StandardS)
		for _, a := range class.Areas {
			if a.StandardS == 0 {
				text += fmt.Sprintf(", not in %s", a.Station)
				continue
			}
			text += fmt.Sprintf(", %s %d s", a.Station, a.StandardS)
		}
		if _, err := fmt.Fprintf(w, "  %s\t%s\n", class.ID, text); err != nil {
			return err
		}
	}
	return nil
}
