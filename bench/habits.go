package main

import (
	"context"
	"math/rand/v2"

	"premiumline/phone"
)

// act is one thing that a caller does.
type act func(context.Context, *phone.Call) error

func press(keys string) act {
	return func(ctx context.Context, c *phone.Call) error { return c.Press(ctx, keys) }
}

func wait(ctx context.Context, c *phone.Call) error   { return c.Wait(ctx) }
func hangup(ctx context.Context, c *phone.Call) error { return c.Hangup(ctx) }

// zipCodes are of California, Georgia, Oregon, Colorado, and of no region.
var zipCodes = []string{"94103", "30303", "97201", "80202", "60601"}

// farEnds are what a transfer reaches.
var farEnds = []phone.FarEnd{
	{}, {}, {}, {}, {}, {}, {Status: "busy"}, {Status: "no-answer"}, {HangsUp: true},
}

// habit is what the n-th caller does: always the same. Some change the language, press
// a key that is none, think too long, give a ZIP code, want to hear the number, or hang
// up; most are connected.
func habit(n uint64) (phone.Caller, []act, phone.FarEnd) {
	random := rand.New(rand.NewPCG(n, 0))
	often := func(percent int) bool { return random.IntN(100) < percent }
	c := callers[random.IntN(len(callers))]
	from := phone.Caller{From: c.number(), To: called, City: c.city, State: c.state, ZIP: c.zip}
	if often(5) {
		from = phone.Caller{From: "anonymous", To: called}
	}
	var plan []act
	for _, choice := range []struct {
		percent int
		act     act
	}{{15, press("9")}, {15, press("#")}, {10, wait}, {8, hangup}} {
		if often(choice.percent) {
			plan = append(plan, choice.act)
		}
	}
	if often(5) {
		plan = append(plan, press("0"), press("2"), press(zipCodes[random.IntN(len(zipCodes))]))
	} else {
		plan = append(plan, press(keys[random.IntN(len(keys))]))
	}
	last := act(wait) // a second of silence, and the transfer begins
	if often(25) {
		last = press("2") // the number instead
	}
	return from, append(plan, last), farEnds[random.IntN(len(farEnds))]
}
