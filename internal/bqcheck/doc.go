// Package bqcheck holds every statement that is sent to BigQuery against Google's own analyser of its language: what it does not know, or
// a type that does not fit, is found here and not in a customer's project. It is a module of its own because the analyser takes 6.4 GB of
// memory and some minutes to build; `make bqcheck` runs it.
//
// The analyser knows the language, not the service. What it lets pass and BigQuery does not is refused by tests of our own where it is
// known: an outer join without an equality, and features of the language that BigQuery lacks.
package bqcheck
