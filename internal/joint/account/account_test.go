package account_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/account"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/order"
	"shuniu/internal/report"
)

// sealed are words that a test puts into the story by itself.
var sealed = cad.Sealed{Subject: "incident:i1", Slot: 1, Box: []byte("words")}

// town is the made-up centre with crews at their homes and incident i1, a theft beside the west station.
func town(t *testing.T) *jointtest.Town {
	t.Helper()
	w := jointtest.NewTown(t, jointtest.Charter(jointtest.Centre))
	for _, u := range []cad.UnitID{"101", "102", "211", "221"} {
		w.Do(joint.SayUnit{Unit: u, To: "available"})
	}
	w.Do(joint.Receive{ID: "i1", Source: incident.Phone, Type: "theft", Level: "II", Place: jointtest.At(-800, 0), Street: "Old Mill Road", Private: sealed})
	return w
}

func send(w *jointtest.Town, units ...cad.UnitID) {
	c := dispatch.Send{Incident: "i1"}
	for _, u := range units {
		c.Units, c.IDs = append(c.Units, u), append(c.IDs, cad.AssignmentID(fmt.Sprint(u, "@", w.House.Seq)))
	}
	w.Do(c)
}

func about(w *jointtest.Town, c incident.Command) {
	w.Do(joint.AboutIncident{ID: "i1", Name: "about", Cmd: c})
}

func file(w *jointtest.Town, k report.Kind) {
	w.Do(joint.FileReport{Incident: "i1", Kind: k, Text: sealed})
}

// story is what is recorded about i1. The words of its n-th record of a kind are those of says under "incident.note 1".
func story(w *jointtest.Town, says map[string]string) []account.Told {
	var out []account.Told
	count := map[string]int{}
	for _, k := range w.Kept {
		if !slices.Contains(k.Fact.Subjects(), incident.Subject("i1")) {
			continue
		}
		count[k.Fact.FactType()]++
		key := fmt.Sprintf("%s %d", k.Fact.FactType(), count[k.Fact.FactType()])
		out = append(out, account.Told{Seq: k.Seq, Happened: k.Happened, Fact: k.Fact, Text: says[key], Address: says[key+" address"]})
	}
	return out
}

// said is what findings say, a line each: "sent at=13:31 units=101,102". Every finding must rest on records of the story.
func said(t *testing.T, w *jointtest.Town, says map[string]string, kind report.Kind) string {
	t.Helper()
	all := story(w, says)
	var out []string
	for _, f := range account.Of(w.House, "i1", all, kind) {
		line := f.ID
		for _, key := range slices.Sorted(maps.Keys(f.Params)) {
			v := strings.Join(f.Params[key], ",")
			if at, err := time.Parse(time.RFC3339, v); err == nil {
				v = at.Format("15:04")
			}
			line += " " + key + "=" + v
		}
		out = append(out, line)
		for _, seq := range f.Facts {
			if !slices.ContainsFunc(all, func(x account.Told) bool { return x.Seq == seq }) {
				t.Errorf("%s rests on record %d, which is not of its story", f.ID, seq)
			}
		}
		if len(f.Facts) == 0 {
			t.Errorf("%s rests on nothing", f.ID)
		}
	}
	return strings.Join(out, "\n")
}

// want compares a whole report.
func want(t *testing.T, w *jointtest.Town, says map[string]string, kind report.Kind, lines ...string) {
	t.Helper()
	if got := said(t, w, says, kind); got != strings.Join(lines, "\n") {
		t.Errorf("the %s report says\n%s\nwant\n%s", kind, got, strings.Join(lines, "\n"))
	}
}

