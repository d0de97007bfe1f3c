// Package plates owns the words of address plates (门楼牌): the code that a plate carries, the
// address that its symbol spells, and the sizes that plates are made in. It is pure. It must
// not know the address that a plate stands for, who asks, how a plate is drawn or where it
// is kept.
package plates
