// Package deploy is how the line is run: one folder for each place, and the tests
// that hold them all to the program.
//
//	compose     one machine, with database, TLS and figures
//	kubernetes  three replicas and more, by kustomize
//	systemd     one process of Debian's or another Linux
//	haproxy     a proxy before several replicas
//	prometheus  alerts, each with what the caller hears and what to do
//	grafana     the calls' figures as a dashboard
//	licences    lists the licences of what the program is built from
//
// It is a module of its own, so that what reads these files (the types of Kubernetes,
// kustomize, the compose reader, Prometheus' parser and engine) is no business of the
// program's. Nothing here starts a container: there is neither an engine nor a registry
// where the tests run. What they hold instead:
//
//   - Each file is read by its own program's code, strictly: a field or directive that
//     does not exist is a mistake. Caddy and systemd are Debian's.
//   - What a file says of the program is true of the program. The tests build it, start
//     it, call it, and compare: metrics and their labels, variables, commands, ports,
//     paths, user, and how long it takes to stop.
//   - Every alert fires on the series that it is for, and not on their healthy likes.
//   - docs/operating.md names nothing that does not exist.
//
// HAProxy's file is proven by cmd/premiumline, which kills replicas behind it.
package deploy
