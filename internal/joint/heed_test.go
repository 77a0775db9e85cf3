package joint_test

import (
	"strings"
	"testing"

	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/org"
)

// asking is the made-up centre whose questions raise tags, some of which the duty commander must acknowledge.
func asking(t *testing.T) *jointtest.Town {
	t.Helper()
	c := jointtest.Charter(jointtest.Centre)
	name := func(s string) org.Name { return org.Name{"en": s} }
	raises := func(tags ...cad.TagID) *org.Raise { return &org.Raise{Tags: tags} }
	c.Tags = append(c.Tags, org.Tag{ID: "blade", Name: name("blade"), Ack: true}, org.Tag{ID: "casualties", Name: name("many hurt"), Ack: true}, org.Tag{ID: "school", Name: name("school"), Ack: true})
	c.Types[1].Questions = []org.Question{
		{ID: "holds", Ask: name("what does he hold"), Kind: org.AskChoice, Options: []org.Option{
			{ID: "nothing", Name: name("nothing")}, {ID: "knife", Name: name("a knife"), Raises: raises("blade")}, {ID: "both", Name: name("a gun and a knife"), Raises: raises("gun", "blade", "weapon")},
		}},
		{ID: "hurt", Ask: name("how many are hurt"), Kind: org.AskNumber, Options: []org.Option{{ID: "some", From: 1, Raises: raises("weapon")}, {ID: "many", From: 3, Raises: raises("casualties")}}},
		{ID: "at_school", Ask: name("is it at a school"), Kind: org.AskYes, Options: []org.Option{{ID: "yes", Raises: raises("school")}}},
		{ID: "seen", Ask: name("did you see a blade"), Kind: org.AskYes, Options: []org.Option{{ID: "yes", Raises: raises("blade")}}},
		{ID: "looks", Ask: name("what does he look like"), Kind: org.AskText},
	}
	return jointtest.NewTown(t, c)
}

// The duty commander hears of what was answered without waiting for somebody to tag it, with the answer as the reason, and of
// each thing once.
func TestAnswersAlert(t *testing.T) {
	said := func(pairs ...string) (out []incident.Said) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, incident.Said{Question: pairs[i], Value: pairs[i+1]})
		}
		return out
	}
	more := func(answers []incident.Said) joint.Command {
		return joint.AboutIncident{ID: "i1", Name: "answers", Cmd: incident.TakeAnswers{ID: "i1", Answers: answers}}
	}
	tagged := joint.Classify{ID: "i1", Type: "theft", Tags: &[]cad.TagID{"blade"}}
	for name, tt := range map[string]struct {
		first []incident.Said
		then  []joint.Command
		want  string
	}{
		"nothing was answered":          {nil, nil, ""},
		"nothing of that kind":          {said("holds", "nothing", "hurt", "2", "at_school", "no"), nil, ""},
		"a knife, with the first words": {said("holds", "knife"), nil, "tag.blade=answer.holds.knife"},
		"a knife, told afterwards":      {nil, []joint.Command{more(said("holds", "knife"))}, "tag.blade=answer.holds.knife"},
		"the number from which it is":   {said("hurt", "3"), nil, "tag.casualties=answer.hurt.many"},
		"a number beyond all":           {said("hurt", "999999999999"), nil, "tag.casualties=answer.hurt.many"},
		"a place":                       {said("at_school", "yes"), nil, "tag.school=answer.at_school.yes"},
		"several at once":               {said("holds", "both", "hurt", "7"), nil, "tag.gun=answer.holds.both tag.blade=answer.holds.both tag.casualties=answer.hurt.many"},
		"two answers of one thing":      {said("seen", "yes", "holds", "knife"), nil, "tag.blade=answer.seen.yes"},
		"once, whatever is said again":  {said("holds", "knife"), []joint.Command{more(said("holds", "both")), more(said("holds", "nothing")), more(said("holds", "knife"))}, "tag.blade=answer.holds.knife tag.gun=answer.holds.both"},
		"answered, then tagged":         {said("holds", "knife"), []joint.Command{tagged}, "tag.blade=answer.holds.knife"},
		"tagged, then answered":         {nil, []joint.Command{tagged, more(said("holds", "knife"))}, "tag.blade=tag"},
		"answered after the end": {
			nil, []joint.Command{
				joint.AboutIncident{ID: "i1", Name: "invalid", Cmd: incident.Invalidate{ID: "i1", Text: cad.Sealed{Subject: "incident:i1", Slot: 1, Box: []byte("a test call")}}},
				more(said("at_school", "yes")),
			}, "tag.school=answer.at_school.yes",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := asking(t)
			w.Do(joint.Receive{ID: "i1", Source: incident.Phone, Type: "theft", Answers: tt.first})
			for _, c := range tt.then {
				w.Do(c)
			}
			s := w.House.Incident("i1")
			var got []string
			for _, k := range w.Kept {
				if a, ok := k.Fact.(incident.Alerted); ok {
					got = append(got, a.Alert+"="+a.Why)
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("alerts %v, want %s", got, tt.want)
			}
			for _, tag := range s.Tags {
				if !strings.Contains(name, "tagged") {
					t.Errorf("an answer tagged it %q by itself", tag)
				}
			}
		})
	}
}
