/**
 * The boundary to the Linux kernel: one interface in the verbs of the man pages, one class that holds the function
 * handles, one class for each C struct. Nothing else in the project uses {@code java.lang.foreign}.
 */
package dev.selvedge.epoll.kernel;
