package assignment

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

var noon = time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

// lived is an assignment that was sent at noon and came through the given stages, one a minute.
func lived(t *testing.T, order Dispatch, stages ...Stage) State {
	t.Helper()
	if order.ID == "" {
		order.ID, order.Incident, order.Unit = "a1", "i42", "101"
	}
	var s State
	s = fold(t, s, order, at(0))
	for i, stage := range stages {
		s = fold(t, s, Say{ID: "a1", To: stage}, at(i+1))
	}
	return s
}

// fold decides a command at a moment and folds what comes of it.
func fold(t *testing.T, s State, c Command, now time.Time) State {
	t.Helper()
	facts, err := c.Decide(s, Around{Now: now, Actor: "dispatcher"})
	if err != nil {
		t.Fatalf("%T: %v", c, err)
	}
	for _, f := range facts {
		s = Evolve(s, f.(Fact), cad.Stamp{Seq: s.Changed + 1, At: now, Happened: now, Actor: "dispatcher"})
	}
	return s
}

var yes, no = true, false

func TestDecide(t *testing.T) {
	primary := Dispatch{Primary: true}
	sent := lived(t, primary)
	scene := lived(t, primary, Acknowledged, EnRoute, OnScene)
	leaped := lived(t, primary, OnScene)
	cleared := lived(t, primary, OnScene, Cleared)
	stacked := lived(t, Dispatch{})
	two := lived(t, Dispatch{ID: "a1", Incident: "i42", Unit: "211", Way: LevelTwo, Station: "st1", Primary: true})
	recalled := fold(t, sent, Recall{ID: "a1"}, at(1))
	for _, tt := range []struct {
		name  string
		state State
		cmd   Command
		facts int // -1: refused with code.
		code  string
	}{
		{"send", State{}, Dispatch{ID: "a1", Incident: "i42", Unit: "101"}, 1, ""},
		{"send without a unit", State{}, Dispatch{ID: "a1", Incident: "i42"}, -1, ""},
		{"send a third way", State{}, Dispatch{ID: "a1", Incident: "i42", Unit: "101", Way: "three"}, -1, "bad_way"},
		{"send through no desk", State{}, Dispatch{ID: "a1", Incident: "i42", Unit: "101", Way: LevelTwo}, -1, "station_required"},
		{"send twice", sent, Dispatch{ID: "a1", Incident: "i42", Unit: "101"}, 0, ""},
		{"send another unit under the same id", sent, Dispatch{ID: "a1", Incident: "i42", Unit: "102"}, -1, "id_taken"},

		{"nobody was sent", State{}, Say{To: OnScene}, -1, "no_assignment"},
		{"acknowledge", sent, Say{To: Acknowledged}, 1, ""},
		{"acknowledge twice", lived(t, primary, Acknowledged), Say{To: Acknowledged}, 0, ""},
		{"arrive without a word before", sent, Say{To: OnScene}, 1, ""},
		{"back to the road", scene, Say{To: EnRoute}, -1, "stage"},
		{"transport from the road", sent, Say{To: Transporting}, -1, "stage"},
		{"a word that is no stage", sent, Say{To: "lunch"}, -1, "bad_stage"},
		{"no word at all", sent, Say{}, -1, "bad_stage"},
		{"dispatched again by word", scene, Say{To: Dispatched}, -1, "bad_stage"},
		{"clear twice", cleared, Say{To: Cleared}, 0, ""},
		{"go on after the end", cleared, Say{To: EnRoute}, -1, "ended"},
		{"stacked, sign", stacked, Say{To: Acknowledged}, 1, ""},
		{"stacked, drive", stacked, Say{To: EnRoute}, -1, "stacked"},
		{"stacked, release", stacked, Say{To: Cleared}, 1, ""},

		{"free to redeploy", scene, Say{To: OnScene, Redeployable: &yes}, 1, ""},
		{"not free, as before", scene, Say{To: OnScene, Redeployable: &no}, 0, ""},
		{"free to redeploy on the road", sent, Say{To: EnRoute, Redeployable: &yes}, -1, "redeployable_stage"},

		{"before it was sent", sent, Say{To: OnScene, Happened: at(-1)}, -1, "happened_early"},
		{"tomorrow", sent, Say{To: OnScene, Happened: at(60)}, -1, "happened_ahead"},
		{"a radio half a minute ahead", sent, Say{To: OnScene, Happened: at(9).Add(30 * time.Second)}, 1, ""},
		{"entered late", leaped, Say{To: EnRoute, Happened: noon.Add(20 * time.Second)}, 1, ""},
		{"entered late, after it arrived", leaped, Say{To: EnRoute, Happened: at(5)}, -1, "happened_order"},
		{"entered late, known already", scene, Say{To: EnRoute, Happened: at(2)}, -1, "stage"},
		{"entered late, after the end", cleared, Say{To: Acknowledged, Happened: noon.Add(20 * time.Second)}, 1, ""},
		{"entered late, beyond the end", cleared, Say{To: Transporting, Happened: at(5)}, -1, "happened_order"},

		{"desk of level one", sent, SignAtDesk{}, -1, "not_level_two"},
		{"desk signs", two, SignAtDesk{}, 1, ""},
		{"desk signs twice", fold(t, two, SignAtDesk{}, at(1)), SignAtDesk{}, 0, ""},
		{"promote", stacked, Promote{}, 1, ""},
		{"promote the primary", sent, Promote{}, 0, ""},
		{"promote the released", cleared, Promote{}, -1, "ended"},
		{"recall", scene, Recall{}, 1, ""},
		{"recall twice", recalled, Recall{}, 0, ""},
		{"recall the released", cleared, Recall{}, -1, "ended"},
		{"recall nobody", State{}, Recall{}, -1, "no_assignment"},
		{"move", sent, MoveTo{Incident: "i43"}, 1, ""},
		{"move where it is", sent, MoveTo{Incident: "i42"}, 0, ""},
		{"move the released", cleared, MoveTo{Incident: "i43"}, 1, ""},
		{"move nowhere", sent, MoveTo{}, -1, ""},
		{"backup", scene, AskBackup{Count: 2}, 1, ""},
		{"backup after the end", cleared, AskBackup{Count: 2}, -1, "ended"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			facts, err := tt.cmd.Decide(tt.state, Around{Now: at(10), Actor: "dispatcher"})
			var e *fault.Error
			switch {
			case tt.facts >= 0 && (err != nil || len(facts) != tt.facts):
				t.Errorf("got %d facts, %v; want %d", len(facts), err, tt.facts)
			case tt.facts < 0 && (!errors.As(err, &e) || e.Code != tt.code):
				t.Errorf("got %d facts, %v; want a refusal with code %q", len(facts), err, tt.code)
			}
		})
	}
}

