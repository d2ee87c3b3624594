// Package sdkcontract holds our reading of Genesys Cloud against the vendor's own client: it must be able to talk to the simulated
// centre, and must find in every conversation what is in the record that we keep. It is a module of its own because the vendor's
// client takes two minutes of processor time and five gigabytes of memory to build; `make contract` runs it.
package sdkcontract
