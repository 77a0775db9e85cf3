package centre

import (
	"fmt"
	"io"

	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/survey"
)

// Areas are the areas of a charter's stations, as a surveyor looks at them.
func Areas(c org.Charter) []survey.Area {
	var out []survey.Area
	for _, o := range c.Orgs {
		if len(o.Area) > 0 {
			name := o.Name["zh"]
			if name == "" {
				name = o.Name["en"]
			}
			out = append(out, survey.Area{ID: string(o.ID), Name: name, Shape: o.Area})
		}
	}
	return out
}

// surveyLines is how many overlaps, and how many holes, are told one by one.
const surveyLines = 10

// SurveyReport prints where areas do not fit together. None of it keeps a centre from working: of a call in an overlap or
// a hole the desk knows whose it is, by rules that nobody chose. The error is the writer's.
func SurveyReport(w io.Writer, r survey.Report) error {
	say := func(format string, args ...any) error {
		if _, err := fmt.Fprintf(w, format+"\n", args...); err != nil {
			return fmt.Errorf("printing the areas: %w", err)
		}
		return nil
	}
	if len(r.Areas) == 0 {
		return say("areas: none")
	}
	if err := say("areas: %d, on a grid of %.1f m: %d broken, %d overlaps, %d holes", len(r.Areas), r.CellM, len(r.Broken), len(r.Overlaps), len(r.Holes)); err != nil {
		return err
	}
	for _, b := range r.Broken {
		if err := say("  broken: %s: %s, at %s", b.Area, b.Text, spell(b.At)); err != nil {
			return err
		}
	}
	var rest float64
	for i, o := range r.Overlaps {
		if i >= surveyLines {
			rest += o.M2
			continue
		}
		if err := say("  warning: %s and %s overlap on %.0f m2 near %s; calls there go to the one whose id comes first", o.A, o.B, o.M2, spell(o.At)); err != nil {
			return err
		}
	}
	if n := len(r.Overlaps) - surveyLines; n > 0 {
		if err := say("  and %d more overlaps, %.0f m2 together", n, rest); err != nil {
			return err
		}
	}
	if r.Cut {
		if err := say("  there are more overlaps than could be kept: the same areas may be in the file twice"); err != nil {
			return err
		}
	}
	rest = 0
	for i, h := range r.Holes {
		if i >= surveyLines {
			rest += h.M2
			continue
		}
		if err := say("  warning: %.0f m2 near %s belong to nobody; calls there go to the station whose house is nearest", h.M2, spell(h.At)); err != nil {
			return err
		}
	}
	if n := len(r.Holes) - surveyLines; n > 0 {
		return say("  and %d more holes, %.0f m2 together", n, rest)
	}
	return nil
}

// spell writes a place as a folder would: longitude first.
func spell(p geo.Point) string { return fmt.Sprintf("[%.6f, %.6f]", p.Lon, p.Lat) }
