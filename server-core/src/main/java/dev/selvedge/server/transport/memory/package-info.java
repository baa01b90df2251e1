/**
 * A transport without an operating system: listeners, connections and a clock that exist in memory only.
 *
 * <p>It serves the fake in memory, and the simulation of the tests. Its heart is the
 * {@link dev.selvedge.server.transport.memory.Scheduler}, which lets one thread of a server go on at a time and whose
 * clock stands still while one can; so what happens is the same each time. What real systems decide by chance is asked
 * of {@link dev.selvedge.server.transport.memory.Chance}, which is kind unless a test makes it otherwise.
 */
package dev.selvedge.server.transport.memory;
