package main

import (
	"bytes"
	"encoding/json"
	"math"
	"path/filepath"
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
		"no radius":         {[]string{"mclp", "--demand", good, "--sites", good}, "--radius"},
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
