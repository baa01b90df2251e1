/**
 * Files of a site as responses, according to RFC 9110: validators and conditions (§13), ranges (§14), and what is
 * chosen by Accept-Encoding (§12.5.3). It is written against {@link dev.selvedge.server} like anybody's handler, and
 * could be somebody's own: nothing in the server knows about it. What it does not do is change files: there is no PUT
 * and no DELETE here, and what changes them behind its back is noticed by size, times and file number, not watched.
 */
package dev.selvedge.server.files;
