package joint

import (
	"strconv"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// PaperMost is how many numbers of paper cards are given at once: a seat keeps some for the time without a server.
const PaperMost = 200

// TakePaper gives numbers for paper cards, which nobody else gets ever again: two cards with one number would be taken
// for one incident when they are entered.
type TakePaper struct{ Count int64 }

// Verb names it for policy.
func (TakePaper) Verb() string { return "paper.take" }

// Target is the centre as a whole.
func (TakePaper) Target() cad.Subject { return "" }

// Decide gives the next numbers. The answer's number is the first of them.
func (c TakePaper) Decide(h *House, _ Moment) (Outcome, error) {
	if c.Count < 1 || c.Count > PaperMost {
		return Outcome{}, fault.New("paper.Take", fault.Invalid, "1 to %d numbers are given at once", PaperMost).
			Because("bad_count", "most", strconv.Itoa(PaperMost)).At("count")
	}
	first := h.Paper + 1
	return emit([]cad.Fact{PaperTaken{First: first, Count: c.Count}}, Answer{Number: first}), nil
}

// PaperTaken says that numbers of paper cards were given away.
type PaperTaken struct {
	First int64 `json:"first"`
	Count int64 `json:"count"`
}

// FactType is the name in the journal.
func (PaperTaken) FactType() string { return "paper.taken" }

// Paper is the subject of all that is said of paper cards.
const Paper cad.Subject = "paper:cards"

// Subjects are the cards.
func (PaperTaken) Subjects() []cad.Subject { return []cad.Subject{Paper} }

func (PaperTaken) house() {}
