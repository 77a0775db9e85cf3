package order

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Phase is how far an order has come: as far as the last of its recipients.
type Phase string

// The phases.
const (
	Issued   Phase = "issued"   // 待签收: somebody has not signed.
	Signed   Phase = "signed"   // 已签收: all have.
	Acting   Phase = "acting"   // 办理中: all have signed, and somebody works on it.
	Reported Phase = "reported" // 已反馈: all have reported.
	Checked  Phase = "checked"  // 已核查: what they reported is in order.
	Cleared  Phase = "cleared"  // 销号
	Revoked  Phase = "revoked"  // 撤销
)

// life is the whole table of what may follow what. What has ended is not taken up again: it is issued anew.
var life = map[Phase][]Phase{
	"":       {Issued},
	Issued:   {Signed, Acting, Reported, Revoked}, // Whoever acts or reports has signed.
	Signed:   {Acting, Reported, Revoked},
	Acting:   {Reported, Revoked},
	Reported: {Acting, Checked, Cleared, Revoked}, // Back to acting when a report is sent back.
	Checked:  {Acting, Cleared, Revoked},
	Cleared:  {},
	Revoked:  {},
}

// Phase is how far it has come; empty if it was never issued.
func (s State) Phase() Phase {
	switch {
	case s.ID == "":
		return ""
	case !s.RevokedAt.IsZero():
		return Revoked
	case !s.ClearedAt.IsZero():
		return Cleared
	case !s.CheckedAt.IsZero():
		return Checked
	case len(s.Unreported()) == 0:
		return Reported
	case len(s.Unsigned()) > 0:
		return Issued
	case len(s.those(func(r Recipient) bool { return !r.ActedAt.IsZero() || !r.ReportedAt.IsZero() })) > 0:
		return Acting
	}
	return Signed
}

// mayOpen is the check of every verb that an open order takes.
func mayOpen(op string, s State) error {
	switch {
	case s.ID == "":
		return missing(op)
	case !s.Open():
		return fault.New(op, fault.Conflict, "the order is %s", string(s.Phase())).Because("order_over", "phase", string(s.Phase())).
			Mend("issue a new one")
	}
	return nil
}

// verb is one row of the table of what a person may do: its name, the check that its command makes, and whether it would
// change nothing now, whoever of the recipients it is about.
type verb struct {
	name string
	may  func(State) error
	idle func(State) bool
}

// verbs is that table, in the order the console shows the buttons.
var verbs = []verb{
	{"sign", maySign, func(s State) bool { return len(s.Unsigned()) == 0 }},
	{"act", mayAct, func(s State) bool {
		return len(s.those(func(r Recipient) bool { return r.ActedAt.IsZero() && r.ReportedAt.IsZero() })) == 0
	}},
	{"report", mayReport, func(State) bool { return false }},
	{"check", mayCheck, func(s State) bool { return false }},
	{"clear", mayClear, func(State) bool { return false }},
	{"chase", mayChase, func(State) bool { return false }},
	{"supervise", mayChase, func(State) bool { return false }},
	{"ask_extension", mayAsk, func(State) bool { return false }},
	{"extend", mayExtend, func(State) bool { return false }},
	{"decline_extension", mayDecline, func(State) bool { return false }},
	{"revoke", mayRevoke, func(State) bool { return false }},
}

// Next lists every verb of the room, with the reason for each one that would be refused or change nothing.
func Next(s State) []cad.Step {
	out := make([]cad.Step, 0, len(verbs))
	for _, v := range verbs {
		err := v.may(s)
		if err == nil && v.idle(s) {
			err = fault.New("order.Next", fault.Conflict, "it is so already").Because("already", "verb", v.name)
		}
		out = append(out, cad.StepOf(v.name, err))
	}
	return out
}
