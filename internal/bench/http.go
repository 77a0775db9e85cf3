package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Sizes of the http bench.
const (
	httpClients = 8
	steadyRate  = 60 // Creates a second while the p99 is measured.
	listReads   = 100
)

// HTTP measures the front door: durable creates a second by 8 clients, the time of one at 60 a second, and the list
// of the open incidents.
func HTTP(ctx context.Context, o Options) (err error) {
	o = o.filled()
	dir, remove, err := o.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	f := figures{}
	before, err := probeDisk(dir, min(probeFor, o.span()))
	if err != nil {
		return err
	}
	for _, part := range []func(context.Context, string, figures) error{o.creates, o.steady, o.list} {
		folder, remove, err := Options{Dir: dir}.temp()
		if err != nil {
			return err
		}
		if err := errors.Join(part(ctx, folder, f), remove()); err != nil {
			return err
		}
	}
	after, err := probeDisk(dir, min(probeFor, o.span()))
	if err != nil {
		return err
	}
	both(f, before, after)
	return o.print("http", figures{"clients": httpClients, "seconds": o.Seconds, "steady_per_s": steadyRate, "open": o.Sizes.Open}, f)
}

// within runs f against a served house.
func within(ctx context.Context, dir string, f func(*house) error) error {
	h, err := openHouse(ctx, dir, here(), fewUnits)
	if err != nil {
		return err
	}
	if err = h.serve(ctx, nil); err == nil {
		err = f(h)
	}
	return errors.Join(err, h.close())
}

// creates lets the clients post as fast as they are answered.
func (o Options) creates(ctx context.Context, dir string, f figures) error {
	return within(ctx, dir, func(h *house) error {
		o.say("%d clients post incidents for %g s", httpClients, o.Seconds)
		var wg sync.WaitGroup
		errs, took := make([]error, httpClients), make([]spread, httpClients)
		from := time.Now()
		for c := range httpClients {
			wg.Go(func() {
				errs[c] = h.client(ctx, func(cl *client) error {
					for n := 0; time.Since(from) < o.span() && ctx.Err() == nil; n++ {
						start := time.Now()
						if err := cl.create(h, fmt.Sprintf("%d-%d", c, n), c+n*httpClients); err != nil {
							return err
						}
						took[c] = append(took[c], time.Since(start))
					}
					return nil
				})
			})
		}
		wg.Wait()
		span := time.Since(from)
		if err := errors.Join(errs...); err != nil {
			return err
		}
		var all spread
		for _, s := range took {
			all = append(all, s...)
		}
		appends := float64(h.desk.Stats().Appends.Load())
		f["creates"], f["creates_per_s"], f["creates_per_append"] = len(all), float64(len(all))/span.Seconds(), float64(len(all))/appends
		f["creates_p50_ms"], f["creates_p99_ms"] = all.ms(0.50), all.ms(0.99)
		return nil
	})
}

// steady posts at a fixed rate and measures from when each was due: a slow answer cannot hide those behind it.
func (o Options) steady(ctx context.Context, dir string, f figures) error {
	return within(ctx, dir, func(h *house) error {
		o.say("%d creates a second for %g s", steadyRate, o.Seconds)
		total := max(int(o.Seconds*steadyRate), steadyRate)
		var wg sync.WaitGroup
		errs, took := make([]error, httpClients), make([]spread, httpClients)
		from := time.Now()
		for c := range httpClients {
			wg.Go(func() {
				errs[c] = h.client(ctx, func(cl *client) error {
					for n := c; n < total; n += httpClients {
						due := from.Add(time.Duration(n) * time.Second / steadyRate)
						if err := pause(ctx, time.Until(due)); err != nil {
							return err
						}
						if err := cl.create(h, strconv.Itoa(n), n); err != nil {
							return err
						}
						took[c] = append(took[c], time.Since(due))
					}
					return nil
				})
			})
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			return err
		}
		var all spread
		for _, s := range took {
			all = append(all, s...)
		}
		f["steady_p50_ms"], f["steady_p99_ms"], f["steady_max_ms"] = all.ms(0.50), all.ms(0.99), all.ms(1)
		return nil
	})
}

