package study_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shuniu/internal/publicdata"
	"shuniu/internal/study"
)

// reference reads a file of published figures, or skips the test where there is none.
func reference(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(publicdata.File(t, filepath.Join("reference", name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// larson is the example of Larson and Odoni, Urban Operations Research (1981), 5.4.3: three cars, ten atoms, calls that wait. The text
// gives the totals, lambda_1 follows from its f_11; how areas 2 and 3 are split inside changes no workload.
func larson() *study.Units {
	first, second, third, fourth := []int{0, 1, 2}, []int{0, 2, 1}, []int{1, 0, 2}, []int{2, 0, 1}
	return &study.Units{
		Mu: []float64{1, 1, 1}, Line: true,
		Lambda: []float64{0.25, 0.25, 0.1, 0.25, 0.15, 0.1, 0.1, 0.1, 0.1, 0.1},
		Prefer: [][]int{first, first, third, second, third, third, fourth, fourth, fourth, fourth},
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.10g, not %.10g", what, got, want)
	}
}

func allNear(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s has %d figures, not %d", what, len(got), len(want))
		return
	}
	for i := range got {
		near(t, what, got[i], want[i], tolerance)
	}
}

func rowsNear(t *testing.T, what string, got, want [][]float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s has %d rows, not %d", what, len(got), len(want))
		return
	}
	for i := range got {
		allNear(t, what, got[i], want[i], tolerance)
	}
}

// The published figures of the textbook (its interresponse fraction sums hand-rounded shares).
func TestHypercubeOfTheTextbook(t *testing.T) {
	a, err := study.Hypercube(t.Context(), larson())
	if err != nil {
		t.Fatal(err)
	}
	allNear(t, "workloads", a.Workload, []float64{0.5574, 0.4734, 0.4693}, 5e-5)
	near(t, "P(delay)", a.Delay, 9.0/38, 1e-12)
	near(t, "f_11", a.Share[0][0], 0.087, 5e-4)
	near(t, "interresponse", a.Away, 0.43529, 1e-4)
	b, err := study.Approximate(t.Context(), larson(), 0.00115) // Change of the third iteration, which the book rounds to 0.0011.
	if err != nil {
		t.Fatal(err)
	}
	allNear(t, "Q", b.Q, []float64{1, 0.73684, 0.63158}, 5e-6)
	if b.Rounds != 3 {
		t.Errorf("it took %d iterations", b.Rounds)
	}
	allNear(t, "approximate workloads", b.Workload, []float64{0.5627, 0.4716, 0.4657}, 1.5e-4)
}

// The same example to nine digits, with and without a line.
func TestHypercubeReference(t *testing.T) {
	text := reference(t, "hypercube-uor-5.4.3.json")
	var file struct {
		Verified struct {
			States    []float64   `json:"state_probs_index_bit0_is_server1"`
			Waiting   float64     `json:"P_queue_nonempty"`
			Delay     float64     `json:"P_delay"`
			Workload  []float64   `json:"workloads"`
			Share     [][]float64 `json:"f_nj"`
			Immediate [][]float64 `json:"f_nj_immediate"`
			Away      float64     `json:"fraction_interresponse_area"`
			Q         []float64   `json:"Q_factors"`
			Trail     [][]float64 `json:"approx_workloads_by_iteration"`
			Changes   []float64   `json:"approx_change_by_iteration"`
			Converged []float64   `json:"approx_converged"`
		} `json:"verified_here"`
		Zero struct {
			States   []float64   `json:"state_probs"`
			Loss     float64     `json:"P_loss"`
			Workload []float64   `json:"workloads"`
			Share    [][]float64 `json:"f_nj"`
		} `json:"zero_line"`
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	u, err := study.ReadUnits(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	a, err := study.Hypercube(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	v, tolerance := file.Verified, 1e-9
	allNear(t, "states", a.States, v.States, tolerance)
	near(t, "P(waiting)", a.Waiting, v.Waiting, tolerance)
	near(t, "P(delay)", a.Delay, v.Delay, tolerance)
	allNear(t, "workloads", a.Workload, v.Workload, tolerance)
	rowsNear(t, "shares", a.Share, v.Share, tolerance)
	rowsNear(t, "immediate shares", a.Immediate, v.Immediate, tolerance)
	near(t, "interresponse", a.Away, v.Away, tolerance)
	b, err := study.Approximate(t.Context(), u, 0)
	if err != nil {
		t.Fatal(err)
	}
	allNear(t, "Q", b.Q, v.Q, tolerance)
	rowsNear(t, "iterations", b.Trail[:len(v.Trail)], v.Trail, tolerance)
	allNear(t, "changes", b.Changes[:len(v.Changes)], v.Changes, tolerance)
	allNear(t, "converged", b.Workload, v.Converged, tolerance)
	u.Line = false
	z, err := study.Hypercube(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	allNear(t, "states without a line", z.States, file.Zero.States, tolerance)
	near(t, "loss", z.Loss, file.Zero.Loss, tolerance)
	allNear(t, "workloads without a line", z.Workload, file.Zero.Workload, tolerance)
	rowsNear(t, "shares without a line", z.Share, file.Zero.Share, tolerance)
}

// Two generated systems of five units, solved elsewhere by two methods.
func TestHypercubeGenerated(t *testing.T) {
	for _, name := range []string{"hypercube-generated-n5-hom-inf.json", "hypercube-generated-n5-hom-zero.json"} {
		text := reference(t, name)
		var file struct {
			Input struct {
				Prefer [][]int     `json:"preference_by_atom_0based"`
				Travel [][]float64 `json:"travel_time_n_j"`
			} `json:"input"`
			Expected struct {
				Workload []float64   `json:"workloads"`
				Waiting  float64     `json:"P_queue_nonempty"`
				Delay    float64     `json:"P_delay"`
				AllBusy  float64     `json:"P_all_busy"`
				Idle     float64     `json:"P_idle_all"`
				Share    [][]float64 `json:"f_nj"`
				Travel   float64     `json:"mean_station_to_atom_travel"`
			} `json:"expected"`
			Tolerance float64 `json:"tolerance"`
		}
		if err := json.Unmarshal([]byte(text), &file); err != nil {
			t.Fatal(err)
		}
		u, err := study.ReadUnits(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		a, err := study.Hypercube(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		e := file.Expected
		allNear(t, name+" workloads", a.Workload, e.Workload, file.Tolerance)
		near(t, name+" P(waiting)", a.Waiting, e.Waiting, file.Tolerance)
		near(t, name+" P(delay)", a.Delay, e.Delay, file.Tolerance)
		near(t, name+" P(all busy)", a.AllBusy, e.AllBusy, file.Tolerance)
		near(t, name+" P(all free)", a.Idle, e.Idle, file.Tolerance)
		rowsNear(t, name+" shares", a.Share, e.Share, file.Tolerance)
		near(t, name+" travel", a.Travel, e.Travel, file.Tolerance)
		for _, field := range []string{"preference_by_atom_0based", "travel_time_n_j"} { // What the places give by themselves.
			derived, err := study.ReadUnits(strings.NewReader(strings.ReplaceAll(text, field, "left_out")))
			if err != nil {
				t.Fatal(err)
			}
			for j := range derived.Prefer {
				for k := range derived.Prefer[j] {
					if derived.Prefer[j][k] != file.Input.Prefer[j][k] {
						t.Errorf("%s without %s: atom %d prefers %v", name, field, j, derived.Prefer[j])
						break
					}
				}
			}
			rowsNear(t, name+" travel times", derived.Travel, file.Input.Travel, 1e-9)
		}
	}
}
