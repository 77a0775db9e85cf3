package org

import (
	"fmt"
	"regexp"

	"shuniu/internal/cad"
)

// plainID is what the ids of questions and answers may be: they stand in facts in the clear.
var plainID = regexp.MustCompile(`^[a-z0-9_]{1,40}$`) //nolint:gochecknoglobals // A pattern.

// intake checks what the form of a type needs.
func (v *checker) intake(field string, t Type, types map[cad.TypeID]bool) {
	if t.Seat != "" && !v.seats[t.Seat] {
		v.unknown(field+".first_seat", "seat", t.Seat, "name one of settings.seats")
	}
	if len(t.Questions) > QuestionsMax {
		v.note(field+".ask", fmt.Sprintf("a type asks at most %d questions", QuestionsMax), "leave out what is not needed while somebody waits")
	}
	seen := map[string]bool{}
	for _, q := range t.Questions {
		at := fmt.Sprintf("questions[%s]", q.ID)
		if !plainID.MatchString(q.ID) {
			v.note(at, "the id of a question is short, of small letters, figures and _", "give it another id")
		}
		if seen[q.ID] {
			v.note(field+".ask", fmt.Sprintf("%q is asked twice", q.ID), "ask it once")
		}
		seen[q.ID] = true
		v.question(at, q, types)
	}
}

// question checks one question by its kind.
func (v *checker) question(at string, q Question, types map[cad.TypeID]bool) {
	v.named(at+".ask", q.Ask)
	if len(q.Options) > OptionsMax {
		v.note(at+".options", fmt.Sprintf("a question has at most %d answers, one for each key", OptionsMax), "put some together")
	}
	switch q.Kind {
	case AskChoice:
		if len(q.Options) < 2 {
			v.note(at+".options", "a choice needs at least two answers", "give them as options, or ask for yes, number or text")
		}
	case AskText:
		if len(q.Options) > 0 {
			v.note(at+".options", "words have no options", "ask for a choice, or leave them out")
		}
	case AskNumber, AskYes:
	default:
		v.unknown(at+".kind", "kind of question", q.Kind, "choice, number, text or yes")
	}
	seen, from := map[string]bool{}, -1
	for i, o := range q.Options {
		field := fmt.Sprintf("%s.options[%d]", at, i)
		if !plainID.MatchString(o.ID) || seen[o.ID] {
			v.note(field, "the id of an answer is empty, given twice, or not of small letters, figures and _", "give each one its own id")
		}
		seen[o.ID] = true
		switch {
		case q.Kind == AskChoice && o.Name["zh"] == "" && o.Name["en"] == "":
			v.note(field, "the answer has no name", "give a zh or en name")
		case q.Kind == AskYes && o.ID != "yes" && o.ID != "no" && o.ID != "unknown":
			v.note(field, "such a question is answered by yes, no or unknown", "use one of these ids")
		case q.Kind == AskNumber && o.From <= from:
			v.note(field, "numbers rise, each from a higher one on", "write from: 1, from: 3 ...")
		}
		from = o.From
		v.raises(field, o.Raises, types)
	}
}

// raises checks that what an answer raises is there.
func (v *checker) raises(field string, r *Raise, types map[cad.TypeID]bool) {
	if r == nil {
		return
	}
	if !r.Priority.Valid() {
		v.unknown(field+".raises", "priority", string(r.Priority), "one of P1 P2 P3 P4")
	}
	for _, tag := range r.Tags {
		if !v.tags[tag] {
			v.unknown(field+".raises", "tag", string(tag), "name one of the tags")
		}
	}
	if r.Type != "" && !types[r.Type] {
		v.unknown(field+".raises", "type", string(r.Type), "name one of the types")
	}
}

// premises checks that a premise with warnings can be found.
func (v *checker) premises(list []Premise) {
	seen := map[string]bool{}
	for _, p := range list {
		at := fmt.Sprintf("settings.premises[%s]", p.ID)
		once(v, at, p.ID, seen[p.ID])
		v.named(at, p.Name)
		seen[p.ID] = true
		switch {
		case p.Place != nil && !p.Place.Valid():
			v.note(at+".place", "it is nowhere on earth", "longitude first, degrees")
		case !distance(p.RadiusM):
			v.note(at+".radius_m", "a distance cannot be negative", "leave it out for the usual one")
		case len(p.Warnings) > 0 && p.Place == nil:
			v.note(at+".warnings", "nobody would see them: the premise has no place", "give its place as [longitude, latitude]")
		}
		for _, w := range p.Warnings {
			v.named(at+".warnings", w)
		}
	}
}
