package dispatch_test

import (
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// From the first dispatch on the duty commander answers, or whoever sends where the centre names no seat for him; a
// hand-over that somebody made before or afterwards stays.
func TestTheDutyCommanderAnswersFromTheFirstDispatch(t *testing.T) {
	send := func(u cad.UnitID) joint.Command {
		return dispatch.Send{Incident: "i1", Units: []cad.UnitID{u}, IDs: []cad.AssignmentID{cad.AssignmentID("to-" + u)}}
	}
	give := joint.AboutIncident{ID: "i1", Name: "handover", Cmd: incident.HandOver{ID: "i1", To: "chief", Known: true}}
	toSeat := func(to cad.ActorID) joint.Command {
		return joint.AboutIncident{ID: "i1", Name: "handover", Cmd: incident.HandOver{ID: "i1", To: to}}
	}
	for _, tt := range []struct {
		name string
		seat cad.SeatID
		do   []joint.Command // The dispatcher's.
		want cad.ActorID
	}{
		{"nobody is sent yet", "21", nil, "taker"},
		{"the centre names a seat", "21", []joint.Command{send("101")}, "seat-21"},
		{"it names none", "", []joint.Command{send("101")}, "dispatcher"},
		{"handed over before", "21", []joint.Command{give, send("101")}, "chief"},
		{"handed over to a seat", "21", []joint.Command{send("101"), toSeat("22")}, "seat-22"},
		{"handed over to the same seat", "21", []joint.Command{send("101"), toSeat("seat-21"), toSeat("21")}, "seat-21"},
		{"handed over afterwards", "21", []joint.Command{send("101"), give, send("102")}, "chief"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h, now := joint.NewHouse(nil), noon
			codec, err := joint.NewCodec()
			if err != nil {
				t.Fatal(err)
			}
			as := func(who cad.ActorID, commands ...joint.Command) {
				t.Helper()
				for _, c := range commands {
					now = now.Add(time.Second)
					out, err := c.Decide(h, joint.Moment{Now: now, Actor: who})
					if err != nil {
						t.Fatalf("%T: %v", c, err)
					}
					for _, f := range out.Facts {
						if err := h.Evolve(codec, f, cad.Stamp{Seq: h.Seq + 1, At: now, Happened: now, Actor: who}); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			charter := jointtest.Charter(jointtest.Centre)
			charter.Settings.Seats, charter.Settings.CommanderSeat = []org.Item{{ID: "21", Name: org.Name{"en": "Duty commander"}}, {ID: "22", Name: org.Name{"en": "Supervisor"}}}, tt.seat
			as("taker", joint.OpenWorld{World: cad.Live, Centre: jointtest.Centre}, joint.Configure{Charter: charter})
			for _, u := range []cad.UnitID{"101", "102"} {
				as("taker", joint.AboutUnit{ID: u, Name: "status", Cmd: unit.ReportAvailable{ID: u}})
			}
			as("taker", joint.Receive{ID: "i1", Type: "theft"})
			as("dispatcher", tt.do...)
			if got := h.Incident("i1").Commander; got.Actor != tt.want || got.Since.IsZero() {
				t.Errorf("%+v answers for it, want %s", got, tt.want)
			}
		})
	}
}
