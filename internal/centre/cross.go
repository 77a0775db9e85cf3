package centre

import (
	"fmt"
	"slices"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/org"
)

// cross lets the charter check itself, leads each problem back to its line, and then gives every unit the abilities
// of its kind.
func (l *loader) cross() {
	l.filled()
	told := map[Problem]bool{}
	for _, p := range l.charter.Validate() {
		s := l.where(p.Field)
		at := l.find(s)
		once := Problem{File: s.file, Line: at.line, Column: at.column, Text: p.Text}
		if told[once] {
			continue // Said of the first unit of a range.
		}
		told[once] = true
		l.note(s, subject(p.Field)+p.Text, strings.ReplaceAll(p.Remedy, "settings.", centreYAML+": "))
	}
	l.charter.Units = l.charter.Roster()
}

// filled notes what no centre can work without. A charter may lack it, because journals hold old ones; a folder may not.
func (l *loader) filled() {
	for _, p := range []cad.Priority{"P1", "P2", "P3", "P4"} {
		if !slices.ContainsFunc(l.charter.Grades, func(g org.Grade) bool { return g.ID == p }) {
			l.note(spot{file: typesYAML}, "there is no priority "+string(p), "give each of P1 P2 P3 P4 under priorities, with its limits")
		}
	}
	if len(l.charter.Types) == 0 {
		l.note(spot{file: typesYAML}, "there is no type", "give at least one under types")
	}
	if len(l.charter.Units) == 0 {
		l.note(spot{file: unitsYAML}, "there is no unit", "give at least one under units")
	}
}

// subject names what a problem is about where a line stands for several things.
func subject(field string) string {
	before, rest, ok := strings.Cut(field, "[")
	id, _, closed := strings.Cut(rest, "]")
	if !ok || !closed || id == "" {
		return ""
	}
	before = strings.TrimPrefix(before, "settings.")
	if one, many := strings.CutSuffix(before, "ies"); many {
		return fmt.Sprintf("%sy %s: ", one, id)
	}
	return fmt.Sprintf("%s %s: ", strings.TrimSuffix(before, "s"), id)
}

// where turns a charter's field into a value of a file: "types[knife].need[0].count" is "types[3].need[0].count".
func (l *loader) where(field string) spot {
	best := ""
	for name := range l.alias {
		if strings.HasPrefix(field, name) && len(name) > len(best) {
			best = name
		}
	}
	s := l.alias[best]
	if s.file == "" {
		s.file = centreYAML // A field that no part of a folder gives: the whole is meant.
	}
	rest := strings.TrimSuffix(strings.TrimPrefix(field, best), "_s") // Seconds are written as a time span.
	switch {
	case s.file == coverYAML:
		rest = strings.ReplaceAll(rest, ".standard", ".within")
		rest = strings.ReplaceAll(rest, ".station", ".stations")
	case s.file == plansYAML, strings.HasPrefix(rest, ".need["), strings.HasPrefix(rest, ".second["):
		rest = strings.ReplaceAll(rest, ".kind", ".kinds")
	}
	if s.path == "" {
		rest = strings.TrimPrefix(rest, ".")
	}
	s.path += rest
	return s
}
