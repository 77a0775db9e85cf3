package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// chromiumFlags are those of the browser journeys (console/e2e/start.mjs), and a screen of a seat.
var chromiumFlags = []string{ //nolint:gochecknoglobals // Never written.
	"--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
	"--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-gpu-compositing", "--window-size=1920,1080", "--disable-dev-shm-usage",
}

// endWithin is how long a program that was told to end is waited for before it is killed.
const endWithin = 10 * time.Second

// chromium is the browser of this machine; empty if there is none. CHROMIUM names another one.
func chromium() string {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// program is one that the bench started and ends.
type program struct {
	cmd *exec.Cmd
	out *tail
}

// begin starts a program in a process group of its own: what it starts itself is ended with it.
func begin(ctx context.Context, path string, args ...string) (*program, error) {
	p := &program{cmd: exec.CommandContext(ctx, path, args...), out: &tail{}} //nolint:gosec // The bench chooses both.
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = endWithin
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	return p, nil
}

// window opens a page in a browser of its own, with an empty profile in a folder.
func window(ctx context.Context, browser, profile, url string) (*program, error) {
	return begin(ctx, browser, append(append([]string{}, chromiumFlags...), "--user-data-dir="+profile, url)...)
}

// end ends the program and all that it started.
func (p *program) end() error {
	if p == nil {
		return nil
	}
	group := -p.cmd.Process.Pid
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // It may have ended.
	kill := time.AfterFunc(endWithin, func() { _ = syscall.Kill(group, syscall.SIGKILL) })
	err := p.cmd.Wait()
	kill.Stop()
	_ = syscall.Kill(group, syscall.SIGKILL) // Whatever it left behind.
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) || errors.Is(err, context.Canceled) {
		return nil // It was told to end.
	}
	return err
}

// peakMB is the most memory that the program held, in MB of 2^20 bytes.
func (p *program) peakMB() (float64, error) { return peakOf(p.cmd.Process.Pid) }

// peakOf is the most memory that a process held at once, in MB.
func peakOf(pid int) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	for row := range strings.Lines(string(b)) {
		var kb float64
		if _, err := fmt.Sscanf(row, "VmHWM: %f kB", &kb); err == nil {
			return kb / 1024, nil
		}
	}
	return 0, errors.New("bench: the kernel does not say how much memory a program held")
}
