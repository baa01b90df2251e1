/**
 * The epoll transport: what {@code dev.selvedge.server.transport} asks for, said in Linux's system calls.
 *
 * <p>Every call that can fail has its failure decided here, where it is made; the calls themselves are in
 * {@code dev.selvedge.epoll.kernel}, behind an interface, so that tests can put any answer in the kernel's mouth.
 */
package dev.selvedge.epoll;
