package read_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rummage/ingest/read"
)

func TestBadRowsAreReportedAndReadingGoesOn(t *testing.T) {
	const content = "a,b,c\n1,2,3\n4,\"x,y\",6\n7,8\n\n\"multi\nline\",\"q\"\"q\",z\r\n\"un,1,2\n1,\"ok\",3\n"
	require.Equal(t, `header 1@0+5 a|b|c
2@6+5 1|2|3
3@12+9 4|x,y|6
! too_few_cells row 4, column 3 (c): 2 cells where 3 are expected
6@27+21 multi
line|q"q|z
! unclosed_quote row 7, column 1 (a): a quote opens this cell and none closes it; this line was set aside and reading goes on at the next
8@58+8 1|ok|3`, all(t, content, detect(t, content, read.Hints{})))
}
