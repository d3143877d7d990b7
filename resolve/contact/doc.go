// Package contact reads phone numbers and e-mail addresses as people write them
// into cells, several at once, and says whether two of them are one line or one
// mailbox.
//
// Phones become E.164 where the digits allow it, e-mail addresses get a normal
// form with the domain in ASCII; the text itself is always kept. Placeholders
// such as 000000 or none@none.com are marked and never count as evidence. A
// mailbox tells more than a domain, and the domain of a mail provider tells
// nothing.
//
// It must not know who uses a number or a mailbox, how many do (a caller hands
// that in as a frequency), where records come from, or any store. It never asks
// a server.
package contact
