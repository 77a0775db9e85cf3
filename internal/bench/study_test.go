package bench

import (
	"bytes"
	"testing"
)

func TestStudy(t *testing.T) {
	var out bytes.Buffer
	o := short(t, &out)
	o.Sizes.Dense, o.Sizes.Points, o.Sizes.Candidates = 6, 60, 15
	if err := Study(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	x := lines(t, o, &out)[0]
	positive(t, x, "exact_ms", "dense_ms", "ratio_to_dense", "exact_most_ms", "simulated_calls_per_s", "pmedian_ms", "mclp_ms", "mexclp_ms", "pcentre_ms")
}
