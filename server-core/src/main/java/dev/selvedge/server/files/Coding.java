package dev.selvedge.server.files;

/** A content coding (RFC 9110 §8.4.1) in which a file may lie beside the original; the one that is liked best first. */
enum Coding {

    /** Brotli (RFC 7932). */
    BR(".br", "br"),

    /** Zstandard (RFC 8878). */
    ZSTD(".zst", "zstd"),

    /** GZIP (RFC 1952), also known as {@code x-gzip}. */
    GZIP(".gz", "gzip");

    private final String suffix;
    private final String token;

    Coding(String suffix, String token) {
        this.suffix = suffix;
        this.token = token;
    }

    /** Returns what is appended to the name of the original, such as {@code .br}. */
    String suffix() {
        return suffix;
    }

    /** Returns the name in Content-Encoding and Accept-Encoding. */
    String token() {
        return token;
    }
}
