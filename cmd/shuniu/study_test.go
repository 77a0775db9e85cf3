package main

import (
	"bytes"
	"encoding/json"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// asked runs a command that prints JSON.
func asked(t *testing.T, args ...string) map[string]any {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), append(args, "--json"), &out, &errs); code != 0 {
		t.Fatalf("%v ended with %d: %s", args, code, errs.String())
	}
	answer := map[string]any{}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// A line of five points with two posts: what anybody can check by hand.
func TestStudyPosts(t *testing.T) {
	points := written(t, "points.csv", "name,x,y,weight\na,0,0,1\nb,100,0,1\nc,200,0,1\nd,1000,0,5\ne,1100,0,1\n")
	sites := written(t, "sites.csv", "name,x,y\nwest,100,0\nmiddle,600,0\neast,1000,0\n")
	base := []string{"--demand", points, "--sites", sites, "-p", "2"}
	median := asked(t, append([]string{"study", "pmedian"}, base...)...)
	if median["value"] != 300.0 || math.Abs(median["mean"].(float64)-300.0/9) > 1e-12 || median["proven"] != true {
		t.Errorf("p-median: %v", median)
	}
	cover := asked(t, append([]string{"study", "mclp", "--radius", "50"}, base...)...)
	if cover["value"] != 6.0 || cover["covered_points_percent"] != 40.0 || math.Abs(cover["covered_percent"].(float64)-600.0/9) > 1e-9 {
		t.Errorf("MCLP: %v", cover)
	}
	centre := asked(t, append([]string{"study", "pcentre"}, base...)...)
	if centre["value"] != 100.0 || centre["site_names"].([]any)[1] != "east" {
		t.Errorf("p-centre: %v", centre)
	}
	both := asked(t, append([]string{"study", "mexclp", "--radius", "50", "--busy", "0.5"}, base...)...)
	if both["value"] != 3.75 || both["sites"].([]any)[0] != 2.0 || both["sites"].([]any)[1] != 2.0 { // Two at the place of five calls: 5 * (1 - 0.25).
		t.Errorf("MEXCLP: %v", both)
	}
	matrix := written(t, "metres.csv", "100,600,1000\n0,500,900\n100,400,800\n900,400,0\n1000,500,100\n")
	same := asked(t, "study", "pmedian", "--matrix", matrix, "--demand", points, "--sites", sites, "-p", "2")
	if same["value"] != 300.0 || same["site_names"].([]any)[0] != "west" {
		t.Errorf("the same as a matrix: %v", same)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), append([]string{"study", "mclp", "--radius", "50"}, base...), &out, &errs); code != 0 || !strings.Contains(out.String(), "40.000000 %") || !strings.Contains(out.String(), "nothing is better") {
		t.Errorf("for a person: %d %s%s", code, out.String(), errs.String())
	}
}

// A centre's own file of demand is a table of points.
func TestStudyReadsDemand(t *testing.T) {
	file := written(t, "demand.csv", "kind,lon,lat,value\nhour:0,,,2\ncell,121.47,31.23,3\ncell,121.50,31.23,1\n")
	sites := written(t, "sites.csv", "lon,lat\n121.50,31.23\n121.4701,31.23\n")
	a := asked(t, "study", "mclp", "--demand", file, "--sites", sites, "--radius", "500")
	if a["sites"].([]any)[0] != 1.0 || math.Abs(a["covered_percent"].(float64)-75) > 1e-9 {
		t.Errorf("%v", a)
	}
}

const threeCars = `{"input": {"mu": [1,1,1], "line": "infinite", "lambda_by_atom": [0.5, 0.25, 0.35, 0.4],
"preference_by_atom_1based": [[1,2,3],[1,3,2],[2,1,3],[3,1,2]]}}`