// Whoever calls for backup needs somebody, whatever number the thumb hit.
func TestBackupCountsAtLeastOne(t *testing.T) {
	s := lived(t, Dispatch{Primary: true}, OnScene)
	for _, n := range []int{0, -7, 2} {
		s = fold(t, s, AskBackup{Count: n}, at(9))
	}
	if s.Backup != 4 {
		t.Errorf("backup %d, want 1 + 1 + 2", s.Backup)
	}
}

func TestDue(t *testing.T) {
	limits := []Limit{
		{Kind: "sign", From: "dispatched", WithinS: 30},
		{Kind: "depart", From: "dispatched", WithinS: 300},
		{Kind: "arrive", From: "acknowledged", WithinS: 600},
		{Kind: "feedback", From: "received", WithinS: 60}, // The incident's: left out.
	}
	order := Dispatch{ID: "a1", Incident: "i42", Unit: "101", Primary: true, Limits: limits}
	behind, desk := order, order
	behind.Primary = false
	desk.Way, desk.Station = LevelTwo, "st1"
	promoted := fold(t, fold(t, lived(t, behind), Say{To: Acknowledged}, at(1)), Promote{}, at(20))
	late := lived(t, order)
	late = fold(t, late, PassDeadline{Kind: "sign", Due: noon.Add(30 * time.Second)}, at(1))
	for _, tt := range []struct {
		name  string
		state State
		want  map[string]time.Time
	}{
		{"sent", lived(t, order), map[string]time.Time{"sign": noon.Add(30 * time.Second), "depart": at(5)}},
		{"signed", lived(t, order, Acknowledged), map[string]time.Time{"depart": at(5), "arrive": at(11)}},
		{"left without signing", lived(t, order, EnRoute), map[string]time.Time{"arrive": at(11)}},
		{"there", lived(t, order, OnScene), nil},
		{"released on the way", lived(t, order, EnRoute, Cleared), nil},
		{"stacked: nobody drives yet", lived(t, behind), map[string]time.Time{"sign": noon.Add(30 * time.Second)}},
		{"promoted: the way begins now", promoted, map[string]time.Time{"depart": at(25), "arrive": at(30)}},
		{"the desk signed, the crew did not", fold(t, lived(t, desk), SignAtDesk{}, at(1)), map[string]time.Time{"depart": at(5)}},
		{"passed and recorded", late, map[string]time.Time{"depart": at(5)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := map[string]time.Time{}
			for _, d := range Due(tt.state) {
				if d.Subject != "assignment:a1" {
					t.Errorf("deadline of %s", d.Subject)
				}
				got[d.Kind] = d.Due
			}
			if len(got) != len(tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			for kind, due := range tt.want {
				if !got[kind].Equal(due) {
					t.Errorf("%s due %v, want %v", kind, got[kind], due)
				}
			}
		})
	}
}

func TestPassDeadlineIsExact(t *testing.T) {
	order := Dispatch{ID: "a1", Incident: "i42", Unit: "101", Primary: true, Limits: []Limit{{"sign", "dispatched", 30}}}
	s := lived(t, order)
	pass := PassDeadline{ID: "a1", Kind: "sign", Due: noon.Add(30 * time.Second)}
	if facts, err := pass.Decide(s, Around{Now: noon.Add(29 * time.Second)}); err == nil {
		t.Errorf("a limit passed before its time: %v", facts)
	}
	facts, err := pass.Decide(s, Around{Now: at(60)}) // The server was down.
	if err != nil || len(facts) != 1 {
		t.Fatalf("got %v, %v", facts, err)
	}
	if due := facts[0].(DeadlinePassed).Due; !due.Equal(noon.Add(30 * time.Second)) {
		t.Errorf("the fact says %v, not when it should have been noticed", due)
	}
	if facts, err := pass.Decide(lived(t, order, Acknowledged), Around{Now: at(60)}); err != nil || facts != nil {
		t.Errorf("signed meanwhile: got %v, %v", facts, err)
	}
}

// The timelines of the unit and of every incident concerned must show what happened.
func TestSubjects(t *testing.T) {
	s := lived(t, Dispatch{Primary: true})
	facts, _ := MoveTo{Incident: "i43"}.Decide(s, Around{})
	want := []cad.Subject{"assignment:a1", "incident:i42", "incident:i43", "unit:101"}
	if got := facts[0].Subjects(); !equal(got, want) {
		t.Errorf("moved: got %v, want %v", got, want)
	}
	facts, _ = Say{To: OnScene}.Decide(s, Around{Now: at(1)})
	if got := facts[0].Subjects(); !equal(got, []cad.Subject{"assignment:a1", "incident:i42", "unit:101"}) {
		t.Errorf("said: got %v", got)
	}
}

func equal(a, b []cad.Subject) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}
