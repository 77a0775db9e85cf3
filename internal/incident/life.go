package incident

import (
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Phase is how far an incident has come. How far its units are is computed from their assignments, not here.
type Phase string

// The phases.
const (
	Received     Phase = "received"      // 接警
	Classified   Phase = "classified"    // 分类定级
	InWork       Phase = "in_work"       // 处置中
	ReportedBack Phase = "reported_back" // 已反馈; not closed
	Reviewed     Phase = "reviewed"      // 审核
	Closed       Phase = "closed"        // 办结
	Merged       Phase = "merged"        // 合并警单: its calls live on in another
	Transferred  Phase = "transferred"   // 分流: another service took it over
	Invalid      Phase = "invalid"       // 无效
)

// life is the whole table of what may follow what. An incident that ended early (merged, transferred, invalid)
// may come back: all three are reversible, because a person on the telephone may have been misunderstood.
var life = map[Phase][]Phase{
	"":           {Received},
	Received:     {Classified, InWork, ReportedBack, Merged, Transferred, Invalid},
	Classified:   {InWork, ReportedBack, Merged, Transferred, Invalid},
	InWork:       {ReportedBack, Merged, Transferred, Invalid},
	ReportedBack: {InWork, Reviewed, Merged, Transferred, Invalid},
	Reviewed:     {InWork, ReportedBack, Closed, Merged},                 // A better final word is reviewed again.
	Closed:       {InWork},                                               // Reopened.
	Merged:       {Received, Classified, InWork, ReportedBack, Reviewed}, // Split off again, to where it was.
	Transferred:  {InWork},
	Invalid:      {InWork},
}

// check reports whether an incident may move between two phases.
func check(op string, from, to Phase) error {
	if from == "" {
		return missing(op)
	}
	if slices.Contains(life[from], to) {
		return nil
	}
	return fault.New(op, fault.Conflict, "an incident that is %s cannot become %s", from, to).
		Because("phase", "from", string(from), "to", string(to))
}

func missing(op string) *fault.Error {
	return fault.New(op, fault.NotFound, "there is no such incident").Because("no_incident")
}

// mayOpen is the check of verbs that any open incident takes.
func mayOpen(op string, s State) error {
	switch {
	case s.Phase == "":
		return missing(op)
	case !s.Open():
		return ended(op, s)
	}
	return nil
}

// verb is one row of the table of what a person may do: its name and the check that its command makes.
type verb struct {
	name string
	may  func(State, Around) error
}

// verbs is that table, in the order the console shows the buttons.
var verbs = []verb{
	{"dispatch", mayDispatch},
	{"recall", mayRecall},
	{"raise_wave", mayRaiseWave},
	{"classify", mayClassify},
	{"note", mayNote},
	{"add_file", mayAddFile},
	{"withdraw_file", mayWithdrawFile},
	{"locate", mayLocate},
	{"link", mayLink},
	{"unlink", mayUnlink},
	{"merge", mayMerge},
	{"split", maySplit},
	{"with", mayActTogether},
	{"transfer", mayTransfer},
	{"follow_up", mayFollowUp},
	{"urge", mayUrge},
	{"answers", mayAnswer},
	{"schedule", maySchedule},
	{"ask_seat", mayAskSeat},
	{"seat_takes", mayTakeSeat},
	{"seat_done", mayEndSeat},
	{"chase", mayChase},
	{"feedback", mayFeedback},
	{"review", mayReview},
	{"return", mayReturn},
	{"close", mayClose},
	{"reopen", mayReopen},
	{"invalid", mayInvalidate},
	{"handover", mayHandOver},
	{"draw", mayDraw},
	{"undraw", mayUndraw},
	{"acknowledge", mayAcknowledge},
}

// Next lists every verb of the room, with the reason for each refusal.
func Next(s State, a Around) []cad.Step {
	out := make([]cad.Step, 0, len(verbs))
	for _, v := range verbs {
		out = append(out, cad.StepOf(v.name, v.may(s, a)))
	}
	return out
}