// The textbook's three cars, its atoms put together by preference.
func TestStudyHypercube(t *testing.T) {
	file := written(t, "cars.json", threeCars)
	exact := asked(t, "study", "hypercube", "--input", file, "--simulate", "400000")
	for i, want := range []float64{0.5574, 0.4734, 0.4693} {
		if got := exact["workloads"].([]any)[i].(float64); math.Abs(got-want) > 5e-5 {
			t.Errorf("unit %d is busy for %g", i, got)
		}
	}
	if got := exact["P_delay"].(float64); math.Abs(got-9.0/38) > 1e-12 {
		t.Errorf("P(delay) is %g", got)
	}
	played := exact["simulated"].(map[string]any)["P_delay"].(map[string]any)
	if got, off := played["mean"].(float64), played["standard_error"].(float64); math.Abs(got-9.0/38) > 4*off {
		t.Errorf("simulated P(delay) is %g with an error of %g", got, off)
	}
	approx := asked(t, "study", "hypercube", "--input", file, "--approx")
	if got := exact["Q_factors"].([]any); len(got) != 3 || math.Abs(got[1].(float64)-14.0/19) > 1e-12 || exact["method"] != "exact" {
		t.Errorf("Q beside the exact answer: %v", got)
	}
	if got := exact["approx"].(map[string]any)["workloads_by_iteration"]; !reflect.DeepEqual(got, approx["approx_workloads_by_iteration"]) {
		t.Errorf("the approximation beside the exact answer: %v", got)
	}
	third := approx["approx_workloads_by_iteration"].([]any)[2].([]any)
	for i, want := range []float64{0.5627, 0.4716, 0.4657} {
		if math.Abs(third[i].(float64)-want) > 1.5e-4 {
			t.Errorf("the third iteration: %v", third)
		}
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"study", "hypercube", "--input", file}, &out, &errs); code != 0 || !strings.Contains(out.String(), "23.68421 %") {
		t.Errorf("for a person: %d %s%s", code, out.String(), errs.String())
	}
	q := asked(t, "study", "queue", "--servers", "10", "--rate", "80", "--service", "0.1")
	if got := q["erlang_C"].(float64); math.Abs(got-0.409180) > 5e-7 {
		t.Errorf("Erlang C is %g", got)
	}
	if never := asked(t, "study", "queue", "--servers", "1", "--rate", "3", "--service", "1"); never["mean_wait"] != nil || never["erlang_C"] != 1.0 {
		t.Errorf("a line that grows for ever: %v", never)
	}
}

// What cannot be used ends with 2, the file, its line and what to do.
func TestStudyRefuses(t *testing.T) {
	good := written(t, "good.csv", "x,y\n1,2\n")
	bad := written(t, "bad.csv", "x,y\n1,2\n1,much\n")
	for name, tt := range map[string]struct {
		args []string
		says string
	}{
		"no files":          {[]string{"pmedian"}, "--demand and --sites"},
		"no such file":      {[]string{"pmedian", "--demand", "nowhere.csv", "--sites", good}, "nowhere.csv"},
		"a bad line":        {[]string{"pmedian", "--demand", bad, "--sites", good}, "bad.csv: line 3"},
		"too many":          {[]string{"pcentre", "--demand", good, "--sites", good, "-p", "2"}, "2 cannot be placed on 1"},
		"a radius below 0":  {[]string{"mclp", "--demand", good, "--sites", good, "--radius=-1"}, "--radius"},
		"a NaN radius":      {[]string{"mclp", "--demand", good, "--sites", good, "--radius", "NaN"}, "radius"},
		"always busy":       {[]string{"mexclp", "--demand", good, "--sites", good, "--radius", "1", "--busy", "1"}, "busy"},
		"weights that lack": {[]string{"pmedian", "--matrix", written(t, "m.csv", "1,2\n3,4\n"), "--demand", written(t, "w.csv", "1\n")}, "1 weights"},
		"no rate":           {[]string{"queue", "--servers", "3", "--rate=-1", "--service", "1"}, "no rates"},
		"no time":           {[]string{"queue", "--servers", "3", "--rate", "1", "--service", "0"}, "no time"},
		"no line":           {[]string{"hypercube", "--input", written(t, "h.json", `{"mu":[1]}`)}, "h.json: line is"},
		"no JSON":           {[]string{"hypercube", "--input", bad}, "bad.csv: line 1"},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), append([]string{"study"}, tt.args...), &out, &errs); code != 2 || !strings.Contains(errs.String(), tt.says) || out.Len() > 0 {
			t.Errorf("%s: ended with %d and said %q", name, code, errs.String())
		}
	}
}

