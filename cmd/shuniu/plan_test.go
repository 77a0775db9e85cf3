package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shuniu/internal/cad"
	"shuniu/internal/centre"
	"shuniu/internal/org"
)

// try runs plan try on the sample centre and its map.
func tryPlan(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	base := []string{"plan", "try", "--centre", "../../centres/yunze", "--streets", "../../testdata/worlds/lanhu.osm"}
	var o, e bytes.Buffer
	code = run(t.Context(), append(base, args...), &o, &e)
	return code, o.String(), e.String()
}

func TestPlanTry(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string
		want []string
	}{
		"a knife and a gun": {[]string{"--type", "knife", "--tag", "gun", "--at", "站前广场"}, []string{
			"incident  knife 持刀伤人(正在发生): P1, level III, tags knife, gun", "站前广场 118.406133,31.216918; st8 站前派出所 by polygon",
			"gun     near×1 (armed), each 2 people with 1 sworn", "seats 41; partners 120; notify duty_commander, first_report, duty_chief",
			"near×2 (armed), each 2 people with 1 sworn, stays back", "recommended for wave 1, 60 units free at their posts, by the streets", "nothing is missing",
		}},
		"all waves of a crowd": {[]string{"--type", "gather", "--level", "II", "--wave", "3", "--at", "118.4061329,31.2169183", "--hour", "8"}, []string{
			"wave 3\n", "gather_large  near×3", "recommended for waves 1 to 3", "by the streets at 08:00", "drone:aerial",
		}},
		"on the river":       {[]string{"--type", "water", "--at", "118.4071819,31.1997237"}, []string{"river  boat×1 (water_rescue)", "601", "near the border of"}},
		"nobody knows where": {[]string{"--type", "theft"}, []string{"none given", "none beside the type's own", "missing"}},
		"not on this map":    {[]string{"--type", "dv", "--at", "汀兰路9999号"}, []string{"汀兰路9999号 (about 汀兰路"}},
	} {
		code, out, errs := tryPlan(t, tt.args...)
		if code != 0 {
			t.Errorf("%s: %s", name, errs)
		}
		for _, want := range tt.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, out)
			}
		}
	}
}

// The same question has the same answer, for programs too.
func TestPlanTryJSON(t *testing.T) {
	args := []string{"--type", "missing", "--at", "采菱公园东门", "--json"}
	_, first, _ := tryPlan(t, args...)
	_, second, _ := tryPlan(t, args...)
	var got struct {
		Station string                `json:"station"`
		Cards   []struct{ ID string } `json:"cards"`
		Waves   []struct{ Add []any } `json:"waves"`
		Advice  struct {
			Items []struct {
				Unit string `json:"unit"`
				Pick bool   `json:"pick"`
			}
		} `json:"recommendation"`
		Units int `json:"units"`
	}
	if err := json.Unmarshal([]byte(first), &got); err != nil || first != second {
		t.Fatalf("%v; the same twice: %v\n%s", err, first == second, first)
	}
	picked := 0
	for _, i := range got.Advice.Items {
		if i.Pick {
			picked++
		}
	}
	if got.Station != "st7" || len(got.Cards) != 1 || got.Cards[0].ID != "search_wide" || len(got.Waves) != 3 || picked != 3 || got.Units != 60 {
		t.Errorf("%+v, %d picked", got, picked)
	}
}

func TestPlanTryRefuses(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad")
	if err := os.CopyFS(bad, os.DirFS("../../centres/yunze")); err != nil {
		t.Fatal(err)
	}
	plans, err := os.ReadFile(filepath.Join(bad, "plans.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	plans = bytes.Replace(plans, []byte("{slot: boat, capability: water_rescue, count: 1}"), []byte("{slot: boat, capability: water_rescue, count: 2}"), 1)
	if err := os.WriteFile(filepath.Join(bad, "plans.yaml"), plans, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		`there is no type "knive"`:      {"--type", "knive"},
		`there is no tag "sword"`:       {"--type", "knife", "--tag", "sword"},
		`the map has no place "qqqqqq"`: {"--type", "knife", "--at", "qqqqqq"},
		"--wave 0 is no wave":           {"--type", "knife", "--wave", "0"},
		"--hour 24 is no hour":          {"--type", "knife", "--hour", "24"},
		"plans.yaml:":                   {"--type", "knife", "--centre", bad}, // The centre has one boat.
	} {
		code, out, errs := tryPlan(t, args...)
		if code != 1 || out != "" || !strings.Contains(errs, want) || !strings.Contains(errs, "what to do:") {
			t.Errorf("%v: %d\n%s%s", args, code, out, errs)
		}
	}
	if code, out, _ := tryPlan(t, "--help"); code != 0 || !strings.Contains(out, "Example: shuniu plan try --type knife --at 汀兰路12号") {
		t.Errorf("the help teaches nothing: %d\n%s", code, out)
	}
}

// The sample centre can answer whatever its own table and plans ask for, in every wave, with all units free: each type at
// each level, with each tag beside its own, at the station square and on the river.
func TestYunzeCanAnswerEveryPlan(t *testing.T) {
	charter, problems := centre.Load("../../centres/yunze", centre.Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	o := charter.State()
	s := session{ctx: t.Context()}
	missing := map[string]string{}
	for _, typ := range o.TypeOrder {
		for _, level := range []cad.Level{"", "I", "II", "III", "IV"} {
			for _, tag := range append(slices.Sorted(maps.Keys(o.Tags)), "") {
				for _, station := range []cad.OrgID{"st8", "st9"} {
					c := planTryCommand{Type: string(typ), Level: string(level), Wave: org.WaveMax, Hour: -1, Centre: "../../centres/yunze"}
					if tag != "" {
						c.Tag = []string{string(tag)}
					}
					out, err := c.ask(&o)
					if err != nil {
						t.Fatal(err)
					}
					out.Place, out.Station = o.Orgs[station].Place, station
					if err := c.recommend(s, &out, &o, charter, nil); err != nil {
						t.Fatal(err)
					}
					for _, f := range out.Advice.Shortfalls {
						missing[fmt.Sprintf("%s at level %s lacks %d of %s", typ, out.Level, f.Count, f.What)] = fmt.Sprintf("with %q in %s", tag, station)
					}
				}
			}
		}
	}
	for _, what := range slices.Sorted(maps.Keys(missing)) {
		t.Errorf("%s, such as %s", what, missing[what])
	}
}
