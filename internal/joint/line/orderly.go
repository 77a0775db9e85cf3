package line

import (
	"slices"
	"strings"

	"shuniu/internal/order"
	"shuniu/internal/org"
)

// isOpen reports whether an order is open, and whoever types may know of it.
func (r *reader) isOpen(s *order.State) bool {
	return s.Open() && (r.in.Sees == nil || r.in.Sees(s.ID))
}

// openOrder is an open order by its number; nil if there is none.
func (r *reader) openOrder(n int64) *order.State {
	for _, s := range r.house.Orders {
		if s.Number == n && r.isOpen(s) {
			return s
		}
	}
	return nil
}

// readOrderNumber takes which order a line is about.
func readOrderNumber(r *reader, p *Plan) *Reading {
	if !r.more() {
		return unfinished("line.which_order", "say which order")
	}
	w := r.token()
	n, ok := numeral(strings.TrimPrefix(r.peek().text, "#"))
	s := r.openOrder(n)
	if !ok || s == nil {
		return wrong("line.no_order", "there is no open order "+cut(w), "orders lists those that are open", "word", cut(w))
	}
	r.next()
	r.skip("号指令", "号指", "号")
	r.skip("指令", "令")
	p.Order, p.OrderNo = s.ID, s.Number
	return nil
}

// readSigned reads "签令 3 101": a recipient has taken an order. Whoever is the only one that has not need not be named.
func readSigned(r *reader, p *Plan) *Reading {
	if refusal := readOrderNumber(r, p); refusal != nil {
		return refusal
	}
	if refusal := r.readSpeaker(p, r.house.Order(p.Order).Unsigned()); refusal != nil {
		return refusal
	}
	if r.more() {
		return r.leftover()
	}
	return nil
}

// readAnswered reads "复令 3 101 已封控": a recipient says what he has done.
func readAnswered(r *reader, p *Plan) *Reading {
	if refusal := readOrderNumber(r, p); refusal != nil {
		return refusal
	}
	if refusal := r.readSpeaker(p, r.house.Order(p.Order).Unreported()); refusal != nil {
		return refusal
	}
	if p.Text = r.takeRest(); p.Text == "" {
		return unfinished("line.order_done", "say what was done")
	}
	return nil
}

// readCleared reads "销令 3": what was reported is in order, and the order is taken off the list.
func readCleared(r *reader, p *Plan) *Reading {
	if refusal := readOrderNumber(r, p); refusal != nil {
		return refusal
	}
	if r.more() {
		return r.leftover()
	}
	return nil
}

// readSpeaker takes whose word it is: who is named, or the only one that owes it.
func (r *reader) readSpeaker(p *Plan, owing []order.To) *Reading {
	stations, seats := r.match(stationsOf(r.house.Org)), r.match(seatsOf(r.house.Org))
	var to order.To
	switch {
	case r.seesUnit():
		to = order.To{Kind: order.ToUnit, ID: string(r.signs[r.next().text])}
	case len(stations.found) == 1:
		to = order.To{Kind: order.ToOrg, ID: stations.found[0].id}
		r.pass(stations.size)
	case len(seats.found) == 1 && seats.size > 2:
		to = order.To{Kind: order.ToSeat, ID: seats.found[0].id}
		r.pass(seats.size)
	case len(owing) == 1:
		to = owing[0]
	case len(owing) == 0:
		return wrong("line.order_owes_nothing", "nobody owes that of order "+number(p.OrderNo), "orders lists how far each is", "number", number(p.OrderNo))
	default:
		return unfinished("line.whose_order", "say whose word it is: "+strings.Join(namesOfTo(owing), ", "), "choices", strings.Join(namesOfTo(owing), " "))
	}
	if all := r.house.Order(p.Order).To; !slices.ContainsFunc(all, func(x order.Recipient) bool { return x.To == to }) {
		var named []order.To
		for _, x := range all {
			named = append(named, x.To)
		}
		return wrong("line.not_ordered", "order "+number(p.OrderNo)+" did not go to "+to.ID, "name one of: "+strings.Join(namesOfTo(named), ", "),
			"number", number(p.OrderNo), "who", to.ID, "choices", strings.Join(namesOfTo(named), " "))
	}
	p.By = &to
	return nil
}

func namesOfTo(all []order.To) []string {
	out := make([]string, 0, len(all))
	for _, t := range all {
		out = append(out, t.ID)
	}
	return out
}

// offerOrders offers the open orders, the newest first.
func (c *completer) offerOrders() {
	for id, s := range c.house.Orders {
		if c.isOpen(s) {
			var whom []string
			for _, x := range s.To {
				whom = append(whom, x.ID)
			}
			who := strings.Join(whom, " ")
			c.add(Completion{Text: number(s.Number), Kind: "word", ID: string(id), Help: org.Name{"zh": who, "en": who}, rank: int(min(c.house.OrderCount-s.Number, 60))}, number(s.Number))
		}
	}
}
