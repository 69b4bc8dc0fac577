package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"premiumline/phone"
)

var soak = flag.Duration("soak", 3*time.Second, "how long TestSoak has callers on the line")

// soakers are the callers that are on the line at a time.
const soakers = 32

// callersOfAllKinds are where soaking calls come from.
var callersOfAllKinds = []phone.Caller{
	{From: "+14045550100"}, {From: "+13605550100"}, {From: "+13605550100", City: "VANCOUVER"},
	{From: "+12025550100"}, {From: "anonymous"}, {From: "+442079460000"}, {From: "+266696687"}, {From: ""},
}

// TestSoak has callers do whatever comes to their minds: right and wrong keys,
// patience, hanging up, transfers of every end. No webhook fails, every call ends,
// and the process holds no more at the end than at the beginning.
func TestSoak(t *testing.T) {
	before := standing()
	s := start(t)
	transport := &http.Transport{MaxIdleConnsPerHost: soakers}
	ctx, stop := context.WithTimeout(t.Context(), *soak)
	defer stop()
	var callers sync.WaitGroup
	var calls atomic.Int64
	for i := range soakers {
		line := stressLine(s.public, transport, func(http.RoundTripper) http.RoundTripper { return transport })
		line.Seed = fmt.Sprint("soak ", i)
		random := rand.New(rand.NewPCG(uint64(i), 1))
		callers.Go(func() {
			for ctx.Err() == nil {
				if err := anyCall(t.Context(), line, random); err != nil {
					t.Error(err)
				}
				calls.Add(1)
			}
		})
	}
	callers.Wait()
	s.stop()
	if err := <-s.ended; err != nil {
		t.Errorf("the line ended with %v", err)
	}
	transport.CloseIdleConnections()
	before.again(t)
	t.Logf("%d calls", calls.Load())
}

// anyCall is a call of which nothing is planned.
func anyCall(ctx context.Context, line *phone.Line, random *rand.Rand) error {
	caller := callersOfAllKinds[random.IntN(len(callersOfAllKinds))]
	caller.To = "+18005550199"
	c, err := line.Call(ctx, caller)
	for acts := 0; err == nil && !c.Ended(); acts++ {
		c.FarEnd = anyFarEnd(random)
		err = anyAct(ctx, c, random, acts)
	}
	for _, e := range c.Events() {
		if hook, ok := e.What.(phone.Webhook); ok && hook.Err != nil {
			return fmt.Errorf("%s: %w", c.SID(), hook.Err)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.SID(), err)
	}
	return nil
}

func anyFarEnd(random *rand.Rand) phone.FarEnd {
	statuses := []string{"completed", "busy", "no-answer", "failed", "canceled"}
	return phone.FarEnd{Status: statuses[random.IntN(len(statuses))], HangsUp: random.IntN(2) == 0}
}

// anyAct is what a caller does next. Patience ends after a while.
func anyAct(ctx context.Context, c *phone.Call, random *rand.Rand, acts int) error {
	const keys = "0123456789*#"
	switch n := random.IntN(10); {
	case acts > 50:
		return c.Hangup(ctx)
	case n == 0:
		return c.Hangup(ctx)
	case n == 1:
		return c.Wait(ctx)
	case n == 2:
		return c.PressAt(ctx, time.Second, fmt.Sprintf("%05d", random.IntN(100_000)))
	default:
		i := random.IntN(len(keys))
		return c.PressAt(ctx, time.Duration(random.IntN(20))*time.Second, keys[i:i+1])
	}
}
