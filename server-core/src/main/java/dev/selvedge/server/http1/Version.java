package dev.selvedge.server.http1;

/** The two versions that are told apart: a higher minor version is served as 1.1 (RFC 9110 §2.5). */
public enum Version {
    /** HTTP/1.0: no chunked responses, no 1xx, closes unless asked to persist. */
    HTTP_1_0,
    /** HTTP/1.1. */
    HTTP_1_1
}
