// Package config is the program's environment: one struct, read once, checked
// once. A mistake names the variable and the mend, and all mistakes come at once.
// No value of a secret is in an error. A variable that is empty, as deployment
// files leave them, is one that is not set.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kelseyhightower/envconfig"
)

// Config is what the environment says. The variables' names and defaults are a
// contract with the scripts of others.
type Config struct {
	// AccountSID is the Twilio account whose webhooks are answered.
	AccountSID string `envconfig:"TWILIO_ACCOUNT_SID"`
	// AuthTokens are the account's tokens: the current one and, while it
	// changes, the next.
	AuthTokens []string `envconfig:"TWILIO_AUTH_TOKEN"`
	// PublicURL is the origin and path prefix as Twilio sees them.
	PublicURL string `envconfig:"PUBLIC_URL"`
	// Addr is the webhooks' listener, host:port; Port takes its place where it is
	// unset, as platforms set it.
	Addr string `envconfig:"ADDR"`
	Port string `envconfig:"PORT"`
	// AdminAddr is the listener for health, figures and the dashboard.
	AdminAddr string `envconfig:"ADMIN_ADDR"`
	// AdminPassword is asked there for everything but health; it must be set where
	// AdminAddr is not on loopback.
	AdminPassword string `envconfig:"ADMIN_PASSWORD"`
	// DatabaseURL is where call records are kept: "sqlite:PATH" or
	// "postgres://...".
	DatabaseURL string `envconfig:"DATABASE_URL"`
	// CallerHashKey keys the hashes that tell repeat callers; "": one that is made
	// and kept beside the SQLite file.
	CallerHashKey string `envconfig:"CALLER_HASH_KEY"`
	// Retention is how long call records are kept.
	Retention Span `envconfig:"RETENTION"`
	// Directory is a folder with directory.yaml and prompts; "" is the built-in
	// one.
	Directory string `envconfig:"DIRECTORY"`
	// Transfer connects callers; without it numbers are only read out.
	Transfer bool `envconfig:"TRANSFER"`
	// TransferTimeout is how long a transfer rings: 5 s to 600 s.
	TransferTimeout time.Duration `envconfig:"TRANSFER_TIMEOUT"`
	// CallerID is shown to the payment line where the caller has no usable
	// number, in E.164 form; "": the number that was called.
	CallerID string `envconfig:"CALLER_ID"`
	// MessagingFrom sends callers their number as a text: a number of the account, E.164, or
	// the SID of a messaging service; "": no texts.
	MessagingFrom string `envconfig:"MESSAGING_FROM"`
	// LogLevel is debug, info, warn or error.
	LogLevel slog.Level `envconfig:"LOG_LEVEL"`
}

// Read returns what the environment says. Its error names every variable whose
// value cannot be meant.
func Read() (Config, error) {
	c := Config{
		AdminAddr: "127.0.0.1:9090", DatabaseURL: "sqlite:premiumline.db",
		Retention: Span(90 * 24 * time.Hour), Transfer: true, TransferTimeout: 30 * time.Second,
	}
	unread := c.read()
	c.Addr = cmp.Or(c.Addr, ":"+cmp.Or(c.Port, "8080"))
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	for i, token := range c.AuthTokens {
		c.AuthTokens[i] = strings.TrimSpace(token)
	}
	return c, errors.Join(unread, c.check())
}

// read fills the fields, each by itself: envconfig stops at the first mistake.
func (c *Config) read() error {
	var mistakes []error
	fields := reflect.ValueOf(c).Elem()
	for i := range fields.NumField() {
		field := fields.Type().Field(i)
		if os.Getenv(field.Tag.Get("envconfig")) == "" {
			continue
		}
		one := reflect.New(reflect.StructOf([]reflect.StructField{field}))
		if err := envconfig.Process("", one.Interface()); err != nil {
			mistakes = append(mistakes, plain(err))
			continue
		}
		fields.Field(i).Set(one.Elem().Field(0))
	}
	return errors.Join(mistakes...)
}

// plain returns envconfig's error in the words of this package.
func plain(err error) error {
	var parse *envconfig.ParseError
	if !errors.As(err, &parse) {
		return fmt.Errorf("reading the environment: %w", err)
	}
	form := map[string]string{
		"bool": "true or false", "time.Duration": "a time such as 30s",
		"slog.Level": "debug, info, warn or error", "config.Span": "a time such as 90d or 36h",
	}[parse.TypeName]
	return fmt.Errorf("%s is %q: write %s", parse.KeyName, parse.Value, form)
}