// A first report tells the first word with the best that is known of the place, the grade in force, who was sent and who came.
func TestFirst(t *testing.T) {
	w := town(t)
	says := map[string]string{"incident.opened 1": "two men at the till", "incident.opened 1 address": "Mill Rd"}
	want(t, w, says, report.First,
		"received at=13:30 number=1 place=Mill Rd source=phone told=two men at the till",
		"graded level=II priority=P3 type=theft",
		"idle")
	w.Pass(time.Minute)
	w.Do(joint.Locate{ID: "i1", Place: jointtest.At(-700, 0), Street: "New Mill Road", Address: sealed})
	w.Do(joint.Classify{ID: "i1", Type: "knife", Priority: cad.P1, Level: "II", Tags: &[]cad.TagID{"weapon", "gun"}, Reason: sealed})
	send(w, "101", "211")
	w.Pass(time.Minute)
	send(w, "102")
	w.Pass(150 * time.Second)
	w.Do(joint.SayUnit{Unit: "211", To: "on_scene"})
	w.Do(joint.SayUnit{Unit: "101", To: "on_scene"})
	says["incident.located 1 address"] = "12 Mill Road, rear door"
	want(t, w, says, report.First,
		"received at=13:30 number=1 place=12 Mill Road, rear door source=phone told=two men at the till",
		"graded level=II priority=P1 tags=weapon,gun type=knife",
		"sent at=13:31 units=101,211,102",
		"arrived at=13:34 minutes=4 units=211,101",
		"working on_scene=101,211 working=101,211,102")
	want(t, w, nil, report.First, // Whoever may not read the words is told the street.
		"received at=13:30 number=1 place=New Mill Road source=phone",
		"graded level=II priority=P1 tags=weapon,gun type=knife",
		"sent at=13:31 units=101,211,102",
		"arrived at=13:34 minutes=4 units=211,101",
		"working on_scene=101,211 working=101,211,102")
}

// Who came first is who was there first, also when that was entered afterwards.
func TestEnteredLate(t *testing.T) {
	w := town(t)
	send(w, "101", "211")
	w.Pass(6 * time.Minute)
	w.Do(joint.SayUnit{Unit: "211", To: "on_scene"})
	w.Pass(time.Minute)
	reached := w.Now.Add(-3 * time.Minute)
	all := append(story(w, nil), account.Told{Seq: 99, Happened: reached, Fact: assignment.MilestoneEntered{
		Ref: assignment.Ref{Incident: "i1", Unit: "101"}, Stage: assignment.OnScene, Reached: reached,
	}})
	for _, f := range account.Of(w.House, "i1", all, report.First) {
		if f.ID == "arrived" && (strings.Join(f.Params["units"], " ") != "101 211" || f.Params["minutes"][0] != "4" || !slices.Equal(f.Facts, []cad.Seq{99, all[len(all)-2].Seq})) {
			t.Errorf("arrived: %+v", f)
		}
	}
}

// A crew that was released and sent again is named once, with its first arrival.
func TestEachOnce(t *testing.T) {
	w := town(t)
	for range 2 {
		send(w, "101")
		w.Pass(time.Minute)
		w.Do(joint.SayUnit{Unit: "101", To: "on_scene"})
		w.Do(joint.SayUnit{Unit: "101", To: "cleared"})
	}
	want(t, w, nil, report.First,
		"received at=13:30 number=1 place=Old Mill Road source=phone",
		"graded level=II priority=P3 type=theft",
		"sent at=13:30 units=101",
		"arrived at=13:31 minutes=1 units=101",
		"idle")
}

