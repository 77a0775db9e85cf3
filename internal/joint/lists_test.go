package joint_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// What a form chooses from a list of the centre is held against that list, and the refusal names the choices; a centre
// without such a list takes any word.
func TestWordsOfTheCentresLists(t *testing.T) {
	item := func(id, mode string) org.Item { return org.Item{ID: id, Name: org.Name{"en": id}, Mode: mode} }
	about := func(name string, c incident.Command) joint.Command {
		return joint.AboutIncident{ID: "i1", Name: name, Cmd: c}
	}
	commands := map[string]struct {
		bad, good          joint.Command
		code, field, named string
	}{
		"result": {
			about("feedback", incident.GiveFeedback{Kind: incident.First, Result: "nonsense"}),
			about("feedback", incident.GiveFeedback{Kind: incident.First, Result: "settled"}), "unknown_result", "result", "settled",
		},
		"feedback type": {
			about("feedback", incident.GiveFeedback{Kind: incident.First, Type: "zzz"}),
			about("feedback", incident.GiveFeedback{Kind: incident.First, Type: "theft"}), "unknown_type", "type", "knife, theft, noise",
		},
		"partner beside us": {
			about("with", incident.ActTogether{Partner: "12345"}), about("with", incident.ActTogether{Partner: "119"}), "unknown_partner", "partner", "120, 119",
		},
		"partner who takes over": {
			joint.AboutCall{ID: "k1", Name: "transfer", Cmd: call.TransferTo{ID: "k1", Partner: "119"}},
			joint.AboutCall{ID: "k1", Name: "transfer", Cmd: call.TransferTo{ID: "k1", Partner: "12345"}},
			"unknown_partner", "to", "120, 12345",
		},
		"reason": {
			joint.SayUnit{Unit: "102", To: "unavailable", Reason: "zzz"},
			joint.SayUnit{Unit: "102", To: "unavailable", Reason: "meal"},
			"unknown_reason", "reason", "meal",
		},
		"reason, said to the room": {
			joint.AboutUnit{ID: "102", Name: "status", Cmd: unit.ReportUnavailable{ID: "102", Reason: "zzz"}},
			joint.AboutUnit{ID: "102", Name: "status", Cmd: unit.ReportUnavailable{ID: "102"}},
			"unknown_reason", "reason", "meal",
		},
		"commander": {
			about("handover", incident.HandOver{To: "no-such-person"}), about("handover", incident.HandOver{To: "21"}), "unknown_seat", "to", "21",
		},
		"commander whom the front door knows": {
			about("handover", incident.HandOver{To: "night"}), about("handover", incident.HandOver{To: "night", Known: true}), "unknown_seat", "to", "21",
		},
	}
	for _, listed := range []bool{true, false} {
		for name, tt := range commands {
			t.Run(name, func(t *testing.T) {
				w := newTown(t)
				charter := jointtest.Charter(jointtest.Centre)
				charter.Settings.Seats, charter.Settings.Reasons = []org.Item{item("21", "")}, []org.Item{item("meal", "")}
				charter.Settings.Partners = append(charter.Settings.Partners, item("12345", "transfer"))
				if !listed {
					charter.Settings.Seats, charter.Settings.Reasons, charter.Settings.Partners, charter.Settings.Results, charter.Types = nil, nil, nil, nil, nil
				}
				for _, c := range []joint.Command{
					joint.Configure{Charter: charter},
					joint.Receive{ID: "i1", Source: incident.Phone},
					joint.AboutCall{ID: "k1", Name: "arrive", Cmd: call.Arrive{ID: "k1"}},
				} {
					if _, err := w.do(c, time.Time{}); err != nil {
						t.Fatal(err)
					}
				}
				_, err := w.do(tt.bad, time.Time{})
				var e *fault.Error
				switch {
				case !listed && err != nil:
					t.Errorf("without a list: %v", err)
				case !listed:
					return
				case !errors.As(err, &e) || e.Kind != fault.Invalid || e.Code != tt.code || e.Field != tt.field || !strings.HasSuffix(e.Remedy, tt.named):
					t.Errorf("refused with %+v, want %s at %s naming %s", err, tt.code, tt.field, tt.named)
				}
				if out, err := w.do(tt.good, time.Time{}); err != nil || len(out.Facts) == 0 {
					t.Errorf("a word of the list: %v", err)
				}
			})
		}
	}
}

// A disposition is a result; what the final feedback said stands, also when the list has changed since.
func TestDispositionIsAResult(t *testing.T) {
	w := newTown(t)
	about := func(name string, c incident.Command) joint.Command {
		return joint.AboutIncident{ID: "i1", Name: name, Cmd: c}
	}
	charter := jointtest.Charter(jointtest.Centre)
	charter.Settings.Results = []org.Item{{ID: "mediated", Name: org.Name{"en": "mediated"}}}
	for _, c := range []joint.Command{
		joint.Receive{ID: "i1", Source: incident.Phone, Type: "theft"},
		about("feedback", incident.GiveFeedback{Kind: incident.Final, Result: "settled"}), about("review", incident.Review{}),
		joint.Configure{Charter: charter},
	} {
		if _, err := w.do(c, time.Time{}); err != nil {
			t.Fatalf("%T: %v", c, err)
		}
	}
	var e *fault.Error
	if _, err := w.do(about("close", incident.Close{Disposition: "settled"}), time.Time{}); !errors.As(err, &e) || e.Code != "unknown_result" || e.Field != "disposition" {
		t.Errorf("an old result: %v", err)
	}
	if _, err := w.do(about("close", incident.Close{}), time.Time{}); err != nil {
		t.Errorf("as reported: %v", err)
	}
}
