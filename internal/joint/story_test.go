package joint_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"shuniu/internal/alarm"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/journal"
	"shuniu/internal/keyfile"
	"shuniu/internal/order"
	"shuniu/internal/org"
	"shuniu/internal/report"
	"shuniu/internal/unit"
)

// TestStories plays the stories in testdata/stories. To accept new answers run
//
//	go test ./internal/joint -rewrite
//
// and read the diff as a dispatcher would before committing it. After each story its records alone must give the same
// state again (promise P5).
func TestStories(t *testing.T) {
	datadriven.Walk(t, "testdata/stories", func(t *testing.T, path string) {
		w := newTown(t)
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string { return w.play(t, d) })
		w.checkReplay(t)
	})
}

// town is the made-up centre of the stories, with all units on duty, and its journal.
type town struct {
	house   *joint.House
	codec   *journal.Codec
	keys    *keyfile.Store
	now     time.Time
	who     cad.ActorID
	seat    cad.SeatID
	records []journal.Record
}

func newTown(t *testing.T) *town {
	t.Helper()
	codec, err := joint.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	w := &town{codec: codec, keys: keyfile.Memory(), now: time.Date(2030, 5, 1, 14, 0, 0, 0, time.UTC), who: "p12", seat: "21"}
	t.Cleanup(func() { _ = w.keys.Close() })
	w.house = joint.NewHouse(w.past)
	for _, c := range []joint.Command{joint.OpenWorld{World: cad.Live, Centre: jointtest.Centre}, joint.Configure{Charter: jointtest.Charter(jointtest.Centre)}} {
		if _, err := w.do(c, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, u := range []cad.UnitID{"101", "102", "211", "212", "221", "301"} {
		if _, err := w.do(joint.SayUnit{Unit: u, To: "available"}, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *town) past(s cad.Subject) ([]journal.Record, error) {
	var out []journal.Record
	for _, r := range w.records {
		if slices.Contains(r.Subjects, s) {
			out = append(out, r)
		}
	}
	return out, nil
}

// do decides a command and folds its facts, as the writer does. happened is zero for now.
func (w *town) do(c joint.Command, happened time.Time) (joint.Outcome, error) {
	back, err := w.house.BringBackFor(w.codec, c, w.house.Seq+1)
	if err != nil {
		return joint.Outcome{}, err
	}
	out, err := joint.Decide(w.house, c, joint.Moment{Now: w.now, Actor: w.who, Seat: w.seat})
	w.house.Drop(back)
	if err != nil {
		return out, err
	}
	commit := int64(w.house.Seq) + 1
	for i, f := range out.Facts {
		r := journal.Record{
			Seq: w.house.Seq + 1, Commit: commit, Index: i, At: w.now, Happened: w.now, HappenedFrom: cad.FromClock,
			Centre: jointtest.Centre, Actor: w.who, Seat: w.seat,
		}
		if !happened.IsZero() {
			r.Happened, r.HappenedFrom = happened, cad.FromPerson
		}
		if err := w.codec.Encode(&r, f); err != nil {
			return out, err
		}
		if err := w.house.Evolve(w.codec, f, r.Stamp()); err != nil {
			return out, err
		}
		w.records = append(w.records, r)
	}
	return out, nil
}

func (w *town) checkReplay(t *testing.T) {
	t.Helper()
	h := joint.NewHouse(w.past)
	for _, r := range w.records {
		b, err := r.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if r, err = journal.ParseRecord(b); err != nil {
			t.Fatal(err)
		}
		if err := h.Replay(w.codec, r); err != nil {
			t.Fatal(err)
		}
	}
	live, err := w.house.Hash()
	again, err2 := h.Hash()
	if live != again || err != nil || err2 != nil {
		t.Errorf("the records give another state: %v %v", err, err2)
	}
}

// words are a sealed private part.
func (w *town) words(s cad.Subject) cad.Sealed {
	sealed, err := w.keys.Seal(s, []byte(`{"text":"words of the story"}`))
	if err != nil {
		panic(err) // Keys in memory always seal.
	}
	return sealed
}

// duress is the life that the words of a duress are sealed under, and the words if the story has some.
func (w *town) duress(a *args) (cad.DuressID, cad.Sealed) {
	d := cad.DuressID(a.word("words"))
	if d == "" {
		return "", cad.Sealed{}
	}
	return d, w.words(unit.DuressSubject(d))
}

// links are what one incident says of others, with their numbers.
func (w *town) links(id cad.IncidentID) string {
	out := make([]string, 0, 4)
	for _, l := range w.house.Incident(id).Links {
		out = append(out, fmt.Sprintf("%s #%d", l.Kind, l.Number))
	}
	return strings.Join(append(out, "."), "\n")
}

// play gives one command of a story. Its form is: verb subject [name=value] [flag].
func (w *town) play(t *testing.T, d *datadriven.TestData) string {
	a := &args{t: t, d: d}
	if a.has("at") {
		w.now = a.clock("at", w.now)
	}
	if d.Cmd == "status" {
		return w.status()
	}
	if w.who, w.seat = "p12", "21"; a.word("seat") != "" {
		w.who, w.seat = cad.ActorID("p"+a.word("seat")), cad.SeatID(a.word("seat"))
	}
	if d.Cmd == "links" {
		return w.links(cad.IncidentID(a.first()))
	}
	if d.Cmd == "due" {
		var out []string
		for _, s := range w.house.Subjects() {
			for _, x := range w.house.Due(s) {
				out = append(out, fmt.Sprintf("%s %s by %s", x.Subject, x.Kind, x.Due.Format(time.TimeOnly)))
			}
		}
		return strings.Join(append(out, "."), "\n")
	}
	c := w.command(a)
	if c == nil {
		d.Fatalf(t, "no such verb: %s", d.Cmd)
	}
	out, err := w.do(c, a.clock("happened", w.now))
	var e *fault.Error
	switch {
	case errors.As(err, &e):
		return strings.TrimSuffix(fmt.Sprintf("no (%s): %s; %s", e.Code, e.Text, e.Remedy), "; ")
	case err != nil:
		return err.Error()
	case len(out.Facts) == 0:
		return "nothing"
	}
	var lines []string
	for _, f := range out.Facts {
		lines = append(lines, f.FactType()+" "+string(f.Subjects()[0]))
		if f, ok := f.(incident.Opened); ok {
			for _, x := range f.Aside {
				lines = append(lines, "  aside "+x.Field+": "+x.Why)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// command reads the verbs that are about incidents; the rest is in otherCommand.
func (w *town) command(a *args) joint.Command {
	i := cad.IncidentID(a.first())
	text := w.words(incident.Subject(i))
	if a.has("silent") {
		text = cad.Sealed{}
	}
	about := func(c incident.Command) joint.Command { return joint.AboutIncident{ID: i, Name: a.d.Cmd, Cmd: c} }
	switch a.d.Cmd {
	case "receive":
		c := joint.Receive{
			ID: i, Spare: i + "-spare", Source: incident.Phone, Place: a.place(), Type: cad.TypeID(a.word("type")), Level: cad.Level(a.word("level")),
			Priority: cad.Priority(a.word("priority")), Call: cad.CallID(a.word("call")), Private: text, Old: a.has("old"),
		}
		if a.has("caller") {
			c.Caller = w.words(call.Subject(c.Call))
			c.SpareCall = c.Call + "-spare"
			c.SpareCaller = w.words(call.Subject(c.SpareCall))
		}
		for _, tag := range a.list("tags") {
			c.Tags = append(c.Tags, cad.TagID(tag))
		}
		if a.has("year") {
			y, _ := strconv.Atoi(a.word("year"))
			c.Happened = time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return c
	case "classify":
		c := joint.Classify{ID: i, Type: cad.TypeID(a.word("type")), Priority: cad.Priority(a.word("priority")), Level: cad.Level(a.word("level"))}
		if tags := a.list("tags"); tags != nil {
			c.Tags = &[]cad.TagID{}
			for _, tag := range tags {
				*c.Tags = append(*c.Tags, cad.TagID(tag))
			}
		}
		if a.word("reason") != "" {
			c.Reason = text
		}
		return c
	case "locate":
		return joint.Locate{ID: i, Place: a.place(), Address: text}
	case "merge":
		return joint.Merge{ID: i, Into: cad.IncidentID(a.word("into"))}
	case "split":
		return joint.Split{ID: i}
	case "link", "unlink":
		return joint.Link{ID: i, Other: cad.IncidentID(a.word("to")), Undo: a.d.Cmd == "unlink"}
	case "raise-wave":
		n, _ := strconv.Atoi(a.word("wave"))
		return about(incident.RaiseWave{ID: i, Wave: n, Text: text})
	case "note":
		return about(incident.Note{ID: i, Text: text})
	case "take-paper":
		n, _ := strconv.ParseInt(a.word("count"), 10, 64)
		return joint.TakePaper{Count: n}
	case "add_file":
		return joint.AddFile{ID: i, Kind: "jpeg", Bytes: 3, Digest: a.word("digest"), Private: text}
	case "withdraw_file":
		return about(incident.WithdrawFile{ID: i, File: incident.FileID(a.word("file")), Reason: text})
	case "urge":
		return about(incident.Urge{ID: i, Text: text})
	case "answers":
		return about(incident.TakeAnswers{ID: i, Answers: []incident.Said{{Question: a.word("question"), Value: a.word("value")}}, Words: text})
	case "schedule":
		return about(incident.Schedule{ID: i, At: w.now.Add(2 * time.Hour)})
	case "ask-seat":
		return about(incident.AskSeat{ID: i, Seat: cad.SeatID(a.word("seat")), Text: text})
	case "seat-takes":
		return about(incident.TakeSeat{ID: i})
	case "seat-done":
		return about(incident.EndSeat{ID: i, Result: a.word("result"), Text: text})
	case "feedback":
		return about(incident.GiveFeedback{ID: i, Kind: incident.ReportKind(a.word("kind")), Result: a.word("result"), Text: text})
	case "review":
		return about(incident.Review{ID: i})
	case "return":
		return about(incident.ReturnForCorrection{ID: i, Text: text})
	case "close":
		return about(incident.Close{ID: i})
	case "reopen":
		return about(incident.Reopen{ID: i, Text: text})
	case "invalid":
		return about(incident.Invalidate{ID: i, Text: text})
	case "rule":
		return about(incident.Rule{ID: i, Responsible: incident.Responsible{Org: cad.OrgID(a.word("org"))}})
	case "handover":
		return about(incident.HandOver{ID: i, To: cad.ActorID(a.word("to"))})
	case "with":
		return about(incident.ActTogether{ID: i, Partner: cad.PartnerID(a.word("partner")), Text: text})
	case "follow-up":
		return about(incident.FollowUp{ID: i, Partner: cad.PartnerID(a.word("partner")), Text: text})
	case "transfer":
		return about(incident.Transfer{ID: i, Partner: cad.PartnerID(a.word("to")), Approved: a.has("approved"), Text: text})
	}
	if a.d.Cmd == "draw" || a.d.Cmd == "undraw" {
		return w.drawCommand(a, about, text)
	}
	return w.otherCommand(a)
}

// drawCommand reads what is drawn on the map: a place, or an area of 100 m around it.
func (w *town) drawCommand(a *args, about func(incident.Command) joint.Command, text cad.Sealed) joint.Command {
	i, d := cad.IncidentID(a.first()), incident.DrawingID(a.word("as"))
	if a.d.Cmd == "undraw" {
		return about(incident.Undraw{ID: i, Drawing: d})
	}
	c := incident.Draw{ID: i, Drawing: d, Kind: incident.DrawKind(a.word("kind")), Label: text}
	for _, u := range a.list("units") {
		c.Units = append(c.Units, cad.UnitID(u))
	}
	if p := a.place(); p != nil && c.Kind == incident.DrawArea {
		c.Points = []geo.Point{p.Offset(-50, -50), p.Offset(50, -50), p.Offset(50, 50), p.Offset(-50, 50)}
	} else if p != nil {
		c.Points = []geo.Point{*p}
	}
	return about(c)
}

// otherCommand reads the verbs that are about units, calls and the centre.
func (w *town) otherCommand(a *args) joint.Command {
	u, k := cad.UnitID(a.first()), cad.CallID(a.first())
	switch a.d.Cmd {
	case "send":
		c := dispatch.Send{Incident: cad.IncidentID(a.first()), Way: a.word("level"), Stack: a.has("stack"), Reassign: a.has("reassign")}
		for _, id := range a.list("units") {
			c.Units = append(c.Units, cad.UnitID(id))
			c.IDs = append(c.IDs, cad.AssignmentID(fmt.Sprintf("%s@%s", id, a.first())))
		}
		if a.has("advised") {
			c.Advice = &dispatch.Advised{ID: "advice-1", Wave: 1, Shown: true}
			for _, id := range a.list("advised") {
				c.Advice.Items = append(c.Advice.Items, incident.Choice{Unit: cad.UnitID(id), Slot: "near", EtaS: new(int64(60))})
			}
			c.Reason = w.words(incident.Subject(c.Incident))
		}
		return c
	case "recall":
		c := dispatch.Recall{Incident: cad.IncidentID(a.first())}
		for _, id := range a.list("units") {
			c.Units = append(c.Units, cad.UnitID(id))
		}
		return c
	case "say":
		c := joint.SayUnit{Unit: u, To: a.word("to"), Incident: cad.IncidentID(a.word("incident")), Reason: a.word("reason")}
		if a.has("happened") {
			c.Happened = a.clock("happened", w.now)
		}
		return c
	case "chase":
		return dispatch.Chase{Incident: cad.IncidentID(a.first()), Kind: a.word("kind"), Unit: cad.UnitID(a.word("unit"))}
	case "reorder":
		c := dispatch.Reorder{Unit: u}
		for _, id := range a.list("first") {
			c.Order = append(c.Order, cad.AssignmentID(id))
		}
		return c
	case "acknowledge-duress":
		d, text := w.duress(a)
		return joint.AboutUnit{ID: u, Name: "acknowledge_duress", Cmd: unit.AcknowledgeDuress{ID: u, Duress: d, Text: text}}
	case "hear":
		return joint.AboutUnit{ID: u, Name: "heard", Cmd: unit.Hear{ID: u}}
	case "backup":
		return dispatch.AskBackup{Unit: u, Count: 2}
	case "duress":
		d, text := w.duress(a)
		return joint.AboutUnit{ID: u, Name: "duress", Cmd: unit.RaiseDuress{ID: u, Duress: d, Place: a.place(), Text: text}}
	case "safe":
		d, text := w.duress(a)
		if text.IsZero() && !a.has("silent") {
			text = w.words(unit.Subject(u))
		}
		return joint.AboutUnit{ID: u, Name: "clear_duress", Cmd: unit.ClearDuress{ID: u, Duress: d, Text: text}}
	case "silence":
		return joint.AboutUnit{ID: u, Name: "lose_contact", Cmd: unit.LoseContact{ID: u}}
	case "heard":
		return joint.AboutUnit{ID: u, Name: "regain_contact", Cmd: unit.RegainContact{ID: u}}
	case "standby":
		c := unit.StandBy{ID: u, Post: a.word("post")}
		if p := a.place(); p != nil {
			c.Place = *p
		} else {
			c.Place.Lat = 200
		}
		return joint.AboutUnit{ID: u, Name: "standby", Cmd: c}
	case "end-standby":
		return joint.AboutUnit{ID: u, Name: "end_standby", Cmd: unit.EndStandby{ID: u}}
	case "seen":
		i := cad.IncidentID(a.first())
		return joint.AboutIncident{ID: i, Name: "acknowledge", Cmd: incident.Acknowledge{ID: i, Alert: a.word("alert"), Text: w.words(incident.Subject(i))}}
	case "file":
		i := cad.IncidentID(a.first())
		n, _ := strconv.Atoi(a.word("corrects"))
		return joint.FileReport{Incident: i, Kind: report.Kind(a.word("kind")), To: a.word("to"), Corrects: n, Text: w.words(incident.Subject(i))}
	case "raise", "acknowledge", "clear":
		return w.alarmCommand(a)
	case "order":
		return w.orderCommand(a)
	case "ring":
		return joint.AboutCall{ID: k, Name: "arrive", Cmd: call.Arrive{ID: k, Place: a.place(), AnswerWithinS: 10, Caller: w.words(call.Subject(k))}}
	case "answer":
		return joint.AboutCall{ID: k, Name: "answer", Cmd: call.Answer{ID: k}}
	case "pass-on":
		return joint.AboutCall{ID: k, Name: "transfer", Cmd: call.TransferTo{ID: k, Partner: cad.PartnerID(a.word("to"))}}
	case "hold", "resume", "hang-up", "caller-goes", "take", "keep", "hand", "three", "end-three", "recorded", "nuisance", "call-back":
		return w.lineCommand(a, k)
	case "hangs-up", "nobody-speaks":
		return joint.LoseCall{Call: k, Silent: a.d.Cmd == "nobody-speaks", Incident: cad.IncidentID(a.word("incident"))}
	case "detach":
		return joint.AboutCall{ID: k, Name: "detach", Cmd: call.Detach{ID: k}}
	case "looks-back":
		return joint.AboutCall{ID: k, Name: "history", Cmd: call.ReadHistory{ID: k}}
	case "attach":
		return joint.Attach{Call: k, Incident: cad.IncidentID(a.word("to")), Urge: a.has("urge")}
	case "pass":
		for _, d := range w.house.Due(cad.Subject(a.first())) {
			if d.Kind == a.word("kind") {
				return joint.PassDeadline{Subject: d.Subject, Kind: d.Kind, Due: d.Due}
			}
		}
		return joint.PassDeadline{Subject: cad.Subject(a.first()), Kind: a.word("kind"), Due: w.now}
	case "erase":
		c := joint.Erase{Subject: cad.Subject(a.first()), Ground: a.word("ground")}
		for _, s := range a.list("also") {
			c.Also = append(c.Also, cad.Subject(s))
		}
		return c
	case "plans":
		return joint.Configure{Charter: jointtest.Planned(jointtest.Centre)}
	case "drop-unit":
		c := jointtest.Charter(jointtest.Centre)
		c.Units = slices.DeleteFunc(c.Units, func(x org.UnitSpec) bool { return x.ID == u })
		return joint.Configure{Charter: c}
	}
	return nil
}

// lineCommand reads the verbs that are about the line of a call.
func (w *town) lineCommand(a *args, k cad.CallID) joint.Command {
	about := func(name string, c call.Command) joint.Command { return joint.AboutCall{ID: k, Name: name, Cmd: c} }
	switch a.d.Cmd {
	case "hold":
		return about("hold", call.Hold{ID: k})
	case "resume":
		return about("resume", call.Resume{ID: k})
	case "hang-up":
		return about("hang_up", call.HangUp{ID: k})
	case "caller-goes":
		return about("hang_up", call.HangUp{ID: k, By: call.Caller})
	case "take":
		return about("take", call.Take{ID: k})
	case "keep":
		return about("keep", call.Keep{ID: k})
	case "hand":
		return about("pass", call.Pass{ID: k, Seat: cad.SeatID(a.word("to"))})
	case "three":
		c := call.Confer{ID: k, Leg: a.word("leg"), Kind: call.WithPartner, To: a.word("partner")}
		if c.To == "" {
			c.Kind, c.Number = call.WithNumber, w.words(call.Subject(k))
		}
		return about("conference", c)
	case "end-three":
		return about("end_conference", call.EndConference{ID: k, Leg: a.word("leg")})
	case "recorded":
		return about("record", call.Record{ID: k, Ref: a.word("ref")})
	case "nuisance":
		return about("nuisance", call.MarkNuisance{ID: k, Reason: w.words(call.Subject(k))})
	}
	made := cad.CallID(a.word("by"))
	return joint.CallBack{Call: k, New: made, Number: w.words(call.Subject(made))}
}

// alarmCommand reads the verbs that are about alarms.
func (w *town) alarmCommand(a *args) joint.Command {
	id := cad.AlarmID(a.first())
	switch a.d.Cmd {
	case "acknowledge":
		return joint.AboutAlarm{ID: id, Name: "acknowledge", Cmd: alarm.Acknowledge{ID: id, Text: w.words(alarm.Subject(id))}}
	case "clear":
		return joint.AboutAlarm{ID: id, Name: "clear", Cmd: alarm.Clear{ID: id}}
	}
	return joint.RaiseAlarm{
		ID: id, Kind: alarm.Void, Area: cad.OrgID(a.word("area")), Class: a.word("class"), Detail: alarm.Detail{StandardS: 300, NearestS: 412, Units: 1},
	}
}

// orderCommand reads the verbs that are about orders: order o1 sign by=101.
func (w *town) orderCommand(a *args) joint.Command {
	id, by := cad.OrderID(a.first()), order.To{Kind: order.ToUnit, ID: a.word("by")}
	text := w.words(order.Subject(id))
	until := a.clock("until", w.now)
	verbs := map[string]order.Command{
		"sign": order.Sign{ID: id, To: by}, "act": order.Act{ID: id, To: by}, "report": order.Report{ID: id, To: by, Text: text},
		"ask_extension": order.AskExtension{ID: id, To: by, Until: until, Text: text}, "extend": order.Extend{ID: id, Until: until},
		"decline_extension": order.DeclineExtension{ID: id, To: by, Text: text}, "check": order.Check{ID: id, Good: !a.has("back"), Text: text},
		"clear": order.Clear{ID: id}, "revoke": order.Revoke{ID: id, Text: text}, "chase": order.Chase{ID: id},
	}
	for name, cmd := range verbs {
		if a.has(name) {
			c := joint.AboutOrder{ID: id, Name: name, Cmd: cmd}
			if a.has("by") {
				c.For = &by
			}
			return c
		}
	}
	c := joint.IssueOrder{ID: id, Power: cad.Direct, Due: a.clock("due", w.now), Incident: cad.IncidentID(a.word("incident")), Text: text}
	for _, u := range a.list("to") {
		c.To = append(c.To, order.To{Kind: order.ToUnit, ID: u})
	}
	if a.has("said") {
		c.Oral = &order.Oral{By: "duty_chief", SaidAt: a.clock("said", w.now)}
	}
	return c
}

// status is the house in a few lines.
func (w *town) status() string {
	var out []string
	h := w.house
	for _, id := range slices.Sorted(maps.Keys(h.Incidents)) {
		i := h.Incidents[id]
		line := fmt.Sprintf("%s #%d %s %s %s", id, i.Number, i.Phase, i.Type, i.Priority)
		if i.Responsible.Org != "" {
			line += " of " + string(i.Responsible.Org)
		}
		if i.Urges > 0 {
			line += fmt.Sprintf(" urged %d", i.Urges)
		}
		for _, c := range h.CallsOf(id) {
			line += " call " + string(c.ID)
		}
		for _, x := range i.Alerts {
			line += " alert " + x.ID
			if x.AckedAt.IsZero() {
				line += "!"
			}
		}
		if r := h.Report(id); r.Incident != "" {
			kind, at, owed := r.Owed()
			line += fmt.Sprintf(" reports %d", len(r.Filed))
			if owed {
				line += fmt.Sprintf(" owes %s by %s", kind, at.Format(time.TimeOnly))
			}
		}
		for _, a := range h.SentTo(id) {
			line += fmt.Sprintf(" [%s %s]", a.Unit, a.Stage)
		}
		out = append(out, line)
	}
	for _, id := range slices.Sorted(maps.Keys(h.Calls)) {
		if c := h.Calls[id]; c.Incident == "" {
			out = append(out, fmt.Sprintf("call %s %s", id, c.Phase))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(h.Units)) {
		u, stack := h.Units[id], h.Stack(id)
		line := fmt.Sprintf("unit %s %s", id, u.Base(len(stack) > 0))
		for _, a := range stack {
			line += fmt.Sprintf(" %s %s", a.Incident, a.Stage)
			if a.Primary {
				line += " (first)"
			}
		}
		if u.Duress != nil {
			line += " DURESS"
		}
		if u.Standby != nil {
			line += fmt.Sprintf(" waits at %.3f %.3f", u.Standby.Place.Lon, u.Standby.Place.Lat)
		}
		if len(stack) > 0 || u.Duress != nil || u.Standby != nil || u.Duty != unit.Available {
			out = append(out, line)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(h.Alarms)) {
		s := h.Alarms[id]
		out = append(out, fmt.Sprintf("alarm %s %s %s of %s", id, s.Phase(), s.Class, s.Area))
	}
	for _, id := range slices.Sorted(maps.Keys(h.Orders)) {
		s := h.Orders[id]
		out = append(out, fmt.Sprintf("order %s #%d %s unsigned %d owes %d", id, s.Number, s.Phase(), len(s.Unsigned()), len(s.Unreported())))
	}
	return strings.Join(append(out, "."), "\n")
}

// args reads the arguments of one command of a story.
type args struct {
	t *testing.T
	d *datadriven.TestData
}

func (a *args) first() string {
	if len(a.d.CmdArgs) == 0 || len(a.d.CmdArgs[0].Vals) > 0 {
		return ""
	}
	return a.d.CmdArgs[0].Key
}

func (a *args) has(key string) bool { return a.d.HasArg(key) }

func (a *args) word(key string) string {
	if arg, ok := a.d.Arg(key); ok && len(arg.Vals) > 0 {
		return arg.Vals[0]
	}
	return ""
}

func (a *args) list(key string) []string {
	if arg, ok := a.d.Arg(key); ok {
		return arg.Vals
	}
	return nil
}

func (a *args) clock(key string, day time.Time) time.Time {
	v := a.word(key)
	if v == "" {
		return time.Time{}
	}
	if days, ok := strings.CutSuffix(v, "d"); ok {
		n, _ := strconv.Atoi(days)
		return day.AddDate(0, 0, n)
	}
	at, err := time.Parse(time.TimeOnly, v)
	if err != nil {
		a.d.Fatalf(a.t, "%v", err)
	}
	return time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
}

// place is so many metres east and north of the town's middle: place=(-200,10).
func (a *args) place() *geo.Point {
	v := a.list("place")
	if len(v) != 2 {
		return nil
	}
	east, _ := strconv.ParseFloat(v[0], 64)
	north, _ := strconv.ParseFloat(v[1], 64)
	return jointtest.At(east, north)
}
