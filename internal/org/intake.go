package org

import (
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// The kinds of questions.
const (
	AskChoice = "choice" // One of its options.
	AskNumber = "number" // A whole number, 0 or more.
	AskText   = "text"   // Words, which are sealed like every word of a caller.
	AskYes    = "yes"    // Yes, no, or nobody knows: the answers "yes", "no" and "unknown".
)

// What one question may have: its answers are given by one key each, 1 to 8.
const (
	QuestionsMax = 8
	OptionsMax   = 8
)

// Question is what a call-taker asks about a type of incidents.
type Question struct {
	ID      string   `json:"id"`
	Ask     Name     `json:"ask"`
	Kind    string   `json:"kind"`              // AskChoice, AskNumber, AskText or AskYes.
	Options []Option `json:"options,omitempty"` // Of a choice: the answers. Of the others: which answers raise something.
	First   bool     `json:"first,omitempty"`   // Asked before everything else while a life is in danger.
}

// Option is one answer, and what it raises.
type Option struct {
	ID     string `json:"id"`
	Name   Name   `json:"name,omitempty"` // None for those of a number and of yes and no.
	From   int    `json:"from,omitempty"` // Of a number: it holds from this answer on.
	Raises *Raise `json:"raises,omitempty"`
}

// Raise is what an answer suggests: it is shown, and a person takes it. Of a tag that must be acknowledged the duty commander
// is told at once, taken or not.
type Raise struct {
	Priority cad.Priority `json:"priority,omitempty"`
	Tags     []cad.TagID  `json:"tags,omitempty"`
	Type     cad.TypeID   `json:"type,omitempty"`
}

// Premise is a key premise (要害部位), with what whoever is sent there must know.
type Premise struct {
	ID       string     `json:"id"`
	Name     Name       `json:"name"`
	Kind     string     `json:"kind,omitempty"`     // A code: "school", "fuel", "water", ...
	Place    *geo.Point `json:"place,omitempty"`    // nil: only the map knows where.
	RadiusM  cad.Meters `json:"radius_m,omitempty"` // Within so many metres its warnings are shown.
	Warnings []Name     `json:"warnings,omitempty"`
}

// Asked finds a question of a type; false if it has none of that id.
func (t Type) Asked(id string) (Question, bool) {
	i := slices.IndexFunc(t.Questions, func(q Question) bool { return q.ID == id })
	if i < 0 {
		return Question{}, false
	}
	return t.Questions[i], true
}

// Meant is the option that an answer means, of numbers the last one that holds; false if none does.
func (q Question) Meant(value string) (Option, bool) {
	number, err := strconv.Atoi(value)
	for _, o := range slices.Backward(q.Options) {
		if q.Kind == AskNumber && err == nil && number >= o.From || q.Kind != AskNumber && o.ID == value {
			return o, true
		}
	}
	return Option{}, false
}

// Question finds a question that any type asks; false if none does. What was answered stands also when the type has changed
// since.
func (s State) Question(id string) (Question, bool) {
	for _, t := range s.TypeOrder {
		if q, ok := s.Types[t].Asked(id); ok {
			return q, true
		}
	}
	return Question{}, false
}

// numberDigits bounds an answer in figures.
const numberDigits = 12

// Takes reports whether a question can be answered so. Words are checked by whoever seals them.
func (q Question) Takes(value string) bool {
	switch q.Kind {
	case AskChoice:
		return slices.ContainsFunc(q.Options, func(o Option) bool { return o.ID == value })
	case AskYes:
		return value == "yes" || value == "no" || value == "unknown"
	case AskNumber:
		return value != "" && len(value) <= numberDigits && !strings.ContainsFunc(value, func(r rune) bool { return r < '0' || r > '9' })
	}
	return false
}
