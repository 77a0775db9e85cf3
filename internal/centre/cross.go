package centre

import (
	"fmt"
	"strings"
)

// cross lets the charter check itself, leads each problem back to its line, and then gives every unit the abilities
// of its kind.
func (l *loader) cross() {
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
	if strings.HasPrefix(rest, ".need[") || strings.HasPrefix(rest, ".second[") {
		rest = strings.ReplaceAll(rest, ".kind", ".kinds")
	}
	if s.path == "" {
		rest = strings.TrimPrefix(rest, ".")
	}
	s.path += rest
	return s
}
