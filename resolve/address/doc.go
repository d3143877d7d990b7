// Package address reads postal addresses as trade documents write them, down to
// block, floor and unit, and says whether two of them are one place.
//
// Parse takes an address apart by rules and tables, without a model: Hong Kong
// first, in English, Chinese and both at once, then the rest of East and
// South-East Asia, India and Western forms. What no rule claims is kept in Rest,
// and the text itself in Raw. The same text gives the same parts always.
//
// Compare holds two addresses against each other part by part and gives a score
// with its reasons. Another floor or unit of the same tower is another address,
// however alike the texts are; a unit that one side leaves out is an open
// question; a tower without units is a building that many share.
//
// It must not know who lives at an address, how many do (a caller hands that in
// as a frequency), where records come from, or any store.
package address
