// Package mention tells in which lines a file is about one table, or one column of it,
// and not about something else of the same name: "status" is a word of the language,
// a property of most objects and a column of many tables.
//
// What counts as evidence is written in the line (orders.status, prisma.order) or near
// it: the nearest lines, and those that enclose it by their indentation. It reads lines
// and words, and no language: what it cannot tell it leaves out.
package mention
