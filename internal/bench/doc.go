// Package bench measures the promises of docs/performance.md on the whole road: a real binary as a child process, against
// the simulated contact centre. It has benchmarks only; `make bench` runs them.
package bench
