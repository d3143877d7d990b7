package ident

// Lithuania has nine digits, or twelve for those registered for a time, with
// weights 1 to 9 that begin anew, and others where the rest is ten.
func vatLT(value, body string) Result {
	n := len(body)
	if n != 9 && n != 12 || !digits(body, n) {
		return malformed(value)
	}
	rest := runningWeights(body[:n-1], 0)
	if rest == 10 {
		rest = runningWeights(body[:n-1], 2)
	}
	return verdict(value, body[n-1], rest%10)
}

// runningWeights sums digits with the weights 1 to 9 again and again, from a
// later one, modulo 11.
func runningWeights(text string, from int) int {
	sum := 0
	for i := range len(text) {
		sum += int(text[i]-'0') * ((i+from)%9 + 1)
	}
	return sum % 11
}

func vatLU(value, body string) Result {
	if !digits(body, 8) {
		return malformed(value)
	}
	return twoDigits(value, body[6:], number(body[:6])%89)
}

// Latvia's companies begin with 4 to 9, and the weighted sum is 3 modulo 11.
func vatLV(value, body string) Result {
	if !digits(body, 11) {
		return malformed(value)
	}
	if body[0] < '4' {
		return Result{Value: value, Mark: Unknown, Person: true}
	}
	return last(value, body, 11, func(b string) int {
		return (14 - weighted(b, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6)%11) % 11
	})
}

func vatMT(value, body string) Result {
	if !digits(body, 8) {
		return malformed(value)
	}
	return twoDigits(value, body[6:], 37-weighted(body, 3, 4, 6, 7, 8, 9)%37)
}

// The Netherlands have nine digits, B and two digits. The number of a company has
// a check digit modulo 11; that of a one-man business since 2020 is 1 modulo 97
// with NL and B as numbers.
func vatNL(value, body string) Result {
	if len(body) != 12 || !digits(body[:9], 9) || body[9] != 'B' || !digits(body[10:], 2) || body[10:] == "00" {
		return malformed(value)
	}
	rest := 0
	for i := range len(value) {
		v := base36(value[i])
		if v > 9 {
			rest = (rest*100 + v) % 97
		} else {
			rest = (rest*10 + v) % 97
		}
	}
	if rest == 1 {
		return Result{Value: value}
	}
	// The weights 9 to 2, and −1 for the last: the sum is the last digit.
	fits := weighted(body, 9, 8, 7, 6, 5, 4, 3, 2) % 11
	return verdict(value, body[8], fits)
}

func vatPL(value, body string) Result {
	return last(value, body, 10, func(b string) int { return weighted(b, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 })
}

func vatPT(value, body string) Result {
	return last(value, body, 9, func(b string) int {
		if fits := 11 - weighted(b, 9, 8, 7, 6, 5, 4, 3, 2)%11; fits < 10 {
			return fits
		}
		return 0
	})
}

// Romania has two to ten digits, weighted from the right 2 3 5 7 1 2 3 5 7.
func vatRO(value, body string) Result {
	n := len(body)
	if n < 2 || n > 10 || !digits(body, n) {
		return malformed(value)
	}
	sum := 0
	for i, w := range [...]int{2, 3, 5, 7, 1, 2, 3, 5, 7} {
		if at := n - 2 - i; at >= 0 {
			sum += int(body[at]-'0') * w
		}
	}
	return verdict(value, body[n-1], sum*10%11%10)
}

func vatSE(value, body string) Result {
	if len(body) != 12 || !digits(body, 12) || body[10:] == "00" {
		return malformed(value)
	}
	return verdict(value, body[9], luhn(body[:9]))
}

func vatSI(value, body string) Result {
	return last(value, body, 8, func(b string) int {
		fits := 11 - weighted(b, 8, 7, 6, 5, 4, 3, 2)%11
		if fits == 11 {
			return 10 // no number is given out
		}
		return fits % 10
	})
}

// Slovakia's ten digits are a multiple of eleven.
func vatSK(value, body string) Result {
	return last(value, body, 10, func(b string) int {
		return (11 - number(b[:9])*10%11) % 11
	})
}
