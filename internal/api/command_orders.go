package api

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"shuniu/internal/joint"
	"shuniu/internal/joint/line"
	"shuniu/internal/order"
)

// followedByLine is what became of an order: a recipient has taken it, says what he has done, or it is off the list.
func (q request) followedByLine(p line.Plan) (joint.Command, error) {
	if p.Verb == line.Cleared {
		return joint.AboutOrder{ID: p.Order, Name: "check", Cmd: order.Check{ID: p.Order, Good: true, Clear: true}}, nil
	}
	if p.Verb == line.Signed {
		return joint.AboutOrder{ID: p.Order, Name: "sign", For: p.By, Cmd: order.Sign{ID: p.Order, To: *p.By}}, nil
	}
	_, under := q.order(string(p.Order))
	sealed, err := q.seal(under, p.Text)
	return joint.AboutOrder{ID: p.Order, Name: "report", For: p.By, Cmd: order.Report{ID: p.Order, To: *p.By, Text: sealed}}, err
}

// openOrders says of each open order that this session may read who it went to and how far each is: "3: 101 + · st2 ✓".
func (q request) openOrders() (listed string, count int) {
	var all []*order.State
	q.centre.Board.Look(func(h *joint.House) {
		for _, s := range h.Orders {
			if s.Open() && q.centre.Desk.May(q.actor, "order.read", h.Thing(order.Subject(s.ID))) == nil {
				all = append(all, s)
			}
		}
	})
	slices.SortFunc(all, func(a, b *order.State) int { return cmp.Compare(b.Number, a.Number) })
	const most = 12 // An answer is one line; the panel of orders shows all.
	out := make([]string, 0, most)
	for _, s := range all[:min(most, len(all))] {
		out = append(out, strconv.FormatInt(s.Number, 10)+": "+progress(s))
	}
	return strings.Join(out, "; "), len(all)
}

// progress is who an order went to, with a sign for how far each is: + has signed, ✓ has reported.
func progress(s *order.State) string {
	var out []string
	for _, r := range s.To {
		word := r.ID
		switch {
		case !r.ReportedAt.IsZero():
			word += " ✓"
		case !r.SignedAt.IsZero():
			word += " +"
		}
		out = append(out, word)
	}
	return strings.Join(out, " · ")
}

// follows says in a sentence what became of an order.
func (w *Sentence) follows(p line.Plan) {
	w.Params["order"] = strconv.FormatInt(p.OrderNo, 10)
	if p.By != nil {
		w.Params["whom"] = p.By.ID
	}
}
