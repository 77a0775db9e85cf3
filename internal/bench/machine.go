package bench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Machine is where a figure was measured. Without it a figure says nothing.
type Machine struct {
	CPU      string  `json:"cpu"`
	Cores    int     `json:"cores"`
	MemoryGB float64 `json:"memory_gb"`
	Kernel   string  `json:"kernel"`
	Disk     string  `json:"disk_fs"` // File system under the bench's files.
	Go       string  `json:"go"`
	Load     string  `json:"load"` // Load averages when the line was printed: was the machine quiet?
}

func describe(dir string) (Machine, error) {
	m := Machine{CPU: cpuName(), Cores: runtime.NumCPU(), Go: runtime.Version()}
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return m, fmt.Errorf("bench: the kernel does not say its name: %w", err)
	}
	m.Kernel = unix.ByteSliceToString(name.Release[:])
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return m, fmt.Errorf("bench: the kernel does not say its memory: %w", err)
	}
	m.MemoryGB = rounded(float64(info.Totalram) * float64(info.Unit) / (1 << 30))
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return m, fmt.Errorf("bench: the disk does not say its file system: %w", err)
	}
	m.Disk = fileSystem(fs.Type)
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.Load = strings.Join(strings.Fields(string(b))[:3], " ")
	}
	return m, nil
}

func cpuName() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for row := range strings.Lines(string(b)) {
		if name, value, ok := strings.Cut(row, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func fileSystem(magic int64) string {
	switch magic {
	case unix.EXT4_SUPER_MAGIC:
		return "ext4"
	case unix.XFS_SUPER_MAGIC:
		return "xfs"
	case unix.BTRFS_SUPER_MAGIC:
		return "btrfs"
	case unix.TMPFS_MAGIC:
		return "tmpfs"
	case unix.OVERLAYFS_SUPER_MAGIC:
		return "overlay"
	}
	return fmt.Sprintf("0x%x", magic)
}

// probe is how fast this disk syncs now.
type probe struct {
	perS, p50, p99 float64
}

// Limits of the probe.
const (
	probeFor   = 2 * time.Second
	probeBlock = 4096 // Bytes appended before each sync.
	probeMin   = 20   // Syncs, however long they take.
)

// probeDisk appends 4 KiB and syncs, again and again.
func probeDisk(dir string, span time.Duration) (p probe, err error) {
	f, err := os.Create(filepath.Join(dir, "probe"))
	if err != nil {
		return p, fmt.Errorf("bench: the disk cannot be probed: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	block := make([]byte, probeBlock)
	var took spread
	from := time.Now()
	for len(took) < probeMin || time.Since(from) < span {
		start := time.Now()
		if _, err := f.Write(block); err != nil {
			return p, fmt.Errorf("bench: the disk cannot be probed: %w", err)
		}
		if err := unix.Fdatasync(int(f.Fd())); err != nil {
			return p, fmt.Errorf("bench: the disk cannot be probed: %w", err)
		}
		took = append(took, time.Since(start))
	}
	return probe{perS: float64(len(took)) / time.Since(from).Seconds(), p50: took.ms(0.50), p99: took.ms(0.99)}, nil
}

// both joins the probes before and after a measurement into its figures.
func both(f figures, before, after probe) {
	f["disk_fsyncs_per_s"] = []float64{rounded(before.perS), rounded(after.perS)}
	f["fsync_p50_ms"] = []float64{before.p50, after.p50}
	f["fsync_p99_ms"] = []float64{before.p99, after.p99}
}
