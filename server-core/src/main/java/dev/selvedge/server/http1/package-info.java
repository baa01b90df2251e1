/**
 * HTTP/1.1 as a value: bytes in, decisions out.
 *
 * <p>Nothing here knows a socket, a thread or a clock; time is an argument. Bytes may arrive cut anywhere.
 */
package dev.selvedge.server.http1;
