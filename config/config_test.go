package config_test

import (
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"premiumline/config"
)

// env is an environment, by the names of its variables.
type env map[string]string

const (
	account = "AC0123456789abcdef0123456789abcdef"
	secret  = "5e0c7d91b2f84a36e1d09b7c45f3a826"
)

// in makes e all there is of our variables.
func in(t *testing.T, e env) {
	t.Helper()
	fields := reflect.TypeFor[config.Config]()
	known := map[string]bool{}
	for i := range fields.NumField() {
		name := fields.Field(i).Tag.Get("envconfig")
		known[name] = true
		t.Setenv(name, e[name])
	}
	for name := range e {
		if !known[name] {
			t.Fatalf("no field reads %s", name)
		}
	}
}

func TestRead(t *testing.T) {
	type C = config.Config
	for _, test := range []struct {
		name string
		env  env
		with func(*C) // what differs from the defaults
	}{
		{"defaults", nil, func(*C) {}},
		{"account", env{"TWILIO_ACCOUNT_SID": account}, func(c *C) { c.AccountSID = account }},
		{"a token", env{"TWILIO_AUTH_TOKEN": "a"}, func(c *C) { c.AuthTokens = []string{"a"} }},
		{"two tokens", env{"TWILIO_AUTH_TOKEN": "a, b\n"}, func(c *C) { c.AuthTokens = []string{"a", "b"} }},
		{"a blank token is none", env{"TWILIO_AUTH_TOKEN": " "}, func(c *C) { c.AuthTokens = []string{} }},
		{"origin", env{"PUBLIC_URL": "https://a"}, func(c *C) { c.PublicURL = "https://a" }},
		{"prefix, slash", env{"PUBLIC_URL": "https://a/x/"}, func(c *C) { c.PublicURL = "https://a/x" }},
		{"port in the origin", env{"PUBLIC_URL": "http://a:81"}, func(c *C) { c.PublicURL = "http://a:81" }},
		{"address", env{"ADDR": "127.0.0.1:0"}, func(c *C) { c.Addr = "127.0.0.1:0" }},
		{"address of IPv6", env{"ADDR": "[::1]:80"}, func(c *C) { c.Addr = "[::1]:80" }},
		{"port", env{"PORT": "5000"}, func(c *C) { c.Addr, c.Port = ":5000", "5000" }},
		{"address before port", env{"PORT": "x", "ADDR": ":81"}, func(c *C) { c.Addr, c.Port = ":81", "x" }},
		{"admin", env{"ADMIN_ADDR": "[::1]:9091"}, func(c *C) { c.AdminAddr = "[::1]:9091" }},
		{"admin for all", env{"ADMIN_ADDR": ":9091", "ADMIN_PASSWORD": "p"},
			func(c *C) { c.AdminAddr, c.AdminPassword = ":9091", "p" }},
		{"database", env{"DATABASE_URL": "postgres://a/b"}, func(c *C) { c.DatabaseURL = "postgres://a/b" }},
		{"hash key", env{"CALLER_HASH_KEY": "k"}, func(c *C) { c.CallerHashKey = "k" }},
		{"retention in days", env{"RETENTION": "7d"}, func(c *C) { c.Retention = config.Span(7 * 24 * time.Hour) }},
		{"retention in hours", env{"RETENTION": "36h"}, func(c *C) { c.Retention = config.Span(36 * time.Hour) }},
		{"directory", env{"DIRECTORY": "/data"}, func(c *C) { c.Directory = "/data" }},
		{"no transfer", env{"TRANSFER": "false"}, func(c *C) { c.Transfer = false }},
		{"no transfer, in short", env{"TRANSFER": "0"}, func(c *C) { c.Transfer = false }},
		{"shortest ring", env{"TRANSFER_TIMEOUT": "5s"}, func(c *C) { c.TransferTimeout = 5 * time.Second }},
		{"longest ring", env{"TRANSFER_TIMEOUT": "10m"}, func(c *C) { c.TransferTimeout = 10 * time.Minute }},
		{"caller ID", env{"CALLER_ID": "+18005550123"}, func(c *C) { c.CallerID = "+18005550123" }},
		{"texts from a number", env{"MESSAGING_FROM": "+18005550123"},
			func(c *C) { c.MessagingFrom = "+18005550123" }},
		{"texts from a service", env{"MESSAGING_FROM": "MG0123456789abcdef0123456789abcdef"},
			func(c *C) { c.MessagingFrom = "MG0123456789abcdef0123456789abcdef" }},
		{"log level", env{"LOG_LEVEL": "debug"}, func(c *C) { c.LogLevel = slog.LevelDebug }},
		{"log level in capitals", env{"LOG_LEVEL": "WARN"}, func(c *C) { c.LogLevel = slog.LevelWarn }},
	} {
		t.Run(test.name, func(t *testing.T) {
			in(t, test.env)
			want := C{
				Addr: ":8080", AdminAddr: "127.0.0.1:9090", Transfer: true,
				DatabaseURL: "sqlite:premiumline.db", Retention: config.Span(90 * 24 * time.Hour),
				TransferTimeout: 30 * time.Second, LogLevel: slog.LevelInfo,
			}
			test.with(&want)
			if got, err := config.Read(); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("read %+v, %v\nwant %+v", got, err, want)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	const (
		sid    = "TWILIO_ACCOUNT_SID is no account SID: copy it from the console, AC and 32 characters"
		token  = "TWILIO_AUTH_TOKEN has an empty token: write one, or two with a comma between"
		origin = "PUBLIC_URL is no address: write the one Twilio calls, https://ivr.example.com"
		more   = "PUBLIC_URL has a query, a fragment or a password: write only " +
			"the origin and a path prefix, https://ivr.example.com/line"
		listen = " is no address to listen on: write host:port or :port, with a port up to 65535"
		caller = "CALLER_ID is no E.164 number: write +, the country code and the number, without spaces"
		from   = "MESSAGING_FROM is neither a number nor a messaging service: write a number of the " +
			"account, +18005550199, or a service's SID, MG and 32 characters"
	)
	for _, test := range []struct {
		name, value, want string
	}{
		{"TWILIO_ACCOUNT_SID", "SK0123456789abcdef0123456789abcdef", sid},
		{"TWILIO_ACCOUNT_SID", "AC0123456789ABCDEF0123456789ABCDEF", sid},
		{"TWILIO_ACCOUNT_SID", account + "0", sid},
		{"TWILIO_AUTH_TOKEN", secret + ",", token},
		{"TWILIO_AUTH_TOKEN", ", ," + secret, token},
		{"PUBLIC_URL", "ivr.example.com", origin},
		{"PUBLIC_URL", "ftp://ivr.example.com", origin},
		{"PUBLIC_URL", "https:///voice", origin},
		{"PUBLIC_URL", "https://ivr example.com", origin},
		{"PUBLIC_URL", "https://ivr.example.com/line?token=" + secret, more},
		{"PUBLIC_URL", "https://ivr.example.com#rc=2", more},
		{"PUBLIC_URL", "https://me:" + secret + "@ivr.example.com", more},
		{"ADMIN_ADDR", ":9090", "ADMIN_PASSWORD is not set, and ADMIN_ADDR :9090 can be reached " +
			"from outside: set one, or listen on 127.0.0.1"},
		{"RETENTION", "90", `RETENTION is "90": write a time such as 90d or 36h`},
		{"RETENTION", "-1d", `RETENTION is "-1d": write a time such as 90d or 36h`},
		{"RETENTION", "1m", "RETENTION is 1m0s: keep records for 1h at least"},
		{"ADDR", "localhost", `ADDR: "localhost"` + listen},
		{"ADDR", ":https", `ADDR: ":https"` + listen},
		{"ADDR", ":65536", `ADDR: ":65536"` + listen},
		{"PORT", "-1", `PORT: ":-1"` + listen},
		{"PORT", ":8080", `PORT: "::8080"` + listen},
		{"ADMIN_ADDR", "9090", `ADMIN_ADDR: "9090"` + listen},
		{"TRANSFER", "perhaps", `TRANSFER is "perhaps": write true or false`},
		{"TRANSFER_TIMEOUT", "30", `TRANSFER_TIMEOUT is "30": write a time such as 30s`},
		{"TRANSFER_TIMEOUT", "4s", "TRANSFER_TIMEOUT is 4s: Twilio rings for 5s to 600s, in whole seconds"},
		{"TRANSFER_TIMEOUT", "601s", "TRANSFER_TIMEOUT is 10m1s: Twilio rings for 5s to 600s, in whole seconds"},
		{"TRANSFER_TIMEOUT", "0s", "TRANSFER_TIMEOUT is 0s: Twilio rings for 5s to 600s, in whole seconds"},
		{"CALLER_ID", "8005550123", caller},
		{"CALLER_ID", "+1 800 555 0123", caller},
		{"MESSAGING_FROM", "8005550123", from},
		{"MESSAGING_FROM", "+1800555012", from},
		{"MESSAGING_FROM", "MG0123456789ABCDEF0123456789ABCDEF", from},
		{"MESSAGING_FROM", "premium", from},
		{"LOG_LEVEL", "loud", `LOG_LEVEL is "loud": write debug, info, warn or error`},
	} {
		t.Run(test.name+"="+test.value, func(t *testing.T) {
			in(t, env{test.name: test.value})
			_, err := config.Read()
			if err == nil || err.Error() != test.want {
				t.Errorf("read with %v\nwant %s", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Error("the error tells the secret")
			}
		})
	}
}

// One mistake does not hide another, and what could be read is there all the same.
func TestAllMistakesAtOnce(t *testing.T) {
	in(t, env{
		"TWILIO_ACCOUNT_SID": "ACME", "TWILIO_AUTH_TOKEN": secret + ",", "PUBLIC_URL": secret,
		"PORT": "x", "ADMIN_ADDR": "x", "TRANSFER": "x", "TRANSFER_TIMEOUT": "x", "CALLER_ID": "x",
		"LOG_LEVEL": "x", "DIRECTORY": "/data",
	})
	c, err := config.Read()
	if err == nil {
		t.Fatal("read without an error")
	}
	var named []string
	for _, line := range strings.Split(err.Error(), "\n") {
		named = append(named, strings.TrimSuffix(strings.Fields(line)[0], ":"))
	}
	const want = "TRANSFER TRANSFER_TIMEOUT LOG_LEVEL TWILIO_ACCOUNT_SID TWILIO_AUTH_TOKEN PUBLIC_URL " +
		"PORT ADMIN_ADDR CALLER_ID"
	if got := strings.Join(named, " "); got != want {
		t.Errorf("mistakes in %s\nwant %s", got, want)
	}
	if strings.Contains(err.Error(), secret) {
		t.Errorf("the error tells the secret: %v", err)
	}
	if c.Directory != "/data" || c.TransferTimeout != 30*time.Second {
		t.Errorf("read %+v", c)
	}
}

func TestCheckServe(t *testing.T) {
	const (
		noAccount = "TWILIO_ACCOUNT_SID is not set: copy it from the Twilio console"
		noToken   = "TWILIO_AUTH_TOKEN is not set: copy it from the Twilio console"
		noURL     = "PUBLIC_URL is not set: write the address Twilio calls, https://ivr.example.com"
	)
	for _, test := range []struct {
		account, token, public string
		want                   string
	}{
		{account, secret, "https://ivr.example.com", ""},
		{"", secret, "https://ivr.example.com", noAccount},
		{account, "", "https://ivr.example.com", noToken},
		{account, " ", "https://ivr.example.com", noToken},
		{account, secret, "", noURL},
		{account, secret, "/", noURL},
		{"", "", "", noAccount + "\n" + noToken + "\n" + noURL},
	} {
		in(t, env{
			"TWILIO_ACCOUNT_SID": test.account, "TWILIO_AUTH_TOKEN": test.token, "PUBLIC_URL": test.public,
		})
		c, err := config.Read()
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := c.CheckServe(); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%+v: %s\nwant %s", test, got, test.want)
		}
	}
}
