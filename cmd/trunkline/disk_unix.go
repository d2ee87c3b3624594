//go:build linux || darwin

package main

import "syscall"

// freeSpace gives the bytes that this user may still write to a folder's disk.
func freeSpace(path string) (uint64, bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil || s.Bsize <= 0 {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
