// Package redaction takes out of a case file who or what is not to leave, and nothing else: an explicit act, with a log, after which the same
// pseudonym stands everywhere for the same thing.
//
// Pseudonyms are keyed digests (HMAC-SHA-256): with the key the same party has the same one in every case file, without it nobody can try
// names. What is taken out is hunted in the finished pack, in the encodings in which it might have survived; a pack in which it is found is
// refused. What cannot be taken out is structure: a party with three named partners may be known by these, so Redaction says among how many
// each pseudonym is one.
//
// It must know neither stores nor formats, and not who asked for it.
package redaction