// list reads the open incidents: first all of them as new rows, then again and again, each time after one changed.
func (o Options) list(ctx context.Context, dir string, f figures) error {
	return within(ctx, dir, func(h *house) error {
		o.say("%d open incidents, listed %d times", o.Sizes.Open, listReads)
		for n := range o.Sizes.Open {
			if _, err := h.take(ctx, strconv.Itoa(n), n); err != nil {
				return err
			}
		}
		return h.client(ctx, func(cl *client) error {
			var took spread
			for n := range listReads {
				if n > 0 {
					if _, err := h.note(ctx, "i0", strconv.Itoa(n)); err != nil {
						return err
					}
				}
				start := time.Now()
				body, err := cl.ask("GET", "/api/v1/incidents?limit="+strconv.Itoa(o.Sizes.Open), "", nil)
				if err != nil {
					return err
				}
				took = append(took, time.Since(start))
				if got := bytes.Count(body, []byte(`"next":`)); got < o.Sizes.Open {
					return fmt.Errorf("bench: a list of %d incidents has %d rows with next", o.Sizes.Open, got)
				}
				f["list_bytes"] = len(body)
			}
			f["list_first_ms"] = float64(took[0].Microseconds()) / 1000
			f["list_p50_ms"], f["list_p99_ms"] = took[1:].ms(0.50), took[1:].ms(0.99)
			return nil
		})
	})
}

// client speaks HTTP/1.1 on one connection, with as little work of its own as can be: on a small machine the client
// shares the processor with what it measures.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	out  bytes.Buffer
	addr string
}

func (h *house) client(ctx context.Context, f func(*client) error) error {
	cl, err := dial(ctx, h.addr)
	if err != nil {
		return err
	}
	return errors.Join(f(cl), cl.conn.Close())
}

func dial(ctx context.Context, addr string) (*client, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	return &client{conn: conn, in: bufio.NewReaderSize(conn, 16<<10), addr: addr}, nil
}

func (c *client) create(h *house, key string, n int) error {
	p := scatter(h.middle, n)
	body := fmt.Appendf(nil, `{"place":{"lon":%.6f,"lat":%.6f,"address":"%d North Street"},"type":"knife","narrative":"two men are fighting in front of the shop, one has a bottle","caller":{"name":"Lin","number":"19900000000"}}`, p.Lon, p.Lat, n)
	_, err := c.ask("POST", "/api/v1/incidents", key, body)
	return err
}

// send writes a request.
func (c *client) send(method, path, key string, body []byte) error {
	c.out.Reset()
	fmt.Fprintf(&c.out, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, c.addr)
	if key != "" {
		fmt.Fprintf(&c.out, "Idempotency-Key: %s\r\n", key)
	}
	if body != nil {
		fmt.Fprintf(&c.out, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	c.out.WriteString("\r\n")
	c.out.Write(body)
	_, err := c.conn.Write(c.out.Bytes())
	return err
}

// ask sends a request and gives the body of an answer that is 2xx; any other is an error.
func (c *client) ask(method, path, key string, body []byte) ([]byte, error) {
	if err := c.send(method, path, key, body); err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	status, length, err := c.head()
	if err != nil {
		return nil, fmt.Errorf("bench: %s %s: %w", method, path, err)
	}
	var answer []byte
	if length >= 0 {
		answer = make([]byte, length)
		_, err = io.ReadFull(c.in, answer)
	} else {
		answer, err = c.chunks()
	}
	if err == nil && status/100 != 2 {
		err = fmt.Errorf("answer %d: %.300s", status, answer)
	}
	if err != nil {
		return nil, fmt.Errorf("bench: %s %s: %w", method, path, err)
	}
	return answer, nil
}

// head reads the status line and the headers; length is -1 for a body in chunks.
func (c *client) head() (status, length int, err error) {
	length = -1
	for first := true; ; first = false {
		row, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, 0, err
		}
		text := strings.TrimRight(string(row), "\r\n")
		if first {
			if status, err = strconv.Atoi(text[min(9, len(text)):min(12, len(text))]); err != nil {
				return 0, 0, fmt.Errorf("no status: %q", text)
			}
			continue
		}
		if text == "" {
			return status, length, nil
		}
		if name, value, _ := strings.Cut(text, ":"); strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return 0, 0, fmt.Errorf("no length: %q", text)
			}
		}
	}
}

func (c *client) chunks() ([]byte, error) {
	var all []byte
	for {
		row, err := c.in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		n, err := strconv.ParseInt(strings.TrimSpace(string(row)), 16, 32)
		if err != nil {
			return nil, fmt.Errorf("no chunk: %w", err)
		}
		at := len(all)
		all = append(all, make([]byte, n+2)...)
		if _, err := io.ReadFull(c.in, all[at:]); err != nil {
			return nil, err
		}
		if all = all[:at+int(n)]; n == 0 {
			return all, nil
		}
	}
}