// A follow-up tells what is new since the last report, beside that report, and claims no firsts that were another's.
func TestFollowUp(t *testing.T) {
	w := town(t)
	send(w, "101")
	w.Pass(5 * time.Minute)
	w.Do(joint.SayUnit{Unit: "101", To: "on_scene"})
	w.Pass(time.Minute)
	file(w, report.First)
	want(t, w, nil, report.Follow, "filed at=13:36 kind=first n=1", "working on_scene=101 working=101")
	w.Pass(time.Minute)
	send(w, "211")
	w.Pass(3 * time.Minute)
	w.Do(joint.SayUnit{Unit: "211", To: "on_scene"})
	about(w, incident.ActTogether{ID: "i1", Partner: "119"})
	want(t, w, nil, report.Follow,
		"filed at=13:36 kind=first n=1",
		"sent at=13:37 units=211",
		"arrived units=211",
		"partner at=13:40 partner=119",
		"working on_scene=101,211 working=101,211")
	file(w, report.Follow)
	want(t, w, nil, report.Follow, "filed at=13:40 kind=follow n=2", "working on_scene=101,211 working=101,211")
	if got := said(t, w, nil, report.Final); !strings.Contains(got, "\narrived at=13:35 minutes=5 units=101,211\n") || strings.Contains(got, "filed") {
		t.Errorf("the final report says\n%s", got)
	}
}

// What crews reported, orders that stand, and who answers for it are told each by itself; an order that was revoked is not.
func TestSingleFacts(t *testing.T) {
	w := town(t)
	w.Do(joint.IssueOrder{ID: "o1", Power: cad.Direct, Incident: "i1", To: []order.To{{Kind: order.ToUnit, ID: "101"}, {Kind: order.ToOrg, ID: "st2"}}, Due: w.Now.Add(time.Hour), Text: sealed})
	w.Do(joint.IssueOrder{ID: "o2", Power: cad.Direct, Incident: "i1", To: []order.To{{Kind: order.ToUnit, ID: "102"}}, Due: w.Now.Add(time.Hour), Text: sealed})
	w.Do(joint.AboutOrder{ID: "o2", Name: "revoke", Cmd: order.Revoke{ID: "o2", Text: sealed}})
	w.Pass(time.Minute)
	about(w, incident.HandOver{ID: "i1", To: "p7", Known: true})
	send(w, "101")
	about(w, incident.GiveFeedback{ID: "i1", Kind: incident.Supplementary, Officers: 4, Taken: 2, Text: sealed})
	says := map[string]string{"order.issued 1": "hold the north end", "order.issued 2": "hold the south end", "incident.feedback_given 1": "both are held"}
	got := said(t, w, says, report.First)
	for _, line := range []string{
		"order at=13:30 number=1 to_org=st2 to_unit=101 told=hold the north end",
		"commander at=13:31 commander=p7",
		"feedback at=13:31 kind=supplementary told=both are held\ntaken officers=4 people=2",
	} {
		if !strings.Contains("\n"+got+"\n", "\n"+line+"\n") {
			t.Errorf("it lacks %q:\n%s", line, got)
		}
	}
	if strings.Contains(got, "south") {
		t.Errorf("it tells an order that was revoked:\n%s", got)
	}
}

// How it stands: in work on the way, left by all, over with its result or without one, and in work again.
func TestEnding(t *testing.T) {
	w := town(t)
	last := func() string {
		lines := strings.Split(said(t, w, nil, report.Final), "\n")
		return lines[len(lines)-1]
	}
	expect := func(want string) {
		t.Helper()
		if got := last(); got != want {
			t.Errorf("it stands %q, want %q", got, want)
		}
	}
	send(w, "101")
	expect("working working=101")
	w.Do(joint.SayUnit{Unit: "101", To: "on_scene"})
	w.Do(joint.SayUnit{Unit: "101", To: "cleared"})
	expect("idle")
	about(w, incident.GiveFeedback{ID: "i1", Kind: incident.Final, Result: "settled", Text: sealed})
	about(w, incident.Review{ID: "i1"})
	w.Pass(time.Minute)
	about(w, incident.Close{ID: "i1", Disposition: "settled"})
	w.Pass(time.Minute)
	expect("ended at=13:31 result=settled")
	about(w, incident.Reopen{ID: "i1", Text: sealed})
	expect("idle")

	w = town(t)
	w.Pass(2 * time.Minute)
	about(w, incident.Invalidate{ID: "i1", Text: sealed})
	expect("ended at=13:32 phase=invalid")
}
