/**
 * Faults for real: a server in a process of its own, tortured over sockets by clients that no server likes. Kept out of
 * {@code mvn verify}; {@code mvn verify -Pfaults} and {@code mvn verify -Psoak} run them and print their figures.
 */
package dev.selvedge.faults;
