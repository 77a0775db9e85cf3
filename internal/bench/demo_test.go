package bench

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestDemoAndItsCity(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	exe := filepath.Join(t.TempDir(), "shuniu")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", exe, "./cmd/shuniu")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Chdir(root) // Where the sample centre lies.
	var out bytes.Buffer
	o := short(t, &out)
	o.Program, o.Seconds = exe, 2
	if err := Demo(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got := lines(t, o, &out)
	if len(got) != 1 {
		t.Fatalf("lines: %v", got)
	}
	positive(t, got[0], "made_ready_s", "kept_ready_s", "cpu_share", "open", "units", "peak_mb", "streamed_bytes_per_s")
	o.Sizes.City = "district"
	out.Reset()
	if err := City(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got = lines(t, o, &out)
	if len(got) != 1 {
		t.Fatalf("lines: %v", got)
	}
	positive(t, got[0], "world_s", "import_s", "import_peak_mb", "map_mb", "unpack_s", "tiles", "tile_cold_max_ms", "tile_warm_p99_ms", "searches_that_found", "search_max_ms", "reverse_p99_ms")
}

// The account of a process is the kernel's, not a guess: whoever works has more of it afterwards.
func TestCPUSeconds(t *testing.T) {
	own, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	p := &program{cmd: &exec.Cmd{Process: own}}
	before, err := p.cpuSeconds()
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for now := before; now < before+0.05; { // Seconds.
		for i := range 1_000_000 {
			sum += i * i
		}
		if now, err = p.cpuSeconds(); err != nil {
			t.Fatal(err)
		}
	}
	if sum == 0 {
		t.Error("nothing was worked out")
	}
}
