package main

import (
	"fmt"
	"net"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

// longestAnswer is more than any answer is long, in bytes.
const longestAnswer = 16 << 10

// link is a connection to a contestant.
type link struct {
	net.Conn
	buffer [longestAnswer]byte
	filled int
}

func dialLink(addr string) (*link, error) {
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return nil, err
	}
	return &link{Conn: conn}, conn.SetDeadline(time.Now().Add(2 * time.Minute))
}

// ask sends a request and waits for its answer, which is good until the next one.
func (l *link) ask(wire []byte) (answer, error) {
	l.filled = 0
	if _, err := l.Write(wire); err != nil {
		return answer{}, err
	}
	for {
		n, err := l.Read(l.buffer[l.filled:])
		if err != nil {
			return answer{}, err
		}
		if a, ok, err := l.took(n); ok || err != nil {
			return a, err
		}
	}
}

// took looks at what has come with n more bytes.
func (l *link) took(n int) (a answer, ok bool, err error) {
	if l.filled += n; l.filled == len(l.buffer) {
		return a, false, errTooLong
	}
	a, ok, err = parseAnswer(l.buffer[:l.filled])
	if ok {
		err = a.check()
	}
	return a, ok, err
}

// saturate has so many connections ask for d, each again as soon as it is answered,
// and returns how many answers came.
func saturate(addr string, r *requests, connections int, d time.Duration) (answered int, err error) {
	defer quiet()()
	var group sync.WaitGroup
	counts, errs := make([]int, connections), make([]error, connections)
	end := time.Now().Add(d)
	for i := range connections {
		group.Go(func() { counts[i], errs[i] = askUntil(addr, r, end) })
	}
	group.Wait()
	for i := range connections {
		answered += counts[i]
		if errs[i] != nil {
			err = fmt.Errorf("asking %d connections: %w", connections, errs[i])
		}
	}
	return answered, err
}

func askUntil(addr string, r *requests, end time.Time) (answered int, err error) {
	l, err := dialLink(addr)
	if err != nil {
		return 0, err
	}
	defer l.Close()
	for answered == 0 || time.Now().Before(end) {
		if _, err := l.ask(r.take()); err != nil {
			return answered, err
		}
		answered++
	}
	return answered, nil
}

// quiet keeps our own garbage collector from what is measured, until the function
// that it returns is called.
func quiet() (loud func()) {
	runtime.GC()
	percent := debug.SetGCPercent(-1)
	return func() { debug.SetGCPercent(percent) }
}
