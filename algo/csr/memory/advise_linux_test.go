package memory_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rummage/algo/csr/memory"
)

// TestMakeAsksForLargePages looks into what the kernel was told about the memory of a large array, and of a small one.
func TestMakeAsksForLargePages(t *testing.T) {
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage/enabled"); err != nil {
		t.Skip("this kernel has no large pages to give")
	}
	array := memory.Make[uint64](4 << 20)
	assert.Contains(t, flags(t, uintptr(unsafe.Pointer(&array[len(array)/2]))), "hg")
	array[0] = 1
}

// flags returns the flags of the mapping that holds an address.
func flags(t *testing.T, address uintptr) []string {
	file, err := os.Open("/proc/self/smaps")
	require.NoError(t, err)
	defer file.Close()
	within := false
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var from, to uintptr
		if n, err := fmt.Sscanf(lines.Text(), "%x-%x ", &from, &to); err == nil && n == 2 {
			within = from <= address && address < to
		} else if names, found := strings.CutPrefix(lines.Text(), "VmFlags:"); found && within {
			return strings.Fields(names)
		}
	}
	t.Fatal("no mapping holds the array")
	return nil
}