var (
	accountForm = regexp.MustCompile(`^AC[0-9a-f]{32}$`)
	serviceForm = regexp.MustCompile(`^MG[0-9a-f]{32}$`)
	// e164Form holds North American numbers to their ten digits, as package data does.
	e164Form = regexp.MustCompile(`^\+(1[2-9]\d{2}[2-9]\d{6}|[2-9]\d{6,14})$`)
)

// check returns what is wrong with values that are there.
func (c Config) check() error {
	var mistakes []error
	wrong := func(is bool, format string, args ...any) {
		if is {
			mistakes = append(mistakes, fmt.Errorf(format, args...))
		}
	}
	wrong(c.AccountSID != "" && !accountForm.MatchString(c.AccountSID),
		"TWILIO_ACCOUNT_SID is no account SID: copy it from the console, AC and 32 characters")
	wrong(slices.Contains(c.AuthTokens, ""),
		"TWILIO_AUTH_TOKEN has an empty token: write one, or two with a comma between")
	if c.PublicURL != "" {
		mistakes = append(mistakes, checkOrigin(c.PublicURL))
	}
	mistakes = append(mistakes, checkAddr(c.listener(), c.Addr), checkAddr("ADMIN_ADDR", c.AdminAddr))
	wrong(!loopback(c.AdminAddr) && c.AdminPassword == "",
		"ADMIN_PASSWORD is not set, and ADMIN_ADDR %s can be reached from outside: set one, "+
			"or listen on 127.0.0.1", c.AdminAddr)
	wrong(c.Retention < Span(time.Hour), "RETENTION is %v: keep records for 1h at least", c.Retention)
	wrong(c.TransferTimeout < 5*time.Second || c.TransferTimeout > 10*time.Minute ||
		c.TransferTimeout%time.Second != 0,
		"TRANSFER_TIMEOUT is %v: Twilio rings for 5s to 600s, in whole seconds", c.TransferTimeout)
	wrong(c.CallerID != "" && !e164Form.MatchString(c.CallerID),
		"CALLER_ID is no E.164 number: write +, the country code and the number, without spaces")
	wrong(c.MessagingFrom != "" && !e164Form.MatchString(c.MessagingFrom) &&
		!serviceForm.MatchString(c.MessagingFrom),
		"MESSAGING_FROM is neither a number nor a messaging service: write a number of the account, "+
			"+18005550199, or a service's SID, MG and 32 characters")
	return errors.Join(mistakes...)
}

// listener returns the variable that Addr comes from.
func (c Config) listener() string {
	if c.Port != "" && c.Addr == ":"+c.Port {
		return "PORT"
	}
	return "ADDR"
}

func checkAddr(name, addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%s: %q is no address to listen on: write host:port or :port, "+
			"with a port up to 65535", name, addr)
	}
	return nil
}

// loopback tells whether only this machine can reach the address; of one that is
// none, nobody can.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	return err != nil || host == "localhost" || ip != nil && ip.IsLoopback()
}

func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	switch {
	case err != nil, u.Hostname() == "", u.Scheme != "https" && u.Scheme != "http":
		return errors.New("PUBLIC_URL is no address: write the one Twilio calls, " +
			"https://ivr.example.com")
	case u.RawQuery != "", u.ForceQuery, u.Fragment != "", u.User != nil:
		return errors.New("PUBLIC_URL has a query, a fragment or a password: write only " +
			"the origin and a path prefix, https://ivr.example.com/line")
	}
	return nil
}

// CheckServe returns which variables are missing that answering Twilio needs.
func (c Config) CheckServe() error { return errors.Join(c.CheckAccount(), c.checkPublic()) }

// CheckAccount returns which variables are missing that asking Twilio needs.
func (c Config) CheckAccount() error {
	const mend = "copy it from the Twilio console"
	return errors.Join(
		missing(c.AccountSID == "", "TWILIO_ACCOUNT_SID", mend),
		missing(len(c.AuthTokens) == 0, "TWILIO_AUTH_TOKEN", mend))
}

// CheckHTTPS returns what keeps Twilio from being sent to PUBLIC_URL.
func (c Config) CheckHTTPS() error {
	if strings.HasPrefix(c.PublicURL, "http:") {
		return errors.New("PUBLIC_URL is http, and callers' numbers and keys would go over the net " +
			"for all to read: put TLS before the line, and write https://")
	}
	return c.checkPublic()
}

func (c Config) checkPublic() error {
	return missing(c.PublicURL == "", "PUBLIC_URL",
		"write the address Twilio calls, https://ivr.example.com")
}

func missing(is bool, name, mend string) error {
	if is {
		return fmt.Errorf("%s is not set: %s", name, mend)
	}
	return nil
}
