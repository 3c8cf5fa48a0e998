/**
 * Every port of {@link dev.staffetta.ports} over maps in memory, for tests of whatever stands above
 * the ports. The answers mean the same as those of the real ones, but for durability; {@link
 * dev.staffetta.ports.memory.Faults} makes single calls refuse, fail, wait or stay silent.
 *
 * <p>The way in is {@link dev.staffetta.ports.memory.MemoryMail}: one object is a whole product's
 * mail.
 */
package dev.staffetta.ports.memory;