// Calls of callers become squares and hours; what officers begin is left out and said. The file is taken by the models.
func TestStudyDemand(t *testing.T) {
	dir := t.TempDir()
	calls := filepath.Join(dir, "calls.csv")
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"callers", "--centre", "../../centres/yunze", "--streets", "../../testdata/worlds/lanhu.osm", "--days", "2", "--csv", calls}, &out, &errs); code != 0 {
		t.Fatal(errs.String())
	}
	file, mapping := filepath.Join(dir, "demand.csv"), "../../centres/yunze/mapping.yaml"
	all := asked(t, "study", "demand", "--calls", calls, "--mapping", mapping, "--out", file)
	if n := all["calls"].(float64); n < 1_000 || all["cells"].(float64) < 10 || all["officer_left_out"] != 0.0 {
		t.Errorf("%v", all)
	}
	some := asked(t, "study", "demand", "--calls", calls, "--mapping", mapping, "--officer", "fight")
	if left := some["officer_left_out"].(float64); left == 0 || some["calls"].(float64)+left != all["calls"].(float64) {
		t.Errorf("%v of %v are left out", left, all["calls"])
	}
	a := asked(t, "study", "mclp", "--demand", file, "--sites", file, "-p", "3", "--radius", "800")
	if a["covered_percent"].(float64) <= 0 || len(a["sites"].([]any)) != 3 {
		t.Errorf("%v", a)
	}
	out.Reset()
	if code := run(t.Context(), []string{"study", "demand", "--calls", calls, "--mapping", mapping, "--out", file}, &out, &errs); code != 2 {
		t.Errorf("a file that exists: %d", code)
	}
	if code := run(t.Context(), []string{"study", "demand", "--calls", calls, "--mapping", mapping}, &out, &errs); code != 0 || !strings.Contains(out.String(), "23:00") {
		t.Errorf("for a person: %s", out.String())
	}
}

// Sixteen units are answered by the approximation without being asked for it.
func TestStudyHypercubeOfSixteen(t *testing.T) {
	ones, list := strings.Repeat("1,", 15)+"1", "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15"
	file := written(t, "h.json", `{"mu":[`+ones+`],"line":"infinite","lambda_by_atom":[8],"preference_by_atom_0based":[[`+list+`]]}`)
	a := asked(t, "study", "hypercube", "--input", file)
	total := 0.0
	for _, w := range a["workloads"].([]any) {
		total += w.(float64)
	}
	if a["method"] != "approximate" || math.Abs(total-8) > 1e-9 || len(a["Q_factors"].([]any)) != 16 {
		t.Errorf("%v: %v", a["method"], a["workloads"])
	}
}

// Without a radius or a share one is taken and said; tables of any separator are taken, and degrees without a head are known.
func TestStudyTakesWhatIsUsual(t *testing.T) {
	points, sites := written(t, "p.csv", "-122.42;37.77;3\n-122.40;37.78;1\n"), written(t, "s.csv", "-122.42\t37.77\n-122.50\t37.70\n")
	for _, model := range []string{"mclp", "mexclp"} {
		a := asked(t, "study", model, "--demand", points, "--sites", sites)
		if a["radius"] != 5000.0 || a["radius_default"] != true || a["covered"] != 4.0 || !strings.Contains(a["measure"].(string), "great circle between lon,lat, as which") {
			t.Errorf("%s: %v", model, a)
		}
		if busy := a["busy"]; model == "mexclp" && (busy != 0.3 || a["busy_default"] != true) {
			t.Errorf("busy %v", busy)
		}
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"study", "mclp", "--demand", points, "--sites", sites}, &out, &errs); code != 0 || !strings.Contains(errs.String(), "without --radius 5000") || !strings.Contains(errs.String(), "taken so") {
		t.Errorf("%d: it says %q", code, errs.String())
	}
	flat := asked(t, "study", "pmedian", "--demand", written(t, "p.csv", "0,0\n3,4\n"), "--sites", written(t, "s.csv", "0,0\n"))
	if flat["value"] != 5.0 || !strings.Contains(flat["measure"].(string), "metres between x,y, as which") {
		t.Errorf("a plane without a head: %v", flat)
	}
	out.Reset()
	if code := run(t.Context(), []string{"study", "pmedian", "--json", "--matrix", written(t, "m.csv", "1,2\n3,4\n"), "--demand", written(t, "w.csv", "0\n0\n")}, &out, &errs); code != 0 || strings.Contains(out.String(), "-0") || !strings.Contains(out.String(), `"value":0,`) {
		t.Errorf("of nothing: %d %s", code, out.String())
	}
}
